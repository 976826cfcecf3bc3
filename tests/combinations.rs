//! Features used together: averages, constraints, freezing, schedules, callbacks, compiling again,
//! runs. Where a formula is at stake, as in Keras 3.15.1 (`tools/golden`); every pair of them, as
//! training in one piece.

use ndarray::{Array2, ArrayD};
use neurona::data::dataset::{self, Dataset};
use neurona::internals::nn::optimizer_from_config;
use neurona::nn::Options;
use neurona::nn::config::Object;
use neurona::prelude::*;
use neurona::tensor::Axes;
use serde_json::Value as Json;
use std::ops::ControlFlow;
use std::path::PathBuf;

fn list(json: &Json) -> &[Json] {
    json.as_array().unwrap()
}

fn number(json: &Json) -> f64 {
    json.as_f64().unwrap()
}

fn count(json: &Json) -> usize {
    json.as_u64().unwrap() as usize
}

fn array(json: &Json) -> ArrayD<f32> {
    let shape: Vec<usize> = list(&json["shape"]).iter().map(count).collect();
    let values = list(&json["data"]).iter().map(|x| number(x) as f32);
    ArrayD::from_shape_vec(shape, values.collect()).unwrap()
}

fn constraint(json: &Json) -> Option<Constraint> {
    let config = json.get("config")?;
    let axis = Axes::new(&[0]);
    Some(match json["class_name"].as_str()? {
        "NonNeg" => Constraint::NonNeg,
        "UnitNorm" => Constraint::UnitNorm { axis },
        "MaxNorm" => Constraint::MaxNorm { max_value: number(&config["max_value"]), axis },
        "MinMaxNorm" => Constraint::MinMaxNorm {
            min_value: number(&config["min_value"]),
            max_value: number(&config["max_value"]),
            rate: number(&config["rate"]),
            axis,
        },
        other => panic!("{other}"),
    })
}

/// Options with the callbacks from a list of Keras'.
fn fit<'a>(epochs: usize, batch: usize, callbacks: &[Json]) -> Fit<'a> {
    let fit = Fit::epochs(epochs).batch_size(batch).shuffle(false).verbose(Verbose::Silent);
    callbacks.iter().fold(fit, |fit, callback| match callback[0].as_str().unwrap() {
        "rates" => {
            let rates: Vec<f64> = list(&callback[1]).iter().map(number).collect();
            fit.callback(LearningRateScheduler::new(move |epoch, _| rates[epoch]))
        }
        "plateau" => {
            let (factor, patience) = (number(&callback[1]), count(&callback[2]));
            let plateau = ReduceLrOnPlateau::new("loss").factor(factor).patience(patience);
            fit.callback(plateau.min_delta(10.0))
        }
        "stop" => {
            let stop = EarlyStopping::new("loss").patience(count(&callback[1]));
            fit.callback(stop.min_delta(number(&callback[2])).restore_best_weights(true))
        }
        other => panic!("{other}"),
    })
}

#[track_caller]
fn close(what: &str, found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() <= 2e-5 + 1e-4 * wanted.abs(),
        "{what}: {found}, Keras {wanted}"
    );
}

#[test]
fn what_meets_does_so_as_in_keras() {
    let text = std::fs::read_to_string("tests/golden/combinations.json").unwrap();
    let file: Json = serde_json::from_str(&text).unwrap();
    let (x, y) = (array(&file["x"]), array(&file["y"]));
    let start: Vec<ArrayD<f32>> = list(&file["initial_weights"]).iter().map(array).collect();
    let cases = list(&file["cases"]);
    assert!(cases.len() >= 18);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let compile = |model: &mut Sequential| {
            let object = Object::from_json(&case["optimizer"]).unwrap();
            model.compile(optimizer_from_config(object).unwrap(), MeanSquaredError, []).unwrap();
        };
        let mut first = Dense::new(5).activation(Tanh);
        if let Some(constraint) = constraint(&case["constraint"]) {
            first = first.kernel_constraint(constraint);
        }
        let mut model = Sequential::new([4]).add(first.named("first")).add(Dense::new(2));
        if case["frozen"].as_bool().unwrap() {
            model.freeze("first").unwrap();
        }
        compile(&mut model);
        model.set_weights(&start).unwrap();
        let (mut losses, mut rates) = (Vec::new(), Vec::new());
        for part in list(&case["parts"]) {
            match part[0].as_str().unwrap() {
                "fit" => {
                    let batch = count(&file["batch_size"]);
                    let options = fit(count(&part[1]), batch, list(&part[2]));
                    let history = model.fit(&x, &y, options).unwrap();
                    losses.extend_from_slice(&history["loss"]);
                    rates.extend_from_slice(history.get("learning_rate").unwrap_or_default());
                }
                "freeze" => model.freeze("first").unwrap(),
                "unfreeze" => model.unfreeze("first").unwrap(),
                "compile" => compile(&mut model),
                other => panic!("{other}"),
            }
        }
        let wanted = &case["f32"];
        for (what, found) in [("loss", &losses), ("learning_rate", &rates)] {
            let wanted = list(&wanted["history"][what]);
            assert_eq!(found.len(), wanted.len(), "{name}, {what}");
            found
                .iter()
                .zip(wanted)
                .for_each(|(a, b)| close(&format!("{name}, {what}"), *a, number(b)));
        }
        let weights = model.weights().unwrap();
        for ((weight, found), wanted) in weights.iter().zip(list(&wanted["final_weights"])) {
            for (found, wanted) in found.iter().zip(&array(wanted)) {
                close(&format!("{name}, {weight}"), f64::from(*found), f64::from(*wanted));
            }
        }
    }
}

