//! Stability, checks and messages.

use crate::error::Code;
use crate::graph::{Builder, Role, Value, gradients, interpret};
use crate::message::Lang;
use crate::nn::layers::{Dense, Dropout, Flatten, Reshape};
use crate::nn::*;
use crate::tensor::{DType, Shape, Tensor};

/// Loss and gradient of logits through a head, in f32.
fn through(head: Activation, loss: &dyn Loss, logits: &[f32], target: &[f32]) -> (f32, Vec<f32>) {
    let builder = Builder::new();
    let z = builder.input("z", Role::Batch, DType::F32, &[1, logits.len()]);
    let prediction = head.apply(z);
    let target_input = Targets::Numbers.input(&builder, "y", prediction);
    let value = loss.per_sample(target_input, prediction).sum_all();
    builder.output("loss", value);
    builder.output("gradient", gradients(value, &[z])[0]);
    let inputs = [Value::Float(logits.to_vec()), Value::Float(target.to_vec())];
    let found = interpret::<f32>(&builder.finish().unwrap(), &inputs);
    (found[0].floats()[0], found[1].floats().to_vec())
}

#[test]
fn crossentropy_of_hopeless_logits_is_finite_and_its_gradient_still_descends() {
    let (loss, gradient) = through(
        Activation::Softmax,
        &CategoricalCrossentropy::default(),
        &[1e4, -1e4],
        &[0.0, 1.0],
    );
    // The written formula's value: -log(1e-7).
    assert!((loss - 16.118_095).abs() < 1e-4, "{loss}");
    assert_eq!(gradient, [1.0, -1.0]);
    let (loss, gradient) =
        through(Activation::Sigmoid, &BinaryCrossentropy::default(), &[-1e4], &[1.0]);
    assert!((loss - 16.118_095).abs() < 1e-4, "{loss}");
    assert_eq!(gradient, [-1.0]);
}

#[test]
fn dropout_drops_its_share_and_keeps_the_mean() {
    let mut network = Network::default();
    network.push(Box::new(Dropout::new(0.3)));
    let builder = Builder::new();
    let x = builder.input("x", Role::Batch, DType::F32, &[100, 100]);
    let key = builder.input("key", Role::Batch, DType::I32, &[4]);
    builder.output("y", network.trace(&builder, &[x], Some(key)).outputs[0]);
    let graph = builder.finish().unwrap();
    let run = |step: i32| {
        let inputs = [Value::Float(vec![1.0f32; 10_000]), Value::Int(vec![7, 0, step, 0])];
        interpret(&graph, &inputs)[0].floats().to_vec()
    };
    let y = run(1);
    let dropped = y.iter().filter(|&&y| y == 0.0).count();
    assert!((2_850..3_150).contains(&dropped), "{dropped}");
    assert!(y.iter().all(|&y| y == 0.0 || (y - 1.0 / 0.7).abs() < 1e-6));
    assert_eq!(y, run(1));
    assert_ne!(y, run(2));
}

#[test]
fn orthogonal_weights_are_orthogonal() {
    let source = crate::tensor::random::Source { seed: 1, stream: 0, step: 0 };
    for (rows, columns) in [(5, 3), (3, 5), (4, 4)] {
        let w = Initializer::Orthogonal { gain: 2.0 }
            .values(Shape::new(&[rows, columns]).unwrap(), source);
        let (count, at): (usize, Box<dyn Fn(usize, usize) -> f32>) = if rows >= columns {
            (columns, Box::new(|i, k| w[k * columns + i]))
        } else {
            (rows, Box::new(|i, k| w[i * columns + k]))
        };
        for i in 0..count {
            for j in 0..count {
                let dot: f32 = (0..rows.max(columns)).map(|k| at(i, k) * at(j, k)).sum();
                assert!(
                    (dot - if i == j { 4.0 } else { 0.0 }).abs() < 1e-5,
                    "{rows}x{columns} {i} {j}: {dot}"
                );
            }
        }
    }
}

#[test]
fn orthogonal_weights_are_the_q_of_normal_numbers_whose_r_has_a_positive_diagonal() {
    let source = crate::tensor::random::Source { seed: 4, stream: 0, step: 0 };
    let (rows, columns) = (6, 4);
    let q =
        Initializer::Orthogonal { gain: 1.0 }.values(Shape::new(&[2, 3, columns]).unwrap(), source);
    // R = Qᵀ A, where A's columns are the numbers that the columns of Q were made from.
    for i in 0..columns {
        for j in 0..columns {
            let a = |k: usize| source.normal((j * rows + k) as u64);
            let r: f64 = (0..rows).map(|k| f64::from(q[k * columns + i]) * a(k)).sum();
            match i.cmp(&j) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => assert!(r > 0.0, "{i}: {r}"),
                std::cmp::Ordering::Greater => assert!(r.abs() < 1e-5, "{i} {j}: {r}"),
            }
        }
    }
}

