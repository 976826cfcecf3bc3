//! The model that people hold: layers, weights, and the arguments of `compile`.

use super::engine::{Compiled, Engine, not_compiled};
use super::event::Logs;
use super::files::Lack;
use super::held::Held;
use super::history::History;
use super::ranks::how_to_fit;
use crate::cpu::Cpu;
use crate::nn::layers::Layer;
use crate::nn::{
    Finding, Losses, Metric, Metrics, Network, Pretrained, Summary, Symbol, ToOptimizer, Weight,
    WeightedLoss, check_optimizer, narrowed,
};
use crate::tensor::{Shape, Tensor, ToTensor};
use ndarray::ArrayD;
use neurona_core::compile::Slot;
use neurona_core::error::{Code, Error, Result, unknown_name};
use neurona_core::message::Text;
use std::fmt;
use std::num::NonZero;
use std::ops::{Deref, DerefMut, Index};

/// A network that can be trained: layers, weights and the arguments of `compile`. Keras' `Model`.
///
/// ```
/// use neurona::prelude::*;
/// let image = Input::new([28, 28]);
/// let hidden = Dense::new(10).activation(Sigmoid).on(&Flatten.on(&image));
/// let digit = Dense::new(10).activation(Softmax).on(&hidden);
/// let model = Model::new([&image], [&digit])?;
/// assert_eq!(model.summary()?.total_parameters(), 7_960);
/// # Ok::<(), neurona::Error>(())
/// ```
///
/// Training needs the model to itself (`&mut`); asking it does not: an `Arc<Model>` answers any
/// number of threads, one after the other, with the same bits as one.
///
/// A method that returns an error leaves the model exactly as it was, except that training which
/// diverges keeps the steps before the one that was refused.
pub struct Model {
    pub(super) network: Network,
    pub(super) seed: u64,
    threads: Option<usize>,
    pub(super) compiled: Option<Compiled>,
    pub(super) engine: Held<Engine>,
    /// The results of all trainings so far.
    pub(super) history: History,
    pub(super) class_names: Vec<String>,
    /// What was noticed when it was read from a file.
    pub(super) notes: Vec<Finding>,
    /// Why the file that it was read from does not compile it.
    pub(super) lacks: Option<Lack>,
    cpu: Held<Cpu>,
}

