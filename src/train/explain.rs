//! What happens inside: one sample through the network and back, with every number, in double precision.

use super::engine::{Engine, not_compiled};
use super::model::Model;
use super::samples::Samples;
use crate::nn::{Activation, numbered};
use crate::tensor::{DType, Shape, Tensor, ToTensors};
use ndarray::ArrayD;
use neurona_core::error::{Code, Error, Result, unknown_name};
use neurona_core::graph::{Graph, Value, interpret};
use neurona_core::message::Text;

/// One sample (or batch) through the network and back: see [`Model::explain`].
#[derive(Debug)]
pub struct Explanation {
    graph: Graph,
    inputs: Vec<Value<f64>>,
    results: Vec<Value<f64>>,
    layers: Vec<(String, Option<Activation>)>,
}

/// One unit of a dense layer at work: `sum = Σ terms + bias; output = f(sum)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Neuron {
    /// A term for each input, in the inputs' order.
    pub terms: Vec<Term>,
    /// The bias, 0 if the layer has none.
    pub bias: f64,
    /// The weighted sum with the bias.
    pub sum: f64,
    /// The activation.
    pub activation: Activation,
    /// The unit's output.
    pub output: f64,
}

/// One input of a neuron with its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Which input, from 0.
    pub input: usize,
    /// The value that comes in.
    pub x: f64,
    /// The weight.
    pub w: f64,
}

impl Term {
    /// `x · w`
    pub fn product(&self) -> f64 {
        self.x * self.w
    }
}

impl Neuron {
    /// The terms with the largest products, whatever their sign, largest first.
    pub fn largest_terms(&self, count: usize) -> Vec<Term> {
        let mut terms = self.terms.clone();
        terms.sort_by(|a, b| b.product().abs().total_cmp(&a.product().abs()));
        terms.truncate(count);
        terms
    }
}

impl Model {
    /// Follows samples through the network and back, in double precision, as for prediction (without
    /// dropout): outputs of all layers, loss, gradients, and what the optimizer's first step would change.
    ///
    /// Shapes: `x` is `(rows, sample…)`, `y` as the loss takes it. Errors: as in `evaluate`.
    pub fn explain<'a>(&self, x: impl ToTensors<'a>, y: impl ToTensors<'a>) -> Result<Explanation> {
        let samples = Samples { x: x.to_tensors()?, y: y.to_tensors()?, weights: None };
        let samples = self.taken(samples)?;
        self.check_samples(&samples)?;
        self.check_trains()?;
        self.with_engine(|_| Ok(()))?;
        let (form, _) = self.form_of(&samples)?;
        let Model { network, compiled, engine, .. } = self;
        let compiled = compiled.as_ref().ok_or_else(not_compiled)?;
        let held = engine.lock();
        let engine = held.as_ref().ok_or_else(not_compiled)?;
        let (targets, rows) = (&form.targets, samples.rows());
        let graph = engine.explanation(network, compiled, targets, &samples.dtypes(), rows)?;
        let rate = compiled.optimizer.learning_rate().at(0);
        let input = |input| value(input, &graph, engine, &samples, rate);
        let inputs: Vec<Value<f64>> = graph.inputs.iter().map(input).collect();
        let layers =
            network.layers().map(|(name, l)| (name.to_owned(), l.activation_fn())).collect();
        Ok(Explanation { results: interpret(&graph, &inputs), graph, inputs, layers })
    }
}

fn value(
    input: &neurona_core::graph::Input,
    graph: &Graph,
    engine: &Engine,
    samples: &Samples<'_>,
    rate: f64,
) -> Value<f64> {
    let of_type = |numbers: Vec<f64>| match graph.ty(input.node).dtype {
        DType::F32 | DType::F64 => Value::Float(numbers),
        DType::I32 => Value::Int(numbers.iter().map(|&x| x as i32).collect()),
        DType::U8 => Value::Byte(numbers.iter().map(|&x| x as u8).collect()),
        DType::Bool => Value::Bool(numbers.iter().map(|&x| x != 0.0).collect()),
    };
    let named = |name: &str, tensors: &[Tensor<'_>]| {
        let number = (0..tensors.len()).find(|&i| numbered(name, i, tensors.len()) == input.name);
        number.map(|i| of_type(tensors[i].to_f64()))
    };
    if let Some(value) = named("x", &samples.x).or_else(|| named("y", &samples.y)) {
        return value;
    }
    match input.name.as_str() {
        "learning_rate" => of_type(vec![rate]),
        "iteration" => of_type(vec![1.0]),
        name => {
            let weight = engine.weights.iter().position(|weight| weight.name == name);
            let start = vec![input.initial; graph.ty(input.node).shape.elems()];
            // Anything that is not a weight is a memory of the optimizer, as it is before the first
            // step.
            of_type(weight.map_or(start, |i| {
                let values = engine.read(engine.slots[i], engine.weights[i].shape);
                values.into_iter().map(f64::from).collect()
            }))
        }
    }
}

impl Explanation {
    /// The loss.
    pub fn loss(&self) -> f64 {
        self.output("loss")[[]]
    }

    /// The output of a layer, `(rows, …)`. Errors (E015): no such layer.
    pub fn layer(&self, name: &str) -> Result<ArrayD<f64>> {
        Ok(self.output(&format!("call {}", self.layer_number(name)?)))
    }

    /// The gradient of the loss with respect to a weight (`dense/kernel`). Errors (E015): no such weight.
    pub fn gradient(&self, weight: &str) -> Result<ArrayD<f64>> {
        self.weight_input(weight)?;
        Ok(self.output(&format!("gradient of {weight}")))
    }

