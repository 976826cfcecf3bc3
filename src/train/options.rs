//! How to fit: batch size, epochs, order, validation, what is printed; and how to evaluate and predict.

use super::samples::Samples;
use super::{Callback, IntoCallback, Run};
use crate::message::Lang;
use crate::tensor::{Tensor, ToTensor, ToTensors};
use neurona_core::error::{Code, Error, Result};
use std::fmt;

/// How many samples at once, if the user does not say: Keras' number.
const BATCH: usize = 32;

/// What is printed while training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Verbose {
    /// A bar on a terminal, one plain line per epoch in a pipe or file.
    #[default]
    Auto,
    /// Nothing.
    Silent,
    /// A bar, redrawn in place, if possible; otherwise as [`Lines`](Verbose::Lines).
    Bar,
    /// One plain line per epoch.
    Lines,
}

/// How to fit. Made by [`Fit::epochs`]; Keras' defaults for the rest.
///
/// ```
/// use neurona::prelude::*;
/// let options = Fit::epochs(10).batch_size(64).validation_split(0.1);
/// assert_eq!(options.batch_size, 64);
/// ```
pub struct Fit<'a> {
    /// How many times to go through the data. Default: 1.
    pub epochs: usize,
    /// How many samples per step. Default: 32.
    pub batch_size: usize,
    /// Whether to take the samples in a new order in each epoch. Default: yes.
    pub shuffle: bool,
    /// The share of the samples, the last ones, to hold out for validation. Default: 0.
    pub validation_split: f64,
    /// How much is printed. Default: [`Verbose::Auto`].
    pub verbose: Verbose,
    /// The language of what is printed. Default: English.
    pub lang: Lang,
    pub(super) validation: Option<Result<Samples<'a>>>,
    pub(super) sample_weight: Option<Result<Tensor<'a>>>,
    pub(super) class_weight: Vec<(usize, f64)>,
    pub(super) callbacks: Vec<Box<dyn Callback + 'a>>,
    pub(super) run: Option<Run>,
}

impl<'a> Fit<'a> {
    /// This many epochs.
    pub fn epochs(epochs: usize) -> Fit<'a> {
        Fit { epochs, ..Fit::default() }
    }

    /// This many samples per step.
    pub fn batch_size(self, batch_size: usize) -> Fit<'a> {
        Fit { batch_size, ..self }
    }

    /// Whether to take the samples in a new order in each epoch.
    pub fn shuffle(self, shuffle: bool) -> Fit<'a> {
        Fit { shuffle, ..self }
    }

    /// Holds out this share of the samples, the last ones, before any shuffling.
    pub fn validation_split(self, validation_split: f64) -> Fit<'a> {
        Fit { validation_split, ..self }
    }

    /// Evaluates on these samples after each epoch.
    pub fn validation_data(self, x: impl ToTensors<'a>, y: impl ToTensors<'a>) -> Fit<'a> {
        let both =
            x.to_tensors().and_then(|x| Ok(Samples { x, y: y.to_tensors()?, weights: None }));
        Fit { validation: Some(both), ..self }
    }

    /// The same with a weight for each sample, as in [`sample_weight`](Fit::sample_weight). Keras'
    /// `validation_data=(x, y, sample_weight)`.
    pub fn validation_data_weighted(
        self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
        weights: impl ToTensor<'a>,
    ) -> Fit<'a> {
        let all = x.to_tensors().and_then(|x| {
            Ok(Samples { x, y: y.to_tensors()?, weights: Some(weights.to_tensor()?) })
        });
        Fit { validation: Some(all), ..self }
    }

    /// How much each sample counts in the loss: a number of at least 0 for each row, of shape `(rows)` or `(rows, 1)`. As in
    /// Keras, the sum is still divided by the number of samples, and samples that are
    /// [held out](Fit::validation_split) keep their weights.
    pub fn sample_weight(self, weights: impl ToTensor<'a>) -> Fit<'a> {
        Fit { sample_weight: Some(weights.to_tensor()), ..self }
    }

    /// How much the samples of a class count in the loss; classes that are not listed count 1. Each
    /// sample has one class: its label, its one-hot row, or 0 or 1 for an output of one unit.
    /// (Keras takes the position of the largest number if a sample has several labels, which is
    /// refused here, and overlooks classes that do not exist.) As in Keras, samples that are held
    /// out all count 1.
    ///
    /// Errors at `fit`: E014 several outputs, or sample weights as well; E016 a weight that is not
    /// a finite number of at least 0, or two for one class; E021 samples with several labels; E022
    /// a class that does not exist.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let options = Fit::epochs(10).class_weight([(0, 1.0), (1, 5.0)]);
    /// # drop(options);
    /// ```
    pub fn class_weight(self, weights: impl Into<Vec<(usize, f64)>>) -> Fit<'a> {
        Fit { class_weight: weights.into(), ..self }
    }

    /// How much is printed.
    pub fn verbose(self, verbose: Verbose) -> Fit<'a> {
        Fit { verbose, ..self }
    }

    /// The language of what is printed.
    pub fn lang(self, lang: Lang) -> Fit<'a> {
        Fit { lang, ..self }
    }

    /// Adds something that watches: a [`Callback`], one that is lent (`&mut log`, to be read after training), or a
    /// closure. They are called in the order in which they were added.
    pub fn callback<Kind>(mut self, callback: impl IntoCallback<'a, Kind>) -> Fit<'a> {
        self.callbacks.push(callback.into_callback());
        self
    }

    /// Saves the training in a run folder while it runs, so that it can be resumed: see [`Run`].
    pub fn run(self, run: Run) -> Fit<'a> {
        Fit { run: Some(run), ..self }
    }

    /// Errors (E016): a batch of 0, a share outside [0, 1).
    pub(super) fn check(&self) -> Result<()> {
        check_batch(self.batch_size)?;
        if !(0.0..1.0).contains(&self.validation_split) {
            return Err(Error::new(Code::E016, bad_split(self.validation_split)));
        }
        Ok(())
    }
}

