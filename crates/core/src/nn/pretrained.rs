//! A network with the values of its weights, as a layer of another one.

use super::scope::Given;
use super::{Layer, Network, Scope};
use crate::graph::Expr;
use std::collections::HashMap;
use std::sync::Arc;

/// A network whose weights start with given values where it is used as a layer. The values are
/// copied: what the outer model learns does not change the inner one.
#[derive(Clone, Debug)]
pub struct Pretrained {
    network: Network,
    values: Given,
}

impl Pretrained {
    /// A network with values for the weights with these names (`dense/kernel`); others start as
    /// usual.
    pub fn new(
        network: Network,
        values: impl IntoIterator<Item = (String, Vec<f32>)>,
    ) -> Pretrained {
        let values: HashMap<String, Arc<[f32]>> =
            values.into_iter().map(|(name, values)| (name, values.into())).collect();
        Pretrained { network, values: Arc::new(values) }
    }
}

impl Layer for Pretrained {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        scope.giving(&self.values, || self.network.call(scope, x))
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        scope.giving(&self.values, || self.network.call_all(scope, inputs))
    }

    fn output_count(&self) -> usize {
        self.network.output_count()
    }

    fn network(&self) -> Option<&Network> {
        Some(&self.network)
    }

    fn class_name(&self) -> &'static str {
        self.network.class_name()
    }
}
