//! In which order groups run.

use super::fuse::Group;
use crate::graph::{Graph, NodeId};
use std::collections::HashSet;

/// Groups by level; of one level, those that change the state last.
pub(super) fn by_level(graph: &Graph, mut groups: Vec<Group>) -> Vec<Group> {
    let updates: HashSet<NodeId> = graph.updates.iter().map(|(_, value)| *value).collect();
    groups.sort_by_key(|group| {
        let writes = group.nodes.iter().any(|id| updates.contains(id));
        (group.level, writes, group.nodes[0])
    });
    groups
}
