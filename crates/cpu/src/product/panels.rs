//! Products by panels: some columns of the right operand at a time, packed one row after the other, meet
//! all rows of the left one.

use super::tile::{self, Tile};
use super::{Part, Sizes};
use crate::arena::Strided;
use crate::lanes::{LANES, Lanes};
use std::cell::RefCell;

/// Rows of a panel that are packed together: with 32 columns they fill a sixteenth of a usual second-level
/// cache.
const DEPTH: usize = 512;

/// A row of a packed panel's vectors, aligned to a cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Vector([f32; LANES]);

/// A packed panel. It grows to the largest ever needed.
pub(super) struct Panel(Vec<Vector>);

thread_local! {
    static PANEL: RefCell<Panel> = const { RefCell::new(Panel(Vec::new())) };
}

/// Runs `f` with this thread's panel.
pub(super) fn with_panel(f: impl FnOnce(&mut Panel)) {
    PANEL.with_borrow_mut(f);
}

/// Rows and columns of the result that belong to `part`.
///
/// # Safety
/// `a` and `b` hold matrices of these sizes, `out` can be written where `part` says.
#[inline(always)]
pub(super) unsafe fn run<V: Lanes>(
    sizes: Sizes,
    a: Strided<'_>,
    b: Strided<'_>,
    out: *mut f32,
    part: Part,
    panel: &mut Panel,
) {
    let mut first = part.columns.start;
    while first < part.columns.end {
        let columns = first..part.columns.end;
        let part = Part { rows: part.rows.clone(), columns };
        // SAFETY: the caller's promise; the columns are inside the part.
        first += unsafe {
            if V::WIDE > 1 && part.columns.len() > LANES {
                columns_of::<V, 2>(sizes, a, b, out, part, panel)
            } else {
                columns_of::<V, 1>(sizes, a, b, out, part, panel)
            }
        };
    }
}

/// Up to `W` vectors of the first columns of a part; how many columns that is.
///
/// # Safety
/// As [`run`].
#[inline(always)]
unsafe fn columns_of<V: Lanes, const W: usize>(
    Sizes { k, n, .. }: Sizes,
    a: Strided<'_>,
    b: Strided<'_>,
    out: *mut f32,
    part: Part,
    panel: &mut Panel,
) -> usize {
    let Part { rows, columns } = part;
    let (first, columns) = (columns.start, columns.len().min(W * LANES));
    // Tiles of nearly the same number of rows, each at most as many as the registers hold.
    let tiles = rows.len().div_ceil(V::ROWS);
    let per_tile = rows.len().div_ceil(tiles.max(1));
    // What is read once need not be packed.
    let in_place = tiles == 1 && b.column_stride == 1 && columns == W * LANES;
    let depth = if in_place { k } else { DEPTH };
    for start in (0..k).step_by(depth) {
        let k = depth.min(k - start);
        let from =
            Strided { values: &b.values[start * b.row_stride + first * b.column_stride..], ..b };
        let (packed, b_row) = if in_place {
            (from.values.as_ptr(), b.row_stride)
        } else {
            // SAFETY: the caller's promise about `b`.
            (unsafe { pack::<V, W>(panel, from, k, columns) }, W * LANES)
        };
        for row in rows.clone().step_by(per_tile) {
            let tile = Tile {
                k,
                // SAFETY: row and column are inside the matrices, by the caller's promise.
                a: unsafe { a.values.as_ptr().add(row * a.row_stride + start * a.column_stride) },
                a_row: a.row_stride,
                a_column: a.column_stride,
                b: packed,
                b_row,
                // SAFETY: as above.
                out: unsafe { out.add(row * n + first) },
                out_row: n,
                columns,
                goes_on: start > 0,
                // The next tile's columns, or eight rows on.
                ahead: if in_place { columns } else { 8 * b_row },
            };
            // SAFETY: as above.
            unsafe { tile::run::<V, W>(per_tile.min(rows.end - row), tile) };
        }
    }
    columns
}

/// The first `columns` columns of `b`, `k` rows of `W` vectors, filled up with zeros.
///
/// # Safety
/// `b` has `k` rows and these columns.
#[inline(always)]
unsafe fn pack<V: Lanes, const W: usize>(
    panel: &mut Panel,
    b: Strided<'_>,
    k: usize,
    columns: usize,
) -> *const f32 {
    let wide = W * LANES;
    if panel.0.len() < k * W {
        panel.0.resize(k * W, Vector([0.0; LANES]));
    }
    let to: *mut f32 = panel.0.as_mut_ptr().cast();
    let from = b.values.as_ptr();
    // SAFETY: `panel` holds `k` rows of `W` vectors; the rest is the caller's promise.
    unsafe {
        let mut packed = 0;
        if b.column_stride == 1 && columns == wide {
            for row in 0..k {
                for w in 0..W {
                    V::load(from.add(row * b.row_stride + w * LANES))
                        .store(to.add(row * wide + w * LANES));
                }
            }
            packed = k;
        } else if b.row_stride == 1 && columns == wide {
            packed = k / LANES * LANES;
            for row in (0..packed).step_by(LANES) {
                for column in (0..wide).step_by(LANES) {
                    let from = from.add(row + column * b.column_stride);
                    V::transpose(from, b.column_stride, to.add(row * wide + column), wide);
                }
            }
        }
        if packed < k {
            pack_elements(b, [packed, k], columns, to, wide);
        }
    }
    to
}

/// Packs rows `first..end` one element after the other: what no vector fits.
///
/// Not inlined, because the compiler makes so much of this loop that its preparations would cost more
/// than a small product.
///
/// # Safety
/// `b` has these rows and `columns` columns, and `to` has room for as many rows of `wide` floats.
#[inline(never)]
unsafe fn pack_elements(
    b: Strided<'_>,
    [first, end]: [usize; 2],
    columns: usize,
    to: *mut f32,
    wide: usize,
) {
    for row in first..end {
        for column in 0..wide {
            // SAFETY: the caller's promise.
            unsafe {
                *to.add(row * wide + column) = if column < columns {
                    *b.values.as_ptr().add(row * b.row_stride + column * b.column_stride)
                } else {
                    0.0
                };
            }
        }
    }
}
