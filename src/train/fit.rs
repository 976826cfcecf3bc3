//! The training loop.

use super::batches::{gather, graph_dtype, prefetch_rows};
use super::engine::{Compiled, Engine, Ready, Snapshot, Use, not_compiled};
use super::event::{Callback, Event, Logs};
use super::history::History;
use super::model::{Scores, Sequential};
use super::options::Fit;
use super::progress::Progress;
use super::run::Evaluation;
use super::tally::Tally;
use crate::cpu::{Arena, Cpu};
use crate::nn::{Finding, Network, Targets, check_finite, check_rows, stream, targets_for};
use crate::tensor::random::permutation;
use crate::tensor::{Tensor, ToTensor};
use neurona_core::error::{Code, Error, Result};
use neurona_core::graph::{Role, Value};
use neurona_core::message::Text;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

impl Sequential {
    /// Trains on `x` and `y`; weights and the optimizer go on from where they are.
    ///
    /// Shapes: `x` is `(rows, sample…)`; `y` as the loss takes it (class labels as integers `(rows)` or
    /// one-hot `(rows, classes)`). Everything is checked before the first step: errors E012 to E016, E021
    /// to E025 leave the model as it was. Training that diverges stops with E041 and keeps the weights of
    /// the last good step.
    pub fn fit<'a>(
        &mut self,
        x: impl ToTensor<'a>,
        y: impl ToTensor<'a>,
        mut options: Fit<'_>,
    ) -> Result<History> {
        options.check()?;
        let (x, y) = (x.to_tensor()?, y.to_tensor()?);
        check_rows(&x, &y)?;
        let given = options.validation.take().transpose()?;
        let mut validation = given.as_ref().map(|(x, y)| (x.borrow(), y.borrow()));
        let (rows, mut cut) = (x.rows(), x.rows());
        if validation.is_none() && options.validation_split > 0.0 {
            cut = split_at(rows, options.validation_split)?;
            validation = Some((x.slice_rows(cut, rows), y.slice_rows(cut, rows)));
        }
        let (train_x, train_y) = (x.slice_rows(0, cut), y.slice_rows(0, cut));
        let Fit { epochs, batch_size, shuffle, verbose, lang, mut callbacks, .. } = options;
        if let Some(progress) = Progress::stdout(verbose, lang) {
            callbacks.insert(0, Box::new(progress));
        }
        self.with_cpu(|model, cpu| {
            let (targets, findings) =
                model.check_and_build(&train_x, &train_y, validation.as_ref())?;
            let Sequential { network, compiled, engine, seed, .. } = &mut *model;
            let training = Training {
                network,
                compiled: compiled.as_ref().ok_or_else(not_compiled)?,
                cpu,
                targets,
                epochs,
                batch: batch_size,
                shuffle,
                seed: *seed,
                x: &train_x,
                y: &train_y,
                validation: validation.as_ref().map(|(x, y)| (x, y)),
            };
            training.run(engine.as_mut().ok_or_else(not_compiled)?, &findings, &mut callbacks)
        })
    }

    /// One step on one batch, as [`fit`](Sequential::fit) does it, and the loss and metrics before it.
    /// Errors: as `fit`.
    pub fn train_on_batch<'a>(
        &mut self,
        x: impl ToTensor<'a>,
        y: impl ToTensor<'a>,
    ) -> Result<Scores> {
        let (x, y) = (x.to_tensor()?, y.to_tensor()?);
        check_rows(&x, &y)?;
        self.with_cpu(|model, cpu| {
            let (targets, _) = model.check_and_build(&x, &y, None)?;
            let Sequential { network, compiled, engine, seed, .. } = &mut *model;
            let training = Training {
                network,
                compiled: compiled.as_ref().ok_or_else(not_compiled)?,
                cpu,
                targets,
                epochs: 1,
                batch: x.rows(),
                shuffle: false,
                seed: *seed,
                x: &x,
                y: &y,
                validation: None,
            };
            let engine = engine.as_mut().ok_or_else(not_compiled)?;
            let rows: Vec<usize> = (0..x.rows()).collect();
            let ready = training.ready(engine, rows.len())?;
            let before = engine.snapshot();
            let stepped = training.step(engine, &ready, &rows);
            // Nothing comes after this step that would notice an update that overflowed.
            if stepped.is_err() || !finite(engine) {
                let error = training.diverged(engine, &rows, 0, 1);
                engine.restore(&before);
                return Err(error);
            }
            let mut tally = Tally::new(training.compiled);
            tally.add(&ready, &engine.scratch, rows.len());
            Ok(tally.scores())
        })
    }

    /// Checks all data against the model, and gives it weights if it has none and nothing is wrong.
    pub(super) fn check_and_build(
        &mut self,
        x: &Tensor<'_>,
        y: &Tensor<'_>,
        validation: Option<&(Tensor<'_>, Tensor<'_>)>,
    ) -> Result<(Targets, Vec<Finding>)> {
        let is_new = self.engine.is_none();
        let checked = self.check_training(x, y).and_then(|(targets, findings)| {
            validation.map_or(Ok(()), |(x, y)| self.check_validation(x, y, targets))?;
            Ok((targets, findings))
        });
        // Weights made for data that is refused would fix the shape of samples.
        if checked.is_err() && is_new {
            self.engine = None;
        }
        checked
    }

    fn check_training(
        &mut self,
        x: &Tensor<'_>,
        y: &Tensor<'_>,
    ) -> Result<(Targets, Vec<Finding>)> {
        let sample = self.sample_of(x)?;
        check_finite("x", x)?;
        let compiled = self.compiled.as_ref().ok_or_else(not_compiled)?;
        let engine = match self.engine.take() {
            Some(engine) => engine,
            None => Engine::new(&self.network, sample, self.seed)?,
        };
        let output = self.engine.insert(engine).output;
        targets_for(&self.network, &*compiled.loss, output, y)
    }

    fn check_validation(&self, x: &Tensor<'_>, y: &Tensor<'_>, targets: Targets) -> Result<()> {
        let in_validation = |error: Error| error.at("validation_data");
        check_rows(x, y).map_err(in_validation)?;
        self.sample_of(x)?;
        check_finite("x", x).map_err(in_validation)?;
        let (Some(compiled), Some(engine)) = (&self.compiled, &self.engine) else { return Ok(()) };
        let (form, _) =
            targets_for(&self.network, &*compiled.loss, engine.output, y).map_err(in_validation)?;
        if form == targets {
            Ok(())
        } else {
            Err(in_validation(Error::new(Code::E021, other_form())))
        }
    }
}

