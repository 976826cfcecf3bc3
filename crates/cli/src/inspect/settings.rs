//! What a model is compiled with, written as a line of code.

use serde_json::Value;

/// `Adam(beta_1=0.9, learning_rate=0.001)`, from what a file says about a class; null and false
/// settings are left out.
pub(super) fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(said).collect::<Vec<_>>().join(", "),
        Value::Object(map) => match map.get("class_name").and_then(Value::as_str) {
            Some(class) => match map.get("config") {
                Some(Value::Object(config)) => format!("{class}({})", pairs(config, "=")),
                Some(Value::String(name)) => name.clone(),
                _ => class.to_owned(),
            },
            None => pairs(map, ": "),
        },
        Value::Number(number) => match number.as_f64() {
            Some(exact) if number.is_f64() => shortest(exact),
            _ => value.to_string(),
        },
        Value::Null | Value::Bool(_) => value.to_string(),
    }
}

/// Keras writes its `float32` numbers with all the digits of a `float64`: 0.009999999776482582 is
/// shown as 0.01.
fn shortest(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "compared with what it was")]
    let single = value as f32;
    if f64::from(single) == value { format!("{single:?}") } else { format!("{value:?}") }
}

fn pairs(map: &serde_json::Map<String, Value>, between: &str) -> String {
    let told = map.iter().filter(|(_, value)| !matches!(value, Value::Null | Value::Bool(false)));
    let pair = |(key, value): (&String, &Value)| match value {
        Value::Array(list) => {
            format!("{key}{between}[{}]", list.iter().map(said).collect::<Vec<_>>().join(", "))
        }
        value => format!("{key}{between}{}", said(value)),
    };
    told.map(pair).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn classes_look_like_calls() {
        let rate = json!({"class_name": "ExponentialDecay", "config": {"decay_rate": 0.5}});
        let config = json!({"learning_rate": rate, "clipnorm": null, "nesterov": false});
        let optimizer = json!({"class_name": "SGD", "config": config, "module": "keras"});
        assert_eq!(said(&optimizer), "SGD(learning_rate=ExponentialDecay(decay_rate=0.5))");
        assert_eq!(
            said(&json!(["mae", {"class_name": "Precision", "config": {"thresholds": [0.5]}}])),
            "mae, Precision(thresholds=[0.5])"
        );
        assert_eq!(said(&json!([0.009_999_999_776_482_582, 1e-7, 3])), "0.01, 1e-7, 3");
        assert_eq!(said(&json!({"kind": "mse", "side": null})), "kind: mse");
    }
}