impl Model {
    /// The model that leads from inputs to outputs. Errors (E014): an input that is missing, unused, or the
    /// output of a layer; no output.
    pub fn new<'s>(
        inputs: impl IntoIterator<Item = &'s Symbol>,
        outputs: impl IntoIterator<Item = &'s Symbol>,
    ) -> Result<Model> {
        let inputs: Vec<&Symbol> = inputs.into_iter().collect();
        let outputs: Vec<&Symbol> = outputs.into_iter().collect();
        Ok(Model::of(Network::functional(&inputs, &outputs)?))
    }

    /// A model of a network.
    pub fn of(network: Network) -> Model {
        Model {
            network,
            seed: 0,
            threads: None,
            compiled: None,
            engine: Held::default(),
            history: History::default(),
            class_names: Vec::new(),
            notes: Vec::new(),
            lacks: None,
            cpu: Held::default(),
        }
    }

    /// The seed of all randomness: first weights, order of the samples, dropout. Default: 0.
    /// Weights are initialized again.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
        self.engine.set(None);
    }

    /// Changes the seed of the order of the samples and of dropout from here on. Unlike with
    /// [`set_seed`](Model::set_seed), weights stay, and so does the optimizer's state.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([4]).add(Dense::new(2));
    /// let weights = model.weights()?;
    /// model.reseed(7);
    /// assert_eq!((model.random_seed(), model.weights()?), (7, weights));
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn reseed(&mut self, seed: u64) {
        self.seed = seed;
    }

    /// The seed of all randomness, as it was [set](Model::set_seed). Default: 0.
    pub fn random_seed(&self) -> u64 {
        self.seed
    }

    /// How many threads to use; results do not depend on it. Default: all that the processor can run.
    pub fn set_threads(&mut self, threads: usize) {
        self.threads = Some(threads.max(1));
        self.cpu.set(None);
    }

    /// Chooses how to train: optimizer, loss (a tuple of them if there are several outputs, in
    /// their order) and metrics, for every output unless [`Metric::on`] names one. Weights stay;
    /// the optimizer starts afresh.
    ///
    /// Each can be a value, a box with one, or a name as Keras spells it, which stands for its
    /// defaults:
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([4]).add(Dense::new(3).activation("softmax"));
    /// model.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])?;
    /// model.compile(Adam::new(0.01), "sparse_categorical_crossentropy", [Metric::Accuracy])?;
    /// let error = model.compile("adan", "mse", []).unwrap_err();
    /// assert!(error.to_string().contains("Did you mean \"adam\"?"), "{error}");
    /// # Ok::<(), neurona::Error>(())
    /// ```
    ///
    /// Errors: E015 a name, or the output of a metric, that does not exist; E016 a setting of the
    /// optimizer out of range, such as a negative learning rate; E014 not one loss for each output;
    /// anything that the layers find wrong (E012, E014, E015, E016), if the samples' shape is
    /// known.
    pub fn compile(
        &mut self,
        optimizer: impl ToOptimizer,
        loss: impl Losses,
        metrics: impl Metrics,
    ) -> Result<()> {
        if let Some(samples) = &self.network.samples() {
            self.network.build(samples)?;
        }
        let optimizer = optimizer.to_optimizer().map_err(|error| error.at("optimizer"))?;
        check_optimizer(&*optimizer)?;
        let losses = loss.losses().map_err(|error| error.at("loss"))?;
        let metrics = metrics.metrics().map_err(|error| error.at("metrics"))?;
        let outputs = self.network.output_names();
        check_losses(&losses, &outputs)?;
        let metrics = metrics_of(&outputs, &metrics)?;
        self.compiled = Some(Compiled { losses, optimizer, metrics, loss_scale: None });
        self.lacks = None;
        if let Some(engine) = self.engine.as_mut() {
            engine.recompiled();
        }
        Ok(())
    }

    /// The table of layers, output shapes and parameters. Errors: anything that the layers find
    /// wrong.
    pub fn summary(&self) -> Result<Summary> {
        self.network.summary(self.sample_shapes().as_deref())
    }

    /// The shape of one sample of each input, if it is known.
    pub fn sample_shapes(&self) -> Option<Vec<Vec<usize>>> {
        let built = self.engine.lock();
        built
            .as_ref()
            .map(|engine| engine.samples.iter().map(|s| s.dims().to_vec()).collect())
            .or_else(|| self.network.samples())
    }

    /// The layers.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Keeps training from changing a layer's weights; a layer that behaves differently in
    /// training, as batch normalization does, then works as in prediction. The optimizer starts
    /// afresh. Errors (E015): no such layer.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([4]).add(Dense::new(8).named("base")).add(Dense::new(1));
    /// model.freeze("base")?;
    /// assert_eq!(model.summary()?.trainable_parameters(), 9);
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn freeze(&mut self, layer: &str) -> Result<()> {
        self.set_trainable(layer, false)
    }

    /// Lets training change a layer's weights again: see [`freeze`](Model::freeze).
    pub fn unfreeze(&mut self, layer: &str) -> Result<()> {
        self.set_trainable(layer, true)
    }

    fn set_trainable(&mut self, layer: &str, trainable: bool) -> Result<()> {
        self.network.set_trainable(layer, trainable)?;
        if let Some(engine) = self.engine.as_mut() {
            engine.recompiled();
        }
        Ok(())
    }

    /// A model with the same layers, not compiled, with weights of its own.
    pub fn clone_model(&self) -> Model {
        Model { seed: self.seed, threads: self.threads, ..Model::of(self.network.clone()) }
    }

    /// The model as a layer of another one, with its weights as they are now: see [`Pretrained`].
    /// Errors (E014): it has none yet.
    pub fn as_layer(&self) -> Result<Pretrained> {
        let weights = self.weights()?.into_iter();
        let values = weights.map(|(name, array)| (name, array.into_iter().collect()));
        let values: Vec<(String, Vec<f32>)> = values.collect();
        Ok(Pretrained::new(self.network.clone(), values))
    }

    /// The weights by name (`dense/kernel`), in the order of the layers.
    /// Errors (E014): the samples' shape is not known yet.
    pub fn weights(&self) -> Result<Vec<(String, ArrayD<f32>)>> {
        self.with_engine(|engine| {
            let read = |(weight, slot): (&Weight, &Slot)| {
                let values = engine.read(*slot, weight.shape);
                Ok((weight.name.clone(), Tensor::new(weight.shape, values)?.into_array()?))
            };
            engine.weights.iter().zip(&engine.slots).map(read).collect()
        })
    }

    /// Sets all weights, in the order of [`weights`](Model::weights). Errors: E012 their number or
    /// a shape is wrong, E023 a double is beyond the range of 32 bits; then none are set.
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
        let mut values = Vec::new();
        for (weight, tensor) in engine.weights.iter().zip(&tensors) {
            if tensor.shape() != weight.shape {
                let text = wrong_weight(&weight.name, weight.shape, tensor.shape());
                return Err(Error::new(Code::E012, text));
            }
            values.push(narrowed(&weight.name, tensor)?);
        }
        for (i, (tensor, values)) in tensors.iter().zip(values).enumerate() {
            engine.write(engine.slots[i], tensor.shape(), &values);
        }
        Ok(())
    }

    /// The engine, made now if the samples' shape was declared.
    pub(super) fn built(&mut self) -> Result<&mut Engine> {
        if self.engine.is_none() {
            let made = self.made()?;
            self.engine.set(Some(made));
        }
        self.engine.as_mut().ok_or_else(not_compiled)
    }

    fn made(&self) -> Result<Engine> {
        let not_built = || Error::new(Code::E014, not_built()).fix(how_to_build());
        let samples = self.network.samples().ok_or_else(not_built)?;
        let samples = samples.iter().map(|s| Shape::new(s)).collect::<Result<_>>()?;
        Engine::new(&self.network, samples, self.seed)
    }

    /// Runs `f` with the engine, made now if the samples' shape was declared, while others wait.
    pub(super) fn with_engine<T>(&self, f: impl FnOnce(&mut Engine) -> Result<T>) -> Result<T> {
        let mut held = self.engine.lock();
        match &mut *held {
            Some(engine) => f(engine),
            none => f(none.insert(self.made()?)),
        }
    }

    /// The same with the processor.
    pub(super) fn with_engine_and_cpu<T>(
        &self,
        f: impl FnOnce(&mut Engine, &Cpu) -> Result<T>,
    ) -> Result<T> {
        self.with_engine(|engine| f(engine, self.cpu.lock().get_or_insert_with(|| self.new_cpu())))
    }

    fn new_cpu(&self) -> Cpu {
        let all = || std::thread::available_parallelism().map_or(1, NonZero::get);
        Cpu::new(self.threads.unwrap_or_else(all))
    }

    /// The sample shapes of all inputs, which must match the model's. Errors: E012; E024 inputs of
    /// unequal length.
    pub(super) fn samples_of(&self, x: &[Tensor<'_>]) -> Result<Vec<Shape>> {
        let names: Vec<&str> = self.network.input_names().collect();
        if x.len() != names.len() {
            let text = wrong_inputs(names.len(), &names.join(", "), x.len());
            return Err(Error::new(Code::E012, text).fix(tuple_of_inputs()));
        }
        if let Some(other) = x.iter().find(|other| other.rows() != x[0].rows()) {
            return Err(Error::new(Code::E024, inputs_differ(x[0].rows(), other.rows())));
        }
        let wanted: Option<Vec<Shape>> = match &*self.engine.lock() {
            Some(engine) => Some(engine.samples.clone()),
            None => {
                let declared = self.network.samples();
                declared.map(|all| all.iter().map(|s| Shape::new(s)).collect()).transpose()?
            }
        };
        let mut samples = Vec::new();
        for (i, x) in x.iter().enumerate() {
            let has = Shape::new(x.shape().dims().get(1..).unwrap_or_default())?;
            if let Some(wants) = wanted.as_ref().map(|wanted| wanted[i])
                && (has != wants || x.shape().rank() == 0)
            {
                return Err(self.wrong_sample(i, wants, has, x.shape()));
            }
            samples.push(has);
        }
        Ok(samples)
    }

    fn wrong_sample(&self, input: usize, wants: Shape, has: Shape, x: Shape) -> Error {
        // In a stack of layers, the first one is where the shape matters.
        let first = self.network.layers().next().map(|(name, _)| name.to_owned());
        let inputs: Vec<&str> = self.network.input_names().collect();
        let place = match inputs[..] {
            [_] => first.unwrap_or_else(|| "x".to_owned()),
            _ => inputs[input].to_owned(),
        };
        if x == wants {
            return Error::new(Code::E012, one_sample(wants)).at(place).fix(how_to_fit(wants, x));
        }
        Error::new(Code::E012, wrong_sample(wants, has)).at(place).fix(how_to_fit(wants, x))
    }

    /// Runs `f` with the processor, whose threads are started at the first call.
    pub(super) fn with_cpu<T>(&mut self, f: impl FnOnce(&mut Model, &Cpu) -> T) -> T {
        let cpu = self.cpu.take().unwrap_or_else(|| self.new_cpu());
        let result = f(self, &cpu);
        self.cpu.set(Some(cpu));
        result
    }
}

