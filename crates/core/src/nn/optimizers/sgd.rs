//! Gradient descent, with momentum.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::share;

/// Stochastic gradient descent: `w -= rate · g`, or with momentum `m = momentum · m - rate · g; w += m`,
/// or looking ahead (Nesterov) `w += momentum · m - rate · g`.
///
/// ```
/// use neurona_core::nn::Sgd;
/// assert_eq!(Sgd::default(), Sgd { learning_rate: 0.01.into(), momentum: 0.0, nesterov: false });
/// assert_eq!(Sgd::new(0.1).learning_rate.at(0), 0.1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd {
    /// How far to go. Default: 0.01.
    pub learning_rate: LearningRate,
    /// How much of the last change to repeat. Default: 0.
    pub momentum: f64,
    /// Whether to take the gradient's step from where momentum leads. Default: no.
    pub nesterov: bool,
}

impl Default for Sgd {
    fn default() -> Sgd {
        Sgd { learning_rate: LearningRate::Constant(0.01), momentum: 0.0, nesterov: false }
    }
}

impl Sgd {
    /// Plain descent at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Sgd {
        Sgd { learning_rate: learning_rate.into(), ..Sgd::default() }
    }
}

settings! { Sgd { field: learning_rate, momentum, nesterov; } }

impl Optimizer for Sgd {
    fn name(&self) -> &'static str {
        "sgd"
    }

    fn learning_rate(&self) -> &LearningRate {
        &self.learning_rate
    }

    fn update<'g>(
        &self,
        step: StepInputs<'g>,
        slots: &Slots<'g>,
        weight: Expr<'g>,
        gradient: Expr<'g>,
    ) -> Expr<'g> {
        let change = gradient * step.learning_rate;
        if self.momentum == 0.0 {
            return weight - change;
        }
        let momentum = slots.update("momentum", |m| m * self.momentum - change);
        if self.nesterov { weight + (momentum * self.momentum - change) } else { weight + momentum }
    }

    fn check(&self) -> Result<()> {
        share("momentum", self.momentum)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("SGD", self))
    }
}
