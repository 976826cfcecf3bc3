//! Losses of overlap, for pictures in which only a small part is meant: one value for the whole
//! batch, or for each picture.

use super::{EPSILON, Loss, TargetKind};
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::tensor::Axes;

/// `1 - 2 Σ t · p / (Σ t + Σ p + 1e-7)` (Dice's coefficient).
///
/// Shapes: both the same, with any dimensions. The sums are over the whole batch, which gives one value, or over
/// `axis`, with a value for each position along the others.
///
/// ```
/// use neurona_core::nn::Dice;
/// use neurona_core::tensor::Axes;
/// // A value for each picture `(height, width)` of a batch.
/// let each = Dice { axis: Some(Axes::new(&[1, 2])) };
/// # assert_ne!(each, Dice::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Dice {
    /// The dimensions to sum over. Default: all.
    pub axis: Option<Axes>,
}

settings! { Dice { field: axis; } }

impl Loss for Dice {
    fn name(&self) -> &'static str {
        "dice"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Probabilities
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let sum = |x: Expr<'g>| sum(x, self.axis);
        let common = sum(target * prediction);
        let all = sum(target) + sum(prediction) + EPSILON;
        1.0 - 2.0 * common / all
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Dice", self))
    }
}

/// The sum over some dimensions, which disappear, or over all; a dimension of size 1 is added at
/// the end.
fn sum(x: Expr<'_>, axis: Option<Axes>) -> Expr<'_> {
    let shape = x.shape();
    let over = axis.unwrap_or(Axes::all(shape));
    let dims = shape.dims().iter().enumerate();
    let left: Vec<usize> = dims.filter(|(i, _)| !over.contains(*i)).map(|(_, &d)| d).collect();
    x.sum(over).reshape(&[&left[..], &[1]].concat())
}

/// `1 - c / (c + alpha · a + beta · b + 1e-7)`, with `c = Σ t · p`, `a = Σ t · (1 - p)` and
/// `b = Σ p · (1 - t)` (Salehi et al., 2017).
///
/// Shapes: both the same, with any dimensions. The sums are over the whole batch, which gives one value, or over
/// `axis`, with a value for each position along the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tversky {
    /// The weight of false negatives. (The formula is Keras', whose text has it the other way round.) Default: 0.5.
    pub alpha: f64,
    /// The weight of false positives. Default: 0.5.
    pub beta: f64,
    /// The dimensions to sum over. Default: all.
    pub axis: Option<Axes>,
}

impl Default for Tversky {
    fn default() -> Self {
        Tversky { alpha: 0.5, beta: 0.5, axis: None }
    }
}

settings! { Tversky { field: alpha, beta, axis; } }

impl Loss for Tversky {
    fn name(&self) -> &'static str {
        "tversky"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Probabilities
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let sum = |x: Expr<'g>| sum(x, self.axis);
        let common = sum(target * prediction);
        let missed = sum((1.0 - prediction) * target);
        let added = sum(prediction * (1.0 - target));
        let all = common + missed * self.alpha + added * self.beta + EPSILON;
        1.0 - common / all
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Tversky", self))
    }
}