/// Errors: E014 there is not one loss for each output; E016 a weight is not finite in 32 bits.
pub(super) fn check_losses(losses: &[WeightedLoss], outputs: &[String]) -> Result<()> {
    if losses.len() != outputs.len() {
        let text = wrong_losses(losses.len(), outputs.len(), &outputs.join(", "));
        return Err(Error::new(Code::E014, text).fix(one_loss_each()));
    }
    match losses.iter().find(|loss| !(loss.weight as f32).is_finite()) {
        None => Ok(()),
        Some(loss) => {
            let text = bad_loss_weight(loss.loss.name(), loss.weight);
            Err(Error::new(Code::E016, text).at("loss").fix(give_loss_weight()))
        }
    }
}

/// The metrics of each output. Errors (E015): one is for an output that does not exist.
pub(super) fn metrics_of(outputs: &[String], metrics: &[Metric]) -> Result<Vec<Vec<Metric>>> {
    let known: Vec<&str> = outputs.iter().map(String::as_str).collect();
    if let Some(name) = metrics.iter().filter_map(Metric::output).find(|o| !known.contains(o)) {
        let kind = Text::new("output", "ninguna salida");
        return Err(unknown_name(&kind, name, &known).at("metrics"));
    }
    let of = |output: &&str| {
        let own = metrics.iter().filter(|metric| metric.output().is_none_or(|o| o == *output));
        own.cloned().collect()
    };
    Ok(known.iter().map(of).collect())
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("network", &self.network).finish_non_exhaustive()
    }
}

