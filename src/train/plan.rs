//! What callbacks are told about a training before it begins.

use super::engine::{Compiled, Ready};
use crate::nn::{Direction, Metric};
use neurona_core::error::{Code, Error, Result};

/// What a training will report, and how its learning rate is set: what a callback
/// [looks at](super::Callback::check_plan) before the first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    names: Vec<String>,
    /// One for each of the first names; the validation's names come after them in the same order.
    directions: Vec<Option<Direction>>,
    schedule: Option<&'static str>,
}

impl Plan {
    pub(super) fn new(compiled: &Compiled, ready: &Ready, validates: bool, rates: bool) -> Plan {
        let mut names = ready.names.clone();
        if validates {
            names.extend(ready.names.iter().map(|name| format!("val_{name}")));
        }
        names.extend(rates.then(|| "learning_rate".to_owned()));
        let losses = std::iter::repeat_n(Some(Direction::Down), ready.losses.len());
        let metrics = compiled.metrics.iter().flatten().map(Metric::direction);
        let schedule = compiled.optimizer.learning_rate().schedule();
        Plan { names, directions: losses.chain(metrics).collect(), schedule }
    }

    /// The names of the numbers that the logs of an epoch will have.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Which way the number with this name gets better: down for all losses, however outputs are
    /// called, and for anything called a loss; otherwise as its
    /// [metric](crate::nn::Metric::direction) says. `None` if nothing says it.
    pub fn direction(&self, name: &str) -> Option<Direction> {
        let at = self.names.iter().position(|own| own == name)?;
        let count = self.directions.len();
        // The validation's numbers come second, in the same order.
        let known = if at < 2 * count { self.directions[at % count] } else { None };
        known.or_else(|| name.ends_with("loss").then_some(Direction::Down))
    }

    /// The name of the schedule that sets the learning rate of each step, if one does.
    pub fn schedule(&self) -> Option<&'static str> {
        self.schedule
    }

    /// Errors (E014): a schedule sets the learning rate, which `callback` would set, too.
    pub(super) fn check_rate_is_free(&self, callback: &str) -> Result<()> {
        self.schedule.map_or(Ok(()), |schedule| Err(scheduled(schedule).at(callback)))
    }
}

/// The error for a callback that sets a learning rate that a schedule sets.
pub(super) fn scheduled(schedule: &str) -> Error {
    Error::new(Code::E014, rate_is_scheduled(schedule)).fix(one_of_both(schedule))
}

/// The error for a callback that sets a learning rate that is not a valid one.
pub(super) fn no_rate(rate: f64) -> Error {
    Error::new(Code::E016, not_a_rate(rate)).at("learning_rate").fix(give_rate())
}

/// Checks that the numbers that training or a test reports can be told apart by their names. Where
/// outputs of a nested model have the same name, as in Keras, so do the numbers reported for them.
/// Errors (E016): two numbers have the same name for any other reason.
pub(super) fn check_names(names: &[String], outputs: &[String]) -> Result<()> {
    let twice = |all: &[String]| (0..all.len()).find(|&i| all[..i].contains(&all[i]));
    match twice(names).filter(|_| twice(outputs).is_none()).map(|i| &names[i]) {
        None => Ok(()),
        Some(name) => {
            Err(Error::new(Code::E016, same_name(name)).at("metrics").fix(rename_metric()))
        }
    }
}

neurona_core::messages! {
    fn not_a_rate(rate: f64) {
        en: "a callback set the learning rate to {rate}, but it must be a finite number of at least 0",
        es: "un callback puso la tasa de aprendizaje en {rate}, pero debe ser un número finito desde 0",
    }

    fn give_rate() {
        en: "let the callback give a rate such as 0.001; so far, the weights are those of the steps before",
        es: "haga que el callback dé una tasa como 0,001; por ahora, los pesos son los de los pasos anteriores",
    }

    fn same_name(name: &str) {
        en: "two numbers in the logs would be called \"{name}\", so nobody could tell which is which",
        es: "dos números de los registros se llamarían \"{name}\", y no se podrían distinguir",
    }

    fn rename_metric() {
        en: "give the metric another name with named(…), or the output's layer another name",
        es: "dé otro nombre a la métrica con named(…), o a la capa de la salida",
    }

    fn rate_is_scheduled(schedule: &str) {
        en: "the optimizer's learning rate follows a schedule ({schedule}), so a callback cannot set it",
        es: "la tasa de aprendizaje del optimizador sigue un calendario ({schedule}), así que un callback no puede fijarla",
    }

    fn one_of_both(schedule: &str) {
        en: "compile the optimizer with a number as its learning rate, or leave the callback out and keep {schedule}",
        es: "compile el optimizador con un número como tasa de aprendizaje, o quite el callback y conserve {schedule}",
    }
}
