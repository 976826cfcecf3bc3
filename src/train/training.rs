//! The training loop: epochs, steps, and what is reported about them.

use super::control::Control;
use super::course::Course;
use super::divergence::{Failure, before_batch, of_callback};
use super::engine::{Compiled, Engine, Form, Ready, Use};
use super::event::{Callback, Event};
use super::history::History;
use super::plan::{Plan, check_names, no_rate, scheduled};
use super::run::Evaluation;
use super::runs::{Keeper, Run, data_of};
use super::samples::Samples;
use super::tally::Tally;
use crate::cpu::Cpu;
use crate::nn::{Finding, Network, stream};
use crate::tensor::DType;
use crate::tensor::random::permutation;
use neurona_core::error::{Error, Result};
use std::ops::ControlFlow;

/// A training whose data was checked.
pub(super) struct Training<'a> {
    pub(super) network: &'a Network,
    pub(super) compiled: &'a Compiled,
    pub(super) cpu: &'a Cpu,
    pub(super) usage: Use,
    pub(super) dtypes: Vec<DType>,
    pub(super) epochs: usize,
    pub(super) batch: usize,
    pub(super) shuffle: bool,
    pub(super) seed: u64,
    pub(super) samples: &'a Samples<'a>,
    pub(super) validation: Option<&'a Samples<'a>>,
}

pub(super) type Callbacks<'a, 'b> = &'a mut [Box<dyn Callback + 'b>];

pub(super) fn tell(callbacks: Callbacks<'_, '_>, event: &Event<'_>) -> ControlFlow<()> {
    // Every callback hears of it, whichever wants to stop.
    let mut flow = ControlFlow::Continue(());
    for callback in callbacks {
        if callback.on(event).is_break() {
            flow = ControlFlow::Break(());
        }
    }
    flow
}

/// Tells all callbacks what some of them noticed.
pub(super) fn tell_notes(callbacks: Callbacks<'_, '_>) {
    let notes: Vec<Finding> =
        callbacks.iter_mut().filter_map(super::event::Callback::note).collect();
    for note in &notes {
        _ = tell(callbacks, &Event::Note(note));
    }
}

/// Runs an epoch that a course has begun, or what is left of it. `Break` ends training in the middle of it.
pub(super) type RunEpoch<'r, 'a> = dyn FnMut(
        &Training<'a>,
        &mut Engine,
        &mut Course<'a>,
        Callbacks<'_, '_>,
    ) -> Result<ControlFlow<()>, Failure>
    + 'r;

impl<'a> Training<'a> {
    /// Trains on the samples, which are in memory, and records in `told` how that went up to its
    /// end, whatever that was.
    pub(super) fn run(
        &self,
        engine: &mut Engine,
        findings: &[Finding],
        callbacks: Callbacks<'_, '_>,
        run: Option<Run>,
        told: &mut History,
    ) -> Result<()> {
        let (rows, batch) = (self.samples.rows(), self.batch);
        // Both programs are made before the first step: nothing can fail between steps.
        self.ready(engine, batch.min(rows))?;
        if !rows.is_multiple_of(batch) {
            self.ready(engine, rows % batch)?;
        }
        let (steps, run) = (rows.div_ceil(batch), run.map(|run| (run, data_of(self.samples))));
        self.run_epochs(engine, findings, callbacks, steps, run, told, &mut Training::epoch)
    }

