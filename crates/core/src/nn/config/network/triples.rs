//! Which layer takes what: Keras' triples of a layer, one of its calls and one of its outputs.

use super::super::values::expected;
use super::super::{Field, Value};
use crate::error::{Code, Error, Result};
use crate::nn::network::{Network, Value as Source};
use std::collections::HashMap;

/// An output of a layer's call: Keras' `["dense", 0, 0]`.
pub(super) struct Triple {
    pub(super) layer: String,
    pub(super) node: usize,
    tensor: usize,
}

/// Where calls are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// In the inputs of layers, by Keras 3.
    Taken,
    /// In the outputs of a model, by Keras 3.
    Outputs,
    /// By Keras 2.
    Before3,
}

/// The number of a nested model's first call.
pub(super) fn first_node(inner: &Network, count: Count) -> usize {
    match count {
        Count::Taken => 0,
        Count::Outputs => usize::from(!inner.sequential),
        Count::Before3 => 1,
    }
}

/// What a call turned out to be.
pub(super) enum Found {
    Input(usize),
    Call(usize),
}

impl Triple {
    fn of(json: &Value) -> Result<Triple> {
        match json.as_array().map(Vec::as_slice) {
            // Keras 2 has a fourth element, the settings of the call.
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

    /// Where it comes from. Keras counts the calls of some nested models from 1: see
    /// [`first_node`].
    pub(super) fn among(
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

    pub(super) fn missing(&self) -> Error {
        let what = format!("[\"{}\", {}, {}]", self.layer, self.node, self.tensor);
        Error::new(Code::E034, no_output(&what))
    }
}

/// One triple, a list of them, or a map.
pub(super) fn triples(json: Option<&Value>) -> Result<Vec<Triple>> {
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

/// The inputs of a call: tensors, or lists of them.
pub(super) fn taken(inbound: &Value) -> Result<Vec<Triple>> {
    // Keras 2.
    if let Value::Array(list) = inbound {
        return list.iter().map(Triple::of).collect();
    }
    let settings = inbound.get("kwargs").and_then(Value::as_object);
    for (name, value) in settings.into_iter().flatten() {
        // Whether a model trains is decided when it is used: as in Keras, that outweighs what a
        // call says.
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

crate::messages! {
    fn no_output(what: &str) {
        en: "it uses a value that no layer produces: {what}",
        es: "usa un valor que ninguna capa produce: {what}",
    }
}