#[test]
fn identity_is_a_diagonal_and_only_of_a_matrix() {
    let source = crate::tensor::random::Source { seed: 1, stream: 0, step: 0 };
    let identity = Initializer::Identity { gain: 2.0 };
    let values = identity.values(Shape::new(&[2, 3]).unwrap(), source);
    assert_eq!(values, [2.0, 0.0, 0.0, 0.0, 2.0, 0.0]);
    for (initializer, shape) in [
        (identity, &[2, 2, 2][..]),
        (identity, &[2]),
        (Initializer::Orthogonal { gain: 1.0 }, &[2]),
    ] {
        let error = initializer.check(Shape::new(shape).unwrap()).unwrap_err();
        assert_eq!(error.code(), Code::E016, "{error}");
        assert_ne!(error.in_lang(Lang::Es), error.to_string());
    }
}

#[test]
fn fans_of_kernels_count_the_receptive_field() {
    let source = crate::tensor::random::Source { seed: 1, stream: 0, step: 0 };
    // Connections into and out of a unit, for kernels of one, two and three spatial dimensions.
    for (shape, fan_in, fan_out) in [
        (&[300, 200][..], 300.0, 200.0),
        (&[5, 40, 60], 200.0, 300.0),
        (&[3, 3, 20, 50], 180.0, 450.0),
        (&[2, 3, 2, 10, 30], 120.0, 360.0),
    ] {
        let shape = Shape::new(shape).unwrap();
        let variance = |initializer: Initializer| {
            let values = initializer.values(shape, source);
            values.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>() / values.len() as f64
        };
        for (initializer, wanted) in [
            (Initializer::LecunNormal, 1.0 / fan_in),
            (Initializer::HeUniform, 2.0 / fan_in),
            (Initializer::GlorotUniform, 2.0 / (fan_in + fan_out)),
            (
                Initializer::VarianceScaling {
                    scale: 1.0,
                    mode: FanMode::Out,
                    distribution: Distribution::UntruncatedNormal,
                },
                1.0 / fan_out,
            ),
        ] {
            let found = variance(initializer);
            assert!((found / wanted - 1.0).abs() < 0.05, "{initializer:?} {shape}: {found}");
        }
    }
}

/// Tries to build a network for a sample shape and returns the error, which must say `needle` in
/// English.
fn mistake(layers: Vec<Box<dyn Layer>>, sample: &[usize], code: Code, needle: &str) {
    let mut network = Network::default();
    layers.into_iter().for_each(|layer| network.push(layer));
    let error = network.build(&[sample.to_vec()]).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.to_string().contains(needle), "{error}");
    assert_ne!(error.in_lang(Lang::Es), error.in_lang(Lang::En));
}

#[test]
fn layers_find_mistakes_when_they_are_built() {
    mistake(vec![], &[3], Code::E014, "no layers");
    mistake(vec![Box::new(Dense::new(0))], &[3], Code::E016, "at least 1 unit");
    mistake(vec![Box::new(Dense::new(2))], &[], Code::E012, "without a dimension");
    mistake(vec![Box::new(Dropout::new(1.0))], &[3], Code::E016, "dropout rate");
    mistake(vec![Box::new(Reshape::new([4, -1]))], &[6], Code::E012, "cannot become [4, -1]");
    mistake(vec![Box::new(Reshape::new([-1, -1]))], &[6], Code::E012, "cannot become");
    mistake(vec![Box::new(Dense::new(1 << 60))], &[1 << 20], Code::E012, "do not fit in memory");
    let twins = vec![
        Box::new(Dense::new(1).named("a")) as Box<dyn Layer>,
        Box::new(Dense::new(1).named("a")),
    ];
    mistake(twins, &[3], Code::E014, "are named \"a\"");
}

/// Checks targets for a network that ends with `units` units and returns the error or the findings.
#[expect(clippy::needless_pass_by_value, reason = "each call makes its own")]
fn targets(
    units: usize,
    activation: Activation,
    loss: &dyn Loss,
    output: &[usize],
    y: Tensor<'_>,
) -> crate::error::Result<(Targets, Vec<&'static str>)> {
    let mut network = Network::default();
    network.push(Box::new(Flatten));
    network.push(Box::new(Dense::new(units).activation(activation)));
    let (targets, findings) = targets_for(&network, 0, loss, Shape::new(output).unwrap(), &y)?;
    Ok((targets, findings.iter().map(|finding| finding.code).collect()))
}

fn tensor<T: crate::tensor::Element>(dims: &[usize], values: Vec<T>) -> Tensor<'static> {
    Tensor::new(Shape::new(dims).unwrap(), values).unwrap()
}

