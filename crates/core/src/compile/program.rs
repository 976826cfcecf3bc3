//! Programs: the steps that a device runs, over blocks of memory.

use crate::graph::{Binary, Op, Reduction, Type, Unary};
use crate::tensor::DType;
use std::fmt;

/// A block of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// The values kept from run to run. Their layout depends only on the state inputs in the order
    /// of their declaration, so programs that declare the same ones first can share a block.
    State,
    /// The next state, laid out like the state: a run writes its changes here, and the old values
    /// stay.
    Next,
    /// Everything else: batch inputs, computed values, outputs.
    Scratch,
}

/// A place in memory that holds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The block.
    pub space: Space,
    /// Bytes from its start: a multiple of 64.
    pub offset: usize,
    /// The value's type.
    pub ty: Type,
}

impl Slot {
    /// How many elements it holds.
    pub fn elems(&self) -> usize {
        self.ty.shape.elems()
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.elems() * self.ty.dtype.size()
    }

    /// Whether it begins where another one does.
    pub(super) fn is_at(&self, other: Slot) -> bool {
        (self.space, self.offset) == (other.space, other.offset)
    }
}

/// A dimension to walk along: how many elements, how far apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// How many elements.
    pub size: usize,
    /// How many elements of memory from one to the next.
    pub stride: usize,
}

/// A matrix in memory: transposing it means exchanging its strides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Where its elements are.
    pub slot: Slot,
    /// Elements of memory from one row to the next.
    pub row_stride: usize,
    /// Elements of memory from one column to the next.
    pub column_stride: usize,
}

/// The result of instruction number `.0` of a fused step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Register(pub usize);

/// One operation of a fused step, on one element at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum Instruction {
    /// Reads a value along these axes, outermost first; an axis with stride 0 repeats.
    Load(Slot, Vec<Axis>),
    /// A number.
    Fill(f32),
    /// How far along an axis the element is: `index / stride % size`.
    Position(Axis),
    /// A function of one number.
    Unary(Unary, Register),
    /// A function of two values of this element type.
    Binary(Binary, DType, Register, Register),
    /// `a · b + c`, or `c - a · b`: of numbers, in one rounding where the device can.
    MulAdd {
        /// Whether the product is subtracted.
        negated: bool,
        /// First factor.
        a: Register,
        /// Second factor.
        b: Register,
        /// What the product is added to, or subtracted from.
        c: Register,
    },
    /// The second where the first is true, else the third.
    Select(Register, Register, Register),
    /// From one element type to another.
    Cast(DType, DType, Register),
    /// Bytes as numbers, times a number: how pictures are read.
    Scaled(Register, f32),
    /// Random numbers, by position, from the key in a slot and a stream.
    Uniform(Slot, u32),
}

/// Where the result of an instruction is while its step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a short row of its own, which instructions use in turn.
    Row(usize),
    /// In a row that is filled once: every element is the same.
    Constant(usize),
    /// In memory: read where it lies, or written where it is kept. Bytes there are read only by
    /// casts.
    Slot(Slot),
}

/// Elementwise operations in one pass: for each element, all instructions, then the stores.
#[derive(Clone, Debug, PartialEq)]
pub struct Fused {
    /// How many elements.
    pub elems: usize,
    /// What to compute.
    pub instructions: Vec<Instruction>,
    /// Where the result of each instruction is.
    pub places: Vec<Place>,
    /// How many rows the places take.
    pub rows: usize,
    /// Results to keep that are not in their place already.
    pub stores: Vec<(Register, Slot)>,
    /// What must be finite once the step has run, of the step's size: checked while it is in the
    /// nearest cache. Values that the step reads are left out where a number in them that is not
    /// finite makes one in a value that it writes.
    pub guards: Vec<Slot>,
}

impl Fused {
    /// The slots it writes.
    pub fn kept(&self) -> impl Iterator<Item = Slot> {
        let computed = self.instructions.iter().zip(&self.places);
        let in_place = computed.filter_map(|(instruction, place)| match (instruction, place) {
            (Instruction::Load(..), _) | (_, Place::Row(_) | Place::Constant(_)) => None,
            (_, Place::Slot(slot)) => Some(*slot),
        });
        in_place.chain(self.stores.iter().map(|(_, slot)| *slot))
    }

