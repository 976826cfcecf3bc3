//! An array in an HDF5 file: numbers or texts, with a shape.

use super::texts;
use super::types::Type;
use crate::Number;
use crate::cursor::damaged;
use crate::number::Endian;
use neurona_core::error::{Code, Error, Result};
use neurona_core::tensor::{Shape, Tensor};
use std::borrow::Cow;

/// An array of numbers or of texts: the content of a dataset or of an attribute.
///
/// A value that was read borrows from the file's bytes until it is made into a tensor, integers or
/// texts.
// Boxed, because a file can have many: a B-tree keeps room for eleven.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<'a>(Box<Parts<'a>>);

#[derive(Clone, Debug, PartialEq)]
struct Parts<'a> {
    shape: Shape,
    elements: Elements<'a>,
}

/// As many elements as the shape has.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Elements<'a> {
    /// Little-endian.
    Numbers(Number, Cow<'a, [u8]>),
    /// This many bytes each, padded with zeros or spaces.
    Fixed(usize, Cow<'a, [u8]>),
    Texts(Vec<Cow<'a, str>>),
}

impl<'a> Value<'a> {
    /// The numbers of a tensor.
    pub fn numbers(tensor: &Tensor<'_>) -> Value<'static> {
        let (number, bytes) = Number::of(tensor);
        Value::of(tensor.shape(), Elements::Numbers(number, bytes.into()))
    }

    /// Numbers of a type, little-endian, in row-major order: for types that tensors do not have.
    /// Errors (E016): the number of bytes does not match the shape.
    ///
    /// ```
    /// use neurona_core::tensor::Shape;
    /// use neurona_formats::{Number, hdf5::Value};
    /// let step = Value::raw(Number::I64, Shape::SCALAR, 7i64.to_le_bytes().to_vec())?;
    /// assert_eq!(step.integers()?, [7]);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn raw(number: Number, shape: Shape, bytes: impl Into<Cow<'a, [u8]>>) -> Result<Value<'a>> {
        let (bytes, needs) = (bytes.into(), shape.elems() * number.size());
        if bytes.len() != needs {
            return Err(Error::new(Code::E016, texts::declares_more(needs, bytes.len())));
        }
        Ok(Value::of(shape, Elements::Numbers(number, bytes)))
    }

    /// One text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Value<'a> {
        Value::of(Shape::SCALAR, Elements::Texts(vec![text.into()]))
    }

    /// A list of texts.
    pub fn list(texts: Vec<Cow<'a, str>>) -> Value<'a> {
        // A list in memory is short enough for a shape.
        let shape = Shape::new(&[texts.len()]).unwrap_or(Shape::SCALAR);
        Value::of(shape, Elements::Texts(texts))
    }

    pub(super) fn of(shape: Shape, elements: Elements<'a>) -> Value<'a> {
        Value(Box::new(Parts { shape, elements }))
    }

    /// The shape: a scalar's for one number or one text.
    pub fn shape(&self) -> Shape {
        self.0.shape
    }

    /// The type of its numbers; `None` for texts.
    pub fn number(&self) -> Option<Number> {
        match self.0.elements {
            Elements::Numbers(number, _) => Some(number),
            Elements::Fixed(..) | Elements::Texts(_) => None,
        }
    }

    /// The numbers as they lie in the file: little-endian, in row-major order; `None` for texts.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        self.bytes().ok().map(|(_, bytes)| bytes)
    }

    /// The numbers as a tensor. Errors (E034): they are texts, or integers that do not fit in `int32`.
    pub fn to_tensor(&self) -> Result<Tensor<'static>> {
        let (number, bytes) = self.bytes()?;
        number.tensor(Endian::Little, self.0.shape, bytes)
    }

    /// The numbers as integers. Errors (E034): they are floats or texts, or do not fit in a signed
    /// 64-bit number.
    pub fn integers(&self) -> Result<Vec<i64>> {
        let (number, bytes) = self.bytes()?;
        number.integers(Endian::Little, self.0.shape, bytes)
    }

    fn bytes(&self) -> Result<(Number, &[u8])> {
        match &self.0.elements {
            Elements::Numbers(number, bytes) => Ok((*number, bytes)),
            Elements::Fixed(..) | Elements::Texts(_) => Err(damaged(texts::texts_not_numbers())),
        }
    }

    /// The texts, one or a list. An empty array of any type does not count as texts, because
    /// NumPy's empty list is one of numbers. Errors (E034): they are numbers, or not UTF-8.
    pub fn texts(&self) -> Result<Vec<Cow<'_, str>>> {
        match &self.0.elements {
            Elements::Numbers(_, bytes) if bytes.is_empty() => Ok(Vec::new()),
            Elements::Numbers(number, _) => Err(damaged(texts::numbers_not_texts(number.name()))),
            Elements::Fixed(size, bytes) => {
                let texts = bytes.chunks_exact(*size).map(|text| {
                    let end = text.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
                    std::str::from_utf8(&text[..end]).map(Cow::Borrowed)
                });
                texts.collect::<Result<_, _>>().map_err(|_| damaged(texts::not_utf8()))
            }
            Elements::Texts(texts) => Ok(texts.iter().map(|text| Cow::Borrowed(&**text)).collect()),
        }
    }

    pub(super) fn elements(&self) -> &Elements<'a> {
        &self.0.elements
    }

    /// How its elements are stored.
    pub(super) fn stored(&self) -> Type {
        match self.0.elements {
            Elements::Numbers(Number::Bf16, _) => Type::TwoBytes,
            Elements::Numbers(number, _) => Type::Number(number),
            Elements::Fixed(size, _) => Type::Fixed(size),
            Elements::Texts(_) => Type::Variable,
        }
    }
}
