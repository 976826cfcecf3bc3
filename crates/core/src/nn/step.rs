//! The graphs a model is run by: predict, test, and the whole training step.

use super::optimizers::StepInputs;
use super::{Loss, Metric, Network, Optimizer, Slots, Targets, Trace, Weight};
use crate::error::Result;
use crate::graph::{Builder, Expr, Graph, Role, gradients};
use crate::tensor::{DType, Shape};
use std::sync::Arc;

/// Which stream of random numbers is for what.
pub mod stream {
    /// The order of the samples; the step is the epoch.
    pub const SHUFFLE: u32 = 0;
    /// First values of weights: one stream each, from here. Why this number: docs/decisions/0004.
    pub const WEIGHTS: u32 = 149;
    /// What layers draw: one stream for each draw, from here; the step is the training step.
    pub const LAYERS: u32 = 1 << 20;
    /// Splits of data.
    pub const SPLIT: u32 = u32::MAX;
}

/// What a graph for a model is made for.
#[derive(Clone, Copy, Debug)]
pub struct StepGraph<'a> {
    /// The layers.
    pub network: &'a Network,
    /// The shape of one sample of each input, and the element type samples come in.
    pub inputs: &'a [(Shape, DType)],
    /// How many samples at once.
    pub batch: usize,
}

/// How predictions are compared with targets.
#[derive(Clone, Copy, Debug)]
pub struct Objective<'a> {
    /// One for each output.
    pub outputs: &'a [OutputObjective],
    /// Whether each sample has a weight.
    pub weighted: bool,
}

/// How one output is compared with its target.
#[derive(Clone, Debug)]
pub struct OutputObjective {
    /// Its loss.
    pub loss: Arc<dyn Loss>,
    /// How much of it goes into the loss of the model.
    pub weight: f64,
    /// Its metrics.
    pub metrics: Vec<Metric>,
    /// How its targets come.
    pub targets: Targets,
}

/// The name of number `i` of `count` values: `x`, or `x 0`, `x 1` if there are several.
pub fn numbered(name: &str, i: usize, count: usize) -> String {
    if count == 1 { name.to_owned() } else { format!("{name} {i}") }
}

impl StepGraph<'_> {
    fn trace<'g>(&self, builder: &'g Builder, key: Option<Expr<'g>>) -> Trace<'g> {
        let count = self.inputs.len();
        let input = |(i, (sample, dtype)): (usize, &(Shape, DType))| {
            let dims = [&[self.batch], sample.dims()].concat();
            builder.input(&numbered("x", i, count), Role::Batch, *dtype, &dims)
        };
        let inputs: Vec<Expr<'g>> = self.inputs.iter().enumerate().map(input).collect();
        self.network.trace(builder, &inputs, key)
    }
}

/// From `x` to the outputs of the network, `prediction` (`prediction 0`, … if there are several).
pub fn predict_graph(spec: StepGraph<'_>) -> Result<Graph> {
    let builder = Builder::new();
    let trace = spec.trace(&builder, None);
    for (i, output) in trace.outputs.iter().enumerate() {
        builder.output(&numbered("prediction", i, trace.outputs.len()), *output);
    }
    builder.finish()
}

/// From `x` to what each layer gives, call by call: `call 0`, ….
pub fn layers_graph(spec: StepGraph<'_>) -> Result<Graph> {
    let builder = Builder::new();
    let trace = spec.trace(&builder, None);
    for (i, outputs) in trace.calls.iter().enumerate() {
        if let Some(output) = outputs.first() {
            builder.output(&format!("call {i}"), *output);
        }
    }
    builder.finish()
}

/// From `x` and `y` to the loss and the metrics (see [`Objective::log_names`]).
pub fn test_graph(spec: StepGraph<'_>, objective: Objective<'_>) -> Result<Graph> {
    let builder = Builder::new();
    let trace = spec.trace(&builder, None);
    objective.report(&builder, &trace);
    builder.finish()
}

/// One step of training: forward, loss, metrics, gradients and update. Loss and gradients are guarded:
/// if they are not finite, nothing may change.
///
/// Inputs beside the weights: `x`, `y`, `key` (see [`Op::Uniform`](crate::graph::Op::Uniform)),
/// `learning_rate`, `iteration` (from 1), and the optimizer's memories.
pub fn train_graph(
    spec: StepGraph<'_>,
    objective: Objective<'_>,
    optimizer: &dyn Optimizer,
) -> Result<Graph> {
    let builder = Builder::new();
    let key = builder.input("key", Role::Batch, DType::I32, &[4]);
    let scalar = |name| builder.input(name, Role::Batch, DType::F32, &[]);
    let step =
        StepInputs { learning_rate: scalar("learning_rate"), iteration: scalar("iteration") };
    let trace = spec.trace(&builder, Some(key));
    let loss = objective.report(&builder, &trace);
    let learnt: Vec<&(Weight, Expr)> = trace.weights.iter().filter(|(w, _)| w.trainable).collect();
    let weights: Vec<Expr> = learnt.iter().map(|(_, expr)| *expr).collect();
    let gradients = gradients(loss, &weights);
    builder.guard(loss);
    for ((weight, expr), gradient) in learnt.into_iter().zip(gradients) {
        builder.guard(gradient);
        let slots = Slots::new(&builder, &format!("{}/{}", optimizer.name(), weight.name), *expr);
        let mut next = optimizer.update(step, &slots, *expr, gradient);
        if let Some(constraint) = weight.settings.constraint {
            next = constraint.apply(next);
        }
        builder.update(*expr, next);
    }
    for (state, value) in trace.updates {
        builder.update(state, value);
    }
    builder.finish()
}

