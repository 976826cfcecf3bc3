//! Data as people have them, read as tensors: arrays, views, vectors, slices, and rows of them.

use super::{Number, Shape, Tensor, ToTensor};
use crate::error::{Code, Error, Result};
use ndarray::{Array, ArrayBase, ArrayRef, ArrayView, Data as NdData, Dimension};

/// Anything that can be one row of data: a number, or a `Vec`, slice, array of rows, or an array of
/// `ndarray`.
///
/// So a `Vec<Vec<f32>>` has rows of rows: two dimensions. All rows must have the same shape.
///
/// ```
/// use neurona_core::tensor::ToTensor;
/// let table = vec![vec![1.0f32, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]];
/// assert_eq!((&table).to_tensor()?.shape().dims(), [3, 2]);
/// let ragged = vec![vec![1.0f32, 2.0], vec![3.0]];
/// let error = ragged.to_tensor().unwrap_err();
/// assert!(error.to_string().starts_with("E012 row 1: it has 1 numbers, but the first row has 2"), "{error}");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row of numbers",
    label = "neither a number nor rows of numbers",
    note = "rows are numbers (f32, f64, bool, integers of 8 to 64 bits), or `Vec`s, slices, arrays and \
            `ndarray` arrays of them"
)]
pub trait Rows {
    /// The number type it is made of.
    type Number: Number;

    /// Adds the dimensions of one row to `dims`: 0 where there is no row to look at.
    fn dims(one: Option<&Self>, dims: &mut Vec<usize>);

    /// Adds its numbers to others. Errors: it does not have these dimensions.
    fn append(&self, dims: &[usize], to: &mut Vec<Self::Number>) -> Result<(), Ragged>;

    /// All numbers of rows, if they already lie one after the other.
    fn flat(rows: &[Self]) -> Option<&[Self::Number]>
    where
        Self: Sized,
    {
        _ = rows;
        None
    }

    /// The same for rows that are owned; otherwise the rows themselves.
    fn into_flat(rows: Vec<Self>) -> Result<Vec<Self::Number>, Vec<Self>>
    where
        Self: Sized,
    {
        Err(rows)
    }
}

/// A row that is not as long as the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ragged {
    /// Where it is, dimension by dimension, the innermost first.
    place: Vec<usize>,
    has: Vec<usize>,
    wants: Vec<usize>,
}

impl Ragged {
    fn inside(mut self, row: usize) -> Ragged {
        self.place.push(row);
        self
    }

    fn error(&self) -> Error {
        let text = match (&self.has[..], &self.wants[..]) {
            ([has], [wants]) => uneven(*has, *wants),
            (has, wants) => unlike(&format!("{has:?}"), &format!("{wants:?}")),
        };
        let place: Vec<String> = self.place.iter().rev().map(usize::to_string).collect();
        let row = match &place[..] {
            [row] => format!("row {row}"),
            several => format!("row [{}]", several.join(", ")),
        };
        Error::new(Code::E012, text).at(row).fix(complete_rows())
    }
}

fn append_all<R: Rows>(rows: &[R], dims: &[usize], to: &mut Vec<R::Number>) -> Result<(), Ragged> {
    let mut rows = rows.iter().enumerate();
    rows.try_for_each(|(i, row)| row.append(dims, to).map_err(|ragged| ragged.inside(i)))
}

impl<R: Rows> Rows for [R] {
    type Number = R::Number;

    fn dims(one: Option<&[R]>, dims: &mut Vec<usize>) {
        dims.push(one.map_or(0, <[R]>::len));
        R::dims(one.and_then(|one| one.first()), dims);
    }

    fn append(&self, dims: &[usize], to: &mut Vec<R::Number>) -> Result<(), Ragged> {
        match dims.split_first() {
            Some((&length, inner)) if length == self.len() => append_all(self, inner, to),
            _ => Err(Ragged {
                place: Vec::new(),
                has: vec![self.len()],
                wants: dims.iter().take(1).copied().collect(),
            }),
        }
    }
}

impl<R: Rows> Rows for Vec<R> {
    type Number = R::Number;

    fn dims(one: Option<&Vec<R>>, dims: &mut Vec<usize>) {
        <[R]>::dims(one.map(Vec::as_slice), dims);
    }

    fn append(&self, dims: &[usize], to: &mut Vec<R::Number>) -> Result<(), Ragged> {
        self.as_slice().append(dims, to)
    }
}

impl<R: Rows, const N: usize> Rows for [R; N] {
    type Number = R::Number;

    fn dims(one: Option<&[R; N]>, dims: &mut Vec<usize>) {
        dims.push(N);
        R::dims(one.and_then(|one| one.first()), dims);
    }

    fn append(&self, dims: &[usize], to: &mut Vec<R::Number>) -> Result<(), Ragged> {
        self.as_slice().append(dims, to)
    }

