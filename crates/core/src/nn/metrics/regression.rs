//! Metrics between numbers that are not the mean of a loss.

use super::stack::stack;
use crate::graph::Expr;
use crate::nn::config::names;
use crate::nn::losses::{EPSILON, aligned};
use crate::tensor::Axes;

/// How the scores of several outputs become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ClassAggregation {
    /// Their mean.
    #[default]
    UniformAverage,
    /// Their mean, each weighted by the variance of its targets.
    VarianceWeightedAverage,
}

names! { ClassAggregation ("class aggregation", "ninguna agregación"):
    UniformAverage "uniform_average", VarianceWeightedAverage "variance_weighted_average",
}

/// `1 - Σ (target - prediction)² / Σ (target - mean of the targets)²` of each output, averaged: the share of the
/// targets' variance that predictions explain. 1 is perfect, 0 is as good as always answering the mean.
///
/// Shapes: targets and predictions `(…, outputs)`. An output whose targets are all the same has score 0 if
/// predictions are off, and no score (NaN) if they are not, as in Keras.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct R2Score {
    /// How the outputs become one number. Default: [`ClassAggregation::UniformAverage`].
    pub class_aggregation: ClassAggregation,
    /// For the adjusted score, how many features the model has. Default: 0, not adjusted.
    pub num_regressors: usize,
}

/// `Σ target`, `Σ target²`, `Σ (target - prediction)²` and the count, for each output.
pub(super) fn r2_parts<'g>(
    target: Expr<'g>,
    prediction: Expr<'g>,
    weights: Option<Expr<'g>>,
) -> Expr<'g> {
    let all_but_last: Vec<usize> = (1..target.shape().rank()).map(|i| i - 1).collect();
    let weights = weights.map_or(target.fill_like(1.0), |w| aligned(w, target));
    let sum = |x: Expr<'g>| (x * weights).sum(Axes::new(&all_but_last));
    let error = target - prediction;
    stack(&[sum(target), sum(target * target), sum(error * error), sum(target.fill_like(1.0))])
}

impl R2Score {
    pub(super) fn result(&self, sums: &[f64], samples: f64) -> f64 {
        let outputs = sums.len() / 4;
        let of = |i: usize| {
            let [sum, square, residual, count] = [0, 1, 2, 3].map(|kind| sums[kind * outputs + i]);
            let variance = square - sum * (sum / count);
            let score = 1.0 - residual / variance;
            (if score.is_infinite() { 0.0 } else { score }, variance)
        };
        let each = (0..outputs).map(of);
        let score = match self.class_aggregation {
            ClassAggregation::UniformAverage => {
                each.map(|(score, _)| score).sum::<f64>() / outputs.max(1) as f64
            }
            ClassAggregation::VarianceWeightedAverage => {
                let all: f64 = each.clone().map(|(_, variance)| variance).sum();
                each.map(|(score, variance)| score * variance).sum::<f64>() / all
            }
        };
        // Keras' number of samples is the number of all targets.
        let (n, p) = (samples * outputs as f64, self.num_regressors as f64);
        if p == 0.0 || p >= n - 1.0 {
            score
        } else {
            1.0 - (1.0 - score) * (n - 1.0) / (n - p - 1.0)
        }
    }
}

/// The correlation of each prediction's outputs with its targets.
pub(super) fn pearson<'g>(target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
    let standard = |x: Expr<'g>| {
        let centred = x - x.mean_last();
        centred / (centred * centred).mean_last().sqrt()
    };
    (standard(target) * standard(prediction)).mean_last()
}

/// `2 · cov / (var t + var p + (mean t - mean p)² + 1e-7)` for each prediction's outputs `p` and
/// its targets `t` (Lin, 1989).
pub(super) fn concordance<'g>(target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
    let (t, p) = (target - target.mean_last(), prediction - prediction.mean_last());
    let apart = target.mean_last() - prediction.mean_last();
    let spread = (t * t).mean_last() + (p * p).mean_last() + apart * apart;
    2.0 * (t * p).mean_last() / (spread + EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_that_cannot_be_adjusted_is_not() {
        // For the four targets 0, 1, 2, 3 with a total squared error of 1: 1 - 1 / 5.
        let sums = [6.0, 14.0, 1.0, 4.0];
        let of =
            |num_regressors| R2Score { num_regressors, ..R2Score::default() }.result(&sums, 4.0);
        assert_eq!(of(0), 0.8);
        assert!((of(1) - (1.0 - 0.2 * 3.0 / 2.0)).abs() < 1e-12);
        // With three or more features for four samples, there is nothing left to divide by.
        assert_eq!([of(3), of(4), of(7)], [0.8; 3]);
    }
}
