//! Changing the learning rate between epochs.

use super::monitor::{Mode, Monitor};
use crate::train::{Callback, CallbackState, Event, Plan};
use neurona_core::error::{Code, Error, Result};
use std::fmt;
use std::ops::ControlFlow;

/// Lowers the learning rate when a number has not become better for some epochs. Keras'
/// `ReduceLROnPlateau`, with its defaults: `val_loss`, a tenth after 10 epochs, improvements from 0.0001.
/// The logs then have `learning_rate`.
///
/// Errors at `fit`: E014 the optimizer's rate follows a schedule; E015 the logs have no number with
/// that name; E016 a factor outside [0, 1), or a number that does not say which way it gets better.
///
/// ```
/// use neurona::prelude::*;
/// let slower = ReduceLrOnPlateau::new("val_loss").factor(0.5).patience(2).min_lr(1e-5);
/// let options = Fit::epochs(100).validation_split(0.1).callback(slower);
/// # drop(options);
/// ```
#[derive(Clone, Debug)]
pub struct ReduceLrOnPlateau {
    monitor: Monitor,
    factor: f64,
    patience: usize,
    cooldown: usize,
    min_lr: f64,
    cooling: usize,
    wait: usize,
    best: Option<f64>,
}

impl ReduceLrOnPlateau {
    /// Following the number with this name in the logs.
    pub fn new(monitor: &str) -> ReduceLrOnPlateau {
        ReduceLrOnPlateau {
            monitor: Monitor::new(monitor, 1e-4),
            factor: 0.1,
            patience: 10,
            cooldown: 0,
            min_lr: 0.0,
            cooling: 0,
            wait: 0,
            best: None,
        }
    }

    /// The factor by which the learning rate is multiplied. Default: 0.1.
    pub fn factor(self, factor: f64) -> ReduceLrOnPlateau {
        ReduceLrOnPlateau { factor, ..self }
    }

    /// How many epochs without improvement to wait. Default: 10.
    pub fn patience(self, patience: usize) -> ReduceLrOnPlateau {
        ReduceLrOnPlateau { patience, ..self }
    }

    /// By how much it must get better to count. Default: 0.0001.
    pub fn min_delta(mut self, min_delta: f64) -> ReduceLrOnPlateau {
        self.monitor.min_delta = min_delta.abs();
        self
    }

    /// Which way is better. Default: as the metric says.
    pub fn mode(mut self, mode: Mode) -> ReduceLrOnPlateau {
        self.monitor.mode = mode;
        self
    }

    /// For how many epochs nothing is counted after the rate was lowered. Default: 0.
    pub fn cooldown(self, cooldown: usize) -> ReduceLrOnPlateau {
        ReduceLrOnPlateau { cooldown, ..self }
    }

    /// The lowest learning rate. Default: 0.
    pub fn min_lr(self, min_lr: f64) -> ReduceLrOnPlateau {
        ReduceLrOnPlateau { min_lr, ..self }
    }
}

impl Callback for ReduceLrOnPlateau {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        match event {
            Event::TrainBegin { .. } => (self.cooling, self.wait, self.best) = (0, 0, None),
            Event::EpochEnd { logs, control, .. } => {
                let Some(value) = self.monitor.of(logs) else { return ControlFlow::Continue(()) };
                if self.cooling > 0 {
                    self.cooling -= 1;
                    self.wait = 0;
                }
                if self.monitor.improves(value, self.best) {
                    (self.best, self.wait) = (Some(value), 0);
                } else if self.cooling == 0 {
                    self.wait += 1;
                    let rate = control.learning_rate();
                    if self.wait >= self.patience && rate > self.min_lr {
                        control.set_learning_rate((rate * self.factor).max(self.min_lr));
                        (self.cooling, self.wait) = (self.cooldown, 0);
                    }
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn check_plan(&mut self, plan: &Plan) -> Result<()> {
        if !(0.0..1.0).contains(&self.factor) {
            return Err(Error::new(Code::E016, bad_factor(self.factor)).at("ReduceLrOnPlateau"));
        }
        plan.check_rate_is_free("ReduceLrOnPlateau")?;
        self.monitor.check(plan, "ReduceLrOnPlateau")
    }

    fn state(&self) -> Option<CallbackState> {
        let state = CallbackState::new("ReduceLrOnPlateau").with("cooling", self.cooling);
        Some(state.with("wait", self.wait).with_some("best", self.best))
    }

    fn restore(&mut self, state: &CallbackState) {
        (self.cooling, self.wait) = (state.count("cooling"), state.count("wait"));
        self.best = state.number("best");
    }

    fn reports_learning_rate(&self) -> bool {
        true
    }
}

/// Sets the learning rate at the beginning of each epoch: a function of the epoch, from 0, and of the rate so
/// far. Keras' `LearningRateScheduler`. The logs then have `learning_rate`.
///
/// Errors at `fit` (E014): the optimizer's rate follows a schedule.
///
/// A [run](crate::train::Run) keeps the rate. Anything that the function itself keeps starts anew
/// when a run is resumed: let it depend on its arguments alone.
///
/// ```
/// use neurona::prelude::*;
/// let warm = LearningRateScheduler::new(|epoch, rate| if epoch < 10 { rate } else { rate * 0.9 });
/// let options = Fit::epochs(100).callback(warm);
/// # drop(options);
/// ```
pub struct LearningRateScheduler<F>(F);

impl<F: FnMut(usize, f64) -> f64> LearningRateScheduler<F> {
    /// With this function.
    pub fn new(rate: F) -> LearningRateScheduler<F> {
        LearningRateScheduler(rate)
    }
}

impl<F> fmt::Debug for LearningRateScheduler<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LearningRateScheduler")
    }
}

impl<F: FnMut(usize, f64) -> f64 + Send> Callback for LearningRateScheduler<F> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        if let Event::EpochBegin { epoch, control } = event {
            control.set_learning_rate((self.0)(*epoch, control.learning_rate()));
        }
        ControlFlow::Continue(())
    }

    fn check_plan(&mut self, plan: &Plan) -> Result<()> {
        plan.check_rate_is_free("LearningRateScheduler")
    }

    fn reports_learning_rate(&self) -> bool {
        true
    }
}

neurona_core::messages! {
    fn bad_factor(factor: f64) {
        en: "the factor for the learning rate must be at least 0 and below 1, not {factor}",
        es: "el factor de la tasa de aprendizaje debe ser al menos 0 y menor que 1, no {factor}",
    }
}
