//! Tests of the whole module: gradients against finite differences, text, errors, random graphs.

use super::*;
use crate::error::Code;
use crate::tensor::{Axes, Order, Shape};
use proptest::prelude::*;

/// Numbers away from zero and from each other, so that no kink is within reach of a difference.
fn numbers(n: usize, positive: bool) -> Vec<f64> {
    (0..n)
        .map(|i| {
            let x = ((i * 7 + 3) % 23) as f64 / 10.0 - 1.05;
            if positive { x.abs() + 0.2 } else { x }
        })
        .collect()
}

/// Checks the gradient of `sum(f(inputs) · weights)` with respect to every element of every input, in f64.
fn check_gradient(
    name: &str,
    shapes: &[&[usize]],
    positive: bool,
    f: impl for<'g> Fn(&[Expr<'g>]) -> Expr<'g>,
) {
    let builder = Builder::new();
    let inputs: Vec<Expr> = shapes
        .iter()
        .enumerate()
        .map(|(i, dims)| builder.input(&format!("x{i}"), Role::Batch, DType::F32, dims))
        .collect();
    let y = f(&inputs);
    // Different weights for each element, because sums that should differ would cancel otherwise.
    let weights = builder.iota(0, &[y.shape().elems()]).cast(DType::F32) * 0.37 + 0.5;
    let loss = (y.reshape(&[y.shape().elems()]) * weights).sum_all();
    builder.output("loss", loss);
    for dx in gradients(loss, &inputs) {
        builder.output("gradient", dx);
    }
    let graph = builder.finish().unwrap_or_else(|error| panic!("{name}: {error}"));
    graph.verify().unwrap();

    let mut values: Vec<Value<f64>> = shapes
        .iter()
        .enumerate()
        .map(|(i, dims)| {
            let mut v = numbers(dims.iter().product(), positive);
            v.iter_mut().for_each(|x| *x += 0.011 * i as f64);
            Value::Float(v)
        })
        .collect();
    let found = interpret(&graph, &values);
    for i in 0..values.len() {
        for j in 0..shapes[i].iter().product() {
            let mut loss_at = |x: f64| {
                let Value::Float(v) = &mut values[i] else { unreachable!() };
                let before = v[j];
                v[j] += x;
                let loss = interpret(&graph, &values)[0].floats()[0];
                let Value::Float(v) = &mut values[i] else { unreachable!() };
                v[j] = before;
                loss
            };
            let step = 1e-6;
            let numeric = (loss_at(step) - loss_at(-step)) / (2.0 * step);
            let analytic = found[1 + i].floats()[j];
            let scale = 1.0 + numeric.abs().max(analytic.abs());
            assert!(
                (numeric - analytic).abs() <= 1e-6 * scale,
                "{name}, input {i}, element {j}: rule {analytic}, difference {numeric}"
            );
        }
    }
}

