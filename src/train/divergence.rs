//! Why a training step was refused: the interpreter runs it again and finds the first number that is not finite.

use super::batches::gather;
use super::engine::{Engine, Ready};
use super::training::Training;
use crate::cpu::Arena;
use crate::tensor::{DType, Tensor};
use neurona_core::compile::{Slot, compile};
use neurona_core::error::{Code, Error};
use neurona_core::graph::{Graph, NodeId, Role, Value};
use neurona_core::message::Text;

/// A step that was refused: nothing has changed.
#[derive(Debug)]
pub(super) struct Divergence {
    layer: Option<String>,
    what: Text,
    fix: Text,
    /// Whether the weights were finite before it.
    was_finite: bool,
}

/// What ends an epoch early.
#[derive(Debug)]
pub(super) enum Failure {
    /// Bad data, or a bad checkpoint.
    Other(Error),
    Diverged(Box<Divergence>),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Other(error)
    }
}

impl Failure {
    /// The error, with the weights that stay.
    pub(super) fn error(self, kept: &Text) -> Error {
        match self {
            Failure::Other(error) => error,
            Failure::Diverged(divergence) => divergence.error(kept),
        }
    }
}

impl Divergence {
    /// Error E041, with the weights that stay.
    pub(super) fn error(self, kept: &Text) -> Error {
        let text = if self.was_finite { with_kept(&self.what, kept) } else { self.what };
        let error = Error::new(Code::E041, text).fix(self.fix);
        self.layer.into_iter().fold(error, Error::at)
    }
}

/// What was not finite first.
enum Culprit {
    /// A weight or a memory of the optimizer, before the step: this many of this many numbers.
    Before { name: String, bad: usize, all: usize },
    /// An operation of a layer, on the way forward or back.
    Operation { layer: String, operation: &'static str },
    /// The loss itself.
    Loss,
    /// The gradient of the loss, before any layer.
    Gradient,
    /// The next value of a weight or a memory of the optimizer.
    Update(String),
    /// The interpreter, which adds in another order, finds everything finite.
    Unknown,
}

impl Training<'_> {
    /// Why a step on these rows was refused.
    pub(super) fn diverged(
        &self,
        engine: &Engine,
        rows: &[usize],
        epoch: usize,
        batch: usize,
    ) -> Divergence {
        let rate = engine.rate(self.compiled);
        let culprit = self.culprit(engine, rows).unwrap_or(Culprit::Unknown);
        let was_finite = !matches!(culprit, Culprit::Before { .. });
        let (what, layer) = match culprit {
            Culprit::Before { name, bad, all } => {
                let own = engine.weights.iter().any(|weight| weight.name == name);
                let fix = if own { finite_weights() } else { compile_again() };
                let what = never_finite(epoch + 1, batch, &name, bad, all);
                return Divergence { layer: None, what, fix, was_finite };
            }
            Culprit::Operation { layer, operation } => {
                let what = match largest(engine, &layer) {
                    Some(largest) => in_layer(epoch + 1, batch, operation, f64::from(largest)),
                    None => without_weights(epoch + 1, batch, operation),
                };
                (what, Some(layer))
            }
            Culprit::Loss => (in_loss(epoch + 1, batch), None),
            Culprit::Gradient => (in_gradient(epoch + 1, batch), None),
            Culprit::Update(name) => (in_update(epoch + 1, batch, &name), None),
            Culprit::Unknown => (somewhere(epoch + 1, batch), None),
        };
        let [x, y] = [&self.samples.x, &self.samples.y].map(|tensors| range(tensors, rows));
        let fix = if x[1] - x[0] > 20.0 {
            scale_inputs(x[0], x[1], rate)
        } else if !self.has_labels() && y[1].max(-y[0]) > 20.0 {
            scale_targets(y[0], y[1], rate)
        } else {
            lower_rate(rate)
        };
        Divergence { layer, what, fix, was_finite }
    }

    /// Whether a target is class labels, which nobody scales.
    fn has_labels(&self) -> bool {
        use crate::nn::TargetKind::{Classes, Groups, Numbers, Probabilities};
        self.compiled.losses.iter().any(|loss| match loss.loss.target_kind() {
            Classes | Probabilities | Groups => true,
            Numbers => false,
        })
    }