    fn flat(rows: &[[R; N]]) -> Option<&[R::Number]> {
        R::flat(rows.as_flattened())
    }
}

impl<R: Rows + ?Sized> Rows for &R {
    type Number = R::Number;

    fn dims(one: Option<&Self>, dims: &mut Vec<usize>) {
        R::dims(one.copied(), dims);
    }

    fn append(&self, dims: &[usize], to: &mut Vec<R::Number>) -> Result<(), Ragged> {
        (**self).append(dims, to)
    }
}

impl<T: Number, S: NdData<Elem = T>, D: Dimension> Rows for ArrayBase<S, D> {
    type Number = T;

    fn dims(one: Option<&Self>, dims: &mut Vec<usize>) {
        match one {
            Some(array) => dims.extend(array.shape()),
            None => dims.extend(vec![0; D::NDIM.unwrap_or(0)]),
        }
    }

    fn append(&self, dims: &[usize], to: &mut Vec<T>) -> Result<(), Ragged> {
        if self.shape() != dims {
            let (has, wants) = (self.shape().to_vec(), dims.to_vec());
            return Err(Ragged { place: Vec::new(), has, wants });
        }
        to.extend(self.iter());
        Ok(())
    }
}

/// The shape of rows: their number, and the shape of the first, which each must have.
fn shape_of<R: Rows>(rows: &[R]) -> Result<Shape> {
    let mut dims = vec![rows.len()];
    R::dims(rows.first(), &mut dims);
    Shape::new(&dims)
}

fn of_slice<R: Rows>(rows: &[R]) -> Result<Tensor<'_>> {
    let shape = shape_of(rows)?;
    match R::flat(rows) {
        Some(values) => Tensor::new(shape, values),
        None => gathered(shape, rows),
    }
}

fn of_vec<R: Rows>(rows: Vec<R>) -> Result<Tensor<'static>> {
    let shape = shape_of(&rows)?;
    match R::into_flat(rows) {
        Ok(values) => Tensor::new(shape, values),
        Err(rows) => gathered(shape, &rows),
    }
}

fn gathered<R: Rows>(shape: Shape, rows: &[R]) -> Result<Tensor<'static>> {
    let mut values = Vec::with_capacity(shape.elems());
    append_all(rows, &shape.dims()[1..], &mut values).map_err(|ragged| ragged.error())?;
    Tensor::new(shape, values)
}

impl<'a> Tensor<'a> {
    /// Numbers in row-major order, as rows of this shape: without a copy. Errors: E012 there are
    /// more or fewer than the shape needs; E022 an integer does not fit in 32 bits.
    ///
    /// ```
    /// use neurona_core::tensor::Tensor;
    /// let pixels = [0.0f32, 0.5, 1.0, 0.5, 0.0, 0.5];
    /// let two_rows = Tensor::from_slice(&pixels, [2, 3])?;
    /// assert_eq!(two_rows.view::<f32>()?[[1, 0]], 0.5);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn from_slice<T: Number>(
        values: &'a [T],
        shape: impl AsRef<[usize]>,
    ) -> Result<Tensor<'a>> {
        Tensor::new(Shape::new(shape.as_ref())?, values)
    }
}

impl Tensor<'static> {
    /// The same for numbers that it takes over. Errors: as in [`from_slice`](Tensor::from_slice).
    ///
    /// ```
    /// use neurona_core::tensor::Tensor;
    /// assert_eq!(Tensor::from_vec(vec![0u8; 12], [3, 2, 2])?.rows(), 3);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn from_vec<T: Number>(
        values: Vec<T>,
        shape: impl AsRef<[usize]>,
    ) -> Result<Tensor<'static>> {
        Tensor::new(Shape::new(shape.as_ref())?, values)
    }

    /// The rows that an iterator gives. Errors: E012 a row is not like the first, with its number;
    /// E022 an integer does not fit in 32 bits.
    ///
    /// ```
    /// use neurona_core::tensor::Tensor;
    /// let lines = "1,2\n3,4\n5,6".lines();
    /// let rows = lines.map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect());
    /// let x = Tensor::from_rows::<Vec<f32>>(rows)?;
    /// assert_eq!(x.shape().dims(), [3, 2]);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn from_rows<R: Rows>(rows: impl IntoIterator<Item = R>) -> Result<Tensor<'static>> {
        of_vec(rows.into_iter().collect())
    }
}

impl<'a, T: Number, D: Dimension> ToTensor<'a> for &'a ArrayRef<T, D> {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        let shape = Shape::new(self.shape())?;
        match self.as_slice() {
            Some(values) => Tensor::new(shape, values),
            // If it is not in row-major order, one copy that is.
            None => Tensor::new(shape, self.iter().copied().collect::<Vec<T>>()),
        }
    }
}

