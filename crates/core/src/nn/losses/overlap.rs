//! Losses of overlap, for pictures of which a small part is meant: one value for the whole batch.

use super::{EPSILON, Loss, TargetKind};
use crate::graph::Expr;

/// `1 - 2 Σ t · p / (Σ t + Σ p + 1e-7)`, all sums over the whole batch (Dice's coefficient).
///
/// Shapes: both the same, with any dimensions; the result is one value for the batch. (Keras' `axis=None`.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Dice;

impl Loss for Dice {
    fn name(&self) -> &'static str {
        "dice"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Probabilities
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let common = (target * prediction).sum_all();
        let all = target.sum_all() + prediction.sum_all() + EPSILON;
        (1.0 - 2.0 * common / all).reshape(&[1])
    }
}

/// `1 - c / (c + alpha · a + beta · b + 1e-7)`, with `c = Σ t · p`, `a = Σ t · (1 - p)` and
/// `b = Σ p · (1 - t)`, all sums over the whole batch (Salehi et al., 2017).
///
/// Shapes: both the same, with any dimensions; the result is one value for the batch. (Keras' `axis=None`.)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tversky {
    /// What it costs to miss. (The formula is Keras', whose text has it the other way round.) Default: 0.5.
    pub alpha: f64,
    /// What it costs to add. Default: 0.5.
    pub beta: f64,
}

impl Default for Tversky {
    fn default() -> Self {
        Tversky { alpha: 0.5, beta: 0.5 }
    }
}

impl Loss for Tversky {
    fn name(&self) -> &'static str {
        "tversky"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Probabilities
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let common = (target * prediction).sum_all();
        let missed = ((1.0 - prediction) * target).sum_all();
        let added = (prediction * (1.0 - target)).sum_all();
        let all = common + missed * self.alpha + added * self.beta + EPSILON;
        (1.0 - common / all).reshape(&[1])
    }
}
