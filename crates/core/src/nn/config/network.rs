//! Networks as objects of files: Keras' `Sequential` and `Functional`.

use super::values::expected;
use super::{Field, Map, Object, Value, refuse_code};
use crate::error::{Code, Error, Result};
use crate::graph::{Builder, Role};
use crate::nn::Weight;
use crate::nn::layers::{Layer, Normalization, layer_from_config};
use crate::nn::network::{Call, Input, Network, Placed, Value as Source, snake_case};
use crate::tensor::DType;
use std::collections::HashMap;
use std::sync::Arc;

crate::messages! {
    fn no_model(class: &str) {
        en: "a model is expected (Sequential or Functional), not {class}",
        es: "se espera un modelo (Sequential o Functional), no {class}",
    }

    fn operation(class: &str, module: &str) {
        en: "{class} of {module} is an operation between layers, not a layer",
        es: "{class} de {module} es una operación entre capas, no una capa",
    }

    fn use_a_layer() {
        en: "use a layer for it where the model is made (Add, Rescaling, Activation, …) and save it again",
        es: "use una capa para eso donde se crea el modelo (Add, Rescaling, Activation, …) y guárdelo de nuevo",
    }

    fn open_shape(shape: &str) {
        en: "samples of shape {shape} leave a size open, and every size must be known here",
        es: "las muestras de forma {shape} dejan un tamaño abierto, y aquí cada tamaño debe conocerse",
    }

    fn too_many(layers: usize, most: usize) {
        en: "the model has {layers} layers; {most} are the most a file may have",
        es: "el modelo tiene {layers} capas; un archivo puede tener {most} como máximo",
    }

    fn no_output(what: &str) {
        en: "it takes what no layer gives: {what}",
        es: "recibe lo que ninguna capa da: {what}",
    }

    fn in_circles(layers: &str) {
        en: "these layers wait for each other: {layers}",
        es: "estas capas se esperan unas a otras: {layers}",
    }

    fn not_written(class: &str) {
        en: "files have no name for a layer of class {class}",
        es: "los archivos no tienen nombre para una capa de clase {class}",
    }

    fn save_weights() {
        en: "save the weights alone, and build the model in the program before loading them",
        es: "guarde solo los pesos, y construya el modelo en el programa antes de cargarlos",
    }
}

/// How many layers a model in a file may have, those of models in it not counted.
const MAX_LAYERS: usize = 10_000;

/// Where a layer's numbers are: the path of its group in a file of weights, and its name.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// As in `layers/dense_1`.
    pub group: &'a str,
    /// As in `hidden`.
    pub name: &'a str,
}

/// A layer's group in a file of weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerGroup {
    /// Its path, as in `layers/dense_1`.
    pub group: String,
    /// The layer's name.
    pub name: String,
    /// The layer's class.
    pub class: &'static str,
    /// How many weights the layer has of its own.
    pub weights: usize,
}