/// What a training may or may not have.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Feature {
    Average,
    Overwriting,
    Accumulation,
    WeightDecay,
    Constraint,
    Freezing,
    Dropout,
    Schedule,
    RatesByCallback,
    Plateau,
    EarlyStopping,
    OwnCallback,
    Batches,
}

use Feature::{
    Accumulation, Average, Batches, Constraint as Constrained, Dropout as Dropping,
    EarlyStopping as Stopping, Freezing, Overwriting, OwnCallback, Plateau, RatesByCallback,
    Schedule, WeightDecay,
};

const FEATURES: [Feature; 13] = [
    Average,
    Overwriting,
    Accumulation,
    WeightDecay,
    Constrained,
    Freezing,
    Dropping,
    Schedule,
    RatesByCallback,
    Plateau,
    Stopping,
    OwnCallback,
    Batches,
];

/// Counts epochs, and remembers the count in a run.
#[derive(Default)]
struct Counted(usize);

impl Callback for Counted {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        if let Event::EpochEnd { control, .. } = event {
            self.0 += 1;
            if self.0 == 2 {
                control.set_learning_rate(control.learning_rate() * 0.5);
            }
        }
        ControlFlow::Continue(())
    }

    fn state(&self) -> Option<CallbackState> {
        Some(CallbackState::new("Counted").with("count", self.0))
    }

    fn restore(&mut self, state: &CallbackState) {
        self.0 = state.count("count");
    }
}

/// A training with two features.
struct Pair([Feature; 2]);

impl Pair {
    fn has(&self, feature: Feature) -> bool {
        self.0.contains(&feature)
    }

    fn compile(&self, model: &mut Sequential) {
        let options = Options {
            use_ema: self.has(Average) || self.has(Overwriting),
            ema_momentum: 0.7,
            ema_overwrite_frequency: self.has(Overwriting).then_some(3),
            gradient_accumulation_steps: self.has(Accumulation).then_some(2),
            weight_decay: self.has(WeightDecay).then_some(0.05),
            ..Options::default()
        };
        let mut adam = Adam::new(0.02);
        if self.has(Schedule) {
            adam.learning_rate = CosineDecay::new(0.05, 14).into();
        }
        model.compile(adam.with(|own| *own = options), MeanSquaredError, []).unwrap();
    }

    fn model(&self) -> Sequential {
        let mut first = Dense::new(20).activation(Tanh);
        if self.has(Constrained) {
            let axis = Axes::new(&[0]);
            first = first.kernel_constraint(Constraint::MaxNorm { max_value: 0.6, axis });
        }
        let mut model = Sequential::new([3]).threads(1).add(first.named("first"));
        if self.has(Dropping) {
            model = model.add(Dropout::new(0.3));
        }
        // This kernel is tall: it is stored transposed in memory.
        let mut model = model.add(Dense::new(4).activation(Relu)).add(Dense::new(2));
        if self.has(Freezing) {
            model.freeze("first").unwrap();
        }
        self.compile(&mut model);
        model
    }

    fn options<'a>(&self, epochs: usize) -> Fit<'a> {
        let mut fit = Fit::epochs(epochs).batch_size(6).verbose(Verbose::Silent);
        if self.has(RatesByCallback) {
            let rate = |epoch, rate| if epoch % 2 == 0 { rate * 0.5 } else { rate * 1.5 };
            fit = fit.callback(LearningRateScheduler::new(rate));
        }
        if self.has(Plateau) {
            let plateau = ReduceLrOnPlateau::new("loss").factor(0.5).patience(1).min_delta(0.2);
            fit = fit.callback(plateau);
        }
        if self.has(Stopping) {
            let stop = EarlyStopping::new("loss").patience(2).min_delta(0.5);
            fit = fit.callback(stop.restore_best_weights(true));
        }
        if self.has(OwnCallback) {
            fit = fit.callback(Counted::default());
        }
        fit
    }

