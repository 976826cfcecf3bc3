//! Where the time of a training step goes: each step of its program alone, and the whole.

use super::divergence::before_batch;
use super::engine::{Engine, Ready, Use, not_compiled};
use super::model::Model;
use super::options::Fit;
use super::samples::Samples;
use super::training::Training;
use crate::cpu::Cpu;
use crate::nn::stream;
use crate::tensor::ToTensors;
use crate::tensor::random::permutation;
use neurona_core::error::Result;
use std::time::{Duration, Instant};

/// Where the time of a training step goes. Made by [`Model::profile`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The steps of the program, in order.
    pub steps: Vec<StepTime>,
    /// The whole: rows copied into the program's memory, all its steps, and the check of loss and
    /// gradients.
    pub whole: Duration,
}

/// A step of the program, timed alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTime {
    /// Its kind, in one word: `matmul`.
    pub kind: &'static str,
    /// The layer it works for; empty if there is none.
    pub layer: String,
    /// Its line of the program.
    pub text: String,
    /// How long one run takes: the median of the measured runs.
    pub time: Duration,
}

impl Profile {
    /// The time of each kind of step, longest first.
    pub fn kinds(&self) -> Vec<(&'static str, Duration)> {
        let mut kinds: Vec<(&'static str, Duration)> = Vec::new();
        for step in &self.steps {
            match kinds.iter_mut().find(|(kind, _)| *kind == step.kind) {
                Some((_, time)) => *time += step.time,
                None => kinds.push((step.kind, step.time)),
            }
        }
        kinds.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        kinds
    }

    /// What the steps leave of the whole; zero if they take longer alone than together.
    pub fn rest(&self) -> Duration {
        self.whole.saturating_sub(self.steps.iter().map(|step| step.time).sum())
    }
}

impl Model {
    /// Times a training step on batches of this size: `steps` of them whole, as [`fit`](Model::fit)
    /// takes them, and after each its program once more, one step at a time.
    ///
    /// Weights and the optimizer's memories are afterwards as they were. Errors: as in `fit`.
    ///
    /// ```
    /// use ndarray::array;
    /// use neurona::prelude::*;
    ///
    /// let (x, y) = (array![[0.0f32, 1.0], [1.0, 1.0]], array![1.0f32, 0.0]);
    /// let mut model = Sequential::new([2]).add(Dense::new(1).activation(Sigmoid));
    /// model.compile(Sgd::default(), BinaryCrossentropy::default(), [])?;
    /// let profile = model.profile(&x, &y, 2, 10)?;
    ///
    /// let product = profile.steps.iter().find(|step| step.kind == "matmul").unwrap();
    /// assert_eq!(product.layer, "dense");
    /// assert!(product.text.contains("2×2 · 2×1"), "{}", product.text);
    /// assert!(profile.kinds().iter().any(|(kind, _)| *kind == "fused"));
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn profile<'a>(
        &mut self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
        batch_size: usize,
        steps: usize,
    ) -> Result<Profile> {
        Fit { batch_size, ..Fit::default() }.check()?;
        let samples = Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights: None };
        let samples = self.taken(samples)?;
        self.check_samples(&samples)?;
        self.with_cpu(|model, cpu| model.profiled(cpu, &samples, batch_size, steps))
    }

    fn profiled(
        &mut self,
        cpu: &Cpu,
        samples: &Samples<'_>,
        batch_size: usize,
        steps: usize,
    ) -> Result<Profile> {
        let (form, _) = self.check_and_build(samples, None)?;
        let Model { network, compiled, engine, seed, .. } = self;
        let training = Training {
            network,
            compiled: compiled.as_ref().ok_or_else(not_compiled)?,
            cpu,
            usage: Use::Train(form),
            dtypes: samples.dtypes(),
            epochs: 1,
            batch: batch_size.min(samples.rows()),
            shuffle: true,
            seed: *seed,
            samples,
            validation: None,
        };
        let engine = engine.as_mut().ok_or_else(not_compiled)?;
        let ready = training.ready(engine, training.batch)?;
        let before = engine.snapshot();
        let profile = training.profile(engine, &ready, steps);
        engine.restore(&before);
        profile
    }
}

impl Training<'_> {
    fn profile(&self, engine: &mut Engine, ready: &Ready, steps: usize) -> Result<Profile> {
        let program = &ready.program;
        // Rows in a shuffled order, because a real batch's rows are not neighbours in memory
        // either.
        let order = permutation(self.samples.rows(), self.seed, stream::SHUFFLE, engine.epochs);
        let batches = order.chunks_exact(self.batch).cycle().take(steps.max(1));
        let mut whole = Vec::new();
        let mut alone = vec![Vec::new(); program.steps.len()];
        for (number, rows) in batches.enumerate() {
            let start = Instant::now();
            let stepped = self.step(engine, ready, rows);
            whole.push(start.elapsed());
            if stepped.is_err() {
                return Err(self.diverged(engine, rows, 0, number + 1).error(&before_batch()));
            }
            // Later steps may have written where the inputs were.
            self.load(engine, ready, rows);
            for (index, times) in alone.iter_mut().enumerate() {
                let start = Instant::now();
                self.cpu.run_step(program, index, &mut engine.state, &mut engine.scratch);
                times.push(start.elapsed());
            }
        }
        let timed = program.steps.iter().zip(alone).map(|(step, times)| StepTime {
            kind: step.kind.name(),
            layer: step.scope.clone(),
            text: step.to_string(),
            time: median(times),
        });
        Ok(Profile { steps: timed.collect(), whole: median(whole) })
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