/// The mean and the variance that an adapted normalization has among its weights.
pub type Adapted<'a> = &'a dyn Fn(Place<'_>) -> Result<Option<(Vec<f64>, Vec<f64>)>>;

impl Network {
    /// The network as Keras writes it: a `Sequential`, or a `Functional` model.
    /// Errors: E034 a layer that files have no name for; what the layers find wrong.
    pub fn to_json(&self) -> Result<Value> {
        self.described(true)
    }

    fn described(&self, trainable: bool) -> Result<Value> {
        let mut config = Map::new();
        config.insert("name".to_owned(), self.name.as_str().into());
        config.insert("trainable".to_owned(), trainable.into());
        let (class, module) = if self.sequential {
            ("Sequential", "keras")
        } else {
            ("Functional", "keras.src.models.functional")
        };
        let mut layers: Vec<Value> = Vec::new();
        for placed in &self.layers {
            layers.push(placed.to_json(trainable)?);
        }
        self.nest_means(&mut layers);
        let known = self.inputs.iter().filter(|input| input.sample.is_some());
        let mut inputs: Vec<&Input> = known.collect();
        inputs.sort_by_key(|input| input.row);
        if !self.sequential {
            self.connect(&mut layers, &mut config)?;
        }
        for input in inputs {
            let name = if self.sequential { "input_layer" } else { &input.name };
            let row = if self.sequential { 0 } else { input.row };
            layers.insert(row.min(layers.len()), input_layer(name, input, self.sequential));
        }
        config.insert("layers".to_owned(), layers.into());
        let mut json = Object { class: class.to_owned(), config }.to_json(module);
        if !self.sequential {
            json["registered_name"] = class.into();
        }
        Ok(json)
    }

    /// The means and variances of normalizations along several axes, as Keras wants them: lists of lists.
    fn nest_means(&self, layers: &mut [Value]) {
        for (number, layer) in layers.iter_mut().enumerate() {
            let config = &mut layer["config"];
            let axes = config.get("axis").and_then(Value::as_array).filter(|axes| axes.len() > 1);
            let means = axes.is_some() && self.layers[number].layer.class_name() == "Normalization";
            let sample = if means { self.sample_into(number) } else { None };
            let (Some(axes), Some(sample)) = (axes, sample) else { continue };
            // Axis 0 is the batch.
            let rank = sample.len() as i64 + 1;
            let axis = |json: &Value| json.as_i64().map(|axis| (axis + rank) % rank);
            let mut kept: Vec<i64> = axes.iter().filter_map(axis).collect();
            kept.sort_unstable();
            let size = |axis: &i64| sample.get((*axis - 1) as usize).copied();
            let dims: Vec<usize> = kept.iter().filter_map(size).collect();
            for key in ["mean", "variance"] {
                if let Some(numbers) = config[key].as_array().cloned() {
                    config[key] = nested(numbers, &dims);
                }
            }
        }
    }

    /// The shape of a sample of what a layer takes first, if it can be known.
    fn sample_into(&self, layer: usize) -> Option<Vec<usize>> {
        let call = self.calls.iter().find(|call| call.layer == layer)?;
        match *call.inputs.first()? {
            Source::Input(i) => self.inputs[i].sample.clone(),
            Source::Output { call, index } => self.shapes().ok()?.get(call)?.get(index).cloned(),
        }
    }

    /// Says which layer takes what.
    fn connect(&self, layers: &mut [Value], config: &mut Map<String, Value>) -> Result<()> {
        let shapes = self.shapes()?;
        // Which of its layer's calls each call is.
        let mut counts = vec![0; self.layers.len()];
        let nodes: Vec<usize> = self
            .calls
            .iter()
            .map(|call| {
                counts[call.layer] += 1;
                counts[call.layer] - 1
            })
            .collect();
        let history = |source: &Source| match *source {
            Source::Input(i) => (self.inputs[i].name.as_str(), 0, 0),
            Source::Output { call, index } => {
                (self.layers[self.calls[call].layer].name.as_str(), nodes[call], index)
            }
        };
        let triple = |source: &Source| -> Value {
            let (name, node, index) = history(source);
            vec![Value::from(name), node.into(), index.into()].into()
        };
        let tensor = |source: &Source| {
            let sample = match *source {
                Source::Input(i) => self.inputs[i].sample.clone().unwrap_or_default(),
                Source::Output { call, index } => shapes[call][index].clone(),
            };
            serde_json::json!({"class_name": "__keras_tensor__", "config": {
                "shape": batch_shape(&sample), "dtype": "float32", "keras_history": triple(source),
            }})
        };
        for (number, (layer, placed)) in layers.iter_mut().zip(&self.layers).enumerate() {
            let calls = self.calls.iter().filter(|call| call.layer == number);
            let node = |call: &Call| {
                let tensors: Vec<Value> = call.inputs.iter().map(tensor).collect();
                let args = match &call.inputs[..] {
                    [_] => tensors,
                    _ => vec![tensors.into()],
                };
                serde_json::json!({"args": args, "kwargs": {}})
            };
            layer["inbound_nodes"] = calls.map(node).collect();
            layer["name"] = placed.name.as_str().into();
        }
        let output = |source: &Source| {
            let mut json = triple(source);
            if let Source::Output { call, .. } = *source
                && let Some(inner) = self.layers[self.calls[call].layer].layer.network()
            {
                json[1] = (nodes[call] + first_node(inner, Count::Outputs)).into();
            }
            json
        };
        let one_or_all = |mut triples: Vec<Value>| match triples.len() {
            1 => triples.remove(0),
            _ => triples.into(),
        };
        let inputs = (0..self.inputs.len()).map(|i| triple(&Source::Input(i))).collect();
        config.insert("input_layers".to_owned(), one_or_all(inputs));
        config.insert(
            "output_layers".to_owned(),
            one_or_all(self.outputs.iter().map(output).collect()),
        );
        Ok(())
    }

    /// The shape of a sample of each output of each call.
    fn shapes(&self) -> Result<Vec<Vec<Vec<usize>>>> {
        let builder = Builder::new();
        let samples = self.samples().unwrap_or_default();
        let inputs: Vec<_> = samples
            .iter()
            .enumerate()
            .map(|(i, sample)| {
                let dims = [&[1], &sample[..]].concat();
                builder.input(&format!("x {i}"), Role::Batch, DType::F32, &dims)
            })
            .collect();
        let trace = self.trace(&builder, &inputs, None);
        builder.error().map_or(Ok(()), Err)?;
        let sample = |y: &crate::graph::Expr<'_>| y.shape().dims()[1..].to_vec();
        Ok(trace.calls.iter().map(|outputs| outputs.iter().map(sample).collect()).collect())
    }

    /// The network that an object of a file describes: [`to_json`](Network::to_json) the other way round.
    ///
    /// Errors: E034 it is no model, or has what is not supported; E015 names that do not exist; E038 it names code.
    pub fn from_json(value: &Value, adapted: Adapted<'_>) -> Result<Network> {
        network(value, "", adapted)
    }

    /// Where a file of Keras has each of the weights, as in `layers/dense/vars/0`, and its groups of layers.
    pub fn places(&self, weights: &[Weight]) -> (Vec<String>, Vec<LayerGroup>) {
        let mut places = vec![String::new(); weights.len()];
        let mut groups = Vec::new();
        self.add_places("", "", weights, &mut places, &mut groups);
        (places, groups)
    }

    fn add_places(
        &self,
        group: &str,
        path: &str,
        weights: &[Weight],
        places: &mut [String],
        groups: &mut Vec<LayerGroup>,
    ) {
        let mut names = GroupNames::default();
        for placed in &self.layers {
            let group = format!("{group}layers/{}", names.next(placed.layer.class_name()));
            let path = format!("{path}{}/", placed.name);
            let mut count = 0;
            if let Some(inner) = placed.layer.network() {
                inner.add_places(&format!("{group}/"), &path, weights, places, groups);
            } else {
                let own = weights.iter().zip(&mut *places);
                for (_, place) in own.filter(|(weight, _)| weight.name.starts_with(&path)) {
                    *place = format!("{group}/vars/{count}");
                    count += 1;
                }
            }
            let (name, class) = (placed.name.clone(), placed.layer.class_name());
            groups.push(LayerGroup { group, name, class, weights: count });
        }
    }
}

impl Placed {
    fn to_json(&self, around: bool) -> Result<Value> {
        let trainable = self.trainable && around;
        if let Some(inner) = self.layer.network() {
            let mut json = inner.described(trainable)?;
            json["config"]["name"] = self.name.as_str().into();
            return Ok(json);
        }
        let class = self.layer.class_name();
        let unknown = || Error::new(Code::E034, not_written(class)).fix(save_weights());
        let mut config = self.layer.config().ok_or_else(|| unknown().at(self.name.as_str()))?;
        config.insert("name".to_owned(), self.name.as_str().into());
        // Keras' spatial dropout does not take it.
        if !class.starts_with("SpatialDropout") {
            config.insert("trainable".to_owned(), trainable.into());
        }
        Ok(Object { class: class.to_owned(), config }.to_json("keras.layers"))
    }
}

/// Numbers as lists of lists of these sizes.
fn nested(numbers: Vec<Value>, dims: &[usize]) -> Value {
    let [_, inner @ ..] = dims else { return numbers.into() };
    let size: usize = inner.iter().product();
    if inner.is_empty() || size == 0 {
        return numbers.into();
    }
    numbers.chunks(size).map(|part| nested(part.to_vec(), inner)).collect()
}

fn batch_shape(sample: &[usize]) -> Value {
    std::iter::once(Value::Null).chain(sample.iter().map(|n| Value::from(*n))).collect()
}

fn input_layer(name: &str, input: &Input, sequential: bool) -> Value {
    let mut config = Map::new();
    let sample = input.sample.as_deref().unwrap_or_default();
    config.insert("batch_shape".to_owned(), batch_shape(sample));
    config.insert("dtype".to_owned(), "float32".into());
    config.insert("name".to_owned(), name.into());
    let mut json = Object { class: "InputLayer".to_owned(), config }.to_json("keras.layers");
    if !sequential {
        json["name"] = name.into();
        json["inbound_nodes"] = Value::Array(Vec::new());
    }
    json
}

/// Keras' names of groups: the class in snake case, numbered within one model.
#[derive(Default)]
struct GroupNames(HashMap<String, usize>);

impl GroupNames {
    fn next(&mut self, class: &str) -> String {
        let stem = snake_case(class);
        let count = self.0.entry(stem.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { stem } else { format!("{stem}_{}", *count - 1) }
    }
}

/// An entry of the list of layers.
struct Entry<'v> {
    class: String,
    /// Empty where the file leaves it to the reader.
    name: String,
    config: Map<String, Value>,
    json: &'v Value,
}

impl<'v> Entry<'v> {
    fn of(json: &'v Value) -> Result<Entry<'v>> {
        let Object { class, mut config } = Object::from_json(json)?;
        let module = json.get("module").and_then(Value::as_str).unwrap_or("keras.layers");
        if ["keras.src.ops", "keras.ops", "keras.src.activations"]
            .iter()
            .any(|m| module.starts_with(m))
        {
            return Err(Error::new(Code::E034, operation(&class, module)).fix(use_a_layer()));
        }
        let outer = json.get("name").cloned();
        let name = config.remove("name").or(outer).unwrap_or(Value::Null);
        let name = if name.is_null() { String::new() } else { String::from_json(&name)? };
        Ok(Entry { class, name, config, json })
    }

    fn is_input(&self) -> bool {
        self.class == "InputLayer"
    }

    /// The shape of a sample of an input. Errors (E034): a size is open, or there is none.
    fn sample(&self) -> Result<Option<Vec<usize>>> {
        let shape =
            ["batch_shape", "batch_input_shape"].iter().find_map(|key| self.config.get(*key));
        shape.filter(|shape| !shape.is_null()).map(sample).transpose()
    }

    /// The layer, placed. `group` is where its weights are.
    fn layer(mut self, group: &str, adapted: Adapted<'_>) -> Result<Placed> {
        let trainable = self.config.remove("trainable").is_none_or(|json| json != false);
        let layer: Arc<dyn Layer> = if is_model(&self.class) {
            Arc::new(network(self.json, &format!("{group}/"), adapted)?)
        } else {
            // What precision it was trained in: here it is that of the program.
            if let Some(policy) = self.config.remove("dtype").filter(Value::is_object) {
                refuse_code(&policy).map_err(|error| error.inside("dtype"))?;
            }
            // Keras 2 says in the first layer what samples are.
            self.config.remove("batch_input_shape");
            let unadapted = self.class == "Normalization"
                && ["mean", "variance"]
                    .iter()
                    .all(|key| self.config.get(*key).is_none_or(Value::is_null));
            let place = Place { group, name: &self.name };
            let found = if unadapted { adapted(place)? } else { None };
            if let Some((mean, variance)) = found {
                let layer = Normalization { mean, variance, ..Normalization::new([], []) };
                let given = super::written(&layer);
                for key in ["mean", "variance"] {
                    self.config.insert(key.to_owned(), given[key].clone());
                }
            }
            layer_from_config(Object { class: self.class, config: self.config })?.into()
        };
        Ok(Placed { name: self.name, layer, trainable })
    }
}

fn is_model(class: &str) -> bool {
    ["Sequential", "Functional", "Model"].contains(&class)
}

/// A sample's shape, from that of a batch. Errors (E034).
fn sample(shape: &Value) -> Result<Vec<usize>> {
    let dims = shape.as_array().and_then(|dims| dims.get(1..));
    let dims =
        dims.ok_or_else(|| expected("the shape of a batch", "la forma de un lote", shape))?;
    if dims.iter().any(Value::is_null) {
        return Err(Error::new(Code::E034, open_shape(&super::values::shown(shape))));
    }
    dims.iter().map(usize::from_json).collect()
}

fn network(value: &Value, group: &str, adapted: Adapted<'_>) -> Result<Network> {
    let Object { class, config } = Object::from_json(value)?;
    if !is_model(&class) {
        return Err(Error::new(Code::E034, no_model(&class)));
    }
    // Keras 2 wrote the layers of some sequential models alone.
    let list = config.get("layers").unwrap_or(&Value::Null);
    let layers =
        list.as_array().ok_or_else(|| expected("a list of layers", "una lista de capas", list));
    let layers = layers.map_err(|error| error.inside("layers"))?;
    if layers.len() > MAX_LAYERS {
        return Err(Error::new(Code::E034, too_many(layers.len(), MAX_LAYERS)));
    }
    if layers.is_empty() {
        let error = expected("a list of layers", "una lista de capas", list);
        return Err(error.inside("layers"));
    }
    let name = config.get("name").and_then(Value::as_str).unwrap_or("model");
    let reader = Reader { layers, config: &config, group, adapted };
    let network = if class == "Sequential" { reader.sequential() } else { reader.functional() }?;
    Ok(Network { name: name.to_owned(), ..network })
}

/// A model of a file while it is read.
struct Reader<'v> {
    layers: &'v [Value],
    config: &'v Map<String, Value>,
    /// Where the groups of its layers are.
    group: &'v str,
    adapted: Adapted<'v>,
}

impl Reader<'_> {
    fn entries(&self) -> impl Iterator<Item = Result<Entry<'_>>> {
        self.layers
            .iter()
            .enumerate()
            .map(|(i, json)| Entry::of(json).map_err(|error| error.inside(format!("layers[{i}]"))))
    }

    /// The layer of an entry, which comes next in a network.
    fn placed(
        &self,
        mut entry: Entry<'_>,
        names: &mut GroupNames,
        network: &Network,
    ) -> Result<Placed> {
        if entry.name.is_empty() {
            entry.name = network.fresh_name(&entry.class);
        }
        let group = format!("{}layers/{}", self.group, names.next(&entry.class));
        let name = entry.name.clone();
        entry.layer(&group, self.adapted).map_err(|error| error.inside(name))
    }

    fn sequential(&self) -> Result<Network> {
        let mut network = Network::default();
        let built = self.config.get("build_input_shape").filter(|shape| !shape.is_null());
        let mut shape = built.map(sample).transpose().ok().flatten();
        let mut names = GroupNames::default();
        for entry in self.entries() {
            let entry = entry?;
            if entry.is_input() {
                shape = entry.sample()?.or(shape);
                continue;
            }
            // Keras 2 says what samples are in the first layer.
            if network.layers.is_empty() && shape.is_none() {
                shape = entry.sample()?;
            }
            let inputs = network.outputs.clone();
            let placed = self.placed(entry, &mut names, &network)?;
            network.outputs = vec![Source::Output { call: network.calls.len(), index: 0 }];
            network.calls.push(Call { layer: network.layers.len(), inputs });
            network.layers.push(placed);
        }
        if let Some(shape) = shape {
            network.declare_sample(shape);
        }
        Ok(network)
    }

    fn functional(&self) -> Result<Network> {
        let mut network = Network {
            inputs: Vec::new(),
            outputs: Vec::new(),
            sequential: false,
            ..Network::default()
        };
        let wanted = triples(self.config.get("input_layers"))?;
        let mut samples: HashMap<String, Input> = HashMap::new();
        let mut names = GroupNames::default();
        // The calls that wait for others: layer, which of its calls, and what it takes.
        let mut waiting: Vec<(usize, usize, Vec<Triple>)> = Vec::new();
        let mut before_3 = false;
        for (row, entry) in self.entries().enumerate() {
            let entry = entry?;
            if entry.is_input() {
                let sample = Some(entry.sample()?.unwrap_or_default());
                let input = Input { name: entry.name.clone(), sample, row };
                samples.insert(entry.name, input);
                continue;
            }
            let (json, layer) = (entry.json, network.layers.len());
            network.layers.push(self.placed(entry, &mut names, &network)?);
            let nodes = json.get("inbound_nodes").and_then(Value::as_array);
            for (node, inbound) in nodes.into_iter().flatten().enumerate() {
                before_3 |= inbound.is_array();
                let placed = &network.layers[layer];
                let taken = taken(inbound).map_err(|error| error.inside(placed.name.clone()))?;
                waiting.push((layer, node, taken));
            }
        }
        let mut found: HashMap<(String, usize), Found> = HashMap::new();
        for triple in wanted {
            let input = samples.remove(&triple.layer).ok_or_else(|| triple.missing())?;
            found.insert((triple.layer, triple.node), Found::Input(network.inputs.len()));
            network.inputs.push(input);
        }
        let count = |usual| if before_3 { Count::Before3 } else { usual };
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut later = Vec::new();
            for (layer, node, taken) in waiting {
                let sources: Option<Vec<Source>> =
                    taken.iter().map(|t| t.among(&found, &network, count(Count::Taken))).collect();
                match sources {
                    None => later.push((layer, node, taken)),
                    Some(inputs) => {
                        let name = network.layers[layer].name.clone();
                        found.insert((name, node), Found::Call(network.calls.len()));
                        network.calls.push(Call { layer, inputs });
                    }
                }
            }
            if later.len() == before {
                let layers = later.iter().take(5).map(|(layer, ..)| &*network.layers[*layer].name);
                let names: Vec<&str> = layers.collect();
                return Err(Error::new(Code::E034, in_circles(&names.join(", "))));
            }
            waiting = later;
        }
        for triple in triples(self.config.get("output_layers"))? {
            let source = triple
                .among(&found, &network, count(Count::Outputs))
                .ok_or_else(|| triple.missing())?;
            network.outputs.push(source);
        }
        Ok(network)
    }
}

