//! Whole models in files: Keras' `.keras`, both ways, and its older `.h5`.

mod archive;
mod beside;
mod by_layer;
mod compiled;
mod keras2;
mod legacy;
mod loss_scale;
mod memories;
mod missing;
mod names;
mod own;
mod weights;

use super::divergence::finite;
use super::engine::{Compiled, Engine, not_compiled};
use super::history::History;
use super::model::Model;
use crate::data::{file, foreign};
use crate::nn::config::{Map, Value};
use crate::nn::{Finding, LearningRate, Network};
use crate::tensor::Shape;
use archive::Members;
use beside::Beside;
pub(super) use compiled::Lack;
pub(super) use loss_scale::LossScale;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;
use neurona_formats::hdf5::{self, Group};
use neurona_formats::zip;
pub(super) use own::Own;
use std::io::Read;
use std::path::Path;

/// The members of a `.keras` file.
const CONFIG: &str = "config.json";
const METADATA: &str = "metadata.json";
const WEIGHTS: &str = "model.weights.h5";
const OWN: &str = "neurona.json";

/// The largest description: in memory it takes some ten times as much. The descriptions of Keras'
/// largest models have some hundred thousand bytes.
const MAX_JSON: usize = 4 << 20;

/// The version of Keras whose files these are.
const KERAS: &str = "3.15.1";

