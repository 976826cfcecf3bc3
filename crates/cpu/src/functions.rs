//! Functions of each element: vectors are read, computed and written, so a result may take the place of an
//! operand.

use crate::lanes::{LANES, Lanes};
use crate::math;
use neurona_core::graph::{Binary, Real, Unary};
use neurona_core::tensor::DType;

/// Sixteen lanes in memory: the bits of floats, or integers, bytes and truth values as integers.
pub(crate) type Vector = [u32; LANES];

/// The vectors of an operand: number `i` is `i · step` after the first. Constants are one vector, step 0.
#[derive(Clone, Copy)]
pub(crate) struct Operand {
    pub(crate) start: *const Vector,
    pub(crate) step: usize,
    /// Whether they are bytes in memory, which only casts read.
    pub(crate) bytes: bool,
}

impl Operand {
    /// # Safety
    /// The vector is there, and the processor has the level.
    #[inline(always)]
    unsafe fn get<V: Lanes>(self, i: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe { V::load(self.start.add(i * self.step).cast()) }
    }
}

/// `out[i] = body` for each vector, where `body` names a vector of each operand.
macro_rules! each {
    ($vectors:expr, $out:expr, |$($x:ident: $from:ident),+| $body:expr) => {
        for i in 0..$vectors {
            // SAFETY: the caller of each function below promises that these vectors are there.
            unsafe {
                $(let $x: V = $from.get(i);)+
                $body.store($out.add(i).cast());
            }
        }
    };
}

/// The same for functions without vectors: `body` names a lane of each operand.
macro_rules! each_lane {
    ($vectors:expr, $out:expr, |$($x:ident: $from:ident),+| $body:expr) => {
        for i in 0..$vectors {
            // SAFETY: as in `each`.
            unsafe {
                $(let $x = $from.start.add(i * $from.step).read();)+
                let mut lanes: Vector = [0; LANES];
                for lane in 0..LANES {
                    $(let $x = $x[lane];)+
                    lanes[lane] = $body;
                }
                $out.add(i).write(lanes);
            }
        }
    };
}

/// A function of one number.
///
/// # Safety
/// The pointers are valid for this many vectors; `out` is an operand, or does not overlap with one.
/// The processor has the level.
#[inline(always)]
pub(crate) unsafe fn unary<V: Lanes>(op: Unary, x: Operand, out: *mut Vector, vectors: usize) {
    match op {
        Unary::Neg => each!(vectors, out, |x: x| math::neg(x)),
        Unary::Abs => each!(vectors, out, |x: x| math::abs(x)),
        Unary::Sign => each!(vectors, out, |x: x| math::sign(x)),
        Unary::Exp => each!(vectors, out, |x: x| math::exp(x)),
        Unary::Log => each!(vectors, out, |x: x| math::ln(x)),
        Unary::Sqrt => each!(vectors, out, |x: x| x.sqrt()),
        Unary::Tanh => each!(vectors, out, |x: x| math::tanh(x)),
        Unary::Sigmoid => each!(vectors, out, |x: x| math::sigmoid(x)),
        Unary::Softplus => each!(vectors, out, |x: x| math::softplus(x)),
        Unary::Erf => {
            each_lane!(vectors, out, |x: x| libm::erff(f32::from_bits(x)).to_bits())
        }
        Unary::Sin => {
            each_lane!(vectors, out, |x: x| libm::sinf(f32::from_bits(x)).to_bits())
        }
        Unary::Cos => {
            each_lane!(vectors, out, |x: x| libm::cosf(f32::from_bits(x)).to_bits())
        }
        Unary::Floor => {
            each_lane!(vectors, out, |x: x| libm::floorf(f32::from_bits(x)).to_bits())
        }
        Unary::Not => each!(vectors, out, |x: x| x.xor(x.same_bits(1))),
    }
}

/// A function of two values of an element type.
///
/// # Safety
/// As in [`unary`].
#[inline(always)]
pub(crate) unsafe fn binary<V: Lanes>(
    op: Binary,
    dtype: DType,
    a: Operand,
    b: Operand,
    out: *mut Vector,
    vectors: usize,
) {
    macro_rules! truth {
        ($compare:ident) => {
            each!(vectors, out, |a: a, b: b| a.$compare(b, a.same_bits(1), a.same_bits(0)))
        };
    }
    if dtype != DType::F32 {
        // Integers, bytes and truth values are only compared.
        return match op {
            Binary::Less => truth!(if_less_int),
            Binary::LessEqual => {
                each!(vectors, out, |a: a, b: b| b.if_less_int(a, a.same_bits(0), a.same_bits(1)))
            }
            Binary::Equal
            | Binary::Add
            | Binary::Sub
            | Binary::Mul
            | Binary::Div
            | Binary::Pow
            | Binary::Max
            | Binary::Min => truth!(if_equal_int),
        };
    }
    match op {
        Binary::Add => each!(vectors, out, |a: a, b: b| a.add(b)),
        Binary::Sub => each!(vectors, out, |a: a, b: b| a.sub(b)),
        Binary::Mul => each!(vectors, out, |a: a, b: b| a.mul(b)),
        Binary::Div => each!(vectors, out, |a: a, b: b| a.div(b)),
        Binary::Max => each!(vectors, out, |a: a, b: b| math::max(a, b)),
        Binary::Min => each!(vectors, out, |a: a, b: b| math::min(a, b)),
        Binary::Pow => each_lane!(vectors, out, |a: a, b: b| {
            f32::binary(Binary::Pow, f32::from_bits(a), f32::from_bits(b)).to_bits()
        }),
        Binary::Equal => truth!(if_equal),
        Binary::Less => truth!(if_less),
        Binary::LessEqual => truth!(if_less_equal),
    }
}

