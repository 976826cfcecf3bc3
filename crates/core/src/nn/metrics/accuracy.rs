//! Accuracy: which answers are right, as 1 and 0.

use crate::graph::Expr;
use crate::tensor::DType;

/// Whether an output is on the target's side of a threshold.
pub(super) fn binary<'g>(target: Expr<'g>, prediction: Expr<'g>, threshold: f64) -> Expr<'g> {
    let answer = prediction.fill_like(threshold).less(prediction).cast(DType::F32);
    answer.equal(target).cast(DType::F32)
}

/// Whether the largest output is the target's class.
pub(super) fn categorical<'g>(target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
    let last = prediction.shape().rank().saturating_sub(1);
    prediction.argmax(last).equal(target.argmax(last)).cast(DType::F32)
}

/// Whether fewer than `k` outputs are larger than the target class's output.
pub(super) fn top_k<'g>(target: Expr<'g>, prediction: Expr<'g>, k: usize) -> Expr<'g> {
    let zero = prediction.fill_like(0.0);
    let of_class = largest(target).select(prediction, zero).sum_last();
    let larger = of_class.broadcast(prediction.shape()).less(prediction);
    let rank = larger.cast(DType::F32).sum_last();
    rank.less(rank.fill_like(k as f64)).cast(DType::F32)
}

/// Whether an element is the largest of its row: the first of equals.
pub(super) fn largest(x: Expr<'_>) -> Expr<'_> {
    let last = x.shape().rank().saturating_sub(1);
    x.argmax(last).broadcast(x.shape()).equal(x.builder().iota(last, x.shape().dims()))
}

/// Where a prediction equals the target: the mean over the last dimension.
pub(super) fn exact<'g>(target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
    prediction.equal(target).cast(DType::F32).mean_last()
}
