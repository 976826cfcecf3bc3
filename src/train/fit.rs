//! The training loop.

use super::batches::gather;
use super::control::Control;
use super::engine::{Compiled, Engine, Form, Ready, Snapshot, Use, not_compiled};
use super::event::{Callback, Event, Logs};
use super::history::History;
use super::model::{Model, Scores};
use super::options::Fit;
use super::progress::Progress;
use super::run::Evaluation;
use super::samples::Samples;
use super::tally::Tally;
use crate::cpu::{Arena, Cpu};
use crate::data::argmax;
use crate::nn::{Finding, Network, check_finite, check_ids, check_rows, stream, targets_for};
use crate::tensor::random::permutation;
use crate::tensor::{DType, Shape, Tensor, ToTensors};
use neurona_core::error::{Code, Error, Result};
use neurona_core::graph::{Role, Value};
use neurona_core::message::Text;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

impl Model {
    /// Trains on `x` and `y`; weights and the optimizer go on from where they are.
    ///
    /// Shapes: `x` is `(rows, sample…)`, a tuple of arrays if the model has several inputs; `y` as the loss
    /// takes it (class labels as integers `(rows)` or one-hot `(rows, classes)`), a tuple if there are several
    /// outputs. Everything is checked before the first step: errors E012 to E016, E021 to E025 leave the model
    /// as it was. Training that diverges stops with E041 and keeps the weights of the last good step. With an optimizer
    /// that [averages the weights](crate::nn::Options::use_ema), they are left at their averages.
    pub fn fit<'a>(
        &mut self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
        mut options: Fit<'_>,
    ) -> Result<History> {
        options.check()?;
        let given = options.validation.take().transpose()?;
        let weights = options.sample_weight.take().transpose()?;
        let mut samples = Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights };
        if !options.class_weight.is_empty() {
            samples.weights = Some(class_weights(&options.class_weight, &samples)?);
        }
        self.check_samples(&samples)?;
        let (rows, mut cut) = (samples.rows(), samples.rows());
        let mut validation = given.as_ref().map(|given| given.slice_rows(0, given.rows()));
        if validation.is_none() && options.validation_split > 0.0 {
            cut = split_at(rows, options.validation_split)?;
            validation = Some(Samples { weights: None, ..samples.slice_rows(cut, rows) });
        }
        let train = samples.slice_rows(0, cut);
        let Fit { epochs, batch_size, shuffle, verbose, lang, mut callbacks, .. } = options;
        if let Some(progress) = Progress::stdout(verbose, lang) {
            callbacks.insert(0, Box::new(progress));
        }
        self.with_cpu(|model, cpu| {
            let (form, findings) = model.check_and_build(&train, validation.as_ref())?;
            let Model { network, compiled, engine, seed, .. } = &mut *model;
            let training = Training {
                network,
                compiled: compiled.as_ref().ok_or_else(not_compiled)?,
                cpu,
                usage: Use::Train(form),
                dtypes: train.dtypes(),
                epochs,
                batch: batch_size,
                shuffle,
                seed: *seed,
                samples: &train,
                validation: validation.as_ref(),
            };
            training.run(engine.as_mut().ok_or_else(not_compiled)?, &findings, &mut callbacks)
        })
    }

    /// One step on one batch, as [`fit`](Model::fit) does it, and the loss and metrics before it.
    /// Errors: as `fit`.
    pub fn train_on_batch<'a>(
        &mut self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
    ) -> Result<Scores> {
        let samples = Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights: None };
        self.check_samples(&samples)?;
        self.with_cpu(|model, cpu| {
            let (form, _) = model.check_and_build(&samples, None)?;
            let Model { network, compiled, engine, seed, .. } = &mut *model;
            let training = Training {
                network,
                compiled: compiled.as_ref().ok_or_else(not_compiled)?,
                cpu,
                usage: Use::Train(form),
                dtypes: samples.dtypes(),
                epochs: 1,
                batch: samples.rows(),
                shuffle: false,
                seed: *seed,
                samples: &samples,
                validation: None,
            };
            let engine = engine.as_mut().ok_or_else(not_compiled)?;
            let rows: Vec<usize> = (0..samples.rows()).collect();
            let ready = training.ready(engine, rows.len())?;
            let before = engine.snapshot();
            let stepped = training.step(engine, &ready, &rows);
            // Nothing comes after this step that would notice an update that overflowed.
            if stepped.is_err() || !finite(engine) {
                let error = training.diverged(engine, &rows, 0, 1);
                engine.restore(&before);
                return Err(error);
            }
            let mut tally = Tally::new(training.compiled, &ready);
            tally.add(&ready, &engine.scratch, rows.len());
            Ok(tally.scores())
        })
    }

    /// Checks how many rows there are, and what inputs look like. Errors: E012, E014, E024, E025.
    pub(super) fn check_samples(&self, samples: &Samples<'_>) -> Result<()> {
        let outputs = self.network.output_names();
        if samples.y.len() != outputs.len() {
            let text = wrong_targets(samples.y.len(), outputs.len(), &outputs.join(", "));
            return Err(Error::new(Code::E014, text));
        }
        for y in samples.y.iter().chain(&samples.weights) {
            check_rows(samples.x.first().unwrap_or(y), y)?;
        }
        self.samples_of(&samples.x)?;
        samples.x.iter().try_for_each(|x| check_finite("x", x))?;
        samples.weights.as_ref().map_or(Ok(()), check_weights)
    }

    /// How the targets come, and what is legal but seldom meant. Errors: E013, E014, E021 to E023; E022 an input names
    /// a row that its table does not have.
    pub(super) fn form_of(&self, samples: &Samples<'_>) -> Result<(Form, Vec<Finding>)> {
        let (Some(compiled), Some(engine)) = (&self.compiled, &self.engine) else {
            return Err(not_compiled());
        };
        check_ids(&engine.ids, &samples.x)?;
        let mut form = Form { targets: Vec::new(), weighted: samples.weights.is_some() };
        let mut findings = Vec::new();
        let outputs = compiled.losses.iter().zip(&engine.outputs).zip(&samples.y);
        for (number, ((loss, output), y)) in outputs.enumerate() {
            let (targets, found) = targets_for(&self.network, number, &*loss.loss, *output, y)?;
            form.targets.push(targets);
            findings.extend(found);
        }
        Ok((form, findings))
    }

    /// Checks all data against the model, and gives it weights if it has none and nothing is wrong.
    pub(super) fn check_and_build(
        &mut self,
        samples: &Samples<'_>,
        validation: Option<&Samples<'_>>,
    ) -> Result<(Form, Vec<Finding>)> {
        if self.compiled.is_none() {
            return Err(not_compiled());
        }
        let is_new = self.engine.is_none();
        if is_new {
            let shapes = self.samples_of(&samples.x)?;
            self.engine = Some(Engine::new(&self.network, shapes, self.seed)?);
        }
        let checked = self.form_of(samples).and_then(|(form, findings)| {
            validation.map_or(Ok(()), |validation| self.check_validation(validation, &form))?;
            Ok((form, findings))
        });
        // Weights made for data that is refused would fix the shape of samples.
        if checked.is_err() && is_new {
            self.engine = None;
        }
        checked
    }

    fn check_validation(&self, samples: &Samples<'_>, form: &Form) -> Result<()> {
        let in_validation = |error: Error| error.at("validation_data");
        self.check_samples(samples).map_err(in_validation)?;
        let (other, _) = self.form_of(samples).map_err(in_validation)?;
        if other.targets == form.targets {
            Ok(())
        } else {
            Err(in_validation(Error::new(Code::E021, other_form())))
        }
    }
}

