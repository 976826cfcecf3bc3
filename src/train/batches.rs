//! From rows of the user's arrays to a batch in the program's memory.

use crate::cpu::{Arena, prefetch};
use crate::tensor::{DType, Data, Tensor};
use neurona_core::compile::Slot;

/// The element type in which a graph takes a tensor's samples.
pub(super) fn graph_dtype(tensor: &Tensor<'_>) -> DType {
    match tensor.dtype() {
        DType::F64 => DType::F32,
        other => other,
    }
}

/// Writes these rows of a tensor into a slot of the scratch block, converted to the slot's type.
pub(super) fn gather(tensor: &Tensor<'_>, rows: &[usize], slot: Slot, scratch: &mut Arena) {
    match (tensor.data(), slot.ty.dtype) {
        (Data::F32(v), DType::F32) => copy(v, rows, scratch.floats_mut(slot), |x| x),
        (Data::F64(v), DType::F32) => copy(v, rows, scratch.floats_mut(slot), |x| x as f32),
        (Data::U8(v), DType::F32) => copy(v, rows, scratch.floats_mut(slot), f32::from),
        (Data::I32(v), DType::F32) => copy(v, rows, scratch.floats_mut(slot), |x| x as f32),
        (Data::Bool(v), DType::F32) => {
            copy(v, rows, scratch.floats_mut(slot), |x| f32::from(u8::from(x)));
        }
        (Data::F32(v), DType::I32) => copy(v, rows, scratch.ints_mut(slot), |x| x as i32),
        (Data::F64(v), DType::I32) => copy(v, rows, scratch.ints_mut(slot), |x| x as i32),
        (Data::U8(v), DType::I32) => copy(v, rows, scratch.ints_mut(slot), i32::from),
        (Data::I32(v), DType::I32) => copy(v, rows, scratch.ints_mut(slot), |x| x),
        (Data::Bool(v), DType::I32) => copy(v, rows, scratch.ints_mut(slot), i32::from),
        (Data::U8(v), DType::U8 | DType::Bool) => {
            copy(v, rows, scratch.slot_bytes_mut(slot), |x| x)
        }
        (Data::Bool(v), DType::U8 | DType::Bool) => {
            copy(v, rows, scratch.slot_bytes_mut(slot), u8::from);
        }
        // A graph takes numbers in their own type, or in the type that the target's encoding asks
        // for.
        (Data::F32(_) | Data::F64(_) | Data::I32(_), DType::U8 | DType::Bool) | (_, DType::F64) => {
            unreachable!("no graph is made with {} for {} data", slot.ty.dtype, tensor.dtype())
        }
    }
}

/// Prefetches the rows of a tensor that the next batch needs, which the processor
/// cannot guess.
pub(super) fn prefetch_rows(tensor: &Tensor<'_>, rows: &[usize]) {
    fn each<T>(values: &[T], rows: &[usize], count: usize) {
        let width = values.len() / count.max(1);
        rows.iter().for_each(|row| prefetch(&values[row * width..][..width]));
    }
    match tensor.data() {
        Data::F32(v) => each(v, rows, tensor.rows()),
        Data::F64(v) => each(v, rows, tensor.rows()),
        Data::U8(v) => each(v, rows, tensor.rows()),
        Data::I32(v) => each(v, rows, tensor.rows()),
        Data::Bool(v) => each(v, rows, tensor.rows()),
    }
}

fn copy<T: Copy, U>(values: &[T], rows: &[usize], out: &mut [U], convert: impl Fn(T) -> U) {
    let width = out.len() / rows.len().max(1);
    for (&row, out) in rows.iter().zip(out.chunks_exact_mut(width.max(1))) {
        let row = &values[row * width..][..width];
        out.iter_mut().zip(row).for_each(|(out, x)| *out = convert(*x));
    }
}
