//! Labels as one-hot rows, and back.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use neurona_core::error::{Code, Error, Result};
use neurona_core::tensor::{Shape, Tensor, ToTensor, checked_elems};

/// One-hot rows: shape (n, `num_classes`), with 1 in the column of each label and 0 elsewhere.
///
/// Labels come in any form that `fit` accepts: arrays, `Vec`s and slices of any integers, or of whole numbers as floats.
/// Errors: E022 (a label below 0, `num_classes` or more, or not a whole number), E012 (not one label for each row), E016 (`num_classes` is 0, or too large for
/// memory).
///
/// ```
/// use neurona::data::to_categorical;
/// let y = to_categorical(&[2u8, 0], 3)?;
/// assert_eq!(y, ndarray::array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn to_categorical<'a>(labels: impl ToTensor<'a>, num_classes: usize) -> Result<Array2<f32>> {
    let here = |error: Error| error.at("to_categorical");
    let labels = labels.to_tensor().and_then(|labels| whole_labels(&labels)).map_err(here)?;
    if num_classes == 0 {
        return Err(Error::new(Code::E016, no_classes()).at("to_categorical").fix(count_classes()));
    }
    check_labels(&labels, num_classes)?;
    let too_large =
        || Error::new(Code::E016, too_large(labels.len(), num_classes)).at("to_categorical");
    let elems =
        checked_elems(&[labels.len() as u64, num_classes as u64]).map_err(|_| too_large())?;
    let mut rows = Vec::new();
    rows.try_reserve_exact(elems).map_err(|_| too_large())?;
    rows.resize(elems, 0.0);
    for (row, label) in rows.chunks_exact_mut(num_classes).zip(&labels) {
        row[*label as usize] = 1.0;
    }
    Array2::from_shape_vec((labels.len(), num_classes), rows).map_err(|_| too_large())
}

/// Labels as whole numbers: one for each row. Errors: E012 another shape, E022 one is not a whole number.
pub(crate) fn whole_labels(labels: &Tensor<'_>) -> Result<Vec<i64>> {
    if !matches!(labels.shape().dims(), [_] | [_, 1]) {
        return Err(Error::new(Code::E012, not_one_each(labels.shape())).fix(labels_or_argmax()));
    }
    let whole = |(row, label): (usize, f64)| {
        let misfit = || Error::new(Code::E022, not_whole(row, label));
        let fits = label.fract() == 0.0 && label.abs() < 9.0e15;
        fits.then_some(label as i64).ok_or_else(|| misfit().fix(whole_numbers()))
    };
    labels.to_f64().into_iter().enumerate().map(whole).collect()
}

fn check_labels(labels: &[i64], num_classes: usize) -> Result<()> {
    let fits = |label: i64| usize::try_from(label).is_ok_and(|label| label < num_classes);
    let bad = || labels.iter().copied().enumerate().filter(|&(_, l)| !fits(l));
    let Some((row, label)) = bad().next() else { return Ok(()) };
    let text = out_of_range(bad().count(), labels.len(), num_classes - 1, row, label);
    let (smallest, largest) = bad().fold((0, 0), |(low, high), (_, l)| (l.min(low), l.max(high)));
    let fix = if smallest < 0 { renumber() } else { enough_classes(largest.saturating_add(1)) };
    Err(Error::new(Code::E022, text).at("to_categorical").fix(fix))
}

/// The class of each one-hot or probability row: its largest column, the first of equals.
///
/// ```
/// use neurona::data::from_categorical;
/// let y = ndarray::array![[0.1_f32, 0.7, 0.2], [1.0, 0.0, 0.0]];
/// assert_eq!(from_categorical(&y), ndarray::array![1, 0]);
/// ```
pub fn from_categorical<'a>(rows: impl Into<ArrayView2<'a, f32>>) -> Array1<usize> {
    argmax_rows(rows)
}

/// The position of the largest number: the first of equals. NaN never wins; 0 if there is no
/// number.
///
/// ```
/// use neurona::data::argmax;
/// assert_eq!(argmax(&[0.1_f32, 0.8, 0.8]), 1);
/// assert_eq!(argmax(&[f32::NAN, -1.0]), 1);
/// ```
pub fn argmax<'a, T: Copy + PartialOrd + 'a>(row: impl Into<ArrayView1<'a, T>>) -> usize {
    let mut best: Option<(usize, T)> = None;
    for (i, &x) in row.into().iter().enumerate() {
        let wins = match best {
            // Only NaN cannot be compared with itself.
            None => x.partial_cmp(&x).is_some(),
            Some((_, largest)) => x > largest,
        };
        if wins {
            best = Some((i, x));
        }
    }
    best.map_or(0, |(i, _)| i)
}

/// [`argmax`] of each row of a matrix (n, columns): shape (n).
///
/// ```
/// use neurona::data::argmax_rows;
/// assert_eq!(argmax_rows(&ndarray::array![[3, 1], [2, 5]]), ndarray::array![0, 1]);
/// ```
pub fn argmax_rows<'a, T: Copy + PartialOrd + 'a>(
    rows: impl Into<ArrayView2<'a, T>>,
) -> Array1<usize> {
    rows.into().rows().into_iter().map(|row| argmax(row)).collect()
}

