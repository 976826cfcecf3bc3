//! Training and testing on data that come batch by batch: see [`Dataset`].

use super::course::Course;
use super::divergence::Failure;
use super::engine::{Engine, Form, Use, not_compiled};
use super::history::History;
use super::model::{Model, Scores};
use super::options::Fit;
use super::progress::Progress;
use super::ranks::with_rank_of;
use super::run::Evaluation;
use super::runs::data_of;
use super::samples::Samples;
use super::tally::Tally;
use super::training::{Callbacks, Training};
use crate::data::dataset::{Batch, Dataset, Pass};
use crate::nn::{check_finite, check_ids, check_rows, targets_for};
use crate::tensor::Tensor;
use neurona_core::error::{Code, Error, Result};
use std::ops::ControlFlow;

impl Model {
    /// Trains on data that come batch by batch, as [`fit`](Model::fit) does on arrays: with the
    /// same batches, to the same bits. The data decide the order and size of batches, not the
    /// options.
    ///
    /// The first batch is read once more, before training begins, to check it against the model. A
    /// later batch that is wrong ends training with its number; the steps before it are kept.
    /// Errors: as in `fit`; E014 options that need all samples at once (`validation_split`,
    /// `sample_weight`, `class_weight`); E025 no batch; the errors of the data.
    ///
    /// ```
    /// use ndarray::array;
    /// use neurona::data::dataset::{self, Dataset};
    /// use neurona::prelude::*;
    ///
    /// let read = |i: usize| Ok((array![i as f32 / 100.0], i as f32 / 50.0 + 1.0));
    /// let data = dataset::range(100).shuffle(100, 1).map(read).batch(10).prefetch(4);
    /// let mut model = Sequential::new([1]).add(Dense::new(1));
    /// model.compile(Adam::new(0.1), MeanSquaredError, [])?;
    /// model.fit_dataset(&data, Fit::epochs(30).verbose(Verbose::Silent))?;
    /// assert!(model.evaluate_dataset(&data)?.loss < 0.01);
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn fit_dataset(
        &mut self,
        data: &impl Dataset<Item = Batch>,
        mut options: Fit<'_>,
    ) -> Result<History> {
        options.check()?;
        let all_at_once = [
            (options.validation_split > 0.0, "validation_split"),
            (options.sample_weight.is_some(), "sample_weight"),
            (!options.class_weight.is_empty(), "class_weight"),
        ];
        if let Some((_, option)) = all_at_once.iter().find(|(is_set, _)| *is_set) {
            return Err(Error::new(Code::E014, needs_arrays(option)));
        }
        let validation = options.validation.take().transpose()?;
        let validation = validation.map(|samples| self.taken(samples)).transpose()?;
        let Fit { epochs, verbose, lang, mut callbacks, run, .. } = options;
        if let Some(progress) = Progress::stdout(verbose, lang) {
            callbacks.insert(0, Box::new(progress));
        }
        let epoch = self.engine.lock().as_ref().map_or(0, |engine| engine.epochs);
        let first = self.taken(first_batch(data.pass(epoch))?)?;
        self.check_samples(&first)?;
        // What distinguishes the data of a run: the first batch of the first pass, whichever batch
        // is next.
        let run = run.map(|run| {
            let batch = if epoch == 0 { Ok(first.clone()) } else { first_batch(data.pass(0)) };
            let batches = data.cardinality().map_or_else(|| "?".to_owned(), |n| n.to_string());
            batch.map(|batch| (run, format!("{batches} batches, {}", data_of(&batch))))
        });
        let run = run.transpose()?;
        self.with_cpu(|model, cpu| {
            let (form, findings) = model.check_and_build(&first, validation.as_ref())?;
            let Model { network, compiled, engine, seed, .. } = &mut *model;
            let training = Training {
                network,
                compiled: compiled.as_ref().ok_or_else(not_compiled)?,
                cpu,
                usage: Use::Train(form),
                dtypes: first.dtypes(),
                epochs,
                batch: first.rows(),
                shuffle: false,
                seed: *seed,
                samples: &first,
                validation: validation.as_ref(),
            };
            let engine = engine.as_mut().ok_or_else(not_compiled)?;
            let (steps, is_run) = (data.cardinality().unwrap_or(0), run.is_some());
            let mut history = History::default();
            let trained = training.run_epochs(
                engine,
                &findings,
                &mut callbacks,
                steps,
                run,
                &mut history,
                &mut |training, engine, course, callbacks| {
                    training.epoch_of(data.pass(course.pass), engine, course, callbacks)
                },
            );
            model.history.join(&history, is_run);
            trained.map(|()| history)
        })
    }

