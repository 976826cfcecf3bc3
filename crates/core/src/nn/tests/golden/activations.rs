//! Activations and their gradients.

use super::*;

/// The activation of a case, with its arguments.
pub(super) fn activation(name: &str, args: &Json) -> Activation {
    let number = |key: &str, default| args[key].as_f64().unwrap_or(default);
    match Activation::from_name(name).unwrap() {
        Activation::Elu { alpha } => Activation::Elu { alpha: number("alpha", alpha) },
        Activation::Celu { alpha } => Activation::Celu { alpha: number("alpha", alpha) },
        Activation::Gelu { approximate } => {
            Activation::Gelu { approximate: args["approximate"].as_bool().unwrap_or(approximate) }
        }
        Activation::LeakyRelu { negative_slope } => {
            Activation::LeakyRelu { negative_slope: number("negative_slope", negative_slope) }
        }
        Activation::Threshold { threshold, default_value } => Activation::Threshold {
            threshold: number("threshold", threshold),
            default_value: number("default_value", default_value),
        },
        Activation::SoftShrink { threshold } => {
            Activation::SoftShrink { threshold: number("threshold", threshold) }
        }
        Activation::HardShrink { threshold } => {
            Activation::HardShrink { threshold: number("threshold", threshold) }
        }
        Activation::Squareplus { b } => Activation::Squareplus { b: number("b", b) },
        other => {
            let none = args.as_object().is_none_or(serde_json::Map::is_empty);
            assert!(none, "{name}: arguments {args} that are not here");
            other
        }
    }
}

#[test]
fn activations_and_their_gradients() {
    let file = golden("activations");
    let mut seen = std::collections::BTreeSet::new();
    for case in cases(&file, 17) {
        let name = case["name"].as_str().unwrap();
        seen.insert(name);
        if name == "sparsemax" {
            continue;
        }
        // Most cases share their input; some need rows of another length.
        let of =
            |key: &str| if case[key].is_null() { file[key].clone() } else { case[key].clone() };
        let (given, weights) = (of("x"), of("w"));
        let (x, w) = (numbers(&given), numbers(&weights));
        let builder = Builder::new();
        let input = |name, json| builder.input(name, Role::Batch, DType::F32, &dims(json));
        let (a, b) = (input("x", &given), input("w", &weights));
        let y = activation(name, &case["args"]).apply(a);
        builder.output("y", y);
        builder.output("dx", gradients((y * b).sum_all(), &[a])[0]);
        let graph = builder.finish().unwrap();

        let found = interpret::<f64>(&graph, &[floats(&x), floats(&w)]);
        close(name, &f64s(&found[0]), &numbers(&case["y_f64"]), F64, F64);
        let (mut dx, mut wanted) = (f64s(&found[1]), numbers(&case["grad_f64"]));
        for kink in case["grad_skip"].as_array().unwrap() {
            let i = kink.as_u64().unwrap() as usize;
            (dx[i], wanted[i]) = (0.0, 0.0);
        }
        close(&format!("gradient of {name}"), &dx, &wanted, F64, F64);
        let found = interpret::<f32>(&graph, &[floats(&x), floats(&w)]);
        close(name, &f64s(&found[0]), &numbers(&case["y_f32"]), F32, F32);
    }
    for activation in Activation::ALL.into_iter().filter(|a| a.is_differentiable()) {
        assert!(seen.contains(activation.name()), "no golden value of {}", activation.name());
    }
}

/// Keras 3.15.1 takes its threshold from the sum of the cumulative sums of the support instead of the last one,
/// so that rows of more than one element in the support do not sum to 1. Ours is the paper's.
#[test]
fn sparsemax_is_keras_where_keras_sums_to_one_and_the_nearest_distribution_elsewhere() {
    let file = golden("activations");
    let mut compared = 0;
    for case in cases(&file, 17).iter().filter(|case| case["name"] == "sparsemax") {
        let given = if case["x"].is_null() { &file["x"] } else { &case["x"] };
        let (values, shape) = (numbers(given), dims(given));
        let builder = Builder::new();
        let x = builder.input("x", Role::Batch, DType::F32, &shape);
        builder.output("y", Activation::Sparsemax.apply(x));
        let found = f64s(&interpret::<f64>(&builder.finish().unwrap(), &[floats(&values)])[0]);
        let wanted = numbers(&case["y_f64"]);
        let rows = found.chunks(shape[1]).zip(wanted.chunks(shape[1])).zip(values.chunks(shape[1]));
        for ((found, wanted), x) in rows {
            close("the sum of a row", &[found.iter().sum()], &[1.0], F64, 0.0);
            if (wanted.iter().sum::<f64>() - 1.0).abs() < F64 {
                compared += 1;
                close("sparsemax", found, wanted, F64, F64);
            }
            // What is left is as far above the threshold as what is dropped is not.
            let differences = x.iter().zip(found).filter(|(_, y)| **y > 0.0).map(|(x, y)| x - y);
            let threshold = differences.fold(f64::NAN, f64::max);
            for (x, y) in x.iter().zip(found) {
                close("an element", &[*y], &[(x - threshold).max(0.0)], F64, 0.0);
            }
        }
    }
    assert!(compared > 0);
}
