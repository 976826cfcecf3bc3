//! Heaps of the newer form (fractal heaps): where the links or attributes of an object that has
//! many of them lie.
//!
//! A heap is one long row of bytes, cut into blocks that double in size from one row of a table to
//! the next. An identifier says where in that row something lies, and how long it is. Anything too
//! large for a block lies alone, and a tree knows where.

use super::checksum::lookup3;
use super::read::File;
use super::{NOWHERE, texts};
use crate::cursor::{Cursor, damaged};
use neurona_core::error::{Error, Result};
use std::collections::BTreeMap;

/// A heap whose blocks have been found.
pub(super) struct Heap {
    at: u64,
    /// How many bytes of an identifier give the place, and how many the length.
    offset: u64,
    length: u64,
    /// The table of blocks: how many are in a row, and the size of the first and of the largest
    /// that hold things themselves.
    width: u64,
    first: u64,
    largest: u64,
    /// Whether blocks have checksums.
    checked: bool,
    /// Blocks by where they begin in the heap: where they lie in the file, and how long they are.
    blocks: BTreeMap<u64, (u64, u64)>,
    /// The things that lie alone, by number: where they are, and how long.
    alone: BTreeMap<u64, (u64, u64)>,
}

fn broken() -> Error {
    damaged(texts::bad_heap())
}

impl Heap {
    /// How many rows of the table are blocks, rather than further tables of blocks.
    fn block_rows(&self) -> u32 {
        self.largest.ilog2() - self.first.ilog2() + 2
    }

    /// The size of each block of a row: the first two rows are alike.
    fn row(&self, row: u32) -> Result<u64> {
        let doubled = row.saturating_sub(1);
        let size = self.first.checked_shl(doubled).filter(|size| size >> doubled == self.first);
        size.ok_or_else(broken)
    }
}

impl<'a> File<'a> {
    /// Finds the blocks of a heap. Errors (E034): it is damaged, or packed.
    pub(super) fn heap_blocks(&mut self, at: u64) -> Result<Heap> {
        const ALONE: u8 = 1;
        let mut start = self.open(at, *b"FRHP", 0)?;
        let (_identifier, packed) = (start.u16()?, start.u16()?);
        if packed != 0 {
            return Err(texts::unsupported(&texts::packed_heap()));
        }
        let mut start = self.structure(at, 146, *b"FRHP", 0)?;
        start.take(4)?;
        let flags = start.u8()?;
        let (largest_kept, _next) = (start.u32()?, start.u64()?);
        let tree = start.u64()?;
        // Free space, and statistics.
        start.take(10 * 8)?;
        let (width, first, largest) = (u64::from(start.u16()?), start.u64()?, start.u64()?);
        let (bits, _rows) = (start.u16()?, start.u16()?);
        let (root, rows) = (start.u64()?, start.u16()?);
        let sound = [width, first, largest].iter().all(|n| n.is_power_of_two());
        if !sound || first > largest || !(1..=64).contains(&bits) || largest_kept == 0 {
            return Err(broken());
        }
        let bytes_for = |number: u64| u64::from(number.ilog2()) / 8 + 1;
        let length = u64::from(largest.ilog2()).div_ceil(8).min(bytes_for(largest_kept.into()));
        let mut heap = Heap {
            at,
            offset: u64::from(bits).div_ceil(8),
            length,
            width,
            first,
            largest,
            checked: flags & 2 != 0,
            blocks: BTreeMap::new(),
            alone: BTreeMap::new(),
        };
        if root != NOWHERE {
            match rows {
                0 => self.block(root, 0, first, &mut heap)?,
                _ => self.table_of_blocks(root, 0, rows.into(), &mut heap)?,
            }
        }
        if tree != NOWHERE {
            for record in self.records(tree, ALONE)? {
                let mut record = Cursor::new(record, 0);
                let (place, number) = ((record.u64()?, record.u64()?), record.u64()?);
                heap.alone.insert(number, place);
            }
        }
        Ok(heap)
    }

