//! What all optimizers can do besides their own formula: decay, clipping, averages, accumulation.

use super::{LearningRate, Optimizer, Param, Slots, StepInputs};
use crate::error::{Code, Error, Result};
use crate::graph::Expr;
use crate::nn::config::{Config, Fields, Object, written};
use crate::nn::settings::{above_zero, at_least, from, share};

crate::messages! {
    fn two_clips(first: &str, second: &str) {
        en: "{first} and {second} are both set, but gradients are clipped in one way",
        es: "se dieron {first} y {second}, pero los gradientes se recortan de una sola manera",
    }

    fn one_clip() {
        en: "keep one of clipnorm, clipvalue and global_clipnorm",
        es: "deje uno entre clipnorm, clipvalue y global_clipnorm",
    }

    fn no_average(frequency: usize) {
        en: "ema_overwrite_frequency is {frequency}, but use_ema is off: there is no average to overwrite with",
        es: "ema_overwrite_frequency es {frequency}, pero use_ema está apagado: no hay media con que reemplazar",
    }

    fn turn_on() {
        en: "add use_ema(true)",
        es: "agregue use_ema(true)",
    }
}

/// The options shared by all optimizers; names and defaults are Keras'. [`apply`](super::apply)
/// gives the order in which they act.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The share of each weight lost per step, times the learning rate. Default: none.
    pub weight_decay: Option<f64>,
    /// Weights that do not decay: those with any of these texts in their name (`dense/bias`). Default: none.
    pub exclude_from_weight_decay: Vec<String>,
    /// The largest norm of each weight's gradient: longer ones are shortened to it. Default: none.
    pub clipnorm: Option<f64>,
    /// The largest size of each element of a gradient. Default: none.
    pub clipvalue: Option<f64>,
    /// The largest norm of all gradients together. Default: none.
    pub global_clipnorm: Option<f64>,
    /// Whether to keep a moving average of the weights, which replaces them at the end of a `fit`. Default: no.
    pub use_ema: bool,
    /// The share of the average that stays at each step. Default: 0.99.
    pub ema_momentum: f64,
    /// The number of steps after which, each time, the average replaces the weights in training,
    /// too. Default: never.
    pub ema_overwrite_frequency: Option<u64>,
    /// The number by which the loss is multiplied before gradients are taken, and the gradients are
    /// divided afterwards, so that small ones do not vanish. Default: none.
    pub loss_scale_factor: Option<f64>,
    /// How many batches share one step: their gradients are averaged. Default: each batch has its
    /// own step.
    pub gradient_accumulation_steps: Option<u64>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            weight_decay: None,
            exclude_from_weight_decay: Vec::new(),
            clipnorm: None,
            clipvalue: None,
            global_clipnorm: None,
            use_ema: false,
            ema_momentum: 0.99,
            ema_overwrite_frequency: None,
            loss_scale_factor: None,
            gradient_accumulation_steps: None,
        }
    }
}

impl Config for Options {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        fields.ignored(&["name"]);
        fields.field("weight_decay", &mut self.weight_decay);
        fields.field("clipnorm", &mut self.clipnorm);
        fields.field("clipvalue", &mut self.clipvalue);
        fields.field("global_clipnorm", &mut self.global_clipnorm);
        fields.field("use_ema", &mut self.use_ema);
        fields.field("ema_momentum", &mut self.ema_momentum);
        fields.field("ema_overwrite_frequency", &mut self.ema_overwrite_frequency);
        fields.field("loss_scale_factor", &mut self.loss_scale_factor);
        fields.field("gradient_accumulation_steps", &mut self.gradient_accumulation_steps);
        // Keras forgets these when it writes a file, and does not know them when it reads one.
        if fields.is_reading() || !self.exclude_from_weight_decay.is_empty() {
            fields.field("exclude_from_weight_decay", &mut self.exclude_from_weight_decay);
        }
    }
}

impl Options {
    /// Errors (E016): an option out of range, more than one way to clip, or averages used but not
    /// kept.
    pub fn check(&self) -> Result<()> {
        let clips = [
            ("clipnorm", self.clipnorm),
            ("clipvalue", self.clipvalue),
            ("global_clipnorm", self.global_clipnorm),
        ];
        let used: Vec<&str> =
            clips.iter().filter(|(_, clip)| clip.is_some()).map(|(name, _)| *name).collect();
        if let [first, second, ..] = used[..] {
            return Err(Error::new(Code::E016, two_clips(first, second)).fix(one_clip()));
        }
        for (name, clip) in clips {
            clip.map_or(Ok(()), |clip| above_zero(name, clip))?;
        }
        self.weight_decay.map_or(Ok(()), |decay| from("weight_decay", 0.0, decay))?;
        self.loss_scale_factor.map_or(Ok(()), |scale| above_zero("loss_scale_factor", scale))?;
        self.gradient_accumulation_steps
            .map_or(Ok(()), |steps| at_least("gradient_accumulation_steps", 2, steps))?;
        share("ema_momentum", self.ema_momentum)?;
        match self.ema_overwrite_frequency {
            Some(frequency) if !self.use_ema => {
                Err(Error::new(Code::E016, no_average(frequency as usize)).fix(turn_on()))
            }
            Some(frequency) => at_least("ema_overwrite_frequency", 1, frequency),
            None => Ok(()),
        }
    }

