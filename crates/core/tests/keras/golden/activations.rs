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
            let mut keys = args.as_object().into_iter().flat_map(serde_json::Map::keys);
            let none = keys.all(|key| key == "axis");
            assert!(none, "{name}: arguments {args} that are not here");
            other
        }
    }
}

#[test]
fn activations_and_their_gradients() {
    let file = golden("activations");
    let mut seen = std::collections::BTreeSet::new();
    let left_out = |case: &&Json| along_another_dimension(case) || is_relu_with_arguments(case);
    for case in cases(&file, 44).iter().filter(|case| !left_out(case)) {
        let name = case["name"].as_str().unwrap();
        seen.insert(name);
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
    // See below.
    seen.extend(["sparsemax", "hard_sigmoid_keras2"]);
    for activation in Activation::ALL.into_iter().filter(|a| a.is_differentiable()) {
        assert!(seen.contains(activation.name()), "no golden value of {}", activation.name());
    }
}

/// Whether a case has rows along a dimension other than the last.
fn along_another_dimension(case: &Json) -> bool {
    case["args"]["axis"].as_i64().is_some_and(|axis| axis != -1)
}

/// Whether a case is relu with arguments.
fn is_relu_with_arguments(case: &Json) -> bool {
    case["name"] == "relu" && case["args"].as_object().is_some_and(|args| !args.is_empty())
}

#[test]
fn rows_lie_along_the_last_dimension_and_cases_along_others_are_left_out() {
    let file = golden("activations");
    let left_out = cases(&file, 44).iter().filter(|case| along_another_dimension(case));
    let names: Vec<&str> = left_out.map(|case| case["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["softmax", "log_softmax", "glu"]);
}

#[test]
fn relu_by_its_name_has_no_arguments_and_cases_with_them_are_left_out() {
    let file = golden("activations");
    assert_eq!(cases(&file, 44).iter().filter(|case| is_relu_with_arguments(case)).count(), 4);
}

/// Keras 3.15.1 takes its threshold from the sum of the cumulative sums of the support instead of
/// the last one: it turns the row `[-1.5, -1]` into the row `[0.75, 1.25]`, whose sum is 2. So
/// there is nothing to compare with.
#[test]
fn sparsemax_is_the_nearest_distribution_which_it_is_not_in_keras() {
    let builder = Builder::new();
    let x = builder.input("x", Role::Batch, DType::F32, &[5, 4]);
    builder.output("y", Activation::Sparsemax.apply(x));
    let rows = [
        [-20.0, -2.5, -1.5, -1.0],
        [0.2, 0.1, 0.2, 0.15],
        [3.0, 3.0, -7.0, 3.0],
        [0.0, 0.9, 0.9, 0.5],
        [5.0, 1.0, 0.0, 2.0],
    ];
    let graph = builder.finish().unwrap();
    let found = f64s(&interpret::<f64>(&graph, &[floats(rows.as_flattened())])[0]);
    let third = 1.0 / 3.0;
    let wanted = [
        [0.0, 0.0, 0.25, 0.75],
        [0.2875, 0.1875, 0.2875, 0.2375],
        [third, third, 0.0, third],
        [0.0, 1.4 / 3.0, 1.4 / 3.0, 0.2 / 3.0],
        [1.0, 0.0, 0.0, 0.0],
    ];
    close("sparsemax", &found, wanted.as_flattened(), F64, F64);
}

/// Keras 2.15: `clip(0.2 x + 0.5, 0, 1)`.
#[test]
fn the_hard_sigmoid_of_keras_2_has_its_slope() {
    let x = [-3.0, -2.5, -1.0, 0.0, 0.5, 2.0, 2.5, 7.0];
    let builder = Builder::new();
    let input = builder.input("x", Role::Batch, DType::F32, &[x.len()]);
    let y = Activation::HardSigmoidKeras2.apply(input);
    builder.output("y", y);
    builder.output("dx", gradients(y.sum_all(), &[input])[0]);
    let found = interpret::<f64>(&builder.finish().unwrap(), &[floats(&x)]);
    let wanted = [0.0, 0.0, 0.3, 0.5, 0.6, 0.9, 1.0, 1.0];
    close("hard_sigmoid_keras2", &f64s(&found[0]), &wanted, F64, F64);
    let mut slope = f64s(&found[1]);
    // At a kink, the slope of either side is right.
    (slope[1], slope[6]) = (0.0, 0.0);
    close("its slope", &slope, &[0.0, 0.0, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0], F64, F64);
}
