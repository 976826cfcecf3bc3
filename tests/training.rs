//! Models that train: they learn, they follow Keras, the same seed gives the same bits, and mistakes change nothing.

use ndarray::{Array1, Array2, ArrayD, array};
use neurona::internals::tensor::random::Source;
use neurona::prelude::*;
use neurona::train::{Logs, Scores};
use neurona::{Code, message::Lang};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Points in two dimensions, labelled by the quadrant's sign: XOR with noise.
fn points(n: usize) -> (Array2<f32>, Array1<u8>) {
    let source = Source { seed: 5, stream: 9, step: 0 };
    let x = Array2::from_shape_fn((n, 2), |(i, j)| source.normal((2 * i + j) as u64) as f32);
    let y = x.outer_iter().map(|p| u8::from(p[0] * p[1] > 0.0)).collect();
    (x, y)
}

/// Some rows. (`ndarray::s!` has `unsafe` inside, which this workspace forbids.)
fn cut<D: ndarray::RemoveAxis, T>(
    array: &ndarray::Array<T, D>,
    rows: std::ops::Range<usize>,
) -> ndarray::ArrayView<'_, T, D> {
    array.slice_axis(Axis(0), rows.into())
}

fn classifier(seed: u64) -> Sequential {
    let mut model = Sequential::new([2])
        .seed(seed)
        .add(Dense::new(16).activation(Relu))
        .add(Dense::new(2).activation(Softmax));
    model
        .compile(Adam::new(0.01), SparseCategoricalCrossentropy::default(), [Metric::Accuracy])
        .unwrap();
    model
}

fn quiet(epochs: usize) -> Fit<'static> {
    Fit::epochs(epochs).verbose(Verbose::Silent)
}

fn weights(model: &mut Sequential) -> Vec<ArrayD<f32>> {
    model.weights().unwrap().into_iter().map(|(_, w)| w).collect()
}

fn bits(model: &mut Sequential) -> Vec<u32> {
    weights(model).iter().flat_map(|w| w.iter().map(|x| x.to_bits()).collect::<Vec<_>>()).collect()
}

#[test]
fn a_network_learns_what_one_neuron_cannot() {
    let (x, y) = points(600);
    let mut model = classifier(1);
    let history = model.fit(&x, &y, quiet(40)).unwrap();
    assert!(history["loss"][39] < history["loss"][0] / 3.0, "{history:?}");
    assert!(model.evaluate(&x, &y).unwrap()["accuracy"] > 0.95);
    let mut neuron = Sequential::new([2]).add(Dense::new(1).activation(Sigmoid));
    neuron.compile(Adam::new(0.01), BinaryCrossentropy::default(), [Metric::Accuracy]).unwrap();
    neuron.fit(&x, &y, quiet(40)).unwrap();
    assert!(neuron.evaluate(&x, &y).unwrap()["accuracy"] < 0.65);
}

/// Three models and data for them: layers wide enough to be shared out, the guide's shapes, a table.
fn trained(kind: usize, seed: u64, threads: usize) -> (Vec<u32>, String) {
    let features = [300, 784, 30][kind];
    let source = Source { seed: 2, stream: 0, step: 0 };
    let normal = |(i, j)| source.normal((features * i + j) as u64) as f32;
    let x = Array2::from_shape_fn((300, features), normal);
    let y: Array1<i32> = (0..300).map(|i| i % 10).collect();
    let model = Sequential::new([features]).seed(seed).threads(threads);
    let accuracy = [Metric::Accuracy];
    let classes = SparseCategoricalCrossentropy::default();
    let mut model = match kind {
        0 => {
            let hidden = model.add(Dense::new(400).activation(Relu)).add(Dropout::new(0.3));
            let mut model = hidden
                .add(Dense::new(200).activation(Tanh))
                .add(Dense::new(10).activation(Softmax));
            model.compile(Adam::default(), classes, accuracy).unwrap();
            model
        }
        1 => {
            let hidden = model.add(Dense::new(10).activation(Sigmoid));
            let mut model = hidden.add(Dense::new(10).activation(Softmax));
            model.compile(Sgd::default(), classes, accuracy).unwrap();
            model
        }
        _ => {
            let hidden = model.add(Dense::new(64).activation(Relu));
            let mut model =
                hidden.add(Dense::new(64).activation(Relu)).add(Dense::new(1).activation(Sigmoid));
            model.compile(RmsProp::default(), MeanSquaredError, []).unwrap();
            model
        }
    };
    let history = model.fit(&x, &y, quiet(2).batch_size(128)).unwrap();
    (bits(&mut model), history.to_csv())
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    for kind in 0..3 {
        for seed in 1..=5 {
            let one = trained(kind, seed, 1);
            for threads in [2, 3, 8] {
                let found = trained(kind, seed, threads);
                assert!(found == one, "model {kind}, seed {seed}, {threads} threads");
            }
        }
        assert!(trained(kind, 1, 1) != trained(kind, 2, 1), "model {kind}");
    }
}

