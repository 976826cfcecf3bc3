//! Mean and variance along axes, and what all normalizations do with them.

use crate::graph::Expr;
use crate::nn::{Scope, WeightSettings};
use crate::tensor::{Axes, Shape};

/// Mean and variance over some dimensions, which stay with size 1. The variance is divided by the
/// count of the numbers.
pub(super) fn moments(x: Expr<'_>, over: Axes) -> (Expr<'_>, Expr<'_>) {
    let mean = mean_over(x, over);
    let difference = x - mean;
    (mean, mean_over(difference * difference, over))
}

/// The mean over some dimensions, which stay with size 1.
pub(super) fn mean_over(x: Expr<'_>, over: Axes) -> Expr<'_> {
    let shape = x.shape();
    let count: usize = over.iter().map(|axis| shape.dims()[axis]).product();
    x.sum(over) / count as f64
}

/// `x / max(length, epsilon)` with lengths `√Σx²` over some dimensions.
pub(super) fn unit_length(x: Expr<'_>, over: Axes, epsilon: f64) -> Expr<'_> {
    let square = (x * x).sum(over);
    // Inside the root, so that a vector of zeros has a gradient.
    x / square.max(square.fill_like(epsilon * epsilon)).sqrt()
}

/// `(x - mean) / √(variance + epsilon) · gamma + beta`, written as a factor and an added number, as
/// Keras does.
pub(super) fn normalized<'g>(
    x: Expr<'g>,
    (mean, variance): (Expr<'g>, Expr<'g>),
    epsilon: f64,
    gamma: Option<Expr<'g>>,
    beta: Option<Expr<'g>>,
) -> Expr<'g> {
    let factor = 1.0 / (variance + epsilon).sqrt();
    let factor = gamma.map_or(factor, |gamma| factor * gamma);
    let summand = -mean * factor;
    let summand = beta.map_or(summand, |beta| summand + beta);
    x * factor + summand
}

/// A weight with the sizes of some dimensions of a shape, reshaped to all its dimensions so that it
/// broadcasts.
pub(super) fn weight_along<'g>(
    scope: &Scope<'g>,
    name: &str,
    (shape, axes): (Shape, &[usize]),
    settings: WeightSettings,
) -> Expr<'g> {
    let dims: Vec<usize> = axes.iter().map(|&axis| shape.dims()[axis]).collect();
    scope.weight(name, &dims, settings).reshape(&spread(shape, axes))
}

/// The sizes of a shape along some dimensions, 1 along all others.
pub(super) fn spread(shape: Shape, axes: &[usize]) -> Vec<usize> {
    let sizes = shape.dims().iter().enumerate();
    sizes.map(|(axis, &size)| if axes.contains(&axis) { size } else { 1 }).collect()
}

/// All dimensions of a shape but some.
pub(super) fn all_but(shape: Shape, axes: &[usize]) -> Axes {
    Axes::new(&(0..shape.rank()).filter(|axis| !axes.contains(axis)).collect::<Vec<_>>())
}
