//! Products with few columns, where `gemm` spends its time packing: one vector holds a whole row of the result.

use crate::arena::Strided;
use crate::level::Level;
use std::cell::RefCell;

/// The most columns: a vector of 512 bits.
pub(crate) const WIDTH: usize = 16;

type Row = [f32; WIDTH];

thread_local! {
    /// Rows of the right operand, each filled up to a whole vector. It grows to the most ever needed.
    static PACKED: RefCell<Vec<Row>> = const { RefCell::new(Vec::new()) };
}

/// The right operand as whole vectors: its first rows as they lie in memory, where what follows a row is
/// there to be read along and thrown away, and the others packed.
#[derive(Clone, Copy)]
struct Rows<'a> {
    values: &'a [f32],
    stride: usize,
    in_place: usize,
    packed: &'a [Row],
}

/// `out = a · b`, of `[m, k]` by `[k, n]` with `n <= WIDTH`, row-major.
///
/// Each element is one sum over `k` in order, so it does not depend on how rows are grouped.
pub(crate) fn run(
    level: Level,
    sizes: [usize; 3],
    a: Strided<'_>,
    b: Strided<'_>,
    out: &mut [f32],
) {
    let [_, k, n] = sizes;
    let last = b.values.len().checked_sub(WIDTH);
    let in_place = match last {
        Some(last) if b.column_stride == 1 && b.row_stride > 0 => k.min(last / b.row_stride + 1),
        _ => 0,
    };
    PACKED.with_borrow_mut(|packed| {
        if packed.len() < k - in_place {
            packed.resize(k - in_place, [0.0; WIDTH]);
        }
        for (i, row) in packed[..k - in_place].iter_mut().enumerate() {
            let start = (in_place + i) * b.row_stride;
            for (j, x) in row.iter_mut().enumerate() {
                *x = if j < n { b.values[start + j * b.column_stride] } else { 0.0 };
            }
        }
        let packed = &packed[..k - in_place];
        let b = Rows { values: b.values, stride: b.row_stride, in_place, packed };
        match level {
            // SAFETY: `Level` says the processor has these instructions.
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => unsafe { avx512(sizes, a, b, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { avx2(sizes, a, b, out) },
            Level::Portable => product::<2>(sizes, a, b, out, |a, b, sum| a * b + sum),
        }
    });
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn avx512(sizes: [usize; 3], a: Strided<'_>, b: Rows<'_>, out: &mut [f32]) {
    product::<8>(sizes, a, b, out, f32::mul_add);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2(sizes: [usize; 3], a: Strided<'_>, b: Rows<'_>, out: &mut [f32]) {
    product::<4>(sizes, a, b, out, f32::mul_add);
}

/// `ROWS` rows at a time: enough sums in flight to hide the latency of each addition, few enough for the registers.
#[inline(always)]
fn product<const ROWS: usize>(
    [m, k, n]: [usize; 3],
    a: Strided<'_>,
    b: Rows<'_>,
    out: &mut [f32],
    multiply_add: impl Fn(f32, f32, f32) -> f32 + Copy,
) {
    let whole = m / ROWS * ROWS;
    for first in (0..whole).step_by(ROWS) {
        rows::<ROWS>(first, [k, n], a, b, out, multiply_add);
    }
    for first in whole..m {
        rows::<1>(first, [k, n], a, b, out, multiply_add);
    }
}

#[inline(always)]
fn rows<const ROWS: usize>(
    first: usize,
    [k, n]: [usize; 2],
    a: Strided<'_>,
    b: Rows<'_>,
    out: &mut [f32],
    multiply_add: impl Fn(f32, f32, f32) -> f32 + Copy,
) {
    let mut sums = [[0.0; WIDTH]; ROWS];
    let starts: [usize; ROWS] = std::array::from_fn(|i| (first + i) * a.row_stride);
    assert!(a.values.len() > starts[ROWS - 1] + (k - 1) * a.column_stride);
    assert!(b.in_place + b.packed.len() == k);
    assert!(b.in_place == 0 || b.values.len() >= (b.in_place - 1) * b.stride + WIDTH);
    for i in 0..b.in_place {
        // SAFETY: `WIDTH` values from the start of a row in place, and the row of `a` up to `k`, checked above.
        unsafe {
            let row = &*b.values.as_ptr().add(i * b.stride).cast::<Row>();
            add_row(&mut sums, a, starts, i, row, multiply_add);
        }
    }
    for (i, row) in b.packed.iter().enumerate() {
        // SAFETY: as above.
        unsafe { add_row(&mut sums, a, starts, b.in_place + i, row, multiply_add) };
    }
    for (out, sum) in out[first * n..].chunks_exact_mut(n).zip(sums) {
        out.copy_from_slice(&sum[..n]);
    }
}

/// Adds term `i` to each row's sums.
///
/// # Safety
/// `a` has an element `i` columns after each of `starts`.
#[inline(always)]
unsafe fn add_row<const ROWS: usize>(
    sums: &mut [Row; ROWS],
    a: Strided<'_>,
    starts: [usize; ROWS],
    i: usize,
    row: &Row,
    multiply_add: impl Fn(f32, f32, f32) -> f32 + Copy,
) {
    for (sum, start) in sums.iter_mut().zip(starts) {
        // SAFETY: the caller's promise.
        let a = unsafe { *a.values.get_unchecked(start + i * a.column_stride) };
        for (sum, &b) in sum.iter_mut().zip(row) {
            *sum = multiply_add(a, b, *sum);
        }
    }
}
