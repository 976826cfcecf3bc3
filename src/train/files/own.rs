//! What a model keeps that Keras has no place for: a member of our own in a `.keras` file, which
//! Keras ignores.

use super::names::{self, Names};
use crate::nn::Finding;
use crate::nn::config::{Field, Map, Value};
use crate::train::History;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::{Lang, Text};

/// Seed, epochs, history, class names, an optimizer that Keras does not have, and what no file has.
#[derive(Default)]
pub(in crate::train) struct Own {
    pub(in crate::train) seed: u64,
    pub(in crate::train) epochs: u64,
    pub(in crate::train) history: History,
    pub(in crate::train) class_names: Vec<String>,
    pub(in crate::train) optimizer: Option<Value>,
    /// Things that have no name in files.
    pub(in crate::train) left_out: Vec<Finding>,
    /// The names in the file that stand for names Keras refuses.
    pub(in crate::train) names: Names,
}

impl Own {
    /// The member.
    pub(super) fn to_json(&self) -> Value {
        let mut own = Map::new();
        own.insert("version".to_owned(), 1.into());
        own.insert("seed".to_owned(), self.seed.into());
        own.insert("epochs".to_owned(), self.epochs.into());
        if !self.history.epoch.is_empty() {
            // NaN, the value of a name in an epoch that did not have it, is null.
            let list =
                |values: &Vec<f64>| values.iter().map(|x| Value::from(*x)).collect::<Value>();
            let logs = self.history.history.iter().map(|(name, v)| (name.clone(), list(v)));
            own.insert("history".to_owned(), Value::Object(logs.collect()));
            own.insert("epoch".to_owned(), self.history.epoch.to_json());
        }
        if !self.class_names.is_empty() {
            own.insert("class_names".to_owned(), self.class_names.to_json());
        }
        if !self.names.is_empty() {
            own.insert("names".to_owned(), names::to_json(&self.names));
        }
        if let Some(optimizer) = &self.optimizer {
            own.insert("optimizer".to_owned(), optimizer.clone());
        }
        if !self.left_out.is_empty() {
            let texts = |note: &Finding| Lang::ALL.map(|lang| note.text.get(lang).to_owned());
            let texts: Value = self.left_out.iter().map(|note| texts(note).to_vec()).collect();
            own.insert("left_out".to_owned(), texts);
        }
        Value::Object(own)
    }

    /// The content of the member. Errors (E034): a value is of the wrong kind.
    pub(super) fn from_json(json: &Value) -> Result<Own> {
        let or = |key: &str| json.get(key).map(u64::from_json).transpose();
        let list = json.get("class_names").map(Vec::from_json).transpose()?;
        Ok(Own {
            seed: or("seed")?.unwrap_or(0),
            epochs: or("epochs")?.unwrap_or(0),
            history: history(json)?,
            class_names: list.unwrap_or_default(),
            optimizer: json.get("optimizer").cloned(),
            left_out: json.get("left_out").map(left_out).transpose()?.unwrap_or_default(),
            names: names::from_json(json.get("names"))?,
        })
    }
}

fn left_out(json: &Value) -> Result<Vec<Finding>> {
    let notes = Vec::<Vec<String>>::from_json(json)?.into_iter();
    let text = |texts: Vec<String>| match <[String; 2]>::try_from(texts) {
        Ok([en, es]) => Some(Finding { code: "W038", text: Text::new(en, es) }),
        Err(_) => None,
    };
    Ok(notes.filter_map(text).collect())
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

neurona_core::messages! {
    fn uneven(name: &str, wants: usize, has: usize) {
        en: "\"{name}\" has {has} values for {wants} epochs",
        es: "\"{name}\" tiene {has} valores para {wants} épocas",
    }
}
