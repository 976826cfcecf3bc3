//! Each call to the store fails, in each way: something good is always there, and training continues.

use super::{Left, bits, run_on, train, undisturbed};
use crate::train::Sequential;
use crate::train::runs::Run;
use neurona_core::error::{Code, Error};
use neurona_store::testing::{Fault, Faulty, Simulated};
use neurona_store::{Store, is_temporary};
use std::path::Path;

/// Checks what a training with faults has left, and that it can be resumed to the same bits as one
/// without.
fn check(
    (left, told, mut model): (Result<Left, Error>, super::Told, Sequential),
    disk: &Simulated,
    expected: &Left,
    case: &str,
) {
    let reported = told.saved.last().map(|(step, _)| *step);
    match left {
        Ok(left) => assert_eq!(left, *expected, "{case}"),
        Err(error) => {
            // The folder could not be used from the beginning: nothing was done.
            assert_eq!(error.code(), Code::E035, "{case}: {error}");
            assert_eq!(reported, None, "{case}");
            let mut fresh = train(run_on(&Simulated::default()), disk, 1).2;
            fresh.set_seed(0);
            assert_eq!(bits(&mut model), bits(&mut fresh), "{case}");
        }
    }
    let found = run_on(disk).last().unwrap().map(|saved| saved.step);
    assert!(found >= reported, "{case}: {found:?} of {reported:?}");
    let names = disk.list(Path::new("run")).unwrap();
    assert!(names.iter().filter(|name| is_temporary(name)).count() <= 1, "{case}: {names:?}");
    let (again, _, _) = train(run_on(disk), disk, usize::MAX);
    assert_eq!(again.unwrap(), *expected, "{case}, resumed");
    let names = disk.list(Path::new("run")).unwrap();
    assert_eq!(names.len(), 4, "two checkpoints of two files each: {names:?} after {case}");
}

fn faulty(disk: &Simulated, fault: Fault, failing: std::ops::Range<usize>) -> (Run, Faulty) {
    let store = Faulty::new(disk.clone(), fault, failing);
    (Run::new("run").store(store.clone()), store)
}

#[test]
fn whichever_call_fails_a_good_checkpoint_is_there_and_training_goes_on() {
    let expected = undisturbed().0;
    let (run, counted) = faulty(&Simulated::default(), Fault::Sync, 0..0);
    train(run, &Simulated::default(), usize::MAX).0.unwrap();
    let (calls, mut told_of) = (counted.calls(), 0);
    assert!(calls > 200, "{calls} calls");
    for fault in Fault::ALL {
        for call in 0..calls {
            for failing in [call..call + 1, call..call + 17, call..usize::MAX] {
                // Faults that last are tried at every seventh call.
                if failing.len() > 1 && call % 7 != 0 {
                    continue;
                }
                let disk = Simulated::default();
                let case = format!("{fault:?} at {failing:?}");
                let (run, store) = faulty(&disk, fault, failing);
                let result = train(run, &disk, usize::MAX);
                assert!(store.calls() > 0);
                told_of += result.1.notes.iter().filter(|code| **code == "W035").count();
                check(result, &disk, &expected, &case);
            }
        }
    }
    assert!(told_of > 1000, "{told_of} notes");
}

#[test]
fn whichever_call_fails_when_a_run_is_resumed_it_can_be_resumed_again() {
    let expected = undisturbed().0;
    let stopped = || {
        let disk = Simulated::default();
        train(run_on(&disk), &disk, 7).0.unwrap();
        Simulated::new(disk.files())
    };
    for fault in Fault::ALL {
        for call in 0..40 {
            let disk = stopped();
            let (run, _) = faulty(&disk, fault, call..call + 1);
            check(train(run, &disk, usize::MAX), &disk, &expected, &format!("{fault:?} at {call}"));
        }
    }
}

#[test]
fn a_stop_that_cannot_be_saved_is_an_error_that_says_where_the_run_can_be_resumed() {
    use neurona_core::message::Lang;
    let disk = Simulated::default();
    let (run, store) = faulty(&disk, Fault::NoSpace, 0..0);
    train(run, &disk, 5).0.unwrap();
    let calls = store.calls();
    let disk = Simulated::default();
    let (run, _) = faulty(&disk, Fault::NoSpace, calls - 12..usize::MAX);
    let error = train(run, &disk, 5).0.unwrap_err();
    assert_eq!(error.code(), Code::E035, "{error}");
    let said = error.to_string();
    assert!(said.contains("stopped at step 5") && said.contains("MiB"), "{said}");
    assert!(error.in_lang(Lang::Es).contains("se detuvo en el paso 5"), "{said}");
    let saved = run_on(&disk).last().unwrap().unwrap();
    assert_eq!((saved.step, saved.finished), (4, false));
    assert_eq!(train(run_on(&disk), &disk, usize::MAX).0.unwrap(), undisturbed().0);
}
