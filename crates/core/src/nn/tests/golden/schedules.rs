//! Learning rates of Keras' schedules, step by step.

use super::Json;
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
