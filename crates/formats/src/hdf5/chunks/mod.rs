//! Arrays stored in chunks: boxes of the same size, each anywhere in the file, with an index that
//! says where.

mod arrays;
mod index;

use super::filters::{self, Filter, MOST_EXPANDED};
use super::header::Chunked;
use super::read::File;
use super::texts;
use crate::cursor::damaged;
use neurona_core::error::Result;
use neurona_core::tensor::checked_elems;

/// How far all packed chunks of a file may expand: to this many bytes, or [`RATIO`] times the file
/// if that is more.
const EXPANDED: u64 = 64 << 20;
const RATIO: u64 = 100;

/// A chunk: which one it is, in row-major order, and where it lies.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    number: u64,
    at: u64,
    size: u64,
    /// The filters that it did not go through, as bits.
    skipped: u32,
}

/// How an array is cut into chunks.
struct Grid<'c> {
    /// The sizes of the array, and of a chunk.
    dims: &'c [u64],
    chunk: &'c [u64],
    /// How many chunks there are along each dimension, now, and at most (`u64::MAX` for any number).
    counts: Vec<u64>,
    most: Vec<u64>,
    /// Bytes of a whole chunk.
    bytes: u64,
}

impl Grid<'_> {
    /// The number of the chunk at a place, if it is one of the array's.
    fn number(&self, place: &[u64]) -> Option<u64> {
        let mut number = 0;
        for (&at, &count) in place.iter().zip(&self.counts) {
            if at >= count {
                return None;
            }
            number = number * count + at;
        }
        Some(number)
    }

    /// Where a chunk is.
    fn place(&self, mut number: u64) -> Vec<u64> {
        let mut place = vec![0; self.counts.len()];
        for (at, &count) in place.iter_mut().zip(&self.counts).rev() {
            (*at, number) = (number % count, number / count);
        }
        place
    }
}

impl File<'_> {
    /// The elements of an array in chunks, `size` bytes each, in row-major order.
    ///
    /// Each chunk must be there; memory is asked for only once they are known to be. Errors (E034):
    /// one is missing or damaged; they expand to more than 64 MiB and more than 100 times the file.
    pub(super) fn chunked(
        &mut self,
        layout: &Chunked,
        filters: &[Filter],
        dims: &[u64],
        most: &[u64],
        size: usize,
    ) -> Result<Vec<u8>> {
        let chunk = &layout.dims[..];
        let broken = || damaged(texts::bad_index());
        if chunk.len() != dims.len() || chunk.contains(&0) || layout.element != size as u64 {
            return Err(broken());
        }
        if dims.contains(&0) {
            return Ok(Vec::new());
        }
        let all_bytes = |dims: &[u64]| {
            let bytes = checked_elems(dims).ok().and_then(|elems| elems.checked_mul(size));
            bytes.ok_or_else(broken)
        };
        let (total, bytes) = (all_bytes(dims)?, all_bytes(chunk)?);
        let counts: Vec<u64> = dims.iter().zip(chunk).map(|(dim, c)| dim.div_ceil(*c)).collect();
        let at_most =
            |(most, c): (&u64, &u64)| if *most == u64::MAX { *most } else { most.div_ceil(*c) };
        let most = most.iter().zip(chunk).map(at_most).collect();
        let needed = checked_elems(&counts).map_err(|_| broken())?;
        let grid = Grid { dims, chunk, counts, most, bytes: bytes as u64 };
        let mut chunks = self.index(layout, &grid, !filters.is_empty())?;
        chunks.sort_unstable_by_key(|chunk| chunk.number);
        if chunks.windows(2).any(|pair| pair[0].number == pair[1].number) {
            return Err(broken());
        }
        let stored = chunks.iter().fold(0u64, |sum, chunk| sum.saturating_add(chunk.size));
        if chunks.len() < needed {
            return Err(damaged(texts::chunks_missing(needed, chunks.len())));
        }
        self.expand(total.max(bytes) as u64, stored, filters)?;
        let mut values = Vec::new();
        let refused = |_| damaged(texts::declares_more(total, stored as usize));
        values.try_reserve_exact(total).map_err(refused)?;
        values.resize(total, 0);
        for chunk in chunks {
            let stored = self.claim(chunk.at, chunk.size)?.take(chunk.size)?;
            let place = grid.place(chunk.number);
            let at_edge =
                place.iter().zip(grid.chunk).zip(dims).any(|((p, c), d)| (p + 1) * c > *d);
            let raw = layout.raw_edges && at_edge;
            let filters = if raw { &[] } else { filters };
            let content = filters::undo(filters, chunk.skipped, stored, bytes)?;
            if content.len() != bytes {
                return Err(damaged(texts::bad_chunk()));
            }
            copy(&mut values, &content, &grid, &place, size);
        }
        Ok(values)
    }

    /// Counts the bytes that chunks expand to. Errors (E034): more than they can hold, or more than
    /// allowed.
    fn expand(&mut self, expands: u64, stored: u64, filters: &[Filter]) -> Result<()> {
        let packed = filters.iter().any(|f| matches!(f, Filter::Deflate | Filter::Lzf));
        let most = if packed { stored.saturating_mul(MOST_EXPANDED) } else { stored };
        if expands > most {
            return Err(damaged(texts::declares_more(expands as usize, stored as usize)));
        }
        if packed {
            self.expanded = self.expanded.saturating_add(expands);
            let allowed = EXPANDED.max(RATIO.saturating_mul(self.bytes.len() as u64));
            if self.expanded > allowed {
                let text = texts::bomb(self.expanded as usize, self.bytes.len());
                return Err(damaged(text).fix(texts::repack()));
            }
        }
        Ok(())
    }
}

/// Puts a chunk where it belongs, row by row; the parts of it beyond the array's edges are left
/// out.
fn copy(values: &mut [u8], content: &[u8], grid: &Grid<'_>, place: &[u64], size: usize) {
    let rank = place.len();
    let start: Vec<usize> = (0..rank).map(|d| (place[d] * grid.chunk[d]) as usize).collect();
    let inside = |d: usize| (grid.dims[d] as usize - start[d]).min(grid.chunk[d] as usize);
    let inside: Vec<usize> = (0..rank).map(inside).collect();
    let Some(&row) = inside.last() else { return };
    let mut at = vec![0; rank];
    loop {
        let (mut to, mut from) = (0, 0);
        for d in 0..rank {
            to = to * grid.dims[d] as usize + start[d] + at[d];
            from = from * grid.chunk[d] as usize + at[d];
        }
        let (to, from, length) = (to * size, from * size, row * size);
        values[to..to + length].copy_from_slice(&content[from..from + length]);
        // The next row: the last dimension but one counts fastest.
        let next = (0..rank - 1).rev().find(|&d| at[d] + 1 < inside[d]);
        let Some(d) = next else { return };
        at[d] += 1;
        at[d + 1..].fill(0);
    }
}
