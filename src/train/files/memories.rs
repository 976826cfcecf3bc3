//! An optimizer's state, in the layout of Keras' `optimizer/vars`.

use super::loss_scale::LossScale;
use super::weights::floats;
use crate::nn::{LearningRate, Network, TargetKind, Targets, Variable, optimizer_variables};
use crate::tensor::{DType, Shape, Tensor};
use crate::train::engine::{Compiled, Engine, Form, Ready, Use};
use neurona_core::compile::Slot;
use neurona_core::error::{Code, Error, Result};
use neurona_formats::Number;
use neurona_formats::hdf5::{Dataset, Group, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where it is; and where it is if Keras has wrapped the optimizer in one that scales the loss.
const VARS: &str = "optimizer/vars";
const INNER: &str = "optimizer/inner_optimizer/vars";

/// The optimizer around another one keeps two numbers that it does not use, then its counter and its scale. After them it
/// repeats what the one inside keeps.
const AROUND: usize = 4;

/// The memories of a model's optimizer: their names in training, and the order in which Keras has
/// them.
struct Memories {
    ready: Arc<Ready>,
    variables: Vec<Variable>,
}

/// Memories in a file: their group, the number of the first one in it, and what each one is.
struct Found<'m, 'g, 'a> {
    place: &'static str,
    vars: &'g Group<'a>,
    first: usize,
    variables: Vec<&'m Variable>,
}

impl Found<'_, '_, '_> {
    /// Whether each memory has the shape that it should have.
    fn fits(&self) -> bool {
        self.variables.iter().enumerate().all(|(i, variable)| {
            let dataset = self.vars.datasets.get(&(self.first + i).to_string());
            let shape = match variable {
                Variable::Iterations | Variable::LearningRate => Shape::SCALAR,
                Variable::Memory { shape, .. } | Variable::Unused(shape) => *shape,
            };
            dataset.is_some_and(|dataset| dataset.value.shape() == shape)
        })
    }
}

impl Memories {
    /// Makes room for them in the engine. Errors: anything that training would find wrong.
    fn of(network: &Network, compiled: &Compiled, engine: &mut Engine) -> Result<Memories> {
        let target = |kind| match kind {
            TargetKind::Groups => Targets::Groups,
            TargetKind::Classes | TargetKind::Probabilities | TargetKind::Numbers => {
                Targets::Numbers
            }
        };
        let targets = compiled.losses.iter().map(|loss| target(loss.loss.target_kind())).collect();
        let usage = Use::Train(Form { targets, weighted: false });
        let dtypes = vec![DType::F32; engine.samples.len()];
        let ready = engine.ready(network, Some(compiled), &usage, &dtypes, 1)?;
        let samples: Vec<Vec<usize>> = engine.samples.iter().map(|s| s.dims().to_vec()).collect();
        let weights = network.build(&samples)?.weights;
        let learnt: Vec<(&str, Shape)> = weights
            .iter()
            .filter(|weight| weight.trainable)
            .map(|weight| (weight.name.as_str(), weight.shape))
            .collect();
        let has = |name: &str| ready.program.input(name).is_some();
        let variables = optimizer_variables(&*compiled.optimizer, &learnt, &has);
        Ok(Memories { ready, variables })
    }

