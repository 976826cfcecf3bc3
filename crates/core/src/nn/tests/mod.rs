//! Tests that need no other program; the comparisons with real Keras are in `tests/keras`.

mod config;
mod gradients;
mod implementors;
mod layer_mistakes;
mod layers;
mod names;
mod networks;
mod optimizers;
mod pictures;
mod random_layers;
mod rest;
