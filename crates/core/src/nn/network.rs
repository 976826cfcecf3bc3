//! A stack of layers as a description, and its trace: shapes, weights and formula at once.

use super::{Activation, Layer, Scope, Summary, SummaryRow, Weight};
use crate::error::{Code, Error, Result};
use crate::graph::{Builder, Expr, Role};
use crate::tensor::DType;

crate::messages! {
    fn no_layers() {
        en: "the model has no layers",
        es: "el modelo no tiene capas",
    }

    fn add_layers() {
        en: "add at least one, for example Dense::new(10)",
        es: "agregue al menos una, por ejemplo Dense::new(10)",
    }
}

/// Layers one after the other, each with its name.
#[derive(Debug, Default)]
pub struct Network {
    layers: Vec<(String, Box<dyn Layer>)>,
}

/// What tracing a network on a value gives.
#[derive(Debug)]
pub struct Trace<'g> {
    /// The output of each layer, in order.
    pub outputs: Vec<Expr<'g>>,
    /// The weights in the order the layers named them.
    pub weights: Vec<(Weight, Expr<'g>)>,
}

impl Network {
    /// Adds a layer at the end, named after its kind (`dense`, `dense_1`, …) unless it has a name.
    pub fn push(&mut self, layer: Box<dyn Layer>) {
        let name = layer.name().map_or_else(|| self.fresh_name(layer.class_name()), str::to_owned);
        self.layers.push((name, layer));
    }

    fn fresh_name(&self, class: &str) -> String {
        let stem = snake_case(class);
        let taken = |name: &str| self.layers.iter().any(|(other, _)| other == name);
        let numbered = (1..).map(|n| format!("{stem}_{n}"));
        std::iter::once(stem.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(stem)
    }

    /// The layers with their names.
    pub fn layers(&self) -> impl ExactSizeIterator<Item = (&str, &dyn Layer)> {
        self.layers.iter().map(|(name, layer)| (name.as_str(), &**layer))
    }

    /// The transfer functions the layers end with, last layer first.
    pub fn activations_from_the_end(&self) -> Vec<Activation> {
        self.layers.iter().rev().filter_map(|(_, layer)| layer.activation_fn()).collect()
    }

    /// Calls every layer in turn. With a random key, the way it is done in training.
    pub fn trace<'g>(&self, builder: &'g Builder, x: Expr<'g>, key: Option<Expr<'g>>) -> Trace<'g> {
        if self.layers.is_empty() {
            builder.fail(Error::new(Code::E014, no_layers()).fix(add_layers()));
        }
        let scope = Scope::new(builder, key);
        // Layers compute in floating point; bytes and integers are taken as the numbers they are.
        let mut value = x.cast(DType::F32);
        let mut outputs = Vec::new();
        for (name, layer) in &self.layers {
            scope.enter(name);
            value = builder.scoped(name, || layer.call(&scope, value));
            outputs.push(value);
        }
        Trace { outputs, weights: scope.into_weights() }
    }

    /// The shape of each layer's output for one sample, and the weights, for samples of this shape.
    /// Errors: what the layers find wrong (E012, E014, E016).
    pub fn build(&self, sample: &[usize]) -> Result<(Vec<Vec<usize>>, Vec<Weight>)> {
        let builder = Builder::new();
        let x = builder.input("x", Role::Batch, DType::F32, &[&[1], sample].concat());
        let trace = self.trace(&builder, x, None);
        match builder.error() {
            Some(error) => Err(error),
            None => {
                let shapes = trace.outputs.iter().map(|y| y.shape().dims()[1..].to_vec()).collect();
                Ok((shapes, trace.weights.into_iter().map(|(weight, _)| weight).collect()))
            }
        }
    }

    /// The table of the layers, for samples of this shape or, with `None`, before it is known.
    /// Errors: as [`build`](Network::build).
    pub fn summary(&self, sample: Option<&[usize]>) -> Result<Summary> {
        let built = sample.map(|sample| self.build(sample)).transpose()?;
        let rows = self.layers().enumerate().map(|(i, (name, layer))| {
            let built = built.as_ref().map(|(shapes, weights)| (shapes[i].clone(), &weights[..]));
            SummaryRow::new(name, layer.class_name(), built)
        });
        Ok(Summary { name: "sequential".to_owned(), rows: rows.collect() })
    }
}

/// `LayerNormalization` as `layer_normalization`.
fn snake_case(class: &str) -> String {
    let mut name = String::new();
    for (i, c) in class.char_indices() {
        if c.is_uppercase() && i > 0 {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}
