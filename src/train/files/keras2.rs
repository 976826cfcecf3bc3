//! Formulas that have another name in Keras 2, or another formula under the same name.

use crate::nn::config::{Field, Map, Object, Value};
use crate::nn::{Activation, Finding, Metric};
use std::collections::BTreeSet;

/// Whether a file says that a version of Keras before 3 wrote it. The oldest files say nothing.
pub(super) fn wrote(version: Option<&str>) -> bool {
    let major = |version: &str| version.split('.').next().and_then(|number| number.parse().ok());
    version.and_then(major).is_none_or(|major: u32| major < 3)
}

/// Translates the formulas of Keras 2 in a model's description to today's words; returns notes of
/// what was translated (`W042`). `version` is the one that the file says wrote it.
///
/// Source: Keras 2.15, compared with 3.15.1.
pub(super) fn translate(config: &mut Value, version: &str) -> Vec<Finding> {
    let mut sigmoids = BTreeSet::new();
    walk(config, "", &mut sigmoids);
    if sigmoids.is_empty() {
        return Vec::new();
    }
    let layers: Vec<&str> = sigmoids.iter().map(String::as_str).take(5).collect();
    let more = if sigmoids.len() > layers.len() { ", …" } else { "" };
    let text = hard_sigmoid(version, &format!("{}{more}", layers.join(", ")));
    vec![Finding { code: "W042", text }]
}

/// Gives metrics the names that they have in Keras 2. There, a metric given by the name of its
/// class has a name of its own, while Keras 3 keeps the given name; and in an `.h5` file of a model
/// with several outputs, metrics' names begin with the output's name, which is put in front of them
/// anyway.
pub(super) fn name_metrics(compile: &mut Value, outputs: &[String]) {
    for key in ["metrics", "weighted_metrics"] {
        let Some(json) = compile.get_mut(key) else { continue };
        name_classes(json);
        match json {
            Value::Array(lists) if outputs.len() > 1 && lists.len() == outputs.len() => {
                lists.iter_mut().zip(outputs).for_each(|(list, output)| without(list, output));
            }
            Value::Object(map) if outputs.len() > 1 => {
                map.iter_mut().for_each(|(output, list)| without(list, output));
            }
            _ => {}
        }
    }
}

/// Removes an output's name from the front of its metrics' names.
fn without(metrics: &mut Value, output: &str) {
    for metric in metrics.as_array_mut().into_iter().flatten() {
        let Some(config) = metric.get_mut("config").and_then(Value::as_object_mut) else {
            continue;
        };
        let name = config.get("name").and_then(Value::as_str);
        let rest = name.and_then(|name| name.strip_prefix(output)?.strip_prefix('_'));
        if let Some(rest) = rest.map(str::to_owned) {
            config.insert("name".to_owned(), rest.into());
        }
    }
}

