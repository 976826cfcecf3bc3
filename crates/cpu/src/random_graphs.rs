//! Graphs that nobody would write: whatever is fused, shared, ordered and placed, the result is the
//! interpreter's.

use crate::tests::check;
use neurona_core::graph::{Binary, Builder, Expr, Role, Unary, gradients};
use neurona_core::tensor::{Axes, DType, Shape};
use proptest::prelude::*;

/// One more value, made from the existing ones: `choice` says how, `i` and `j` from which.
fn grow<'g>(values: &[Expr<'g>], exact: usize, choice: u8, i: usize, j: usize) -> Expr<'g> {
    let (x, y) = (values[i % values.len()], values[j % values.len()]);
    let (shape, rank) = (x.shape(), x.shape().rank());
    // Rounding may flip a comparison, so only exact values are compared.
    let (a, b) = (values[i % exact], values[j % exact]);
    let fits = Shape::broadcast(shape, y.shape()).is_some_and(|s| s.elems() <= 64);
    match choice % 19 {
        0..=3 if fits => {
            let binary = [Binary::Add, Binary::Sub, Binary::Mul, Binary::Max, Binary::Min][j % 5];
            x.binary(binary, y)
        }
        4 | 5 => {
            use Unary::{Abs, Erf, Neg, Sigmoid, Softplus, Tanh};
            x.unary([Neg, Abs, Tanh, Sigmoid, Softplus, Erf][j % 6])
        }
        6 if rank == 2 => x.transpose(),
        7 if rank > 0 => x.sum(Axes::new(&[j % rank])).tanh(),
        8 if rank > 0 => x.max_over(Axes::new(&[j % rank])),
        9 => x.reshape(&[shape.elems()]),
        10 if rank > 0 => x.softmax(),
        11 if rank > 0 => x.log_softmax() * 0.1,
        12 if rank == 2 && y.shape().rank() == 2 && shape.last() == y.shape().dims()[0] => {
            x.matmul(y).tanh()
        }
        13 if a.shape() == b.shape() => a.less(b).select(a * 2.0, b.tanh()),
        // Numbers on either side, including those that change nothing on one side or on both.
        14 => {
            let number = [0.0, 1.0, -0.0, -1.0, 2.0][j % 5];
            let constant = x.fill_like(number);
            match (i + j / 5) % 9 {
                0 => constant + x,
                1 => x + constant,
                2 => constant - x,
                3 => x - constant,
                4 => constant * x,
                5 => x * constant,
                6 => constant / (x * x + 1.0),
                7 => x / (constant * constant + 1.0),
                _ => x / x.fill_like(1.0),
            }
        }
        15 => x.fill_like([0.0, 1.0, -2.0, 0.5][j % 4]),
        // Zeros, which products leave out.
        16 => x.max(x.fill_like([0.0, 0.5][j % 2])),
        17 if a.shape().rank() > 0 => a.argmax(j % a.shape().rank()).cast(DType::F32) * 0.3,
        _ => x.tanh() / 2.0,
    }
}

/// A value as one number between -1 and 1.
fn bounded(x: Expr<'_>) -> Expr<'_> {
    (x.sum_all() * 0.1).tanh()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn programs_give_what_the_interpreter_gives(
        steps in prop::collection::vec((any::<u8>(), 0usize..100, 0usize..100), 1..25),
        asked in prop::collection::vec(0usize..100, 1..4),
        updated in prop::collection::vec(0usize..100, 0..3),
        guarded in prop::collection::vec((0usize..100, any::<bool>()), 0..3),
        differentiate in any::<bool>(),
    ) {
        check(&format!("{steps:?} {asked:?} {updated:?} {guarded:?} {differentiate}"), |builder: &Builder| {
            let input = |name, role, dims: &[usize]| builder.input(name, role, DType::F32, dims);
            let states = [input("s", Role::State, &[4, 3]), input("t", Role::State, &[3])];
            let mut values = vec![
                input("a", Role::Batch, &[4, 3]),
                input("b", Role::Batch, &[3]),
                input("c", Role::Batch, &[4, 1]),
                input("d", Role::Batch, &[]),
                input("sparse", Role::Batch, &[4, 3]),
            ];
            values.extend(states);
            let exact = values.len();
            for &(choice, i, j) in &steps {
                values.push(grow(&values, exact, choice, i, j));
            }
            let pick = |i: usize| values[i % values.len()];
            for &i in &asked {
                builder.output("asked", pick(i));
            }
            if differentiate {
                for gradient in gradients(pick(asked[0]).tanh().sum_all(), &values[..exact]) {
                    builder.output("gradient", gradient);
                }
            }
            // Some of the guarded values are far too large, unless they are zero.
            for &(i, is_large) in &guarded {
                let x = if is_large { pick(i) * 1e38 * 1e3 } else { pick(i) };
                builder.guard(x);
                builder.output("guarded", x);
            }
            // New values of the state that depend on both old ones, in one order or the other.
            for (state, &i) in states.iter().zip(&updated) {
                let other = if i % 2 == 0 { states[0] } else { states[1] };
                let far = if i % 7 == 0 { bounded(pick(i)) * 1e38 * 1e3 } else { bounded(pick(i)) };
                builder.update(*state, *state * 0.5 + bounded(other) + far);
            }
        });
    }
}
