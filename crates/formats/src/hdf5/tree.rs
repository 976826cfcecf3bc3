//! Trees in the newer form (B-tree, version 2): records of one size, in nodes of one size, each
//! with a checksum.

use super::read::{File, sealed};
use super::{NOWHERE, texts};
use crate::cursor::{Cursor, damaged};
use neurona_core::error::Result;

/// A million records are three or four levels.
const MOST_LEVELS: u16 = 16;
/// Signature, version, kind and checksum of a node.
const FRAME: u64 = 10;

/// A tree, while it is being read.
struct Tree<'a> {
    kind: u8,
    node: u64,
    record: u64,
    /// For each level from the leaves up: how many bytes a pointer to one of its nodes takes.
    pointers: Vec<u64>,
    /// How many of these bytes say how many records the node has.
    count: u64,
    records: Vec<&'a [u8]>,
}

impl<'a> File<'a> {
    /// The records of a tree, which must be of a certain kind. Errors (E034): it is damaged, or of
    /// another kind.
    pub(super) fn records(&mut self, at: u64, kind: u8) -> Result<Vec<&'a [u8]>> {
        let mut start = self.structure(at, 38, *b"BTHD", 0)?;
        let (found, node, record, levels) = (start.u8()?, start.u32()?, start.u16()?, start.u16()?);
        // How full its nodes are.
        start.take(2)?;
        let (root, count, total) = (start.u64()?, start.u16()?, start.u64()?);
        let (node, record) = (u64::from(node), u64::from(record));
        let room = node.saturating_sub(FRAME);
        if found != kind || record == 0 || record > room || levels > MOST_LEVELS {
            return Err(damaged(texts::bad_tree()));
        }
        if root == NOWHERE {
            return Ok(Vec::new());
        }
        let mut most = room / record;
        let count_bytes = bytes_for(most);
        let (mut all, mut pointers) = (most, vec![8 + count_bytes]);
        for level in 1..=usize::from(levels) {
            let pointer = pointers[level - 1];
            most = room.saturating_sub(pointer) / (record + pointer);
            all = (most + 1).saturating_mul(all).saturating_add(most);
            pointers.push(8 + count_bytes + bytes_for(all));
        }
        let records = Vec::new();
        let mut tree = Tree { kind, node, record, pointers, count: count_bytes, records };
        self.branch(root, count.into(), levels.into(), &mut tree)?;
        if tree.records.len() as u64 != total {
            return Err(damaged(texts::bad_tree()));
        }
        Ok(tree.records)
    }

    /// The records of a node with this many, and of all nodes below it. Their order does not matter
    /// here.
    fn branch(&mut self, at: u64, count: u64, level: usize, tree: &mut Tree<'a>) -> Result<()> {
        let (signature, below) = match level.checked_sub(1) {
            Some(below) => (b"BTIN", tree.pointers[below] * (count + 1)),
            None => (b"BTLF", 0),
        };
        let used = count.saturating_mul(tree.record).saturating_add(FRAME + below);
        if used > tree.node {
            return Err(damaged(texts::bad_tree()));
        }
        let node = self.claim(at, tree.node)?.take(used)?;
        let name = String::from_utf8_lossy(signature);
        let mut node = Cursor::new(sealed(node, at, &name)?, 0);
        if node.take(4)? != signature || node.array()? != [0, tree.kind] {
            return Err(damaged(texts::not_there(&name, at as usize)));
        }
        self.spend(count as usize * 2 * size_of::<&[u8]>())?;
        for _ in 0..count {
            tree.records.push(node.take(tree.record)?);
        }
        let Some(below) = level.checked_sub(1) else { return Ok(()) };
        for _ in 0..=count {
            let (child, count) = (node.u64()?, node.number(tree.count)?);
            node.take(tree.pointers[below] - 8 - tree.count)?;
            self.branch(child, count, below, tree)?;
        }
        Ok(())
    }
}

/// How many bytes a number up to this one takes.
fn bytes_for(most: u64) -> u64 {
    u64::from(most.max(1).ilog2()) / 8 + 1
}
