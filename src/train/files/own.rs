//! What a model keeps that Keras has no place for: a member of our own in a `.keras` file, which Keras passes over.

use super::compiled::own_optimizer;
use crate::nn::config::{Field, Map, Value};
use crate::train::{History, Model};
use neurona_core::error::{Code, Error, Result};

neurona_core::messages! {
    fn uneven(name: &str, wants: usize, has: usize) {
        en: "\"{name}\" has {has} values for {wants} epochs",
        es: "\"{name}\" tiene {has} valores para {wants} épocas",
    }
}

/// Seed, epochs, history, names of the classes, and an optimizer that Keras does not have.
pub(super) fn to_json(model: &Model) -> Value {
    let mut own = Map::new();
    own.insert("version".to_owned(), 1.into());
    own.insert("seed".to_owned(), model.seed.into());
    if let Some(engine) = &model.engine {
        own.insert("epochs".to_owned(), engine.epochs.into());
    }
    if !model.history.epoch.is_empty() {
        // What is no number, the value of a name in an epoch that did not have it, is null.
        let values = |values: &Vec<f64>| values.iter().map(|x| Value::from(*x)).collect::<Value>();
        let logs = &model.history.history;
        let logs: Map<String, Value> =
            logs.iter().map(|(name, v)| (name.clone(), values(v))).collect();
        own.insert("history".to_owned(), Value::Object(logs));
        own.insert("epoch".to_owned(), model.history.epoch.to_json());
    }
    if !model.class_names.is_empty() {
        own.insert("class_names".to_owned(), model.class_names.to_json());
    }
    let optimizer =
        model.compiled.as_ref().and_then(|compiled| own_optimizer(&*compiled.optimizer));
    if let Some(optimizer) = optimizer {
        own.insert("optimizer".to_owned(), optimizer);
    }
    Value::Object(own)
}

/// What the member says. Errors (E034): a value is of another kind.
pub(super) struct Own {
    pub(super) seed: u64,
    pub(super) epochs: u64,
    pub(super) history: History,
    pub(super) class_names: Vec<String>,
    pub(super) optimizer: Option<Value>,
}

impl Own {
    pub(super) fn from_json(json: &Value) -> Result<Own> {
        let or = |key: &str| json.get(key).map(u64::from_json).transpose();
        let list = json.get("class_names").map(Vec::from_json).transpose()?;
        Ok(Own {
            seed: or("seed")?.unwrap_or(0),
            epochs: or("epochs")?.unwrap_or(0),
            history: history(json)?,
            class_names: list.unwrap_or_default(),
            optimizer: json.get("optimizer").cloned(),
        })
    }
}

fn history(json: &Value) -> Result<History> {
    let epoch = json.get("epoch").map(Vec::<usize>::from_json).transpose()?.unwrap_or_default();
    let mut history = History { epoch, ..History::default() };
    let logs = json.get("history").and_then(Value::as_object);
    for (name, values) in logs.into_iter().flatten() {
        let values =
            Vec::<Option<f64>>::from_json(values).map_err(|error| error.inside(name.clone()))?;
        let (wants, has) = (history.epoch.len(), values.len());
        if has != wants {
            return Err(Error::new(Code::E034, uneven(name, wants, has)));
        }
        let values = values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        history.history.insert(name.clone(), values);
    }
    Ok(history)
}
