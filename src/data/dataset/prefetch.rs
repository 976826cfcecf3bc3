//! Reading ahead on a thread of its own.

use super::{Dataset, Pass};
use neurona_core::error::Result;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

/// See [`Dataset::prefetch`].
#[derive(Debug)]
pub struct Prefetch<D> {
    data: Arc<D>,
    depth: usize,
}

impl<D> Prefetch<D> {
    pub(super) fn new(data: D, depth: usize) -> Prefetch<D> {
        Prefetch { data: Arc::new(data), depth }
    }
}

impl<D: Dataset<Item: 'static> + 'static> Dataset for Prefetch<D> {
    type Item = D::Item;

    fn pass(&self, epoch: u64) -> Pass<'_, D::Item> {
        // One item waits with the reader.
        let (sender, items) = sync_channel(self.depth.saturating_sub(1));
        let data = Arc::clone(&self.data);
        let read = move || {
            // The consumer may have had enough.
            _ = data.pass(epoch).try_for_each(|item| sender.send(item));
        };
        match thread::Builder::new().name("neurona-reader".into()).spawn(read) {
            Ok(reader) => Box::new(Ahead { items: Some(items), reader: Some(reader) }),
            // Without a thread, nothing is read ahead.
            Err(_) => self.data.pass(epoch),
        }
    }

    fn cardinality(&self) -> Option<usize> {
        self.data.cardinality()
    }
}

/// The reader's messages.
struct Ahead<T> {
    items: Option<Receiver<Result<T>>>,
    reader: Option<JoinHandle<()>>,
}

impl<T> Iterator for Ahead<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let item = self.items.as_ref()?.recv().ok();
        if item.is_none()
            && let Some(Err(panic)) = self.reader.take().map(JoinHandle::join)
        {
            // A panic in the reader's functions panics here, as it would without a thread.
            std::panic::resume_unwind(panic);
        }
        item
    }
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        // A reader that is waiting to send learns that nobody is listening.
        drop(self.items.take());
        if let Some(reader) = self.reader.take() {
            // If it panicked after the last item that was wanted, nobody is left to be told.
            _ = reader.join();
        }
    }
}
