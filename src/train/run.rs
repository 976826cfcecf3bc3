//! Running a model without training it: `evaluate` and `predict`.

use super::batches::{gather, graph_dtype};
use super::engine::{Compiled, Engine, Use, not_compiled};
use super::model::{Scores, Sequential};
use super::tally::Tally;
use crate::cpu::Cpu;
use crate::nn::{Network, Targets, check_finite, check_rows, targets_for};
use crate::tensor::{Shape, Tensor, ToTensor};
use ndarray::ArrayD;
use neurona_core::error::Result;

/// Samples at once where the user does not say: Keras' number.
const BATCH: usize = 32;

impl Sequential {
    /// The loss and metrics on data the model is not trained on.
    ///
    /// Shapes: `x` is `(rows, sample…)`; `y` as the loss takes it. Errors: E012 to E014, E021 to E025.
    pub fn evaluate<'a>(&mut self, x: impl ToTensor<'a>, y: impl ToTensor<'a>) -> Result<Scores> {
        let (x, y) = (x.to_tensor()?, y.to_tensor()?);
        check_rows(&x, &y)?;
        self.sample_of(&x)?;
        check_finite("x", &x)?;
        self.built()?;
        self.with_cpu(|model, cpu| {
            let Sequential { network, compiled, engine, .. } = &mut *model;
            let compiled = compiled.as_ref().ok_or_else(not_compiled)?;
            let engine = engine.as_mut().ok_or_else(not_compiled)?;
            let (targets, _) = targets_for(network, &*compiled.loss, engine.output, &y)?;
            let run = Evaluation { network, compiled, targets, batch: BATCH };
            run.scores(engine, cpu, &x, &y)
        })
    }

    /// The model's output for each sample.
    ///
    /// Shapes: `x` is `(rows, sample…)`, the result `(rows, output…)`; no rows give no rows.
    /// Errors: E012, E014, E023.
    pub fn predict<'a>(&mut self, x: impl ToTensor<'a>) -> Result<ArrayD<f32>> {
        let x = x.to_tensor()?;
        self.sample_of(&x)?;
        check_finite("x", &x)?;
        self.built()?;
        self.with_cpu(|model, cpu| {
            let Sequential { network, engine, .. } = &mut *model;
            predict(network, engine.as_mut().ok_or_else(not_compiled)?, cpu, &x)
        })
    }
}

fn predict(
    network: &Network,
    engine: &mut Engine,
    cpu: &Cpu,
    x: &Tensor<'_>,
) -> Result<ArrayD<f32>> {
    let width = engine.output.elems();
    let mut values = vec![0.0; x.rows() * width];
    for (rows, first) in pieces(x.rows(), BATCH) {
        let ready = engine.ready(network, None, Use::Predict, graph_dtype(x), rows)?;
        let order: Vec<usize> = (first..first + rows).collect();
        gather(x, &order, ready.x, &mut engine.scratch);
        engine.run(cpu, &ready);
        if let Some(prediction) = ready.prediction {
            values[first * width..][..rows * width]
                .copy_from_slice(engine.scratch.floats(prediction));
        }
    }
    let dims = [&[x.rows()], engine.output.dims()].concat();
    Tensor::new(Shape::new(&dims)?, values)?.into_array()
}

/// An evaluation on data whose targets were checked.
pub(super) struct Evaluation<'a> {
    pub(super) network: &'a Network,
    pub(super) compiled: &'a Compiled,
    pub(super) targets: Targets,
    pub(super) batch: usize,
}

impl Evaluation<'_> {
    pub(super) fn scores(
        &self,
        engine: &mut Engine,
        cpu: &Cpu,
        x: &Tensor<'_>,
        y: &Tensor<'_>,
    ) -> Result<Scores> {
        let mut tally = Tally::new(self.compiled);
        for (rows, first) in pieces(x.rows(), self.batch) {
            let usage = Use::Test(self.targets);
            let ready =
                engine.ready(self.network, Some(self.compiled), usage, graph_dtype(x), rows)?;
            let order: Vec<usize> = (first..first + rows).collect();
            gather(x, &order, ready.x, &mut engine.scratch);
            if let Some(slot) = ready.y {
                gather(y, &order, slot, &mut engine.scratch);
            }
            engine.run(cpu, &ready);
            tally.add(&ready, &engine.scratch, rows);
        }
        Ok(tally.scores())
    }
}

/// Consecutive batches of `rows`: how many rows, and the first.
fn pieces(rows: usize, batch: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).step_by(batch).map(move |first| (batch.min(rows - first), first))
}