    /// Where a file has them: in a form with the same number of variables as the file and, if there
    /// are several such forms, with the same shapes.
    fn found<'m, 'g, 'a>(&'m self, root: &'g Group<'a>) -> Option<Found<'m, 'g, 'a>> {
        let mut all = Vec::new();
        for (place, first) in [(VARS, 0), (INNER, 0), (VARS, AROUND)] {
            let Some(vars) = root.group(place) else { continue };
            let forms = self.forms().into_iter();
            let counted = forms.filter(|form| vars.datasets.len() == first + form.len());
            all.extend(counted.map(|variables| Found { place, vars, first, variables }));
        }
        let best = all.iter().position(Found::fits).unwrap_or(0);
        (!all.is_empty()).then(|| all.swap_remove(best))
    }

    /// The variables as Keras writes them, first alone, then inside another optimizer.
    fn forms(&self) -> [Vec<&Variable>; 2] {
        [self.variables.iter().collect(), self.inner()]
    }

    /// The variables that Keras writes where one optimizer wraps another, and Keras 2 always: all
    /// except numbers that nothing uses, and Nadam's product.
    fn inner(&self) -> Vec<&Variable> {
        let is_kept = |variable: &&Variable| match variable {
            Variable::Unused(shape) => shape.rank() > 0,
            Variable::Memory { states, .. } => !is_product(states),
            Variable::Iterations | Variable::LearningRate => true,
        };
        self.variables.iter().filter(is_kept).collect()
    }

    /// The values of these variables, numbered from `first`.
    fn values(
        &self,
        variables: &[&Variable],
        compiled: &Compiled,
        engine: &Engine,
        first: usize,
    ) -> Result<BTreeMap<String, Dataset<'static>>> {
        let value = |variable: &Variable| match variable {
            Variable::Iterations => integer(engine.iterations as i64),
            Variable::LearningRate => {
                let rate = match compiled.optimizer.learning_rate() {
                    LearningRate::Constant(_) => engine.rate(compiled) as f32,
                    schedule => schedule.at(engine.iterations) as f32,
                };
                float(rate)
            }
            Variable::Memory { states, shape } => {
                let slot = self.ready.program.input(&states[0]);
                let values = slot.map(|slot| engine.read(slot, *shape));
                let zeros = || vec![0.0; shape.elems()];
                Ok(Value::numbers(&Tensor::new(*shape, values.unwrap_or_else(zeros))?))
            }
            Variable::Unused(shape) if shape.rank() == 0 => integer(0),
            Variable::Unused(shape) => {
                Ok(Value::numbers(&Tensor::new(*shape, vec![0.0f32; shape.elems()])?))
            }
        };
        let numbered = variables.iter().enumerate();
        numbered.map(|(i, v)| Ok(((first + i).to_string(), Dataset::new(value(v)?)))).collect()
    }

    /// Nadam's product of all shares so far, for a file that lacks it: it follows from the number
    /// of steps.
    fn product(&self, compiled: &Compiled, iterations: u64) -> Vec<Values> {
        let config = compiled.optimizer.config().map(|object| object.config);
        let beta = config.and_then(|config| config.get("beta_1")?.as_f64()).unwrap_or(0.9);
        let accumulated = compiled.optimizer.options().gradient_accumulation_steps.unwrap_or(1);
        let steps = iterations / accumulated.max(1);
        // After a million steps, the product is 0 in 32 bits.
        let shares =
            (1..=steps.min(1_000_000)).map(|t| beta * (1.0 - 0.5 * 0.96f64.powf(t as f64)));
        let product = shares.product::<f64>() as f32;
        let states = self.variables.iter().filter_map(|variable| match variable {
            Variable::Memory { states, .. } if is_product(states) => Some(states),
            _ => None,
        });
        let slots = states.flatten().filter_map(|state| self.ready.program.input(state));
        slots.map(|slot| (slot, Shape::SCALAR, vec![product])).collect()
    }

    /// Counters of turns are memories here; Keras computes them from the number of steps.
    fn turns(&self, compiled: &Compiled, iterations: u64) -> Vec<Values> {
        let (options, name) = (compiled.optimizer.options(), compiled.optimizer.name());
        let steps = options.gradient_accumulation_steps.unwrap_or(1).max(1);
        let period = options.ema_overwrite_frequency.unwrap_or(1).max(1);
        let turns =
            [("accumulated_steps", iterations % steps), ("ema_steps", iterations / steps % period)];
        let values = |(turn, count): (&str, u64)| {
            let slot = self.ready.program.input(&format!("{name}/{turn}"))?;
            Some((slot, Shape::SCALAR, vec![count as f32]))
        };
        turns.into_iter().filter_map(values).collect()
    }
}

/// A memory's place in the engine, its shape, and its numbers.
type Values = (Slot, Shape, Vec<f32>);

/// The optimizer's state from a file, read and checked: nothing is set until the rest of the file
/// has been read, too.
pub(super) struct State {
    iterations: u64,
    /// The learning rate that a callback had set.
    learning_rate: Option<f64>,
    memories: Vec<Values>,
    scale: Option<LossScale>,
}

impl State {
    /// Whether all memories are finite: if one is not, no step of training is taken.
    pub(super) fn is_finite(&self) -> bool {
        self.memories.iter().all(|(_, _, values)| values.iter().all(|value| value.is_finite()))
    }

    /// Sets the optimizer's state.
    pub(super) fn set(self, compiled: &mut Compiled, engine: &mut Engine) {
        engine.iterations = self.iterations;
        engine.learning_rate = self.learning_rate;
        for (slot, shape, values) in &self.memories {
            engine.write(*slot, *shape, values);
        }
        compiled.loss_scale = self.scale;
    }
}

