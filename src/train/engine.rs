//! A built model's memory and programs.

use crate::cpu::{Arena, Cpu};
use crate::nn::{
    Loss, Metric, Network, Optimizer, StepGraph, Targets, Weight, predict_graph, stream,
    test_graph, train_graph,
};
use crate::tensor::random::Source;
use crate::tensor::{DType, Shape};
use neurona_core::compile::{Program, Slot, compile};
use neurona_core::error::{Code, Error, Result};
use neurona_core::graph::Graph;
use std::collections::HashMap;
use std::sync::Arc;

neurona_core::messages! {
    fn compile_first() {
        en: "the model is not compiled",
        es: "el modelo no está compilado",
    }

    fn how_to_compile() {
        en: "call model.compile(optimizer, loss, metrics) before fit or evaluate",
        es: "llame a model.compile(optimizador, pérdida, métricas) antes de fit o evaluate",
    }
}

/// The error of a model that is used before `compile`.
pub(super) fn not_compiled() -> Error {
    Error::new(Code::E014, compile_first()).fix(how_to_compile())
}

/// What `compile` was given.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) loss: Box<dyn Loss>,
    pub(super) optimizer: Box<dyn Optimizer>,
    pub(super) metrics: Vec<Metric>,
}

/// How a program uses the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    Predict,
    Test(Targets),
    Train(Targets),
}

/// A program with the places of what the trainer reads and writes.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) program: Program,
    pub(super) x: Slot,
    pub(super) y: Option<Slot>,
    pub(super) key: Option<Slot>,
    pub(super) learning_rate: Option<Slot>,
    pub(super) iteration: Option<Slot>,
    pub(super) prediction: Option<Slot>,
    pub(super) loss: Option<Slot>,
    /// The parts of each metric.
    pub(super) metrics: Vec<Slot>,
}

impl Ready {
    /// `None` if the graph had no `x`, which every graph of a model has.
    fn new(program: Program) -> Option<Ready> {
        let metrics = program.outputs.iter().filter(|(name, _)| name.starts_with("metric "));
        Some(Ready {
            x: program.input("x")?,
            y: program.input("y"),
            key: program.input("key"),
            learning_rate: program.input("learning_rate"),
            iteration: program.input("iteration"),
            prediction: program.output("prediction"),
            loss: program.output("loss"),
            metrics: metrics.map(|(_, slot)| *slot).collect(),
            program,
        })
    }
}

/// The weights, the optimizer's memories, and the programs that use them.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) sample: Shape,
    /// The shape of the output for one sample.
    pub(super) output: Shape,
    pub(super) weights: Vec<Weight>,
    /// Where each weight lies in `state`.
    pub(super) slots: Vec<Slot>,
    pub(super) state: Arena,
    pub(super) scratch: Arena,
    /// Training steps since `compile`.
    pub(super) iterations: u64,
    /// Epochs trained in all: each has an order of its own.
    pub(super) epochs: u64,
    programs: HashMap<(Use, DType, usize), Arc<Ready>>,
}

impl Engine {
    /// A model for samples of this shape, with fresh weights. Errors: what the layers find wrong.
    pub(super) fn new(network: &Network, sample: Shape, seed: u64) -> Result<Engine> {
        let (shapes, weights) = network.build(sample.dims())?;
        let spec = StepGraph { network, sample, dtype: DType::F32, batch: 1 };
        let program = compile(&predict_graph(spec)?);
        let slots: Vec<Slot> = weights.iter().filter_map(|w| program.input(&w.name)).collect();
        let mut state = Arena::new(program.state_bytes);
        for (i, (weight, slot)) in weights.iter().zip(&slots).enumerate() {
            let source = Source { seed, stream: stream::WEIGHTS + i as u32, step: 0 };
            let values = weight.initializer.values(weight.shape, source);
            write(&mut state, *slot, weight.shape, &values);
        }
        Ok(Engine {
            sample,
            output: Shape::new(shapes.last().map_or(&[], Vec::as_slice))?,
            weights,
            slots,
            state,
            scratch: Arena::new(0),
            iterations: 0,
            epochs: 0,
            programs: HashMap::new(),
        })
    }

