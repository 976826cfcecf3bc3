//! The order in which groups run.

use super::fuse::Group;

/// Groups by level.
pub(super) fn by_level(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by_key(|group| (group.level, group.nodes[0]));
    groups
}
