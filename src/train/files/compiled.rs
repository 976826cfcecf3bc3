//! The arguments of `compile`, as Keras' `compile_config`.

use super::loss_scale::LossScale;
use super::missing::MissingOptimizer;
use crate::nn::config::{Field, Map, Object, Value};
use crate::nn::{
    Finding, Loss, Metric, Optimizer, WeightedLoss, check_optimizer, loss_from_config,
    loss_from_name, optimizer_from_config,
};
use crate::tensor::Shape;
use crate::train::engine::Compiled;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;

/// As Keras writes it. `None` if files have no name for the optimizer or a loss; metrics for which
/// they have no name are left out.
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
    // Keras does not know these: they are in our own member.
    optimizer.config.remove("exclude_from_weight_decay");
    if is_own_schedule(&optimizer) {
        optimizer
            .config
            .insert("learning_rate".to_owned(), compiled.optimizer.learning_rate().at(0).into());
    }
    let mut config = Map::new();
    let optimizer = optimizer.to_json("keras.optimizers");
    let optimizer = match &compiled.loss_scale {
        Some(scale) => scale.around(optimizer),
        None => optimizer,
    };
    config.insert("optimizer".to_owned(), optimizer);
    config.insert("loss".to_owned(), one_or_all(losses?));
    let alike = compiled.losses.iter().all(|loss| loss.weight == 1.0);
    config.insert("loss_weights".to_owned(), if alike { Value::Null } else { weights.into() });
    config.insert("metrics".to_owned(), metrics);
    config.insert("weighted_metrics".to_owned(), weighted_metrics);
    Some(Value::Object(config))
}

/// The optimizer as only we write it, if Keras' form would lose something.
pub(super) fn own_optimizer(optimizer: &dyn Optimizer) -> Option<Value> {
    let object = optimizer.config()?;
    let lossy = object.config.contains_key("exclude_from_weight_decay") || is_own_schedule(&object);
    lossy.then(|| object.to_json("keras.optimizers"))
}

/// Whether the learning rate follows a schedule that Keras does not have.
fn is_own_schedule(optimizer: &Object) -> bool {
    optimizer.config.get("learning_rate").is_some_and(|rate| rate["class_name"] == "OneCycle")
}

