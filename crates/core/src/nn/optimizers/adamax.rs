//! Adam with the largest gradient in place of the mean square.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{below_one, from};

/// `m += (1 - β₁)(g - m); u = max(β₂ · u, |g|); w -= rate · m / ((1 - β₁ᵗ)(u + epsilon))` (Kingma and Ba, 2015, section 7).
///
/// ```
/// use neurona_core::nn::Adamax;
/// assert_eq!(Adamax::default().beta_2, 0.999);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adamax {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// How long gradients are remembered. Default: 0.9.
    pub beta_1: f64,
    /// How long the largest is remembered. Default: 0.999.
    pub beta_2: f64,
    /// Keeps the divisor from zero. Default: 1e-7.
    pub epsilon: f64,
}

impl Default for Adamax {
    fn default() -> Adamax {
        Adamax {
            learning_rate: LearningRate::Constant(0.001),
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
        }
    }
}

impl Adamax {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Adamax {
        Adamax { learning_rate: learning_rate.into(), ..Adamax::default() }
    }
}

settings! { Adamax { field: learning_rate, beta_1, beta_2, epsilon; } }

impl Optimizer for Adamax {
    fn name(&self) -> &'static str {
        "adamax"
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
        let mean = slots.update("momentum", |m| m + (gradient - m) * (1.0 - self.beta_1));
        let largest = slots.update("norm", |u| (u * self.beta_2).max(gradient.abs()));
        let unbias = step.learning_rate / (1.0 - step.power(self.beta_1));
        weight - unbias * mean / (largest + self.epsilon)
    }

    fn check(&self) -> Result<()> {
        below_one("beta_1", self.beta_1)?;
        below_one("beta_2", self.beta_2)?;
        from("epsilon", 0.0, self.epsilon)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Adamax", self))
    }
}
