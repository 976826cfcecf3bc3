//! Steps as large as recent steps were, in the units of the weights.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{from, share};

/// `a = rho · a + (1 - rho) · g²; d = √(u + epsilon) / √(a + epsilon) · g; u = rho · u + (1 - rho) · d²; w -= rate · d`
/// (Zeiler, 2012, who takes 1 for the rate).
///
/// ```
/// use neurona_core::nn::Adadelta;
/// assert_eq!(Adadelta::new(1.0).rho, 0.95);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adadelta {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// How long squares are remembered. Default: 0.95.
    pub rho: f64,
    /// Keeps the roots from zero. Default: 1e-7.
    pub epsilon: f64,
}

impl Default for Adadelta {
    fn default() -> Adadelta {
        Adadelta { learning_rate: LearningRate::Constant(0.001), rho: 0.95, epsilon: 1e-7 }
    }
}

impl Adadelta {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Adadelta {
        Adadelta { learning_rate: learning_rate.into(), ..Adadelta::default() }
    }
}

settings! { Adadelta { field: learning_rate, rho, epsilon; } }

impl Optimizer for Adadelta {
    fn name(&self) -> &'static str {
        "adadelta"
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
        let root = |square: Expr<'g>| (square + self.epsilon).sqrt();
        let square = slots.update("accumulated_grad", |a| fading(a, gradient * gradient));
        let mut change = gradient;
        slots.update("accumulated_delta_var", |u| {
            change = root(u) * gradient / root(square);
            fading(u, change * change)
        });
        weight - step.learning_rate * change
    }

    fn check(&self) -> Result<()> {
        share("rho", self.rho)?;
        from("epsilon", 0.0, self.epsilon)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Adadelta", self))
    }
}
