//! A computation as data: a list of typed nodes, each after its operands.
//!
//! Walking the list forward is evaluation, walking it backward is differentiation. There is no
//! reference counting and no recursion: a value is an index.

mod build;
mod expr;
mod grad;
mod infer;
mod interpret;
mod max_pool;
mod op;
mod text;
mod verify;
mod window;

#[cfg(test)]
mod tests;

pub use build::Builder;
pub use expr::Expr;
pub use grad::gradients;
pub use interpret::{Real, Value, interpret};
pub use op::{Binary, Op, Operands, Reduction, Span, Unary};
pub use window::Window;

use crate::tensor::{DType, Shape};
use std::fmt;

/// A node of a graph: its position in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The position in the list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}

/// The type of a node's value: its element type and shape.
///
/// `F32` stands for the working precision: the processor computes it in 32 bits, the interpreter in
/// either 32 or 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// The type of the elements.
    pub dtype: DType,
    /// The shape.
    pub shape: Shape,
}

impl Type {
    /// A type from its two parts.
    pub fn new(dtype: DType, shape: Shape) -> Type {
        Type { dtype, shape }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.dtype, self.shape)
    }
}

/// One operation of a graph, with the type of its result.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The operation and its operands.
    pub op: Op<NodeId>,
    /// The type of its value.
    pub ty: Type,
    /// Which layer it belongs to: an index of [`Graph::scopes`].
    pub scope: u32,
}

/// Where an input's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Given anew to each run: samples, targets, the random key, the learning rate.
    Batch,
    /// Kept from run to run: weights, an optimizer's memories, counters.
    State,
}

/// A value from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name, unique in the graph.
    pub name: String,
    /// Whether it is kept between runs.
    pub role: Role,
    /// The node that stands for it.
    pub node: NodeId,
    /// The number that every element of [state](Role::State) starts with, unless it is given a value.
    pub initial: f64,
}

/// A computation: nodes, inputs, outputs, and how the state changes.
///
/// Prints as text and parses back:
///
/// ```
/// use neurona_core::graph::{Builder, Graph, Role};
/// use neurona_core::tensor::{DType, Shape};
///
/// let builder = Builder::new();
/// let x = builder.input("x", Role::Batch, DType::F32, &[2, 3]);
/// builder.output("y", (x * 2.0).tanh());
/// let graph = builder.finish()?;
/// assert_eq!(
///     graph.to_string(),
///     "%0 = input \"x\" batch : float32[2, 3]\n\
///      %1 = fill 2.0 : float32[2, 3]\n\
///      %2 = mul %0 %1 : float32[2, 3]\n\
///      %3 = tanh %2 : float32[2, 3]\n\
///      output \"y\" %3\n"
/// );
/// assert_eq!(graph.to_string().parse::<Graph>()?.to_string(), graph.to_string());
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Graph {
    /// The operations, each after its operands.
    pub nodes: Vec<Node>,
    /// The values from outside, in the order they were declared.
    pub inputs: Vec<Input>,
    /// The values asked for, by name.
    pub outputs: Vec<(String, NodeId)>,
    /// The new value of each input that is [state](Role::State) and changes: (input node, new value).
    pub updates: Vec<(NodeId, NodeId)>,
    /// Values that must be finite, or the state may not change; the values of the next state are
    /// checked in any case.
    pub guards: Vec<NodeId>,
    /// Names of layers, for messages; number 0 stands for no layer.
    pub scopes: Vec<String>,
}

impl Graph {
    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The type of a node's value.
    pub fn ty(&self, id: NodeId) -> Type {
        self.node(id).ty
    }

    /// All nodes in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// The name of the layer a node belongs to; empty for none.
    pub fn scope(&self, id: NodeId) -> &str {
        self.scopes.get(self.node(id).scope as usize).map_or("", String::as_str)
    }

    /// The nodes whose values leave the graph: outputs, updates, guards.
    pub fn roots(&self) -> impl Iterator<Item = NodeId> {
        let outputs = self.outputs.iter().map(|(_, id)| *id);
        let updates = self.updates.iter().map(|(_, new)| *new);
        outputs.chain(updates).chain(self.guards.iter().copied())
    }

    /// For each node, whether it is one of these or one of them depends on it.
    pub fn needed(&self, of: impl IntoIterator<Item = NodeId>) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        of.into_iter().for_each(|id| needed[id.index()] = true);
        // Operands come before the nodes that are made from them.
        for id in self.ids().rev() {
            if needed[id.index()] {
                self.node(id).op.operands().into_iter().for_each(|x| needed[x.index()] = true);
            }
        }
        needed
    }

    /// The output with a name.
    pub fn output(&self, name: &str) -> Option<NodeId> {
        self.outputs.iter().find(|(n, _)| n == name).map(|(_, id)| *id)
    }
}
