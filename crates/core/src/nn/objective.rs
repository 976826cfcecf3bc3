//! What training minimizes and what is reported: losses and metrics of all outputs.

use super::losses::aligned;
use super::{Loss, Metric, Targets, Trace, metric_names, reduce_loss};
use crate::graph::{Builder, Expr, Role};
use crate::tensor::DType;
use std::sync::Arc;

/// How predictions are compared with targets.
#[derive(Clone, Copy, Debug)]
pub struct Objective<'a> {
    /// One objective for each output.
    pub outputs: &'a [OutputObjective],
    /// Whether each sample has a weight.
    pub weighted: bool,
}

/// How one output is compared with its target.
#[derive(Clone, Debug)]
pub struct OutputObjective {
    /// Its loss.
    pub loss: Arc<dyn Loss>,
    /// How much of it goes into the model's loss.
    pub weight: f64,
    /// Its metrics: whether they are [`on`](Metric::on) this output is not checked.
    pub metrics: Vec<Metric>,
    /// How its targets come.
    pub targets: Targets,
}

/// A loss, and how much of it goes into the loss of a model with several outputs.
#[derive(Clone, Debug)]
pub struct WeightedLoss {
    /// The loss.
    pub loss: Arc<dyn Loss>,
    /// How much of it. Default: 1.
    pub weight: f64,
}

impl<L: Loss + 'static> From<L> for WeightedLoss {
    fn from(loss: L) -> WeightedLoss {
        WeightedLoss { loss: Arc::new(loss), weight: 1.0 }
    }
}

/// The name of number `i` of `count` values: `x`, or `x 0`, `x 1` if there are several.
pub fn numbered(name: &str, i: usize, count: usize) -> String {
    if count == 1 { name.to_owned() } else { format!("{name} {i}") }
}

impl Objective<'_> {
    /// Declares `y` and the samples' weights, asks for loss and metrics, and returns the model's
    /// loss: each output's loss times its weight, plus what regularizers and layers add.
    pub(super) fn report<'g>(&self, builder: &'g Builder, trace: &Trace<'g>) -> Expr<'g> {
        let count = self.outputs.len();
        let mut total: Option<Expr<'g>> = None;
        let mut metrics = 0;
        for (i, (output, prediction)) in self.outputs.iter().zip(&trace.outputs).enumerate() {
            let target = output.targets.input(builder, &numbered("y", i, count), *prediction);
            let weights = self.weighted.then(|| {
                let name = numbered("weights", i, count);
                let batch = prediction.shape().dims().first().copied().unwrap_or(1);
                builder.input(&name, Role::Batch, DType::F32, &[batch])
            });
            let loss = reduce_loss(&*output.loss, target, *prediction, weights);
            if count > 1 {
                builder.output(&format!("loss {i}"), loss);
            }
            let part = if output.weight == 1.0 { loss } else { loss * output.weight };
            total = Some(total.map_or(part, |total| total + part));
            // Samples without a class are neither right nor wrong: metrics do not see what the loss
            // ignores.
            let ignored = output.loss.ignore_class();
            let seen = ignored.and_then(|_| output.loss.mask(target, *prediction));
            for metric in &output.metrics {
                let counted = match (weights.filter(|_| metric.is_weighted()), seen) {
                    (Some(weights), Some(seen)) => Some(aligned(weights, seen) * seen),
                    (weights, seen) => weights.or(seen),
                };
                let parts = metric.parts(target, *prediction, counted);
                builder.output(&format!("metric {metrics}"), parts);
                metrics += 1;
            }
        }
        let total = total.unwrap_or_else(|| builder.fill(0.0, &[]));
        let total = trace.losses.iter().fold(total, |total, loss| total + *loss);
        builder.output("loss", total);
        total
    }

    /// The names of the values that a test or a training step gives: the loss, the loss of each
    /// output if there are several, and the metrics, in the order of the graph's outputs `loss`,
    /// `loss 0`, …, `metric 0`, ….
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
            names
                .extend(metric_names(&objective.metrics).iter().map(|name| prefixed(output, name)));
        }
        names
    }
}
