//! Models as graphs of layers: layers called on values that do not exist yet.

use super::Layer;
use super::network::{Call, Input as NetworkInput, Network, Value};
use crate::error::{Code, Error, Result};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A value that does not exist yet: a model's input, or a layer's future output.
///
/// ```
/// use neurona_core::nn::{Activation, Input, Network, layers::{Dense, Layer}};
/// let x = Input::new([4]);
/// let hidden = Dense::new(8).activation(Activation::Relu).on(&x);
/// let y = Dense::new(1).on(&hidden);
/// let network = Network::functional(&[&x], &[&y])?;
/// assert_eq!(network.output_names(), ["dense_1"]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone)]
pub struct Symbol {
    origin: Arc<Origin>,
    index: usize,
}

/// Where a value comes from.
enum Origin {
    Input {
        name: Option<String>,
        sample: Vec<usize>,
    },
    Call {
        layer: Arc<dyn Layer>,
        inputs: Vec<Symbol>,
    },
    /// A layer's output that was given this name: an error once a network is made of it.
    Misnamed(String),
}

impl Symbol {
    /// An input with this name, as [`Input::named`] makes it. Name an input before calling layers
    /// on it: the value returned here is a different one. A layer's output takes its name from the
    /// layer, so name [the layer](Layer::named) instead: a network that uses an output named here
    /// is an error (E014).
    ///
    /// ```
    /// use neurona_core::nn::{Input, Network, layers::{Dense, Layer}};
    /// let price = Input::new([1]).named("price");
    /// let network = Network::functional(&[&price], &[&Dense::new(1).on(&price)])?;
    /// assert_eq!(network.input_names().collect::<Vec<_>>(), ["price"]);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn named(self, name: &str) -> Symbol {
        let origin = match &*self.origin {
            Origin::Input { sample, .. } => return Input::named(name, sample.clone()),
            Origin::Call { .. } | Origin::Misnamed(_) => Origin::Misnamed(name.to_owned()),
        };
        Symbol { origin: Arc::new(origin), index: 0 }
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.origin {
            Origin::Input { sample, .. } => write!(f, "Input({sample:?})"),
            Origin::Call { layer, .. } => {
                write!(f, "Output({}, {})", layer.class_name(), self.index)
            }
            Origin::Misnamed(name) => write!(f, "Output({name:?})"),
        }
    }
}

/// Makes inputs of models: Keras' `Input`.
///
/// The shape describes one sample, without the dimension of the rows. A model with several inputs
/// takes them in the order in which they are listed, whatever their names; summaries, pictures and
/// files call an input by its name. A layer that joins several values is called on all of them.
///
/// ```
/// use neurona_core::nn::{Input, Network, layers::{Concatenate, Dense, Layer}};
/// let shop = Input::new([5]).named("shop");
/// let price = Input::named("price", [1]);
/// let both = Concatenate::default().on([&shop, &price]);
/// let sales = Dense::new(1).named("sales").on(&both);
/// let network = Network::functional(&[&shop, &price], &[&sales])?;
/// assert_eq!(network.input_names().collect::<Vec<_>>(), ["shop", "price"]);
/// assert_eq!(network.output_names(), ["sales"]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Input;

impl Input {
    /// An input for samples of this shape. [`named`](Symbol::named) gives it a name; the default is
    /// `input_layer`, `input_layer_1`, …
    #[expect(clippy::new_ret_no_self, reason = "Keras' word: what it gives is a value like others")]
    pub fn new(sample: impl Into<Vec<usize>>) -> Symbol {
        Input::make(None, sample.into())
    }

    /// An input with a name: the same as `Input::new(sample).named(name)`.
    pub fn named(name: &str, sample: impl Into<Vec<usize>>) -> Symbol {
        Input::make(Some(name.to_owned()), sample.into())
    }

    fn make(name: Option<String>, sample: Vec<usize>) -> Symbol {
        Symbol { origin: Arc::new(Origin::Input { name, sample }), index: 0 }
    }
}

/// A layer that is called more than once, with the same weights.
///
/// ```
/// use neurona_core::nn::{Input, Shared, layers::Dense};
/// let (a, b) = (Input::new([4]), Input::new([4]));
/// let tower = Shared::new(Dense::new(8));
/// let (a, b) = (tower.on(&a), tower.on(&b));
/// # let _ = (a, b);
/// ```
#[derive(Clone, Debug)]
pub struct Shared(Arc<dyn Layer>);

impl Shared {
    /// A layer to share.
    pub fn new(layer: impl Layer + 'static) -> Shared {
        Shared(Arc::new(layer))
    }

    /// Its output for one value, or for several: `shared.on(&x)`, `shared.on([&a, &b])`.
    pub fn on<'s>(&self, inputs: impl Into<Symbols<'s>>) -> Symbol {
        call(Arc::clone(&self.0), inputs.into()).swap_remove(0)
    }

    /// All its outputs, for a model with several.
    pub fn all_on<'s>(&self, inputs: impl Into<Symbols<'s>>) -> Vec<Symbol> {
        call(Arc::clone(&self.0), inputs.into())
    }
}

