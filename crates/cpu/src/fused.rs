//! Elementwise steps: a few hundred elements at a time through all instructions, so that what passes from
//! one to the next stays in the nearest cache.

use crate::arena::Blocks;
use crate::pool::Pool;
use crate::reduce::gather;
use neurona_core::compile::{Axis, Fused, Instruction, Register, Slot};
use neurona_core::graph::{Binary, Real, Unary};
use neurona_core::tensor::DType;
use std::cell::RefCell;

/// Elements that go through the instructions together.
const LANES: usize = 256;

/// Elements worth a piece of work of their own: some 10 µs.
const PIECE: usize = 1 << 14;

/// One value for each lane: the bits of an `f32`, or an integer, byte or truth value.
type Lanes = [u32; LANES];

thread_local! {
    /// A row of lanes for each instruction. It grows to the longest step ever run.
    static LANES_OF: RefCell<Vec<Lanes>> = const { RefCell::new(Vec::new()) };
}

/// Runs a fused step. Pieces write ranges of their own, and read what they overwrite only there.
pub(crate) fn run(fused: &Fused, blocks: &Blocks<'_>, pool: &Pool) {
    pool.for_each(fused.elems.div_ceil(PIECE), |piece| {
        LANES_OF.with_borrow_mut(|lanes| {
            if lanes.len() < fused.instructions.len() {
                lanes.resize(fused.instructions.len(), [0; LANES]);
            }
            let end = fused.elems.min((piece + 1) * PIECE);
            for first in (piece * PIECE..end).step_by(LANES) {
                chunk(fused, blocks, lanes, first, LANES.min(end - first));
            }
        });
    });
}

fn chunk(fused: &Fused, blocks: &Blocks<'_>, lanes: &mut [Lanes], first: usize, count: usize) {
    for (i, instruction) in fused.instructions.iter().enumerate() {
        let (before, rest) = lanes.split_at_mut(i);
        let out = &mut rest[0][..count];
        let lane = |register: Register| &before[register.0][..count];
        match instruction {
            Instruction::Load(slot, axes) => load(blocks, *slot, axes, first, out),
            Instruction::Fill(value) => out.fill(value.to_bits()),
            Instruction::Position(Axis { size, stride }) => {
                let position = |i: usize| ((first + i) / stride % size) as u32;
                out.iter_mut().enumerate().for_each(|(i, out)| *out = position(i));
            }
            Instruction::Unary(op, x) => unary(*op, lane(*x), out),
            Instruction::Binary(op, dtype, a, b) => binary(*op, *dtype, lane(*a), lane(*b), out),
            Instruction::Select(c, a, b) => {
                let (c, a, b) = (lane(*c), lane(*a), lane(*b));
                for (i, out) in out.iter_mut().enumerate() {
                    *out = if c[i] != 0 { a[i] } else { b[i] };
                }
            }
            Instruction::Cast(from, to, x) => cast(*from, *to, lane(*x), out),
        }
    }
    for (register, slot) in &fused.stores {
        store(blocks, *slot, first, &lanes[register.0][..count]);
    }
}

fn load(blocks: &Blocks<'_>, slot: Slot, axes: &[Axis], first: usize, out: &mut [u32]) {
    let start = blocks.pointer(slot);
    let elems = slot.elems();
    // Pointers, not slices: a store of this very step may lie on the same elements.
    // SAFETY: inside the slot (checked); nothing else runs on these elements meanwhile.
    let wide = |i: usize| unsafe {
        assert!(i < elems);
        start.cast::<u32>().add(i).read()
    };
    let byte = |i: usize| {
        assert!(i < elems);
        // SAFETY: as above.
        u32::from(unsafe { start.add(i).read() })
    };
    match (slot.ty.dtype.size(), axes) {
        (4, [Axis { stride: 1, .. }]) => {
            assert!(first + out.len() <= elems);
            // SAFETY: inside the slot, as just checked; lanes are memory of their own.
            unsafe {
                start.cast::<u32>().add(first).copy_to_nonoverlapping(out.as_mut_ptr(), out.len());
            }
        }
        (4, _) => gather(wide, axes, first, out, |x| x),
        _ => gather(byte, axes, first, out, |x| x),
    }
}