    /// Whether a weight with this name may decay.
    pub fn decays(&self, weight: &str) -> bool {
        !self.exclude_from_weight_decay.iter().any(|text| weight.contains(text.as_str()))
    }
}

/// The options as methods: of every optimizer, where the first one used gives a [`Tuned`], and of
/// `Tuned`, which they change.
macro_rules! option_methods {
    ($tuned:ty, $vis:vis, $($bound:tt)*) => {
        /// Before each step, weights lose this share of themselves, times the learning rate
        /// (Loshchilov and Hutter, 2019).
        $vis fn weight_decay(self, weight_decay: f64) -> $tuned $($bound)* {
            self.with(|options| options.weight_decay = Some(weight_decay))
        }

        /// Weights with any of these texts in their name do not decay: `["bias"]`.
        $vis fn exclude_from_weight_decay<T: Into<String>>(
            self,
            names: impl IntoIterator<Item = T>,
        ) -> $tuned $($bound)* {
            let names = names.into_iter().map(Into::into).collect();
            self.with(|options| options.exclude_from_weight_decay = names)
        }

        /// Shortens each weight's gradient to this norm if it is longer.
        $vis fn clipnorm(self, clipnorm: f64) -> $tuned $($bound)* {
            self.with(|options| options.clipnorm = Some(clipnorm))
        }

        /// Keeps each element of a gradient between minus and plus this number.
        $vis fn clipvalue(self, clipvalue: f64) -> $tuned $($bound)* {
            self.with(|options| options.clipvalue = Some(clipvalue))
        }

        /// Shortens all gradients alike if together they are longer than this norm.
        $vis fn global_clipnorm(self, global_clipnorm: f64) -> $tuned $($bound)* {
            self.with(|options| options.global_clipnorm = Some(global_clipnorm))
        }

        /// Whether to keep a moving average of the weights, which replaces them at the end of a `fit`.
        $vis fn use_ema(self, use_ema: bool) -> $tuned $($bound)* {
            self.with(|options| options.use_ema = use_ema)
        }

        /// The share of the average that stays at each step.
        $vis fn ema_momentum(self, ema_momentum: f64) -> $tuned $($bound)* {
            self.with(|options| options.ema_momentum = ema_momentum)
        }

        /// Replaces the weights by their average every this many steps.
        $vis fn ema_overwrite_frequency(self, steps: u64) -> $tuned $($bound)* {
            self.with(|options| options.ema_overwrite_frequency = Some(steps))
        }

        /// Takes gradients of the loss times this number, and divides them by it.
        $vis fn loss_scale_factor(self, loss_scale_factor: f64) -> $tuned $($bound)* {
            self.with(|options| options.loss_scale_factor = Some(loss_scale_factor))
        }

        /// Takes one step for this many batches, with the mean of their gradients.
        $vis fn gradient_accumulation_steps(self, steps: u64) -> $tuned $($bound)* {
            self.with(|options| options.gradient_accumulation_steps = Some(steps))
        }
    };
}
pub(super) use option_methods;

/// An optimizer with [options](Options), made by their methods.
///
/// ```
/// use neurona_core::nn::{Optimizer, Sgd, Tuned};
/// let optimizer = Sgd::new(0.1).use_ema(true).exclude_from_weight_decay(["bias"]).weight_decay(0.01);
/// assert_eq!(optimizer.optimizer, Sgd::new(0.1));
/// assert!(optimizer.options.use_ema && !optimizer.options.decays("dense/bias"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Tuned<O> {
    /// The optimizer.
    pub optimizer: O,
    /// Its options.
    pub options: Options,
}

// These take precedence over the trait's methods with the same names, which would wrap once more.
impl<O: Optimizer> Tuned<O> {
    /// The same optimizer with its options changed.
    pub fn with(mut self, change: impl FnOnce(&mut Options)) -> Tuned<O> {
        change(&mut self.options);
        self
    }

    option_methods!(Tuned<O>, pub,);
}

impl<O: Optimizer + Config> Config for Tuned<O> {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        self.optimizer.fields(fields);
        if fields.is_reading() {
            self.options = self.optimizer.options();
        }
        // Where both have a setting, as with AdamW's weight decay, the options decide.
        self.options.fields(fields);
    }
}

impl<O: Optimizer> Optimizer for Tuned<O> {
    fn name(&self) -> &'static str {
        self.optimizer.name()
    }

    fn learning_rate(&self) -> &LearningRate {
        self.optimizer.learning_rate()
    }

    fn update<'g>(
        &self,
        step: StepInputs<'g>,
        slots: &Slots<'g>,
        weight: Expr<'g>,
        gradient: Expr<'g>,
    ) -> Expr<'g> {
        self.optimizer.update(step, slots, weight, gradient)
    }

    fn options(&self) -> Options {
        self.options.clone()
    }

    fn decay_of(&self, options: &Options, param: &Param<'_>) -> Option<f64> {
        self.optimizer.decay_of(options, param)
    }

    fn check(&self) -> Result<()> {
        self.optimizer.check()
    }

    fn config(&self) -> Option<Object> {
        let mut object = self.optimizer.config()?;
        object.config.append(&mut written(&self.options));
        Some(object)
    }
}
