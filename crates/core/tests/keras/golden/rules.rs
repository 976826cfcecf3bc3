//! What weights cost, and where they are kept: regularizers and constraints.

use super::{F64, Json, cases, close, dims, f64s, floats, golden, numbers, object};
use neurona_core::graph::{Builder, Expr, Role, Value, gradients, interpret};
use neurona_core::nn::config::Field;
use neurona_core::nn::*;
use neurona_core::tensor::DType;

/// The result of a function of the weight of a case.
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
        let class = case["regularizer"].as_str().unwrap();
        let object = object(class, &case["config"]).to_json("keras.regularizers");
        let regularizer = Regularizer::from_json(&object).unwrap();
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
        let class = case["constraint"].as_str().unwrap();
        let object = object(class, &case["config"]).to_json("keras.constraints");
        let constraint = Constraint::from_json(&object).unwrap();
        let found = of_weight(case, |w| vec![constraint.apply(w)]);
        let what = format!("{constraint:?} of {:?}", dims(&case["w"]));
        close(&what, &f64s(&found[0]), &numbers(&case["kept_f64"]), F64, F64);
    }
}
