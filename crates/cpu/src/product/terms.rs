//! Which terms of a product's sums count. If all rows of a tile have a zero, the term would leave
//! their sums as they are: pictures are mostly background, and a rectifier and dropout leave many
//! zeros.

use super::tile::{ROWS, Terms};
use crate::arena::Strided;
use crate::lanes::{LANES, Lanes};

/// For each tile of rows, the terms that count.
#[derive(Default)]
pub(super) struct TermLists {
    /// The lists, `depth` places apart, with room for a vector more.
    numbers: Vec<u32>,
    lengths: Vec<usize>,
    depth: usize,
}

impl TermLists {
    /// The terms of tile `i`.
    #[inline(always)]
    pub(super) fn of(&self, i: usize) -> Terms<'_> {
        let length = self.lengths[i];
        // Running through all terms is a little faster than through a list of nearly all.
        if length * 16 > self.depth * 15 {
            Terms::All(self.depth)
        } else {
            Terms::Some(&self.numbers[i * self.depth..][..length])
        }
    }

    /// Scans terms `start..start + depth` of these rows.
    ///
    /// # Safety
    /// `a` has them. The processor has the level.
    #[inline(always)]
    pub(super) unsafe fn scan<V: Lanes>(
        &mut self,
        a: Strided<'_>,
        [first, end]: [usize; 2],
        [start, depth]: [usize; 2],
    ) {
        let tiles = (end - first).div_ceil(ROWS);
        self.depth = depth;
        let room = tiles * depth + LANES;
        if self.numbers.len() < room {
            self.numbers.resize(room, 0);
        }
        self.lengths.clear();
        self.lengths.resize(tiles.next_multiple_of(LANES / ROWS), 0);
        // SAFETY: the caller's promise.
        let values =
            unsafe { a.values.as_ptr().add(first * a.row_stride + start * a.column_stride) };
        let rows = end - first;
        if a.column_stride == 1 {
            for tile in 0..tiles {
                let rows = ROWS.min(rows - tile * ROWS);
                // SAFETY: as above; the tile's list has room for `depth`, and the last list for a
                // vector more.
                unsafe {
                    let from = values.add(tile * ROWS * a.row_stride);
                    let to = self.numbers.as_mut_ptr().add(tile * depth);
                    self.lengths[tile] = along_rows::<V>(from, a.row_stride, rows, depth, to);
                }
            }
        } else if a.row_stride == 1 {
            for row in (0..rows).step_by(LANES) {
                // SAFETY: as above.
                unsafe {
                    let from = values.add(row);
                    let rows = LANES.min(rows - row);
                    self.along_columns::<V>(from, a.column_stride, rows, row / ROWS);
                }
            }
        } else {
            self.lengths.fill(depth);
        }
    }

    /// Scans sixteen rows, which lie beside each other, term by term: four tiles at once.
    ///
    /// # Safety
    /// `rows` floats are at `from` and every `stride` after it, `depth` times. The processor has the level.
    #[inline(always)]
    unsafe fn along_columns<V: Lanes>(
        &mut self,
        from: *const f32,
        stride: usize,
        rows: usize,
        tile: usize,
    ) {
        let tiles = rows.div_ceil(ROWS);
        let mut lengths = [0; LANES / ROWS];
        for i in 0..self.depth {
            // SAFETY: the caller's promise.
            let counts = unsafe { V::load_first(from.add(i * stride), rows, 0.0).nonzero() };
            for (t, length) in lengths.iter_mut().enumerate().take(tiles) {
                // Written always, kept if it counts: the tile's list has room for `depth`.
                self.numbers[(tile + t) * self.depth + *length] = i as u32;
                *length += usize::from(counts >> (t * ROWS) & 0b1111 != 0);
            }
        }
        self.lengths[tile..tile + LANES / ROWS].copy_from_slice(&lengths);
    }
}

/// Finds the terms that count in up to four rows, `stride` apart; returns how many they are.
///
/// # Safety
/// `depth` floats are in each row; `to` has room for `depth` numbers and a vector more. The processor has
/// the level.
#[inline(always)]
unsafe fn along_rows<V: Lanes>(
    from: *const f32,
    stride: usize,
    rows: usize,
    depth: usize,
    to: *mut u32,
) -> usize {
    let first: [u32; LANES] = std::array::from_fn(|lane| lane as u32);
    let mut length = 0;
    // SAFETY: the caller's promise.
    unsafe {
        let first = V::load(first.as_ptr().cast());
        for i in (0..depth).step_by(LANES) {
            let count = LANES.min(depth - i);
            let mut any = V::load_first(from.add(i), count, 0.0);
            for row in 1..rows {
                any = any.or(V::load_first(from.add(row * stride + i), count, 0.0));
            }
            let numbers = first.add_int(first.same_bits(i as u32));
            length += numbers.store_where(any.nonzero(), to.add(length).cast());
        }
    }
    length
}
