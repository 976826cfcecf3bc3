//! Every kernel against its plain twin, the interpreter: the registry has a row for each operation.

use crate::level::Level;
use crate::{Arena, Cpu, State};
use neurona_core::compile::{Program, Slot, Space, compile};
use neurona_core::graph::{
    Binary, Builder, Expr, Graph, Op, Reduction, Role, Span, Unary, Value, Window, interpret,
};
use neurona_core::tensor::random::Source;
use neurona_core::tensor::{Axes, DType, Order, Shape};

/// Numbers made from a name; if it begins with `sparse`, all but a tenth are zeros.
fn numbers(name: &str, n: usize) -> Vec<f32> {
    let seed = name.bytes().map(u64::from).sum();
    let source = Source { seed, stream: 0, step: 0 };
    let number = |i: u64| source.normal(i) as f32 * 1.5;
    let is_zero = |x: f32| name.starts_with("sparse") && x.abs() < 2.5;
    (0..n as u64).map(number).map(|x| if is_zero(x) { 0.0 } else { x }).collect()
}

/// The values of a graph's inputs: made from their names.
pub(crate) fn inputs(graph: &Graph) -> Vec<Value<f32>> {
    let value = |input: &neurona_core::graph::Input| {
        let ty = graph.ty(input.node);
        let x = numbers(&input.name, ty.shape.elems());
        match ty.dtype {
            DType::F32 | DType::F64 => Value::Float(x),
            DType::I32 => Value::Int(x.iter().map(|x| (x * 3.0) as i32).collect()),
            DType::U8 => Value::Byte(x.iter().map(|x| (x * 50.0).abs() as u8).collect()),
            DType::Bool => Value::Bool(x.iter().map(|x| *x > 0.0).collect()),
        }
    };
    graph.inputs.iter().map(value).collect()
}

fn run(program: &Program, values: &[Value<f32>], level: Level, threads: usize) -> Vec<Vec<u8>> {
    run_on(&Cpu::with_level(threads, level), program, values)
}

pub(crate) fn run_on(cpu: &Cpu, program: &Program, values: &[Value<f32>]) -> Vec<Vec<u8>> {
    let mut state = State::new(program.state_bytes);
    let mut scratch = Arena::new(program.scratch_bytes);
    for ((_, slot), value) in program.inputs.iter().zip(values) {
        let block = match slot.space {
            Space::State | Space::Next => state.now_mut(),
            Space::Scratch => &mut scratch,
        };
        block.slot_bytes_mut(*slot).copy_from_slice(&bytes(value));
    }
    let passed = cpu.compute(program, &mut state, &mut scratch);
    state.commit(program);
    // Its answer says whether the numbers that it had to check are finite.
    let floats = |slot: &Slot| slot.ty.dtype == DType::F32;
    let is_finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
    let guarded = program.outputs.iter().filter(|(name, _)| name == "guarded");
    let mut updated = program.updates.iter().filter(|slot| floats(slot));
    let finite = guarded.clone().all(|(_, slot)| is_finite(scratch.floats(*slot)))
        && updated.all(|slot| is_finite(state.now().floats(*slot)));
    assert_eq!(passed, finite, "{program}");
    let kept = program.inputs.iter().filter(|(_, slot)| slot.space == Space::State);
    let mut read = |(_, slot): &(String, Slot)| match slot.space {
        Space::State | Space::Next => state.now_mut().slot_bytes_mut(*slot).to_vec(),
        Space::Scratch => scratch.slot_bytes_mut(*slot).to_vec(),
    };
    program.outputs.iter().chain(kept).map(&mut read).collect()
}

fn bytes(value: &Value<f32>) -> Vec<u8> {
    match value {
        Value::Float(v) => v.iter().flat_map(|x| x.to_ne_bytes()).collect(),
        Value::Int(v) => v.iter().flat_map(|x| x.to_ne_bytes()).collect(),
        Value::Byte(v) => v.clone(),
        Value::Bool(v) => v.iter().map(|&x| x.into()).collect(),
    }
}

