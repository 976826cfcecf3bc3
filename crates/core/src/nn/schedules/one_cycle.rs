//! A rate that goes up and down once.

use super::cosine::half_wave;
use crate::error::Result;
use crate::nn::config::settings;
use crate::nn::settings::{above_zero, at_least, from, share};

/// Up from `max / div_factor` to `max` in the first `pct_start` of the steps, then down to
/// `max / div_factor / final_div_factor`, each along half a wave (Smith and Topin, 2018, "Super-convergence"; the
/// formula and the defaults follow PyTorch's `OneCycleLR` with `anneal_strategy="cos"`).
///
/// With `u = pct_start · total_steps - 1`, the step at the top, and `e = total_steps - 1`, the last
/// step: `low + (max - low) · (1 - cos(π · step / u)) / 2` up to `u`, then
/// `end + (max - end) · (1 + cos(π · (step - u) / (e - u))) / 2` up to `e`, and `end` ever after.
///
/// ```
/// use neurona_core::nn::OneCycle;
/// let schedule = OneCycle::new(0.1, 100).pct_start(0.5);
/// assert_eq!(schedule.at(49), 0.1);
/// assert!(schedule.at(0) < schedule.at(25) && schedule.at(99) < schedule.at(0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneCycle {
    /// The rate at the top.
    pub max_learning_rate: f64,
    /// How many steps the whole cycle takes.
    pub total_steps: u64,
    /// The share of the steps that goes up. Default: 0.3.
    pub pct_start: f64,
    /// The number by which the top is divided to give the first rate. Default: 25.
    pub div_factor: f64,
    /// The number by which the first rate is divided to give the last. Default: 10,000.
    pub final_div_factor: f64,
}

settings! { OneCycle { required: max_learning_rate, total_steps; field: pct_start, div_factor, final_div_factor; |fields| fields.ignored(&["name"]) } }

impl OneCycle {
    /// Up to this rate and down again in this many steps.
    pub fn new(max_learning_rate: f64, total_steps: u64) -> OneCycle {
        OneCycle {
            max_learning_rate,
            total_steps,
            pct_start: 0.3,
            div_factor: 25.0,
            final_div_factor: 1e4,
        }
    }

    /// Up in this share of the steps.
    pub fn pct_start(self, pct_start: f64) -> OneCycle {
        OneCycle { pct_start, ..self }
    }

    /// From this fraction of the top.
    pub fn div_factor(self, div_factor: f64) -> OneCycle {
        OneCycle { div_factor, ..self }
    }

    /// To this fraction of the first rate.
    pub fn final_div_factor(self, final_div_factor: f64) -> OneCycle {
        OneCycle { final_div_factor, ..self }
    }

    /// The rate of a step, from 0.
    pub fn at(&self, step: u64) -> f64 {
        let (step, last) = (step as f64, self.total_steps as f64 - 1.0);
        let top = self.pct_start * self.total_steps as f64 - 1.0;
        let low = self.max_learning_rate / self.div_factor;
        let end = low / self.final_div_factor;
        let between = |from: f64, to: f64, done: f64| to + (from - to) * half_wave(done);
        if step < top {
            between(low, self.max_learning_rate, step / top)
        } else if step <= top {
            self.max_learning_rate
        } else if step < last {
            between(self.max_learning_rate, end, (step - top) / (last - top))
        } else {
            end
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        from("max_learning_rate", 0.0, self.max_learning_rate)?;
        at_least("total_steps", 1, self.total_steps)?;
        share("pct_start", self.pct_start)?;
        above_zero("div_factor", self.div_factor)?;
        above_zero("final_div_factor", self.final_div_factor)
    }
}
