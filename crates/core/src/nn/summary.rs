//! The table of a network's layers, as Keras prints it.

use super::Weight;
use std::fmt;

/// A network at a glance: its layers with output shapes and parameters and, unless each layer takes
/// the output of the one before it, where their inputs come from. `Display` prints Keras' table.
///
/// A long name continues on the next line, broken between its own words; unlike in Keras, nothing
/// is cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The model's name.
    pub name: String,
    /// The layers, in order.
    pub rows: Vec<SummaryRow>,
}

/// One layer of a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryRow {
    /// The layer's name.
    pub name: String,
    /// The kind of layer.
    pub class_name: String,
    /// The shape of one sample's output; unknown until the input's is.
    pub output: Option<Vec<usize>>,
    /// How many numbers it holds; unknown until the input's shape is.
    pub parameters: Option<usize>,
    /// How many of them training changes.
    pub trainable: usize,
    /// Where its inputs come from, in a model that is not a stack of layers.
    pub connected_to: Vec<String>,
}

impl SummaryRow {
    pub(crate) fn new(
        name: &str,
        class_name: &str,
        built: Option<(Vec<usize>, &[Weight])>,
    ) -> SummaryRow {
        let (output, weights) = built.unzip();
        let own = || {
            weights
                .unwrap_or_default()
                .iter()
                .filter(|w| w.layers.first().is_some_and(|layer| layer == name))
        };
        SummaryRow {
            name: name.to_owned(),
            class_name: class_name.to_owned(),
            output,
            parameters: weights.map(|_| own().map(|w| w.shape.elems()).sum()),
            trainable: own().filter(|w| w.trainable).map(|w| w.shape.elems()).sum(),
            connected_to: Vec::new(),
        }
    }

    /// The row of an input.
    pub(crate) fn input(name: &str, sample: Vec<usize>) -> SummaryRow {
        SummaryRow {
            name: name.to_owned(),
            class_name: "InputLayer".to_owned(),
            output: Some(sample),
            parameters: Some(0),
            trainable: 0,
            connected_to: Vec::new(),
        }
    }

    /// The printed text, in this many columns.
    fn cells(&self, columns: usize) -> Vec<String> {
        let shape = match &self.output {
            None => "?".to_owned(),
            Some(dims) => {
                let dims: Vec<String> = dims.iter().map(|d| format!(", {d}")).collect();
                // Python writes a tuple of one with a comma.
                if dims.is_empty() {
                    "(None,)".to_owned()
                } else {
                    format!("(None{})", dims.concat())
                }
            }
        };
        let parameters = self.parameters.map_or("0 (unbuilt)".to_owned(), grouped);
        let from = match &self.connected_to[..] {
            [] => "-".to_owned(),
            some => some.join(", "),
        };
        let name = format!("{} ({})", self.name, self.class_name);
        [name, shape, parameters, from].into_iter().take(columns).collect()
    }
}

impl Summary {
    /// How many numbers the network holds.
    pub fn total_parameters(&self) -> usize {
        self.rows.iter().filter_map(|row| row.parameters).sum()
    }

    /// How many of them training changes.
    pub fn trainable_parameters(&self) -> usize {
        self.rows.iter().map(|row| row.trainable).sum()
    }

