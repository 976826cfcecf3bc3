//! What an optimizer keeps, in the order in which Keras has it in files.

use super::slots::slot_name;
use super::{LearningRate, Optimizer, average_name};
use crate::tensor::Shape;

/// A variable of an optimizer in a Keras file.
#[derive(Clone, Debug, PartialEq)]
pub enum Variable {
    /// How many steps were done: an integer.
    Iterations,
    /// The learning rate, unless it is a schedule.
    LearningRate,
    /// A memory: the names of the states that have its value, and its shape.
    Memory {
        /// The names, as in `adam/dense/kernel/momentum`: more than one if a number for all weights
        /// is kept only once here.
        states: Vec<String>,
        /// The shape.
        shape: Shape,
    },
    /// Something that Keras keeps and never uses: zeros of this shape, integers if it has no
    /// dimensions.
    Unused(Shape),
}

/// The memories of one kind: each weight's own, one weight after the other.
type Kind = &'static [&'static str];

/// The variables of an optimizer for trainable weights with these names and shapes, in Keras'
/// order. `has` says whether training keeps a state with a name: memories that settings leave out
/// do not exist.
///
/// Source: files written by Keras 3.15.1.
pub fn optimizer_variables(
    optimizer: &dyn Optimizer,
    weights: &[(&str, Shape)],
    has: &dyn Fn(&str) -> bool,
) -> Vec<Variable> {
    let mut all = vec![Variable::Iterations];
    if matches!(optimizer.learning_rate(), LearningRate::Constant(_)) {
        all.push(Variable::LearningRate);
    }
    let options = optimizer.options();
    if options.use_ema {
        all.extend(weights.iter().map(|(weight, shape)| Variable::Memory {
            states: vec![average_name(optimizer, weight)],
            shape: *shape,
        }));
    }
    let own = |weight: &str, slot: &str| slot_name(optimizer.name(), weight, slot);
    let memory = |weight: &str, slot: &str, shape: Shape| {
        let name = own(weight, slot);
        has(&name).then(|| Variable::Memory { states: vec![name], shape })
    };
    // Kinds one after the other; within a kind, its memories take turns.
    let gathered: Kind = &["gradient_accumulator"];
    let kinds: &[Kind] = match optimizer.name() {
        "sgd" | "lion" => &[gathered, &["momentum"]],
        "adagrad" => &[gathered, &["accumulator"]],
        "adadelta" => &[gathered, &["accumulated_grad", "accumulated_delta_var"]],
        "adamax" => &[gathered, &["momentum", "norm"]],
        "ftrl" => &[gathered, &["accumulator", "linear"]],
        "rmsprop" => &[gathered, &["velocity"], &["momentum"], &["average_gradient"]],
        // Muon has a velocity where Adam changes the weight.
        "adam" | "adamw" | "nadam" | "lamb" | "muon" => {
            &[gathered, &["momentum", "velocity"], &["velocity_hat"]]
        }
        // Adafactor's own come below; an optimizer for which files have no name has none there.
        _ => &[gathered],
    };
    for kind in kinds {
        for (weight, shape) in weights {
            all.extend(kind.iter().filter_map(|slot| memory(weight, slot, *shape)));
        }
    }
    match optimizer.name() {
        "nadam" if !weights.is_empty() => {
            let states = weights.iter().map(|(weight, _)| own(weight, "u_product")).collect();
            all.push(Variable::Memory { states, shape: Shape::SCALAR });
        }
        "adafactor" => {
            for (weight, shape) in weights {
                all.extend(adafactor(*shape, |slot, shape| memory(weight, slot, shape)));
            }
        }
        _ => {}
    }
    all
}

/// Rows, columns and the whole: matrices use the first two, vectors the last.
fn adafactor(shape: Shape, memory: impl Fn(&str, Shape) -> Option<Variable>) -> [Variable; 3] {
    let dims = shape.dims();
    let without = |axis: usize| {
        let kept = dims.iter().enumerate().filter(|(i, _)| *i != axis).map(|(_, n)| *n);
        Shape::new(&kept.collect::<Vec<_>>()).unwrap_or(Shape::SCALAR)
    };
    let or_unused = |found: Option<Variable>, shape| found.unwrap_or(Variable::Unused(shape));
    match dims.len() {
        rank @ 2.. => {
            let (rows, columns) = (without(rank - 1), without(rank - 2));
            [
                or_unused(memory("r", rows), rows),
                or_unused(memory("c", columns), columns),
                Variable::Unused(shape),
            ]
        }
        _ => [
            Variable::Unused(Shape::SCALAR),
            Variable::Unused(Shape::SCALAR),
            or_unused(memory("velocity", shape), shape),
        ],
    }
}
