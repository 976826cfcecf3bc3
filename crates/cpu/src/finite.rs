//! Whether all numbers of a slice are finite.

use crate::lanes::{LANES, Lanes, dispatch};
use crate::level::Level;
use crate::pool::Pool;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Numbers worth a piece of work of their own: some 5 µs.
const PIECE: usize = 1 << 16;

/// Whether no number is NaN or infinite.
pub(crate) fn all(level: Level, x: &[f32], pool: &Pool) -> bool {
    let finite = AtomicBool::new(true);
    pool.for_each(x.len().div_ceil(PIECE), |piece| {
        let x = &x[piece * PIECE..];
        let x = &x[..x.len().min(PIECE)];
        if !dispatch!(level, piece_is_finite(x: &[f32]) -> bool) {
            finite.store(false, Relaxed);
        }
    });
    finite.load(Relaxed)
}

/// Zero times a finite number is zero, times any other NaN, and NaN stays in a sum.
#[inline(always)]
fn piece_is_finite<V: Lanes>(x: &[f32]) -> bool {
    let (vectors, rest) = x.as_chunks::<LANES>();
    // SAFETY: `dispatch!` runs the copy for a level only where the processor has it; whole vectors are read.
    let sum = unsafe {
        let zero = V::splat(0.0);
        // Four sums, because one would wait for the last addition.
        let (fours, last) = vectors.as_chunks::<4>();
        let mut sums = [zero; 4];
        for four in fours {
            for (sum, x) in sums.iter_mut().zip(four) {
                *sum = V::load(x.as_ptr()).mul_add(zero, *sum);
            }
        }
        for x in last {
            sums[0] = V::load(x.as_ptr()).mul_add(zero, sums[0]);
        }
        sums[0].add(sums[1]).add(sums[2].add(sums[3])).sum()
    };
    sum == 0.0 && rest.iter().all(|x| x.is_finite())
}