    /// Whether each row takes the output of the row before it, and nothing else: then there is
    /// nothing to say about where inputs come from.
    fn is_stack(&self) -> bool {
        let connected = self.rows.iter().skip(1).filter(|row| !row.connected_to.is_empty());
        connected.count() == 0
            || self.rows.windows(2).all(|pair| match &pair[1].connected_to[..] {
                [from] => from.starts_with(&format!("{}[0][", pair[0].name)),
                _ => false,
            })
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keras' widths for a terminal of 80 columns.
        let widths: &[usize] = if self.is_stack() { &[33, 24, 15] } else { &[21, 19, 12, 19] };
        let mut widths = widths.to_vec();
        let header = ["Layer (type)", "Output Shape", "Param #", "Connected to"];
        let header: Vec<String> = header[..widths.len()].iter().map(|&h| h.to_owned()).collect();
        let rows: Vec<_> = self.rows.iter().map(|row| row.cells(widths.len())).collect();
        for cells in &rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                let longest =
                    cell.split(' ').flat_map(parts).map(|part| part.chars().count()).max();
                *width = (*width).max(longest.unwrap_or(0) + 2);
            }
        }
        let rule = |left: &str, fill: &str, middle: &str, right: &str| {
            let parts: Vec<String> = widths.iter().map(|&w| fill.repeat(w)).collect();
            format!("{left}{}{right}", parts.join(middle))
        };
        writeln!(f, "Model: \"{}\"", self.name)?;
        writeln!(f, "{}", rule("┏", "━", "┳", "┓"))?;
        row(f, &header, &widths, "┃")?;
        writeln!(f, "{}", rule("┡", "━", "╇", "┩"))?;
        for (i, cells) in rows.iter().enumerate() {
            if i > 0 {
                writeln!(f, "{}", rule("├", "─", "┼", "┤"))?;
            }
            row(f, cells, &widths, "│")?;
        }
        writeln!(f, "{}", rule("└", "─", "┴", "┘"))?;
        let (total, learnt) = (self.total_parameters(), self.trainable_parameters());
        let kept = total - learnt;
        writeln!(f, " Total params: {} ({})", grouped(total), memory(total * 4))?;
        writeln!(f, " Trainable params: {} ({})", grouped(learnt), memory(learnt * 4))?;
        write!(f, " Non-trainable params: {} ({})", grouped(kept), memory(kept * 4))
    }
}

/// One row, on as many lines as its longest cell needs; the third column, of numbers, is aligned
/// right.
fn row(f: &mut fmt::Formatter<'_>, cells: &[String], widths: &[usize], bar: &str) -> fmt::Result {
    let room = widths.iter().map(|width| width - 2);
    let wrapped: Vec<Vec<String>> = cells.iter().zip(room).map(|(c, room)| wrap(c, room)).collect();
    for line in 0..wrapped.iter().map(Vec::len).max().unwrap_or(0) {
        f.write_str(bar)?;
        for (column, (lines, width)) in wrapped.iter().zip(widths).enumerate() {
            let (text, room) = (lines.get(line).map_or("", String::as_str), width - 2);
            if column == 2 {
                write!(f, " {text:>room$} {bar}")?;
            } else {
                write!(f, " {text:<room$} {bar}")?;
            }
        }
        writeln!(f)?;
    }
    Ok(())
}

/// Lines of at most this many characters, broken at spaces, and within words that are too long for
/// a line.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let long = word.chars().count() > room;
        for (i, part) in if long { parts(word) } else { vec![word] }.into_iter().enumerate() {
            let gap = if i > 0 { "" } else { " " };
            match lines.last_mut() {
                Some(line) if line.is_empty() => part.clone_into(line),
                Some(line) if line.chars().count() + gap.len() + part.chars().count() <= room => {
                    *line += gap;
                    *line += part;
                }
                _ => lines.push(part.to_owned()),
            }
        }
    }
    lines
}

/// Where a word may be broken: `global_`, `average`, `[0]`, `[0]`; `(Global`, `Average`, `Pooling2D)`.
fn parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut before) = (0, '_');
    for (at, letter) in word.char_indices() {
        let begins =
            letter == '[' || before == '_' || before.is_lowercase() && letter.is_uppercase();
        if begins && at > start {
            parts.push(&word[start..at]);
            start = at;
        }
        before = letter;
    }
    parts.push(&word[start..]);
    parts
}

