//! The thread pool: the one place where threads are started and work is shared out.
//!
//! A training step hands out pieces of a few microseconds, several times. So waiting threads watch
//! a counter for a while before they sleep, and taking a piece is just adding one to another
//! counter.

#[cfg(test)]
mod tests;

use std::any::Any;
use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::{self, JoinHandle};

/// How many times a waiting thread looks before it sleeps: some 100 µs, longer than the time
/// between two pieces of a step, shorter than anybody notices.
const LOOKS: usize = 3000;

/// Threads that share out numbered pieces of work.
///
/// The pieces are decided by shapes alone; the pool decides only who runs them: each thread begins
/// with a share of its own, the same each time for the same number of pieces, so that it finds in
/// its cache what it wrote there a moment ago; then it helps the others.
pub struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
    /// Held while work is shared out: a thread that finds it taken does its work alone.
    lead: Mutex<()>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pool({} threads)", self.threads())
    }
}

/// Work to share out: a function of the piece's number.
#[derive(Clone, Copy)]
struct Job {
    run: *const (dyn Fn(usize) + Sync),
    pieces: usize,
}

struct Shared {
    /// What to do; written by the leader while no worker is inside.
    job: UnsafeCell<Option<Job>>,
    /// For each thread, how many pieces of its share are taken.
    taken: Vec<Line<AtomicUsize>>,
    /// How often the door was opened and closed: while the number is odd, workers may come in. It
    /// is counted, because a worker that has done its part and only sees the door open cannot tell
    /// whether that is for work it has not seen.
    door: Line<AtomicUsize>,
    /// How many workers are inside, or about to see that they may not be.
    inside: Line<AtomicUsize>,
    /// How many workers sleep, or are about to.
    asleep: AtomicUsize,
    /// A worker's piece panicked.
    failed: AtomicBool,
    /// The payload of the first panic.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    /// The pool is being dropped.
    over: AtomicBool,
}

/// A value on a cache line of its own: otherwise threads that write neighbours would wait for each
/// other.
#[repr(align(128))]
struct Line<T>(T);

// SAFETY: `job` is written only while the door is closed and `inside` is 0, and read only by
// workers that added themselves to `inside` and then saw the door open. Both are sequentially
// consistent, so if a leader closes the door while a worker comes in, at least one sees the other.
unsafe impl Sync for Shared {}
// SAFETY: the pointer in `job` is only followed while the function it points to is borrowed by `share`.
unsafe impl Send for Shared {}

impl Pool {
    /// A pool of this many threads, including the caller's. With one thread, or if the system
    /// grants no more, all work is done by the caller.
    pub fn new(threads: usize) -> Pool {
        let shared = Arc::new(Shared {
            job: UnsafeCell::new(None),
            taken: (0..threads.max(1)).map(|_| Line(AtomicUsize::new(0))).collect(),
            door: Line(AtomicUsize::new(0)),
            inside: Line(AtomicUsize::new(0)),
            asleep: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            panic: Mutex::new(None),
            over: AtomicBool::new(false),
        });
        let worker = |number| {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name("neurona".into()).spawn(move || shared.work(number)).ok()
        };
        let workers = (1..threads.max(1)).map_while(worker).collect();
        Pool { shared, workers, lead: Mutex::new(()) }
    }

    /// How many threads.
    pub fn threads(&self) -> usize {
        self.workers.len() + 1
    }

    /// Runs `f` for each of `0..pieces`, in any order, and returns when all are done.
    ///
    /// Inside a piece, and while another thread shares out work of its own, the caller does it alone.
    ///
    /// # Panics
    /// If a piece panics, on whichever thread, with the same payload; the pool can be used again
    /// afterwards, with all its threads.
    pub fn for_each(&self, pieces: usize, f: impl Fn(usize) + Sync) {
        if pieces > 1 && !self.workers.is_empty() {
            let lead = match self.lead.try_lock() {
                Ok(lead) => Some(lead),
                // A piece that panicked has left nothing half done: work is either shared out or it is not.
                Err(TryLockError::Poisoned(lead)) => Some(lead.into_inner()),
                Err(TryLockError::WouldBlock) => None,
            };
            if lead.is_some() {
                return self.share(pieces, &f);
            }
        }
        (0..pieces).for_each(f);
    }

    /// Runs `f` on `out` in pieces of `piece` elements, each with its number.
    pub(crate) fn for_chunks<T: Send>(
        &self,
        out: &mut [T],
        piece: usize,
        f: impl Fn(usize, &mut [T]) + Sync,
    ) {
        let chunks = Chunks {
            start: out.as_mut_ptr(),
            len: out.len(),
            piece: piece.max(1),
            borrow: PhantomData,
        };
        self.for_each(out.len().div_ceil(chunks.piece), |number| {
            // SAFETY: each number is given to `f` once.
            f(number, unsafe { chunks.get(number) });
        });
    }

