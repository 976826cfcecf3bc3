//! Values between the points of a picture: how one becomes larger or smaller along a dimension.

use crate::graph::Expr;
use crate::nn::config::names;
use crate::tensor::{Axes, DType, Shape};

/// How values between the points of a picture are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// The nearest point.
    Nearest,
    /// A share of each of the surrounding points.
    Bilinear,
}

names! { Interpolation ("interpolation", "ninguna interpolación"):
    Nearest "nearest", Bilinear "bilinear",
}

/// A value resized to `len` points along a dimension. A point stands for the stretch from
/// half a point before it to half a point after it, so that the edges stay the edges.
pub(super) fn resize(x: Expr<'_>, axis: usize, len: usize, how: Interpolation) -> Expr<'_> {
    let from = x.shape().dims()[axis];
    if from == len {
        return x;
    }
    if how == Interpolation::Nearest && len.is_multiple_of(from) {
        return repeat(x, axis, len / from);
    }
    // How much of each point (a row) goes into each new one (a column).
    let position = |axis| x.builder().iota(axis, &[from, len]).cast(DType::F32);
    let (point, new) = (position(0), position(1));
    let middle = (new + 0.5) * from as f64 / len as f64;
    let share = match how {
        Interpolation::Nearest => middle.floor().equal(point).cast(DType::F32),
        Interpolation::Bilinear => {
            let near = 1.0 - (middle - 0.5 - point).abs();
            let near = near.max(near.fill_like(0.0));
            // Beyond the first and the last point there is only that point.
            near / near.sum(Axes::new(&[0]))
        }
    };
    mix(x, axis, share)
}

/// Each point along a dimension, repeated this many times.
fn repeat(x: Expr<'_>, axis: usize, times: usize) -> Expr<'_> {
    let shape = x.shape();
    let (outer, inner) = shape.dims().split_at(axis + 1);
    let (outer, inner) = (outer.iter().product(), inner.iter().product());
    let mut dims = shape.dims().to_vec();
    dims[axis] *= times;
    match Shape::new(&[outer, times, inner]) {
        Ok(each) => x.reshape(&[outer, 1, inner]).broadcast(each).reshape(&dims),
        Err(error) => {
            x.builder().fail(error);
            x
        }
    }
}

/// The points along a dimension, mixed by a matrix `[points, new points]`.
fn mix<'g>(x: Expr<'g>, axis: usize, shares: Expr<'g>) -> Expr<'g> {
    let rank = x.shape().rank();
    let mut order: Vec<usize> = (0..rank).filter(|&i| i != axis).collect();
    order.push(axis);
    let last = x.permute(&order);
    let mut dims = last.shape().dims().to_vec();
    let rows: usize = dims[..rank - 1].iter().product();
    let mixed = last.reshape(&[rows, dims[rank - 1]]).matmul(shares);
    dims[rank - 1] = mixed.shape().last();
    let mut back: Vec<usize> = (0..rank - 1).collect();
    back.insert(axis, rank - 1);
    mixed.reshape(&dims).permute(&back)
}
