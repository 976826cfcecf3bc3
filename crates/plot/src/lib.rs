//! Pictures for Neurona: from plain numbers to SVG text or PNG bytes, in Spanish or English.
//!
//! Every function here takes numbers and names, lays out one scene of simple shapes, and returns it
//! as a [`Figure`]. Nothing reads a model, a clock or the system's fonts, so the same numbers always
//! give the same bytes.
//!
//! ```
//! use neurona_core::message::Lang;
//! use neurona_plot::{Series, history};
//!
//! let loss = [Series { name: "loss", values: &[0.9, 0.5, 0.4] }];
//! let accuracy = [Series { name: "accuracy", values: &[0.71, 0.85, 0.88] }];
//! let figure = history(&loss, &accuracy, Lang::Es);
//! assert!(figure.svg().contains("pérdida"));
//! ```
//!
//! # Features
//!
//! - `png` (default): [`Figure::png`] and saving with the suffix `.png`, through `resvg` and one
//!   bundled font, `DejaVu Sans`.

mod axis;
mod biology;
mod confusion;
mod curve;
mod curves;
mod ends;
mod figure;
mod formula;
mod image;
mod intelligence;
mod layout;
mod learning_rates;
mod measure;
mod minima;
mod network;
mod neuron;
mod overfitting;
mod palette;
mod panel;
mod png;
mod rates;
mod scene;
mod softmax;
mod svg;
mod text;
mod transfer;

#[cfg(test)]
mod check;

pub use biology::biological_neuron;
pub use confusion::confusion_matrix;
pub use curves::{Series, curves, history};
pub use figure::Figure;
pub use image::{Gray, GridItem, image, image_grid};
pub use intelligence::artificial_intelligence;
pub use learning_rates::learning_rates;
pub use minima::minima;
pub use network::{LayerView, network};
pub use neuron::artificial_neuron;
pub use overfitting::overfitting;
pub use rates::{RateSearch, rate_search};
pub use softmax::softmax;
pub use transfer::{Transfer, transfer_functions};
