//! Training on arrays: everything is checked, and then the loop begins.

use super::class_weight;
use super::divergence::before_batch;
use super::engine::{Engine, Form, Use, not_compiled};
use super::history::History;
use super::model::{Model, Scores};
use super::options::Fit;
use super::progress::Progress;
use super::samples::Samples;
use super::tally::Tally;
use super::training::Training;
use crate::nn::{Finding, check_finite, check_ids, check_rows, targets_for};
use crate::tensor::{Shape, Tensor, ToTensors};
use neurona_core::error::{Code, Error, Result};

impl Model {
    /// Trains on `x` and `y`; weights and the optimizer continue from where they are.
    ///
    /// Shapes: `x` is `(rows, sample…)`, a tuple of arrays if the model has several inputs; `y` as
    /// the loss takes it (class labels as integers `(rows)` or one-hot `(rows, classes)`), a tuple
    /// if there are several outputs. Everything is checked before the first step: errors E012 to
    /// E016, E021 to E025 leave the model as it was. Training that diverges stops with E041: no
    /// step that would make a weight or a memory of the optimizer NaN or infinite is taken, and the
    /// model is as it was before that batch. The results of the epochs before are in
    /// [`history`](Model::history). With an optimizer that
    /// [averages the weights](crate::nn::Options::use_ema), they are left at their averages. With a
    /// [run folder](Fit::run) it is saved while it runs, and can be resumed; its errors are listed
    /// [there](super::Run).
    pub fn fit<'a>(
        &mut self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
        mut options: Fit<'_>,
    ) -> Result<History> {
        options.check()?;
        let given = options.validation.take().transpose()?;
        let given = given.map(|given| self.taken(given)).transpose()?;
        let weights = options.sample_weight.take().transpose()?;
        let samples = self.taken(Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights })?;
        class_weight::check(&options.class_weight, &samples)?;
        self.check_samples(&samples)?;
        let (rows, mut cut) = (samples.rows(), samples.rows());
        let mut validation = given.as_ref().map(|given| given.slice_rows(0, given.rows()));
        if validation.is_none() && options.validation_split > 0.0 {
            cut = split_at(rows, options.validation_split)?;
            validation = Some(samples.slice_rows(cut, rows));
        }
        let mut train = samples.slice_rows(0, cut);
        let Fit { epochs, batch_size, shuffle, verbose, lang, class_weight, .. } = options;
        let Fit { mut callbacks, run, .. } = options;
        if let Some(progress) = Progress::stdout(verbose, lang) {
            callbacks.insert(0, Box::new(progress));
        }
        self.with_cpu(|model, cpu| {
            let weigh = |model: &Model, _: &Form| model.class_weights(&class_weight, &train);
            let (mut form, findings, weights) =
                model.check_and_build_with(&train, validation.as_ref(), weigh)?;
            if weights.is_some() {
                (train.weights, form.weighted) = (weights, true);
            }
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
            let (is_run, mut history) = (run.is_some(), History::default());
            let trained = training.run(engine, &findings, &mut callbacks, run, &mut history);
            model.history.join(&history, is_run);
            trained.map(|()| history)
        })
    }

    /// One step on one batch, as [`fit`](Model::fit) does it, and the loss and metrics before it.
    /// Errors: as in `fit`.
    pub fn train_on_batch<'a>(
        &mut self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
    ) -> Result<Scores> {
        let samples = Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights: None };
        let samples = self.taken(samples)?;
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
            if training.step(engine, &ready, &rows).is_err() {
                return Err(training.diverged(engine, &rows, 0, 1).error(&before_batch()));
            }
            let mut tally = Tally::new(training.compiled, &ready);
            tally.add(&ready, &engine.scratch, rows.len());
            Ok(tally.scores())
        })
    }

    /// Checks how many rows there are, and the shapes of inputs. Errors: E012, E014, E024, E025.
    pub(super) fn check_samples(&self, samples: &Samples<'_>) -> Result<()> {
        let outputs = self.network.output_names();
        if samples.y.len() != outputs.len() {
            let text = wrong_targets(samples.y.len(), outputs.len(), &outputs.join(", "));
            return Err(Error::new(Code::E014, text));
        }
        for y in &samples.y {
            check_rows(samples.x.first().unwrap_or(y), y)?;
        }
        self.samples_of(&samples.x)?;
        samples.x.iter().try_for_each(|x| check_finite("x", x))?;
        let weights = samples.weights.as_ref();
        weights.map_or(Ok(()), |weights| check_weights(weights, samples.rows()))
    }

    /// How the targets come, and anything legal but seldom meant. Errors: E013, E014, E021 to E023;
    /// E022 an input names a row that its table does not have.
    pub(super) fn form_of(&self, samples: &Samples<'_>) -> Result<(Form, Vec<Finding>)> {
        let held = self.engine.lock();
        let (Some(compiled), Some(engine)) = (&self.compiled, held.as_ref()) else {
            return Err(self.not_compiled());
        };
        check_ids(&engine.ids, &samples.x)?;
        let mut form = Form { targets: Vec::new(), weighted: samples.weights.is_some() };
        let mut findings = Vec::new();
        let outputs = compiled.losses.iter().zip(&engine.outputs).zip(&samples.y);
        for (number, ((loss, output), y)) in outputs.enumerate() {
            let (targets, found) = targets_for(&self.network, number, &*loss.loss, *output, y)
                .map_err(|error| self.of_targets(error, number))?;
            form.targets.push(targets);
            findings.extend(found);
        }
        Ok((form, findings))
    }

    /// An error about targets, distinguished from one about inputs, which may be at the same layer;
    /// if there are several outputs, with its name.
    fn of_targets(&self, error: Error, number: usize) -> Error {
        let names = self.network.output_names();
        match (error.code(), error.place()) {
            (Code::E012, _) => error.inside("y"),
            (_, Some("y")) if names.len() > 1 => error.inside(names[number].clone()),
            _ => error,
        }
    }

    /// Checks all data against the model, and gives it weights if it has none and nothing is wrong.
    pub(super) fn check_and_build(
        &mut self,
        samples: &Samples<'_>,
        validation: Option<&Samples<'_>>,
    ) -> Result<(Form, Vec<Finding>)> {
        let nothing_more = |_: &Model, _: &Form| Ok(());
        let (form, findings, ()) = self.check_and_build_with(samples, validation, nothing_more)?;
        Ok((form, findings))
    }

    /// The same, with something more to do once the data are known to suit the model.
    fn check_and_build_with<T>(
        &mut self,
        samples: &Samples<'_>,
        validation: Option<&Samples<'_>>,
        more: impl FnOnce(&Model, &Form) -> Result<T>,
    ) -> Result<(Form, Vec<Finding>, T)> {
        self.check_trains()?;
        let is_new = self.engine.is_none();
        if is_new {
            let shapes = self.samples_of(&samples.x)?;
            self.engine.set(Some(Engine::new(&self.network, shapes, self.seed)?));
        }
        let checked = self.form_of(samples).and_then(|(form, findings)| {
            validation.map_or(Ok(()), |validation| self.check_validation(validation, &form))?;
            let more = more(self, &form)?;
            Ok((form, findings, more))
        });
        // Weights made for refused data would fix the shape of samples.
        if checked.is_err() && is_new {
            self.engine.set(None);
        }
        checked
    }

    /// Each sample's class weight, if classes have weights.
    fn class_weights(
        &self,
        weights: &[(usize, f64)],
        samples: &Samples<'_>,
    ) -> Result<Option<Tensor<'static>>> {
        let held = self.engine.lock();
        let (Some(compiled), Some(engine)) = (&self.compiled, held.as_ref()) else {
            return Err(not_compiled());
        };
        if weights.is_empty() {
            return Ok(None);
        }
        let kind = compiled.losses[0].loss.target_kind();
        class_weight::of_samples(weights, &samples.y[0], kind, engine.outputs[0]).map(Some)
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