/// Keras' cut: the last `n - floor(n · (1 - share))` rows are held out. Errors (E025): one side is empty.
fn split_at(rows: usize, share: f64) -> Result<usize> {
    let cut = (rows as f64 * (1.0 - share)).floor() as usize;
    if cut == 0 || cut == rows {
        return Err(Error::new(Code::E025, empty_side(share, rows, cut, rows - cut)));
    }
    Ok(cut)
}

/// A training whose data was checked.
pub(super) struct Training<'a> {
    pub(super) network: &'a Network,
    pub(super) compiled: &'a Compiled,
    pub(super) cpu: &'a Cpu,
    pub(super) targets: Targets,
    pub(super) epochs: usize,
    pub(super) batch: usize,
    pub(super) shuffle: bool,
    pub(super) seed: u64,
    pub(super) x: &'a Tensor<'a>,
    pub(super) y: &'a Tensor<'a>,
    pub(super) validation: Option<(&'a Tensor<'a>, &'a Tensor<'a>)>,
}

type Callbacks<'a, 'b> = &'a mut [Box<dyn Callback + 'b>];

fn tell(callbacks: Callbacks<'_, '_>, event: &Event<'_>) -> ControlFlow<()> {
    // Everyone hears of it, whoever wants to stop.
    let mut flow = ControlFlow::Continue(());
    for callback in callbacks {
        if callback.on(event).is_break() {
            flow = ControlFlow::Break(());
        }
    }
    flow
}