#[test]
fn targets_are_taken_in_any_fitting_form_and_refused_otherwise() {
    let cce = CategoricalCrossentropy::default();
    let sparse = SparseCategoricalCrossentropy::default();
    let (bce, mse) = (BinaryCrossentropy::default(), MeanSquaredError);
    let soft = Activation::Softmax;

    assert_eq!(
        targets(3, soft, &cce, &[3], tensor(&[2], vec![0u8, 2])).unwrap(),
        (Targets::Labels, vec!["N021"])
    );
    assert_eq!(
        targets(3, soft, &sparse, &[3], tensor(&[2, 1], vec![0i32, 2])).unwrap().0,
        Targets::Labels
    );
    let one_hot = || tensor(&[2, 3], vec![0.0f32, 1.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(targets(3, soft, &cce, &[3], one_hot()).unwrap(), (Targets::Numbers, vec![]));
    assert_eq!(
        targets(3, soft, &sparse, &[3], one_hot()).unwrap(),
        (Targets::Numbers, vec!["N021"])
    );
    assert_eq!(
        targets(1, Activation::Linear, &mse, &[1], tensor(&[2], vec![0.5f32, 2.0])).unwrap().0,
        Targets::Numbers
    );
    assert_eq!(targets(3, Activation::Sigmoid, &cce, &[3], one_hot()).unwrap().1, ["W013"]);
    assert_eq!(targets(3, Activation::BinaryThreshold, &mse, &[3], one_hot()).unwrap().1, ["W013"]);
    let logits = CategoricalCrossentropy { from_logits: true, ..cce };
    assert_eq!(targets(3, soft, &logits, &[3], one_hot()).unwrap().1, ["W013"]);

    let refused: [(crate::error::Result<_>, Code, &str); 8] = [
        (
            targets(3, soft, &sparse, &[3], tensor(&[4], vec![1i32, 2, 3, 3])),
            Code::E022,
            "labels go from 1 to 3, but 3 outputs need 0 to 2 (2 rows are outside; the first has label 3 at row 2)",
        ),
        (
            targets(3, soft, &sparse, &[3], tensor(&[1], vec![-1i32])),
            Code::E022,
            "label -1 at row 0",
        ),
        (
            targets(3, soft, &cce, &[3], tensor(&[2], vec![0.5f32, 1.0])),
            Code::E021,
            "0.500 at row 0",
        ),
        (targets(3, soft, &cce, &[3], tensor(&[1, 4], vec![0.0f32; 4])), Code::E021, "shape [4]"),
        (targets(1, soft, &sparse, &[1], tensor(&[1], vec![0i32])), Code::E013, "1 output"),
        (
            targets(1, soft, &bce, &[1], tensor(&[2], vec![1.0f32, 2.0])),
            Code::E022,
            "2.000 at row 1",
        ),
        (targets(3, soft, &mse, &[3], tensor(&[2, 1], vec![0.0f32; 2])), Code::E021, "shape [3]"),
        (targets(3, soft, &cce, &[28, 3], one_hot()), Code::E012, "put Flatten"),
    ];
    for (result, code, needle) in refused {
        let error = result.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(needle), "{error}");
        assert_ne!(error.in_lang(Lang::Es), error.to_string());
    }
}

#[test]
fn numbers_that_are_not_finite_are_found_with_their_place() {
    let mut values = vec![1.0f32; 60];
    (values[27], values[50]) = (f32::NAN, f32::INFINITY);
    let error = check_finite("x", &tensor(&[5, 3, 4], values)).unwrap_err();
    assert_eq!(error.code(), Code::E023);
    assert!(
        error
            .to_string()
            .contains("x has 2 numbers that are not finite; the first is NaN at [2, 0, 3]"),
        "{error}"
    );
    let one = check_finite("y", &tensor(&[2, 2], vec![0.0f64, 1.0, -1e39, 2.0])).unwrap_err();
    for part in ["-1e39 at [1, 0]", "not finite in 32 bits", "beyond ±3.4e38 (1 in all)"] {
        assert!(one.to_string().contains(part), "{one}");
    }
    assert!(one.in_lang(Lang::Es).contains("±3,4e38"));
    let one = check_finite("y", &tensor(&[1], vec![f64::INFINITY])).unwrap_err();
    assert!(one.to_string().contains("y has a number that is not finite: inf at [0]"), "{one}");
    assert!(check_finite("y", &tensor(&[1], vec![f64::from(f32::MAX)])).is_ok());
    assert!(check_finite("x", &tensor(&[0, 3], Vec::<f64>::new())).is_ok());
}

#[test]
fn rows_must_exist_and_agree() {
    let rows = |n: usize| tensor(&[n, 2], vec![0u8; 2 * n]);
    assert_eq!(check_rows(&rows(0), &rows(0)).unwrap_err().code(), Code::E025);
    let error = check_rows(&rows(3), &rows(2)).unwrap_err();
    assert!(error.to_string().contains("x has 3 rows but y has 2"), "{error}");
}
