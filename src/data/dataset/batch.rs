//! Samples put together.

use super::{Dataset, Pass};
use crate::tensor::{Element, Shape, Tensor};
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

/// An input or a target of one sample: an array or a number.
pub trait Field: Send {
    /// As a tensor. Errors (E012): more than eight dimensions.
    fn to_tensor(self) -> Result<Tensor<'static>>;
}

impl<T: Element, S: Data<Elem = T> + Send, D: Dimension> Field for ArrayBase<S, D>
where
    ArrayBase<S, D>: Send,
{
    fn to_tensor(self) -> Result<Tensor<'static>> {
        Tensor::new(Shape::new(self.shape())?, self.iter().copied().collect::<Vec<T>>())
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
numbers_as_fields!(f32, f64, u8, i32, bool);

/// The inputs or the targets of one sample: a [`Field`], or a tuple of them.
pub trait Fields: Send {
    /// As tensors. Errors (E012): more than eight dimensions.
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
    /// The inputs and the targets. Errors (E012): more than eight dimensions.
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
