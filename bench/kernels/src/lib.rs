//! What the kernel benches run: the products of the workloads, programs of one operation, and `gemm`.

mod kernel;
mod product;
mod reference;

pub use kernel::Kernel;
pub use product::{NETWORKS, Network, Product, Turn};
pub use reference::Reference;
