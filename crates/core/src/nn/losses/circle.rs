//! The circle loss: predictions of one group lie close together, predictions of different groups far apart.

use super::{Loss, TargetKind};
use crate::graph::Expr;
use crate::nn::config::{Object, settings};
use crate::tensor::{Axes, DType};

/// `log(1 + Σ e^(gamma · n) · Σ e^(gamma · p))` for each prediction, over its pairs with all others of the batch:
/// with `d = max(1 - cosine, 0)`, `p = max(m + d, 0) · (d - m)` over predictions of its own group and
/// `n = max(1 + m - d, 0) · (1 - m - d)` over predictions of other groups, for a margin `m` (Sun et al., 2020).
///
/// Shapes: predictions `(batch, features)` of length 1, targets one integer each, of any value. A prediction
/// without a partner or without an opponent has loss 0, and only losses above 0 count in the mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// How sharply pairs are distinguished. Default: 80.
    pub gamma: f64,
    /// How far apart groups should be: 0 asks for most. Default: 0.4.
    pub margin: f64,
    /// Whether a prediction is excluded as its own partner. Default: yes.
    pub remove_diagonal: bool,
}

impl Default for Circle {
    fn default() -> Self {
        Circle { gamma: 80.0, margin: 0.4, remove_diagonal: true }
    }
}

settings! { Circle { field: gamma, margin, remove_diagonal; } }

impl Loss for Circle {
    fn name(&self) -> &'static str {
        "circle"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Groups
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let cosine = prediction.matmul(prediction.transpose());
        let distance = (1.0 - cosine).max(cosine.fill_like(0.0));
        let pairs = distance.shape();
        let same = target.broadcast(pairs).equal(target.transpose().broadcast(pairs));
        let builder = target.builder();
        let itself = builder.iota(0, pairs.dims()).equal(builder.iota(1, pairs.dims()));
        let alike = same.cast(DType::F32);
        let others = itself.select(builder.fill(0.0, pairs.dims()), alike);
        let partner = if self.remove_diagonal { others } else { alike };
        let opponent = (!same).cast(DType::F32);
        let above_zero = |x: Expr<'g>| x.max(x.fill_like(0.0));
        let near = above_zero(self.margin + distance) * (distance - self.margin);
        let far = above_zero(1.0 + self.margin - distance) * (1.0 - self.margin - distance);
        let sum = |values, chosen| log_sum_exp(self.gamma * values, chosen);
        (sum(near, partner) + sum(far, opponent)).softplus()
    }

    fn mask<'g>(&self, _: Expr<'g>, values: Expr<'g>) -> Option<Expr<'g>> {
        Some(values.fill_like(0.0).less(values).cast(DType::F32))
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("Circle", self))
    }
}

/// The logarithm of the sum of `e^x` over the chosen elements of each row; for none, a number so
/// small that softplus makes it 0.
fn log_sum_exp<'g>(x: Expr<'g>, chosen: Expr<'g>) -> Expr<'g> {
    let zero = chosen.fill_like(0.0);
    let x = zero.less(chosen).select(x, x.fill_like(-1e30));
    let most = x.max_over(Axes::new(&[1])).stop_gradient();
    most + (x - most).exp().sum_last().log()
}
