//! Kernels of whole values: softmax, the largest of a row, transposition, random numbers.

use crate::arena::Plain;
use crate::pool::Pool;
use neurona_core::compile::Axis;
use neurona_core::tensor::random::{Source, unit};

/// Elements worth a piece of work of their own: some 10 µs of exponentials.
const PIECE: usize = 1 << 12;

/// Softmax of each row of `columns` values: the maximum, the exponentials and their sum, one division.
/// Or its logarithm.
pub(crate) fn softmax(x: &[f32], out: &mut [f32], columns: usize, log: bool, pool: &Pool) {
    let rows = PIECE.div_ceil(columns.max(1));
    pool.for_chunks(out, rows * columns, |piece, out| {
        let x = &x[piece * rows * columns..][..out.len()];
        for (x, out) in x.chunks_exact(columns).zip(out.chunks_exact_mut(columns)) {
            // Comparisons are false for NaN, so a NaN is passed over here and spreads through the sum.
            let max =
                x.iter().copied().fold(f32::NEG_INFINITY, |max, x| if x > max { x } else { max });
            let mut sum = 0.0;
            for (x, out) in x.iter().zip(&mut *out) {
                *out = (x - max).exp();
                sum += *out;
            }
            if log {
                let log = sum.ln();
                x.iter().zip(out).for_each(|(x, out)| *out = x - max - log);
            } else {
                out.iter_mut().for_each(|out| *out /= sum);
            }
        }
    });
}

/// Where along an axis the first largest element is.
pub(crate) fn argmax(x: &[f32], out: &mut [i32], axis: Axis) {
    let Axis { size, stride } = axis;
    for (i, out) in out.iter_mut().enumerate() {
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
}

/// Rows and columns exchanged, in tiles that fit the cache.
pub(crate) fn transpose<T: Plain>(x: &[T], out: &mut [T], rows: usize, columns: usize) {
    const TILE: usize = 32;
    for first_row in (0..rows).step_by(TILE) {
        for first_column in (0..columns).step_by(TILE) {
            for row in first_row..rows.min(first_row + TILE) {
                for column in first_column..columns.min(first_column + TILE) {
                    out[column * rows + row] = x[row * columns + column];
                }
            }
        }
    }
}

/// Random numbers in [0, 1), four from each block of the source.
pub(crate) fn uniform(source: Source, out: &mut [f32]) {
    for (block, four) in out.chunks_mut(4).enumerate() {
        let words = source.block(block as u32);
        four.iter_mut().zip(words).for_each(|(x, word)| *x = unit(word));
    }
}
