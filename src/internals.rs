//! The inside: what this crate is made of, for its own command, tests and benches.
//!
//! Nothing here is covered by semantic versioning: any release may change or remove it. Everything
//! that is needed to use the crate, or to write a layer, a loss, a metric, an optimizer or a
//! callback of your own, is outside.

pub use crate::data::file::read as read_file;
pub use crate::data::foreign::{Foreign, file_of_arrays, instead_of_arrays};
pub use neurona_core::{compile, error, graph, nn, tensor};
pub use neurona_cpu as cpu;
