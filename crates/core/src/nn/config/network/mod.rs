//! Networks as objects of files: Keras' `Sequential` and `Functional`.

mod precision;
mod read;
mod triples;
mod write;

use crate::error::Result;
use crate::nn::Weight;
use crate::nn::network::{Network, snake_case};
use std::collections::HashMap;

/// Where a layer's numbers are: the path of its group in a file of weights, and its name.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// As in `layers/dense_1`.
    pub group: &'a str,
    /// As in `hidden`.
    pub name: &'a str,
}

/// A layer's group in a file of weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerGroup {
    /// Its path, as in `layers/dense_1`.
    pub group: String,
    /// The layer's name.
    pub name: String,
    /// The layer's class.
    pub class: &'static str,
    /// How many weights the layer has of its own.
    pub weights: usize,
}

/// The mean and the variance that an adapted normalization has among its weights.
pub type Adapted<'a> = &'a dyn Fn(Place<'_>) -> Result<Option<(Vec<f64>, Vec<f64>)>>;

impl Network {
    /// Where a file of Keras has each of the weights, as in `layers/dense/vars/0`, and its groups of layers.
    pub fn places(&self, weights: &[Weight]) -> (Vec<String>, Vec<LayerGroup>) {
        let mut places = vec![String::new(); weights.len()];
        let mut groups = Vec::new();
        self.add_places("", "", weights, &mut places, &mut groups);
        (places, groups)
    }

    fn add_places(
        &self,
        group: &str,
        path: &str,
        weights: &[Weight],
        places: &mut [String],
        groups: &mut Vec<LayerGroup>,
    ) {
        let mut names = GroupNames::default();
        for placed in &self.layers {
            let group = format!("{group}layers/{}", names.next(placed.layer.class_name()));
            let path = format!("{path}{}/", placed.name);
            let mut count = 0;
            if let Some(inner) = placed.layer.network() {
                inner.add_places(&format!("{group}/"), &path, weights, places, groups);
            } else {
                let own = weights.iter().zip(&mut *places);
                for (_, place) in own.filter(|(weight, _)| weight.name.starts_with(&path)) {
                    *place = format!("{group}/vars/{count}");
                    count += 1;
                }
            }
            let (name, class) = (placed.name.clone(), placed.layer.class_name());
            groups.push(LayerGroup { group, name, class, weights: count });
        }
    }
}

/// Keras' names of groups: the class in snake case, numbered within one model.
#[derive(Default)]
struct GroupNames(HashMap<String, usize>);

impl GroupNames {
    fn next(&mut self, class: &str) -> String {
        let stem = snake_case(class);
        let count = self.0.entry(stem.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { stem } else { format!("{stem}_{}", *count - 1) }
    }
}
