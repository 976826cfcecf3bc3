//! Runs that are stopped and resumed end with the bits of a run that never stopped; what does not suit is refused.

mod trainings;

use neurona::prelude::*;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use trainings::{Kind, Outcome};

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("neurona-runs-{}-{name}", std::process::id()));
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn uninterrupted(kind: Kind, name: &str) -> (Outcome, usize) {
    let folder = folder(name);
    let mut steps = 0;
    let count = |event: &Event<'_>| {
        steps += usize::from(matches!(event, Event::BatchEnd { .. }));
        ControlFlow::Continue(())
    };
    let outcome = kind.train(1, &folder, |run| run, count).unwrap();
    fs::remove_dir_all(folder).unwrap();
    (outcome, steps)
}

/// Trains until it has done so many steps in this process, or to its end: `Some` then.
fn train_for(kind: Kind, threads: usize, folder: &Path, steps: usize) -> Option<Outcome> {
    let stop = Stop::default();
    let (mut done, request) = (0, stop.clone());
    let watch = move |event: &Event<'_>| {
        done += usize::from(matches!(event, Event::BatchEnd { .. }));
        if done == steps {
            request.request();
        }
        ControlFlow::Continue(())
    };
    let outcome = kind.train(threads, folder, |run| run.stop(&stop), watch).unwrap();
    stop.stopped().is_none().then_some(outcome)
}

#[test]
fn stopped_anywhere_and_resumed_it_ends_with_the_same_bits() {
    for kind in Kind::ALL {
        let (expected, steps) = uninterrupted(kind, &format!("whole-{kind:?}"));
        assert!(steps > 20, "{kind:?}: {steps}");
        assert!(expected.history["loss"].len() >= 4, "{:?}", expected.history);
        for at in [1, 2, 7, 8, 13, 14, 25, 26, steps - 1] {
            let folder = folder(&format!("stopped-{kind:?}-{at}"));
            assert!(train_for(kind, 1 + at % 2, &folder, at).is_none(), "{kind:?} {at}");
            let outcome = train_for(kind, 2 - at % 2, &folder, usize::MAX).unwrap();
            assert_eq!(outcome, expected, "{kind:?} stopped at step {at} of {steps}");
            // It is complete: what it gives once more is the same.
            assert_eq!(train_for(kind, 1, &folder, 1).unwrap(), expected);
            fs::remove_dir_all(folder).unwrap();
        }
    }
}

#[test]
fn stopped_after_every_single_step_it_ends_with_the_same_bits() {
    for kind in Kind::ALL {
        let (expected, steps) = uninterrupted(kind, &format!("every-whole-{kind:?}"));
        let folder = folder(&format!("every-{kind:?}"));
        let mut lives = 1;
        let outcome = loop {
            if let Some(outcome) = train_for(kind, 1 + lives % 2, &folder, 1) {
                break outcome;
            }
            lives += 1;
        };
        assert_eq!(outcome, expected, "{kind:?}");
        assert!(lives >= steps, "{lives} lives for {steps} steps");
        fs::remove_dir_all(folder).unwrap();
    }
}
