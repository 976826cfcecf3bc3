//! Numbers as files store them: more types than tensors have, and the tensors they become.

use crate::cursor::damaged;
use neurona_core::error::Result;
use neurona_core::tensor::{Data, Shape, Tensor};

/// The type of numbers in a file.
///
/// As tensors, `F16` and `Bf16` become `float32`, integers other than `U8` become `int32`, and the
/// others stay what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Truth values, a byte each.
    Bool,
    /// 8-bit signed integers.
    I8,
    /// 16-bit signed integers.
    I16,
    /// 32-bit signed integers.
    I32,
    /// 64-bit signed integers.
    I64,
    /// Bytes.
    U8,
    /// 16-bit unsigned integers.
    U16,
    /// 32-bit unsigned integers.
    U32,
    /// 64-bit unsigned integers.
    U64,
    /// 16-bit floats of IEEE 754.
    F16,
    /// 16-bit floats that are the upper half of 32-bit floats.
    Bf16,
    /// 32-bit floats.
    F32,
    /// 64-bit floats.
    F64,
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    Little,
    Big,
}

impl Number {
    /// Every type.
    pub const ALL: [Number; 13] = [
        Number::Bool,
        Number::I8,
        Number::I16,
        Number::I32,
        Number::I64,
        Number::U8,
        Number::U16,
        Number::U32,
        Number::U64,
        Number::F16,
        Number::Bf16,
        Number::F32,
        Number::F64,
    ];

