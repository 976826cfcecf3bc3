//! Adam, and Adam with decoupled weight decay.

use super::{LearningRate, Optimizer, Options, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Config, Fields, Object, settings};
use crate::nn::settings::{below_one, from};

/// Adam (Kingma and Ba, 2015), with `epsilon` outside the bias correction as at the end of its section 2
/// and in Keras.
///
/// `m += (1 - β₁)(g - m); v += (1 - β₂)(g² - v); w -= rate · √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + epsilon)`
///
/// ```
/// use neurona_core::nn::Adam;
/// assert_eq!(Adam { beta_1: 0.95, ..Adam::default() }.learning_rate.at(0), 0.001);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adam {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// How long gradients are remembered. Default: 0.9.
    pub beta_1: f64,
    /// How long their squares are remembered. Default: 0.999.
    pub beta_2: f64,
    /// Keeps the divisor from zero. Default: 1e-7.
    pub epsilon: f64,
    /// Whether to divide by the largest `v` so far (Reddi et al., 2018). Default: no.
    pub amsgrad: bool,
}

impl Default for Adam {
    fn default() -> Adam {
        Adam {
            learning_rate: LearningRate::Constant(0.001),
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            amsgrad: false,
        }
    }
}

impl Adam {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Adam {
        Adam { learning_rate: learning_rate.into(), ..Adam::default() }
    }
}

settings! { Adam { field: learning_rate, beta_1, beta_2, epsilon, amsgrad; } }

impl Optimizer for Adam {
    fn name(&self) -> &'static str {
        "adam"
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
        let mut square =
            slots.update("velocity", |v| v + (gradient * gradient - v) * (1.0 - self.beta_2));
        if self.amsgrad {
            square = slots.update("velocity_hat", |hat| hat.max(square));
        }
        let unbias = (1.0 - step.power(self.beta_2)).sqrt() / (1.0 - step.power(self.beta_1));
        weight - step.learning_rate * unbias * mean / (square.sqrt() + self.epsilon)
    }

    fn check(&self) -> Result<()> {
        below_one("beta_1", self.beta_1)?;
        below_one("beta_2", self.beta_2)?;
        from("epsilon", 0.0, self.epsilon)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Adam", self))
    }
}

/// Adam on a weight first reduced by `rate · weight_decay` of itself (Loshchilov and Hutter, 2019).
///
/// ```
/// use neurona_core::nn::AdamW;
/// assert_eq!(AdamW::default().weight_decay, 0.004);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AdamW {
    /// The share of each weight lost per step, times the learning rate. Default: 0.004.
    pub weight_decay: f64,
    /// The other settings.
    pub adam: Adam,
}

impl Default for AdamW {
    fn default() -> AdamW {
        AdamW { weight_decay: 0.004, adam: Adam::default() }
    }
}

impl AdamW {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> AdamW {
        AdamW { adam: Adam::new(learning_rate), ..AdamW::default() }
    }
}

impl Config for AdamW {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        fields.field("weight_decay", &mut self.weight_decay);
        self.adam.fields(fields);
    }
}

impl Optimizer for AdamW {
    fn name(&self) -> &'static str {
        "adamw"
    }

    fn learning_rate(&self) -> &LearningRate {
        &self.adam.learning_rate
    }

    fn update<'g>(
        &self,
        step: StepInputs<'g>,
        slots: &Slots<'g>,
        weight: Expr<'g>,
        gradient: Expr<'g>,
    ) -> Expr<'g> {
        self.adam.update(step, slots, weight, gradient)
    }

    fn options(&self) -> Options {
        Options { weight_decay: Some(self.weight_decay), ..Options::default() }
    }

    fn check(&self) -> Result<()> {
        self.adam.check()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("AdamW", self))
    }
}
