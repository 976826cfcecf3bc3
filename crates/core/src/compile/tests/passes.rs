//! Each pass from graph to graph does less work for the same result: its output is interpreted
//! beside its input.

use super::super::{layout, simplify};
use crate::graph::{Binary, Builder, Expr, Graph, Op, Role, Unary, Value, interpret};
use crate::tensor::random::Source;
use crate::tensor::{Axes, DType, Shape};
use proptest::prelude::*;

type Pass = fn(&Graph) -> Graph;

const PASSES: [(&str, Pass); 7] = [
    ("drop_stops", simplify::drop_stops),
    ("fold_constants", simplify::fold_constants),
    ("share_equal", simplify::share_equal),
    ("share_softmax", simplify::share_softmax),
    ("ask_rectified", simplify::ask_rectified),
    ("keep_needed", simplify::keep_needed),
    ("keep_old_values", |graph| simplify::keep_old_values(graph.clone())),
];

fn numbers(graph: &Graph) -> Vec<Value<f64>> {
    let value = |(number, input): (usize, &crate::graph::Input)| {
        let source = Source { seed: number as u64, stream: 0, step: 0 };
        let shape = graph.ty(input.node).shape;
        Value::Float((0..shape.elems() as u64).map(|i| source.normal(i)).collect())
    };
    graph.inputs.iter().enumerate().map(value).collect()
}

fn floats(values: &[Value<f64>]) -> Vec<f64> {
    let of = |value: &Value<f64>| match value {
        Value::Float(x) => x.clone(),
        Value::Int(x) => x.iter().map(|&x| f64::from(x)).collect(),
        Value::Byte(x) => x.iter().map(|&x| f64::from(x)).collect(),
        Value::Bool(x) => x.iter().map(|&x| f64::from(u8::from(x))).collect(),
    };
    values.iter().flat_map(of).collect()
}

/// Checks that a graph means the same after each pass, alone and after the passes before it.
fn check(name: &str, graph: &Graph) {
    let values = numbers(graph);
    let expected = floats(&interpret(graph, &values));
    let mut so_far = graph.clone();
    for (pass, run) in PASSES {
        so_far = run(&so_far);
        for result in [run(graph), so_far.clone()] {
            assert_eq!(result.verify(), Ok(()), "{name} after {pass}:\n{result}");
            let found = floats(&interpret(&result, &values));
            assert_eq!(found.len(), expected.len());
            for (a, b) in found.iter().zip(&expected) {
                let same = a.to_bits() == b.to_bits() || a == b || a.is_nan() && b.is_nan();
                let close = (a - b).abs() <= 1e-12 * (1.0 + b.abs());
                assert!(same || close, "{name} after {pass}: {a}, not {b}:\n{graph}\n{result}");
            }
        }
    }
}

fn graph(build: impl for<'g> Fn(&'g Builder)) -> Graph {
    let builder = Builder::new();
    build(&builder);
    builder.finish().unwrap()
}

/// The operations that remain of a graph with one input `x`, in order.
fn left(
    pass: Pass,
    build: impl for<'g> Fn(&'g Builder, Expr<'g>) -> Expr<'g>,
) -> Vec<&'static str> {
    let given = graph(|builder| {
        let x = builder.input("x", Role::Batch, DType::F32, &[2, 3]);
        builder.output("y", build(builder, x));
    });
    check("the rest", &given);
    let result = simplify::keep_needed(&pass(&given));
    result.nodes.iter().map(|node| node.op.name()).filter(|name| *name != "input").collect()
}

const BINARIES: [Binary; 10] = [
    Binary::Add,
    Binary::Sub,
    Binary::Mul,
    Binary::Div,
    Binary::Pow,
    Binary::Max,
    Binary::Min,
    Binary::Equal,
    Binary::Less,
    Binary::LessEqual,
];

#[test]
fn a_number_on_either_side_of_an_operation_keeps_its_meaning() {
    for binary in BINARIES {
        for number in [0.0, 1.0, 2.0, -1.0] {
            check(
                &format!("{binary:?} {number}"),
                &graph(|builder| {
                    let x = builder.input("x", Role::Batch, DType::F32, &[2, 3]);
                    let number = builder.fill(number, &[2, 3]);
                    builder.output("right", x.binary(binary, number));
                    builder.output("left", number.binary(binary, x));
                    builder.output("both", number.binary(binary, number * 3.0));
                }),
            );
        }
    }
}

