//! Tests of the pipeline: what is fused, what is shared, when the state changes.

mod passes;

use super::{Axis, Fused, Instruction, Kind, Place, Program, Space, compile};
use crate::graph::{Builder, Expr, Role, gradients};
use crate::tensor::{Axes, DType, Shape};

/// Logistic regression with momentum: one step of training.
fn training_step() -> Program {
    let builder = Builder::new();
    let w = builder.input("w", Role::State, DType::F32, &[4, 3]);
    let velocity = builder.input("velocity", Role::State, DType::F32, &[4, 3]);
    let x = builder.input("x", Role::Batch, DType::F32, &[8, 4]);
    let y = builder.input("y", Role::Batch, DType::F32, &[8, 3]);
    let loss = -(y * x.matmul(w).log_softmax()).sum_all() / 8.0;
    let gradient = gradients(loss, &[w])[0];
    builder.output("loss", loss);
    builder.output("gradient", gradient);
    let next = velocity * 0.9 - gradient * 0.1;
    builder.update(velocity, next);
    builder.update(w, w + next);
    compile(&builder.finish().unwrap())
}

#[test]
fn the_update_is_one_step_beside_the_state_that_looks_at_what_it_makes() {
    let program = training_step();
    let updates = program.steps.iter().filter_map(|step| match &step.kind {
        Kind::Fused(fused) if fused.kept().any(|slot| slot.space == Space::Next) => Some(fused),
        _ => None,
    });
    let [update] = &updates.collect::<Vec<_>>()[..] else { panic!("{program}") };
    let stores: Vec<_> = update.kept().map(|slot| slot.space).collect();
    assert_eq!(stores, [Space::Next, Space::Next], "weight and velocity in one pass:\n{program}");
    assert!(update.kept().all(|slot| update.guards.contains(&slot)), "{program}");
    assert_eq!((program.updates.len(), program.guards.len()), (2, 0), "{program}");
    // Two matrices of 48 bytes, each on its own cache line.
    assert_eq!(program.state_bytes, 128);
}

#[test]
fn products_read_transposed_operands_in_place() {
    let program = training_step();
    let count = |name| program.steps.iter().filter(|step| step.kind.name() == name).count();
    assert_eq!((count("matmul"), count("transpose"), count("copy")), (2, 0, 0), "{program}");
}

#[test]
fn equal_work_is_done_once_and_useless_work_never() {
    let builder = Builder::new();
    let x = builder.input("x", Role::Batch, DType::F32, &[100]);
    let unused = builder.input("unused", Role::Batch, DType::F32, &[7]);
    let _ = unused.exp();
    builder.output("y", (x.exp() + x.exp()) * 1.0 + 0.0);
    let program = compile(&builder.finish().unwrap());
    let [step] = &program.steps[..] else { panic!("{program}") };
    let Kind::Fused(fused) = &step.kind else { panic!("{program}") };
    assert_eq!(fused.instructions.len(), 3, "load, exp, add:\n{program}");
    assert!(program.input("unused").is_some());
}

#[test]
fn a_state_whose_old_value_is_needed_later_keeps_it() {
    let builder = Builder::new();
    let a = builder.input("a", Role::State, DType::F32, &[2, 2]);
    let next = a.exp();
    // The product of the old and the new value needs both.
    let b = builder.input("b", Role::State, DType::F32, &[2, 2]);
    builder.update(a, next);
    builder.update(b, next.matmul(a));
    let program = compile(&builder.finish().unwrap());
    let copies = program.steps.iter().filter(|step| step.kind.name() == "copy").count();
    assert_eq!(copies, 0, "the old value stays where it is:\n{program}");
    // No step passes over the product again, so it is checked afterwards.
    assert_eq!(program.guards, [program.updates[1]], "{program}");
}

