//! The graphs a model is run by: predict, test, and the whole training step.

use super::optimizers::StepInputs;
use super::{Loss, Metric, Network, Optimizer, Slots, Targets, reduce_loss};
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
    /// The shape of one sample.
    pub sample: Shape,
    /// The element type samples come in.
    pub dtype: DType,
    /// How many samples at once.
    pub batch: usize,
}

impl StepGraph<'_> {
    fn x<'g>(&self, builder: &'g Builder) -> Expr<'g> {
        builder.input("x", Role::Batch, self.dtype, &[&[self.batch], self.sample.dims()].concat())
    }
}

/// From `x` to the output of the last layer, `prediction`.
pub fn predict_graph(spec: StepGraph<'_>) -> Result<Graph> {
    let builder = Builder::new();
    let trace = spec.network.trace(&builder, spec.x(&builder), None);
    if let Some(last) = trace.outputs.last() {
        builder.output("prediction", *last);
    }
    builder.finish()
}

/// From `x` and `y` to the loss and the metrics' parts (`metric 0`, …).
pub fn test_graph(
    spec: StepGraph<'_>,
    targets: Targets,
    loss: &dyn Loss,
    metrics: &[Metric],
) -> Result<Graph> {
    let builder = Builder::new();
    let trace = spec.network.trace(&builder, spec.x(&builder), None);
    if let Some(prediction) = trace.outputs.last() {
        report(&builder, targets, *prediction, loss, metrics);
    }
    builder.finish()
}

/// One step of training: forward, loss, metrics, gradients and update. Loss and gradients are guarded:
/// if they are not finite, nothing may change.
///
/// Inputs beside the weights: `x`, `y`, `key` (see [`Op::Uniform`](crate::graph::Op::Uniform)),
/// `learning_rate`, `iteration` (from 1), and the optimizer's memories.
pub fn train_graph(
    spec: StepGraph<'_>,
    targets: Targets,
    loss: &dyn Loss,
    metrics: &[Metric],
    optimizer: &dyn Optimizer,
) -> Result<Graph> {
    let builder = Builder::new();
    let key = builder.input("key", Role::Batch, DType::I32, &[4]);
    let scalar = |name| builder.input(name, Role::Batch, DType::F32, &[]);
    let step =
        StepInputs { learning_rate: scalar("learning_rate"), iteration: scalar("iteration") };
    let trace = spec.network.trace(&builder, spec.x(&builder), Some(key));
    if let Some(prediction) = trace.outputs.last() {
        let loss = report(&builder, targets, *prediction, loss, metrics);
        let weights: Vec<Expr> = trace.weights.iter().map(|(_, expr)| *expr).collect();
        let gradients = gradients(loss, &weights);
        builder.guard(loss);
        for ((weight, expr), gradient) in trace.weights.iter().zip(gradients) {
            builder.guard(gradient);
            let slots =
                Slots::new(&builder, &format!("{}/{}", optimizer.name(), weight.name), *expr);
            builder.update(*expr, optimizer.update(step, &slots, *expr, gradient));
        }
    }
    builder.finish()
}

/// One sample or batch looked into: the output of each layer (`layer 0`, …), the loss, and for each weight
/// its gradient (`gradient of …`) and its value after a first step (`updated …`). Nothing random happens.
pub fn explain_graph(
    spec: StepGraph<'_>,
    targets: Targets,
    loss: &dyn Loss,
    optimizer: &dyn Optimizer,
) -> Result<Graph> {
    let builder = Builder::new();
    let scalar = |name| builder.input(name, Role::Batch, DType::F32, &[]);
    let step =
        StepInputs { learning_rate: scalar("learning_rate"), iteration: scalar("iteration") };
    let trace = spec.network.trace(&builder, spec.x(&builder), None);
    for (i, output) in trace.outputs.iter().enumerate() {
        builder.output(&format!("layer {i}"), *output);
    }
    if let Some(prediction) = trace.outputs.last() {
        let loss = report(&builder, targets, *prediction, loss, &[]);
        let weights: Vec<Expr> = trace.weights.iter().map(|(_, expr)| *expr).collect();
        for ((weight, expr), gradient) in trace.weights.iter().zip(gradients(loss, &weights)) {
            let slots = Slots::new(&builder, &weight.name, *expr);
            builder.output(&format!("gradient of {}", weight.name), gradient);
            let updated = optimizer.update(step, &slots, *expr, gradient);
            builder.output(&format!("updated {}", weight.name), updated);
        }
    }
    builder.finish()
}

/// Declares `y`, asks for the loss and the parts of the metrics, and returns the loss.
fn report<'g>(
    builder: &'g Builder,
    targets: Targets,
    prediction: Expr<'g>,
    loss: &dyn Loss,
    metrics: &[Metric],
) -> Expr<'g> {
    let target = targets.input(builder, prediction);
    let value = reduce_loss(loss, target, prediction, None);
    builder.output("loss", value);
    // Samples without a class are neither right nor wrong: what the loss ignores, metrics do not see.
    let weights = loss.ignore_class().and_then(|_| loss.mask(target, prediction));
    for (i, metric) in metrics.iter().enumerate() {
        builder.output(&format!("metric {i}"), metric.parts(target, prediction, weights));
    }
    value
}
