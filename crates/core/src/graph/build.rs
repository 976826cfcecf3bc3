//! Building a graph: every call adds a node; the first mistake is kept and reported at the end.

use super::infer::infer;
use super::{Expr, Graph, Input, Node, NodeId, Op, Role, Type};
use crate::error::{Code, Error, Result};
use crate::message::Text;
use crate::tensor::{DType, Shape};
use std::cell::{Cell, RefCell};
use std::panic::Location;

/// A graph being built. Handles ([`Expr`]) borrow from it, so that arithmetic reads as a formula.
#[derive(Debug, Default)]
pub struct Builder {
    graph: RefCell<Graph>,
    scope: Cell<u32>,
    error: RefCell<Option<Error>>,
}

impl Builder {
    /// An empty graph.
    pub fn new() -> Builder {
        let builder = Builder::default();
        builder.graph.borrow_mut().scopes.push(String::new());
        builder
    }

    /// A value from outside. The name must be new to the graph. State starts at zero.
    #[track_caller]
    pub fn input(&self, name: &str, role: Role, dtype: DType, dims: &[usize]) -> Expr<'_> {
        self.declare(name, role, Type::new(dtype, self.shape(dims)), 0.0)
    }

    /// Numbers kept from run to run that start at `initial`. The name must be new to the graph.
    #[track_caller]
    pub fn state(&self, name: &str, dims: &[usize], initial: f64) -> Expr<'_> {
        self.declare(name, Role::State, Type::new(DType::F32, self.shape(dims)), initial)
    }

    #[track_caller]
    fn declare(&self, name: &str, role: Role, ty: Type, initial: f64) -> Expr<'_> {
        if self.graph.borrow().inputs.iter().any(|input| input.name == name) {
            self.refuse(&twice(name));
        }
        let number = self.graph.borrow().inputs.len() as u32;
        let expr = self.push(Op::Input(number), ty);
        let input = Input { name: name.to_owned(), role, node: expr.id(), initial };
        self.graph.borrow_mut().inputs.push(input);
        expr
    }

    /// The same number everywhere.
    #[track_caller]
    pub fn fill(&self, value: f64, dims: &[usize]) -> Expr<'_> {
        let shape = self.shape(dims);
        self.push(Op::Fill(value), Type::new(DType::F32, shape))
    }

    /// 0, 1, 2, … along an axis, as integers.
    #[track_caller]
    pub fn iota(&self, axis: usize, dims: &[usize]) -> Expr<'_> {
        let shape = self.shape(dims);
        self.push(Op::Iota(axis), Type::new(DType::I32, shape))
    }

    /// Random numbers uniform in [0, 1): see [`Op::Uniform`].
    #[track_caller]
    pub fn uniform<'g>(&'g self, key: Expr<'g>, stream: u32, dims: &[usize]) -> Expr<'g> {
        let shape = self.shape(dims);
        self.push(Op::Uniform(key.id(), stream), Type::new(DType::F32, shape))
    }

    /// Asks for a value, under a name.
    pub fn output(&self, name: &str, value: Expr<'_>) {
        self.graph.borrow_mut().outputs.push((name.to_owned(), value.id()));
    }

    /// The value that a state input has after the run. Its type must match the input's.
    #[track_caller]
    pub fn update(&self, state: Expr<'_>, value: Expr<'_>) {
        if state.ty() != value.ty() {
            let name = self.input_name(state.id());
            let (has, gets) = (state.ty().to_string(), value.ty().to_string());
            self.refuse(&wrong_update(&name, &has, &gets));
        }
        self.graph.borrow_mut().updates.push((state.id(), value.id()));
    }

    /// Runs `f`; what it builds belongs to the layer `name` in messages.
    pub fn scoped<T>(&self, name: &str, f: impl FnOnce() -> T) -> T {
        let number = {
            let scopes = &mut self.graph.borrow_mut().scopes;
            scopes.iter().position(|scope| scope == name).unwrap_or_else(|| {
                scopes.push(name.to_owned());
                scopes.len() - 1
            })
        };
        let outer = self.scope.replace(number as u32);
        let result = f();
        self.scope.set(outer);
        result
    }

    /// Keeps a mistake if it is the first. For layers that find one themselves.
    pub fn fail(&self, error: Error) {
        let error = match self.graph.borrow().scopes.get(self.scope.get() as usize) {
            Some(scope) if !scope.is_empty() => error.at(scope.clone()),
            _ => error,
        };
        self.error.borrow_mut().get_or_insert(error);
    }

    /// The first mistake so far.
    pub fn error(&self) -> Option<Error> {
        self.error.borrow().clone()
    }

    /// Declares that a value must be finite, or the state may not change.
    pub fn guard(&self, value: Expr<'_>) {
        self.graph.borrow_mut().guards.push(value.id());
    }

    /// The finished graph. Errors: the first mistake made while building it.
    pub fn finish(self) -> Result<Graph> {
        match self.error.into_inner() {
            Some(error) => Err(error),
            None => Ok(self.graph.into_inner()),
        }
    }

    /// A handle for a node of this builder.
    pub fn expr(&self, id: NodeId) -> Expr<'_> {
        Expr::new(self, id)
    }

    /// Adds a node. If its operands do not fit, the mistake is kept, and the node is a number with
    /// which the code being traced can continue: nothing built after a mistake is ever run.
    #[track_caller]
    pub(super) fn push(&self, op: Op<NodeId>, wanted: Type) -> Expr<'_> {
        // An infinity that is given is intended; a finite number that becomes one is not.
        if let Op::Fill(number) = op
            && number.is_finite()
            && !(number as f32).is_finite()
        {
            self.fail(Error::new(Code::E016, beyond(&format!("{number:e}"))));
        }
        let typed = op.map(|id| self.ty(id));
        let (op, ty) = match infer(&typed, wanted) {
            Ok(ty) => match Shape::new(ty.shape.dims()) {
                Ok(_) => (op, ty),
                Err(error) => {
                    self.fail(error);
                    (Op::Fill(0.0), wanted)
                }
            },
            Err(problem) => {
                self.refuse(&problem);
                (Op::Fill(0.0), wanted)
            }
        };
        let nodes = &mut self.graph.borrow_mut().nodes;
        nodes.push(Node { op, ty, scope: self.scope.get() });
        Expr::new(self, NodeId(nodes.len() as u32 - 1))
    }

    pub(super) fn ty(&self, id: NodeId) -> Type {
        self.graph.borrow().ty(id)
    }

    pub(super) fn op(&self, id: NodeId) -> Op<NodeId> {
        self.graph.borrow().node(id).op
    }

    /// Runs `f`; what it builds belongs to the same layer as node `id`.
    pub(super) fn scoped_like<T>(&self, id: NodeId, f: impl FnOnce() -> T) -> T {
        let scope = self.graph.borrow().node(id).scope;
        let outer = self.scope.replace(scope);
        let result = f();
        self.scope.set(outer);
        result
    }

    /// Keeps a mistake with the line of code that made it.
    #[track_caller]
    pub(super) fn refuse(&self, problem: &Text) {
        self.fail(Error::new(Code::E012, built_at(problem, &Location::caller().to_string())));
    }

    #[track_caller]
    fn shape(&self, dims: &[usize]) -> Shape {
        Shape::new(dims).unwrap_or_else(|error| {
            self.fail(error);
            Shape::SCALAR
        })
    }

    fn input_name(&self, id: NodeId) -> String {
        let graph = self.graph.borrow();
        graph
            .inputs
            .iter()
            .find(|i| i.node == id)
            .map_or_else(|| id.to_string(), |i| i.name.clone())
    }
}

crate::messages! {
    fn beyond(number: &str) {
        en: "the number {number} is beyond ±3.4e38, the range of the 32 bits in which models compute",
        es: "el número {number} excede ±3,4e38, el alcance de los 32 bits con los que calculan los modelos",
    }

    fn built_at(problem: &Text, at: &str) {
        en: "{problem} (built at {at})",
        es: "{problem} (construido en {at})",
    }

    fn twice(name: &str) {
        en: "two inputs are called \"{name}\"",
        es: "dos entradas se llaman \"{name}\"",
    }

    fn wrong_update(name: &str, has: &str, gets: &str) {
        en: "\"{name}\" holds {has}, but its new value is {gets}",
        es: "\"{name}\" contiene {has}, pero su nuevo valor es {gets}",
    }
}
