//! Metrics that are a mean over all predictions.

use super::stack::stack;
use crate::graph::Expr;
use crate::nn::losses::aligned;

/// The sum over the samples of some values, of which each sample gives its mean. With weights,
/// `Σ weight · value` and `Σ weight`.
pub(super) fn parts<'g>(
    values: Expr<'g>,
    prediction: Expr<'g>,
    weights: Option<Expr<'g>>,
) -> Expr<'g> {
    let Some(weights) = weights else {
        let samples = prediction.shape().dims().first().copied().unwrap_or(1);
        let each = values.shape().elems() as f64 / samples.max(1) as f64;
        let sum = values.sum_all().reshape(&[1]);
        // If each sample has one value, as with accuracy, the sum is enough.
        return if each == 1.0 || each == 0.0 { sum } else { sum / each };
    };
    let weights = aligned(weights, values);
    let weighted = values * weights;
    stack(&[weighted.sum_all(), weights.broadcast(weighted.shape()).sum_all()])
}

/// The mean, 0 if the weights are.
pub(super) fn result(sums: &[f64], samples: f64) -> f64 {
    match *sums {
        [sum, weights] => ratio(sum, weights),
        [sum] => sum / samples,
        _ => 0.0,
    }
}

/// `a / b`, 0 if `b` is: Keras' `divide_no_nan`.
pub(super) fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}
