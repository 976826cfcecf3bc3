//! Samples one after the other, more than memory holds: read, changed, shuffled, put into batches, and read
//! ahead while the model trains.
//!
//! ```
//! use ndarray::array;
//! use neurona::data::dataset::{self, Dataset};
//!
//! // Anything that reads sample `i`: a file in a folder, rows of a table, a camera's pixels.
//! let read = |i: usize| Ok((array![i as f32, 1.0], i as f32 * 2.0));
//! let samples = dataset::range(1_000).shuffle(1_000, 7).map(read).batch(32).prefetch(2);
//! assert_eq!(samples.cardinality(), Some(32));
//!
//! let first = samples.pass(0).next().expect("a batch")?;
//! assert_eq!(first.x[0].shape().dims(), [32, 2]);
//! # Ok::<(), neurona::Error>(())
//! ```

mod batch;
mod map;
mod prefetch;
mod shuffle;
mod sources;

pub use batch::{Batch, Batched, Field, Fields, Sample};
pub use map::Map;
pub use prefetch::Prefetch;
pub use shuffle::Shuffle;
pub use sources::{FromPasses, Range, from_passes, range};

use neurona_core::error::Result;

/// One pass over the data.
pub type Pass<'a, T> = Box<dyn Iterator<Item = Result<T>> + Send + 'a>;

/// Data that can be gone through over and over, from its beginning: `tf.data.Dataset`'s idea.
///
/// A pass is a function of the data and the number of the epoch, so training with it gives the same bits each
/// time, however far ahead [`prefetch`](Dataset::prefetch) reads.
pub trait Dataset: Send + Sync {
    /// Its items.
    type Item: Send;

    /// A pass over the data, for this epoch. An error ends it.
    fn pass(&self, epoch: u64) -> Pass<'_, Self::Item>;

    /// How many items a pass has, if that is known before.
    fn cardinality(&self) -> Option<usize> {
        None
    }

    /// The result of `f` for each item, on the thread that reads.
    fn map<T: Send, F>(self, f: F) -> Map<Self, F>
    where
        Self: Sized,
        F: Fn(Self::Item) -> Result<T> + Send + Sync,
    {
        Map { data: self, f }
    }

    /// In a different order each epoch: each item is drawn from the next `buffer` items. With a
    /// buffer as large as the data, all orders are equally likely; with a smaller one, items stay
    /// near their places. Shuffle numbers or names, and read after that: then the buffer is small.
    fn shuffle(self, buffer: usize, seed: u64) -> Shuffle<Self>
    where
        Self: Sized,
    {
        Shuffle { data: self, buffer, seed }
    }

    /// Samples in batches of `size`, the last one with what is left.
    fn batch(self, size: usize) -> Batched<Self>
    where
        Self: Sized,
        Self::Item: Sample,
    {
        Batched { data: self, size }
    }

    /// Read by a thread of its own, up to `depth` items ahead of their consumer.
    fn prefetch(self, depth: usize) -> Prefetch<Self>
    where
        Self: Sized + 'static,
        Self::Item: 'static,
    {
        Prefetch::new(self, depth)
    }
}
