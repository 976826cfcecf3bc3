//! How matrices of the state lie in memory: as their products want to read them.

use super::simplify::{add, rebuild};
use crate::graph::{Graph, Node, NodeId, Op, Role, Type};
use crate::tensor::DType;
use std::collections::{HashMap, HashSet};

/// The most columns of a tall matrix: a vector of the widest registers.
const COLUMNS: usize = 16;

/// Whether a matrix of the state is stored with rows and columns exchanged: it has so few columns that the
/// sums of its products run down a column, which then lies in one piece.
///
/// The shape alone decides, so programs that share a state agree.
pub fn is_stored_transposed(ty: Type) -> bool {
    match (ty.dtype, ty.shape.dims()) {
        (DType::F32, [rows, columns]) => (1..=COLUMNS).contains(columns) && *rows > COLUMNS,
        _ => false,
    }
}

/// Stores tall matrices of the state transposed, and computes their gradients and updates in the
/// same layout.
pub(super) fn store_tall_transposed(graph: &Graph) -> Graph {
    let states = graph.inputs.iter().filter(|input| input.role == Role::State);
    let tall: HashSet<NodeId> = states
        .map(|input| input.node)
        .filter(|node| is_stored_transposed(graph.ty(*node)))
        .collect();
    let mut stored: HashMap<NodeId, NodeId> = HashMap::new();
    let mut out = rebuild(graph, |out, id, node| {
        if !tall.contains(&id) {
            return add(out, node);
        }
        let input = add(out, Node { ty: transposed_type(node.ty), ..node });
        let seen_as_declared = add(out, Node { op: Op::Transpose(input), ..node });
        stored.insert(seen_as_declared, input);
        seen_as_declared
    });
    for input in &mut out.inputs {
        input.node = stored.get(&input.node).copied().unwrap_or(input.node);
    }
    let mut known: HashMap<NodeId, NodeId> = HashMap::new();
    for i in 0..out.updates.len() {
        let (state, value) = out.updates[i];
        if let Some(&input) = stored.get(&state) {
            out.updates[i] = (input, transposed(&mut out, value, &mut known));
        }
    }
    // Either layout shows whether a value is finite; in this one it is there anyway.
    for i in 0..out.guards.len() {
        if is_stored_transposed(out.ty(out.guards[i])) {
            let guard = out.guards[i];
            out.guards[i] = transposed(&mut out, guard, &mut known);
        }
    }
    out
}

fn transposed_type(ty: Type) -> Type {
    let [rows, columns] = [ty.shape.dims()[0], ty.shape.dims()[1]];
    Type { shape: ty.shape.with(0, columns).with(1, rows), ..ty }
}

/// The transpose of a value, computed in that layout from the beginning where that is possible.
fn transposed(graph: &mut Graph, id: NodeId, known: &mut HashMap<NodeId, NodeId>) -> NodeId {
    if let Some(&done) = known.get(&id) {
        return done;
    }
    let node = graph.node(id).clone();
    let op = match node.op {
        Op::Transpose(x) => {
            known.insert(id, x);
            return x;
        }
        // Products read a transposed operand in place, and one that is turned twice is as it was.
        Op::MatMul(a, b) => {
            let mut turned = |x: NodeId| {
                let node = graph.node(x).clone();
                add(graph, Node { op: Op::Transpose(x), ty: transposed_type(node.ty), ..node })
            };
            Op::MatMul(turned(b), turned(a))
        }
        // It holds the same number everywhere.
        Op::Fill(_) => node.op,
        Op::Broadcast(x) if graph.ty(x).shape.elems() == 1 => node.op,
        Op::Unary(..) | Op::Binary(..) | Op::Select(..) | Op::Cast(_) => {
            node.op.map(|x| transposed(graph, x, known))
        }
        // Made as it is, then turned.
        Op::Input(_)
        | Op::Iota(_)
        | Op::Uniform(..)
        | Op::StopGradient(_)
        | Op::Broadcast(_)
        | Op::Reshape(_)
        | Op::Permute(..)
        | Op::Flip(..)
        | Op::Slice(..)
        | Op::Pad(..)
        | Op::Gather(..)
        | Op::ScatterAdd(..)
        | Op::Reduce(..)
        | Op::ArgMax(..)
        | Op::Conv(..)
        | Op::ConvInput(..)
        | Op::ConvKernel(..)
        | Op::PickMax(..)
        | Op::PutMax(..)
        | Op::SumPool(..)
        | Op::SpreadPool(..)
        | Op::Softmax(_)
        | Op::LogSoftmax(_) => Op::Transpose(id),
    };
    let done = add(graph, Node { op, ty: transposed_type(node.ty), ..node });
    known.insert(id, done);
    done
}