fn store(blocks: &Blocks<'_>, slot: Slot, first: usize, lanes: &[u32]) {
    assert!(first + lanes.len() <= slot.elems());
    let start = blocks.pointer(slot);
    if slot.ty.dtype.size() == 4 {
        // SAFETY: inside the slot, as just checked; no other piece touches these elements.
        unsafe {
            lanes.as_ptr().copy_to_nonoverlapping(start.cast::<u32>().add(first), lanes.len())
        };
    } else {
        for (i, &lane) in lanes.iter().enumerate() {
            // SAFETY: as above.
            unsafe { start.add(first + i).write(lane as u8) };
        }
    }
}

/// Each function in a loop of its own, so that the compiler can make vectors of it.
fn unary(op: Unary, x: &[u32], out: &mut [u32]) {
    macro_rules! each {
        ($($op:ident),*) => {
            match op {
                $(Unary::$op => {
                    for (out, x) in out.iter_mut().zip(x) {
                        *out = f32::unary(Unary::$op, f32::from_bits(*x)).to_bits();
                    }
                })*
                Unary::Not => out.iter_mut().zip(x).for_each(|(out, x)| *out = x ^ 1),
            }
        };
    }
    each!(Neg, Abs, Sign, Exp, Log, Sqrt, Tanh, Sigmoid, Softplus, Erf);
}

fn binary(op: Binary, dtype: DType, a: &[u32], b: &[u32], out: &mut [u32]) {
    let pairs = out.iter_mut().zip(a.iter().zip(b));
    if dtype != DType::F32 {
        // Integers, bytes and truth values are only compared.
        let compare: fn(i32, i32) -> bool = match op {
            Binary::Less => |a, b| a < b,
            Binary::LessEqual => |a, b| a <= b,
            Binary::Equal
            | Binary::Add
            | Binary::Sub
            | Binary::Mul
            | Binary::Div
            | Binary::Pow
            | Binary::Max
            | Binary::Min => |a, b| a == b,
        };
        return pairs.for_each(|(out, (a, b))| *out = compare(*a as i32, *b as i32).into());
    }
    macro_rules! each {
        ($($op:ident),*; $($comparison:ident $symbol:tt),*) => {
            match op {
                $(Binary::$op => {
                    for (out, (a, b)) in pairs {
                        *out = f32::binary(Binary::$op, f32::from_bits(*a), f32::from_bits(*b)).to_bits();
                    }
                })*
                $(Binary::$comparison => {
                    for (out, (a, b)) in pairs {
                        *out = (f32::from_bits(*a) $symbol f32::from_bits(*b)).into();
                    }
                })*
            }
        };
    }
    each!(Add, Sub, Mul, Div, Pow, Max, Min; Equal ==, Less <, LessEqual <=);
}

fn cast(from: DType, to: DType, x: &[u32], out: &mut [u32]) {
    let pairs = out.iter_mut().zip(x);
    match (from, to) {
        (DType::F32, DType::F32) => pairs.for_each(|(out, x)| *out = *x),
        // Bytes and truth values are small integers in their lanes.
        (_, DType::F32) => pairs.for_each(|(out, x)| *out = (*x as i32 as f32).to_bits()),
        (DType::F32, DType::I32) => {
            pairs.for_each(|(out, x)| *out = f32::from_bits(*x) as i32 as u32)
        }
        (DType::F32, DType::U8) => {
            pairs.for_each(|(out, x)| *out = f32::from_bits(*x) as u8 as u32)
        }
        (DType::F32, DType::Bool) => {
            pairs.for_each(|(out, x)| *out = (f32::from_bits(*x) != 0.0).into())
        }
        (_, DType::Bool) => pairs.for_each(|(out, x)| *out = (*x != 0).into()),
        (_, DType::U8) => pairs.for_each(|(out, x)| *out = (*x as i32).clamp(0, 255) as u32),
        (_, DType::I32) => pairs.for_each(|(out, x)| *out = *x),
        // Graphs have no f64 (`infer`): it is the interpreter's other precision.
        (DType::F64, _) | (_, DType::F64) => {}
    }
}
