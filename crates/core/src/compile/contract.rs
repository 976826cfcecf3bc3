//! Products that are only ever added: one instruction does both.

use crate::graph::{Binary, Graph, NodeId, Op};
use crate::tensor::DType;
use std::collections::{HashMap, HashSet};

/// For each sum or difference among `nodes`, the product that it may compute itself: nothing else needs it.
pub(super) fn products(
    graph: &Graph,
    nodes: &[NodeId],
    stored: &HashSet<NodeId>,
) -> HashMap<NodeId, NodeId> {
    let mut uses: HashMap<NodeId, usize> = HashMap::new();
    for id in nodes {
        for operand in graph.node(*id).op.operands() {
            *uses.entry(operand).or_default() += 1;
        }
    }
    let alone = |x: NodeId| {
        matches!(graph.node(x).op, Op::Binary(Binary::Mul, ..))
            && nodes.contains(&x)
            && !stored.contains(&x)
            && uses[&x] == 1
    };
    let of = |id: NodeId| match graph.node(id).op {
        _ if graph.ty(id).dtype != DType::F32 => None,
        Op::Binary(Binary::Add, a, b) => [a, b].into_iter().find(|x| alone(*x)),
        Op::Binary(Binary::Sub, _, b) => alone(b).then_some(b),
        _ => None,
    };
    nodes.iter().filter_map(|id| Some((*id, of(*id)?))).collect()
}
