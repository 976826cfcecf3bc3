//! A built model's memory and programs.

use super::files::LossScale;
use super::plan::check_names;
use crate::cpu::{Arena, Cpu, State};
use crate::nn::{
    Built, Ids, Metric, Network, Objective, Optimizer, OutputObjective, StepGraph, Targets, Weight,
    WeightedLoss, average_name, explain_graph, layer_graph, predict_graph, stream, test_graph,
    train_graph,
};
use crate::tensor::random::Source;
use crate::tensor::{DType, Shape};
use neurona_core::compile::{Program, Slot, compile};
use neurona_core::error::{Code, Error, Result};
use neurona_core::graph::Graph;
use std::sync::Arc;

/// The error of a model that is used before `compile`.
pub(super) fn not_compiled() -> Error {
    Error::new(Code::E014, compile_first()).fix(how_to_compile())
}

/// The arguments of `compile`.
#[derive(Debug)]
pub(super) struct Compiled {
    /// A loss for each output.
    pub(super) losses: Vec<WeightedLoss>,
    pub(super) optimizer: Box<dyn Optimizer>,
    /// The metrics of each output.
    pub(super) metrics: Vec<Vec<Metric>>,
    /// What Keras keeps around the optimizer, if a file says that it is wrapped.
    pub(super) loss_scale: Option<LossScale>,
}

impl Compiled {
    /// The objective, for targets that come like this.
    fn objective(&self, targets: &[Targets]) -> Vec<OutputObjective> {
        let outputs = self.losses.iter().zip(&self.metrics).zip(targets);
        let output = |((loss, metrics), targets): ((&WeightedLoss, &Vec<Metric>), &Targets)| {
            let (loss, weight) = (Arc::clone(&loss.loss), loss.weight);
            OutputObjective { loss, weight, metrics: metrics.clone(), targets: *targets }
        };
        outputs.map(output).collect()
    }
}

/// How a program uses the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Predict,
    /// A layer's outputs.
    Layer(String),
    Test(Form),
    Train(Form),
}

/// How the targets of all outputs come, and whether samples have weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) targets: Vec<Targets>,
    pub(super) weighted: bool,
}

/// A program with the places that the trainer reads and writes.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) program: Program,
    pub(super) x: Vec<Slot>,
    pub(super) y: Vec<Slot>,
    /// The samples' weights, once for each output.
    pub(super) weights: Vec<Slot>,
    pub(super) key: Option<Slot>,
    pub(super) learning_rate: Option<Slot>,
    pub(super) iteration: Option<Slot>,
    pub(super) predictions: Vec<Slot>,
    /// The loss, and the loss of each output if there are several.
    pub(super) losses: Vec<Slot>,
    /// The parts of each metric, output by output.
    pub(super) metrics: Vec<Slot>,
    /// The names of the numbers that these become.
    pub(super) names: Vec<String>,
}

impl Ready {
    pub(super) fn new(program: Program, names: Vec<String>) -> Ready {
        // `x`, or `x 0`, `x 1`, …
        let all = |slots: &[(String, Slot)], name: &str| {
            let numbered =
                |other: &str| other.strip_prefix(name).is_some_and(|n| n.starts_with(' '));
            let wanted = slots.iter().filter(|(other, _)| other == name || numbered(other));
            wanted.map(|(_, slot)| *slot).collect::<Vec<Slot>>()
        };
        let [losses, metrics] = ["loss", "metric"].map(|name| all(&program.outputs, name));
        // The loss of the model is asked for last, and reported first.
        let losses = losses.iter().rev().take(1).chain(losses.iter().rev().skip(1).rev());
        Ready {
            x: all(&program.inputs, "x"),
            y: all(&program.inputs, "y"),
            weights: all(&program.inputs, "weights"),
            key: program.input("key"),
            learning_rate: program.input("learning_rate"),
            iteration: program.input("iteration"),
            predictions: all(&program.outputs, "prediction"),
            losses: losses.copied().collect(),
            metrics,
            program,
            names,
        }
    }
}

/// A program that is kept, and what it was made for.
#[derive(Debug)]
pub(super) struct Kept {
    usage: Use,
    dtypes: Vec<DType>,
    batch: usize,
    ready: Arc<Ready>,
}

/// The weights, the optimizer's memories, and the programs that use them.
#[derive(Debug)]
pub(super) struct Engine {
    /// The shape of one sample of each input.
    pub(super) samples: Vec<Shape>,
    /// The shape of each output for one sample.
    pub(super) outputs: Vec<Shape>,
    pub(super) weights: Vec<Weight>,
    /// Inputs whose numbers name rows of a table.
    pub(super) ids: Vec<Ids<usize>>,
    /// Where each weight lies in `state`.
    pub(super) slots: Vec<Slot>,
    pub(super) state: State,
    pub(super) scratch: Arena,
    /// Training steps since `compile`.
    pub(super) iterations: u64,
    /// Epochs trained in all: each has an order of its own.
    pub(super) epochs: u64,
    /// The learning rate that a callback has set.
    pub(super) learning_rate: Option<f64>,
    /// The rate that a callback tried to set although a schedule sets it or it is not a valid rate.
    pub(super) rate_refused: Option<f64>,
    /// The programs, from the least to the most recently used.
    pub(super) programs: Vec<Kept>,
}

