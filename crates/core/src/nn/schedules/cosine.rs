//! Rates along half a wave: once, or again and again.

use crate::error::{Code, Error, Result};
use crate::nn::config::settings;
use crate::nn::settings::{at_least, from};
use std::f64::consts::PI;

crate::messages! {
    fn no_target(steps: usize) {
        en: "warmup_steps is {steps}, but there is no warmup_target",
        es: "warmup_steps es {steps}, pero no hay warmup_target",
    }

    fn give_target() {
        en: "say where to warm up to: schedule.warmup(target, steps)",
        es: "diga hasta dónde calentar: schedule.warmup(objetivo, pasos)",
    }
}

/// `rate · ((1 - alpha) · (1 + cos(π · step / decay_steps)) / 2 + alpha)`, and `rate · alpha` ever after
/// (Loshchilov and Hutter, 2017).
///
/// With a warm-up, the rate first rises linearly from `initial_learning_rate` to `warmup_target` in
/// `warmup_steps` steps, and the wave starts from there.
///
/// ```
/// use neurona_core::nn::CosineDecay;
/// let schedule = CosineDecay::new(0.0, 1_000).warmup(0.1, 100);
/// assert_eq!((schedule.at(0), schedule.at(50), schedule.at(100)), (0.0, 0.05, 0.1));
/// assert_eq!(schedule.at(1_100), 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CosineDecay {
    /// The rate of the first step.
    pub initial_learning_rate: f64,
    /// How many steps the wave takes, after the warm-up.
    pub decay_steps: u64,
    /// The share of the rate that is left at the end. Default: 0.
    pub alpha: f64,
    /// The rate after the warm-up, if there is one. Default: none.
    pub warmup_target: Option<f64>,
    /// How many steps the warm-up takes. Default: 0.
    pub warmup_steps: u64,
}

settings! { CosineDecay { required: initial_learning_rate, decay_steps; field: alpha, warmup_target, warmup_steps; |fields| fields.ignored(&["name"]) } }

impl CosineDecay {
    /// From this rate to 0 in this many steps.
    pub fn new(initial_learning_rate: f64, decay_steps: u64) -> CosineDecay {
        CosineDecay {
            initial_learning_rate,
            decay_steps,
            alpha: 0.0,
            warmup_target: None,
            warmup_steps: 0,
        }
    }

    /// Down to this share of the rate.
    pub fn alpha(self, alpha: f64) -> CosineDecay {
        CosineDecay { alpha, ..self }
    }

    /// First linearly to the rate `target`, in this many steps.
    pub fn warmup(self, target: f64, steps: u64) -> CosineDecay {
        CosineDecay { warmup_target: Some(target), warmup_steps: steps, ..self }
    }

    /// The rate of a step, from 0.
    pub fn at(&self, step: u64) -> f64 {
        let (start, warmup) = match self.warmup_target {
            None => (self.initial_learning_rate, 0),
            Some(target) => (target, self.warmup_steps),
        };
        if step < warmup {
            let done = step as f64 / warmup as f64;
            return (start - self.initial_learning_rate) * done + self.initial_learning_rate;
        }
        let done = (step - warmup).min(self.decay_steps) as f64 / self.decay_steps as f64;
        start * ((1.0 - self.alpha) * half_wave(done) + self.alpha)
    }

    pub(super) fn check(&self) -> Result<()> {
        from("initial_learning_rate", 0.0, self.initial_learning_rate)?;
        at_least("decay_steps", 1, self.decay_steps)?;
        from("alpha", 0.0, self.alpha)?;
        match self.warmup_target {
            Some(target) => from("warmup_target", 0.0, target),
            // Keras then ignores the steps, and trains without the warm-up that was asked for.
            None if self.warmup_steps > 0 => {
                let text = no_target(self.warmup_steps as usize);
                Err(Error::new(Code::E016, text).fix(give_target()))
            }
            None => Ok(()),
        }
    }
}

/// From 1 to 0 along half a wave.
pub(super) fn half_wave(done: f64) -> f64 {
    0.5 * (1.0 + libm::cos(PI * done))
}