#[test]
fn the_same_bits_while_other_work_takes_the_processors() {
    let one = trained(0, 1, 1);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        for threads in [2, 3, 8] {
            let found = trained(0, 1, threads);
            // Before a failure ends the scope, which waits for all its threads.
            over.store(found != one || threads == 8, Relaxed);
            assert!(found == one, "{threads} threads");
        }
    });
}

#[test]
fn fitting_twice_goes_on_and_compiling_again_starts_the_optimizer_afresh() {
    let (x, y) = points(100);
    let (mut once, mut twice) = (classifier(3), classifier(3));
    once.fit(&x, &y, quiet(4)).unwrap();
    twice.fit(&x, &y, quiet(2)).unwrap();
    twice.fit(&x, &y, quiet(2)).unwrap();
    assert_eq!(bits(&mut once), bits(&mut twice));

    let loss = SparseCategoricalCrossentropy::default();
    let before = bits(&mut once);
    once.compile(Adam::new(0.01), loss, [Metric::Accuracy]).unwrap();
    assert_eq!(bits(&mut once), before, "weights stay");
    once.fit(&x, &y, quiet(1)).unwrap();
    twice.fit(&x, &y, quiet(1)).unwrap();
    assert_ne!(bits(&mut once), bits(&mut twice), "moments do not");
}

#[test]
fn validation_takes_the_last_rows_and_changes_nothing() {
    let (x, y) = points(100);
    let mut with = classifier(4);
    let history = with.fit(&x, &y, quiet(3).validation_split(0.25)).unwrap();
    let names: Vec<&str> = history.history.keys().map(String::as_str).collect();
    assert_eq!(names, ["accuracy", "loss", "val_accuracy", "val_loss"]);
    let rows =
        |from: usize, to: usize| (cut(&x, from..to).to_owned(), cut(&y, from..to).to_owned());
    let ((x, y), (held_x, held_y)) = (rows(0, 75), rows(75, 100));
    let mut without = classifier(4);
    without.fit(&x, &y, quiet(3).validation_data(&held_x, &held_y)).unwrap();
    assert_eq!(bits(&mut with), bits(&mut without));
    let held = without.evaluate(&held_x, &held_y).unwrap();
    assert!((held.loss - history["val_loss"][2]).abs() < 1e-6);
}

