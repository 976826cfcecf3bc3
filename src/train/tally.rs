//! Sums of the loss and the metrics over batches, and the numbers they make.

use super::engine::{Compiled, Ready};
use super::event::Logs;
use super::model::Scores;
use crate::cpu::Arena;
use crate::nn::Metric;

/// What was reported so far. Only the first batch allocates.
pub(super) struct Tally<'a> {
    /// The metrics of each output in turn.
    metrics: Vec<&'a Metric>,
    /// The names of the losses, then of the metrics.
    names: Vec<String>,
    sums: Sums,
}

/// The sums over some batches: with them, a tally continues where another one stopped.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sums {
    /// Each batch's losses, counted once per sample, as in Keras.
    pub(super) losses: Vec<f64>,
    /// The parts of each metric.
    pub(super) parts: Vec<Vec<f64>>,
    pub(super) samples: f64,
}

impl Sums {
    /// Whether they fit what a program reports.
    pub(super) fn are_of(&self, ready: &Ready) -> bool {
        let parts = self.parts.iter().zip(&ready.metrics);
        self.losses.len() == ready.losses.len()
            && self.parts.len() == ready.metrics.len()
            && parts.into_iter().all(|(parts, slot)| parts.len() == slot.elems())
    }
}

impl<'a> Tally<'a> {
    /// An empty tally for what a program reports.
    pub(super) fn new(compiled: &'a Compiled, ready: &Ready) -> Tally<'a> {
        Tally {
            metrics: compiled.metrics.iter().flatten().collect(),
            names: ready.names.clone(),
            sums: Sums {
                losses: vec![0.0; ready.losses.len()],
                parts: vec![Vec::new(); ready.metrics.len()],
                samples: 0.0,
            },
        }
    }

    /// What was added so far.
    pub(super) fn sums(&self) -> &Sums {
        &self.sums
    }

    /// Continues from these sums of the same program.
    pub(super) fn go_on(&mut self, sums: Sums) {
        self.sums = sums;
    }

    /// Adds what a program has reported for a batch of this many samples.
    pub(super) fn add(&mut self, ready: &Ready, scratch: &Arena, samples: usize) {
        let samples = samples as f64;
        let sums = &mut self.sums;
        sums.samples += samples;
        for (loss, slot) in sums.losses.iter_mut().zip(&ready.losses) {
            *loss += f64::from(scratch.floats(*slot)[0]) * samples;
        }
        for (parts, slot) in sums.parts.iter_mut().zip(&ready.metrics) {
            let batch = scratch.floats(*slot);
            // How many there are does not depend on the batch.
            parts.resize(batch.len(), 0.0);
            parts.iter_mut().zip(batch).for_each(|(sum, part)| *sum += f64::from(*part));
        }
    }

    /// The losses and the metrics by name, the loss of the model first.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, f64)> {
        let Sums { losses, parts, samples } = &self.sums;
        let losses = losses.iter().map(|loss| loss / samples.max(1.0));
        let metrics = self.metrics.iter().zip(parts);
        let metrics = metrics.map(|(metric, parts)| metric.result(parts, *samples));
        self.names.iter().map(String::as_str).zip(losses.chain(metrics))
    }

    /// The same, in the form an evaluation returns.
    pub(super) fn scores(&self) -> Scores {
        let loss = self.values().next().map_or(0.0, |(_, loss)| loss);
        Scores { loss, logs: Logs::new(self.values()) }
    }
}
