//! Data in two parts: one to learn from and one to test with.

use super::encode::whole_labels;
use crate::tensor::ToTensor;
use ndarray::{Array, ArrayBase, Axis, Data, RemoveAxis};
use neurona_core::error::{Code, Error, Result};
use neurona_core::nn::stream::SPLIT;
use neurona_core::tensor::random::permutation;
use std::collections::BTreeMap;

/// `(x_train, x_test, y_train, y_test)`, as scikit-learn returns them.
pub type Halves<X, Y> = (X, X, Y, Y);

/// Data from which rows can be chosen: arrays of `ndarray`, whose parts are arrays, and `Vec`s,
/// slices and arrays of anything, whose parts are `Vec`s. By value or by reference.
///
/// ```
/// use neurona::data::train_test_split;
/// let (rows, labels) = (vec![vec![1.0f32, 2.0]; 10], vec!["cat"; 10]);
/// let (x_train, x_test, y_train, y_test) = train_test_split(&rows, &labels, 0.2, 42)?;
/// assert_eq!((x_train.len(), x_test.len(), y_train.len(), y_test.len()), (8, 2, 8, 2));
/// # Ok::<(), neurona::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no rows that could be chosen",
    note = "give an array of ndarray 0.17 of one dimension or more, or a `Vec`, a slice or an array of rows"
)]
pub trait Splittable {
    /// Some rows.
    type Part;

    /// How many rows there are.
    fn row_count(&self) -> usize;

    /// These rows, in this order.
    fn choose(&self, rows: &[usize]) -> Self::Part;
}

impl<A: Clone, S: Data<Elem = A>, D: RemoveAxis> Splittable for ArrayBase<S, D> {
    type Part = Array<A, D>;

    fn row_count(&self) -> usize {
        self.len_of(Axis(0))
    }

    fn choose(&self, rows: &[usize]) -> Array<A, D> {
        self.select(Axis(0), rows)
    }
}

impl<T: Clone> Splittable for [T] {
    type Part = Vec<T>;

    fn row_count(&self) -> usize {
        self.len()
    }

    fn choose(&self, rows: &[usize]) -> Vec<T> {
        rows.iter().map(|&row| self[row].clone()).collect()
    }
}

impl<T: Clone> Splittable for Vec<T> {
    type Part = Vec<T>;

    fn row_count(&self) -> usize {
        self.len()
    }

    fn choose(&self, rows: &[usize]) -> Vec<T> {
        self.as_slice().choose(rows)
    }
}

impl<T: Clone, const N: usize> Splittable for [T; N] {
    type Part = Vec<T>;

    fn row_count(&self) -> usize {
        N
    }

    fn choose(&self, rows: &[usize]) -> Vec<T> {
        self.as_slice().choose(rows)
    }
}

impl<X: Splittable + ?Sized> Splittable for &X {
    type Part = X::Part;

    fn row_count(&self) -> usize {
        (**self).row_count()
    }

    fn choose(&self, rows: &[usize]) -> X::Part {
        (**self).choose(rows)
    }
}

/// Shuffles rows and splits them: `test_size` of them, rounded, to test with, the others to learn from.
///
/// The same seed gives the same rows on every machine. Errors: E024 (`x` and `y` differ in rows), E016
/// (`test_size` is not between 0 and 1), E025 (no rows on one side).
///
/// ```
/// use neurona::data::train_test_split;
/// use ndarray::Array;
/// let x = Array::from_shape_fn((10, 2), |(row, _)| row);
/// let y = Array::from_shape_fn(10, |row| row);
/// let (x_train, x_test, y_train, y_test) = train_test_split(&x, &y, 0.2, 42)?;
/// assert_eq!((x_train.nrows(), x_test.nrows()), (8, 2));
/// assert_eq!((x_train.column(0), x_test.column(1)), (y_train.view(), y_test.view()));
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn train_test_split<X: Splittable, Y: Splittable>(
    x: X,
    y: Y,
    test_size: f64,
    seed: u64,
) -> Result<Halves<X::Part, Y::Part>> {
    let rows = check(x.row_count(), y.row_count(), test_size)?;
    let mut train = permutation(rows, seed, SPLIT, 0);
    let test: Vec<usize> = train.drain(..part(rows, test_size)).collect();
    take(&x, &y, &train, &test)
}

