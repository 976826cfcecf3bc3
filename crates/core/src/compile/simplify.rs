//! Passes from graph to graph that do less work for the same result.

use crate::graph::{Binary, Graph, Node, NodeId, Op, Real, Type, Unary};
use crate::tensor::DType;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

/// Builds a graph anew, node by node: `rewrite` may answer with a node that is already there.
pub(super) fn rebuild(
    graph: &Graph,
    mut rewrite: impl FnMut(&mut Graph, NodeId, Node) -> NodeId,
) -> Graph {
    let mut out =
        Graph { inputs: graph.inputs.clone(), scopes: graph.scopes.clone(), ..Graph::default() };
    let mut renamed: Vec<NodeId> = Vec::with_capacity(graph.nodes.len());
    for id in graph.ids() {
        let old = graph.node(id);
        let node = Node { op: old.op.map(|operand| renamed[operand.index()]), ..*old };
        let new = rewrite(&mut out, id, node);
        renamed.push(new);
    }
    for input in &mut out.inputs {
        input.node = renamed[input.node.index()];
    }
    out.outputs =
        graph.outputs.iter().map(|(name, id)| (name.clone(), renamed[id.index()])).collect();
    out.guards = graph.guards.iter().map(|id| renamed[id.index()]).collect();
    out.updates =
        graph.updates.iter().map(|(s, v)| (renamed[s.index()], renamed[v.index()])).collect();
    out
}

pub(super) fn add(graph: &mut Graph, node: Node) -> NodeId {
    graph.nodes.push(node);
    NodeId(graph.nodes.len() as u32 - 1)
}

/// Removes [`Op::StopGradient`], which has done its work once gradients are taken.
pub(super) fn drop_stops(graph: &Graph) -> Graph {
    rebuild(graph, |out, _, node| match node.op {
        Op::StopGradient(x) => x,
        _ => add(out, node),
    })
}

/// Does arithmetic on equal numbers once and for all, and removes operations that change nothing.
pub(super) fn fold_constants(graph: &Graph) -> Graph {
    rebuild(graph, |out, _, node| {
        let fill = |out: &Graph, id: NodeId| match out.node(id).op {
            Op::Fill(value) => Some(value),
            _ => None,
        };
        let folded = match node.op {
            Op::Unary(unary, x) if unary != Unary::Not => {
                fill(out, x).map(|x| f64::unary(unary, x))
            }
            Op::Binary(binary, a, b) if !binary.compares() => {
                fill(out, a).zip(fill(out, b)).map(|(a, b)| f64::binary(binary, a, b))
            }
            Op::Broadcast(x) | Op::Reshape(x) if node.ty.dtype == DType::F32 => fill(out, x),
            _ => None,
        };
        if let Some(value) = folded {
            return add(out, Node { op: Op::Fill(value), ..node });
        }
        match node.op {
            Op::Binary(Binary::Mul | Binary::Div, x, one) if fill(out, one) == Some(1.0) => x,
            Op::Binary(Binary::Mul, one, x) if fill(out, one) == Some(1.0) => x,
            Op::Binary(Binary::Add | Binary::Sub, x, zero) if fill(out, zero) == Some(0.0) => x,
            Op::Binary(Binary::Add, zero, x) if fill(out, zero) == Some(0.0) => x,
            Op::Transpose(x) => match out.node(x).op {
                Op::Transpose(original) => original,
                _ => add(out, node),
            },
            Op::Reduce(_, x, _) | Op::Broadcast(x) | Op::Reshape(x) if out.ty(x) == node.ty => x,
            _ => add(out, node),
        }
    })
}

/// Does equal operations on equal values only once.
pub(super) fn share_equal(graph: &Graph) -> Graph {
    let mut seen: HashMap<Same, NodeId> = HashMap::new();
    rebuild(graph, |out, _, node| {
        if matches!(node.op, Op::Input(_)) {
            return add(out, node);
        }
        *seen.entry(Same(node.op, node.ty)).or_insert_with(|| add(out, node))
    })
}

