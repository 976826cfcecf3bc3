//! Layers and the values that flow between them as a description, and its trace: shapes, weights
//! and formula at once.

use super::config::Value as Json;
use super::scope::Ids;
use super::{Activation, Layer, Scope, Summary, SummaryRow, Weight};
use crate::error::{Code, Error, Result, unknown_name};
use crate::graph::{Builder, Expr, Op, Role};
use crate::message::Text;
use crate::tensor::{DType, Shape};
use std::sync::Arc;

/// Layers, and which one takes what: one after the other ([`push`](Network::push)), or any graph without
/// cycles ([`functional`](Network::functional)).
#[derive(Clone, Debug)]
pub struct Network {
    pub(super) name: String,
    pub(super) layers: Vec<Placed>,
    pub(super) inputs: Vec<Input>,
    pub(super) calls: Vec<Call>,
    pub(super) outputs: Vec<Value>,
    /// Whether layers follow one after the other.
    pub(super) sequential: bool,
    /// The precision that a file gives the whole network, if it is not `float32`: kept, not used.
    pub(super) dtype: Option<Json>,
}

/// A layer of a network.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) name: String,
    pub(super) layer: Arc<dyn Layer>,
    pub(super) trainable: bool,
    /// The precision that a file gives the layer, if it is not `float32`: kept, not used.
    pub(super) dtype: Option<Json>,
}

/// An input of a network. In a sequential one the shape of a sample may be unknown.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) sample: Option<Vec<usize>>,
    /// Which row of the summary it is.
    pub(super) row: usize,
}

/// One use of a layer.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// Which layer.
    pub(super) layer: usize,
    pub(super) inputs: Vec<Value>,
}

/// A value that flows between layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// An input of the network.
    Input(usize),
    /// An output of a call.
    Output { call: usize, index: usize },
}

/// The result of tracing a network on values.
#[derive(Debug)]
pub struct Trace<'g> {
    /// Each layer's outputs at each of its calls, in order.
    pub calls: Vec<Vec<Expr<'g>>>,
    /// The outputs of the network.
    pub outputs: Vec<Expr<'g>>,
    /// The weights in the order in which the layers named them.
    pub weights: Vec<(Weight, Expr<'g>)>,
    /// Weights that layers change themselves in training, with their new values.
    pub updates: Vec<(Expr<'g>, Expr<'g>)>,
    /// The scalars that regularizers and layers add to the loss.
    pub losses: Vec<Expr<'g>>,
    /// Inputs, by number, whose numbers name rows of a table.
    pub ids: Vec<Ids<usize>>,
}

/// What is known about a network once its samples' shapes are.
#[derive(Clone, Debug, PartialEq)]
pub struct Built {
    /// The shape of one sample of each call's (first) output.
    pub calls: Vec<Vec<usize>>,
    /// The shape of one sample of each output.
    pub outputs: Vec<Shape>,
    /// The weights, in the order in which the layers named them.
    pub weights: Vec<Weight>,
    /// Inputs, by number, whose numbers name rows of a table.
    pub ids: Vec<Ids<usize>>,
}

impl Default for Network {
    fn default() -> Network {
        let input = Input { name: "input".to_owned(), sample: None, row: 0 };
        Network {
            name: "sequential".to_owned(),
            layers: Vec::new(),
            inputs: vec![input],
            calls: Vec::new(),
            outputs: vec![Value::Input(0)],
            sequential: true,
            dtype: None,
        }
    }
}

impl Network {
    /// The same network under another name, which heads its summary and is written to its files.
    /// Default: `sequential` or `functional`.
    ///
    /// ```
    /// use neurona_core::nn::Network;
    /// assert_eq!(Network::default().named("digits").name(), "digits");
    /// ```
    pub fn named(mut self, name: &str) -> Network {
        name.clone_into(&mut self.name);
        self
    }