/// One sample or batch looked into: what each layer gives (`call 0`, …), the loss, and for each weight that
/// is learnt its gradient (`gradient of …`) and its value after a first step (`updated …`). Nothing random
/// happens.
pub fn explain_graph(
    spec: StepGraph<'_>,
    objective: Objective<'_>,
    optimizer: &dyn Optimizer,
) -> Result<Graph> {
    let builder = Builder::new();
    let scalar = |name| builder.input(name, Role::Batch, DType::F32, &[]);
    let step =
        StepInputs { learning_rate: scalar("learning_rate"), iteration: scalar("iteration") };
    let trace = spec.trace(&builder, None);
    for (i, outputs) in trace.calls.iter().enumerate() {
        if let Some(output) = outputs.first() {
            builder.output(&format!("call {i}"), *output);
        }
    }
    let loss = objective.report(&builder, &trace);
    let learnt: Vec<&(Weight, Expr)> = trace.weights.iter().filter(|(w, _)| w.trainable).collect();
    let weights: Vec<Expr> = learnt.iter().map(|(_, expr)| *expr).collect();
    for ((weight, expr), gradient) in learnt.into_iter().zip(gradients(loss, &weights)) {
        let slots = Slots::new(&builder, &weight.name, *expr);
        builder.output(&format!("gradient of {}", weight.name), gradient);
        let updated = optimizer.update(step, &slots, *expr, gradient);
        builder.output(&format!("updated {}", weight.name), updated);
    }
    builder.finish()
}

impl Objective<'_> {
    /// Declares `y` and the samples' weights, asks for loss and metrics, and returns the loss of the model:
    /// that of each output by its weight, and what regularizers and layers add.
    fn report<'g>(&self, builder: &'g Builder, trace: &Trace<'g>) -> Expr<'g> {
        let count = self.outputs.len();
        let mut total: Option<Expr<'g>> = None;
        let mut metrics = 0;
        for (i, (output, prediction)) in self.outputs.iter().zip(&trace.outputs).enumerate() {
            let target = output.targets.input(builder, &numbered("y", i, count), *prediction);
            let values = output.loss.per_sample(target, *prediction);
            let weights = self.weighted.then(|| {
                let batch = prediction.shape().dims().first().copied().unwrap_or(1);
                let weights = builder.input(
                    &numbered("weights", i, count),
                    Role::Batch,
                    DType::F32,
                    &[batch],
                );
                let dims: Vec<usize> = std::iter::once(batch)
                    .chain(std::iter::repeat_n(1, values.shape().rank().saturating_sub(1)))
                    .collect();
                weights.reshape(&dims)
            });
            let values = weights.map_or(values, |weights| values * weights);
            let loss = mean(values);
            if count > 1 {
                builder.output(&format!("loss {i}"), loss);
            }
            let part = if output.weight == 1.0 { loss } else { loss * output.weight };
            total = Some(total.map_or(part, |total| total + part));
            for metric in &output.metrics {
                let value = mean(metric.per_sample(target, *prediction));
                builder.output(&format!("metric {metrics}"), value);
                metrics += 1;
            }
        }
        let total = total.unwrap_or_else(|| builder.fill(0.0, &[]));
        let total = trace.losses.iter().fold(total, |total, loss| total + *loss);
        builder.output("loss", total);
        total
    }

    /// The names of what a test or a training step gives: the loss, the loss of each output if there are
    /// several, and the metrics, in the order of the graph's outputs `loss`, `loss 0`, …, `metric 0`, ….
    pub fn log_names(&self, outputs: &[String]) -> Vec<String> {
        let several = self.outputs.len() > 1;
        let prefixed = |output: &str, name: &str| {
            if several { format!("{output}_{name}") } else { name.to_owned() }
        };
        let mut names = vec!["loss".to_owned()];
        if several {
            names.extend(outputs.iter().map(|output| prefixed(output, "loss")));
        }
        for (objective, output) in self.outputs.iter().zip(outputs) {
            names.extend(objective.metrics.iter().map(|metric| prefixed(output, metric.name())));
        }
        names
    }
}

/// The mean of all elements.
fn mean(values: Expr<'_>) -> Expr<'_> {
    values.sum_all() / values.shape().elems().max(1) as f64
}
