//! Where a layer finds its weights and its random numbers while it is traced.

use super::{Initializer, step::stream};
use crate::error::Error;
use crate::graph::{Builder, Expr, Role};
use crate::tensor::{DType, Shape};
use std::cell::{Cell, RefCell};

/// A weight a layer has named: declared by using it.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// Layer and weight, as in `dense/kernel`.
    pub name: String,
    /// Its shape.
    pub shape: Shape,
    /// How it starts.
    pub initializer: Initializer,
}

/// What a layer sees of the network while its `call` is traced.
#[derive(Debug)]
pub struct Scope<'g> {
    builder: &'g Builder,
    /// The random key of a training step; none where nothing is random.
    key: Option<Expr<'g>>,
    layer: RefCell<String>,
    weights: RefCell<Vec<(Weight, Expr<'g>)>>,
    streams: Cell<u32>,
}

impl<'g> Scope<'g> {
    pub(super) fn new(builder: &'g Builder, key: Option<Expr<'g>>) -> Scope<'g> {
        Scope {
            builder,
            key,
            layer: RefCell::default(),
            weights: RefCell::default(),
            streams: Cell::new(stream::LAYERS),
        }
    }

    pub(super) fn enter(&self, layer: &str) {
        layer.clone_into(&mut self.layer.borrow_mut());
    }

    pub(super) fn into_weights(self) -> Vec<(Weight, Expr<'g>)> {
        self.weights.into_inner()
    }

    /// A trainable weight of this layer: its name, shape and first values.
    #[track_caller]
    pub fn weight(&self, name: &str, dims: &[usize], initializer: Initializer) -> Expr<'g> {
        let name = format!("{}/{name}", self.layer.borrow());
        let expr = self.builder.input(&name, Role::State, DType::F32, dims);
        if let Err(error) = initializer.check(expr.shape()) {
            self.fail(error);
        }
        let weight = Weight { name, shape: expr.shape(), initializer };
        self.weights.borrow_mut().push((weight, expr));
        expr
    }

    /// Random numbers uniform in [0, 1) that differ from step to step, or nothing outside of training.
    #[track_caller]
    pub fn random(&self, shape: Shape) -> Option<Expr<'g>> {
        let stream = self.streams.replace(self.streams.get() + 1);
        self.key.map(|key| self.builder.uniform(key, stream, shape.dims()))
    }

    /// Keeps a mistake in the layer's settings or in what it is given, if it is the first.
    pub fn fail(&self, error: Error) {
        self.builder.fail(error);
    }
}
