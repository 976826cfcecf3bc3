//! Reverse-mode differentiation, as more nodes of the same graph.

use super::{Binary, Expr, Op, Reduction, Unary};
use crate::tensor::{Axes, DType, Shape};
use std::f64::consts::PI;

/// The gradient of the scalar `loss` with respect to each of `targets`, built onto the same graph.
///
/// A target that `loss` does not depend on, or only through [`Op::StopGradient`], has gradient zero.
///
/// ```
/// use neurona_core::graph::{Builder, Role, gradients, interpret, Value};
/// use neurona_core::tensor::DType;
///
/// let builder = Builder::new();
/// let x = builder.input("x", Role::Batch, DType::F32, &[2]);
/// let dx = gradients((x * x).sum_all(), &[x])[0];
/// builder.output("dx", dx);
/// let y = interpret(&builder.finish()?, &[Value::Float(vec![3.0f64, -1.0])]);
/// assert_eq!(y, [Value::Float(vec![6.0, -2.0])]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn gradients<'g>(loss: Expr<'g>, targets: &[Expr<'g>]) -> Vec<Expr<'g>> {
    let builder = loss.builder();
    let mut grads = vec![None; loss.id().index() + 1];
    grads[loss.id().index()] = Some(loss.fill_like(1.0));

    // A node comes after its operands, so counting down meets every user of a value before the value.
    for index in (0..=loss.id().index()).rev() {
        let Some(dy) = grads[index] else { continue };
        let y = builder.expr(super::NodeId(index as u32));
        for (x, dx) in builder.scoped_like(y.id(), || rule(y, dy)) {
            let slot: &mut Option<Expr<'g>> = &mut grads[x.id().index()];
            *slot = Some(slot.map_or(dx, |sum| sum + dx));
        }
    }
    let found = |x: &Expr<'g>| grads.get(x.id().index()).copied().flatten();
    targets.iter().map(|x| found(x).unwrap_or_else(|| x.fill_like(0.0))).collect()
}