    fn culprit(&self, engine: &Engine, rows: &[usize]) -> Option<Culprit> {
        let (usage, compiled) = (&self.usage, Some(self.compiled));
        let (graph, _) =
            engine.graph(self.network, compiled, usage, &self.dtypes, rows.len()).ok()?;
        let values = self.values(engine, &graph, rows);
        for (input, value) in graph.inputs.iter().zip(&values) {
            if let (Role::State, Value::Float(values)) = (input.role, value)
                && !all_finite(values)
            {
                let bad = values.iter().filter(|value| !value.is_finite()).count();
                return Some(Culprit::Before { name: input.name.clone(), bad, all: values.len() });
            }
        }
        let all = graph.evaluate(&values);
        let is_bad = |id: NodeId| matches!(&all[id.index()], Value::Float(v) if !all_finite(v));
        let in_loss = graph.guards.first().is_some_and(|loss| is_bad(*loss));
        let anywhere = graph.guards.iter().any(|id| is_bad(*id));
        // A layer says more than the loss, which belongs to no layer, as updates do.
        let of_layer = |id: &NodeId| !graph.scope(*id).is_empty() && is_bad(*id);
        let first = graph.ids().filter(|_| anywhere).find(of_layer);
        Some(match first {
            Some(id) => Culprit::Operation {
                layer: graph.scope(id).to_owned(),
                operation: graph.node(id).op.name(),
            },
            None if in_loss => Culprit::Loss,
            None if anywhere => Culprit::Gradient,
            None => {
                let updated = graph.updates.iter().find(|(_, value)| is_bad(*value));
                let state = updated
                    .and_then(|(state, _)| graph.inputs.iter().find(|input| input.node == *state));
                state.map_or(Culprit::Unknown, |input| Culprit::Update(input.name.clone()))
            }
        })
    }

    /// The inputs of the step, in the interpreter's form.
    fn values(&self, engine: &Engine, graph: &Graph, rows: &[usize]) -> Vec<Value<f32>> {
        // A scratch block of its own: the batch is gathered anew.
        let program = compile(graph);
        let mut scratch = Arena::new(program.scratch_bytes);
        let ready = Ready::new(program, Vec::new());
        for (tensor, slot) in self.samples.places(&ready) {
            gather(tensor, rows, slot, &mut scratch);
        }
        let (iteration, key) = self.counters(engine.iterations);
        let mut batch = |slot: Slot| match slot.ty.dtype {
            DType::I32 => Value::Int(scratch.ints(slot).to_vec()),
            DType::U8 => Value::Byte(scratch.slot_bytes_mut(slot).to_vec()),
            DType::Bool => {
                let bytes = scratch.slot_bytes_mut(slot);
                Value::Bool(bytes.iter().map(|&b| b != 0).collect())
            }
            DType::F32 | DType::F64 => Value::Float(scratch.floats(slot).to_vec()),
        };
        let inputs = graph.inputs.iter().zip(&ready.program.inputs);
        let value = |(input, (_, slot)): (&neurona_core::graph::Input, &(String, Slot))| match (
            input.name.as_str(),
            input.role,
        ) {
            ("key", _) => Value::Int(key.to_vec()),
            ("learning_rate", _) => Value::Float(vec![engine.rate(self.compiled) as f32]),
            ("iteration", _) => Value::Float(vec![iteration]),
            (_, Role::State) => Value::Float(engine.read(*slot, graph.ty(input.node).shape)),
            (_, Role::Batch) => batch(*slot),
        };
        inputs.map(value).collect()
    }
}

/// A layer's largest absolute weight, to four digits; `None` if the layer has no weights.
fn largest(engine: &Engine, layer: &str) -> Option<f32> {
    let own = engine.weights.iter().zip(&engine.slots);
    // The operation may belong to a nested model.
    let own = own.filter(|(weight, _)| {
        let path = weight.layers.join("/");
        path == layer || path.starts_with(&format!("{layer}/"))
    });
    let values = own.flat_map(|(_, slot)| engine.state.now().floats(*slot));
    let largest = values.map(|w| w.abs()).reduce(f32::max)?;
    format!("{largest:.3e}").parse().ok()
}

