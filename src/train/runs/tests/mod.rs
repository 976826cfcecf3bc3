//! Runs in stores that fail and forget, and checkpoints that are damaged.

mod damage;
mod faults;
mod power;

use super::settings::Run;
use super::stop::Stop;
use crate::nn::layers::{Dense, Dropout};
use crate::nn::{Activation, Adam, Metric, SparseCategoricalCrossentropy};
use crate::train::callbacks::EarlyStopping;
use crate::train::{Event, Fit, Sequential, Verbose};
use neurona_core::error::Error;
use neurona_store::testing::Simulated;
use std::ops::ControlFlow;

/// Steps of the training below.
const STEPS: u64 = 15;

/// What a training leaves behind.
#[derive(Debug, Default, PartialEq)]
struct Left {
    weights: Vec<u32>,
    losses: Vec<u64>,
}

/// The events reported during a training.
#[derive(Debug, Default)]
struct Told {
    /// The step of each checkpoint that was reported, and how many changes the disk had seen by
    /// then.
    saved: Vec<(u64, usize)>,
    notes: Vec<&'static str>,
}

/// Trains a small network for three epochs of five steps, saved in the folder `run` after each step, on a disk whose
/// changes are counted; or until a stop after this many steps in this process.
fn train(run: Run, disk: &Simulated, steps: usize) -> (Result<Left, Error>, Told, Sequential) {
    let mut model = Sequential::new([2])
        .threads(1)
        .add(Dense::new(3).activation(Activation::Tanh))
        .add(Dropout::new(0.2))
        .add(Dense::new(2).activation(Activation::Softmax));
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Adam::new(0.05), loss, [Metric::Accuracy]).unwrap();
    let x = ndarray::Array2::from_shape_fn((20, 2), |(i, j)| ((i * 7 + j * 5) % 9) as f32 / 9.0);
    let y: ndarray::Array1<u8> = (0..20).map(|i| u8::from(i % 3 == 0)).collect();
    let (stop, mut told, mut done) = (Stop::default(), Told::default(), 0);
    let watch = |event: &Event<'_>| {
        match event {
            Event::Saved { step } => told.saved.push((*step, disk.done())),
            Event::Note(note) => told.notes.push(note.code),
            Event::BatchEnd { .. } => {
                done += 1;
                if done == steps {
                    stop.request();
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    };
    let patient = EarlyStopping::new("loss").patience(9).restore_best_weights(true);
    let fit = Fit::epochs(3).batch_size(4).verbose(Verbose::Silent);
    let run = run.resume(true).every_steps(1).stop(&stop);
    let history = model.fit(&x, &y, fit.callback(patient).callback(watch).run(run));
    let left = history.map(|history| Left {
        weights: bits(&mut model),
        losses: history.get("loss").unwrap_or_default().iter().map(|loss| loss.to_bits()).collect(),
    });
    (left, told, model)
}

fn bits(model: &mut Sequential) -> Vec<u32> {
    let weights = model.weights().unwrap().into_iter();
    weights.flat_map(|(_, values)| values.into_iter().map(f32::to_bits)).collect()
}

fn run_on(disk: &Simulated) -> Run {
    Run::new("run").store(disk.clone())
}

/// What an undisturbed training leaves behind, and its disk.
fn undisturbed() -> (Left, Told, Simulated) {
    let disk = Simulated::default();
    let (left, told, _) = train(run_on(&disk), &disk, usize::MAX);
    (left.unwrap(), told, disk)
}

/// Numbers that look random, the same each time.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let source = crate::tensor::random::Source { seed, stream: 0, step: 0 };
    let mut index = 0;
    move |below| {
        index += 1;
        source.word(index) as usize % below
    }
}