/// The registry: every operation and how its gradient is checked. An operation without a row does
/// not compile.
fn check_op(op: &Op<()>) {
    let shapes: [&[usize]; 5] = [&[3], &[2, 3], &[1, 1], &[2, 1, 4], &[]];
    match *op {
        // Nothing to differentiate with respect to.
        Op::Input(_) | Op::Fill(_) | Op::Iota(_) | Op::Uniform(..) => {}
        // Truth values have no gradient.
        Op::Unary(Unary::Not, ()) => {}
        Op::Unary(unary, ()) => {
            let positive = matches!(unary, Unary::Log | Unary::Sqrt);
            for shape in shapes {
                check_gradient(unary.name(), &[shape], positive, |x| x[0].unary(unary));
            }
        }
        Op::Binary(binary, (), ()) => {
            let pairs: [[&[usize]; 2]; 5] = [
                [&[3], &[3]],
                [&[2, 3], &[3]],
                [&[2, 1], &[1, 3]],
                [&[], &[4]],
                [&[2, 1, 2], &[3, 1]],
            ];
            // Truth values have no gradient.
            for pair in pairs.iter().filter(|_| !binary.compares()) {
                check_gradient(binary.name(), pair, true, |x| x[0].binary(binary, x[1]));
            }
        }
        Op::Select((), (), ()) => check_gradient("select", &[&[5], &[5], &[5]], false, |x| {
            x[0].less(x[0].fill_like(0.1)).select(x[1], x[2] * x[2])
        }),
        // Numbers of any type are constants to a gradient.
        Op::Cast(()) | Op::ArgMax((), _) => {}
        Op::StopGradient(()) => {
            let builder = Builder::new();
            let x = builder.input("x", Role::Batch, DType::F32, &[2]);
            let loss = (x * x.stop_gradient()).sum_all();
            builder.output("dx", gradients(loss, &[x])[0]);
            let graph = builder.finish().unwrap();
            let dx = interpret(&graph, &[Value::Float(vec![3.0f64, -4.0])]);
            assert_eq!(dx, [Value::Float(vec![3.0, -4.0])], "only one factor counts");
        }
        Op::Broadcast(()) => {
            for (from, to) in
                [(&[3][..], &[2, 3][..]), (&[2, 1], &[2, 3]), (&[], &[4]), (&[1, 1], &[3, 2])]
            {
                let to = Shape::new(to).unwrap();
                check_gradient("broadcast", &[from], false, |x| x[0].broadcast(to).tanh());
            }
        }
        Op::Reshape(()) => {
            check_gradient("reshape", &[&[2, 3]], false, |x| x[0].reshape(&[3, 2]).exp())
        }
        Op::Transpose(()) => {
            check_gradient("transpose", &[&[2, 3]], false, |x| x[0].transpose().exp());
            check_gradient("transpose", &[&[1, 4]], false, |x| x[0].transpose().exp());
        }
        Op::Permute((), _)
        | Op::Flip((), _)
        | Op::Slice((), _)
        | Op::Pad((), _)
        | Op::Gather((), ())
        | Op::ScatterAdd((), ()) => check_other_places(),
        Op::Conv((), (), _) | Op::ConvInput((), (), _) | Op::ConvKernel((), (), _) => {
            check_convolutions();
        }
        Op::PickMax((), (), _)
        | Op::PutMax((), (), _)
        | Op::SumPool((), _)
        | Op::SpreadPool((), _) => check_pools(),
        Op::Reduce(_, (), _) => {
            for shape in shapes {
                for axes in [&[0][..], &[1], &[2], &[0, 1], &[0, 2], &[]] {
                    if axes.iter().all(|&a| a < shape.len()) {
                        let axes = Axes::new(axes);
                        check_gradient("reduce_sum", &[shape], false, |x| x[0].sum(axes).exp());
                        check_gradient("reduce_max", &[shape], false, |x| {
                            x[0].max_over(axes).exp()
                        });
                    }
                }
            }
        }
        Op::MatMul((), ()) => {
            for (m, k, n) in [(2, 3, 4), (1, 5, 1), (3, 1, 2), (4, 2, 1), (1, 1, 1)] {
                check_gradient("matmul", &[&[m, k], &[k, n]], false, |x| x[0].matmul(x[1]).tanh());
            }
        }
        Op::Softmax(()) => {
            for shape in shapes.into_iter().filter(|s| !s.is_empty()) {
                check_gradient("softmax", &[shape], false, |x| (x[0] * 2.0).softmax());
            }
        }
        Op::LogSoftmax(()) => {
            for shape in shapes.into_iter().filter(|s| !s.is_empty()) {
                check_gradient("log_softmax", &[shape], false, |x| (x[0] * 2.0).log_softmax());
            }
        }
    }
}

fn check_other_places() {
    for order in [&[1, 2, 0][..], &[2, 1, 0], &[0, 2, 1]] {
        check_gradient("permute", &[&[2, 3, 4]], false, |x| x[0].permute(order).exp());
    }
    for axis in 0..3 {
        check_gradient("flip", &[&[2, 3, 4]], false, |x| x[0].flip(axis).exp());
    }
    for (axis, start, step, count, len) in
        [(0, 1, 1, 2, 5), (1, 0, 2, 3, 5), (2, 2, 3, 2, 7), (1, 0, 1, 0, 2), (1, 1, 5, 1, 2)]
    {
        let span = Span { axis, start, step };
        let dims = |size| std::array::from_fn::<_, 3, _>(|i| if i == axis { size } else { 2 });
        check_gradient("slice", &[&dims(len)], false, |x| x[0].slice(span, count).exp());
        check_gradient("pad", &[&dims(count)], false, |x| x[0].pad(span, len).exp());
    }
    // Rows 0, 3, 1, 4, 2 of each batch, of which there are four: one is missing.
    fn numbers(builder: &Builder) -> Expr<'_> {
        let triple = builder.iota(1, &[2, 5]).cast(DType::F32) * 3.0;
        (triple - (triple / 5.0).floor() * 5.0).cast(DType::I32)
    }
    check_gradient("gather", &[&[2, 4, 3]], false, |x| x[0].gather(numbers(x[0].builder())).exp());
    check_gradient("scatter_add", &[&[2, 5, 3]], false, |x| {
        numbers(x[0].builder()).scatter_add(x[0], 4).exp()
    });
}