#[test]
fn callbacks_hear_everything_in_order_and_can_stop() {
    let (x, y) = points(70);
    let mut heard = Vec::new();
    let record = |event: &Event<'_>| {
        heard.push(match event {
            Event::Note(_) => "note".to_owned(),
            Event::TrainBegin { epochs, steps } => format!("train {epochs}x{steps}"),
            Event::EpochBegin { epoch, .. } => format!("epoch {epoch}"),
            Event::BatchEnd { done, .. } => format!("batch {done}"),
            Event::EpochEnd { epoch, .. } => format!("end {epoch}"),
            Event::TrainEnd { .. } => "over".to_owned(),
            other => panic!("there is no run folder: {other:?}"),
        });
        match event {
            Event::EpochEnd { epoch: 1, .. } => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    };
    let history = classifier(1).fit(&x, &y, quiet(5).callback(record)).unwrap();
    let epoch = |n: usize| {
        [&format!("epoch {n}"), "batch 1", "batch 2", "batch 3", &format!("end {n}")]
            .map(str::to_owned)
    };
    let wanted =
        [&["train 5x3".to_owned()][..], &epoch(0), &epoch(1), &["over".to_owned()]].concat();
    assert_eq!(heard, wanted);
    assert_eq!(history.epoch, [0, 1]);

    let mut model = classifier(1);
    let in_the_middle = |event: &Event<'_>| match event {
        Event::BatchEnd { done: 2, .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let history = model.fit(&x, &y, quiet(5).callback(in_the_middle)).unwrap();
    assert!(history.epoch.is_empty(), "an epoch cut short has no place in the history");
}

#[test]
fn the_epoch_loss_weighs_batches_by_their_rows() {
    let (x, y) = points(70);
    let mut losses = Vec::new();
    let mut model = classifier(8);
    let mut twin = classifier(8);
    let history = model.fit(&x, &y, quiet(1).shuffle(false)).unwrap();
    for (from, to) in [(0, 32), (32, 64), (64, 70)] {
        let (x, y) = (cut(&x, from..to), cut(&y, from..to));
        let Scores { loss, logs } = twin.train_on_batch(x, y).unwrap();
        assert_eq!(logs, Logs::new([("loss", loss), ("accuracy", logs["accuracy"])]));
        losses.push(loss * (to - from) as f64);
    }
    assert_eq!(bits(&mut model), bits(&mut twin), "a step is a step");
    assert!((history["loss"][0] - losses.iter().sum::<f64>() / 70.0).abs() < 1e-12);
}

#[test]
fn one_hot_rows_and_integer_labels_train_alike() {
    let (x, y) = points(64);
    let rows = to_categorical(&y, 2).unwrap();
    let (mut a, mut b, mut c) = (classifier(6), classifier(6), classifier(6));
    c.compile(Adam::new(0.01), CategoricalCrossentropy::default(), [Metric::Accuracy]).unwrap();
    a.fit(&x, &y, quiet(2)).unwrap();
    b.fit(&x, &rows, quiet(2)).unwrap();
    c.fit(&x, &y, quiet(2)).unwrap();
    assert_eq!(bits(&mut a), bits(&mut b));
    assert_eq!(bits(&mut a), bits(&mut c));
}

#[test]
fn inputs_of_every_type_are_the_numbers_they_are() {
    let bytes = array![[0u8, 1], [2, 3]];
    let model = classifier(1);
    let wanted = model.predict(bytes.mapv(f32::from)).unwrap();
    assert_eq!(model.predict(&bytes).unwrap(), wanted);
    assert_eq!(model.predict(bytes.mapv(f64::from)).unwrap(), wanted);
    assert_eq!(model.predict(bytes.mapv(i32::from)).unwrap(), wanted);
    assert_eq!(
        model.predict(bytes.t()).unwrap(),
        model.predict(bytes.t().mapv(f32::from)).unwrap()
    );
    assert_eq!(model.predict(Array2::<f32>::zeros((0, 2))).unwrap().shape(), [0, 2]);
    let truth = Sequential::new([2]).add(Dense::new(1));
    let bools = array![[true, false]];
    assert_eq!(truth.predict(&bools).unwrap(), truth.predict(&array![[1.0f32, 0.0]]).unwrap());
}

/// Runs a call that must fail with a code and words, and must leave the model as it was.
fn refused<T: std::fmt::Debug>(
    model: &mut Sequential,
    code: Code,
    needle: &str,
    call: impl Fn(&mut Sequential) -> neurona::Result<T>,
) {
    let (x, y) = points(64);
    let mut twin = classifier(7);
    twin.fit(&x, &y, quiet(1)).unwrap();
    assert_eq!(bits(model), bits(&mut twin));
    let error = call(model).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.to_string().contains(needle), "{error}");
    assert_ne!(error.in_lang(Lang::Es), error.to_string());
    assert_eq!(bits(model), bits(&mut twin), "the model has changed: {error}");
    // The next correct call works, as if nothing had happened.
    let mut after = classifier(7);
    after.fit(&x, &y, quiet(1)).unwrap();
    let (found, wanted) = (model.evaluate(&x, &y).unwrap(), after.evaluate(&x, &y).unwrap());
    assert_eq!(found, wanted);
}

