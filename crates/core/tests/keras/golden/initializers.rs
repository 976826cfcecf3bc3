//! First values of weights, compared by their moments and their limits.

use super::*;

#[test]
fn initializers_have_keras_moments() {
    let file = golden("initializers");
    for case in cases(&file, 18) {
        let (name, config) = (case["initializer"].as_str().unwrap(), &case["config"]);
        let mut object = object(name, config);
        // The table also gives the scale and the mode of initializers that have them in their name.
        if name != "variance_scaling" {
            object.config.retain(|key, _| !["scale", "mode", "distribution"].contains(&&**key));
        }
        let object = object.to_json("keras.initializers");
        let initializer = Initializer::from_json(&object).unwrap();
        let given = if case["shape"].is_null() { &file["shape"] } else { &case["shape"] };
        let given = given.as_array().unwrap().iter().map(|d| d.as_u64().unwrap() as usize);
        let shape = Shape::new(&given.collect::<Vec<_>>()).unwrap();
        let source = neurona_core::tensor::random::Source { seed: 3, stream: 1, step: 0 };
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
        let source = neurona_core::tensor::random::Source { seed: 5, stream: 2, step: 0 };
        let values = Initializer::Orthogonal { gain }.values(shape, source);
        let (rows, columns) = (shape.elems() / shape.last(), shape.last());
        // Rows or columns, whichever there are fewer of.
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
