//! Everything a program that trains a network needs: `use neurona::prelude::*`.

pub use crate::data::{argmax, datasets, from_categorical, to_categorical, train_test_split};
pub use crate::nn::Activation::{
    self, BinaryThreshold, BipolarThreshold, Exponential, HardSigmoid, HardSilu, HardTanh, Linear,
    LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softmax, Softplus, Softsign, Tanh,
};
pub use crate::nn::layers::{Dense, Dropout, Flatten, Layer, Rescaling, Reshape};
pub use crate::nn::{
    Adam, AdamW, Auc, Average, BinaryCrossentropy, BinaryFocalCrossentropy,
    CategoricalCrossentropy, CategoricalFocalCrossentropy, CategoricalHinge, CosineSimilarity,
    CustomMetric, Dice, F1Score, FBetaScore, Hinge, Huber, Initializer, KLDivergence, LogCosh,
    Loss, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError,
    MeanSquaredLogarithmicError, Metric, Poisson, Precision, R2Score, Recall, Reduction, RmsProp,
    Sgd, SparseCategoricalCrossentropy, SquaredHinge, Tversky,
};
pub use crate::train::{Callback, Event, Fit, History, Sequential, Verbose};
pub use crate::{ConfusionMatrix, Error, Result, classification_report, plot, top_k_accuracy};
pub use ndarray::{self, Axis};
