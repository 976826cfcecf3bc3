//! Tensors: a shape and its elements, owned or borrowed.

use super::{DType, Element, Number, Shape};
use crate::error::{Code, Error, Result};
use ndarray::{ArrayD, ArrayViewD, IxDyn};
use std::borrow::Cow;
use std::ops::ControlFlow;

/// The elements of a tensor, in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub enum Data<'a> {
    /// 32-bit floats.
    F32(Cow<'a, [f32]>),
    /// 64-bit floats.
    F64(Cow<'a, [f64]>),
    /// Bytes.
    U8(Cow<'a, [u8]>),
    /// Integers.
    I32(Cow<'a, [i32]>),
    /// Truth values.
    Bool(Cow<'a, [bool]>),
}

/// How many elements are looked at together: few enough for the nearest cache.
const PIECE: usize = 1024;

/// A shape and its elements. Borrowed from an array (`Tensor<'a>`) or owning them (`Tensor<'static>`).
///
/// ```
/// use ndarray::array;
/// use neurona_core::tensor::{Tensor, ToTensor};
///
/// let a = array![[1.0f32, 2.0], [3.0, 4.0]];
/// let tensor = (&a).to_tensor()?;                       // no copy
/// assert_eq!(tensor.shape().dims(), [2, 2]);
/// assert_eq!(tensor.view::<f32>()?[[1, 0]], 3.0);       // no copy either
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<'a> {
    shape: Shape,
    data: Data<'a>,
}

impl<'a> Tensor<'a> {
    /// A tensor of numbers in row-major order, owned (`Vec`) or borrowed (slice).
    /// Errors: E012 their count does not match the shape; E022 an integer does not fit in 32 bits.
    pub fn new<T: Number>(shape: Shape, values: impl Into<Cow<'a, [T]>>) -> Result<Tensor<'a>> {
        let values = values.into();
        if values.len() != shape.elems() {
            return Err(Error::new(Code::E012, wrong_count(shape, shape.elems(), values.len())));
        }
        // Only numbers that have to be converted can be refused, and they are still there to be
        // shown.
        let shown = |place: usize| {
            let strides = &shape.strides()[..shape.rank()];
            let index = strides.iter().zip(shape.dims()).map(|(stride, dim)| place / stride % dim);
            format!("{:?}", index.collect::<Vec<usize>>())
        };
        match T::elements(values) {
            Ok(data) => Ok(Tensor { shape, data }),
            Err(misfit) => {
                let text = too_large(&misfit.value.to_string(), &shown(misfit.place));
                Err(Error::new(Code::E022, text).fix(floats_or_classes()))
            }
        }
    }

    /// The shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The elements.
    pub fn data(&self) -> &Data<'a> {
        &self.data
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        match &self.data {
            Data::F32(_) => DType::F32,
            Data::F64(_) => DType::F64,
            Data::U8(_) => DType::U8,
            Data::I32(_) => DType::I32,
            Data::Bool(_) => DType::Bool,
        }
    }

    /// How many rows: the size of the first dimension, 1 for a scalar.
    pub fn rows(&self) -> usize {
        self.shape.dims().first().copied().unwrap_or(1)
    }

    /// The elements, in row-major order. Errors (E012): they are of another type.
    pub fn as_slice<T: Element>(&self) -> Result<&[T]> {
        T::unwrap(&self.data).ok_or_else(|| self.not::<T>())
    }

    /// The tensor as an `ndarray` view, without a copy. Errors (E012): the elements are of another type.
    pub fn view<T: Element>(&self) -> Result<ArrayViewD<'_, T>> {
        let values = self.as_slice::<T>()?;
        ArrayViewD::from_shape(IxDyn(self.shape.dims()), values).map_err(|_| {
            Error::new(Code::E012, wrong_count(self.shape, self.shape.elems(), values.len()))
        })
    }

    /// The tensor as an owned `ndarray`, without a copy if it owns its elements.
    /// Errors (E012): they are of another type.
    pub fn into_array<T: Element>(self) -> Result<ArrayD<T>> {
        let (shape, error) = (self.shape, self.not::<T>());
        let values = T::into_vec(self.data).ok_or(error)?;
        let count = values.len();
        ArrayD::from_shape_vec(IxDyn(shape.dims()), values)
            .map_err(|_| Error::new(Code::E012, wrong_count(shape, shape.elems(), count)))
    }

    /// The elements as 64-bit floats: the numbers they are, `false` 0 and `true` 1.
    pub fn to_f64(&self) -> Vec<f64> {
        match &self.data {
            Data::F32(v) => v.iter().map(|&x| x.into()).collect(),
            Data::F64(v) => v.to_vec(),
            Data::U8(v) => v.iter().map(|&x| x.into()).collect(),
            Data::I32(v) => v.iter().map(|&x| x.into()).collect(),
            Data::Bool(v) => v.iter().map(|&x| f64::from(u8::from(x))).collect(),
        }
    }

    /// Goes through the elements as 64-bit floats, a few at a time, without copying all of them:
    /// `look` is given the position of the first of them, and their numbers. The value it breaks
    /// with is the result.
    ///
    /// ```
    /// use neurona_core::tensor::ToTensor;
    /// use std::ops::ControlFlow;
    /// let mut sum = 0.0;
    /// let array = ndarray::array![[1u8, 2], [3, 4]];
    /// (&array).to_tensor()?.scan::<()>(|_, some| {
    ///     sum += some.iter().sum::<f64>();
    ///     ControlFlow::Continue(())
    /// });
    /// assert_eq!(sum, 10.0);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn scan<B>(&self, mut look: impl FnMut(usize, &[f64]) -> ControlFlow<B>) -> Option<B> {
        fn pieces<T: Copy, B>(
            values: &[T],
            number: impl Fn(T) -> f64,
            look: &mut impl FnMut(usize, &[f64]) -> ControlFlow<B>,
        ) -> Option<B> {
            let mut buffer = [0.0; PIECE];
            for (i, some) in values.chunks(PIECE).enumerate() {
                let piece = &mut buffer[..some.len()];
                piece.iter_mut().zip(some).for_each(|(to, x)| *to = number(*x));
                if let ControlFlow::Break(found) = look(i * PIECE, piece) {
                    return Some(found);
                }
            }
            None
        }
        match &self.data {
            Data::F32(v) => pieces(v, f64::from, &mut look),
            Data::F64(v) => pieces(v, |x| x, &mut look),
            Data::U8(v) => pieces(v, f64::from, &mut look),
            Data::I32(v) => pieces(v, f64::from, &mut look),
            Data::Bool(v) => pieces(v, |x| f64::from(u8::from(x)), &mut look),
        }
    }

    /// The first element that satisfies a condition: its position in row-major order, and its
    /// number.
    pub fn find(&self, is_wanted: impl Fn(f64) -> bool) -> Option<(usize, f64)> {
        self.scan(|first, some| {
            // The common case in one pass, which the compiler can vectorize.
            if !some.iter().fold(false, |any, &x| any | is_wanted(x)) {
                return ControlFlow::Continue(());
            }
            match some.iter().position(|&x| is_wanted(x)) {
                Some(at) => ControlFlow::Break((first + at, some[at])),
                None => ControlFlow::Continue(()),
            }
        })
    }

    /// How many elements satisfy a condition.
    pub fn count(&self, is_wanted: impl Fn(f64) -> bool) -> usize {
        let mut count = 0;
        self.scan::<()>(|_, some| {
            count += some.iter().filter(|&&x| is_wanted(x)).count();
            ControlFlow::Continue(())
        });
        count
    }

    /// The same elements in another shape. Errors (E012): the shape has a different number of
    /// elements.
    ///
    /// ```
    /// use neurona_core::tensor::{Shape, ToTensor};
    /// let column = ndarray::array![1u8, 2, 3].to_tensor()?.reshaped(Shape::new(&[3, 1])?)?;
    /// assert_eq!(column.shape().dims(), [3, 1]);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn reshaped(self, shape: Shape) -> Result<Tensor<'a>> {
        if shape.elems() != self.shape.elems() {
            let text = wrong_count(shape, shape.elems(), self.shape.elems());
            return Err(Error::new(Code::E012, text));
        }
        Ok(Tensor { shape, ..self })
    }

    /// The same tensor, borrowing from this one.
    pub fn borrow(&self) -> Tensor<'_> {
        let data = match &self.data {
            Data::F32(v) => Data::F32(Cow::Borrowed(v)),
            Data::F64(v) => Data::F64(Cow::Borrowed(v)),
            Data::U8(v) => Data::U8(Cow::Borrowed(v)),
            Data::I32(v) => Data::I32(Cow::Borrowed(v)),
            Data::Bool(v) => Data::Bool(Cow::Borrowed(v)),
        };
        Tensor { shape: self.shape, data }
    }

    /// Rows `from..to` along the first dimension, without a copy. The range must lie inside.
    pub fn slice_rows(&self, from: usize, to: usize) -> Tensor<'_> {
        fn cut<T: Element>(v: &[T], width: usize, from: usize, to: usize) -> Data<'_> {
            T::wrap(Cow::Borrowed(&v[from * width..to * width]))
        }
        let width = self.shape.dims().iter().skip(1).product();
        let data = match &self.data {
            Data::F32(v) => cut(v, width, from, to),
            Data::F64(v) => cut(v, width, from, to),
            Data::U8(v) => cut(v, width, from, to),
            Data::I32(v) => cut(v, width, from, to),
            Data::Bool(v) => cut(v, width, from, to),
        };
        Tensor { shape: self.shape.with(0, to - from), data }
    }

    /// Tensors of one shape as the rows of another tensor: NumPy's `stack`. An empty list has no
    /// shape, so it is refused. Errors (E012): one has a different shape or type than the first.
    ///
    /// ```
    /// use ndarray::array;
    /// use neurona_core::tensor::{Tensor, ToTensor};
    /// let (a, b) = (array![1u8, 2, 3], array![4u8, 5, 6]);
    /// let rows = Tensor::stack(&[(&a).to_tensor()?, (&b).to_tensor()?])?;
    /// assert_eq!(rows.view::<u8>()?, array![[1u8, 2, 3], [4, 5, 6]].into_dyn());
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn stack(tensors: &[Tensor<'_>]) -> Result<Tensor<'static>> {
        fn joined<T: Element>(tensors: &[Tensor<'_>], shape: Shape) -> Result<Tensor<'static>> {
            let mut values = Vec::with_capacity(shape.elems());
            for tensor in tensors {
                values.extend_from_slice(tensor.as_slice::<T>()?);
            }
            Tensor::new(shape, values)
        }
        let Some(first) = tensors.first() else {
            return Tensor::new(Shape::new(&[0])?, Vec::<f32>::new());
        };
        let unlike_first = |t: &&Tensor<'_>| t.shape != first.shape || t.dtype() != first.dtype();
        if let Some(i) = tensors.iter().position(|t| unlike_first(&t)) {
            let (other, dtype) = (&tensors[i], first.dtype().name());
            let text = unlike(i + 1, other.dtype().name(), other.shape, dtype, first.shape);
            return Err(Error::new(Code::E012, text));
        }
        let shape = Shape::new(&[&[tensors.len()], first.shape.dims()].concat())?;
        match first.dtype() {
            DType::F32 => joined::<f32>(tensors, shape),
            DType::F64 => joined::<f64>(tensors, shape),
            DType::U8 => joined::<u8>(tensors, shape),
            DType::I32 => joined::<i32>(tensors, shape),
            DType::Bool => joined::<bool>(tensors, shape),
        }
    }

    fn not<T: Element>(&self) -> Error {
        Error::new(Code::E012, wrong_dtype(self.dtype().name(), T::DTYPE.name()))
    }
}

/// Anything that can be read as a tensor: arrays and views of `ndarray`, `Vec`s, slices and arrays
/// of [rows](super::Rows), tensors; without a copy if elements lie in row-major order and have one
/// of a tensor's [types](DType).
///
/// ```
/// use neurona_core::tensor::{Shape, ToTensor};
/// let shape = [[0.0f32, 1.0, 2.0], [3.0, 4.0, 5.0]].to_tensor()?.shape();
/// assert_eq!(shape, Shape::new(&[2, 3])?);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not data that a model can read",
    label = "neither an array nor rows of numbers",
    note = "data is an array or a view of ndarray 0.17, or a `Vec`, slice or array of numbers or of rows \
            (`Vec<Vec<f32>>`, `[[f32; 4]; 100]`), by value or by reference",
    note = "for an iterator of rows write `Tensor::from_rows(rows)?`, for a flat slice with a shape \
            `Tensor::from_slice(&values, [rows, columns])?`",
    note = "arrays of another version of `ndarray` are other types: depend on the same version, or use \
            `neurona::prelude::ndarray`"
)]
pub trait ToTensor<'a> {
    /// The tensor. Errors: E012 more than eight dimensions, or rows that differ; E022 an integer does not fit in 32 bits.
    fn to_tensor(self) -> Result<Tensor<'a>>;
}

