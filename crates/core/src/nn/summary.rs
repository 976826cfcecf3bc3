//! The table of a network's layers, as Keras prints it.

use super::Weight;
use std::fmt;

/// A network at a glance: its layers with output shapes and parameters. `Display` prints Keras' table.
///
/// It is wider where names need it, and never cuts a name or a number.
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
    /// Where its inputs come from, in a model that is no stack of layers.
    pub connected_to: Vec<String>,
}

impl SummaryRow {
    pub(crate) fn new(
        name: &str,
        class_name: &str,
        built: Option<(Vec<usize>, &[Weight])>,
    ) -> SummaryRow {
        let prefix = format!("{name}/");
        let (output, weights) = built.unzip();
        let own = || weights.unwrap_or_default().iter().filter(|w| w.name.starts_with(&prefix));
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

    fn cells(&self) -> [String; 3] {
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
        [format!("{} ({})", self.name, self.class_name), shape, parameters]
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
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["Layer (type)", "Output Shape", "Param #"].map(str::to_owned);
        let rows: Vec<[String; 3]> = self.rows.iter().map(SummaryRow::cells).collect();
        // Keras' widths for a terminal of 80 columns.
        let mut widths = [33, 24, 15];
        for cells in rows.iter().chain([&header]) {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count() + 2);
            }
        }
        let rule = |left: &str, fill: &str, middle: &str, right: &str| {
            let parts: Vec<String> = widths.iter().map(|&w| fill.repeat(w)).collect();
            format!("{left}{}{right}", parts.join(middle))
        };
        let line = |cells: &[String; 3], bar: &str| {
            let [name, shape, parameters] = cells;
            let [a, b, c] = widths.map(|w| w - 2);
            format!("{bar} {name:<a$} {bar} {shape:<b$} {bar} {parameters:>c$} {bar}")
        };
        writeln!(f, "Model: \"{}\"", self.name)?;
        writeln!(f, "{}", rule("┏", "━", "┳", "┓"))?;
        writeln!(f, "{}", line(&header, "┃"))?;
        writeln!(f, "{}", rule("┡", "━", "╇", "┩"))?;
        for (i, row) in rows.iter().enumerate() {
            if i > 0 {
                writeln!(f, "{}", rule("├", "─", "┼", "┤"))?;
            }
            writeln!(f, "{}", line(row, "│"))?;
        }
        writeln!(f, "{}", rule("└", "─", "┴", "┘"))?;
        let (total, learnt) = (self.total_parameters(), self.trainable_parameters());
        let kept = total - learnt;
        writeln!(f, " Total params: {} ({})", grouped(total), memory(total * 4))?;
        writeln!(f, " Trainable params: {} ({})", grouped(learnt), memory(learnt * 4))?;
        write!(f, " Non-trainable params: {} ({})", grouped(kept), memory(kept * 4))
    }
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
