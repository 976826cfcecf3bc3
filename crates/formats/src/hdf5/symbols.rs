//! The names of a group in the older form: a tree, its tables of entries, and a heap of texts.

use super::header::Entry;
use super::read::File;
use super::{join, texts};
use crate::cursor::damaged;
use neurona_core::error::Result;

/// The names of a group, while they are being read.
struct Table<'f> {
    path: &'f str,
    /// All names, each with a zero after it.
    names: &'f [u8],
    /// How many of these bytes the names found so far take.
    used: usize,
    entries: Vec<Entry>,
}

impl<'f> Table<'f> {
    /// The name at a place.
    fn name(&mut self, at: u64) -> Result<&'f str> {
        let name = usize::try_from(at).ok().and_then(|at| self.names.get(at..));
        let name = name.and_then(|name| name.split(|&byte| byte == 0).next()).unwrap_or_default();
        self.used += name.len() + 1;
        // Otherwise a short file could have many long names, each the end of another.
        if self.used > self.names.len() {
            return Err(damaged(texts::names_overlap()));
        }
        texts::name(name)
    }
}

impl File<'_> {
    /// The names of the group at a path, and what they lead to.
    pub(super) fn table(&mut self, path: &str, tree: u64, heap: u64) -> Result<Vec<Entry>> {
        let mut start = self.open(heap, *b"HEAP", 0)?;
        start.take(3)?;
        let (size, _free, at) = (start.u64()?, start.u64()?, start.u64()?);
        self.claim(heap, 32)?;
        let names = self.claim(at, size)?.take(size)?;
        let mut table = Table { path, names, used: 0, entries: Vec::new() };
        self.node(tree, None, &mut table)?;
        Ok(table.entries)
    }

    /// A node of a group's tree: one level below its parent, down to the entries.
    fn node(&mut self, at: u64, level: Option<u8>, table: &mut Table<'_>) -> Result<()> {
        let mut node = self.open(at, *b"TREE", 0)?;
        let (own, count) = (node.u8()?, node.u16()?);
        // A million objects are two or three levels.
        if level.map_or(own > 8, |level| own != level) {
            return Err(damaged(texts::bad_tree()));
        }
        let mut node = self.claim(at, 24 + 16 * u64::from(count) + 8)?;
        node.take(24)?;
        for _ in 0..count {
            let (_key, child) = (node.u64()?, node.u64()?);
            match own.checked_sub(1) {
                Some(below) => self.node(child, Some(below), table)?,
                None => self.leaf(child, table)?,
            }
        }
        Ok(())
    }

    /// Entries: a name's place, the address of its object, and what else is known about it.
    fn leaf(&mut self, at: u64, table: &mut Table<'_>) -> Result<()> {
        const SOFT_LINK: u32 = 2;
        let mut leaf = self.open(at, *b"SNOD", 1)?;
        leaf.u8()?;
        let count = leaf.u16()?;
        let mut leaf = self.claim(at, 8 + 40 * u64::from(count))?;
        leaf.take(8)?;
        for _ in 0..count {
            let (name, header, known) = (leaf.u64()?, leaf.u64()?, leaf.u32()?);
            leaf.take(20)?;
            let name = table.name(name)?;
            if known == SOFT_LINK {
                let place = join(table.path, name);
                return Err(texts::unsupported(&texts::soft_link()).at(place));
            }
            let name = name.to_owned();
            table.entries.push(Entry { name, header });
        }
        Ok(())
    }
}
