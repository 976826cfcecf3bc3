//! The same products by the crate `gemm`, called through `faer`, which needs no `unsafe` of ours.

use crate::kernel::numbers;
use crate::{Product, Turn};
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// Products up to this size stay on one thread: the limit that `gemm` sets itself.
const ALONE: usize = 48 * 48 * 256;

/// A product with its operands and result, row-major; transposition is a matter of strides.
#[derive(Debug)]
pub struct Reference {
    product: Product,
    a: Vec<f32>,
    b: Vec<f32>,
    out: Vec<f32>,
}

impl Reference {
    /// A product of normal numbers.
    pub fn new(product: Product) -> Reference {
        let Product { m, k, n, .. } = product;
        Reference { product, a: numbers(0, m * k), b: numbers(1, k * n), out: vec![0.0; m * n] }
    }

    /// Computes it on this many threads.
    pub fn run(&mut self, threads: usize) {
        let Product { turn, m, k, n, .. } = self.product;
        let a = match turn {
            Turn::Forward | Turn::Inputs => MatRef::from_row_major_slice(&self.a, m, k),
            Turn::Weights => MatRef::from_row_major_slice(&self.a, k, m).transpose(),
        };
        let b = match turn {
            Turn::Forward | Turn::Weights => MatRef::from_row_major_slice(&self.b, k, n),
            Turn::Inputs => MatRef::from_row_major_slice(&self.b, n, k).transpose(),
        };
        let out = MatMut::from_row_major_slice_mut(&mut self.out, m, n);
        split(a, b, out, if m * k * n > ALONE { threads } else { 1 });
    }
}

/// `out = a · b`, the longer side of the result shared out among threads.
fn split(a: MatRef<'_, f32>, b: MatRef<'_, f32>, out: MatMut<'_, f32>, threads: usize) {
    if threads < 2 {
        return matmul(out, Accum::Replace, a, b, 1.0, Par::Seq);
    }
    let (first, second) = (threads / 2, threads - threads / 2);
    if out.nrows() >= out.ncols() {
        let cut = out.nrows() * first / threads;
        let ((a, c), (top, bottom)) = (a.split_at_row(cut), out.split_at_row_mut(cut));
        rayon::join(|| split(a, b, top, first), || split(c, b, bottom, second));
    } else {
        let cut = out.ncols() * first / threads;
        let ((b, c), (left, right)) = (b.split_at_col(cut), out.split_at_col_mut(cut));
        rayon::join(|| split(a, b, left, first), || split(a, c, right, second));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NETWORKS;

    #[test]
    fn it_computes_the_product_that_is_meant() {
        for network in NETWORKS {
            for product in network.products() {
                let Product { turn, m, k, n, .. } = product;
                let mut reference = Reference::new(product);
                for threads in [1, 2, 3] {
                    reference.out.fill(0.0);
                    reference.run(threads);
                    for (i, j) in [(0, 0), (m - 1, n - 1), (m / 2, n / 3)] {
                        let a = |t: usize| match turn {
                            Turn::Forward | Turn::Inputs => reference.a[i * k + t],
                            Turn::Weights => reference.a[t * m + i],
                        };
                        let b = |t: usize| match turn {
                            Turn::Forward | Turn::Weights => reference.b[t * n + j],
                            Turn::Inputs => reference.b[j * k + t],
                        };
                        let sum: f64 = (0..k).map(|t| f64::from(a(t)) * f64::from(b(t))).sum();
                        let error = (sum - f64::from(reference.out[i * n + j])).abs();
                        assert!(error < 1e-3, "{product}, {threads} threads: off by {error}");
                    }
                }
            }
        }
    }
}
