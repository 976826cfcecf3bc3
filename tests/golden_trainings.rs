//! Whole trainings against Keras 3.15.1 (`tools/golden`), through the public interface: losses, metrics and weights
//! of convolutional, branching, regularized and weighted models.

use ndarray::{Array1, ArrayD};
use neurona::prelude::*;
use neurona::tensor::Axes;
use serde_json::Value as Json;

fn list(json: &Json) -> &[Json] {
    json.as_array().unwrap()
}

fn array(json: &Json) -> ArrayD<f32> {
    let size = |d: &Json| usize::try_from(d.as_u64().unwrap()).unwrap();
    let shape: Vec<usize> = list(&json["shape"]).iter().map(size).collect();
    let values = list(&json["data"]).iter().map(|x| x.as_f64().unwrap() as f32);
    ArrayD::from_shape_vec(shape, values.collect()).unwrap()
}

/// Convolutions, batch normalization, a pool, a classifier.
fn pictures() -> Sequential {
    let mut model = Sequential::new([6, 6, 2])
        .add(Conv2D::new(3, 3).padding(Padding::Same).without_bias())
        .add(BatchNormalization { momentum: 0.9, ..BatchNormalization::new() })
        .add(Relu)
        .add(MaxPooling2D::new(2))
        .add(Conv2D::new(4, 2).activation(Tanh))
        .add(GlobalAveragePooling2D::new())
        .add(Dense::new(3).activation(Softmax));
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Adam::new(0.01), loss, [Metric::Accuracy]).unwrap();
    model
}

/// Two inputs, two outputs, two losses of unequal weight.
fn two_ways() -> Model {
    let (left, right) = (Input::named("left", [4]), Input::named("right", [3]));
    let a = Dense::new(5).activation(Tanh).on(&left);
    let b = Dense::new(5).activation(Sigmoid).on(&right);
    let number = Dense::new(1).named("number").on(&Concatenate::default().on([&a, &b]));
    let kind = Dense::new(3).activation(Softmax).named("kind").on(&Add.on([&a, &b]));
    let mut model = Model::new([&left, &right], [&number, &kind]).unwrap();
    let losses = (MeanSquaredError.weighted(0.3), CategoricalCrossentropy::default().weighted(1.5));
    model.compile(RmsProp::new(0.01), losses, []).unwrap();
    model
}

/// A regularizer, a constraint, clipping and a learning rate that decays.
fn ruled() -> Sequential {
    let short = Constraint::MaxNorm { max_value: 1.0, axis: Axes::new(&[0]) };
    let regular = Regularizer::L2(0.01);
    let first = Dense::new(6).activation(Relu).kernel_regularizer(regular).kernel_constraint(short);
    let last = Dense::new(2).kernel_regularizer(regular);
    let mut model = Sequential::new([5]).add(first).add(last);
    let rate = ExponentialDecay {
        initial_learning_rate: 0.1,
        decay_steps: 5,
        decay_rate: 0.8,
        staircase: false,
    };
    let optimizer = Sgd { learning_rate: rate.into(), momentum: 0.9, nesterov: false };
    model.compile(optimizer.clipnorm(0.5), MeanSquaredError, [Metric::MeanAbsoluteError]).unwrap();
    model
}

/// Classes and samples of unequal weight.
fn weighed() -> Sequential {
    let hidden = Dense::new(6).activation(Tanh);
    let mut model = Sequential::new([4]).add(hidden).add(Dense::new(3).activation(Softmax));
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Sgd::new(0.2), loss, [Metric::Accuracy]).unwrap();
    model
}

/// How far 32 bits may be from Keras' 32 bits, as in `tests/keras/golden.rs`.
const F32: f64 = 1e-4;

#[track_caller]
fn close(what: &str, found: f64, wanted: f64, absolute: f64) {
    let bound = absolute + F32 * wanted.abs();
    assert!((found - wanted).abs() <= bound, "{what}: {found}, Keras {wanted}");
}

/// Trains as the case says; compares each epoch, the scores afterwards and all weights.
fn train_like_keras(model: &mut Model, case: &Json, options: Fit<'_>) {
    let name = case["name"].as_str().unwrap();
    model
        .set_weights(list(&case["initial_weights"]).iter().map(array).collect::<Vec<_>>())
        .unwrap();
    let size = usize::try_from(case["batch_size"].as_u64().unwrap()).unwrap();
    let options = options.batch_size(size).shuffle(false).verbose(Verbose::Silent);
    let xs: Vec<ArrayD<f32>> = list(&case["xs"]).iter().map(array).collect();
    let ys: Vec<ArrayD<f32>> = list(&case["ys"]).iter().map(array).collect();
    let (history, scores) = match (&xs[..], &ys[..]) {
        ([x], [y]) => (model.fit(x, y, options).unwrap(), model.evaluate(x, y).unwrap()),
        ([a, b], [p, q]) => {
            let history = model.fit((a, b), (p, q), options).unwrap();
            (history, model.evaluate((a, b), (p, q)).unwrap())
        }
        _ => panic!("{name}: so many inputs and outputs"),
    };
    let wanted = &case["f32"];
    for (key, values) in wanted["history"].as_object().unwrap() {
        assert_eq!(history[key.as_str()].len(), 3);
        for (epoch, (found, wanted)) in history[key.as_str()].iter().zip(list(values)).enumerate() {
            close(&format!("{name}, {key}, epoch {epoch}"), *found, wanted.as_f64().unwrap(), 0.0);
        }
    }
    for (key, value) in wanted["evaluate"].as_object().unwrap() {
        close(&format!("{name}, {key}"), scores[key.as_str()], value.as_f64().unwrap(), 0.0);
    }
    for ((weight, found), wanted) in
        model.weights().unwrap().iter().zip(list(&wanted["final_weights"]))
    {
        for (found, wanted) in found.iter().zip(&array(wanted)) {
            close(&format!("{name}, {weight}"), f64::from(*found), f64::from(*wanted), F32);
        }
    }
}