/// The optimizer's state; `None` if the file does not have it, or has a different number of
/// variables: the optimizer then starts afresh, as in Keras. Errors: E034 a variable has the wrong
/// shape, or is not a number; E023 a number is beyond the range of 32 bits.
pub(super) fn read(
    root: &Group<'_>,
    network: &Network,
    compiled: &Compiled,
    engine: &mut Engine,
) -> Result<Option<State>> {
    if vars(root).is_none() {
        return Ok(None);
    }
    let memories = Memories::of(network, compiled, engine)?;
    let Some(found) = memories.found(root) else { return Ok(None) };
    let Found { place, vars, first, ref variables } = found;
    let mut state = State {
        iterations: engine.iterations,
        learning_rate: engine.learning_rate,
        memories: Vec::new(),
        scale: compiled.loss_scale.clone(),
    };
    for (i, variable) in variables.iter().enumerate() {
        let place = format!("{place}/{}", first + i);
        let here = |error: Error| error.at(place.as_str());
        let Some(dataset) = vars.datasets.get(&(first + i).to_string()) else { return Ok(None) };
        match variable {
            Variable::Iterations => {
                let numbers = dataset.value.integers().map_err(here)?;
                let [steps] = numbers[..] else {
                    return Err(here(Error::new(Code::E034, not_one_number())));
                };
                let steps = u64::try_from(steps);
                state.iterations =
                    steps.map_err(|_| here(Error::new(Code::E034, not_one_number())))?;
            }
            Variable::LearningRate => {
                let rate = floats(dataset, "learning_rate", Shape::SCALAR).map_err(here)?[0];
                if !(rate.is_finite() && rate >= 0.0) {
                    return Err(here(Error::new(Code::E034, no_rate(&rate.to_string()))));
                }
                let compiled = compiled.optimizer.learning_rate().at(0) as f32;
                state.learning_rate = (rate != compiled).then_some(f64::from(rate));
            }
            Variable::Memory { states, shape } => {
                let values = floats(dataset, &states[0], *shape).map_err(here)?;
                let slots = states.iter().filter_map(|name| memories.ready.program.input(name));
                state.memories.extend(slots.map(|slot| (slot, *shape, values.clone())));
            }
            Variable::Unused(_) => {}
        }
    }
    if variables.len() < memories.variables.len() {
        state.memories.extend(memories.product(compiled, state.iterations));
    }
    state.memories.extend(memories.turns(compiled, state.iterations));
    if let Some(scale) = &mut state.scale {
        read_scale(root, scale, state.iterations);
    }
    Ok(Some(state))
}

/// Whether a file has any optimizer state: for an optimizer that has not trained, it has nothing,
/// or no more than a count of 0 steps and the learning rate.
pub(super) fn are_there(root: &Group<'_>) -> bool {
    let no_steps = |vars: &Group<'_>| {
        let steps = vars.datasets.get("0").map(|steps| steps.value.integers());
        vars.datasets.len() <= 2 && steps.is_some_and(|steps| steps.is_ok_and(|n| n[..] == [0]))
    };
    vars(root).is_some_and(|vars| !vars.datasets.is_empty() && !no_steps(vars))
}

/// Whether a file has the place for an optimizer's state.
pub(super) fn have_place(root: &Group<'_>) -> bool {
    vars(root).is_some()
}

fn vars<'g, 'a>(root: &'g Group<'a>) -> Option<&'g Group<'a>> {
    root.group(VARS).or_else(|| root.group(INNER))
}

/// Sets the counter and the scale of the optimizer around another one, if the file has them.
fn read_scale(root: &Group<'_>, scale: &mut LossScale, steps: u64) {
    let number = |i: usize| {
        let dataset = root.dataset(&format!("{VARS}/{i}"))?;
        dataset.value.to_tensor().ok()?.to_f64().first().copied()
    };
    // Without these two, it is the inner optimizer that is there.
    let counted = root.group(VARS).is_some_and(|vars| vars.datasets.len() > AROUND);
    if let (true, Some(counter), Some(found)) = (counted, number(2), number(3)) {
        let found = found as f32;
        if counter >= 0.0 && found.is_finite() && found > 0.0 {
            (scale.counter, scale.scale, scale.since) = (counter as u64, found, steps);
        }
    }
}

/// The optimizer's state, where Keras looks for it. Errors: anything that training would find
/// wrong.
pub(super) fn write(
    root: &mut Group<'static>,
    network: &Network,
    compiled: &Compiled,
    engine: &mut Engine,
) -> Result<()> {
    if compiled.optimizer.config().is_none() {
        return Ok(());
    }
    let memories = Memories::of(network, compiled, engine)?;
    let inside = memories.inner();
    // Whether Keras wraps the optimizer of a model that is trained in `float16` depends on the
    // program that opens the file: it finds the state in both places.
    if compiled.loss_scale.is_some() || network.scales_loss() {
        let inner = root.make_group(INNER);
        inner.datasets = memories.values(&inside, compiled, engine, 0)?;
        inner.attributes.insert("name".to_owned(), Value::text(compiled.optimizer.name()));
    }
    root.make_group(VARS).datasets = match &compiled.loss_scale {
        None => memories.values(&memories.forms()[0], compiled, engine, 0)?,
        Some(scale) => {
            let (counter, scale) = scale.after(engine.iterations);
            let around = [integer(0)?, float(0.0)?, integer(counter as i64)?, float(scale)?];
            let around = around.map(Dataset::new).into_iter().enumerate();
            let mut all = memories.values(&inside, compiled, engine, AROUND)?;
            all.extend(around.map(|(i, dataset)| (i.to_string(), dataset)));
            all
        }
    };
    Ok(())
}

