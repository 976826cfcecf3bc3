//! How well each class is recognized, as a table.

use super::{ClassScores, ConfusionMatrix};
use crate::nn::Averaging;
use crate::tensor::ToTensor;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::{Decimal, Lang, Say, Text};
use std::fmt;

/// How well each class is recognized: precision, recall, F1 and how many samples there are, with
/// their averages.
///
/// `Display` is the table in English; [`table`](ClassificationReport::table) gives either language. It is laid
/// out like scikit-learn's.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ClassificationReport {
    /// Each class, by its name.
    pub classes: Vec<(String, ClassScores)>,
    /// The share of right answers.
    pub accuracy: f64,
    /// The mean over the classes: each counts the same, however rare.
    pub macro_average: ClassScores,
    /// The mean over the classes, each weighted by how often it occurs.
    pub weighted_average: ClassScores,
}

/// The names of classes, in the order of their labels: an array or a slice of `&str`, or a `Vec` of `&str` or `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of names of classes",
    note = "give `&[\"cat\", \"dog\"]`, a `&Vec<String>`, a slice of either, or `&[]` for the numbers of the classes"
)]
pub trait ClassNames {
    /// The names.
    fn class_names(self) -> Vec<String>;
}

macro_rules! class_names {
    ($($(const $count:ident)? $names:ty),*) => { $(
        impl $(<const $count: usize>)? ClassNames for $names {
            fn class_names(self) -> Vec<String> {
                self.iter().map(ToString::to_string).collect()
            }
        }
    )* };
}
// Not arrays of `String`s: an empty array is one of `&str`, and of nothing else.
class_names!(const N &[&str; N], &[&str], &[String], &Vec<&str>, &Vec<String>);

/// The report on a model's predictions, `(rows, classes)` as `predict` gives them, for true labels. Without
/// names classes are called by their numbers.
/// Errors: E012 predictions are not rows, E016 there are more or fewer names than classes, E022 a label is out of range,
/// E023 a prediction is not finite, E024 their numbers differ.
///
/// ```
/// use ndarray::array;
/// use neurona::classification_report;
///
/// let predictions = array![[0.9f32, 0.1], [0.4, 0.6], [0.2, 0.8], [0.7, 0.3]].into_dyn();
/// let report = classification_report(&array![0u8, 1, 1, 1], &predictions, &["cat", "dog"])?;
/// let table = "              precision    recall  f1-score   support
///
///          cat       0.50      1.00      0.67         1
///          dog       1.00      0.67      0.80         3
///
///     accuracy                           0.75         4
///    macro avg       0.75      0.83      0.73         4
/// weighted avg       0.88      0.75      0.77         4
/// ";
/// assert_eq!(report.to_string(), table);
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn classification_report<'a, 'b>(
    labels: impl ToTensor<'a>,
    predictions: impl ToTensor<'b>,
    names: impl ClassNames,
) -> Result<ClassificationReport> {
    ConfusionMatrix::from_probabilities(labels, predictions)?.report(names)
}

impl ConfusionMatrix {
    /// How well each class is recognized, under these names; without names, by their numbers.
    /// Errors (E016): there are more or fewer names than classes.
    pub fn report(&self, names: impl ClassNames) -> Result<ClassificationReport> {
        let names = names.class_names();
        let classes = self.classes();
        if !names.is_empty() && names.len() != classes {
            let text = names_differ(names.len(), classes);
            return Err(Error::new(Code::E016, text).fix(name_each()));
        }
        let name = |class: usize| names.get(class).cloned().unwrap_or_else(|| class.to_string());
        Ok(ClassificationReport {
            classes: (0..classes).map(|class| (name(class), self.scores(class))).collect(),
            accuracy: self.accuracy(),
            macro_average: self.average(Averaging::Macro),
            weighted_average: self.average(Averaging::Weighted),
        })
    }
}

impl ClassificationReport {
    /// The table, for a terminal.
    pub fn table(&self, lang: Lang) -> String {
        let say = |text: Text| text.get(lang).to_owned();
        let (simple, weighted) = (say(macro_average()), say(weighted_average()));
        let titles = [precision(), recall(), f1_score(), support()].map(say);
        let names = self.classes.iter().map(|(name, _)| name).chain([&simple, &weighted]);
        let first = names.map(|name| name.chars().count()).max().unwrap_or(0);
        let row = |name: &str, cells: [String; 4]| {
            let [a, b, c, d] = cells;
            format!("{name:>first$}  {a:>9} {b:>9} {c:>9} {d:>9}\n")
        };
        let number = |value: f64| Decimal(value, 2).say(lang);
        let scores = |name: &str, scores: &ClassScores| {
            let ClassScores { precision, recall, f1, support } = *scores;
            row(name, [number(precision), number(recall), number(f1), support.to_string()])
        };
        let mut table = row("", titles) + "\n";
        self.classes.iter().for_each(|(name, one)| table += &scores(name, one));
        let total = self.macro_average.support.to_string();
        let share = [String::new(), String::new(), number(self.accuracy), total];
        table += &format!("\n{}", row(&say(accuracy()), share));
        table + &scores(&simple, &self.macro_average) + &scores(&weighted, &self.weighted_average)
    }
}

impl fmt::Display for ClassificationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table(Lang::En))
    }
}

neurona_core::messages! {
    fn names_differ(names: usize, classes: usize) {
        en: "{names} names, but {classes} classes",
        es: "{names} nombres, pero {classes} clases",
    }

    fn name_each() {
        en: "give one name for each class, in the order of their labels, or none",
        es: "dé un nombre por clase, en el orden de sus etiquetas, o ninguno",
    }

    fn precision() {
        en: "precision",
        es: "precisión",
    }

    fn recall() {
        en: "recall",
        es: "acierto",
    }

    fn f1_score() {
        en: "f1-score",
        es: "valor-F1",
    }

    fn support() {
        en: "support",
        es: "muestras",
    }

    fn accuracy() {
        en: "accuracy",
        es: "exactitud",
    }

    fn macro_average() {
        en: "macro avg",
        es: "media simple",
    }

    fn weighted_average() {
        en: "weighted avg",
        es: "media ponderada",
    }
}