impl<'a, T: Number, S: NdData<Elem = T>, D: Dimension> ToTensor<'a> for &'a ArrayBase<S, D> {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        let array: &'a ArrayRef<T, D> = self;
        array.to_tensor()
    }
}

impl<'a, T: Number, D: Dimension> ToTensor<'a> for ArrayView<'a, T, D> {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        let shape = Shape::new(self.shape())?;
        match self.to_slice() {
            Some(values) => Tensor::new(shape, values),
            None => Tensor::new(shape, self.iter().copied().collect::<Vec<T>>()),
        }
    }
}

impl<'a, T: Number, D: Dimension> ToTensor<'a> for Array<T, D> {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        let shape = Shape::new(self.shape())?;
        if !self.is_standard_layout() {
            return Tensor::new(shape, self.iter().copied().collect::<Vec<T>>());
        }
        // If the array was sliced, it is a part of a larger block.
        let (mut values, first) = self.into_raw_vec_and_offset();
        values.drain(..first.unwrap_or(0));
        values.truncate(shape.elems());
        Tensor::new(shape, values)
    }
}

impl<'a, R: Rows> ToTensor<'a> for Vec<R> {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        of_vec(self)
    }
}

impl<'a, R: Rows> ToTensor<'a> for &'a Vec<R> {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        of_slice(self)
    }
}

impl<'a, R: Rows> ToTensor<'a> for &'a [R] {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        of_slice(self)
    }
}

impl<'a, R: Rows, const N: usize> ToTensor<'a> for &'a [R; N] {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        of_slice(self)
    }
}

impl<'a, R: Rows, const N: usize> ToTensor<'a> for [R; N] {
    fn to_tensor(self) -> Result<Tensor<'a>> {
        of_vec(Vec::from(self))
    }
}

