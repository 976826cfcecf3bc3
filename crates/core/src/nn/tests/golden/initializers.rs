//! First values of weights, by their moments and their limits.

use super::*;

#[test]
fn initializers_have_keras_moments() {
    let file = golden("initializers");
    for case in cases(&file, 18) {
        let (name, config) = (case["initializer"].as_str().unwrap(), &case["config"]);
        let number = |key: &str| config[key].as_f64().unwrap();
        let initializer = match name {
            "zeros" => Initializer::Zeros,
            "ones" => Initializer::Ones,
            "constant" => Initializer::Constant(number("value")),
            "random_normal" => {
                Initializer::RandomNormal { mean: number("mean"), stddev: number("stddev") }
            }
            "random_uniform" => {
                Initializer::RandomUniform { minval: number("minval"), maxval: number("maxval") }
            }
            "truncated_normal" => {
                Initializer::TruncatedNormal { mean: number("mean"), stddev: number("stddev") }
            }
            "glorot_uniform" => Initializer::GlorotUniform,
            "glorot_normal" => Initializer::GlorotNormal,
            "he_uniform" => Initializer::HeUniform,
            "he_normal" => Initializer::HeNormal,
            "lecun_uniform" => Initializer::LecunUniform,
            "lecun_normal" => Initializer::LecunNormal,
            "variance_scaling" => Initializer::VarianceScaling {
                scale: number("scale"),
                mode: match config["mode"].as_str().unwrap() {
                    "fan_in" => FanMode::In,
                    "fan_out" => FanMode::Out,
                    _ => FanMode::Average,
                },
                distribution: match config["distribution"].as_str().unwrap() {
                    "truncated_normal" => Distribution::TruncatedNormal,
                    "uniform" => Distribution::Uniform,
                    _ => Distribution::UntruncatedNormal,
                },
            },
            "orthogonal" => Initializer::Orthogonal { gain: number("gain") },
            "identity" => Initializer::Identity { gain: number("gain") },
            other => panic!("no initializer {other} here: add it"),
        };
        let given = if case["shape"].is_null() { &file["shape"] } else { &case["shape"] };
        let given = given.as_array().unwrap().iter().map(|d| d.as_u64().unwrap() as usize);
        let shape = Shape::new(&given.collect::<Vec<_>>()).unwrap();
        let source = crate::tensor::random::Source { seed: 3, stream: 1, step: 0 };
        let values = initializer.values(shape, source);
        let n = values.len() as f64;
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
        let std = (values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n).sqrt();
        let wanted = |key: &str| case[key].as_f64().unwrap();
        let spread = wanted("expected_std");
        close(
            &format!("mean of {name}"),
            &[mean],
            &[wanted("expected_mean")],
            0.01 * spread + 1e-7,
            0.0,
        );
        close(&format!("deviation of {name}"), &[std], &[spread], 1e-7, 0.01);
        let extreme = |key: &str| case["stats_f64"][key].as_f64().unwrap();
        let largest = values.iter().fold(f64::MIN, |a, &b| a.max(b.into()));
        close(&format!("largest of {name}"), &[largest], &[extreme("max")], 1e-7, 0.2);
    }
}

#[test]
fn rows_or_columns_of_orthogonal_are_at_right_angles() {
    for (dims, gain) in [(&[6, 4][..], 1.0), (&[4, 6], 1.0), (&[5, 5], 2.0), (&[3, 2, 2, 7], 0.5)] {
        let shape = Shape::new(dims).unwrap();
        let source = crate::tensor::random::Source { seed: 5, stream: 2, step: 0 };
        let values = Initializer::Orthogonal { gain }.values(shape, source);
        let (rows, columns) = (shape.elems() / shape.last(), shape.last());
        // Whichever there are fewer of.
        let vector = |i: usize, k: usize| {
            f64::from(if rows < columns {
                values[i * columns + k]
            } else {
                values[k * columns + i]
            })
        };
        for i in 0..rows.min(columns) {
            for j in 0..rows.min(columns) {
                let product: f64 =
                    (0..rows.max(columns)).map(|k| vector(i, k) * vector(j, k)).sum();
                let wanted = if i == j { gain * gain } else { 0.0 };
                close(&format!("{dims:?}, {i} by {j}"), &[product], &[wanted], F32, F32);
            }
        }
    }
}
