//! The confusion matrix: what was, against what was answered.

use crate::data::argmax_rows;
use ndarray::{Array2, ArrayBase, ArrayD, Data, Ix1, Ix2};
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::{Decimal, Lang, Say};
use std::fmt;

neurona_core::messages! {
    fn rows_differ(labels: usize, predictions: usize) {
        en: "{labels} labels, but {predictions} predictions",
        es: "{labels} etiquetas, pero {predictions} predicciones",
    }

    fn not_rows(rank: usize) {
        en: "predictions are a row of probabilities for each sample, not an array of {rank} dimensions",
        es: "las predicciones son una fila de probabilidades por muestra, no un arreglo de {rank} dimensiones",
    }

    fn label_outside(label: usize, row: usize, classes: usize) {
        en: "label {label} at row {row}, but there are {classes} classes (0 to {classes} − 1)",
        es: "etiqueta {label} en la fila {row}, pero hay {classes} clases (de 0 a {classes} − 1)",
    }
}

/// How often each true class was answered with each class.
///
/// ```
/// use ndarray::array;
/// use neurona::ConfusionMatrix;
///
/// let matrix = ConfusionMatrix::from_labels(&array![0usize, 0, 1, 2], &array![0usize, 1, 1, 2], 3)?;
/// assert_eq!(matrix.counts()[[0, 1]], 1);
/// assert_eq!(matrix.accuracy(), 0.75);
/// assert_eq!(matrix.most_confused(1), [(0, 1, 1)]);
/// # Ok::<(), neurona::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    counts: Array2<u64>,
}

impl ConfusionMatrix {
    /// From true and predicted labels of `classes` classes.
    /// Errors: E024 their numbers differ, E022 a label is out of range.
    pub fn from_labels<A, B, S, T>(
        labels: &ArrayBase<S, Ix1>,
        predicted: &ArrayBase<T, Ix1>,
        classes: usize,
    ) -> Result<ConfusionMatrix>
    where
        A: Copy + TryInto<usize>,
        B: Copy + TryInto<usize>,
        S: Data<Elem = A>,
        T: Data<Elem = B>,
    {
        if labels.len() != predicted.len() {
            return Err(Error::new(Code::E024, rows_differ(labels.len(), predicted.len())));
        }
        let mut counts = Array2::zeros((classes, classes));
        let inside = |row: usize, label: Option<usize>| {
            let wrong =
                || Error::new(Code::E022, label_outside(label.unwrap_or(usize::MAX), row, classes));
            label.filter(|&label| label < classes).ok_or_else(wrong)
        };
        for (row, (&label, &answer)) in labels.iter().zip(predicted).enumerate() {
            let at = [inside(row, label.try_into().ok())?, inside(row, answer.try_into().ok())?];
            counts[at] += 1;
        }
        Ok(ConfusionMatrix { counts })
    }

    /// From true labels and a row of probabilities for each sample: the largest is the answer.
    /// Errors: E012 predictions are no rows, E024 their numbers differ, E022 a label is out of range.
    pub fn from_probabilities<A, S>(
        labels: &ArrayBase<S, Ix1>,
        predictions: &ArrayD<f32>,
    ) -> Result<ConfusionMatrix>
    where
        A: Copy + TryInto<usize>,
        S: Data<Elem = A>,
    {
        let rank = predictions.ndim();
        let rows = predictions.view().into_dimensionality::<Ix2>();
        let rows = rows.map_err(|_| Error::new(Code::E012, not_rows(rank)))?;
        ConfusionMatrix::from_labels(labels, &argmax_rows(rows), rows.ncols())
    }

    /// Counts: a row for each true class, a column for each answer.
    pub fn counts(&self) -> &Array2<u64> {
        &self.counts
    }

    /// How many samples.
    pub fn total(&self) -> u64 {
        self.counts.sum()
    }

    /// The share of right answers; 0 without samples.
    pub fn accuracy(&self) -> f64 {
        self.counts.diag().sum() as f64 / self.total().max(1) as f64
    }

    /// The share of a true class that was answered right; 0 if it never occurs.
    pub fn recall(&self, class: usize) -> f64 {
        self.counts[[class, class]] as f64 / self.counts.row(class).sum().max(1) as f64
    }

    /// The most frequent mistakes: (true class, answer, how often), most frequent first.
    pub fn most_confused(&self, count: usize) -> Vec<(usize, usize, u64)> {
        let mut mistakes: Vec<(usize, usize, u64)> = self
            .counts
            .indexed_iter()
            .filter(|((label, answer), count)| label != answer && **count > 0)
            .map(|((label, answer), count)| (label, answer, *count))
            .collect();
        mistakes.sort_by_key(|&(label, answer, count)| (std::cmp::Reverse(count), label, answer));
        mistakes.truncate(count);
        mistakes
    }

    /// The matrix as a table with each class's recall, for a terminal. Counts that are zero are dots.
    pub fn table(&self, lang: Lang) -> String {
        let (predicted, truth, recall) = match lang {
            Lang::En => ("predicted", "true", "recall"),
            Lang::Es => ("predicho", "real", "acierto"),
        };
        let classes = self.counts.nrows();
        let longest = self.counts.iter().max().map_or(1, |most| most.to_string().len());
        let width = longest.max(classes.saturating_sub(1).to_string().len()) + 1;
        let first = truth.len().max(4);
        let mut text = format!("{:first$}  {predicted}\n{truth:>first$} ", "");
        (0..classes).for_each(|class| text += &format!("{class:>width$}"));
        text += &format!("  {recall}\n");
        for class in 0..classes {
            text += &format!("{class:>first$} ");
            for &count in self.counts.row(class) {
                let cell = if count == 0 { "·".to_owned() } else { count.to_string() };
                text += &format!("{cell:>width$}");
            }
            let percent = Decimal(100.0 * self.recall(class), 1).say(lang);
            // Spanish sets a space before the sign, English none.
            let sign = if lang == Lang::Es { " %" } else { "%" };
            text += &format!("  {percent:>5}{sign}\n");
        }
        text
    }
}

impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table(Lang::En))
    }
}