/// Like [`train_test_split`], with `test_size` of the rows of each label: rare classes are on both
/// sides.
///
/// Labels are whole numbers, one for each row. The counts are rounded label by label. Errors: as there; E012, E022 labels
/// that are not such numbers.
///
/// ```
/// use neurona::data::stratified_train_test_split;
/// use ndarray::Array;
/// let x = Array::from_shape_fn((100, 1), |(row, _)| row);
/// let y = Array::from_shape_fn(100, |row| u8::from(row < 10));
/// let (_, _, _, y_test) = stratified_train_test_split(&x, &y, 0.2, 42)?;
/// assert_eq!((y_test.len(), y_test.sum()), (20, 2));
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn stratified_train_test_split<X: Splittable, Y: Splittable>(
    x: X,
    y: Y,
    test_size: f64,
    seed: u64,
) -> Result<Halves<X::Part, Y::Part>>
where
    for<'a> &'a Y::Part: ToTensor<'a>,
{
    let rows = check(x.row_count(), y.row_count(), test_size)?;
    let all = y.choose(&(0..rows).collect::<Vec<usize>>());
    let labels = ToTensor::to_tensor(&all).and_then(|labels| whole_labels(&labels));
    let labels = labels.map_err(|error| error.inside("train_test_split"))?;
    let mut wanted: BTreeMap<i64, usize> = BTreeMap::new();
    for label in &labels {
        *wanted.entry(*label).or_default() += 1;
    }
    for count in wanted.values_mut() {
        *count = part(*count, test_size);
    }
    let (test, train): (Vec<_>, Vec<_>) =
        permutation(rows, seed, SPLIT, 0).into_iter().partition(|&row| {
            let left = wanted.entry(labels[row]).or_default();
            let test = *left > 0;
            *left -= usize::from(test);
            test
        });
    take(&x, &y, &train, &test)
}

fn check(x_rows: usize, y_rows: usize, test_size: f64) -> Result<usize> {
    if x_rows != y_rows {
        return Err(error(Code::E024, rows_differ(x_rows, y_rows)).fix(one_target()));
    }
    // NaN is refused, too.
    if !(test_size > 0.0 && test_size < 1.0) {
        return Err(error(Code::E016, not_a_part(test_size)).fix(give_part()));
    }
    Ok(x_rows)
}

fn part(rows: usize, test_size: f64) -> usize {
    (rows as f64 * test_size).round() as usize
}

fn take<X: Splittable, Y: Splittable>(
    x: &X,
    y: &Y,
    train: &[usize],
    test: &[usize],
) -> Result<Halves<X::Part, Y::Part>> {
    if train.is_empty() || test.is_empty() {
        let text = empty_side(train.len() + test.len(), train.len(), test.len());
        return Err(error(Code::E025, text).fix(more_rows()));
    }
    Ok((x.choose(train), x.choose(test), y.choose(train), y.choose(test)))
}

fn error(code: Code, text: neurona_core::message::Text) -> Error {
    Error::new(code, text).at("train_test_split")
}

