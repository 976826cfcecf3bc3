//! The model people hold: layers, weights, and what `compile` was given.

use super::engine::{Compiled, Engine, not_compiled};
use super::event::Logs;
use crate::cpu::Cpu;
use crate::nn::layers::Layer;
use crate::nn::{Loss, Metric, Network, Optimizer, Summary, Weight};
use crate::tensor::{Shape, Tensor, ToTensor};
use ndarray::ArrayD;
use neurona_core::compile::Slot;
use neurona_core::error::{Code, Error, Result};
use std::fmt;
use std::num::NonZero;
use std::ops::Index;

neurona_core::messages! {
    fn bad_rate(rate: &str) {
        en: "the learning rate is a number from 0 up, not {rate}",
        es: "la tasa de aprendizaje es un número desde 0, no {rate}",
    }

    fn usual_rate() {
        en: "0.01 is usual for SGD, 0.001 for the others",
        es: "0,01 es lo usual para SGD, 0,001 para los demás",
    }

    fn not_built() {
        en: "the model does not know the shape of its samples yet, so it has no weights",
        es: "el modelo aún no conoce la forma de sus muestras, así que no tiene pesos",
    }

    fn how_to_build() {
        en: "declare it with Sequential::new([784]), or fit first",
        es: "declárela con Sequential::new([784]), o entrene primero",
    }

    fn wrong_sample(wants: Shape, has: Shape) {
        en: "the model takes samples of shape {wants}, but those of x have shape {has}",
        es: "el modelo recibe muestras de forma {wants}, pero las de x tienen forma {has}",
    }

    fn flatten_or_declare(has: Shape, numbers: usize) {
        en: "reshape x to (rows, {numbers}), or declare Sequential::new({has}) and put Flatten first",
        es: "cambie la forma de x a (filas, {numbers}), o declare Sequential::new({has}) y ponga Flatten primero",
    }

    fn give_that_shape(wants: Shape) {
        en: "give x a first dimension for the rows, then {wants}",
        es: "dé a x una primera dimensión para las filas, y luego {wants}",
    }

    fn wrong_weights(wants: usize, has: usize) {
        en: "the model has {wants} weights, but {has} were given",
        es: "el modelo tiene {wants} pesos, pero se dieron {has}",
    }

    fn wrong_weight(name: &str, wants: Shape, has: Shape) {
        en: "weight \"{name}\" has shape {wants}, not {has}",
        es: "el peso \"{name}\" tiene forma {wants}, no {has}",
    }
}

/// A stack of layers that can be trained: Keras' `Sequential`.
///
/// ```
/// use neurona::prelude::*;
/// let model = Sequential::new([784])
///     .add(Dense::new(10).activation(Sigmoid))
///     .add(Dense::new(10).activation(Softmax));
/// assert_eq!(model.summary()?.total_parameters(), 7_960);
/// # Ok::<(), neurona::Error>(())
/// ```
///
/// A method that returns an error leaves the model exactly as it was, except that training which
/// diverges keeps the weights of the last good step.
pub struct Sequential {
    pub(super) network: Network,
    pub(super) sample: Option<Vec<usize>>,
    pub(super) seed: u64,
    threads: Option<usize>,
    pub(super) compiled: Option<Compiled>,
    pub(super) engine: Option<Engine>,
    cpu: Option<Cpu>,
}

impl Sequential {
    /// A model without layers for samples of this shape: `[784]`, or `[28, 28]`.
    pub fn new(sample: impl Into<Vec<usize>>) -> Sequential {
        Sequential { sample: Some(sample.into()), ..Sequential::deferred() }
    }

    /// A model without layers whose samples' shape is found at the first `fit`.
    pub fn deferred() -> Sequential {
        Sequential {
            network: Network::default(),
            sample: None,
            seed: 0,
            threads: None,
            compiled: None,
            engine: None,
            cpu: None,
        }
    }

    /// Adds a layer at the end. Weights start anew.
    #[expect(clippy::should_implement_trait, reason = "Keras' word")]
    pub fn add(mut self, layer: impl Layer + 'static) -> Sequential {
        self.network.push(Box::new(layer));
        self.engine = None;
        self
    }

    /// What decides all randomness: first weights, order of the samples, dropout. Default: 0.
    /// Weights start anew.
    pub fn seed(mut self, seed: u64) -> Sequential {
        self.seed = seed;
        self.engine = None;
        self
    }

    /// How many threads to use; results do not depend on it. Default: as many as the processor runs.
    pub fn threads(mut self, threads: usize) -> Sequential {
        self.threads = Some(threads.max(1));
        self.cpu = None;
        self
    }

    /// Chooses how to train: optimizer, loss and metrics. Weights stay; the optimizer starts afresh.
    /// Errors: E016 a learning rate that is no number from 0 up; what the layers find wrong (E012, E014,
    /// E016), if the samples' shape is known.
    pub fn compile(
        &mut self,
        optimizer: impl Optimizer + 'static,
        loss: impl Loss + 'static,
        metrics: impl IntoIterator<Item = Metric>,
    ) -> Result<()> {
        if let Some(sample) = &self.sample {
            self.network.build(sample)?;
        }
        let rate = optimizer.learning_rate();
        if !(0.0..=f64::from(f32::MAX)).contains(&rate) {
            return Err(Error::new(Code::E016, bad_rate(&format!("{rate:e}"))).fix(usual_rate()));
        }
        let metrics = metrics.into_iter().collect();
        self.compiled =
            Some(Compiled { loss: Box::new(loss), optimizer: Box::new(optimizer), metrics });
        if let Some(engine) = &mut self.engine {
            engine.recompiled();
        }
        Ok(())
    }

