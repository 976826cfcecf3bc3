//! Optimizers and their options over a thousand steps.

use super::{F64, Json, cases, close, f64s, floats, golden, object, start};
use neurona_core::graph::{Builder, Graph, Real, Role, Value, interpret};
use neurona_core::nn::*;
use neurona_core::tensor::DType;

/// Over 1,000 steps each float32 engine rounds in its own way: Keras' own two precisions differ by
/// 4e-5.
const F32_STEPS: f64 = 1e-4;

/// The optimizer of a case. Every key of its configuration must be known here.
pub(super) fn optimizer(name: &str, config: &Json, without_decay: &Json) -> Box<dyn Optimizer> {
    let mut object = object(name, config);
    if !without_decay.is_null() {
        object.config.insert("exclude_from_weight_decay".to_owned(), without_decay.clone());
    }
    optimizer_from_config(object).unwrap_or_else(|error| panic!("{name} {config}: {error}"))
}

/// The weights and memories of an optimizer, and one step of it as a graph.
struct Run<'a, F> {
    graph: Graph,
    optimizer: &'a dyn Optimizer,
    state: Vec<Value<F>>,
    steps: u64,
}

impl<'a, F: Real> Run<'a, F> {
    /// Weights with these names and shapes, and with these values.
    fn new(optimizer: &'a dyn Optimizer, weights: &[(String, Vec<usize>, Vec<f64>)]) -> Self {
        let builder = Builder::new();
        let step = StepInputs::declare(&builder);
        let gradients: Vec<_> = (0..)
            .zip(weights)
            .map(|(i, (_, dims, _))| {
                builder.input(&format!("gradient {i}"), Role::Batch, DType::F32, dims)
            })
            .collect();
        let params: Vec<Param> = weights
            .iter()
            .map(|(name, dims, _)| Param {
                name: name.clone(),
                expr: builder.input(name, Role::State, DType::F32, dims),
                constraint: None,
            })
            .collect();
        apply(&builder, optimizer, step, &params, &gradients);
        let graph = builder.finish().unwrap();
        graph.verify().unwrap();
        let states = graph.inputs.iter().filter(|input| input.role == Role::State);
        let mut state: Vec<Value<F>> = states.map(|input| start(&graph, input)).collect();
        for (slot, (_, _, values)) in state.iter_mut().zip(weights) {
            *slot = floats(values);
        }
        Run { graph, optimizer, state, steps: 0 }
    }

    /// The value of a state.
    fn memory(&self, name: &str) -> &Value<F> {
        let mut states = self.graph.inputs.iter().filter(|input| input.role == Role::State);
        &self.state[states.position(|input| input.name == name).unwrap()]
    }

    /// One step with these gradients.
    fn step(&mut self, gradients: &[Vec<f64>]) {
        let rate = self.optimizer.learning_rate().at(self.steps);
        self.steps += 1;
        let mut inputs = vec![floats(&[rate]), floats(&[self.steps as f64])];
        inputs.extend(gradients.iter().map(|gradient| floats(gradient)));
        let first = inputs.len();
        inputs.extend(self.state.iter().cloned());
        let next = interpret::<F>(&self.graph, &inputs);
        for (&(input, _), value) in self.graph.updates.iter().zip(next) {
            let number = self.graph.inputs.iter().position(|i| i.node == input).unwrap();
            self.state[number - first] = value;
        }
    }
}

/// The gradients of a step, as `tools/golden` makes them.
fn gradients(step: i64, sizes: &[usize]) -> Vec<Vec<f64>> {
    let mut index = 0..;
    let mut number = || {
        let i: i64 = index.next().unwrap();
        if (step + i) % 17 == 0 { 0.0 } else { ((step * 7 + i * 13) % 101 - 50) as f64 / 64.0 }
    };
    sizes.iter().map(|&size| (0..size).map(|_| number()).collect()).collect()
}

/// The weights of a case: name, shape, first values.
fn weights(case: &Json) -> Vec<(String, Vec<usize>, Vec<f64>)> {
    let weight = |(i, values): (usize, &Json)| {
        let values = list(values);
        let name = case["names"][i].as_str().map_or_else(|| format!("w{i}"), str::to_owned);
        let dims = case["shapes"][i].as_array();
        let dims = dims.map(|dims| dims.iter().map(|d| d.as_u64().unwrap() as usize).collect());
        (name, dims.unwrap_or_else(|| vec![values.len()]), values)
    };
    case["w0"].as_array().unwrap().iter().enumerate().map(weight).collect()
}

fn list(values: &Json) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// Runs a case in one precision and compares all weights wherever Keras' are stored, and their
/// averages at the end.
fn follow<F: Real>(case: &Json, precision: &str, bound: f64) {
    let (name, config) = (case["optimizer"].as_str().unwrap(), &case["config"]);
    let optimizer = optimizer(name, config, &case["exclude_from_weight_decay"]);
    check_optimizer(&*optimizer).unwrap();
    let weights = weights(case);
    let sizes: Vec<usize> = weights.iter().map(|(_, _, values)| values.len()).collect();
    let mut run: Run<'_, F> = Run::new(&*optimizer, &weights);
    let mut compared = 0;
    for step in 1..=1000 {
        run.step(&gradients(step, &sizes));
        let wanted = &case[format!("checkpoints_{precision}")][step.to_string()];
        for (found, wanted) in run.state.iter().zip(wanted.as_array().into_iter().flatten()) {
            compared += 1;
            let what = format!("{name} {config}, step {step}, {precision}");
            close(&what, &f64s(found), &list(wanted), bound, bound);
        }
    }
    assert!(compared >= 5 * weights.len(), "{name} {config}: only {compared} comparisons");
    let finals = case[format!("final_{precision}")].as_array();
    assert_eq!(finals.is_some(), optimizer.options().use_ema, "{name} {config}");
    for ((weight, _, _), wanted) in weights.iter().zip(finals.into_iter().flatten()) {
        let found = run.memory(&average_name(&*optimizer, weight));
        close(&format!("{name} {config}, average"), &f64s(found), &list(wanted), bound, bound);
    }
}

#[test]
fn optimizers_over_a_thousand_steps() {
    let file = golden("optimizers");
    for case in cases(&file, 77) {
        follow::<f64>(case, "f64", F64);
        follow::<f32>(case, "f32", F32_STEPS);
    }
}
