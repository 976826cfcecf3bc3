//! A number in the logs that a callback follows, and which way is better.

use crate::nn::Direction;
use crate::train::{Logs, Plan};
use neurona_core::error::{Code, Error, Result, unknown_name};
use neurona_core::message::Text;

/// Which way a number gets better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// As the loss or the [metric](crate::nn::Metric::direction) itself says: down for losses and
    /// errors, up for accuracies and anything else that measures success. If it does not say, as
    /// with counts, callbacks ask for one of the others.
    #[default]
    Auto,
    /// Down.
    Min,
    /// Up.
    Max,
}

/// What a callback follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Monitor {
    pub(super) name: String,
    pub(super) mode: Mode,
    /// By how much it must get better to count.
    pub(super) min_delta: f64,
    /// Which way it gets better if the mode does not say: known when training begins.
    direction: Direction,
}

impl Monitor {
    pub(super) fn new(name: &str, min_delta: f64) -> Monitor {
        let (name, direction) = (name.to_owned(), Direction::Down);
        Monitor { name, mode: Mode::Auto, min_delta, direction }
    }

    /// Its value in the logs.
    pub(super) fn of(&self, logs: &Logs) -> Option<f64> {
        logs.get(&self.name)
    }

    /// Whether `value` is better than `best`, by more than the least difference; it is better than
    /// no value.
    pub(super) fn improves(&self, value: f64, best: Option<f64>) -> bool {
        let direction = match self.mode {
            Mode::Min => Direction::Down,
            Mode::Max => Direction::Up,
            Mode::Auto => self.direction,
        };
        best.is_none_or(|best| match direction {
            Direction::Up => value - self.min_delta > best,
            Direction::Down => value + self.min_delta < best,
        })
    }

    /// Looks at what a training will report. Errors: E015 the logs will have no number with that
    /// name; E016 nothing says which way it gets better.
    pub(super) fn check(&mut self, plan: &Plan, callback: &str) -> Result<()> {
        if !plan.names().contains(&self.name) {
            let known: Vec<&str> = plan.names().iter().map(String::as_str).collect();
            let kind = Text::new("number in the logs", "ningún número en los registros");
            let error: Error = unknown_name(&kind, &self.name, &known);
            return Err(error.at(callback));
        }
        match (plan.direction(&self.name), self.mode) {
            (Some(direction), _) => self.direction = direction,
            (None, Mode::Min | Mode::Max) => {}
            (None, Mode::Auto) => {
                let error = Error::new(Code::E016, no_direction(&self.name));
                return Err(error.at(callback).fix(give_mode()));
            }
        }
        Ok(())
    }
}

neurona_core::messages! {
    fn no_direction(name: &str) {
        en: "nothing says whether \"{name}\" gets better by growing or by falling",
        es: "nada dice si \"{name}\" mejora al crecer o al bajar",
    }

    fn give_mode() {
        en: "call .mode(Mode::Max) if larger is better, or .mode(Mode::Min) if smaller is; a metric of your own can say it itself with direction()",
        es: "llame a .mode(Mode::Max) si más es mejor, o a .mode(Mode::Min) si menos lo es; una métrica propia puede decirlo con direction()",
    }
}
