//! Steps divided by the size of all gradients so far.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::from;

/// `a = a + g²; w -= rate · g / √(a + epsilon)`, where `a` starts at `initial_accumulator_value` (Duchi et al., 2011).
///
/// ```
/// use neurona_core::nn::Adagrad;
/// assert_eq!(Adagrad::default().initial_accumulator_value, 0.1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adagrad {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// The starting value of the sums of squares. Default: 0.1.
    pub initial_accumulator_value: f64,
    /// Keeps the root from zero. Default: 1e-7.
    pub epsilon: f64,
}

impl Default for Adagrad {
    fn default() -> Adagrad {
        Adagrad {
            learning_rate: LearningRate::Constant(0.001),
            initial_accumulator_value: 0.1,
            epsilon: 1e-7,
        }
    }
}

impl Adagrad {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Adagrad {
        Adagrad { learning_rate: learning_rate.into(), ..Adagrad::default() }
    }
}

settings! { Adagrad { field: learning_rate, initial_accumulator_value, epsilon; } }

impl Optimizer for Adagrad {
    fn name(&self) -> &'static str {
        "adagrad"
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
        let start = self.initial_accumulator_value;
        let sum = slots.update_from("accumulator", start, |a| a + gradient * gradient);
        weight - step.learning_rate * gradient / (sum + self.epsilon).sqrt()
    }

    fn check(&self) -> Result<()> {
        from("initial_accumulator_value", 0.0, self.initial_accumulator_value)?;
        from("epsilon", 0.0, self.epsilon)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Adagrad", self))
    }
}
