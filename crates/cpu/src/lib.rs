//! Runs compiled programs on the processor.
//!
//! Kernels cannot fail: shapes were settled when the graph was built, places in memory when it was
//! compiled. Work is split by shape, never by the number of threads, and sums are added in a fixed order,
//! so a run gives the same bits on any number of threads.

mod arena;
mod fused;
mod level;
mod matmul;
mod pool;
mod reduce;
mod rows;
mod skinny;

#[cfg(test)]
mod random_graphs;
#[cfg(test)]
mod tests;

pub use arena::Arena;
pub use pool::Pool;

use arena::Blocks;
#[cfg(test)]
use arena::Strided;
use neurona_core::compile::{Axis, Kind, Program, Slot, Step};
use neurona_core::graph::Op;
use neurona_core::tensor::random::Source;

/// A processor: threads to run programs on.
///
/// ```
/// use neurona_core::compile::compile;
/// use neurona_core::graph::{Builder, Role};
/// use neurona_core::tensor::DType;
/// use neurona_cpu::{Arena, Cpu};
///
/// let builder = Builder::new();
/// let x = builder.input("x", Role::Batch, DType::F32, &[3]);
/// builder.output("y", x * x);
/// let program = compile(&builder.finish()?);
///
/// let (mut state, mut scratch) = (Arena::new(program.state_bytes), Arena::new(program.scratch_bytes));
/// let (x, y) = (program.input("x").unwrap(), program.output("y").unwrap());
/// scratch.floats_mut(x).copy_from_slice(&[1.0, 2.0, 3.0]);
/// Cpu::new(1).run(&program, &mut state, &mut scratch);
/// assert_eq!(scratch.floats(y), [1.0, 4.0, 9.0]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Debug)]
pub struct Cpu {
    pool: Pool,
}

impl Cpu {
    /// A processor that uses this many threads (at least one).
    pub fn new(threads: usize) -> Cpu {
        Cpu { pool: Pool::new(threads) }
    }

    /// How many threads it uses.
    pub fn threads(&self) -> usize {
        self.pool.threads()
    }

    /// Runs `f` inside the thread pool, where starting parallel work costs least.
    pub fn inside<T: Send>(&self, f: impl FnOnce() -> T + Send) -> T {
        self.pool.inside(f)
    }

    /// Runs the whole program.
    pub fn run(&self, program: &Program, state: &mut Arena, scratch: &mut Arena) {
        self.run_steps(&program.steps, state, scratch);
    }

    /// Runs the steps that leave the state as it is.
    pub fn compute(&self, program: &Program, state: &mut Arena, scratch: &mut Arena) {
        self.run_steps(&program.steps[..program.commit], state, scratch);
    }

    /// Runs the rest, after [`compute`](Cpu::compute): the state changes.
    pub fn commit(&self, program: &Program, state: &mut Arena, scratch: &mut Arena) {
        self.run_steps(&program.steps[program.commit..], state, scratch);
    }

    fn run_steps(&self, steps: &[Step], state: &mut Arena, scratch: &mut Arena) {
        let blocks = Blocks::new(state, scratch);
        for step in steps {
            run_step(&step.kind, &blocks, &self.pool);
        }
    }
}

fn run_step(kind: &Kind, blocks: &Blocks<'_>, pool: &Pool) {
    match kind {
        Kind::Fused(fused) => fused::run(fused, blocks, pool),
        Kind::MatMul { m, k, n, a, b, out } => {
            matmul::run(
                [*m, *k, *n],
                blocks.matrix(*a),
                blocks.matrix(*b),
                blocks.write(*out),
                pool,
            );
        }
        Kind::Reduce { reduction, x, out, kept, reduced } => {
            reduce::run(*reduction, blocks.read(*x), blocks.write(*out), kept, reduced, pool);
        }
        Kind::Op { op, out } => run_op(op, *out, blocks, pool),
        Kind::Copy { x, out } => blocks.write_bytes(*out).copy_from_slice(blocks.read_bytes(*x)),
    }
}

/// An operation on whole values.
fn run_op(op: &Op<Slot>, out: Slot, blocks: &Blocks<'_>, pool: &Pool) {
    match *op {
        Op::ArgMax(x, axis) => {
            let (size, stride) = (x.ty.shape.dims()[axis], x.ty.shape.strides()[axis]);
            rows::argmax(blocks.read(x), blocks.write(out), Axis { size, stride });
        }
        Op::Softmax(x) | Op::LogSoftmax(x) => {
            let (columns, log) = (x.ty.shape.last(), matches!(op, Op::LogSoftmax(_)));
            rows::softmax(blocks.read(x), blocks.write(out), columns, log, pool);
        }
        Op::Transpose(x) => {
            let (rows, columns) = (x.ty.shape.dims()[0], x.ty.shape.dims()[1]);
            rows::transpose(blocks.read(x), blocks.write::<u32>(out), rows, columns);
        }
        Op::Uniform(key, stream) => {
            let key: &[i32] = blocks.read(key);
            let word = |i: usize| u64::from(key[i] as u32);
            let (seed, step) = (word(0) | word(1) << 32, word(2) | word(3) << 32);
            rows::uniform(Source { seed, stream, step }, blocks.write(out));
        }
        Op::Input(_)
        | Op::Fill(_)
        | Op::Iota(_)
        | Op::Unary(..)
        | Op::Binary(..)
        | Op::Select(..)
        | Op::Cast(_)
        | Op::StopGradient(_)
        | Op::Broadcast(_)
        | Op::Reshape(_)
        | Op::Reduce(..)
        | Op::MatMul(..) => unreachable!("{} is lowered to another kind of step", op.name()),
    }
}
