//! Everything a program that trains a network needs: `use neurona::prelude::*`.

pub use crate::data::{argmax, datasets, from_categorical, to_categorical, train_test_split};
pub use crate::nn::Activation::{
    self, BinaryThreshold, BipolarThreshold, Exponential, HardSigmoid, Linear, Relu, Selu, Sigmoid,
    Silu, Softmax, Softplus, Softsign, Tanh,
};
// `layers::Softmax`, along any axes, is not here: `Softmax` is the transfer function.
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
    Adam, AdamW, BinaryCrossentropy, CategoricalCrossentropy, Initializer, MeanAbsoluteError,
    MeanSquaredError, Metric, RmsProp, Sgd, SparseCategoricalCrossentropy,
};
pub use crate::train::{Callback, Event, Fit, History, Sequential, Verbose};
pub use crate::{ConfusionMatrix, Error, Result, plot};
pub use ndarray::{self, Axis};