/// Builds a graph, runs it both ways and compares: outputs on every level within rounding; the same
/// bits on 1, 2 and 3 threads, and on all levels that round a product and a sum once.
pub(crate) fn check(name: &str, build: impl for<'g> Fn(&'g Builder)) {
    let builder = Builder::new();
    build(&builder);
    let graph = builder.finish().unwrap_or_else(|error| panic!("{name}: {error}"));
    let program = compile(&graph);
    let values = inputs(&graph);
    // The guarded values come after the compared ones.
    let mut plain = interpret(&graph, &values);
    plain.truncate(graph.outputs.len() + graph.updates.len());
    let mut best = None;
    for level in Level::available() {
        let name = format!("{name} on {}", level.name());
        let fast = run(&program, &values, level, 1);
        for (number, (plain, fast)) in plain.iter().zip(&fast).enumerate() {
            compare(&format!("{name}, output {number}"), plain, fast);
        }
        for threads in [2, 3] {
            let bits = run(&program, &values, level, threads);
            assert_eq!(bits, fast, "{name}: other bits on {threads} threads");
        }
        if level != Level::Portable {
            let best = best.get_or_insert_with(|| fast.clone());
            assert!(fast == *best, "{name}: other bits than on the best level");
        }
    }
}

pub(crate) fn compare(name: &str, plain: &Value<f32>, fast: &[u8]) {
    let Value::Float(plain) = plain else { return assert_eq!(bytes(plain), fast, "{name}") };
    for (i, (plain, fast)) in plain.iter().zip(fast.chunks(4)).enumerate() {
        let fast = f32::from_ne_bytes(fast.try_into().unwrap());
        let same = plain.is_nan() && fast.is_nan() || *plain == fast;
        let close = (plain - fast).abs() <= 1e-5 + 1e-5 * plain.abs();
        assert!(same || close, "{name}, element {i}: plain {plain}, fast {fast}");
    }
}

const SHAPES: [&[usize]; 8] = [&[1], &[7], &[300], &[5, 3], &[2, 1, 4], &[0, 3], &[], &[40, 1031]];

fn float<'g>(builder: &'g Builder, name: &str, dims: &[usize]) -> Expr<'g> {
    builder.input(name, Role::Batch, DType::F32, dims)
}

#[test]
fn functions_of_one_and_two_elements_agree() {
    for dims in SHAPES {
        check("functions", |builder| {
            let (a, b) = (float(builder, "a", dims), float(builder, "b", dims));
            let truth = a.less(b);
            for op in Unary::ALL {
                // Arguments of both signs and of several sizes; NaN where a function has no value.
                for x in [a, a * 30.0] {
                    builder.output(op.name(), if op == Unary::Not { !truth } else { x.unary(op) });
                }
            }
            for op in Binary::ALL {
                for (x, y) in [(a, b), (a.abs(), b), (a.log(), b), (a, b.log()), (a, a)] {
                    builder.output(op.name(), x.binary(op, y));
                }
            }
            // Numbers on either side: some change nothing, on one side or on both.
            for number in [0.0, -0.0, 1.0, -1.0, 2.0] {
                let number = a.fill_like(number);
                for op in Binary::ALL {
                    builder.output(op.name(), number.binary(op, a));
                    builder.output(op.name(), a.binary(op, number));
                }
            }
            builder.output("select", a.less(b).select(a, b * 2.0));
        });
    }
}