neurona_core::messages! {
    fn not_one_each(shape: Shape) {
        en: "labels are one number for each row, but these have shape {shape}",
        es: "las etiquetas son un número por fila, pero estas tienen forma {shape}",
    }
    fn labels_or_argmax() {
        en: "give only the labels; argmax_rows gets them from one-hot rows",
        es: "dé solo las etiquetas; argmax_rows las obtiene de filas one-hot",
    }
    fn not_whole(row: usize, label: f64) {
        en: "the label in row {row} is {label}, not a whole number that classes have",
        es: "la etiqueta de la fila {row} es {label}, no un número entero que tengan las clases",
    }
    fn whole_numbers() {
        en: "give whole numbers from 0, one for each class",
        es: "dé números enteros desde 0, uno por clase",
    }
    fn no_classes() {
        en: "num_classes is 0",
        es: "num_classes es 0",
    }
    fn count_classes() {
        en: "give the number of different labels, such as 10 for digits",
        es: "indique la cantidad de etiquetas distintas, como 10 para dígitos",
    }
    fn too_large(rows: usize, classes: usize) {
        en: "{rows} rows of num_classes = {classes} columns do not fit in memory",
        es: "{rows} filas de num_classes = {classes} columnas no caben en la memoria",
    }
    fn out_of_range(bad: usize, all: usize, last: usize, row: usize, label: i64) {
        en: "{bad} of {all} labels are outside 0 to {last}; the first is {label}, in row {row}",
        es: "{bad} de {all} etiquetas están fuera de 0 a {last}; la primera es {label}, en la fila {row}",
    }
    fn renumber() {
        en: "number the classes from 0; a negative label often means \"no label\": leave those rows out",
        es: "numere las clases desde 0; una etiqueta negativa suele indicar \"sin etiqueta\": quite esas filas",
    }
    fn enough_classes(classes: i64) {
        en: "num_classes must be at least {classes}, or the labels are not numbered from 0",
        es: "num_classes debe ser al menos {classes}, o las etiquetas no están numeradas desde 0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use neurona_core::message::Lang;

    fn check_refused<'a>(
        labels: impl ToTensor<'a>,
        num_classes: usize,
        code: Code,
        parts: &[&str],
    ) {
        let error = to_categorical(labels, num_classes).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        for part in parts {
            assert!(error.to_string().contains(part), "{error}");
        }
        assert!(error.in_lang(Lang::Es).contains("Solución") || code == Code::E016);
    }

    #[test]
    fn labels_of_every_type_become_rows() {
        let want = array![[0.0, 1.0], [1.0, 0.0]];
        assert_eq!(to_categorical(&array![1u8, 0], 2).unwrap(), want);
        assert_eq!(to_categorical(array![1i32, 0].view(), 2).unwrap(), want);
        assert_eq!(to_categorical(vec![1i64, 0], 2).unwrap(), want);
        assert_eq!(to_categorical([1usize, 0], 2).unwrap(), want);
        assert_eq!(to_categorical(vec![1u16, 0], 2).unwrap(), want);
        assert_eq!(to_categorical([true, false], 2).unwrap(), want);
        assert_eq!(to_categorical(array![[1.0f32], [0.0]], 2).unwrap(), want);
        assert_eq!(to_categorical(&[] as &[u8], 3).unwrap().dim(), (0, 3));
    }

    #[test]
    fn labels_out_of_range_are_counted() {
        check_refused([0u8, 10, 11], 10, Code::E022, &["2 of 3", "is 10, in row 1", "least 12"]);
        check_refused([0i32, 1, -1], 2, Code::E022, &["1 of 3", "is -1, in row 2", "from 0"]);
        check_refused([i32::MAX], 2, Code::E022, &["1 of 1"]);
        check_refused([usize::MAX], 2, Code::E022, &["18446744073709551615 at [0]"]);
        check_refused([0.0, 1.5], 2, Code::E022, &["row 1 is 1.5"]);
        check_refused([0.0, f64::NAN], 2, Code::E022, &["row 1 is NaN"]);
        check_refused(&array![[0, 1], [1, 0]], 2, Code::E012, &["shape [2, 2]", "argmax_rows"]);
        check_refused([0u8], 0, Code::E016, &["num_classes is 0"]);
        check_refused([0u8], usize::MAX, Code::E016, &["do not fit"]);
        check_refused([0u8], 1 << 59, Code::E016, &["do not fit"]);
    }

    #[test]
    fn argmax_takes_the_first_and_never_nan() {
        let nan = f32::NAN;
        assert_eq!(argmax(&[1.0, 3.0, 3.0]), 1);
        assert_eq!(argmax(&[nan, 2.0, nan, 3.0]), 3);
        assert_eq!(argmax(&[nan, f32::NEG_INFINITY]), 1);
        assert_eq!(argmax(&[nan, nan]), 0);
        assert_eq!(argmax(&[] as &[f32]), 0);
        let labels = array![3u8, 0, 2];
        let back = from_categorical(&to_categorical(&labels, 4).unwrap());
        assert_eq!(back, labels.mapv(usize::from));
        assert_eq!(argmax_rows(array![[1, 2], [4, 3]].t()), array![1, 1]);
    }
}
