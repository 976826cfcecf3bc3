//! What a model is trained on, tested on or asked about: inputs, targets and sample weights, row by
//! row.

use super::batches::{gather, graph_dtype, prefetch_rows};
use super::engine::{Engine, Ready};
use crate::tensor::{DType, Tensor};
use neurona_core::compile::Slot;

/// Rows of all inputs and, if there are any, of all targets and the samples' weights.
#[derive(Clone, Debug)]
pub(super) struct Samples<'a> {
    pub(super) x: Vec<Tensor<'a>>,
    pub(super) y: Vec<Tensor<'a>>,
    /// A weight for each sample, the same for all outputs.
    pub(super) weights: Option<Tensor<'a>>,
}

impl<'a> Samples<'a> {
    /// Inputs without targets.
    pub(super) fn inputs(x: Vec<Tensor<'a>>) -> Samples<'a> {
        Samples { x, y: Vec::new(), weights: None }
    }

    pub(super) fn rows(&self) -> usize {
        self.x.first().map_or(0, Tensor::rows)
    }

    /// Rows `from..to`, without a copy.
    pub(super) fn slice_rows(&self, from: usize, to: usize) -> Samples<'_> {
        Samples {
            x: self.x.iter().map(|x| x.slice_rows(from, to)).collect(),
            y: self.y.iter().map(|y| y.slice_rows(from, to)).collect(),
            weights: self.weights.as_ref().map(|weights| weights.slice_rows(from, to)),
        }
    }

    /// The element types in which the inputs are given to a graph.
    pub(super) fn dtypes(&self) -> Vec<DType> {
        self.x.iter().map(graph_dtype).collect()
    }

    /// Each tensor with the place of its batch in a program.
    pub(super) fn places<'s>(
        &'s self,
        ready: &'s Ready,
    ) -> impl Iterator<Item = (&'s Tensor<'a>, Slot)> {
        let x = self.x.iter().zip(ready.x.iter().copied());
        let y = self.y.iter().zip(ready.y.iter().copied());
        let weights = ready.weights.iter().filter_map(|slot| Some((self.weights.as_ref()?, *slot)));
        x.chain(y).chain(weights)
    }

    /// Writes these rows into the program's inputs.
    pub(super) fn gather(&self, rows: &[usize], ready: &Ready, engine: &mut Engine) {
        for (tensor, slot) in self.places(ready) {
            gather(tensor, rows, slot, &mut engine.scratch);
        }
    }

    /// Asks for the inputs of these rows to be brought into the cache.
    pub(super) fn prefetch(&self, rows: &[usize]) {
        self.x.iter().for_each(|x| prefetch_rows(x, rows));
    }
}