#[test]
fn mistakes_are_found_before_the_first_step_and_change_nothing() {
    let (x, y) = points(64);
    let mut model = classifier(7);
    model.fit(&x, &y, quiet(1)).unwrap();
    let m = &mut model;
    let picture = ndarray::Array3::<f32>::zeros((4, 1, 2));
    refused(m, Code::E012, "shape [1, 2]", |m| m.fit(&picture, &array![0u8, 1, 0, 1], quiet(1)));
    refused(m, Code::E012, "takes samples of shape [2]", |m| {
        m.predict(&array![[1.0f32, 2.0, 3.0]])
    });
    refused(m, Code::E012, "takes samples of shape [2]", |m| m.predict(ndarray::arr0(1.0f32)));
    refused(m, Code::E024, "x has 64 rows but y has 63", |m| m.fit(&x, cut(&y, 0..63), quiet(1)));
    refused(m, Code::E025, "no rows", |m| {
        m.fit(Array2::<f32>::zeros((0, 2)), Array1::<u8>::zeros(0), quiet(1))
    });
    let mut holes = x.clone();
    holes[[17, 1]] = f32::NAN;
    refused(m, Code::E023, "NaN at [17, 1]", |m| m.fit(&holes, &y, quiet(1)));
    refused(m, Code::E023, "NaN at [17, 1]", |m| m.predict(&holes));
    refused(m, Code::E023, "validation_data", |m| {
        m.fit(&x, &y, quiet(1).validation_data(&holes, &y))
    });
    refused(m, Code::E022, "labels go from 1 to 2", |m| m.fit(&x, &(&y + 1), quiet(1)));
    refused(m, Code::E022, "labels go from 1 to 2", |m| m.evaluate(&x, &(&y + 1)));
    refused(m, Code::E021, "compares samples", |m| {
        m.fit(&x, Array2::<f32>::zeros((64, 5)), quiet(1))
    });
    refused(m, Code::E016, "batch needs", |m| m.fit(&x, &y, quiet(1).batch_size(0)));
    refused(m, Code::E016, "validation_split", |m| m.fit(&x, &y, quiet(1).validation_split(1.5)));
    refused(m, Code::E025, "leaves 0 to train", |m| {
        m.fit(&x, &y, quiet(1).validation_split(0.999))
    });
    refused(m, Code::E012, "has 4 weights, but 1", |m| m.set_weights([&array![1.0f32]]));
    refused(m, Code::E012, "\"dense/kernel\" has shape [2, 16]", |m| {
        let mut wrong = weights(m);
        wrong.reverse();
        m.set_weights(&wrong)
    });
    refused(m, Code::E021, "encoded differently", |m| {
        m.fit(&x, &y, quiet(1).validation_data(&x, to_categorical(&y, 2).unwrap()))
    });
}

#[test]
fn a_model_that_is_not_ready_says_what_is_missing() {
    let (x, y) = points(4);
    let says = |error: Error, needle: &str| {
        assert_eq!(error.code(), Code::E014);
        assert!(error.to_string().contains(needle), "{error}");
    };
    let mut bare = Sequential::new([2]).add(Dense::new(2));
    says(bare.fit(&x, &y, quiet(1)).unwrap_err(), "model.compile");
    says(bare.evaluate(&x, &y).unwrap_err(), "model.compile");
    says(
        Sequential::deferred().add(Dense::new(2)).weights().unwrap_err(),
        "Sequential::new([784])",
    );
    says(Sequential::new([2]).predict(&x).unwrap_err(), "no layers");
    for rate in [f64::NAN, f64::INFINITY, 1e300, -0.1] {
        let error = bare.compile(Sgd::new(rate), MeanSquaredError, []).unwrap_err();
        assert_eq!(error.code(), Code::E016, "{error}");
    }
    let mut empty = Sequential::new([2]);
    says(empty.compile(Sgd::default(), MeanSquaredError, []).unwrap_err(), "no layers");
}

