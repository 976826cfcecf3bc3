//! Losses between distributions, and for counts.

use super::{EPSILON, Loss, TargetKind};
use crate::graph::Expr;
use crate::nn::config::{Object, settings};

/// `Σ target · log(target / prediction)`, with both kept within [1e-7, 1] (Kullback and Leibler).
///
/// Shapes: targets and predictions `(…, classes)`, each row a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct KLDivergence;

settings! { KLDivergence {  } }

impl Loss for KLDivergence {
    fn name(&self) -> &'static str {
        "kl_divergence"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Probabilities
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let (target, prediction) = (target.clip(EPSILON, 1.0), prediction.clip(EPSILON, 1.0));
        (target * (target / prediction).log()).sum_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("KLDivergence", self))
    }
}

/// `prediction - target · log(prediction + 1e-7)`, the mean over the outputs: for counts, with the prediction
/// their expected number.
///
/// Shapes: both `(…, outputs)`. Predictions must not be negative: end the network with softplus or exponential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Poisson;

settings! { Poisson {  } }

impl Loss for Poisson {
    fn name(&self) -> &'static str {
        "poisson"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        (prediction - target * (prediction + EPSILON).log()).mean_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Poisson", self))
    }
}