/// The smallest and the largest number in these rows.
fn range(tensors: &[Tensor<'_>], rows: &[usize]) -> [f64; 2] {
    let of_row = |row: usize| tensors.iter().map(move |x| x.slice_rows(row, row + 1));
    let values = rows.iter().flat_map(|&row| of_row(row)).flat_map(|x| x.to_f64());
    values.fold([f64::MAX, f64::MIN], |[low, high], x| [low.min(x), high.max(x)])
}

fn all_finite(values: &[f32]) -> bool {
    values.iter().fold(true, |all, v| all & v.is_finite())
}

/// Whether all weights are finite.
pub(super) fn finite(engine: &Engine) -> bool {
    engine.slots.iter().all(|slot| all_finite(engine.state.now().floats(*slot)))
}

neurona_core::messages! {
    /// What stays if nothing has changed.
    pub(super) fn before_batch() {
        en: "the weights before this batch",
        es: "los pesos anteriores a este lote",
    }

    /// What stays if a callback has changed something since.
    pub(super) fn of_callback() {
        en: "the weights that a callback set at the end of training",
        es: "los pesos que un callback puso al final del entrenamiento",
    }

    fn with_kept(what: &Text, kept: &Text) {
        en: "{what}. Kept: {kept}",
        es: "{what}. Se conservan {kept}",
    }

    fn without_weights(epoch: usize, batch: usize, operation: &str) {
        en: "training stopped at epoch {epoch}, batch {batch}: the loss or its gradient is not a finite number, first in {operation}; this layer has no weights",
        es: "el entrenamiento se detuvo en la época {epoch}, lote {batch}: la pérdida o su gradiente no es un número finito, primero en {operation}; esta capa no tiene pesos",
    }

    fn in_layer(epoch: usize, batch: usize, operation: &str, largest: f64) {
        en: "training stopped at epoch {epoch}, batch {batch}: the loss or its gradient is not a finite number, first in {operation}; weights of this layer reach {largest}",
        es: "el entrenamiento se detuvo en la época {epoch}, lote {batch}: la pérdida o su gradiente no es un número finito, primero en {operation}; los pesos de esta capa llegan a {largest}",
    }

    fn in_loss(epoch: usize, batch: usize) {
        en: "training stopped at epoch {epoch}, batch {batch}: a number is not finite, first in the loss; the layers' outputs are finite",
        es: "el entrenamiento se detuvo en la época {epoch}, lote {batch}: un número no es finito, primero en la pérdida; las salidas de las capas son finitas",
    }

    fn in_gradient(epoch: usize, batch: usize) {
        en: "training stopped at epoch {epoch}, batch {batch}: the loss is finite, but a number is not, first in the gradient of the loss",
        es: "el entrenamiento se detuvo en la época {epoch}, lote {batch}: la pérdida es finita, pero hay un número que no lo es, primero en el gradiente de la pérdida",
    }

    fn in_update(epoch: usize, batch: usize, name: &str) {
        en: "training stopped at epoch {epoch}, batch {batch}: the loss and its gradient are finite, but the new value of {name} would not be",
        es: "el entrenamiento se detuvo en la época {epoch}, lote {batch}: la pérdida y su gradiente son finitos, pero el nuevo valor de {name} no lo sería",
    }

    fn somewhere(epoch: usize, batch: usize) {
        en: "training stopped at epoch {epoch}, batch {batch}: the loss, its gradient or a new weight is too large for a finite number of 32 bits",
        es: "el entrenamiento se detuvo en la época {epoch}, lote {batch}: la pérdida, su gradiente o un peso nuevo es demasiado grande para un número finito de 32 bits",
    }

    fn never_finite(epoch: usize, batch: usize, name: &str, bad: usize, all: usize) {
        en: "training stopped at epoch {epoch}, batch {batch}: {bad} of the {all} numbers of {name} are NaN or infinite, and they were before this training: a file or a call has set them. Nothing has changed",
        es: "el entrenamiento se detuvo en la época {epoch}, lote {batch}: {bad} de los {all} números de {name} son NaN o infinitos, y ya lo eran antes de este entrenamiento: los puso un archivo o una llamada. No ha cambiado nada",
    }

    fn finite_weights() {
        en: "load or set weights that are finite, or train a new model",
        es: "cargue o ponga pesos finitos, o entrene un modelo nuevo",
    }

    fn compile_again() {
        en: "compile the model again, which starts the optimizer afresh",
        es: "compile el modelo de nuevo, con lo que el optimizador comienza desde cero",
    }

    fn lower_rate(rate: f64) {
        en: "lower the learning rate (now {rate})",
        es: "baje la tasa de aprendizaje (ahora {rate})",
    }

    fn scale_inputs(low: f64, high: f64, rate: f64) {
        en: "x goes from {low} to {high}: scale it to 0–1, or lower the learning rate (now {rate})",
        es: "x va de {low} a {high}: llévela a 0–1, o baje la tasa de aprendizaje (ahora {rate})",
    }

    fn scale_targets(low: f64, high: f64, rate: f64) {
        en: "y goes from {low} to {high}: scale it to 0–1, or lower the learning rate (now {rate})",
        es: "y va de {low} a {high}: llévela a 0–1, o baje la tasa de aprendizaje (ahora {rate})",
    }
}
