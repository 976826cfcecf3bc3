//! Running a model without training it: `evaluate` and `predict`.

use super::engine::{Compiled, Engine, Form, Use, not_compiled};
use super::model::{Model, Scores};
use super::options::{Evaluate, Predict, check_batch};
use super::samples::Samples;
use super::tally::Tally;
use crate::cpu::Cpu;
use crate::nn::{Finding, Network, check_finite, check_ids};
use crate::tensor::{Shape, Tensor, ToTensors};
use ndarray::{Array1, ArrayD};
use neurona_core::error::{Code, Error, Result};

impl Model {
    /// The loss and metrics on data that the model is not trained on.
    ///
    /// Shapes: `x` is `(rows, sample…)`, a tuple of arrays if the model has several inputs; `y` as the loss
    /// takes it, one for each output. Errors: E012 to E014, E021 to E025.
    pub fn evaluate<'a>(&self, x: impl ToTensors<'a>, y: impl ToTensors<'a>) -> Result<Scores> {
        self.evaluate_with(x, y, Evaluate::default())
    }

    /// The same with [options](Evaluate): sample weights, and how many samples are processed at
    /// once. Errors: as there; E016 a batch of 0.
    pub fn evaluate_with<'a>(
        &self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
        options: Evaluate<'_>,
    ) -> Result<Scores> {
        let Evaluate { batch_size, sample_weight } = options;
        check_batch(batch_size)?;
        let weights = sample_weight.transpose()?;
        let samples = self.taken(Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights })?;
        self.check_samples(&samples)?;
        self.with_engine(|_| Ok(()))?;
        let form = self.form_of(&samples)?.0;
        let Model { network, compiled, .. } = self;
        let compiled = compiled.as_ref().ok_or_else(not_compiled)?;
        self.with_engine_and_cpu(|engine, cpu| {
            let run = Evaluation { network, compiled, form, batch: batch_size };
            run.scores(engine, cpu, &samples)
        })
    }

    /// Anything legal about data, but seldom meant: what [`fit`](Model::fit) reports before it
    /// trains on them, and what [`evaluate`](Model::evaluate), which returns only numbers, does not
    /// report. Errors: as in `evaluate`.
    ///
    /// ```
    /// use ndarray::array;
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([1]).add(Dense::new(2).activation(Softmax));
    /// model.compile(Sgd::default(), CategoricalCrossentropy::default(), [])?;
    /// let rows = array![[1.0f32, 0.0], [0.0, 0.0]];
    /// let notes = model.data_notes(&array![[0.5f32], [0.7]], &rows)?;
    /// assert_eq!(notes[0].code, "W022");
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn data_notes<'a>(
        &self,
        x: impl ToTensors<'a>,
        y: impl ToTensors<'a>,
    ) -> Result<Vec<Finding>> {
        let samples = Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights: None };
        let samples = self.taken(samples)?;
        self.check_samples(&samples)?;
        self.with_engine(|_| Ok(()))?;
        Ok(self.form_of(&samples)?.1)
    }

    /// The model's output for each sample.
    ///
    /// Shapes: `x` is `(rows, sample…)`, a tuple of arrays if the model has several inputs; the
    /// result is `(rows, output…)`; no rows give no rows. Errors: E012, E014, E022, E023; E014 if
    /// the model has several outputs, which [`predict_all`](Model::predict_all) gives.
    pub fn predict<'a>(&self, x: impl ToTensors<'a>) -> Result<ArrayD<f32>> {
        let outputs = self.network.output_names();
        if outputs.len() != 1 {
            let text = several_outputs(outputs.len(), &outputs.join(", "));
            return Err(Error::new(Code::E014, text).fix(predict_all()));
        }
        Ok(self.predict_all(x)?.swap_remove(0))
    }

    /// The model's output for one sample, without a dimension for the rows. If the output has
    /// several dimensions, all numbers are in row-major order.
    ///
    /// Shapes: `x` is `(sample…)`, a tuple of arrays if the model has several inputs. Errors: as in
    /// [`predict`](Model::predict).
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([4]).add(Dense::new(3).activation(Softmax));
    /// let probabilities = model.predict_one(&[5.1f32, 3.5, 1.4, 0.2])?;
    /// assert_eq!(probabilities.len(), 3);
    /// println!("class {}", argmax(&probabilities));
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn predict_one<'a>(&self, x: impl ToTensors<'a>) -> Result<Array1<f32>> {
        let batch = |x: Tensor<'a>| {
            let shape = Shape::new(&[&[1], x.shape().dims()].concat())?;
            x.reshaped(shape)
        };
        let rows: Vec<Tensor<'a>> =
            x.to_tensors()?.into_iter().map(batch).collect::<Result<_>>()?;
        Ok(self.predict(rows)?.into_iter().collect())
    }

    /// All outputs of the model for each sample. Shapes and errors: as in
    /// [`predict`](Model::predict).
    pub fn predict_all<'a>(&self, x: impl ToTensors<'a>) -> Result<Vec<ArrayD<f32>>> {
        self.predict_with(x, Predict::default())
    }

    /// The same with [options](Predict): how many samples are processed at once. Errors: as there;
    /// E016 a batch of 0.
    ///
    /// ```
    /// use ndarray::Array2;
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([2]).add(Dense::new(3));
    /// let x = Array2::<f32>::ones((500, 2));
    /// let outputs = model.predict_with(&x, Predict { batch_size: 256 })?;
    /// assert_eq!(outputs, model.predict_all(&x)?);
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn predict_with<'a>(
        &self,
        x: impl ToTensors<'a>,
        options: Predict,
    ) -> Result<Vec<ArrayD<f32>>> {
        check_batch(options.batch_size)?;
        self.outputs(&Use::Predict, x.to_tensors()?, options.batch_size)
    }

    /// A layer's output for each sample, at its first call.
    ///
    /// Shapes: as in [`predict`](Model::predict). Errors: as there; E015 no such layer.
    ///
    /// ```
    /// use ndarray::array;
    /// use neurona::prelude::*;
    /// let mut model = Sequential::new([2]).add(Dense::new(3).named("hidden")).add(Dense::new(1));
    /// let hidden = model.outputs_of("hidden", &array![[0.0f32, 1.0]])?;
    /// assert_eq!(hidden.shape(), [1, 3]);
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn outputs_of<'a>(&self, layer: &str, x: impl ToTensors<'a>) -> Result<ArrayD<f32>> {
        let batch = Predict::default().batch_size;
        Ok(self.outputs(&Use::Layer(layer.to_owned()), x.to_tensors()?, batch)?.swap_remove(0))
    }

    fn outputs(&self, usage: &Use, x: Vec<Tensor<'_>>, batch: usize) -> Result<Vec<ArrayD<f32>>> {
        let x = self.taken(Samples::inputs(x))?.x;
        self.samples_of(&x)?;
        x.iter().try_for_each(|x| check_finite("x", x))?;
        self.with_engine_and_cpu(|engine, cpu| {
            check_ids(&engine.ids, &x)?;
            outputs(&self.network, engine, cpu, usage, &Samples::inputs(x), batch)
        })
    }
}

