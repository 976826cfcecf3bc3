//! The confusion matrix: true classes against answers.

mod report;

pub use report::{ClassNames, ClassificationReport, classification_report};

use crate::data::{argmax_rows, whole_labels};
use crate::nn::Averaging;
use crate::tensor::{Tensor, ToTensor};
use ndarray::Array2;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::{Decimal, Lang, Say, Text};
use neurona_core::tensor::checked_elems;
use std::fmt;

/// How well a class is recognized, or the average of several.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ClassScores {
    /// How many of the samples answered with it belong to it; 0 if none are answered with it.
    pub precision: f64,
    /// How many of its samples are answered with it; 0 if it never occurs.
    pub recall: f64,
    /// `2 · precision · recall / (precision + recall)`; 0 if both are.
    pub f1: f64,
    /// How many samples belong to it.
    pub support: u64,
}

impl ClassScores {
    /// From the number of right answers, of answers with the class, and of samples that belong to
    /// it.
    fn new(right: u64, answered: u64, support: u64) -> ClassScores {
        let share = |of: u64| right as f64 / of.max(1) as f64;
        // 2pr / (p + r) without dividing by 0 where both are 0.
        let f1 = 2.0 * right as f64 / (answered + support).max(1) as f64;
        ClassScores { precision: share(answered), recall: share(support), f1, support }
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<Vec<u64>>", into = "Vec<Vec<u64>>"))]
pub struct ConfusionMatrix {
    counts: Array2<u64>,
}

impl ConfusionMatrix {
    /// From true and predicted labels for `classes` classes, in any form that `fit` accepts.
    /// Errors: E016 there are no classes, or more than fit in memory; E024 there are more or fewer
    /// labels than predictions; E022 a label is out of range.
    pub fn from_labels<'a, 'b>(
        labels: impl ToTensor<'a>,
        predicted: impl ToTensor<'b>,
        classes: usize,
    ) -> Result<ConfusionMatrix> {
        let labels = whole_labels(&labels.to_tensor()?)?;
        let predicted = whole_labels(&predicted.to_tensor()?)?;
        if labels.len() != predicted.len() {
            return Err(Error::new(Code::E024, rows_differ(labels.len(), predicted.len())));
        }
        let mut counts = square(classes)?;
        for (row, (&label, &answer)) in labels.iter().zip(&predicted).enumerate() {
            let label = class_of(label, row, classes, label_outside)?;
            counts[[label, class_of(answer, row, classes, answer_outside)?]] += 1;
        }
        Ok(ConfusionMatrix { counts })
    }

    /// From true labels and a row of probabilities for each sample: the largest is the answer. (If
    /// there is one probability, as from a sigmoid, above 0.5 is class 1.) Errors: E012 predictions
    /// are not rows, E022 a label is out of range, E023 a prediction is not finite, E024 their
    /// numbers differ.
    pub fn from_probabilities<'a, 'b>(
        labels: impl ToTensor<'a>,
        predictions: impl ToTensor<'b>,
    ) -> Result<ConfusionMatrix> {
        let rows = rows_of(&predictions.to_tensor()?)?;
        if rows.ncols() == 1 {
            let answers = rows.column(0).map(|&p| usize::from(p > 0.5));
            return ConfusionMatrix::from_labels(labels, answers, 2);
        }
        ConfusionMatrix::from_labels(labels, argmax_rows(&rows), rows.ncols())
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

    /// How many classes.
    pub fn classes(&self) -> usize {
        self.counts.nrows()
    }

    /// How well a class is recognized.
    ///
    /// ```
    /// use ndarray::array;
    /// use neurona::ConfusionMatrix;
    /// use neurona::nn::Averaging;
    ///
    /// let (labels, answers) = (array![0usize, 0, 1, 2], array![0usize, 1, 1, 2]);
    /// let matrix = ConfusionMatrix::from_labels(&labels, &answers, 3)?;
    /// let one = matrix.scores(1);
    /// assert_eq!((one.precision, one.recall, one.support), (0.5, 1.0, 1));
    /// assert_eq!(matrix.average(Averaging::Micro).recall, matrix.accuracy());
    /// # Ok::<(), neurona::Error>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such class.
    pub fn scores(&self, class: usize) -> ClassScores {
        let (answered, support) = (self.counts.column(class).sum(), self.counts.row(class).sum());
        ClassScores::new(self.counts[[class, class]], answered, support)
    }

    /// The scores of all classes combined. ([`Averaging::Micro`] is the accuracy, three times.)
    pub fn average(&self, average: Averaging) -> ClassScores {
        let (classes, total) = (self.classes(), self.total());
        if average == Averaging::Micro {
            return ClassScores::new(self.counts.diag().sum(), total, total);
        }
        let mut mean = ClassScores { precision: 0.0, recall: 0.0, f1: 0.0, support: total };
        for scores in (0..classes).map(|class| self.scores(class)) {
            let weight = match average {
                Averaging::Weighted => scores.support as f64 / total.max(1) as f64,
                Averaging::Macro | Averaging::Micro => 1.0 / classes as f64,
            };
            mean.precision += weight * scores.precision;
            mean.recall += weight * scores.recall;
            mean.f1 += weight * scores.f1;
        }
        mean
    }

    /// How many of the samples answered with a class belong to it; 0 if none are answered with it.
    pub fn precision(&self, class: usize) -> f64 {
        self.scores(class).precision
    }

    /// The share of a true class that was answered correctly; 0 if it never occurs.
    pub fn recall(&self, class: usize) -> f64 {
        self.scores(class).recall
    }

    /// `2 · precision · recall / (precision + recall)` for a class; 0 if both are.
    pub fn f1(&self, class: usize) -> f64 {
        self.scores(class).f1
    }

    /// How many samples belong to a class.
    pub fn support(&self, class: usize) -> u64 {
        self.scores(class).support
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
            // Spanish puts a space before the sign, English does not.
            let sign = if lang == Lang::Es { " %" } else { "%" };
            text += &format!("  {percent:>5}{sign}\n");
        }
        text
    }
}

/// The counts, row by row.
impl From<ConfusionMatrix> for Vec<Vec<u64>> {
    fn from(matrix: ConfusionMatrix) -> Vec<Vec<u64>> {
        matrix.counts.rows().into_iter().map(|row| row.to_vec()).collect()
    }
}

/// From counts, row by row. Errors (E012): the numbers of rows and columns differ.
impl TryFrom<Vec<Vec<u64>>> for ConfusionMatrix {
    type Error = Error;

    fn try_from(rows: Vec<Vec<u64>>) -> Result<ConfusionMatrix> {
        let classes = rows.len();
        if let Some((row, counts)) = rows.iter().enumerate().find(|(_, row)| row.len() != classes) {
            return Err(Error::new(Code::E012, not_square(row, counts.len(), classes)));
        }
        let counts = Array2::from_shape_fn((classes, classes), |(i, j)| rows[i][j]);
        Ok(ConfusionMatrix { counts })
    }
}

impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table(Lang::En))
    }
}

