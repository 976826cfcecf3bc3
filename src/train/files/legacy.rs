//! Older files: whole models in HDF5, as Keras 2 and 3 write them to `.h5`. They are only read, and
//! translated to today's form.

use super::beside::Beside;
use super::by_layer::{WEIGHTS, datasets, listed, values};
use super::{fill, keras2, optimizer_unread, parse, state_unread, take_compiled, take_memories};
use crate::nn::config::{Field, Map, Place, Value};
use crate::nn::{Finding, InverseTimeDecay, LearningRate, Metric, Network, Weight};
use crate::tensor::{Shape, Tensor};
use crate::train::Model;
use neurona_core::error::{Code, Error, Result};
use neurona_formats::hdf5::{self, Dataset, Group};

/// The model in such a file. Errors: as in [`Model::load`].
pub(super) fn read(bytes: &[u8]) -> Result<Model> {
    let root = hdf5::read(bytes)?;
    let missing = || Error::new(Code::E034, no_config()).fix(load_weights());
    let config = text(&root, "model_config")?.ok_or_else(missing)?;
    let mut config = parse(config.as_bytes()).map_err(|error| error.inside("model_config"))?;
    let version = text(&root, "keras_version")?;
    modern_model(&mut config);
    let mut notes = Vec::new();
    let is_older = keras2::wrote(version.as_deref());
    if is_older {
        notes = keras2::translate(&mut config, version.as_deref().unwrap_or("1"));
    }
    let beside = Beside::taken_from(&mut config);
    notes.extend(beside.notes());
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
    if let Some(mut training) = training {
        if is_older {
            keras2::name_metrics(&mut training, &model.network.output_names());
        }
        take_compiled(&mut model, &modern_training(training), None);
        beside.apply(&mut model);
    }
    let values = |network: &Network, weights: &[Weight]| values(layers, network, weights);
    fill(&mut model, values).map_err(|error| error.inside(WEIGHTS))?;
    let rate = match model.compiled.as_ref().map(|compiled| compiled.optimizer.learning_rate()) {
        Some(LearningRate::Constant(rate)) => Some(*rate as f32),
        _ => None,
    };
    // The optimizer's state does not decide whether the model can be read.
    match optimizer(&root, rate) {
        Ok(optimizer) => {
            let lost = root.group("optimizer_weights").is_some_and(|group| !is_in_order(group));
            take_memories(&mut model, &optimizer, lost);
        }
        Err(error) => {
            take_memories(&mut model, &Group::default(), false);
            let compiled = model.compiled.as_ref().map(|compiled| &compiled.optimizer);
            let lacking = model.lacks.as_ref().map(|lack| &lack.optimizer);
            let optimizer = compiled.or(lacking).filter(|optimizer| optimizer.check().is_ok());
            let text = match optimizer {
                Some(optimizer) => optimizer_unread(optimizer.name(), error.reason()),
                None => state_unread(error.reason()),
            };
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

/// The optimizer's state, in today's layout: Keras 2 leaves out the learning rate, if there is a
/// single one.
fn optimizer<'a>(root: &Group<'a>, rate: Option<f32>) -> Result<Group<'a>> {
    let group = root.group("optimizer_weights").filter(|group| is_in_order(group));
    let found = datasets(group, "weight_names").map_err(|e| e.inside("optimizer_weights"))?;
    let mut all: Vec<Dataset<'a>> = found.into_iter().cloned().collect();
    let mut names =
        group.map(|group| listed(group, "weight_names")).transpose()?.unwrap_or_default();
    // What Keras 2 keeps around an optimizer whose loss it scales.
    let around =
        |name: &str| ["current_loss_scale:0", "good_steps:0"].iter().any(|end| name.ends_with(end));
    let kept: Vec<bool> = names.iter().map(|name| !around(name)).collect();
    all =
        all.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(dataset, _)| dataset).collect();
    names = names.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(name, _)| name).collect();
    let has_rate = names.iter().any(|name| name.ends_with("learning_rate"));
    let before_3 = names.first().is_some_and(|name| name.ends_with(":0"));
    if before_3 && has_idle_momenta(root) {
        all.truncate(1);
    }
    // Optimizers from before 2.11 have all memories of a kind together; where there are two kinds,
    // Keras now alternates them.
    let kind = |i: usize| names[i].rsplit('/').next().unwrap_or_default();
    let is_older = names.len() > 1 && names[0].ends_with("iter:0");
    if is_older && kind(1) != "rms:0" {
        let each = (1..all.len()).take_while(|&i| kind(i) == kind(1)).count();
        if all.len() > 2 * each {
            let (first, second) = (all[1..=each].to_vec(), all[1 + each..=2 * each].to_vec());
            let turns = first.into_iter().zip(second).flat_map(|(a, b)| [a, b]);
            all.splice(1..=2 * each, turns.collect::<Vec<_>>());
        }
    }
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

