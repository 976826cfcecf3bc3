//! Where data begin: numbers of samples, or anything that makes an iterator.

use super::{Dataset, Pass};
use neurona_core::error::Result;

/// The numbers 0 to `count - 1`, in order: shuffle them, and read samples by number.
///
/// ```
/// use neurona::data::dataset::{Dataset, range};
/// let numbers = range(3).pass(0).collect::<neurona::Result<Vec<usize>>>()?;
/// assert_eq!(numbers, [0, 1, 2]);
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn range(count: usize) -> Range {
    Range { count }
}

/// See [`range`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    count: usize,
}

impl Dataset for Range {
    type Item = usize;

    fn pass(&self, _epoch: u64) -> Pass<'_, usize> {
        Box::new((0..self.count).map(Ok))
    }

    fn cardinality(&self) -> Option<usize> {
        Some(self.count)
    }
}

/// The items that a function of the epoch's number iterates over: lines of a file, samples from a
/// generator.
///
/// ```
/// use neurona::data::dataset::{Dataset, from_passes};
/// let squares = from_passes(|_epoch| (1..4).map(|i| Ok(i * i)));
/// assert_eq!(squares.pass(0).collect::<neurona::Result<Vec<i32>>>()?, [1, 4, 9]);
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn from_passes<F, I, T>(passes: F) -> FromPasses<F>
where
    F: Fn(u64) -> I + Send + Sync,
    I: Iterator<Item = Result<T>> + Send + 'static,
    T: Send,
{
    FromPasses { passes }
}

/// See [`from_passes`].
#[derive(Clone, Copy, Debug)]
pub struct FromPasses<F> {
    passes: F,
}

impl<F, I, T> Dataset for FromPasses<F>
where
    F: Fn(u64) -> I + Send + Sync,
    I: Iterator<Item = Result<T>> + Send + 'static,
    T: Send,
{
    type Item = T;

    fn pass(&self, epoch: u64) -> Pass<'_, T> {
        Box::new((self.passes)(epoch))
    }
}
