//! The two wide tables for a narrow terminal: the network's layers and the confusion matrix.

use neurona::ConfusionMatrix;
use neurona::message::{Decimal, Lang, Say};
use neurona::nn::Summary;

/// The layers without the box, each column as wide as its contents.
pub(super) fn summary(summary: &Summary) -> String {
    let boxed = summary.to_string();
    let cells = |line: &str| -> Option<Vec<String>> {
        let inner = line.strip_prefix(['┃', '│'])?.strip_suffix(['┃', '│'])?;
        Some(inner.split(['┃', '│']).map(|cell| cell.trim().to_owned()).collect())
    };
    let rows: Vec<Vec<String>> = boxed.lines().filter_map(cells).collect();
    let columns = rows.first().map_or(0, Vec::len);
    let longest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| longest(column).unwrap_or(0)).collect();
    let row = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate();
        // The third column holds numbers.
        let cells = cells.map(|(column, (cell, &width))| match column {
            2 => format!("{cell:>width$}"),
            _ => format!("{cell:width$}"),
        });
        cells.collect::<Vec<_>>().join("  ")
    };
    let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1));
    let mut lines = Vec::new();
    for line in boxed.lines() {
        match (line.chars().next(), cells(line)) {
            (_, Some(cells)) => lines.push(row(&cells)),
            (Some('┡' | '└'), None) => lines.push(rule.clone()),
            (Some('┏' | '├'), None) => {}
            (_, None) => lines.push(line.trim().to_owned()),
        }
    }
    lines.join("\n")
}

/// The counts, each column as wide as its own numbers, with the share of right answers for each
/// class.
pub(super) fn matrix(matrix: &ConfusionMatrix, lang: Lang) -> String {
    let (predicted, truth, recall, sign) = match lang {
        Lang::En => ("predicted", "true", "recall", "%"),
        Lang::Es => ("predicho", "real", "acierto", " %"),
    };
    let counts = matrix.counts();
    let classes = counts.nrows();
    let cell = |count: u64| if count == 0 { "·".to_owned() } else { count.to_string() };
    let widths: Vec<usize> = (0..classes)
        .map(|column| {
            let cells = counts.column(column);
            let longest = cells.iter().map(|&count| cell(count).chars().count()).max();
            longest.unwrap_or(1).max(column.to_string().len())
        })
        .collect();
    let row = |name: &str, cells: Vec<String>, end: &str| {
        let cells = cells.iter().zip(&widths).map(|(cell, &width)| format!(" {cell:>width$}"));
        format!("{name:>4}{}  {end}\n", cells.collect::<String>())
    };
    let mut table = format!("{:5}{predicted}\n", "");
    table += &row(truth, (0..classes).map(|class| class.to_string()).collect(), recall);
    for class in 0..classes {
        let share = Decimal(100.0 * matrix.recall(class), 1).say(lang);
        let cells = counts.row(class).iter().map(|&count| cell(count)).collect();
        table += &row(&class.to_string(), cells, &format!("{share:>5}{sign}"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona::prelude::ndarray::Array1;
    use neurona::prelude::{Dense, Flatten, Rescaling, Sequential};

    #[test]
    fn both_fit_sixty_columns() {
        let network = Sequential::new([28, 28])
            .add(Rescaling::new(1.0 / 255.0))
            .add(Flatten)
            .add(Dense::new(10))
            .add(Dense::new(10));
        let table = summary(&network.summary().expect("built"));
        assert!(table.contains("\nrescaling (Rescaling)  (None, 28, 28)        0\n"), "{table}");
        assert!(table.contains("\ndense (Dense)          (None, 10)        7,850\n"), "{table}");
        assert!(table.starts_with("Model: \"sequential\"\nLayer (type)"), "{table}");
        assert!(table.contains("\nTotal params: 7,960 (31.09 KB)\n"), "{table}");
        // As many of each class as in the test digits, but more ones.
        let labels: Array1<usize> =
            (0..9_100).map(|i| if i < 9_000 { i % 10 } else { 1 }).collect();
        let answers = labels.mapv(|label| if label == 4 { 9 } else { label });
        let counted = ConfusionMatrix::from_labels(&labels, &answers, 10).expect("labels");
        for lang in Lang::ALL {
            let tables = [matrix(&counted, lang), summary(&network.summary().expect("built"))];
            for line in tables.iter().flat_map(|table| table.lines()) {
                assert!(line.chars().count() <= 56, "{line}");
            }
        }
        assert!(matrix(&counted, Lang::Es).contains("real   0    1"));
        assert!(matrix(&counted, Lang::Es).contains("  0,0 %"));
    }
}
