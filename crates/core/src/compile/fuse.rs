//! Which elementwise operations run together in one pass over memory.
//!
//! Every node gets a level such that an edge which cannot be fused climbs at least one level.
//! Elementwise nodes of one shape and one level that feed each other form a group. Since every path
//! through something outside a group climbs, groups never wait for each other in a circle.

use crate::graph::{Graph, NodeId, Op};

/// Nodes that run as one step, in order, and the level at which they run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) nodes: Vec<NodeId>,
    pub(super) level: usize,
}

/// Whether a value can stay in registers on its way from one node to another.
fn fusable(graph: &Graph, from: NodeId, to: NodeId) -> bool {
    graph.node(from).op.is_elementwise()
        && graph.node(to).op.is_elementwise()
        && !graph.node(to).op.reads_elsewhere()
        && graph.ty(from).shape == graph.ty(to).shape
}

/// The groups of a graph: elementwise nodes together, and every other node except the inputs alone.
pub(super) fn elementwise(graph: &Graph) -> Vec<Group> {
    let level = levels(graph);
    let repeated = repeated(graph);
    let mut group_of: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    for id in graph.ids() {
        let op = &graph.node(id).op;
        if matches!(op, Op::Input(_)) || repeated[id.index()] {
            continue;
        }
        let mut home = groups.len();
        groups.push(vec![id]);
        group_of[id.index()] = Some(home);
        for operand in op.operands() {
            let Some(other) = group_of[operand.index()] else { continue };
            if other != home
                && fusable(graph, operand, id)
                && level[operand.index()] == level[id.index()]
            {
                // The smaller group moves; otherwise a long chain would be moved again and again.
                let (from, to) = if groups[home].len() < groups[other].len() {
                    (home, other)
                } else {
                    (other, home)
                };
                for moved in std::mem::take(&mut groups[from]) {
                    group_of[moved.index()] = Some(to);
                    groups[to].push(moved);
                }
                home = to;
            }
        }
    }
    groups.retain(|nodes| !nodes.is_empty());
    groups
        .into_iter()
        .map(|mut nodes| {
            nodes.sort();
            Group { level: level[nodes[0].index()], nodes }
        })
        .collect()
}

/// The nodes that are never in memory: numbers that elementwise operations make anew wherever they use them.
pub(super) fn repeated(graph: &Graph) -> Vec<bool> {
    let mut repeated: Vec<bool> =
        graph.nodes.iter().map(|node| matches!(node.op, Op::Fill(_) | Op::Iota(_))).collect();
    for node in &graph.nodes {
        // A value that is read otherwise than element by element must be somewhere.
        if !node.op.is_elementwise() || node.op.reads_elsewhere() {
            node.op.operands().into_iter().for_each(|x| repeated[x.index()] = false);
        }
    }
    graph.roots().for_each(|root| repeated[root.index()] = false);
    repeated
}

/// The level of each node. Elementwise nodes wait as long as possible, so that they meet their
/// users.
fn levels(graph: &Graph) -> Vec<usize> {
    let cost = |from: NodeId, to: NodeId| usize::from(!fusable(graph, from, to));
    let mut level = vec![0; graph.nodes.len()];
    for id in graph.ids() {
        for operand in graph.node(id).op.operands() {
            level[id.index()] = level[id.index()].max(level[operand.index()] + cost(operand, id));
        }
    }
    let mut latest: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    for root in graph.roots() {
        latest[root.index()] = Some(level[root.index()]);
    }
    for id in graph.ids().rev() {
        if graph.node(id).op.is_elementwise() {
            level[id.index()] = latest[id.index()].unwrap_or(level[id.index()]);
        }
        for operand in graph.node(id).op.operands() {
            let until = level[id.index()] - cost(operand, id);
            let slot = &mut latest[operand.index()];
            *slot = Some(slot.map_or(until, |other| other.min(until)));
        }
    }
    level
}
