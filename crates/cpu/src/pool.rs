//! The thread pool: the one place where threads are started and work is shared out.

use rayon::prelude::*;

/// Threads that share out numbered pieces of work.
///
/// What the pieces are is decided by shapes alone; the pool only decides who runs them.
#[derive(Debug)]
pub struct Pool {
    threads: Option<rayon::ThreadPool>,
}

impl Pool {
    /// A pool of this many threads. With one, or where the system grants no more, all work is done by the caller.
    pub fn new(threads: usize) -> Pool {
        let build = || rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok();
        Pool { threads: (threads > 1).then(build).flatten() }
    }

    /// How many threads.
    pub fn threads(&self) -> usize {
        self.threads.as_ref().map_or(1, rayon::ThreadPool::current_num_threads)
    }

    /// Runs `f` on a thread of the pool: handing work over from there costs a fraction of a microsecond,
    /// from outside about ten.
    pub fn inside<T: Send>(&self, f: impl FnOnce() -> T + Send) -> T {
        match &self.threads {
            Some(pool) => pool.install(f),
            None => f(),
        }
    }

    /// Runs `f` for each of `0..pieces`, in any order, and returns when all are done.
    pub fn for_each(&self, pieces: usize, f: impl Fn(usize) + Sync + Send) {
        match &self.threads {
            Some(pool) if pieces > 1 => pool.install(|| (0..pieces).into_par_iter().for_each(f)),
            _ => (0..pieces).for_each(f),
        }
    }

    /// Runs `f` on `out` in pieces of `piece` elements, each with its number.
    pub(crate) fn for_chunks<T: Send>(
        &self,
        out: &mut [T],
        piece: usize,
        f: impl Fn(usize, &mut [T]) + Sync + Send,
    ) {
        match &self.threads {
            Some(pool) if out.len() > piece => {
                pool.install(|| {
                    out.par_chunks_mut(piece).enumerate().for_each(|(i, out)| f(i, out))
                });
            }
            _ => out.chunks_mut(piece.max(1)).enumerate().for_each(|(i, out)| f(i, out)),
        }
    }
}
