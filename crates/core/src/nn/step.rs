//! The graphs a model is run by: predict, test, and the whole training step.

use super::objective::{Objective, numbered};
use super::optimizers::StepInputs;
use super::{Network, Optimizer, Slots, Trace, Weight};
use crate::error::Result;
use crate::graph::{Builder, Expr, Graph, Role, gradients};
use crate::tensor::{DType, Shape};

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

/// From `x` to what a layer gives at its first call, `prediction`. Errors (E015): no such layer.
pub fn layer_graph(spec: StepGraph<'_>, layer: &str) -> Result<Graph> {
    let call = spec.network.first_call(layer)?;
    let builder = Builder::new();
    let trace = spec.trace(&builder, None);
    if let Some(output) = trace.calls.get(call).and_then(|outputs| outputs.first()) {
        builder.output("prediction", *output);
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
