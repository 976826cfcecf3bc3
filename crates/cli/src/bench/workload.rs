//! The workloads: which network, on which samples, trained how. Other programs train the same ones.

use neurona::Result;
use neurona::prelude::{
    Adam, BinaryCrossentropy, Conv2D, Dense, Dropout, Flatten, MaxPooling2D, Metric, Relu,
    Rescaling, Reshape, Sequential, Sgd, Sigmoid, Softmax, SparseCategoricalCrossentropy,
};

/// A training that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    /// The guide's network on the digits: so small that everything around the products counts.
    Guide,
    /// Two hidden layers of 512 on the digits, with dropout: large products and many weights.
    Mlp,
    /// Two convolutions with pools on digits: large products of patches of the pictures.
    Cnn,
    /// Two hidden layers of 64 on 100,000 rows of 30 numbers: many small products.
    Tabular,
}

impl Workload {
    /// Every workload.
    pub(crate) const ALL: [Workload; 4] =
        [Workload::Guide, Workload::Mlp, Workload::Cnn, Workload::Tabular];

    /// Its name in the command and in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Workload::Guide => "guide",
            Workload::Mlp => "mlp",
            Workload::Cnn => "cnn",
            Workload::Tabular => "tabular",
        }
    }

    /// The workload with a name.
    pub(crate) fn from_name(name: &str) -> Option<Workload> {
        Workload::ALL.into_iter().find(|workload| workload.name() == name)
    }

    /// How many samples per step.
    pub(super) fn batch_size(self) -> usize {
        match self {
            Workload::Guide => 32,
            Workload::Mlp | Workload::Cnn => 128,
            Workload::Tabular => 256,
        }
    }

    /// Its network, compiled.
    pub(super) fn model(self, threads: usize) -> Result<Sequential> {
        // Pixels stay bytes in memory; the network scales them.
        let pixels = || {
            let model = Sequential::new([28, 28]).threads(threads);
            model.add(Rescaling::new(1.0 / 255.0)).add(Flatten)
        };
        let classes = SparseCategoricalCrossentropy::default;
        let accuracy = [Metric::Accuracy];
        let mut model;
        match self {
            Workload::Guide => {
                model = pixels()
                    .add(Dense::new(10).activation(Sigmoid))
                    .add(Dense::new(10).activation(Softmax));
                model.compile(Sgd::new(0.01), classes(), accuracy)?;
            }
            Workload::Mlp => {
                model = pixels()
                    .add(Dense::new(512).activation(Relu))
                    .add(Dropout::new(0.2))
                    .add(Dense::new(512).activation(Relu))
                    .add(Dropout::new(0.2))
                    .add(Dense::new(10).activation(Softmax));
                model.compile(Adam::new(0.001), classes(), accuracy)?;
            }
            Workload::Cnn => {
                model = Sequential::new([28, 28])
                    .threads(threads)
                    .add(Rescaling::new(1.0 / 255.0))
                    .add(Reshape::new([28, 28, 1]))
                    .add(Conv2D::new(32, 3).activation(Relu))
                    .add(MaxPooling2D::new(2))
                    .add(Conv2D::new(64, 3).activation(Relu))
                    .add(MaxPooling2D::new(2))
                    .add(Flatten)
                    .add(Dropout::new(0.5))
                    .add(Dense::new(10).activation(Softmax));
                model.compile(Adam::new(0.001), classes(), accuracy)?;
            }
            Workload::Tabular => {
                model = Sequential::new([30])
                    .threads(threads)
                    .add(Dense::new(64).activation(Relu))
                    .add(Dense::new(64).activation(Relu))
                    .add(Dense::new(1).activation(Sigmoid));
                model.compile(Adam::new(0.001), BinaryCrossentropy::default(), accuracy)?;
            }
        }
        Ok(model)
    }
}
