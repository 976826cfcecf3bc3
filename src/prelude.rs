//! Everything a program that trains a network needs: `use neurona::prelude::*`.

pub use crate::data::dataset::{self, Dataset};
pub use crate::data::{
    argmax, datasets, from_categorical, stratified_train_test_split, to_categorical,
    train_test_split,
};
pub use crate::nn::Activation::{
    self, BinaryThreshold, BipolarThreshold, Exponential, HardSigmoid, HardSilu, HardTanh, Linear,
    LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softmax, Softplus, Softsign, Tanh,
};
// `layers::Softmax`, along any axes, is not here: `Softmax` is the activation.
pub use crate::message::Lang;
pub use crate::nn::layers::{
    ActivityRegularization, Add, AlphaDropout, Average, AveragePooling1D, AveragePooling2D,
    AveragePooling3D, BatchNormalization, CategoryEncoding, CenterCrop, Concatenate, Conv1D,
    Conv1DTranspose, Conv2D, Conv2DTranspose, Conv3D, Conv3DTranspose, Cropping1D, Cropping2D,
    Cropping3D, Dense, DepthwiseConv1D, DepthwiseConv2D, Dot, Dropout, ELU, Embedding, FillMode,
    Flatten, FlipMode, GaussianDropout, GaussianNoise, GlobalAveragePooling1D,
    GlobalAveragePooling2D, GlobalAveragePooling3D, GlobalMaxPooling1D, GlobalMaxPooling2D,
    GlobalMaxPooling3D, GroupNormalization, Interpolation, Layer, LayerNormalization, LeakyReLU,
    MaxPooling1D, MaxPooling2D, MaxPooling3D, Maximum, Minimum, Multiply, Normalization,
    OutputMode, PReLU, Padding, Permute, RMSNormalization, RandomBrightness, RandomContrast,
    RandomCrop, RandomFlip, RandomRotation, RandomTranslation, RandomZoom, ReLU, RepeatVector,
    Rescaling, Reshape, Resizing, SeparableConv1D, SeparableConv2D, SpatialDropout1D,
    SpatialDropout2D, SpatialDropout3D, Subtract, UnitNormalization, UpSampling1D, UpSampling2D,
    UpSampling3D, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D,
};
pub use crate::nn::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Auc, Averaging, BinaryCrossentropy,
    BinaryFocalCrossentropy, CategoricalCrossentropy, CategoricalFocalCrossentropy,
    CategoricalHinge, Constraint, CosineDecay, CosineDecayRestarts, CosineSimilarity, CustomMetric,
    Dice, Direction, ExponentialDecay, F1Score, FBetaScore, Ftrl, Hinge, Huber, Initializer, Input,
    InverseTimeDecay, KLDivergence, Lamb, LearningRate, Lion, LogCosh, Loss, MeanAbsoluteError,
    MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Metric, Muon,
    Nadam, OneCycle, Optimizer, PiecewiseConstantDecay, Poisson, PolynomialDecay, Precision,
    R2Score, Recall, Reduction, Regularizer, RmsProp, Scope, Sgd, Shared,
    SparseCategoricalCrossentropy, SquaredHinge, Symbol, Tversky,
};
pub use crate::tensor::{DType, Tensor, ToTensor};
pub use crate::train::callbacks::{
    CsvLogger, EarlyStopping, LearningRateScheduler, Mode, ModelCheckpoint, ReduceLrOnPlateau,
    TensorBoard,
};
pub use crate::train::{
    Callback, CallbackState, Evaluate, Event, Fit, History, LrFind, Model, Plan, Predict, Run,
    Sequential, Stop, Verbose,
};
pub use crate::{ConfusionMatrix, Error, Result, classification_report, plot, top_k_accuracy};
pub use ndarray::{self, Axis};
