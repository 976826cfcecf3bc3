//! The whole of a training at some moment, as two files: numbers in a body, the rest in a manifest
//! that vouches for it.
//!
//! The body is a safetensors file: the model's state (`model/dense/kernel`, `model/adam/dense/kernel/momentum`) and the
//! weights that callbacks remember (`callback 0/best_weights/dense/kernel`). The manifest is JSON in two lines:
//!
//! ```text
//! {"sha256":"of all bytes after the colon of the next line, but the last brace",
//! "checkpoint":{"body":{"bytes":…,"sha256":…},"epoch":3,"batch":120,…}}
//! ```
//!
//! Numbers that are not counts are texts, because JSON readers may round: in Rust's shortest form,
//! which gives the same bits back, or, if there are no digits for it, as bits
//! (`0x7ff8000000000000`).

use super::digest;
use super::identity::Identity;
use crate::tensor::Tensor;
use crate::train::callback_state::{CallbackState, Entry};
use crate::train::control::Weights;
use crate::train::history::History;
use crate::train::tally::Sums;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;
use neurona_formats::safetensors;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The kind of file that a manifest says it is, and the version of its fields.
const FORMAT: &str = "neurona checkpoint 1";

/// The whole of a training at some moment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Checkpoint {
    /// The version of Neurona that wrote it.
    pub(super) neurona: String,
    /// The instructions of the processor that computed it.
    pub(super) level: String,
    pub(super) identity: Identity,
    /// How many epochs were asked for.
    pub(super) epochs: usize,
    /// Training steps since `compile`.
    pub(super) step: u64,
    /// Epochs done.
    pub(super) epoch: usize,
    /// Batches done of the next epoch.
    pub(super) batch: usize,
    /// The number of the next pass over the data, or of the one under way: its order is a function of it.
    pub(super) pass: u64,
    /// Whether a callback has ended training here.
    pub(super) ended: bool,
    /// How long the epoch under way has taken.
    pub(super) elapsed: Duration,
    /// The learning rate that the epoch under way began with.
    pub(super) rate: f64,
    /// The learning rate that a callback has set.
    pub(super) learning_rate: Option<f64>,
    /// The loss and the metrics of the epoch under way.
    pub(super) sums: Sums,
    pub(super) history: History,
    pub(super) callbacks: Vec<CallbackState>,
    /// The model's state: each weight, and each memory of the optimizer.
    pub(super) state: Vec<(String, Tensor<'static>)>,
    /// The names and shapes of the weights, in order: the weights that callbacks remember have the
    /// same.
    pub(super) weights: Vec<String>,
}

/// The two files.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) manifest: Vec<u8>,
    pub(super) body: Vec<u8>,
}

