//! Where the results of a fused step's instructions are while it runs: in memory if they lie there
//! anyway, otherwise in as few short rows as possible, so that these stay in the nearest cache.

use super::program::{Axis, Instruction, Place, Register, Slot};

/// The place of each result, how many rows they take, and the stores that remain to be done.
pub(super) fn of(
    instructions: &[Instruction],
    stores: Vec<(Register, Slot)>,
) -> (Vec<Place>, usize, Vec<(Register, Slot)>) {
    let mut left = stores;
    let mut last_use: Vec<usize> = (0..instructions.len()).collect();
    for (i, instruction) in instructions.iter().enumerate() {
        instruction.operands().for_each(|operand| last_use[operand.0] = i);
    }
    // A result that is stored after the last instruction stays until then.
    left.iter().for_each(|(register, _)| last_use[register.0] = instructions.len());

    let mut places: Vec<Place> = Vec::with_capacity(instructions.len());
    let mut rows = 0;
    let mut free: Vec<usize> = Vec::new();
    for (i, instruction) in instructions.iter().enumerate() {
        let stored = left.iter().position(|(register, slot)| register.0 == i && is_wide(*slot));
        let mut new_row = || {
            rows += 1;
            rows - 1
        };
        let place = match instruction {
            Instruction::Load(slot, axes)
                if is_straight(axes) && (is_wide(*slot) || only_cast(instructions, &left, i)) =>
            {
                Place::Slot(*slot)
            }
            Instruction::Fill(_) => Place::Constant(new_row()),
            Instruction::Load(_, axes) if axes.iter().all(|axis| axis.stride == 0) => {
                Place::Constant(new_row())
            }
            Instruction::Load(..) => Place::Row(free.pop().unwrap_or_else(new_row)),
            Instruction::Position(_)
            | Instruction::Uniform(..)
            | Instruction::Unary(..)
            | Instruction::Binary(..)
            | Instruction::MulAdd { .. }
            | Instruction::Select(..)
            | Instruction::Cast(..)
            | Instruction::Scaled(..) => match stored {
                Some(store) => Place::Slot(left.remove(store).1),
                None => Place::Row(free.pop().unwrap_or_else(new_row)),
            },
        };
        places.push(place);
        // A row is free once nothing reads it any more, not even this instruction: its result may
        // lie where an operand did only if both are in memory.
        for ended in (0..=i).filter(|&register| last_use[register] == i) {
            if let Place::Row(row) = places[ended] {
                free.push(row);
            }
        }
    }
    (places, rows, left)
}

/// Whether a slot's elements are as wide as a row's.
fn is_wide(slot: Slot) -> bool {
    slot.ty.dtype.size() == 4
}

/// Whether a result is only cast, which reads bytes as they lie in memory.
fn only_cast(instructions: &[Instruction], stores: &[(Register, Slot)], i: usize) -> bool {
    let reads = |instruction: &Instruction| instruction.operands().any(|x| x.0 == i);
    stores.iter().all(|(x, _)| x.0 != i)
        && instructions
            .iter()
            .filter(|user| reads(user))
            .all(|user| matches!(user, Instruction::Cast(..) | Instruction::Scaled(..)))
}

/// Whether a load reads one element after the other.
fn is_straight(axes: &[Axis]) -> bool {
    matches!(axes, [Axis { stride: 1, .. }])
}