    /// A weight as it is. Errors (E015): no such weight.
    pub fn weight(&self, weight: &str) -> Result<ArrayD<f64>> {
        let number = self.weight_input(weight)?;
        Ok(array(self.graph.ty(self.graph.inputs[number].node).shape, &self.inputs[number]))
    }

    /// A weight as the optimizer's first step would leave it. Errors (E015): no such weight.
    pub fn updated(&self, weight: &str) -> Result<ArrayD<f64>> {
        self.weight_input(weight)?;
        Ok(self.output(&format!("updated {weight}")))
    }

    /// The gradient of one weight by central difference: the loss slightly above and below it, and
    /// nothing else. Errors: E015 no such weight, E012 no such index.
    pub fn finite_difference(&self, weight: &str, index: &[usize]) -> Result<f64> {
        const STEP: f64 = 1e-5;
        let number = self.weight_input(weight)?;
        let shape = self.graph.ty(self.graph.inputs[number].node).shape;
        let inside =
            index.len() == shape.rank() && index.iter().zip(shape.dims()).all(|(i, d)| i < d);
        if !inside {
            return Err(Error::new(Code::E012, no_such_weight(&format!("{index:?}"), shape)));
        }
        let at: usize = index.iter().zip(shape.strides()).map(|(i, stride)| i * stride).sum();
        let loss_with = |change: f64| {
            let mut inputs = self.inputs.clone();
            if let Value::Float(values) = &mut inputs[number] {
                values[at] += change;
            }
            let results = interpret(&self.graph, &inputs);
            let loss = self.graph.outputs.iter().position(|(name, _)| name == "loss");
            loss.map_or(f64::NAN, |i| results[i].floats()[0])
        };
        Ok((loss_with(STEP) - loss_with(-STEP)) / (2.0 * STEP))
    }

    /// A unit of a dense layer at work on the first row. Errors: E015 no such dense layer, E012 no such unit.
    pub fn neuron(&self, layer: &str, unit: usize) -> Result<Neuron> {
        let number = self.layer_number(layer)?;
        let kernel = self.weight(&format!("{layer}/kernel"))?;
        let units = kernel.shape()[1];
        if unit >= units {
            return Err(Error::new(Code::E012, no_such_unit(layer, unit, units)));
        }
        let features = kernel.shape()[0];
        let before: Vec<f64> = match number {
            0 => numbers(&self.inputs[self.input("x")?]),
            _ => self.output(&format!("call {}", number - 1)).iter().copied().collect(),
        };
        let terms: Vec<Term> = (0..features)
            .map(|input| Term { input, x: before[input], w: kernel[[input, unit]] })
            .collect();
        let bias = self.weight(&format!("{layer}/bias")).map_or(0.0, |bias| bias[[unit]]);
        let output: Vec<f64> = self.layer(layer)?.iter().copied().collect();
        Ok(Neuron {
            sum: terms.iter().map(Term::product).sum::<f64>() + bias,
            terms,
            bias,
            activation: self.layers[number].1.unwrap_or_default(),
            output: output[unit],
        })
    }

    fn layer_number(&self, name: &str) -> Result<usize> {
        let names: Vec<&str> = self.layers.iter().map(|(name, _)| name.as_str()).collect();
        names
            .iter()
            .position(|n| *n == name)
            .ok_or_else(|| unknown_name(&Text::new("layer", "ninguna capa"), name, &names))
    }

    fn weight_input(&self, name: &str) -> Result<usize> {
        let outputs = self.graph.outputs.iter();
        let names: Vec<&str> =
            outputs.filter_map(|(n, _)| n.strip_prefix("gradient of ")).collect();
        if names.contains(&name) {
            return self.input(name);
        }
        Err(unknown_name(&Text::new("weight", "ningún peso"), name, &names))
    }

    fn input(&self, name: &str) -> Result<usize> {
        let names: Vec<&str> = self.graph.inputs.iter().map(|input| input.name.as_str()).collect();
        names
            .iter()
            .position(|n| *n == name)
            .ok_or_else(|| unknown_name(&Text::new("input", "ninguna entrada"), name, &names))
    }

    /// An output that the graph was made with.
    fn output(&self, name: &str) -> ArrayD<f64> {
        match self.graph.outputs.iter().position(|(n, _)| n == name) {
            Some(i) => array(self.graph.ty(self.graph.outputs[i].1).shape, &self.results[i]),
            None => unreachable!("explain_graph outputs \"{name}\""),
        }
    }
}

fn array(shape: Shape, value: &Value<f64>) -> ArrayD<f64> {
    ArrayD::from_shape_vec(shape.dims(), numbers(value)).unwrap_or_default()
}

fn numbers(value: &Value<f64>) -> Vec<f64> {
    match value {
        Value::Float(v) => v.clone(),
        Value::Int(v) => v.iter().map(|&x| x.into()).collect(),
        Value::Byte(v) => v.iter().map(|&x| x.into()).collect(),
        Value::Bool(v) => v.iter().map(|&x| f64::from(u8::from(x))).collect(),
    }
}

neurona_core::messages! {
    fn no_such_unit(layer: &str, unit: usize, units: usize) {
        en: "layer \"{layer}\" has {units} units, so there is no unit {unit} (they count from 0)",
        es: "la capa \"{layer}\" tiene {units} unidades, así que no hay unidad {unit} (se cuentan desde 0)",
    }

    fn no_such_weight(index: &str, shape: Shape) {
        en: "there is no weight {index} in shape {shape}",
        es: "no hay peso {index} en la forma {shape}",
    }
}
