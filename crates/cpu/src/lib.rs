//! Runs compiled programs on the processor.
//!
//! Kernels cannot fail: shapes were settled when the graph was built, and places in memory when it
//! was compiled. Work is split by shape, never by the number of threads, and sums are added in a
//! fixed order, so a run gives the same bits on any number of threads.

mod arena;
mod arrange;
mod conv;
mod elements;
mod finite;
mod functions;
mod fused;
mod lanes;
mod level;
mod math;
mod pool;
mod pools;
mod product;
mod random;
mod reduce;
mod rows;

#[cfg(test)]
mod random_graphs;
#[cfg(test)]
mod random_shapes;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod tests;

pub use arena::{Arena, State};
pub use level::Level;
pub use pool::Pool;

use arena::{Blocks, Plain};
use conv::Conv;
use neurona_core::compile::{Axis, Kind, Program, Slot};
use neurona_core::graph::Op;
use neurona_core::tensor::DType;
use pools::Pooling;
use product::Sizes;
use std::ops::Range;

/// Whether this crate was compiled with optimization. Without it, kernels take 60 to 250 times as long.
pub const OPTIMIZED: bool = !matches!(env!("NEURONA_CPU_OPT_LEVEL").as_bytes(), b"0");

/// Asks for values to be brought from memory, because they will be needed soon. A hint: nothing is read.
pub fn prefetch<T>(values: &[T]) {
    let bytes = size_of_val(values);
    let start = values.as_ptr().cast::<u8>();
    // The last byte too, because values need not begin at the start of a cache line.
    for byte in (0..bytes).step_by(64).chain(bytes.checked_sub(1)) {
        lanes::prefetch_far(start.wrapping_add(byte));
    }
}

/// The least work in its largest step for which a program uses more than one thread: some 10 µs. In
/// a program of small steps, the time that a second thread saves is lost again in waiting for it.
const WORTH_SHARING: usize = 1 << 19;

/// A processor: threads to run programs on.
///
/// ```
/// use neurona_core::compile::compile;
/// use neurona_core::graph::{Builder, Role};
/// use neurona_core::tensor::DType;
/// use neurona_cpu::{Arena, Cpu, State};
///
/// let builder = Builder::new();
/// let x = builder.input("x", Role::Batch, DType::F32, &[3]);
/// builder.output("y", x * x);
/// let program = compile(&builder.finish()?);
///
/// let (mut state, mut scratch) = (State::new(program.state_bytes), Arena::new(program.scratch_bytes));
/// let (x, y) = (program.input("x").unwrap(), program.output("y").unwrap());
/// scratch.floats_mut(x).copy_from_slice(&[1.0, 2.0, 3.0]);
/// Cpu::new(1).run(&program, &mut state, &mut scratch);
/// assert_eq!(scratch.floats(y), [1.0, 4.0, 9.0]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Debug)]
pub struct Cpu {
    pool: Pool,
    /// A pool without threads, for programs of small steps.
    alone: Pool,
    level: Level,
}

impl Cpu {
    /// A processor that uses this many threads (at least one) and the best instructions it has.
    pub fn new(threads: usize) -> Cpu {
        Cpu::with_level(threads, Level::chosen())
    }

    /// A processor that uses this many threads and the instructions of a level. All levels but the
    /// portable one give the same bits.
    ///
    /// # Panics
    /// If this processor does not have the level: see [`Level::available`].
    pub fn with_level(threads: usize, level: Level) -> Cpu {
        // Kernels rely on it.
        assert!(Level::available().any(|had| had == level), "this processor has no {level:?}");
        Cpu { pool: Pool::new(threads), alone: Pool::new(1), level }
    }

    /// Which instructions it uses.
    pub fn level(&self) -> Level {
        self.level
    }

    /// How many threads it uses.
    pub fn threads(&self) -> usize {
        self.pool.threads()
    }

    /// Runs the whole program, and accepts the state that it makes, whatever that is.
    pub fn run(&self, program: &Program, state: &mut State, scratch: &mut Arena) {
        self.run_steps(program, 0..program.steps.len(), state, scratch);
        state.commit(program);
    }

    /// Runs the whole program, which leaves the state as it is. Returns whether everything that
    /// must be finite is: then the state may [change](State::commit).
    #[must_use]
    pub fn compute(&self, program: &Program, state: &mut State, scratch: &mut Arena) -> bool {
        let passed = self.run_steps(program, 0..program.steps.len(), state, scratch);
        let (blocks, pool) = (Blocks::new(state, scratch), self.pool_for(program));
        let is_finite = |guard: &Slot| finite::all(self.level, blocks.read(*guard), pool);
        passed && program.guards.iter().all(is_finite)
    }

    /// Runs one step alone, to time it; it reads whatever is in memory.
    ///
    /// # Panics
    /// If the program has no step with that number.
    pub fn run_step(
        &self,
        program: &Program,
        index: usize,
        state: &mut State,
        scratch: &mut Arena,
    ) {
        self.run_steps(program, index..index + 1, state, scratch);
    }

    fn pool_for(&self, program: &Program) -> &Pool {
        if program.largest_step < WORTH_SHARING { &self.alone } else { &self.pool }
    }

    fn run_steps(
        &self,
        program: &Program,
        steps: Range<usize>,
        state: &mut State,
        scratch: &mut Arena,
    ) -> bool {
        state.prepare(program);
        let blocks = Blocks::new(state, scratch);
        let pool = self.pool_for(program);
        let mut finite = true;
        for step in &program.steps[steps] {
            finite &= self.run_kind(&step.kind, &blocks, pool);
        }
        finite
    }