/// Errors: E021 not one weight for each sample, E022 a weight that is no number from 0 up.
fn check_weights(weights: &Tensor<'_>) -> Result<()> {
    let shape = weights.shape();
    if shape.rank() != 1 {
        return Err(Error::new(Code::E021, weights_of_shape(shape)).at("sample_weight"));
    }
    match weights.to_f64().iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
        None => Ok(()),
        Some(i) => Err(Error::new(Code::E022, bad_weight(i)).at("sample_weight")),
    }
}

/// A weight for each sample, that of its class: 1 for classes that are not listed, as in Keras.
/// Errors: E014 several outputs or weights of samples besides; E021 targets that are no classes.
fn class_weights(weights: &[(usize, f64)], samples: &Samples<'_>) -> Result<Tensor<'static>> {
    let [y] = &samples.y[..] else {
        return Err(Error::new(Code::E014, classes_of_one_output()).at("class_weight"));
    };
    if samples.weights.is_some() {
        return Err(Error::new(Code::E014, two_kinds_of_weights()).at("class_weight"));
    }
    let values = y.to_f64();
    let width = values.len() / y.rows().max(1);
    let class = |row: &[f64]| match row {
        [label] => label.round() as usize,
        _ => argmax(row),
    };
    let weight = |row: &[f64]| {
        let class = class(row);
        weights.iter().find(|(c, _)| *c == class).map_or(1.0, |(_, weight)| *weight as f32)
    };
    let each: Vec<f32> = values.chunks(width.max(1)).map(weight).collect();
    Tensor::new(Shape::new(&[each.len()])?, each)
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
    pub(super) usage: Use,
    pub(super) dtypes: Vec<DType>,
    pub(super) epochs: usize,
    pub(super) batch: usize,
    pub(super) shuffle: bool,
    pub(super) seed: u64,
    pub(super) samples: &'a Samples<'a>,
    pub(super) validation: Option<&'a Samples<'a>>,
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
        let (rows, batch) = (self.samples.rows(), self.batch);
        // Both programs are made before the first step: nothing can fail between steps.
        let ready = self.ready(engine, batch.min(rows))?;
        if !rows.is_multiple_of(batch) {
            self.ready(engine, rows % batch)?;
        }
        let shows_rate = callbacks.iter().any(|callback| callback.reports_learning_rate());
        let names = self.names(&ready, shows_rate);
        callbacks.iter().try_for_each(|callback| callback.check(&names))?;
        for finding in findings {
            _ = tell(callbacks, &Event::Note(finding));
        }
        let mut history = History::default();
        let steps = rows.div_ceil(batch);
        let mut stop = tell(callbacks, &Event::TrainBegin { epochs: self.epochs, steps });
        let mut failed = None;
        for epoch in 0..self.epochs {
            if stop.is_break() {
                break;
            }
            let control = &Control::new(engine, self.compiled);
            stop = tell(callbacks, &Event::EpochBegin { epoch, control });
            let before = engine.snapshot();
            let rate = engine.rate(self.compiled);
            let (outcome, elapsed) = match self.epoch(engine, epoch, &before, callbacks) {
                Ok(done) => done,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            };
            // An epoch that was cut short has no place in the history.
            let ControlFlow::Continue(mut logs) = outcome else { break };
            self.validate(engine, &mut logs)?;
            if shows_rate {
                logs.set("learning_rate", rate);
            }
            history.push(epoch, &logs);
            let control = &Control::new(engine, self.compiled);
            if tell(callbacks, &Event::EpochEnd { epoch, logs: &logs, elapsed, control }).is_break()
            {
                stop = ControlFlow::Break(());
            }
        }
        if self.epochs > 0 && failed.is_none() {
            engine.take_averages(&*self.compiled.optimizer, &ready);
        }
        _ = tell(callbacks, &Event::TrainEnd { control: &Control::new(engine, self.compiled) });
        failed.map_or(Ok(history), Err)
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

    /// Adds the loss and the metrics on the validation data to the logs.
    fn validate(&self, engine: &mut Engine, logs: &mut Logs) -> Result<()> {
        let (Some(samples), Use::Train(form)) = (self.validation, &self.usage) else {
            return Ok(());
        };
        let form = Form { weighted: samples.weights.is_some(), ..form.clone() };
        let Training { network, compiled, batch, .. } = *self;
        let run = Evaluation { network, compiled, form, batch };
        for (name, value) in run.scores(engine, self.cpu, samples)?.logs.iter() {
            logs.set(&format!("val_{name}"), value);
        }
        Ok(())
    }

    /// One pass over the data: the logs, or `Break` if a callback ended it early, and how long it took.
    fn epoch(
        &self,
        engine: &mut Engine,
        epoch: usize,
        before: &Snapshot,
        callbacks: Callbacks<'_, '_>,
    ) -> Result<(ControlFlow<(), Logs>, Duration)> {
        let (rows, batch) = (self.samples.rows(), self.batch);
        let order = if self.shuffle {
            permutation(rows, self.seed, stream::SHUFFLE, engine.epochs)
        } else {
            (0..rows).collect()
        };
        engine.epochs += 1;
        let mut ready = self.ready(engine, batch.min(rows))?;
        let mut tally = Tally::new(self.compiled, &ready);
        let mut logs = Logs::default();
        let start = Instant::now();
        for (number, rows) in order.chunks(batch).enumerate() {
            if rows.len() != batch {
                ready = self.ready(engine, rows.len())?;
            }
            if let Some(next) = order.chunks(batch).nth(number + 1) {
                self.samples.prefetch(next);
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
    ) -> Error {
        let (layer, operation) = self.culprit(engine, rows).unwrap_or_default();
        let largest = |layer: &str| {
            let own = engine.weights.iter().zip(&engine.slots);
            let own = own.filter(|(weight, _)| weight.name.starts_with(&format!("{layer}/")));
            let values = own.flat_map(|(_, slot)| engine.state.floats(*slot));
            values.fold(0.0f32, |most, w| most.max(w.abs()))
        };
        let of_row = |row: usize| self.samples.x.iter().map(move |x| x.slice_rows(row, row + 1));
        let values = rows.iter().flat_map(|&row| of_row(row)).flat_map(|x| x.to_f64());
        let (low, high) =
            values.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
        let kept = if finite(engine) { before_batch() } else { before_epoch() };
        let largest = format!("{:.3e}", largest(&layer));
        let text = not_a_number(epoch + 1, batch, &operation, &largest, &kept);
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

fn finite(engine: &Engine) -> bool {
    engine.slots.iter().all(|slot| all_finite(engine.state.floats(*slot)))
}

neurona_core::messages! {
    fn wrong_targets(targets: usize, outputs: usize, names: &str) {
        en: "{targets} targets were given for {outputs} outputs ({names})",
        es: "se dieron {targets} objetivos para {outputs} salidas ({names})",
    }

    fn weights_of_shape(shape: Shape) {
        en: "there is one weight for each sample, in one dimension, but these have shape {shape}",
        es: "hay un peso por muestra, en una dimensión, pero estos tienen forma {shape}",
    }

    fn bad_weight(row: usize) {
        en: "the weight of row {row} is no finite number from 0 up",
        es: "el peso de la fila {row} no es un número finito desde 0",
    }

    fn classes_of_one_output() {
        en: "weights of classes are for models of one output; give sample_weight",
        es: "los pesos por clase son para modelos de una salida; dé sample_weight",
    }

    fn two_kinds_of_weights() {
        en: "give weights of classes or weights of samples, not both",
        es: "dé pesos por clase o pesos por muestra, no ambos",
    }

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
