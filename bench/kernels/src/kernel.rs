//! A small compiled program with its memory, filled with numbers.

use crate::{Product, Turn};
use neurona_core::compile::{Kind, Program, Space, compile};
use neurona_core::graph::{Builder, Graph, Role};
use neurona_core::tensor::DType;
use neurona_core::tensor::random::Source;
use neurona_cpu::{Arena, Cpu, State};

/// A compiled program and its memory.
#[derive(Debug)]
pub struct Kernel {
    program: Program,
    state: State,
    scratch: Arena,
}

impl Kernel {
    /// The program of a graph, with its inputs drawn from a normal distribution (bytes and integers: 0).
    pub fn of(graph: &Graph) -> Kernel {
        let program = compile(graph);
        let mut state = State::new(program.state_bytes);
        let mut scratch = Arena::new(program.scratch_bytes);
        for (number, (_, slot)) in program.inputs.iter().enumerate() {
            let arena = match slot.space {
                Space::State | Space::Next => state.now_mut(),
                Space::Scratch => &mut scratch,
            };
            if slot.ty.dtype == DType::F32 {
                arena.floats_mut(*slot).copy_from_slice(&numbers(number as u32, slot.elems()));
            }
        }
        Kernel { program, state, scratch }
    }

    /// A graph built by hand.
    ///
    /// # Panics
    /// If the graph is wrong.
    pub fn built(build: impl for<'g> FnOnce(&'g Builder)) -> Kernel {
        let builder = Builder::new();
        build(&builder);
        Kernel::of(&builder.finish().expect("the benches build right graphs"))
    }

    /// A matrix product, with its operands where a training step has them: weights in the state.
    pub fn product(product: Product) -> Kernel {
        let Product { turn, m, k, n, .. } = product;
        Kernel::built(|builder| {
            let batch =
                |name, dims: [usize; 2]| builder.input(name, Role::Batch, DType::F32, &dims);
            let weight = |dims: [usize; 2]| builder.input("w", Role::State, DType::F32, &dims);
            let out = match turn {
                Turn::Forward => batch("x", [m, k]).matmul(weight([k, n])),
                Turn::Weights => batch("x", [k, m]).transpose().matmul(batch("dy", [k, n])),
                Turn::Inputs => batch("dy", [m, k]).matmul(weight([n, k]).transpose()),
            };
            builder.output("out", out);
        })
    }

    /// Runs the whole program.
    pub fn run(&mut self, cpu: &Cpu) {
        cpu.run(&self.program, &mut self.state, &mut self.scratch);
    }

    /// Runs only the steps that make the next state; they read whatever is in memory.
    pub fn update(&mut self, cpu: &Cpu) {
        for (index, step) in self.program.steps.iter().enumerate() {
            if let Kind::Fused(fused) = &step.kind
                && fused.kept().any(|slot| slot.space == Space::Next)
            {
                cpu.run_step(&self.program, index, &mut self.state, &mut self.scratch);
            }
        }
    }
}

/// Normally distributed numbers; `stream` distinguishes one array from another.
pub(crate) fn numbers(stream: u32, count: usize) -> Vec<f32> {
    let source = Source { seed: 7, stream, step: 0 };
    (0..count as u64).map(|i| source.normal(i) as f32).collect()
}
