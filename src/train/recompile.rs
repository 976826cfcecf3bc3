//! Compiling with a part of what a model is compiled with, and what keeps it from being used.

use super::engine::{Compiled, not_compiled};
use super::files::{self, Lack};
use super::model::{Model, check_losses, metrics_of};
use crate::nn::{Metric, Optimizer, WeightedLoss, check_optimizer};
use neurona_core::error::{Code, Error, Result};

impl Model {
    /// Compiles again with what is given; the rest is as it was, or as in the file that the model
    /// was read from. The optimizer starts afresh if it is given, and otherwise continues with its
    /// state. Metrics are for every output unless [`Metric::on`] names one. It is meant for files
    /// compiled with something that does not exist here, and to ask for other metrics.
    ///
    /// Errors: as in [`compile`](Model::compile); E014 no loss is given and there is none. Then
    /// nothing has changed.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([4]).add(Dense::new(1));
    /// model.compile(Adam::default(), MeanSquaredError, [])?;
    /// model.recompile(None, None, Some(vec![Metric::MeanAbsoluteError]))?;
    /// let config = model.compile_config().expect("compiled");
    /// assert_eq!(config["optimizer"]["class_name"], "Adam");
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn recompile(
        &mut self,
        optimizer: Option<Box<dyn Optimizer>>,
        losses: Option<Vec<WeightedLoss>>,
        metrics: Option<Vec<Metric>>,
    ) -> Result<()> {
        if let Some(optimizer) = &optimizer {
            check_optimizer(&**optimizer)?;
        }
        let outputs = self.network.output_names();
        if let Some(losses) = &losses {
            check_losses(losses, &outputs)?;
        }
        let metrics = metrics.map(|metrics| metrics_of(&outputs, &metrics)).transpose()?;
        if losses.is_none() && self.compiled.is_none() {
            return Err(self.not_compiled());
        }
        let before = match (self.compiled.take(), self.lacks.take()) {
            (Some(before), _) => before,
            (None, Some(Lack { optimizer, metrics, .. })) => {
                Compiled { losses: Vec::new(), optimizer, metrics, loss_scale: None }
            }
            (None, None) => Compiled {
                losses: Vec::new(),
                optimizer: files::no_optimizer(),
                metrics: vec![Vec::new(); outputs.len()],
                loss_scale: None,
            },
        };
        let is_new = optimizer.is_some();
        self.compiled = Some(Compiled {
            losses: losses.unwrap_or(before.losses),
            optimizer: optimizer.unwrap_or(before.optimizer),
            metrics: metrics.unwrap_or(before.metrics),
            loss_scale: before.loss_scale.filter(|_| !is_new),
        });
        match self.engine.as_mut() {
            Some(engine) if is_new => engine.recompiled(),
            Some(engine) => engine.forget_programs(),
            None => {}
        }
        Ok(())
    }

    /// Checks that the model can be evaluated. Errors (E014): it is not compiled, or the file that
    /// it was read from names no loss that can be used here.
    pub fn check_evaluates(&self) -> Result<()> {
        self.compiled.as_ref().map(drop).ok_or_else(|| self.not_compiled())
    }

    /// Checks that the model can be trained. Errors (E014): as in
    /// [`check_evaluates`](Model::check_evaluates), and the same for the optimizer.
    pub fn check_trains(&self) -> Result<()> {
        self.compiled.as_ref().ok_or_else(|| self.not_compiled())?.optimizer.check()
    }

    /// Whether there is an optimizer to train with, whether or not there is a loss.
    pub fn has_optimizer(&self) -> bool {
        let of_file = || self.lacks.as_ref().map(|lack| &lack.optimizer);
        let optimizer = self.compiled.as_ref().map(|compiled| &compiled.optimizer);
        optimizer.or_else(of_file).is_some_and(|optimizer| optimizer.check().is_ok())
    }

    /// The error for a model that is not compiled: what its file lacks, if it was read from one.
    pub(super) fn not_compiled(&self) -> Error {
        match &self.lacks {
            Some(lack) => Error::new(Code::E014, lack.text.clone()).fix(own_loss()),
            None => not_compiled(),
        }
    }
}

neurona_core::messages! {
    fn own_loss() {
        en: "call model.compile(optimizer, loss, metrics) with a loss for each output before fit or evaluate; one of your own implements Loss",
        es: "llame a model.compile(optimizador, pérdida, métricas) con una pérdida por salida antes de fit o evaluate; una propia implementa Loss",
    }
}