impl Model {
    /// Writes the whole model to a `.keras` file, whole or not at all: layers, weights, what
    /// `compile` was given, the optimizer's state; and, for our own use, seed, history and class
    /// names. Keras 3 reads it, predicts with it and trains it further. The same model gives the
    /// same bytes.
    ///
    /// Keras refuses names with a slash: in the file they have an underscore instead, as
    /// [`left_out`](Model::left_out) says (`W043`). When the file is read here, they have their own
    /// names again.
    ///
    /// Losses, metrics and optimizers of your own have no name in files: they are left out, and
    /// without loss or optimizer the file holds a model that is not compiled.
    /// [`left_out`](Model::left_out) says what that is, and so do the [`notes`](Model::notes) of
    /// the model that is loaded.
    ///
    /// Errors: E016 another ending, E014 the samples' shape is not known yet, E034 a layer of your own, E035 the system
    /// refuses. Source: Keras' `Model.save`.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let path = std::env::temp_dir().join(format!("model-{}.keras", std::process::id()));
    /// let mut model = Sequential::new([4]).add(Dense::new(2).activation(Softmax));
    /// model.compile(Adam::default(), CategoricalCrossentropy::default(), [Metric::Accuracy])?;
    /// model.save(&path)?;
    /// let mut loaded = Model::load(&path)?;
    /// assert_eq!(loaded.weights()?, model.weights()?);
    /// # std::fs::remove_file(path).ok();
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let Model { network, compiled, .. } = self;
        self.with_engine(|engine| {
            let own = self.own(engine);
            save(path.as_ref(), network, compiled.as_ref(), engine, own)
        })
    }

    /// The model in a file: `.keras` as [`save`](Model::save) or Keras 3 wrote it, or an `.h5` of
    /// Keras 2 or 3. It is compiled if it was when it was saved, with the optimizer's state.
    ///
    /// A file can name layers, losses, metrics and optimizers from a closed list, and nothing else:
    /// no code is run, no other file is opened. Everything is computed in `float32`, whatever
    /// precision the file was trained in. What it is compiled with does not decide whether it can
    /// be read: anything that cannot be used here is among the [notes](Model::notes), and
    /// [`recompile`](Model::recompile) supplies it. An optimizer's state that does not fit is left
    /// out, as in Keras.
    ///
    /// Errors: E031 no such file, E034 it is damaged or something in it is not supported, E015 a
    /// name that does not exist, E023 a weight is a double beyond the range of 32 bits, E038 it
    /// asks for code to be run, E035 the system refuses to read it. Source: Keras' `load_model`.
    pub fn load(path: impl AsRef<Path>) -> Result<Model> {
        let path = path.as_ref();
        foreign::check_model_path(path)?;
        let mut bytes = Vec::new();
        let read = file::open(path)?.read_to_end(&mut bytes).map_err(|why| file::unreadable(&why));
        read.and_then(|_| Model::from_bytes(&bytes))
            .map_err(|error| error.inside(path.display().to_string()))
    }

    /// The model in the bytes of a file: see [`load`](Model::load).
    pub fn from_bytes(bytes: &[u8]) -> Result<Model> {
        if bytes.starts_with(b"PK") {
            from_keras(bytes)
        } else if hdf5::is_hdf5(bytes) {
            legacy::read(bytes)
        } else {
            Err(foreign::instead_of_a_model(bytes))
        }
    }

    /// The bytes of a `.keras` file: see [`save`](Model::save).
    pub fn to_keras(&self) -> Result<Vec<u8>> {
        let Model { network, compiled, .. } = self;
        self.with_engine(|engine| {
            let own = self.own(engine);
            keras(network, compiled.as_ref(), engine, own)
        })
    }

    fn own(&self, engine: &Engine) -> Own {
        Own {
            seed: self.seed,
            epochs: engine.epochs,
            history: self.history.clone(),
            class_names: self.class_names.clone(),
            ..Own::default()
        }
    }

    /// Loads the weights from a `.weights.h5` or a `.keras` file, and the optimizer's state if the file and the model
    /// have one.
    pub(super) fn load_weights_of_keras(&mut self, path: &Path) -> Result<()> {
        self.built()?;
        file::read(path, |bytes| {
            if !bytes.starts_with(b"PK") {
                return self.take_weights(&hdf5::read(bytes)?);
            }
            let file = Members::open(bytes)?.read(WEIGHTS)?;
            let taken = hdf5::read(&file).and_then(|root| self.take_weights(&root));
            taken.map_err(|error| error.inside(WEIGHTS))
        })
    }

    /// Takes the weights, and the optimizer's state if there is one. Errors: then nothing has
    /// changed, because everything is read first.
    fn take_weights(&mut self, root: &Group<'_>) -> Result<()> {
        let Model { network, compiled, engine, .. } = &mut *self;
        let engine = engine.as_mut().ok_or_else(not_compiled)?;
        let values = match by_layer::layers(root) {
            Some(layers) => by_layer::values(layers, network, &engine.weights)?,
            None => weights::read(root, network, &engine.weights)?,
        };
        let usable = compiled.as_mut().filter(|own| own.optimizer.check().is_ok());
        let state = match &usable {
            Some(compiled) => memories::read(root, network, compiled, engine)?,
            None => None,
        };
        for (i, values) in values.iter().enumerate() {
            engine.write(engine.slots[i], engine.weights[i].shape, values);
        }
        if let (Some(compiled), Some(state)) = (usable, state) {
            state.set(compiled, engine);
        }
        Ok(())
    }

    /// Sets the weights of those layers that have the same names in an older Keras file (`.h5`, of
    /// weights alone or of a whole model), and leaves all others as they are: to continue from a
    /// part of another model. With `skip_mismatch`, layers with the same name whose weights have
    /// another number or other shapes are left as they are, too. Returns the names of the layers
    /// that were set.
    ///
    /// Errors: E014 the samples' shape is not known yet, E031, E034 and E035 the file cannot be
    /// read, is not an older one, or has no layer with one of the model's names; E034 weights do
    /// not match; E023 a double is beyond the range of 32 bits; then no weight has changed. Source:
    /// Keras' `load_weights(path, by_name=True, skip_mismatch=…)`.
    pub fn load_weights_by_name(
        &mut self,
        path: impl AsRef<Path>,
        skip_mismatch: bool,
    ) -> Result<Vec<String>> {
        self.built()?;
        file::read(path.as_ref(), |bytes| {
            let root = hdf5::read(bytes)?;
            let Model { network, engine, .. } = &mut *self;
            let engine = engine.as_mut().ok_or_else(not_compiled)?;
            let layers = by_layer::layers(&root)
                .ok_or_else(|| Error::new(Code::E034, not_by_name()).fix(all_weights()))?;
            let read = by_layer::values_by_name(layers, network, &engine.weights, skip_mismatch);
            let (taken, values) = read?;
            for (i, values) in &values {
                engine.write(engine.slots[*i], engine.weights[*i].shape, values);
            }
            Ok(taken)
        })
    }

    /// What was noticed when the model was read from a file: weights or an optimizer's state that
    /// are not finite (`W023`), an optimizer that starts afresh (`W039`), a loss, an optimizer, a
    /// metric, or a layer's initializer, regularizer or constraint that cannot be used here
    /// (`W040`), a precision that is not used (`W041`), a formula of Keras 2 (`W042`); and anything
    /// that the program that wrote it left out as its own (`W038`). The command shows these notes;
    /// a program that loads models may want to.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let path = std::env::temp_dir().join(format!("notes-{}.keras", std::process::id()));
    /// Sequential::new([4]).add(Dense::new(2)).save(&path)?;
    /// for note in Model::load(&path)?.notes() {
    ///     println!("{} {}", note.code, note.text.get(neurona::message::Lang::En));
    /// }
    /// # std::fs::remove_file(path).ok();
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn notes(&self) -> &[Finding] {
        &self.notes
    }

    /// Anything that [`save`](Model::save) leaves out of the file (`W038`): loss, optimizer and
    /// metrics of your own; and names that Keras reads differently (`W043`). Empty if there is
    /// nothing.
    ///
    /// ```
    /// use neurona::graph::Expr;
    /// use neurona::prelude::*;
    ///
    /// #[derive(Debug)]
    /// struct Close;
    ///
    /// impl CustomMetric for Close {
    ///     fn name(&self) -> &str {
    ///         "close"
    ///     }
    ///
    ///     fn parts<'g>(&self, target: Expr<'g>, prediction: Expr<'g>, _: Option<Expr<'g>>) -> Expr<'g> {
    ///         (prediction - target).abs().less(target.fill_like(0.1)).cast(DType::F32).sum_all()
    ///     }
    ///
    ///     fn result(&self, sums: &[f64], samples: f64) -> f64 {
    ///         sums[0] / samples
    ///     }
    /// }
    ///
    /// let mut model = Sequential::new([4]).add(Dense::new(1));
    /// model.compile("sgd", "mse", [Metric::custom(Close), Metric::MeanAbsoluteError])?;
    /// let notes = model.left_out();
    /// assert_eq!((notes.len(), notes[0].code), (1, "W038"));
    ///
    /// let path = std::env::temp_dir().join(format!("own-{}.keras", std::process::id()));
    /// model.save(&path)?;
    /// assert_eq!(Model::load(&path)?.notes(), notes);
    /// # std::fs::remove_file(path).ok();
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn left_out(&self) -> Vec<Finding> {
        let mut notes = self.compiled.as_ref().map(compiled::left_out).unwrap_or_default();
        notes.extend(names::note(&names::for_keras(&self.network).1));
        notes
    }

    /// What the model is compiled with, in the words of a `.keras` file: Keras'
    /// `get_compile_config`, with `optimizer`, `loss`, `loss_weights`, `metrics` and
    /// `weighted_metrics`. `None` if it is not compiled, or the optimizer or a loss is one of your
    /// own, for which files have no name. Metrics of your own are left out. How many classes a
    /// metric counts is not known before the samples' shape is.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([4]).add(Dense::new(1));
    /// assert!(model.compile_config().is_none());
    /// model.compile(Sgd::default(), MeanSquaredError, [])?;
    /// let config = model.compile_config().expect("compiled");
    /// assert_eq!(config["optimizer"]["class_name"], "SGD");
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn compile_config(&self) -> Option<Value> {
        let compiled = self.compiled.as_ref()?;
        let outputs = match &*self.engine.lock() {
            Some(engine) => engine.outputs.clone(),
            None => {
                let built = self.network.samples().map(|samples| self.network.build(&samples));
                let unknown = || vec![Shape::SCALAR; compiled.losses.len()];
                built.and_then(Result::ok).map_or_else(unknown, |built| built.outputs)
            }
        };
        let mut config = compiled::to_json(compiled, &outputs)?;
        if let Some(optimizer) = compiled::own_optimizer(&*compiled.optimizer) {
            config["optimizer"] = optimizer;
        }
        Some(config)
    }

    /// The history of all trainings of this model so far, including those before it was saved.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The names of the classes that the outputs stand for, if they were [set](Model::set_class_names).
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// Sets what the outputs stand for: kept with the model in its file.
    pub fn set_class_names<N: Into<String>>(&mut self, names: impl IntoIterator<Item = N>) {
        self.class_names = names.into_iter().map(Into::into).collect();
    }
}

