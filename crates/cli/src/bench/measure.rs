//! The measurement: some epochs, one prediction many times, and a training step taken apart.

use super::data::Samples;
use super::memory;
use crate::args::BenchOptions;
use neurona::Result;
use neurona::prelude::{Event, Fit, Sequential, Verbose};
use neurona::tensor::Tensor;
use neurona::train::Profile;
use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

/// Single predictions; their mean is reported.
const PREDICTIONS: u32 = 2000;
/// Training steps taken apart.
const PROFILED: usize = 100;

/// What was measured.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) threads: usize,
    /// Batches in an epoch.
    pub(super) steps: usize,
    /// From the call of `fit` to the end of the first epoch, including checks and the making of
    /// programs.
    pub(super) first_epoch: Duration,
    /// The best epoch after the first, if there is one.
    pub(super) later_epoch: Option<Duration>,
    /// The loss of each epoch.
    pub(super) losses: Vec<f64>,
    pub(super) predict_one: Duration,
    /// The most memory the program ever used, in bytes, where the system tells.
    pub(super) peak: Option<u64>,
    pub(super) profile: Profile,
}

impl Measured {
    /// The best epoch after the first; the first if it is the only one.
    pub(super) fn epoch(&self) -> Duration {
        self.later_epoch.unwrap_or(self.first_epoch)
    }

    pub(super) fn steps_per_second(&self) -> f64 {
        self.steps as f64 / self.epoch().as_secs_f64()
    }
}

/// How many threads a workload runs on.
pub(super) fn threads(options: &BenchOptions) -> usize {
    let all = || thread::available_parallelism().map_or(1, std::num::NonZero::get);
    options.threads.unwrap_or_else(all)
}

/// Trains and predicts. Errors: any that training finds.
pub(super) fn measure(options: &BenchOptions, samples: &Samples) -> Result<Measured> {
    let (threads, batch_size) = (threads(options), options.workload.batch_size());
    let (x, y) = (samples.x()?, samples.y());
    let mut model = options.workload.model(threads)?;

    // An epoch's time goes from its beginning, before its order is drawn, to its end.
    let mut later_epochs = Vec::new();
    let mut first_epoch = Duration::ZERO;
    let start = Instant::now();
    let mut begun = start;
    let clock = |event: &Event<'_>| {
        match event {
            Event::EpochBegin { .. } => begun = Instant::now(),
            Event::EpochEnd { epoch: 0, .. } => first_epoch = start.elapsed(),
            Event::EpochEnd { .. } => later_epochs.push(begun.elapsed()),
            // The others take no time worth counting.
            _ => {}
        }
        ControlFlow::Continue(())
    };
    let fit = Fit::epochs(options.epochs).batch_size(batch_size).verbose(Verbose::Silent);
    let history = model.fit(&x, y, fit.callback(clock))?;

    let predict_one = predict_one(&mut model, &x)?;
    let peak = memory::peak();
    let profile = model.profile(&x, y, batch_size, PROFILED)?;
    Ok(Measured {
        threads,
        steps: samples.count().div_ceil(batch_size),
        first_epoch,
        later_epoch: later_epochs.into_iter().min(),
        losses: history.get("loss").unwrap_or_default().to_vec(),
        predict_one,
        peak,
        profile,
    })
}

/// The mean time of a prediction for one sample.
fn predict_one(model: &mut Sequential, x: &Tensor<'_>) -> Result<Duration> {
    let one = x.slice_rows(0, 1);
    // The first makes the program.
    model.predict(&one)?;
    let start = Instant::now();
    for _ in 0..PREDICTIONS {
        model.predict(&one)?;
    }
    Ok(start.elapsed() / PREDICTIONS)
}