/// Errors: E021 not one weight for each sample, E022 a negative one, E023 one that is not finite, E024 too many or too few.
fn check_weights(weights: &Tensor<'_>, rows: usize) -> Result<()> {
    let wrong = |code, text| Err(Error::new(code, text).at("sample_weight"));
    let shape = weights.shape();
    if shape.rank() != 1 {
        return wrong(Code::E021, weights_of_shape(shape));
    }
    if weights.rows() != rows {
        return wrong(Code::E024, weights_differ(weights.rows(), rows));
    }
    check_finite("sample_weight", weights)?;
    match weights.find(|weight| weight < 0.0) {
        None => Ok(()),
        Some((row, weight)) => wrong(Code::E022, negative_weight(row, weight)),
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

neurona_core::messages! {
    fn wrong_targets(targets: usize, outputs: usize, names: &str) {
        en: "{targets} targets were given for {outputs} outputs ({names})",
        es: "se dieron {targets} objetivos para {outputs} salidas ({names})",
    }

    fn weights_of_shape(shape: Shape) {
        en: "each sample needs one weight, in an array of shape (rows) or (rows, 1), but these have shape {shape}",
        es: "cada muestra necesita un peso, en un array de forma (filas) o (filas, 1), pero estos tienen forma {shape}",
    }

    fn weights_differ(weights: usize, rows: usize) {
        en: "there are {rows} samples, but {weights} weights",
        es: "hay {rows} muestras, pero {weights} pesos",
    }

    fn negative_weight(row: usize, weight: f64) {
        en: "the weight in row {row} is {weight}, but it must be a finite number of at least 0",
        es: "el peso de la fila {row} es {weight}, pero debe ser un número finito desde 0",
    }

    fn other_form() {
        en: "y of the validation data is encoded differently from y of the training data",
        es: "y de los datos de validación está codificado de otra forma que y de los de entrenamiento",
    }

    fn empty_side(share: f64, rows: usize, train: usize, held_out: usize) {
        en: "validation_split {share} of {rows} rows leaves {train} to train on and {held_out} to validate with",
        es: "validation_split {share} de {rows} filas deja {train} para entrenar y {held_out} para validar",
    }
}
