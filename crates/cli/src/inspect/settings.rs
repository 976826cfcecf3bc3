//! What a model is compiled with, as a line of code would say it.

use serde_json::Value;

/// `Adam(beta_1=0.9, learning_rate=0.001)` of what a file says of a class; what is null or off is left out.
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
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
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
        assert_eq!(said(&json!({"kind": "mse", "side": null})), "kind: mse");
    }
}