/// How many programs are kept: training needs four (whole batches and the last, smaller one, for
/// its data and its validation data); predicting batches of many sizes needs a few more.
const PROGRAMS: usize = 16;

impl Engine {
    /// A model for samples of these shapes, with fresh weights. Errors: anything that the layers
    /// find wrong.
    pub(super) fn new(network: &Network, samples: Vec<Shape>, seed: u64) -> Result<Engine> {
        let dims: Vec<Vec<usize>> = samples.iter().map(|s| s.dims().to_vec()).collect();
        let Built { outputs, weights, ids, .. } = network.build(&dims)?;
        let inputs: Vec<(Shape, DType)> = samples.iter().map(|s| (*s, DType::F32)).collect();
        let spec = StepGraph { network, inputs: &inputs, batch: 1 };
        let program = compile(&predict_graph(spec)?);
        let slots: Vec<Slot> = weights.iter().filter_map(|w| program.input(&w.name)).collect();
        let mut state = State::new(program.state_bytes);
        let now = state.now_mut();
        for (i, (weight, slot)) in weights.iter().zip(&slots).enumerate() {
            let source = Source { seed, stream: stream::WEIGHTS + i as u32, step: 0 };
            let initializer = weight.settings.initializer;
            match &weight.given {
                Some(values) => write(now, *slot, weight.shape, values),
                None => {
                    let values = initializer.values(weight.shape, source);
                    write(now, *slot, weight.shape, &values);
                }
            }
        }
        Ok(Engine {
            samples,
            outputs,
            weights,
            ids,
            slots,
            state,
            scratch: Arena::new(0),
            iterations: 0,
            epochs: 0,
            learning_rate: None,
            rate_refused: None,
            programs: Vec::new(),
        })
    }

    /// Forgets what the optimizer remembers, and the programs for the previous loss and metrics.
    pub(super) fn recompiled(&mut self) {
        let weights = self.slots.iter().map(|slot| slot.offset + slot.bytes()).max().unwrap_or(0);
        let mut state = State::new(weights);
        for slot in &self.slots {
            state.now_mut().floats_mut(*slot).copy_from_slice(self.state.now().floats(*slot));
        }
        self.state = state;
        self.iterations = 0;
        self.learning_rate = None;
        self.programs.clear();
    }

    /// Forgets the programs for the previous loss and metrics; the optimizer continues.
    pub(super) fn forget_programs(&mut self) {
        self.programs.clear();
    }

    /// The learning rate of the step to come.
    pub(super) fn rate(&self, compiled: &Compiled) -> f64 {
        let scheduled = || compiled.optimizer.learning_rate().at(self.iterations);
        self.learning_rate.unwrap_or_else(scheduled)
    }

    /// The program for a use, made at the first call and kept until [others](PROGRAMS) push it out.
    pub(super) fn ready(
        &mut self,
        network: &Network,
        compiled: Option<&Compiled>,
        usage: &Use,
        dtypes: &[DType],
        batch: usize,
    ) -> Result<Arc<Ready>> {
        let same =
            |kept: &Kept| kept.batch == batch && kept.usage == *usage && kept.dtypes == dtypes;
        if let Some(place) = self.programs.iter().position(same) {
            // The most recently used program comes last.
            self.programs[place..].rotate_left(1);
            return Ok(Arc::clone(&self.programs[self.programs.len() - 1].ready));
        }
        let (graph, names) = self.graph(network, compiled, usage, dtypes, batch)?;
        let program = compile(&graph);
        // New memories of the optimizer: they were zero, and some start at another number.
        let new = self.state.now().bytes().len();
        let state = self.state.now_mut();
        state.grow(program.state_bytes);
        for (slot, number) in program.initial.iter().filter(|(slot, _)| slot.offset >= new) {
            state.floats_mut(*slot).fill(*number);
        }
        self.scratch.grow(program.scratch_bytes);
        let ready = Arc::new(Ready::new(program, names));
        let (usage, dtypes) = (usage.clone(), dtypes.to_vec());
        if self.programs.len() == PROGRAMS {
            self.programs.remove(0);
        }
        self.programs.push(Kept { usage, dtypes, batch, ready: Arc::clone(&ready) });
        Ok(ready)
    }

