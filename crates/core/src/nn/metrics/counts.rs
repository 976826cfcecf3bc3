//! Metrics that count outputs that say yes, rightly or wrongly.

use super::mean::ratio;
use super::stack::stack;
use crate::graph::{Expr, Span};
use crate::nn::losses::aligned;
use crate::tensor::{DType, Shape};

/// The value that an output outside the `top_k` counts as: Keras' number.
const NEVER: f64 = -1e10;

/// `true positives / (true positives + false positives)`: how many of the outputs that say yes are right.
///
/// For one-hot targets set `class_id` or `top_k`: without them all outputs are counted alike.
///
/// ```
/// use neurona_core::nn::{Metric, Precision};
/// let of_class_2 = Precision { class_id: Some(2), ..Precision::default() };
/// assert_eq!(Metric::Precision(of_class_2).named("precision_2").name(), "precision_2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Precision {
    /// An output above it (strictly) says yes. (Keras takes several; a log has room for one.)
    /// Default: 0.5; with `top_k`, none.
    pub thresholds: Option<f64>,
    /// Only this many outputs of a prediction can be positive: the largest, or the first of equals.
    /// Default: all.
    pub top_k: Option<usize>,
    /// The only output to look at. Default: all.
    pub class_id: Option<usize>,
}

impl Precision {
    /// True and false positives.
    pub(super) fn parts<'g>(
        &self,
        target: Expr<'g>,
        prediction: Expr<'g>,
        weights: Option<Expr<'g>>,
    ) -> Expr<'g> {
        let Precision { thresholds, top_k, class_id } = *self;
        let answers = Answers::new(target, prediction, weights, thresholds, top_k, class_id);
        stack(&[answers.count(Count::TruePositives), answers.count(Count::FalsePositives)])
    }
}

/// `true positives / (true positives + false negatives)`: how many of the outputs that ought to say yes do.
///
/// For one-hot targets set `class_id` or `top_k`: without them all outputs are counted alike.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Recall {
    /// An output above it (strictly) says yes. (Keras takes several; a log has room for one.)
    /// Default: 0.5; with `top_k`, none.
    pub thresholds: Option<f64>,
    /// Only this many outputs of a prediction can be positive: the largest, or the first of equals.
    /// Default: all.
    pub top_k: Option<usize>,
    /// The only output to look at. Default: all.
    pub class_id: Option<usize>,
}

impl Recall {
    /// True positives and false negatives.
    pub(super) fn parts<'g>(
        &self,
        target: Expr<'g>,
        prediction: Expr<'g>,
        weights: Option<Expr<'g>>,
    ) -> Expr<'g> {
        let Recall { thresholds, top_k, class_id } = *self;
        let answers = Answers::new(target, prediction, weights, thresholds, top_k, class_id);
        stack(&[answers.count(Count::TruePositives), answers.count(Count::FalseNegatives)])
    }
}

/// The first number's share of both: precision and recall from their parts.
pub(super) fn share(sums: &[f64]) -> f64 {
    ratio(sums[0], sums[0] + sums[1])
}

/// The number of outputs of a kind.
pub(super) fn parts<'g>(
    what: Count,
    threshold: f64,
    target: Expr<'g>,
    prediction: Expr<'g>,
    weights: Option<Expr<'g>>,
) -> Expr<'g> {
    let answers = Answers::new(target, prediction, weights, Some(threshold), None, None);
    answers.count(what).reshape(&[1])
}

/// What an output's answer and its target can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    TruePositives,
    TrueNegatives,
    FalsePositives,
    FalseNegatives,
}

/// What outputs say and should say, as 1 and 0, and what each weighs.
struct Answers<'g> {
    yes: Expr<'g>,
    truth: Expr<'g>,
    weights: Option<Expr<'g>>,
}

impl<'g> Answers<'g> {
    fn new(
        target: Expr<'g>,
        prediction: Expr<'g>,
        weights: Option<Expr<'g>>,
        threshold: Option<f64>,
        top_k: Option<usize>,
        class_id: Option<usize>,
    ) -> Answers<'g> {
        let threshold = threshold.unwrap_or(if top_k.is_some() { NEVER } else { 0.5 });
        let one_class = |x: Expr<'g>| class_id.map_or(x, |class| output(x, class));
        let first = match top_k {
            Some(k) => among_first(prediction, k).select(prediction, prediction.fill_like(NEVER)),
            None => prediction,
        };
        let (prediction, target) = (one_class(first), one_class(target));
        Answers {
            yes: prediction.fill_like(threshold).less(prediction).cast(DType::F32),
            truth: truth(target),
            weights: weights.map(|weights| aligned(weights, prediction)),
        }
    }

    fn count(&self, what: Count) -> Expr<'g> {
        let (yes, truth) = (self.yes, self.truth);
        let chosen = match what {
            Count::TruePositives => yes * truth,
            Count::TrueNegatives => (1.0 - yes) * (1.0 - truth),
            Count::FalsePositives => yes * (1.0 - truth),
            Count::FalseNegatives => (1.0 - yes) * truth,
        };
        self.weights.map_or(chosen, |weights| chosen * weights).sum_all()
    }
}

/// One of the outputs.
pub(super) fn output(x: Expr<'_>, start: usize) -> Expr<'_> {
    let axis = x.shape().rank().saturating_sub(1);
    x.slice(Span { axis, start, step: 1 }, 1)
}

/// 1 where a target is not 0.
pub(super) fn truth(target: Expr<'_>) -> Expr<'_> {
    (!target.equal(target.fill_like(0.0))).cast(DType::F32)
}

/// Whether an element is one of the `k` largest of its row; of equals, the first. Every element is compared
/// with every other element of its row.
fn among_first(x: Expr<'_>, k: usize) -> Expr<'_> {
    let (shape, n) = (x.shape(), x.shape().last());
    let before = &shape.dims()[..shape.rank().saturating_sub(1)];
    let Ok(pairs) = Shape::new(&[before, &[n, n]].concat()) else { return x };
    let own = x.reshape(&[before, &[n, 1]].concat()).broadcast(pairs);
    let other = x.reshape(&[before, &[1, n]].concat()).broadcast(pairs);
    let place = |axis| x.builder().iota(axis, pairs.dims());
    let earlier = place(pairs.rank() - 1).less(place(pairs.rank() - 2)).cast(DType::F32);
    let ahead = own.less(other).cast(DType::F32) + own.equal(other).cast(DType::F32) * earlier;
    let rank = ahead.sum_last().reshape(shape.dims());
    rank.less(rank.fill_like(k as f64))
}
