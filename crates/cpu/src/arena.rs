//! Blocks of memory aligned to cache lines, and typed windows into them.

use neurona_core::compile::{Matrix, Program, Slot, Space};
use neurona_core::tensor::DType;
use std::marker::PhantomData;
use std::slice;

/// One cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// A block of memory, aligned to 64 bytes and initially zero.
#[derive(Clone)]
pub struct Arena {
    lines: Vec<Line>,
}

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arena({} bytes)", self.bytes().len())
    }
}

impl Arena {
    /// A block of at least this many bytes.
    pub fn new(bytes: usize) -> Arena {
        Arena { lines: vec![Line([0; 64]); bytes.div_ceil(64)] }
    }

    /// Grows to at least this many bytes; the contents stay.
    pub fn grow(&mut self, bytes: usize) {
        if bytes > self.bytes().len() {
            self.lines.resize(bytes.div_ceil(64), Line([0; 64]));
        }
    }

    /// All its bytes.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: a `Line` is 64 initialized bytes without padding.
        unsafe { slice::from_raw_parts(self.lines.as_ptr().cast(), self.lines.len() * 64) }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`; any bytes make a `Line`.
        unsafe { slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.lines.len() * 64) }
    }

    /// The floats of a slot of this block.
    ///
    /// # Panics
    /// If the slot lies outside or holds another type.
    pub fn floats(&self, slot: Slot) -> &[f32] {
        let bytes = &self.bytes()[slot.offset..][..slot.bytes()];
        assert_eq!(slot.ty.dtype, DType::F32);
        // SAFETY: the range was checked; offsets are multiples of 64, so it is aligned; any bits are an f32.
        unsafe { slice::from_raw_parts(bytes.as_ptr().cast(), slot.elems()) }
    }

    /// The floats of a slot of this block, to write.
    ///
    /// # Panics
    /// As in [`floats`](Arena::floats).
    pub fn floats_mut(&mut self, slot: Slot) -> &mut [f32] {
        assert_eq!(slot.ty.dtype, DType::F32);
        let bytes = &mut self.bytes_mut()[slot.offset..][..slot.bytes()];
        // SAFETY: as in `floats`.
        unsafe { slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), slot.elems()) }
    }

    /// The integers of a slot of this block.
    ///
    /// # Panics
    /// If the slot lies outside or holds another type.
    pub fn ints(&self, slot: Slot) -> &[i32] {
        assert_eq!(slot.ty.dtype, DType::I32);
        let bytes = &self.bytes()[slot.offset..][..slot.bytes()];
        // SAFETY: as in `floats`: any bits are an i32.
        unsafe { slice::from_raw_parts(bytes.as_ptr().cast(), slot.elems()) }
    }

    /// The integers of a slot of this block, to write.
    ///
    /// # Panics
    /// As in [`ints`](Arena::ints).
    pub fn ints_mut(&mut self, slot: Slot) -> &mut [i32] {
        assert_eq!(slot.ty.dtype, DType::I32);
        let bytes = &mut self.bytes_mut()[slot.offset..][..slot.bytes()];
        // SAFETY: as in `floats`: any bits are an i32.
        unsafe { slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), slot.elems()) }
    }

    /// The bytes of a slot of this block, to write.
    ///
    /// # Panics
    /// If the slot lies outside.
    pub fn slot_bytes_mut(&mut self, slot: Slot) -> &mut [u8] {
        &mut self.bytes_mut()[slot.offset..][..slot.bytes()]
    }
}

/// The state that programs keep from run to run, and beside it the next state: a run writes there,
/// and only [`commit`](State::commit) puts it in place of the present one.
#[derive(Debug)]
pub struct State {
    now: Arena,
    next: Arena,
    /// Where the two differ, if that is known.
    differs: Option<Vec<Slot>>,
}

impl State {
    /// A state of at least this many bytes.
    pub fn new(bytes: usize) -> State {
        State { now: Arena::new(bytes), next: Arena::new(0), differs: None }
    }

    /// The present state.
    pub fn now(&self) -> &Arena {
        &self.now
    }

    /// The present state, to write.
    pub fn now_mut(&mut self) -> &mut Arena {
        self.differs = None;
        &mut self.now
    }

    /// Lets a program run, which writes its changes to the next state, and nothing else.
    pub(crate) fn prepare(&mut self, program: &Program) {
        let updates = &program.updates;
        if !updates.is_empty() && self.differs.as_ref() != Some(updates) {
            self.next.clone_from(&self.now);
            self.differs = Some(updates.clone());
        }
    }

    /// Makes the next state, which a program has computed, the present one. Call it after a run of
    /// the whole program, once.
    pub fn commit(&mut self, program: &Program) {
        if !program.updates.is_empty() {
            debug_assert_eq!(self.differs.as_ref(), Some(&program.updates), "computed before");
            std::mem::swap(&mut self.now, &mut self.next);
        }
    }
}

/// A Rust type for which every bit pattern is a value, so that arena memory can be read as it.
pub(crate) trait Plain: Copy {}
impl Plain for f32 {}
impl Plain for i32 {}
impl Plain for u32 {}
impl Plain for u8 {}

/// The blocks of memory while steps run. Windows into them are handed out by slot.
///
/// A step's windows are made for that step only. Its results never share memory with the values it
/// reads (`memory::plan`, "Ranges").
pub(crate) struct Blocks<'a> {
    state: Block,
    next: Block,
    scratch: Block,
    borrow: PhantomData<&'a mut Arena>,
}

/// Where a block begins, and how many bytes it has.
#[derive(Clone, Copy)]
struct Block(*mut u8, usize);

impl Block {
    fn of(arena: &mut Arena) -> Block {
        let bytes = arena.bytes().len();
        Block(arena.lines.as_mut_ptr().cast(), bytes)
    }
}

// SAFETY: the threads of one step write to ranges that do not overlap (each kernel says how it
// splits them).
unsafe impl Sync for Blocks<'_> {}

impl<'a> Blocks<'a> {
    pub(crate) fn new(state: &'a mut State, scratch: &'a mut Arena) -> Blocks<'a> {
        let (now, next) = (Block::of(&mut state.now), Block::of(&mut state.next));
        Blocks { state: now, next, scratch: Block::of(scratch), borrow: PhantomData }
    }

    /// Where a slot starts. Panics if it does not lie inside its block: the last check before pointers.
    pub(crate) fn pointer(&self, slot: Slot) -> *mut u8 {
        let Block(base, bytes) = match slot.space {
            Space::State => self.state,
            Space::Next => self.next,
            Space::Scratch => self.scratch,
        };
        assert!(slot.offset + slot.bytes() <= bytes, "{slot} outside a block of {bytes} bytes");
        // SAFETY: inside the block, as just checked.
        unsafe { base.add(slot.offset) }
    }

    /// The elements of a slot.
    pub(crate) fn read<T: Plain>(&self, slot: Slot) -> &[T] {
        debug_assert_eq!(size_of::<T>(), slot.ty.dtype.size());
        // SAFETY: in range (`pointer`), aligned to 64, any bits are a `T`; no write window overlaps.
        unsafe { slice::from_raw_parts(self.pointer(slot).cast(), slot.elems()) }
    }

    /// The elements of a slot, to write. A step asks once for each of its results.
    #[expect(
        clippy::mut_from_ref,
        reason = "slots of one step are apart, which borrows cannot express"
    )]
    pub(crate) fn write<T: Plain>(&self, slot: Slot) -> &mut [T] {
        debug_assert_eq!(size_of::<T>(), slot.ty.dtype.size());
        // SAFETY: as in `read`; the step's results share no memory with anything else it touches.
        unsafe { slice::from_raw_parts_mut(self.pointer(slot).cast(), slot.elems()) }
    }

    pub(crate) fn read_bytes(&self, slot: Slot) -> &[u8] {
        // SAFETY: as in `read`.
        unsafe { slice::from_raw_parts(self.pointer(slot), slot.bytes()) }
    }

    #[expect(clippy::mut_from_ref, reason = "as in `write`")]
    pub(crate) fn write_bytes(&self, slot: Slot) -> &mut [u8] {
        // SAFETY: as in `write`.
        unsafe { slice::from_raw_parts_mut(self.pointer(slot), slot.bytes()) }
    }

    /// The elements of a matrix and its strides.
    pub(crate) fn matrix(&self, matrix: Matrix) -> Strided<'_> {
        let values = self.read(matrix.slot);
        Strided { values, row_stride: matrix.row_stride, column_stride: matrix.column_stride }
    }
}

/// A matrix to read.
#[derive(Clone, Copy)]
pub(crate) struct Strided<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) row_stride: usize,
    pub(crate) column_stride: usize,
}