impl<'a> ToTensor<'a> for Tensor<'a> {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        Ok(self)
    }
}

impl<'a> ToTensor<'a> for &'a Tensor<'_> {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        Ok(self.borrow())
    }
}

/// One tensor or several: what models with several inputs or outputs take.
///
/// ```
/// use ndarray::array;
/// use neurona_core::tensor::ToTensors;
/// let (a, b) = (array![[1.0f32], [2.0]], array![[1u8, 2], [3, 4]]);
/// assert_eq!((&a).to_tensors()?.len(), 1);
/// assert_eq!((&a, &b).to_tensors()?.len(), 2);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not data that a model can read",
    label = "neither an array, nor rows of numbers, nor a tuple of them",
    note = "data is an array or a view of ndarray 0.17, or a `Vec`, slice or array of numbers or of rows \
            (`Vec<Vec<f32>>`, `[[f32; 4]; 100]`), by value or by reference; a tuple has one for each input",
    note = "for an iterator of rows write `Tensor::from_rows(rows)?`, for a flat slice with a shape \
            `Tensor::from_slice(&values, [rows, columns])?`",
    note = "arrays of another version of `ndarray` are other types: depend on the same version, or use \
            `neurona::prelude::ndarray`"
)]
pub trait ToTensors<'a> {
    /// The tensors. Errors: as in [`ToTensor::to_tensor`].
    fn to_tensors(self) -> Result<Vec<Tensor<'a>>>;
}

