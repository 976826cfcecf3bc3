//! Sums and maxima, added in an order that depends on the shape alone.

use crate::lanes::{LANES, Lanes, dispatch};
use crate::level::Level;
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
        _ => {
            for (i, out) in out.iter_mut().enumerate() {
                let base = offset(kept, i);
                let values = (0..length).map(|j| x[base + offset(reduced, j)]);
                *out = match reduction {
                    Reduction::Sum => values.fold(0.0, |sum, x| sum + x),
                    Reduction::Max => values.fold(start(reduction), max),
                };
            }
        }
    }
}

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
            Reduction::Max => x.iter().copied().fold(f32::NEG_INFINITY, max),
        };
    }
}

#[inline(always)]
fn each_column<V: Lanes>(reduction: Reduction, x: &[f32], rows: Strided, out: &mut [f32]) {
    for i in 0..rows.size {
        let x = &x[i * rows.apart..][..out.len()];
        match reduction {
            Reduction::Sum => out.iter_mut().zip(x).for_each(|(out, x)| *out += x),
            Reduction::Max => out.iter_mut().zip(x).for_each(|(out, x)| *out = max(*out, *x)),
        }
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
