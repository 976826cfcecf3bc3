//! From data to a trained, tested and understood neural network, without Python.
//!
//! The words are Keras': a model is described layer by layer, `compile`d with a loss, an optimizer and
//! metrics, `fit` to data, `evaluate`d and asked to `predict`. Underneath, the whole training step is
//! one graph, compiled once into a program over one block of memory.
//!
//! ```
//! use ndarray::array;
//! use neurona::prelude::*;
//!
//! // XOR, which no single neuron can learn.
//! let x = array![[0.0f32, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
//! let y = array![0.0f32, 1.0, 1.0, 0.0];
//!
//! let mut model = Sequential::new([2])
//!     .add(Dense::new(8).activation(Tanh))
//!     .add(Dense::new(1).activation(Sigmoid));
//! model.compile(Adam::new(0.05), BinaryCrossentropy::default(), [Metric::Accuracy])?;
//! let history = model.fit(&x, &y, Fit::epochs(300).verbose(Verbose::Silent))?;
//!
//! assert!(history["loss"][299] < 0.1);
//! assert_eq!(model.evaluate(&x, &y)?["accuracy"], 1.0);
//! # Ok::<(), neurona::Error>(())
//! ```
//!
//! # Features
//!
//! - `mnist` (default): the 70,000 digits inside the program, for [`datasets::mnist`].
//! - `png` (default): pictures as PNG besides SVG.

mod confusion;
pub mod data;
pub mod plot;
pub mod prelude;
pub mod train;

pub use confusion::{
    ClassScores, ClassificationReport, ConfusionMatrix, classification_report, top_k_accuracy,
};
pub use data::datasets;
pub use neurona_core::error::{Code, Error, Result};
pub use neurona_core::{compile, error, graph, message, messages, nn, tensor};
pub use neurona_cpu as cpu;
