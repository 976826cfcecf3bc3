//! Values from Keras 3.15.1 (`tools/golden`): every activation, layer, loss, optimizer, metric and two whole
//! trainings, in f64 and f32.

use crate::graph::{Builder, Graph, Real, Role, Value, gradients, interpret};
use crate::nn::layers::{Dense, Dropout, Flatten, Rescaling, Reshape};
use crate::nn::*;
use crate::tensor::{DType, Shape};
use activations::activation;
use losses::loss;
use serde_json::Value as Json;

mod activations;
mod initializers;
mod losses;
mod metrics;

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

fn layer(kind: &str, config: &Json) -> Box<dyn Layer> {
    let number = |key: &str| config[key].as_f64().unwrap_or(0.0);
    let named =
        |json: &Json| json.as_str().map_or(Activation::Linear, |n| activation(n, &Json::Null));
    match kind {
        "Dense" => Box::new(Dense {
            activation: named(&config["activation"]),
            use_bias: config["use_bias"].as_bool().unwrap_or(true),
            ..Dense::new(number("units") as usize)
        }),
        "Activation" => Box::new(named(&config["activation"])),
        "Flatten" => Box::new(Flatten),
        "Reshape" => {
            let target = config["target_shape"].as_array().unwrap();
            Box::new(Reshape::new(target.iter().map(|d| d.as_i64().unwrap()).collect::<Vec<_>>()))
        }
        "Dropout" => Box::new(Dropout::new(number("rate"))),
        "Rescaling" => Box::new(Rescaling { scale: number("scale"), offset: number("offset") }),
        other => panic!("no layer {other} here: add it"),
    }
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
        let spec = StepGraph {
            network: &network,
            sample: Shape::new(&shape[1..]).unwrap(),
            dtype: if bytes { DType::U8 } else { DType::F32 },
            batch: shape[0],
        };
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
    }
}

/// The optimizer of a case; none where Keras has an option that is not here yet.
fn optimizer(name: &str, config: &Json) -> Option<Box<dyn Optimizer>> {
    let known = [
        "learning_rate",
        "momentum",
        "nesterov",
        "rho",
        "epsilon",
        "centered",
        "beta_1",
        "beta_2",
        "amsgrad",
    ];
    let decay = config["weight_decay"].as_f64();
    let others = config.as_object().unwrap().keys();
    let mut others = others.filter(|key| {
        !(known.contains(&key.as_str()) || name == "AdamW" && *key == "weight_decay")
    });
    if others.next().is_some() {
        return None;
    }
    let number = |key: &str, default: f64| config[key].as_f64().unwrap_or(default);
    let flag = |key: &str| config[key].as_bool().unwrap_or(false);
    let adam = Adam {
        learning_rate: number("learning_rate", 0.001),
        beta_1: number("beta_1", 0.9),
        beta_2: number("beta_2", 0.999),
        epsilon: number("epsilon", 1e-7),
        amsgrad: flag("amsgrad"),
    };
    Some(match name {
        "SGD" => Box::new(Sgd {
            learning_rate: number("learning_rate", 0.01),
            momentum: number("momentum", 0.0),
            nesterov: flag("nesterov"),
        }),
        "RMSprop" => Box::new(RmsProp {
            learning_rate: number("learning_rate", 0.001),
            rho: number("rho", 0.9),
            momentum: number("momentum", 0.0),
            epsilon: number("epsilon", 1e-7),
            centered: flag("centered"),
        }),
        "Adam" => Box::new(adam),
        "AdamW" => Box::new(AdamW { weight_decay: decay.unwrap_or(0.004), adam }),
        other => panic!("no optimizer {other} here: add it"),
    })
}