    /// The table of layers, output shapes and parameters. Errors: what the layers find wrong.
    pub fn summary(&self) -> Result<Summary> {
        self.network.summary(self.sample_shape().as_deref())
    }

    /// The shape of one sample, if it is known.
    pub fn sample_shape(&self) -> Option<Vec<usize>> {
        self.engine
            .as_ref()
            .map(|engine| engine.sample.dims().to_vec())
            .or_else(|| self.sample.clone())
    }

    /// The layers.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The weights by name (`dense/kernel`), in the order of the layers.
    /// Errors (E014): the samples' shape is not known yet.
    pub fn weights(&mut self) -> Result<Vec<(String, ArrayD<f32>)>> {
        let engine = self.built()?;
        let read = |(weight, slot): (&Weight, &Slot)| {
            let values = engine.read(*slot, weight.shape);
            Ok((weight.name.clone(), Tensor::new(weight.shape, values)?.into_array()?))
        };
        engine.weights.iter().zip(&engine.slots).map(read).collect()
    }

    /// Sets all weights, in the order of [`weights`](Sequential::weights).
    /// Errors (E012): their number or a shape is wrong; then none is set.
    pub fn set_weights<'a>(
        &mut self,
        weights: impl IntoIterator<Item = impl ToTensor<'a>>,
    ) -> Result<()> {
        let tensors: Vec<Tensor<'a>> =
            weights.into_iter().map(ToTensor::to_tensor).collect::<Result<_>>()?;
        let engine = self.built()?;
        if tensors.len() != engine.weights.len() {
            return Err(Error::new(Code::E012, wrong_weights(engine.weights.len(), tensors.len())));
        }
        for (weight, tensor) in engine.weights.iter().zip(&tensors) {
            if tensor.shape() != weight.shape {
                let text = wrong_weight(&weight.name, weight.shape, tensor.shape());
                return Err(Error::new(Code::E012, text));
            }
        }
        for (i, tensor) in tensors.iter().enumerate() {
            let values: Vec<f32> = tensor.to_f64().into_iter().map(|x| x as f32).collect();
            engine.write(engine.slots[i], tensor.shape(), &values);
        }
        Ok(())
    }

    /// The engine, made now if the samples' shape was declared.
    pub(super) fn built(&mut self) -> Result<&mut Engine> {
        if self.engine.is_none() {
            let not_built = || Error::new(Code::E014, not_built()).fix(how_to_build());
            let sample = Shape::new(self.sample.as_ref().ok_or_else(not_built)?)?;
            self.engine = Some(Engine::new(&self.network, sample, self.seed)?);
        }
        self.engine.as_mut().ok_or_else(not_compiled)
    }

    /// The shape of a sample of `x`, which must be that of the model. Errors: E012.
    pub(super) fn sample_of(&self, x: &Tensor<'_>) -> Result<Shape> {
        let has = Shape::new(x.shape().dims().get(1..).unwrap_or_default())?;
        let wants = match (&self.engine, &self.sample) {
            (Some(engine), _) => engine.sample,
            (None, Some(sample)) => Shape::new(sample)?,
            (None, None) => return Ok(has),
        };
        if has == wants && x.shape().rank() > 0 {
            return Ok(has);
        }
        let fix = match wants.dims() {
            [n] if has.elems() == *n && has.rank() > 1 => flatten_or_declare(has, *n),
            _ => give_that_shape(wants),
        };
        let place =
            self.network.layers().next().map_or("x".to_owned(), |(name, _)| name.to_owned());
        Err(Error::new(Code::E012, wrong_sample(wants, has)).at(place).fix(fix))
    }

    /// Runs `f` with the processor, whose threads are started at the first call.
    pub(super) fn with_cpu<T>(&mut self, f: impl FnOnce(&mut Sequential, &Cpu) -> T) -> T {
        let cpu = self.cpu.take().unwrap_or_else(|| {
            let all = || std::thread::available_parallelism().map_or(1, NonZero::get);
            Cpu::new(self.threads.unwrap_or_else(all))
        });
        let result = f(self, &cpu);
        self.cpu = Some(cpu);
        result
    }
}

impl fmt::Debug for Sequential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sequential").field("network", &self.network).finish_non_exhaustive()
    }
}

/// The loss and metrics of an evaluation: `scores.loss`, `scores["accuracy"]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// The loss.
    pub loss: f64,
    /// The loss and the metrics by name.
    pub logs: Logs,
}

impl Index<&str> for Scores {
    type Output = f64;

    /// # Panics
    /// If there is no number of that name: see [`Logs::get`].
    fn index(&self, name: &str) -> &f64 {
        &self.logs[name]
    }
}

impl fmt::Display for Scores {
    /// `loss: 0.2867 - accuracy: 0.9202`, the loss first as in Keras' list.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss: {:.4}", self.loss)?;
        let metrics = self.logs.iter().filter(|(name, _)| *name != "loss");
        metrics.into_iter().try_for_each(|(name, value)| write!(f, " - {name}: {value:.4}"))
    }
}
