//! Intersection over union: how much the answered and the true parts overlap, for pictures divided
//! into parts.

use super::accuracy::largest;
use crate::graph::Expr;
use crate::nn::losses::{EPSILON, aligned};
use crate::tensor::DType;

/// `both / (answered + true - both)` for some classes, the mean over those that occur. As in Keras,
/// the largest output is the answer.
///
/// Shapes: targets and predictions `(…, classes)`; labels are also accepted, because they come as
/// one-hot rows. (So this is Keras' `IoU` with `sparse_y_pred=False` as well.) The number of
/// outputs gives the number of classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneHotIoU {
    /// Which classes.
    pub target_class_ids: Vec<usize>,
}

impl OneHotIoU {
    pub(super) fn result(&self, sums: &[f64]) -> f64 {
        over(sums, self.target_class_ids.iter().copied())
    }
}

/// The same for one output, yes or no.
///
/// Shapes: targets, 0 and 1, and predictions of any shape.
#[derive(Clone, Debug, PartialEq)]
pub struct BinaryIoU {
    /// Which of the classes 0 (no) and 1 (yes). Default: both.
    pub target_class_ids: Vec<usize>,
    /// An output of at least this says yes. Default: 0.5.
    pub threshold: f64,
}

impl Default for BinaryIoU {
    fn default() -> Self {
        BinaryIoU { target_class_ids: vec![0, 1], threshold: 0.5 }
    }
}

impl BinaryIoU {
    pub(super) fn parts<'g>(
        &self,
        target: Expr<'g>,
        prediction: Expr<'g>,
        weights: Option<Expr<'g>>,
    ) -> Expr<'g> {
        let yes = prediction.fill_like(self.threshold).less_equal(prediction).cast(DType::F32);
        let pairs = |x: Expr<'g>| {
            let column = x.reshape(&[x.shape().elems(), 1]);
            Expr::concat(&[1.0 - column, column], 1)
        };
        let weights = weights.map(|weights| {
            let each = aligned(weights, prediction).broadcast(prediction.shape());
            each.reshape(&[each.shape().elems(), 1])
        });
        table(pairs(target), pairs(yes), weights)
    }

    pub(super) fn result(&self, sums: &[f64]) -> f64 {
        over(sums, self.target_class_ids.iter().copied())
    }
}

/// How often each true class was answered with each class.
pub(super) fn parts<'g>(
    target: Expr<'g>,
    prediction: Expr<'g>,
    weights: Option<Expr<'g>>,
) -> Expr<'g> {
    let classes = prediction.shape().last();
    let rows = prediction.shape().elems() / classes.max(1);
    let one_hot = |x: Expr<'g>| largest(x).cast(DType::F32).reshape(&[rows, classes]);
    let weights = weights.map(|weights| {
        let each = aligned(weights, prediction);
        let one = each.broadcast(prediction.shape()).mean_last();
        one.reshape(&[rows, 1])
    });
    table(one_hot(target), one_hot(prediction), weights)
}

fn table<'g>(truth: Expr<'g>, answer: Expr<'g>, weights: Option<Expr<'g>>) -> Expr<'g> {
    let weighted = weights.map_or(truth, |weights| truth * weights);
    let table = weighted.transpose().matmul(answer);
    table.reshape(&[table.shape().elems()])
}

/// The mean over all classes.
pub(super) fn mean(sums: &[f64]) -> f64 {
    over(sums, 0..sums.len().isqrt())
}

fn over(sums: &[f64], ids: impl Iterator<Item = usize>) -> f64 {
    let classes = sums.len().isqrt();
    let (mut total, mut occur) = (0.0, 0.0);
    for id in ids.filter(|&id| id < classes) {
        let truth: f64 = sums[id * classes..][..classes].iter().sum();
        let answered: f64 = sums.iter().skip(id).step_by(classes).sum();
        let both = sums[id * classes + id];
        let union = truth + answered - both;
        if union > 1e-9 {
            total += both / (union + EPSILON);
            occur += 1.0;
        }
    }
    total / (occur + EPSILON)
}
