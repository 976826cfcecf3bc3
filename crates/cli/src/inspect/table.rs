//! The contents of a file, for a person.

use super::arrays::Unread;
use super::settings::said;
use super::statistics::Statistics;
use super::{Inside, texts};
use crate::fold::wrap;
use crate::numbers::{Fixed, Significant};
use neurona::message::{Decimal, Lang, Say, Text};
use neurona::train::Model;
use serde_json::Value;

/// The columns of a line.
const WIDTH: usize = 80;

/// A file of arrays.
pub(super) fn of_arrays(
    file: &str,
    arrays: &[Statistics],
    unread: &[Unread],
    lang: Lang,
) -> String {
    let mut page = format!("{file}\n\n{}", table(&texts::array(), arrays, lang));
    if !unread.is_empty() {
        page.push('\n');
    }
    for (name, error) in unread {
        page += &entry(&texts::unread(name), error.reason().get(lang), lang);
    }
    page
}

/// A model file.
pub(super) fn of_model(model: &Model, inside: &Inside, lang: Lang) -> String {
    let mut page = format!("{}\n\n", inside.summary);
    match &inside.compiled {
        Some(compiled) => page += &compiled_with(compiled, lang),
        None => page += &format!("{}\n", texts::not_compiled().get(lang)),
    }
    let precisions = model.network().precisions();
    if !precisions.is_empty() {
        let each = precisions.iter().map(|(layer, policy)| format!("{layer} {policy}"));
        page += &entry(&texts::precision(), &each.collect::<Vec<_>>().join(", "), lang);
    }
    page.push('\n');
    match &inside.weights {
        Some(weights) => page += &table(&texts::weight(), weights, lang),
        None => page += &format!("{}\n", texts::no_weights().get(lang)),
    }
    let history = model.history();
    page.push('\n');
    if history.epoch.is_empty() {
        page += &format!("{}\n", texts::no_history().get(lang));
    } else {
        let last = |(name, values): (&String, &Vec<f64>)| {
            Some(format!("{name} {}", Decimal(*values.last()?, 4).say(lang)))
        };
        let last: Vec<String> = history.history.iter().filter_map(last).collect();
        page += &entry(&texts::history(history.epoch.len()), &last.join(", "), lang);
    }
    page += &format!("{}\n", texts::seed(&model.random_seed().to_string()).get(lang));
    let classes = model.class_names();
    if !classes.is_empty() {
        page += &entry(&texts::classes(classes.len()), &classes.join(", "), lang);
    }
    page
}

fn compiled_with(compiled: &Value, lang: Lang) -> String {
    let metrics: Vec<String> = ["metrics", "weighted_metrics"]
        .iter()
        .filter(|key| !compiled[*key].is_null())
        .map(|key| said(&compiled[*key]))
        .filter(|text| !text.is_empty())
        .collect();
    let metrics = if metrics.is_empty() { "-".to_owned() } else { metrics.join(", ") };
    entry(&texts::optimizer(), &said(&compiled["optimizer"]), lang)
        + &entry(&texts::loss(), &said(&compiled["loss"]), lang)
        + &entry(&texts::metrics(), &metrics, lang)
}

/// A name and its value, on as many lines as it needs.
fn entry(name: &Text, text: &str, lang: Lang) -> String {
    let lines = wrap(&format!("{}: {text}", name.get(lang)), WIDTH - 2);
    lines.join("\n  ") + "\n"
}

/// A line for each array. A name that would make it wider than the page continues after a slash on a line of its own;
/// nothing is cut.
fn table(title: &Text, arrays: &[Statistics], lang: Lang) -> String {
    let heads = [
        title.clone(),
        texts::shape(),
        texts::mean(),
        texts::deviation(),
        texts::least(),
        texts::most(),
        texts::zeros(),
    ];
    let mut rows = vec![heads.map(|head| head.get(lang).to_owned())];
    rows.extend(arrays.iter().map(|array| cells(array, lang)));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; 7] = std::array::from_fn(|column| width(column).unwrap_or(0));
    let numbers: usize = widths[1..].iter().map(|width| width + 2).sum();
    let names: Vec<Vec<String>> =
        rows.iter().map(|row| by_slashes(&row[0], WIDTH.saturating_sub(numbers))).collect();
    let name_width = names.iter().flatten().map(|line| line.chars().count()).max().unwrap_or(0);
    let notes = std::iter::once(0).chain(arrays.iter().map(|array| array.not_finite));
    let mut page = String::new();
    for ((row, name), not_finite) in rows.iter().zip(&names).zip(notes) {
        page += &name.join("\n");
        let missing = name.last().map_or(0, |line| name_width - line.chars().count());
        page += &" ".repeat(missing);
        for (cell, width) in row.iter().zip(widths).skip(1) {
            page += &format!("  {cell:>width$}");
        }
        if not_finite > 0 {
            page += texts::not_finite(not_finite).get(lang);
        }
        page.push('\n');
    }
    page
}

/// The lines of a name, each at most this wide where its slashes allow it, indented from the second
/// on.
fn by_slashes(name: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in name.split_inclusive('/') {
        let line = lines.last_mut().expect("there is one");
        if line.trim().is_empty() || line.chars().count() + part.chars().count() <= width {
            *line += part;
        } else {
            lines.push(format!("  {part}"));
        }
    }
    lines
}

fn cells(array: &Statistics, lang: Lang) -> [String; 7] {
    let [mean, deviation, least, most] = match array.moments {
        Some(m) => [m.mean, m.deviation, m.least, m.most].map(|value| number(value, lang)),
        None => [(); 4].map(|()| "-".to_owned()),
    };
    let zeros = format!("{} %", Fixed(100.0 * array.zeros, 1).say(lang));
    [array.name.clone(), array.shape_text(), mean, deviation, least, most, zeros]
}

/// A number with three digits in at most eight characters, however large or small it is.
fn number(value: f64, lang: Lang) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e5).contains(&size) {
        let text = format!("{value:.2e}").replace('-', "−");
        return if lang == Lang::Es { text.replace('.', ",") } else { text };
    }
    Significant(value, 3).say(lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_go_on_after_a_slash() {
        assert_eq!(by_slashes("dense/kernel", 12), ["dense/kernel"]);
        assert_eq!(by_slashes("dense/kernel", 11), ["dense/", "  kernel"]);
        assert_eq!(by_slashes("layers/a/vars/0", 9), ["layers/a/", "  vars/0"]);
        assert_eq!(by_slashes("kernel", 3), ["kernel"]);
    }

    #[test]
    fn numbers_of_any_size_fit_a_column() {
        for (value, text) in
            [(0.0, "0,00"), (0.012_345, "0,0123"), (-1.5e-7, "−1,50e−7"), (2.5e9, "2,50e9")]
        {
            assert_eq!(number(value, Lang::Es), text);
        }
    }
}
