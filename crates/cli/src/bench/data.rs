//! The samples of a workload: the digits inside the program, or numbers drawn from a fixed seed.

use super::Workload;
use neurona::Result;
use neurona::datasets;
use neurona::internals::tensor::random::Source;
use neurona::prelude::ndarray::{Array1, Array2, Array3, Axis};
use neurona::tensor::{Tensor, ToTensor};

/// How many rows of numbers, and how many numbers each.
const TABLE: (usize, usize) = (100_000, 30);
/// How many digits for convolutions, counted from the first.
const PICTURES: usize = 12_800;
/// What decides those numbers.
const SEED: u64 = 7;

/// What a workload trains on.
#[derive(Debug)]
pub(super) enum Samples {
    /// Images and their classes.
    Digits(Array3<u8>, Array1<u8>),
    /// Rows of numbers, each 0 or 1.
    Table(Array2<f32>, Array1<u8>),
}

impl Samples {
    pub(super) fn of(workload: Workload) -> Result<Samples> {
        match workload {
            Workload::Guide | Workload::Mlp => {
                let train = datasets::mnist()?.train;
                Ok(Samples::Digits(train.images, train.labels))
            }
            Workload::Cnn => {
                let mut train = datasets::mnist()?.train;
                train.images.slice_axis_inplace(Axis(0), (..PICTURES).into());
                train.labels.slice_axis_inplace(Axis(0), (..PICTURES).into());
                Ok(Samples::Digits(train.images, train.labels))
            }
            Workload::Tabular => {
                let (x, y) = table();
                Ok(Samples::Table(x, y))
            }
        }
    }

    pub(super) fn x(&self) -> Result<Tensor<'_>> {
        match self {
            Samples::Digits(x, _) => x.to_tensor(),
            Samples::Table(x, _) => x.to_tensor(),
        }
    }

    pub(super) fn y(&self) -> &Array1<u8> {
        match self {
            Samples::Digits(_, y) | Samples::Table(_, y) => y,
        }
    }

    /// How many.
    pub(super) fn count(&self) -> usize {
        self.y().len()
    }
}

/// Standard normal numbers, and whether `x · w + sin(3 x₀)` is above 0 for weights `w` drawn like them.
fn table() -> (Array2<f32>, Array1<u8>) {
    let (rows, columns) = TABLE;
    let source = |stream| Source { seed: SEED, stream, step: 0 };
    let x = Array2::from_shape_fn(TABLE, |(row, column)| {
        source(0).normal((row * columns + column) as u64) as f32
    });
    let weights: Vec<f64> = (0..columns).map(|i| source(1).normal(i as u64)).collect();
    let is_above = |row: usize| {
        let row = x.row(row).mapv(f64::from);
        let product: f64 = row.iter().zip(&weights).map(|(x, w)| x * w).sum();
        u8::from(product + (3.0 * row[0]).sin() > 0.0)
    };
    let y = (0..rows).map(is_above).collect();
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_normal_and_about_half_of_its_rows_are_above() {
        let (x, y) = table();
        assert_eq!((x.dim(), y.len()), (TABLE, TABLE.0));
        let mean = x.iter().map(|&x| f64::from(x)).sum::<f64>() / x.len() as f64;
        assert!(mean.abs() < 0.01, "{mean}");
        let above = y.iter().map(|&y| usize::from(y)).sum::<usize>();
        assert!((45_000..55_000).contains(&above), "{above}");
    }
}
