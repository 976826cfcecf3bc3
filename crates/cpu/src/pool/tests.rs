//! Every piece once, on all threads; a panic reaches the caller; nothing hangs.
//!
//! `cargo xtask deep pool` runs them under `ThreadSanitizer`, which notices two threads at one
//! value even if all went well.

use super::*;
use neurona_core::tensor::random::Source;
use std::cell::Cell;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The longest that a busy machine may take for something that takes milliseconds.
const LONG: Duration = Duration::from_mins(2);

/// Whether threads are shaken: in tests of the pool, and not in those that only use it.
static SHAKEN: AtomicBool = AtomicBool::new(false);

thread_local! {
    static DICE: Cell<u64> = const { Cell::new(0x9E37_79B9_7F4A_7C15) };
}

/// Gives up the processor in one of eight cases.
pub(super) fn shake() {
    if !SHAKEN.load(SeqCst) {
        return;
    }
    // Xorshift, seeded differently on each thread: with the address of its own state.
    let throw = DICE.with(|dice| {
        let mut x = dice.get() ^ (std::ptr::from_ref(dice) as u64);
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        dice.set(x);
        x
    });
    if throw >> 61 == 0 {
        thread::yield_now();
    }
}

/// Runs `test` and fails if it does not end.
fn ends(name: &str, test: impl FnOnce() + Send + 'static) {
    SHAKEN.store(true, SeqCst);
    let (done, is_done) = mpsc::channel();
    let thread = thread::spawn(move || {
        let outcome = panic::catch_unwind(AssertUnwindSafe(test));
        done.send(()).unwrap();
        if let Err(payload) = outcome {
            panic::resume_unwind(payload);
        }
    });
    assert!(is_done.recv_timeout(LONG).is_ok(), "{name}: does not end");
    if let Err(payload) = thread.join() {
        panic::resume_unwind(payload);
    }
}

/// Checks that each of `pieces` runs once and is done when the call returns.
fn check_pieces(pool: &Pool, pieces: usize) {
    SHAKEN.store(true, SeqCst);
    let counts: Vec<AtomicUsize> = (0..pieces).map(|_| AtomicUsize::new(0)).collect();
    pool.for_each(pieces, |piece| _ = counts[piece].fetch_add(1, SeqCst));
    let counts: Vec<usize> = counts.into_iter().map(AtomicUsize::into_inner).collect();
    assert_eq!(counts, vec![1; pieces], "{pool:?}");
}

/// Gives each thread of the pool one piece, and lets none go before all have theirs; returns how
/// many there were. Then `then` is called on each, with whether it is the caller's thread.
///
/// Nothing is locked: `ThreadSanitizer` sees only half of the standard library's locks, and would
/// report races.
fn meet(pool: &Pool, then: impl Fn(bool) + Sync) -> usize {
    let (caller, start) = (thread::current().id(), Instant::now());
    let there = AtomicUsize::new(0);
    pool.for_each(pool.threads(), |_| {
        there.fetch_add(1, SeqCst);
        while there.load(SeqCst) < pool.threads() && start.elapsed() < LONG {
            thread::yield_now();
        }
        assert!(start.elapsed() < LONG, "a thread does not come");
        then(thread::current().id() == caller);
    });
    there.into_inner()
}

/// The message with which `work` panics.
fn panics(work: impl FnOnce()) -> Option<String> {
    let payload = panic::catch_unwind(AssertUnwindSafe(work)).err()?;
    payload.downcast::<String>().ok().map(|text| *text)
}

#[test]
fn every_piece_runs_once_on_any_number_of_threads() {
    for threads in 0..=16 {
        let pool = Pool::new(threads);
        assert_eq!(pool.threads(), threads.max(1));
        for pieces in [0, 1, 2, 3, threads, threads + 1, 5 * threads + 3, 1000] {
            check_pieces(&pool, pieces);
        }
    }
}

#[test]
fn chunks_are_numbered_in_order_and_cover_the_slice_once() {
    for threads in [1, 2, 5] {
        let pool = Pool::new(threads);
        for (length, piece) in [(0, 4), (1, 4), (4, 4), (5, 4), (1000, 7), (1000, 1), (3, 0)] {
            let mut out = vec![usize::MAX; length];
            pool.for_chunks(&mut out, piece, |number, chunk| {
                assert!(chunk.len() <= piece.max(1) && !chunk.is_empty());
                for (place, value) in chunk.iter_mut().enumerate() {
                    assert_eq!(*value, usize::MAX, "twice");
                    *value = number * piece.max(1) + place;
                }
            });
            assert_eq!(out, (0..length).collect::<Vec<usize>>(), "{length} by {piece}");
        }
    }
}

#[test]
fn all_threads_take_part_also_when_they_were_asleep() {
    ends("sleepers", || {
        for threads in [1, 2, 3, 8, 16] {
            let pool = Pool::new(threads);
            for idle in [0, 30, 0, 30] {
                // Longer than they watch before they sleep.
                thread::sleep(Duration::from_millis(idle));
                assert_eq!(meet(&pool, |_| {}), threads);
            }
        }
    });
}