/// An operation and the type of its result. Numbers are equal only if their bits are: 0 and -0
/// differ.
struct Same(Op<NodeId>, Type);

impl PartialEq for Same {
    fn eq(&self, other: &Same) -> bool {
        let same = match (self.0, other.0) {
            (Op::Fill(a), Op::Fill(b)) => a.to_bits() == b.to_bits(),
            (a, b) => a == b,
        };
        same && self.1 == other.1
    }
}

impl Eq for Same {}

impl Hash for Same {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Other differences between operations on the same values are rare: comparing finds them.
        std::mem::discriminant(&self.0).hash(state);
        if let Op::Fill(value) = self.0 {
            value.to_bits().hash(state);
        }
        self.0.operands().into_iter().for_each(|operand| operand.hash(state));
        self.1.hash(state);
    }
}

/// Makes a value's softmax from its logarithm where that is there too: the same sums, only once.
pub(super) fn share_softmax(graph: &Graph) -> Graph {
    let logarithms: HashSet<NodeId> = graph
        .nodes
        .iter()
        .filter_map(|node| match node.op {
            Op::LogSoftmax(x) => Some(x),
            _ => None,
        })
        .collect();
    let mut shared: HashMap<NodeId, NodeId> = HashMap::new();
    rebuild(graph, |out, id, node| match (graph.node(id).op, node.op) {
        (Op::Softmax(old) | Op::LogSoftmax(old), Op::Softmax(x) | Op::LogSoftmax(x))
            if logarithms.contains(&old) =>
        {
            let log = *shared
                .entry(x)
                .or_insert_with(|| add(out, Node { op: Op::LogSoftmax(x), ..node.clone() }));
            match node.op {
                Op::Softmax(_) => add(out, Node { op: Op::Unary(Unary::Exp, log), ..node }),
                _ => log,
            }
        }
        _ => add(out, node),
    })
}

/// Computes `0 < x` from `max(x, 0)` where that is there: the gradient of a rectifier then needs
/// only its output, which is kept for others anyway, and not its input.
pub(super) fn ask_rectified(graph: &Graph) -> Graph {
    let mut rectified: HashMap<NodeId, NodeId> = HashMap::new();
    rebuild(graph, |out, _, node| {
        let is_zero = |id: NodeId| matches!(out.node(id).op, Op::Fill(0.0));
        match node.op {
            Op::Binary(Binary::Max, x, zero) if is_zero(zero) => {
                let y = add(out, node);
                *rectified.entry(x).or_insert(y)
            }
            Op::Binary(Binary::Less, zero, x) if is_zero(zero) && rectified.contains_key(&x) => {
                let op = Op::Binary(Binary::Less, zero, rectified[&x]);
                add(out, Node { op, ..node })
            }
            _ => add(out, node),
        }
    })
}

/// Removes nodes that no result of the graph depends on. Inputs stay, because they are the graph's
/// interface.
pub(super) fn keep_needed(graph: &Graph) -> Graph {
    let inputs = graph.inputs.iter().map(|input| input.node);
    let needed = graph.needed(graph.roots().chain(inputs));
    rebuild(graph, |out, id, node| {
        // An unneeded node is never looked up: any number will do.
        if needed[id.index()] { add(out, node) } else { NodeId(0) }
    })
}

/// Adds a copy of each state whose value before the run is asked for, although the run changes it.
pub(super) fn keep_old_values(mut graph: Graph) -> Graph {
    let changed: HashSet<NodeId> = graph.updates.iter().map(|(state, _)| *state).collect();
    for i in 0..graph.outputs.len() {
        let (_, id) = graph.outputs[i];
        let mut source = id;
        while let Op::Reshape(x) = graph.node(source).op {
            source = x;
        }
        if changed.contains(&source) {
            let node = Node { op: Op::Cast(id), ..*graph.node(id) };
            graph.outputs[i].1 = add(&mut graph, node);
        }
    }
    graph
}
