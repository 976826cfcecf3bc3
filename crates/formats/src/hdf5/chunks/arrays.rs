//! Indexes of chunks as arrays of their addresses: an array of fixed length, and one that grows.

use super::super::NOWHERE;
use super::super::read::{File, sealed};
use super::index::{broken, element};
use super::{Chunk, Grid};
use crate::cursor::Cursor;
use neurona_core::error::Result;

/// An array of elements, while it is being read.
struct Elements<'g> {
    /// Where its header is; its blocks repeat it.
    header: u64,
    filtered: bool,
    /// Bytes of each element.
    size: u64,
    /// Longer blocks come in pages of this many elements.
    page: u64,
    grid: &'g Grid<'g>,
    /// The dimension that can grow without end, whose chunks are farthest apart.
    grows: Option<usize>,
    chunks: Vec<Chunk>,
}

impl Elements<'_> {
    /// The number of the chunk at an index of the array, if the array of numbers reaches that far.
    fn number(&self, mut index: u64) -> Option<u64> {
        let rank = self.grid.most.len();
        let mut place = vec![0; rank];
        let first = self.grows.unwrap_or(0);
        // All others count faster, in their order.
        for d in (0..rank).rev().filter(|&d| d != first) {
            let most = self.grid.most[d];
            (place[d], index) = (index.checked_rem(most)?, index.checked_div(most)?);
        }
        *place.get_mut(first)? = index;
        self.grid.number(&place)
    }
}

