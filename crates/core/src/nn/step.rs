//! The graphs with which a model is run: predict, test, and the whole training step.

use super::objective::{Objective, numbered};
use super::optimizers::{Param, StepInputs, apply, scaled, unscaled};
use super::{Network, Optimizer, Trace, Weight};
use crate::error::Result;
use crate::graph::{Builder, Expr, Graph, Role, gradients};
use crate::tensor::{DType, Shape};

/// Which stream of random numbers is for what.
pub mod stream {
    /// The order of the samples; the step is the epoch.
    pub const SHUFFLE: u32 = 0;
    /// First values of weights: one stream each, from here. The reason for this number is in
    /// docs/decisions/0004.
    pub const WEIGHTS: u32 = 149;
    /// The draws of layers: one stream for each draw, from here; the step is the training step.
    pub const LAYERS: u32 = 1 << 20;
    /// Splits of data.
    pub const SPLIT: u32 = u32::MAX;
}

/// What a graph for a model is made for.
#[derive(Clone, Copy, Debug)]
pub struct StepGraph<'a> {
    /// The layers.
    pub network: &'a Network,
    /// The shape of one sample of each input, and the element type in which samples come.
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

/// From `x` to a layer's output at its first call, `prediction`. Errors (E015): no such layer.
pub fn layer_graph(spec: StepGraph<'_>, layer: &str) -> Result<Graph> {
    let call = spec.network.first_call(layer)?;
    let builder = Builder::new();
    let trace = spec.trace(&builder, None);
    if let Some(output) = trace.calls.get(call).and_then(|outputs| outputs.first()) {
        builder.output("prediction", *output);
    }
    builder.finish()
}

/// From `x` and `y` to the loss and the metrics' parts (see [`Objective::log_names`]).
pub fn test_graph(spec: StepGraph<'_>, objective: Objective<'_>) -> Result<Graph> {
    let builder = Builder::new();
    let trace = spec.trace(&builder, None);
    objective.report(&builder, &trace);
    builder.finish()
}

/// One step of training: forward, loss, metrics, gradients and update. Loss and gradients are guarded:
/// if they are not finite, nothing may change.
///
/// Inputs besides the weights: `x`, `y`, `key` (see [`Op::Uniform`](crate::graph::Op::Uniform)),
/// `learning_rate`, `iteration` (from 1), and the optimizer's memories.
pub fn train_graph(
    spec: StepGraph<'_>,
    objective: Objective<'_>,
    optimizer: &dyn Optimizer,
) -> Result<Graph> {
    let builder = Builder::new();
    let key = builder.input("key", Role::Batch, DType::I32, &[4]);
    let step = StepInputs::declare(&builder);
    let trace = spec.trace(&builder, Some(key));
    let loss = objective.report(&builder, &trace);
    let (params, weights) = params(trace.weights);
    let gradients = gradients(scaled(optimizer, loss), &weights);
    builder.guard(loss);
    gradients.iter().for_each(|gradient| builder.guard(*gradient));
    apply(&builder, optimizer, step, &params, &gradients);
    for (state, value) in trace.updates {
        builder.update(state, value);
    }
    builder.finish()
}

/// A look into one sample or batch: each layer's output (`call 0`, …), the loss, and for each
/// trainable weight its gradient (`gradient of …`) and its value after a first step (`updated …`).
/// Nothing random happens.
pub fn explain_graph(
    spec: StepGraph<'_>,
    objective: Objective<'_>,
    optimizer: &dyn Optimizer,
) -> Result<Graph> {
    let builder = Builder::new();
    let step = StepInputs::declare(&builder);
    let trace = spec.trace(&builder, None);
    for (i, outputs) in trace.calls.iter().enumerate() {
        if let Some(output) = outputs.first() {
            builder.output(&format!("call {i}"), *output);
        }
    }
    let loss = objective.report(&builder, &trace);
    let (params, weights) = params(trace.weights);
    let gradients = gradients(scaled(optimizer, loss), &weights);
    for (param, gradient) in params.iter().zip(&gradients) {
        let gradient = unscaled(optimizer, *gradient);
        builder.output(&format!("gradient of {}", param.name), gradient);
    }
    let updated = apply(&builder, optimizer, step, &params, &gradients);
    for (param, updated) in params.iter().zip(updated) {
        builder.output(&format!("updated {}", param.name), updated);
    }
    builder.finish()
}

/// The trainable weights of a trace, as the optimizer takes them, and as gradients are taken for
/// them.
fn params<'g>(weights: Vec<(Weight, Expr<'g>)>) -> (Vec<Param<'g>>, Vec<Expr<'g>>) {
    let learnt = weights.into_iter().filter(|(weight, _)| weight.trainable);
    let param = |(weight, expr): (Weight, Expr<'g>)| {
        let constraint = weight.settings.constraint;
        (Param { name: weight.name, expr, constraint }, expr)
    };
    learnt.map(param).unzip()
}
