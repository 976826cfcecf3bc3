//! Elements moved to other places: dimensions in another order, parts of a value, rows by number.

use crate::pool::Pool;
use neurona_core::compile::{Axis, Slot};
use neurona_core::graph::Span;
use neurona_core::tensor::Order;

/// How many elements are worth a piece of work of their own.
const PIECE: usize = 1 << 14;

/// Dimensions in another order.
pub(crate) fn permute<T: Copy + Send + Sync>(
    [from, to]: [Slot; 2],
    x: &[T],
    out: &mut [T],
    order: Order,
    pool: &Pool,
) {
    let strides = from.ty.shape.strides();
    let axes = order.dims().iter().zip(to.ty.shape.dims());
    let axes: Axes = collect(axes.map(|(&axis, &size)| Axis { size, stride: strides[axis] }));
    copy(x, &axes, out, pool);
}

/// Positions along a dimension.
pub(crate) fn slice<T: Copy + Send + Sync>(
    [from, to]: [Slot; 2],
    x: &[T],
    out: &mut [T],
    span: Span,
    pool: &Pool,
) {
    let strides = from.ty.shape.strides();
    // A step that is never taken may be as long as numbers go.
    let stride = |axis: usize| {
        if axis == span.axis { strides[axis].saturating_mul(span.step) } else { strides[axis] }
    };
    let dims = to.ty.shape.dims().iter().enumerate();
    let axes: Axes = collect(dims.map(|(axis, &size)| Axis { size, stride: stride(axis) }));
    copy(x.get(span.start * strides[span.axis]..).unwrap_or_default(), &axes, out, pool);
}

/// The reverse order along a dimension.
pub(crate) fn flip<T: Copy + Send + Sync>(
    slot: Slot,
    x: &[T],
    out: &mut [T],
    axis: usize,
    pool: &Pool,
) {
    let (size, stride) = (slot.ty.shape.dims()[axis], slot.ty.shape.strides()[axis]);
    let block = (size * stride).max(1);
    let piece = PIECE.div_ceil(block);
    pool.for_chunks(out, piece * block, |number, out| {
        let x = x[number * piece * block..].chunks_exact(block);
        for (x, out) in x.zip(out.chunks_exact_mut(block)) {
            for (x, out) in x.chunks_exact(stride).rev().zip(out.chunks_exact_mut(stride)) {
                out.copy_from_slice(x);
            }
        }
    });
}

/// Zeros, except at some positions along a dimension.
pub(crate) fn pad<T: Copy + Default + Send + Sync>(
    [from, to]: [Slot; 2],
    x: &[T],
    out: &mut [T],
    span: Span,
    pool: &Pool,
) {
    let inner = from.ty.shape.strides()[span.axis];
    let (count, len) = (from.ty.shape.dims()[span.axis], to.ty.shape.dims()[span.axis]);
    if x.is_empty() {
        return out.fill(T::default());
    }
    let (narrow, wide) = (count * inner, len * inner);
    let piece = PIECE.div_ceil(wide);
    pool.for_chunks(out, piece * wide, |number, out| {
        let x = x[number * piece * narrow..].chunks_exact(narrow);
        for (x, out) in x.zip(out.chunks_exact_mut(wide)) {
            if span.step == 1 {
                let (before, rest) = out.split_at_mut(span.start * inner);
                let (here, after) = rest.split_at_mut(narrow);
                before.fill(T::default());
                here.copy_from_slice(x);
                after.fill(T::default());
                continue;
            }
            out.fill(T::default());
            for (i, x) in x.chunks_exact(inner).enumerate() {
                out[(span.start + i * span.step) * inner..][..inner].copy_from_slice(x);
            }
        }
    });
}

/// Rows by number; a number that no row has gives zeros.
pub(crate) fn gather(
    [from, to]: [Slot; 2],
    x: &[f32],
    numbers: &[i32],
    out: &mut [f32],
    pool: &Pool,
) {
    let (rows, width, count) = (from.ty.shape.dims()[1], to.ty.shape.last(), to.ty.shape.dims()[1]);
    if width == 0 {
        return;
    }
    let piece = PIECE.div_ceil(width);
    pool.for_chunks(out, piece * width, |number, out| {
        for (i, out) in out.chunks_exact_mut(width).enumerate() {
            let i = number * piece + i;
            match usize::try_from(numbers[i]) {
                Ok(row) if row < rows => {
                    out.copy_from_slice(&x[(i / count * rows + row) * width..][..width]);
                }
                _ => out.fill(0.0),
            }
        }
    });
}

/// Rows added up by number, in their order; values whose number no row has are left out.
pub(crate) fn scatter_add([from, to]: [Slot; 2], x: &[f32], numbers: &[i32], out: &mut [f32]) {
    let (count, width, rows) =
        (from.ty.shape.dims()[1], from.ty.shape.last(), to.ty.shape.dims()[1]);
    out.fill(0.0);
    if width == 0 {
        return;
    }
    for (i, x) in x.chunks_exact(width).enumerate() {
        if let Some(row) = usize::try_from(numbers[i]).ok().filter(|row| *row < rows) {
            let out = &mut out[(i / count * rows + row) * width..][..width];
            out.iter_mut().zip(x).for_each(|(out, x)| *out += x);
        }
    }
}

/// Dimensions to walk along, outermost first.
type Axes = ([Axis; 8], usize);

fn collect(axes: impl Iterator<Item = Axis>) -> Axes {
    let mut out = ([Axis { size: 1, stride: 0 }; 8], 0);
    for axis in axes {
        out.0[out.1] = axis;
        out.1 += 1;
    }
    out
}

/// Fills `out`, in order, with elements along axes.
fn copy<T: Copy + Send + Sync>(x: &[T], (axes, rank): &Axes, out: &mut [T], pool: &Pool) {
    let Some((inner, outer)) = axes[..*rank].split_last() else {
        return out.copy_from_slice(&x[..1]);
    };
    if out.is_empty() {
        return;
    }
    let rows = PIECE.div_ceil(inner.size);
    pool.for_chunks(out, rows * inner.size, |number, out| {
        for (i, out) in out.chunks_exact_mut(inner.size).enumerate() {
            let start = crate::reduce::offset(outer, number * rows + i);
            if inner.stride == 1 {
                out.copy_from_slice(&x[start..][..inner.size]);
            } else {
                let x = x[start..].iter().step_by(inner.stride.max(1));
                out.iter_mut().zip(x).for_each(|(out, x)| *out = *x);
            }
        }
    });
}