#[test]
fn what_changes_nothing_is_left_out_and_nothing_else() {
    let fold = |build: for<'g> fn(&'g Builder, Expr<'g>) -> Expr<'g>| {
        left(simplify::fold_constants, build)
    };
    let none: [&str; 0] = [];
    assert_eq!(fold(|_, x| x * 1.0), none);
    assert_eq!(fold(|b, x| b.fill(1.0, &[2, 3]) * x), none);
    assert_eq!(fold(|_, x| x / 1.0), none);
    assert_eq!(fold(|b, x| b.fill(1.0, &[2, 3]) / x), ["fill", "div"]);
    assert_eq!(fold(|_, x| x + 0.0), none);
    assert_eq!(fold(|b, x| b.fill(0.0, &[2, 3]) + x), none);
    assert_eq!(fold(|_, x| x - 0.0), none);
    assert_eq!(fold(|b, x| b.fill(0.0, &[2, 3]) - x), ["fill", "sub"]);
    assert_eq!(fold(|_, x| x * 2.0), ["fill", "mul"]);
    assert_eq!(fold(|_, x| x + 1.0), ["fill", "add"]);
    assert_eq!(fold(|_, x| x.transpose().transpose()), none);
    assert_eq!(fold(|_, x| x.transpose()), ["transpose"]);
    assert_eq!(fold(|_, x| x.reshape(&[2, 3])), none);
    assert_eq!(fold(|_, x| x.reshape(&[3, 2])), ["reshape"]);
    assert_eq!(fold(|_, x| x.broadcast(Shape::new(&[2, 3]).unwrap())), none);
    assert_eq!(fold(|_, x| x.broadcast(Shape::new(&[4, 2, 3]).unwrap())), ["broadcast"]);
    assert_eq!(fold(|_, x| x.sum(Axes::new(&[]))), none);
    assert_eq!(fold(|_, x| x.sum(Axes::new(&[1]))), ["reduce_sum"]);
    // Arithmetic on numbers is one number.
    assert_eq!(fold(|b, _| (b.fill(2.0, &[3]) * 3.0 + 1.0).exp()), ["fill"]);
    assert_eq!(
        fold(|b, _| b.fill(2.0, &[3]).reshape(&[3, 1]).broadcast(Shape::new(&[3, 2]).unwrap())),
        ["fill"]
    );
}

#[test]
fn stops_of_the_gradient_cost_nothing() {
    assert_eq!(left(simplify::drop_stops, |_, x| x.stop_gradient().exp().stop_gradient()), ["exp"]);
}

#[test]
fn equal_work_is_shared_and_unequal_work_is_not() {
    let share =
        |build: for<'g> fn(&'g Builder, Expr<'g>) -> Expr<'g>| left(simplify::share_equal, build);
    assert_eq!(share(|_, x| x.exp() + x.exp()), ["exp", "add"]);
    assert_eq!(share(|_, x| x.exp() + x.tanh()), ["exp", "tanh", "add"]);
    // Other axes, and the same text of another type.
    let unequal: [for<'g> fn(&'g Builder, Expr<'g>) -> Expr<'g>; 2] = [
        |_, x| x.sum(Axes::new(&[0])).sum_all() + x.sum(Axes::new(&[1])).sum_all(),
        |b, x| x.exp() * b.fill(1.0, &[4]).sum_all() + b.fill(1.0, &[5]).sum_all(),
    ];
    for build in unequal {
        assert_eq!(share(build), left(Graph::clone, build));
    }
}

#[test]
fn a_softmax_beside_its_logarithm_is_made_from_it() {
    let share =
        |build: for<'g> fn(&'g Builder, Expr<'g>) -> Expr<'g>| left(simplify::share_softmax, build);
    assert_eq!(share(|_, x| x.softmax() * x.log_softmax()), ["log_softmax", "exp", "mul"]);
    assert_eq!(share(|_, x| x.log_softmax() * x.softmax()), ["log_softmax", "exp", "mul"]);
    assert_eq!(share(|_, x| x.softmax().exp()), ["softmax", "exp"]);
    // For another value it is not.
    assert_eq!(
        share(|_, x| x.softmax() * x.exp().log_softmax()),
        ["softmax", "exp", "log_softmax", "mul"]
    );
}

#[test]
fn what_is_asked_of_a_rectified_value_is_asked_of_what_came_out() {
    let given = graph(|builder| {
        let x = builder.input("x", Role::Batch, DType::F32, &[4]);
        let zero = builder.fill(0.0, &[4]);
        builder.output("y", x.max(zero));
        builder.output("asked", zero.less(x).select(x, zero));
    });
    check("rectified", &given);
    let result = simplify::ask_rectified(&given);
    let rectified = result.output("y").unwrap();
    let asked = |op: &Op<_>| matches!(op, Op::Binary(Binary::Less, _, x) if *x == rectified);
    assert!(result.nodes.iter().any(|node| asked(&node.op)), "{result}");
    // Not where nothing is rectified, nor with a number other than zero, nor in the other
    // direction.
    for (number, turned) in [(1.0, false), (0.0, true)] {
        let given = graph(|builder| {
            let x = builder.input("x", Role::Batch, DType::F32, &[4]);
            let number = builder.fill(number, &[4]);
            builder.output("y", x.max(number));
            let asked = if turned { x.less(number) } else { number.less(x) };
            builder.output("asked", asked.select(x, number));
        });
        check("not rectified", &given);
        assert_eq!(simplify::ask_rectified(&given).to_string(), given.to_string());
    }
}