/// A stack of layers that can be trained: Keras' `Sequential`. It has all of [`Model`]'s methods,
/// too.
///
/// ```
/// use neurona::prelude::*;
/// let model = Sequential::new([784])
///     .add(Dense::new(10).activation(Sigmoid))
///     .add(Dense::new(10).activation(Softmax));
/// assert_eq!(model.summary()?.total_parameters(), 7_960);
/// # Ok::<(), neurona::Error>(())
/// ```
#[derive(Debug)]
pub struct Sequential(Model);

impl Sequential {
    /// A model without layers for samples of this shape: `[784]`, or `[28, 28]`.
    pub fn new(sample: impl Into<Vec<usize>>) -> Sequential {
        let mut network = Network::default();
        network.declare_sample(sample.into());
        Sequential(Model::of(network))
    }

    /// A model without layers whose samples' shape is found at the first `fit`.
    pub fn deferred() -> Sequential {
        Sequential(Model::of(Network::default()))
    }

    /// Adds a layer at the end. Weights are initialized again.
    #[expect(clippy::should_implement_trait, reason = "Keras' word")]
    pub fn add(mut self, layer: impl Layer + 'static) -> Sequential {
        self.0.network.push(Box::new(layer));
        self.0.engine.set(None);
        self
    }

    /// With this seed: see [`Model::set_seed`].
    pub fn seed(mut self, seed: u64) -> Sequential {
        self.0.set_seed(seed);
        self
    }

