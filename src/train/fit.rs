//! Training on arrays: everything is checked, and then the loop begins.

use super::engine::{Engine, Form, Use, not_compiled};
use super::history::History;
use super::model::{Model, Scores};
use super::options::Fit;
use super::progress::Progress;
use super::samples::Samples;
use super::tally::Tally;
use super::training::{Training, finite, kept};
use crate::data::argmax;
use crate::nn::{Finding, check_finite, check_ids, check_rows, targets_for};
use crate::tensor::{Shape, Tensor, ToTensors};
use neurona_core::error::{Code, Error, Result};

impl Model {
    /// Trains on `x` and `y`; weights and the optimizer go on from where they are.
    ///
    /// Shapes: `x` is `(rows, sample…)`, a tuple of arrays if the model has several inputs; `y` as the loss
    /// takes it (class labels as integers `(rows)` or one-hot `(rows, classes)`), a tuple if there are several
    /// outputs. Everything is checked before the first step: errors E012 to E016, E021 to E025 leave the model
    /// as it was. Training that diverges stops with E041 and keeps the weights of the last good step. With an optimizer
    /// that [averages the weights](crate::nn::Options::use_ema), they are left at their averages. With a
    /// [run folder](Fit::run) it is saved as it goes, and can be resumed; its errors are told [there](super::Run).
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
        let Fit { epochs, batch_size, shuffle, verbose, lang, mut callbacks, run, .. } = options;
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
            let engine = engine.as_mut().ok_or_else(not_compiled)?;
            let is_run = run.is_some();
            let history = training.run(engine, &findings, &mut callbacks, run)?;
            model.history.join(&history, is_run);
            Ok(history)
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
                let error = training.diverged(engine, &rows, 0, 1, &kept(engine, None));
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
            return Err(self.not_compiled());
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
        self.check_trains()?;
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
        let in_validation = |error: Error| error.inside("validation_data");
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
}