/// Predictions as a row for each sample. Errors: E012 they are not rows, E023 one is not finite, so its row has no
/// largest number.
fn rows_of(predictions: &Tensor<'_>) -> Result<Array2<f32>> {
    let [rows, columns] = *predictions.shape().dims() else {
        return Err(Error::new(Code::E012, not_rows(predictions.shape().rank())));
    };
    let values = predictions.to_f64();
    let rows = Array2::from_shape_fn((rows, columns), |(i, j)| values[i * columns + j] as f32);
    let Some(((row, column), value)) = rows.indexed_iter().find(|(_, p)| !p.is_finite()) else {
        return Ok(rows);
    };
    let count = rows.rows().into_iter().filter(|row| row.iter().any(|p| !p.is_finite())).count();
    let text = not_finite(count, &value.to_string(), row, column);
    Err(Error::new(Code::E023, text).at("predictions").fix(look_at_model()))
}

/// A count of zero for each pair of classes. Errors (E016): there are no classes, or more than fit
/// in memory.
fn square(classes: usize) -> Result<Array2<u64>> {
    let refused = |text| Error::new(Code::E016, text).fix(number_classes());
    if classes == 0 {
        return Err(refused(no_classes()));
    }
    let too_many = || refused(too_many(classes));
    let cells = checked_elems(&[classes as u64; 2]).map_err(|_| too_many())?;
    let mut counts = Vec::new();
    counts.try_reserve_exact(cells).map_err(|_| too_many())?;
    counts.resize(cells, 0);
    Array2::from_shape_vec((classes, classes), counts).map_err(|_| too_many())
}

