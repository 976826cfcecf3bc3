//! Items made of others.

use super::{Dataset, Pass};
use neurona_core::error::Result;

/// See [`Dataset::map`].
#[derive(Clone, Copy, Debug)]
pub struct Map<D, F> {
    pub(super) data: D,
    pub(super) f: F,
}

impl<D, F, T> Dataset for Map<D, F>
where
    D: Dataset,
    F: Fn(D::Item) -> Result<T> + Send + Sync,
    T: Send,
{
    type Item = T;

    fn pass(&self, epoch: u64) -> Pass<'_, T> {
        Box::new(self.data.pass(epoch).map(|item| item.and_then(&self.f)))
    }

    fn cardinality(&self) -> Option<usize> {
        self.data.cardinality()
    }
}
