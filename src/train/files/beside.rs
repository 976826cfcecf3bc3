//! Settings of a file's layers that predictions do not need: weights' initial values, penalties and
//! limits.

use super::compiled::{Lack, name_of};
use super::missing::MissingOptimizer;
use crate::nn::config::{Field, Map, Value};
use crate::nn::{Constraint, Finding, Initializer, Regularizer};
use crate::train::Model;
use neurona_core::error::{Code, Result};
use neurona_core::message::Text;

/// The purpose of a layer's setting.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// The initial values of a weight, which the values in the file replace.
    Initializer,
    /// A penalty added to the loss.
    Regularizer,
    /// A limit that weights are brought back to after each step.
    Constraint,
}

impl Kind {
    fn of(setting: &str) -> Option<Kind> {
        let all = [
            ("initializer", Kind::Initializer),
            ("regularizer", Kind::Regularizer),
            ("constraint", Kind::Constraint),
        ];
        all.into_iter().find(|(end, _)| setting.ends_with(end)).map(|(_, kind)| kind)
    }

    /// Whether a value names something that does not exist here, or that would run code.
    fn is_foreign(self, json: &Value) -> bool {
        let read: Result<()> = match self {
            _ if json.is_null() => Ok(()),
            Kind::Initializer => Initializer::from_json(json).map(drop),
            Kind::Regularizer => Regularizer::from_json(json).map(drop),
            Kind::Constraint => Constraint::from_json(json).map(drop),
        };
        read.is_err_and(|error| [Code::E015, Code::E038].contains(&error.code()))
    }

    fn say(self) -> Text {
        match self {
            Kind::Initializer => Text::new("initializer", "el inicializador"),
            Kind::Regularizer => Text::new("regularizer", "el regularizador"),
            Kind::Constraint => Text::new("constraint", "la restricción"),
        }
    }
}

/// The settings that were left out of a model's description.
#[derive(Debug, Default)]
pub(super) struct Beside {
    found: Vec<(Kind, Text)>,
}

impl Beside {
    /// Takes the settings that do not exist here out of a description. Predictions need none of
    /// them.
    pub(super) fn taken_from(config: &mut Value) -> Beside {
        let mut beside = Beside::default();
        beside.walk(config, "");
        beside
    }

    fn walk(&mut self, json: &mut Value, layer: &str) {
        match json {
            Value::Array(list) => list.iter_mut().for_each(|json| self.walk(json, layer)),
            Value::Object(map) => {
                let name = map.get("name").and_then(Value::as_str).unwrap_or(layer).to_owned();
                self.take(map, &name);
                map.values_mut().for_each(|json| self.walk(json, &name));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn take(&mut self, settings: &mut Map<String, Value>, layer: &str) {
        settings.retain(|setting, json| {
            let kind = Kind::of(setting).filter(|kind| kind.is_foreign(json));
            if let Some(kind) = kind {
                let text = does_not_exist(layer, &kind.say(), &name_of(json));
                if !self.found.contains(&(kind, text.clone())) {
                    self.found.push((kind, text));
                }
            }
            kind.is_none()
        });
    }

    /// The notes about them (`W040`).
    pub(super) fn notes(&self) -> impl Iterator<Item = Finding> + '_ {
        self.found.iter().map(|(kind, text)| {
            let text = match kind {
                Kind::Initializer => has_values(text),
                Kind::Regularizer => to_evaluate(text),
                Kind::Constraint => to_train(text),
            };
            Finding { code: "W040", text }
        })
    }

    /// Keeps a model that the file compiles from computing a different loss, or different weights,
    /// than Keras would: compiling it again is the way to go without these settings.
    pub(super) fn apply(&self, model: &mut Model) {
        let first = |wanted: Kind| self.found.iter().find(|(kind, _)| *kind == wanted);
        if let (Some((_, text)), Some(compiled)) = (first(Kind::Constraint), &mut model.compiled) {
            compiled.optimizer = Box::new(MissingOptimizer::new(text.clone()));
        }
        if let Some((_, text)) = first(Kind::Regularizer)
            && let Some(compiled) = model.compiled.take()
        {
            let (optimizer, metrics) = (compiled.optimizer, compiled.metrics);
            model.lacks = Some(Lack { text: text.clone(), optimizer, metrics });
        }
    }
}

neurona_core::messages! {
    fn does_not_exist(layer: &str, kind: &Text, name: &str) {
        en: "layer \"{layer}\" has the {kind} \"{name}\" in the file, which does not exist here",
        es: "la capa \"{layer}\" tiene en el archivo {kind} \"{name}\", que aquí no existe",
    }

    fn has_values(why: &Text) {
        en: "{why}: it is left out, as the weights have the values in the file",
        es: "{why}: se deja fuera, pues los pesos tienen los valores del archivo",
    }

    fn to_evaluate(why: &Text) {
        en: "{why}: the model predicts, but to evaluate or train it without that, compile it again",
        es: "{why}: el modelo predice, pero para evaluarlo o entrenarlo sin ello hay que compilarlo de nuevo",
    }

    fn to_train(why: &Text) {
        en: "{why}: the model predicts and is evaluated, but to train it without that, compile it again",
        es: "{why}: el modelo predice y se evalúa, pero para entrenarlo sin ello hay que compilarlo de nuevo",
    }
}