fn check_convolutions() {
    for (x, window, filters) in convolutions() {
        let [n, d, h, w, channels] = x;
        let [a, b, c] = window.size;
        let [p, q, r] = window.positions([d, h, w]).unwrap();
        let kernel = [a, b, c, channels / window.groups, filters];
        let y = [n, p, q, r, filters];
        let shape = |dims: &[usize]| Shape::new(dims).unwrap();
        check_gradient("conv", &[&x, &kernel], false, |v| v[0].conv(v[1], window).tanh());
        check_gradient("conv_input", &[&y, &kernel], false, |v| {
            v[0].conv_input(v[1], window, shape(&x)).tanh()
        });
        check_gradient("conv_kernel", &[&x, &y], false, |v| {
            v[0].conv_kernel(v[1], window, shape(&kernel)).tanh()
        });
    }
}

fn check_pools() {
    for (x, window) in pools() {
        let [p, q, r] = window.positions([x[1], x[2], x[3]]).unwrap();
        let y = [x[0], p, q, r, x[4]];
        let shape = Shape::new(&x).unwrap();
        check_gradient("pick_max", &[&x], false, |v| v[0].pick_max(v[0], window).exp());
        check_gradient("pick_max", &[&x, &x], false, |v| v[0].pick_max(v[1], window).exp());
        check_gradient("put_max", &[&x, &y], false, |v| v[0].put_max(v[1], window).exp());
        check_gradient("sum_pool", &[&x], false, |v| v[0].sum_pool(window).exp());
        check_gradient("spread_pool", &[&y], false, |v| v[0].spread_pool(window, shape).exp());
    }
}

/// Inputs, windows and filters of small convolutions: strides, dilations, padding, groups, three dimensions.
fn convolutions() -> Vec<([usize; 5], Window, usize)> {
    let line = Window::new([1, 1, 3]);
    let square = Window::new([1, 2, 3]);
    vec![
        ([2, 1, 1, 5, 2], line, 3),
        ([1, 1, 4, 5, 1], square, 2),
        (
            [2, 1, 5, 4, 2],
            Window { stride: [1, 2, 2], before: [0, 1, 1], after: [0, 0, 1], ..square },
            2,
        ),
        ([1, 1, 6, 7, 1], Window { dilation: [1, 3, 2], before: [0, 2, 0], ..square }, 1),
        ([1, 1, 3, 4, 4], Window { groups: 2, ..square }, 6),
        ([1, 1, 3, 3, 3], Window { groups: 3, ..Window::new([1, 2, 2]) }, 3),
        (
            [1, 3, 3, 3, 1],
            Window { after: [1, 1, 1], stride: [2, 1, 2], ..Window::new([2, 2, 2]) },
            1,
        ),
    ]
}

fn pools() -> Vec<([usize; 5], Window)> {
    let square = Window { stride: [1, 2, 2], ..Window::new([1, 2, 2]) };
    vec![
        ([2, 1, 4, 6, 2], square),
        ([1, 1, 5, 3, 1], Window { after: [0, 1, 1], ..square }),
        ([1, 1, 4, 4, 1], Window { before: [0, 1, 1], after: [0, 1, 1], ..Window::new([1, 3, 3]) }),
        ([1, 4, 2, 3, 1], Window { stride: [2, 1, 1], ..Window::new([2, 2, 2]) }),
    ]
}

/// One of each operation.
fn every_op() -> Vec<Op<()>> {
    let mut ops = vec![
        Op::Input(0),
        Op::Fill(0.0),
        Op::Iota(0),
        Op::Uniform((), 0),
        Op::Select((), (), ()),
        Op::Cast(()),
        Op::StopGradient(()),
        Op::Broadcast(()),
        Op::Reshape(()),
        Op::Transpose(()),
        Op::Permute((), Order::new(&[1, 0]).unwrap()),
        Op::Flip((), 0),
        Op::Slice((), Span { axis: 0, start: 0, step: 1 }),
        Op::Gather((), ()),
        Op::Conv((), (), Window::new([1; 3])),
        Op::PickMax((), (), Window::new([1; 3])),
        Op::Reduce(Reduction::Sum, (), Axes::new(&[0])),
        Op::ArgMax((), 0),
        Op::MatMul((), ()),
        Op::Softmax(()),
        Op::LogSoftmax(()),
    ];
    ops.extend(Unary::ALL.map(|unary| Op::Unary(unary, ())));
    ops.extend(Binary::ALL.map(|binary| Op::Binary(binary, (), ())));
    ops
}