    /// Adds a layer at the end, named after its kind (`dense`, `dense_1`, …) unless it has a name.
    pub fn push(&mut self, layer: Box<dyn Layer>) {
        let inputs = self.outputs.clone();
        let layer = self.place(layer.into());
        self.outputs = vec![Value::Output { call: self.calls.len(), index: 0 }];
        self.calls.push(Call { layer, inputs });
    }

    /// Gives a layer its name and its number.
    pub(super) fn place(&mut self, layer: Arc<dyn Layer>) -> usize {
        let name = layer.name().map_or_else(|| self.fresh_name(layer.class_name()), str::to_owned);
        self.layers.push(Placed { name, layer, trainable: true, dtype: None });
        self.layers.len() - 1
    }

    pub(super) fn fresh_name(&self, class: &str) -> String {
        let stem = snake_case(class);
        let taken = |name: &str| self.layers.iter().any(|placed| placed.name == name);
        let numbered = (1..).map(|n| format!("{stem}_{n}"));
        std::iter::once(stem.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(stem)
    }

    /// The layers with their names.
    pub fn layers(&self) -> impl ExactSizeIterator<Item = (&str, &dyn Layer)> {
        self.layers.iter().map(|placed| (placed.name.as_str(), &*placed.layer))
    }

    /// The layer with a name. Errors (E015): there is none.
    pub fn layer(&self, name: &str) -> Result<&dyn Layer> {
        self.position(name).map(|i| &*self.layers[i].layer)
    }

    fn position(&self, name: &str) -> Result<usize> {
        self.layers.iter().position(|placed| placed.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.layers.iter().map(|placed| placed.name.as_str()).collect();
            unknown_name(&Text::new("layer of the model", "ninguna capa del modelo"), name, &known)
        })
    }

    /// The number of a layer's first call. Errors (E015): there is no layer with that name.
    pub(super) fn first_call(&self, layer: &str) -> Result<usize> {
        let position = self.position(layer)?;
        Ok(self.calls.iter().position(|call| call.layer == position).unwrap_or_default())
    }

    /// Sets whether training changes a layer's weights. Errors (E015): there is no layer with that
    /// name.
    pub fn set_trainable(&mut self, layer: &str, trainable: bool) -> Result<()> {
        let position = self.position(layer)?;
        self.layers[position].trainable = trainable;
        Ok(())
    }