#[test]
fn casts_and_comparisons_of_every_type_agree() {
    check("casts", |builder| {
        for (i, from) in [DType::F32, DType::U8, DType::I32, DType::Bool].into_iter().enumerate() {
            let x = builder.input(&format!("x{i}"), Role::Batch, from, &[300]);
            for to in [DType::F32, DType::U8, DType::I32, DType::Bool] {
                builder.output("cast", x.cast(to));
            }
            builder.output("scaled", x.cast(DType::F32) * 0.3);
            builder.output("scaled and moved", x.cast(DType::F32) * 0.3 + 0.7);
            let rows = x.broadcast(Shape::new(&[3, 300]).unwrap()).cast(DType::F32);
            builder.output("scaled rows", rows * 0.3);
            builder.output("equal", x.equal(x));
            builder.output("less", x.cast(DType::I32).less(builder.iota(0, &[300])));
            builder.output("transpose", x.reshape(&[15, 20]).transpose());
            builder.output("pad", x.pad(Span { axis: 0, start: 1, step: 2 }, 605));
        }
    });
}

#[test]
fn broadcasts_agree_however_they_repeat() {
    for (from, to) in [
        (&[3][..], &[5, 3][..]),
        (&[5, 1], &[5, 3]),
        (&[], &[700]),
        (&[2, 1, 4], &[2, 3, 4]),
        (&[1, 3, 1], &[2, 3, 50]),
        (&[1031], &[40, 1031]),
        (&[1, 3], &[0, 3]),
    ] {
        check("broadcast", |builder| {
            let x = float(builder, "x", from);
            let y = float(builder, "y", to);
            builder.output("sum", y + x);
            builder.output("alone", x.broadcast(y.shape()));
            builder.output("positions", builder.iota(to.len() - 1, to).cast(DType::F32) + x);
        });
    }
}

#[test]
fn reductions_agree_over_any_axes() {
    for dims in SHAPES.into_iter().chain([&[3, 4, 5, 6][..], &[200, 3], &[3, 70_000]]) {
        for axes in [&[][..], &[0], &[1], &[2], &[0, 1], &[0, 2], &[1, 3], &[0, 1, 2, 3]] {
            if axes.iter().all(|&axis| axis < dims.len()) {
                check("reduce", |builder| {
                    let x = float(builder, "x", dims);
                    for reduction in [Reduction::Sum, Reduction::Max] {
                        let y = match reduction {
                            Reduction::Sum => {
                                x.sum(Axes::new(axes))
                                    / dims.iter().product::<usize>().max(1) as f64
                            }
                            Reduction::Max => x.max_over(Axes::new(axes)),
                        };
                        builder.output("y", y);
                    }
                });
            }
        }
    }
}

#[test]
fn row_kernels_agree() {
    for dims in [&[1, 1][..], &[5, 10], &[2, 3, 7], &[1000, 13], &[0, 4], &[9]] {
        check("rows", |builder| {
            let x = float(builder, "x", dims) * 20.0;
            builder.output("softmax", x.softmax());
            builder.output("log_softmax", x.log_softmax());
            for (axis, _) in dims.iter().enumerate().filter(|(_, size)| **size > 0) {
                builder.output("argmax", x.argmax(axis));
            }
            if dims.len() == 2 {
                builder.output("transpose", x.transpose());
            }
        });
    }
}

#[test]
fn elements_in_other_places_agree() {
    for dims in [&[3, 4, 5][..], &[2, 1, 70], &[40, 300, 3], &[2, 0, 3], &[1, 1, 1]] {
        check("arrange", |builder| {
            let x = float(builder, "x", dims);
            for order in [[0, 2, 1], [2, 0, 1], [2, 1, 0], [1, 0, 2]] {
                builder.output("permute", x.permute(&order));
            }
            for (axis, &len) in dims.iter().enumerate() {
                builder.output("flip", x.flip(axis));
                builder.output("flip truth", x.less(x.flip(axis)).flip(axis));
                for (start, step) in [(0, 1), (1, 2), (0, 3)] {
                    let span = Span { axis, start: start.min(len), step };
                    let count = (len - span.start).div_ceil(step);
                    builder.output("slice", x.slice(span, count));
                    builder.output("pad", x.pad(span, span.start + len * step + 2));
                }
                builder.output("concat", Expr::concat(&[x, x * 2.0, x], axis));
            }
        });
    }
    for [batch, rows, width, count] in [[1, 50, 7, 900], [3, 4, 1, 5], [2, 3, 0, 4], [1, 0, 3, 2]] {
        check("rows by number", |builder| {
            let x = float(builder, "x", &[batch, rows, width]);
            let y = float(builder, "y", &[batch, count, width]);
            let numbers = builder.input("numbers", Role::Batch, DType::I32, &[batch, count]);
            builder.output("gather", x.gather(numbers));
            builder.output("scatter_add", numbers.scatter_add(y, rows));
        });
    }
}

