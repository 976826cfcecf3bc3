//! Elementwise steps: a few hundred elements at a time go through all instructions, so that
//! intermediate values stay in the nearest cache.

use crate::arena::Blocks;
use crate::elements::{Elements, load, positions, store};
use crate::finite::Look;
use crate::functions::{Operand, Vector, binary, cast, mul_add, scaled, select, unary};
use crate::lanes::{LANES, Lanes, dispatch, prefetch};
use crate::level::Level;
use crate::pool::Pool;
use crate::random;
use neurona_core::compile::{self, Fused, Instruction, Register};
use neurona_core::tensor::DType;
use neurona_core::tensor::random::Source;
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// How many elements go through the instructions together.
const CHUNK: usize = 512;

/// How many instructions on elements are worth a piece of work of their own: some 2 µs.
const PIECE: usize = 1 << 15;

/// One value for each lane: the bits of an `f32`, or an integer, byte or truth value.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Row([u32; CHUNK]);

/// Where the vectors of a result are: for the chunk that begins with element `first`, they begin
/// `first · bytes` after the start.
///
/// Slots and rows consist of whole vectors: places in memory begin 64 bytes apart, and the gap
/// between the end of one and the beginning of the next belongs to the first.
#[derive(Clone, Copy)]
struct Place {
    start: *mut u8,
    /// Bytes from one element to the next: zero in rows, which every chunk uses anew.
    bytes: usize,
    /// Vectors from one to the next: zero for a constant.
    step: usize,
}

impl Place {
    #[inline(always)]
    fn vectors(self, first: usize) -> *mut Vector {
        self.start.wrapping_add(first * self.bytes).cast()
    }
}