/// Whether it can be known which memory belongs to which weight. Keras before 2.3 kept all of a
/// kind together under names that say nothing.
fn is_in_order(group: &Group<'_>) -> bool {
    let names = listed(group, "weight_names").unwrap_or_default();
    !names.iter().any(|name| name.ends_with("/iterations:0") || name.contains("/Variable"))
}

/// Whether an optimizer is one whose momenta Keras 2 keeps although it does not use them.
pub(super) fn keeps_idle_momenta(class: &str, config: &Map<String, Value>) -> bool {
    let momentum = config.get("momentum").and_then(Value::as_f64).unwrap_or(0.0);
    class.trim_start_matches("Custom>") == "SGD" && momentum == 0.0
}

/// The same, for a whole file.
fn has_idle_momenta(root: &Group<'_>) -> bool {
    let training = text(root, "training_config").ok().flatten();
    let training = training.and_then(|text| parse(text.as_bytes()).ok()).unwrap_or_default();
    let optimizer = &training["optimizer_config"];
    let class = optimizer["class_name"].as_str().unwrap_or_default();
    optimizer["config"].as_object().is_some_and(|config| keeps_idle_momenta(class, config))
}

/// Puts the learning rate, unless it is a schedule, into the state of a Keras 2 optimizer where
/// Keras 3 has it, after the iterations; leaves out any values that the optimizer does not use.
pub(super) fn with_rate(root: &mut Group<'_>, rate: Option<f32>, idle: bool) -> Result<()> {
    let Some(vars) = root.groups.get_mut("optimizer").and_then(|o| o.groups.get_mut("vars")) else {
        return Ok(());
    };
    let mut all: Vec<(usize, Dataset<'_>)> = std::mem::take(&mut vars.datasets)
        .into_iter()
        .filter_map(|(name, dataset)| Some((name.parse().ok()?, dataset)))
        .collect();
    all.sort_by_key(|(number, _)| *number);
    all.truncate(if idle { 1 } else { all.len() });
    let mut all: Vec<Dataset<'_>> = all.into_iter().map(|(_, dataset)| dataset).collect();
    if let Some(rate) = rate {
        let rate = Tensor::new(Shape::SCALAR, vec![rate])?;
        all.insert(1.min(all.len()), Dataset::new(hdf5::Value::numbers(&rate)));
    }
    vars.datasets = all.into_iter().enumerate().map(|(i, d)| (i.to_string(), d)).collect();
    Ok(())
}

/// The layers of a model, and of nested models, with today's settings.
pub(super) fn modern_model(model: &mut Value) {
    // Before Keras 2.2 a stack of layers was just their list.
    if model["class_name"] == "Sequential" && model["config"].is_array() {
        let layers = model["config"].take();
        let mut config = Map::from_iter([("layers".to_owned(), layers)]);
        config.extend(model.get("name").map(|name| ("name".to_owned(), name.clone())));
        model["config"] = Value::Object(config);
    }
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
        "BatchNormalization" | "BatchNormalizationV1" | "BatchNormalizationV2" => {
            let single =
                config.get("axis").and_then(Value::as_array).filter(|axis| axis.len() == 1);
            if let Some(axis) = single.map(|axis| axis[0].clone()) {
                config.insert("axis".to_owned(), axis);
            }
        }
        "Embedding" => without(config, &["input_length"]),
        _ if class.starts_with("SpatialDropout") => without(config, &["noise_shape"]),
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

/// The arguments of `compile`, in today's form.
pub(super) fn modern_training(mut training: Value) -> Value {
    let Some(config) = training.as_object_mut() else { return training };
    if let Some(mut optimizer) = config.remove("optimizer_config") {
        modern_optimizer(&mut optimizer);
        config.insert("optimizer".to_owned(), optimizer);
    } else if let Some(optimizer) = config.get_mut("optimizer") {
        modern_optimizer(optimizer);
    }
    for key in ["loss", "metrics", "weighted_metrics"] {
        if let Some(value) = config.get_mut(key) {
            modern_functions(value);
        }
    }
    training
}

/// An optimizer with today's settings.
fn modern_optimizer(optimizer: &mut Value) {
    if let Some(class) = optimizer.get("class_name").and_then(Value::as_str)
        && let Some(class) = class.strip_prefix("Custom>").map(str::to_owned)
    {
        optimizer["class_name"] = class.into();
    }
    // Keras names its own classes this way, too.
    if let Some(object) = optimizer.as_object_mut() {
        let own = object.get("registered_name").and_then(Value::as_str);
        if own.is_some_and(|name| name.starts_with("Custom>")) {
            object.remove("registered_name");
        }
    }
    let Some(settings) = optimizer.get_mut("config").and_then(Value::as_object_mut) else {
        return;
    };
    if let Some(rate) = settings.remove("lr") {
        settings.insert("learning_rate".to_owned(), rate);
    }
    // Decay of the learning rate is a schedule today; 0 means none.
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
    // An optimizer that scales the loss has another one in it.
    for name in ["inner_optimizer", "optimizer"] {
        if let Some(inner) = settings.get_mut(name) {
            modern_optimizer(inner);
        }
    }
    // A setting left open has its default.
    if settings.get("epsilon").is_some_and(Value::is_null) {
        settings.remove("epsilon");
    }
}

/// Losses and metrics, wherever they are: a wrapper of a function becomes the function's name.
fn modern_functions(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(modern_functions),
        Value::Object(map) if !map.contains_key("class_name") => {
            map.values_mut().for_each(modern_functions);
        }
        Value::Object(map) => {
            let config = map.get_mut("config").and_then(Value::as_object_mut);
            let Some(config) = config else { return };
            if config.get("reduction").is_some_and(|reduction| reduction == "auto") {
                config.remove("reduction");
            }
            let name = config.get("name").and_then(Value::as_str);
            let known = name.filter(|name| Metric::from_name(name).is_ok()).map(Value::from);
            if map["class_name"] != "MeanMetricWrapper" {
                map["config"].as_object_mut().map(|config| config.remove("fn"));
            } else if let Some(name) = known {
                *value = name;
            }
        }
        _ => {}
    }
}

neurona_core::messages! {
    fn no_config() {
        en: "the file has weights, but does not say which layers they belong to",
        es: "el archivo tiene pesos, pero no dice a qué capas pertenecen",
    }

    fn load_weights() {
        en: "build the same model in a program and call model.load_weights(file)",
        es: "construya el mismo modelo en un programa y llame a model.load_weights(archivo)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    /// The memories that are kept of those in an optimizer's file, each given as its place there.
    fn order(names: &[&str]) -> Vec<f64> {
        let number = |i: usize| {
            let tensor = Tensor::new(Shape::SCALAR, vec![i as f32]).unwrap();
            Dataset::new(hdf5::Value::numbers(&tensor))
        };
        let mut root = Group::default();
        let group = root.make_group("optimizer_weights");
        let listed = hdf5::Value::list(names.iter().map(|name| Cow::Borrowed(*name)).collect());
        group.attributes.insert("weight_names".to_owned(), listed);
        for (i, name) in names.iter().enumerate() {
            let (folder, name) = name.rsplit_once('/').unwrap();
            group.make_group(folder).datasets.insert(name.to_owned(), number(i));
        }
        let kept = optimizer(&root, None).unwrap();
        let vars = kept.group("optimizer/vars").unwrap();
        let value = |i: usize| vars.datasets[&i.to_string()].value.to_tensor().unwrap().to_f64()[0];
        (0..vars.datasets.len()).map(value).collect()
    }

    #[test]
    fn memories_of_two_kinds_take_turns_where_there_are_as_many_of_both() {
        let (iter, adam) =
            ("Adam/iter:0", ["Adam/a/m:0", "Adam/b/m:0", "Adam/a/v:0", "Adam/b/v:0"]);
        assert_eq!(order(&[iter, adam[0], adam[1], adam[2], adam[3]]), [0.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!(order(&[iter, adam[0], adam[2]]), [0.0, 1.0, 2.0]);
        assert_eq!(order(&[iter, adam[0], adam[1]]), [0.0, 1.0, 2.0]);
        assert_eq!(order(&[iter]), [0.0]);
        // Damaged: six memories for four weights.
        let six = ["A/a/m:0", "A/b/m:0", "A/c/m:0", "A/d/m:0", "A/a/v:0", "A/b/v:0"];
        let names = [&[iter], &six[..]].concat();
        assert_eq!(order(&names), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn settings_that_layers_no_longer_have_are_left_out() {
        for (class, gone) in [
            ("SpatialDropout1D", "noise_shape"),
            ("SpatialDropout3D", "noise_shape"),
            ("Embedding", "input_length"),
            ("DepthwiseConv2D", "groups"),
            ("Conv2DTranspose", "groups"),
            ("SeparableConv2D", "kernel_constraint"),
        ] {
            let mut config = Map::from_iter([(gone.to_owned(), Value::Null)]);
            config.insert("name".to_owned(), "it".into());
            modern_layer(class, &mut config);
            assert_eq!(config.keys().collect::<Vec<_>>(), ["name"], "{class}");
        }
        let mut config = Map::from_iter([("noise_shape".to_owned(), Value::Null)]);
        modern_layer("Dropout", &mut config);
        assert_eq!(config.len(), 1, "which has it still");
    }
}
