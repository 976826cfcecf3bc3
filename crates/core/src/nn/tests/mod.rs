//! Tests against real Keras, in both precisions, through the interpreter.

mod golden;
mod golden_layers;
mod gradients;
mod layer_mistakes;
mod layers;
mod pictures;
mod registry;
mod rest;