#[test]
fn a_panic_on_any_thread_reaches_the_caller_and_the_pool_keeps_all_threads() {
    ends("panics", || {
        for threads in [2, 3, 8] {
            let pool = Pool::new(threads);
            for round in 0..20 {
                let on_workers = panics(|| {
                    meet(&pool, |is_caller| assert!(is_caller, "of a worker in {round}"));
                });
                assert_eq!(on_workers, Some(format!("of a worker in {round}")));
                let on_callers = panics(|| {
                    meet(&pool, |is_caller| assert!(!is_caller, "of the caller in {round}"));
                });
                assert_eq!(on_callers, Some(format!("of the caller in {round}")));
                let on_all = panics(|| _ = meet(&pool, |_| panic!("of all in {round}")));
                assert_eq!(on_all, Some(format!("of all in {round}")));
                // Nothing remains of them: neither a missing thread nor an old panic.
                assert_eq!(meet(&pool, |_| {}), threads);
                check_pieces(&pool, 100);
            }
        }
    });
}

#[test]
fn the_other_pieces_are_done_although_one_panics() {
    for threads in [2, 4] {
        let pool = Pool::new(threads);
        for bad in 0..20 {
            let ran = AtomicUsize::new(0);
            let panicked = panics(|| {
                pool.for_each(20, |piece| {
                    assert!(piece != bad || thread::current().name() != Some("neurona"), "{bad}");
                    ran.fetch_add(1, SeqCst);
                });
            });
            // All but the one in which a worker panicked.
            match panicked {
                Some(text) => assert_eq!((text, ran.into_inner()), (bad.to_string(), 19)),
                None => assert_eq!(ran.into_inner(), 20),
            }
        }
    }
}

#[test]
fn work_inside_a_piece_is_done_too() {
    ends("nested", || {
        let (outer, other) = (Pool::new(4), Pool::new(3));
        let count = AtomicUsize::new(0);
        outer.for_each(8, |_| {
            // In the same pool, and in another one that all pieces want.
            outer.for_each(5, |_| {
                other.for_each(7, |_| _ = count.fetch_add(1, SeqCst));
            });
        });
        assert_eq!(count.into_inner(), 8 * 5 * 7);
        assert_eq!(meet(&outer, |_| {}), 4);
        assert_eq!(meet(&other, |_| {}), 3);
    });
}

/// Runs `work` on this many threads at once, each with its number, and waits until they have ended.
fn on_threads(count: usize, work: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..count).map(|number| scope.spawn(move || work(number))).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn callers_on_many_threads_share_a_pool() {
    ends("callers", || {
        let pool = Pool::new(3);
        on_threads(6, |_| (0..200).for_each(|pieces| check_pieces(&pool, pieces)));
        assert_eq!(meet(&pool, |_| {}), 3);
    });
}

#[test]
fn pools_are_made_used_and_dropped_beside_each_other() {
    ends("pools", || {
        on_threads(4, |caller| {
            for round in 0..25 {
                let pools: Vec<Pool> = (0..4).map(|more| Pool::new(1 + more)).collect();
                for pool in &pools {
                    check_pieces(pool, caller + round);
                }
            }
        });
    });
}

#[test]
fn a_pool_can_be_dropped_at_any_moment() {
    ends("dropped", || {
        for idle in 0..200 {
            // New, watching or asleep; or it has just worked.
            let pool = Pool::new(1 + idle % 8);
            if idle % 3 == 0 {
                check_pieces(&pool, idle);
            }
            thread::sleep(Duration::from_micros(idle as u64 * 10));
            drop(pool);
        }
    });
}

#[test]
fn any_course_of_work_idleness_and_panics_is_right() {
    let asked = std::env::var("NEURONA_RANDOM_CASES").ok().and_then(|n| n.parse().ok());
    let rounds = asked.unwrap_or(3_000u64);
    let (mut pieces, mut panicked) = (0, 0);
    let mut pool = Pool::new(4);
    for round in 0..rounds {
        let source = Source { seed: round, stream: 11, step: 0 };
        let below = |index: u64, bound: usize| source.word(index) as usize % bound;
        if below(0, 50) == 0 {
            pool = Pool::new(1 + below(1, 8));
        }
        if below(2, 20) == 0 {
            thread::sleep(Duration::from_micros(below(3, 300) as u64));
        }
        // Plain numbers, written by whoever has the piece and read by the caller when all are done.
        let mut out = vec![0u64; below(4, 400)];
        let chunk = 1 + below(5, 9);
        let bad = if below(6, 10) == 0 { below(7, 40) } else { usize::MAX };
        let chunks = out.len().div_ceil(chunk);
        let outcome = panics(|| {
            pool.for_chunks(&mut out, chunk, |number, out| {
                assert_ne!(number, bad, "a bad piece");
                for _ in 0..below(8 + number as u64, 60) {
                    std::hint::spin_loop();
                }
                out.iter_mut().for_each(|value| *value += number as u64 + 1);
            });
        });
        if bad < chunks {
            assert_eq!(outcome.as_deref().map(|text| text.contains("a bad piece")), Some(true));
            panicked += 1;
        } else {
            assert_eq!(outcome, None, "round {round}");
            let right = (0..out.len()).all(|place| out[place] == (place / chunk) as u64 + 1);
            assert!(right, "round {round}");
        }
        pieces += chunks;
    }
    assert!(pieces as u64 > rounds && panicked > 0);
    if asked.is_some() {
        use std::io::Write;
        let found = format!("campaign: {rounds} rounds of {pieces} pieces, {panicked} panics told");
        writeln!(std::io::stdout(), "{found}").unwrap();
    }
}
