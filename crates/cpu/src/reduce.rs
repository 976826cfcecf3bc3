//! Sums and maxima, added in an order that depends on the shape alone.

use crate::arena::Plain;
use crate::pool::Pool;
use neurona_core::compile::Axis;
use neurona_core::graph::{Binary, Real, Reduction};

/// Elements worth a piece of work of their own: some 10 µs.
const PIECE: usize = 1 << 16;

/// For each position along `kept`, the sum or maximum of `x` along `reduced`.
pub(crate) fn run(
    reduction: Reduction,
    x: &[f32],
    out: &mut [f32],
    kept: &[Axis],
    reduced: &[Axis],
    pool: &Pool,
) {
    let length: usize = reduced.iter().map(|axis| axis.size).product();
    let piece = PIECE.div_ceil(length.max(1));
    match (kept, reduced) {
        // A row each: the innermost dimension goes.
        ([] | [_], [Axis { size, stride: 1 }]) => {
            let apart = kept.first().map_or(*size, |axis| axis.stride);
            pool.for_chunks(out, piece, |number, out| {
                for (i, out) in out.iter_mut().enumerate() {
                    *out = row(reduction, &x[(number * piece + i) * apart..][..*size]);
                }
            });
        }
        // A column each: the outermost dimension goes.
        ([Axis { stride: 1, .. }], [Axis { size, stride }]) => {
            pool.for_chunks(out, piece, |number, out| {
                out.fill(start(reduction));
                for i in 0..*size {
                    let x = &x[i * stride + number * piece..][..out.len()];
                    match reduction {
                        Reduction::Sum => out.iter_mut().zip(x).for_each(|(out, x)| *out += x),
                        Reduction::Max => {
                            out.iter_mut().zip(x).for_each(|(out, x)| *out = max(*out, *x))
                        }
                    }
                }
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

fn start(reduction: Reduction) -> f32 {
    match reduction {
        Reduction::Sum => 0.0,
        Reduction::Max => f32::NEG_INFINITY,
    }
}

fn max(a: f32, b: f32) -> f32 {
    f32::binary(Binary::Max, a, b)
}

/// Sum or maximum of neighbours.
fn row(reduction: Reduction, x: &[f32]) -> f32 {
    match reduction {
        Reduction::Sum => sum(x),
        Reduction::Max => x.iter().copied().fold(f32::NEG_INFINITY, max),
    }
}

/// The sum of a slice: sixteen partial sums, because one would wait for the last addition, in stretches
/// that are added in `f64`, because ten million terms would lose half their digits.
pub(crate) fn sum(x: &[f32]) -> f32 {
    const LANES: usize = 16;
    const STRETCH: usize = 4096;
    if x.len() <= LANES {
        return x.iter().sum();
    }
    let stretch = |x: &[f32]| {
        let mut lanes = [0.0f32; LANES];
        let whole = x.chunks_exact(LANES);
        let rest: f32 = whole.remainder().iter().sum();
        for chunk in whole {
            lanes.iter_mut().zip(chunk).for_each(|(lane, x)| *lane += x);
        }
        f64::from(lanes.iter().sum::<f32>() + rest)
    };
    x.chunks(STRETCH).map(stretch).sum::<f64>() as f32
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

/// Elements along axes from position `first` on, as many as `out` holds, through `convert`.
pub(crate) fn gather<T: Plain>(
    values: impl Fn(usize) -> T,
    axes: &[Axis],
    first: usize,
    out: &mut [u32],
    convert: impl Fn(T) -> u32,
) {
    let Some((inner, outer)) = axes.split_last() else {
        out.fill(convert(values(0)));
        return;
    };
    let mut done = 0;
    while done < out.len() {
        let (row, column) = ((first + done) / inner.size, (first + done) % inner.size);
        let run = (inner.size - column).min(out.len() - done);
        let start = offset(outer, row) + column * inner.stride;
        let out = &mut out[done..done + run];
        match inner.stride {
            0 => out.fill(convert(values(start))),
            1 => out.iter_mut().enumerate().for_each(|(i, x)| *x = convert(values(start + i))),
            stride => out
                .iter_mut()
                .enumerate()
                .for_each(|(i, x)| *x = convert(values(start + i * stride))),
        }
        done += run;
    }
}