    /// Returns whether the values that the step checks are finite.
    fn run_kind(&self, kind: &Kind, blocks: &Blocks<'_>, pool: &Pool) -> bool {
        let level = &self.level;
        match kind {
            Kind::Fused(fused) => return fused::run(*level, fused, blocks, pool),
            Kind::MatMul { m, k, n, a, b, out } => {
                let (a, b) = (blocks.matrix(*a), blocks.matrix(*b));
                product::run(*level, Sizes { m: *m, k: *k, n: *n }, a, b, blocks.write(*out), pool);
            }
            Kind::Reduce { reduction, x, out, kept, reduced } => {
                let (x, out) = (blocks.read(*x), blocks.write(*out));
                reduce::run(*level, *reduction, x, out, [kept, reduced], pool);
            }
            Kind::Op { op, out } => self.run_op(op, *out, blocks, pool),
            Kind::Copy { x, out } => {
                blocks.write_bytes(*out).copy_from_slice(blocks.read_bytes(*x));
            }
        }
        true
    }

    /// An operation on whole values.
    fn run_op(&self, op: &Op<Slot>, out: Slot, blocks: &Blocks<'_>, pool: &Pool) {
        match *op {
            Op::ArgMax(x, axis) => {
                let (size, stride) = (x.ty.shape.dims()[axis], x.ty.shape.strides()[axis]);
                let (x, out) = (blocks.read(x), blocks.write(out));
                rows::argmax(self.level, x, out, Axis { size, stride }, pool);
            }
            Op::Softmax(x) | Op::LogSoftmax(x) => {
                let (columns, log) = (x.ty.shape.last(), matches!(op, Op::LogSoftmax(_)));
                let (x, out) = (blocks.read(x), blocks.write(out));
                rows::softmax(self.level, x, out, columns, log, pool);
            }
            Op::Transpose(x) => {
                let (rows, columns) = (x.ty.shape.dims()[0], x.ty.shape.dims()[1]);
                match out.ty.dtype {
                    DType::U8 | DType::Bool => {
                        let out = blocks.write::<u8>(out);
                        rows::transpose(blocks.read(x), out, rows, columns, pool);
                    }
                    DType::F32 | DType::F64 | DType::I32 => {
                        let out = blocks.write::<u32>(out);
                        rows::transpose(blocks.read(x), out, rows, columns, pool);
                    }
                }
            }
            Op::Permute(..) | Op::Flip(..) | Op::Slice(..) | Op::Pad(..) => match out.ty.dtype {
                DType::U8 | DType::Bool => arrange::<u8>(op, out, blocks, pool),
                DType::F32 | DType::F64 | DType::I32 => arrange::<u32>(op, out, blocks, pool),
            },
            Op::Gather(x, numbers) => {
                let (from, numbers) = (blocks.read(x), blocks.read(numbers));
                arrange::gather([x, out], from, numbers, blocks.write(out), pool);
            }
            Op::ScatterAdd(numbers, x) => {
                let (from, numbers) = (blocks.read(x), blocks.read(numbers));
                arrange::scatter_add([x, out], from, numbers, blocks.write(out));
            }
            Op::Conv(x, kernel, window) => {
                let conv = Conv::new(x.ty.shape, out.ty.shape, window);
                let (x, kernel, out) = (blocks.read(x), blocks.read(kernel), blocks.write(out));
                conv.forward(self.level, x, kernel, out, pool);
            }
            Op::ConvInput(y, kernel, window) => {
                let conv = Conv::new(out.ty.shape, y.ty.shape, window);
                let (y, kernel, out) = (blocks.read(y), blocks.read(kernel), blocks.write(out));
                conv.input_gradient(self.level, y, kernel, out, pool);
            }
            Op::ConvKernel(x, y, window) => {
                let conv = Conv::new(x.ty.shape, y.ty.shape, window);
                let (x, y, out) = (blocks.read(x), blocks.read(y), blocks.write(out));
                conv.kernel_gradient(self.level, x, y, out, pool);
            }
            Op::PickMax(x, values, window) => {
                let pooling = Pooling::new(x.ty.shape, out.ty.shape, window);
                let (x, values, out) = (blocks.read(x), blocks.read(values), blocks.write(out));
                pooling.pick_max(self.level, x, values, out, pool);
            }
            Op::PutMax(x, y, window) => {
                let pooling = Pooling::new(x.ty.shape, y.ty.shape, window);
                let (x, y, out) = (blocks.read(x), blocks.read(y), blocks.write(out));
                pooling.put_max(self.level, x, y, out, pool);
            }
            Op::SumPool(x, window) => {
                let pooling = Pooling::new(x.ty.shape, out.ty.shape, window);
                pooling.sum(self.level, blocks.read(x), blocks.write(out), pool);
            }
            Op::SpreadPool(y, window) => {
                let pooling = Pooling::new(out.ty.shape, y.ty.shape, window);
                pooling.spread(self.level, blocks.read(y), blocks.write(out), pool);
            }
            Op::Input(_)
            | Op::Fill(_)
            | Op::Iota(_)
            | Op::Uniform(..)
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
}

/// An operation that moves elements of any type to other places.
fn arrange<T: Plain + Default + Send + Sync>(
    op: &Op<Slot>,
    out: Slot,
    blocks: &Blocks<'_>,
    pool: &Pool,
) {
    let to: &mut [T] = blocks.write(out);
    match *op {
        Op::Permute(x, order) => arrange::permute([x, out], blocks.read(x), to, order, pool),
        Op::Slice(x, span) => arrange::slice([x, out], blocks.read(x), to, span, pool),
        Op::Pad(x, span) => arrange::pad([x, out], blocks.read(x), to, span, pool),
        Op::Flip(x, axis) => arrange::flip(x, blocks.read(x), to, axis, pool),
        _ => unreachable!("{} computes", op.name()),
    }
}