#[test]
fn what_nothing_needs_is_left_out() {
    let given = graph(|builder| {
        let x = builder.input("x", Role::Batch, DType::F32, &[4]);
        let s = builder.input("s", Role::State, DType::F32, &[4]);
        let _ = (x.exp() + s).tanh();
        builder.output("y", x.sqrt());
        builder.guard(x.abs());
        builder.update(s, s.sin());
    });
    check("needed", &given);
    let names: Vec<_> =
        simplify::keep_needed(&given).nodes.iter().map(|node| node.op.name()).collect();
    assert_eq!(names, ["input", "input", "sqrt", "abs", "sin"]);
}

#[test]
fn an_old_value_that_is_asked_for_is_kept_before_it_changes() {
    let given = graph(|builder| {
        let s = builder.input("s", Role::State, DType::F32, &[4]);
        let t = builder.input("t", Role::State, DType::F32, &[4]);
        builder.output("old", s);
        builder.output("seen otherwise", s.reshape(&[2, 2]));
        builder.output("unchanged", t);
        builder.update(s, s.exp());
    });
    check("old", &given);
    let result = simplify::keep_old_values(given.clone());
    let op = |name: &str| result.node(result.output(name).unwrap()).op.name();
    assert_eq!(["old", "seen otherwise", "unchanged"].map(op), ["cast", "cast", "input"]);
}

#[test]
fn a_tall_matrix_of_the_state_is_stored_transposed() {
    let ty = |dtype, dims: &[usize]| crate::graph::Type::new(dtype, Shape::new(dims).unwrap());
    for (dims, turned) in [
        (&[17, 16][..], true),
        (&[17, 1], true),
        (&[16, 16], false),
        (&[17, 17], false),
        (&[17, 0], false),
        (&[17], false),
        (&[17, 4, 4], false),
    ] {
        assert_eq!(layout::is_stored_transposed(ty(DType::F32, dims)), turned, "{dims:?}");
        assert!(!layout::is_stored_transposed(ty(DType::I32, dims)));
    }
}

/// One more value, made from the existing ones.
fn grow<'g>(builder: &'g Builder, values: &[Expr<'g>], choice: u8, i: usize, j: usize) -> Expr<'g> {
    let (x, y) = (values[i % values.len()], values[j % values.len()]);
    let number = builder.fill([0.0, 1.0, 2.0, -0.5][j % 4], x.shape().dims());
    let bounded = |x: Expr<'g>| x.tanh();
    match choice % 12 {
        0 | 1 if x.shape() == y.shape() => {
            x.binary([Binary::Add, Binary::Sub, Binary::Mul, Binary::Max, Binary::Min][j % 5], y)
        }
        2 => x.binary(BINARIES[j % 4], number.max(number)),
        3 => number.binary(BINARIES[j % 3], x),
        4 => x.max(number),
        5 => number.less(x).select(x * 0.5, number),
        6 => x.unary([Unary::Neg, Unary::Abs, Unary::Tanh, Unary::Sin][j % 4]),
        7 if x.shape().rank() == 2 => x.transpose(),
        8 => x.stop_gradient(),
        9 if x.shape().rank() > 0 => bounded(x).softmax(),
        10 if x.shape().rank() > 0 => bounded(x).log_softmax(),
        11 => x.reshape(&[x.shape().elems()]),
        _ => bounded(x),
    }
}

proptest! {
    #[test]
    fn every_pass_keeps_what_a_graph_means(
        steps in prop::collection::vec((any::<u8>(), 0usize..100, 0usize..100), 1..30),
        asked in prop::collection::vec(0usize..100, 1..4),
        updated in 0usize..100,
    ) {
        check("random", &graph(|builder| {
            let mut values = vec![
                builder.input("a", Role::Batch, DType::F32, &[3, 4]),
                builder.input("b", Role::Batch, DType::F32, &[3, 4]),
                builder.input("s", Role::State, DType::F32, &[3, 4]),
            ];
            let state = values[2];
            for &(choice, i, j) in &steps {
                values.push(grow(builder, &values, choice, i, j));
            }
            for &i in &asked {
                builder.output("asked", values[i % values.len()]);
            }
            builder.guard(values[updated % values.len()].sum_all());
            builder.update(state, state * 0.5 + values[updated % values.len()].sum_all().tanh());
        }));
    }
}
