//! Stopping when nothing gets better any more.

use super::monitor::{Mode, Monitor};
use crate::train::{Callback, CallbackState, Event, Plan, Weights};
use neurona_core::error::Result;
use std::ops::ControlFlow;

/// Ends training when a number has not become better for some epochs. Keras' `EarlyStopping`, with its
/// defaults: `val_loss`, any improvement, patience 0, the last weights stay.
///
/// Errors at `fit`: E015 the logs have no number with that name (`val_…` needs validation data);
/// E016 it does not say which way it gets better, and there is no [`mode`](EarlyStopping::mode).
///
/// ```
/// use neurona::prelude::*;
/// let stop = EarlyStopping::new("val_loss").patience(3).restore_best_weights(true);
/// let options = Fit::epochs(100).validation_split(0.1).callback(stop);
/// # drop(options);
/// ```
#[derive(Clone, Debug)]
pub struct EarlyStopping {
    monitor: Monitor,
    patience: usize,
    baseline: Option<f64>,
    restore_best_weights: bool,
    start_from_epoch: usize,
    wait: usize,
    best: Option<f64>,
    best_weights: Option<Weights>,
}

impl EarlyStopping {
    /// Following the number with this name in the logs.
    pub fn new(monitor: &str) -> EarlyStopping {
        EarlyStopping {
            monitor: Monitor::new(monitor, 0.0),
            patience: 0,
            baseline: None,
            restore_best_weights: false,
            start_from_epoch: 0,
            wait: 0,
            best: None,
            best_weights: None,
        }
    }

    /// How many epochs without improvement to wait. Default: 0, the first one ends training.
    pub fn patience(self, patience: usize) -> EarlyStopping {
        EarlyStopping { patience, ..self }
    }

    /// By how much it must get better to count. Default: 0.
    pub fn min_delta(mut self, min_delta: f64) -> EarlyStopping {
        self.monitor.min_delta = min_delta.abs();
        self
    }

    /// Which way is better. Default: as the metric says.
    pub fn mode(mut self, mode: Mode) -> EarlyStopping {
        self.monitor.mode = mode;
        self
    }

    /// A value that has to be reached: until it is, epochs count as without improvement. Default:
    /// none.
    pub fn baseline(self, baseline: f64) -> EarlyStopping {
        EarlyStopping { baseline: Some(baseline), ..self }
    }

    /// Whether training ends with the weights of the best epoch. Default: no, with the last ones.
    pub fn restore_best_weights(self, restore_best_weights: bool) -> EarlyStopping {
        EarlyStopping { restore_best_weights, ..self }
    }

    /// The first epoch that counts, from 0. Default: 0.
    pub fn start_from_epoch(self, start_from_epoch: usize) -> EarlyStopping {
        EarlyStopping { start_from_epoch, ..self }
    }
}

impl Callback for EarlyStopping {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        match event {
            Event::TrainBegin { .. } => {
                (self.wait, self.best, self.best_weights) = (0, None, None);
            }
            Event::EpochEnd { epoch, logs, control, .. } if *epoch >= self.start_from_epoch => {
                let Some(value) = self.monitor.of(logs) else { return ControlFlow::Continue(()) };
                if self.restore_best_weights && self.best_weights.is_none() {
                    self.best_weights = Some(control.weights());
                }
                self.wait += 1;
                if self.monitor.improves(value, self.best) {
                    self.best = Some(value);
                    if self.restore_best_weights {
                        self.best_weights = Some(control.weights());
                    }
                    if self.baseline.is_none_or(|base| self.monitor.improves(value, Some(base))) {
                        self.wait = 0;
                    }
                    return ControlFlow::Continue(());
                }
                if self.wait >= self.patience && *epoch > 0 {
                    return ControlFlow::Break(());
                }
            }
            Event::TrainEnd { control } => {
                if let Some(best) = self.best_weights.take() {
                    control.set_weights(&best);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn check_plan(&mut self, plan: &Plan) -> Result<()> {
        self.monitor.check(plan, "EarlyStopping")
    }

    fn state(&self) -> Option<CallbackState> {
        let state = CallbackState::new("EarlyStopping").with("wait", self.wait);
        let state = state.with_some("best", self.best);
        Some(state.with_some("best_weights", self.best_weights.as_ref()))
    }

    fn restore(&mut self, state: &CallbackState) {
        (self.wait, self.best) = (state.count("wait"), state.number("best"));
        self.best_weights = state.weights("best_weights").cloned();
    }
}
