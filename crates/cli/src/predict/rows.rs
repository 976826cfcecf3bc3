//! The first rows of an output, one per line.

use super::texts;
use crate::numbers::Fixed;
use neurona::data::argmax;
use neurona::message::{Lang, Say};
use neurona::prelude::ndarray::{ArrayD, Axis};

/// How many rows are shown.
const ROWS: usize = 10;

/// How many numbers of a row are shown: all that fit in 80 columns.
const NUMBERS: usize = 6;

/// The name and the shape of an output, then its first rows, each with the name of its largest
/// number, if all have names.
pub(super) fn lines(
    name: &str,
    output: &ArrayD<f32>,
    class_names: &[String],
    lang: Lang,
) -> Vec<String> {
    let sizes: Vec<String> = output.shape().iter().map(ToString::to_string).collect();
    let mut lines = vec![texts::title(name, &sizes.join("×")).get(lang).to_owned()];
    let count = output.shape().first().copied().unwrap_or(0);
    for (number, row) in output.axis_iter(Axis(0)).take(ROWS).enumerate() {
        let values: Vec<f32> = row.iter().copied().collect();
        let mut line = format!("{number:>6} ");
        for value in values.iter().take(NUMBERS) {
            line += &format!(" {:>9}", Fixed(f64::from(*value), 4).say(lang));
        }
        if values.len() > NUMBERS {
            line += &format!("  {}", texts::more_numbers(values.len() - NUMBERS).get(lang));
        }
        if values.len() > 1 && values.len() == class_names.len() {
            line += &format!("  {}", class_names[argmax(&values)]);
        }
        lines.push(line);
    }
    if count > ROWS {
        lines.push(texts::more_rows(count - ROWS).get(lang).to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona::prelude::ndarray::Array2;

    #[test]
    fn rows_are_numbered_cut_and_named() {
        let output = Array2::from_shape_fn((12, 2), |(i, j)| (i * 2 + j) as f32 / 8.0).into_dyn();
        let names = ["no".to_owned(), "sí".to_owned()];
        let lines = lines("answer", &output, &names, Lang::Es);
        assert_eq!(lines.len(), 12);
        assert_eq!(lines[0], "answer (12×2)");
        assert_eq!(lines[2], "     1     0,2500    0,3750  sí");
        assert!(lines[11].starts_with("… y 2 filas más"), "{}", lines[11]);
    }
}
