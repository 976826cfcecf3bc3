use neurona_core::nn::layers::Dense;
use neurona_core::nn::{Adam, MeanSquaredError, Network, Objective, OutputObjective, StepGraph, Targets, train_graph};
use neurona_core::tensor::{DType, Shape};
use std::sync::Arc;
use std::time::Instant;
use std::hash::{Hash, Hasher};
fn main() {
    for n in [25usize, 50, 100, 200, 400] {
        let mut network = Network::default();
        for _ in 0..n { network.push(Box::new(Dense::new(32))); }
        let sample = Shape::new(&[32]).expect("a shape");
        let mut best = (f64::MAX, f64::MAX);
        let mut nodes = 0; let mut h = 0;
        for _ in 0..3 {
            let spec = StepGraph { network: &network, inputs: &[(sample, DType::F32)], batch: 32 };
            let output = OutputObjective { loss: Arc::new(MeanSquaredError), weight: 1.0, metrics: Vec::new(), targets: Targets::Numbers };
            let objective = Objective { outputs: &[output], weighted: false };
            let t = Instant::now();
            let graph = train_graph(spec, objective, &Adam::new(0.001)).expect("a graph");
            let a = t.elapsed().as_secs_f64();
            let t = Instant::now();
            let program = neurona_core::compile::compile(&graph);
            let b = t.elapsed().as_secs_f64();
            nodes = graph.nodes.len();
            best = (best.0.min(a), best.1.min(b));
            let mut s = std::collections::hash_map::DefaultHasher::new();
            format!("{program:?}").hash(&mut s);
            h = s.finish();
        }
        println!("{n} dense, {nodes} nodes: graph {:.1} ms, compile {:.1} ms  {h:x}", best.0*1e3, best.1*1e3);
    }
}