/// Writes a whole model: see [`Model::save`].
pub(super) fn save(
    path: &Path,
    network: &Network,
    compiled: Option<&Compiled>,
    engine: &mut Engine,
    own: Own,
) -> Result<()> {
    if !is_keras(path) {
        return Err(Error::new(Code::E016, not_keras(&path.display().to_string())));
    }
    file::write(path, keras(network, compiled, engine, own))
}

/// An optimizer that says, when it is needed, that there is none.
pub(super) fn no_optimizer() -> Box<dyn crate::nn::Optimizer> {
    Box::new(missing::MissingOptimizer::new(without_optimizer()))
}

/// Whether a path names a whole model's file.
pub(super) fn is_keras(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("keras"))
}

fn keras(
    network: &Network,
    compiled: Option<&Compiled>,
    engine: &mut Engine,
    mut own: Own,
) -> Result<Vec<u8>> {
    let (renamed, names) = names::for_keras(network);
    own.names = names;
    let mut config = renamed.to_json()?;
    let mut root = Group::default();
    weights::write(&mut root, network, engine)?;
    let json = compiled.and_then(|compiled| compiled::to_json(compiled, &engine.outputs));
    if let Some((compiled, json)) = compiled.zip(json) {
        config["compile_config"] = json;
        memories::write(&mut root, network, compiled, engine)?;
        own.optimizer = compiled::own_optimizer(&*compiled.optimizer);
    }
    own.left_out = compiled.map(compiled::left_out).unwrap_or_default();
    let metadata = Map::from_iter([("keras_version".to_owned(), KERAS.into())]);
    let text = |json: &Value| json.to_string().into_bytes();
    zip::write(&[
        (METADATA, &text(&Value::Object(metadata))),
        (CONFIG, &text(&config)),
        (WEIGHTS, &hdf5::write(&root)?),
        (OWN, &text(&own.to_json())),
    ])
}