#[test]
fn every_differentiable_operation_agrees_with_finite_differences() {
    for op in every_op() {
        check_op(&op);
    }
}

#[test]
fn composites_agree_with_their_primitives() {
    let builder = Builder::new();
    let x = builder.input("x", Role::Batch, DType::F32, &[3, 5]);
    let shifted = x - x.max_over(Axes::new(&[1]));
    builder.output("softmax", x.softmax() - shifted.exp() / shifted.exp().sum_last());
    builder.output("log_softmax", x.log_softmax() - (shifted - shifted.exp().sum_last().log()));
    let x = numbers(15, false).iter().map(|x| x * 300.0).collect();
    for difference in interpret(&builder.finish().unwrap(), &[Value::Float(x)]) {
        assert!(difference.floats().iter().all(|d: &f64| d.abs() < 1e-12), "{difference:?}");
    }
}

#[test]
fn a_graph_prints_and_parses_back() {
    let builder = Builder::new();
    let key = builder.input("key", Role::Batch, DType::I32, &[4]);
    let x = builder.input("a \"quoted\" \\ name", Role::Batch, DType::F32, &[2, 3]);
    let w = builder.input("dense/kernel", Role::State, DType::F32, &[3, 3]);
    let y = builder.scoped("dense", || {
        let y = x.matmul(w).softmax().log_softmax() + builder.uniform(key, 7, &[2, 3]);
        let row = builder.iota(1, &[2, 3]).equal(y.argmax(1).broadcast(y.shape()));
        row.select(y, y.transpose().transpose().stop_gradient() * -1.5e-7)
    });
    let sum = builder.state("sum", &[3, 3], 0.1);
    builder.update(sum, sum + w);
    let next = w + y.sum(Axes::new(&[0])).max_over(Axes::new(&[])).reshape(&[3]).exp();
    builder.output("y", y.cast(DType::Bool).cast(DType::U8));
    builder.output("not", !y.less_equal(y));
    builder.update(w, next.max(w).min(w).pow(w) / w - w);
    let graph = builder.finish().unwrap();
    graph.verify().unwrap();
    assert!(graph.to_string().contains("input \"sum\" state initial 0.1 : float32[3, 3]"));
    assert_eq!(graph.to_string().parse::<Graph>().unwrap(), graph);
}

#[test]
fn bad_text_is_an_error_with_its_line() {
    for (text, needle) in [
        ("%1 = fill 0.0 : float32[]", "expected %0"),
        ("%0 = fil 0.0 : float32[]", "no operation fil"),
        ("%0 = fill x : float32[]", "not a number"),
        ("%0 = fill 1.0 : float99[]", "no type"),
        ("%0 = fill 1.0 : float32[1,2,3,4,5,6,7,8,9]", "no type"),
        ("%0 = tanh %0 : float32[]", "comes after"),
        ("%0 = fill 1.0 : float32[2]\noutput \"y\" %4", "names no node"),
        ("%0 = fill 1.0 : float32[2]\n%1 = reshape %0 : float32[3]", "needs 3"),
        ("%0 = input \"x", "does not end"),
        ("%0 = input \"x\" batch initial 1.0 : float32[]", "cannot start at 1"),
        ("%0 = input \"x\" state initial inf : float32[]", "cannot start at inf"),
        ("%0 = input \"x\" state initial much : float32[]", "not a number"),
    ] {
        let error = text.parse::<Graph>().unwrap_err();
        assert_eq!(error.code(), Code::E034);
        assert!(error.to_string().contains(needle), "{error}");
    }
}

#[test]
fn the_first_mistake_is_kept_with_its_layer_and_line() {
    let builder = Builder::new();
    let a = builder.input("a", Role::Batch, DType::F32, &[2, 3]);
    let b = builder.input("b", Role::Batch, DType::F32, &[4]);
    let y = builder.scoped("hidden", || a + b);
    builder.output("y", y.matmul(b));
    let error = builder.finish().unwrap_err();
    assert_eq!((error.code(), error.place()), (Code::E012, Some("hidden")));
    assert!(error.to_string().contains("add cannot combine [2, 3] with [4]"), "{error}");
    assert!(error.to_string().contains("tests.rs:"), "{error}");
}

