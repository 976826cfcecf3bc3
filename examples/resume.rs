//! A training that survives anything: stopped in the middle of an epoch, resumed, and equal to one that never stopped.
#![expect(clippy::print_stdout, reason = "an example for a terminal")]

use ndarray::{Array1, Array2};
use neurona::prelude::*;
use std::ops::ControlFlow;
use std::path::Path;

/// A new model trained in a run folder, as a restarted process would train it. `stop` may ask it to
/// stop.
fn train(folder: &Path, stop: &Stop, after: usize) -> Result<(History, Sequential)> {
    let x = Array2::from_shape_fn((600, 4), |(i, j)| ((i * 37 + j * 91) % 101) as f32 / 100.0);
    let y: Array1<u8> = x.rows().into_iter().map(|row| u8::from(row.sum() > 2.0)).collect();
    let mut model = Sequential::new([4])
        .add(Dense::new(16).activation(Relu))
        .add(Dropout::new(0.2))
        .add(Dense::new(2).activation(Softmax));
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Adam::default(), loss, [Metric::Accuracy])?;

    // Here a callback asks for the stop; in a program it is the handler of Ctrl-C.
    let mut steps = 0;
    let impatient = |event: &Event<'_>| {
        if let Event::BatchEnd { .. } = event {
            steps += 1;
            if steps == after {
                stop.request();
            }
        }
        ControlFlow::Continue(())
    };
    let run = Run::new(folder).resume(true).stop(stop);
    let history = model.fit(&x, &y, Fit::epochs(10).callback(impatient).run(run))?;
    Ok((history, model))
}

fn main() -> Result<()> {
    let root = std::env::temp_dir().join(format!("neurona-resume-{}", std::process::id()));
    let (whole, parts) = (root.join("whole"), root.join("parts"));
    let (expected, never_stopped) = train(&whole, &Stop::default(), usize::MAX)?;

    let stop = Stop::default();
    train(&parts, &stop, 50)?;
    let at = stop.stopped().expect("it was asked to stop after 50 of 190 steps");
    println!("\nStopped at step {}: {} epochs and {} batches\n", at.step, at.epoch, at.batch);

    let (history, resumed) = train(&parts, &Stop::default(), usize::MAX)?;
    assert_eq!(history, expected);
    assert_eq!(resumed.weights()?, never_stopped.weights()?);
    println!("\nThe same history and the same weights as the run that never stopped, to the bit.");
    std::fs::remove_dir_all(root).ok();
    Ok(())
}