/// The bytes of a `.weights.h5` file: the weights, and the optimizer's state if there is one, as in Keras.
pub(super) fn weights_h5(
    network: &Network,
    compiled: Option<&Compiled>,
    engine: &mut Engine,
) -> Result<Vec<u8>> {
    let mut root = Group::default();
    weights::write(&mut root, network, engine)?;
    if let Some(compiled) = compiled {
        memories::write(&mut root, network, compiled, engine)?;
    }
    hdf5::write(&root)
}

fn from_keras(bytes: &[u8]) -> Result<Model> {
    if let Some(other) = foreign::other_archive(bytes) {
        return Err(other);
    }
    let archive = Members::open(bytes)?;
    let mut config = archive.json(CONFIG)?;
    let metadata = if archive.contains(METADATA) { archive.json(METADATA)? } else { Value::Null };
    let before_3 =
        metadata["keras_version"].as_str().filter(|version| keras2::wrote(Some(version)));
    let mut notes = Vec::new();
    if let Some(version) = before_3 {
        // First the form, then the formulas, which are looked for in today's form.
        legacy::modern_model(&mut config);
        if let Some(compile) = config.get_mut("compile_config") {
            keras2::name_metrics(compile, &[]);
            *compile = legacy::modern_training(compile.take());
        }
        notes = keras2::translate(&mut config, version);
    }
    let beside = Beside::taken_from(&mut config);
    notes.extend(beside.notes());
    let file = archive.read(WEIGHTS)?;
    let mut root = hdf5::read(&file).map_err(|error| error.inside(WEIGHTS))?;
    let adapted = |place: crate::nn::config::Place<'_>| weights::adapted(&root, place);
    let network = Network::from_json(&config, &adapted).map_err(|error| error.inside(CONFIG))?;
    let own = if archive.contains(OWN) { archive.json(OWN)? } else { Value::Null };
    let own = Own::from_json(&own).map_err(|error| error.inside(OWN))?;
    let mut model = Model::of(names::ours(&network, &own.names));
    model.seed = own.seed;
    model.history = own.history;
    model.class_names = own.class_names;
    model.notes = own.left_out;
    model.notes.extend(notes);
    let compile = config.get("compile_config").unwrap_or(&Value::Null);
    take_compiled(&mut model, compile, own.optimizer.as_ref());
    beside.apply(&mut model);
    let values = |network: &Network, weights: &[crate::nn::Weight]| {
        weights::read(&root, network, weights).map_err(|error| error.inside(WEIGHTS))
    };
    fill(&mut model, values)?;
    if let Some(compiled) = model.compiled.as_ref().filter(|_| before_3.is_some()) {
        let rate = match compiled.optimizer.learning_rate() {
            LearningRate::Constant(rate) => Some(*rate as f32),
            _ => None,
        };
        let object = compiled.optimizer.config();
        let idle = object.is_some_and(|o| legacy::keeps_idle_momenta(&o.class, &o.config));
        legacy::with_rate(&mut root, rate, idle)?;
    }
    // Optimizers from before 2.11 leave nothing of themselves in a .keras file.
    let lost = before_3.is_some() && !memories::have_place(&root);
    take_memories(&mut model, &root, lost);
    if let Some(engine) = model.engine.as_mut() {
        engine.epochs = own.epochs;
    }
    Ok(model)
}

