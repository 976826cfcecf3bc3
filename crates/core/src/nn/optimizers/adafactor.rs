//! Steps divided by the size of the gradient, of which only row and column means are remembered.

use super::{LearningRate, Optimizer, Slots, StepInputs};
use crate::error::Result;
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::nn::settings::{above_zero, at_most_zero, from};
use crate::tensor::Axes;

/// With `ρ = min(rate, 1 / √t)`, `β = 1 - t^beta_2_decay` and `s = g² + epsilon_1`, for a weight of
/// rows and columns: `r = β · r + (1 - β) · mean over columns of s`, `c` likewise over rows,
/// `v = r · c / mean of r`; for any other weight `v = β · v + (1 - β) · s`. Then `u = g / √v`, and
/// `w -= max(epsilon_2, rms(w)) · ρ · u / max(1, rms(u) / clip_threshold)` (Shazeer and Stern,
/// 2018).
///
/// If a weight has more dimensions, the last two are rows and columns. Keras' setting
/// `relative_step` does not exist here: it takes the same minimum a second time, which changes
/// nothing.
///
/// ```
/// use neurona_core::nn::Adafactor;
/// assert_eq!(Adafactor::default().clip_threshold, 1.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adafactor {
    /// How far to go. Default: 0.001.
    pub learning_rate: LearningRate,
    /// How fast the memory of squares grows longer. Default: -0.8.
    pub beta_2_decay: f64,
    /// Keeps squares from zero. Default: 1e-30.
    pub epsilon_1: f64,
    /// The least size that a weight counts as when its step is scaled. Default: 0.001.
    pub epsilon_2: f64,
    /// The largest size of an update before the rate. Default: 1.
    pub clip_threshold: f64,
}

impl Default for Adafactor {
    fn default() -> Adafactor {
        Adafactor {
            learning_rate: LearningRate::Constant(0.001),
            beta_2_decay: -0.8,
            epsilon_1: 1e-30,
            epsilon_2: 1e-3,
            clip_threshold: 1.0,
        }
    }
}

impl Adafactor {
    /// With Keras' defaults at this rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Adafactor {
        Adafactor { learning_rate: learning_rate.into(), ..Adafactor::default() }
    }
}

settings! { Adafactor { field: learning_rate, beta_2_decay, epsilon_1, epsilon_2, clip_threshold; |fields| fields.ignored(&["relative_step"]) } }

impl Optimizer for Adafactor {
    fn name(&self) -> &'static str {
        "adafactor"
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
        let time = step.iteration;
        let rate = step.learning_rate.min(1.0 / time.sqrt());
        let beta = 1.0 - time.pow(time.fill_like(self.beta_2_decay));
        let fading = |old: Expr<'g>, new: Expr<'g>| old * beta + new * (1.0 - beta);
        let rms = |x: Expr<'g>| ((x * x).sum_all() / x.shape().elems() as f64).sqrt();
        let squares = gradient * gradient + self.epsilon_1;
        let remembered = match squares.shape().rank() {
            rank @ 2.. => {
                let mean =
                    |x: Expr<'g>, axis| x.sum(Axes::new(&[axis])) / x.shape().dims()[axis] as f64;
                let kept = |name, axis| {
                    let along = mean(squares, axis);
                    slots.update_shaped(name, along.shape().dims(), 0.0, |old| fading(old, along))
                };
                let (rows, columns) = (kept("r", rank - 1), kept("c", rank - 2));
                rows / mean(rows, rank - 2) * columns
            }
            _ => slots.update("velocity", |v| fading(v, squares)),
        };
        let update = gradient / remembered.sqrt();
        let size = rms(update) / self.clip_threshold;
        let update = update / size.max(size.fill_like(1.0));
        let scale = rms(weight);
        weight - scale.max(scale.fill_like(self.epsilon_2)) * rate * update
    }

    fn check(&self) -> Result<()> {
        at_most_zero("beta_2_decay", self.beta_2_decay)?;
        from("epsilon_1", 0.0, self.epsilon_1)?;
        from("epsilon_2", 0.0, self.epsilon_2)?;
        above_zero("clip_threshold", self.clip_threshold)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Adafactor", self))
    }
}
