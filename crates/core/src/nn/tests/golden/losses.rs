//! Losses, their values for each sample and their gradients.

use super::*;
use crate::tensor::Axes;

/// The loss of a case, with its settings.
pub(super) fn loss(name: &str, config: &Json) -> Box<dyn Loss> {
    let flag = |key: &str| config[key].as_bool().unwrap_or(false);
    let number = |key: &str, default| config[key].as_f64().unwrap_or(default);
    let (from_logits, label_smoothing) = (flag("from_logits"), number("label_smoothing", 0.0));
    match name {
        "categorical_crossentropy" => {
            with_reduction(CategoricalCrossentropy { from_logits, label_smoothing }, config)
        }
        "sparse_categorical_crossentropy" => {
            let ignore_class = config["ignore_class"].as_i64();
            with_reduction(SparseCategoricalCrossentropy { from_logits, ignore_class }, config)
        }
        "binary_crossentropy" => {
            with_reduction(BinaryCrossentropy { from_logits, label_smoothing }, config)
        }
        "categorical_focal_crossentropy" => {
            let (alpha, gamma) = (number("alpha", 0.25), number("gamma", 2.0));
            let loss = CategoricalFocalCrossentropy { alpha, gamma, from_logits, label_smoothing };
            with_reduction(loss, config)
        }
        "binary_focal_crossentropy" => {
            let loss = BinaryFocalCrossentropy {
                apply_class_balancing: flag("apply_class_balancing"),
                alpha: number("alpha", 0.25),
                gamma: number("gamma", 2.0),
                from_logits,
                label_smoothing,
            };
            with_reduction(loss, config)
        }
        "categorical_generalized_cross_entropy" => {
            with_reduction(CategoricalGeneralizedCrossEntropy { q: number("q", 0.5) }, config)
        }
        "kl_divergence" => with_reduction(KLDivergence, config),
        "poisson" => with_reduction(Poisson, config),
        "mean_squared_error" => with_reduction(MeanSquaredError, config),
        "mean_absolute_error" => with_reduction(MeanAbsoluteError, config),
        "mean_absolute_percentage_error" => with_reduction(MeanAbsolutePercentageError, config),
        "mean_squared_logarithmic_error" => with_reduction(MeanSquaredLogarithmicError, config),
        "huber" => with_reduction(Huber { delta: number("delta", 1.0) }, config),
        "log_cosh" => with_reduction(LogCosh, config),
        "cosine_similarity" => with_reduction(CosineSimilarity, config),
        "hinge" => with_reduction(Hinge, config),
        "squared_hinge" => with_reduction(SquaredHinge, config),
        "categorical_hinge" => with_reduction(CategoricalHinge, config),
        "dice" => with_reduction(Dice { axis: axes(config) }, config),
        "tversky" => {
            let (alpha, beta) = (number("alpha", 0.5), number("beta", 0.5));
            with_reduction(Tversky { alpha, beta, axis: axes(config) }, config)
        }
        "circle" => {
            let loss = Circle {
                gamma: number("gamma", 80.0),
                margin: number("margin", 0.4),
                remove_diagonal: config["remove_diagonal"].as_bool().unwrap_or(true),
            };
            with_reduction(loss, config)
        }
        other => panic!("no loss {other} here: add it"),
    }
}

/// The dimensions a case sums over.
fn axes(config: &Json) -> Option<Axes> {
    let axes = config["axis"].as_array()?;
    Some(Axes::new(&axes.iter().map(|a| a.as_u64().unwrap() as usize).collect::<Vec<_>>()))
}

/// Whether the classes or features of a case lie along another dimension than the last.
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

fn with_reduction(loss: impl Loss + 'static, config: &Json) -> Box<dyn Loss> {
    let known = [
        Reduction::SumOverBatchSize,
        Reduction::Sum,
        Reduction::Mean,
        Reduction::MeanWithSampleWeight,
    ];
    match config["reduction"].as_str() {
        None => Box::new(loss),
        // Values that stay apart are compared by their sum, and the values of samples by themselves.
        Some("none") => Box::new(loss.reduced(Reduction::Sum)),
        Some(name) => {
            let reduction = known.into_iter().find(|reduction| reduction.name() == name);
            Box::new(loss.reduced(reduction.unwrap_or_else(|| panic!("no reduction {name}"))))
        }
    }
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
