//! Element types.

use super::Number;
use super::tensor::Data;
use std::borrow::Cow;
use std::fmt;

/// The type of a tensor's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DType {
    /// 32-bit floating point; in a graph, the working precision.
    F32,
    /// 64-bit floating point.
    F64,
    /// Bytes: pixels, small labels.
    U8,
    /// 32-bit signed integers: labels, counts.
    I32,
    /// True or false.
    Bool,
}

impl DType {
    /// Every element type.
    pub const ALL: [DType; 5] = [DType::F32, DType::F64, DType::U8, DType::I32, DType::Bool];

    /// The name as NumPy writes it: `float32`.
    pub fn name(self) -> &'static str {
        match self {
            DType::F32 => "float32",
            DType::F64 => "float64",
            DType::U8 => "uint8",
            DType::I32 => "int32",
            DType::Bool => "bool",
        }
    }

    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            DType::F32 | DType::I32 => 4,
            DType::F64 => 8,
            DType::U8 | DType::Bool => 1,
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A Rust type that is an element of tensors: `f32`, `f64`, `u8`, `i32`, `bool`.
pub trait Element: Number + Default + PartialEq + sealed::Sealed {
    /// The element type it is.
    const DTYPE: DType;
    /// Wraps elements as data.
    fn wrap(values: Cow<'_, [Self]>) -> Data<'_>;
    /// The elements of data of this type.
    fn unwrap<'d>(data: &'d Data<'_>) -> Option<&'d [Self]>;
    /// The elements of data of this type, owned.
    fn into_vec(data: Data<'_>) -> Option<Vec<Self>>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! elements {
    ($($type:ty => $dtype:ident),*) => { $(
        impl sealed::Sealed for $type {}
        impl Element for $type {
            const DTYPE: DType = DType::$dtype;
            fn wrap(values: Cow<'_, [Self]>) -> Data<'_> {
                Data::$dtype(values)
            }
            fn unwrap<'d>(data: &'d Data<'_>) -> Option<&'d [Self]> {
                if let Data::$dtype(values) = data { Some(values) } else { None }
            }
            fn into_vec(data: Data<'_>) -> Option<Vec<Self>> {
                if let Data::$dtype(values) = data { Some(values.into_owned()) } else { None }
            }
        }
    )* };
}
elements!(f32 => F32, f64 => F64, u8 => U8, i32 => I32, bool => Bool);
