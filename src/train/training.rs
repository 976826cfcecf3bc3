//! The training loop: epochs, steps, and what is told of them.

use super::batches::gather;
use super::control::Control;
use super::course::Course;
use super::engine::{Compiled, Engine, Form, Ready, Snapshot, Use};
use super::event::{Callback, Event};
use super::history::History;
use super::run::Evaluation;
use super::runs::{Keeper, Run, data_of};
use super::samples::Samples;
use super::tally::Tally;
use crate::cpu::{Arena, Cpu};
use crate::nn::{Finding, Network, stream};
use crate::tensor::DType;
use crate::tensor::random::permutation;
use neurona_core::error::{Code, Error, Result};
use neurona_core::graph::{Role, Value};
use neurona_core::message::Text;
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
    // Everyone hears of it, whoever wants to stop.
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
    let notes: Vec<Finding> = callbacks.iter_mut().filter_map(|callback| callback.note()).collect();
    for note in &notes {
        _ = tell(callbacks, &Event::Note(note));
    }
}

/// Runs an epoch that a course has begun, or what is left of it. `Break` ends training in the middle of it.
pub(super) type RunEpoch<'r, 'a> = dyn FnMut(&Training<'a>, &mut Engine, &mut Course<'a>, Callbacks<'_, '_>) -> Result<ControlFlow<()>>
    + 'r;

impl<'a> Training<'a> {
    /// Trains on the samples, which are in memory.
    pub(super) fn run(
        &self,
        engine: &mut Engine,
        findings: &[Finding],
        callbacks: Callbacks<'_, '_>,
        run: Option<Run>,
    ) -> Result<History> {
        let (rows, batch) = (self.samples.rows(), self.batch);
        // Both programs are made before the first step: nothing can fail between steps.
        self.ready(engine, batch.min(rows))?;
        if !rows.is_multiple_of(batch) {
            self.ready(engine, rows % batch)?;
        }
        let (steps, run) = (rows.div_ceil(batch), run.map(|run| (run, data_of(self.samples))));
        self.run_epochs(engine, findings, callbacks, steps, run, &mut Training::epoch)
    }

