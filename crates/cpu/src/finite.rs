//! Whether all numbers of a slice are finite.
//!
//! Zero times a finite number is zero; zero times any other number is NaN, and NaN stays in a sum.

use crate::lanes::{LANES, Lanes, dispatch};
use crate::level::Level;
use crate::pool::Pool;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// How many numbers are worth a piece of work of their own: some 5 µs.
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

#[inline(always)]
fn piece_is_finite<V: Lanes>(x: &[f32]) -> bool {
    // SAFETY: `dispatch!` runs the copy for a level only where the processor has it.
    let mut look = unsafe { Look::<V>::new() };
    look.at(x);
    look.all_finite()
}

/// A check of numbers, slice after slice: four sums, because one would wait for the last addition.
pub(crate) struct Look<V>([V; 4]);

impl<V: Lanes> Look<V> {
    /// # Safety
    /// The processor has the level.
    #[inline(always)]
    pub(crate) unsafe fn new() -> Look<V> {
        // SAFETY: the caller's promise.
        Look([unsafe { V::splat(0.0) }; 4])
    }

    /// Checks these numbers.
    #[inline(always)]
    pub(crate) fn at(&mut self, x: &[f32]) {
        let Look(sums) = self;
        let (vectors, rest) = x.as_chunks::<LANES>();
        let (fours, last) = vectors.as_chunks::<4>();
        // SAFETY: the processor has the level, as promised when this was made; whole vectors are
        // read, and only the part of the last one that exists.
        unsafe {
            let zero = V::splat(0.0);
            for four in fours {
                for (sum, x) in sums.iter_mut().zip(four) {
                    *sum = V::load(x.as_ptr()).mul_add(zero, *sum);
                }
            }
            for x in last {
                sums[0] = V::load(x.as_ptr()).mul_add(zero, sums[0]);
            }
            if !rest.is_empty() {
                let x = V::load_first(rest.as_ptr(), rest.len(), 0.0);
                sums[1] = x.mul_add(zero, sums[1]);
            }
        }
    }

    /// Whether all numbers so far were finite.
    #[inline(always)]
    pub(crate) fn all_finite(self) -> bool {
        let Look([a, b, c, d]) = self;
        a.add(b).add(c.add(d)).sum() == 0.0
    }
}
