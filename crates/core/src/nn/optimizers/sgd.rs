//! Gradient descent, with momentum.

use super::{Optimizer, Slots, StepInputs};
use crate::graph::Expr;

/// Stochastic gradient descent: `w -= rate · g`, or with momentum `m = momentum · m - rate · g; w += m`,
/// or looking ahead (Nesterov) `w += momentum · m - rate · g`.
///
/// ```
/// use neurona_core::nn::Sgd;
/// assert_eq!(Sgd::default(), Sgd { learning_rate: 0.01, momentum: 0.0, nesterov: false });
/// assert_eq!(Sgd::new(0.1).learning_rate, 0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// How far to go. Default: 0.01.
    pub learning_rate: f64,
    /// How much of the last change to repeat. Default: 0.
    pub momentum: f64,
    /// Whether to take the gradient's step from where momentum leads. Default: no.
    pub nesterov: bool,
}

impl Default for Sgd {
    fn default() -> Sgd {
        Sgd { learning_rate: 0.01, momentum: 0.0, nesterov: false }
    }
}

impl Sgd {
    /// Plain descent at this rate.
    pub fn new(learning_rate: f64) -> Sgd {
        Sgd { learning_rate, ..Sgd::default() }
    }
}

impl Optimizer for Sgd {
    fn name(&self) -> &'static str {
        "sgd"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
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
}