    /// The slots it reads.
    pub(super) fn loaded(&self) -> impl Iterator<Item = Slot> {
        self.instructions.iter().filter_map(|instruction| match instruction {
            Instruction::Load(slot, _) => Some(*slot),
            Instruction::Fill(_)
            | Instruction::Position(_)
            | Instruction::Unary(..)
            | Instruction::Binary(..)
            | Instruction::MulAdd { .. }
            | Instruction::Select(..)
            | Instruction::Cast(..)
            | Instruction::Scaled(..)
            | Instruction::Uniform(..) => None,
        })
    }

    /// Whether it reads or writes every element of a slot, each at its own place.
    pub(super) fn passes(&self, slot: Slot) -> bool {
        let loads = self.loaded().any(|loaded| loaded.is_at(slot));
        // A load that repeats nothing has as many elements as the step, in their order.
        self.elems == slot.elems() && (loads || self.kept().any(|kept| kept.is_at(slot)))
    }
}

impl Fused {
    /// Whether a number that is not finite in a slot makes one in what is checked already: sums and
    /// products pass it on.
    pub(super) fn gives_away(&self, slot: Slot) -> bool {
        let mut spoilt: Vec<bool> = Vec::with_capacity(self.instructions.len());
        for instruction in &self.instructions {
            spoilt.push(match instruction {
                Instruction::Load(loaded, _) => loaded.is_at(slot),
                Instruction::Unary(Unary::Neg | Unary::Abs | Unary::Sqrt, x) => spoilt[x.0],
                Instruction::Binary(Binary::Add | Binary::Sub | Binary::Mul, _, a, b) => {
                    spoilt[a.0] || spoilt[b.0]
                }
                // A finite number divided by one that is not finite may be finite.
                Instruction::Binary(Binary::Div, _, a, _) => spoilt[a.0],
                Instruction::MulAdd { a, b, c, .. } => [a, b, c].iter().any(|x| spoilt[x.0]),
                Instruction::Unary(..)
                | Instruction::Binary(..)
                | Instruction::Fill(_)
                | Instruction::Position(_)
                | Instruction::Select(..)
                | Instruction::Cast(..)
                | Instruction::Scaled(..)
                | Instruction::Uniform(..) => false,
            });
        }
        let made = self.places.iter().enumerate().filter_map(|(i, place)| match place {
            Place::Slot(slot) => Some((i, *slot)),
            Place::Row(_) | Place::Constant(_) => None,
        });
        let stored = self.stores.iter().map(|(register, slot)| (register.0, *slot));
        made.chain(stored).any(|(i, made)| {
            spoilt[i] && !made.is_at(slot) && self.guards.iter().any(|guard| guard.is_at(made))
        })
    }
}

impl Instruction {
    /// The results it reads.
    pub fn operands(&self) -> impl Iterator<Item = Register> {
        let operands = match *self {
            Instruction::Load(..)
            | Instruction::Fill(_)
            | Instruction::Position(_)
            | Instruction::Uniform(..) => [None; 3],
            Instruction::Unary(_, x) | Instruction::Cast(_, _, x) | Instruction::Scaled(x, _) => {
                [Some(x), None, None]
            }
            Instruction::Binary(_, _, a, b) => [Some(a), Some(b), None],
            Instruction::Select(c, a, b) | Instruction::MulAdd { a, b, c, .. } => {
                [Some(c), Some(a), Some(b)]
            }
        };
        operands.into_iter().flatten()
    }
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Elementwise operations.
    Fused(Fused),
    /// `out = a · b`, of `m` by `k` and `k` by `n`.
    MatMul {
        /// Rows of the result.
        m: usize,
        /// Length of the sums.
        k: usize,
        /// Columns of the result.
        n: usize,
        /// Left operand.
        a: Matrix,
        /// Right operand.
        b: Matrix,
        /// Result, row-major.
        out: Slot,
    },
    /// `out` holds, for each position along the kept axes, what `x` has along the reduced ones.
    Reduce {
        /// Sum or maximum.
        reduction: Reduction,
        /// What to reduce.
        x: Slot,
        /// Result, row-major over the kept axes.
        out: Slot,
        /// Axes of `x` that stay, outermost first.
        kept: Vec<Axis>,
        /// Axes of `x` that disappear, outermost first.
        reduced: Vec<Axis>,
    },
    /// An operation on whole values.
    Op {
        /// Which, and where its operands are.
        op: Op<Slot>,
        /// Result.
        out: Slot,
    },
    /// The same bytes in another place.
    Copy {
        /// From where.
        x: Slot,
        /// To where.
        out: Slot,
    },
}

