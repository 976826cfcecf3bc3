//! Following the regularized leader: weights that matter little become exactly 0.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{above_zero, at_most_zero, from};

/// With `p = -learning_rate_power`, `g' = g + 2 · shrinkage · w` and `l2' = l2 + beta / (2 · rate)`:
/// `n' = n + g²; z += g' - (n'^p - n^p) / rate · w; n = n'; w = (clip(z, ±l1) - z) / (n^p / rate + 2 · l2')`
/// (McMahan et al., 2013, algorithm 1), where `n` starts at `initial_accumulator_value`.
///
/// ```
/// use neurona_core::nn::Ftrl;
/// assert_eq!(Ftrl::default().learning_rate_power, -0.5);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ftrl {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// How rates fall with the squares of the gradients: 0 means not at all. Default: -0.5.
    pub learning_rate_power: f64,
    /// The starting value of the sums of squares. Default: 0.1.
    pub initial_accumulator_value: f64,
    /// How strongly weights are pulled towards 0. Default: 0.
    pub l1_regularization_strength: f64,
    /// How strongly their squares are. Default: 0.
    pub l2_regularization_strength: f64,
    /// The same, but only in the gradient. Default: 0.
    pub l2_shrinkage_regularization_strength: f64,
    /// The paper's β, a lower bound on the divisor. Default: 0.
    pub beta: f64,
}

impl Default for Ftrl {
    fn default() -> Ftrl {
        Ftrl {
            learning_rate: LearningRate::Constant(0.001),
            learning_rate_power: -0.5,
            initial_accumulator_value: 0.1,
            l1_regularization_strength: 0.0,
            l2_regularization_strength: 0.0,
            l2_shrinkage_regularization_strength: 0.0,
            beta: 0.0,
        }
    }
}

impl Ftrl {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Ftrl {
        Ftrl { learning_rate: learning_rate.into(), ..Ftrl::default() }
    }
}

settings! { Ftrl { field: learning_rate, learning_rate_power, initial_accumulator_value, l1_regularization_strength, l2_regularization_strength, l2_shrinkage_regularization_strength, beta; } }

impl Optimizer for Ftrl {
    fn name(&self) -> &'static str {
        "ftrl"
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
        let power = -self.learning_rate_power;
        let (l1, rate) = (self.l1_regularization_strength, step.learning_rate);
        let raised = |n: Expr<'g>| if power == 0.5 { n.sqrt() } else { n.pow(n.fill_like(power)) };
        let shrunk = gradient + weight * (2.0 * self.l2_shrinkage_regularization_strength);
        let mut before = gradient;
        let start = self.initial_accumulator_value;
        let squares = slots.update_from("accumulator", start, |n| {
            before = raised(n);
            n + gradient * gradient
        });
        let after = raised(squares);
        let leader = slots.update("linear", |z| z + shrunk - (after - before) / rate * weight);
        // 2 · l2' = 2 · l2 + beta / rate
        let divisor = (after + self.beta) / rate + 2.0 * self.l2_regularization_strength;
        (leader.clip(-l1, l1) - leader) / divisor
    }

    fn check(&self) -> Result<()> {
        // It divides by the rate.
        if self.learning_rate == LearningRate::Constant(0.0) {
            return above_zero("learning_rate", 0.0);
        }
        at_most_zero("learning_rate_power", self.learning_rate_power)?;
        from("initial_accumulator_value", 0.0, self.initial_accumulator_value)?;
        from("l1_regularization_strength", 0.0, self.l1_regularization_strength)?;
        from("l2_regularization_strength", 0.0, self.l2_regularization_strength)?;
        let shrinkage = self.l2_shrinkage_regularization_strength;
        from("l2_shrinkage_regularization_strength", 0.0, shrinkage)?;
        from("beta", 0.0, self.beta)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Ftrl", self))
    }
}
