//! A network as Keras writes it.

use super::super::{Map, Object, Value};
use super::triples::{Count, first_node};
use crate::error::{Code, Error, Result};
use crate::graph::{Builder, Role};
use crate::nn::network::{Call, Input, Network, Placed, Value as Source};
use crate::tensor::DType;

crate::messages! {
    fn not_written(class: &str) {
        en: "files have no name for a layer of class {class}",
        es: "los archivos no tienen nombre para una capa de clase {class}",
    }

    fn save_weights() {
        en: "save the weights alone, and build the model in the program before loading them",
        es: "guarde solo los pesos, y construya el modelo en el programa antes de cargarlos",
    }
}

impl Network {
    /// The network as Keras writes it: a `Sequential`, or a `Functional` model.
    /// Errors: E034 a layer for which files have no name; anything that the layers find wrong.
    pub fn to_json(&self) -> Result<Value> {
        self.described(true)
    }

    fn described(&self, trainable: bool) -> Result<Value> {
        let mut config = Map::new();
        config.insert("name".to_owned(), self.name.as_str().into());
        config.insert("trainable".to_owned(), trainable.into());
        if let Some(dtype) = &self.dtype {
            config.insert("dtype".to_owned(), dtype.clone());
        }
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

    /// The shape of a sample of a layer's first input, if it can be known.
    fn sample_into(&self, layer: usize) -> Option<Vec<usize>> {
        let call = self.calls.iter().find(|call| call.layer == layer)?;
        match *call.inputs.first()? {
            Source::Input(i) => self.inputs[i].sample.clone(),
            Source::Output { call, index } => self.shapes().ok()?.get(call)?.get(index).cloned(),
        }
    }

    /// Writes which layer takes what.
    fn connect(&self, layers: &mut [Value], config: &mut Map<String, Value>) -> Result<()> {
        let shapes = self.shapes()?;
        // The number that each call has among its layer's calls.
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

    /// The shape of a sample for each output of each call.
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
        if let Some(dtype) = &self.dtype {
            config.insert("dtype".to_owned(), dtype.clone());
        }
        // Keras' spatial dropout does not accept it.
        if !class.starts_with("SpatialDropout") {
            config.insert("trainable".to_owned(), trainable.into());
        }
        Ok(Object { class: class.to_owned(), config }.to_json("keras.layers"))
    }
}

/// Numbers as nested lists of these sizes.
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