impl Checkpoint {
    /// As files. Errors (E016): two parts of the state have the same name.
    pub(super) fn files(&self) -> Result<Files> {
        let mut tensors: Vec<(String, Tensor<'_>)> = Vec::new();
        for (name, tensor) in &self.state {
            tensors.push((format!("model/{name}"), tensor.borrow()));
        }
        let mut callbacks = Vec::new();
        for (number, state) in self.callbacks.iter().enumerate() {
            let mut entries = Map::new();
            for (name, entry) in &state.entries {
                let value = match entry {
                    Entry::Number(number) => json!({ "number": written(*number) }),
                    Entry::Text(text) => json!({ "text": text }),
                    Entry::Weights(weights) => {
                        for (weight, tensor) in self.weights.iter().zip(weights.tensors()) {
                            let name = format!("callback {number}/{name}/{weight}");
                            tensors.push((name, tensor.borrow()));
                        }
                        json!("weights")
                    }
                };
                entries.insert(name.clone(), value);
            }
            callbacks.push(json!({ "kind": state.kind, "remembers": entries }));
        }
        let body = safetensors::write(&tensors)?;
        let content = json!({
            "format": FORMAT,
            "neurona": self.neurona,
            "level": self.level,
            "body": { "bytes": body.len(), "sha256": digest::sha256(&body) },
            "training": self.identity.iter().collect::<BTreeMap<_, _>>(),
            "epochs": self.epochs,
            "step": self.step,
            "epoch": self.epoch,
            "batch": self.batch,
            "pass": self.pass,
            "ended": self.ended,
            "elapsed_ns": self.elapsed.as_nanos() as u64,
            "epoch_learning_rate": written(self.rate),
            "learning_rate": self.learning_rate.map(written),
            "sums": {
                "losses": all_written(&self.sums.losses),
                "parts": self.sums.parts.iter().map(|parts| all_written(parts)).collect::<Vec<_>>(),
                "samples": written(self.sums.samples),
            },
            "history": {
                "epoch": self.history.epoch,
                "values": self.history.history.iter()
                    .map(|(name, values)| (name.clone(), json!(all_written(values))))
                    .collect::<Map<String, Value>>(),
            },
            "callbacks": callbacks,
            "weights": self.weights,
        });
        let content = content.to_string();
        Ok(Files { manifest: framed(content.as_bytes()), body })
    }

    /// From files. Errors (E034): they are damaged, not of this kind, or do not belong together.
    pub(super) fn from_files(files: &Files) -> Result<Checkpoint> {
        let content = unframed(&files.manifest).ok_or_else(|| damaged(changed_manifest()))?;
        let json: Value = serde_json::from_slice(content)
            .map_err(|why| damaged(bad_field(&format!("JSON: {why}"))))?;
        let fields = Fields(&json);
        if fields.text("format")? != FORMAT {
            return Err(damaged(other_format(fields.text("format")?, FORMAT)));
        }
        let body = fields.inside("body")?;
        let (wants, has) = (body.count("bytes")? as usize, files.body.len());
        if wants != has {
            return Err(damaged(other_size(wants, has)));
        }
        if body.text("sha256")? != digest::sha256(&files.body) {
            return Err(damaged(changed_body()));
        }
        let mut tensors: BTreeMap<String, Tensor<'static>> =
            safetensors::read(&files.body)?.into_iter().collect();
        let weights: Vec<String> =
            fields.list("weights", |name| name.as_str().map(str::to_owned))?;
        let callbacks: Vec<Value> = fields.list("callbacks", |value| Some(value.clone()))?;
        let mut states = Vec::new();
        for (number, callback) in callbacks.iter().enumerate() {
            let mut take = |name: &str| {
                let of =
                    |weight: &String| tensors.remove(&format!("callback {number}/{name}/{weight}"));
                weights.iter().map(of).collect::<Option<Vec<_>>>().map(Weights::from_tensors)
            };
            states.push(callback_state(&Fields(callback), &mut take)?);
        }
        let state = tensors.into_iter().map(|(name, tensor)| {
            let own = name.strip_prefix("model/").map(str::to_owned);
            own.map(|own| (own, tensor)).ok_or_else(|| damaged(bad_field(&name)))
        });
        let training = fields.inside("training")?;
        let (sums, history) = (fields.inside("sums")?, fields.inside("history")?);
        Ok(Checkpoint {
            neurona: fields.text("neurona")?.to_owned(),
            level: fields.text("level")?.to_owned(),
            identity: Identity::from_names(|name| training.text(name).ok())
                .ok_or_else(|| damaged(bad_field("training")))?,
            epochs: fields.count("epochs")? as usize,
            step: fields.count("step")?,
            epoch: fields.count("epoch")? as usize,
            batch: fields.count("batch")? as usize,
            pass: fields.count("pass")?,
            ended: fields.get("ended", Value::as_bool)?,
            elapsed: Duration::from_nanos(fields.count("elapsed_ns")?),
            rate: fields.get("epoch_learning_rate", number)?,
            learning_rate: fields.get("learning_rate", |value| match value {
                Value::Null => Some(None),
                value => number(value).map(Some),
            })?,
            sums: Sums {
                losses: sums.list("losses", number)?,
                parts: sums
                    .list("parts", |parts| parts.as_array()?.iter().map(number).collect())?,
                samples: sums.get("samples", number)?,
            },
            history: read_history(&history)?,
            callbacks: states,
            state: state.collect::<Result<_>>()?,
            weights,
        })
    }
}

fn callback_state(
    fields: &Fields<'_>,
    weights: &mut dyn FnMut(&str) -> Option<Weights>,
) -> Result<CallbackState> {
    let mut state = CallbackState::new(fields.text("kind")?);
    for (name, value) in fields.get("remembers", Value::as_object)? {
        let entry = match value {
            Value::String(kind) if kind == "weights" => weights(name).map(Entry::Weights),
            value => (value.get("number").and_then(number).map(Entry::Number))
                .or_else(|| value.get("text").and_then(Value::as_str).map(Entry::from)),
        };
        state = state.with(name, entry.ok_or_else(|| damaged(bad_field(name)))?);
    }
    Ok(state)
}

fn read_history(fields: &Fields<'_>) -> Result<History> {
    let epoch: Vec<usize> = fields.list("epoch", |epoch| Some(epoch.as_u64()? as usize))?;
    let mut history = BTreeMap::new();
    for (name, values) in fields.get("values", Value::as_object)? {
        let values: Option<Vec<f64>> =
            values.as_array().and_then(|v| v.iter().map(number).collect());
        let values = values.filter(|values| values.len() <= epoch.len());
        history.insert(name.clone(), values.ok_or_else(|| damaged(bad_field(name)))?);
    }
    Ok(History { epoch, history })
}

/// A number as a text with all of its bits.
fn written(number: f64) -> String {
    if number.is_nan() { format!("{:#018x}", number.to_bits()) } else { format!("{number:?}") }
}

fn all_written(numbers: &[f64]) -> Vec<String> {
    numbers.iter().map(|number| written(*number)).collect()
}

fn number(value: &Value) -> Option<f64> {
    let text = value.as_str()?;
    match text.strip_prefix("0x") {
        Some(bits) => u64::from_str_radix(bits, 16).ok().map(f64::from_bits),
        None => text.parse().ok(),
    }
}

/// A manifest with this content.
fn framed(content: &[u8]) -> Vec<u8> {
    let sum = digest::sha256(content);
    [b"{\"sha256\":\"", sum.as_bytes(), b"\",\n\"checkpoint\":", content, b"}\n"].concat()
}

/// The content of a manifest; `None` if any bit of the file is not as it was written.
fn unframed(manifest: &[u8]) -> Option<&[u8]> {
    let around = framed(b"");
    let content = manifest.get(around.len() - 2..)?.strip_suffix(b"}\n")?;
    (framed(content) == manifest).then_some(content)
}

/// The fields of a JSON object. Errors (E034): one is missing, or is something else.
struct Fields<'j>(&'j Value);