#[test]
fn trainings_of_every_kind_are_keras_trainings() {
    let text = std::fs::read_to_string("tests/golden/trainings_more.json").unwrap();
    let file: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(list(&file["cases"]).len(), 5);
    for case in list(&file["cases"]) {
        let fit = Fit::epochs(3);
        match case["name"].as_str().unwrap() {
            "pictures" => train_like_keras(&mut pictures(), case, fit),
            "two inputs, two outputs" => train_like_keras(&mut two_ways(), case, fit),
            "rules" => train_like_keras(&mut ruled(), case, fit),
            "class weights" => {
                let pair =
                    |pair: &Json| (pair[0].as_u64().unwrap() as usize, pair[1].as_f64().unwrap());
                let weights: Vec<_> = list(&case["class_weight"]).iter().map(pair).collect();
                train_like_keras(&mut weighed(), case, fit.class_weight(weights));
            }
            "sample weights" => {
                let weights: Array1<f32> = array(&case["sample_weight"]).into_iter().collect();
                train_like_keras(&mut weighed(), case, fit.sample_weight(&weights));
            }
            other => panic!("no model {other} here: add it"),
        }
    }
}

/// The two trainings of dense layers.
#[test]
fn trainings_follow_keras() {
    let text = std::fs::read_to_string("tests/golden/trainings.json").unwrap();
    let file: Json = serde_json::from_str(&text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let x = array(&case["x"]);
        let mut model = Sequential::new([x.shape()[1]]);
        for layer in case["layers"].as_array().unwrap() {
            let activation = Activation::from_name(layer["activation"].as_str().unwrap()).unwrap();
            let units = layer["units"].as_u64().unwrap() as usize;
            model = model.add(Dense::new(units).activation(activation));
        }
        let accuracy = [Metric::Accuracy];
        if case["name"] == "guide" {
            model.compile(Sgd::new(0.1), CategoricalCrossentropy::default(), accuracy).unwrap();
        } else {
            model.compile(Adam::default(), BinaryCrossentropy::default(), accuracy).unwrap();
        }
        let initial: Vec<_> =
            case["initial_weights"].as_array().unwrap().iter().map(array).collect();
        model.set_weights(&initial).unwrap();
        let y = array(&case["y"]);
        let options = Fit::epochs(case["epochs"].as_u64().unwrap() as usize)
            .verbose(Verbose::Silent)
            .shuffle(false)
            .batch_size(case["batch_size"].as_u64().unwrap() as usize)
            .validation_split(case["validation_split"].as_f64().unwrap_or(0.0));
        let history = model.fit(&x, &y, options).unwrap();
        let wanted = &case["f32"];
        for (name, values) in wanted["history"].as_object().unwrap() {
            for (found, wanted) in history[name].iter().zip(values.as_array().unwrap()) {
                let wanted = wanted.as_f64().unwrap();
                assert!((found - wanted).abs() <= 1e-4 * wanted, "{name}: {found}, Keras {wanted}");
            }
        }
        let weights = model.weights().unwrap();
        for ((_, found), wanted) in weights.iter().zip(wanted["final_weights"].as_array().unwrap())
        {
            for (found, wanted) in found.iter().zip(&array(wanted)) {
                assert!(
                    (found - wanted).abs() <= 1e-5 + 1e-4 * wanted.abs(),
                    "{found}, Keras {wanted}"
                );
            }
        }
        let scores = model.evaluate(&x, &y).unwrap();
        for name in ["loss", "accuracy"] {
            let wanted = wanted["evaluate"][name].as_f64().unwrap();
            assert!(
                (scores[name] - wanted).abs() <= 1e-4 * wanted,
                "{name}: {}, {wanted}",
                scores[name]
            );
        }
        let first = x.slice_axis(Axis(0), (..5).into());
        for (found, wanted) in model.predict(&first).unwrap().iter().zip(&array(&wanted["predict"]))
        {
            assert!((found - wanted).abs() <= 1e-4, "{found}, Keras {wanted}");
        }
    }
}
