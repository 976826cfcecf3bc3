//! A tile of a product: it stays in registers while the sums run.

use crate::lanes::{LANES, Lanes, prefetch};

/// Rows of a tile. There are few rows, with as many vectors beside each other as the registers
/// hold: the fewer they are, the more often all of them have a zero, so that the term can be left
/// out.
pub(super) const ROWS: usize = 4;

/// What a tile reads and writes.
#[derive(Clone, Copy)]
pub(super) struct Tile {
    /// The first row of the left operand.
    pub(super) a: *const f32,
    pub(super) a_row: usize,
    pub(super) a_column: usize,
    /// The first column of the right operand, whose rows are whole vectors, `b_row` apart.
    pub(super) b: *const f32,
    pub(super) b_row: usize,
    /// How far after a row of the right operand the data needed soon lie: they are asked for early,
    /// because the processor guesses right only for panels that are much larger than its nearest
    /// cache.
    pub(super) ahead: usize,
    /// The first element of the result, whose rows are `out_row` apart.
    pub(super) out: *mut f32,
    pub(super) out_row: usize,
    /// Columns of the result to write: at most `W` vectors.
    pub(super) columns: usize,
    /// Whether sums continue from what the result holds.
    pub(super) goes_on: bool,
}

/// The terms of a tile's sums, in order.
#[derive(Clone, Copy)]
pub(super) enum Terms<'a> {
    /// Numbers `0..k`.
    All(usize),
    /// These: in all others the left operand is zero, which would leave the sums as they are.
    Some(&'a [u32]),
}

/// Computes the sums of a tile. Each is added in order, so it does not depend on how the result is
/// cut into tiles.
///
/// # Safety
/// The tile lies inside its operands: `ROWS` by the terms of the left one, the terms by `W` vectors of
/// the right one, `ROWS` by `columns` of the result. The processor has the level.
#[inline(always)]
pub(super) unsafe fn run<V: Lanes, const ROWS: usize, const W: usize>(
    tile: Tile,
    terms: Terms<'_>,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[V::splat(0.0); W]; ROWS];
        if tile.goes_on {
            for (row, sums) in sums.iter_mut().enumerate() {
                *sums = load(tile.out.add(row * tile.out_row), tile.columns);
            }
        }
        match terms {
            Terms::All(k) => {
                for i in 0..k {
                    add_term(&mut sums, &tile, i);
                }
            }
            Terms::Some(numbers) => {
                for &i in numbers {
                    add_term(&mut sums, &tile, i as usize);
                }
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            store(sums, tile.out.add(row * tile.out_row), tile.columns);
        }
    }
}

/// # Safety
/// As in [`run`]; `i` is one of the terms.
#[inline(always)]
unsafe fn add_term<V: Lanes, const ROWS: usize, const W: usize>(
    sums: &mut [[V; W]; ROWS],
    tile: &Tile,
    i: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let from = tile.b.add(i * tile.b_row);
        let b: [V; W] = std::array::from_fn(|w| V::load(from.add(w * LANES)));
        for w in 0..W {
            prefetch(from.wrapping_add(w * LANES + tile.ahead));
        }
        for (row, sums) in sums.iter_mut().enumerate() {
            let a = V::splat(*tile.a.add(row * tile.a_row + i * tile.a_column));
            for (sum, b) in sums.iter_mut().zip(b) {
                *sum = a.mul_add(b, *sum);
            }
        }
    }
}

/// # Safety
/// `from` can be read for `columns` floats, at most `W` vectors.
#[inline(always)]
unsafe fn load<V: Lanes, const W: usize>(from: *const f32, columns: usize) -> [V; W] {
    std::array::from_fn(|w| {
        let count = columns.saturating_sub(w * LANES).min(LANES);
        // SAFETY: the caller's promise; nothing is read of the other vectors.
        unsafe { V::load_first(from.wrapping_add(w * LANES), count, 0.0) }
    })
}

/// # Safety
/// `to` can be written for `columns` floats, at most `W` vectors.
#[inline(always)]
unsafe fn store<V: Lanes, const W: usize>(vectors: [V; W], to: *mut f32, columns: usize) {
    for (w, vector) in vectors.into_iter().enumerate() {
        // SAFETY: the caller's promise; nothing is written of the other vectors.
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
