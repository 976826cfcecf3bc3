//! Weights and the optimizer's memories are finite after every sequence of calls, and after a step that is refused
//! they are the same as before it.

use super::engine::{Form, Use};
use super::{Event, Fit, LrFind, Model, Predict, Run, Sequential, Stop, Verbose};
use crate::data::dataset::{self, Dataset};
use crate::nn::layers::Dense;
use crate::nn::{
    Adam, MeanSquaredError, Optimizer, Sgd, Targets, optimizer_from_config, optimizer_from_name,
};
use crate::tensor::DType;
use ndarray::{Array2, ArrayView2, Axis};
use neurona_core::compile::{Slot, Space};
use neurona_core::error::{Code, Result};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Eight rows, whose targets are about this large.
fn data(size: f32) -> (Array2<f32>, Array2<f32>) {
    let x = Array2::from_shape_fn((8, 2), |(i, j)| ((i * 3 + j * 5) % 7) as f32 * 3.0 + 0.1);
    let y = Array2::from_shape_fn((8, 1), |(i, _)| ((i % 3) as f32 - 1.0) * size);
    (x, y)
}

/// The batch that begins with this row.
fn rows(array: &Array2<f32>, first: usize, batch: usize) -> ArrayView2<'_, f32> {
    array.slice_axis(Axis(0), (first..8.min(first + batch)).into())
}

fn model(optimizer: Box<dyn Optimizer>) -> Sequential {
    let mut model = Sequential::new([2]).threads(1).add(Dense::new(1));
    model.compile(optimizer, MeanSquaredError, []).unwrap();
    model
}

#[test]
fn batches_of_many_sizes_keep_a_few_programs_and_the_same_bits() {
    let model = model(Box::new(Sgd::new(0.1)));
    let (x, _) = data(1.0);
    let all = model.predict(&x).unwrap();
    // All sizes twice, so that programs that were pushed out are made again.
    for batch in (1..=40).chain(1..=40) {
        let rows = Array2::from_shape_fn((batch, 2), |(i, j)| x[[i % 8, j]]);
        let found = model.predict_with(&rows, Predict { batch_size: batch }).unwrap();
        assert!(
            found[0].outer_iter().enumerate().all(|(i, row)| row == all.index_axis(Axis(0), i % 8))
        );
        assert!(model.engine.lock().as_ref().unwrap().programs.len() <= 16);
    }
}

fn quiet<'a>(epochs: usize, batch: usize) -> Fit<'a> {
    Fit::epochs(epochs).batch_size(batch).shuffle(false).verbose(Verbose::Silent)
}

/// Weights and memories to the bit, by name, and the number of steps; all of them are finite.
#[track_caller]
fn state(what: &str, model: &mut Model) -> (Vec<(String, Vec<u32>)>, u64) {
    let Model { network, compiled, engine, .. } = model;
    let engine = engine.as_mut().unwrap();
    let usage = Use::Train(Form { targets: vec![Targets::Numbers], weighted: false });
    let ready = engine.ready(network, compiled.as_ref(), &usage, &[DType::F32], 1).unwrap();
    let kept = ready.program.inputs.iter().filter(|(_, slot)| slot.space == Space::State);
    let bits = |(name, slot): &(String, Slot)| {
        let numbers = engine.state.now().floats(*slot);
        assert!(numbers.iter().all(|x| x.is_finite()), "{what}, {name}: {numbers:?}");
        (name.clone(), numbers.iter().map(|x| x.to_bits()).collect())
    };
    (kept.map(bits).collect(), engine.iterations)
}

/// A way to train.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Fit,
    TrainOnBatch,
    Dataset,
    /// A run that is stopped after every other step and resumed.
    Run,
    /// With data held out, and the last weights kept.
    Validated,
    /// After a search for a rate, which leaves no trace.
    LrFind,
}

impl Way {
    const ALL: [Way; 6] =
        [Way::Fit, Way::TrainOnBatch, Way::Dataset, Way::Run, Way::Validated, Way::LrFind];

