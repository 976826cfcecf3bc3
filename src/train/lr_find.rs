//! Looking for a learning rate: a short training at ever larger rates, which leaves no trace.

use super::divergence::before_batch;
use super::engine::{Engine, Ready, Use, not_compiled};
use super::model::Model;
use super::samples::Samples;
use super::training::Training;
use crate::nn::stream;
use crate::tensor::ToTensors;
use crate::tensor::random::permutation;
use neurona_core::error::{Code, Error, Result};

/// How to look for a learning rate: see [`Model::lr_find`]. The defaults are fastai's.
///
/// ```
/// use neurona::train::LrFind;
/// let narrow = LrFind { start: 1e-4, end: 1.0, ..LrFind::default() };
/// assert_eq!(narrow.steps, 100);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LrFind {
    /// The learning rate of the first step. Default: 1e-7.
    pub start: f64,
    /// The learning rate of the last step. Default: 10.
    pub end: f64,
    /// How many steps there are, at most. Default: 100.
    pub steps: usize,
    /// How many samples per step. Default: 32.
    pub batch_size: usize,
    /// The share of the previous step's value in the smoothed loss. Default: 0.98.
    pub smoothing: f64,
    /// The multiple of the lowest smoothed loss at which the search stops. Default: 4.
    pub early_stop_threshold: f64,
}

impl Default for LrFind {
    fn default() -> LrFind {
        LrFind {
            start: 1e-7,
            end: 10.0,
            steps: 100,
            batch_size: 32,
            smoothing: 0.98,
            early_stop_threshold: 4.0,
        }
    }
}

impl LrFind {
    /// The rate of a step: `start · (end / start)^(step / (steps - 1))`.
    fn rate(&self, step: usize) -> f64 {
        let way = step as f64 / (self.steps - 1) as f64;
        (self.start * (self.end / self.start).powf(way)).clamp(self.start, self.end)
    }

    fn check(&self) -> Result<()> {
        let LrFind { start, end, steps, batch_size, smoothing, early_stop_threshold } = *self;
        let wrong = if !(start > 0.0 && start < end && end <= f64::from(f32::MAX)) {
            bad_range(start, end)
        } else if steps < 2 || batch_size == 0 {
            too_few(steps, batch_size)
        } else if !(0.0..1.0).contains(&smoothing) {
            bad_smoothing(smoothing)
        } else if early_stop_threshold.is_nan() || early_stop_threshold <= 1.0 {
            bad_threshold(early_stop_threshold)
        } else {
            return Ok(());
        };
        Err(Error::new(Code::E016, wrong).at("lr_find"))
    }
}

/// The losses at ever larger learning rates: what [`Model::lr_find`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LrCurve {
    /// The learning rate of each step.
    pub rates: Vec<f64>,
    /// The loss of each step's batch.
    pub losses: Vec<f64>,
    /// The losses, smoothed: `a / (1 - β^n)` with `a = β·a + (1 - β)·loss`, after `n` steps.
    pub smoothed: Vec<f64>,
}

impl LrCurve {
    fn push(&mut self, rate: f64, loss: f64, smoothing: f64) {
        // The average before its correction, which is what continues.
        let correction = |steps: usize| 1.0 - smoothing.powi(steps as i32);
        let steps = self.rates.len();
        let average = self.smoothed.last().map_or(0.0, |last| last * correction(steps));
        let average = smoothing * average + (1.0 - smoothing) * loss;
        self.rates.push(rate);
        self.losses.push(loss);
        self.smoothed.push(average / correction(steps + 1));
    }

    /// Which step has the lowest smoothed loss.
    fn lowest(&self) -> Option<usize> {
        (0..self.smoothed.len()).min_by(|&a, &b| self.smoothed[a].total_cmp(&self.smoothed[b]))
    }

    /// Whether the loss has grown too far beyond the lowest: for losses above 0, to `times` of it.
    fn diverges(&self, times: f64) -> bool {
        let (Some(last), Some(lowest)) = (self.smoothed.last(), self.lowest()) else {
            return false;
        };
        let best = self.smoothed[lowest];
        *last > best + (times - 1.0) * best.abs()
    }

    /// The learning rate where the smoothed loss falls most steeply on its way to the lowest,
    /// leaving out the first tenth, which averages too few; `None` if it never falls.
    pub fn suggestion(&self) -> Option<f64> {
        let slope = |step: usize| self.smoothed[step + 1] - self.smoothed[step - 1];
        let steps = (self.rates.len() / 10).max(1)..self.lowest()?;
        let steepest = steps.min_by(|&a, &b| slope(a).total_cmp(&slope(b)))?;
        (slope(steepest) < 0.0).then(|| self.rates[steepest])
    }
}

