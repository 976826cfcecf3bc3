//! Neurona's engine, which touches nothing outside itself: no files, no threads, no globals.
//!
//! The modules stand in the order in which data meet them, and each uses only those above it.

pub mod message;

pub mod error;

pub mod tensor;

pub mod compile;
pub mod graph;
pub mod nn;