    /// A table of this many rows of blocks, which begin at a place in the heap.
    fn table_of_blocks(&mut self, at: u64, place: u64, rows: u32, heap: &mut Heap) -> Result<()> {
        let size = 13 + heap.offset + u64::from(rows) * heap.width * 8 + 4;
        let mut table = self.structure(at, size, *b"FHIB", 0)?;
        if table.u64()? != heap.at || table.number(heap.offset)? != place {
            return Err(broken());
        }
        let mut place = place;
        for row in 0..rows {
            let size = heap.row(row)?;
            for _ in 0..heap.width {
                let child = table.u64()?;
                if child != NOWHERE && row < heap.block_rows() {
                    self.block(child, place, size, heap)?;
                } else if child != NOWHERE {
                    // It has as many rows as together have the size of a block here; fewer than
                    // these.
                    let all = heap.first.saturating_mul(heap.width).ilog2();
                    let rows = size.ilog2().checked_sub(all).ok_or_else(broken)? + 1;
                    self.table_of_blocks(child, place, rows.min(row), heap)?;
                }
                place = place.checked_add(size).ok_or_else(broken)?;
            }
        }
        Ok(())
    }

    /// A block: only its head is claimed here, the rest by its contents.
    fn block(&mut self, at: u64, place: u64, size: u64, heap: &mut Heap) -> Result<()> {
        let head = 13 + heap.offset + if heap.checked { 4 } else { 0 };
        let mut start = self.open(at, *b"FHDB", 0)?;
        if start.u64()? != heap.at || start.number(heap.offset)? != place || size < head {
            return Err(broken());
        }
        self.claim(at, head)?;
        let whole = self.region(at, size)?;
        if heap.checked {
            let sum = start.u32()?;
            // It is the checksum of the block with zeros in its place.
            let mut bytes = whole.to_vec();
            bytes[head as usize - 4..head as usize].fill(0);
            if lookup3(&bytes) != sum {
                return Err(damaged(texts::checksum("FHDB", at as usize)));
            }
        }
        self.spend(2 * size_of::<[u64; 3]>())?;
        heap.blocks.insert(place, (at, size));
        Ok(())
    }

    /// The bytes that an identifier stands for. Errors (E034): it leads nowhere, or to bytes that
    /// belong to something else.
    pub(super) fn in_heap(&mut self, heap: &Heap, identifier: &[u8]) -> Result<&'a [u8]> {
        let mut id = Cursor::new(identifier, 0);
        let (at, length) = match id.u8()? {
            // Among the others.
            0x00 => {
                let (offset, length) = (id.number(heap.offset)?, id.number(heap.length)?);
                let block = heap.blocks.range(..=offset).next_back();
                let (place, (at, size)) = block.ok_or_else(broken)?;
                let inside = offset - place;
                if inside.saturating_add(length) > *size {
                    return Err(broken());
                }
                (at.saturating_add(inside), length)
            }
            // Alone.
            0x10 => {
                let number = id.number(id.left().min(8) as u64)?;
                *heap.alone.get(&number).ok_or_else(broken)?
            }
            // Within the identifier itself there is no room for a link or an attribute.
            _ => return Err(broken()),
        };
        self.claim(at, length)?.take(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_identifier_stands_for_lies_within_one_block() {
        let bytes: Vec<u8> = (0..64).collect();
        let mut file = File::default();
        file.bytes = &bytes;
        let blocks = BTreeMap::from([(0, (16, 8)), (8, (32, 8))]);
        let heap = Heap {
            at: 0,
            offset: 1,
            length: 1,
            width: 2,
            first: 8,
            largest: 8,
            checked: false,
            blocks,
            alone: BTreeMap::new(),
        };
        // Up to the end of the second block, and up to the end of the first.
        assert_eq!(file.in_heap(&heap, &[0, 10, 6]).unwrap(), &bytes[34..40]);
        assert_eq!(file.in_heap(&heap, &[0, 0, 7]).unwrap(), &bytes[16..23]);
        assert!(file.in_heap(&heap, &[0, 3, 6]).is_err(), "past the end of the first");
        assert!(file.in_heap(&heap, &[0, 9, 8]).is_err(), "past the end of the second");
    }
}