impl Default for Fit<'_> {
    fn default() -> Self {
        Fit {
            epochs: 1,
            batch_size: BATCH,
            shuffle: true,
            validation_split: 0.0,
            verbose: Verbose::Auto,
            lang: Lang::En,
            validation: None,
            sample_weight: None,
            class_weight: Vec::new(),
            callbacks: Vec::new(),
            run: None,
        }
    }
}

/// How to evaluate: see [`Model::evaluate_with`](super::Model::evaluate_with). Keras' defaults.
///
/// ```
/// use ndarray::array;
/// use neurona::prelude::*;
/// let (x, y) = (array![[1.0f32], [2.0]], array![[1.0f32], [4.0]]);
/// let mut model = Sequential::new([1]).add(Dense::new(1));
/// model.compile(Sgd::default(), MeanSquaredError, [])?;
/// let weights = array![1.0f32, 0.5];
/// let options = Evaluate::default().batch_size(64).sample_weight(&weights);
/// assert!(model.evaluate_with(&x, &y, options)?.loss < model.evaluate(&x, &y)?.loss);
/// # Ok::<(), neurona::Error>(())
/// ```
#[derive(Debug)]
pub struct Evaluate<'a> {
    /// How many samples at once. Default: 32.
    pub batch_size: usize,
    pub(super) sample_weight: Option<Result<Tensor<'a>>>,
}

impl<'a> Evaluate<'a> {
    /// This many samples at once.
    pub fn batch_size(self, batch_size: usize) -> Evaluate<'a> {
        Evaluate { batch_size, ..self }
    }

    /// How much each sample counts in the loss and in [weighted](crate::nn::Metric::weighted) metrics: see
    /// [`Fit::sample_weight`].
    pub fn sample_weight(self, weights: impl ToTensor<'a>) -> Evaluate<'a> {
        Evaluate { sample_weight: Some(weights.to_tensor()), ..self }
    }
}

impl Default for Evaluate<'_> {
    fn default() -> Self {
        Evaluate { batch_size: BATCH, sample_weight: None }
    }
}

/// How to predict: see [`Model::predict_with`](super::Model::predict_with).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Predict {
    /// How many samples at once. Default: 32.
    pub batch_size: usize,
}

impl Default for Predict {
    fn default() -> Self {
        Predict { batch_size: BATCH }
    }
}

/// Errors (E016): a batch of 0.
pub(super) fn check_batch(batch_size: usize) -> Result<()> {
    if batch_size == 0 {
        return Err(Error::new(Code::E016, empty_batch()));
    }
    Ok(())
}

impl fmt::Debug for Fit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fit")
            .field("epochs", &self.epochs)
            .field("batch_size", &self.batch_size)
            .field("shuffle", &self.shuffle)
            .field("validation_split", &self.validation_split)
            .field("verbose", &self.verbose)
            .finish_non_exhaustive()
    }
}

neurona_core::messages! {
    fn empty_batch() {
        en: "a batch needs at least 1 sample, not 0",
        es: "un lote necesita al menos 1 muestra, no 0",
    }

    fn bad_split(share: f64) {
        en: "validation_split must be at least 0 and below 1, not {share}",
        es: "validation_split debe ser al menos 0 y menor que 1, no {share}",
    }
}