fn outputs(
    network: &Network,
    engine: &mut Engine,
    cpu: &Cpu,
    usage: &Use,
    samples: &Samples<'_>,
    batch: usize,
) -> Result<Vec<ArrayD<f32>>> {
    let (rows, dtypes) = (samples.rows(), samples.dtypes());
    let mut values: Vec<(Vec<f32>, Shape)> = Vec::new();
    // Without rows, a program for one row is asked for, to know the shapes, and not run.
    for (count, first) in pieces(rows, batch).chain((rows == 0).then_some((0, 0))) {
        let ready = engine.ready(network, None, usage, &dtypes, count.max(1))?;
        if values.is_empty() {
            for slot in &ready.predictions {
                let sample = Shape::new(slot.ty.shape.dims().get(1..).unwrap_or_default())?;
                values.push((vec![0.0; rows * sample.elems()], sample));
            }
        }
        if count > 0 {
            let order: Vec<usize> = (first..first + count).collect();
            samples.gather(&order, &ready, engine);
            engine.run(cpu, &ready);
        }
        for ((values, sample), slot) in values.iter_mut().zip(&ready.predictions) {
            let width = sample.elems();
            let found = &engine.scratch.floats(*slot)[..count * width];
            values[first * width..][..count * width].copy_from_slice(found);
        }
    }
    values
        .into_iter()
        .map(|(values, sample)| {
            let dims = [&[rows], sample.dims()].concat();
            Tensor::new(Shape::new(&dims)?, values)?.into_array()
        })
        .collect()
}

/// An evaluation on data whose targets were checked.
pub(super) struct Evaluation<'a> {
    pub(super) network: &'a Network,
    pub(super) compiled: &'a Compiled,
    pub(super) form: Form,
    pub(super) batch: usize,
}

impl<'a> Evaluation<'a> {
    pub(super) fn scores(
        &self,
        engine: &mut Engine,
        cpu: &Cpu,
        samples: &Samples<'_>,
    ) -> Result<Scores> {
        let mut tally = None;
        self.add_to(&mut tally, engine, cpu, samples)?;
        Ok(tally.map_or_else(Scores::default, |tally: Tally<'_>| tally.scores()))
    }

    /// Adds the model's results on these samples to its results on others.
    pub(super) fn add_to(
        &self,
        tally: &mut Option<Tally<'a>>,
        engine: &mut Engine,
        cpu: &Cpu,
        samples: &Samples<'_>,
    ) -> Result<()> {
        let (usage, dtypes) = (Use::Test(self.form.clone()), samples.dtypes());
        for (rows, first) in pieces(samples.rows(), self.batch) {
            let ready = engine.ready(self.network, Some(self.compiled), &usage, &dtypes, rows)?;
            let order: Vec<usize> = (first..first + rows).collect();
            samples.gather(&order, &ready, engine);
            engine.run(cpu, &ready);
            let tally = tally.get_or_insert_with(|| Tally::new(self.compiled, &ready));
            tally.add(&ready, &engine.scratch, rows);
        }
        Ok(())
    }
}

/// Consecutive batches of `rows`: how many rows, and the first.
fn pieces(rows: usize, batch: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).step_by(batch).map(move |first| (batch.min(rows - first), first))
}

neurona_core::messages! {
    fn several_outputs(outputs: usize, names: &str) {
        en: "the model has {outputs} outputs ({names}), but predict returns one",
        es: "el modelo tiene {outputs} salidas ({names}), pero predict devuelve una",
    }

    fn predict_all() {
        en: "call predict_all, which returns all of them",
        es: "llame a predict_all, que las devuelve todas",
    }
}
