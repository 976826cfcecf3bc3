//! The commands on model files, as a user runs them on files that real Keras wrote.

#[path = "../common/mod.rs"]
mod common;

mod border;
mod convert;
mod evaluate;
mod golden;
mod inspect;
mod loading;
mod mistakes;
mod predict;
mod stopping;
mod train;