    fn train(
        self,
        model: &mut Sequential,
        [x, y]: [&Array2<f32>; 2],
        epochs: usize,
        batch: usize,
    ) -> Result<()> {
        let fit = quiet(epochs, batch);
        match self {
            Way::Fit => model.fit(x, y, fit).map(|_| ()),
            Way::Validated => model.fit(x, y, fit.validation_data(x, y)).map(|_| ()),
            Way::LrFind => {
                let options = LrFind { batch_size: batch, ..LrFind::default() };
                _ = model.lr_find(x, y, options);
                model.fit(x, y, fit).map(|_| ())
            }
            Way::TrainOnBatch => {
                for first in (0..epochs).flat_map(|_| (0..8).step_by(batch)) {
                    let [x, y] = [x, y].map(|array| rows(array, first, batch));
                    model.train_on_batch(x, y)?;
                }
                Ok(())
            }
            Way::Dataset => {
                let read = |i: usize| Ok((x.row(i).to_owned(), y.row(i).to_owned()));
                let data = dataset::range(8).map(read).batch(batch);
                model.fit_dataset(&data, quiet(epochs, batch)).map(|_| ())
            }
            Way::Run => {
                let folder = folder("finite");
                let trained = loop {
                    let (stop, mut steps) = (Stop::default(), 0);
                    let asked = stop.clone();
                    let watch = move |event: &Event<'_>| {
                        steps += u32::from(matches!(event, Event::BatchEnd { .. }));
                        if steps == 2 {
                            asked.request();
                        }
                        ControlFlow::Continue(())
                    };
                    let run = Run::new(&folder).resume(true).stop(&stop);
                    let trained = model.fit(x, y, quiet(epochs, batch).run(run).callback(watch));
                    if trained.is_err() || stop.stopped().is_none() {
                        break trained.map(|_| ());
                    }
                };
                std::fs::remove_dir_all(folder).unwrap();
                trained
            }
        }
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("neurona-train-{}-{name}", std::process::id()));
    _ = std::fs::remove_dir_all(&folder);
    folder
}

/// Optimizers and targets with which a step overflows: at once or after some steps, in a weight, in
/// a memory, in a gradient or in the loss.
fn overflowing() -> Vec<(String, Box<dyn Optimizer>, f32)> {
    let mut all: Vec<(String, Box<dyn Optimizer>, f32)> = vec![
        ("a weight".into(), Box::new(Sgd::new(1e38)), 30.0),
        ("a momentum".into(), Box::new(Sgd { momentum: 0.9, ..Sgd::new(1e37) }), 30.0),
        ("little by little".into(), Box::new(Sgd::new(0.9)), 1.0),
        ("the second moment alone".into(), Box::new(Adam::new(1e-3)), 1.2e19),
        ("the average".into(), Box::new(Sgd::new(2e37).use_ema(true).ema_momentum(0.5)), 9.0),
        ("gathered".into(), Box::new(Sgd::new(1e38).gradient_accumulation_steps(2)), 30.0),
        ("scaled".into(), Box::new(Sgd::new(1e-3).loss_scale_factor(1e38)), 30.0),
        ("clipped".into(), Box::new(Sgd::new(1e-3).loss_scale_factor(1e38).clipvalue(1.0)), 30.0),
        ("the loss".into(), Box::new(Sgd::new(1e-30)), 1e25),
    ];
    let names = [
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
    for name in names {
        for (rate, size) in [(1e38, 1.0), (1e-3, 1.2e19), (1e-3, 1e25)] {
            let mut object = optimizer_from_name(name).unwrap().config().unwrap();
            object.config.insert("learning_rate".to_owned(), rate.into());
            let optimizer = optimizer_from_config(object).unwrap();
            all.push((format!("{name} {rate} {size}"), optimizer, size));
        }
    }
    all
}

/// Trains in one way until a step is refused, and compares with as many steps as were taken, taken
/// alone.
fn check(what: &str, optimizer: Box<dyn Optimizer>, size: f32, way: Way, batch: usize) -> bool {
    let what = &format!("{what}, {way:?}, batches of {batch}");
    let (x, y) = data(size);
    let own = optimizer.config().map(optimizer_from_config).unwrap().unwrap();
    let (mut trained, mut stepped) = (model(optimizer), model(own));
    let outcome = way.train(&mut trained, [&x, &y], 3, batch);
    let (after, steps) = state(what, &mut trained);
    let error = match outcome {
        Ok(()) => return false,
        Err(error) => error,
    };
    assert_eq!(error.code(), Code::E041, "{what}: {error}");
    let kept = "Kept: the weights before this batch";
    assert!(error.to_string().contains(kept), "{what}: {error}");

    let each = 8usize.div_ceil(batch) as u64;
    for step in 0..steps {
        let first = (step % each) as usize * batch;
        stepped.train_on_batch(rows(&x, first, batch), rows(&y, first, batch)).unwrap();
    }
    let first = (steps % each) as usize * batch;
    let again = stepped.train_on_batch(rows(&x, first, batch), rows(&y, first, batch));
    assert_eq!(again.unwrap_err().code(), Code::E041);
    assert_eq!(state(what, &mut stepped), (after, steps), "{what}");
    // The earlier epochs are not lost, however they were reported.
    let epochs = if way == Way::TrainOnBatch { 0 } else { (steps / each) as usize };
    assert_eq!(trained.history().epoch.len(), epochs, "{what}");
    true
}

#[test]
fn a_step_that_would_overflow_is_refused_whole_however_training_came_to_it() {
    let mut refused = 0;
    for way in Way::ALL {
        for batch in [1, 3, 8] {
            for (what, optimizer, size) in overflowing() {
                refused += usize::from(check(&what, optimizer, size, way, batch));
            }
        }
    }
    // The others found a way around: Lion's steps have one size, and Adadelta's have the size of
    // the weights.
    assert!(refused > 400, "{refused}");
}