/// `a · b + c`, or `c - a · b`.
///
/// # Safety
/// As in [`unary`].
#[inline(always)]
pub(crate) unsafe fn mul_add<V: Lanes>(
    negated: bool,
    [a, b, c]: [Operand; 3],
    out: *mut Vector,
    vectors: usize,
) {
    if negated {
        each!(vectors, out, |a: a, b: b, c: c| math::neg(a).mul_add(b, c));
    } else {
        each!(vectors, out, |a: a, b: b, c: c| a.mul_add(b, c));
    }
}

/// `a` where `c` is true, otherwise `b`.
///
/// # Safety
/// As in [`unary`].
#[inline(always)]
pub(crate) unsafe fn select<V: Lanes>([c, a, b]: [Operand; 3], out: *mut Vector, vectors: usize) {
    each!(vectors, out, |c: c, a: a, b: b| c.if_equal_int(c.same_bits(0), b, a));
}

/// From one element type to another.
///
/// # Safety
/// As in [`unary`].
#[inline(always)]
pub(crate) unsafe fn cast<V: Lanes>(
    from: DType,
    to: DType,
    x: Operand,
    out: *mut Vector,
    vectors: usize,
) {
    if x.bytes {
        // SAFETY: the caller's promise.
        return unsafe { each_byte::<V>(to, x.start.cast(), out, vectors) };
    }
    match (from, to) {
        (DType::F32, DType::F32) => each!(vectors, out, |x: x| x),
        // Bytes and truth values are small integers in their lanes.
        (_, DType::F32) => each!(vectors, out, |x: x| x.to_float()),
        (DType::F32, DType::I32) => {
            each_lane!(vectors, out, |x: x| f32::from_bits(x) as i32 as u32)
        }
        (DType::F32, DType::U8) => {
            each_lane!(vectors, out, |x: x| u32::from(f32::from_bits(x) as u8))
        }
        (DType::F32, DType::Bool) => {
            each!(vectors, out, |x: x| x.if_equal(x.same(0.0), x.same_bits(0), x.same_bits(1)))
        }
        (_, DType::Bool) => {
            each!(vectors, out, |x: x| {
                x.if_equal_int(x.same_bits(0), x.same_bits(0), x.same_bits(1))
            })
        }
        (_, DType::U8) => each_lane!(vectors, out, |x: x| (x as i32).clamp(0, 255) as u32),
        (_, DType::I32) => each!(vectors, out, |x: x| x),
        // Graphs have no f64 (`infer`): it is the interpreter's other precision.
        (DType::F64, _) | (_, DType::F64) => {}
    }
}

/// Bytes as numbers, times a number.
///
/// # Safety
/// As in [`unary`].
#[inline(always)]
pub(crate) unsafe fn scaled<V: Lanes>(x: Operand, factor: f32, out: *mut Vector, vectors: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let factor = V::splat(factor);
        for i in 0..vectors {
            let x =
                if x.bytes { V::load_bytes(x.start.cast::<u8>().add(i * LANES)) } else { x.get(i) };
            x.to_float().mul(factor).store(out.add(i).cast());
        }
    }
}

/// Bytes in memory, or truth values, in another element type.
///
/// # Safety
/// As in [`unary`].
#[inline(always)]
unsafe fn each_byte<V: Lanes>(to: DType, x: *const u8, out: *mut Vector, vectors: usize) {
    for i in 0..vectors {
        // SAFETY: the caller's promise.
        unsafe {
            let x = V::load_bytes(x.add(i * LANES));
            let lanes = match to {
                DType::F32 | DType::F64 => x.to_float(),
                DType::Bool => x.if_equal_int(x.same_bits(0), x.same_bits(0), x.same_bits(1)),
                DType::U8 | DType::I32 => x,
            };
            lanes.store(out.add(i).cast());
        }
    }
}