    /// All epochs, each of some steps (0 if that is not known), saved in a run folder with what tells the data from
    /// others.
    pub(super) fn run_epochs(
        &self,
        engine: &mut Engine,
        findings: &[Finding],
        callbacks: Callbacks<'_, '_>,
        steps: usize,
        run: Option<(Run, String)>,
        run_epoch: &mut RunEpoch<'_, 'a>,
    ) -> Result<History> {
        let ready = &*self.ready(engine, self.batch.min(self.samples.rows()))?;
        let shows_rate = callbacks.iter().any(|callback| callback.reports_learning_rate());
        let names = self.names(ready, shows_rate);
        let (mut keeper, mut notes) = (None, findings.to_vec());
        if let Some((run, data)) = run {
            let (opened, found) = Keeper::open(run, self, engine, ready, &data, callbacks)?;
            keeper = Some(opened);
            notes.extend(found);
        }
        // After the folder, which may refuse the training: some callbacks make their files now.
        callbacks.iter_mut().try_for_each(|callback| callback.check(&names))?;
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
            course.begin_epoch(self, engine, ready, callbacks);
            match run_epoch(self, engine, &mut course, callbacks) {
                Ok(ControlFlow::Continue(())) => {}
                // An epoch that was cut short has no place in the history.
                Ok(ControlFlow::Break(())) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
            let elapsed = course.elapsed();
            if self.validate(engine, &mut course, callbacks)?.is_break() {
                break;
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
        _ = tell(callbacks, &Event::TrainEnd { control: &self.control(engine) });
        let history = std::mem::take(&mut course.history);
        let finished = course.into_keeper().map_or(Ok(()), |keeper| keeper.finish());
        failed.map_or(finished.map(|()| history), Err)
    }

    /// What callbacks take part in.
    pub(super) fn control<'e>(&'e self, engine: &'e mut Engine) -> Control<'e> {
        Control::new(engine, self.compiled, self.network, self.seed)
    }

    /// The names of the numbers in the logs of an epoch.
    fn names(&self, ready: &Ready, shows_rate: bool) -> Vec<String> {
        let mut names = ready.names.clone();
        if self.validation.is_some() {
            names.extend(ready.names.iter().map(|name| format!("val_{name}")));
        }
        names.extend(shows_rate.then(|| "learning_rate".to_owned()));
        names
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

    /// One pass over the samples, from the batch that is the next one.
    fn epoch(
        &self,
        engine: &mut Engine,
        course: &mut Course<'a>,
        callbacks: Callbacks<'_, '_>,
    ) -> Result<ControlFlow<()>> {
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

    /// The next step of training of a course. Errors (E041): it was refused, and the weights are the last good ones.
    pub(super) fn learn(
        &self,
        engine: &mut Engine,
        ready: &Ready,
        rows: &[usize],
        course: &Course<'_>,
    ) -> Result<()> {
        if self.step(engine, ready, rows).is_ok() {
            return Ok(());
        }
        let before = course.before.as_ref();
        let resumed = before.filter(|_| course.resumed).map(Snapshot::iterations);
        let kept = kept(engine, resumed);
        let error = self.diverged(engine, rows, course.epoch, course.batch + 1, &kept);
        // Weights that were finite before the step can only be bad if an update overflowed.
        if let Some(before) = before.filter(|_| !finite(engine)) {
            engine.restore(before);
        }
        Err(error)
    }

    pub(super) fn ready(&self, engine: &mut Engine, batch: usize) -> Result<std::sync::Arc<Ready>> {
        engine.ready(self.network, Some(self.compiled), &self.usage, &self.dtypes, batch)
    }

    /// One step. An error if loss or gradients are not finite: then nothing has changed.
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
        engine.commit(self.cpu, ready);
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
    fn counters(&self, iterations: u64) -> (f32, [i32; 4]) {
        let halves = |x: u64| [x as u32 as i32, (x >> 32) as u32 as i32];
        let ([a, b], [c, d]) = (halves(self.seed), halves(iterations));
        ((iterations + 1) as f32, [a, b, c, d])
    }

    /// Why a step was refused: the interpreter runs it again and finds the first value that is not finite.
    pub(super) fn diverged(
        &self,
        engine: &Engine,
        rows: &[usize],
        epoch: usize,
        batch: usize,
        kept: &Text,
    ) -> Error {
        let (layer, operation) = self.culprit(engine, rows).unwrap_or_default();
        let largest = |layer: &str| {
            let own = engine.weights.iter().zip(&engine.slots);
            // The operation may be of a model in the model.
            let own = own.filter(|(weight, _)| {
                let path = weight.layers.join("/");
                path == layer || path.starts_with(&format!("{layer}/"))
            });
            let values = own.flat_map(|(_, slot)| engine.state.floats(*slot));
            values.fold(0.0f32, |most, w| most.max(w.abs()))
        };
        let of_row = |row: usize| self.samples.x.iter().map(move |x| x.slice_rows(row, row + 1));
        let values = rows.iter().flat_map(|&row| of_row(row)).flat_map(|x| x.to_f64());
        let (low, high) =
            values.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
        let largest = format!("{:.3e}", largest(&layer));
        let text = not_a_number(epoch + 1, batch, &operation, &largest, kept);
        let rate = engine.rate(self.compiled);
        let wide = high - low > 20.0;
        let fix = if wide { scale_inputs(low, high, rate) } else { lower_rate(rate) };
        let error = Error::new(Code::E041, text).fix(fix);
        if layer.is_empty() { error } else { error.at(layer) }
    }

    fn culprit(&self, engine: &Engine, rows: &[usize]) -> Option<(String, String)> {
        let (usage, compiled) = (&self.usage, Some(self.compiled));
        let (graph, _) =
            engine.graph(self.network, compiled, usage, &self.dtypes, rows.len()).ok()?;
        // A scratch block of its own: the step's inputs anew, in the interpreter's form.
        let program = neurona_core::compile::compile(&graph);
        let mut scratch = Arena::new(program.scratch_bytes);
        let ready = Ready::new(program, Vec::new());
        for (tensor, slot) in self.samples.places(&ready) {
            gather(tensor, rows, slot, &mut scratch);
        }
        let (iteration, key) = self.counters(engine.iterations);
        let mut values: Vec<Value<f32>> = Vec::new();
        for (input, (_, slot)) in graph.inputs.iter().zip(&ready.program.inputs) {
            values.push(match (input.name.as_str(), input.role) {
                ("key", _) => Value::Int(key.to_vec()),
                ("learning_rate", _) => Value::Float(vec![engine.rate(self.compiled) as f32]),
                ("iteration", _) => Value::Float(vec![iteration]),
                (_, Role::State) => Value::Float(engine.read(*slot, graph.ty(input.node).shape)),
                (_, Role::Batch) => match slot.ty.dtype {
                    DType::I32 => Value::Int(scratch.ints(*slot).to_vec()),
                    DType::U8 => Value::Byte(scratch.slot_bytes_mut(*slot).to_vec()),
                    DType::Bool => {
                        let bytes = scratch.slot_bytes_mut(*slot);
                        Value::Bool(bytes.iter().map(|&b| b != 0).collect())
                    }
                    DType::F32 | DType::F64 => Value::Float(scratch.floats(*slot).to_vec()),
                },
            });
        }
        let all = graph.evaluate(&values);
        let bad = |value: &Value<f32>| matches!(value, Value::Float(v) if !all_finite(v));
        let first = graph.ids().find(|id| {
            // Values of the forward and backward pass; what updates would be is never asked for.
            !graph.scope(*id).is_empty() && bad(&all[id.index()])
        })?;
        Some((graph.scope(first).to_owned(), graph.node(first).op.name().to_owned()))
    }
}

fn all_finite(values: &[f32]) -> bool {
    values.iter().fold(true, |all, v| all & v.is_finite())
}

/// The weights that stay after a step that was refused, in a training or, from this step on, in one that was resumed.
pub(super) fn kept(engine: &Engine, resumed: Option<u64>) -> Text {
    match resumed {
        _ if finite(engine) => before_batch(),
        Some(step) => before_resuming(step as usize),
        None => before_epoch(),
    }
}

pub(super) fn finite(engine: &Engine) -> bool {
    engine.slots.iter().all(|slot| all_finite(engine.state.floats(*slot)))
}

neurona_core::messages! {
    fn before_batch() {
        en: "the weights before this batch, those of the last good step",
        es: "los pesos anteriores a este lote, los del último paso bueno",
    }

    fn before_resuming(step: usize) {
        en: "the weights of step {step}, from which training was resumed, the last that are finite",
        es: "los pesos del paso {step}, desde el que se reanudó el entrenamiento, los últimos finitos",
    }

    fn before_epoch() {
        en: "the weights from the beginning of this epoch, the last that are finite",
        es: "los pesos del comienzo de esta época, los últimos finitos",
    }

    fn not_a_number(epoch: usize, batch: usize, operation: &str, largest: &str, kept: &Text) {
        en: "training stopped at epoch {epoch}, batch {batch}: the loss or its gradient is not a finite number, first in {operation}; weights of this layer reach {largest}. Kept: {kept}",
        es: "el entrenamiento se detuvo en la época {epoch}, lote {batch}: la pérdida o su gradiente no es un número finito, primero en {operation}; los pesos de esta capa llegan a {largest}. Se conservan {kept}",
    }

    fn lower_rate(rate: f64) {
        en: "lower the learning rate (now {rate})",
        es: "baje la tasa de aprendizaje (ahora {rate})",
    }

    fn scale_inputs(low: f64, high: f64, rate: f64) {
        en: "x goes from {low} to {high}: scale it to 0–1, or lower the learning rate (now {rate})",
        es: "x va de {low} a {high}: llévela a 0–1, o baje la tasa de aprendizaje (ahora {rate})",
    }
}
