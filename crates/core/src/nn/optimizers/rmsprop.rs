//! Steps divided by the recent size of the gradient.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{from, share};

/// `v = rho · v + (1 - rho) · g²; w -= rate · g / √(v + epsilon)` (Tieleman and Hinton, 2012).
///
/// Centered: `v` minus the square of the gradient's mean. With momentum:
/// `m = momentum · m + change; w -= m`.
///
/// ```
/// use neurona_core::nn::RmsProp;
/// assert_eq!(RmsProp::new(0.01), RmsProp { learning_rate: 0.01.into(), ..RmsProp::default() });
/// assert_eq!(RmsProp::default().rho, 0.9);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// How long squares are remembered. Default: 0.9.
    pub rho: f64,
    /// How much of the last change to repeat. Default: 0.
    pub momentum: f64,
    /// Keeps the root from zero. Default: 1e-7.
    pub epsilon: f64,
    /// Whether to divide by the variance instead of the mean square. Default: no.
    pub centered: bool,
}

impl Default for RmsProp {
    fn default() -> RmsProp {
        RmsProp {
            learning_rate: LearningRate::Constant(0.001),
            rho: 0.9,
            momentum: 0.0,
            epsilon: 1e-7,
            centered: false,
        }
    }
}

impl RmsProp {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> RmsProp {
        RmsProp { learning_rate: learning_rate.into(), ..RmsProp::default() }
    }
}

settings! { RmsProp { field: learning_rate, rho, momentum, epsilon, centered; } }

impl Optimizer for RmsProp {
    fn name(&self) -> &'static str {
        "rmsprop"
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
        let fading = |old: Expr<'g>, new: Expr<'g>| old * self.rho + new * (1.0 - self.rho);
        let mut square = slots.update("velocity", |v| fading(v, gradient * gradient));
        if self.centered {
            let mean = slots.update("average_gradient", |a| fading(a, gradient));
            square = square - mean * mean;
        }
        let change = step.learning_rate * gradient / (square + self.epsilon).sqrt();
        if self.momentum == 0.0 {
            return weight - change;
        }
        weight - slots.update("momentum", |m| m * self.momentum + change)
    }

    fn check(&self) -> Result<()> {
        share("rho", self.rho)?;
        share("momentum", self.momentum)?;
        from("epsilon", 0.0, self.epsilon)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("RMSprop", self))
    }
}
