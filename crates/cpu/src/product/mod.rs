//! Matrix products.

mod dot;
mod panels;
mod terms;
mod tile;

use crate::arena::Strided;
use crate::lanes::{LANES, Lanes, dispatch};
use crate::level::Level;
use crate::pool::Pool;
use panels::{Memory, with_memory};
use std::ops::Range;

/// How many multiplications are worth a piece of work of their own: some 5 µs.
const PIECE: usize = 1 << 18;

/// How many pieces are enough: more would read the left operand more often.
const PIECES: usize = 8;

/// How many rows are worth packing columns for.
const ROWS: usize = 64;

/// A result of `m` rows and `n` columns; each element is a sum of `k` products.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) m: usize,
    pub(crate) k: usize,
    pub(crate) n: usize,
}

/// Rows and columns of a result.
#[derive(Clone, Debug)]
struct Part {
    rows: Range<usize>,
    columns: Range<usize>,
}

/// `out = a · b`, of `[m, k]` by `[k, n]`, row-major.
///
/// The result is cut by its shape alone; the sums are never cut.
pub(crate) fn run(
    level: Level,
    sizes: Sizes,
    a: Strided<'_>,
    b: Strided<'_>,
    out: &mut [f32],
    pool: &Pool,
) {
    let Sizes { m, k, n } = sizes;
    assert_eq!(out.len(), m * n);
    if out.is_empty() {
        return;
    }
    if k == 0 {
        out.fill(0.0);
        return;
    }
    assert!(a.values.len() > (m - 1) * a.row_stride + (k - 1) * a.column_stride);
    assert!(b.values.len() > (k - 1) * b.row_stride + (n - 1) * b.column_stride);
    let along_sums = a.column_stride == 1 && b.row_stride == 1;
    let kernel = if along_sums && (n <= LANES || m <= 4) {
        Kernel::Dots
    } else if m <= dispatch!(level, short_rows() -> usize) && b.column_stride == 1 {
        Kernel::Short
    } else {
        Kernel::Panels
    };
    let cut = Cut::new(sizes, kernel);
    let out = Target { start: out.as_mut_ptr(), row: n, goes_on: false };
    pool.for_each(cut.pieces(), |piece| {
        let work = Work { sizes, a, b, out, part: &cut.part(piece) };
        with_memory(|memory| match kernel {
            Kernel::Dots => dispatch!(level, dots(work: Work<'_>)),
            Kernel::Short => dispatch!(level, short(work: Work<'_>, memory: &mut Memory)),
            Kernel::Panels => dispatch!(level, panels(work: Work<'_>, memory: &mut Memory)),
        });
    });
}

/// The whole product on this thread, as a piece of other work.
///
/// # Safety
/// `out` can be written, and read if it continues, for `m` rows of `n`; nothing else uses it meanwhile.
pub(crate) unsafe fn on_this_thread(
    level: Level,
    sizes: Sizes,
    a: Strided<'_>,
    b: Strided<'_>,
    out: Target,
) {
    let Sizes { m, k, n } = sizes;
    assert!(m > 0 && k > 0 && n > 0);
    assert!(a.values.len() > (m - 1) * a.row_stride + (k - 1) * a.column_stride);
    assert!(b.values.len() > (k - 1) * b.row_stride + (n - 1) * b.column_stride);
    let work = Work { sizes, a, b, out, part: &Part { rows: 0..m, columns: 0..n } };
    with_memory(|memory| dispatch!(level, panels(work: Work<'_>, memory: &mut Memory)));
}

/// How a product is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kernel {
    Dots,
    Short,
    Panels,
}

/// A piece of a product.
#[derive(Clone, Copy)]
struct Work<'a> {
    sizes: Sizes,
    a: Strided<'a>,
    b: Strided<'a>,
    out: Target,
    part: &'a Part,
}

#[inline(always)]
fn short_rows<V: Lanes>() -> usize {
    V::SHORT
}

#[inline(always)]
fn dots<V: Lanes>(Work { sizes, a, b, out, part }: Work<'_>) {
    // SAFETY: `run` checked the operands and that `out` is the whole result, which parts share out;
    // `dispatch!` runs the copy for a level only where the processor has it.
    unsafe { dot::run::<V>(sizes, a, b, out.start, part) };
}

#[inline(always)]
fn short<V: Lanes>(Work { sizes, a, b, out, part }: Work<'_>, memory: &mut Memory) {
    let columns = [part.columns.start, part.columns.end];
    // SAFETY: as above; a short product is cut by columns only.
    unsafe { panels::short::<V>(sizes, a, b, out.start, columns, memory) };
}

#[inline(always)]
fn panels<V: Lanes>(Work { sizes, a, b, out, part }: Work<'_>, memory: &mut Memory) {
    // SAFETY: as above.
    unsafe { panels::run::<V>(sizes, a, b, out, part, memory) };
}

/// Where a result goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) start: *mut f32,
    /// Elements from one row to the next.
    pub(crate) row: usize,
    /// Whether sums continue from what is there.
    pub(crate) goes_on: bool,
}

// SAFETY: each thread writes parts of its own.
unsafe impl Sync for Target {}

/// How a result is cut into pieces of work.
#[derive(Clone, Copy, Debug)]
struct Cut {
    sizes: Sizes,
    rows: usize,
    columns: usize,
}

impl Cut {
    fn new(sizes: Sizes, kernel: Kernel) -> Cut {
        let Sizes { m, k, n } = sizes;
        let wanted = (m * k * n).div_ceil(PIECE);
        // Rows first: the following steps work on rows too, and find them where they were computed.
        // But not so few that packing the columns anew for each piece does not pay.
        let down = match kernel {
            Kernel::Dots => wanted.min(m.div_ceil(8)),
            Kernel::Short => 1,
            Kernel::Panels => wanted.min(m / ROWS).max(1),
        };
        let across = match kernel {
            Kernel::Dots => 1,
            Kernel::Short | Kernel::Panels => {
                wanted.div_ceil(down).min(n.div_ceil(2 * LANES)).min(PIECES.div_ceil(down))
            }
        };
        let columns = n.div_ceil(across).next_multiple_of(2 * LANES);
        Cut { sizes, rows: m.div_ceil(down).next_multiple_of(4), columns }
    }

    fn across(self) -> usize {
        self.sizes.n.div_ceil(self.columns)
    }

    fn pieces(self) -> usize {
        self.sizes.m.div_ceil(self.rows) * self.across()
    }

    fn part(self, piece: usize) -> Part {
        let (row, column) =
            (piece / self.across() * self.rows, piece % self.across() * self.columns);
        Part {
            rows: row..self.sizes.m.min(row + self.rows),
            columns: column..self.sizes.n.min(column + self.columns),
        }
    }
}