#[test]
fn the_shape_of_samples_is_found_at_the_first_fit() {
    let (x, y) = points(32);
    let mut model = Sequential::deferred().add(Flatten).add(Dense::new(2).activation(Softmax));
    assert!(model.summary().unwrap().to_string().contains('?'));
    model.compile(Sgd::default(), SparseCategoricalCrossentropy::default(), []).unwrap();
    let bad = &y + 5;
    assert!(model.fit(&x, &bad, quiet(1)).is_err());
    assert!(model.weights().is_err(), "a failed fit gives no weights");
    let other = Array2::<f32>::zeros((4, 5));
    assert!(model.fit(&x, &y, quiet(1).validation_data(&other, &array![0u8, 0, 1, 1])).is_err());
    assert!(model.weights().is_err(), "nor does one whose validation data is refused");
    model.fit(&x, &y, quiet(1)).unwrap();
    assert_eq!(model.summary().unwrap().total_parameters(), 6);
}

#[test]
fn training_that_diverges_stops_names_the_layer_and_keeps_the_last_good_weights() {
    let (x, _) = points(64);
    let y = x.column(0).mapv(|v| v * 1e3);
    let model = || {
        let mut model =
            Sequential::new([2]).add(Dense::new(8).named("hidden")).add(Dense::new(1).named("out"));
        model.compile(Sgd::new(10.0), MeanSquaredError, []).unwrap();
        model
    };
    let mut diverging = model();
    let mut batches = 0;
    let count = |event: &Event<'_>| {
        if let Event::BatchEnd { .. } = event {
            batches += 1;
        }
        ControlFlow::Continue(())
    };
    let options = quiet(50).batch_size(8).shuffle(false).callback(count);
    let error = diverging.fit(&x, &y, options).unwrap_err();
    assert_eq!(error.code(), Code::E041);
    let place = error.place().unwrap_or_default();
    assert!(["hidden", "out"].contains(&place), "{error}");
    assert!(
        error.to_string().contains(&format!("batch {}", batches % 8 + 1)),
        "{batches}: {error}"
    );
    assert!(error.to_string().contains("(now 10)"), "{error}");

    // The weights are those after the last good step.
    let kept = weights(&mut diverging);
    assert!(kept.iter().flatten().all(|w| w.is_finite()));
    let mut twin = model();
    for batch in 0..batches {
        let (from, to) = (batch % 8 * 8, batch % 8 * 8 + 8);
        twin.train_on_batch(cut(&x, from..to), cut(&y, from..to)).unwrap();
    }
    assert_eq!(kept, weights(&mut twin));
    // And the model can be trained on.
    diverging.set_weights(weights(&mut model())).unwrap();
    diverging.compile(Sgd::new(1e-7), MeanSquaredError, []).unwrap();
    diverging.fit(&x, &y, quiet(1)).unwrap();
}

#[test]
fn an_explanation_adds_up() {
    let (x, y) = points(50);
    let mut model = Sequential::new([2])
        .add(Dense::new(3).activation(Sigmoid))
        .add(Dense::new(2).activation(Softmax));
    model.compile(Sgd::default(), SparseCategoricalCrossentropy::default(), []).unwrap();
    model.fit(&x, &y, quiet(2)).unwrap();
    let (x, y) = (cut(&x, 7..8), cut(&y, 7..8));
    let inside = model.explain(x, y).unwrap();

    let neuron = inside.neuron("dense", 1).unwrap();
    let sum: f64 = neuron.terms.iter().map(|term| term.x * term.w).sum::<f64>() + neuron.bias;
    assert!((neuron.sum - sum).abs() < 1e-12);
    assert!((neuron.output - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-12);
    assert_eq!(neuron.output, inside.layer("dense").unwrap()[[0, 1]]);
    let largest = neuron.largest_terms(1)[0].product().abs();
    assert!(neuron.terms.iter().all(|term| term.product().abs() <= largest));

    let answer = inside.layer("dense_1").unwrap();
    assert!((inside.loss() + answer[[0, usize::from(y[0])]].ln()).abs() < 1e-9);
    assert!((f64::from(model.predict(x).unwrap()[[0, 0]]) - answer[[0, 0]]).abs() < 1e-6);
    for (name, index) in [("dense/kernel", vec![1, 2]), ("dense_1/bias", vec![0])] {
        let gradient = inside.gradient(name).unwrap()[&index[..]];
        let difference = inside.finite_difference(name, &index).unwrap();
        assert!((gradient - difference).abs() < 1e-8, "{name}: {gradient}, {difference}");
        let (before, after) = (inside.weight(name).unwrap(), inside.updated(name).unwrap());
        assert!((after[&index[..]] - (before[&index[..]] - 0.01 * gradient)).abs() < 1e-15);
    }
    for (error, code, needle) in [
        (inside.neuron("dens", 0).unwrap_err(), Code::E015, "\"dense\""),
        (inside.neuron("dense", 3).unwrap_err(), Code::E012, "has 3 units"),
        (inside.gradient("dense/kernal").unwrap_err(), Code::E015, "\"dense/kernel\""),
        (inside.finite_difference("dense/bias", &[1, 2]).unwrap_err(), Code::E012, "[1, 2]"),
    ] {
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains(needle), "{error}");
    }
}

