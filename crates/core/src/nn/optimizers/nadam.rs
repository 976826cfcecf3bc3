//! Adam that looks ahead, as Nesterov's momentum does.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{below_one, from};

/// With `μₜ = β₁(1 - 0.96ᵗ / 2)` and their product `P = μ₁ · … · μₜ`:
/// `m += (1 - β₁)(g - m); v += (1 - β₂)(g² - v)`,
/// `w -= rate · (μₜ₊₁ · m / (1 - P · μₜ₊₁) + (1 - μₜ) · g / (1 - P)) / (√(v / (1 - β₂ᵗ)) + epsilon)` (Dozat, 2016).
///
/// ```
/// use neurona_core::nn::Nadam;
/// assert_eq!(Nadam::new(0.002).beta_1, 0.9);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Nadam {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// How long gradients are remembered. Default: 0.9.
    pub beta_1: f64,
    /// How long their squares are remembered. Default: 0.999.
    pub beta_2: f64,
    /// Keeps the divisor from zero. Default: 1e-7.
    pub epsilon: f64,
}

impl Default for Nadam {
    fn default() -> Nadam {
        Nadam {
            learning_rate: LearningRate::Constant(0.001),
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
        }
    }
}

impl Nadam {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Nadam {
        Nadam { learning_rate: learning_rate.into(), ..Nadam::default() }
    }
}

settings! { Nadam { field: learning_rate, beta_1, beta_2, epsilon; } }

impl Optimizer for Nadam {
    fn name(&self) -> &'static str {
        "nadam"
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
        let share = |t: Expr<'g>| self.beta_1 * (1.0 - 0.5 * t.fill_like(0.96).pow(t));
        let (now, next) = (share(step.iteration), share(step.iteration + 1.0));
        // The product of all shares so far has no closed form: it is kept as a memory of one
        // number.
        let product = slots.update_shaped("u_product", &[], 1.0, |product| product * now);
        let mean = slots.update("momentum", |m| m + (gradient - m) * (1.0 - self.beta_1));
        let square =
            slots.update("velocity", |v| v + (gradient * gradient - v) * (1.0 - self.beta_2));
        let ahead =
            mean * (next / (1.0 - product * next)) + gradient * ((1.0 - now) / (1.0 - product));
        let size = (square / (1.0 - step.power(self.beta_2))).sqrt();
        weight - step.learning_rate * ahead / (size + self.epsilon)
    }

    fn check(&self) -> Result<()> {
        below_one("beta_1", self.beta_1)?;
        below_one("beta_2", self.beta_2)?;
        from("epsilon", 0.0, self.epsilon)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Nadam", self))
    }
}