    /// All epochs, each with a number of steps (0 if that is not known), saved in a run folder with
    /// what distinguishes the data, and reported.
    #[expect(clippy::too_many_arguments, reason = "one call that both ways of giving data make")]
    pub(super) fn run_epochs(
        &self,
        engine: &mut Engine,
        findings: &[Finding],
        callbacks: Callbacks<'_, '_>,
        steps: usize,
        run: Option<(Run, String)>,
        told: &mut History,
        run_epoch: &mut RunEpoch<'_, 'a>,
    ) -> Result<()> {
        let ready = &*self.ready(engine, self.batch.min(self.samples.rows()))?;
        let shows_rate = callbacks.iter().any(super::event::Callback::reports_learning_rate);
        let plan = Plan::new(self.compiled, ready, self.validation.is_some(), shows_rate);
        check_names(plan.names(), &self.network.output_names())?;
        let (mut keeper, mut notes) = (None, findings.to_vec());
        notes.extend(super::speed::note());
        if let Some((run, data)) = run {
            let (opened, found) = Keeper::open(run, self, engine, ready, &data, callbacks)?;
            keeper = Some(opened);
            notes.extend(found);
        }
        // After the folder, which may refuse the training, because some callbacks make their files
        // now.
        callbacks.iter_mut().try_for_each(|callback| callback.check_plan(&plan))?;
        for note in &notes {
            _ = tell(callbacks, &Event::Note(note));
        }
        let mut course = Course::new(engine, keeper);
        let mut stop = tell(callbacks, &Event::TrainBegin { epochs: self.epochs, steps });
        if course.begin(self, engine, ready, callbacks).is_break() || course.ended {
            stop = ControlFlow::Break(());
        }
        let mut failed = None;
        while stop.is_continue() && course.epoch < self.epochs {
            let control = &self.control(engine);
            let begin = Event::EpochBegin { epoch: course.epoch, control };
            stop = tell(callbacks, &begin);
            failed = self.rate_refused(engine).map(Failure::Other);
            if failed.is_some() {
                break;
            }
            course.begin_epoch(self, engine, ready, callbacks);
            let mut elapsed = course.elapsed();
            let flow = run_epoch(self, engine, &mut course, callbacks).and_then(|flow| {
                elapsed = course.elapsed();
                if flow.is_break() {
                    return Ok(flow);
                }
                Ok(self.validate(engine, &mut course, callbacks)?)
            });
            match flow {
                Ok(ControlFlow::Continue(())) => {}
                // An epoch that was cut short has no place in the history.
                Ok(ControlFlow::Break(())) => break,
                Err(failure) => {
                    failed = Some(failure);
                    break;
                }
            }
            if shows_rate {
                course.logs.set("learning_rate", course.rate);
            }
            course.ended = stop.is_break();
            stop = course.epoch_done(self, engine, elapsed, callbacks);
        }
        if self.epochs > 0 && failed.is_none() {
            engine.take_averages(&*self.compiled.optimizer, ready);
        }
        let control = &self.control(engine);
        _ = tell(callbacks, &Event::TrainEnd { control });
        let kept = if control.has_set_weights() { of_callback() } else { before_batch() };
        failed = failed.or(self.rate_refused(engine).map(Failure::Other));
        *told = std::mem::take(&mut course.history);
        let finished = course.into_keeper().map_or(Ok(()), |keeper| keeper.finish());
        failed.map_or(finished, |failure| Err(failure.error(&kept)))
    }

    /// The training that callbacks take part in.
    pub(super) fn control<'e>(&'e self, engine: &'e mut Engine) -> Control<'e> {
        Control::new(engine, self.compiled, self.network, self.seed)
    }

    /// The error for a callback that has set a learning rate that a schedule sets (E014), or one
    /// that is not a valid rate (E016).
    fn rate_refused(&self, engine: &mut Engine) -> Option<Error> {
        let schedule = self.compiled.optimizer.learning_rate().schedule();
        engine.rate_refused.take().map(|rate| match schedule {
            Some(schedule) => scheduled(schedule),
            None => no_rate(rate),
        })
    }