/// A value as shown in messages: no longer than a line.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Anything that a file cannot have, because it has no name there (W038).
pub(super) fn left_out(compiled: &Compiled) -> Vec<Finding> {
    let mut found = Vec::new();
    // A missing optimizer was reported when the model was read.
    if compiled.optimizer.config().is_none() && compiled.optimizer.check().is_ok() {
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

/// What a file says about `compile`, as far as it can be used here, and what was noticed.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// What the model is compiled with; `None` if `compile` was not called, or a loss is missing.
    pub(super) compiled: Option<Compiled>,
    /// Why it is not, if the file does not say it in a usable way.
    pub(super) lacks: Option<Lack>,
    pub(super) notes: Vec<Finding>,
}

/// What keeps a file's model from being compiled, and the rest of what the file says.
#[derive(Debug)]
pub(in crate::train) struct Lack {
    /// What is missing.
    pub(in crate::train) text: Text,
    pub(in crate::train) optimizer: Box<dyn Optimizer>,
    pub(in crate::train) metrics: Vec<Vec<Metric>>,
}

/// Reads the arguments of `compile`, for outputs with these names. Nothing in it is a mistake of
/// the file: anything unusable here is noted (`W040`), and asked for where it is needed.
pub(super) fn from_json(json: &Value, own: Option<&Value>, outputs: &[String]) -> Read {
    let given = |key: &str| json.get(key).filter(|value| !value.is_null());
    if given("optimizer").is_none() && given("loss").is_none() {
        return Read::default();
    }
    let mut notes = Vec::new();
    let wrapped = given("optimizer").and_then(LossScale::from_json);
    let optimizer = match (own, &wrapped, given("optimizer")) {
        (Some(own), ..) => Some(own),
        (None, Some((_, inner)), _) => Some(inner),
        (None, None, given) => given,
    };
    let (optimizer, why) = optimizer_of(optimizer);
    notes.extend(why.map(|text| Finding { code: "W040", text: to_train(&text) }));
    let mut metrics = vec![Vec::new(); outputs.len()];
    for (key, weighted) in [("metrics", false), ("weighted_metrics", true)] {
        let Some(json) = given(key) else { continue };
        for (all, own) in metrics.iter_mut().zip(metrics_of_outputs(json, outputs, &mut notes)) {
            all.extend(own.into_iter().map(|m| if weighted { m.weighted() } else { m }));
        }
    }
    let loss_scale = wrapped.map(|(scale, _)| scale);
    match losses(given("loss"), given("loss_weights"), outputs) {
        Ok(losses) => Read {
            compiled: Some(Compiled { losses, optimizer, metrics, loss_scale }),
            lacks: None,
            notes,
        },
        Err(text) => {
            notes.push(Finding { code: "W040", text: to_evaluate(&text) });
            Read { compiled: None, lacks: Some(Lack { text, optimizer, metrics }), notes }
        }
    }
}

/// The optimizer that a file names; if it cannot be used, one that only says what is missing, and
/// the reason.
fn optimizer_of(json: Option<&Value>) -> (Box<dyn Optimizer>, Option<Text>) {
    let read = |json: &Value| -> Result<Box<dyn Optimizer>> {
        let optimizer = Object::from_json(json).and_then(optimizer_from_config)?;
        check_optimizer(&*optimizer)?;
        Ok(optimizer)
    };
    let text = match json {
        None => no_optimizer(),
        Some(json) => match read(json) {
            Ok(optimizer) => return (optimizer, None),
            Err(error) => unusable(&optimizer_kind(), json, &error),
        },
    };
    (Box::new(MissingOptimizer::new(text.clone())), Some(text))
}

/// The loss of each output: one each, or one for all. Otherwise, why there is no usable one.
fn losses(
    json: Option<&Value>,
    weights: Option<&Value>,
    outputs: &[String],
) -> Result<Vec<WeightedLoss>, Text> {
    let json = json.ok_or_else(no_loss_at_all)?;
    let one = |(json, output): (Option<&Value>, &String)| -> Result<WeightedLoss, Text> {
        let json = json.ok_or_else(|| no_loss(output))?;
        let loss: Result<Box<dyn Loss>> = match json {
            Value::String(name) => loss_from_name(name),
            json => Object::from_json(json).and_then(loss_from_config),
        };
        let loss = loss.map_err(|error| unusable(&loss_kind(), json, &error))?;
        Ok(WeightedLoss { loss: loss.into(), weight: 1.0 })
    };
    let each = of_outputs(json, outputs, true).ok_or_else(|| {
        let count = json.as_array().map_or(1, Vec::len);
        not_one_each(&Text::new("losses", "pérdidas"), count, outputs.len())
    })?;
    let mut losses: Vec<WeightedLoss> =
        each.into_iter().zip(outputs).map(one).collect::<Result<_, Text>>()?;
    if let Some(weights) = weights {
        let wrong = || weights_not_usable(&shown(weights));
        let each = of_outputs(weights, outputs, false).ok_or_else(wrong)?;
        for (loss, weight) in losses.iter_mut().zip(each) {
            loss.weight = weight.map_or(Ok(1.0), f64::from_json).map_err(|_| wrong())?;
            if !(loss.weight as f32).is_finite() {
                return Err(wrong());
            }
        }
    }
    Ok(losses)
}

/// One value for each output: a list in their order, a map by their names, or a single value, which
/// belongs to the only output, or to `all`. `None` for another number of them.
fn of_outputs<'v>(
    json: &'v Value,
    outputs: &[String],
    all: bool,
) -> Option<Vec<Option<&'v Value>>> {
    let present = |value: &'v Value| Some(value).filter(|value| !value.is_null());
    match json {
        // Outputs at the end of the list may be left out.
        Value::Array(list) if list.len() <= outputs.len() => {
            let given = list.iter().map(present).chain(std::iter::repeat(None));
            Some(given.take(outputs.len()).collect())
        }
        Value::Array(_) => None,
        // An object with a class is a map, too. If there is only one output, its name does not
        // matter to Keras.
        Value::Object(map)
            if !map.contains_key("class_name") && (outputs.len(), map.len()) == (1, 1) =>
        {
            Some(map.values().map(present).collect())
        }
        Value::Object(map) if !map.contains_key("class_name") => {
            Some(outputs.iter().map(|output| map.get(output).and_then(present)).collect())
        }
        alone if outputs.len() == 1 || all => Some(vec![Some(alone); outputs.len()]),
        _ => None,
    }
}

