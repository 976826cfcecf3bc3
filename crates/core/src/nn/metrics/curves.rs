//! Metrics over many thresholds: areas under curves, and what one share reaches where another is
//! high enough.

use super::counts::truth;
use super::mean::ratio;
use super::stack::stack;
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::config::names;
use crate::nn::losses::aligned;
use crate::tensor::{Axes, DType, Shape};

/// The two shares that a curve shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Curve {
    /// Recall over the share of outputs that say yes among those that should say no: the receiver
    /// operating characteristic.
    #[default]
    Roc,
    /// Precision over recall.
    Pr,
    /// Gain in precision over gain in recall (Flach and Kull, 2015).
    PrGain,
}

names! { Curve ("curve", "ninguna curva"):
    Roc "ROC", Pr "PR", PrGain "PRGAIN",
}

/// How the area between two thresholds is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SummationMethod {
    /// By a straight line; for [`Curve::Pr`], by the line that counts would follow (Davis and Goadrich, 2006).
    #[default]
    Interpolation,
    /// By the smaller height.
    Minoring,
    /// By the larger height.
    Majoring,
}

names! { SummationMethod ("summation method", "ningún método de suma"):
    Interpolation "interpolation", Minoring "minoring", Majoring "majoring",
}

/// The area under a curve of two shares, over thresholds evenly spaced from 0 to 1: an
/// approximation that gets better with the number of thresholds. 0.5 is chance, 1 is perfect (for
/// [`Curve::Roc`]).
///
/// Shapes: targets and predictions `(…, outputs)`, predictions from 0 to 1.
///
/// ```
/// use neurona_core::nn::{Auc, Curve, Metric};
/// let metric = Metric::Auc(Auc { curve: Curve::Pr, ..Auc::default() });
/// assert_eq!(metric.name(), "auc");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auc {
    /// How many thresholds. Default: 200.
    pub num_thresholds: usize,
    /// The two shares. Default: [`Curve::Roc`].
    pub curve: Curve,
    /// How the area between two thresholds is filled. Default: [`SummationMethod::Interpolation`].
    pub summation_method: SummationMethod,
    /// Whether each output has a curve of its own, and the result is the mean of their areas. Default: no.
    pub multi_label: bool,
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
}

impl Default for Auc {
    fn default() -> Self {
        Auc {
            num_thresholds: 200,
            curve: Curve::Roc,
            summation_method: SummationMethod::Interpolation,
            multi_label: false,
            from_logits: false,
        }
    }
}

impl Auc {
    pub(super) fn parts<'g>(
        &self,
        target: Expr<'g>,
        prediction: Expr<'g>,
        weights: Option<Expr<'g>>,
    ) -> Expr<'g> {
        if self.num_thresholds < 2 {
            let error = Error::new(Code::E016, few_thresholds(self.num_thresholds));
            prediction.builder().fail(error.fix(enough_thresholds()));
        }
        let prediction = if self.from_logits { prediction.sigmoid() } else { prediction };
        parts(self.num_thresholds, self.multi_label, target, prediction, weights)
    }

    pub(super) fn result(&self, sums: &[f64]) -> f64 {
        let labels = sums.len() / (2 * (self.num_thresholds + 1));
        let areas = (0..labels).map(|label| {
            let counts = Counts { sums, thresholds: self.num_thresholds, labels, label };
            (1..self.num_thresholds)
                .map(|t| self.slice(counts.at(t - 1), counts.at(t)))
                .sum::<f64>()
        });
        areas.sum::<f64>() / labels.max(1) as f64
    }

    /// The area between the counts at two neighbouring thresholds, the lower one first.
    fn slice(&self, low: Confusion, high: Confusion) -> f64 {
        if self.curve == Curve::Pr && self.summation_method == SummationMethod::Interpolation {
            return slice_of_counts(low, high);
        }
        let ((x0, y0), (x1, y1)) = (self.point(low), self.point(high));
        let height = match self.summation_method {
            SummationMethod::Interpolation => f64::midpoint(y0, y1),
            SummationMethod::Minoring => y0.min(y1),
            SummationMethod::Majoring => y0.max(y1),
        };
        (x0 - x1) * height
    }

    /// The point of the curve for some counts.
    fn point(&self, counts: Confusion) -> (f64, f64) {
        let Confusion { tp, fp, tn, fn_ } = counts;
        match self.curve {
            Curve::Roc => (ratio(fp, fp + tn), Share::Recall.of(counts)),
            Curve::Pr => (Share::Recall.of(counts), Share::Precision.of(counts)),
            Curve::PrGain if tp == 0.0 => (0.0, 1.0),
            Curve::PrGain => {
                let odds = ratio(tp + fn_, tn + fp);
                ((1.0 - odds * fn_ / tp).max(0.0), 1.0 - odds * fp / tp)
            }
        }
    }
}