neurona_core::messages! {
    fn rows_differ(x: usize, y: usize) {
        en: "x has {x} rows, y has {y}",
        es: "x tiene {x} filas, y tiene {y}",
    }
    fn one_target() {
        en: "give one target for each row of x",
        es: "dé un objetivo por cada fila de x",
    }
    fn not_a_part(test_size: f64) {
        en: "test_size is {test_size}, not between 0 and 1",
        es: "test_size es {test_size}, y no está entre 0 y 1",
    }
    fn give_part() {
        en: "give the part of the rows to test with, such as 0.2",
        es: "indique la parte de las filas para probar, como 0.2",
    }
    fn empty_side(rows: usize, train: usize, test: usize) {
        en: "of {rows} rows, {train} would be left to train and {test} to test",
        es: "de {rows} filas, quedarían {train} para entrenar y {test} para probar",
    }
    fn more_rows() {
        en: "give more rows, or another test_size",
        es: "dé más filas, u otro test_size",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2};

    fn data(rows: usize) -> (Array2<usize>, Array1<usize>) {
        (Array::from_shape_fn((rows, 3), |(r, c)| 3 * r + c), Array::from_shape_fn(rows, |r| r))
    }

    fn check_refused(rows: [usize; 2], test_size: f64, want: Code) {
        let error = train_test_split(&data(rows[0]).0, &data(rows[1]).1, test_size, 0).unwrap_err();
        assert_eq!(error.code(), want, "{error}");
    }

    #[test]
    fn every_row_goes_to_one_side_with_its_target() {
        let (x, y) = data(97);
        let (x_train, x_test, y_train, y_test) = train_test_split(&x, &y, 0.3, 7).unwrap();
        assert_eq!((y_train.len(), y_test.len()), (68, 29));
        let mut rows: Vec<usize> = y_train.iter().chain(&y_test).copied().collect();
        rows.sort_unstable();
        assert_eq!(rows, (0..97).collect::<Vec<_>>());
        for (x, y) in [(x_train, y_train), (x_test, y_test)] {
            assert!(x.rows().into_iter().zip(y).all(|(row, r)| row[0] == 3 * r));
        }
    }

    #[test]
    fn vectors_are_split_as_arrays_are() {
        let (x, y) = data(20);
        let rows: Vec<Vec<usize>> = x.rows().into_iter().map(|row| row.to_vec()).collect();
        let labels: Vec<i64> = y.iter().map(|&label| (label % 2) as i64).collect();
        let arrays = train_test_split(&x, &y, 0.25, 3).unwrap();
        let vectors = train_test_split(rows.clone(), labels.as_slice(), 0.25, 3).unwrap();
        assert!(arrays.0.rows().into_iter().zip(&vectors.0).all(|(a, b)| a.to_vec() == *b));
        let (_, _, _, test) = stratified_train_test_split(&rows, &labels, 0.2, 3).unwrap();
        assert_eq!((test.len(), test.iter().sum::<i64>()), (4, 2));
        let halves = Array1::from_elem(20, 0.5f32);
        assert_eq!(
            stratified_train_test_split(&x, &halves, 0.2, 3).unwrap_err().code(),
            Code::E022
        );
    }

    #[test]
    fn the_seed_decides() {
        let (x, y) = data(50);
        let split = |seed| train_test_split(&x, &y, 0.5, seed).unwrap();
        assert_eq!(split(1), split(1));
        assert_ne!(split(1), split(2));
    }

    #[test]
    fn what_cannot_be_split_is_refused() {
        check_refused([3, 2], 0.5, Code::E024);
        check_refused([0, 0], 0.5, Code::E025);
        check_refused([1, 1], 0.5, Code::E025);
        check_refused([4, 4], 0.1, Code::E025);
        for size in [0.0, 1.0, -0.5, 2.0, f64::NAN, f64::INFINITY] {
            check_refused([4, 4], size, Code::E016);
        }
    }

    #[test]
    fn strata_keep_their_parts() {
        let x = data(1000).0;
        let y = Array1::from_shape_fn(1000, |r| if r % 10 == 0 { -1i32 } else { 4 });
        let (_, _, train, test) = stratified_train_test_split(&x, &y, 0.25, 3).unwrap();
        let rare = |y: &Array1<i32>| y.iter().filter(|&&l| l == -1).count();
        assert_eq!((rare(&train), rare(&test)), (75, 25));
        assert_eq!((train.len(), test.len()), (750, 250));
    }
}
