//! The precision that files give layers: kept and reported, but not used, because everything is
//! computed in `float32`.

use super::super::values::shown;
use super::super::{Map, Object, Value, refuse_code};
use crate::error::{Code, Error, Result};
use crate::nn::network::Network;

/// The precision in which everything is computed.
const OURS: &str = "float32";

impl Network {
    /// The layers to which a file gives another precision than `float32`, with its name
    /// (`mixed_float16`), as `encoder/dense` in nested models. It is written to files again, but
    /// everything is computed in `float32`.
    ///
    /// ```
    /// use neurona_core::nn::Network;
    /// let json = serde_json::json!({"class_name": "Sequential", "config": {"name": "small", "layers": [
    ///     {"class_name": "Dense", "config": {"name": "dense", "units": 1, "dtype": "float16"}},
    /// ]}});
    /// let network = Network::from_json(&json, &|_| Ok(None))?;
    /// assert_eq!(network.precisions(), [("dense".to_owned(), "float16".to_owned())]);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn precisions(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        self.add_precisions("", &mut all);
        all
    }

    fn add_precisions(&self, path: &str, all: &mut Vec<(String, String)>) {
        for placed in &self.layers {
            let name = format!("{path}{}", placed.name);
            if let Some(inner) = placed.layer.network() {
                inner.add_precisions(&format!("{name}/"), all);
            } else if let Some(policy) = &placed.dtype {
                all.push((name, name_of(policy).unwrap_or_else(|| shown(policy))));
            }
        }
    }

    /// Whether a file says that the whole model is trained in `float16`: Keras then wraps its
    /// optimizer in one that scales the loss.
    pub fn scales_loss(&self) -> bool {
        self.dtype.as_ref().and_then(name_of).is_some_and(|name| name == "mixed_float16")
    }
}

/// The part of a precision that is kept: nothing if it is ours; a name as Keras 3 writes it.
/// Errors: E034 weights that are whole numbers; E038 it names code.
pub(super) fn kept(policy: Value) -> Result<Option<Value>> {
    if policy.is_object() {
        refuse_code(&policy).map_err(|error| error.inside("dtype"))?;
    }
    let Some(name) = name_of(&policy) else {
        // A map of policies has a name for each layer: it stays as it is.
        return Ok(Some(policy).filter(|policy| !policy.is_null()));
    };
    if name.contains("_from_") {
        return Err(quantized(&name).at("dtype"));
    }
    // The oldest files give this name to the policy that does nothing.
    if [OURS, "infer", "_infer"].contains(&name.as_str()) {
        return Ok(None);
    }
    let config = Map::from_iter([("name".to_owned(), Value::from(name))]);
    Ok(Some(Object { class: "DTypePolicy".to_owned(), config }.to_json("keras")))
}

/// `mixed_float16`, from a text or from a policy.
fn name_of(policy: &Value) -> Option<String> {
    let name = policy.as_str().or_else(|| policy.get("config")?.get("name")?.as_str());
    name.map(str::to_owned)
}

/// The error for a layer whose weights are whole numbers. E034.
pub(super) fn quantized(how: &str) -> Error {
    Error::new(Code::E034, is_quantized(how)).fix(save_before())
}

crate::messages! {
    fn is_quantized(how: &str) {
        en: "the layer is quantized ({how}): its weights are small whole numbers with a scale, which are not read here",
        es: "la capa está cuantizada ({how}): sus pesos son enteros pequeños con una escala, que aquí no se leen",
    }

    fn save_before() {
        en: "in Keras, save the model before calling model.quantize(…) and give that file",
        es: "en Keras, guarde el modelo antes de llamar a model.quantize(…) y dé ese archivo",
    }
}