/// The area under precision over recall, with true positives a linear function of all positives.
fn slice_of_counts(low: Confusion, high: Confusion) -> f64 {
    let (positives, below) = (high.tp + high.fp, low.tp + low.fp);
    let right = low.tp - high.tp;
    let slope = ratio(right, (below - positives).max(0.0));
    let intercept = high.tp - slope * positives;
    let growth = if below > 0.0 && positives > 0.0 { below / positives } else { 1.0 };
    ratio(slope * (right + intercept * growth.ln()), (high.tp + high.fn_).max(0.0))
}

/// For outputs whose target is not 0, then for outputs whose target is 0, and for each output with
/// a curve of its own: their number, and the number above each threshold.
pub(super) fn parts<'g>(
    thresholds: usize,
    multi_label: bool,
    target: Expr<'g>,
    prediction: Expr<'g>,
    weights: Option<Expr<'g>>,
) -> Expr<'g> {
    let labels = if multi_label { prediction.shape().last() } else { 1 };
    let rows = prediction.shape().elems() / labels.max(1);
    let weights = weights.map(|weights| aligned(weights, prediction).broadcast(prediction.shape()));
    let flat = |x: Expr<'g>| x.reshape(&[rows, labels, 1]);
    let Ok(each) = Shape::new(&[rows, labels, thresholds + 1]) else { return prediction };
    // Keras' comparison, by the bucket that a prediction falls into: above threshold t if p · (n -
    // 1) > t. The first column, above -1, counts all of them.
    let bucket = prediction.builder().iota(2, each.dims()).cast(DType::F32) - 1.0;
    let scaled = match thresholds {
        0 | 1 => prediction - 0.5,
        _ => prediction.clip(0.0, 1.0) * (thresholds - 1) as f64,
    };
    let above = bucket.less(flat(scaled).broadcast(each)).cast(DType::F32);
    let truth = truth(target);
    let sum = |chosen: Expr<'g>| {
        let weighted = weights.map_or(chosen, |weights| chosen * weights);
        (above * flat(weighted)).sum(Axes::new(&[0]))
    };
    stack(&[sum(truth), sum(1.0 - truth)])
}

/// The parts of one output.
#[derive(Clone, Copy)]
struct Counts<'a> {
    sums: &'a [f64],
    thresholds: usize,
    labels: usize,
    label: usize,
}

impl Counts<'_> {
    /// The counts at one of the thresholds of [`Auc`], the first of which is below 0.
    fn at(self, threshold: usize) -> Confusion {
        self.column(if threshold == 0 { 0 } else { threshold + 1 })
    }

    fn column(self, column: usize) -> Confusion {
        let columns = self.thresholds + 1;
        let (yes, no) = self.sums.split_at(self.labels * columns);
        let (yes, no) = (&yes[self.label * columns..], &no[self.label * columns..]);
        let (tp, fp) = (yes[column], no[column]);
        Confusion { tp, fp, tn: no[0] - fp, fn_: yes[0] - tp }
    }
}

/// How many outputs say yes and no, rightly and wrongly.
#[derive(Clone, Copy)]
struct Confusion {
    tp: f64,
    fp: f64,
    tn: f64,
    fn_: f64,
}

/// A share of the counts.
#[derive(Clone, Copy)]
pub(super) enum Share {
    Precision,
    Recall,
    Specificity,
}

impl Share {
    fn of(self, Confusion { tp, fp, tn, fn_ }: Confusion) -> f64 {
        match self {
            Share::Precision => ratio(tp, tp + fp),
            Share::Recall => ratio(tp, tp + fn_),
            Share::Specificity => ratio(tn, tn + fp),
        }
    }
}

/// The largest `wanted` share of all thresholds where the `given` share is at least `least`; 0 if
/// nowhere.
pub(super) fn at(sums: &[f64], least: f64, given: Share, wanted: Share) -> f64 {
    let thresholds = (sums.len() / 2).saturating_sub(1);
    let counts = Counts { sums, thresholds, labels: 1, label: 0 };
    let each = (1..=thresholds).map(|column| counts.column(column));
    let enough = each.filter(|&counts| given.of(counts) >= least);
    enough.map(|counts| wanted.of(counts)).fold(0.0, f64::max)
}

crate::messages! {
    fn few_thresholds(count: usize) {
        en: "num_thresholds is {count}, but a curve needs at least 2",
        es: "num_thresholds es {count}, pero una curva necesita al menos 2",
    }

    fn enough_thresholds() {
        en: "keep Keras' 200, or give more for a finer curve",
        es: "conserve los 200 de Keras, o dé más para una curva más fina",
    }
}