/// Each operand of `y` with its share of `dy`. One arm for each operation.
fn rule<'g>(y: Expr<'g>, dy: Expr<'g>) -> Vec<(Expr<'g>, Expr<'g>)> {
    // `dy` where a condition holds, otherwise nothing.
    let only = |condition: Expr<'g>| condition.select(dy, dy.fill_like(0.0));
    match y.op() {
        Op::Input(_) | Op::Fill(_) | Op::Iota(_) | Op::Uniform(..) => vec![],
        // Truth values, integers, steps and positions are flat wherever they have a derivative at all.
        Op::Unary(Unary::Sign | Unary::Not | Unary::Floor, _)
        | Op::Binary(Binary::Equal | Binary::Less | Binary::LessEqual, ..)
        | Op::ArgMax(..)
        | Op::Cast(_)
        | Op::StopGradient(_) => vec![],

        Op::Unary(Unary::Neg, x) => vec![(x, -dy)],
        Op::Unary(Unary::Abs, x) => vec![(x, dy * x.sign())],
        Op::Unary(Unary::Exp, x) => vec![(x, dy * y)],
        Op::Unary(Unary::Log, x) => vec![(x, dy / x)],
        Op::Unary(Unary::Sqrt, x) => vec![(x, dy * 0.5 / y)],
        Op::Unary(Unary::Tanh, x) => vec![(x, dy * (1.0 - y * y))],
        Op::Unary(Unary::Sigmoid, x) => vec![(x, dy * (y * (1.0 - y)))],
        Op::Unary(Unary::Softplus, x) => vec![(x, dy * x.sigmoid())],
        Op::Unary(Unary::Erf, x) => vec![(x, dy * (2.0 / PI.sqrt() * (-(x * x)).exp()))],
        Op::Unary(Unary::Sin, x) => vec![(x, dy * x.cos())],
        Op::Unary(Unary::Cos, x) => vec![(x, -(dy * x.sin()))],

        Op::Binary(Binary::Add, a, b) => vec![(a, dy), (b, dy)],
        Op::Binary(Binary::Sub, a, b) => vec![(a, dy), (b, -dy)],
        Op::Binary(Binary::Mul, a, b) => vec![(a, dy * b), (b, dy * a)],
        Op::Binary(Binary::Div, a, b) => vec![(a, dy / b), (b, -(dy * y / b))],
        Op::Binary(Binary::Pow, a, b) => vec![(a, dy * b * a.pow(b - 1.0)), (b, dy * y * a.log())],
        // Of equals, the second gets the gradient: relu(x) = max(x, 0) has derivative 0 at 0.
        Op::Binary(Binary::Max, a, b) => vec![(a, only(b.less(a))), (b, only(a.less_equal(b)))],
        // Of equals, the first: elu(x) = alpha · (exp(min(x, 0)) - 1) below 0 has derivative alpha at 0.
        Op::Binary(Binary::Min, a, b) => vec![(a, only(a.less_equal(b))), (b, only(b.less(a)))],

        Op::Select(c, a, b) => vec![(a, only(c)), (b, only(!c))],
        Op::Broadcast(x) => vec![(x, unbroadcast(dy, x.shape()))],
        Op::Reshape(x) => vec![(x, dy.reshape(x.shape().dims()))],
        Op::Transpose(x) => vec![(x, dy.transpose())],
        Op::Permute(x, order) => vec![(x, dy.permute(order.inverse().dims()))],
        Op::Flip(x, axis) => vec![(x, dy.flip(axis))],
        Op::Slice(x, span) => vec![(x, dy.pad(span, x.shape().dims()[span.axis]))],
        Op::Pad(x, span) => vec![(x, dy.slice(span, x.shape().dims()[span.axis]))],
        Op::Gather(x, numbers) => vec![(x, numbers.scatter_add(dy, x.shape().dims()[1]))],
        Op::ScatterAdd(numbers, x) => vec![(x, dy.gather(numbers))],
        Op::Reduce(Reduction::Sum, x, _) => vec![(x, dy.broadcast(x.shape()))],
        // Equal maxima share the gradient.
        Op::Reduce(Reduction::Max, x, axes) => {
            let hit = x.equal(y.broadcast(x.shape())).cast(DType::F32);
            vec![(x, hit * (dy / hit.sum(axes)))]
        }
        Op::MatMul(a, b) => vec![(a, dy.matmul(b.transpose())), (b, a.transpose().matmul(dy))],
        // A convolution is linear in both operands, and these three are each other's gradients.
        Op::Conv(x, kernel, window) => vec![
            (x, dy.conv_input(kernel, window, x.shape())),
            (kernel, x.conv_kernel(dy, window, kernel.shape())),
        ],
        Op::ConvInput(y, kernel, window) => {
            vec![(y, dy.conv(kernel, window)), (kernel, dy.conv_kernel(y, window, kernel.shape()))]
        }
        Op::ConvKernel(x, y, window) => {
            vec![(x, y.conv_input(dy, window, x.shape())), (y, x.conv(dy, window))]
        }
        // The position of the largest changes nowhere, except where two are equal.
        Op::PickMax(x, values, window) => vec![(values, x.put_max(dy, window))],
        Op::PutMax(x, values, window) => vec![(values, x.pick_max(dy, window))],
        Op::SumPool(x, window) => vec![(x, dy.spread_pool(window, x.shape()))],
        Op::SpreadPool(x, window) => vec![(x, dy.sum_pool(window))],
        // The product with softmax's Jacobian, without forming it.
        Op::Softmax(x) => vec![(x, y * (dy - (y * dy).sum_last()))],
        Op::LogSoftmax(x) => vec![(x, dy - x.softmax() * dy.sum_last())],
    }
}

/// The sum of `dy` over everything that a broadcast from `shape` repeated.
fn unbroadcast(dy: Expr<'_>, shape: Shape) -> Expr<'_> {
    let new = dy.shape().rank() - shape.rank();
    let repeated: Vec<usize> = (0..dy.shape().rank())
        .filter(|&axis| {
            axis < new || (shape.dims()[axis - new] == 1 && dy.shape().dims()[axis] != 1)
        })
        .collect();
    dy.sum(Axes::new(&repeated)).reshape(shape.dims())
}
