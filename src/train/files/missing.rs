//! An optimizer that a file names and that cannot be used here.

use crate::graph::Expr;
use crate::nn::{LearningRate, Optimizer, Slots, StepInputs};
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;

/// A placeholder for the optimizer: a model is evaluated without one, and training is refused
/// before its first step.
#[derive(Debug)]
pub(super) struct MissingOptimizer {
    why: Text,
    learning_rate: LearningRate,
}

impl MissingOptimizer {
    pub(super) fn new(why: Text) -> MissingOptimizer {
        MissingOptimizer { why, learning_rate: LearningRate::from(0.0) }
    }
}

impl Optimizer for MissingOptimizer {
    fn name(&self) -> &'static str {
        "missing"
    }

    fn learning_rate(&self) -> &LearningRate {
        &self.learning_rate
    }

    /// The weight unchanged: [`check`](Optimizer::check) keeps training from coming here.
    fn update<'g>(
        &self,
        _: StepInputs<'g>,
        _: &Slots<'g>,
        weight: Expr<'g>,
        _: Expr<'g>,
    ) -> Expr<'g> {
        weight
    }

    fn check(&self) -> Result<()> {
        Err(Error::new(Code::E014, self.why.clone()).fix(give_one()))
    }
}

neurona_core::messages! {
    fn give_one() {
        en: "call model.compile(optimizer, loss, metrics) with an optimizer, for example Adam::default(), before training",
        es: "llame a model.compile(optimizador, pérdida, métricas) con un optimizador, por ejemplo Adam::default(), antes de entrenar",
    }
}
