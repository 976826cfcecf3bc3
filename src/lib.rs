//! From data to a trained, tested and understood neural network, without Python.
//!
//! The words are Keras': a model is described layer by layer, `compile`d with a loss, an optimizer and
//! metrics, `fit` to data, `evaluate`d and asked to `predict`. Underneath, the whole training step is
//! one graph, compiled once into a program over one block of memory.
//!
//! ```
//! use neurona::prelude::*;
//!
//! // XOR, which no single neuron can learn.
//! let x = [[0.0f32, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
//! let y = [0, 1, 1, 0];
//!
//! let mut model = Sequential::new([2])
//!     .add(Dense::new(8).activation(Tanh))
//!     .add(Dense::new(1).activation(Sigmoid));
//! model.compile(Adam::new(0.05), BinaryCrossentropy::default(), [Metric::Accuracy])?;
//! let history = model.fit(&x, &y, Fit::epochs(300).verbose(Verbose::Silent))?;
//!
//! assert!(history["loss"][299] < 0.1);
//! assert_eq!(model.evaluate(&x, &y)?["accuracy"], 1.0);
//! assert!(model.predict_one(&[0.0f32, 1.0])?[0] > 0.5);
//! # Ok::<(), neurona::Error>(())
//! ```
//!
//! # Adding it to a program
//!
//! ```toml
//! [dependencies]
//! # 46 crates; without `default-features = false` also the digits of MNIST (10 MB) and PNG pictures.
//! neurona = { version = "0.1", default-features = false }
//! # Only for arrays of your own; `neurona::prelude::ndarray` is the same.
//! ndarray = "0.17"
//!
//! # A plain `cargo run` compiles without optimization, and then training takes 60 to 250 times as long.
//! [profile.dev.package."*"]
//! opt-level = 3
//! ```
//!
//! # How do I …
//!
//! **… give it my data?** As it is: arrays and views of `ndarray` 0.17, `Vec<f32>`, `Vec<Vec<f32>>`, `[[f32; 4]; 100]`,
//! slices; by value or by reference; of `f32`, `f64`, `bool` and integers of every width. An iterator of rows becomes
//! data with [`Tensor::from_rows`](prelude::Tensor::from_rows), a flat slice with a shape with
//! [`Tensor::from_slice`](prelude::Tensor::from_slice); files are read by [`data`], and more than memory holds by
//! [`data::dataset`].
//!
//! **… give labels?** As integers from 0, with [`SparseCategoricalCrossentropy`](prelude::SparseCategoricalCrossentropy)
//! (or `"sparse_categorical_crossentropy"`); as one-hot rows, which [`data::to_categorical`] makes, with
//! [`CategoricalCrossentropy`](prelude::CategoricalCrossentropy).
//!
//! **… choose a loss and the last layer?**
//!
//! | what is asked for | last layer | loss |
//! |---|---|---|
//! | a number | `Dense::new(1)` | [`MeanSquaredError`](prelude::MeanSquaredError), `"mse"` |
//! | yes or no | `Dense::new(1).activation(Sigmoid)` | [`BinaryCrossentropy`](prelude::BinaryCrossentropy), `"bce"` |
//! | one class of `n`, labels as integers | `Dense::new(n).activation(Softmax)` | [`SparseCategoricalCrossentropy`](prelude::SparseCategoricalCrossentropy) |
//! | one class of `n`, labels as one-hot rows | `Dense::new(n).activation(Softmax)` | [`CategoricalCrossentropy`](prelude::CategoricalCrossentropy) |
//! | several labels at once | `Dense::new(n).activation(Sigmoid)` | [`BinaryCrossentropy`](prelude::BinaryCrossentropy) |
//!
//! **… give a model several inputs, and an input a name?** With [`Input`](prelude::Input) and
//! [`Model::new`](train::Model::new); a layer that joins values is called on all of them:
//!
//! ```
//! use neurona::prelude::*;
//!
//! let (shop, price) = (Input::new([5]).named("shop"), Input::new([1]).named("price"));
//! let both = Concatenate::default().on([&shop, &price]);
//! let sales = Dense::new(1).on(&Dense::new(8).activation(Relu).on(&both));
//! let mut model = Model::new([&shop, &price], [&sales])?;
//! model.compile("adam", "mse", [])?;
//!
//! // One row for each input, in the order of the inputs.
//! let (shops, prices) = ([[0.0f32, 1.0, 0.0, 0.0, 0.0]], [[0.3f32]]);
//! model.fit((&shops, &prices), [0.7f32], Fit::epochs(1).verbose(Verbose::Silent))?;
//! assert_eq!(model.predict((&shops, &prices))?.shape(), [1, 1]);
//! # Ok::<(), neurona::Error>(())
//! ```
//!
//! **… use names instead of types?** `compile("adam", "mse", ["accuracy"])` and
//! `Dense::new(8).activation("relu")` work; a name that does not exist is an error that says which
//! name is nearest. A name read at run time can be parsed: `name.parse::<Activation>()?`.
//!
//! **… ask about one sample?** [`predict_one`](train::Model::predict_one) takes a sample without a dimension for the
//! rows; [`predict`](train::Model::predict) takes rows. [`argmax`](data::argmax) is the most probable class.
//!
//! **… hold back data, stop early, weight rare classes?**
//! `Fit::epochs(100).validation_split(0.2).callback(EarlyStopping::new("val_loss").patience(5)).class_weight([(1, 3.0)])`;
//! [`train_test_split`](data::train_test_split) splits data beforehand.
//!
//! **… watch training, or take part in it?** A closure or a [`Callback`](train::Callback) of your own, which can be lent
//! and read afterwards: `Fit::epochs(5).callback(&mut log)`.
//!
//! **… save and load?** [`model.save("model.keras")`](train::Model::save) and
//! [`Model::load`](train::Model::load), which reads Keras' files, too. Anything of your own is not
//! in the file: [`left_out`](train::Model::left_out) says what.
//!
//! **… serve predictions?** Share a compiled or loaded model in an `Arc`: `predict` needs no `&mut`.
//!
//! **… get errors in Spanish?** [`error.in_lang(Lang::Es)`](Error::in_lang).
//!
//! # Features
//!
//! - `mnist` (default): the 70,000 digits inside the program, for [`datasets::mnist`].
//! - `png` (default): pictures as PNG besides SVG.
//! - `serde`: histories, scores, logs, confusion matrices and reports can be serialized and deserialized.

