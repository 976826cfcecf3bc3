//! Older files: whole models in HDF5, as Keras 2 and 3 write them to `.h5`. Read alone, and brought to the form of today.

use super::weights::floats;
use super::{fill, keras2, optimizer_unread, parse, take_compiled, take_memories};
use crate::nn::config::{Field, Map, Place, Value};
use crate::nn::{Finding, InverseTimeDecay, LearningRate, Metric, Network, Weight};
use crate::tensor::{Shape, Tensor};
use crate::train::Model;
use neurona_core::error::{Code, Error, Result};
use neurona_formats::hdf5::{self, Dataset, Group};

/// Where weights are, by the names of the layers.
const WEIGHTS: &str = "model_weights";

/// The model of such a file. Errors: as [`Model::load`].
pub(super) fn read(bytes: &[u8]) -> Result<Model> {
    let root = hdf5::read(bytes)?;
    let missing = || Error::new(Code::E034, no_config()).fix(load_weights());
    let config = text(&root, "model_config")?.ok_or_else(missing)?;
    let mut config = parse(config.as_bytes()).map_err(|error| error.inside("model_config"))?;
    let version = text(&root, "keras_version")?;
    let mut notes = Vec::new();
    if keras2::wrote(version.as_deref()) {
        notes = keras2::translate(&mut config, version.as_deref().unwrap_or("1"));
    }
    modern_model(&mut config);
    let layers = root.group(WEIGHTS).ok_or_else(missing)?;
    let adapted = |place: Place<'_>| {
        let numbers = |dataset: &Dataset<'_>| Ok(dataset.value.to_tensor()?.to_f64());
        match datasets(layers.group(place.name), "weight_names")?[..] {
            [mean, variance, ..] => Ok(Some((numbers(mean)?, numbers(variance)?))),
            _ => Ok(None),
        }
    };
    let network = Network::from_json(&config, &adapted).map_err(|e| e.inside("model_config"))?;
    let mut model = Model::of(network);
    model.notes = notes;
    let training = text(&root, "training_config")?.map(|text| parse(text.as_bytes()));
    let training = training.transpose().map_err(|error| error.inside("training_config"))?;
    if let Some(training) = training {
        take_compiled(&mut model, &modern_training(training), None);
    }
    let values = |network: &Network, weights: &[Weight]| values(layers, network, weights);
    fill(&mut model, values).map_err(|error| error.inside(WEIGHTS))?;
    let rate = match model.compiled.as_ref().map(|compiled| compiled.optimizer.learning_rate()) {
        Some(LearningRate::Constant(rate)) => Some(*rate as f32),
        _ => None,
    };
    // What the optimizer keeps does not decide whether the model can be read.
    match optimizer(&root, rate) {
        Ok(optimizer) => take_memories(&mut model, &optimizer),
        Err(error) => {
            take_memories(&mut model, &Group::default());
            let name = model.compiled.as_ref().map_or("?", |compiled| compiled.optimizer.name());
            let text = optimizer_unread(name, error.reason());
            model.notes.push(Finding { code: "W039", text });
        }
    }
    Ok(model)
}

/// An attribute of the whole file, if it is there.
fn text(root: &Group<'_>, name: &str) -> Result<Option<String>> {
    let attribute = root.attributes.get(name);
    let first = |value: &hdf5::Value<'_>| Ok(value.texts()?.first().map(ToString::to_string));
    attribute.map_or(Ok(None), first).map_err(|error: Error| error.inside(name))
}

/// The datasets of a group in the order that an attribute lists them.
fn datasets<'g, 'a>(group: Option<&'g Group<'a>>, list: &str) -> Result<Vec<&'g Dataset<'a>>> {
    let Some((group, names)) = group.and_then(|g| Some((g, g.attributes.get(list)?))) else {
        return Ok(Vec::new());
    };
    // Of a layer without weights, the list is one of no numbers.
    if names.shape().elems() == 0 {
        return Ok(Vec::new());
    }
    let dataset = |name: &std::borrow::Cow<'_, str>| {
        group.dataset(name).ok_or_else(|| Error::new(Code::E034, not_there(name)))
    };
    names.texts()?.iter().map(dataset).collect()
}

