//! What an optimizer is given for a weight: the step's numbers, and memories.

use super::turn::Turn;
use crate::graph::{Builder, Expr, Role};
use crate::nn::Constraint;
use crate::tensor::{DType, Shape};

/// What an optimizer may use of the training step besides the gradient.
#[derive(Clone, Copy, Debug)]
pub struct StepInputs<'g> {
    /// The learning rate of this step.
    pub learning_rate: Expr<'g>,
    /// The number of this step, from 1.
    pub iteration: Expr<'g>,
}

impl<'g> StepInputs<'g> {
    /// Declares the inputs `learning_rate` and `iteration`.
    pub fn declare(builder: &'g Builder) -> StepInputs<'g> {
        let scalar = |name| builder.input(name, Role::Batch, DType::F32, &[]);
        StepInputs { learning_rate: scalar("learning_rate"), iteration: scalar("iteration") }
    }

    /// `base` to the power of the step's number.
    pub fn power(&self, base: f64) -> Expr<'g> {
        self.iteration.fill_like(base).pow(self.iteration)
    }
}

/// A weight to be changed.
#[derive(Clone, Debug)]
pub struct Param<'g> {
    /// Its name, as in `dense/kernel`.
    pub name: String,
    /// Its value before the step.
    pub expr: Expr<'g>,
    /// Where it is kept after each step; anywhere if `None`.
    pub constraint: Option<Constraint>,
}

/// An optimizer's memories of one weight, kept from step to step.
#[derive(Debug)]
pub struct Slots<'g> {
    pub(super) builder: &'g Builder,
    pub(super) optimizer: &'static str,
    pub(super) weight: String,
    pub(super) shape: Shape,
    /// When they change, if not at every step.
    pub(super) turn: Option<Turn<'g>>,
}

impl<'g> Slots<'g> {
    /// The weight's name, as in `dense/kernel`.
    pub fn weight(&self) -> &str {
        &self.weight
    }

    /// Declares a memory shaped like the weight and initially zero, sets its next value from it,
    /// and returns the next value.
    pub fn update(&self, name: &str, next: impl FnOnce(Expr<'g>) -> Expr<'g>) -> Expr<'g> {
        self.update_from(name, 0.0, next)
    }

    /// The same for a memory that starts at another number.
    pub fn update_from(
        &self,
        name: &str,
        initial: f64,
        next: impl FnOnce(Expr<'g>) -> Expr<'g>,
    ) -> Expr<'g> {
        self.update_shaped(name, self.shape.dims(), initial, next)
    }

    /// The same for a memory of another shape.
    pub fn update_shaped(
        &self,
        name: &str,
        dims: &[usize],
        initial: f64,
        next: impl FnOnce(Expr<'g>) -> Expr<'g>,
    ) -> Expr<'g> {
        let name = slot_name(self.optimizer, &self.weight, name);
        let slot = self.builder.state(&name, dims, initial);
        let next = next(slot);
        self.builder.update(slot, self.turn.map_or(next, |turn| turn.choose(next, slot)));
        next
    }
}

/// The name of a weight's memory.
pub(super) fn slot_name(optimizer: &str, weight: &str, slot: &str) -> String {
    format!("{optimizer}/{weight}/{slot}")
}