impl From<Box<dyn Layer>> for Shared {
    fn from(layer: Box<dyn Layer>) -> Shared {
        Shared(layer.into())
    }
}

/// One or more values that a layer is called on: `&a`, `[&a, &b]`, `&[&a, &b]`, a slice, a vector.
///
/// ```
/// use neurona_core::nn::{Input, Symbol, layers::{Add, Layer}};
/// let (a, b) = (Input::new([4]), Input::new([4]));
/// let _ = [Add.on([&a, &b]), Add.on(&[&a, &b]), Add.on(vec![&a, &b])];
/// let many: Vec<Symbol> = (0..3).map(|_| Input::new([4])).collect();
/// let _ = [Add.on(&many), Add.on(&many[1..])];
/// ```
#[derive(Debug)]
pub struct Symbols<'s>(Vec<&'s Symbol>);

impl<'s> From<&'s Symbol> for Symbols<'s> {
    fn from(symbol: &'s Symbol) -> Symbols<'s> {
        Symbols(vec![symbol])
    }
}

impl<'s, const N: usize> From<[&'s Symbol; N]> for Symbols<'s> {
    fn from(symbols: [&'s Symbol; N]) -> Symbols<'s> {
        Symbols(symbols.to_vec())
    }
}

impl<'s, const N: usize> From<&[&'s Symbol; N]> for Symbols<'s> {
    fn from(symbols: &[&'s Symbol; N]) -> Symbols<'s> {
        Symbols(symbols.to_vec())
    }
}

impl<'s> From<&[&'s Symbol]> for Symbols<'s> {
    fn from(symbols: &[&'s Symbol]) -> Symbols<'s> {
        Symbols(symbols.to_vec())
    }
}

impl<'s> From<Vec<&'s Symbol>> for Symbols<'s> {
    fn from(symbols: Vec<&'s Symbol>) -> Symbols<'s> {
        Symbols(symbols)
    }
}

impl<'s> From<&'s [Symbol]> for Symbols<'s> {
    fn from(symbols: &'s [Symbol]) -> Symbols<'s> {
        Symbols(symbols.iter().collect())
    }
}

impl<'s, const N: usize> From<&'s [Symbol; N]> for Symbols<'s> {
    fn from(symbols: &'s [Symbol; N]) -> Symbols<'s> {
        Symbols(symbols.iter().collect())
    }
}

impl<'s> From<&'s Vec<Symbol>> for Symbols<'s> {
    fn from(symbols: &'s Vec<Symbol>) -> Symbols<'s> {
        Symbols(symbols.iter().collect())
    }
}

/// The outputs of a layer called on values.
pub(super) fn call(layer: Arc<dyn Layer>, inputs: Symbols<'_>) -> Vec<Symbol> {
    let count = layer.output_count().max(1);
    let inputs = inputs.0.into_iter().cloned().collect();
    let origin = Arc::new(Origin::Call { layer, inputs });
    (0..count).map(|index| Symbol { origin: Arc::clone(&origin), index }).collect()
}

impl Network {
    /// The network that leads from inputs to outputs. Layers are in Keras' order: those furthest from the
    /// outputs first.
    ///
    /// Errors (E014): an input that is not an [`Input`], is missing, or is unused; no output; two
    /// things with the same name; a name given to a layer's output.
    pub fn functional(inputs: &[&Symbol], outputs: &[&Symbol]) -> Result<Network> {
        if outputs.is_empty() {
            return Err(Error::new(Code::E014, no_outputs()));
        }
        let mut finder = Finder::default();
        outputs.iter().for_each(|output| finder.visit(&output.origin));
        for origin in &finder.after {
            if let Origin::Misnamed(name) = origin {
                return Err(Error::new(Code::E014, misnamed(name)).fix(name_layer(name)));
            }
        }
        let mut network = Network {
            name: "functional".to_owned(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            sequential: false,
            ..Network::default()
        };
        let mut values: HashMap<*const Origin, Place> = HashMap::new();
        for (position, symbol) in inputs.iter().enumerate() {
            let Origin::Input { name, sample } = &*symbol.origin else {
                return Err(Error::new(Code::E014, not_an_input(position)).fix(give_input()));
            };
            let default = || match position {
                0 => "input_layer".to_owned(),
                n => format!("input_layer_{n}"),
            };
            let name = name.clone().unwrap_or_else(default);
            if !finder.seen.contains_key(&Arc::as_ptr(&symbol.origin)) {
                return Err(Error::new(Code::E014, unused_input(&name)).fix(drop_it()));
            }
            values.insert(Arc::as_ptr(&symbol.origin), Place::Input(position));
            network.inputs.push(NetworkInput { name, sample: Some(sample.clone()), row: 0 });
        }
        let value = |values: &HashMap<*const Origin, Place>, symbol: &Symbol| match values
            .get(&Arc::as_ptr(&symbol.origin))
        {
            Some(Place::Input(i)) => Ok(Value::Input(*i)),
            Some(Place::Call(call)) => Ok(Value::Output { call: *call, index: symbol.index }),
            None => {
                let name = match &*symbol.origin {
                    Origin::Input { name: Some(name), .. } => name.clone(),
                    _ => format!("{symbol:?}"),
                };
                Err(Error::new(Code::E014, missing_input(&name)).fix(list_it()))
            }
        };
        let mut placed: HashMap<*const (), usize> = HashMap::new();
        let mut inputs_met = 0;
        for origin in finder.in_order() {
            let Origin::Call { layer, inputs } = origin else {
                if let Some(Place::Input(i)) = values.get(&std::ptr::from_ref(origin)) {
                    network.inputs[*i].row = inputs_met + network.layers.len();
                    inputs_met += 1;
                }
                continue;
            };
            let layer = *placed
                .entry(Arc::as_ptr(layer).cast())
                .or_insert_with(|| network.place(Arc::clone(layer)));
            let inputs = inputs.iter().map(|x| value(&values, x)).collect::<Result<_>>()?;
            values.insert(std::ptr::from_ref(origin), Place::Call(network.calls.len()));
            network.calls.push(Call { layer, inputs });
        }
        network.outputs = outputs.iter().map(|y| value(&values, y)).collect::<Result<_>>()?;
        Ok(network)
    }
}

/// Where a value of the new network is.
enum Place {
    Input(usize),
    Call(usize),
}

/// Everything the outputs depend on.
#[derive(Default)]
struct Finder<'a> {
    /// In the order in which they were first met, and such that each comes after what it depends
    /// on.
    after: Vec<&'a Origin>,
    /// When each was first met.
    seen: HashMap<*const Origin, usize>,
}

impl<'a> Finder<'a> {
    /// Adds everything that a value depends on, and where it comes from. Not by recursion: models
    /// may be deep.
    fn visit(&mut self, origin: &'a Arc<Origin>) {
        let mut stack: Vec<(&'a Origin, usize)> = Vec::new();
        if self.meet(origin) {
            stack.push((origin, 0));
        }
        while let Some((origin, next)) = stack.pop() {
            let inputs: &[Symbol] = match origin {
                Origin::Input { .. } | Origin::Misnamed(_) => &[],
                Origin::Call { inputs, .. } => inputs,
            };
            match inputs.get(next) {
                None => self.after.push(origin),
                Some(input) => {
                    stack.push((origin, next + 1));
                    if self.meet(&input.origin) {
                        stack.push((&input.origin, 0));
                    }
                }
            }
        }
    }

    /// Whether this is the first time.
    fn meet(&mut self, origin: &Origin) -> bool {
        let (id, count) = (std::ptr::from_ref(origin), self.seen.len());
        let new = !self.seen.contains_key(&id);
        if new {
            self.seen.insert(id, count);
        }
        new
    }

    /// Origins by their distance from the outputs, furthest first; at the same distance, in the
    /// order in which they were met. Each comes after what it depends on.
    fn in_order(&self) -> Vec<&'a Origin> {
        let mut distance: HashMap<*const Origin, usize> = HashMap::new();
        for origin in self.after.iter().rev() {
            let here = *distance.entry(std::ptr::from_ref(*origin)).or_insert(0);
            if let Origin::Call { inputs, .. } = origin {
                for input in inputs {
                    let there = distance.entry(Arc::as_ptr(&input.origin)).or_insert(0);
                    *there = (*there).max(here + 1);
                }
            }
        }
        let mut order = self.after.clone();
        order.sort_by_key(|origin| {
            let id = std::ptr::from_ref(*origin);
            (std::cmp::Reverse(distance[&id]), self.seen[&id])
        });
        order
    }
}

crate::messages! {
    fn misnamed(name: &str) {
        en: "the name \"{name}\" was given to the output of a layer, which has the name of its layer",
        es: "el nombre \"{name}\" se dio a la salida de una capa, que lleva el nombre de su capa",
    }

    fn name_layer(name: &str) {
        en: "name the layer before it is called, for example Dense::new(8).named(\"{name}\").on(&x)",
        es: "dé el nombre a la capa antes de llamarla, por ejemplo Dense::new(8).named(\"{name}\").on(&x)",
    }

    fn not_an_input(position: usize) {
        en: "input {position} of the model is a layer's output, not an Input",
        es: "la entrada {position} del modelo es la salida de una capa, no un Input",
    }

    fn give_input() {
        en: "give the values that Input::new made",
        es: "dé los valores que creó Input::new",
    }

    fn missing_input(name: &str) {
        en: "an output depends on input \"{name}\", which is not among the inputs of the model",
        es: "una salida depende de la entrada \"{name}\", que no está entre las entradas del modelo",
    }

    fn list_it() {
        en: "list it among the inputs of Model::new",
        es: "inclúyala entre las entradas de Model::new",
    }

    fn unused_input(name: &str) {
        en: "no output depends on input \"{name}\"",
        es: "ninguna salida depende de la entrada \"{name}\"",
    }

    fn drop_it() {
        en: "leave it out, or connect it",
        es: "quítela, o conéctela",
    }

    fn no_outputs() {
        en: "the model has no outputs",
        es: "el modelo no tiene salidas",
    }
}
