//! What needs no other program to be checked; beside real Keras it is in `tests/keras`.

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
