//! What networks are made of: layers, activations, initializers, losses, metrics, optimizers.
//!
//! Everything here is a description: plain settings, and one method that writes the formula as a graph.

mod activations;
mod check;
mod initializers;
pub mod layers;
mod losses;
mod metrics;
mod network;
mod optimizers;
mod scope;
mod step;
mod summary;

#[cfg(test)]
mod tests;

pub use activations::Activation;
pub use check::{Finding, Targets, check_finite, check_rows, targets_for};
pub use initializers::{Distribution, FanMode, Initializer};
pub use layers::Layer;
pub use losses::{
    BinaryCrossentropy, BinaryFocalCrossentropy, CategoricalCrossentropy,
    CategoricalFocalCrossentropy, CategoricalGeneralizedCrossEntropy, CategoricalHinge, Circle,
    CosineSimilarity, Dice, Hinge, Huber, KLDivergence, LogCosh, Loss, MeanAbsoluteError,
    MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Poisson, Reduced,
    Reduction, SparseCategoricalCrossentropy, SquaredHinge, TargetKind, Tversky, loss_from_name,
    reduce_loss,
};
pub use metrics::{
    Auc, Average, BinaryIoU, ClassAggregation, Curve, CustomMetric, F1Score, FBetaScore, Metric,
    OneHotIoU, Precision, R2Score, Recall, SummationMethod, metric_names,
};
pub use network::{Network, Trace};
pub use optimizers::{
    Adam, AdamW, Optimizer, RmsProp, Sgd, Slots, StepInputs, optimizer_from_name,
};
pub use scope::{Scope, Weight};
pub use step::{StepGraph, explain_graph, predict_graph, stream, test_graph, train_graph};
pub use summary::{Summary, SummaryRow};