#[test]
fn confusion_matrices_count_and_refuse() {
    let labels = array![0u8, 1, 2, 2];
    let predictions =
        array![[0.9f32, 0.1, 0.0], [0.2, 0.3, 0.5], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]].into_dyn();
    let matrix = ConfusionMatrix::from_probabilities(&labels, &predictions).unwrap();
    assert_eq!(matrix.accuracy(), 0.5);
    assert_eq!(matrix.most_confused(9), [(1, 2, 1), (2, 0, 1)]);
    assert_eq!((matrix.recall(0), matrix.recall(1), matrix.recall(2)), (1.0, 0.0, 0.5));
    assert!(
        matrix.table(Lang::Es).contains("predicho") && matrix.table(Lang::Es).contains("50,0 %")
    );
    let error = ConfusionMatrix::from_labels(&array![0i32, 3], &array![0i32, 0], 3).unwrap_err();
    assert!(error.to_string().contains("label 3 at row 1"), "{error}");
    let error = ConfusionMatrix::from_labels(&array![0i32], &array![0i32, 0], 3).unwrap_err();
    assert_eq!(error.code(), Code::E024);
}

#[test]
fn a_refused_step_says_what_was_not_finite_first_and_changes_nothing() {
    let one = |x: f32| Array2::from_elem((1, 1), x);
    let plain = Sgd::new;
    type Case = (Box<dyn Optimizer>, f32, f32, &'static str, &'static str);
    let cases: [Case; 5] = [
        (Box::new(plain(0.01)), 1.0, 1e30, "first in the loss;", "y goes from"),
        // The loss, 1e38, is finite; the gradient, 2e39, would be clipped to a finite one.
        (Box::new(plain(1e-30).clipvalue(1.0)), 1e20, 1e19, "E041 dense: ", "first in matmul"),
        (Box::new(plain(1e38)), 1.0, 50.0, "new value of dense/kernel would not be", "now 1e38"),
        (Box::new(Adam::new(0.1)), 100.0, 1e18, "adam/dense/kernel/velocity", "now 0.1"),
        (Box::new(plain(0.01)), f32::MAX, 1e-30, "first in", "Kept"),
    ];
    for (number, (optimizer, x, y, first, second)) in cases.into_iter().enumerate() {
        let mut model = Sequential::new([1]).add(Dense::new(1).without_bias());
        model.compile(optimizer, MeanSquaredError, []).unwrap();
        model.set_weights([&array![[if number == 4 { 100.0f32 } else { 0.0 }]]]).unwrap();
        let before = bits(&mut model);
        // One batch an epoch: the step is the last of its epoch, and of the training.
        let error = model.fit(one(x), one(y), quiet(1)).unwrap_err();
        let text = error.to_string();
        assert_eq!(error.code(), Code::E041, "{text}");
        assert!(text.contains(first) && text.contains(second), "{text}");
        assert!(text.contains("epoch 1, batch 1: "), "{text}");
        assert!(text.contains("Kept: the weights before this batch. Fix: "), "{text}");
        assert!(!text.contains("first in ;"), "{text}");
        assert_eq!(text.contains("weights of this layer"), error.place().is_some(), "{text}");
        let spanish = error.in_lang(Lang::Es);
        assert!(spanish.contains("Se conservan los pesos anteriores a este lote."), "{spanish}");
        assert_eq!(bits(&mut model), before, "{text}");
        let again = model.train_on_batch(one(x), one(y)).unwrap_err();
        assert_eq!(again.to_string(), text, "a single step says the same");
        assert_eq!(bits(&mut model), before);
    }
}

