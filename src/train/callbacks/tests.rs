//! Callbacks against Keras' on the same sequences of numbers (`tools/golden`).

use super::{EarlyStopping, Mode, ReduceLrOnPlateau};
use crate::nn::layers::Dense;
use crate::nn::{MeanSquaredError, Sgd};
use crate::train::{Callback, Control, Event, Logs, Model, Sequential};
use serde_json::Value as Json;
use std::time::Duration;

/// The learning rate after each epoch, and the model's one weight at the end, which is the number
/// of its epoch.
fn run(callback: &mut dyn Callback, values: &[f64], rate: f64) -> (Vec<f64>, f32) {
    let mut model = Sequential::new([1]).add(Dense::new(1).without_bias());
    model.compile(Sgd::new(rate), MeanSquaredError, []).unwrap();
    model.built().unwrap();
    let Model { engine, compiled, network, .. } = &mut *model;
    let (engine, compiled) = (engine.as_mut().unwrap(), compiled.as_ref().unwrap());
    let slot = engine.slots[0];
    _ = callback.on(&Event::TrainBegin { epochs: values.len(), steps: 1 });
    let mut rates = Vec::new();
    for (epoch, value) in values.iter().enumerate() {
        engine.state.now_mut().floats_mut(slot)[0] = epoch as f32;
        let (logs, control) =
            (Logs::new([("val_loss", *value)]), Control::new(engine, compiled, network, 0));
        let elapsed = Duration::ZERO;
        let event = Event::EpochEnd { epoch, logs: &logs, elapsed, control: &control };
        let flow = callback.on(&event);
        rates.push(control.learning_rate());
        if flow.is_break() {
            break;
        }
    }
    _ = callback.on(&Event::TrainEnd { control: &Control::new(engine, compiled, network, 0) });
    (rates, engine.state.now().floats(slot)[0])
}

fn early_stopping(config: &Json) -> EarlyStopping {
    let mut callback = EarlyStopping::new("val_loss");
    for (name, value) in config.as_object().unwrap() {
        let (number, whole) = (value.as_f64().unwrap_or_default(), value.as_u64().unwrap_or(0));
        callback = match name.as_str() {
            "patience" => callback.patience(whole as usize),
            "min_delta" => callback.min_delta(number),
            "mode" => callback.mode(Mode::Max),
            "baseline" => callback.baseline(number),
            "start_from_epoch" => callback.start_from_epoch(whole as usize),
            "restore_best_weights" => callback.restore_best_weights(true),
            other => panic!("{other}"),
        };
    }
    callback
}

fn reduce_lr_on_plateau(config: &Json) -> ReduceLrOnPlateau {
    let mut callback = ReduceLrOnPlateau::new("val_loss");
    for (name, value) in config.as_object().unwrap() {
        let (number, whole) = (value.as_f64().unwrap_or_default(), value.as_u64().unwrap_or(0));
        callback = match name.as_str() {
            "patience" => callback.patience(whole as usize),
            "min_delta" => callback.min_delta(number),
            "mode" => callback.mode(Mode::Max),
            "factor" => callback.factor(number),
            "cooldown" => callback.cooldown(whole as usize),
            "min_lr" => callback.min_lr(number),
            other => panic!("{other}"),
        };
    }
    callback
}

#[test]
fn callbacks_do_what_keras_callbacks_do() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/callbacks.json");
    let file: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let numbers = |json: &Json| -> Vec<f64> {
        json.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
    };
    let rate = file["learning_rate"].as_f64().unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() > 100);
    for case in cases {
        let (values, config) = (numbers(&case["values"]), &case["config"]);
        if case["callback"] == "EarlyStopping" {
            let (rates, weight) = run(&mut early_stopping(config), &values, rate);
            assert_eq!(case["epochs"], rates.len(), "{case}");
            assert_eq!(case["weights_of_epoch"], weight as u64, "{case}");
        } else {
            let (rates, _) = run(&mut reduce_lr_on_plateau(config), &values, rate);
            let wanted = numbers(&case["learning_rates"]);
            assert_eq!(wanted.len(), rates.len());
            // The JSON reader may be off by the last bit.
            let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-15 * b.abs();
            assert!(wanted.iter().zip(&rates).all(near), "{rates:?} in {case}");
        }
    }
}
