//! Optimizers in training: schedules, options, and memories that do not start at zero.

use ndarray::{Array2, ArrayD, ArrayView2};
use neurona::internals::tensor::random::Source;
use neurona::nn::{Options, optimizer_from_name};
use neurona::prelude::*;

const NAMES: [&str; 13] = [
    "sgd",
    "rmsprop",
    "adam",
    "adamw",
    "adagrad",
    "adadelta",
    "adamax",
    "nadam",
    "lion",
    "lamb",
    "ftrl",
    "muon",
    "adafactor",
];

/// Rows of 20 numbers, and three sums of them to find.
fn rows(count: usize) -> (Array2<f32>, Array2<f32>) {
    let normal = |stream, i: usize, j: usize| {
        Source { seed: 4, stream, step: 0 }.normal((20 * i + j) as u64) as f32
    };
    let x = Array2::from_shape_fn((count, 20), |(i, j)| normal(1, i, j));
    let w = Array2::from_shape_fn((20, 3), |(i, j)| normal(2, i, j));
    let y = x.dot(&w);
    (x, y)
}

fn model(optimizer: impl Optimizer + 'static) -> Sequential {
    // The second kernel is tall: it is stored transposed in memory.
    let mut model = Sequential::new([20]).add(Dense::new(24).activation(Tanh)).add(Dense::new(3));
    model.compile(optimizer, MeanSquaredError, []).unwrap();
    model
}

fn weights(model: &mut Sequential) -> Vec<ArrayD<f32>> {
    model.weights().unwrap().into_iter().map(|(_, w)| w).collect()
}

fn quiet(epochs: usize) -> Fit<'static> {
    Fit::epochs(epochs).verbose(Verbose::Silent).shuffle(false).batch_size(8)
}

/// Eight rows.
fn batch(array: &Array2<f32>, number: usize) -> ArrayView2<'_, f32> {
    array.slice_axis(Axis(0), (8 * number..8 * number + 8).into())
}

#[track_caller]
fn close(what: &str, found: &[ArrayD<f32>], wanted: &[ArrayD<f32>], bound: f32) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() <= bound, "{what}: {found}, not {wanted}");
        }
    }
}

#[test]
fn every_optimizer_takes_the_step_that_is_explained_and_learns() {
    let (x, y) = rows(64);
    for name in NAMES {
        let optimizer = || optimizer_from_name(name).unwrap();
        let plain = optimizer().with(|_| {});
        let tuned = optimizer().global_clipnorm(0.5).weight_decay(0.01).use_ema(true);
        for optimizer in [plain, tuned] {
            let what = format!("{optimizer:?}");
            let mut model = model(optimizer);
            let explained = model.explain(&x, &y).unwrap();
            let names: Vec<String> =
                model.weights().unwrap().into_iter().map(|(name, _)| name).collect();
            let before = weights(&mut model);
            model.train_on_batch(&x, &y).unwrap();
            let after = weights(&mut model);
            let updated: Vec<ArrayD<f32>> = names
                .iter()
                .map(|name| explained.updated(name).unwrap().mapv(|w| w as f32))
                .collect();
            close(&what, &after, &updated, 2e-6);
            assert_ne!(before, after, "{what}");
            let history = model.fit(&x, &y, quiet(30)).unwrap();
            assert!(history["loss"][29] < history["loss"][0], "{what}: {history:?}");
        }
    }
}

#[test]
fn compiling_again_starts_every_memory_afresh() {
    let (x, y) = rows(40);
    for name in NAMES {
        let optimizer = || optimizer_from_name(name).unwrap().gradient_accumulation_steps(3);
        let mut model = model(optimizer());
        let start = weights(&mut model);
        model.fit(&x, &y, quiet(2)).unwrap();
        let once = weights(&mut model);
        model.set_weights(&start).unwrap();
        model.compile(optimizer(), MeanSquaredError, []).unwrap();
        model.fit(&x, &y, quiet(2)).unwrap();
        assert_eq!(weights(&mut model), once, "{name}");
    }
}

#[test]
fn a_schedule_counts_steps_from_zero() {
    let (x, y) = rows(8);
    let mut model = model(Sgd::new(PiecewiseConstantDecay::new([1], [0.0, 0.1])));
    let start = weights(&mut model);
    for step in 0..3 {
        assert_eq!(weights(&mut model), start, "before step {step}");
        model.train_on_batch(&x, &y).unwrap();
    }
    assert_ne!(weights(&mut model), start);
    let error =
        model.compile(Adam::new(CosineDecay::new(0.1, 0)), MeanSquaredError, []).unwrap_err();
    assert_eq!(error.to_string(), "E016 CosineDecay: decay_steps must be at least 1, not 0");
}

#[test]
fn gathered_gradients_are_those_of_one_large_batch() {
    let (x, y) = rows(48);
    let adam = || Adam::new(0.01).clipnorm(0.1).weight_decay(0.01);
    let (mut large, mut small) = (model(adam()), model(adam().gradient_accumulation_steps(3)));
    large.fit(&x, &y, quiet(2).batch_size(24)).unwrap();
    let mut before = weights(&mut small);
    for i in 0..12 {
        small.train_on_batch(batch(&x, i % 6), batch(&y, i % 6)).unwrap();
        let after = weights(&mut small);
        assert_eq!(after != before, i % 3 == 2, "every third batch makes a step, not number {i}");
        before = after;
    }
    close("three batches as one", &before, &weights(&mut large), 1e-6);
}

#[test]
fn the_average_of_the_weights_replaces_them_at_the_end_of_fit() {
    let (x, y) = rows(40);
    let averaged = || Sgd::new(0.05).use_ema(true).ema_momentum(0.75);
    let (mut stepped, mut fitted) = (model(averaged()), model(averaged()));
    let mut average: Vec<ArrayD<f32>> = Vec::new();
    for i in 0..5 {
        let cut =
            |array: &Array2<f32>| array.slice_axis(Axis(0), (8 * i..8 * i + 8).into()).to_owned();
        stepped.train_on_batch(cut(&x), cut(&y)).unwrap();
        let now = weights(&mut stepped);
        average = match i {
            0 => now,
            _ => average.iter().zip(&now).map(|(a, w)| a * 0.75 + w * 0.25).collect(),
        };
    }
    fitted.fit(&x, &y, quiet(1)).unwrap();
    close("average", &weights(&mut fitted), &average, 1e-6);
    assert_ne!(weights(&mut fitted), weights(&mut stepped));
    // Without an epoch there is no step and no average.
    let mut untouched = model(averaged());
    let start = weights(&mut untouched);
    untouched.fit(&x, &y, quiet(0)).unwrap();
    assert_eq!(weights(&mut untouched), start);
    // An average that keeps nothing of the past equals the weights.
    let (mut plain, mut same) = (model(Sgd::new(0.05)), model(averaged().ema_momentum(0.0)));
    plain.fit(&x, &y, quiet(1)).unwrap();
    same.fit(&x, &y, quiet(1)).unwrap();
    close("no memory", &weights(&mut same), &weights(&mut plain), 0.0);
}

#[test]
fn options_that_contradict_each_other_change_nothing() {
    let (x, y) = rows(8);
    let mut model = model(Sgd::new(0.1));
    let both = Options { clipnorm: Some(1.0), clipvalue: Some(1.0), ..Options::default() };
    let error = model.compile(Adam::default().with(|o| *o = both), MeanSquaredError, []);
    assert!(error.unwrap_err().to_string().starts_with("E016 adam: clipnorm and clipvalue"));
    model.fit(&x, &y, quiet(1)).unwrap();
}