impl<'j> Fields<'j> {
    fn get<T>(&self, name: &str, read: impl FnOnce(&'j Value) -> Option<T>) -> Result<T> {
        self.0.get(name).and_then(read).ok_or_else(|| damaged(bad_field(name)))
    }

    fn text(&self, name: &str) -> Result<&'j str> {
        self.get(name, Value::as_str)
    }

    fn count(&self, name: &str) -> Result<u64> {
        self.get(name, Value::as_u64)
    }

    fn inside(&self, name: &str) -> Result<Fields<'j>> {
        self.get(name, |value| Some(Fields(value)))
    }

    fn list<T>(&self, name: &str, each: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>> {
        self.get(name, |value| value.as_array()?.iter().map(each).collect())
    }
}

fn damaged(why: Text) -> Error {
    Error::new(Code::E034, why)
}

neurona_core::messages! {
    fn changed_manifest() {
        en: "the manifest is not as it was written (its SHA-256 differs)",
        es: "el manifiesto no está como se escribió (su SHA-256 es otro)",
    }

    fn changed_body() {
        en: "the body is not as it was written (its SHA-256 differs)",
        es: "el cuerpo no está como se escribió (su SHA-256 es otro)",
    }

    fn other_size(wants: usize, has: usize) {
        en: "the body has {has} bytes, and was written with {wants}",
        es: "el cuerpo tiene {has} bytes, y se escribió con {wants}",
    }

    fn other_format(has: &str, wants: &str) {
        en: "its format is \"{has}\", and this version of Neurona reads \"{wants}\"",
        es: "su formato es \"{has}\", y esta versión de Neurona lee \"{wants}\"",
    }

    fn bad_field(name: &str) {
        en: "\"{name}\" is missing in it or is not what it should be",
        es: "falta \"{name}\" o no es lo que debería ser",
    }
}