/// The values of all weights. Those of a layer, or of a model in the model, that learn come first.
fn values(layers: &Group<'_>, network: &Network, weights: &[Weight]) -> Result<Vec<Vec<f32>>> {
    let mut values = vec![Vec::new(); weights.len()];
    for (layer, _) in network.layers() {
        let path = format!("{layer}/");
        let mut own: Vec<usize> =
            (0..weights.len()).filter(|&i| weights[i].name.starts_with(&path)).collect();
        own.sort_by_key(|&i| !weights[i].trainable);
        let found = datasets(layers.group(layer), "weight_names").map_err(|e| e.inside(layer))?;
        // What an adapted layer found in its data is among its settings here.
        if own.is_empty() {
            continue;
        }
        if found.len() != own.len() {
            return Err(Error::new(Code::E034, other_count(layer, own.len(), found.len())));
        }
        for (i, dataset) in own.into_iter().zip(found) {
            let Weight { name, shape, .. } = &weights[i];
            values[i] = floats(dataset, name, *shape).map_err(|error| error.inside(layer))?;
        }
    }
    Ok(values)
}

/// What the optimizer keeps, in the layout of today: Keras 2 leaves out the learning rate, if there is one alone.
fn optimizer<'a>(root: &Group<'a>, rate: Option<f32>) -> Result<Group<'a>> {
    let group = root.group("optimizer_weights");
    let found = datasets(group, "weight_names").map_err(|e| e.inside("optimizer_weights"))?;
    let mut all: Vec<Dataset<'a>> = found.into_iter().cloned().collect();
    let names = group.and_then(|group| group.attributes.get("weight_names"));
    let mut names = names.map(hdf5::Value::texts).transpose()?.unwrap_or_default();
    // What Keras 2 keeps around an optimizer whose loss it scales.
    let around =
        |name: &str| ["current_loss_scale:0", "good_steps:0"].iter().any(|end| name.ends_with(end));
    let kept: Vec<bool> = names.iter().map(|name| !around(name)).collect();
    all =
        all.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(dataset, _)| dataset).collect();
    names = names.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(name, _)| name).collect();
    let has_rate = names.iter().any(|name| name.ends_with("learning_rate"));
    // Optimizers from before 2.11 have all memories of a kind together, and of two kinds Keras now takes turns.
    if names.first().is_some_and(|name| name.ends_with("iter:0")) {
        let kind = |i: usize| names[i].rsplit('/').next().unwrap_or_default();
        let each = (1..all.len()).take_while(|&i| kind(i) == kind(1)).count();
        if each > 0 && all.len() > 2 * each {
            let (first, second) = (all[1..=each].to_vec(), all[1 + each..=2 * each].to_vec());
            let turns = first.into_iter().zip(second).flat_map(|(a, b)| [a, b]);
            all.splice(1..=2 * each, turns.collect::<Vec<_>>());
        }
    }
    let before_3 = names.first().is_some_and(|name| name.ends_with(":0"));
    if let Some(rate) = rate.filter(|_| before_3 && !has_rate && !all.is_empty()) {
        let rate = Tensor::new(Shape::SCALAR, vec![rate])?;
        all.insert(1, Dataset::new(hdf5::Value::numbers(&rate)));
    }
    let mut root = Group::default();
    if !all.is_empty() {
        let vars = root.make_group("optimizer/vars");
        vars.datasets = all.into_iter().enumerate().map(|(i, d)| (i.to_string(), d)).collect();
    }
    Ok(root)
}

/// The layers of a model, and of the models in it, with the settings of today.
fn modern_model(model: &mut Value) {
    let layers = model.get_mut("config").and_then(|config| config.get_mut("layers"));
    for layer in layers.and_then(Value::as_array_mut).into_iter().flatten() {
        let class = layer["class_name"].as_str().unwrap_or_default().to_owned();
        modern_model(layer);
        if let Some(config) = layer.get_mut("config").and_then(Value::as_object_mut) {
            modern_layer(&class, config);
        }
    }
}