/// Makes the weights of a model and gives them their values. The values are there, with the right shapes, before
/// memory is asked for. A model whose samples are not known has none.
fn fill(
    model: &mut Model,
    values: impl FnOnce(&Network, &[crate::nn::Weight]) -> Result<Vec<Vec<f32>>>,
) -> Result<()> {
    let Some(samples) = model.network.samples() else { return Ok(()) };
    let weights = model.network.build(&samples)?.weights;
    let values = values(&model.network, &weights)?;
    let samples = samples.iter().map(|s| Shape::new(s)).collect::<Result<_>>()?;
    let mut engine = Engine::new(&model.network, samples, model.seed)?;
    for (i, values) in values.iter().enumerate() {
        engine.write(engine.slots[i], engine.weights[i].shape, values);
    }
    model.engine.set(Some(engine));
    Ok(())
}

/// Compiles a model as a file says, as far as that can be used here.
fn take_compiled(model: &mut Model, json: &Value, own: Option<&Value>) {
    let read = compiled::from_json(json, own, &model.network.output_names());
    model.compiled = read.compiled;
    model.lacks = read.lacks;
    model.notes.extend(read.notes);
}

/// Gives a model's optimizer its state, and notes anything out of the ordinary. The optimizer's
/// state is not what a model is about: if it cannot be used, the optimizer starts afresh. `lost`
/// says that nothing is there even for an optimizer that has trained.
fn take_memories(model: &mut Model, root: &Group<'_>, lost: bool) {
    let Model { network, compiled, engine, notes, .. } = model;
    notes.extend(precision_note(network));
    let Some(engine) = engine.as_mut() else { return };
    if !finite(engine) {
        notes.push(Finding { code: "W023", text: not_finite() });
    }
    let Some(compiled) = compiled.as_mut().filter(|compiled| compiled.optimizer.check().is_ok())
    else {
        return;
    };
    let name = compiled.optimizer.name();
    let text = match memories::read(root, network, compiled, engine) {
        Ok(Some(state)) => {
            if !state.is_finite() {
                notes.push(Finding { code: "W023", text: state_not_finite(name) });
            }
            return state.set(compiled, engine);
        }
        Ok(None) if !lost && !memories::are_there(root) => return,
        Ok(None) => optimizer_afresh(name),
        Err(error) => optimizer_unread(name, error.reason()),
    };
    notes.push(Finding { code: "W039", text });
}

/// The note that layers ask for another precision (W041).
fn precision_note(network: &Network) -> Option<Finding> {
    let all = network.precisions();
    let mut policies: Vec<&str> = all.iter().map(|(_, policy)| policy.as_str()).collect();
    policies.sort_unstable();
    policies.dedup();
    let layers: Vec<&str> = all.iter().map(|(layer, _)| layer.as_str()).take(5).collect();
    let more = if all.len() > layers.len() { ", …" } else { "" };
    let text = other_precision(&policies.join(", "), &format!("{}{more}", layers.join(", ")));
    (!all.is_empty()).then_some(Finding { code: "W041", text })
}

