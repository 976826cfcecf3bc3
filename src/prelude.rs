//! Everything a program that trains a network needs: `use neurona::prelude::*`.

pub use crate::data::{argmax, datasets, from_categorical, to_categorical, train_test_split};
pub use crate::nn::Activation::{
    self, BinaryThreshold, BipolarThreshold, Exponential, HardSigmoid, Linear, Relu, Selu, Sigmoid,
    Silu, Softmax, Softplus, Softsign, Tanh,
};
pub use crate::nn::layers::{Dense, Dropout, Flatten, Layer, Rescaling, Reshape};
pub use crate::nn::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, BinaryCrossentropy, CategoricalCrossentropy,
    Constraint, CosineDecay, CosineDecayRestarts, ExponentialDecay, Ftrl, Initializer, Input,
    InverseTimeDecay, Lamb, LearningRate, Lion, Loss, MeanAbsoluteError, MeanSquaredError, Metric,
    Muon, Nadam, OneCycle, Optimizer, PiecewiseConstantDecay, PolynomialDecay, Regularizer,
    RmsProp, Scope, Sgd, Shared, SparseCategoricalCrossentropy, Symbol,
};
pub use crate::train::callbacks::{EarlyStopping, LearningRateScheduler, ReduceLrOnPlateau};
pub use crate::train::{Callback, Event, Fit, History, Model, Sequential, Verbose};
pub use crate::{ConfusionMatrix, Error, Result, plot};
pub use ndarray::{self, Axis};
