//! A network read from a file by Keras.

use super::super::values::{expected, shown};
use super::super::{Field, Map, Object, Value, written};
use super::triples::{Count, Found, Triple, taken, triples};
use super::{Adapted, GroupNames, Place, precision};
use crate::error::{Code, Error, Result};
use crate::nn::layers::{Layer, Normalization, layer_from_config};
use crate::nn::network::{Call, Input, Network, Placed, Value as Source};
use std::collections::HashMap;
use std::sync::Arc;

/// How many layers a model in a file may have, not counting layers of nested models.
const MAX_LAYERS: usize = 10_000;

impl Network {
    /// The network that an object in a file describes: the reverse of
    /// [`to_json`](Network::to_json).
    ///
    /// Errors: E034 it is not a model, or something in it is not supported; E015 names that do not
    /// exist; E038 it names code.
    pub fn from_json(value: &Value, adapted: Adapted<'_>) -> Result<Network> {
        network(value, "", adapted)
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

    /// The shape of an input's sample. Errors (E034): a size is open, or there is no shape.
    fn sample(&self) -> Result<Option<Vec<usize>>> {
        let shape =
            ["batch_shape", "batch_input_shape"].iter().find_map(|key| self.config.get(*key));
        shape.filter(|shape| !shape.is_null()).map(sample).transpose()
    }

    /// The layer, placed. `group` is where its weights are.
    fn layer(mut self, group: &str, adapted: Adapted<'_>) -> Result<Placed> {
        let trainable = self.config.remove("trainable").is_none_or(|json| json != false);
        let policy = self.config.remove("dtype").unwrap_or(Value::Null);
        let dtype = if is_model(&self.class) { None } else { precision::kept(policy)? };
        let layer: Arc<dyn Layer> = if is_model(&self.class) {
            Arc::new(network(self.json, &format!("{group}/"), adapted)?)
        } else {
            if let Some(how) = self.config.get("quantization_config").filter(|how| !how.is_null()) {
                // `Int8QuantizationConfig`, `GPTQConfig`.
                let class = how.get("class_name").and_then(Value::as_str);
                let mode = class.unwrap_or("quantization").trim_end_matches("Config");
                let mode = mode.trim_end_matches("Quantization").to_lowercase();
                return Err(precision::quantized(&mode));
            }
            // Keras 2 gives the shape of samples in the first layer.
            self.config.remove("batch_input_shape");
            let unadapted = self.class == "Normalization"
                && ["mean", "variance"]
                    .iter()
                    .all(|key| self.config.get(*key).is_none_or(Value::is_null));
            let place = Place { group, name: &self.name };
            let found = if unadapted { adapted(place)? } else { None };
            if let Some((mean, variance)) = found {
                let layer = Normalization { mean, variance, ..Normalization::new([], []) };
                let given = written(&layer);
                for key in ["mean", "variance"] {
                    self.config.insert(key.to_owned(), given[key].clone());
                }
            }
            layer_from_config(Object { class: self.class, config: self.config })?.into()
        };
        Ok(Placed { name: self.name, layer, trainable, dtype })
    }
}

fn is_model(class: &str) -> bool {
    ["Sequential", "Functional", "Model"].contains(&class)
}

/// A sample's shape, from a batch's shape. Errors (E034).
fn sample(shape: &Value) -> Result<Vec<usize>> {
    let dims = shape.as_array().and_then(|dims| dims.get(1..));
    let dims =
        dims.ok_or_else(|| expected("the shape of a batch", "la forma de un lote", shape))?;
    if dims.iter().any(Value::is_null) {
        return Err(Error::new(Code::E034, open_shape(&shown(shape))));
    }
    dims.iter().map(usize::from_json).collect()
}

fn network(value: &Value, group: &str, adapted: Adapted<'_>) -> Result<Network> {
    let Object { class, config } = Object::from_json(value)?;
    if !is_model(&class) {
        return Err(Error::new(Code::E034, no_model(&class)));
    }
    // For some sequential models, Keras 2 wrote only the layers.
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
    let dtype = precision::kept(config.get("dtype").cloned().unwrap_or(Value::Null))?;
    Ok(Network { name: name.to_owned(), dtype, ..network })
}

/// A file's model while it is being read.
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
            // Keras 2 gives the shape of samples in the first layer.
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
        // The calls that wait for others: the layer, which of its calls, and what it takes.
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
        en: "the model has {layers} layers; a file may have at most {most}",
        es: "el modelo tiene {layers} capas; un archivo puede tener {most} como máximo",
    }

    fn in_circles(layers: &str) {
        en: "these layers wait for each other: {layers}",
        es: "estas capas se esperan unas a otras: {layers}",
    }
}