/// A label as one of this many classes. Errors (E022): it is not one of them, as `outside` says.
fn class_of(
    label: i64,
    row: usize,
    classes: usize,
    outside: fn(&str, usize, usize, usize) -> Text,
) -> Result<usize> {
    let class = usize::try_from(label).ok().filter(|class| *class < classes);
    class.ok_or_else(|| {
        let text = outside(&label.to_string(), row, classes, classes.saturating_sub(1));
        Error::new(Code::E022, text).fix(number_classes())
    })
}

/// The share of samples with fewer than `k` probabilities larger than their label's; 0 without samples.
/// Errors: E012 predictions are not rows, E022 a label is out of range, E023 a prediction is not finite, E024 their
/// numbers differ.
///
/// ```
/// use ndarray::array;
/// use neurona::top_k_accuracy;
///
/// let predictions = array![[0.1f32, 0.3, 0.6], [0.5, 0.3, 0.2]].into_dyn();
/// assert_eq!(top_k_accuracy(&array![1u8, 2], &predictions, 1)?, 0.0);
/// assert_eq!(top_k_accuracy(&array![1u8, 2], &predictions, 2)?, 0.5);
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn top_k_accuracy<'a, 'b>(
    labels: impl ToTensor<'a>,
    predictions: impl ToTensor<'b>,
    k: usize,
) -> Result<f64> {
    let labels = whole_labels(&labels.to_tensor()?)?;
    let rows = rows_of(&predictions.to_tensor()?)?;
    if labels.len() != rows.nrows() {
        return Err(Error::new(Code::E024, rows_differ(labels.len(), rows.nrows())));
    }
    let mut right = 0;
    for (row, (&label, probabilities)) in labels.iter().zip(rows.rows()).enumerate() {
        let own = probabilities[class_of(label, row, rows.ncols(), label_outside)?];
        right += usize::from(probabilities.iter().filter(|&&p| p > own).count() < k);
    }
    Ok(right as f64 / labels.len().max(1) as f64)
}

neurona_core::messages! {
    fn not_square(row: usize, has: usize, classes: usize) {
        en: "row {row} of a confusion matrix has {has} counts, but there are {classes} classes",
        es: "la fila {row} de una matriz de confusión tiene {has} cuentas, pero hay {classes} clases",
    }

    fn rows_differ(labels: usize, predictions: usize) {
        en: "{labels} labels, but {predictions} predictions",
        es: "{labels} etiquetas, pero {predictions} predicciones",
    }

    fn not_rows(rank: usize) {
        en: "predictions are a row of probabilities for each sample, not an array of {rank} dimensions",
        es: "las predicciones son una fila de probabilidades por muestra, no un array de {rank} dimensiones",
    }

    fn no_classes() {
        en: "a confusion matrix needs at least one class, but there is none",
        es: "una matriz de confusión requiere al menos una clase, pero no hay ninguna",
    }

    fn too_many(classes: usize) {
        en: "a confusion matrix of {classes} classes does not fit in memory",
        es: "una matriz de confusión de {classes} clases no cabe en la memoria",
    }

    fn label_outside(label: &str, row: usize, classes: usize, last: usize) {
        en: "label {label} at row {row} is not one of the {classes} classes (0 to {last})",
        es: "la etiqueta {label} en la fila {row} no es una de las {classes} clases (de 0 a {last})",
    }

    fn answer_outside(label: &str, row: usize, classes: usize, last: usize) {
        en: "the predicted label {label} at row {row} is not one of the {classes} classes (0 to {last})",
        es: "la etiqueta predicha {label} en la fila {row} no es una de las {classes} clases (de 0 a {last})",
    }

    fn number_classes() {
        en: "number the classes from 0, leave out samples without a class, and give as many columns or classes as there are",
        es: "numere las clases desde 0, quite las muestras sin clase, y dé tantas columnas o clases como haya",
    }

    fn not_finite(rows: usize, value: &str, row: usize, column: usize) {
        en: "the predictions of {rows} rows are not finite; the first is {value} at row {row}, column {column}",
        es: "las predicciones de {rows} filas no son finitas; la primera es {value} en la fila {row}, columna {column}",
    }

    fn look_at_model() {
        en: "a model that gives such numbers has no answer there: look for weights or inputs that are not finite, or leave those rows out",
        es: "un modelo que da esos números no responde nada ahí: busque pesos o entradas que no sean finitos, o quite esas filas",
    }
}
