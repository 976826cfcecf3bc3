//! A tile of a product: it stays in registers while the sums run.

use crate::lanes::{LANES, Lanes, prefetch};

/// What a tile reads and writes.
#[derive(Clone, Copy)]
pub(super) struct Tile {
    /// Length of the sums.
    pub(super) k: usize,
    /// The first row of the left operand.
    pub(super) a: *const f32,
    pub(super) a_row: usize,
    pub(super) a_column: usize,
    /// The first column of the right operand, whose rows are whole vectors, `b_row` apart.
    pub(super) b: *const f32,
    pub(super) b_row: usize,
    /// The first element of the result, whose rows are `out_row` apart.
    pub(super) out: *mut f32,
    pub(super) out_row: usize,
    /// Columns of the result to write: at most `W` vectors.
    pub(super) columns: usize,
    /// Whether sums go on from what the result holds.
    pub(super) goes_on: bool,
    /// How far after a row of the right operand what is needed soon lies: it is asked for early, because
    /// the processor guesses right only for panels that are much larger than its nearest cache.
    pub(super) ahead: usize,
}

/// `rows` rows and up to `W` vectors of the result. Each element is one sum over `k` in order, so it does
/// not depend on how the result is cut into tiles.
///
/// # Safety
/// The tile lies inside its operands: `rows` by `k` of the left one, `k` by `W` vectors of the right one,
/// `rows` by `columns` of the result. `rows <= V::ROWS`.
#[inline(always)]
pub(super) unsafe fn run<V: Lanes, const W: usize>(rows: usize, tile: Tile) {
    macro_rules! with_rows {
        ($($rows:literal)*) => {
            match rows {
                // SAFETY: the caller's promise.
                $($rows if $rows <= V::ROWS => unsafe { sums::<V, $rows, W>(tile) },)*
                _ => unreachable!("{rows} rows in a tile"),
            }
        };
    }
    with_rows!(1 2 3 4 5 6 7 8 9 10 11 12);
}

/// # Safety
/// As [`run`].
#[inline(always)]
unsafe fn sums<V: Lanes, const ROWS: usize, const W: usize>(tile: Tile) {
    let Tile { k, a, a_row, a_column, b, b_row, .. } = tile;
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[V::splat(0.0); W]; ROWS];
        if tile.goes_on {
            for (row, sums) in sums.iter_mut().enumerate() {
                *sums = load(tile.out.add(row * tile.out_row), tile.columns);
            }
        }
        for i in 0..k {
            let b: [V; W] = std::array::from_fn(|w| V::load(b.add(i * b_row + w * LANES)));
            for w in 0..W {
                prefetch(tile.b.wrapping_add(i * b_row + w * LANES + tile.ahead));
            }
            for (row, sums) in sums.iter_mut().enumerate() {
                let a = V::splat(*a.add(row * a_row + i * a_column));
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = a.mul_add(b, *sum);
                }
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            store(sums, tile.out.add(row * tile.out_row), tile.columns);
        }
    }
}

/// # Safety
/// `from` can be read for `columns` floats, at most `W` vectors.
#[inline(always)]
unsafe fn load<V: Lanes, const W: usize>(from: *const f32, columns: usize) -> [V; W] {
    std::array::from_fn(|w| {
        let count = columns.saturating_sub(w * LANES).min(LANES);
        // SAFETY: the caller's promise; of the other vectors nothing is read.
        unsafe { V::load_first(from.wrapping_add(w * LANES), count, 0.0) }
    })
}

/// # Safety
/// `to` can be written for `columns` floats, at most `W` vectors.
#[inline(always)]
unsafe fn store<V: Lanes, const W: usize>(vectors: [V; W], to: *mut f32, columns: usize) {
    for (w, vector) in vectors.into_iter().enumerate() {
        // SAFETY: the caller's promise; of the other vectors nothing is written.
        unsafe {
            if columns == W * LANES {
                vector.store(to.add(w * LANES));
            } else {
                let count = columns.saturating_sub(w * LANES).min(LANES);
                vector.store_first(to.wrapping_add(w * LANES), count);
            }
        }
    }
}
