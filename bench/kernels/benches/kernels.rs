//! Single kernels, each as a small compiled program, on one and two threads; products beside
//! `gemm`'s.
//!
//! `cargo bench -p neurona-kernels [-- FILTER]`. An item is an addition or a multiplication in
//! products, and an element elsewhere.

use divan::Bencher;
use divan::counter::ItemsCount;
use neurona_core::compile::compile;
use neurona_core::graph::{Graph, Role, Span};
use neurona_core::nn::layers::{Dense, Dropout};
use neurona_core::nn::{
    Adam, MeanSquaredError, Network, Objective, OutputObjective, StepGraph, Targets, train_graph,
};
use neurona_core::tensor::{Axes, DType, Shape};
use neurona_cpu::Cpu;
use neurona_kernels::{Kernel, NETWORKS, Product, Reference};
use std::sync::Arc;

fn main() {
    divan::main();
}

fn products() -> Vec<Product> {
    NETWORKS.into_iter().flat_map(neurona_kernels::Network::products).collect()
}

#[divan::bench(args = products(), consts = [1, 2])]
fn product_neurona<const THREADS: usize>(bencher: Bencher<'_, '_>, product: &Product) {
    let (mut kernel, cpu) = (Kernel::product(*product), Cpu::new(THREADS));
    bencher.counter(ItemsCount::new(product.flops())).bench_local(|| kernel.run(&cpu));
}

#[divan::bench(args = products(), consts = [1, 2])]
fn product_gemm<const THREADS: usize>(bencher: Bencher<'_, '_>, product: &Product) {
    let mut reference = Reference::new(*product);
    bencher.counter(ItemsCount::new(product.flops())).bench_local(|| reference.run(THREADS));
}

#[divan::bench(args = [[32, 10], [128, 10], [128, 1000]], consts = [1, 2])]
fn softmax<const THREADS: usize>(bencher: Bencher<'_, '_>, dims: [usize; 2]) {
    let mut kernel = Kernel::built(|builder| {
        let x = builder.input("x", Role::Batch, DType::F32, &dims);
        builder.output("y", x.softmax());
    });
    let cpu = Cpu::new(THREADS);
    bencher.counter(ItemsCount::new(dims[0] * dims[1])).bench_local(|| kernel.run(&cpu));
}

/// Operations that compute little and move a lot of data: an item is an element read.
#[derive(Clone, Copy, Debug)]
enum Moving {
    /// The mean over the middle dimensions, as global average pooling computes it.
    SumMiddle,
    MaxMiddle,
    SumRows,
    MaxRows,
    SumFirstAndLast,
    ArgMax,
    Transpose,
    Pad,
    Flip,
}

const MOVING: [Moving; 9] = [
    Moving::SumMiddle,
    Moving::MaxMiddle,
    Moving::SumRows,
    Moving::MaxRows,
    Moving::SumFirstAndLast,
    Moving::ArgMax,
    Moving::Transpose,
    Moving::Pad,
    Moving::Flip,
];

#[divan::bench(args = MOVING, consts = [1, 2])]
fn moving<const THREADS: usize>(bencher: Bencher<'_, '_>, what: Moving) {
    const DIMS: [usize; 4] = [128, 7, 7, 512];
    let mut kernel = Kernel::built(|builder| {
        let x = builder.input("x", Role::Batch, DType::F32, &DIMS);
        let rows = || x.reshape(&[128 * 49, 512]);
        match what {
            Moving::SumMiddle => builder.output("y", x.sum(Axes::new(&[1, 2]))),
            Moving::MaxMiddle => builder.output("y", x.max_over(Axes::new(&[1, 2]))),
            Moving::SumRows => builder.output("y", x.sum(Axes::new(&[3]))),
            Moving::MaxRows => builder.output("y", x.max_over(Axes::new(&[3]))),
            Moving::SumFirstAndLast => builder.output("y", x.sum(Axes::new(&[0, 3]))),
            Moving::ArgMax => builder.output("y", x.argmax(3)),
            Moving::Transpose => builder.output("y", rows().transpose()),
            Moving::Pad => builder.output("y", x.pad(Span { axis: 2, start: 1, step: 1 }, 9)),
            Moving::Flip => builder.output("y", x.flip(2)),
        }
    });
    let cpu = Cpu::new(THREADS);
    bencher
        .counter(ItemsCount::new(DIMS.iter().product::<usize>()))
        .bench_local(|| kernel.run(&cpu));
}

/// Compiling the training step of a stack of dense layers: an item is a node of its graph.
#[divan::bench(args = [25, 50, 100, 200, 280])]
fn compiling(bencher: Bencher<'_, '_>, layers: usize) {
    let mut network = Network::default();
    (0..layers).for_each(|_| network.push(Box::new(Dense::new(32))));
    let graph = training_step(&network, 32);
    bencher.counter(ItemsCount::new(graph.nodes.len())).bench_local(|| compile(&graph));
}

/// The graph of a training step with Adam on one sample of `inputs` numbers.
fn training_step(network: &Network, inputs: usize) -> Graph {
    let sample = Shape::new(&[inputs]).expect("a shape");
    let spec = StepGraph { network, inputs: &[(sample, DType::F32)], batch: 1 };
    let loss = Arc::new(MeanSquaredError);
    let targets = Targets::Numbers;
    let output = OutputObjective { loss, weight: 1.0, metrics: Vec::new(), targets };
    let objective = Objective { outputs: &[output], weighted: false };
    train_graph(spec, objective, &Adam::new(0.001)).expect("a graph")
}

/// The update of a dense layer's kernel and bias: the part of a training step that makes the next state.
#[divan::bench(args = [[784, 512], [64, 64]], consts = [1, 2])]
fn adam<const THREADS: usize>(bencher: Bencher<'_, '_>, [inputs, units]: [usize; 2]) {
    let mut network = Network::default();
    network.push(Box::new(Dense::new(units)));
    let (mut kernel, cpu) = (Kernel::of(&training_step(&network, inputs)), Cpu::new(THREADS));
    kernel.run(&cpu);
    bencher.counter(ItemsCount::new((inputs + 1) * units)).bench_local(|| kernel.update(&cpu));
}

/// A layer that drops a fifth, random numbers included.
#[divan::bench(args = [[128, 512]], consts = [1, 2])]
fn dropout<const THREADS: usize>(bencher: Bencher<'_, '_>, dims: [usize; 2]) {
    let mut network = Network::default();
    network.push(Box::new(Dropout::new(0.2)));
    let mut kernel = Kernel::built(|builder| {
        let key = builder.input("key", Role::Batch, DType::I32, &[4]);
        let x = builder.input("x", Role::Batch, DType::F32, &dims);
        let trace = network.trace(builder, &[x], Some(key));
        trace.outputs.iter().for_each(|y| builder.output("y", *y));
    });
    let cpu = Cpu::new(THREADS);
    bencher.counter(ItemsCount::new(dims[0] * dims[1])).bench_local(|| kernel.run(&cpu));
}
