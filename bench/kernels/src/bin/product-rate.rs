//! How fast matrix products can be here: the best rate of `gemm`, and an epoch's products at that rate.
//!
//! `product-rate [WORKLOAD]` prints one line of JSON. `epoch_s` is the time that the products of an
//! epoch alone would take if all of them ran at the best rate seen: over the workload's own shapes
//! and three squares.

use neurona_kernels::{NETWORKS, Product, Reference, Turn};
use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

/// How long each shape is tried.
const TRIED: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_else(|| "mlp".to_owned());
    let Some(network) = NETWORKS.into_iter().find(|network| network.workload == name) else {
        let names = NETWORKS.map(|network| network.workload).join(", ");
        _ = writeln!(io::stderr(), "no workload {name}: use one of {names}");
        return ExitCode::FAILURE;
    };
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let square = |n| Product { workload: "square", turn: Turn::Forward, m: n, k: n, n };
    let shapes = network.products().into_iter().chain([256, 512, 1024].map(square));
    let best = shapes.map(|product| rate(product, threads)).fold(0.0, f64::max);
    let line = format!(
        "{{\"peer\": \"gemm\", \"workload\": \"{name}\", \"threads\": {threads}, \
         \"gflops\": {:.1}, \"epoch_s\": {:.4}}}",
        best / 1e9,
        network.flops() as f64 / best,
    );
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Additions and multiplications per second, in the best of many runs.
fn rate(product: Product, threads: usize) -> f64 {
    let mut reference = Reference::new(product);
    let start = Instant::now();
    let mut best = Duration::MAX;
    while start.elapsed() < TRIED {
        let begun = Instant::now();
        reference.run(threads);
        best = best.min(begun.elapsed());
    }
    product.flops() as f64 / best.as_secs_f64()
}
