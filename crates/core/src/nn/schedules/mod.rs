//! Learning rates: one number, or a function of the step.

mod cosine;
mod decay;
mod one_cycle;
mod piecewise;

pub use cosine::{CosineDecay, CosineDecayRestarts};
pub use decay::{ExponentialDecay, InverseTimeDecay, PolynomialDecay};
pub use one_cycle::OneCycle;
pub use piecewise::PiecewiseConstantDecay;

use super::config::{Field, Object, Value, read};
use super::settings::from;
use crate::error::{Error, Result, unknown_name};
use crate::message::Text;

/// How far an optimizer goes in each step: always the same distance, or as a schedule says.
///
/// Names, settings and formulas of the schedules are Keras'; [`OneCycle`] is PyTorch's. A rate is computed
/// in 64 bits outside the graph and given to each step as a number.
///
/// ```
/// use neurona_core::nn::{Adam, ExponentialDecay, LearningRate, Optimizer};
/// assert_eq!(LearningRate::from(0.01).at(1_000), 0.01);
/// let adam = Adam::new(ExponentialDecay::new(0.01, 1_000, 0.5));
/// assert_eq!(adam.learning_rate().at(2_000), 0.0025);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum LearningRate {
    /// This number in every step.
    Constant(f64),
    /// A factor applied at a fixed interval of steps.
    ExponentialDecay(ExponentialDecay),
    /// One number up to each of several steps.
    PiecewiseConstantDecay(PiecewiseConstantDecay),
    /// Along a power of the steps that are left.
    PolynomialDecay(PolynomialDecay),
    /// Divided by a line.
    InverseTimeDecay(InverseTimeDecay),
    /// Along half a wave.
    CosineDecay(CosineDecay),
    /// Along half a wave, again and again.
    CosineDecayRestarts(CosineDecayRestarts),
    /// Up and down once.
    OneCycle(OneCycle),
}

impl LearningRate {
    /// The rate of a step, from 0.
    pub fn at(&self, step: u64) -> f64 {
        match self {
            LearningRate::Constant(rate) => *rate,
            LearningRate::ExponentialDecay(schedule) => schedule.at(step),
            LearningRate::PiecewiseConstantDecay(schedule) => schedule.at(step),
            LearningRate::PolynomialDecay(schedule) => schedule.at(step),
            LearningRate::InverseTimeDecay(schedule) => schedule.at(step),
            LearningRate::CosineDecay(schedule) => schedule.at(step),
            LearningRate::CosineDecayRestarts(schedule) => schedule.at(step),
            LearningRate::OneCycle(schedule) => schedule.at(step),
        }
    }

    /// The name of the schedule, if the rate is not the same in every step.
    pub fn schedule(&self) -> Option<&'static str> {
        match self {
            LearningRate::Constant(_) => None,
            LearningRate::ExponentialDecay(_) => Some("ExponentialDecay"),
            LearningRate::PiecewiseConstantDecay(_) => Some("PiecewiseConstantDecay"),
            LearningRate::PolynomialDecay(_) => Some("PolynomialDecay"),
            LearningRate::InverseTimeDecay(_) => Some("InverseTimeDecay"),
            LearningRate::CosineDecay(_) => Some("CosineDecay"),
            LearningRate::CosineDecayRestarts(_) => Some("CosineDecayRestarts"),
            LearningRate::OneCycle(_) => Some("OneCycle"),
        }
    }

    /// Errors (E016): a rate that is not a number of at least 0, or a setting of the schedule that
    /// is out of range.
    pub fn check(&self) -> Result<()> {
        let checked = match self {
            LearningRate::Constant(rate) => {
                return from("learning_rate", 0.0, *rate).map_err(|error| error.fix(usual_rate()));
            }
            LearningRate::ExponentialDecay(schedule) => schedule.check(),
            LearningRate::PiecewiseConstantDecay(schedule) => schedule.check(),
            LearningRate::PolynomialDecay(schedule) => schedule.check(),
            LearningRate::InverseTimeDecay(schedule) => schedule.check(),
            LearningRate::CosineDecay(schedule) => schedule.check(),
            LearningRate::CosineDecayRestarts(schedule) => schedule.check(),
            LearningRate::OneCycle(schedule) => schedule.check(),
        };
        let name = self.schedule().unwrap_or_default();
        checked.map_err(|error: Error| error.at(name))
    }
}

impl From<f64> for LearningRate {
    fn from(rate: f64) -> LearningRate {
        LearningRate::Constant(rate)
    }
}

macro_rules! from_schedules {
    ($($schedule:ident),*) => { $(
        impl From<$schedule> for LearningRate {
            fn from(schedule: $schedule) -> LearningRate {
                LearningRate::$schedule(schedule)
            }
        }
    )* };
}
from_schedules!(
    ExponentialDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
    InverseTimeDecay,
    CosineDecay,
    CosineDecayRestarts,
    OneCycle
);

/// A number, or a schedule.
impl Field for LearningRate {
    fn to_json(&self) -> Value {
        let object = match self {
            LearningRate::Constant(rate) => return rate.to_json(),
            LearningRate::ExponentialDecay(schedule) => Object::of("ExponentialDecay", schedule),
            LearningRate::PiecewiseConstantDecay(schedule) => {
                Object::of("PiecewiseConstantDecay", schedule)
            }
            LearningRate::PolynomialDecay(schedule) => Object::of("PolynomialDecay", schedule),
            LearningRate::InverseTimeDecay(schedule) => Object::of("InverseTimeDecay", schedule),
            LearningRate::CosineDecay(schedule) => Object::of("CosineDecay", schedule),
            LearningRate::CosineDecayRestarts(schedule) => {
                Object::of("CosineDecayRestarts", schedule)
            }
            LearningRate::OneCycle(schedule) => Object::of("OneCycle", schedule),
        };
        object.to_json("keras.optimizers.schedules")
    }

    fn from_json(value: &Value) -> Result<LearningRate> {
        const CLASSES: [&str; 7] = [
            "ExponentialDecay",
            "PiecewiseConstantDecay",
            "PolynomialDecay",
            "InverseTimeDecay",
            "CosineDecay",
            "CosineDecayRestarts",
            "OneCycle",
        ];
        if value.is_number() {
            return f64::from_json(value).map(LearningRate::Constant);
        }
        let Object { class, config } = Object::from_json(value)?;
        let rate = match class.as_str() {
            "ExponentialDecay" => read(ExponentialDecay::new(0.0, 0, 0.0), config)?.into(),
            "PiecewiseConstantDecay" => read(PiecewiseConstantDecay::new([], []), config)?.into(),
            "PolynomialDecay" => read(PolynomialDecay::new(0.0, 0), config)?.into(),
            "InverseTimeDecay" => read(InverseTimeDecay::new(0.0, 0, 0.0), config)?.into(),
            "CosineDecay" => read(CosineDecay::new(0.0, 0), config)?.into(),
            "CosineDecayRestarts" => read(CosineDecayRestarts::new(0.0, 0), config)?.into(),
            "OneCycle" => read(OneCycle::new(0.0, 0), config)?.into(),
            other => {
                let kind = Text::new("schedule", "ningún calendario");
                return Err(unknown_name(&kind, other, &CLASSES));
            }
        };
        Ok(rate)
    }
}

crate::messages! {
    fn usual_rate() {
        en: "0.01 is usual for SGD, 0.001 for the others",
        es: "0,01 es lo usual para SGD, 0,001 para los demás",
    }
}
