//! Where a layer finds its weights and its random numbers while it is traced.

use super::{Initializer, Regularizer, Weight, WeightSettings, step::stream};
use crate::error::{Code, Error};
use crate::graph::{Builder, Expr, Role};
use crate::tensor::{DType, Shape};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// How often layers may be called in a model, including calls inside nested models.
const MOST_CALLS: usize = 20_000;

/// A weight while a network is traced.
#[derive(Debug)]
struct Traced<'g> {
    weight: Weight,
    expr: Expr<'g>,
    /// Its value after the layers so far, if it has changed.
    next: Option<Expr<'g>>,
}

/// What a layer sees of the network while its `call` is traced.
#[derive(Debug)]
pub struct Scope<'g> {
    builder: &'g Builder,
    /// The random key of a training step; none if nothing is random.
    key: Option<Expr<'g>>,
    /// The names of the layers around this one and its own, with `/` between them.
    path: RefCell<String>,
    /// The same names, one by one.
    layers: RefCell<Vec<String>>,
    /// Whether the layer learns: neither it nor one around it is frozen.
    trainable: Cell<bool>,
    weights: RefCell<Vec<Traced<'g>>>,
    losses: RefCell<Vec<Expr<'g>>>,
    /// Values that name rows of a table.
    ids: RefCell<Vec<Ids<Expr<'g>>>>,
    streams: Cell<u32>,
    /// How many calls of layers there were, including calls inside networks.
    calls: Cell<usize>,
    /// Values that weights start with, by name within the layer at this path.
    given: RefCell<Vec<(String, Given)>>,
}

/// Whole numbers from 0 to below `size` that name the rows of a layer's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids<X> {
    /// Where they are: a value of a graph, or the number of an input of a model.
    pub of: X,
    /// The layer's name.
    pub layer: String,
    /// How many rows the table has.
    pub size: usize,
}

/// Values of weights by name.
pub(super) type Given = Arc<HashMap<String, Arc<[f32]>>>;

/// What remains when all layers have been called.
pub(super) struct Declared<'g> {
    pub(super) weights: Vec<(Weight, Expr<'g>)>,
    /// Weights that layers change themselves, with their new values.
    pub(super) updates: Vec<(Expr<'g>, Expr<'g>)>,
    pub(super) losses: Vec<Expr<'g>>,
    pub(super) ids: Vec<Ids<Expr<'g>>>,
}