fn modern_layer(class: &str, config: &mut Map<String, Value>) {
    let without = |config: &mut Map<String, Value>, names: &[&str]| {
        names.iter().for_each(|name| drop(config.remove(*name)));
    };
    match class {
        "BatchNormalization" => {
            let single =
                config.get("axis").and_then(Value::as_array).filter(|axis| axis.len() == 1);
            if let Some(axis) = single.map(|axis| axis[0].clone()) {
                config.insert("axis".to_owned(), axis);
            }
        }
        "Embedding" => without(config, &["input_length"]),
        _ if class.starts_with("Depthwise") || class.ends_with("Transpose") => {
            without(config, &["groups"]);
        }
        _ if class.starts_with("Separable") => without(
            config,
            &["groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"],
        ),
        _ => {}
    }
}

/// What `compile` was given, in the form of today.
fn modern_training(mut training: Value) -> Value {
    let Some(config) = training.as_object_mut() else { return training };
    if let Some(mut optimizer) = config.remove("optimizer_config") {
        if let Some(class) =
            optimizer["class_name"].as_str().and_then(|c| c.strip_prefix("Custom>"))
        {
            optimizer["class_name"] = class.into();
        }
        if let Some(settings) = optimizer.get_mut("config").and_then(Value::as_object_mut) {
            if let Some(rate) = settings.remove("lr") {
                settings.insert("learning_rate".to_owned(), rate);
            }
            // Decay of the learning rate is a schedule today; 0 is none.
            let decay = settings.remove("decay").and_then(|decay| decay.as_f64());
            if let Some(decay) = decay.filter(|decay| *decay != 0.0) {
                let rate = settings.get("learning_rate").and_then(Value::as_f64).unwrap_or(0.01);
                let schedule = LearningRate::from(InverseTimeDecay::new(rate, 1, decay));
                settings.insert("learning_rate".to_owned(), schedule.to_json());
            }
            if settings.get("use_ema").is_none_or(|used| *used == false) {
                settings.remove("ema_overwrite_frequency");
            }
            for name in ["jit_compile", "is_legacy_optimizer"] {
                settings.remove(name);
            }
        }
        config.insert("optimizer".to_owned(), optimizer);
    }
    for key in ["loss", "metrics", "weighted_metrics"] {
        if let Some(value) = config.get_mut(key) {
            modern_functions(value);
        }
    }
    training
}

/// Losses and metrics, wherever they stand: a wrapper of a function is its name.
fn modern_functions(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(modern_functions),
        Value::Object(map) if !map.contains_key("class_name") => {
            map.values_mut().for_each(modern_functions);
        }
        Value::Object(map) => {
            let config = map.get_mut("config").and_then(Value::as_object_mut);
            let Some(config) = config else { return };
            let function = config.remove("fn").filter(Value::is_string);
            if config.get("reduction").is_some_and(|reduction| reduction == "auto") {
                config.remove("reduction");
            }
            let name = config.get("name").and_then(Value::as_str);
            let known = name.filter(|name| Metric::from_name(name).is_ok()).map(Value::from);
            if map["class_name"] == "MeanMetricWrapper"
                && let Some(name) = known.or(function)
            {
                *value = name;
            }
        }
        _ => {}
    }
}

neurona_core::messages! {
    fn no_config() {
        en: "the file has weights, but does not say of which layers",
        es: "el archivo tiene pesos, pero no dice de qué capas",
    }

    fn load_weights() {
        en: "build the model and load the weights into it",
        es: "construya el modelo y cargue los pesos en él",
    }

    fn other_count(layer: &str, wants: usize, has: usize) {
        en: "layer \"{layer}\" has {wants} weights, and in the file {has}",
        es: "la capa \"{layer}\" tiene {wants} pesos, y en el archivo {has}",
    }

    fn not_there(dataset: &str) {
        en: "\"{dataset}\" is listed, but is not there",
        es: "\"{dataset}\" está en la lista, pero no está en el archivo",
    }
}
