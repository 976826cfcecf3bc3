//! Products by panels: some columns of the right operand at a time, packed one row after the other,
//! are multiplied with all rows of the left one, four at a time.

use super::terms::TermLists;
use super::tile::{self, ROWS, Terms, Tile};
use super::{Part, Sizes, Target};
use crate::arena::Strided;
use crate::lanes::{LANES, Lanes};
use std::cell::RefCell;

/// Rows of a panel that are packed together.
const DEPTH: usize = 512;

/// A row of a packed panel's vectors, aligned to a cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Vector([f32; LANES]);

/// The memory that a thread needs for products. It grows to the most ever needed.
#[derive(Default)]
pub(super) struct Memory {
    panel: Vec<Vector>,
    lists: TermLists,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Runs `f` with this thread's memory.
pub(super) fn with_memory(f: impl FnOnce(&mut Memory)) {
    MEMORY.with_borrow_mut(f);
}

/// Computes the rows and columns of the result that belong to `part`.
///
/// # Safety
/// `a` and `b` hold matrices of these sizes, `out` can be written where `part` says. The processor has the
/// level.
#[inline(always)]
pub(super) unsafe fn run<V: Lanes>(
    Sizes { k, .. }: Sizes,
    a: Strided<'_>,
    b: Strided<'_>,
    out: Target,
    part: &Part,
    memory: &mut Memory,
) {
    for start in (0..k).step_by(DEPTH) {
        let depth = DEPTH.min(k - start);
        let block = Block { a, b, out, start, depth, part };
        // SAFETY: the caller's promise.
        unsafe {
            memory.lists.scan::<V>(a, [part.rows.start, part.rows.end], [start, depth]);
            let mut column = part.columns.start;
            while column < part.columns.end {
                let left = part.columns.end - column;
                // Not so wide that little remains for the last panel.
                column += match V::WIDE {
                    6 if left >= 10 * LANES || left > 4 * LANES && left <= 6 * LANES => {
                        block.panel::<V, 6>(column, memory)
                    }
                    6 if left > 2 * LANES => block.panel::<V, 4>(column, memory),
                    6 if left > LANES => block.panel::<V, 2>(column, memory),
                    _ => block.panel::<V, 1>(column, memory),
                };
            }
        }
    }
}

/// Some terms of all sums of a part.
#[derive(Clone, Copy)]
struct Block<'a> {
    a: Strided<'a>,
    b: Strided<'a>,
    out: Target,
    /// The first term, and how many.
    start: usize,
    depth: usize,
    part: &'a Part,
}

impl Block<'_> {
    /// Computes up to `W` vectors of columns from `first` on; returns how many columns that is.
    ///
    /// # Safety
    /// As in [`run`].
    #[inline(always)]
    unsafe fn panel<V: Lanes, const W: usize>(self, first: usize, memory: &mut Memory) -> usize {
        let Block { a, b, out, start, depth, part } = self;
        let columns = (part.columns.end - first).min(W * LANES);
        let from = start * b.row_stride + first * b.column_stride;
        let from = Strided { values: &b.values[from..], ..b };
        // SAFETY: the caller's promise.
        unsafe {
            let panel = pack::<V, W>(&mut memory.panel, from, depth, columns);
            for (i, row) in part.rows.clone().step_by(ROWS).enumerate() {
                let tile = Tile {
                    a: a.values.as_ptr().add(row * a.row_stride + start * a.column_stride),
                    a_row: a.row_stride,
                    a_column: a.column_stride,
                    b: panel,
                    b_row: W * LANES,
                    ahead: 4 * W * LANES,
                    out: out.start.add(row * out.row + first),
                    out_row: out.row,
                    columns,
                    goes_on: out.goes_on || start > 0,
                };
                let terms = memory.lists.of(i);
                match part.rows.end - row {
                    1 => tile::run::<V, 1, W>(tile, terms),
                    2 => tile::run::<V, 2, W>(tile, terms),
                    3 => tile::run::<V, 3, W>(tile, terms),
                    _ => tile::run::<V, ROWS, W>(tile, terms),
                }
            }
        }
        columns
    }
}

/// A product with so few rows that one tile holds them all: nothing is packed, because nothing is
/// read twice.
///
/// # Safety
/// As in [`run`]; neighbours in a row of `b` are neighbours in memory, and `rows` is at most
/// `V::SHORT`.
#[inline(always)]
pub(super) unsafe fn short<V: Lanes>(
    Sizes { m, k, n }: Sizes,
    a: Strided<'_>,
    b: Strided<'_>,
    out: *mut f32,
    columns: [usize; 2],
    memory: &mut Memory,
) {
    let [mut first, end] = columns;
    while first < end {
        let columns = (end - first).min(2 * LANES);
        let columns = if columns == 2 * LANES { columns } else { columns.min(LANES) };
        let mut tile = Tile {
            a: a.values.as_ptr(),
            a_row: a.row_stride,
            a_column: a.column_stride,
            b: b.values.as_ptr().wrapping_add(first),
            b_row: b.row_stride,
            // The next columns.
            ahead: columns,
            out: out.wrapping_add(first),
            out_row: n,
            columns,
            goes_on: false,
        };
        // SAFETY: the caller's promise.
        unsafe {
            if columns == 2 * LANES {
                short_tile::<V, 2>(m, tile, k);
            } else {
                if columns < LANES {
                    // The columns after the last ones need not exist.
                    let from = Strided { values: &b.values[first..], ..b };
                    tile.b = pack::<V, 1>(&mut memory.panel, from, k, columns);
                    tile.b_row = LANES;
                }
                short_tile::<V, 1>(m, tile, k);
            }
        }
        first += columns;
    }
}

/// # Safety
/// As in [`tile::run`], for this many rows and terms.
#[inline(always)]
unsafe fn short_tile<V: Lanes, const W: usize>(rows: usize, tile: Tile, k: usize) {
    macro_rules! with_rows {
        ($($rows:literal)*) => {
            match rows {
                // SAFETY: the caller's promise.
                $($rows if $rows <= V::SHORT => unsafe {
                    tile::run::<V, $rows, W>(tile, Terms::All(k))
                },)*
                _ => unreachable!("{rows} rows in a tile"),
            }
        };
    }
    with_rows!(1 2 3 4 5 6 7 8 9 10 11 12);
}

/// Packs the first `columns` columns of `b` as `k` rows of `W` vectors, padded with zeros.
///
/// # Safety
/// `b` has `k` rows and these columns. The processor has the level.
#[inline(always)]
unsafe fn pack<V: Lanes, const W: usize>(
    panel: &mut Vec<Vector>,
    b: Strided<'_>,
    k: usize,
    columns: usize,
) -> *const f32 {
    let wide = W * LANES;
    if panel.len() < k * W {
        panel.resize(k * W, Vector([0.0; LANES]));
    }
    let to: *mut f32 = panel.as_mut_ptr().cast();
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

/// Packs rows `first..end` one element after the other, where no vector fits.
///
/// Not inlined, because the compiler makes so much of this loop that its preparations would cost more
/// than a small product.
///
/// # Safety
/// `b` has these rows and `columns` columns, and `to` has room for this many rows of `wide` floats.
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
