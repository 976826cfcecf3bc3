//! Kernels of whole values: softmax, the largest of a row, transposition.

use crate::arena::Plain;
use crate::lanes::{LANES, Lanes, dispatch};
use crate::level::Level;
use crate::math;
use crate::pool::Pool;
use crate::reduce;
use neurona_core::compile::Axis;

/// How many elements are worth a piece of work of their own: some 5 µs of exponentials.
const PIECE: usize = 1 << 13;

/// Softmax of each row of `columns` values: the maximum, the exponentials and their sum, one division.
/// Or its logarithm.
pub(crate) fn softmax(
    level: Level,
    x: &[f32],
    out: &mut [f32],
    columns: usize,
    log: bool,
    pool: &Pool,
) {
    let rows = PIECE.div_ceil(columns.max(1));
    pool.for_chunks(out, rows * columns, |piece, out| {
        let x = &x[piece * rows * columns..][..out.len()];
        dispatch!(level, softmax_rows(x: &[f32], out: &mut [f32], columns: usize, log: bool));
    });
}

#[inline(always)]
fn softmax_rows<V: Lanes>(x: &[f32], out: &mut [f32], columns: usize, log: bool) {
    let at_once = if columns <= LANES { AT_ONCE } else { 1 };
    let rows = x.chunks(at_once * columns).zip(out.chunks_mut(at_once * columns));
    for (x, out) in rows {
        // SAFETY: `dispatch!` runs the copy for a level only where the processor has it.
        unsafe {
            if at_once > 1 && x.len() == at_once * columns {
                softmax_short::<V>(x, out, columns, log);
            } else {
                for (x, out) in x.chunks_exact(columns).zip(out.chunks_exact_mut(columns)) {
                    softmax_row::<V>(x, out, log);
                }
            }
        }
    }
}

/// How many rows of one vector are computed together, so that none waits for its own sums.
const AT_ONCE: usize = 4;

/// [`softmax_row`] for a few rows of one vector each; the same bits.
///
/// # Safety
/// The processor has the level.
#[inline(always)]
unsafe fn softmax_short<V: Lanes>(x: &[f32], out: &mut [f32], columns: usize, log: bool) {
    let mut sums = [1.0; AT_ONCE];
    let mut logs = [0.0; AT_ONCE];
    // SAFETY: the caller's promise; arrays have room.
    unsafe {
        let none = V::splat(f32::NEG_INFINITY);
        let (mut shifted, mut exps) = ([none; AT_ONCE], [none; AT_ONCE]);
        for (row, x) in x.chunks_exact(columns).enumerate() {
            let x = padded::<V>(x);
            shifted[row] = x.sub(x.same(none.if_less(x, x, none).largest()));
        }
        for row in 0..AT_ONCE {
            exps[row] = math::exp(shifted[row]);
            sums[row] = exps[row].sum();
        }
        math::ln(V::load_first(sums.as_ptr(), AT_ONCE, 1.0))
            .store_first(logs.as_mut_ptr(), AT_ONCE);
        for (row, out) in out.chunks_exact_mut(columns).enumerate() {
            let value = if log {
                shifted[row].sub(none.same(logs[row]))
            } else {
                exps[row].div(none.same(sums[row]))
            };
            store(value, out);
        }
    }
}

/// # Safety
/// The processor has the level.
#[inline(always)]
unsafe fn softmax_row<V: Lanes>(x: &[f32], out: &mut [f32], log: bool) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut max = V::splat(f32::NEG_INFINITY);
        for x in x.chunks(LANES) {
            // Comparisons are false for NaN, so a NaN is passed over here and spreads through the sum.
            let x = padded::<V>(x);
            max = max.if_less(x, x, max);
        }
        let max = max.same(max.largest());
        let mut sums = max.same(0.0);
        for (x, out) in x.chunks(LANES).zip(out.chunks_mut(LANES)) {
            // Lanes beyond the row hold e^-∞, which is 0.
            let shifted = padded::<V>(x).sub(max);
            let exp = math::exp(shifted);
            sums = sums.add(exp);
            store(if log { shifted } else { exp }, out);
        }
        let sum = sums.same(sums.sum());
        let log_sum = math::ln(sum);
        for out in out.chunks_mut(LANES) {
            let value = padded::<V>(out);
            store(if log { value.sub(log_sum) } else { value.div(sum) }, out);
        }
    }
}

/// A vector of these numbers, padded with -∞ if they are fewer than sixteen.
///
/// # Safety
/// The processor has the level.
#[inline(always)]
unsafe fn padded<V: Lanes>(x: &[f32]) -> V {
    // SAFETY: the slice exists; the rest is the caller's promise.
    unsafe { V::load_first(x.as_ptr(), x.len(), f32::NEG_INFINITY) }
}

/// Writes as many lanes as there is room for.
#[inline(always)]
fn store<V: Lanes>(value: V, out: &mut [f32]) {
    // SAFETY: there is room.
    unsafe { value.store_first(out.as_mut_ptr(), out.len()) };
}

/// The position of the largest element along an axis: the first one's, if several are equal.
pub(crate) fn argmax(level: Level, x: &[f32], out: &mut [i32], axis: Axis, pool: &Pool) {
    let Axis { size, stride } = axis;
    let piece = MOVED.div_ceil(size.max(1));
    pool.for_chunks(out, piece, |number, out| {
        let first = number * piece;
        if stride == 1 && size > 0 {
            let x = &x[first * size..];
            dispatch!(level, argmax_rows(x: &[f32], size: usize, out: &mut [i32]));
            return;
        }
        for (i, out) in out.iter_mut().enumerate() {
            let i = first + i;
            // The outer dimensions skip `size` elements along the axis, the inner ones none.
            let start = i / stride * size * stride + i % stride;
            let mut best = 0;
            for j in 1..size {
                if x[start + j * stride] > x[start + best * stride] {
                    best = j;
                }
            }
            *out = best as i32;
        }
    });
}

#[inline(always)]
fn argmax_rows<V: Lanes>(x: &[f32], size: usize, out: &mut [i32]) {
    for (x, out) in x.chunks_exact(size).zip(out) {
        let most = if size > LANES { reduce::largest::<V>(x) } else { f32::NAN };
        // Nothing equals NaN, nor is it larger than anything: then they are compared one by one.
        let first = x.iter().position(|x| *x == most);
        *out = first.unwrap_or_else(|| first_largest(x)) as i32;
    }
}

fn first_largest(x: &[f32]) -> usize {
    let (mut best, mut largest) = (0, x[0]);
    for (i, &x) in x.iter().enumerate() {
        let larger = x > largest;
        best = if larger { i } else { best };
        largest = if larger { x } else { largest };
    }
    best
}

/// How many elements are worth a piece of work of their own, if they are only moved or compared.
const MOVED: usize = 1 << 14;

/// Rows and columns exchanged, in tiles that fit the cache.
pub(crate) fn transpose<T: Plain + Send + Sync>(
    x: &[T],
    out: &mut [T],
    rows: usize,
    columns: usize,
    pool: &Pool,
) {
    const TILE: usize = 32;
    let piece = MOVED.div_ceil(rows.max(1)).next_multiple_of(TILE);
    pool.for_chunks(out, piece * rows, |number, out| {
        let (first, columns_here) = (number * piece, out.len() / rows);
        for first_row in (0..rows).step_by(TILE) {
            for first_column in (0..columns_here).step_by(TILE) {
                for row in first_row..rows.min(first_row + TILE) {
                    for column in first_column..columns_here.min(first_column + TILE) {
                        out[column * rows + row] = x[row * columns + first + column];
                    }
                }
            }
        }
    });
}
