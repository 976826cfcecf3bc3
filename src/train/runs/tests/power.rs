//! The power fails at any moment: whatever was reported as saved is there.

use super::{STEPS, bits, numbers, run_on, train, undisturbed};
use neurona_store::testing::Simulated;

/// Checks states of a disk after power losses at every moment, and returns how many there were.
/// `reported` are the steps that were reported as saved, with the changes that the disk had seen by
/// then.
fn check(
    disk: &Simulated,
    reported: &[(u64, usize)],
    each: usize,
    choose: &mut dyn FnMut(usize) -> usize,
    mut look: impl FnMut(usize, Simulated, &mut dyn FnMut(usize) -> usize),
) -> usize {
    let mut states = 0;
    for done in 0..=disk.done() {
        let before = reported.iter().rev().find(|(_, by)| *by <= done);
        for _ in 0..each {
            let after = disk.after_power_loss(done, choose);
            let saved = run_on(&after).last().unwrap();
            let found = saved.as_ref().map(|saved| saved.step);
            assert!(found >= before.map(|(step, _)| *step), "{found:?} < {before:?} at {done}");
            look(states, after, choose);
            states += 1;
        }
    }
    states
}

#[test]
fn after_any_loss_of_power_the_last_reported_step_is_there_and_the_run_ends_with_the_same_bits() {
    let (expected, told, disk) = undisturbed();
    // Before the first step, after each step, and after each epoch.
    assert_eq!(told.saved.len() as u64, 1 + STEPS + 3);
    assert_eq!(told.notes, [""; 0]);
    let mut choose = numbers(5);
    let (mut resumed, mut more) = (0, 0);
    let states = check(&disk, &told.saved, 30, &mut choose, |number, after, choose| {
        if number % 40 != 0 {
            return;
        }
        resumed += 1;
        // It continues for some steps, the power fails again, and it comes to its end.
        let at = run_on(&after).last().unwrap().map(|saved| (saved.step, 0));
        let (stopped, told, _) = train(run_on(&after), &after, 1 + choose(4));
        stopped.unwrap();
        let reported: Vec<(u64, usize)> = at.into_iter().chain(told.saved).collect();
        more += check(&after, &reported, 1, choose, |number, again, _| {
            if number % 25 == 0 {
                let (left, _, _) = train(run_on(&again), &again, usize::MAX);
                assert_eq!(left.unwrap(), expected);
            }
        });
    });
    let states = states + more;
    assert!(states >= 10_000, "{states} states");
    assert!(resumed > 100, "{resumed} resumed");
    let (left, _, mut model) = train(run_on(&disk), &disk, usize::MAX);
    assert_eq!(left.unwrap(), expected);
    assert_eq!(bits(&mut model), expected.weights);
}