impl Model {
    /// Looks for a learning rate: trains for some steps at rates that grow from one to the next by the same factor,
    /// until the loss gets much worse. Weights, the optimizer and everything else are afterwards exactly as they were.
    ///
    /// Shapes: as [`fit`](Model::fit) takes them. Errors: as there; E016 settings out of range;
    /// E041 the loss of the first step is not finite. Source: L. N. Smith, *Cyclical learning rates
    /// for training neural networks*, 2017 (the "LR range test"); settings and smoothing as in
    /// fastai.
    ///
    /// ```
    /// use ndarray::Array2;
    /// use neurona::prelude::*;
    /// use neurona::train::LrFind;
    /// let x = Array2::from_shape_fn((64, 1), |(i, _)| i as f32 / 64.0);
    /// let y = x.mapv(|x| 2.0 * x + 1.0);
    /// let mut model = Sequential::new([1]).add(Dense::new(1));
    /// model.compile(Sgd::default(), MeanSquaredError, [])?;
    /// let curve = model.lr_find(&x, &y, LrFind::default())?;
    /// assert!(curve.suggestion().is_some_and(|rate| (1e-7..10.0).contains(&rate)));
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn lr_find<'a>(
        &mut self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
        options: LrFind,
    ) -> Result<LrCurve> {
        options.check()?;
        let samples = Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights: None };
        let samples = self.taken(samples)?;
        self.check_samples(&samples)?;
        let is_new = self.engine.is_none();
        let found = self.with_cpu(|model, cpu| {
            let (form, _) = model.check_and_build(&samples, None)?;
            let Model { network, compiled, engine, seed, .. } = &mut *model;
            let training = Training {
                network,
                compiled: compiled.as_ref().ok_or_else(not_compiled)?,
                cpu,
                usage: Use::Train(form),
                dtypes: samples.dtypes(),
                epochs: 1,
                batch: options.batch_size.min(samples.rows()),
                shuffle: true,
                seed: *seed,
                samples: &samples,
                validation: None,
            };
            let engine = engine.as_mut().ok_or_else(not_compiled)?;
            // The program comes first: it makes room for what the optimizer remembers.
            let ready = training.ready(engine, training.batch)?;
            let (before, rate) = (engine.snapshot(), engine.learning_rate);
            let found = training.find_rate(engine, &ready, options);
            engine.restore(&before);
            engine.learning_rate = rate;
            found
        });
        if is_new {
            self.engine.set(None);
        }
        found
    }
}

impl Training<'_> {
    fn find_rate(&self, engine: &mut Engine, ready: &Ready, options: LrFind) -> Result<LrCurve> {
        let rows = self.samples.rows();
        // As many passes over the data as needed, so that all batches have the same size.
        let pass = |number| permutation(rows, self.seed, stream::SHUFFLE, number);
        let mut order = (0..).flat_map(pass);
        let mut curve = LrCurve::default();
        for step in 0..options.steps {
            let rate = options.rate(step);
            let rows: Vec<usize> = order.by_ref().take(self.batch).collect();
            engine.learning_rate = Some(rate);
            if self.step(engine, ready, &rows).is_err() {
                if step == 0 {
                    return Err(self.diverged(engine, &rows, 0, 1).error(&before_batch()));
                }
                break;
            }
            let loss = f64::from(engine.scratch.floats(ready.losses[0])[0]);
            curve.push(rate, loss, options.smoothing);
            if curve.diverges(options.early_stop_threshold) {
                break;
            }
        }
        Ok(curve)
    }
}

neurona_core::messages! {
    fn bad_range(start: f64, end: f64) {
        en: "learning rates must grow from a start above 0 to a larger end, not from {start} to {end}",
        es: "las tasas deben crecer desde un start mayor que 0 hasta un end mayor, no de {start} a {end}",
    }

    fn too_few(steps: usize, batch_size: usize) {
        en: "at least 2 steps with 1 sample each are needed, not {steps} and {batch_size}",
        es: "hacen falta al menos 2 pasos y 1 muestra en cada uno, no {steps} y {batch_size}",
    }

    fn bad_smoothing(smoothing: f64) {
        en: "smoothing must be at least 0 and below 1, not {smoothing}",
        es: "smoothing debe ser al menos 0 y menor que 1, no {smoothing}",
    }

    fn bad_threshold(threshold: f64) {
        en: "early_stop_threshold must be above 1, not {threshold}",
        es: "early_stop_threshold debe ser mayor que 1, no {threshold}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_smoothed_without_a_lean_to_zero() {
        let mut curve = LrCurve::default();
        (0..50).for_each(|i| curve.push(f64::from(i), 3.0, 0.98));
        assert!(curve.smoothed.iter().all(|loss| (loss - 3.0).abs() < 1e-12));
        assert_eq!(curve.suggestion(), None, "it never falls");
        curve.push(50.0, 5.0, 0.5);
        assert!((curve.smoothed[50] - 4.0).abs() < 1e-9);
    }

    #[test]
    fn too_much_is_measured_from_the_lowest_loss() {
        let diverges = |losses: &[f64]| {
            let mut curve = LrCurve::default();
            losses.iter().for_each(|loss| curve.push(1.0, *loss, 0.0));
            curve.diverges(4.0)
        };
        assert!(!diverges(&[1.0, 3.9]));
        assert!(diverges(&[1.0, 4.1]));
        // For losses below 0, such as the cosine similarity's, no multiple of them is larger.
        assert!(!diverges(&[-0.5, -0.4]));
        assert!(diverges(&[-0.5, 1.1]));
    }

    #[test]
    fn rates_reach_both_ends() {
        let options = LrFind::default();
        assert_eq!((options.rate(0), options.rate(99)), (1e-7, 10.0));
        assert!((options.rate(50) / options.rate(49) - 1e8f64.powf(1.0 / 99.0)).abs() < 1e-9);
    }
}
