//! Samples put together.

use super::{Dataset, Pass};
use crate::tensor::{Number, Rows, Shape, Tensor, ToTensor};
use ndarray::{ArrayBase, Data, Dimension};
use neurona_core::error::Result;

/// Some samples: one tensor for each input and output of a model, all with the same number of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The inputs.
    pub x: Vec<Tensor<'static>>,
    /// The targets.
    pub y: Vec<Tensor<'static>>,
}

/// An input or a target of one sample: a number, an array, or rows of numbers in any form that
/// `fit` accepts.
///
/// ```
/// use neurona::data::dataset::{self, Dataset};
/// let (rows, labels) = (vec![vec![0.0f32, 1.0], vec![2.0, 3.0]], [7i64, 8]);
/// let data = dataset::range(2).map(|i| Ok((rows[i].clone(), labels[i]))).batch(2);
/// let batch = data.pass(0).next().unwrap()?;
/// assert_eq!(batch.x[0].shape().dims(), [2, 2]);
/// # Ok::<(), neurona::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an input or a target of a sample",
    label = "neither a number nor an array of numbers",
    note = "a sample is a pair of inputs and targets: numbers (f32, f64, bool, integers of 8 to 64 bits), `Vec`s, slices, \
            arrays or `ndarray` arrays of them, or tuples of up to four of these"
)]
pub trait Field: Send {
    /// The value as a tensor. Errors: E012 it has more than eight dimensions, or ragged rows; E022
    /// an integer does not fit in 32 bits.
    fn to_tensor(self) -> Result<Tensor<'static>>;
}

impl<T: Number, S: Data<Elem = T> + Send, D: Dimension> Field for ArrayBase<S, D>
where
    ArrayBase<S, D>: Send,
{
    fn to_tensor(self) -> Result<Tensor<'static>> {
        Tensor::new(Shape::new(self.shape())?, self.iter().copied().collect::<Vec<T>>())
    }
}

impl<R: Rows + Send> Field for Vec<R> {
    fn to_tensor(self) -> Result<Tensor<'static>> {
        ToTensor::to_tensor(self)
    }
}

impl<R: Rows + Send, const N: usize> Field for [R; N] {
    fn to_tensor(self) -> Result<Tensor<'static>> {
        ToTensor::to_tensor(self)
    }
}

impl<R: Rows + Clone + Sync> Field for &[R] {
    fn to_tensor(self) -> Result<Tensor<'static>> {
        ToTensor::to_tensor(self.to_vec())
    }
}

macro_rules! numbers_as_fields {
    ($($number:ty),*) => { $(
        impl Field for $number {
            fn to_tensor(self) -> Result<Tensor<'static>> {
                Tensor::new(Shape::SCALAR, vec![self])
            }
        }
    )* };
}
numbers_as_fields!(f32, f64, bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

/// The inputs or the targets of one sample: a [`Field`], or a tuple of them.
pub trait Fields: Send {
    /// The values as tensors. Errors: see [`Field::to_tensor`].
    fn to_tensors(self) -> Result<Vec<Tensor<'static>>>;
}

impl<F: Field> Fields for F {
    fn to_tensors(self) -> Result<Vec<Tensor<'static>>> {
        Ok(vec![self.to_tensor()?])
    }
}

macro_rules! tuples_of_fields {
    ($(($($name:ident $value:ident),+)),+) => { $(
        impl<$($name: Field),+> Fields for ($($name,)+) {
            fn to_tensors(self) -> Result<Vec<Tensor<'static>>> {
                let ($($value,)+) = self;
                Ok(vec![$($value.to_tensor()?),+])
            }
        }
    )+ };
}
tuples_of_fields!((A a, B b), (A a, B b, C c), (A a, B b, C c, D d));

/// One sample, inputs and targets: a pair of [`Fields`].
pub trait Sample: Send {
    /// The inputs and the targets. Errors: see [`Field::to_tensor`].
    fn into_parts(self) -> Result<(Vec<Tensor<'static>>, Vec<Tensor<'static>>)>;
}

impl<X: Fields, Y: Fields> Sample for (X, Y) {
    fn into_parts(self) -> Result<(Vec<Tensor<'static>>, Vec<Tensor<'static>>)> {
        Ok((self.0.to_tensors()?, self.1.to_tensors()?))
    }
}

/// See [`Dataset::batch`].
#[derive(Clone, Copy, Debug)]
pub struct Batched<D> {
    pub(super) data: D,
    pub(super) size: usize,
}

impl<D: Dataset<Item: Sample>> Dataset for Batched<D> {
    type Item = Batch;

    fn pass(&self, epoch: u64) -> Pass<'_, Batch> {
        let (mut samples, size) = (self.data.pass(epoch), self.size.max(1));
        Box::new(std::iter::from_fn(move || {
            let some: Result<Vec<D::Item>> = samples.by_ref().take(size).collect();
            match some {
                Ok(some) if some.is_empty() => None,
                some => Some(some.and_then(together)),
            }
        }))
    }

    fn cardinality(&self) -> Option<usize> {
        self.data.cardinality().map(|samples| samples.div_ceil(self.size.max(1)))
    }
}

/// Samples as a batch. Errors (E012): one has a different shape or type than the first.
fn together<S: Sample>(samples: Vec<S>) -> Result<Batch> {
    let (mut x, mut y): (Vec<Vec<Tensor<'_>>>, Vec<Vec<Tensor<'_>>>) = Default::default();
    for sample in samples {
        let (inputs, targets) = sample.into_parts()?;
        for (columns, fields) in [(&mut x, inputs), (&mut y, targets)] {
            columns.resize_with(fields.len(), Vec::new);
            columns.iter_mut().zip(fields).for_each(|(column, field)| column.push(field));
        }
    }
    let stacked = |columns: Vec<Vec<Tensor<'_>>>| -> Result<Vec<Tensor<'static>>> {
        columns.iter().map(|column| Tensor::stack(column)).collect()
    };
    Ok(Batch { x: stacked(x)?, y: stacked(y)? })
}