    /// Forgets what the optimizer remembers, and the programs of the loss and metrics before.
    pub(super) fn recompiled(&mut self) {
        let weights = self.slots.iter().map(|slot| slot.offset + slot.bytes()).max().unwrap_or(0);
        let mut state = Arena::new(weights);
        for slot in &self.slots {
            state.floats_mut(*slot).copy_from_slice(self.state.floats(*slot));
        }
        self.state = state;
        self.iterations = 0;
        self.programs.clear();
    }

    /// The program for a use, made at its first call and kept.
    pub(super) fn ready(
        &mut self,
        network: &Network,
        compiled: Option<&Compiled>,
        usage: Use,
        dtype: DType,
        batch: usize,
    ) -> Result<Arc<Ready>> {
        if let Some(ready) = self.programs.get(&(usage, dtype, batch)) {
            return Ok(Arc::clone(ready));
        }
        let graph = self.graph(network, compiled, usage, dtype, batch)?;
        let program = compile(&graph);
        self.state.grow(program.state_bytes);
        self.scratch.grow(program.scratch_bytes);
        let ready = Arc::new(Ready::new(program).ok_or_else(not_compiled)?);
        self.programs.insert((usage, dtype, batch), Arc::clone(&ready));
        Ok(ready)
    }

    /// The graph of a use.
    pub(super) fn graph(
        &self,
        network: &Network,
        compiled: Option<&Compiled>,
        usage: Use,
        dtype: DType,
        batch: usize,
    ) -> Result<Graph> {
        let spec = StepGraph { network, sample: self.sample, dtype, batch };
        match (usage, compiled) {
            (Use::Predict, _) => predict_graph(spec),
            (_, None) => Err(not_compiled()),
            (Use::Test(targets), Some(c)) => test_graph(spec, targets, &*c.loss, &c.metrics),
            (Use::Train(targets), Some(c)) => {
                train_graph(spec, targets, &*c.loss, &c.metrics, &*c.optimizer)
            }
        }
    }

    /// The weights and the optimizer's memories as they are, to come back to.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot { state: self.state.clone(), iterations: self.iterations }
    }

    /// Comes back to a snapshot.
    pub(super) fn restore(&mut self, snapshot: &Snapshot) {
        self.state.clone_from(&snapshot.state);
        self.iterations = snapshot.iterations;
    }

    /// A value of the state, of this shape, in row-major order.
    pub(super) fn read(&self, slot: Slot, shape: Shape) -> Vec<f32> {
        let stored = self.state.floats(slot);
        if slot.ty.shape == shape { stored.to_vec() } else { transposed(stored, slot.ty.shape) }
    }

    /// Sets a value of the state, of this shape, in row-major order.
    pub(super) fn write(&mut self, slot: Slot, shape: Shape, values: &[f32]) {
        write(&mut self.state, slot, shape, values);
    }

    /// Runs a program that leaves the state as it is.
    pub(super) fn run(&mut self, cpu: &Cpu, ready: &Ready) {
        cpu.run(&ready.program, &mut self.state, &mut self.scratch);
    }

    /// Computes a training step. Whether loss and gradients are finite.
    pub(super) fn compute(&mut self, cpu: &Cpu, ready: &Ready) -> bool {
        cpu.compute(&ready.program, &mut self.state, &mut self.scratch)
    }

    /// Lets a computed training step change the state.
    pub(super) fn commit(&mut self, cpu: &Cpu, ready: &Ready) {
        cpu.commit(&ready.program, &mut self.state, &mut self.scratch);
    }
}

fn write(state: &mut Arena, slot: Slot, shape: Shape, values: &[f32]) {
    let stored = state.floats_mut(slot);
    if slot.ty.shape == shape {
        stored.copy_from_slice(values);
    } else {
        stored.copy_from_slice(&transposed(values, shape));
    }
}

/// The rows of a matrix as columns: how some weights lie in memory (`compile::is_stored_transposed`).
fn transposed(values: &[f32], shape: Shape) -> Vec<f32> {
    let columns = shape.dims()[1];
    (0..columns).flat_map(|column| values.iter().skip(column).step_by(columns).copied()).collect()
}

/// What training changes, at some moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    state: Arena,
    iterations: u64,
}
