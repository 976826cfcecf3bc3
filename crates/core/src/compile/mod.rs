//! From a graph to a program: what to compute, in which order, and where in memory.

mod contract;
mod fuse;
mod layout;
mod lower;
mod memory;
mod places;
mod program;
mod schedule;
mod simplify;

#[cfg(test)]
mod tests;

pub use layout::is_stored_transposed;
pub use program::{
    Axis, Fused, Instruction, Kind, Matrix, Place, Program, Register, Slot, Space, Step,
};

use crate::graph::Graph;

/// Turns a graph into a program that a device can run over and over in one block of memory.
///
/// ```
/// use neurona_core::compile::compile;
/// use neurona_core::graph::{Builder, Role};
/// use neurona_core::tensor::DType;
///
/// let builder = Builder::new();
/// let x = builder.input("x", Role::Batch, DType::F32, &[32, 10]);
/// let y = ((x * 2.0 + 1.0).tanh() - 0.5).exp();         // five operations …
/// builder.output("y", y);
/// let program = compile(&builder.finish()?);
/// assert_eq!(program.steps.len(), 1);                    // … one pass over memory
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn compile(graph: &Graph) -> Program {
    let graph = simplify::drop_stops(graph);
    let graph = layout::store_tall_transposed(&graph);
    let graph = simplify::fold_constants(&graph);
    let graph = simplify::share_equal(&graph);
    let graph = simplify::share_softmax(&graph);
    let graph = simplify::ask_rectified(&graph);
    let graph = simplify::keep_needed(&graph);
    let graph = simplify::keep_old_values(graph);
    debug_assert_eq!(graph.verify(), Ok(()));
    let groups = fuse::elementwise(&graph);
    let order = schedule::by_level(groups);
    lower::to_program(&graph, &order)
}
