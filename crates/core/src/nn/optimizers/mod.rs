//! Optimizers: how a gradient changes a weight.

mod adadelta;
mod adafactor;
mod adagrad;
mod adam;
mod adamax;
mod ftrl;
mod lamb;
mod lion;
mod muon;
mod nadam;
mod options;
mod rmsprop;
mod sgd;
mod slots;
mod step;
mod turn;
mod variables;

pub use adadelta::Adadelta;
pub use adafactor::Adafactor;
pub use adagrad::Adagrad;
pub use adam::{Adam, AdamW};
pub use adamax::Adamax;
pub use ftrl::Ftrl;
pub use lamb::Lamb;
pub use lion::Lion;
pub use muon::Muon;
pub use nadam::Nadam;
pub use options::{Options, Tuned};
pub use rmsprop::RmsProp;
pub use sgd::Sgd;
pub use slots::{Param, Slots, StepInputs};
pub use step::{apply, average_name};
pub(super) use step::{scaled, unscaled};
pub use variables::{Variable, optimizer_variables};

use super::LearningRate;
use super::config::{Config, Map, Object, Value, read};
use crate::error::{Error, Result, unknown_name};
use crate::graph::Expr;
use crate::message::Text;
use std::fmt;

/// An optimizer: settings, and the formula of the new weight.
///
/// What all optimizers share (weight decay, clipping, averages of the weights, gradients of several batches
/// at once) is set by methods, which return the optimizer with its options, a [`Tuned`]:
///
/// ```
/// use neurona_core::nn::{Adam, Optimizer, Tuned};
/// let optimizer: Tuned<Adam> = Adam::new(0.001).clipnorm(1.0).weight_decay(0.004);
/// assert_eq!(optimizer.options.clipnorm, Some(1.0));
/// ```
pub trait Optimizer: fmt::Debug + Send + Sync {
    /// Its name, as Keras spells it.
    fn name(&self) -> &'static str;

    /// How far it goes in each step.
    fn learning_rate(&self) -> &LearningRate;

    /// The new value of a weight, for its gradient.
    fn update<'g>(
        &self,
        step: StepInputs<'g>,
        slots: &Slots<'g>,
        weight: Expr<'g>,
        gradient: Expr<'g>,
    ) -> Expr<'g>;

    /// The options that all optimizers share. Default: no option is used.
    fn options(&self) -> Options {
        Options::default()
    }

    /// The share of a weight lost per step, times the learning rate, unless options exclude the
    /// weight. Default: the option `weight_decay`.
    fn decay_of(&self, options: &Options, param: &Param<'_>) -> Option<f64> {
        _ = param;
        options.weight_decay
    }

    /// Its class and its settings under Keras' names, for a file. Default: `None`, for an optimizer
    /// for which files have no name.
    fn config(&self) -> Option<Object> {
        None
    }

    /// Errors (E016): one of its own settings is out of range. See [`check_optimizer`] for all of
    /// them.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The same optimizer with its options changed.
    fn with(self, change: impl FnOnce(&mut Options)) -> Tuned<Self>
    where
        Self: Sized,
    {
        let mut options = self.options();
        change(&mut options);
        Tuned { optimizer: self, options }
    }

    options::option_methods!(Tuned<Self>, , where Self: Sized);
}

/// The result of [`optimizer_from_name`] is an optimizer like any other.
impl Optimizer for Box<dyn Optimizer> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn learning_rate(&self) -> &LearningRate {
        (**self).learning_rate()
    }

    fn update<'g>(
        &self,
        step: StepInputs<'g>,
        slots: &Slots<'g>,
        weight: Expr<'g>,
        gradient: Expr<'g>,
    ) -> Expr<'g> {
        (**self).update(step, slots, weight, gradient)
    }

    fn options(&self) -> Options {
        (**self).options()
    }

    fn decay_of(&self, options: &Options, param: &Param<'_>) -> Option<f64> {
        (**self).decay_of(options, param)
    }

    fn config(&self) -> Option<Object> {
        (**self).config()
    }

    fn check(&self) -> Result<()> {
        (**self).check()
    }
}

/// Checks the learning rate, the options and the settings of an optimizer. Errors (E016): the first that is out of
/// range.
pub fn check_optimizer(optimizer: &dyn Optimizer) -> Result<()> {
    let rate = optimizer.learning_rate().check();
    let checked = rate.and_then(|()| optimizer.options().check()).and_then(|()| optimizer.check());
    checked.map_err(|error| error.at(optimizer.name()))
}

/// Every optimizer once: its name, and its settings. Optimizers are found by name through this
/// list.
macro_rules! optimizers {
    ($($name:literal: $optimizer:ident),* $(,)?) => {
        /// The names of all optimizers.
        pub(in crate::nn) const NAMES: &[&str] = &[$($name),*];

        /// The optimizer with a name, with its defaults.
        fn named(name: &str) -> Option<Box<dyn Optimizer>> {
            match name {
                $($name => Some(Box::new($optimizer::default())),)*
                _ => None,
            }
        }

        /// The optimizer with a name, with settings and options.
        fn configured(name: &str, config: Map<String, Value>) -> Option<Result<Box<dyn Optimizer>>> {
            match name {
                $($name => Some(boxed($optimizer::default(), config)),)*
                _ => None,
            }
        }
    };
}

optimizers! {
    "sgd": Sgd,
    "rmsprop": RmsProp,
    "adam": Adam,
    "adamw": AdamW,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "adamax": Adamax,
    "nadam": Nadam,
    "lion": Lion,
    "lamb": Lamb,
    "ftrl": Ftrl,
    "muon": Muon,
    "adafactor": Adafactor,
}

fn boxed<O: Optimizer + Config + 'static>(
    optimizer: O,
    config: Map<String, Value>,
) -> Result<Box<dyn Optimizer>> {
    let options = optimizer.options();
    Ok(Box::new(read(Tuned { optimizer, options }, config)?))
}

fn unknown(name: &str) -> Error {
    unknown_name(&Text::new("optimizer", "ningún optimizador"), name, NAMES)
}

/// The optimizer with that name (in any case), with its defaults. Errors (E015): no such name, with
/// the nearest one.
///
/// ```
/// use neurona_core::nn::optimizer_from_name;
/// assert_eq!(optimizer_from_name("SGD")?.learning_rate().at(0), 0.01);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn optimizer_from_name(name: &str) -> Result<Box<dyn Optimizer>> {
    named(&name.to_lowercase()).ok_or_else(|| unknown(name))
}

/// The optimizer that an object in a file describes, with its options: the reverse of
/// [`Optimizer::config`].
///
/// Errors: E015 no such class, or a name among its settings that does not exist; E034 a setting is
/// missing, of the wrong kind, or unknown.
///
/// ```
/// use neurona_core::nn::{Adam, Optimizer, optimizer_from_config};
/// let object = Adam::new(0.01).clipnorm(1.0).config().unwrap();
/// let optimizer = optimizer_from_config(object)?;
/// assert_eq!(optimizer.options().clipnorm, Some(1.0));
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn optimizer_from_config(object: Object) -> Result<Box<dyn Optimizer>> {
    let Object { class, config } = object;
    let optimizer = configured(&class.to_lowercase(), config).ok_or_else(|| unknown(&class))?;
    optimizer.map_err(|error| error.inside(class))
}
