//! A number of the logs that a callback follows, and which way is better.

use crate::train::Logs;
use neurona_core::error::{Error, Result, unknown_name};
use neurona_core::message::Text;

/// Which way a number gets better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// As its name says: up for accuracies and what else measures success, down for losses and errors.
    #[default]
    Auto,
    /// Down.
    Min,
    /// Up.
    Max,
}

/// Parts of the names of numbers that grow as a model gets better.
const BETTER_UP: [&str; 9] =
    ["acc", "auc", "precision", "recall", "f1", "fbeta", "r2", "iou", "true_"];

/// What a callback follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Monitor {
    pub(super) name: String,
    pub(super) mode: Mode,
    /// By how much it must get better to count.
    pub(super) min_delta: f64,
}

impl Monitor {
    pub(super) fn new(name: &str, min_delta: f64) -> Monitor {
        Monitor { name: name.to_owned(), mode: Mode::Auto, min_delta }
    }

    /// Its value in the logs.
    pub(super) fn of(&self, logs: &Logs) -> Option<f64> {
        logs.get(&self.name)
    }

    /// Whether `value` is better than `best`, by more than the least difference; than nothing, it is.
    pub(super) fn improves(&self, value: f64, best: Option<f64>) -> bool {
        let up = match self.mode {
            Mode::Min => false,
            Mode::Max => true,
            Mode::Auto => BETTER_UP.iter().any(|part| self.name.contains(part)),
        };
        best.is_none_or(|best| {
            if up { value - self.min_delta > best } else { value + self.min_delta < best }
        })
    }

    /// Errors (E015): the logs will have no number of that name.
    pub(super) fn check(&self, names: &[String]) -> Result<()> {
        if names.contains(&self.name) {
            return Ok(());
        }
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let error: Error = unknown_name(
            &Text::new("number in the logs", "ningún número en los registros"),
            &self.name,
            &known,
        );
        Err(error.at("callback"))
    }
}