#[test]
fn numbers_to_learn_are_scaled_where_they_diverge_and_labels_never() {
    let x = array![[15.0f32], [10.0], [5.0], [0.0]];
    let advice = |loss: Box<dyn Loss>, units: usize| {
        let mut model = Sequential::new([1]).add(Dense::new(units));
        model.compile(Sgd::new(3e38), loss, []).unwrap();
        let error = model.fit(&x, array![24i32, 3, 7, 0], quiet(3)).unwrap_err();
        assert_eq!(error.code(), Code::E041);
        error.to_string()
    };
    let labels = SparseCategoricalCrossentropy { from_logits: true, ..Default::default() };
    let labels = advice(Box::new(labels), 25);
    assert!(labels.contains("lower the learning rate") && !labels.contains("scale"), "{labels}");
    let numbers = advice(Box::new(MeanSquaredError), 1);
    assert!(numbers.contains("y goes from 0 to 24: scale it"), "{numbers}");
}

#[test]
fn a_layer_without_weights_is_not_said_to_have_small_ones() {
    let mut model = Sequential::new([1]).add(Rescaling::new(1e38)).add(Dense::new(1));
    model.compile(Sgd::new(0.1), MeanSquaredError, []).unwrap();
    let error = model.fit(array![[30.0f32]], array![1.0f32], quiet(1)).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("E041 rescaling") && text.contains("this layer has no weights"),
        "{text}"
    );
    assert!(!text.contains("reach"), "{text}");
}

#[test]
fn weights_that_were_never_finite_are_not_said_to_be_kept() {
    let (x, y) = (array![[1.0f32, 2.0]], array![1.0f32]);
    let mut model = Sequential::new([2]).add(Dense::new(1));
    model.compile(Sgd::new(0.1), MeanSquaredError, []).unwrap();
    let kernel = array![[f32::NAN], [1.0]].into_dyn();
    model.set_weights([&kernel, &array![0.0f32].into_dyn()]).unwrap();
    let before = bits(&mut model);
    let error = model.fit(&x, &y, quiet(2)).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.code(), Code::E041);
    assert!(text.contains("1 of the 2 numbers of dense/kernel are NaN or infinite"), "{text}");
    assert!(text.contains("before this training") && !text.contains("Kept"), "{text}");
    assert!(!error.in_lang(Lang::Es).contains("conservan"));
    assert_eq!(bits(&mut model), before);

    // From a file, they predict; training says the same.
    let path = std::env::temp_dir().join(format!("neurona-nan-{}.keras", std::process::id()));
    model.save(&path).unwrap();
    let mut loaded = Model::load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(loaded.fit(&x, &y, quiet(1)).unwrap_err().to_string(), text);

    // A finite number in 64 bits does not silently become infinite.
    let error = model.set_weights([&array![[1e39], [0.0]].into_dyn(), &array![0.0].into_dyn()]);
    let error = error.unwrap_err();
    assert_eq!(error.code(), Code::E023);
    assert!(error.to_string().contains("1e39 at [0, 0] is beyond"), "{error}");
    assert_eq!(bits(&mut model), before);
}

/// Two epochs go well; then the rate is far too large.
fn ends_in_the_third_epoch<'a>() -> Fit<'a> {
    let rate = |epoch, _| if epoch < 2 { 0.01 } else { 3e38 };
    quiet(5).shuffle(false).batch_size(2).callback(LearningRateScheduler::new(rate))
}

