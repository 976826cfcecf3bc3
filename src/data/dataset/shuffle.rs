//! A different order each epoch, from a buffer of upcoming items.

use super::{Dataset, Pass};
use crate::nn::stream;
use crate::tensor::random::Source;

/// See [`Dataset::shuffle`].
#[derive(Clone, Copy, Debug)]
pub struct Shuffle<D> {
    pub(super) data: D,
    pub(super) buffer: usize,
    pub(super) seed: u64,
}

impl<D: Dataset> Dataset for Shuffle<D> {
    type Item = D::Item;

    fn pass(&self, epoch: u64) -> Pass<'_, D::Item> {
        let random = Source { seed: self.seed, stream: stream::SHUFFLE, step: epoch };
        let size = self.buffer.max(1);
        let (mut items, mut buffer, mut draws) = (self.data.pass(epoch), Vec::new(), 0);
        Box::new(std::iter::from_fn(move || {
            while buffer.len() < size {
                match items.next() {
                    Some(Ok(item)) => buffer.push(item),
                    Some(error) => return Some(error),
                    None => break,
                }
            }
            if buffer.is_empty() {
                return None;
            }
            // 32 bits times the length: the upper half is below the length.
            let place = (u64::from(random.word(draws)) * buffer.len() as u64) >> 32;
            draws += 1;
            Some(Ok(buffer.swap_remove(place as usize)))
        }))
    }

    fn cardinality(&self) -> Option<usize> {
        self.data.cardinality()
    }
}
