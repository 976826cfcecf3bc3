//! Hinge losses: how much is missing to a margin of 1 between right and wrong.

use super::{Loss, TargetKind};
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::tensor::{Axes, DType};

/// `max(1 - target · prediction, 0)`, the mean over the outputs. Shapes: both `(…, outputs)`.
///
/// Targets are -1 and 1; a batch whose targets are all 0 or 1 is converted to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Hinge;

settings! { Hinge {  } }

impl Loss for Hinge {
    fn name(&self) -> &'static str {
        "hinge"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let lack = 1.0 - signs(target) * prediction;
        lack.max(lack.fill_like(0.0)).mean_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Hinge", self))
    }
}

/// `max(1 - target · prediction, 0)²`, the mean over the outputs. Shapes: both `(…, outputs)`.
///
/// Targets are -1 and 1; a batch whose targets are all 0 or 1 is converted to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SquaredHinge;

settings! { SquaredHinge {  } }

impl Loss for SquaredHinge {
    fn name(&self) -> &'static str {
        "squared_hinge"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let lack = 1.0 - signs(target) * prediction;
        let lack = lack.max(lack.fill_like(0.0));
        (lack * lack).mean_last()
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("SquaredHinge", self))
    }
}

/// Targets 0 and 1 as -1 and 1, if all of them are one or the other.
fn signs(target: Expr<'_>) -> Expr<'_> {
    let is = |value| target.equal(target.fill_like(value));
    let other = (!is(0.0)).select((!is(1.0)).cast(DType::F32), target.fill_like(0.0));
    let any = other.max_over(Axes::all(target.shape()));
    let binary = any.equal(any.fill_like(0.0)).broadcast(target.shape());
    binary.select(2.0 * target - 1.0, target)
}

/// `max(wrong - right + 1, 0)`, with `right = Σ target · prediction` and `wrong` the largest of
/// `(1 - target) · prediction`. Shapes: targets and predictions `(…, classes)`; integer labels
/// `(…)` are also accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CategoricalHinge;

settings! { CategoricalHinge {  } }

impl Loss for CategoricalHinge {
    fn name(&self) -> &'static str {
        "categorical_hinge"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let right = (target * prediction).sum_last();
        let last = Axes::new(&[target.shape().rank().saturating_sub(1)]);
        let wrong = ((1.0 - target) * prediction).max_over(last);
        let lack = wrong - right + 1.0;
        lack.max(lack.fill_like(0.0))
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("CategoricalHinge", self))
    }
}