    /// The names of the inputs, in order.
    pub fn input_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.inputs.iter().map(|input| input.name.as_str())
    }

    /// The names of the outputs, in order: each is named after the layer that produces it.
    pub fn output_names(&self) -> Vec<String> {
        let name = |value: &Value| match *value {
            Value::Input(i) => self.inputs[i].name.clone(),
            Value::Output { call, .. } => self.layers[self.calls[call].layer].name.clone(),
        };
        self.outputs.iter().map(name).collect()
    }

    /// The shape of a sample of each input; `None` while a sequential network does not know it.
    pub fn samples(&self) -> Option<Vec<Vec<usize>>> {
        self.inputs.iter().map(|input| input.sample.clone()).collect()
    }

    /// Declares the shape of a sequential network's samples.
    pub fn declare_sample(&mut self, sample: Vec<usize>) {
        if let [input] = &mut self.inputs[..] {
            input.sample = Some(sample);
        }
    }

    /// The layer that gives the last output, with its name.
    pub fn last_layer(&self) -> Option<(&str, &dyn Layer)> {
        self.output_layers().pop()
    }

    /// The layer that gives each output, with its name; none if an output is an input.
    pub fn output_layers(&self) -> Vec<(&str, &dyn Layer)> {
        let layer = |value: &Value| match *value {
            Value::Input(_) => None,
            Value::Output { call, .. } => {
                let placed = &self.layers[self.calls[call].layer];
                Some((placed.name.as_str(), &*placed.layer))
            }
        };
        self.outputs.iter().filter_map(layer).collect()
    }

    /// The activations on the way to an output, last first, as far as there is only one way.
    pub fn activations_from_the_end(&self, output: usize) -> Vec<Activation> {
        let mut activations = Vec::new();
        let mut value = self.outputs.get(output).copied();
        while let Some(Value::Output { call, .. }) = value {
            let call = &self.calls[call];
            activations.extend(self.layers[call.layer].layer.activation_fn());
            value = call.inputs.first().copied().filter(|_| call.inputs.len() == 1);
        }
        activations
    }

    /// Calls every layer in turn. With a random key, as in training.
    pub fn trace<'g>(
        &self,
        builder: &'g Builder,
        inputs: &[Expr<'g>],
        key: Option<Expr<'g>>,
    ) -> Trace<'g> {
        if self.layers.is_empty() {
            builder.fail(Error::new(Code::E014, no_layers()).fix(add_layers()));
        }
        if let Some(name) = self.name_given_twice() {
            builder.fail(Error::new(Code::E014, same_name(name)).fix(rename()));
        }
        let scope = Scope::new(builder, key);
        // Layers compute in floating point; bytes and integers are taken as the numbers they are.
        let inputs: Vec<Expr<'g>> = inputs.iter().map(|x| x.cast(DType::F32)).collect();
        let (calls, outputs) = self.call_layers(&scope, &inputs);
        let declared = scope.finish();
        let of_input =
            |Ids { of, layer, size }| Some(Ids { of: number_of(of, &inputs)?, layer, size });
        Trace {
            ids: declared.ids.into_iter().filter_map(of_input).collect(),
            calls,
            outputs,
            weights: declared.weights,
            updates: declared.updates,
            losses: declared.losses,
        }
    }

    fn name_given_twice(&self) -> Option<&str> {
        let inputs = self.input_names().filter(|_| !self.sequential);
        let names: Vec<&str> =
            inputs.chain(self.layers.iter().map(|placed| placed.name.as_str())).collect();
        (1..names.len()).find(|&i| names[..i].contains(&names[i])).map(|i| names[i])
    }

    /// The results of each call, and the outputs.
    pub(super) fn call_layers<'g>(
        &self,
        scope: &Scope<'g>,
        inputs: &[Expr<'g>],
    ) -> (Vec<Vec<Expr<'g>>>, Vec<Expr<'g>>) {
        let mut calls: Vec<Vec<Expr<'g>>> = Vec::with_capacity(self.calls.len());
        let find = |calls: &[Vec<Expr<'g>>], value: Value| match value {
            Value::Input(i) => inputs[i],
            Value::Output { call, index } => calls[call][index],
        };
        for call in &self.calls {
            let Placed { name, layer, trainable, .. } = &self.layers[call.layer];
            if !scope.goes_on() {
                calls.push(vec![scope.placeholder(); layer.output_count()]);
                continue;
            }
            let values: Vec<Expr<'g>> = call.inputs.iter().map(|v| find(&calls, *v)).collect();
            let given = scope.within(name, *trainable, || layer.call_all(scope, &values));
            calls.push(given);
        }
        let outputs = self.outputs.iter().map(|value| find(&calls, *value)).collect();
        (calls, outputs)
    }

    /// Shapes and weights, for samples of these shapes. Errors: anything that the layers find wrong
    /// (E012, E014, E016).
    pub fn build(&self, samples: &[Vec<usize>]) -> Result<Built> {
        let builder = Builder::new();
        let input = |(i, sample): (usize, &Vec<usize>)| {
            builder.input(&format!("x {i}"), Role::Batch, DType::F32, &[&[1], &sample[..]].concat())
        };
        let inputs: Vec<Expr<'_>> = samples.iter().enumerate().map(input).collect();
        let trace = self.trace(&builder, &inputs, None);
        if let Some(error) = builder.error() {
            return Err(error);
        }
        let sample = |y: &Expr<'_>| y.shape().dims().get(1..).unwrap_or_default().to_vec();
        Ok(Built {
            calls: trace.calls.iter().map(|y| y.first().map_or(vec![], sample)).collect(),
            outputs: trace.outputs.iter().map(|y| Shape::new(&sample(y))).collect::<Result<_>>()?,
            weights: trace.weights.into_iter().map(|(weight, _)| weight).collect(),
            ids: trace.ids,
        })
    }

    /// The table of the layers, for samples of these shapes or, with `None`, before they are known.
    /// Errors: as in [`build`](Network::build).
    pub fn summary(&self, samples: Option<&[Vec<usize>]>) -> Result<Summary> {
        let built = samples.map(|samples| self.build(samples)).transpose()?;
        let mut rows = Vec::new();
        for (i, placed) in self.layers.iter().enumerate() {
            let first = self.calls.iter().position(|call| call.layer == i);
            let built = built
                .as_ref()
                .zip(first)
                .map(|(built, call)| (built.calls[call].clone(), &built.weights[..]));
            let mut row = SummaryRow::new(&placed.name, placed.layer.class_name(), built);
            if !self.sequential {
                row.connected_to = self.connections(i);
            }
            rows.push(row);
        }
        if !self.sequential {
            let mut inputs: Vec<&Input> = self.inputs.iter().collect();
            inputs.sort_by_key(|input| input.row);
            for input in inputs {
                let shape = input.sample.clone().unwrap_or_default();
                rows.insert(input.row, SummaryRow::input(&input.name, shape));
            }
        }
        Ok(Summary { name: self.name.clone(), rows })
    }

    /// Where a layer's inputs come from, as Keras writes it: `dense[0][0]` is the first output of the first
    /// call of `dense`.
    fn connections(&self, layer: usize) -> Vec<String> {
        let written = |value: &Value| match *value {
            Value::Input(i) => format!("{}[0][0]", self.inputs[i].name),
            Value::Output { call, index } => {
                let layer = self.calls[call].layer;
                let before = self.calls[..call].iter().filter(|c| c.layer == layer).count();
                format!("{}[{before}][{index}]", self.layers[layer].name)
            }
        };
        let calls = self.calls.iter().filter(|call| call.layer == layer);
        calls.flat_map(|call| call.inputs.iter().map(written)).collect()
    }
}

