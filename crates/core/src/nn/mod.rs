//! What networks are made of: layers, activations, initializers, losses, metrics, optimizers.
//!
//! Everything here is a description: plain settings, and one method that writes the formula as a graph.

mod activations;
mod check;
pub mod config;
mod constraints;
mod functional;
mod initializers;
pub mod layers;
mod losses;
mod metrics;
mod names;
mod network;
mod objective;
mod optimizers;
mod pretrained;
mod regularizers;
mod schedules;
mod scope;
mod settings;
mod step;
mod summary;
mod weights;

#[cfg(test)]
mod tests;

pub use activations::Activation;
pub use check::{Finding, Targets, check_finite, check_ids, check_rows, narrowed, targets_for};
pub use constraints::Constraint;
pub use functional::{Input, Shared, Symbol, Symbols};
pub use initializers::{Distribution, FanMode, Initializer};
pub use layers::Layer;
pub use losses::{
    BinaryCrossentropy, BinaryFocalCrossentropy, CategoricalCrossentropy,
    CategoricalFocalCrossentropy, CategoricalGeneralizedCrossEntropy, CategoricalHinge, Circle,
    CosineSimilarity, Dice, Hinge, Huber, KLDivergence, LogCosh, Loss, MeanAbsoluteError,
    MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Poisson, Reduced,
    Reduction, SparseCategoricalCrossentropy, SquaredHinge, TargetKind, Tversky, all as all_losses,
    loss_from_config, loss_from_name, reduce_loss,
};
pub use metrics::{
    Auc, Averaging, BinaryIoU, ClassAggregation, Curve, CustomMetric, Direction, F1Score,
    FBetaScore, Metric, OneHotIoU, Precision, R2Score, Recall, SummationMethod, metric_names,
};
pub use names::{Losses, Metrics, ToLoss, ToMetric, ToOptimizer};
pub use network::{Built, Network, Trace};
pub use objective::{Objective, OutputObjective, WeightedLoss, numbered};
pub use optimizers::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, Lion, Muon, Nadam, Optimizer,
    Options, Param, RmsProp, Sgd, Slots, StepInputs, Tuned, Variable, apply, average_name,
    check_optimizer, optimizer_from_config, optimizer_from_name, optimizer_variables,
};
pub use pretrained::Pretrained;
pub use regularizers::Regularizer;
pub use schedules::{
    CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, LearningRate, OneCycle,
    PiecewiseConstantDecay, PolynomialDecay,
};
pub use scope::{Ids, Scope};
pub use step::{
    StepGraph, explain_graph, layer_graph, predict_graph, stream, test_graph, train_graph,
};
pub use summary::{Summary, SummaryRow};
pub use weights::{Weight, WeightSettings};
