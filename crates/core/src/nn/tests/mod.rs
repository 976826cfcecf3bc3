//! Tests against real Keras, in both precisions, through the interpreter.

mod golden;
mod gradients;
mod layers;
mod registry;
mod rest;
