//! What weights cost, and where they are kept: regularizers and constraints.

use super::{F64, Json, cases, close, dims, f64s, floats, golden, numbers};
use crate::graph::{Builder, Expr, Role, Value, gradients, interpret};
use crate::nn::*;
use crate::tensor::{Axes, DType};

/// What a function of the weight of a case gives.
fn of_weight(case: &Json, f: impl for<'g> Fn(Expr<'g>) -> Vec<Expr<'g>>) -> Vec<Value<f64>> {
    let builder = Builder::new();
    let w = builder.input("w", Role::State, DType::F32, &dims(&case["w"]));
    f(w).into_iter().for_each(|y| builder.output("y", y));
    interpret(&builder.finish().unwrap(), &[floats(&numbers(&case["w"]))])
}

#[test]
fn regularizers_and_their_gradients() {
    let file = golden("regularizers");
    for case in cases(&file, 20) {
        let number = |key: &str, default: f64| case["config"][key].as_f64().unwrap_or(default);
        let regularizer = match case["regularizer"].as_str().unwrap() {
            "L1" => Regularizer::L1(number("l1", 0.01)),
            "L2" => Regularizer::L2(number("l2", 0.01)),
            "L1L2" => Regularizer::L1L2 { l1: number("l1", 0.0), l2: number("l2", 0.0) },
            "OrthogonalRegularizer" => Regularizer::Orthogonal {
                factor: number("factor", 0.01),
                rows: case["config"]["mode"] == "rows",
            },
            other => panic!("no regularizer {other} here: add it"),
        };
        let found = of_weight(case, |w| {
            let penalty = regularizer.penalty(w);
            [vec![penalty], gradients(penalty, &[w])].concat()
        });
        let what = format!("{regularizer:?} of {:?}", dims(&case["w"]));
        close(&what, &f64s(&found[0]), &[case["value_f64"].as_f64().unwrap()], F64, F64);
        close(&what, &f64s(&found[1]), &numbers(&case["grad_f64"]), F64, F64);
    }
}

#[test]
fn constraints_along_all_axes() {
    let file = golden("constraints");
    for case in cases(&file, 20) {
        let number = |key: &str, default: f64| case["config"][key].as_f64().unwrap_or(default);
        let axis = match &case["config"]["axis"] {
            Json::Array(axes) => {
                Axes::new(&axes.iter().map(|a| a.as_u64().unwrap() as usize).collect::<Vec<_>>())
            }
            axis => Axes::new(&[axis.as_u64().unwrap_or(0) as usize]),
        };
        let constraint = match case["constraint"].as_str().unwrap() {
            "NonNeg" => Constraint::NonNeg,
            "MaxNorm" => Constraint::MaxNorm { max_value: number("max_value", 2.0), axis },
            "UnitNorm" => Constraint::UnitNorm { axis },
            "MinMaxNorm" => Constraint::MinMaxNorm {
                min_value: number("min_value", 0.0),
                max_value: number("max_value", 1.0),
                rate: number("rate", 1.0),
                axis,
            },
            other => panic!("no constraint {other} here: add it"),
        };
        let found = of_weight(case, |w| vec![constraint.apply(w)]);
        let what = format!("{constraint:?} of {:?}", dims(&case["w"]));
        close(&what, &f64s(&found[0]), &numbers(&case["kept_f64"]), F64, F64);
    }
}
