//! Layers besides the first ones: values and gradients outside training, and batch normalization in
//! training.

use super::{F32, F64, cases, close, dims, f64s, floats, golden, layer, numbers};
use neurona_core::graph::{Builder, Expr, Graph, Real, Role, Value, gradients, interpret};
use neurona_core::nn::*;
use neurona_core::tensor::{DType, Shape};
use serde_json::Value as Json;

#[test]
fn other_layers_and_their_gradients_outside_of_training() {
    let file = golden("layers_more");
    for case in cases(&file, 153) {
        let name = case["layer"].as_str().unwrap();
        let what = format!("{name} {}", case["config"]);
        let layer = Shared::from(layer(name, &case["config"]));
        let xs = list_of(&case["xs"]);
        let shapes: Vec<Vec<usize>> = xs.iter().map(dims).collect();
        let inputs: Vec<Symbol> = shapes.iter().map(|shape| Input::new(&shape[1..])).collect();
        let output = layer.on(&inputs[..]);
        let network = Network::functional(&inputs.iter().collect::<Vec<_>>(), &[&output]).unwrap();
        let samples: Vec<(Shape, DType)> =
            shapes.iter().map(|shape| (Shape::new(&shape[1..]).unwrap(), DType::F32)).collect();
        let spec = StepGraph { network: &network, inputs: &samples, batch: shapes[0][0] };
        let graph = predict_graph(spec).unwrap_or_else(|error| panic!("{what}: {error}"));
        let prediction = graph.output("prediction").unwrap();
        assert_eq!(graph.ty(prediction).shape.dims(), dims(&case["y_f64"]), "{what}");
        close(&what, &run::<f64>(&graph, case), &numbers(&case["y_f64"]), F64, F64);
        // Sums of some dozen products in 32 bits, in an order other than Keras'.
        close(&what, &run::<f32>(&graph, case), &numbers(&case["y_f32"]), 4.0 * F32, 4.0 * F32);

        let step = gradient_graph(&network, xs, false);
        let results = interpret(&step, &step_values(&step, xs, &case["weights"]));
        let wanted = list_of(&case["grad_xs_f64"]).iter().chain(list_of(&case["grad_weights_f64"]));
        same_gradients(&what, &results[1..], &wanted.collect::<Vec<_>>());
    }
}

fn run<F: Real>(graph: &Graph, case: &Json) -> Vec<f64> {
    let given = list_of(&case["xs"]).iter().chain(list_of(&case["weights"]));
    let values: Vec<Value<F>> = given.map(|values| floats(&numbers(values))).collect();
    f64s(&interpret(graph, &values)[0])
}

fn list_of(json: &Json) -> &[Json] {
    json.as_array().unwrap()
}

/// The output of a network, the gradients of `sum(output · v)` with respect to each input and each
/// trainable weight, and what layers change themselves.
fn gradient_graph(network: &Network, xs: &[Json], training: bool) -> Graph {
    let builder = Builder::new();
    let input = |(i, x): (usize, &Json)| {
        builder.input(&format!("x {i}"), Role::Batch, DType::F32, &dims(x))
    };
    let inputs: Vec<Expr<'_>> = xs.iter().enumerate().map(input).collect();
    let key = training.then(|| builder.input("key", Role::Batch, DType::I32, &[4]));
    let trace = network.trace(&builder, &inputs, key);
    let y = trace.outputs[0];
    builder.output("y", y);
    let v = builder.input("v", Role::Batch, DType::F32, y.shape().dims());
    let learnt = trace.weights.iter().filter(|(weight, _)| weight.trainable);
    let sources: Vec<Expr<'_>> = inputs.iter().copied().chain(learnt.map(|(_, w)| *w)).collect();
    for gradient in gradients((y * v).sum_all(), &sources) {
        builder.output("gradient", gradient);
    }
    trace.updates.into_iter().for_each(|(state, value)| builder.update(state, value));
    builder.finish().unwrap()
}

/// The inputs of [`gradient_graph`]: the weights in the order in which they are stored, and `v` as
/// the tables make it.
fn step_values(graph: &Graph, xs: &[Json], weights: &Json) -> Vec<Value<f64>> {
    let mut given = xs.iter().chain(list_of(weights));
    let value = |input: &neurona_core::graph::Input| match input.name.as_str() {
        "key" => Value::Int(vec![0; 4]),
        "v" => {
            let n = graph.ty(input.node).shape.elems();
            Value::Float((0..n).map(|i| ((7 * i % 13) as f64 - 6.5) / 8.0).collect())
        }
        _ => floats(&numbers(given.next().unwrap())),
    };
    graph.inputs.iter().map(value).collect()
}

#[track_caller]
fn same_gradients(what: &str, found: &[Value<f64>], wanted: &[&Json]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        close(&format!("gradient {i} of {what}"), &f64s(found), &numbers(wanted), F64, F64);
    }
}

#[test]
fn batch_normalization_over_three_steps_of_training() {
    let file = golden("batch_normalization");
    for case in cases(&file, 7) {
        let config = &case["config"];
        let what = format!("BatchNormalization {config}");
        let mut network = Network::default();
        network.push(layer("BatchNormalization", config));
        let (xs, ys) = (list_of(&case["xs"]), list_of(&case["ys_f64"]));
        let graph = gradient_graph(&network, &xs[..1], true);
        let mut values = step_values(&graph, &xs[..1], &case["weights"]);
        for (step, (x, y)) in xs.iter().zip(ys).enumerate() {
            values[0] = floats(&numbers(x));
            let results = interpret(&graph, &values);
            close(&what, &f64s(&results[0]), &numbers(y), F64, F64);
            let (outputs, updated) = results.split_at(graph.outputs.len());
            if step == 0 {
                let wanted = list_of(&case["grad_weights_f64"]);
                let wanted = std::iter::once(&case["grad_x_f64"]).chain(wanted);
                same_gradients(&what, &outputs[1..], &wanted.collect::<Vec<_>>());
            }
            for (&(state, _), value) in graph.updates.iter().zip(updated) {
                let place = graph.inputs.iter().position(|input| input.node == state).unwrap();
                values[place] = value.clone();
            }
        }
        let moving = list_of(&case["moving_f64"]);
        for (input, value) in graph.inputs.iter().zip(&values) {
            let wanted = match input.name.rsplit('/').next() {
                Some("moving_mean") => &moving[0],
                Some("moving_variance") => &moving[1],
                _ => continue,
            };
            close(&format!("{what}, {}", input.name), &f64s(value), &numbers(wanted), F64, F64);
        }
    }
}
