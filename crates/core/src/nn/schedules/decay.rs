//! Rates that fall for ever, or to an end: by a factor, by a line, by a power.

use crate::error::Result;
use crate::nn::config::settings;
use crate::nn::settings::{at_least, from};

/// `rate · decay_rate ^ (step / decay_steps)`
///
/// ```
/// use neurona_core::nn::ExponentialDecay;
/// let schedule = ExponentialDecay::new(0.1, 100, 0.5).staircase(true);
/// assert_eq!((schedule.at(99), schedule.at(100)), (0.1, 0.05));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExponentialDecay {
    /// The rate of the first step.
    pub initial_learning_rate: f64,
    /// After how many steps the factor is applied once.
    pub decay_steps: u64,
    /// The factor.
    pub decay_rate: f64,
    /// Whether the factor is applied all at once, every `decay_steps` steps. Default: no.
    pub staircase: bool,
}

settings! { ExponentialDecay { required: initial_learning_rate, decay_steps, decay_rate; field: staircase; |fields| fields.ignored(&["name"]) } }

impl ExponentialDecay {
    /// From this rate, by a factor of `decay_rate` in each `decay_steps` steps.
    pub fn new(initial_learning_rate: f64, decay_steps: u64, decay_rate: f64) -> ExponentialDecay {
        ExponentialDecay { initial_learning_rate, decay_steps, decay_rate, staircase: false }
    }

    /// Whether the factor is applied all at once, every `decay_steps` steps.
    pub fn staircase(self, staircase: bool) -> ExponentialDecay {
        ExponentialDecay { staircase, ..self }
    }

    /// The rate of a step, from 0.
    pub fn at(&self, step: u64) -> f64 {
        let periods = periods(step, self.decay_steps, self.staircase);
        self.initial_learning_rate * libm::pow(self.decay_rate, periods)
    }

    pub(super) fn check(&self) -> Result<()> {
        from("initial_learning_rate", 0.0, self.initial_learning_rate)?;
        at_least("decay_steps", 1, self.decay_steps)?;
        from("decay_rate", 0.0, self.decay_rate)
    }
}

/// `rate / (1 + decay_rate · step / decay_steps)`
///
/// ```
/// use neurona_core::nn::InverseTimeDecay;
/// assert_eq!(InverseTimeDecay::new(0.1, 100, 1.0).at(300), 0.025);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseTimeDecay {
    /// The rate of the first step.
    pub initial_learning_rate: f64,
    /// After how many steps the divisor has grown by `decay_rate`.
    pub decay_steps: u64,
    /// How much the divisor grows.
    pub decay_rate: f64,
    /// Whether it grows all at once, every `decay_steps` steps. Default: no.
    pub staircase: bool,
}

settings! { InverseTimeDecay { required: initial_learning_rate, decay_steps, decay_rate; field: staircase; |fields| fields.ignored(&["name"]) } }

impl InverseTimeDecay {
    /// From this rate, divided by a number that starts at 1 and grows by `decay_rate` in each `decay_steps` steps.
    pub fn new(initial_learning_rate: f64, decay_steps: u64, decay_rate: f64) -> InverseTimeDecay {
        InverseTimeDecay { initial_learning_rate, decay_steps, decay_rate, staircase: false }
    }

    /// Whether the divisor grows all at once, every `decay_steps` steps.
    pub fn staircase(self, staircase: bool) -> InverseTimeDecay {
        InverseTimeDecay { staircase, ..self }
    }

    /// The rate of a step, from 0.
    pub fn at(&self, step: u64) -> f64 {
        let periods = periods(step, self.decay_steps, self.staircase);
        self.initial_learning_rate / (1.0 + self.decay_rate * periods)
    }

    pub(super) fn check(&self) -> Result<()> {
        from("initial_learning_rate", 0.0, self.initial_learning_rate)?;
        at_least("decay_steps", 1, self.decay_steps)?;
        from("decay_rate", 0.0, self.decay_rate)
    }
}

/// How many periods have passed.
fn periods(step: u64, decay_steps: u64, staircase: bool) -> f64 {
    let periods = step as f64 / decay_steps as f64;
    if staircase { periods.floor() } else { periods }
}

/// `(rate - end) · (1 - step / decay_steps) ^ power + end`, and `end` ever after.
///
/// With `cycle`, `decay_steps` is doubled, tripled, … until it reaches beyond the step: the rate
/// jumps up again at each multiple, to a lower value each time.
///
/// ```
/// use neurona_core::nn::PolynomialDecay;
/// let schedule = PolynomialDecay::new(0.5, 100).end_learning_rate(0.25);
/// assert_eq!((schedule.at(50), schedule.at(1_000)), (0.375, 0.25));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolynomialDecay {
    /// The rate of the first step.
    pub initial_learning_rate: f64,
    /// After how many steps the end is reached.
    pub decay_steps: u64,
    /// The rate at the end. Default: 0.0001.
    pub end_learning_rate: f64,
    /// The power: 1 is a line. Default: 1.
    pub power: f64,
    /// Whether to start again, from a lower value, at the end. Default: no.
    pub cycle: bool,
}

settings! { PolynomialDecay { required: initial_learning_rate, decay_steps; field: end_learning_rate, power, cycle; |fields| fields.ignored(&["name"]) } }

impl PolynomialDecay {
    /// From this rate linearly to 0.0001.
    pub fn new(initial_learning_rate: f64, decay_steps: u64) -> PolynomialDecay {
        PolynomialDecay {
            initial_learning_rate,
            decay_steps,
            end_learning_rate: 0.0001,
            power: 1.0,
            cycle: false,
        }
    }

    /// To this rate.
    pub fn end_learning_rate(self, end_learning_rate: f64) -> PolynomialDecay {
        PolynomialDecay { end_learning_rate, ..self }
    }

    /// Along this power of the steps that are left.
    pub fn power(self, power: f64) -> PolynomialDecay {
        PolynomialDecay { power, ..self }
    }

    /// Whether to start again, from a lower value, at the end.
    pub fn cycle(self, cycle: bool) -> PolynomialDecay {
        PolynomialDecay { cycle, ..self }
    }

    /// The rate of a step, from 0.
    pub fn at(&self, step: u64) -> f64 {
        let (step, mut steps) = (step as f64, self.decay_steps as f64);
        if self.cycle {
            steps *= (step / steps).ceil().max(1.0);
        }
        let left = 1.0 - step.min(steps) / steps;
        let range = self.initial_learning_rate - self.end_learning_rate;
        range * libm::pow(left, self.power) + self.end_learning_rate
    }

    pub(super) fn check(&self) -> Result<()> {
        from("initial_learning_rate", 0.0, self.initial_learning_rate)?;
        at_least("decay_steps", 1, self.decay_steps)?;
        from("end_learning_rate", 0.0, self.end_learning_rate)?;
        from("power", 0.0, self.power)
    }
}