#[test]
fn optimizers_over_a_thousand_steps() {
    let file = golden("optimizers");
    let mut checked = 0;
    for case in cases(&file, 23) {
        let name = case["optimizer"].as_str().unwrap();
        let Some(optimizer) = optimizer(name, &case["config"]) else { continue };
        checked += 1;
        let [w0] = &case["w0"].as_array().unwrap()[..] else { panic!("one variable") };
        let w0: Vec<f64> = w0.as_array().unwrap().iter().map(|w| w.as_f64().unwrap()).collect();
        let builder = Builder::new();
        let scalar = |name| builder.input(name, Role::Batch, DType::F32, &[]);
        let step =
            StepInputs { learning_rate: scalar("learning_rate"), iteration: scalar("iteration") };
        let gradient = builder.input("gradient", Role::Batch, DType::F32, &[w0.len()]);
        let weight = builder.input("weight", Role::State, DType::F32, &[w0.len()]);
        let slots = Slots::new(&builder, "weight", weight);
        builder.update(weight, optimizer.update(step, &slots, weight, gradient));
        let graph = builder.finish().unwrap();
        fn run<F: Real>(
            graph: &Graph,
            rate: f64,
            w0: &[f64],
            checkpoints: &Json,
            what: &str,
            bound: f64,
        ) {
            let mut state: Vec<Value<F>> = graph.inputs[3..]
                .iter()
                .map(|input| floats(&vec![0.0; graph.ty(input.node).shape.elems()]))
                .collect();
            state[0] = floats(w0);
            for t in 1..=1000i64 {
                let gradient = |i: i64| match (t + i) % 17 {
                    0 => 0.0,
                    _ => ((t * 7 + i * 13) % 101 - 50) as f64 / 64.0,
                };
                let g: Vec<f64> = (0..w0.len() as i64).map(gradient).collect();
                let mut inputs = vec![floats(&[rate]), floats(&[t as f64]), floats(&g)];
                inputs.extend(state.iter().cloned());
                let next = interpret::<F>(graph, &inputs);
                for (&(input, _), value) in graph.updates.iter().zip(next) {
                    let number = graph.inputs.iter().position(|i| i.node == input).unwrap();
                    state[number - 3] = value;
                }
                if let Some(wanted) = checkpoints[t.to_string()][0].as_array() {
                    let wanted: Vec<f64> = wanted.iter().map(|w| w.as_f64().unwrap()).collect();
                    close(&format!("{what}, step {t}"), &f64s(&state[0]), &wanted, bound, bound);
                }
            }
        }
        let (what, rate) = (format!("{name} {}", case["config"]), optimizer.learning_rate());
        run::<f64>(&graph, rate, &w0, &case["checkpoints_f64"], &what, F64);
        // Over 1,000 steps each float32 engine rounds its own way: Keras' own two precisions differ by 4e-5.
        run::<f32>(&graph, rate, &w0, &case["checkpoints_f32"], &what, 1e-4);
    }
    assert_eq!(checked, 13, "all cases without the options shared by all optimizers");
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
    let loss = loss(case["loss"].as_str().unwrap(), &Json::Null);
    let optimizer =
        optimizer(case["optimizer"]["name"].as_str().unwrap(), &case["optimizer"]["config"])
            .unwrap();
    let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
    let (features, outputs) = (dims(&case["x"])[1], dims(&case["y"]).get(1).copied().unwrap_or(1));
    let held_out = case["validation_split"].as_f64().unwrap_or(0.0);
    let n = (dims(&case["x"])[0] as f64 * (1.0 - held_out)) as usize;
    let batch = case["batch_size"].as_u64().unwrap() as usize;

    let mut weights: Vec<Value<F>> =
        case["initial_weights"].as_array().unwrap().iter().map(|w| floats(&numbers(w))).collect();
    let mut memories: Option<Vec<Value<F>>> = None;
    let mut step = 0;
    for epoch in 0..case["epochs"].as_u64().unwrap() as usize {
        let mut mean = 0.0;
        for (number, first) in (0..n).step_by(batch).enumerate() {
            step += 1;
            let rows = batch.min(n - first);
            let sample = Shape::new(&[features]).unwrap();
            let spec = StepGraph { network: &network, sample, dtype: DType::F32, batch: rows };
            let graph = train_graph(spec, Targets::Numbers, &*loss, &[], &*optimizer).unwrap();
            let states = graph.inputs.iter().filter(|i| i.role == Role::State);
            let slots = memories.get_or_insert_with(|| {
                let sizes = states.skip(weights.len()).map(|i| graph.ty(i.node).shape.elems());
                sizes.map(|n| floats(&vec![0.0; n])).collect()
            });
            let mut kept = weights.iter().chain(slots.iter()).cloned();
            let inputs: Vec<Value<F>> = graph
                .inputs
                .iter()
                .map(|input| match input.name.as_str() {
                    "key" => Value::Int(vec![0; 4]),
                    "learning_rate" => floats(&[optimizer.learning_rate()]),
                    "iteration" => floats(&[f64::from(step)]),
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

#[test]
fn summaries_are_keras_tables() {
    let table = |name: &str| {
        let path = format!("{}/../../tests/golden/summary_{name}.txt", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let mut guide = Network::default();
    guide.push(Box::new(Dense::new(10).activation(Activation::Sigmoid)));
    guide.push(Box::new(Dense::new(10).activation(Activation::Softmax)));
    assert_eq!(format!("{}\n", guide.summary(Some(&[784])).unwrap()), table("guide"));
    assert_eq!(format!("{}\n", guide.summary(None).unwrap()), table("unbuilt"));

    let mut hidden = Network::default();
    hidden.push(Box::new(Flatten));
    hidden.push(Box::new(Dense::new(128).activation(Activation::Relu).named("hidden")));
    hidden.push(Box::new(Dropout::new(0.2)));
    hidden.push(Box::new(Dense::new(10).activation(Activation::Softmax)));
    assert_eq!(format!("{}\n", hidden.summary(Some(&[28, 28])).unwrap()), table("hidden_dropout"));
}
