//! Random numbers for training: uniform between two bounds, and normal.

use crate::graph::Expr;
use crate::nn::Scope;
use crate::tensor::Shape;
use std::f64::consts::TAU;

/// Random numbers uniform between two bounds, or nothing outside training.
pub(super) fn between<'g>(
    scope: &Scope<'g>,
    shape: Shape,
    [low, high]: [f64; 2],
) -> Option<Expr<'g>> {
    scope.random(shape).map(|random| random * (high - low) + low)
}

/// Normally distributed random numbers with mean 0 and deviation 1, or nothing outside training:
/// `√(-2 log(1 - u)) · cos(2π v)` with uniform `u` and `v` (Box and Muller, 1958).
pub(super) fn normal<'g>(scope: &Scope<'g>, shape: Shape) -> Option<Expr<'g>> {
    let (u, v) = (scope.random(shape)?, scope.random(shape)?);
    // `u` is below 1, so that the logarithm is finite.
    Some((-2.0 * (1.0 - u).log()).sqrt() * (v * TAU).cos())
}
