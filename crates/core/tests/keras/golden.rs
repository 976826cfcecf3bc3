//! Values from Keras 3.15.1 (`tools/golden`): every activation, layer, loss, optimizer, metric and two whole
//! trainings, in f64 and f32.

use losses::loss;
use neurona_core::graph::{Builder, Graph, Input, Real, Role, Value, gradients, interpret};
use neurona_core::nn::config::{Field, Object};
use neurona_core::nn::layers::layer_from_config;
use neurona_core::nn::*;
use neurona_core::tensor::{DType, Shape};
use serde_json::Value as Json;

mod activations;
mod initializers;
mod layers_more;
mod losses;
mod metrics;
mod optimizers;
mod rules;
mod schedules;
mod summaries;

use optimizers::optimizer;

fn golden(name: &str) -> Json {
    let path = format!("{}/../../tests/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}")))
        .unwrap()
}

/// The cases of a file, of which there must be at least this many.
fn cases(file: &Json, least: usize) -> &[Json] {
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= least, "only {} cases", cases.len());
    cases
}

fn numbers(json: &Json) -> Vec<f64> {
    json["data"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn dims(json: &Json) -> Vec<usize> {
    json["shape"].as_array().unwrap().iter().map(|x| x.as_u64().unwrap() as usize).collect()
}

fn floats<F: Real>(x: &[f64]) -> Value<F> {
    Value::Float(x.iter().map(|&x| F::from_f64(x)).collect())
}

fn f64s<F: Real>(value: &Value<F>) -> Vec<f64> {
    value.floats().iter().map(|x| x.to_f64()).collect()
}

/// The value that a state starts with.
fn start<F: Real>(graph: &Graph, input: &Input) -> Value<F> {
    floats(&vec![input.initial; graph.ty(input.node).shape.elems()])
}

/// Every difference within `absolute + relative · |wanted|`.
#[track_caller]
fn close(what: &str, found: &[f64], wanted: &[f64], absolute: f64, relative: f64) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        let bound = absolute + relative * wanted.abs();
        assert!((found - wanted).abs() <= bound, "{what}, element {i}: {found}, Keras {wanted}");
    }
}

const F64: f64 = 1e-9;
const F32: f64 = 1e-6;

fn object(class: &str, config: &Json) -> Object {
    Object { class: class.to_owned(), config: config.as_object().cloned().unwrap_or_default() }
}

/// A layer as described in a file.
fn layer(class: &str, config: &Json) -> Box<dyn Layer> {
    layer_from_config(object(class, config))
        .unwrap_or_else(|error| panic!("{class} {config}: {error}"))
}

#[test]
fn layers_outside_of_training() {
    let file = golden("layers");
    for case in cases(&file, 28) {
        let kind = case["layer"].as_str().unwrap();
        let mut network = Network::default();
        network.push(layer(kind, &case["config"]));
        let shape = dims(&case["x"]);
        let bytes = case["x_dtype"] == "uint8";
        let dtype = if bytes { DType::U8 } else { DType::F32 };
        let inputs = [(Shape::new(&shape[1..]).unwrap(), dtype)];
        let spec = StepGraph { network: &network, inputs: &inputs, batch: shape[0] };
        let graph = predict_graph(spec).unwrap();
        fn run<F: Real>(graph: &Graph, case: &Json, bytes: bool) -> Vec<f64> {
            let x = numbers(&case["x"]);
            let x = if bytes {
                Value::Byte(x.iter().map(|&x| x as u8).collect())
            } else {
                floats::<F>(&x)
            };
            let weights = case["weights"].as_array().unwrap().iter().map(|w| floats(&numbers(w)));
            f64s(&interpret::<F>(graph, &std::iter::once(x).chain(weights).collect::<Vec<_>>())[0])
        }
        let what = format!("{kind} {}", case["config"]);
        let prediction = graph.output("prediction").unwrap();
        assert_eq!(graph.ty(prediction).shape.dims(), dims(&case["y_f64"]), "{what}");
        close(&what, &run::<f64>(&graph, case, bytes), &numbers(&case["y_f64"]), F64, F64);
        close(&what, &run::<f32>(&graph, case, bytes), &numbers(&case["y_f32"]), F32, F32);
        // Inside another network it gives the same.
        let mut outer = Network::default();
        outer.push(Box::new(Pretrained::new(network.clone(), [])));
        let spec = StepGraph { network: &outer, inputs: &inputs, batch: shape[0] };
        let nested = run::<f64>(&predict_graph(spec).unwrap(), case, bytes);
        assert_eq!(nested, run::<f64>(&graph, case, bytes), "{what}");
    }
}