impl File<'_> {
    /// Elements from an index on.
    fn elements(
        &mut self,
        from: &mut Cursor<'_>,
        first: u64,
        count: u64,
        array: &mut Elements<'_>,
    ) -> Result<()> {
        for i in 0..count {
            let (at, size, skipped) = element(from, array.size, array.filtered, array.grid)?;
            // An array has room for more chunks than there are.
            let number = first.checked_add(i).and_then(|index| array.number(index));
            if let Some(number) = number.filter(|_| at != NOWHERE) {
                self.met(Chunk { number, at, size, skipped }, &mut array.chunks)?;
            }
        }
        Ok(())
    }

    /// Pages of elements, each with a checksum. Pages whose bit, counted from a place in `made`, is
    /// not set were never written to.
    fn pages(
        &mut self,
        at: u64,
        (first, count): (u64, u64),
        (made, bit): (&[u8], u64),
        array: &mut Elements<'_>,
    ) -> Result<()> {
        let mut at = at;
        for page in 0..count.div_ceil(array.page) {
            let before = page * array.page;
            let here = array.page.min(count - before);
            let size = here.checked_mul(array.size).ok_or_else(broken)? + 4;
            let bit = bit + page;
            let byte = made.get((bit / 8) as usize).copied().unwrap_or(0);
            if byte & 0x80 >> (bit % 8) != 0 {
                let whole = sealed(self.claim(at, size)?.take(size)?, at, "page")?;
                let first = first.saturating_add(before);
                self.elements(&mut Cursor::new(whole, 0), first, here, array)?;
            }
            at = at.checked_add(size).ok_or_else(broken)?;
        }
        Ok(())
    }

    /// An array of a fixed length: a header and one block.
    pub(super) fn fixed_array(
        &mut self,
        at: u64,
        grid: &Grid<'_>,
        filtered: bool,
        chunks: &mut Vec<Chunk>,
    ) -> Result<()> {
        let mut header = self.structure(at, 28, *b"FAHD", 0)?;
        let (client, size, bits) = (header.u8()?, header.u8()?, header.u8()?);
        let (count, block) = (header.u64()?, header.u64()?);
        if client != u8::from(filtered) || bits > 32 {
            return Err(broken());
        }
        if block == NOWHERE {
            return Ok(());
        }
        let mut array = Elements {
            header: at,
            filtered,
            size: size.into(),
            page: 1 << bits,
            grid,
            grows: None,
            chunks: Vec::new(),
        };
        let paged = count > array.page;
        let inside = if paged {
            count.div_ceil(array.page).div_ceil(8)
        } else {
            count.saturating_mul(array.size)
        };
        let whole = inside.saturating_add(14 + 4);
        let mut start = self.structure(block, whole, *b"FADB", 0)?;
        if start.u8()? != client || start.u64()? != at {
            return Err(broken());
        }
        if paged {
            let made = start.take(inside)?;
            self.pages(block + whole, (0, count), (made, 0), &mut array)?;
        } else {
            self.elements(&mut start, 0, count, &mut array)?;
        }
        chunks.append(&mut array.chunks);
        Ok(())
    }

    /// An array that grows: a header, then a first block with elements and the addresses of blocks,
    /// which double alternately in number and in size; the later ones are under blocks of
    /// addresses.
    pub(super) fn extensible_array(
        &mut self,
        at: u64,
        grid: &Grid<'_>,
        filtered: bool,
        chunks: &mut Vec<Chunk>,
    ) -> Result<()> {
        let mut header = self.structure(at, 72, *b"EAHD", 0)?;
        let [client, size, bits, first, least, pointers, page] = header.array::<7>()?;
        // Statistics.
        header.take(6 * 8)?;
        let index = header.u64()?;
        let sound = least.is_power_of_two() && pointers.is_power_of_two() && pointers > 1;
        if client != u8::from(filtered) || !sound || bits > 64 || page > 32 {
            return Err(broken());
        }
        if index == NOWHERE {
            return Ok(());
        }
        let grows = grid.most.iter().position(|&most| most == u64::MAX);
        let mut array = Elements {
            header: at,
            filtered,
            size: size.into(),
            page: 1 << page,
            grid,
            grows,
            chunks: Vec::new(),
        };
        let offset = u64::from(bits).div_ceil(8);
        let levels = u32::from(bits).checked_sub(least.ilog2()).ok_or_else(broken)? + 1;
        let direct = 2 * pointers.ilog2();
        let (first, blocks) = (u64::from(first), 2 * (u64::from(pointers) - 1));
        let supers = u64::from(levels.saturating_sub(direct));
        let whole = 14 + first * array.size + 8 * (blocks + supers) + 4;
        let mut start = self.structure(index, whole, *b"EAIB", 0)?;
        if start.u8()? != client || start.u64()? != at {
            return Err(broken());
        }
        self.elements(&mut start, 0, first, &mut array)?;
        let mut next = first;
        for level in 0..levels {
            // How many blocks there are on this level, and how many elements each has.
            let count = 1u64 << (level / 2);
            let each = u64::from(least).checked_shl(level.div_ceil(2)).ok_or_else(broken)?;
            if level < direct {
                for _ in 0..count {
                    let block = start.u64()?;
                    self.block_of_elements(block, (next, each), offset, None, &mut array)?;
                    next = next.saturating_add(each);
                }
                continue;
            }
            let above = start.u64()?;
            if above != NOWHERE {
                self.block_of_blocks(above, (next, each), count, offset, &mut array)?;
            }
            next = next.saturating_add(count.saturating_mul(each));
        }
        chunks.append(&mut array.chunks);
        Ok(())
    }

    /// A block of addresses of blocks, each with this many elements from an index on.
    fn block_of_blocks(
        &mut self,
        at: u64,
        (first, each): (u64, u64),
        count: u64,
        offset: u64,
        array: &mut Elements<'_>,
    ) -> Result<()> {
        let pages = if each > array.page { (each / array.page).div_ceil(8) } else { 0 };
        let inside = count.saturating_mul(pages).saturating_add(count.saturating_mul(8));
        let mut start = self.structure(at, inside.saturating_add(14 + offset + 4), *b"EASB", 0)?;
        if start.u8()? != u8::from(array.filtered) || start.u64()? != array.header {
            return Err(broken());
        }
        start.take(offset)?;
        let made = start.take(count * pages)?;
        for block in 0..count {
            let child = start.u64()?;
            // The bits of all blocks follow each other, even where they do not fill their bytes.
            let made = Some((made, block * (each / array.page))).filter(|_| pages > 0);
            let first = first.saturating_add(block.saturating_mul(each));
            self.block_of_elements(child, (first, each), offset, made, array)?;
        }
        Ok(())
    }

    /// A block of this many elements from an index on, in pages if there are bits that say which
    /// were made.
    fn block_of_elements(
        &mut self,
        at: u64,
        (first, count): (u64, u64),
        offset: u64,
        made: Option<(&[u8], u64)>,
        array: &mut Elements<'_>,
    ) -> Result<()> {
        if at == NOWHERE {
            return Ok(());
        }
        let inside = if made.is_some() { 0 } else { count.saturating_mul(array.size) };
        let whole = inside.saturating_add(14 + offset + 4);
        let mut start = self.structure(at, whole, *b"EADB", 0)?;
        if start.u8()? != u8::from(array.filtered) || start.u64()? != array.header {
            return Err(broken());
        }
        start.take(offset)?;
        match made {
            Some(made) => self.pages(at.saturating_add(whole), (first, count), made, array),
            None => self.elements(&mut start, first, count, array),
        }
    }
}
