//! Steps along the momentum made orthogonal, for weights that are matrices; Adam for all others.

use super::{Adam, LearningRate, Optimizer, Options, Param, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{below_one, from, share};
use crate::tensor::{Axes, Shape};

/// `m = momentum · m + g; u = g + momentum · m; w -= rate · N(u) · √max(rows, columns) · rms_rate`, where `N` is
/// a matrix with the same singular vectors and all singular values near 1 (Jordan, 2024; the last factor from Liu
/// et al., 2025).
///
/// `N(x)`: divided by its norm, then `ns_steps` times `A = x xᵀ; x = muon_a · x + (muon_b · A + muon_c · A A) x`.
///
/// This applies to weights with two dimensions; others, and excluded ones, are left to Adam at
/// `rate · adam_lr_ratio`. Exclude the output layer by name, as Jordan does. Both decay: matrices by the option
/// `weight_decay`, which here is 0.004 by default, the others by `adam_weight_decay`.
///
/// ```
/// use neurona_core::nn::Muon;
/// let muon = Muon::new(0.001).exclude_layers(["output"]);
/// assert_eq!(muon.momentum, 0.95);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Muon {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// Adam's `beta_1`. Default: 0.9.
    pub adam_beta_1: f64,
    /// Adam's `beta_2`. Default: 0.999.
    pub adam_beta_2: f64,
    /// How much weights lose per step, times the learning rate, where Adam changes them. Default:
    /// 0.004.
    pub adam_weight_decay: Option<f64>,
    /// Adam's `epsilon`. Default: 1e-7.
    pub epsilon: f64,
    /// How much weights lose per step, times the learning rate, where Muon changes them. Default:
    /// 0.004.
    pub weight_decay: Option<f64>,
    /// Adam changes weights with any of these texts in their name (`output/kernel`). Default: none.
    pub exclude_layers: Vec<String>,
    /// Whether Adam changes weights with "embedding" in their name. Default: yes.
    pub exclude_embeddings: bool,
    /// The first coefficient of an iteration. Default: 3.4445.
    pub muon_a: f64,
    /// The second coefficient. Default: -4.775.
    pub muon_b: f64,
    /// The third coefficient. Default: 2.0315.
    pub muon_c: f64,
    /// Adam's rate as a share of the learning rate. Default: 1.
    pub adam_lr_ratio: f64,
    /// How long gradients are remembered. Default: 0.95.
    pub momentum: f64,
    /// How many iterations. Default: 5.
    pub ns_steps: usize,
    /// Whether to add the gradient to the momentum once more. Default: yes.
    pub nesterov: bool,
    /// How large an update is beside Adam's; without it, the singular values are near 1. Default:
    /// 0.2.
    pub rms_rate: Option<f64>,
}

impl Default for Muon {
    fn default() -> Muon {
        Muon {
            learning_rate: LearningRate::Constant(0.001),
            adam_beta_1: 0.9,
            adam_beta_2: 0.999,
            adam_weight_decay: Some(0.004),
            epsilon: 1e-7,
            weight_decay: Some(0.004),
            exclude_layers: Vec::new(),
            exclude_embeddings: true,
            muon_a: 3.4445,
            muon_b: -4.775,
            muon_c: 2.0315,
            adam_lr_ratio: 1.0,
            momentum: 0.95,
            ns_steps: 5,
            nesterov: true,
            rms_rate: Some(0.2),
        }
    }
}

impl Muon {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Muon {
        Muon { learning_rate: learning_rate.into(), ..Muon::default() }
    }

    /// Leaves weights with any of these texts in their name to Adam: `["output"]`.
    pub fn exclude_layers<T: Into<String>>(self, names: impl IntoIterator<Item = T>) -> Muon {
        Muon { exclude_layers: names.into_iter().map(Into::into).collect(), ..self }
    }

    /// Whether a weight is left to Adam.
    fn uses_adam(&self, name: &str, shape: Shape) -> bool {
        shape.rank() != 2
            || self.exclude_embeddings && name.to_lowercase().contains("embedding")
            || self.exclude_layers.iter().any(|text| name.contains(text.as_str()))
    }

    /// A matrix with the singular vectors of `x` and all singular values near 1.
    fn orthogonal<'g>(&self, x: Expr<'g>) -> Expr<'g> {
        // The products are smaller if there are fewer rows than columns.
        let tall = x.shape().dims()[0] > x.shape().dims()[1];
        let mut x = if tall { x.transpose() } else { x };
        let norm = (x * x).sum(Axes::all(x.shape())).sqrt();
        // Keras' term for a gradient of zeros.
        x = x / (norm + 1e-7);
        for _ in 0..self.ns_steps {
            let a = x.matmul(x.transpose());
            let b = a * self.muon_b + (a * self.muon_c).matmul(a);
            x = x * self.muon_a + b.matmul(x);
        }
        if tall { x.transpose() } else { x }
    }
}

settings! { Muon { field: learning_rate, adam_beta_1, adam_beta_2, adam_weight_decay, epsilon, weight_decay, exclude_layers, exclude_embeddings, muon_a, muon_b, muon_c, adam_lr_ratio, momentum, ns_steps, nesterov, rms_rate; } }

impl Optimizer for Muon {
    fn name(&self) -> &'static str {
        "muon"
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
        if self.uses_adam(slots.weight(), weight.shape()) {
            let adam = Adam {
                beta_1: self.adam_beta_1,
                beta_2: self.adam_beta_2,
                epsilon: self.epsilon,
                ..Adam::default()
            };
            let learning_rate = step.learning_rate * self.adam_lr_ratio;
            return adam.update(StepInputs { learning_rate, ..step }, slots, weight, gradient);
        }
        let momentum = slots.update("momentum", |m| m * self.momentum + gradient);
        let ahead = if self.nesterov { gradient + momentum * self.momentum } else { momentum };
        let dims = weight.shape();
        let longest = dims.dims()[0].max(dims.dims()[1]) as f64;
        let scale = self.rms_rate.map_or(1.0, |rate| rate * longest.sqrt());
        weight - self.orthogonal(ahead) * (step.learning_rate * scale)
    }

    fn options(&self) -> Options {
        Options { weight_decay: self.weight_decay, ..Options::default() }
    }

    fn decay_of(&self, options: &Options, param: &Param<'_>) -> Option<f64> {
        if self.uses_adam(&param.name, param.expr.shape()) {
            self.adam_weight_decay
        } else {
            options.weight_decay
        }
    }

    fn check(&self) -> Result<()> {
        below_one("adam_beta_1", self.adam_beta_1)?;
        below_one("adam_beta_2", self.adam_beta_2)?;
        self.adam_weight_decay.map_or(Ok(()), |decay| from("adam_weight_decay", 0.0, decay))?;
        from("epsilon", 0.0, self.epsilon)?;
        from("adam_lr_ratio", 0.0, self.adam_lr_ratio)?;
        self.rms_rate.map_or(Ok(()), |rate| from("rms_rate", 0.0, rate))?;
        share("momentum", self.momentum)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Muon", self))
    }
}