#[test]
fn whole_trainings() {
    let file = golden("trainings");
    for case in cases(&file, 2) {
        train_like_keras::<f64>(case, &case["f64"], F64);
        train_like_keras::<f32>(case, &case["f32"], 1e-4);
    }
}

/// Trains with the interpreter as the case says and compares the loss of every step and the final weights.
fn train_like_keras<F: Real>(case: &Json, wanted: &Json, bound: f64) {
    let name = case["name"].as_str().unwrap();
    let mut network = Network::default();
    for config in case["layers"].as_array().unwrap() {
        network.push(layer("Dense", config));
    }
    let output = OutputObjective {
        loss: loss(case["loss"].as_str().unwrap(), &Json::Null).into(),
        weight: 1.0,
        metrics: vec![],
        targets: Targets::Numbers,
    };
    let objective = Objective { outputs: &[output], weighted: false };
    let (kind, settings) = (&case["optimizer"]["name"], &case["optimizer"]["config"]);
    let optimizer = optimizer(kind.as_str().unwrap(), settings, &Json::Null);
    let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
    let (features, outputs) = (dims(&case["x"])[1], dims(&case["y"]).get(1).copied().unwrap_or(1));
    let held_out = case["validation_split"].as_f64().unwrap_or(0.0);
    let n = (dims(&case["x"])[0] as f64 * (1.0 - held_out)) as usize;
    let batch = case["batch_size"].as_u64().unwrap() as usize;

    let mut weights: Vec<Value<F>> =
        case["initial_weights"].as_array().unwrap().iter().map(|w| floats(&numbers(w))).collect();
    let mut memories: Option<Vec<Value<F>>> = None;
    let mut step = 0u64;
    for epoch in 0..case["epochs"].as_u64().unwrap() as usize {
        let mut mean = 0.0;
        for (number, first) in (0..n).step_by(batch).enumerate() {
            step += 1;
            let rows = batch.min(n - first);
            let samples = [(Shape::new(&[features]).unwrap(), DType::F32)];
            let spec = StepGraph { network: &network, inputs: &samples, batch: rows };
            let graph = train_graph(spec, objective, &*optimizer).unwrap();
            let states = graph.inputs.iter().filter(|i| i.role == Role::State);
            let slots = memories.get_or_insert_with(|| {
                states.skip(weights.len()).map(|input| start(&graph, input)).collect()
            });
            let mut kept = weights.iter().chain(slots.iter()).cloned();
            let inputs: Vec<Value<F>> = graph
                .inputs
                .iter()
                .map(|input| match input.name.as_str() {
                    "key" => Value::Int(vec![0; 4]),
                    "learning_rate" => floats(&[optimizer.learning_rate().at(step - 1)]),
                    "iteration" => floats(&[step as f64]),
                    "x" => floats(&x[first * features..(first + rows) * features]),
                    "y" => floats(&y[first * outputs..(first + rows) * outputs]),
                    _ => kept.next().unwrap(),
                })
                .collect();
            drop(kept);
            let results = interpret(&graph, &inputs);
            let value = f64s(&results[0])[0];
            let golden = wanted["step_losses"][epoch][number].as_f64().unwrap();
            close(
                &format!("{name}, epoch {epoch}, batch {number}"),
                &[value],
                &[golden],
                0.0,
                bound,
            );
            mean += value * rows as f64 / n as f64;
            let updated = results.iter().skip(graph.outputs.len());
            for (&(input, _), value) in graph.updates.iter().zip(updated) {
                let state = graph.inputs.iter().filter(|i| i.role == Role::State);
                let position = state.map(|i| i.node).position(|node| node == input).unwrap();
                match position.checked_sub(weights.len()) {
                    None => weights[position] = value.clone(),
                    Some(slot) => slots[slot] = value.clone(),
                }
            }
        }
        let golden = wanted["history"]["loss"][epoch].as_f64().unwrap();
        close(&format!("{name}, epoch {epoch}"), &[mean], &[golden], 0.0, bound);
    }
    for (found, wanted) in weights.iter().zip(wanted["final_weights"].as_array().unwrap()) {
        close(name, &f64s(found), &numbers(wanted), bound, bound);
    }
}
