//! Optimizers: how a gradient changes a weight.

mod adam;
mod rmsprop;
mod sgd;

pub use adam::{Adam, AdamW};
pub use rmsprop::RmsProp;
pub use sgd::Sgd;

use crate::error::{Result, unknown_name};
use crate::graph::{Builder, Expr, Role};
use crate::message::Text;
use crate::tensor::DType;
use std::fmt;

/// What an optimizer may use of the training step besides the gradient.
#[derive(Clone, Copy, Debug)]
pub struct StepInputs<'g> {
    /// The learning rate of this step.
    pub learning_rate: Expr<'g>,
    /// The number of this step, from 1.
    pub iteration: Expr<'g>,
}

impl<'g> StepInputs<'g> {
    /// `base` to the power of the step's number.
    pub fn power(&self, base: f64) -> Expr<'g> {
        self.iteration.fill_like(base).pow(self.iteration)
    }
}

/// An optimizer's memories of one weight, kept from step to step and zero at first.
#[derive(Debug)]
pub struct Slots<'g> {
    builder: &'g Builder,
    weight: String,
    like: Expr<'g>,
}

impl<'g> Slots<'g> {
    pub(super) fn new(builder: &'g Builder, weight: &str, like: Expr<'g>) -> Slots<'g> {
        Slots { builder, weight: weight.to_owned(), like }
    }

    /// Declares a memory shaped like the weight, sets what follows from its value, and returns that.
    pub fn update(&self, name: &str, next: impl FnOnce(Expr<'g>) -> Expr<'g>) -> Expr<'g> {
        let name = format!("{}/{name}", self.weight);
        let slot = self.builder.input(&name, Role::State, DType::F32, self.like.shape().dims());
        let next = next(slot);
        self.builder.update(slot, next);
        next
    }
}

/// An optimizer: settings, and the formula of the new weight.
pub trait Optimizer: fmt::Debug + Send + Sync {
    /// Its name, as Keras spells it.
    fn name(&self) -> &'static str;

    /// The learning rate training starts with.
    fn learning_rate(&self) -> f64;

    /// The new value of a weight, for its gradient.
    fn update<'g>(
        &self,
        step: StepInputs<'g>,
        slots: &Slots<'g>,
        weight: Expr<'g>,
        gradient: Expr<'g>,
    ) -> Expr<'g>;
}

/// The optimizer of that name (in any case), with its defaults. Errors (E015): no such name, with the nearest.
///
/// ```
/// use neurona_core::nn::optimizer_from_name;
/// assert_eq!(optimizer_from_name("SGD")?.learning_rate(), 0.01);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn optimizer_from_name(name: &str) -> Result<Box<dyn Optimizer>> {
    Ok(match name.to_lowercase().as_str() {
        "sgd" => Box::new(Sgd::default()),
        "rmsprop" => Box::new(RmsProp::default()),
        "adam" => Box::new(Adam::default()),
        "adamw" => Box::new(AdamW::default()),
        _ => {
            let kind = Text::new("optimizer", "ningún optimizador");
            return Err(unknown_name(&kind, name, &["sgd", "rmsprop", "adam", "adamw"]));
        }
    })
}