impl<'g> Scope<'g> {
    pub(super) fn new(builder: &'g Builder, key: Option<Expr<'g>>) -> Scope<'g> {
        Scope {
            builder,
            key,
            path: RefCell::default(),
            layers: RefCell::default(),
            trainable: Cell::new(true),
            weights: RefCell::default(),
            losses: RefCell::default(),
            ids: RefCell::default(),
            streams: Cell::new(stream::LAYERS),
            calls: Cell::new(0),
            given: RefCell::default(),
        }
    }

    /// Counts a call of a layer. Returns whether to continue: nothing was wrong so far, and there
    /// were not too many calls (E014). A few networks nested in each other, each calling the next
    /// one twice, would never end.
    pub(super) fn goes_on(&self) -> bool {
        self.calls.set(self.calls.get() + 1);
        if self.calls.get() > MOST_CALLS {
            self.fail(Error::new(Code::E014, too_many_calls(MOST_CALLS)));
        }
        self.builder.error().is_none()
    }

    /// Runs `f` for a layer with this name inside the present one.
    pub(super) fn within<T>(&self, layer: &str, trainable: bool, f: impl FnOnce() -> T) -> T {
        let outer = self.path.borrow().clone();
        let path = if outer.is_empty() { layer.to_owned() } else { format!("{outer}/{layer}") };
        let learns = self.trainable.get();
        self.trainable.set(learns && trainable);
        self.path.replace(path.clone());
        self.layers.borrow_mut().push(layer.to_owned());
        let result = self.builder.scoped(&path, f);
        self.layers.borrow_mut().pop();
        self.path.replace(outer);
        self.trainable.set(learns);
        result
    }

    /// Runs `f`, whose weights start with these values.
    pub(super) fn giving<T>(&self, values: &Given, f: impl FnOnce() -> T) -> T {
        let path = format!("{}/", self.path.borrow());
        self.given.borrow_mut().push((path, Arc::clone(values)));
        let result = f();
        self.given.borrow_mut().pop();
        result
    }

    /// The values that a weight with this name and shape starts with, if any are given: the
    /// innermost ones.
    fn given(&self, name: &str, shape: Shape) -> Option<Arc<[f32]>> {
        let given = self.given.borrow();
        let found = given
            .iter()
            .rev()
            .find_map(|(path, values)| values.get(name.strip_prefix(path.as_str())?).cloned());
        found.filter(|values| values.len() == shape.elems())
    }

    pub(super) fn finish(self) -> Declared<'g> {
        let traced = self.weights.into_inner();
        Declared {
            updates: traced.iter().filter_map(|t| Some((t.expr, t.next?))).collect(),
            weights: traced.into_iter().map(|t| (t.weight, t.expr)).collect(),
            losses: self.losses.into_inner(),
            ids: self.ids.into_inner(),
        }
    }

    /// A weight of this layer that training changes: its name, its shape and how it starts (an
    /// [`Initializer`], or [`WeightSettings`]). A name that already exists gives a shared layer's
    /// weight.
    #[track_caller]
    pub fn weight(
        &self,
        name: &str,
        dims: &[usize],
        settings: impl Into<WeightSettings>,
    ) -> Expr<'g> {
        self.declare(name, dims, settings.into(), self.trainable.get())
    }

    /// A value that this layer keeps and that training does not change, but
    /// [`update`](Scope::update) does. If it was already set in this step, it has that value.
    #[track_caller]
    pub fn state(&self, name: &str, dims: &[usize], initializer: Initializer) -> Expr<'g> {
        self.declare(name, dims, initializer.into(), false)
    }

    /// Sets a value that the layer keeps, if this is a training step and the layer is not frozen.
    pub fn update(&self, name: &str, value: Expr<'g>) {
        let name = self.name_of(name);
        let mut weights = self.weights.borrow_mut();
        let known = weights.iter_mut().find(|traced| traced.weight.name == name);
        if let Some(traced) = known.filter(|_| self.is_training()) {
            traced.next = Some(value);
        }
    }

    fn name_of(&self, weight: &str) -> String {
        format!("{}/{weight}", self.path.borrow())
    }

    #[track_caller]
    fn declare(
        &self,
        name: &str,
        dims: &[usize],
        settings: WeightSettings,
        trainable: bool,
    ) -> Expr<'g> {
        let name = self.name_of(name);
        let layers = self.layers.borrow().clone();
        if let Some(known) = self.weights.borrow().iter().find(|t| t.weight.name == name) {
            if known.weight.layers != layers {
                self.fail(Error::new(Code::E014, one_name(&name)).fix(rename()));
            }
            let has = known.weight.shape;
            if has.dims() != dims {
                let wants = Shape::new(dims).unwrap_or(Shape::SCALAR);
                let text = other_shape(&name, has, wants);
                self.fail(Error::new(Code::E012, text).fix(same_samples()));
            }
            return known.next.unwrap_or(known.expr);
        }
        let expr = self.builder.input(&name, Role::State, DType::F32, dims);
        let shape = expr.shape();
        if let Err(error) = settings.initializer.check(shape) {
            self.fail(error);
        }
        let given = self.given(&name, shape);
        let weight = Weight { name, layers, shape, settings, trainable, given };
        self.weights.borrow_mut().push(Traced { weight, expr, next: None });
        if let Some(regularizer) = settings.regularizer {
            self.add_loss(regularizer.penalty(expr));
        }
        expr
    }

    /// Whether this is a training step for this layer: not if it is frozen.
    pub fn is_training(&self) -> bool {
        self.key.is_some() && self.trainable.get()
    }

    /// Random numbers uniform in [0, 1) that differ from step to step, or nothing outside training.
    #[track_caller]
    pub fn random(&self, shape: Shape) -> Option<Expr<'g>> {
        let stream = self.streams.replace(self.streams.get() + 1);
        self.key.map(|key| self.builder.uniform(key, stream, shape.dims()))
    }

    /// Declares that `x` names rows of a table of this size. If `x` is an input of the model, in
    /// whatever shape, its numbers are checked before the first step; numbers that the network
    /// computes cannot be checked.
    pub fn ids(&self, x: Expr<'g>, size: usize) {
        let layer = self.path.borrow().clone();
        self.ids.borrow_mut().push(Ids { of: x, layer, size });
    }

    /// Adds a scalar to the loss.
    pub fn add_loss(&self, loss: Expr<'g>) {
        self.losses.borrow_mut().push(loss);
    }

    /// Adds the cost of a layer's output to the loss, divided by the batch's size, and returns the
    /// output.
    pub fn regularize(&self, regularizer: Option<Regularizer>, output: Expr<'g>) -> Expr<'g> {
        if let Some(regularizer) = regularizer {
            let batch = output.shape().dims().first().copied().unwrap_or(1).max(1);
            self.add_loss(regularizer.penalty(output) / batch as f64);
        }
        output
    }

    /// A value to continue with after a mistake, if there is no other: nothing built after it is
    /// ever run.
    pub(super) fn placeholder(&self) -> Expr<'g> {
        self.builder.fill(0.0, &[])
    }

    /// Keeps a mistake in the layer's settings or inputs, if it is the first.
    pub fn fail(&self, error: Error) {
        self.builder.fail(error);
    }
}

crate::messages! {
    fn other_shape(weight: &str, has: Shape, wants: Shape) {
        en: "the layer is used again, but its weight \"{weight}\" has shape {has} and would need {wants}",
        es: "la capa se usa otra vez, pero su peso \"{weight}\" tiene forma {has} y necesitaría {wants}",
    }

    fn too_many_calls(most: usize) {
        en: "the model calls layers more than {most} times, including calls inside nested models",
        es: "el modelo llama a capas más de {most} veces, incluidas las llamadas dentro de los modelos que contiene",
    }

    fn same_samples() {
        en: "a shared layer takes inputs of one shape; use two layers, or bring the inputs to one shape",
        es: "una capa compartida recibe entradas de una sola forma; use dos capas, o lleve las entradas a una forma",
    }

    fn one_name(weight: &str) {
        en: "the weights of two layers have the name \"{weight}\": one layer is in a model, and another has a slash in its name",
        es: "los pesos de dos capas se llaman \"{weight}\": una está en un modelo y otra tiene una barra en su nombre",
    }

    fn rename() {
        en: "give one of the two layers another name",
        es: "dé otro nombre a una de las dos capas",
    }
}
