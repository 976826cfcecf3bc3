//! Where chunks lie: the indexes for one chunk, for chunks one after another, and the two kinds of
//! trees.

use super::super::NOWHERE;
use super::super::header::{Chunked, Index};
use super::super::read::File;
use super::super::texts;
use super::{Chunk, Grid};
use crate::cursor::{Cursor, damaged};
use neurona_core::error::{Error, Result};

pub(super) fn broken() -> Error {
    damaged(texts::bad_index())
}

impl File<'_> {
    /// All chunks that an index has. There may be fewer than the array needs.
    pub(super) fn index(
        &mut self,
        layout: &Chunked,
        grid: &Grid<'_>,
        filtered: bool,
    ) -> Result<Vec<Chunk>> {
        let at = layout.address;
        let mut chunks = Vec::new();
        if at == NOWHERE {
            return Ok(chunks);
        }
        match layout.index {
            Index::Tree => self.old_tree(at, None, grid, &mut chunks)?,
            Index::Single(packed) => {
                let (size, skipped) = packed.unwrap_or((grid.bytes, 0));
                chunks.push(Chunk { number: 0, at, size, skipped });
            }
            Index::Implicit => self.one_after_another(at, grid, &mut chunks)?,
            Index::Fixed => self.fixed_array(at, grid, filtered, &mut chunks)?,
            Index::Extensible => self.extensible_array(at, grid, filtered, &mut chunks)?,
            Index::NewTree => self.new_tree(at, grid, filtered, &mut chunks)?,
        }
        Ok(chunks)
    }

    /// Counts a chunk found in an index, for its memory.
    pub(super) fn met(&mut self, chunk: Chunk, chunks: &mut Vec<Chunk>) -> Result<()> {
        // The chunk itself while the list grows, and the bytes that it takes as its own.
        self.spend(3 * size_of::<Chunk>())?;
        chunks.push(chunk);
        Ok(())
    }

    /// A node of a tree in the older form: keys of size, skipped filters and offsets, each before a
    /// child.
    fn old_tree(
        &mut self,
        at: u64,
        level: Option<u8>,
        grid: &Grid<'_>,
        chunks: &mut Vec<Chunk>,
    ) -> Result<()> {
        // The kind: trees of names have 0.
        let mut node = self.open(at, *b"TREE", 1)?;
        let (own, count) = (node.u8()?, node.u16()?);
        if level.map_or(own > 8, |level| own != level) {
            return Err(broken());
        }
        let rank = grid.dims.len() as u64;
        let key = 8 + 8 * (rank + 1);
        let mut node = self.claim(at, 24 + u64::from(count) * (key + 8) + key)?;
        node.take(24)?;
        for _ in 0..count {
            let (size, skipped) = (node.u32()?, node.u32()?);
            let offsets = (0..rank).map(|_| node.u64()).collect::<Result<Vec<_>>>()?;
            node.take(8)?;
            let child = node.u64()?;
            if let Some(below) = own.checked_sub(1) {
                self.old_tree(child, Some(below), grid, chunks)?;
                continue;
            }
            let place = offsets.iter().zip(grid.chunk).map(|(offset, chunk)| {
                if offset % chunk == 0 { Ok(offset / chunk) } else { Err(broken()) }
            });
            let place = place.collect::<Result<Vec<_>>>()?;
            let number = grid.number(&place).ok_or_else(broken)?;
            self.met(Chunk { number, at: child, size: size.into(), skipped }, chunks)?;
        }
        Ok(())
    }

    /// Chunks without an index, each at its place among all that there can be.
    fn one_after_another(
        &mut self,
        at: u64,
        grid: &Grid<'_>,
        chunks: &mut Vec<Chunk>,
    ) -> Result<()> {
        let needed: u64 = grid.counts.iter().product();
        if needed.saturating_mul(grid.bytes) > self.bytes.len() as u64 {
            return Err(broken());
        }
        for number in 0..needed {
            let along = grid.place(number);
            let index = along
                .iter()
                .zip(&grid.most)
                .try_fold(0u64, |index, (at, most)| index.checked_mul(*most)?.checked_add(*at));
            let start = index.and_then(|index| index.checked_mul(grid.bytes)?.checked_add(at));
            let at = start.ok_or_else(broken)?;
            self.met(Chunk { number, at, size: grid.bytes, skipped: 0 }, chunks)?;
        }
        Ok(())
    }

    /// A tree in the newer form: records of address, (packed size, skipped filters,) and place.
    fn new_tree(
        &mut self,
        at: u64,
        grid: &Grid<'_>,
        filtered: bool,
        chunks: &mut Vec<Chunk>,
    ) -> Result<()> {
        let places = 8 * grid.dims.len() as u64;
        for record in self.records(at, if filtered { 11 } else { 10 })? {
            let head = (record.len() as u64).checked_sub(places).ok_or_else(broken)?;
            let mut record = Cursor::new(record, 0);
            let (at, size, skipped) = element(&mut record, head, filtered, grid)?;
            let place = grid.dims.iter().map(|_| record.u64()).collect::<Result<Vec<_>>>()?;
            let number = grid.number(&place).ok_or_else(broken)?;
            self.met(Chunk { number, at, size, skipped }, chunks)?;
        }
        Ok(())
    }
}

/// What an index keeps for a chunk, in this many bytes: its address and, if it is packed, its size
/// and the skipped filters.
pub(super) fn element(
    from: &mut Cursor<'_>,
    bytes: u64,
    filtered: bool,
    grid: &Grid<'_>,
) -> Result<(u64, u64, u32)> {
    let at = from.u64()?;
    match (filtered, bytes) {
        (false, 8) => Ok((at, grid.bytes, 0)),
        (true, 13..=20) => Ok((at, from.number(bytes - 12)?, from.u32()?)),
        _ => Err(broken()),
    }
}
