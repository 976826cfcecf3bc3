//! Settings in range, or an error that says which is not.

use crate::error::{Code, Error, Result};
use crate::message::Text;

/// The largest number in 32 bits: a larger setting becomes infinite there.
const LARGEST: f64 = f32::MAX as f64;

/// Errors (E016): `value` is not a number of at least `least`.
pub(super) fn from(setting: &str, least: f64, value: f64) -> Result<()> {
    check((least..=LARGEST).contains(&value), || not_from(setting, least, &shown(value)))
}

/// Errors (E016): `value` is not a number above 0.
pub(super) fn above_zero(setting: &str, value: f64) -> Result<()> {
    check(value > 0.0 && value <= LARGEST, || not_above(setting, &shown(value)))
}

/// Errors (E016): `value` is not a number from 0 to 1.
pub(super) fn share(setting: &str, value: f64) -> Result<()> {
    check((0.0..=1.0).contains(&value), || not_share(setting, &shown(value)))
}

/// Errors (E016): `value` is not a number from 0 to below 1.
pub(super) fn below_one(setting: &str, value: f64) -> Result<()> {
    check((0.0..1.0).contains(&value), || not_below_one(setting, &shown(value)))
}

/// Errors (E016): `value` is not a number of at most 0.
pub(super) fn at_most_zero(setting: &str, value: f64) -> Result<()> {
    check((-LARGEST..=0.0).contains(&value), || not_at_most_zero(setting, &shown(value)))
}

/// Errors (E016): `value` is less than `least`.
pub(super) fn at_least(setting: &str, least: u64, value: u64) -> Result<()> {
    check(value >= least, || too_few(setting, least as usize, value as usize))
}

fn check(fits: bool, text: impl FnOnce() -> Text) -> Result<()> {
    if fits { Ok(()) } else { Err(Error::new(Code::E016, text())) }
}

/// A number as it was written: in full if that is short, otherwise with an exponent.
fn shown(value: f64) -> Text {
    let short = value == 0.0 || !value.is_finite() || (1e-5..1e7).contains(&value.abs());
    let digits = if short { value.to_string() } else { format!("{value:e}") };
    Text::new(digits.clone(), digits.replace('.', ","))
}

crate::messages! {
    fn not_from(setting: &str, least: f64, value: &Text) {
        en: "{setting} must be at least {least}, not {value}",
        es: "{setting} debe ser al menos {least}, no {value}",
    }

    fn not_above(setting: &str, value: &Text) {
        en: "{setting} must be above 0, not {value}",
        es: "{setting} debe ser mayor que 0, no {value}",
    }

    fn not_share(setting: &str, value: &Text) {
        en: "{setting} must be between 0 and 1, not {value}",
        es: "{setting} debe estar entre 0 y 1, no {value}",
    }

    fn not_below_one(setting: &str, value: &Text) {
        en: "{setting} must be at least 0 and below 1, not {value}",
        es: "{setting} debe ser al menos 0 y menor que 1, no {value}",
    }

    fn not_at_most_zero(setting: &str, value: &Text) {
        en: "{setting} must be at most 0, not {value}",
        es: "{setting} debe ser a lo sumo 0, no {value}",
    }

    fn too_few(setting: &str, least: usize, value: usize) {
        en: "{setting} must be at least {least}, not {value}",
        es: "{setting} debe ser al menos {least}, no {value}",
    }
}
