//! Adam with steps as long as the weight they change, for large batches.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{below_one, from};

/// With Adam's `m` and `v`: `u = m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + epsilon)`, `w -= rate · ‖w‖ / ‖u‖ · u`, where the
/// ratio is 1 if either norm is 0 (You et al., 2020).
///
/// ```
/// use neurona_core::nn::Lamb;
/// assert_eq!(Lamb::default().epsilon, 1e-7);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lamb {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// How long gradients are remembered. Default: 0.9.
    pub beta_1: f64,
    /// How long their squares are remembered. Default: 0.999.
    pub beta_2: f64,
    /// Keeps the divisor from zero. Default: 1e-7.
    pub epsilon: f64,
}

impl Default for Lamb {
    fn default() -> Lamb {
        Lamb {
            learning_rate: LearningRate::Constant(0.001),
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
        }
    }
}

impl Lamb {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Lamb {
        Lamb { learning_rate: learning_rate.into(), ..Lamb::default() }
    }
}

settings! { Lamb { field: learning_rate, beta_1, beta_2, epsilon; } }

impl Optimizer for Lamb {
    fn name(&self) -> &'static str {
        "lamb"
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
        let square =
            slots.update("velocity", |v| v + (gradient * gradient - v) * (1.0 - self.beta_2));
        let mean = mean / (1.0 - step.power(self.beta_1));
        let size = (square / (1.0 - step.power(self.beta_2))).sqrt();
        let update = mean / (size + self.epsilon);
        let norm = |x: Expr<'g>| (x * x).sum_all().sqrt();
        let (weight_norm, update_norm) = (norm(weight), norm(update));
        let (zero, one) = (weight_norm.fill_like(0.0), weight_norm.fill_like(1.0));
        let ratio = zero.less(update_norm).select(weight_norm / update_norm, one);
        let ratio = zero.less(weight_norm).select(ratio, one);
        weight - step.learning_rate * ratio * update
    }

    fn check(&self) -> Result<()> {
        below_one("beta_1", self.beta_1)?;
        below_one("beta_2", self.beta_2)?;
        from("epsilon", 0.0, self.epsilon)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Lamb", self))
    }
}