crate::messages! {
    fn uneven(has: usize, wants: usize) {
        en: "it has {has} numbers, but the first row has {wants}",
        es: "tiene {has} números, pero la primera fila tiene {wants}",
    }

    fn unlike(has: &str, wants: &str) {
        en: "it has shape {has}, but the first row has shape {wants}",
        es: "tiene forma {has}, pero la primera fila tiene forma {wants}",
    }

    fn complete_rows() {
        en: "give every row the same number of values: complete the short rows or leave them out",
        es: "dé a todas las filas la misma cantidad de valores: complete las filas cortas o quítelas",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Lang;
    use crate::tensor::DType;
    use ndarray::{Array1, Array2, ArrayView2, Axis, array};

    fn check<'a>(data: impl ToTensor<'a>, dims: &[usize], dtype: DType, values: &[f64]) {
        let tensor = data.to_tensor().unwrap();
        assert_eq!((tensor.shape().dims(), tensor.dtype()), (dims, dtype));
        assert_eq!(tensor.to_f64(), values);
    }

    #[test]
    fn what_people_hold_becomes_rows() {
        let want = [1.0, 2.0, 3.0, 4.0];
        let (flat, nested) = (vec![1.0f32, 2.0, 3.0, 4.0], vec![vec![1.0f32, 2.0], vec![3.0, 4.0]]);
        check(&flat, &[4], DType::F32, &want);
        check(&flat[..], &[4], DType::F32, &want);
        check(flat.clone(), &[4], DType::F32, &want);
        check([1.0f32, 2.0, 3.0, 4.0], &[4], DType::F32, &want);
        check([1.0f32, 2.0, 3.0, 4.0], &[4], DType::F32, &want);
        check(&nested, &[2, 2], DType::F32, &want);
        check(&nested[..], &[2, 2], DType::F32, &want);
        check([[1.0f64, 2.0], [3.0, 4.0]], &[2, 2], DType::F64, &want);
        check([[1.0f64, 2.0], [3.0, 4.0]], &[2, 2], DType::F64, &want);
        check(vec![[1u8, 2], [3, 4]], &[2, 2], DType::U8, &want);
        check(vec![&nested[0], &nested[1]], &[2, 2], DType::F32, &want);
        check(vec![&nested[0][..], &nested[1]], &[2, 2], DType::F32, &want);
        check(vec![array![1i32, 2], array![3, 4]], &[2, 2], DType::I32, &want);
        check([[[1i64], [2]], [[3], [4]]], &[2, 2, 1], DType::I32, &want);
        check(nested.clone(), &[2, 2], DType::F32, &want);
        let rows = flat.chunks(2).map(<[f32]>::to_vec);
        check(Tensor::from_rows(rows).unwrap(), &[2, 2], DType::F32, &want);
        check(Tensor::from_slice(&flat, [2, 2]).unwrap(), &[2, 2], DType::F32, &want);
        check(Tensor::from_vec(flat, vec![1, 4]).unwrap(), &[1, 4], DType::F32, &want);
    }

    #[test]
    fn arrays_are_taken_by_value_by_view_and_by_reference() {
        let a = array![[1.0f32, 2.0], [3.0, 4.0]];
        let want = [1.0, 2.0, 3.0, 4.0];
        check(&a, &[2, 2], DType::F32, &want);
        check(a.view(), &[2, 2], DType::F32, &want);
        check(a.t(), &[2, 2], DType::F32, &[1.0, 3.0, 2.0, 4.0]);
        check(a.clone().reversed_axes(), &[2, 2], DType::F32, &[1.0, 3.0, 2.0, 4.0]);
        check(a.clone().index_axis_move(Axis(0), 1), &[2], DType::F32, &[3.0, 4.0]);
        check(a.clone(), &[2, 2], DType::F32, &want);
        check(a.column(1), &[2], DType::F32, &[2.0, 4.0]);
        let as_ref: &ArrayRef<f32, _> = &a;
        check(as_ref, &[2, 2], DType::F32, &want);
        // A view's elements are not copied, and outlive it.
        let borrowed = |view: ArrayView2<'_, f32>| {
            view.to_tensor().unwrap().as_slice::<f32>().unwrap().as_ptr()
        };
        assert_eq!(borrowed(a.view()), a.as_ptr());
        let rows = [[1.0f32, 2.0], [3.0, 4.0]];
        assert_eq!(
            (&rows).to_tensor().unwrap().as_slice::<f32>().unwrap().as_ptr(),
            rows[0].as_ptr()
        );
    }

    #[test]
    fn integers_of_every_width_are_labels() {
        let want = [1.0, 0.0];
        check(vec![1i64, 0], &[2], DType::I32, &want);
        check(vec![1u32, 0], &[2], DType::I32, &want);
        check(vec![1usize, 0], &[2], DType::I32, &want);
        check(Array1::from(vec![1u16, 0]), &[2], DType::I32, &want);
        check(vec![1i8, 0], &[2], DType::I32, &want);
        check(vec![1i16, 0], &[2], DType::I32, &want);
        check(vec![1u64, 0], &[2], DType::I32, &want);
        check(vec![1isize, 0], &[2], DType::I32, &want);
        check(vec![true, false], &[2], DType::Bool, &want);
    }

    #[test]
    fn integers_that_do_not_fit_are_refused_with_their_place() {
        let error = (&array![[1i64, 2], [3, -2_147_483_649]]).to_tensor().unwrap_err();
        assert_eq!(error.code(), Code::E022);
        assert!(error.to_string().contains("-2147483649 at [1, 1]"), "{error}");
        assert!(error.in_lang(Lang::Es).contains("-2147483649 en [1, 1]"), "{error}");
        let fits = [i64::from(i32::MAX), i64::from(i32::MIN)];
        check(fits, &[2], DType::I32, &[2_147_483_647.0, -2_147_483_648.0]);
        assert_eq!([usize::MAX].to_tensor().unwrap_err().code(), Code::E022);
    }

    #[test]
    fn rows_that_differ_are_refused_with_their_number() {
        let refused = |error: Error, parts: [&str; 2]| {
            assert_eq!(error.code(), Code::E012);
            assert!(error.to_string().contains(parts[0]), "{error}");
            assert!(error.in_lang(Lang::Es).contains(parts[1]), "{}", error.in_lang(Lang::Es));
        };
        let ragged = vec![vec![1.0f32, 2.0], vec![3.0, 4.0], vec![5.0, 6.0, 7.0]];
        let parts = ["row 2: it has 3 numbers, but the first row has 2", "la primera fila tiene 2"];
        refused((&ragged).to_tensor().unwrap_err(), parts);
        refused(Tensor::from_rows(ragged.iter().map(Vec::as_slice)).unwrap_err(), parts);
        let deep = vec![vec![vec![1u8, 2]], vec![vec![3]]];
        refused(deep.to_tensor().unwrap_err(), ["row [1, 0]: it has 1", "tiene 1 números"]);
        let arrays = vec![Array2::<f32>::zeros((2, 2)), Array2::zeros((2, 3))];
        refused(arrays.to_tensor().unwrap_err(), ["row 1: it has shape [2, 3]", "forma [2, 2]"]);
        let flat = Tensor::from_slice(&[1.0f32, 2.0, 3.0], [2, 2]).unwrap_err();
        refused(flat, ["needs 4 elements, but 3 were given", "se dieron 3"]);
    }

    #[test]
    fn no_rows_are_legal() {
        check(Vec::<f32>::new(), &[0], DType::F32, &[]);
        check(Vec::<[f32; 3]>::new(), &[0, 3], DType::F32, &[]);
        check(Vec::<Array2<u8>>::new(), &[0, 0, 0], DType::U8, &[]);
    }
}
