//! The matrix products of the workloads' networks.

use std::fmt;

/// A workload's network of dense layers.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// The workload's name.
    pub workload: &'static str,
    /// Samples in an epoch.
    pub samples: usize,
    /// Samples in a step.
    pub batch: usize,
    /// Numbers in a sample, then the units of each layer.
    pub sizes: &'static [usize],
}

/// The networks of `neurona bench`.
pub const NETWORKS: [Network; 3] = [
    Network { workload: "guide", samples: 60_000, batch: 32, sizes: &[784, 10, 10] },
    Network { workload: "mlp", samples: 60_000, batch: 128, sizes: &[784, 512, 512, 10] },
    Network { workload: "tabular", samples: 100_000, batch: 256, sizes: &[30, 64, 64, 1] },
];

/// What a layer needs a product for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// `x · w`
    Forward,
    /// `xᵀ · dy`, the gradient of the weights.
    Weights,
    /// `dy · wᵀ`, the gradient of the inputs.
    Inputs,
}

/// A product of `m` by `k` and `k` by `n`; a transposed operand lies in memory as it did before.
#[derive(Clone, Copy, Debug)]
pub struct Product {
    /// The workload's name.
    pub workload: &'static str,
    /// What it is for.
    pub turn: Turn,
    /// Rows of the result.
    pub m: usize,
    /// Length of the sums.
    pub k: usize,
    /// Columns of the result.
    pub n: usize,
}

impl Network {
    /// The products of one step. The first layer's inputs are data, whose gradient nobody needs.
    pub fn products(self) -> Vec<Product> {
        let Network { workload, batch, sizes, .. } = self;
        let product = |turn, [m, k, n]: [usize; 3]| Product { workload, turn, m, k, n };
        let mut products = Vec::new();
        for (number, layer) in sizes.windows(2).enumerate() {
            let (inputs, units) = (layer[0], layer[1]);
            products.push(product(Turn::Forward, [batch, inputs, units]));
            products.push(product(Turn::Weights, [inputs, batch, units]));
            if number > 0 {
                products.push(product(Turn::Inputs, [batch, units, inputs]));
            }
        }
        products
    }

    /// Additions and multiplications in the products of an epoch.
    pub fn flops(self) -> usize {
        let step: usize = self.products().iter().map(Product::flops).sum();
        step / self.batch * self.samples
    }
}

impl Product {
    /// Additions and multiplications.
    pub fn flops(&self) -> usize {
        2 * self.m * self.k * self.n
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Product { workload, turn, m, k, n } = self;
        let turn = match turn {
            Turn::Forward => "x·w",
            Turn::Weights => "xᵀ·dy",
            Turn::Inputs => "dy·wᵀ",
        };
        write!(f, "{workload} {turn} {m}×{k}×{n}")
    }
}
