//! Single kernels, each as a small compiled program, on one and two threads; products beside
//! `gemm`'s.
//!
//! `cargo bench -p neurona-kernels [-- FILTER]`. An item is an addition or a multiplication in
//! products, and an element elsewhere.

use divan::Bencher;
use divan::counter::ItemsCount;
use neurona_core::graph::Role;
use neurona_core::nn::layers::{Dense, Dropout};
use neurona_core::nn::{
    Adam, MeanSquaredError, Network, Objective, OutputObjective, StepGraph, Targets, train_graph,
};
use neurona_core::tensor::{DType, Shape};
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

/// The update of a dense layer's kernel and bias: the part of a training step that makes the next state.
#[divan::bench(args = [[784, 512], [64, 64]], consts = [1, 2])]
fn adam<const THREADS: usize>(bencher: Bencher<'_, '_>, [inputs, units]: [usize; 2]) {
    let mut network = Network::default();
    network.push(Box::new(Dense::new(units)));
    let sample = Shape::new(&[inputs]).expect("a shape");
    let spec = StepGraph { network: &network, inputs: &[(sample, DType::F32)], batch: 1 };
    let loss = Arc::new(MeanSquaredError);
    let targets = Targets::Numbers;
    let output = OutputObjective { loss, weight: 1.0, metrics: Vec::new(), targets };
    let objective = Objective { outputs: &[output], weighted: false };
    let graph = train_graph(spec, objective, &Adam::new(0.001));
    let (mut kernel, cpu) = (Kernel::of(&graph.expect("a graph")), Cpu::new(THREADS));
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
