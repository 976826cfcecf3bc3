//! Tests against real Keras, in both precisions, through the interpreter.

mod config;
mod golden;
mod gradients;
mod layer_mistakes;
mod layers;
mod names;
mod optimizers;
mod parity;
mod pictures;
mod random_layers;
mod registry;
mod rest;
