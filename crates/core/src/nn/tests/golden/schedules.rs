//! Learning rates of Keras' schedules, step by step.

use super::{F64, Json, cases, close, golden};
use crate::nn::*;

/// The schedule of a class and a configuration as Keras writes them.
pub(super) fn learning_rate(name: &str, config: &Json) -> LearningRate {
    let number = |key: &str, default: f64| config[key].as_f64().unwrap_or(default);
    let steps = |key: &str| config[key].as_f64().unwrap_or(0.0) as u64;
    let flag = |key: &str| config[key].as_bool().unwrap_or(false);
    let initial = number("initial_learning_rate", f64::NAN);
    let list = |key: &str| config[key].as_array().into_iter().flatten().filter_map(Json::as_f64);
    match name {
        "ExponentialDecay" => {
            ExponentialDecay::new(initial, steps("decay_steps"), number("decay_rate", f64::NAN))
                .staircase(flag("staircase"))
                .into()
        }
        "PiecewiseConstantDecay" => PiecewiseConstantDecay {
            boundaries: list("boundaries").map(|step| step as u64).collect(),
            values: list("values").collect(),
        }
        .into(),
        "PolynomialDecay" => PolynomialDecay::new(initial, steps("decay_steps"))
            .end_learning_rate(number("end_learning_rate", 0.0001))
            .power(number("power", 1.0))
            .cycle(flag("cycle"))
            .into(),
        "InverseTimeDecay" => {
            InverseTimeDecay::new(initial, steps("decay_steps"), number("decay_rate", f64::NAN))
                .staircase(flag("staircase"))
                .into()
        }
        "CosineDecay" => CosineDecay {
            warmup_target: config["warmup_target"].as_f64(),
            warmup_steps: steps("warmup_steps"),
            ..CosineDecay::new(initial, steps("decay_steps")).alpha(number("alpha", 0.0))
        }
        .into(),
        "CosineDecayRestarts" => CosineDecayRestarts::new(initial, steps("first_decay_steps"))
            .t_mul(number("t_mul", 2.0))
            .m_mul(number("m_mul", 1.0))
            .alpha(number("alpha", 0.0))
            .into(),
        other => panic!("no schedule {other} here: add it"),
    }
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
        // Keras computes the whole schedule in 32 bits; here only the result is rounded to them.
        close(&what, &found, &values("values_f32"), 1e-7, 1e-5);
    }
}
