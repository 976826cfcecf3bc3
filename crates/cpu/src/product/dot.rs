//! Products of rows by rows: both operands lie along the sums. They suit few columns, which would
//! leave most lanes of a panel empty, and few rows, where packing would cost more than it saves.

use super::{Part, Sizes};
use crate::arena::Strided;
use crate::lanes::{LANES, Lanes};

/// Computes the rows and columns of the result that belong to `part`.
///
/// Each element is sixteen sums over every sixteenth term, added in the order of [`Lanes::sum`].
///
/// # Safety
/// `a` and `b` hold matrices of these sizes, with neighbours along `k`; `out` can be written where `part` says.
#[inline(always)]
pub(super) unsafe fn run<V: Lanes>(
    Sizes { k, n, .. }: Sizes,
    a: Strided<'_>,
    b: Strided<'_>,
    out: *mut f32,
    part: &Part,
) {
    let mut row = part.rows.start;
    while row < part.rows.end {
        let rows = (part.rows.end - row).min(V::DOT_ROWS);
        let mut column = part.columns.start;
        while column < part.columns.end {
            let columns = (part.columns.end - column).min(V::DOT_COLUMNS);
            // SAFETY: the caller's promise.
            unsafe {
                let tile = Tile {
                    k,
                    a: a.values.as_ptr().add(row * a.row_stride),
                    a_row: a.row_stride,
                    b: b.values.as_ptr().add(column * b.column_stride),
                    b_column: b.column_stride,
                    out: out.add(row * n + column),
                    out_row: n,
                };
                sized::<V>(rows, columns, tile);
            }
            column += columns;
        }
        row += rows;
    }
}

#[derive(Clone, Copy)]
struct Tile {
    k: usize,
    a: *const f32,
    a_row: usize,
    b: *const f32,
    b_column: usize,
    out: *mut f32,
    out_row: usize,
}

/// # Safety
/// The tile lies inside its operands, and has at most `V::DOT_ROWS` rows and `V::DOT_COLUMNS` columns.
#[inline(always)]
unsafe fn sized<V: Lanes>(rows: usize, columns: usize, tile: Tile) {
    macro_rules! with_sizes {
        ($($rows:literal: $($columns:literal)*),*) => {
            match (rows, columns) {
                // SAFETY: the caller's promise.
                $($(($rows, $columns) if $rows <= V::DOT_ROWS && $columns <= V::DOT_COLUMNS => unsafe {
                    dots::<V, $rows, $columns>(tile)
                },)*)*
                _ => unreachable!("{rows} rows and {columns} columns in a tile"),
            }
        };
    }
    with_sizes!(1: 1 2 3 4 5, 2: 1 2 3 4 5, 3: 1 2 3 4 5, 4: 1 2 3 4 5);
}

/// # Safety
/// As in [`sized`].
#[inline(always)]
unsafe fn dots<V: Lanes, const ROWS: usize, const COLUMNS: usize>(tile: Tile) {
    let Tile { k, a, a_row, b, b_column, out, out_row } = tile;
    let whole = k / LANES * LANES;
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[V::splat(0.0); COLUMNS]; ROWS];
        for i in (0..whole).step_by(LANES) {
            let b: [V; COLUMNS] =
                std::array::from_fn(|column| V::load(b.add(column * b_column + i)));
            for (row, sums) in sums.iter_mut().enumerate() {
                let a = V::load(a.add(row * a_row + i));
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = a.mul_add(b, *sum);
                }
            }
        }
        if whole < k {
            let rest = |from: *const f32| V::load_first(from, k - whole, 0.0);
            let b: [V; COLUMNS] =
                std::array::from_fn(|column| rest(b.add(column * b_column + whole)));
            for (row, sums) in sums.iter_mut().enumerate() {
                let a = rest(a.add(row * a_row + whole));
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = a.mul_add(b, *sum);
                }
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            for (column, sum) in sums.into_iter().enumerate() {
                *out.add(row * out_row + column) = sum.sum();
            }
        }
    }
}
