//! The contents of a file as one line of JSON. Keys are only ever added; a value that is not finite
//! is null.

use super::Inside;
use super::arrays::Unread;
use super::statistics::{Moments, Statistics};
use crate::files;
use neurona::message::Lang;
use neurona::train::Model;
use serde_json::{Map, Value, json};

/// The line of a file of arrays.
pub(super) fn of_arrays(file: &str, arrays: &[Statistics], unread: &[Unread], lang: Lang) -> Value {
    let unread = unread
        .iter()
        .map(|(name, error)| json!({"name": name, "message": error.reason().get(lang)}));
    let unread: Vec<Value> = unread.collect();
    json!({"file": file, "kind": "arrays", "arrays": all(arrays), "unread": unread})
}

/// The line of a file of a model.
pub(super) fn of_model(file: &str, model: &Model, inside: &Inside, lang: Lang) -> Value {
    let precisions: Map<String, Value> =
        model.network().precisions().into_iter().map(|(l, p)| (l, p.into())).collect();
    let layers = inside.summary.rows.iter().map(|row| {
        json!({
            "name": row.name,
            "class_name": row.class_name,
            "output_shape": row.output,
            "parameters": row.parameters,
            "trainable_parameters": row.trainable,
            "connected_to": row.connected_to,
        })
    });
    let shapes = model.sample_shapes();
    let inputs = model.network().input_names().enumerate().map(
        |(i, name)| json!({"name": name, "shape": shapes.as_ref().and_then(|all| all.get(i))}),
    );
    let history = model.history();
    let logs: Map<String, Value> = history
        .history
        .iter()
        .map(|(name, values)| (name.clone(), values.clone().into()))
        .collect();
    json!({
        "file": file,
        "kind": "model",
        "name": inside.summary.name,
        "layers": layers.collect::<Vec<Value>>(),
        "parameters": inside.summary.total_parameters(),
        "trainable_parameters": inside.summary.trainable_parameters(),
        "inputs": inputs.collect::<Vec<Value>>(),
        "outputs": model.network().output_names(),
        "compile": inside.compiled,
        "weights": inside.weights.as_ref().map(|weights| all(weights)),
        "history": {"epoch": history.epoch, "history": logs},
        "seed": model.random_seed(),
        "class_names": model.class_names(),
        "dtypes": precisions,
        "notes": files::notes(model, lang),
    })
}

fn all(arrays: &[Statistics]) -> Vec<Value> {
    arrays.iter().map(one).collect()
}

fn one(array: &Statistics) -> Value {
    let moment = |of: fn(&Moments) -> f64| array.moments.as_ref().map(of);
    json!({
        "name": array.name,
        "shape": array.shape,
        "dtype": array.dtype,
        "mean": moment(|m| m.mean),
        "std": moment(|m| m.deviation),
        "min": moment(|m| m.least),
        "max": moment(|m| m.most),
        "zeros": array.zeros,
        "not_finite": array.not_finite,
    })
}