    /// The graph for a use, and the names of what it reports.
    pub(super) fn graph(
        &self,
        network: &Network,
        compiled: Option<&Compiled>,
        usage: &Use,
        dtypes: &[DType],
        batch: usize,
    ) -> Result<(Graph, Vec<String>)> {
        let inputs: Vec<(Shape, DType)> =
            self.samples.iter().copied().zip(dtypes.iter().copied()).collect();
        let spec = StepGraph { network, inputs: &inputs, batch };
        let (Use::Test(form) | Use::Train(form)) = usage else {
            let graph = match usage {
                Use::Layer(layer) => layer_graph(spec, layer)?,
                _ => predict_graph(spec)?,
            };
            return Ok((graph, Vec::new()));
        };
        let compiled = compiled.ok_or_else(not_compiled)?;
        let outputs = compiled.objective(&form.targets);
        let objective = Objective { outputs: &outputs, weighted: form.weighted };
        let names = objective.log_names(&network.output_names());
        check_names(&names, &network.output_names())?;
        let graph = match usage {
            Use::Train(_) => train_graph(spec, objective, &*compiled.optimizer)?,
            _ => test_graph(spec, objective)?,
        };
        Ok((graph, names))
    }

    /// The graph that looks into a batch.
    pub(super) fn explanation(
        &self,
        network: &Network,
        compiled: &Compiled,
        targets: &[Targets],
        dtypes: &[DType],
        batch: usize,
    ) -> Result<Graph> {
        let inputs: Vec<(Shape, DType)> =
            self.samples.iter().copied().zip(dtypes.iter().copied()).collect();
        let outputs = compiled.objective(targets);
        let objective = Objective { outputs: &outputs, weighted: false };
        explain_graph(
            StepGraph { network, inputs: &inputs, batch },
            objective,
            &*compiled.optimizer,
        )
    }

    /// The weights and the optimizer's memories as they are, to return to.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot { state: self.state.now().clone(), iterations: self.iterations }
    }

    /// Returns to a snapshot.
    pub(super) fn restore(&mut self, snapshot: &Snapshot) {
        self.state.now_mut().clone_from(&snapshot.state);
        self.iterations = snapshot.iterations;
    }

    /// Sets each weight to its moving average, if the optimizer keeps one and has taken a step.
    pub(super) fn take_averages(&mut self, optimizer: &dyn Optimizer, ready: &Ready) {
        if self.iterations == 0 {
            return;
        }
        for (weight, slot) in self.weights.iter().zip(&self.slots) {
            if let Some(average) = ready.program.input(&average_name(optimizer, &weight.name)) {
                let values = self.state.now().floats(average).to_vec();
                self.state.now_mut().floats_mut(*slot).copy_from_slice(&values);
            }
        }
    }

    /// A value of the state, of this shape, in row-major order.
    pub(super) fn read(&self, slot: Slot, shape: Shape) -> Vec<f32> {
        let stored = self.state.now().floats(slot);
        if in_order(slot, shape) { stored.to_vec() } else { transposed(stored, slot.ty.shape) }
    }

    /// Sets a value of the state, of this shape, in row-major order.
    pub(super) fn write(&mut self, slot: Slot, shape: Shape, values: &[f32]) {
        write(self.state.now_mut(), slot, shape, values);
    }

    /// Runs a program that leaves the state as it is.
    pub(super) fn run(&mut self, cpu: &Cpu, ready: &Ready) {
        cpu.run(&ready.program, &mut self.state, &mut self.scratch);
    }

    /// Computes a training step. Returns whether the loss, the gradients and the next state are
    /// finite.
    pub(super) fn compute(&mut self, cpu: &Cpu, ready: &Ready) -> bool {
        cpu.compute(&ready.program, &mut self.state, &mut self.scratch)
    }

    /// Lets a computed training step change the state.
    pub(super) fn commit(&mut self, ready: &Ready) {
        self.state.commit(&ready.program);
    }
}

fn write(state: &mut Arena, slot: Slot, shape: Shape, values: &[f32]) {
    let stored = state.floats_mut(slot);
    if in_order(slot, shape) {
        stored.copy_from_slice(values);
    } else {
        stored.copy_from_slice(&transposed(values, shape));
    }
}

/// Whether a value of this shape lies in its slot in row-major order. (Dimensions of size 1 may be left out.)
fn in_order(slot: Slot, shape: Shape) -> bool {
    slot.ty.shape == shape || slot.ty.shape.rank() != shape.rank()
}

/// The rows of a matrix as columns: how some weights lie in memory (`compile::is_stored_transposed`).
fn transposed(values: &[f32], shape: Shape) -> Vec<f32> {
    let columns = shape.dims()[1];
    (0..columns).flat_map(|column| values.iter().skip(column).step_by(columns).copied()).collect()
}

/// Everything that training changes, at some moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    state: Arena,
    iterations: u64,
}

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
