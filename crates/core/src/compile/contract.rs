//! Pairs of operations that become one instruction: products that are only ever added, bytes that
//! are only ever scaled.

use crate::graph::{Binary, Graph, NodeId, Op};
use crate::tensor::DType;
use std::collections::{HashMap, HashSet};

/// For each sum or difference among `nodes`, the product that it may compute itself because nothing
/// else needs it.
pub(super) fn products(
    graph: &Graph,
    nodes: &[NodeId],
    stored: &HashSet<NodeId>,
) -> HashMap<NodeId, NodeId> {
    let used_once = used_once(graph, nodes, stored);
    let alone = |x: NodeId| {
        matches!(graph.node(x).op, Op::Binary(Binary::Mul, ..)) && used_once.contains(&x)
    };
    let of = |id: NodeId| match graph.node(id).op {
        _ if graph.ty(id).dtype != DType::F32 => None,
        Op::Binary(Binary::Add, a, b) => [a, b].into_iter().find(|x| alone(*x)),
        Op::Binary(Binary::Sub, _, b) => alone(b).then_some(b),
        _ => None,
    };
    nodes.iter().filter_map(|id| Some((*id, of(*id)?))).collect()
}

/// For each product of bytes and a number among `nodes`, the cast that it may compute itself, and the number.
pub(super) fn scaled(
    graph: &Graph,
    nodes: &[NodeId],
    stored: &HashSet<NodeId>,
) -> HashMap<NodeId, (NodeId, f64)> {
    let used_once = used_once(graph, nodes, stored);
    let bytes = |x: NodeId| match graph.node(x).op {
        Op::Cast(from) => graph.ty(from).dtype == DType::U8 && used_once.contains(&x),
        _ => false,
    };
    let of = |id: NodeId| match graph.node(id).op {
        Op::Binary(Binary::Mul, a, b) => {
            [(a, b), (b, a)].into_iter().find_map(|(x, factor)| match graph.node(factor).op {
                Op::Fill(value) if bytes(x) => Some((x, value)),
                _ => None,
            })
        }
        _ => None,
    };
    nodes.iter().filter_map(|id| Some((*id, of(*id)?))).collect()
}

/// The nodes of a step that are an operand exactly once, and that need not be in memory.
fn used_once(graph: &Graph, nodes: &[NodeId], stored: &HashSet<NodeId>) -> HashSet<NodeId> {
    let mut uses: HashMap<NodeId, usize> = HashMap::new();
    for id in nodes {
        for operand in graph.node(*id).op.operands() {
            *uses.entry(operand).or_default() += 1;
        }
    }
    let once = |x: &&NodeId| !stored.contains(x) && uses.get(x) == Some(&1);
    nodes.iter().filter(once).copied().collect()
}
