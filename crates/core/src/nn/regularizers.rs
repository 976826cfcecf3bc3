//! Regularizers: what a weight or an output adds to the loss.

use super::config::{Config, Field, Fields, objects};
use crate::error::{Result, unknown_name};
use crate::graph::Expr;
use crate::message::Text;

/// A penalty that is added to the loss.
///
/// ```
/// use neurona_core::nn::{Regularizer, layers::Dense};
/// let layer = Dense::new(10).kernel_regularizer(Regularizer::L2(0.01));
/// assert_eq!(layer.kernel.regularizer, Some(Regularizer::L2(0.01)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Regularizer {
    /// `l1 · Σ|w|`. Keras' default: 0.01.
    L1(f64),
    /// `l2 · Σw²`. Keras' default: 0.01.
    L2(f64),
    /// `l1 · Σ|w| + l2 · Σw²`.
    L1L2 {
        /// The factor of the sum of magnitudes.
        l1: f64,
        /// The factor of the sum of squares.
        l2: f64,
    },
    /// `factor · Σ|u · v| / pairs` over all pairs of different rows (or columns), each divided by its length: rows
    /// at right angles to each other cost nothing. For matrices; anything else costs nothing.
    Orthogonal {
        /// The strength. Keras' default: 0.01.
        factor: f64,
        /// Whether rows are compared; otherwise columns.
        rows: bool,
    },
}

impl Regularizer {
    /// Every regularizer, with Keras' defaults.
    pub const ALL: [Regularizer; 4] = [
        Regularizer::L1(0.01),
        Regularizer::L2(0.01),
        Regularizer::L1L2 { l1: 0.0, l2: 0.0 },
        Regularizer::Orthogonal { factor: 0.01, rows: true },
    ];

    /// Its class, as Keras spells it.
    pub fn class(&self) -> &'static str {
        match self {
            Regularizer::L1(_) => "L1",
            Regularizer::L2(_) => "L2",
            Regularizer::L1L2 { .. } => "L1L2",
            Regularizer::Orthogonal { .. } => "OrthogonalRegularizer",
        }
    }

    /// The penalty that a value adds to the loss, as a scalar.
    pub fn penalty(self, w: Expr<'_>) -> Expr<'_> {
        match self {
            Regularizer::L1(l1) => w.abs().sum_all() * l1,
            Regularizer::L2(l2) => (w * w).sum_all() * l2,
            Regularizer::L1L2 { l1, l2 } => w.abs().sum_all() * l1 + (w * w).sum_all() * l2,
            Regularizer::Orthogonal { factor, rows } => match *w.shape().dims() {
                [m, n] => {
                    let (vectors, count) = if rows { (w, m) } else { (w.transpose(), n) };
                    let length = (vectors * vectors).sum_last().sqrt();
                    let unit = vectors / length.max(length.fill_like(1e-12));
                    let cosines = unit.matmul(unit.transpose()).abs();
                    let position = |axis| w.builder().iota(axis, &[count, count]);
                    let same = position(0).equal(position(1));
                    // Each pair is there twice.
                    let pairs = (count * count.saturating_sub(1)).max(1) as f64;
                    same.select(cosines.fill_like(0.0), cosines).sum_all() * (factor / pairs)
                }
                _ => w.builder().fill(0.0, &[]),
            },
        }
    }
}

objects! { Regularizer in "keras.regularizers" ("regularizer", "ningún regularizador") }

impl Config for Regularizer {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        match self {
            Regularizer::L1(l1) => fields.field("l1", l1),
            Regularizer::L2(l2) => fields.field("l2", l2),
            Regularizer::L1L2 { l1, l2 } => {
                fields.field("l1", l1);
                fields.field("l2", l2);
            }
            Regularizer::Orthogonal { factor, rows } => {
                let mut mode = Mode(*rows);
                fields.field("factor", factor);
                fields.field("mode", &mut mode);
                *rows = mode.0;
            }
        }
    }
}

/// Whether rows are compared, in Keras' words.
struct Mode(bool);

impl Field for Mode {
    fn to_json(&self) -> super::config::Value {
        if self.0 { "rows" } else { "columns" }.into()
    }

    fn from_json(value: &super::config::Value) -> Result<Mode> {
        match String::from_json(value)?.as_str() {
            "rows" => Ok(Mode(true)),
            "columns" => Ok(Mode(false)),
            other => {
                let kind = Text::new("mode", "ningún modo");
                Err(unknown_name(&kind, other, &["rows", "columns"]))
            }
        }
    }
}
