//! Max pooling, written so that little work comes after it.
//!
//! Functions that never fall do not change the order: the largest `max(x + b, 0)` is
//! `max(largest x + b, 0)`, to the last bit, because rounding never falls either. So a bias and a
//! rectifier before a pool can come after it, where each pass over memory, including the
//! gradient's, has a quarter of the elements.

use super::{Binary, Expr, Op, Window};
use crate::tensor::Shape;

impl<'g> Expr<'g> {
    /// The largest element of each window, channel by channel, of
    /// `[batch, depth, height, width, channels]`: see [`Op::PickMax`].
    ///
    /// Elements that a bias or a rectifier has made equal still count as different: the gradient goes to the one
    /// that was largest before.
    #[track_caller]
    pub fn max_pool(self, window: Window) -> Expr<'g> {
        largest(self, self.shape(), window)
    }
}

/// The largest element of each window of `x`, whose elements belong to a value of shape `whole`.
#[track_caller]
fn largest(x: Expr<'_>, whole: Shape, window: Window) -> Expr<'_> {
    match x.op() {
        Op::Reshape(inner) if inner.shape().last() == x.shape().last() => {
            largest(inner, whole, window)
        }
        Op::Binary(growing @ (Binary::Add | Binary::Max | Binary::Min), inner, number)
            if is_of_channel(number) =>
        {
            let pooled = largest(inner, whole, window);
            let number = match number.op() {
                Op::Broadcast(values) => values.reshape(&[whole.last()]),
                Op::Fill(number) => pooled.fill_like(number),
                _ => number,
            };
            pooled.binary(growing, number)
        }
        _ => {
            let x = x.reshape(whole.dims());
            x.pick_max(x, window)
        }
    }
}

/// Whether all points of a channel have the same number.
fn is_of_channel(x: Expr<'_>) -> bool {
    let channels = x.shape().last();
    match x.op() {
        Op::Fill(_) => true,
        Op::Broadcast(values) => {
            values.shape().elems() == channels && values.shape().last() == channels
        }
        _ => false,
    }
}
