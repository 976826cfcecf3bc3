//! Tests against real Keras, in both precisions, through the interpreter.

mod golden;
mod gradients;
mod optimizers;
mod registry;
mod rest;
