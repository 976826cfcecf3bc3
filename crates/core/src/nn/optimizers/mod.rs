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
use crate::error::{Result, unknown_name};
use crate::graph::Expr;
use crate::message::Text;
use std::fmt;

/// An optimizer: settings, and the formula of the new weight.
///
/// What all optimizers share (weight decay, clipping, averages of the weights, gradients of several batches
/// at once) is set by methods, which give the optimizer with its options, a [`Tuned`]:
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

    /// What it shares with all optimizers. Default: no option is used.
    fn options(&self) -> Options {
        Options::default()
    }

    /// The share of a weight lost in a step, times the learning rate, where options do not exclude it.
    /// Default: the option `weight_decay`.
    fn decay_of(&self, options: &Options, param: &Param<'_>) -> Option<f64> {
        _ = param;
        options.weight_decay
    }

    /// Its class and its settings under Keras' names, for a file. Default: `None`, for an optimizer that files have no
    /// name for.
    fn config(&self) -> Option<Object> {
        None
    }

    /// Errors (E016): a setting of its own out of its range. See [`check_optimizer`] for all of them.
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

/// What [`optimizer_from_name`] gives is an optimizer like any other.
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
/// its range.
pub fn check_optimizer(optimizer: &dyn Optimizer) -> Result<()> {
    let rate = optimizer.learning_rate().check();
    let checked = rate.and_then(|()| optimizer.options().check()).and_then(|()| optimizer.check());
    checked.map_err(|error| error.at(optimizer.name()))
}

/// The optimizer of that name (in any case), with its defaults. Errors (E015): no such name, with the nearest.
///
/// ```
/// use neurona_core::nn::optimizer_from_name;
/// assert_eq!(optimizer_from_name("SGD")?.learning_rate().at(0), 0.01);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn optimizer_from_name(name: &str) -> Result<Box<dyn Optimizer>> {
    const NAMES: [&str; 13] = [
        "sgd",
        "rmsprop",
        "adam",
        "adamw",
        "adagrad",
        "adadelta",
        "adamax",
        "nadam",
        "lion",
        "lamb",
        "ftrl",
        "muon",
        "adafactor",
    ];
    Ok(match name.to_lowercase().as_str() {
        "sgd" => Box::new(Sgd::default()),
        "rmsprop" => Box::new(RmsProp::default()),
        "adam" => Box::new(Adam::default()),
        "adamw" => Box::new(AdamW::default()),
        "adagrad" => Box::new(Adagrad::default()),
        "adadelta" => Box::new(Adadelta::default()),
        "adamax" => Box::new(Adamax::default()),
        "nadam" => Box::new(Nadam::default()),
        "lion" => Box::new(Lion::default()),
        "lamb" => Box::new(Lamb::default()),
        "ftrl" => Box::new(Ftrl::default()),
        "muon" => Box::new(Muon::default()),
        "adafactor" => Box::new(Adafactor::default()),
        _ => {
            let kind = Text::new("optimizer", "ningún optimizador");
            return Err(unknown_name(&kind, name, &NAMES));
        }
    })
}

/// The optimizer that an object of a file describes, with its options: [`Optimizer::config`] the other way round.
///
/// Errors: E015 no such class, or a name among its settings that does not exist; E034 a setting is missing, of another
/// kind, or not known.
///
/// ```
/// use neurona_core::nn::{Adam, Optimizer, optimizer_from_config};
/// let object = Adam::new(0.01).clipnorm(1.0).config().unwrap();
/// let optimizer = optimizer_from_config(object)?;
/// assert_eq!(optimizer.options().clipnorm, Some(1.0));
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn optimizer_from_config(object: Object) -> Result<Box<dyn Optimizer>> {
    fn boxed<O: Optimizer + Config + 'static>(
        optimizer: O,
        config: Map<String, Value>,
    ) -> Result<Box<dyn Optimizer>> {
        let options = optimizer.options();
        Ok(Box::new(read(Tuned { optimizer, options }, config)?))
    }
    let Object { class, config } = object;
    let name = optimizer_from_name(&class)?.name();
    let optimizer = match name {
        "sgd" => boxed(Sgd::default(), config),
        "rmsprop" => boxed(RmsProp::default(), config),
        "adam" => boxed(Adam::default(), config),
        "adamw" => boxed(AdamW::default(), config),
        "adagrad" => boxed(Adagrad::default(), config),
        "adadelta" => boxed(Adadelta::default(), config),
        "adamax" => boxed(Adamax::default(), config),
        "nadam" => boxed(Nadam::default(), config),
        "lion" => boxed(Lion::default(), config),
        "lamb" => boxed(Lamb::default(), config),
        "ftrl" => boxed(Ftrl::default(), config),
        "muon" => boxed(Muon::default(), config),
        _ => boxed(Adafactor::default(), config),
    };
    optimizer.map_err(|error| error.inside(class))
}
