//! What an optimizer keeps, in the layout of Keras' `optimizer/vars`.

use super::loss_scale::LossScale;
use super::weights::floats;
use crate::nn::{LearningRate, Network, TargetKind, Targets, Variable, optimizer_variables};
use crate::tensor::{DType, Shape, Tensor};
use crate::train::engine::{Compiled, Engine, Form, Ready, Use};
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

/// The memories of a model's optimizer: their names in training, and how Keras orders them.
struct Memories {
    ready: Arc<Ready>,
    variables: Vec<Variable>,
}

/// Memories in a file: the group, the number of the first one in it, and what each is.
struct Found<'m, 'g, 'a> {
    place: &'static str,
    vars: &'g Group<'a>,
    first: usize,
    variables: Vec<&'m Variable>,
}

impl Found<'_, '_, '_> {
    /// Whether each has its shape.
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
    /// Makes room for them in the engine. Errors: what training would find wrong.
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

    /// Where a file has them: in a form that it has as many variables of, and of these shapes if there are several.
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

    /// The variables as Keras writes them; and as it does inside of another optimizer.
    fn forms(&self) -> [Vec<&Variable>; 2] {
        [self.variables.iter().collect(), self.inner()]
    }

    /// The variables without those that Keras leaves out where one optimizer is inside another, and that Keras 2 always
    /// does: numbers that nobody uses, and Nadam's product.
    fn inner(&self) -> Vec<&Variable> {
        let is_kept = |variable: &&Variable| match variable {
            Variable::Unused(shape) => shape.rank() > 0,
            Variable::Memory { states, .. } => !is_product(states),
            Variable::Iterations | Variable::LearningRate => true,
        };
        self.variables.iter().filter(is_kept).collect()
    }

    /// These variables' values, numbered from `first`.
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

    /// Nadam's product of all shares so far, where a file does not have it: it follows from the number of steps.
    fn set_product(&self, compiled: &Compiled, engine: &mut Engine) {
        let config = compiled.optimizer.config().map(|object| object.config);
        let beta = config.and_then(|config| config.get("beta_1")?.as_f64()).unwrap_or(0.9);
        let accumulated = compiled.optimizer.options().gradient_accumulation_steps.unwrap_or(1);
        let steps = engine.iterations / accumulated.max(1);
        // After so many steps it is 0 in 32 bits.
        let shares =
            (1..=steps.min(1_000_000)).map(|t| beta * (1.0 - 0.5 * 0.96f64.powf(t as f64)));
        let product = shares.product::<f64>() as f32;
        let states = self.variables.iter().filter_map(|variable| match variable {
            Variable::Memory { states, .. } if is_product(states) => Some(states),
            _ => None,
        });
        for slot in states.flatten().filter_map(|state| self.ready.program.input(state)) {
            engine.write(slot, Shape::SCALAR, &[product]);
        }
    }

    /// How often something has come round is a memory here; Keras finds it from the number of steps.
    fn set_turns(&self, compiled: &Compiled, engine: &mut Engine) {
        let (options, name) = (compiled.optimizer.options(), compiled.optimizer.name());
        let steps = options.gradient_accumulation_steps.unwrap_or(1).max(1);
        let period = options.ema_overwrite_frequency.unwrap_or(1).max(1);
        let turns = [
            ("accumulated_steps", engine.iterations % steps),
            ("ema_steps", engine.iterations / steps % period),
        ];
        for (turn, count) in turns {
            if let Some(slot) = self.ready.program.input(&format!("{name}/{turn}")) {
                engine.write(slot, Shape::SCALAR, &[count as f32]);
            }
        }
    }
}

/// Sets what the optimizer keeps. Whether the file has it: where it has another number of variables, the optimizer starts
/// afresh, as in Keras. Errors (E034): a variable has another shape, or is not a number.
pub(super) fn read(
    root: &Group<'_>,
    network: &Network,
    compiled: &Compiled,
    engine: &mut Engine,
) -> Result<bool> {
    if vars(root).is_none() {
        return Ok(false);
    }
    let memories = Memories::of(network, compiled, engine)?;
    let Some(found) = memories.found(root) else { return Ok(false) };
    let Found { place, vars, first, ref variables } = found;
    for (i, variable) in variables.iter().enumerate() {
        let place = format!("{place}/{}", first + i);
        let here = |error: Error| error.at(place.as_str());
        let Some(dataset) = vars.datasets.get(&(first + i).to_string()) else { return Ok(false) };
        match variable {
            Variable::Iterations => {
                let numbers = dataset.value.integers().map_err(here)?;
                let [steps] = numbers[..] else {
                    return Err(here(Error::new(Code::E034, not_one_number())));
                };
                let steps = u64::try_from(steps);
                engine.iterations =
                    steps.map_err(|_| here(Error::new(Code::E034, not_one_number())))?;
            }
            Variable::LearningRate => {
                let rate = floats(dataset, "learning_rate", Shape::SCALAR).map_err(here)?[0];
                if !(rate.is_finite() && rate >= 0.0) {
                    return Err(here(Error::new(Code::E034, no_rate(&rate.to_string()))));
                }
                let compiled = compiled.optimizer.learning_rate().at(0) as f32;
                engine.learning_rate = (rate != compiled).then_some(f64::from(rate));
            }
            Variable::Memory { states, shape } => {
                let values = floats(dataset, &states[0], *shape).map_err(here)?;
                for slot in states.iter().filter_map(|state| memories.ready.program.input(state)) {
                    engine.write(slot, *shape, &values);
                }
            }
            Variable::Unused(_) => {}
        }
    }
    if variables.len() < memories.variables.len() {
        memories.set_product(compiled, engine);
    }
    memories.set_turns(compiled, engine);
    Ok(true)
}

/// Whether a file has anything that an optimizer keeps: of one that has not trained, it has nothing, or no more than a
/// count of 0 steps and the learning rate.
pub(super) fn are_there(root: &Group<'_>) -> bool {
    let no_steps = |vars: &Group<'_>| {
        let steps = vars.datasets.get("0").map(|steps| steps.value.integers());
        vars.datasets.len() <= 2 && steps.is_some_and(|steps| steps.is_ok_and(|n| n[..] == [0]))
    };
    vars(root).is_some_and(|vars| !vars.datasets.is_empty() && !no_steps(vars))
}

/// Whether a file has the place for what an optimizer keeps.
pub(super) fn have_place(root: &Group<'_>) -> bool {
    vars(root).is_some()
}

fn vars<'g, 'a>(root: &'g Group<'a>) -> Option<&'g Group<'a>> {
    root.group(VARS).or_else(|| root.group(INNER))
}

/// Sets the counter and the scale of the optimizer around another one, if the file has them.
pub(super) fn read_scale(root: &Group<'_>, scale: &mut LossScale, steps: u64) {
    let number = |i: usize| {
        let dataset = root.dataset(&format!("{VARS}/{i}"))?;
        dataset.value.to_tensor().ok()?.to_f64().first().copied()
    };
    // Without these two, it is the optimizer inside that stands there.
    let counted = root.group(VARS).is_some_and(|vars| vars.datasets.len() > AROUND);
    if let (true, Some(counter), Some(found)) = (counted, number(2), number(3)) {
        let found = found as f32;
        if counter >= 0.0 && found.is_finite() && found > 0.0 {
            (scale.counter, scale.scale, scale.since) = (counter as u64, found, steps);
        }
    }
}

/// What the optimizer keeps, where Keras looks for it. Errors: what training would find wrong.
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
    // Whether Keras wraps the optimizer of a model that is trained in `float16` is up to the program that opens the file:
    // it finds the state in both places.
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
