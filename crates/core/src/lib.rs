//! The engine of Neurona that touches nothing outside itself: no file, no thread, no global.
//!
//! The modules stand in the order data meets them, and each uses only those above it.

pub mod message;

pub mod error;

pub mod tensor;

pub mod compile;
pub mod graph;
pub mod nn;