/// An output of a call of a layer: Keras' `["dense", 0, 0]`.
struct Triple {
    layer: String,
    node: usize,
    tensor: usize,
}

/// Where calls are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// In what layers take, by Keras 3.
    Taken,
    /// In the outputs of a model, by Keras 3.
    Outputs,
    /// By Keras 2.
    Before3,
}

/// The number of the first call of a model in a model.
fn first_node(inner: &Network, count: Count) -> usize {
    match count {
        Count::Taken => 0,
        Count::Outputs => usize::from(!inner.sequential),
        Count::Before3 => 1,
    }
}

/// What a call that was found is.
enum Found {
    Input(usize),
    Call(usize),
}

impl Triple {
    fn of(json: &Value) -> Result<Triple> {
        match json.as_array().map(Vec::as_slice) {
            // Keras 2 has a fourth, settings of the call.
            Some([layer, node, tensor, ..]) => Ok(Triple {
                layer: String::from_json(layer)?,
                node: usize::from_json(node)?,
                tensor: usize::from_json(tensor)?,
            }),
            _ => Err(expected(
                "a layer, a call and an output",
                "una capa, una llamada y una salida",
                json,
            )),
        }
    }

    /// Where it comes from. Keras counts the calls of some models in a model from 1: see [`first_node`].
    fn among(
        &self,
        found: &HashMap<(String, usize), Found>,
        network: &Network,
        count: Count,
    ) -> Option<Source> {
        let placed = network.layers.iter().find(|placed| placed.name == self.layer);
        let inner = placed.and_then(|placed| placed.layer.network());
        let node = self.node.saturating_sub(inner.map_or(0, |inner| first_node(inner, count)));
        match *found.get(&(self.layer.clone(), node))? {
            Found::Input(i) => (self.tensor == 0).then_some(Source::Input(i)),
            Found::Call(call) => {
                let layer = &network.layers[network.calls[call].layer].layer;
                let index = self.tensor;
                (index < layer.output_count()).then_some(Source::Output { call, index })
            }
        }
    }

