//! Sums and maxima, added in an order that depends on the shape alone.

use crate::lanes::{LANES, Lanes, dispatch};
use crate::level::Level;
use crate::math;
use crate::pool::Pool;
use neurona_core::compile::Axis;
use neurona_core::graph::{Binary, Real, Reduction};

/// How many elements are worth a piece of work of their own: some 10 µs.
const PIECE: usize = 1 << 16;

/// For each position along `kept`, the sum or maximum of `x` along `reduced`.
pub(crate) fn run(
    level: Level,
    reduction: Reduction,
    x: &[f32],
    out: &mut [f32],
    [kept, reduced]: [&[Axis]; 2],
    pool: &Pool,
) {
    let length: usize = reduced.iter().map(|axis| axis.size).product();
    let piece = PIECE.div_ceil(length.max(1)).next_multiple_of(LANES);
    match (kept, reduced) {
        // One row each: the innermost dimension is reduced.
        ([] | [_], [Axis { size, stride: 1 }]) => {
            let rows =
                Strided { size: *size, apart: kept.first().map_or(*size, |axis| axis.stride) };
            pool.for_chunks(out, piece, |number, out| {
                let x = &x[number * piece * rows.apart..];
                dispatch!(level, each_row(reduction: Reduction, x: &[f32], rows: Strided, out: &mut [f32]));
            });
        }
        // One column each: the outermost dimension is reduced.
        ([Axis { stride: 1, .. }], [Axis { size, stride }]) => {
            let rows = Strided { size: *size, apart: *stride };
            pool.for_chunks(out, piece, |number, out| {
                out.fill(start(reduction));
                let x = x.get(number * piece..).unwrap_or_default();
                dispatch!(level, each_column(reduction: Reduction, x: &[f32], rows: Strided, out: &mut [f32]));
            });
        }
        // The innermost kept axis makes rows; those at the same place outside become one.
        ([outer @ .., Axis { size: width, stride: 1 }], _) => {
            pool.for_chunks(out, piece, |number, mut out| {
                let mut first = number * piece;
                while !out.is_empty() {
                    let column = first % width;
                    let (row, rest) = out.split_at_mut(out.len().min(width - column));
                    row.fill(start(reduction));
                    let base = offset(outer, first / width) + column;
                    for i in 0..length {
                        let x = &x[base + offset(reduced, i)..];
                        dispatch!(level, join(reduction: Reduction, x: &[f32], row: &mut [f32]));
                    }
                    first += row.len();
                    out = rest;
                }
            });
        }
        _ => {
            let (inner, outer) = reduced.split_last().unwrap_or((&ONCE, &[]));
            let times: usize = outer.iter().map(|axis| axis.size).product();
            pool.for_chunks(out, piece, |number, out| {
                for (i, out) in out.iter_mut().enumerate() {
                    let base = offset(kept, number * piece + i);
                    *out = start(reduction);
                    for j in 0..times {
                        let x = &x[base + offset(outer, j)..];
                        let values = (0..inner.size).map(|i| x[i * inner.stride]);
                        *out = match reduction {
                            Reduction::Sum => values.fold(*out, |sum, x| sum + x),
                            Reduction::Max => values.fold(*out, max),
                        };
                    }
                }
            });
        }
    }
}

/// The axis to walk along where there is none.
const ONCE: Axis = Axis { size: 1, stride: 0 };

/// Rows to reduce, or to reduce over: how long or how many they are, and how far apart.
#[derive(Clone, Copy)]
struct Strided {
    size: usize,
    apart: usize,
}

#[inline(always)]
fn each_row<V: Lanes>(reduction: Reduction, x: &[f32], rows: Strided, out: &mut [f32]) {
    for (i, out) in out.iter_mut().enumerate() {
        let x = &x[i * rows.apart..][..rows.size];
        *out = match reduction {
            Reduction::Sum => sum::<V>(x),
            Reduction::Max => largest::<V>(x),
        };
    }
}

