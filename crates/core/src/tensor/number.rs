//! The number types of data, and the element types they become.

use super::Rows;
use super::tensor::Data;
use std::borrow::Cow;
use std::fmt;

/// A number type of data: `f32`, `f64`, `bool`, and integers of 8 to 64 bits.
///
/// Element types stay what they are. Other integers become `i32`, all of them or none: one that
/// does not fit is an error with its place, never another number.
///
/// ```
/// use neurona_core::tensor::{DType, ToTensor};
/// assert_eq!(vec![3i64, -1].to_tensor()?.dtype(), DType::I32);
/// let error = vec![3i64, 1 << 40].to_tensor().unwrap_err();
/// assert!(error.to_string().contains("1099511627776 at [1]"), "{error}");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that data can be made of",
    note = "data is made of f32, f64, bool, i8, i16, i32, i64, isize, u8, u16, u32, u64 and usize"
)]
pub trait Number:
    Copy + fmt::Debug + fmt::Display + Send + Sync + Rows<Number = Self> + sealed::Sealed + 'static
{
    /// The numbers as elements. Errors: the first that does not fit.
    fn elements(values: Cow<'_, [Self]>) -> Result<Data<'_>, Misfit>;
}

/// A number that does not fit in 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Where it is among the numbers.
    pub place: usize,
    /// What it is.
    pub value: i128,
}

mod sealed {
    pub trait Sealed {}
}

/// A number is a row without dimensions, and numbers one after the other are already laid out.
macro_rules! numbers {
    ($($type:ty: |$values:ident| $elements:expr;)*) => { $(
        impl sealed::Sealed for $type {}

        impl Number for $type {
            fn elements($values: Cow<'_, [Self]>) -> Result<Data<'_>, Misfit> {
                $elements
            }
        }

        impl Rows for $type {
            type Number = $type;

            fn dims(_: Option<&Self>, _: &mut Vec<usize>) {}

            fn append(&self, _: &[usize], to: &mut Vec<$type>) -> Result<(), super::Ragged> {
                to.push(*self);
                Ok(())
            }

            fn flat(rows: &[$type]) -> Option<&[$type]> {
                Some(rows)
            }

            fn into_flat(rows: Vec<$type>) -> Result<Vec<$type>, Vec<$type>> {
                Ok(rows)
            }
        }
    )* };
}

numbers! {
    f32: |values| Ok(Data::F32(values));
    f64: |values| Ok(Data::F64(values));
    u8: |values| Ok(Data::U8(values));
    i32: |values| Ok(Data::I32(values));
    bool: |values| Ok(Data::Bool(values));
    i8: |values| narrowed(&values, |x| x as i128);
    i16: |values| narrowed(&values, |x| x as i128);
    u16: |values| narrowed(&values, |x| x as i128);
    u32: |values| narrowed(&values, |x| x as i128);
    i64: |values| narrowed(&values, |x| x as i128);
    u64: |values| narrowed(&values, |x| x as i128);
    isize: |values| narrowed(&values, |x| x as i128);
    usize: |values| narrowed(&values, |x| x as i128);
}

fn narrowed<T: Copy>(values: &[T], wide: fn(T) -> i128) -> Result<Data<'static>, Misfit> {
    let mut all = Vec::with_capacity(values.len());
    for (place, &value) in values.iter().enumerate() {
        let value = wide(value);
        all.push(i32::try_from(value).map_err(|_| Misfit { place, value })?);
    }
    Ok(Data::I32(Cow::Owned(all)))
}
