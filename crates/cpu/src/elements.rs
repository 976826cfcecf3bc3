//! Copies elements of a slot into rows of lanes, along axes, and back.

use crate::arena::Blocks;
use crate::functions::Operand;
use crate::lanes::{LANES, Lanes};
use crate::reduce::offset;
use neurona_core::compile::{Axis, Slot};

/// Where the elements of a slot are. Pointers, not slices, because each piece of a step writes a
/// part of the slot.
#[derive(Clone, Copy)]
pub(crate) struct Elements {
    pub(crate) start: *mut u8,
    pub(crate) count: usize,
    /// Bytes of one element: 4 or 1.
    pub(crate) size: usize,
}

impl Elements {
    /// Not inlined: where vectors are wide, the compiler would vectorize a product of two
    /// dimensions.
    #[inline(never)]
    pub(crate) fn of(blocks: &Blocks<'_>, slot: Slot) -> Elements {
        let (start, count) = (blocks.pointer(slot), slot.elems());
        Elements { start, count, size: slot.ty.dtype.size() }
    }

    /// The lane of an element.
    #[inline(always)]
    pub(crate) fn get(self, i: usize) -> u32 {
        assert!(i < self.count);
        // SAFETY: inside the slot, as just checked; nothing else runs on these elements meanwhile.
        unsafe {
            if self.size == 4 {
                self.start.cast::<u32>().add(i).read()
            } else {
                u32::from(self.start.add(i).read())
            }
        }
    }
}

/// Elements along axes from position `first` on, as many as fit in `out`.
///
/// # Safety
/// The processor has the level; `out` is the beginning of a row, which consists of whole vectors
/// and is longer than it.
#[inline(always)]
pub(crate) unsafe fn load<V: Lanes>(from: Elements, axes: &[Axis], first: usize, out: &mut [u32]) {
    let to: *mut f32 = out.as_mut_ptr().cast();
    let Some((inner, outer)) = axes.split_last() else { return out.fill(from.get(0)) };
    if outer.is_empty() && inner.stride == 1 && from.size == 1 {
        assert!(first + out.len() <= from.count);
        for i in (0..out.len()).step_by(LANES) {
            // SAFETY: inside the slot, as just checked; the bytes after its last one, up to a whole
            // vector, belong to it. The rest is the caller's promise.
            unsafe { V::load_bytes(from.start.add(first + i)).store(to.add(i)) };
        }
        return;
    }
    let (mut row, mut column) = (first / inner.size, first % inner.size);
    let mut done = 0;
    while done < out.len() {
        let run = (inner.size - column).min(out.len() - done);
        let start = offset(outer, row) + column * inner.stride;
        // SAFETY: `run` lanes from `done` on lie inside the row; reads are checked. The rest is the
        // caller's promise.
        unsafe {
            match (inner.stride, from.size) {
                (0, _) => {
                    let value = V::splat(f32::from_bits(from.get(start)));
                    for i in (0..run).step_by(LANES) {
                        value.store_first(to.add(done + i), LANES.min(run - i));
                    }
                }
                (1, 4) => {
                    assert!(start + run <= from.count);
                    for i in (0..run).step_by(LANES) {
                        let count = LANES.min(run - i);
                        V::load_first(from.start.cast::<f32>().add(start + i), count, 0.0)
                            .store_first(to.add(done + i), count);
                    }
                }
                (stride, _) => {
                    for (i, out) in out[done..done + run].iter_mut().enumerate() {
                        *out = from.get(start + i * stride);
                    }
                }
            }
        }
        done += run;
        (row, column) = (row + 1, 0);
    }
}

/// How far along an axis each element from `first` on is.
#[inline(always)]
pub(crate) fn positions(axis: Axis, first: usize, out: &mut [u32]) {
    let Axis { size, stride } = axis;
    let (mut position, mut within) = (first / stride % size, first % stride);
    for out in out {
        *out = position as u32;
        within += 1;
        if within == stride {
            within = 0;
            position = if position + 1 == size { 0 } else { position + 1 };
        }
    }
}

/// Writes the first `count` lanes of a result, starting at element `first`.
///
/// # Safety
/// The operand has that many; no other thread touches these elements.
#[inline(always)]
pub(crate) unsafe fn store(to: Elements, first: usize, from: Operand, count: usize) {
    assert!(first + count <= to.count);
    for i in 0..count.div_ceil(LANES) {
        let (first, count) = (first + i * LANES, LANES.min(count - i * LANES));
        // SAFETY: inside the slot, as just checked; the rest is the caller's promise.
        unsafe {
            let lanes = from.start.add(i * from.step).read();
            if to.size == 4 {
                lanes.as_ptr().copy_to_nonoverlapping(to.start.cast::<u32>().add(first), count);
            } else {
                let bytes = lanes.map(|lane| lane as u8);
                bytes.as_ptr().copy_to_nonoverlapping(to.start.add(first), count);
            }
        }
    }
}