/// Errors (E034): this is not valid JSON, nested too deep, or too large.
fn parse(bytes: &[u8]) -> Result<Value> {
    if bytes.len() > MAX_JSON {
        return Err(Error::new(Code::E034, too_long(bytes.len(), MAX_JSON)));
    }
    let parsed = serde_json::from_slice(bytes).or_else(|why| match infinities_as_null(bytes) {
        Some(bytes) => serde_json::from_slice(&bytes),
        None => Err(why),
    });
    parsed.map_err(|why| Error::new(Code::E034, not_json(&why.to_string())))
}

/// The text with `null` for each infinite number, which Python writes although JSON does not allow
/// it: an infinite bound is not a bound. `None` if the text has no such number.
fn infinities_as_null(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut text, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    let (mut quoted, mut found) = (false, false);
    while let [first, after @ ..] = rest {
        let mut infinite = ["Infinity", "-Infinity"].iter().filter(|_| !quoted);
        if let Some(after) = infinite.find_map(|word| rest.strip_prefix(word.as_bytes())) {
            text.extend(b"null");
            (rest, found) = (after, true);
            continue;
        }
        let escaped = usize::from(quoted && *first == b'\\' && !after.is_empty());
        quoted ^= *first == b'"';
        text.extend(&rest[..=escaped]);
        rest = &after[escaped..];
    }
    found.then_some(text)
}

neurona_core::messages! {
    fn not_keras(path: &str) {
        en: "{path} does not end in .keras, the kind of file that whole models are kept in",
        es: "{path} no termina en .keras, el tipo de archivo en que se guardan modelos enteros",
    }

    fn not_json(reason: &str) {
        en: "this is not valid JSON: {reason}",
        es: "no es JSON válido: {reason}",
    }

    /// W023.
    fn not_finite() {
        en: "some weights in the file are NaN or infinite, so predictions will be too",
        es: "algunos pesos del archivo son NaN o infinitos, y las predicciones también lo serán",
    }

    /// W023.
    fn state_not_finite(name: &str) {
        en: "some numbers in the state of {name} in the file are NaN or infinite, so training stops at its first step until the model is compiled again",
        es: "algunos números del estado de {name} en el archivo son NaN o infinitos, así que el entrenamiento se detiene en el primer paso mientras no se compile de nuevo el modelo",
    }

    /// W039.
    fn optimizer_afresh(name: &str) {
        en: "the file does not have the state of {name} for these weights: the optimizer starts afresh",
        es: "el archivo no tiene el estado de {name} para estos pesos: el optimizador empieza de cero",
    }

    fn too_long(has: usize, most: usize) {
        en: "it has {has} bytes of JSON; at most {most} are read",
        es: "tiene {has} bytes de JSON; se leen {most} como máximo",
    }

    /// W039.
    fn optimizer_unread(name: &str, why: &Text) {
        en: "the state of {name} in the file cannot be used ({why}): the optimizer starts afresh",
        es: "el estado de {name} en el archivo no se puede usar ({why}): el optimizador empieza de cero",
    }

    /// W039, for a model that is not compiled.
    fn state_unread(why: &Text) {
        en: "the state of the optimizer in the file cannot be used ({why}), and the model is not compiled: the optimizer that you compile it with starts afresh",
        es: "el estado del optimizador en el archivo no se puede usar ({why}) y el modelo no está compilado: el optimizador con el que usted lo compile empieza de cero",
    }

    fn without_optimizer() {
        en: "the model is compiled without an optimizer",
        es: "el modelo está compilado sin optimizador",
    }

    /// W041.
    fn other_precision(policies: &str, layers: &str) {
        en: "the file asks for another precision ({policies}) in {layers}: it is kept in files, but everything is computed in float32",
        es: "el archivo pide otra precisión ({policies}) en {layers}: se conserva en los archivos, pero todo se calcula en float32",
    }

    fn not_by_name() {
        en: "the file does not have its weights by the names of layers, as older files of Keras (.h5) do",
        es: "el archivo no tiene los pesos por los nombres de las capas, como los archivos antiguos de Keras (.h5)",
    }

    fn all_weights() {
        en: "call load_weights(file), which takes all of them",
        es: "llame a load_weights(archivo), que los toma todos",
    }
}
