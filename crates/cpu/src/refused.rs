//! Runs that would make a number that is not finite: wherever it is, the run says so and the state
//! stays as it was.

use crate::level::Level;
use crate::{Arena, Cpu, State};
use neurona_core::compile::{Program, Slot, Space, compile};
use neurona_core::graph::{Builder, Expr, Role};
use neurona_core::tensor::DType;

/// A program with its memory. Inputs are ones at first.
struct Run {
    program: Program,
    state: State,
    scratch: Arena,
}

impl Run {
    fn new(build: impl for<'g> FnOnce(&'g Builder)) -> Run {
        let builder = Builder::new();
        build(&builder);
        let program = compile(&builder.finish().unwrap());
        let mut state = State::new(program.state_bytes);
        let weights = program.inputs.iter().filter(|(_, slot)| slot.space == Space::State);
        weights.for_each(|(_, slot)| state.now_mut().floats_mut(*slot).fill(1.0));
        let scratch = Arena::new(program.scratch_bytes);
        Run { program, state, scratch }
    }

    fn slot(&self, name: &str) -> Slot {
        self.program.input(name).unwrap()
    }

    /// Whether a run with these numbers at a place of inputs, and ones everywhere else, may change the state.
    fn compute(&mut self, cpu: &Cpu, given: &[(&str, usize, f32)]) -> bool {
        let batch = self.program.inputs.iter().filter(|(_, slot)| slot.space == Space::Scratch);
        batch.for_each(|(_, slot)| self.scratch.floats_mut(*slot).fill(1.0));
        for (name, place, number) in given {
            let slot = self.slot(name);
            self.scratch.floats_mut(slot)[*place] = *number;
        }
        cpu.compute(&self.program, &mut self.state, &mut self.scratch)
    }

    fn bits(&self) -> Vec<u8> {
        self.state.now().bytes().to_vec()
    }
}

/// `x` and `w` of `n` numbers; the graph guards what `guarded` makes of them, and `w` becomes what `next` makes.
fn run(
    n: usize,
    guarded: impl for<'g> Fn(Expr<'g>, Expr<'g>) -> Option<Expr<'g>>,
    next: impl for<'g> Fn(Expr<'g>, Expr<'g>) -> Expr<'g>,
) -> Run {
    Run::new(|builder| {
        let w = builder.input("w", Role::State, DType::F32, &[n]);
        let x = builder.input("x", Role::Batch, DType::F32, &[n]);
        if let Some(guarded) = guarded(w, x) {
            builder.guard(guarded);
        }
        builder.update(w, next(w, x));
    })
}

#[test]
fn a_number_that_is_not_finite_at_any_place_changes_nothing() {
    for n in [1, 15, 16, 17, 63, 64, 511, 512, 513, 529, 3000, 200_000] {
        let runs = [
            // The state would not be finite; the graph guards nothing.
            ("update", run(n, |_, _| None, |w, x| w * 0.5 + x)),
            // It is finite whatever the guarded value is: that is made here, and read by the update.
            (
                "made and read",
                run(n, |_, x| Some(x * 1.0e3), |w, x| w + (x * 1.0e3).clip(-1.0, 1.0)),
            ),
            ("read", run(n, |_, x| Some(x), |w, x| w + x.clip(-1.0, 1.0))),
            // No elementwise step passes over it.
            ("a sum", run(n, |_, x| Some(x.sum_all()), |w, _| w * 0.5)),
            ("an input", run(n, |_, x| Some(x), |w, _| w * 0.5)),
        ];
        for (what, mut run) in runs {
            for level in Level::available() {
                for threads in [1, 2] {
                    let cpu = Cpu::with_level(threads, level);
                    let before = run.bits();
                    for place in [0, n / 2, n - 1] {
                        for number in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
                            let passed = run.compute(&cpu, &[("x", place, number)]);
                            assert!(!passed, "{what}: {number} at {place} of {n}, {level:?}");
                            assert_eq!(run.bits(), before);
                        }
                    }
                    assert!(run.compute(&cpu, &[]), "{what}: all are finite, {n}, {level:?}");
                    assert_eq!(run.bits(), before, "nothing changes before it is taken");
                    run.state.commit(&run.program);
                    assert_ne!(run.bits(), before);
                }
            }
        }
    }
}

#[test]
fn a_finite_number_that_overflows_changes_nothing() {
    let largest = f32::MAX;
    for n in [3, 1000] {
        let mut run = run(n, |_, x| Some(x), |w, x| w + x * 2.0);
        let (cpu, before) = (Cpu::new(1), run.bits());
        assert!(!run.compute(&cpu, &[("x", 1, largest)]));
        assert_eq!(run.bits(), before);
        assert!(run.compute(&cpu, &[("x", 1, largest / 4.0)]));
    }
}

#[test]
fn what_is_copied_or_not_elementwise_is_looked_at_too() {
    let mut run = Run::new(|builder| {
        let [a, b, c] =
            ["a", "b", "c"].map(|name| builder.input(name, Role::State, DType::F32, &[2, 2]));
        let x = builder.input("x", Role::Batch, DType::F32, &[2, 2]);
        // A product, used once more for another state, and a value that is asked for besides.
        let product = x.matmul(b);
        builder.update(a, product);
        builder.update(b, product);
        builder.output("asked", x + c);
        builder.update(c, x + c);
    });
    let cpu = Cpu::new(1);
    for place in 0..4 {
        let before = run.bits();
        assert!(!run.compute(&cpu, &[("x", place, f32::NAN)]), "{}", run.program);
        assert_eq!(run.bits(), before);
    }
    assert!(run.compute(&cpu, &[]));
    run.state.commit(&run.program);
    let values = ["a", "b", "c"].map(|name| run.state.now().floats(run.slot(name))[0]);
    assert_eq!(values, [2.0, 2.0, 2.0]);
}

#[test]
fn programs_that_change_other_parts_of_one_state_take_turns() {
    let part = |changes: &'static [&'static str]| {
        Run::new(|builder| {
            for name in ["a", "b", "c"] {
                let state = builder.input(name, Role::State, DType::F32, &[40]);
                if changes.contains(&name) {
                    builder.update(state, state * 2.0);
                }
            }
        })
    };
    let cpu = Cpu::new(1);
    let mut run = part(&["a", "b"]);
    let others =
        [part(&["a", "b"]).program, part(&["a"]).program, part(&["c"]).program, part(&[]).program];
    let mut wanted = [1.0, 1.0, 1.0];
    for (number, turn) in [0, 1, 0, 2, 0, 3, 1, 1, 2, 2, 0, 2, 1].into_iter().enumerate() {
        run.program = others[turn].clone();
        assert!(run.compute(&cpu, &[]));
        // Some runs are not committed.
        if number % 5 != 4 {
            run.state.commit(&run.program);
            for (value, changed_by) in wanted.iter_mut().zip([&[0, 1][..], &[0], &[2]]) {
                *value *= if changed_by.contains(&turn) { 2.0 } else { 1.0 };
            }
        }
        // Values written from outside count for all of them.
        if number == 7 {
            let slot = run.slot("c");
            run.state.now_mut().floats_mut(slot).fill(5.0);
            wanted[2] = 5.0;
        }
        let values = ["a", "b", "c"].map(|name| run.state.now().floats(run.slot(name))[7]);
        assert_eq!(values, wanted, "after run {number}");
    }
}