#[test]
fn constants_that_are_asked_for_are_written() {
    let builder = Builder::new();
    let x = builder.input("x", Role::Batch, DType::F32, &[3]);
    builder.output("zero", gradients((x * 2.0).sum_all(), &[x, x.stop_gradient()])[1]);
    builder.output(
        "positions",
        builder.iota(0, &[3]).broadcast(crate::tensor::Shape::new(&[2, 3]).unwrap()),
    );
    builder.output("product", builder.fill(2.0, &[2, 2]).matmul(builder.fill(3.0, &[2, 2])));
    let program = compile(&builder.finish().unwrap());
    assert_eq!(program.outputs.len(), 3);
}

#[test]
fn tall_weights_are_stored_as_their_sums_run_and_nothing_is_turned() {
    let builder = Builder::new();
    let w = builder.input("w", Role::State, DType::F32, &[40, 3]);
    let velocity = builder.input("velocity", Role::State, DType::F32, &[40, 3]);
    let rate = builder.input("rate", Role::Batch, DType::F32, &[]);
    let x = builder.input("x", Role::Batch, DType::F32, &[8, 40]);
    let loss = x.matmul(w).tanh().sum_all();
    let gradient = gradients(loss, &[w])[0];
    builder.guard(gradient);
    let next = velocity * 0.9 - gradient * rate;
    builder.update(velocity, next);
    builder.update(w, w + next);
    let program = compile(&builder.finish().unwrap());
    let dims = |name| program.input(name).unwrap().ty.shape;
    assert_eq!((dims("w").dims(), dims("velocity").dims()), (&[3, 40][..], &[3, 40][..]));
    // A gradient that is not finite makes a weight that is not finite either.
    let guards = program.steps.iter().filter_map(|step| match &step.kind {
        Kind::Fused(fused) => Some(&fused.guards),
        _ => None,
    });
    assert_eq!(guards.flatten().count(), 2, "{program}");
    let count = |name| program.steps.iter().filter(|step| step.kind.name() == name).count();
    assert_eq!((count("matmul"), count("transpose"), count("copy")), (2, 0, 0), "{program}");
}

#[test]
fn state_that_does_not_start_at_zero_is_listed_with_its_number() {
    let builder = Builder::new();
    let w = builder.input("w", Role::State, DType::F32, &[40, 3]);
    let sum = builder.state("sum", &[40, 3], 0.25);
    builder.update(sum, sum + w);
    let program = compile(&builder.finish().unwrap());
    assert_eq!(program.initial, [(program.input("sum").unwrap(), 0.25)]);
}

#[test]
fn products_that_are_only_added_are_contracted_and_constants_take_no_row() {
    let builder = Builder::new();
    let [a, b] = ["a", "b"].map(|name| builder.input(name, Role::Batch, DType::F32, &[50]));
    builder.output("y", (a * b + 2.0 * a).exp());
    let program = compile(&builder.finish().unwrap());
    let [step] = &program.steps[..] else { panic!("{program}") };
    let Kind::Fused(fused) = &step.kind else { panic!("{program}") };
    // Loads of a and b, the number, one product, the other with the sum, the exponential.
    assert_eq!(fused.instructions.len(), 6, "{fused:?}");
    assert_eq!(fused.places.iter().filter(|place| matches!(place, Place::Slot(_))).count(), 3);
    assert!(fused.stores.is_empty() && fused.rows <= 3, "{fused:?}");
}

#[test]
fn bytes_that_are_only_scaled_take_one_instruction() {
    let builder = Builder::new();
    let x = builder.input("x", Role::Batch, DType::U8, &[50]);
    builder.output("y", x.cast(DType::F32) * (1.0 / 255.0));
    let program = compile(&builder.finish().unwrap());
    let [step] = &program.steps[..] else { panic!("{program}") };
    let Kind::Fused(fused) = &step.kind else { panic!("{program}") };
    assert_eq!(fused.instructions.len(), 2, "the load and the product: {fused:?}");
    assert_eq!(fused.rows, 0, "read and written in place: {fused:?}");
}

