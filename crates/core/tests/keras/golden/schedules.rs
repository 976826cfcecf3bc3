//! Learning rates of Keras' schedules, step by step.

use super::{F64, Json, cases, close, golden, object};
use neurona_core::nn::config::Field;
use neurona_core::nn::*;

/// The schedule of a class and a configuration as Keras writes them.
pub(super) fn learning_rate(name: &str, config: &Json) -> LearningRate {
    LearningRate::from_json(&object(name, config).to_json("keras.optimizers.schedules"))
        .unwrap_or_else(|error| panic!("{name} {config}: {error}"))
}

#[test]
fn schedules_at_many_steps() {
    let file = golden("schedules");
    let steps: Vec<u64> =
        file["steps"].as_array().unwrap().iter().map(|step| step.as_u64().unwrap()).collect();
    for case in cases(&file, 33) {
        let (name, config) = (case["schedule"].as_str().unwrap(), &case["config"]);
        let (what, rate) = (format!("{name} {config}"), learning_rate(name, config));
        // Keras takes steps of a warm-up to nowhere, and ignores them.
        let ignored = config["warmup_target"].is_null() && !config["warmup_steps"].is_null();
        assert_eq!(rate.check().is_err(), ignored, "{what}");
        let found: Vec<f64> = steps.iter().map(|&step| rate.at(step)).collect();
        let values = |key: &str| -> Vec<f64> {
            case[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
        };
        close(&what, &found, &values("values_f64"), 1e-15, F64);
        // Keras computes the whole schedule in 32 bits; here only the result is rounded to 32 bits.
        close(&what, &found, &values("values_f32"), 1e-7, 1e-5);
    }
}