#[inline(always)]
fn each_column<V: Lanes>(reduction: Reduction, x: &[f32], rows: Strided, out: &mut [f32]) {
    for i in 0..rows.size {
        join::<V>(reduction, &x[i * rows.apart..], out);
    }
}

/// Adds a row to the sums, or takes the larger of each pair.
#[inline(always)]
fn join<V: Lanes>(reduction: Reduction, x: &[f32], out: &mut [f32]) {
    let x = &x[..out.len()];
    match reduction {
        Reduction::Sum => out.iter_mut().zip(x).for_each(|(out, x)| *out += x),
        Reduction::Max => out.iter_mut().zip(x).for_each(|(out, x)| *out = max(*out, *x)),
    }
}

fn start(reduction: Reduction) -> f32 {
    match reduction {
        Reduction::Sum => 0.0,
        Reduction::Max => f32::NEG_INFINITY,
    }
}

fn max(a: f32, b: f32) -> f32 {
    f32::binary(Binary::Max, a, b)
}

/// The largest element of a slice, as if the elements were compared one by one: among zeros, the
/// last one's sign counts; NaN if there is one.
#[inline(always)]
pub(crate) fn largest<V: Lanes>(x: &[f32]) -> f32 {
    let (whole, rest) = x.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    // SAFETY: the copy into which this is inlined runs only where its level is available;
    // everything read and written exists.
    unsafe {
        let mut most = V::load_first(rest.as_ptr(), rest.len(), f32::NEG_INFINITY);
        for x in whole {
            most = math::max(most, V::load(x.as_ptr()));
        }
        most.store(lanes.as_mut_ptr());
    }
    let most = lanes.into_iter().fold(f32::NEG_INFINITY, max);
    let same = match most {
        0.0 => x.iter().rev().find(|x| **x == 0.0),
        _ if most.is_nan() => x.iter().find(|x| x.is_nan()),
        _ => None,
    };
    same.copied().unwrap_or(most)
}

/// The sum of a slice: sixteen partial sums, because one would wait for the last addition, in stretches
/// that are added in `f64`, because ten million terms would lose half their digits.
#[inline(always)]
fn sum<V: Lanes>(x: &[f32]) -> f32 {
    const STRETCH: usize = 4096;
    let mut total = 0.0;
    for x in x.chunks(STRETCH) {
        let (whole, rest) = x.as_chunks::<LANES>();
        // SAFETY: the copy into which this is inlined runs only where its level is available;
        // everything read exists.
        total += f64::from(unsafe {
            let mut sums = V::load_first(rest.as_ptr(), rest.len(), 0.0);
            for x in whole {
                sums = sums.add(V::load(x.as_ptr()));
            }
            sums.sum()
        });
    }
    total as f32
}

/// How far into memory element `i` of a walk along axes lies.
pub(crate) fn offset(axes: &[Axis], mut i: usize) -> usize {
    let mut offset = 0;
    for axis in axes.iter().rev() {
        offset += i % axis.size * axis.stride;
        i /= axis.size;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_has_the_bits_of_a_comparison_one_by_one() {
        let odd = [0.0, -0.0, f32::NAN, -f32::NAN, f32::NEG_INFINITY, -1.0, -2.0, 3.0];
        for level in Level::available() {
            for (seed, len) in (0..400usize).map(|seed| (seed, seed % 70)) {
                // Often all are alike except for one, which may be anywhere.
                let mut x: Vec<f32> =
                    (0..len).map(|i| odd[(seed / 7 + i * (seed % 3)) % 8]).collect();
                if len > 0 {
                    x[seed * 31 % len] = odd[seed % 8];
                }
                let mut out = [0.0];
                let rows = Strided { size: len, apart: len };
                let (reduction, given, to) = (Reduction::Max, &x[..], &mut out[..]);
                let (x, out) = (given, to);
                dispatch!(level, each_row(reduction: Reduction, x: &[f32], rows: Strided, out: &mut [f32]));
                let wanted = given.iter().copied().fold(f32::NEG_INFINITY, max);
                assert_eq!(out[0].to_bits(), wanted.to_bits(), "{level:?} {given:?}");
            }
        }
    }
}
