//! Losses: their values for each sample, and their gradients.

use super::*;

/// The loss of a case, with its settings.
pub(super) fn loss(name: &str, config: &Json) -> Box<dyn Loss> {
    let mut object = object(name, config);
    // Values that are not reduced are compared by their sum, and the values of samples by
    // themselves.
    if config["reduction"] == "none" {
        object.config.insert("reduction".to_owned(), "sum".into());
    }
    // In the cases compared, an axis that is a number is the last one.
    object.config.retain(|key, value| key != "axis" || !value.is_number());
    loss_from_config(object).unwrap_or_else(|error| panic!("{name} {config}: {error}"))
}

/// Whether the classes or features of a case lie along a dimension other than the last.
fn along_another_dimension(case: &Json) -> bool {
    case["config"]["axis"]
        .as_u64()
        .is_some_and(|axis| axis as usize + 1 < dims(&case["y_pred"]).len())
}

#[test]
fn classes_and_features_lie_along_the_last_dimension_and_cases_along_others_are_left_out() {
    let file = golden("losses");
    let left_out = cases(&file, 132).iter().filter(|case| along_another_dimension(case));
    let names: Vec<&str> = left_out.map(|case| case["loss"].as_str().unwrap()).collect();
    assert_eq!(names, ["cosine_similarity", "cosine_similarity", "categorical_crossentropy"]);
}

/// How the targets of a case come, and the values of its `y`.
fn targets_of<F: Real>(loss: &dyn Loss, case: &Json) -> (Targets, Value<F>) {
    let y = numbers(&case["y_true"]);
    let integers = || Value::Int(y.iter().map(|&y| y as i32).collect());
    match (loss.target_kind(), case["y_true_dtype"] == "int") {
        (TargetKind::Groups, _) => (Targets::Groups, integers()),
        (TargetKind::Classes, true) => (Targets::Labels, integers()),
        (TargetKind::Classes, false) | (TargetKind::Probabilities | TargetKind::Numbers, _) => {
            (Targets::Numbers, floats(&y))
        }
    }
}

#[test]
fn losses_and_their_gradients() {
    let file = golden("losses");
    for case in cases(&file, 132).iter().filter(|case| !along_another_dimension(case)) {
        let name = case["loss"].as_str().unwrap();
        let mut config = case["config"].clone();
        if !case["reduction"].is_null() {
            config["reduction"] = case["reduction"].clone();
        }
        let what = format!("{name} {config}");
        let loss = loss(name, &config);
        let shape = dims(&case["y_pred"]);
        let builder = Builder::new();
        let prediction = builder.input("prediction", Role::Batch, DType::F32, &shape);
        let target = targets_of::<f64>(&*loss, case).0.input(&builder, "y", prediction);
        let weights = case["sample_weight"]
            .as_object()
            .map(|_| builder.input("w", Role::Batch, DType::F32, &dims(&case["sample_weight"])));
        let value = reduce_loss(&*loss, target, prediction, weights);
        builder.output("value", value);
        builder.output("per_sample", loss.per_sample(target, prediction));
        builder.output("gradient", gradients(value, &[prediction])[0]);
        let graph = builder.finish().unwrap();
        let value_of = |json: &Json| json.as_f64().unwrap_or_else(|| numbers(json).iter().sum());
        fn run<F: Real>(graph: &Graph, loss: &dyn Loss, case: &Json) -> Vec<Value<F>> {
            let mut inputs = vec![floats(&numbers(&case["y_pred"])), targets_of(loss, case).1];
            if graph.inputs.len() > 2 {
                inputs.push(floats(&numbers(&case["sample_weight"])));
            }
            interpret::<F>(graph, &inputs)
        }
        let found = run::<f64>(&graph, &*loss, case);
        close(&what, &f64s(&found[0]), &[value_of(&case["value_f64"])], F64, F64);
        close(&what, &f64s(&found[1]), &numbers(&case["per_sample_f64"]), F64, F64);
        if !case["grad_f64"].is_null() {
            close(
                &format!("gradient of {what}"),
                &f64s(&found[2]),
                &numbers(&case["grad_f64"]),
                F64,
                F64,
            );
        }
        let found = run::<f32>(&graph, &*loss, case);
        close(&what, &f64s(&found[0]), &[value_of(&case["value_f32"])], F32, F32);
        close(&what, &f64s(&found[1]), &numbers(&case["per_sample_f32"]), F32, F32);
    }
}
