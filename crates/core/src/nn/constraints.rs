//! Constraints: where a weight is kept after each update.

use super::config::{Config, Fields, objects};
use crate::graph::Expr;
use crate::tensor::Axes;

/// Keeps a divisor from zero.
const EPSILON: f64 = 1e-7;

/// A rule that a weight must follow after each update. Lengths are `√Σw²` along axes: axis 0 of a
/// dense kernel goes over the inputs of one unit, axes 0, 1 and 2 of a `Conv2D` kernel over the inputs of one filter.
///
/// ```
/// use neurona_core::nn::{Constraint, layers::Dense};
/// use neurona_core::tensor::Axes;
/// let rule = Constraint::MaxNorm { max_value: 2.0, axis: Axes::new(&[0]) };
/// let layer = Dense::new(10).kernel_constraint(rule);
/// assert!(layer.kernel.constraint.is_some());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constraint {
    /// No longer than this: `w · clip(length, 0, max_value) / (1e-7 + length)`.
    MaxNorm {
        /// The greatest length. Keras' default: 2.
        max_value: f64,
        /// Along which axes. Keras' default: 0.
        axis: Axes,
    },
    /// Of length one: `w / (1e-7 + length)`.
    UnitNorm {
        /// Along which axes. Keras' default: 0.
        axis: Axes,
    },
    /// Of a length between two bounds, moved there by a fraction of the way:
    /// `w · (rate · clip(length, min, max) + (1 - rate) · length) / (1e-7 + length)`.
    MinMaxNorm {
        /// The least length. Keras' default: 0.
        min_value: f64,
        /// The greatest length. Keras' default: 1.
        max_value: f64,
        /// How much of the way to go. Keras' default: 1.
        rate: f64,
        /// Along which axes. Keras' default: 0.
        axis: Axes,
    },
    /// Not negative: negative numbers become zero.
    NonNeg,
}

objects! { Constraint in "keras.constraints" ("constraint", "ninguna restricción") }

impl Config for Constraint {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        match self {
            Constraint::MaxNorm { max_value, axis } => {
                fields.field("max_value", max_value);
                fields.field("axis", axis);
            }
            Constraint::UnitNorm { axis } => fields.field("axis", axis),
            Constraint::MinMaxNorm { min_value, max_value, rate, axis } => {
                fields.field("min_value", min_value);
                fields.field("max_value", max_value);
                fields.field("rate", rate);
                fields.field("axis", axis);
            }
            Constraint::NonNeg => {}
        }
    }
}

impl Constraint {
    /// Every constraint, with Keras' defaults.
    pub const ALL: [Constraint; 4] = [
        Constraint::MaxNorm { max_value: 2.0, axis: Axes::FIRST },
        Constraint::UnitNorm { axis: Axes::FIRST },
        Constraint::MinMaxNorm { min_value: 0.0, max_value: 1.0, rate: 1.0, axis: Axes::FIRST },
        Constraint::NonNeg,
    ];

    /// Its class, as Keras spells it.
    pub fn class(&self) -> &'static str {
        match self {
            Constraint::MaxNorm { .. } => "MaxNorm",
            Constraint::UnitNorm { .. } => "UnitNorm",
            Constraint::MinMaxNorm { .. } => "MinMaxNorm",
            Constraint::NonNeg => "NonNeg",
        }
    }

    /// The nearest value that follows the rule, as Keras computes it.
    pub fn apply(self, w: Expr<'_>) -> Expr<'_> {
        let length = |axis: Axes| (w * w).sum(axis).sqrt();
        match self {
            Constraint::MaxNorm { max_value, axis } => {
                let length = length(axis);
                w * (length.clip(0.0, max_value) / (length + EPSILON))
            }
            Constraint::UnitNorm { axis } => w / (length(axis) + EPSILON),
            Constraint::MinMaxNorm { min_value, max_value, rate, axis } => {
                let length = length(axis);
                let wanted = length.clip(min_value, max_value) * rate + length * (1.0 - rate);
                w * (wanted / (length + EPSILON))
            }
            Constraint::NonNeg => w.max(w.fill_like(0.0)),
        }
    }
}