    /// The loss and metrics on data that come batch by batch, as [`evaluate`](Model::evaluate)
    /// gives them on arrays. Errors: as there; E025 no batch; the errors of the data.
    pub fn evaluate_dataset(&mut self, data: &impl Dataset<Item = Batch>) -> Result<Scores> {
        let first = self.taken(first_batch(data.pass(0))?)?;
        self.check_samples(&first)?;
        self.built()?;
        self.with_cpu(|model, cpu| {
            let form = model.form_of(&first)?.0;
            let Model { network, compiled, engine, .. } = &mut *model;
            let compiled = compiled.as_ref().ok_or_else(not_compiled)?;
            let engine = engine.as_mut().ok_or_else(not_compiled)?;
            let (training_form, dtypes) = (form.clone(), first.dtypes());
            let checks = Training {
                network,
                compiled,
                cpu,
                usage: Use::Test(training_form),
                dtypes,
                epochs: 1,
                batch: first.rows(),
                shuffle: false,
                seed: 0,
                samples: &first,
                validation: None,
            };
            let run = Evaluation { network, compiled, form, batch: first.rows() };
            let mut tally = None;
            for (number, batch) in data.pass(0).enumerate() {
                let samples = checks.checked(engine, number, batch)?;
                run.add_to(&mut tally, engine, cpu, &samples)?;
            }
            Ok(tally.map_or_else(Scores::default, |tally: Tally<'_>| tally.scores()))
        })
    }
}

/// Errors: E025 there is none, and anything that the data find wrong.
fn first_batch(mut pass: Pass<'_, Batch>) -> Result<Samples<'static>> {
    let batch = pass.next().ok_or_else(|| Error::new(Code::E025, no_batch()))?;
    batch.map(samples).map_err(|error| error.inside(place(0)))
}

fn samples(Batch { x, y }: Batch) -> Samples<'static> {
    Samples { x, y, weights: None }
}

fn place(number: usize) -> String {
    format!("batch {}", number + 1)
}

impl<'a> Training<'a> {
    /// A pass over data that come batch by batch, starting from the next batch.
    fn epoch_of(
        &self,
        pass: Pass<'_, Batch>,
        engine: &mut Engine,
        course: &mut Course<'a>,
        callbacks: Callbacks<'_, '_>,
    ) -> Result<ControlFlow<()>, Failure> {
        for (number, batch) in pass.enumerate() {
            if number < course.batch {
                batch.map_err(|error| error.inside(place(number)))?;
                continue;
            }
            let samples = self.checked(engine, number, batch)?;
            let rows: Vec<usize> = (0..samples.rows()).collect();
            let step = self.on(&samples);
            let ready = step.ready(engine, rows.len())?;
            step.learn(engine, &ready, &rows, course)?;
            if course.batch_done(self, engine, &ready, rows.len(), callbacks).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The same training on other samples.
    fn on<'s>(&'s self, samples: &'s Samples<'s>) -> Training<'s> {
        Training { usage: self.usage.clone(), dtypes: self.dtypes.clone(), samples, ..*self }
    }

    /// A batch, if it is like the first one. Errors: anything that the data found wrong; E012
    /// samples with another shape or type, E021 targets that come in another way, E022 to E024.
    fn checked(
        &self,
        engine: &Engine,
        number: usize,
        batch: Result<Batch>,
    ) -> Result<Samples<'static>> {
        let check = |samples: &Samples<'_>| {
            for (x, first) in samples.x.iter().zip(&self.samples.x) {
                like(x, first)?;
                check_finite("x", x)?;
            }
            check_ids(&engine.ids, &samples.x)?;
            let columns = samples.x.iter().skip(1).chain(&samples.y);
            columns.into_iter().try_for_each(|column| check_rows(&samples.x[0], column))?;
            let (Use::Train(Form { targets, .. }) | Use::Test(Form { targets, .. })) = &self.usage
            else {
                return Ok(());
            };
            let outputs = self.compiled.losses.iter().zip(&engine.outputs);
            for (i, ((loss, output), y)) in outputs.zip(&samples.y).enumerate() {
                let (found, _) = targets_for(self.network, i, &*loss.loss, *output, y)?;
                if found != targets[i] {
                    return Err(Error::new(Code::E021, other_form()));
                }
            }
            Ok(())
        };
        let samples = batch.map(samples).and_then(|samples| self.like_first(samples));
        let checked = samples.and_then(|samples| check(&samples).map(|()| samples));
        checked.map_err(|error| error.inside(place(number)))
    }
}

impl Training<'_> {
    /// Samples with the dimensions of the first batch's, as far as Keras allows.
    fn like_first<'t>(&self, samples: Samples<'t>) -> Result<Samples<'t>> {
        let with_rank = |(x, first): (Tensor<'t>, &Tensor<'_>)| {
            with_rank_of(x, first.shape().dims().get(1..).unwrap_or_default())
        };
        let x = samples.x.into_iter().zip(&self.samples.x).map(with_rank).collect::<Result<_>>()?;
        Ok(Samples { x, ..samples })
    }
}

/// Errors (E012): samples whose shape or type differs from the first batch's.
fn like(x: &Tensor<'_>, first: &Tensor<'_>) -> Result<()> {
    let sample = |x: &Tensor<'_>| x.shape().dims().get(1..).map(<[usize]>::to_vec);
    if sample(x) == sample(first) && x.dtype() == first.dtype() {
        return Ok(());
    }
    let has = format!("{} {}", x.dtype().name(), x.shape());
    let wants = format!("{} {}", first.dtype().name(), first.shape());
    Err(Error::new(Code::E012, other_samples(&has, &wants)))
}

neurona_core::messages! {
    fn needs_arrays(option: &str) {
        en: "{option} needs all samples at once, but these come batch by batch",
        es: "{option} necesita todas las muestras a la vez, pero estas llegan lote a lote",
    }

    fn no_batch() {
        en: "the data set has no batches",
        es: "el conjunto de datos no tiene ningún lote",
    }

    fn other_samples(has: &str, wants: &str) {
        en: "this batch is {has}, but the first one is {wants}",
        es: "este lote es {has}, pero el primero es {wants}",
    }

    fn other_form() {
        en: "y of this batch is encoded differently from y of the first one",
        es: "y de este lote está codificado de otra forma que y del primero",
    }
}