    fn fit(&self, model: &mut Sequential, fit: Fit<'_>) -> History {
        let x = Array2::from_shape_fn((20, 3), |(i, j)| ((i * 7 + j * 5) % 11) as f32 / 5.0 - 1.0);
        let y = Array2::from_shape_fn((20, 2), |(i, j)| (x[[i, j]] * 2.0).sin() * x[[i, 2]]);
        let history = if self.has(Batches) {
            let read = |i: usize| Ok((x.row(i).to_owned(), y.row(i).to_owned()));
            let data = dataset::range(20).shuffle(20, 3).map(read).batch(6);
            model.fit_dataset(&data, fit)
        } else {
            model.fit(&x, &y, fit)
        };
        history.unwrap()
    }
}

fn bits(model: &mut Sequential) -> Vec<u32> {
    let weights = model.weights().unwrap().into_iter();
    let bits: Vec<u32> = weights.flat_map(|(_, w)| w.into_iter().map(f32::to_bits)).collect();
    assert!(bits.iter().all(|bits| f32::from_bits(*bits).is_finite()));
    bits
}

fn folder(name: &str) -> PathBuf {
    let name = format!("neurona-combinations-{}-{name}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    _ = std::fs::remove_dir_all(&folder);
    folder
}

/// Trains in a run that is stopped after this many steps, over and over.
fn in_pieces(pair: &Pair, model: &mut Sequential, epochs: usize, steps: usize) -> History {
    let folder = folder(&format!("{:?}", pair.0));
    let history = loop {
        let (stop, mut done) = (Stop::default(), 0);
        let asked = stop.clone();
        let watch = move |event: &Event<'_>| {
            done += usize::from(matches!(event, Event::BatchEnd { .. }));
            if done == steps {
                asked.request();
            }
            ControlFlow::Continue(())
        };
        let run = Run::new(&folder).resume(true).stop(&stop);
        let history = pair.fit(model, pair.options(epochs).callback(watch).run(run));
        if stop.stopped().is_none() {
            break history;
        }
        // Another process has a model of its own.
        *model = pair.model();
    };
    std::fs::remove_dir_all(folder).unwrap();
    history
}

#[test]
fn every_two_features_are_trained_in_pieces_as_in_one() {
    let pairs =
        FEATURES.iter().enumerate().flat_map(|(i, a)| FEATURES[i..].iter().map(move |b| [*a, *b]));
    for features in pairs {
        let pair = Pair(features);
        // A rate that is set would replace a schedule, which is refused.
        if pair.has(Schedule)
            && (pair.has(RatesByCallback) || pair.has(Plateau) || pair.has(OwnCallback))
        {
            continue;
        }
        let mut whole = pair.model();
        let start: Vec<ArrayD<f32>> =
            whole.weights().unwrap().into_iter().map(|(_, w)| w).collect();
        let history = pair.fit(&mut whole, pair.options(4));
        let expected = bits(&mut whole);

        // Stopped and resumed, by processes that know nothing of each other.
        let mut resumed = pair.model();
        assert_eq!(in_pieces(&pair, &mut resumed, 4, 5), history, "{features:?}, a run");
        assert_eq!(bits(&mut resumed), expected, "{features:?}, a run");

        // Two calls, if nothing happens at the end of a call and callbacks have no memory of their
        // own.
        let ends = [Average, Overwriting, Plateau, Stopping, OwnCallback];
        if !ends.iter().any(|feature| pair.has(*feature)) {
            let mut twice = pair.model();
            pair.fit(&mut twice, pair.options(2));
            pair.fit(&mut twice, pair.options(2));
            assert_eq!(bits(&mut twice), expected, "{features:?}, two calls");
            assert_eq!(twice.history(), &history, "{features:?}, two calls");
        }

        // Compiling again forgets everything that training changed except the weights; the order of
        // samples continues.
        let (mut again, mut fresh) = (pair.model(), pair.model());
        pair.fit(&mut again, pair.options(3));
        pair.compile(&mut again);
        again.set_weights(&start).unwrap();
        let unshuffled = |fit: Fit<'static>| fit.shuffle(false);
        if !pair.has(Batches) {
            let told = pair.fit(&mut again, unshuffled(pair.options(4)));
            assert_eq!(
                told,
                pair.fit(&mut fresh, unshuffled(pair.options(4))),
                "{features:?}, again"
            );
            assert_eq!(bits(&mut again), bits(&mut fresh), "{features:?}, compiled again");
        }
    }
}

#[test]
fn compiling_again_forgets_the_rate_that_a_callback_set() {
    let pair = Pair([RatesByCallback, RatesByCallback]);
    let mut model = pair.model();
    let rates = |history: &History| history["learning_rate"].clone();
    assert_eq!(rates(&pair.fit(&mut model, pair.options(2))), [0.01, 0.015]);
    // The next call continues from it.
    assert_eq!(rates(&pair.fit(&mut model, pair.options(1))), [0.0075]);
    pair.compile(&mut model);
    assert_eq!(rates(&pair.fit(&mut model, pair.options(1))), [0.01]);
}