#[test]
fn convolutions_agree_in_every_arrangement() {
    let window = |h, w| Window::new([1, h, w]);
    let padded = |window: Window, before: usize, after: usize| Window {
        before: [0, before, before],
        after: [0, after, after],
        ..window
    };
    for (x, window, filters) in [
        ([2, 1, 28, 28, 1], window(3, 3), 32),
        ([3, 1, 13, 13, 32], window(3, 3), 64),
        ([2, 1, 9, 7, 3], padded(window(3, 3), 1, 1), 5),
        ([2, 1, 9, 8, 3], Window { stride: [1, 2, 3], ..padded(window(3, 2), 1, 2) }, 20),
        ([1, 1, 12, 11, 6], Window { dilation: [1, 2, 3], ..padded(window(3, 2), 2, 1) }, 17),
        ([2, 1, 6, 6, 8], Window { groups: 2, ..padded(window(3, 3), 1, 1) }, 6),
        ([3, 1, 6, 6, 32], Window { groups: 2, ..padded(window(3, 3), 1, 1) }, 6),
        ([2, 1, 6, 9, 40], Window { groups: 40, ..padded(window(3, 3), 1, 1) }, 40),
        ([2, 1, 6, 5, 3], Window { groups: 3, ..window(2, 2) }, 6),
        ([5, 1, 1, 40, 4], window(1, 5), 16),
        ([2, 5, 6, 4, 2], Window { stride: [2, 1, 1], ..Window::new([2, 3, 2]) }, 3),
        ([40, 1, 8, 8, 2], window(1, 1), 2),
        ([2, 1, 40, 40, 3], padded(window(11, 11), 5, 5), 4),
        ([1, 1, 2, 2, 3], padded(window(5, 5), 2, 2), 2),
        ([0, 1, 5, 5, 2], window(3, 3), 4),
        ([2, 1, 5, 5, 0], window(3, 3), 4),
        ([2, 1, 5, 5, 2], window(3, 3), 0),
    ] {
        let [n, d, h, w, channels] = x;
        let [a, b, c] = window.size;
        let [p, q, r] = window.positions([d, h, w]).unwrap();
        let kernel = [a, b, c, channels / window.groups, filters];
        let scale = 1.0 / (kernel[..4].iter().product::<usize>().max(1) as f64).sqrt();
        check("convolution", |builder| {
            let x = float(builder, "x", &x);
            let k = float(builder, "k", &kernel) * scale;
            let y = float(builder, "y", &[n, p, q, r, filters]);
            builder.output("conv", x.conv(k, window));
            builder
                .output("conv_input", y.conv_input(k, window, x.shape()) / filters.max(1) as f64);
            let many = (n * p * q * r).max(1) as f64;
            builder.output("conv_kernel", x.conv_kernel(y, window, k.shape()) / many.sqrt());
        });
    }
}