/// 7850 as `7,850`: part of Keras' format, in any language.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes with two decimals in the unit that fits.
fn memory(bytes: usize) -> String {
    let mut size = bytes as f64;
    let mut units = ["B", "KB", "MB", "GB", "TB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if size < 1024.0 {
            break;
        }
        (size, unit) = (size / 1024.0, larger);
    }
    format!("{size:.2} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, class_name: &str, output: &[usize], parameters: usize) -> SummaryRow {
        SummaryRow {
            name: name.to_owned(),
            class_name: class_name.to_owned(),
            output: Some(output.to_vec()),
            parameters: Some(parameters),
            trainable: parameters,
            connected_to: Vec::new(),
        }
    }

    fn from(mut row: SummaryRow, from: &[&str]) -> SummaryRow {
        row.connected_to = from.iter().map(|&name| name.to_owned()).collect();
        row
    }

    #[test]
    fn a_stack_is_keras_table() {
        let mut frozen = row("last", "Dense", &[1], 1_001);
        frozen.trainable = 0;
        let rows = vec![row("first", "Dense", &[28, 1000], 1_234_567), frozen];
        let text = Summary { name: "sequential".to_owned(), rows }.to_string();
        let line = |name, shape, number| format!("┃ {name:<31} ┃ {shape:<22} ┃ {number:>13} ┃");
        let of = |left, fill: &str, middle: &str, right| {
            format!("{left}{}{right}", [33, 24, 15].map(|width| fill.repeat(width)).join(middle))
        };
        let expected = [
            "Model: \"sequential\"".to_owned(),
            of("┏", "━", "┳", "┓"),
            line("Layer (type)", "Output Shape", "Param #"),
            of("┡", "━", "╇", "┩"),
            line("first (Dense)", "(None, 28, 1000)", "1,234,567").replace('┃', "│"),
            of("├", "─", "┼", "┤"),
            line("last (Dense)", "(None, 1)", "1,001").replace('┃', "│"),
            of("└", "─", "┴", "┘"),
            " Total params: 1,235,568 (4.71 MB)".to_owned(),
            " Trainable params: 1,234,567 (4.71 MB)".to_owned(),
            " Non-trainable params: 1,001 (3.91 KB)".to_owned(),
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn where_inputs_come_from_is_told_where_it_is_not_the_row_before() {
        let columns = |rows: Vec<SummaryRow>| {
            let text = Summary { name: "m".to_owned(), rows }.to_string();
            text.lines().nth(2).unwrap().matches('┃').count() - 1
        };
        let [a, b, c] = ["a", "b", "c"].map(|name| row(name, "Dense", &[2], 6));
        assert_eq!(columns(vec![a.clone(), b.clone(), c.clone()]), 3);
        let after_a = from(b, &["a[0][0]"]);
        assert_eq!(columns(vec![a.clone(), after_a.clone(), from(c.clone(), &["b[0][0]"])]), 3);
        assert_eq!(columns(vec![a.clone(), after_a.clone(), from(c.clone(), &["a[0][0]"])]), 4);
        assert_eq!(columns(vec![a.clone(), from(c.clone(), &["a[0][0]", "a[0][0]"])]), 4);
        assert_eq!(columns(vec![a, after_a, c]), 4, "one that takes nothing stands apart");
    }

    #[test]
    fn lines_are_as_full_as_they_can_be_and_no_fuller() {
        let check = |text: &str, room, expected: &[&str]| assert_eq!(wrap(text, room), expected);
        check("ab cd", 5, &["ab cd"]);
        check("ab cde", 5, &["ab", "cde"]);
        check("ab cd ef", 5, &["ab cd", "ef"]);
        // Exactly long enough without the gap: the gap counts.
        check("aaaaaaaaa bbbbbbbbbb", 19, &["aaaaaaaaa", "bbbbbbbbbb"]);
        check("aaaaaaaaa bbbbbbbbb", 19, &["aaaaaaaaa bbbbbbbbb"]);
        check(
            "global_average_pooling2d (GlobalAveragePooling2D)",
            19,
            &["global_average_", "pooling2d (Global", "AveragePooling2D)"],
        );
        check("ñandú (Ñ)", 9, &["ñandú (Ñ)"]);
        // A word that cannot be broken stays whole.
        check("abcdefgh i", 4, &["abcdefgh", "i"]);
    }

    #[test]
    fn bytes_are_told_in_the_unit_that_fits() {
        for (bytes, told) in [
            (0, "0.00 B"),
            (1023, "1023.00 B"),
            (1024, "1.00 KB"),
            (1536, "1.50 KB"),
            (1 << 20, "1.00 MB"),
            (3 << 40, "3.00 TB"),
            (5000 << 40, "5000.00 TB"),
        ] {
            assert_eq!(memory(bytes), told);
        }
    }
}