#[test]
fn the_registry_sees_a_wrong_rule() {
    let wrong = std::panic::catch_unwind(|| {
        check_gradient("wrong", &[&[3]], false, |x| x[0] * x[0].stop_gradient());
    });
    assert!(wrong.is_err());
}

proptest! {
    /// Any operation on any shapes: an error, or a graph that is legal and runs. Never a panic.
    #[test]
    fn any_operation_on_any_shapes_is_an_error_or_runs(
        dims in prop::collection::vec(prop::collection::vec(0usize..4, 0..5), 3),
        which in 0usize..40, axis in 0usize..6, to in prop::collection::vec(0usize..4, 0..5),
    ) {
        let ops = every_op();
        let op = ops[which % ops.len()];
        let builder = Builder::new();
        let inputs: Vec<Expr> = dims.iter().enumerate()
            .map(|(i, d)| builder.input(&format!("x{i}"), Role::Batch, DType::F32, d)).collect();
        let [a, b, c] = inputs[..] else { unreachable!() };
        let to = Shape::new(&to).unwrap();
        let mut rest = [a, b, c].into_iter();
        let op = match op {
            Op::Iota(_) => Op::Iota(axis),
            Op::ArgMax((), _) => Op::ArgMax(a.id(), axis),
            Op::Reduce(r, (), _) => Op::Reduce(r, a.id(), Axes::new(&[axis])),
            Op::Select(..) => Op::Select(a.less(b).id(), b.id(), c.id()),
            Op::Uniform(..) => Op::Uniform(builder.input("key", Role::Batch, DType::I32, &[4]).id(), 1),
            Op::Input(_) => Op::Fill(1.0),
            _ => op.map(|()| rest.next().unwrap().id()),
        };
        drop(rest);
        let wanted = match op {
            Op::Broadcast(_) | Op::Reshape(_) | Op::Fill(_) | Op::Iota(_) | Op::Uniform(..) => Type::new(DType::F32, to),
            _ => a.ty(),
        };
        let y = builder.push(op, wanted);
        builder.output("y", y);
        if y.ty().dtype == DType::F32 {
            for dx in gradients(y.sum_all(), &inputs) {
                builder.output("gradient", dx);
            }
        }
        if let Ok(graph) = builder.finish() {
            graph.verify().unwrap();
            prop_assert_eq!(&graph.to_string().parse::<Graph>().unwrap(), &graph);
            let values: Vec<Value<f32>> = graph.inputs.iter().map(|input| {
                let ty = graph.ty(input.node);
                if ty.dtype == DType::I32 { Value::Int(vec![1, 2, 3, 4]) }
                else { Value::Float(numbers(ty.shape.elems(), true).iter().map(|&x| x as f32).collect()) }
            }).collect();
            interpret(&graph, &values);
        }
    }
}

#[test]
fn what_follows_a_pool_is_to_the_bit_what_came_before_it() {
    let window = Window { stride: [1, 2, 2], ..Window::new([1, 2, 2]) };
    let x: Vec<f32> = (0..96_u8).map(|i| f32::from(i) * 37.0 % 96.0 / 7.0 - 6.0).collect();
    let run = |pool: for<'g> fn(Expr<'g>, Window) -> Expr<'g>| {
        let builder = Builder::new();
        let x_in = builder.input("x", Role::Batch, DType::F32, &[2, 4, 4, 3]);
        let bias = builder.input("bias", Role::Batch, DType::F32, &[3]);
        let seen = (x_in + bias).max(x_in.fill_like(0.0)).min(x_in.fill_like(6.0));
        let y = pool(seen.reshape(&[2, 1, 4, 4, 3]), window);
        let adjoints = gradients((y * y).sum_all(), &[x_in, bias]);
        builder.output("y", y);
        adjoints.into_iter().for_each(|dx| builder.output("dx", dx));
        let graph = builder.finish().unwrap();
        let values = [Value::Float(x.clone()), Value::Float(vec![0.3, -0.9, 2.1])];
        (graph.to_string(), interpret::<f32>(&graph, &values))
    };
    let (after, by_rule) = run(|x, window| x.max_pool(window));
    let (before, plain) = run(|x, window| x.pick_max(x, window));
    assert_eq!(by_rule, plain);
    let pools_the_input = |text: &str| text.contains(" = reshape %0 ");
    assert!(pools_the_input(&after) && !pools_the_input(&before), "{after}\n{before}");
}