#[test]
fn pools_agree_in_every_arrangement() {
    let window = Window { stride: [1, 2, 2], ..Window::new([1, 2, 2]) };
    for (x, window) in [
        ([2, 1, 26, 26, 32], window),
        ([3, 1, 5, 7, 3], Window { after: [0, 1, 1], ..window }),
        ([2, 1, 6, 6, 5], Window { before: [0, 1, 1], after: [0, 1, 1], ..Window::new([1, 3, 3]) }),
        ([2, 1, 9, 9, 1], Window { stride: [1, 4, 3], ..window }),
        ([2, 4, 4, 4, 2], Window { stride: [2, 2, 2], ..Window::new([2, 2, 2]) }),
        ([0, 1, 4, 4, 2], window),
        ([2, 1, 4, 4, 0], window),
        ([2, 1 << 20, 1 << 12, 1 << 12, 0], window),
    ] {
        let [p, q, r] = window.positions([x[1], x[2], x[3]]).unwrap();
        check("pools", |builder| {
            let y = float(builder, "y", &[x[0], p, q, r, x[4]]);
            let (x, v) = (float(builder, "x", &x), float(builder, "v", &x));
            // A rectifier leaves many equal numbers, and a logarithm numbers that are NaN.
            for x in [x, x.max(x.fill_like(0.0)), x.log()] {
                builder.output("max", x.pick_max(x, window));
                builder.output("pick_max", x.pick_max(v, window));
                builder.output("put_max", x.put_max(y, window));
            }
            builder.output("sum_pool", x.sum_pool(window));
            builder.output("spread_pool", y.spread_pool(window, x.shape()));
        });
    }
}

#[test]
fn products_agree_in_every_arrangement() {
    for [m, k, n] in [
        [1, 1, 1],
        [32, 784, 10],
        [784, 32, 10],
        [3, 5, 16],
        [7, 300, 17],
        [1, 64, 128],
        [64, 1, 33],
        [33, 20, 400],
        [400, 20, 33],
        [0, 3, 4],
        [3, 0, 4],
        [2, 3, 0],
        [256, 256, 256],
        [5000, 300, 9],
        [37, 2500, 50],
        [3, 2100, 40],
        [100, 33, 31],
    ] {
        // Terms that are zero in whole tiles are left out, in either operand.
        let sparse = [["sparse a", "b"], ["a", "sparse b"]];
        let sparse = sparse.into_iter().filter(|_| m * k * n < 1 << 21);
        for [left, right] in sparse.chain([["a", "b"]]) {
            check("matmul", |builder| {
                let scale = 1.0 / (k.max(1) as f64).sqrt();
                let a = float(builder, left, &[m, k]);
                let b = float(builder, right, &[k, n]) * scale;
                let at = float(builder, &format!("{left}t"), &[k, m]);
                let bt = float(builder, &format!("{right}t"), &[n, k]) * scale;
                builder.output("a b", a.matmul(b));
                builder.output("at' b", at.transpose().matmul(b));
                builder.output("a bt'", a.matmul(bt.transpose()));
                builder.output("at' bt'", at.transpose().matmul(bt.transpose()));
            });
        }
    }
}

#[test]
fn random_numbers_reshapes_and_updates_agree() {
    check("rest", |builder| {
        let key = builder.input("key", Role::Batch, DType::I32, &[4]);
        let x = float(builder, "x", &[6, 5]);
        let w = builder.input("w", Role::State, DType::F32, &[6, 5]);
        let v = builder.input("v", Role::State, DType::F32, &[6, 5]);
        let mask = builder.uniform(key, 3, &[6, 5]);
        builder.output("mask", mask);
        builder.output("reshaped", (x * mask).reshape(&[5, 6]).exp().reshape(&[30]));
        builder.output("many", builder.uniform(key, 4, &[3, 701]) * 2.0);
        builder.output("old", w.stop_gradient() + 1.0);
        builder.output("as it was", v.reshape(&[30]));
        let next = v * 0.9 + x.sum(Axes::new(&[0])).broadcast(Shape::new(&[6, 5]).unwrap());
        builder.update(w, w - next);
        builder.update(v, next);
    });
}

