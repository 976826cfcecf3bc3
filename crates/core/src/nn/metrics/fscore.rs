//! F-scores: precision and recall in one number.

use super::stack::stack;
use crate::graph::Expr;
use crate::nn::config::names;
use crate::nn::losses::{EPSILON, aligned};
use crate::tensor::{Axes, DType};

/// How the values of several classes become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Averaging {
    /// The mean over the classes: each counts the same, however rare.
    #[default]
    Macro,
    /// From the counts of all classes together.
    Micro,
    /// The mean over the classes, each weighted by how often it occurs.
    Weighted,
}

names! { Averaging ("average", "ninguna media"):
    Macro "macro", Micro "micro", Weighted "weighted",
}

/// `2 · precision · recall / (precision + recall)` of each class, averaged.
///
/// Shapes: targets and predictions `(…, classes)`. Without a threshold the largest output of a prediction says
/// yes. Keras' default gives a value for each class; a log is one number, so ours is their mean
/// ([`Averaging::Macro`]), and `classification_report` shows them all.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct F1Score {
    /// How the classes become one number. Default: [`Averaging::Macro`].
    pub average: Averaging,
    /// An output above it (strictly) says yes. Default: the largest does.
    pub threshold: Option<f64>,
}

impl F1Score {
    /// The same, as an [`FBetaScore`] whose `beta` is 1.
    pub fn beta(self) -> FBetaScore {
        FBetaScore { average: self.average, beta: 1.0, threshold: self.threshold }
    }
}

/// `(1 + beta²) · precision · recall / (beta² · precision + recall)` of each class, averaged: recall counts
/// `beta` times as much as precision.
///
/// Shapes and averages work as in [`F1Score`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FBetaScore {
    /// How the classes become one number. Default: [`Averaging::Macro`].
    pub average: Averaging,
    /// How much recall counts, above 0. Default: 1.
    pub beta: f64,
    /// An output above it (strictly) says yes. Default: the largest does.
    pub threshold: Option<f64>,
}

impl Default for FBetaScore {
    fn default() -> Self {
        FBetaScore { average: Averaging::Macro, beta: 1.0, threshold: None }
    }
}

impl FBetaScore {
    /// True positives, false positives and false negatives of each class.
    pub(super) fn parts<'g>(
        &self,
        target: Expr<'g>,
        prediction: Expr<'g>,
        weights: Option<Expr<'g>>,
    ) -> Expr<'g> {
        let yes = match self.threshold {
            Some(threshold) => prediction.fill_like(threshold).less(prediction).cast(DType::F32),
            None => says_yes(prediction),
        };
        let weights = weights.map(|weights| aligned(weights, prediction));
        let all_but_last: Vec<usize> = (1..prediction.shape().rank()).map(|i| i - 1).collect();
        let sum = |chosen: Expr<'g>| {
            let weighted = weights.map_or(chosen, |weights| chosen * weights);
            weighted.sum(Axes::new(&all_but_last))
        };
        stack(&[sum(yes * target), sum(yes * (1.0 - target)), sum((1.0 - yes) * target)])
    }

    pub(super) fn result(&self, sums: &[f64]) -> f64 {
        let classes = sums.len() / 3;
        let support = |class| sums[class] + sums[2 * classes + class];
        match self.average {
            Averaging::Macro => self.scores(sums).sum::<f64>() / classes.max(1) as f64,
            Averaging::Micro => {
                let total = |kind: usize| sums[kind * classes..][..classes].iter().sum();
                self.score(total(0), total(1), total(2))
            }
            Averaging::Weighted => {
                let all = (0..classes).map(support).sum::<f64>() + EPSILON;
                let weighted =
                    self.scores(sums).zip(0..).map(|(f, class)| f * support(class) / all);
                weighted.sum()
            }
        }
    }

    /// The score of each class, from the added-up parts of the metric: the true positives of all
    /// classes, their false positives, their false negatives.
    pub fn scores(&self, sums: &[f64]) -> impl Iterator<Item = f64> {
        let classes = sums.len() / 3;
        let of = move |class: usize| [class, classes + class, 2 * classes + class].map(|i| sums[i]);
        (0..classes).map(of).map(|[tp, fp, fn_]| self.score(tp, fp, fn_))
    }

    fn score(&self, tp: f64, fp: f64, fn_: f64) -> f64 {
        let (precision, recall) = (tp / (tp + fp + EPSILON), tp / (tp + fn_ + EPSILON));
        let square = self.beta * self.beta;
        (1.0 + square) * precision * recall / (square * precision + recall + EPSILON)
    }
}

/// 1 for the largest of each row, for all of them if they are equal, unless it is 0: Keras' rule.
fn says_yes(prediction: Expr<'_>) -> Expr<'_> {
    let last = Axes::new(&[prediction.shape().rank().saturating_sub(1)]);
    let most = prediction.max_over(last).broadcast(prediction.shape());
    let size = prediction.abs();
    let some = size.fill_like(1e-9).less(size).cast(DType::F32);
    most.less_equal(prediction).cast(DType::F32) * some
}