/// The program with one output, made from a batch input of these dimensions.
fn program_of(dims: &[usize], make: impl for<'g> Fn(Expr<'g>) -> Expr<'g>) -> Program {
    let builder = Builder::new();
    builder.output("y", make(builder.input("x", Role::Batch, DType::F32, dims)));
    compile(&builder.finish().unwrap())
}

fn fused(program: &Program, step: usize) -> &Fused {
    let Kind::Fused(fused) = &program.steps[step].kind else { panic!("{program}") };
    fused
}

/// Sizes and strides.
fn walk(axes: &[Axis]) -> Vec<(usize, usize)> {
    axes.iter().map(|axis| (axis.size, axis.stride)).collect()
}

#[test]
fn a_reduction_walks_as_few_axes_as_there_are() {
    let check = |dims: &[usize], axes: &[usize], kept: &[_], reduced: &[_]| {
        let program = program_of(dims, |x| x.sum(Axes::new(axes)));
        let [Kind::Reduce { kept: k, reduced: r, .. }] =
            program.steps.iter().map(|step| &step.kind).collect::<Vec<_>>()[..]
        else {
            panic!("{program}")
        };
        assert_eq!((walk(k), walk(r)), (kept.to_vec(), reduced.to_vec()), "{dims:?} {axes:?}");
    };
    check(&[2, 3, 4], &[2], &[(6, 4)], &[(4, 1)]);
    check(&[2, 3, 4], &[1], &[(2, 12), (4, 1)], &[(3, 4)]);
    check(&[2, 3, 4], &[0], &[(12, 1)], &[(2, 12)]);
    check(&[2, 3, 4], &[0, 1], &[(4, 1)], &[(6, 4)]);
    check(&[2, 3, 4], &[0, 2], &[(3, 4)], &[(2, 12), (4, 1)]);
    check(&[2, 1, 4], &[2], &[(2, 4)], &[(4, 1)]);
    check(&[5, 4], &[0, 1], &[], &[(20, 1)]);
}

#[test]
fn a_repeated_value_walks_as_few_axes_as_there_are() {
    let check = |from: &[usize], axes: &[_]| {
        let program = program_of(from, |x| x.broadcast(Shape::new(&[2, 3, 4]).unwrap()).exp());
        let Instruction::Load(_, found) = &fused(&program, 0).instructions[0] else {
            panic!("{program}")
        };
        assert_eq!(walk(found), axes, "{from:?}");
    };
    check(&[3, 1], &[(2, 0), (3, 1), (4, 0)]);
    check(&[3, 4], &[(2, 0), (12, 1)]);
    check(&[1, 1, 4], &[(6, 0), (4, 1)]);
    check(&[2, 3, 1], &[(6, 1), (4, 0)]);
    check(&[2, 1, 4], &[(2, 4), (3, 0), (4, 1)]);
    check(&[], &[(24, 0)]);
}

#[test]
fn the_work_of_a_step_tells_whether_threads_are_worth_it() {
    let work = |dims: &[usize], make: for<'g> fn(Expr<'g>) -> Expr<'g>| {
        let program = program_of(dims, make);
        assert_eq!(program.steps.len(), 1, "{program}");
        program.largest_step
    };
    // One instruction on one element counts as four multiplications: load, exponential, product
    // with a number.
    assert_eq!(work(&[7, 10], |x| x.exp() * x), 4 * 70 * 3);
    assert_eq!(work(&[7, 10], |x| x.matmul(x.transpose())), 7 * 10 * 7);
    assert_eq!(work(&[7, 10], |x| x.sum(Axes::new(&[1]))), 4 * 70);
    assert_eq!(work(&[7, 10], |x| x.softmax()), 80 * 70);
    // The largest of several.
    let program = program_of(&[7, 10], |x| x.matmul(x.transpose()).softmax());
    assert_eq!(program.largest_step, 80 * 49);
}