/// Half a wave from the rate down, again and again: wave `i` takes `first_decay_steps · t_mul^i` steps, and its
/// height is `m_mul^i` (Loshchilov and Hutter, 2017).
///
/// `rate · ((1 - alpha) · m_mul^i · (1 + cos(π · done)) / 2 + alpha)`, where `done` is how much of
/// wave `i` is done. Keras finds `i` by a logarithm, which at the first step of a wave may round to
/// the previous wave; here a wave starts where it should.
///
/// ```
/// use neurona_core::nn::CosineDecayRestarts;
/// let schedule = CosineDecayRestarts::new(0.1, 100).m_mul(0.5);
/// assert_eq!((schedule.at(0), schedule.at(100), schedule.at(300)), (0.1, 0.05, 0.025));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CosineDecayRestarts {
    /// The rate of the first step.
    pub initial_learning_rate: f64,
    /// How many steps the first wave takes.
    pub first_decay_steps: u64,
    /// The ratio of each wave's length to the previous one's. Default: 2.
    pub t_mul: f64,
    /// The ratio of each wave's height to the previous one's. Default: 1.
    pub m_mul: f64,
    /// The share of the rate that is left at the end of each. Default: 0.
    pub alpha: f64,
}

settings! { CosineDecayRestarts { required: initial_learning_rate, first_decay_steps; field: t_mul, m_mul, alpha; |fields| fields.ignored(&["name"]) } }

impl CosineDecayRestarts {
    /// From this rate to 0 in this many steps, then again in twice the number, …
    pub fn new(initial_learning_rate: f64, first_decay_steps: u64) -> CosineDecayRestarts {
        CosineDecayRestarts {
            initial_learning_rate,
            first_decay_steps,
            t_mul: 2.0,
            m_mul: 1.0,
            alpha: 0.0,
        }
    }

    /// Each wave is this many times the length of the previous one.
    pub fn t_mul(self, t_mul: f64) -> CosineDecayRestarts {
        CosineDecayRestarts { t_mul, ..self }
    }

    /// Each wave is this many times the height of the previous one.
    pub fn m_mul(self, m_mul: f64) -> CosineDecayRestarts {
        CosineDecayRestarts { m_mul, ..self }
    }

    /// Down to this share of the rate.
    pub fn alpha(self, alpha: f64) -> CosineDecayRestarts {
        CosineDecayRestarts { alpha, ..self }
    }

    /// The rate of a step, from 0.
    pub fn at(&self, step: u64) -> f64 {
        let (wave, done) = self.wave(step as f64 / self.first_decay_steps as f64);
        let height = libm::pow(self.m_mul, wave);
        let share = (1.0 - self.alpha) * height * half_wave(done) + self.alpha;
        self.initial_learning_rate * share
    }

    /// The number of the wave at a time, in lengths of the first wave, and the share of it that is done.
    fn wave(&self, time: f64) -> (f64, f64) {
        if self.t_mul == 1.0 {
            return (time.floor(), time - time.floor());
        }
        // Wave i starts at 1 + t + … + t^(i-1).
        let start = |wave: f64| (1.0 - libm::pow(self.t_mul, wave)) / (1.0 - self.t_mul);
        let inverse = libm::log(1.0 - time * (1.0 - self.t_mul)) / libm::log(self.t_mul);
        let mut wave = inverse.floor();
        // A logarithm may round to the other side of a whole number.
        if start(wave + 1.0) <= time {
            wave += 1.0;
        } else if start(wave) > time {
            wave -= 1.0;
        }
        (wave, (time - start(wave)) / libm::pow(self.t_mul, wave))
    }

    pub(super) fn check(&self) -> Result<()> {
        from("initial_learning_rate", 0.0, self.initial_learning_rate)?;
        at_least("first_decay_steps", 1, self.first_decay_steps)?;
        // Below 1 the waves would end after a time, with nothing to follow.
        from("t_mul", 1.0, self.t_mul)?;
        from("m_mul", 0.0, self.m_mul)?;
        from("alpha", 0.0, self.alpha)
    }
}
