//! Losses between numbers.

use super::{EPSILON, Loss, TargetKind};
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use std::f64::consts::LN_2;

/// `(prediction - target)²`, the mean over the outputs. Shapes: both `(…, outputs)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct MeanSquaredError;

settings! { MeanSquaredError {  } }

impl Loss for MeanSquaredError {
    fn name(&self) -> &'static str {
        "mean_squared_error"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let error = prediction - target;
        (error * error).mean_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("MeanSquaredError", self))
    }
}

/// `|prediction - target|`, the mean over the outputs. Shapes: both `(…, outputs)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct MeanAbsoluteError;

settings! { MeanAbsoluteError {  } }

impl Loss for MeanAbsoluteError {
    fn name(&self) -> &'static str {
        "mean_absolute_error"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        (prediction - target).abs().mean_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("MeanAbsoluteError", self))
    }
}

/// `100 · |target - prediction| / max(|target|, 1e-7)`, the mean over the outputs. Shapes: both `(…, outputs)`.
///
/// Targets near 0 make it enormous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct MeanAbsolutePercentageError;

settings! { MeanAbsolutePercentageError {  } }

impl Loss for MeanAbsolutePercentageError {
    fn name(&self) -> &'static str {
        "mean_absolute_percentage_error"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let size = target.abs().max(target.fill_like(EPSILON));
        ((target - prediction) / size).abs().mean_last() * 100.0
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("MeanAbsolutePercentageError", self))
    }
}

/// `(log(max(prediction, 1e-7) + 1) - log(max(target, 1e-7) + 1))²`, the mean over the outputs: a
/// measure of how many times larger one is than the other. Shapes: both `(…, outputs)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct MeanSquaredLogarithmicError;

settings! { MeanSquaredLogarithmicError {  } }

impl Loss for MeanSquaredLogarithmicError {
    fn name(&self) -> &'static str {
        "mean_squared_logarithmic_error"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let log = |x: Expr<'g>| (x.max(x.fill_like(EPSILON)) + 1.0).log();
        let error = log(prediction) - log(target);
        (error * error).mean_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("MeanSquaredLogarithmicError", self))
    }
}

/// `½ e²` where `|e| ≤ delta`, otherwise `delta · |e| - ½ delta²`, with `e = prediction - target`;
/// the mean over the outputs: the square of small errors and the size of large ones (Huber, 1964).
/// Shapes: both `(…, outputs)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    /// The size up to which errors are small. Default: 1.
    pub delta: f64,
}

impl Default for Huber {
    fn default() -> Self {
        Huber { delta: 1.0 }
    }
}

settings! { Huber { field: delta; } }

impl Loss for Huber {
    fn name(&self) -> &'static str {
        "huber"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let error = prediction - target;
        let (size, delta) = (error.abs(), error.fill_like(self.delta));
        let straight = delta * size - 0.5 * self.delta * self.delta;
        size.less_equal(delta).select(0.5 * (error * error), straight).mean_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Huber", self))
    }
}

/// `log(cosh(prediction - target))`, the mean over the outputs: near `½ e²` for small errors and `|e| - log 2`
/// for large ones. Shapes: both `(…, outputs)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LogCosh;

settings! { LogCosh {  } }

impl Loss for LogCosh {
    fn name(&self) -> &'static str {
        "log_cosh"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let error = prediction - target;
        (error + (-2.0 * error).softplus() - LN_2).mean_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("LogCosh", self))
    }
}

/// The negative cosine of the angle between prediction and target: `-Σ t · p`, with both divided by their
/// length. -1 for the same direction, 1 for the opposite one, 0 where one of them is 0.
///
/// Shapes: both `(…, outputs)`. The metric with this name is the cosine itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CosineSimilarity;

settings! { CosineSimilarity { |fields| fields.only("axis", -1) } }

impl Loss for CosineSimilarity {
    fn name(&self) -> &'static str {
        "cosine_similarity"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        -cosine(target, prediction)
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("CosineSimilarity", self))
    }
}

/// The cosine of the angle between the rows of two values.
pub(in crate::nn) fn cosine<'g>(a: Expr<'g>, b: Expr<'g>) -> Expr<'g> {
    // Inside the root, so that the gradient of a row of zeros is a number.
    let unit = |x: Expr<'g>| {
        let square = (x * x).sum_last();
        x / square.max(square.fill_like(EPSILON * EPSILON)).sqrt()
    };
    (unit(a) * unit(b)).sum_last()
}