/// The metrics of each output. For one output, a list is all of its metrics; a list of names, if
/// there are not as many as outputs, is for each of them, as in Keras 2. Unusable metrics are left
/// out, and noted.
fn metrics_of_outputs(
    json: &Value,
    outputs: &[String],
    notes: &mut Vec<Finding>,
) -> Vec<Vec<Metric>> {
    let flat = |list: &Vec<Value>| !list.iter().any(Value::is_array);
    let of_outputs = match json {
        Value::Array(list) if flat(list) && (outputs.len() == 1 || list.len() != outputs.len()) => {
            Some(vec![Some(json); outputs.len()])
        }
        _ => of_outputs(json, outputs, true),
    };
    let mut one = |json: &Value| match Metric::from_json(json) {
        Ok(metric) => Some(metric),
        Err(error) => {
            let text = left_out_of_it(&unusable(&metric_kind(), json, &error));
            if !notes.iter().any(|note| note.text == text) {
                notes.push(Finding { code: "W040", text });
            }
            None
        }
    };
    let mut list = |json: Option<&Value>| match json {
        None => Vec::new(),
        // Keras 2 writes `null` where there is no metric.
        Some(Value::Array(list)) => {
            list.iter().filter(|json| !json.is_null()).filter_map(&mut one).collect()
        }
        Some(alone) => one(alone).into_iter().collect(),
    };
    match of_outputs {
        Some(each) => each.into_iter().map(&mut list).collect(),
        None => {
            let count = json.as_array().map_or(1, Vec::len);
            let text = not_one_each(
                &Text::new("lists of metrics", "listas de métricas"),
                count,
                outputs.len(),
            );
            notes.push(Finding { code: "W040", text: left_out_of_it(&text) });
            vec![Vec::new(); outputs.len()]
        }
    }
}

/// The name that a file gives to an object registered in Keras, to a function (Keras' own or a
/// user's), or to a class.
pub(super) fn name_of(json: &Value) -> String {
    let text = |key: &str| json.get(key).and_then(Value::as_str);
    let is_kind = |name: &str| name == "function" || name.starts_with("keras.");
    // A metric that wraps a function has the function's name.
    let function = json.get("config").and_then(|config| config.get("fn"));
    if let Some(function) = function.filter(|_| text("class_name") == Some("MeanMetricWrapper")) {
        return name_of(function);
    }
    let name = json
        .as_str()
        .or_else(|| text("registered_name").filter(|name| !is_kind(name)))
        .or_else(|| text("config"))
        .or_else(|| text("class_name"));
    name.map_or_else(|| shown(json), str::to_owned)
}

/// The text on something that a file is compiled with but that cannot be used: its kind, its name,
/// and why.
fn unusable(kind: &Text, json: &Value, error: &Error) -> Text {
    let name = name_of(json);
    match error.code() {
        // An error at another place is about a setting of something that does exist.
        Code::E015 | Code::E038 if error.place().is_none_or(|place| place == name) => {
            does_not_exist(kind, &name)
        }
        _ => is_not_read(kind, &name, error.reason()),
    }
}

neurona_core::messages! {
    fn not_in_the_file(kind: &Text, name: &str) {
        en: "the {kind} \"{name}\" is defined in the program and not in the file: call compile again after loading",
        es: "{kind} \"{name}\" se define en el programa y no está en el archivo: llame otra vez a compile después de cargar",
    }

    fn optimizer_kind() {
        en: "optimizer",
        es: "el optimizador",
    }

    fn loss_kind() {
        en: "loss",
        es: "la pérdida",
    }

    fn metric_kind() {
        en: "metric",
        es: "la métrica",
    }

    fn does_not_exist(kind: &Text, name: &str) {
        en: "the file is compiled with the {kind} \"{name}\", which does not exist here",
        es: "el archivo está compilado con {kind} \"{name}\", que aquí no existe",
    }

    fn is_not_read(kind: &Text, name: &str, why: &Text) {
        en: "the file is compiled with the {kind} \"{name}\", which cannot be used here ({why})",
        es: "el archivo está compilado con {kind} \"{name}\", que aquí no se puede usar ({why})",
    }

    fn no_optimizer() {
        en: "the file is compiled without an optimizer",
        es: "el archivo está compilado sin optimizador",
    }

    fn no_loss_at_all() {
        en: "the file is compiled without a loss",
        es: "el archivo está compilado sin pérdida",
    }

    fn no_loss(output: &str) {
        en: "the file is compiled without a loss for the output \"{output}\"",
        es: "el archivo está compilado sin pérdida para la salida \"{output}\"",
    }

    fn not_one_each(what: &Text, has: usize, outputs: usize) {
        en: "the file is compiled with {has} {what} for {outputs} outputs",
        es: "el archivo está compilado con {has} {what} para {outputs} salidas",
    }

    fn weights_not_usable(weights: &str) {
        en: "the file is compiled with loss weights that are not one number for each output ({weights})",
        es: "el archivo está compilado con pesos de la pérdida que no son un número por salida ({weights})",
    }

    fn to_train(why: &Text) {
        en: "{why}: the model predicts and is evaluated, but training it needs another optimizer",
        es: "{why}: el modelo predice y se evalúa, pero entrenarlo requiere otro optimizador",
    }

    fn to_evaluate(why: &Text) {
        en: "{why}: the model predicts, but evaluating or training it needs another loss",
        es: "{why}: el modelo predice, pero evaluarlo o entrenarlo requiere otra pérdida",
    }

    fn left_out_of_it(why: &Text) {
        en: "{why}: it is left out",
        es: "{why}: se deja fuera",
    }
}