    /// Adds the loss and the metrics on the validation data to the logs. `Break` if training was asked to stop.
    fn validate(
        &self,
        engine: &mut Engine,
        course: &mut Course<'a>,
        callbacks: Callbacks<'_, '_>,
    ) -> Result<ControlFlow<()>> {
        let (Some(samples), Use::Train(form)) = (self.validation, &self.usage) else {
            return Ok(ControlFlow::Continue(()));
        };
        let form = Form { weighted: samples.weights.is_some(), ..form.clone() };
        let Training { network, compiled, batch, .. } = *self;
        let run = Evaluation { network, compiled, form, batch };
        let (rows, mut tally) = (samples.rows(), None);
        for first in (0..rows).step_by(batch) {
            if course.interrupted(engine, callbacks).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            let samples = samples.slice_rows(first, rows.min(first + batch));
            run.add_to(&mut tally, engine, self.cpu, &samples)?;
        }
        for (name, value) in tally.iter().flat_map(Tally::values) {
            course.logs.set(&format!("val_{name}"), value);
        }
        Ok(ControlFlow::Continue(()))
    }

    /// One pass over the samples, starting from the next batch.
    fn epoch(
        &self,
        engine: &mut Engine,
        course: &mut Course<'a>,
        callbacks: Callbacks<'_, '_>,
    ) -> Result<ControlFlow<()>, Failure> {
        let (rows, batch) = (self.samples.rows(), self.batch);
        let order = if self.shuffle {
            permutation(rows, self.seed, stream::SHUFFLE, course.pass)
        } else {
            (0..rows).collect()
        };
        let mut ready = self.ready(engine, batch.min(rows))?;
        for (number, rows) in order.chunks(batch).enumerate().skip(course.batch) {
            if rows.len() != batch {
                ready = self.ready(engine, rows.len())?;
            }
            if let Some(next) = order.chunks(batch).nth(number + 1) {
                self.samples.prefetch(next);
            }
            self.learn(engine, &ready, rows, course)?;
            if course.batch_done(self, engine, &ready, rows.len(), callbacks).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The next training step of a course. A failure: it was refused, and nothing has changed.
    pub(super) fn learn(
        &self,
        engine: &mut Engine,
        ready: &Ready,
        rows: &[usize],
        course: &Course<'_>,
    ) -> Result<(), Failure> {
        self.step(engine, ready, rows).map_err(|()| {
            let divergence = self.diverged(engine, rows, course.epoch, course.batch + 1);
            Failure::Diverged(Box::new(divergence))
        })
    }

    pub(super) fn ready(&self, engine: &mut Engine, batch: usize) -> Result<std::sync::Arc<Ready>> {
        engine.ready(self.network, Some(self.compiled), &self.usage, &self.dtypes, batch)
    }

    /// One step. An error if the loss, a gradient, or the next value of a weight or a memory of the
    /// optimizer is not finite: then nothing has changed.
    pub(super) fn step(
        &self,
        engine: &mut Engine,
        ready: &Ready,
        rows: &[usize],
    ) -> Result<(), ()> {
        self.load(engine, ready, rows);
        if !engine.compute(self.cpu, ready) {
            return Err(());
        }
        engine.commit(ready);
        engine.iterations += 1;
        Ok(())
    }

    /// Writes the inputs of the step to come: these rows, and its number, key and learning rate.
    pub(super) fn load(&self, engine: &mut Engine, ready: &Ready, rows: &[usize]) {
        self.samples.gather(rows, ready, engine);
        let (iteration, key) = self.counters(engine.iterations);
        let rate = engine.rate(self.compiled);
        let scratch = &mut engine.scratch;
        if let Some(slot) = ready.key {
            scratch.ints_mut(slot).copy_from_slice(&key);
        }
        if let Some(slot) = ready.learning_rate {
            scratch.floats_mut(slot)[0] = rate as f32;
        }
        if let Some(slot) = ready.iteration {
            scratch.floats_mut(slot)[0] = iteration;
        }
    }

    /// The number of the step to come, from 1, and its random key.
    pub(super) fn counters(&self, iterations: u64) -> (f32, [i32; 4]) {
        let halves = |x: u64| [x as u32 as i32, (x >> 32) as u32 as i32];
        let ([a, b], [c, d]) = (halves(self.seed), halves(iterations));
        ((iterations + 1) as f32, [a, b, c, d])
    }
}
