//! What `compile` was given, as Keras' `compile_config`.

use crate::nn::config::{Field, Map, Object, Value};
use crate::nn::{
    Finding, Loss, Metric, Optimizer, WeightedLoss, check_optimizer, loss_from_config,
    loss_from_name, optimizer_from_config,
};
use crate::tensor::Shape;
use crate::train::engine::Compiled;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;
use std::sync::Arc;

neurona_core::messages! {
    fn not_one_each(what: &Text, has: usize, outputs: usize) {
        en: "there are {has} {what} for {outputs} outputs",
        es: "hay {has} {what} para {outputs} salidas",
    }

    fn not_in_the_file(kind: &Text, name: &str) {
        en: "the {kind} \"{name}\" is one of the program's own and not in the file: call compile again after loading",
        es: "{kind} \"{name}\" es propia del programa y no está en el archivo: llame otra vez a compile después de cargar",
    }

    fn no_loss(output: &str) {
        en: "output \"{output}\" has no loss",
        es: "la salida \"{output}\" no tiene pérdida",
    }
}

/// As Keras writes it. `None` if files have no name for the optimizer or a loss; metrics that they have no name for are
/// left out.
pub(super) fn to_json(compiled: &Compiled, outputs: &[Shape]) -> Option<Value> {
    let losses: Option<Vec<Value>> = compiled
        .losses
        .iter()
        .map(|loss| Some(loss.loss.config()?.to_json("keras.losses")))
        .collect();
    let weights: Vec<Value> = compiled.losses.iter().map(|loss| loss.weight.into()).collect();
    let metrics = |weighted: bool| -> Value {
        let of = |(i, metrics): (usize, &Vec<Metric>)| -> Value {
            let labels = compiled.losses[i].loss.name().starts_with("sparse");
            let own = metrics.iter().filter(|metric| metric.is_weighted() == weighted);
            own.filter_map(|metric| metric.to_json(outputs[i].last(), labels)).collect()
        };
        let all: Vec<Value> = compiled.metrics.iter().enumerate().map(of).collect();
        if all.iter().all(|list| list.as_array().is_none_or(Vec::is_empty)) {
            Value::Null
        } else {
            one_or_all(all)
        }
    };
    let (metrics, weighted_metrics) = (metrics(false), metrics(true));
    let mut optimizer = compiled.optimizer.config()?;
    // Keras does not know these: they stand in the member of our own.
    optimizer.config.remove("exclude_from_weight_decay");
    if is_own_schedule(&optimizer) {
        optimizer
            .config
            .insert("learning_rate".to_owned(), compiled.optimizer.learning_rate().at(0).into());
    }
    let mut config = Map::new();
    config.insert("optimizer".to_owned(), optimizer.to_json("keras.optimizers"));
    config.insert("loss".to_owned(), one_or_all(losses?));
    let alike = compiled.losses.iter().all(|loss| loss.weight == 1.0);
    config.insert("loss_weights".to_owned(), if alike { Value::Null } else { weights.into() });
    config.insert("metrics".to_owned(), metrics);
    config.insert("weighted_metrics".to_owned(), weighted_metrics);
    Some(Value::Object(config))
}

/// The optimizer as only we write it, if Keras' form would lose something of it.
pub(super) fn own_optimizer(optimizer: &dyn Optimizer) -> Option<Value> {
    let object = optimizer.config()?;
    let lossy = object.config.contains_key("exclude_from_weight_decay") || is_own_schedule(&object);
    lossy.then(|| object.to_json("keras.optimizers"))
}

/// Whether the learning rate follows a schedule that Keras does not have.
fn is_own_schedule(optimizer: &Object) -> bool {
    optimizer.config.get("learning_rate").is_some_and(|rate| rate["class_name"] == "OneCycle")
}

/// What a file cannot have, because it has no name there (W038).
pub(super) fn left_out(compiled: &Compiled) -> Vec<Finding> {
    let mut found = Vec::new();
    if compiled.optimizer.config().is_none() {
        found.push(own_part(&Text::new("optimizer", "el optimizador"), compiled.optimizer.name()));
    }
    for loss in compiled.losses.iter().filter(|loss| loss.loss.config().is_none()) {
        found.push(own_part(&Text::new("loss", "la pérdida"), loss.loss.name()));
    }
    let metrics = compiled.metrics.iter().flatten();
    for metric in metrics.filter(|metric| metric.to_json(1, false).is_none()) {
        found.push(own_part(&Text::new("metric", "la métrica"), metric.name()));
    }
    found
}