/// Which of the inputs a value is, unchanged or in another shape.
fn number_of<'g>(mut value: Expr<'g>, inputs: &[Expr<'g>]) -> Option<usize> {
    loop {
        let number = inputs.iter().position(|input| input.id() == value.id());
        match value.op() {
            Op::Reshape(inner) if number.is_none() => value = inner,
            _ => return number,
        }
    }
}

/// A network inside another one.
impl Layer for Network {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        self.call_all(scope, &[x]).first().copied().unwrap_or(x)
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        if !super::layers::takes(scope, self.class_name(), inputs.len(), self.inputs.len()) {
            return inputs.to_vec();
        }
        self.call_layers(scope, inputs).1
    }

    fn output_count(&self) -> usize {
        self.outputs.len()
    }

    fn network(&self) -> Option<&Network> {
        Some(self)
    }

    fn class_name(&self) -> &'static str {
        if self.sequential { "Sequential" } else { "Functional" }
    }
}

/// `LayerNormalization` becomes `layer_normalization`, `Conv2DTranspose` becomes
/// `conv2d_transpose`, as in Keras.
pub(super) fn snake_case(class: &str) -> String {
    let chars: Vec<char> = class.chars().collect();
    let is_lower = |i: usize| chars.get(i).is_some_and(|c| c.is_lowercase());
    let mut name = String::new();
    for (i, c) in chars.iter().enumerate() {
        if c.is_uppercase() && i > 0 && (is_lower(i - 1) || is_lower(i + 1)) {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}

crate::messages! {
    fn no_layers() {
        en: "the model has no layers",
        es: "el modelo no tiene capas",
    }

    fn add_layers() {
        en: "add at least one, for example Dense::new(10)",
        es: "agregue al menos una, por ejemplo Dense::new(10)",
    }

    fn same_name(name: &str) {
        en: "two layers or inputs of the model are named \"{name}\"",
        es: "dos capas o entradas del modelo se llaman \"{name}\"",
    }

    fn rename() {
        en: "give one of them another name",
        es: "dé otro nombre a una de ellas",
    }
}