fn name_classes(json: &mut Value) {
    match json {
        Value::String(name) => {
            let known = Metric::from_name(name).ok().and_then(|metric| metric.to_json(1, false));
            if known.is_some_and(|known| known["class_name"] == name.as_str()) {
                *json = Object { class: name.clone(), config: Map::new() }.to_json("keras.metrics");
            }
        }
        Value::Array(all) => all.iter_mut().for_each(name_classes),
        Value::Object(map) if !map.contains_key("class_name") => {
            map.values_mut().for_each(name_classes);
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// All objects in a description, each with the name of the layer to which it belongs.
fn walk(json: &mut Value, layer: &str, sigmoids: &mut BTreeSet<String>) {
    match json {
        Value::Array(list) => list.iter_mut().for_each(|json| walk(json, layer, sigmoids)),
        Value::Object(map) => {
            class(map);
            let name = map.get("config").and_then(|config| config.get("name"));
            let layer = name.and_then(Value::as_str).unwrap_or(layer).to_owned();
            for (key, json) in map {
                if key.ends_with("activation") && is_hard_sigmoid(json) {
                    *json = Activation::HardSigmoidKeras2.to_json();
                    sigmoids.insert(layer.clone());
                } else {
                    walk(json, &layer, sigmoids);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// By its name, or as a function.
fn is_hard_sigmoid(json: &Value) -> bool {
    let name = json.as_str().or_else(|| json.get("config")?.as_str());
    name == Some("hard_sigmoid")
}

/// The classes whose settings have other names today.
fn class(map: &mut Map<String, Value>) {
    let rename = |map: &mut Map<String, Value>, old: &str, new: &str| {
        if let Some(config) = map.get_mut("config").and_then(Value::as_object_mut)
            && let Some(value) = config.remove(old)
        {
            config.insert(new.to_owned(), value);
        }
    };
    match map.get("class_name").and_then(Value::as_str) {
        Some("LeakyReLU") => rename(map, "alpha", "negative_slope"),
        Some("ThresholdedReLU") => {
            // Without it, the default of Keras 2.
            rename(map, "theta", "threshold");
            if let Some(config) = map.get_mut("config").and_then(Value::as_object_mut) {
                config.entry("threshold").or_insert_with(|| 1.0.into());
            }
            map.insert("class_name".to_owned(), "ReLU".into());
        }
        Some("BatchNormalizationV1" | "BatchNormalizationV2") => {
            map.insert("class_name".to_owned(), "BatchNormalization".into());
        }
        _ => {}
    }
}

neurona_core::messages! {
    fn hard_sigmoid(version: &str, layers: &str) {
        en: "Keras {version} wrote the file: hard_sigmoid is computed as there, min(max(0.2 x + 0.5, 0), 1), in {layers}",
        es: "Keras {version} escribió el archivo: hard_sigmoid se calcula como allí, min(max(0,2 x + 0,5, 0), 1), en {layers}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn versions_before_3_are_told_apart() {
        for (version, older) in [
            (Some("2.15.0"), true),
            (Some("2.2.4-tf"), true),
            (Some("1.2.2"), true),
            (None, true),
            (Some("3.0.0"), false),
            (Some("3.15.1"), false),
            (Some("10.0"), false),
        ] {
            assert_eq!(wrote(version), older, "{version:?}");
        }
    }

    #[test]
    fn formulas_are_brought_to_the_words_of_today_wherever_they_stand() {
        let function = json!({"class_name": "function", "config": "hard_sigmoid"});
        let leaky = json!({"class_name": "LeakyReLU", "config": {"alpha": 0.1}});
        let mut config = json!({"class_name": "Sequential", "config": {"name": "m", "layers": [
            {"class_name": "Dense", "config": {"name": "a", "activation": "hard_sigmoid"}},
            {"class_name": "Sequential", "config": {"name": "inner", "layers": [
                {"class_name": "Activation", "config": {"name": "b", "activation": function}},
                {"class_name": "Dense", "config": {"name": "c", "activation": leaky}},
            ]}},
            {"class_name": "ThresholdedReLU", "config": {"name": "d", "theta": 0.7}},
            {"class_name": "Dense", "config": {"name": "e", "activation": "sigmoid"}},
        ]}});
        let notes = translate(&mut config, "2.15.0");
        assert_eq!(notes.len(), 1);
        let said = notes[0].text.get(neurona_core::message::Lang::En);
        assert!(said.starts_with("Keras 2.15.0 wrote") && said.ends_with("in a, b"), "{said}");
        let layers = &config["config"]["layers"];
        let new = Activation::HardSigmoidKeras2.to_json();
        assert_eq!(layers[0]["config"]["activation"], new);
        let inner = &layers[1]["config"]["layers"];
        assert_eq!(inner[0]["config"]["activation"], new);
        assert_eq!(inner[1]["config"]["activation"]["config"], json!({"negative_slope": 0.1}));
        assert_eq!(layers[2]["class_name"], "ReLU");
        assert_eq!(layers[2]["config"], json!({"name": "d", "threshold": 0.7}));
        assert_eq!(layers[3]["config"]["activation"], "sigmoid");
    }
}