mod confusion;
pub mod data;
pub mod internals;
pub mod plot;
pub mod prelude;
pub mod train;

/// What layers, losses and metrics of your own are written in: values of a graph.
pub mod graph {
    pub use neurona_core::graph::{Builder, Expr, Span, Window};
}

/// What networks are made of: layers, activations, initializers, losses, metrics, optimizers.
pub mod nn {
    pub(crate) use neurona_core::nn::*;
    pub use neurona_core::nn::{
        Activation, Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Auc, Averaging,
        BinaryCrossentropy, BinaryFocalCrossentropy, BinaryIoU, CategoricalCrossentropy,
        CategoricalFocalCrossentropy, CategoricalGeneralizedCrossEntropy, CategoricalHinge, Circle,
        ClassAggregation, Constraint, CosineDecay, CosineDecayRestarts, CosineSimilarity, Curve,
        CustomMetric, Dice, Direction, Distribution, ExponentialDecay, F1Score, FBetaScore,
        FanMode, Finding, Ftrl, Hinge, Huber, Initializer, Input, InverseTimeDecay, KLDivergence,
        Lamb, Layer, LearningRate, Lion, LogCosh, Loss, Losses, MeanAbsoluteError,
        MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Metric,
        Metrics, Muon, Nadam, Network, OneCycle, OneHotIoU, Optimizer, Options, Param,
        PiecewiseConstantDecay, Poisson, PolynomialDecay, Precision, Pretrained, R2Score, Recall,
        Reduced, Reduction, Regularizer, RmsProp, Scope, Sgd, Shared, Slots,
        SparseCategoricalCrossentropy, SquaredHinge, StepInputs, Summary, SummaryRow,
        SummationMethod, Symbol, Symbols, TargetKind, ToLoss, ToMetric, ToOptimizer, Tuned,
        Tversky, Weight, WeightSettings, WeightedLoss, config, layers, loss_from_name,
        optimizer_from_name,
    };
}

/// Data on the host: tensors, their shapes and element types, and anything that can be read as one.
pub mod tensor {
    pub(crate) use neurona_core::tensor::*;
    pub use neurona_core::tensor::{
        Axes, DType, Data, Element, Number, Rows, Shape, Tensor, ToTensor, ToTensors,
    };
}

pub use confusion::{
    ClassNames, ClassScores, ClassificationReport, ConfusionMatrix, classification_report,
    top_k_accuracy,
};
pub use data::datasets;
pub use neurona_core::error::{Code, Error, Result};
pub use neurona_core::{message, messages};
pub(crate) use neurona_cpu as cpu;