    fn share(&self, pieces: usize, f: &(dyn Fn(usize) + Sync)) {
        let shared = &*self.shared;
        // SAFETY: only the lifetime changes; `Closing` waits until no worker holds it any more.
        let run: &'static (dyn Fn(usize) + Sync) = unsafe { std::mem::transmute(f) };
        // SAFETY: the door is closed, and nobody is inside: the last `Closing` made sure of it.
        unsafe { *shared.job.get() = Some(Job { run, pieces }) };
        shared.taken.iter().for_each(|taken| taken.0.store(0, SeqCst));
        // If the leader's own piece panicked too, nobody has asked about the worker's.
        shared.failed.store(false, SeqCst);
        shared.door.0.fetch_add(1, SeqCst);
        let closing = Closing(shared);
        shake();
        if shared.asleep.load(SeqCst) > 0 {
            self.workers.iter().for_each(|worker| worker.thread().unpark());
        }
        shared.take_pieces(Job { run, pieces }, 0);
        drop(closing);
        if shared.failed.load(SeqCst)
            && let Some(payload) =
                shared.panic.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            panic::resume_unwind(payload);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.over.store(true, SeqCst);
        for worker in self.workers.drain(..) {
            worker.thread().unpark();
            // Nothing unwinds through a worker's life.
            _ = worker.join();
        }
    }
}

/// Closes the door when dropped, even by a panic, and waits for the workers inside.
struct Closing<'a>(&'a Shared);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.door.0.fetch_add(1, SeqCst);
        shake();
        let mut looks = 0;
        while self.0.inside.0.load(SeqCst) > 0 {
            wait(&mut looks);
        }
    }
}

/// Looks again soon, or after others have had a turn: a worker may be waiting for this very
/// processor.
fn wait(looks: &mut usize) {
    *looks += 1;
    if *looks < LOOKS { std::hint::spin_loop() } else { thread::yield_now() }
}

/// In tests, lets others go first now and then, so that threads arrive in every order at the points
/// where they meet.
fn shake() {
    #[cfg(test)]
    tests::shake();
}

fn is_open(door: usize) -> bool {
    !door.is_multiple_of(2)
}

impl Shared {
    /// Takes pieces of thread `first`'s share, then of the others', until none are left.
    fn take_pieces(&self, job: Job, first: usize) {
        let threads = self.taken.len();
        for thread in (first..threads).chain(0..first) {
            let share = thread * job.pieces / threads..(thread + 1) * job.pieces / threads;
            // Looking costs less than taking a piece that is not there.
            while self.taken[thread].0.load(SeqCst) < share.len() {
                let piece = share.start + self.taken[thread].0.fetch_add(1, SeqCst);
                if piece >= share.end {
                    break;
                }
                // SAFETY: whoever takes pieces is the leader or inside, and the leader waits for
                // the workers inside.
                unsafe { (*job.run)(piece) };
            }
        }
    }

    /// A worker's life.
    fn work(&self, number: usize) {
        let (mut looks, mut served) = (0, 0);
        while !self.over.load(SeqCst) {
            let door = self.door.0.load(SeqCst);
            if is_open(door) && door != served {
                shake();
                self.inside.0.fetch_add(1, SeqCst);
                shake();
                // What was seen from outside may have ended.
                let door = self.door.0.load(SeqCst);
                if is_open(door) {
                    served = door;
                    // SAFETY: inside and open, so nobody writes it.
                    if let Some(job) = unsafe { *self.job.get() } {
                        // The leader panics instead, and this worker lives on.
                        let done = AssertUnwindSafe(|| self.take_pieces(job, number));
                        if let Err(payload) = panic::catch_unwind(done)
                            && !self.failed.swap(true, SeqCst)
                        {
                            // The first of several.
                            *self.panic.lock().unwrap_or_else(PoisonError::into_inner) =
                                Some(payload);
                        }
                    }
                }
                self.inside.0.fetch_sub(1, SeqCst);
                looks = 0;
            } else if is_open(door) {
                // All pieces are taken; the leader closes the door when it sees that.
                std::hint::spin_loop();
            } else if looks < LOOKS {
                looks += 1;
                std::hint::spin_loop();
            } else {
                self.asleep.fetch_add(1, SeqCst);
                shake();
                // The leader opens the door and then checks who sleeps; so one of the two sees the
                // other.
                if !is_open(self.door.0.load(SeqCst)) && !self.over.load(SeqCst) {
                    thread::park();
                }
                self.asleep.fetch_sub(1, SeqCst);
                looks = 0;
            }
        }
    }
}

/// A slice that is given out in pieces.
struct Chunks<'a, T> {
    start: *mut T,
    len: usize,
    piece: usize,
    borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: threads get pieces that do not overlap.
unsafe impl<T: Send> Sync for Chunks<'_, T> {}

impl<T> Chunks<'_, T> {
    /// # Safety
    /// No piece is asked for twice.
    #[expect(clippy::mut_from_ref, reason = "pieces are apart, which borrows cannot express")]
    unsafe fn get(&self, number: usize) -> &mut [T] {
        let first = number * self.piece;
        // SAFETY: inside the slice; it does not overlap other pieces, by the caller's promise.
        unsafe {
            std::slice::from_raw_parts_mut(self.start.add(first), self.piece.min(self.len - first))
        }
    }
}
