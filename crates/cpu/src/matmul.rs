//! Matrix products: few columns in a kernel of our own, everything else by `gemm`.

use crate::arena::Strided;
use crate::level::Level;
use crate::pool::Pool;
use crate::skinny;

/// Multiplications worth a piece of work of their own: some 10 µs.
const PIECE: usize = 1 << 20;

/// `out = a · b`, of `[m, k]` by `[k, n]`, row-major.
///
/// Rows or columns of the result are split by shape; each sum is whole, in one piece.
pub(crate) fn run(
    [m, k, n]: [usize; 3],
    a: Strided<'_>,
    b: Strided<'_>,
    out: &mut [f32],
    pool: &Pool,
) {
    if out.is_empty() {
        return;
    }
    if k == 0 {
        out.fill(0.0);
        return;
    }
    let pieces = (m * n * k).div_ceil(PIECE);
    if n <= skinny::WIDTH {
        let rows = m.div_ceil(pieces);
        pool.for_chunks(out, rows * n, |piece, out| {
            let a = Strided { values: &a.values[piece * rows * a.row_stride..], ..a };
            skinny::run(Level::best(), [out.len() / n, k, n], a, b, out);
        });
    } else if m >= n {
        // Whole tiles of the product's kernel, which computes eight or more rows at once.
        let rows = m.div_ceil(pieces).next_multiple_of(16);
        pool.for_chunks(out, rows * n, |piece, out| {
            let a = Strided { values: &a.values[piece * rows * a.row_stride..], ..a };
            // SAFETY: `out` is all of these rows.
            unsafe { gemm([out.len() / n, k, n], a, b, out.as_mut_ptr(), n) };
        });
    } else {
        let columns = n.div_ceil(pieces).next_multiple_of(16);
        let out = Columns(out.as_mut_ptr());
        pool.for_each(n.div_ceil(columns), |piece| {
            let first = piece * columns;
            let b = Strided { values: &b.values[first * b.column_stride..], ..b };
            // SAFETY: columns `first..first + columns` of `out`, which no other piece writes.
            unsafe { gemm([m, k, columns.min(n - first)], a, b, out.from(first), n) };
        });
    }
}

/// A result whose columns are written by several threads.
struct Columns(*mut f32);

// SAFETY: each thread writes columns of its own.
unsafe impl Sync for Columns {}

impl Columns {
    /// # Safety
    /// `column` is inside the first row.
    unsafe fn from(&self, column: usize) -> *mut f32 {
        // SAFETY: the caller's promise.
        unsafe { self.0.add(column) }
    }
}

/// `out = a · b` on this thread; rows of `out` are `stride` apart.
///
/// # Safety
/// `out` can be written at `m` rows of `n` elements, `stride` apart.
unsafe fn gemm(
    [m, k, n]: [usize; 3],
    a: Strided<'_>,
    b: Strided<'_>,
    out: *mut f32,
    stride: usize,
) {
    assert!(a.values.len() > (m - 1) * a.row_stride + (k - 1) * a.column_stride);
    assert!(b.values.len() > (k - 1) * b.row_stride + (n - 1) * b.column_stride);
    // SAFETY: the two reads were just checked, the write is the caller's promise.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out,
            1,
            stride as isize,
            false,
            a.values.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.values.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}
