//! What callbacks may look at and change between epochs.

use super::engine::{Compiled, Engine};
use super::files::{self, Own};
use super::saving::save_weights;
use crate::nn::{Network, Weight};
use crate::tensor::Tensor;
use neurona_core::compile::Slot;
use neurona_core::error::Result;
use std::cell::{Cell, RefCell};
use std::path::Path;

/// The training that a callback takes part in: its learning rate and its weights.
#[derive(Debug)]
pub struct Control<'e> {
    engine: RefCell<&'e mut Engine>,
    compiled: &'e Compiled,
    network: &'e Network,
    seed: u64,
    has_set_weights: Cell<bool>,
}

/// The weights of a model at some moment, to come back to.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(Vec<Tensor<'static>>);

impl Weights {
    /// Each weight, in the order of the model's weights.
    pub(super) fn tensors(&self) -> &[Tensor<'static>] {
        &self.0
    }

    pub(super) fn from_tensors(tensors: Vec<Tensor<'static>>) -> Weights {
        Weights(tensors)
    }
}

impl<'e> Control<'e> {
    pub(super) fn new(
        engine: &'e mut Engine,
        compiled: &'e Compiled,
        network: &'e Network,
        seed: u64,
    ) -> Control<'e> {
        let (engine, has_set_weights) = (RefCell::new(engine), Cell::new(false));
        Control { engine, compiled, network, seed, has_set_weights }
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f64 {
        self.engine.borrow().rate(self.compiled)
    }

    /// Sets the learning rate of all steps to come, until it is set again or the model is compiled
    /// again. As in Keras, training ends with an error if the rate cannot be set: E014 the
    /// optimizer's rate follows a schedule, which continues to set it; E016 the given rate is not a
    /// finite number of at least 0.
    pub fn set_learning_rate(&self, rate: f64) {
        let mut engine = self.engine.borrow_mut();
        let is_scheduled = self.compiled.optimizer.learning_rate().schedule().is_some();
        if is_scheduled || !(0.0..=f64::from(f32::MAX)).contains(&rate) {
            // The first refused rate is the one reported.
            engine.rate_refused.get_or_insert(rate);
        } else {
            engine.learning_rate = Some(rate);
        }
    }

    /// The weights as they are now.
    pub fn weights(&self) -> Weights {
        let engine = self.engine.borrow();
        let weights = engine.weights.iter().zip(&engine.slots);
        // There are as many values as the shape needs: they make a tensor.
        let read = |(weight, slot): (&Weight, &Slot)| {
            Tensor::new(weight.shape, engine.read(*slot, weight.shape)).ok()
        };
        Weights(weights.filter_map(read).collect())
    }

    /// Writes the model as it is now to a `.keras` file: see [`Model::save`](super::Model::save). History and names of
    /// classes are not in it. Errors: as there.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut engine = self.engine.borrow_mut();
        let own = Own { seed: self.seed, epochs: engine.epochs, ..Own::default() };
        files::save(path.as_ref(), self.network, Some(self.compiled), &mut engine, own)
    }

    /// Writes the weights to a file: see [`Model::save_weights`](super::Model::save_weights).
    /// Errors: E016 another ending than `.safetensors` and `.weights.h5`, E035 the system refuses.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut engine = self.engine.borrow_mut();
        save_weights(path.as_ref(), self.network, Some(self.compiled), &mut engine)
    }

    /// Whether weights were set.
    pub(super) fn has_set_weights(&self) -> bool {
        self.has_set_weights.get()
    }

    /// Sets the weights to what they were.
    pub fn set_weights(&self, weights: &Weights) {
        self.has_set_weights.set(true);
        let mut engine = self.engine.borrow_mut();
        for (i, tensor) in weights.0.iter().enumerate() {
            let slot = engine.slots[i];
            if let Ok(values) = tensor.as_slice::<f32>() {
                engine.write(slot, tensor.shape(), values);
            }
        }
    }
}
