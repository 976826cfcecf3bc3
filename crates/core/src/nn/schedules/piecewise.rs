//! Rates that change at some steps and stay between them.

use crate::error::{Code, Error, Result};
use crate::nn::config::settings;
use crate::nn::settings::from;

/// `values[0]` up to and including step `boundaries[0]`, then `values[1]` up to `boundaries[1]`, …, and the last
/// value ever after.
///
/// ```
/// use neurona_core::nn::PiecewiseConstantDecay;
/// let schedule = PiecewiseConstantDecay::new([1_000, 5_000], [0.1, 0.01, 0.001]);
/// assert_eq!((schedule.at(1_000), schedule.at(1_001), schedule.at(9_999)), (0.1, 0.01, 0.001));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PiecewiseConstantDecay {
    /// The last step of each value but the last, in increasing order.
    pub boundaries: Vec<u64>,
    /// The rates: one more than there are boundaries.
    pub values: Vec<f64>,
}

settings! { PiecewiseConstantDecay { required: boundaries, values; |fields| fields.ignored(&["name"]) } }

impl PiecewiseConstantDecay {
    /// These rates, with these steps between them.
    pub fn new(
        boundaries: impl Into<Vec<u64>>,
        values: impl Into<Vec<f64>>,
    ) -> PiecewiseConstantDecay {
        PiecewiseConstantDecay { boundaries: boundaries.into(), values: values.into() }
    }

    /// The rate of a step, from 0.
    pub fn at(&self, step: u64) -> f64 {
        let passed = self.boundaries.iter().filter(|boundary| step > **boundary).count();
        self.values.get(passed).copied().unwrap_or(0.0)
    }

    pub(super) fn check(&self) -> Result<()> {
        let (boundaries, values) = (self.boundaries.len(), self.values.len());
        if values != boundaries + 1 {
            return Err(Error::new(Code::E016, unequal(boundaries, boundaries + 1, values)));
        }
        if let Some(pair) = self.boundaries.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(Error::new(Code::E016, unsorted(pair[0] as usize, pair[1] as usize)));
        }
        self.values.iter().try_for_each(|value| from("values", 0.0, *value))
    }
}

crate::messages! {
    fn unequal(boundaries: usize, wanted: usize, values: usize) {
        en: "{boundaries} boundaries need {wanted} values, not {values}",
        es: "{boundaries} límites necesitan {wanted} valores, no {values}",
    }

    fn unsorted(first: usize, second: usize) {
        en: "boundaries must increase, but {first} comes before {second}",
        es: "los límites deben crecer, pero {first} está antes que {second}",
    }
}