impl<'a, T: ToTensor<'a>> ToTensors<'a> for T {
    fn to_tensors(self) -> Result<Vec<Tensor<'a>>> {
        Ok(vec![self.to_tensor()?])
    }
}

impl<'a> ToTensors<'a> for Vec<Tensor<'a>> {
    fn to_tensors(self) -> Result<Vec<Tensor<'a>>> {
        Ok(self)
    }
}

macro_rules! tuples_to_tensors {
    ($(($($name:ident $value:ident),+)),+) => { $(
        impl<'a, $($name: ToTensor<'a>),+> ToTensors<'a> for ($($name,)+) {
            fn to_tensors(self) -> Result<Vec<Tensor<'a>>> {
                let ($($value,)+) = self;
                Ok(vec![$($value.to_tensor()?),+])
            }
        }
    )+ };
}
tuples_to_tensors!((A a, B b), (A a, B b, C c), (A a, B b, C c, D d), (A a, B b, C c, D d, E e));

crate::messages! {
    fn wrong_count(shape: Shape, needs: usize, has: usize) {
        en: "shape {shape} needs {needs} elements, but {has} were given",
        es: "la forma {shape} necesita {needs} elementos, pero se dieron {has}",
    }

    fn wrong_dtype(has: &str, wants: &str) {
        en: "the elements are {has}, not {wants}",
        es: "los elementos son {has}, no {wants}",
    }

    fn unlike(number: usize, dtype: &str, shape: Shape, first_dtype: &str, first_shape: Shape) {
        en: "number {number} is {dtype} of shape {shape}, but the first is {first_dtype} of shape {first_shape}",
        es: "el número {number} es {dtype} de forma {shape}, pero el primero es {first_dtype} de forma {first_shape}",
    }

    fn too_large(value: &str, place: &str) {
        en: "the number {value} at {place} does not fit in 32 bits, which whole numbers have here (-2147483648 to 2147483647)",
        es: "el número {value} en {place} no cabe en 32 bits, que es lo que aquí tienen los números enteros (-2147483648 a 2147483647)",
    }

    fn floats_or_classes() {
        en: "if they are measurements, give them as f32 or f64; if they name classes or rows, number these from 0",
        es: "si son mediciones, délas como f32 o f64; si identifican clases o filas, numérelas desde 0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Axis, arr0, array};

    #[test]
    fn contiguous_arrays_are_not_copied_and_others_are_reordered() {
        let a = array![[1.0f32, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let tensor = (&a).to_tensor().unwrap();
        assert_eq!(tensor.as_slice::<f32>().unwrap().as_ptr(), a.as_ptr());
        assert_eq!(tensor.view::<f32>().unwrap().as_ptr(), a.as_ptr());
        let row = a.index_axis(Axis(0), 1);
        assert_eq!((&row).to_tensor().unwrap().as_slice::<f32>().unwrap().as_ptr(), row.as_ptr());
        let transposed = a.t();
        let tensor = (&transposed).to_tensor().unwrap();
        assert_eq!(tensor.as_slice::<f32>().unwrap(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    }

    #[test]
    fn scalars_and_empty_tensors_are_legal() {
        assert_eq!((&arr0(3u8)).to_tensor().unwrap().shape(), Shape::SCALAR);
        let empty = Array2::<i32>::zeros((0, 3));
        let tensor = (&empty).to_tensor().unwrap();
        assert_eq!((tensor.rows(), tensor.shape().elems()), (0, 0));
        assert_eq!(tensor.into_array::<i32>().unwrap().shape(), [0, 3]);
    }

    #[test]
    fn a_wrong_count_or_type_is_an_error() {
        let shape = Shape::new(&[2, 2]).unwrap();
        let error = Tensor::new(shape, vec![1.0f32]).unwrap_err();
        assert!(error.to_string().contains("needs 4 elements, but 1 were given"), "{error}");
        let error = Tensor::new(shape, vec![1u8; 4]).unwrap().as_slice::<f32>().unwrap_err();
        assert!(error.to_string().contains("uint8, not float32"), "{error}");
    }
}