    fn missing(&self) -> Error {
        let what = format!("[\"{}\", {}, {}]", self.layer, self.node, self.tensor);
        Error::new(Code::E034, no_output(&what))
    }
}

/// One triple, a list of them, or a map.
fn triples(json: Option<&Value>) -> Result<Vec<Triple>> {
    match json {
        Some(Value::Array(list)) if list.first().is_some_and(Value::is_string) => {
            Ok(vec![Triple::of(&Value::Array(list.clone()))?])
        }
        Some(Value::Array(list)) => list.iter().map(Triple::of).collect(),
        Some(Value::Object(map)) => map.values().map(Triple::of).collect(),
        other => {
            let json = other.unwrap_or(&Value::Null);
            Err(expected("a list of layers' outputs", "una lista de salidas de capas", json))
        }
    }
}

/// What a call takes: tensors, or lists of them.
fn taken(inbound: &Value) -> Result<Vec<Triple>> {
    // Keras 2.
    if let Value::Array(list) = inbound {
        return list.iter().map(Triple::of).collect();
    }
    let settings = inbound.get("kwargs").and_then(Value::as_object);
    for (name, value) in settings.into_iter().flatten() {
        // Whether a model trains is said when it is used: as in Keras, that outweighs what was said of a call.
        if !value.is_null() && name != "training" {
            let error = expected("no setting of a call", "ningún ajuste de una llamada", value);
            return Err(error.inside(name.clone()));
        }
    }
    let args = inbound.get("args").and_then(Value::as_array);
    let mut taken = Vec::new();
    for arg in args.into_iter().flatten() {
        let tensors = arg.as_array().map_or(std::slice::from_ref(arg), Vec::as_slice);
        for tensor in tensors {
            let is_tensor = tensor["class_name"] == "__keras_tensor__";
            if !is_tensor {
                return Err(expected("what a layer gives", "lo que da una capa", tensor));
            }
            taken.push(Triple::of(&tensor["config"]["keras_history"])?);
        }
    }
    Ok(taken)
}