    /// With this many threads: see [`Model::set_threads`].
    pub fn threads(mut self, threads: usize) -> Sequential {
        self.0.set_threads(threads);
        self
    }

    /// The shape of one sample, if it is known.
    pub fn sample_shape(&self) -> Option<Vec<usize>> {
        self.0.sample_shapes().and_then(|mut shapes| shapes.pop())
    }
}

impl Deref for Sequential {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.0
    }
}

impl DerefMut for Sequential {
    fn deref_mut(&mut self) -> &mut Model {
        &mut self.0
    }
}

impl From<Sequential> for Model {
    fn from(sequential: Sequential) -> Model {
        sequential.0
    }
}

/// The loss and metrics of an evaluation: `scores.loss`, `scores["accuracy"]`.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Scores {
    /// The loss.
    pub loss: f64,
    /// The loss and the metrics by name.
    pub logs: Logs,
}

impl Index<&str> for Scores {
    type Output = f64;

    /// # Panics
    /// If there is no number with that name: see [`Logs::get`].
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

neurona_core::messages! {
    fn not_built() {
        en: "the model does not know the shape of its samples yet, so it has no weights",
        es: "el modelo aún no conoce la forma de sus muestras, así que no tiene pesos",
    }

    fn how_to_build() {
        en: "declare it with Sequential::new([784]), or fit first",
        es: "declárela con Sequential::new([784]), o entrene primero",
    }

    fn wrong_sample(wants: Shape, has: Shape) {
        en: "the model takes samples of shape {wants}, but the samples in x have shape {has}",
        es: "el modelo recibe muestras de forma {wants}, pero las de x tienen forma {has}",
    }

    fn one_sample(wants: Shape) {
        en: "x is a single sample of shape {wants}, without a dimension for the rows",
        es: "x es una sola muestra de forma {wants}, sin una dimensión para las filas",
    }

    fn wrong_losses(losses: usize, outputs: usize, names: &str) {
        en: "{losses} losses for {outputs} outputs ({names})",
        es: "{losses} pérdidas para {outputs} salidas ({names})",
    }

    fn bad_loss_weight(loss: &str, weight: f64) {
        en: "the weight of {loss} must be a finite number of 32 bits, not {weight}",
        es: "el peso de {loss} debe ser un número finito de 32 bits, no {weight}",
    }

    fn give_loss_weight() {
        en: "give it a weight such as 1, or 0 to leave it out of the sum",
        es: "dele un peso como 1, o 0 para dejarla fuera de la suma",
    }

    fn one_loss_each() {
        en: "give a tuple with one loss for each output, in their order",
        es: "dé una tupla con una pérdida por salida, en su orden",
    }

    fn wrong_inputs(wants: usize, names: &str, has: usize) {
        en: "the model takes {wants} inputs ({names}), but {has} were given",
        es: "el modelo recibe {wants} entradas ({names}), pero se dieron {has}",
    }

    fn tuple_of_inputs() {
        en: "give a tuple with one array for each input, in their order",
        es: "dé una tupla con un array por entrada, en su orden",
    }

    fn inputs_differ(rows: usize, other: usize) {
        en: "the inputs of the model have {rows} and {other} rows",
        es: "las entradas del modelo tienen {rows} y {other} filas",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_has_the_seed_and_the_threads_of_its_original() {
        let mut model = Sequential::new([3]).threads(3);
        model.set_seed(5);
        let clone = model.clone_model();
        assert_eq!((clone.seed, clone.threads), (5, Some(3)));
    }
}
