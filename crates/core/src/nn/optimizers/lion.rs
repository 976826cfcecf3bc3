//! Steps of one size, in the direction of the momentum.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{above_zero, share};

/// `w -= rate · sign(β₁ · m + (1 - β₁) · g); m = β₂ · m + (1 - β₂) · g` (Chen et al., 2023).
///
/// Every weight moves by the whole rate in each step: a rate three to ten times smaller than Adam's is usual.
///
/// ```
/// use neurona_core::nn::Lion;
/// assert_eq!(Lion::new(0.0001).beta_2, 0.99);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lion {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// The momentum's share in the direction. Default: 0.9.
    pub beta_1: f64,
    /// How long gradients are remembered. Default: 0.99.
    pub beta_2: f64,
}

impl Default for Lion {
    fn default() -> Lion {
        Lion { learning_rate: LearningRate::Constant(0.001), beta_1: 0.9, beta_2: 0.99 }
    }
}

impl Lion {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Lion {
        Lion { learning_rate: learning_rate.into(), ..Lion::default() }
    }
}

settings! { Lion { field: learning_rate, beta_1, beta_2; } }

impl Optimizer for Lion {
    fn name(&self) -> &'static str {
        "lion"
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
        let fading = |old: Expr<'g>, beta: f64| old * beta + gradient * (1.0 - beta);
        let mut direction = gradient;
        slots.update("momentum", |m| {
            direction = fading(m, self.beta_1).sign();
            fading(m, self.beta_2)
        });
        weight - step.learning_rate * direction
    }

    fn check(&self) -> Result<()> {
        // At 0 it would be only the sign of the gradient, which Keras refuses, too.
        above_zero("beta_1", self.beta_1)?;
        share("beta_1", self.beta_1)?;
        share("beta_2", self.beta_2)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Lion", self))
    }
}
