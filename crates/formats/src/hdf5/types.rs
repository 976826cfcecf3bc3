//! HDF5's element types: how each is written, and the few that are read.

use super::texts;
use crate::Number;
use crate::cursor::Cursor;
use neurona_core::error::Result;

/// The type of the elements of a dataset or an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Number(Number),
    /// The first byte first: reversed when it is read.
    BigEndian(Number),
    /// Two bytes without a meaning: bfloat16, if the attribute `dtype` says so.
    TwoBytes,
    /// Texts of this many bytes each.
    Fixed(usize),
    /// Texts of any length: each element is 16 bytes that say where its text lies.
    Variable,
}

/// Length (4 bytes), address of a heap (8), number of the text in it (4).
pub(super) const REFERENCE: usize = 16;

impl Type {
    /// Bytes of one element.
    pub(super) fn size(self) -> usize {
        match self {
            Type::Number(number) | Type::BigEndian(number) => number.size(),
            Type::TwoBytes => 2,
            Type::Fixed(size) => size,
            Type::Variable => REFERENCE,
        }
    }

    /// The bytes of a datatype message of version 1.
    pub(super) fn encode(self) -> Vec<u8> {
        match self {
            // Written as tensors have them.
            Type::Number(number) | Type::BigEndian(number) => encode_number(number),
            // Opaque, with an empty tag.
            Type::TwoBytes => vec![0x15, 0, 0, 0, 2, 0, 0, 0],
            // Ends are filled with zeros.
            Type::Fixed(size) => [&[0x13, 0x01, 0, 0][..], &(size as u32).to_le_bytes()].concat(),
            // A sequence that is a text in UTF-8, of bytes.
            Type::Variable => {
                [&[0x19, 0x01, 0x01, 0, REFERENCE as u8, 0, 0, 0][..], &encode_number(Number::U8)]
                    .concat()
            }
        }
    }

    /// Reads a datatype message. Numbers must be what [`encode`](Type::encode) gives, except for
    /// the version.
    pub(super) fn decode(bytes: &[u8]) -> Result<Type> {
        let mut start = Cursor::new(bytes, 0);
        let (first, low, _) = (start.u8()?, start.u8()?, start.u16()?);
        let size = start.u32()? as usize;
        let (class, version) = (first & 15, first >> 4);
        if !(1..=5).contains(&version) {
            return Err(texts::unsupported(&texts::other_version("datatype", version.into())));
        }
        let known = Number::ALL.into_iter().find_map(|number| {
            let form = encode_number(number);
            let same = |low: u8, form: &[u8]| {
                class == form[0] & 15
                    && low == form[1]
                    && bytes.get(2..form.len()) == Some(&form[2..])
            };
            let enumeration = class == ENUMERATION && version > 2;
            // Bit 0 says which byte comes first.
            match low & 1 {
                _ if enumeration && number == Number::Bool => {
                    same(low, &newer_bool(bytes)).then_some(Type::Number(number))
                }
                1 if [INTEGER, FLOAT].contains(&class) => {
                    same(low & !1, &form).then_some(Type::BigEndian(number))
                }
                _ => same(low, &form).then_some(Type::Number(number)),
            }
        });
        match (known, class) {
            (Some(known), _) => Ok(known),
            (None, STRING) if size > 0 => Ok(Type::Fixed(size)),
            (None, OPAQUE) if size == 2 => Ok(Type::TwoBytes),
            (None, SEQUENCE) if low & 15 == 1 && size == REFERENCE => Ok(Type::Variable),
            _ => Err(texts::unsupported(&texts::other_class(class_name(class)))),
        }
    }
}

const INTEGER: u8 = 0;
const FLOAT: u8 = 1;
const STRING: u8 = 3;
const OPAQUE: u8 = 5;
const ENUMERATION: u8 = 8;
const SEQUENCE: u8 = 9;

/// The specification's names.
fn class_name(class: u8) -> &'static str {
    match class {
        INTEGER => "fixed-point (another size or order)",
        FLOAT => "floating-point (another size or order)",
        2 => "time",
        STRING => "string (of no length)",
        4 => "bitfield",
        OPAQUE => "opaque",
        6 => "compound",
        7 => "reference",
        ENUMERATION => "enumeration (other than h5py's bool)",
        SEQUENCE => "variable-length (other than text)",
        10 => "array",
        _ => "unknown",
    }
}

fn encode_number(number: Number) -> Vec<u8> {
    match number {
        Number::Bool => {
            // An enumeration of two names over signed bytes, as in h5py.
            let base = integer(1, true);
            [&[0x18, 2, 0, 0, 1, 0, 0, 0][..], &base, b"FALSE\0\0\0TRUE\0\0\0\0", &[0, 1]].concat()
        }
        Number::I8 => integer(1, true),
        Number::I16 => integer(2, true),
        Number::I32 => integer(4, true),
        Number::I64 => integer(8, true),
        Number::U8 => integer(1, false),
        Number::U16 => integer(2, false),
        Number::U32 => integer(4, false),
        Number::U64 => integer(8, false),
        Number::F16 => float(2, 10, 15),
        Number::Bf16 => float(2, 7, 127),
        Number::F32 => float(4, 23, 127),
        Number::F64 => float(8, 52, 1023),
    }
}

/// The truth values of version 3, which does not pad names. The version of the elements' type,
/// which is among the bytes, does not matter.
fn newer_bool(bytes: &[u8]) -> Vec<u8> {
    let mut base = integer(1, true);
    base[0] = bytes.get(8).map_or(0, |first| first & 0xF0) | INTEGER;
    [&[0x38, 2, 0, 0, 1, 0, 0, 0][..], &base, b"FALSE\0TRUE\0", &[0, 1]].concat()
}

/// Little-endian, two's complement, all bits in use.
fn integer(size: u8, signed: bool) -> Vec<u8> {
    vec![0x10 | INTEGER, if signed { 8 } else { 0 }, 0, 0, size, 0, 0, 0, 0, 0, size * 8, 0]
}

/// Little-endian, the first bit of the fraction implied: sign, exponent, fraction without gaps.
fn float(size: u8, fraction: u8, bias: u16) -> Vec<u8> {
    let bits = size * 8;
    let [low, high] = bias.to_le_bytes();
    let start = [0x10 | FLOAT, 0x20, bits - 1, 0, size, 0, 0, 0, 0, 0, bits, 0];
    [&start[..], &[fraction, bits - 1 - fraction, 0, fraction, low, high, 0, 0]].concat()
}