/// A step, with the layer it works for.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it does.
    pub kind: Kind,
    /// The layer's name, empty for none.
    pub scope: String,
}

/// A plan to run over and over: the only thing a device needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The steps, in order. None of them changes the state.
    pub steps: Vec<Step>,
    /// The values of the next state that a run changes: slots in [`Space::Next`].
    pub updates: Vec<Slot>,
    /// Where each input goes, in the graph's order.
    pub inputs: Vec<(String, Slot)>,
    /// State that does not start at zero: where it lies, and the number all of it starts with.
    pub initial: Vec<(Slot, f32)>,
    /// Where each output is after a run.
    pub outputs: Vec<(String, Slot)>,
    /// Numbers that must be finite, or the state may not change, besides those that
    /// [steps](Fused::guards) check. All numbers of the next state are here or there.
    pub guards: Vec<Slot>,
    /// The work of the largest step: if it is little, a device may use one thread.
    pub largest_step: usize,
    /// Bytes of [`Space::State`].
    pub state_bytes: usize,
    /// Bytes of [`Space::Scratch`].
    pub scratch_bytes: usize,
}

impl Program {
    /// The slot of an input.
    pub fn input(&self, name: &str) -> Option<Slot> {
        self.inputs.iter().find(|(n, _)| n == name).map(|(_, slot)| *slot)
    }

    /// The slot of an output.
    pub fn output(&self, name: &str) -> Option<Slot> {
        self.outputs.iter().find(|(n, _)| n == name).map(|(_, slot)| *slot)
    }
}

impl Kind {
    /// About how much work it is, in multiplications of a product: one instruction on one element
    /// takes as long as four, because it reads and writes memory.
    pub fn work(&self) -> usize {
        match self {
            Kind::Fused(fused) => 4 * fused.elems * fused.instructions.len(),
            Kind::MatMul { m, k, n, .. } => m * k * n,
            Kind::Reduce { x, .. } | Kind::Copy { x, .. } => 4 * x.elems(),
            // Softmax, the most expensive, takes some twenty instructions.
            Kind::Op { out, .. } => 80 * out.elems(),
        }
    }

    /// A word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Fused(_) => "fused",
            Kind::MatMul { .. } => "matmul",
            Kind::Reduce { reduction: Reduction::Sum, .. } => "reduce_sum",
            Kind::Reduce { reduction: Reduction::Max, .. } => "reduce_max",
            Kind::Op { op, .. } => op.name(),
            Kind::Copy { .. } => "copy",
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = match self.space {
            Space::State => "state",
            Space::Next => "next",
            Space::Scratch => "scratch",
        };
        write!(f, "{space}+{} {}", self.offset, self.ty)
    }
}

impl fmt::Display for Step {
    /// Its line in the printed program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<11}", self.kind.name())?;
        match &self.kind {
            Kind::Fused(fused) => {
                write!(
                    f,
                    " {} elements, {} instructions →",
                    fused.elems,
                    fused.instructions.len()
                )?;
                fused.kept().try_for_each(|slot| write!(f, " {slot}"))?;
                fused.guards.iter().try_for_each(|slot| write!(f, ", guard {slot}"))?;
            }
            Kind::MatMul { m, k, n, out, .. } => write!(f, " {m}×{k} · {k}×{n} → {out}")?,
            Kind::Op { op, out } => {
                op.operands().into_iter().try_for_each(|x| write!(f, " {x}"))?;
                write!(f, " → {out}")?;
            }
            Kind::Reduce { x, out, .. } | Kind::Copy { x, out } => write!(f, " {x} → {out}")?,
        }
        write!(f, "{}{}", if self.scope.is_empty() { "" } else { " @" }, self.scope)
    }
}

impl fmt::Display for Program {
    /// One line per step, for people to read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, slot) in &self.inputs {
            writeln!(f, "input {name:?} {slot}")?;
        }
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))?;
        self.guards.iter().try_for_each(|slot| writeln!(f, "guard {slot}"))?;
        for (name, slot) in &self.outputs {
            writeln!(f, "output {name:?} {slot}")?;
        }
        writeln!(f, "{} bytes of state, {} of scratch", self.state_bytes, self.scratch_bytes)
    }
}