/// Whether a memory is Nadam's product of all shares so far.
fn is_product(states: &[String]) -> bool {
    states.first().is_some_and(|state| state.ends_with("/u_product"))
}

fn float(number: f32) -> Result<Value<'static>> {
    Ok(Value::numbers(&Tensor::new(Shape::SCALAR, vec![number])?))
}

fn integer(number: i64) -> Result<Value<'static>> {
    Value::raw(Number::I64, Shape::SCALAR, number.to_le_bytes().to_vec())
}

neurona_core::messages! {
    fn no_rate(has: &str) {
        en: "the learning rate is {has}, not a number from 0 up",
        es: "la tasa de aprendizaje es {has}, no un número desde 0",
    }

    fn not_one_number() {
        en: "one whole number from 0 up is expected",
        es: "se espera un número entero desde 0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::Dense;
    use crate::nn::{Adafactor, Adam, MeanSquaredError, Optimizer};
    use crate::train::{Model, Sequential};

    /// A compiled model, and the state that its optimizer writes to a file.
    fn written(optimizer: impl Optimizer + 'static) -> (Sequential, Group<'static>) {
        let mut model = Sequential::new([3]).add(Dense::new(2));
        let optimizer: Box<dyn Optimizer> = Box::new(optimizer);
        model.compile(optimizer, MeanSquaredError, []).unwrap();
        model.built().unwrap();
        let mut root = Group::default();
        let Model { network, compiled, engine, .. } = &mut *model;
        write(&mut root, network, compiled.as_ref().unwrap(), engine.as_mut().unwrap()).unwrap();
        (model, root)
    }

    fn is_read(model: &mut Model, root: &Group<'_>) -> bool {
        let Model { network, compiled, engine, .. } = model;
        read(root, network, compiled.as_ref().unwrap(), engine.as_mut().unwrap()).unwrap().is_some()
    }

    #[test]
    fn memories_of_another_number_are_not_taken() {
        let (mut model, mut root) = written(Adam::default());
        assert!(is_read(&mut model, &root));
        let count = root.group(VARS).unwrap().datasets.len();
        assert_eq!(count, 6, "steps, rate, and two memories of two weights");
        root.make_group(VARS).datasets.insert(count.to_string(), Dataset::new(integer(0).unwrap()));
        assert!(!is_read(&mut model, &root), "one more");
        for i in [count, count - 1] {
            root.make_group(VARS).datasets.remove(&i.to_string());
        }
        assert!(!is_read(&mut model, &root), "one less");
    }

    #[test]
    fn what_keras_keeps_and_never_uses_has_the_type_it_has_there() {
        let (_, root) = written(Adafactor::default());
        let vars = &root.group(VARS).unwrap().datasets;
        let of = |i: usize| {
            let value = &vars[&i.to_string()].value;
            (value.number(), value.shape().dims().to_vec())
        };
        let (float, integer) = (Some(Number::F32), Some(Number::I64));
        // The kernel has its rows, its columns and the whole; the bias, two numbers and the whole.
        let kernel = [of(2), of(3), of(4)];
        assert_eq!(kernel, [(float, vec![3]), (float, vec![2]), (float, vec![3, 2])]);
        assert_eq!([of(5), of(6), of(7)], [(integer, vec![]), (integer, vec![]), (float, vec![2])]);
    }

    #[test]
    fn a_scale_that_cannot_be_one_is_not_taken() {
        let of = |counter: f32, scale: f32| {
            let mut root = Group::default();
            let vars = root.make_group(VARS);
            for (i, number) in [0.0, 0.0, counter, scale, 1.0].into_iter().enumerate() {
                let tensor = Tensor::new(Shape::SCALAR, vec![number]).unwrap();
                vars.datasets.insert(i.to_string(), Dataset::new(Value::numbers(&tensor)));
            }
            let mut found = LossScale::default();
            read_scale(&root, &mut found, 7);
            (found.counter, found.scale, found.since)
        };
        let none = {
            let LossScale { counter, scale, since, .. } = LossScale::default();
            (counter, scale, since)
        };
        assert_eq!(of(3.0, 4.0), (3, 4.0, 7));
        for (counter, scale) in
            [(-1.0, 4.0), (3.0, 0.0), (3.0, -2.0), (3.0, f32::INFINITY), (3.0, f32::NAN)]
        {
            assert_eq!(of(counter, scale), none, "{counter} {scale}");
        }
    }
}
