//! Vectors for numbers that stand for things.

use super::Layer;
use super::settings::in_range;
use crate::graph::Expr;
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::weights::weight_settings;
use crate::nn::{Initializer, Scope, WeightSettings};
use crate::tensor::DType;

/// For each number of its input, that row of a table that is learnt.
///
/// Shapes: `x` is `(batch, …)` of whole numbers from 0 to below `input_dim`, the output
/// `(batch, …, output_dim)`; weight `embeddings` `(input_dim, output_dim)`. Default: uniform
/// between -0.05 and 0.05. Errors: E016 a size of 0, or above 16,777,216, up to which whole numbers
/// are exact; E022, before the first step, a number in an input of the model that is outside the
/// table. Numbers that the network computes itself cannot be checked then: a number outside the
/// table gives zeros.
///
/// ```
/// use neurona_core::nn::{Network, layers::Embedding};
/// let mut network = Network::default();
/// network.push(Box::new(Embedding::new(1000, 64)));
/// let built = network.build(&[vec![10]])?;
/// assert_eq!(built.outputs[0].dims(), [10, 64]);
/// assert_eq!(built.weights[0].shape.dims(), [1000, 64]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// How many rows the table has.
    pub input_dim: usize,
    /// How many numbers a row has.
    pub output_dim: usize,
    /// The table's settings.
    pub embeddings: WeightSettings,
}

weight_settings! { Embedding:
    embeddings embeddings_initializer embeddings_regularizer embeddings_constraint,
}

impl Embedding {
    /// A table of `input_dim` rows of `output_dim` numbers.
    pub fn new(input_dim: usize, output_dim: usize) -> Embedding {
        let uniform = Initializer::RandomUniform { minval: -0.05, maxval: 0.05 };
        Embedding { input_dim, output_dim, embeddings: uniform.into() }
    }
}

settings! {
    Embedding {
        required: input_dim, output_dim;
        weight: embeddings;
        |fields| fields.only("mask_zero", false)
    }
}

impl Layer for Embedding {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Embedding { input_dim, output_dim, .. } = *self;
        if !in_range(scope, "input_dim", &[input_dim])
            || !in_range(scope, "output_dim", &[output_dim])
        {
            return x;
        }
        let table = scope.weight("embeddings", &[input_dim, output_dim], self.embeddings);
        let shape = x.shape();
        scope.ids(x, input_dim);
        // One table for all: a batch of one, whose rows are all the numbers of the real batch.
        let numbers = x.cast(DType::I32).reshape(&[1, shape.elems()]);
        let rows = table.reshape(&[1, input_dim, output_dim]).gather(numbers);
        rows.reshape(&[shape.dims(), &[output_dim]].concat())
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