/// The memory that a thread needs to run steps. It grows to the most ever needed.
#[derive(Default)]
pub(crate) struct Memory {
    rows: Vec<Row>,
    places: Vec<Place>,
    /// Where the values to be checked begin.
    guards: Vec<*const f32>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Runs a fused step. Pieces write ranges of their own. Returns whether its guards are finite.
pub(crate) fn run(level: Level, fused: &Fused, blocks: &Blocks<'_>, pool: &Pool) -> bool {
    let finite = AtomicBool::new(true);
    // A power of two, so that threads get halves of the same values again in other steps.
    let pieces = (fused.elems * fused.instructions.len()).div_ceil(PIECE).next_power_of_two();
    let size = fused.elems.div_ceil(pieces).next_multiple_of(CHUNK).max(CHUNK);
    pool.for_each(fused.elems.div_ceil(size), |piece| {
        MEMORY.with_borrow_mut(|memory| {
            memory.prepare(fused, blocks);
            let (places, guards) = (&*memory.places, &*memory.guards);
            let range = [piece * size, fused.elems.min((piece + 1) * size)];
            let is_finite = dispatch!(
                level,
                run_piece(
                    fused: &Fused,
                    blocks: &Blocks<'_>,
                    places: &[Place],
                    guards: &[*const f32],
                    range: [usize; 2],
                ) -> bool
            );
            if !is_finite {
                finite.store(false, Relaxed);
            }
        });
    });
    finite.load(Relaxed)
}

impl Memory {
    /// Finds the place of each result and guard, and fills results that are constant.
    fn prepare(&mut self, fused: &Fused, blocks: &Blocks<'_>) {
        if self.rows.len() < fused.rows {
            self.rows.resize(fused.rows, Row([0; CHUNK]));
        }
        self.guards.clear();
        for slot in &fused.guards {
            let Elements { start, count, .. } = Elements::of(blocks, *slot);
            assert_eq!((count, slot.ty.dtype), (fused.elems, DType::F32));
            self.guards.push(start.cast());
        }
        self.places.clear();
        for (instruction, place) in fused.instructions.iter().zip(&fused.places) {
            self.places.push(match *place {
                compile::Place::Slot(slot) => {
                    let Elements { start, count, size } = Elements::of(blocks, slot);
                    assert_eq!(count, fused.elems);
                    Place { start, bytes: size, step: 1 }
                }
                compile::Place::Row(row) => {
                    Place { start: self.rows[row].0.as_mut_ptr().cast(), bytes: 0, step: 1 }
                }
                compile::Place::Constant(row) => {
                    let value = match instruction {
                        Instruction::Fill(value) => value.to_bits(),
                        Instruction::Load(slot, _) => Elements::of(blocks, *slot).get(0),
                        _ => unreachable!("only numbers and loads are constant"),
                    };
                    self.rows[row].0[..LANES].fill(value);
                    Place { start: self.rows[row].0.as_mut_ptr().cast(), bytes: 0, step: 0 }
                }
            });
        }
    }
}

#[inline(always)]
fn run_piece<V: Lanes>(
    fused: &Fused,
    blocks: &Blocks<'_>,
    places: &[Place],
    guards: &[*const f32],
    range: [usize; 2],
) -> bool {
    let [start, end] = range;
    // SAFETY: `dispatch!` runs the copy for a level only where the processor has it.
    let mut look = unsafe { Look::<V>::new() };
    for first in (start..end).step_by(CHUNK) {
        chunk::<V>(fused, blocks, places, [first, end]);
        for start in guards {
            // SAFETY: the elements of this chunk exist, as many as the step has (`prepare`), and no
            // other piece writes them.
            look.at(unsafe {
                std::slice::from_raw_parts(start.add(first), CHUNK.min(end - first))
            });
        }
    }
    guards.is_empty() || look.all_finite()
}

#[inline(always)]
fn chunk<V: Lanes>(fused: &Fused, blocks: &Blocks<'_>, places: &[Place], [first, end]: [usize; 2]) {
    let count = CHUNK.min(end - first);
    let vectors = count.div_ceil(LANES);
    let at = |register: Register| {
        let place = places[register.0];
        Operand { start: place.vectors(first), step: place.step, bytes: place.bytes == 1 }
    };
    for (i, instruction) in fused.instructions.iter().enumerate() {
        let place = places[i];
        if place.step == 0 {
            continue;
        }
        if matches!(instruction, Instruction::Load(..)) && place.bytes > 0 {
            // It is there. The processor guesses what a loop reads next, but not what the next
            // chunk reads.
            let line = if place.bytes == 4 { 16 } else { 64 };
            for i in (first + CHUNK..end.min(first + 2 * CHUNK)).step_by(line) {
                prefetch(place.vectors(i).cast());
            }
            continue;
        }
        let out = place.vectors(first);
        // SAFETY: all places hold `vectors` whole vectors from here on; a result's place does not
        // overlap its operands', or is exactly the same (`places::of`), and each vector is read
        // before it is written.
        unsafe {
            match instruction {
                Instruction::Load(slot, axes) => {
                    load::<V>(Elements::of(blocks, *slot), axes, first, row(out, count));
                }
                Instruction::Fill(value) => row(out, count).fill(value.to_bits()),
                Instruction::Position(axis) => positions(*axis, first, row(out, count)),
                Instruction::Uniform(key, stream) => {
                    let key: &[i32] = blocks.read(*key);
                    let source = Source::with_key([key[0], key[1], key[2], key[3]], *stream);
                    random::uniform::<V>(source, first, row(out, count));
                }
                Instruction::Unary(op, x) => unary::<V>(*op, at(*x), out, vectors),
                Instruction::Binary(op, dtype, a, b) => {
                    binary::<V>(*op, *dtype, at(*a), at(*b), out, vectors);
                }
                Instruction::MulAdd { negated, a, b, c } => {
                    mul_add::<V>(*negated, [at(*a), at(*b), at(*c)], out, vectors);
                }
                Instruction::Select(c, a, b) => select::<V>([at(*c), at(*a), at(*b)], out, vectors),
                Instruction::Scaled(x, factor) => scaled::<V>(at(*x), *factor, out, vectors),
                Instruction::Cast(from, to, x) => cast::<V>(*from, *to, at(*x), out, vectors),
            }
        }
    }
    for (register, slot) in &fused.stores {
        // SAFETY: there are `vectors` vectors, or one that stands for all.
        unsafe { store(Elements::of(blocks, *slot), first, at(*register), count) };
    }
}

/// The first elements of a row.
///
/// # Safety
/// There are that many, and nothing else uses them meanwhile.
#[inline(always)]
unsafe fn row<'a>(start: *mut Vector, count: usize) -> &'a mut [u32] {
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts_mut(start.cast(), count) }
}
