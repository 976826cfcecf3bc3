//! Everything a program that trains a network needs: `use neurona::prelude::*`.

pub use crate::data::{argmax, datasets, from_categorical, to_categorical, train_test_split};
pub use crate::nn::Activation::{
    self, BinaryThreshold, BipolarThreshold, Exponential, HardSigmoid, HardSilu, HardTanh, Linear,
    LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softmax, Softplus, Softsign, Tanh,
};
pub use crate::nn::layers::{Dense, Dropout, Flatten, Layer, Rescaling, Reshape};
pub use crate::nn::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Auc, Average, BinaryCrossentropy,
    BinaryFocalCrossentropy, CategoricalCrossentropy, CategoricalFocalCrossentropy,
    CategoricalHinge, Constraint, CosineDecay, CosineDecayRestarts, CosineSimilarity, CustomMetric,
    Dice, ExponentialDecay, F1Score, FBetaScore, Ftrl, Hinge, Huber, Initializer, Input,
    InverseTimeDecay, KLDivergence, Lamb, LearningRate, Lion, LogCosh, Loss, MeanAbsoluteError,
    MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Metric, Muon,
    Nadam, OneCycle, Optimizer, PiecewiseConstantDecay, Poisson, PolynomialDecay, Precision,
    R2Score, Recall, Reduction, Regularizer, RmsProp, Scope, Sgd, Shared,
    SparseCategoricalCrossentropy, SquaredHinge, Symbol, Tversky,
};
pub use crate::train::callbacks::{EarlyStopping, LearningRateScheduler, ReduceLrOnPlateau};
pub use crate::train::{Callback, Event, Fit, History, Model, Sequential, Verbose};
pub use crate::{ConfusionMatrix, Error, Result, classification_report, plot, top_k_accuracy};
pub use ndarray::{self, Axis};