impl Training<'_> {
    fn run(
        &self,
        engine: &mut Engine,
        findings: &[Finding],
        callbacks: Callbacks<'_, '_>,
    ) -> Result<History> {
        let (rows, batch) = (self.x.rows(), self.batch);
        let mut history = History::default();
        for finding in findings {
            _ = tell(callbacks, &Event::Note(finding));
        }
        let steps = rows.div_ceil(batch);
        let mut stop = tell(callbacks, &Event::TrainBegin { epochs: self.epochs, steps });
        // Both programs are made before the first step: nothing can fail between steps.
        self.ready(engine, batch.min(rows))?;
        if !rows.is_multiple_of(batch) {
            self.ready(engine, rows % batch)?;
        }
        for epoch in 0..self.epochs {
            if stop.is_break() {
                break;
            }
            stop = tell(callbacks, &Event::EpochBegin { epoch });
            let before = engine.snapshot();
            let (outcome, elapsed) = match self.epoch(engine, epoch, &before, callbacks) {
                Ok(done) => done,
                Err(error) => {
                    _ = tell(callbacks, &Event::TrainEnd);
                    return Err(error);
                }
            };
            // An epoch that was cut short has no place in the history.
            let ControlFlow::Continue(mut logs) = outcome else { break };
            if let Some((x, y)) = self.validation {
                let run = Evaluation {
                    network: self.network,
                    compiled: self.compiled,
                    targets: self.targets,
                    batch,
                };
                for (name, value) in run.scores(engine, self.cpu, x, y)?.logs.iter() {
                    logs.set(&format!("val_{name}"), value);
                }
            }
            history.push(epoch, &logs);
            if tell(callbacks, &Event::EpochEnd { epoch, logs: &logs, elapsed }).is_break() {
                stop = ControlFlow::Break(());
            }
        }
        _ = tell(callbacks, &Event::TrainEnd);
        Ok(history)
    }

    /// One pass over the data: the logs, or `Break` if a callback ended it early, and how long it took.
    fn epoch(
        &self,
        engine: &mut Engine,
        epoch: usize,
        before: &Snapshot,
        callbacks: Callbacks<'_, '_>,
    ) -> Result<(ControlFlow<(), Logs>, Duration)> {
        let (rows, batch) = (self.x.rows(), self.batch);
        let order = if self.shuffle {
            permutation(rows, self.seed, stream::SHUFFLE, engine.epochs)
        } else {
            (0..rows).collect()
        };
        engine.epochs += 1;
        let mut tally = Tally::new(self.compiled);
        let mut logs = Logs::default();
        let mut ready = self.ready(engine, batch.min(rows))?;
        let start = Instant::now();
        for (number, rows) in order.chunks(batch).enumerate() {
            if rows.len() != batch {
                ready = self.ready(engine, rows.len())?;
            }
            if let Some(next) = order.chunks(batch).nth(number + 1) {
                prefetch_rows(self.x, next);
            }
            if self.step(engine, &ready, rows).is_err() {
                let error = self.diverged(engine, rows, epoch, number + 1);
                // Weights that were finite before the step can only be bad if an update overflowed.
                if !finite(engine) {
                    engine.restore(before);
                }
                return Err(error);
            }
            tally.add(&ready, &engine.scratch, rows.len());
            tally.values().for_each(|(name, value)| logs.set(name, value));
            let event = Event::BatchEnd { done: number + 1, logs: &logs, elapsed: start.elapsed() };
            if tell(callbacks, &event).is_break() {
                return Ok((ControlFlow::Break(()), start.elapsed()));
            }
        }
        Ok((ControlFlow::Continue(logs), start.elapsed()))
    }

    pub(super) fn ready(&self, engine: &mut Engine, batch: usize) -> Result<std::sync::Arc<Ready>> {
        let usage = Use::Train(self.targets);
        engine.ready(self.network, Some(self.compiled), usage, graph_dtype(self.x), batch)
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
        let scratch = &mut engine.scratch;
        gather(self.x, rows, ready.x, scratch);
        if let Some(slot) = ready.y {
            gather(self.y, rows, slot, scratch);
        }
        let (iteration, key) = self.counters(engine.iterations);
        let scratch = &mut engine.scratch;
        if let Some(slot) = ready.key {
            scratch.ints_mut(slot).copy_from_slice(&key);
        }
        if let Some(slot) = ready.learning_rate {
            scratch.floats_mut(slot)[0] = self.compiled.optimizer.learning_rate() as f32;
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
    ) -> Error {
        let (layer, operation) = self.culprit(engine, rows).unwrap_or_default();
        let largest = |layer: &str| {
            let own = engine.weights.iter().zip(&engine.slots);
            let own = own.filter(|(weight, _)| weight.name.starts_with(&format!("{layer}/")));
            let values = own.flat_map(|(_, slot)| engine.state.floats(*slot));
            values.fold(0.0f32, |most, w| most.max(w.abs()))
        };
        let values = rows.iter().flat_map(|&row| self.x.slice_rows(row, row + 1).to_f64());
        let (low, high) =
            values.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
        let kept = if finite(engine) { before_batch() } else { before_epoch() };
        let largest = format!("{:.3e}", largest(&layer));
        let text = not_a_number(epoch + 1, batch, &operation, &largest, &kept);
        let rate = self.compiled.optimizer.learning_rate();
        let wide = high - low > 20.0;
        let fix = if wide { scale_inputs(low, high, rate) } else { lower_rate(rate) };
        let error = Error::new(Code::E041, text).fix(fix);
        if layer.is_empty() { error } else { error.at(layer) }
    }

    fn culprit(&self, engine: &Engine, rows: &[usize]) -> Option<(String, String)> {
        let usage = Use::Train(self.targets);
        let dtype = graph_dtype(self.x);
        let graph =
            engine.graph(self.network, Some(self.compiled), usage, dtype, rows.len()).ok()?;
        // A scratch block of its own: the step's inputs anew, in the interpreter's form.
        let program = neurona_core::compile::compile(&graph);
        let mut scratch = Arena::new(program.scratch_bytes);
        let (iteration, key) = self.counters(engine.iterations);
        let mut values: Vec<Value<f32>> = Vec::new();
        for (input, (_, slot)) in graph.inputs.iter().zip(&program.inputs) {
            values.push(match (input.name.as_str(), input.role) {
                ("key", _) => Value::Int(key.to_vec()),
                ("learning_rate", _) => {
                    Value::Float(vec![self.compiled.optimizer.learning_rate() as f32])
                }
                ("iteration", _) => Value::Float(vec![iteration]),
                (_, Role::State) => Value::Float(engine.read(*slot, graph.ty(input.node).shape)),
                (name, Role::Batch) => {
                    let source = if name == "x" { self.x } else { self.y };
                    gather(source, rows, *slot, &mut scratch);
                    match slot.ty.dtype {
                        crate::tensor::DType::I32 => Value::Int(scratch.ints(*slot).to_vec()),
                        crate::tensor::DType::U8 => {
                            Value::Byte(scratch.slot_bytes_mut(*slot).to_vec())
                        }
                        crate::tensor::DType::Bool => Value::Bool(
                            scratch.slot_bytes_mut(*slot).iter().map(|&b| b != 0).collect(),
                        ),
                        _ => Value::Float(scratch.floats(*slot).to_vec()),
                    }
                }
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

fn finite(engine: &Engine) -> bool {
    engine.slots.iter().all(|slot| all_finite(engine.state.floats(*slot)))
}

neurona_core::messages! {
    fn other_form() {
        en: "y of the validation data is coded in another way than y of the training data",
        es: "y de los datos de validación está codificado de otra forma que y de los de entrenamiento",
    }

    fn empty_side(share: f64, rows: usize, train: usize, held_out: usize) {
        en: "validation_split {share} of {rows} rows leaves {train} to train on and {held_out} to validate with",
        es: "validation_split {share} de {rows} filas deja {train} para entrenar y {held_out} para validar",
    }

    fn before_batch() {
        en: "the weights before this batch, those of the last good step",
        es: "los pesos anteriores a este lote, los del último paso bueno",
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
