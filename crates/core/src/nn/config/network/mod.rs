//! Networks as objects in files: Keras' `Sequential` and `Functional`.

mod precision;
mod read;
mod triples;
mod write;

use crate::error::Result;
use crate::nn::Weight;
use crate::nn::network::{Network, snake_case};
use std::collections::HashMap;
use std::sync::Arc;

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
    /// Where a Keras file has each of the weights, as in `layers/dense/vars/0`, and its groups of
    /// layers.
    pub fn places(&self, weights: &[Weight]) -> (Vec<String>, Vec<LayerGroup>) {
        let mut places = vec![String::new(); weights.len()];
        let mut groups = Vec::new();
        self.add_places("", &mut Vec::new(), weights, &mut places, &mut groups);
        (places, groups)
    }

    fn add_places(
        &self,
        group: &str,
        path: &mut Vec<String>,
        weights: &[Weight],
        places: &mut [String],
        groups: &mut Vec<LayerGroup>,
    ) {
        let mut names = GroupNames::default();
        for placed in &self.layers {
            let group = format!("{group}layers/{}", names.next(placed.layer.class_name()));
            path.push(placed.name.clone());
            let mut count = 0;
            if let Some(inner) = placed.layer.network() {
                inner.add_places(&format!("{group}/"), path, weights, places, groups);
            } else {
                let own = weights.iter().zip(&mut *places);
                for (_, place) in own.filter(|(weight, _)| weight.layers.starts_with(path)) {
                    *place = format!("{group}/vars/{count}");
                    count += 1;
                }
            }
            path.pop();
            let (name, class) = (placed.name.clone(), placed.layer.class_name());
            groups.push(LayerGroup { group, name, class, weights: count });
        }
    }
}

impl Network {
    /// The same network with other names: `rename` gives the name of each layer and input, and of
    /// each nested model, from the names of the models around it and its own name so far.
    pub fn renamed(&self, rename: &dyn Fn(&[&str]) -> String) -> Network {
        self.renamed_within(&[], rename)
    }

    fn renamed_within(&self, around: &[&str], rename: &dyn Fn(&[&str]) -> String) -> Network {
        let mut network = self.clone();
        for placed in &mut network.layers {
            let path = [around, &[placed.name.as_str()]].concat();
            let inner = placed.layer.network().map(|inner| inner.renamed_within(&path, rename));
            let name = rename(&path);
            if let Some(inner) = inner {
                placed.layer = Arc::new(inner);
            }
            placed.name = name;
        }
        for input in &mut network.inputs {
            input.name = rename(&[around, &[input.name.as_str()]].concat());
        }
        network
    }

    /// The names of all layers and inputs, each preceded by the models around it; models come
    /// before their contents.
    pub fn all_names(&self) -> Vec<Vec<String>> {
        let mut names: Vec<Vec<String>> =
            self.inputs.iter().map(|input| vec![input.name.clone()]).collect();
        for placed in &self.layers {
            names.push(vec![placed.name.clone()]);
            for inner in placed.layer.network().into_iter().flat_map(Network::all_names) {
                names.push([vec![placed.name.clone()], inner].concat());
            }
        }
        names
    }

    /// The network's name: see [`named`](Network::named).
    pub fn name(&self) -> &str {
        &self.name
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