    /// The type that the elements of a tensor have in a file, and the elements themselves,
    /// little-endian.
    pub(crate) fn of(tensor: &Tensor<'_>) -> (Number, Vec<u8>) {
        match tensor.data() {
            Data::F32(v) => (Number::F32, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Data::F64(v) => (Number::F64, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Data::I32(v) => (Number::I32, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Data::U8(v) => (Number::U8, v.to_vec()),
            Data::Bool(v) => (Number::Bool, v.iter().map(|&x| u8::from(x)).collect()),
        }
    }

    /// The name as NumPy writes it: `int64`.
    pub fn name(self) -> &'static str {
        match self {
            Number::Bool => "bool",
            Number::I8 => "int8",
            Number::I16 => "int16",
            Number::I32 => "int32",
            Number::I64 => "int64",
            Number::U8 => "uint8",
            Number::U16 => "uint16",
            Number::U32 => "uint32",
            Number::U64 => "uint64",
            Number::F16 => "float16",
            Number::Bf16 => "bfloat16",
            Number::F32 => "float32",
            Number::F64 => "float64",
        }
    }

    /// Bytes of one number.
    pub fn size(self) -> usize {
        match self {
            Number::Bool | Number::I8 | Number::U8 => 1,
            Number::I16 | Number::U16 | Number::F16 | Number::Bf16 => 2,
            Number::I32 | Number::U32 | Number::F32 => 4,
            Number::I64 | Number::U64 | Number::F64 => 8,
        }
    }

    /// The numbers as a tensor. Errors: E034, one does not fit in `int32`; E012, their count does not match the shape.
    pub(crate) fn tensor(
        self,
        order: Endian,
        shape: Shape,
        bytes: &[u8],
    ) -> Result<Tensor<'static>> {
        match self {
            Number::Bool => {
                Tensor::new(shape, bytes.iter().map(|&byte| byte != 0).collect::<Vec<bool>>())
            }
            Number::U8 => Tensor::new(shape, bytes.to_vec()),
            Number::F16 => Tensor::new(shape, each(bytes, order, |x| half(u16::from_le_bytes(x)))),
            Number::Bf16 => {
                let widened = |[low, high]: [u8; 2]| f32::from_le_bytes([0, 0, low, high]);
                Tensor::new(shape, each(bytes, order, widened))
            }
            Number::F32 => Tensor::new(shape, each(bytes, order, f32::from_le_bytes)),
            Number::F64 => Tensor::new(shape, each(bytes, order, f64::from_le_bytes)),
            Number::I8
            | Number::I16
            | Number::I32
            | Number::I64
            | Number::U16
            | Number::U32
            | Number::U64 => {
                let narrow = |number: i128| i32::try_from(number).ok();
                let integers = self.whole(order, bytes, narrow).map_err(|(i, number)| {
                    damaged(not_an_i32(&number.to_string(), &index(shape, i))).fix(store_other())
                })?;
                Tensor::new(shape, integers)
            }
        }
    }

    /// The numbers as integers, `false` 0 and `true` 1.
    /// Errors (E034): they are floats, or one does not fit in a signed 64-bit number.
    pub(crate) fn integers(self, order: Endian, shape: Shape, bytes: &[u8]) -> Result<Vec<i64>> {
        match self {
            Number::F16 | Number::Bf16 | Number::F32 | Number::F64 => {
                Err(damaged(not_integers(self.name())))
            }
            _ => self
                .whole(order, bytes, |number| i64::try_from(number).ok())
                .map_err(|(i, number)| damaged(not_an_i64(&number.to_string(), &index(shape, i)))),
        }
    }

    /// Integers, each narrowed; otherwise the first that does not fit, with its index.
    fn whole<T>(
        self,
        order: Endian,
        bytes: &[u8],
        narrow: impl Fn(i128) -> Option<T>,
    ) -> Result<Vec<T>, (usize, i128)> {
        fn all<T, const N: usize>(
            bytes: &[u8],
            order: Endian,
            wide: impl Fn([u8; N]) -> i128,
            narrow: impl Fn(i128) -> Option<T>,
        ) -> Result<Vec<T>, (usize, i128)> {
            let mut numbers = Vec::with_capacity(bytes.len() / N);
            for (i, &number) in bytes.as_chunks::<N>().0.iter().enumerate() {
                let number = wide(little(number, order));
                numbers.push(narrow(number).ok_or((i, number))?);
            }
            Ok(numbers)
        }
        match self {
            Number::Bool => all(bytes, order, |[x]: [u8; 1]| (x != 0).into(), narrow),
            Number::I8 => all(bytes, order, |x| i8::from_le_bytes(x).into(), narrow),
            Number::I16 => all(bytes, order, |x| i16::from_le_bytes(x).into(), narrow),
            Number::I32 => all(bytes, order, |x| i32::from_le_bytes(x).into(), narrow),
            Number::I64 => all(bytes, order, |x| i64::from_le_bytes(x).into(), narrow),
            Number::U8 => all(bytes, order, |x| u8::from_le_bytes(x).into(), narrow),
            Number::U16 => all(bytes, order, |x| u16::from_le_bytes(x).into(), narrow),
            Number::U32 => all(bytes, order, |x| u32::from_le_bytes(x).into(), narrow),
            Number::U64 => all(bytes, order, |x| u64::from_le_bytes(x).into(), narrow),
            Number::F16 | Number::Bf16 | Number::F32 | Number::F64 => Ok(Vec::new()),
        }
    }
}

fn little<const N: usize>(mut number: [u8; N], order: Endian) -> [u8; N] {
    if order == Endian::Big {
        number.reverse();
    }
    number
}

fn each<T, const N: usize>(bytes: &[u8], order: Endian, from: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks().0.iter().map(|&number| from(little(number, order))).collect()
}

/// A float of 16 bits: sign, five bits of exponent, ten of fraction.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let (exponent, fraction) = (u32::from(bits >> 10 & 0x1F), u32::from(bits & 0x3FF));
    match exponent {
        // There is no implied one: the fraction counts steps of 2^-24.
        0 => f32::from_bits(sign | (fraction as f32 * 2f32.powi(-24)).to_bits()),
        31 => f32::from_bits(sign | 0xFF << 23 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

/// The position of an element as people write it: `[1, 0]`.
fn index(shape: Shape, mut element: usize) -> String {
    let mut place = vec![0; shape.rank()];
    for (place, &dim) in place.iter_mut().zip(shape.dims()).rev() {
        *place = element % dim.max(1);
        element /= dim.max(1);
    }
    format!("{place:?}")
}

neurona_core::messages! {
    fn not_an_i32(number: &str, place: &str) {
        en: "the number {number} at {place} does not fit in int32, from -2147483648 to 2147483647",
        es: "el número {number} en {place} no cabe en int32, de -2147483648 a 2147483647",
    }
    fn store_other() {
        en: "store these numbers as float64, or as smaller integers",
        es: "guarde esos números como float64, o como enteros menores",
    }
    fn not_integers(name: &str) {
        en: "its elements are {name}, not integers",
        es: "sus elementos son {name}, no enteros",
    }
    fn not_an_i64(number: &str, place: &str) {
        en: "the number {number} at {place} does not fit in int64",
        es: "el número {number} en {place} no cabe en int64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_what_their_formula_says() {
        for bits in 0..=u16::MAX {
            let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
            let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
            let want = sign
                * match exponent {
                    0 => fraction / 1024.0 * 2f64.powi(-14),
                    31 if fraction == 0.0 => f64::INFINITY,
                    31 => f64::NAN,
                    _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
                };
            let got = f64::from(half(bits));
            assert!(got == want || got.is_nan() && want.is_nan(), "{bits:04x}: {got}, not {want}");
            assert_eq!(got.is_sign_negative(), bits >> 15 == 1, "{bits:04x}");
        }
    }

    #[test]
    fn the_first_integer_that_does_not_fit_is_named_with_its_place() {
        let shape = Shape::new(&[2, 2]).unwrap();
        let numbers = [1, -5, 2_147_483_648_i64, -1 << 40].map(i64::to_le_bytes);
        let error = Number::I64.tensor(Endian::Little, shape, numbers.as_flattened()).unwrap_err();
        assert!(error.to_string().contains("2147483648 at [1, 0] does not fit"), "{error}");
        let fits = [1, -5, i64::from(i32::MAX), i64::from(i32::MIN)].map(i64::to_be_bytes);
        let tensor = Number::I64.tensor(Endian::Big, shape, fits.as_flattened()).unwrap();
        assert_eq!(tensor.as_slice::<i32>().unwrap(), [1, -5, i32::MAX, i32::MIN]);
        let large = [u64::MAX].map(u64::to_le_bytes);
        let error = Number::U64.integers(Endian::Little, Shape::SCALAR, large.as_flattened());
        assert!(error.unwrap_err().to_string().contains("18446744073709551615 at []"));
    }
}
