//! Sums of the loss and the metrics over batches, and the numbers they make.

use super::engine::{Compiled, Ready};
use super::event::Logs;
use super::model::Scores;
use crate::cpu::Arena;
use crate::nn::{Metric, metric_names};

/// What was reported so far. Only the first batch allocates.
pub(super) struct Tally<'a> {
    metrics: &'a [Metric],
    names: Vec<String>,
    /// Each batch's loss as often as it has samples, as Keras counts it.
    loss: f64,
    /// The parts of each metric.
    parts: Vec<Vec<f64>>,
    samples: f64,
}

impl<'a> Tally<'a> {
    /// Nothing yet.
    pub(super) fn new(compiled: &'a Compiled) -> Tally<'a> {
        Tally {
            metrics: &compiled.metrics,
            names: metric_names(&compiled.metrics),
            loss: 0.0,
            parts: vec![Vec::new(); compiled.metrics.len()],
            samples: 0.0,
        }
    }

    /// Adds what a program has reported of a batch of so many samples.
    pub(super) fn add(&mut self, ready: &Ready, scratch: &Arena, samples: usize) {
        let samples = samples as f64;
        self.samples += samples;
        if let Some(slot) = ready.loss {
            self.loss += f64::from(scratch.floats(slot)[0]) * samples;
        }
        for (parts, slot) in self.parts.iter_mut().zip(&ready.metrics) {
            let batch = scratch.floats(*slot);
            // How many there are does not depend on the batch.
            parts.resize(batch.len(), 0.0);
            parts.iter_mut().zip(batch).for_each(|(sum, part)| *sum += f64::from(*part));
        }
    }

    /// The loss, a mean over the samples.
    fn loss(&self) -> f64 {
        self.loss / self.samples.max(1.0)
    }

    /// The loss and the metrics by name.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, f64)> {
        let result = |(metric, parts): (&Metric, &Vec<f64>)| metric.result(parts, self.samples);
        let metrics = self.names.iter().map(String::as_str);
        let metrics = metrics.zip(self.metrics.iter().zip(&self.parts).map(result));
        std::iter::once(("loss", self.loss())).chain(metrics)
    }

    /// The same, as an evaluation gives it.
    pub(super) fn scores(&self) -> Scores {
        Scores { loss: self.loss(), logs: Logs::new(self.values()) }
    }
}