#[test]
fn a_mean_of_ten_million_numbers_keeps_its_digits() {
    let builder = Builder::new();
    builder.output("sum", float(&builder, "x", &[10_000_000]).sum_all());
    let program = compile(&builder.finish().unwrap());
    let x: Vec<f32> = (0..10_000_000).map(|i| 1.0 + (i % 7) as f32 * 0.125).collect();
    let exact: f64 = x.iter().map(|&x| f64::from(x)).sum();
    for level in Level::available() {
        let sum = &run(&program, &[Value::Float(x.clone())], level, 1)[0];
        let sum = f32::from_ne_bytes(sum.as_slice().try_into().unwrap());
        assert!((f64::from(sum) / exact - 1.0).abs() < 1e-6, "{}", level.name());
    }
}

/// The test that checks an operation. A new operation does not compile without its line.
fn row_of(op: &Op<()>) -> &'static str {
    match op {
        Op::Input(_) => "builder.input(",
        Op::Fill(_) => "* 2.0",
        Op::Iota(_) => ".iota(",
        Op::Uniform(..) => ".uniform(",
        Op::Unary(..) => "in Unary::ALL",
        Op::Binary(..) => "in Binary::ALL",
        Op::Select(..) => ".select(",
        Op::Cast(()) => ".cast(",
        Op::StopGradient(()) => ".stop_gradient(",
        Op::Broadcast(()) => ".broadcast(",
        Op::Reshape(()) => ".reshape(",
        Op::Transpose(()) => ".transpose(",
        Op::Permute(..) => ".permute(",
        Op::Flip(..) => ".flip(",
        Op::Slice(..) => ".slice(",
        Op::Pad(..) => ".pad(",
        Op::Gather(..) => ".gather(",
        Op::ScatterAdd(..) => ".scatter_add(",
        Op::Conv(..) => ".conv(",
        Op::ConvInput(..) => ".conv_input(",
        Op::ConvKernel(..) => ".conv_kernel(",
        Op::PickMax(..) => ".pick_max(",
        Op::PutMax(..) => ".put_max(",
        Op::SumPool(..) => ".sum_pool(",
        Op::SpreadPool(..) => ".spread_pool(",
        Op::Reduce(Reduction::Sum, ..) => ".sum(",
        Op::Reduce(Reduction::Max, ..) => ".max_over(",
        Op::ArgMax(..) => ".argmax(",
        Op::MatMul(..) => ".matmul(",
        Op::Softmax(()) => ".softmax(",
        Op::LogSoftmax(()) => ".log_softmax(",
    }
}

#[test]
fn every_operation_that_runs_is_compared_with_its_plain_twin() {
    let source = include_str!("tests.rs");
    let checks = source.split("fn row_of").next().unwrap();
    let reduce = |reduction| Op::Reduce(reduction, (), Axes::new(&[0]));
    let (window, span) = (Window::new([1; 3]), Span { axis: 0, start: 0, step: 1 });
    for op in [
        Op::Input(0),
        Op::Fill(0.0),
        Op::Iota(0),
        Op::Uniform((), 0),
        Op::Unary(Unary::Neg, ()),
        Op::Binary(Binary::Add, (), ()),
        Op::Select((), (), ()),
        Op::Cast(()),
        Op::StopGradient(()),
        Op::Broadcast(()),
        Op::Reshape(()),
        Op::Transpose(()),
        Op::Permute((), Order::new(&[1, 0]).unwrap()),
        Op::Flip((), 0),
        Op::Slice((), span),
        Op::Pad((), span),
        Op::Gather((), ()),
        Op::ScatterAdd((), ()),
        Op::Conv((), (), window),
        Op::ConvInput((), (), window),
        Op::ConvKernel((), (), window),
        Op::PickMax((), (), window),
        Op::PutMax((), (), window),
        Op::SumPool((), window),
        Op::SpreadPool((), window),
        reduce(Reduction::Sum),
        reduce(Reduction::Max),
        Op::ArgMax((), 0),
        Op::MatMul((), ()),
        Op::Softmax(()),
        Op::LogSoftmax(()),
    ] {
        assert!(checks.contains(row_of(&op)), "{} is not compared", op.name());
    }
}