fn own_part(kind: &Text, name: &str) -> Finding {
    Finding { code: "W038", text: not_in_the_file(kind, name) }
}

fn one_or_all(mut all: Vec<Value>) -> Value {
    if all.len() == 1 { all.remove(0) } else { all.into() }
}

/// What `compile` was given, for outputs of these names; `None` if it was not called.
/// Errors: E015, E034, E038 as [`loss_from_config`]; E016 a setting out of its range.
pub(super) fn from_json(
    json: &Value,
    own: Option<&Value>,
    outputs: &[String],
) -> Result<Option<Compiled>> {
    let given = |key: &str| json.get(key).filter(|value| !value.is_null());
    let (Some(optimizer), Some(loss)) = (given("optimizer"), given("loss")) else {
        return Ok(None);
    };
    let inside = |key: &'static str| move |error: Error| error.inside(key);
    let optimizer = Object::from_json(own.unwrap_or(optimizer)).and_then(optimizer_from_config);
    let optimizer = optimizer
        .and_then(|optimizer| check_optimizer(&*optimizer).map(|()| optimizer))
        .map_err(inside("optimizer"))?;
    let mut losses = losses(loss, outputs).map_err(inside("loss"))?;
    if let Some(weights) = given("loss_weights") {
        let weights = of_outputs(weights, outputs, &Text::new("weights", "pesos"));
        for (loss, weight) in losses.iter_mut().zip(weights.map_err(inside("loss_weights"))?) {
            let weight = weight.map_or(Ok(1.0), f64::from_json);
            loss.weight = weight.map_err(inside("loss_weights"))?;
        }
    }
    let mut metrics = vec![Vec::new(); outputs.len()];
    for (key, weighted) in [("metrics", false), ("weighted_metrics", true)] {
        let Some(json) = given(key) else { continue };
        let of_outputs = metrics_of_outputs(json, outputs).map_err(inside(key))?;
        for (all, own) in metrics.iter_mut().zip(of_outputs) {
            all.extend(own.into_iter().map(|m| if weighted { m.weighted() } else { m }));
        }
    }
    Ok(Some(Compiled { losses, optimizer, metrics }))
}

fn losses(json: &Value, outputs: &[String]) -> Result<Vec<WeightedLoss>> {
    let of_outputs = of_outputs(json, outputs, &Text::new("losses", "pérdidas"))?;
    let one = |(json, output): (Option<&Value>, &String)| {
        let missing = || Error::new(Code::E034, no_loss(output));
        let loss: Arc<dyn Loss> = match json.ok_or_else(missing)? {
            Value::String(name) => loss_from_name(name)?.into(),
            json => loss_from_config(Object::from_json(json)?)?.into(),
        };
        Ok(WeightedLoss { loss, weight: 1.0 })
    };
    of_outputs.into_iter().zip(outputs).map(one).collect()
}

/// One value for each output: a list in their order, a map by their names, or a value alone if there is one output.
/// Errors (E034): another number of them.
fn of_outputs<'v>(
    json: &'v Value,
    outputs: &[String],
    what: &Text,
) -> Result<Vec<Option<&'v Value>>> {
    let present = |value: &'v Value| Some(value).filter(|value| !value.is_null());
    match json {
        Value::Array(list) if list.len() == outputs.len() => Ok(list.iter().map(present).collect()),
        Value::Array(list) => {
            Err(Error::new(Code::E034, not_one_each(what, list.len(), outputs.len())))
        }
        // An object of a class is a map, too.
        Value::Object(map) if !map.contains_key("class_name") => {
            Ok(outputs.iter().map(|output| map.get(output).and_then(present)).collect())
        }
        alone if outputs.len() == 1 => Ok(vec![Some(alone)]),
        _ => Err(Error::new(Code::E034, not_one_each(what, 1, outputs.len()))),
    }
}

/// The metrics of each output. Of one output, a list is all of its metrics.
fn metrics_of_outputs(json: &Value, outputs: &[String]) -> Result<Vec<Vec<Metric>>> {
    let flat = |list: &Vec<Value>| !list.iter().any(Value::is_array);
    let of_outputs = match json {
        Value::Array(list) if outputs.len() == 1 && flat(list) => vec![Some(json)],
        _ => of_outputs(json, outputs, &Text::new("lists of metrics", "listas de métricas"))?,
    };
    let list = |json: Option<&Value>| match json {
        None => Ok(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(Metric::from_json).collect(),
        Some(alone) => Ok(vec![Metric::from_json(alone)?]),
    };
    of_outputs.into_iter().map(list).collect()
}