#[test]
fn the_epochs_before_a_refused_step_stay_in_the_history() {
    let (x, y) = (array![[1.0f32], [2.0], [3.0]], array![30.0f32, 50.0, 70.0]);
    let model = || {
        let mut model = Sequential::new([1]).add(Dense::new(1));
        model.compile(Sgd::new(0.1), MeanSquaredError, []).unwrap();
        model
    };
    let (mut stopped, mut whole) = (model(), model());
    let error = stopped.fit(&x, &y, ends_in_the_third_epoch()).unwrap_err();
    assert!(error.to_string().contains("epoch 3, batch 1"), "{error}");
    let mild = LearningRateScheduler::new(|_, _| 0.01);
    whole.fit(&x, &y, quiet(2).shuffle(false).batch_size(2).callback(mild)).unwrap();
    assert_eq!(stopped.history(), whole.history());
    assert_eq!(bits(&mut stopped), bits(&mut whole));
    // A model that continues adds to it.
    stopped.compile(Sgd::new(0.01), MeanSquaredError, []).unwrap();
    stopped.fit(&x, &y, quiet(1)).unwrap();
    assert_eq!(stopped.history().epoch, [0, 1, 2]);
}

#[test]
fn weights_that_a_callback_brings_back_are_said_to_be_kept() {
    let (x, y) = (array![[1.0f32], [2.0], [3.0]], array![30.0f32, 50.0, 70.0]);
    let mut model = Sequential::new([1]).add(Dense::new(1));
    model.compile(Sgd::new(0.1), MeanSquaredError, []).unwrap();
    let stop = EarlyStopping::new("loss").patience(9).restore_best_weights(true);
    let error = model.fit(&x, &y, ends_in_the_third_epoch().callback(stop)).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("Kept: the weights that a callback set at the end of training"),
        "{text}"
    );
    assert!(bits(&mut model).iter().all(|bits| f32::from_bits(*bits).is_finite()));
}

#[test]
fn a_profile_times_every_step_and_leaves_no_trace() {
    let (x, y) = points(100);
    let trained = |profiled: bool| {
        let mut model = classifier(3);
        model.fit(&x, &y, quiet(1)).unwrap();
        if profiled {
            let before = bits(&mut model);
            let profile = model.profile(&x, &y, 32, 5).unwrap();
            assert_eq!(bits(&mut model), before);
            let kinds = profile.kinds();
            assert!(kinds.iter().any(|(kind, _)| *kind == "matmul"), "{kinds:?}");
            assert!(profile.steps.iter().any(|step| step.layer == "dense_1"));
            // More rows than there are: one batch with all of them.
            let all = model.profile(&x, &y, 1000, 1).unwrap();
            assert!(all.steps.iter().any(|step| step.text.contains("100×2 · 2×16")));
        }
        model.fit(&x, &y, quiet(1)).unwrap();
        bits(&mut model)
    };
    assert_eq!(trained(true), trained(false));
    let mut model = classifier(3);
    assert_eq!(model.profile(&x, &y, 0, 1).unwrap_err().code(), Code::E016);
    let wrong = model.profile(&x, Array1::from_elem(100, 7u8), 32, 1);
    assert_eq!(wrong.unwrap_err().code(), Code::E022);
}

#[test]
fn looking_for_a_learning_rate_leaves_no_trace() {
    let (x, y) = points(200);
    let (mut model, mut other) = (classifier(3), classifier(3));
    model.fit(&x, &y, quiet(2)).unwrap();
    other.fit(&x, &y, quiet(2)).unwrap();
    let before = bits(&mut model);
    let curve = model.lr_find(&x, &y, LrFind::default()).unwrap();
    assert_eq!(bits(&mut model), before);
    assert_eq!(model.lr_find(&x, &y, LrFind::default()).unwrap(), curve, "the same bits twice");
    let rate = curve.suggestion().unwrap();
    assert!((1e-7..=10.0).contains(&rate), "{rate}");
    assert!(curve.rates.len() > 50, "{curve:?}");
    // The optimizer and the order of the samples are as they were, too.
    assert_eq!(model.fit(&x, &y, quiet(2)).unwrap(), other.fit(&x, &y, quiet(2)).unwrap());
    assert_eq!(bits(&mut model), bits(&mut other));

    let backwards = LrFind { start: 1.0, end: 0.1, ..LrFind::default() };
    assert_eq!(model.lr_find(&x, &y, backwards).unwrap_err().code(), Code::E016);
    let mut new = classifier(3);
    new.lr_find(&x, &y, LrFind::default()).unwrap();
    assert_eq!(bits(&mut new), bits(&mut classifier(3)));
}
