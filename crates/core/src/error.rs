//! Errors: a code, what is wrong, where, why with the numbers that disagree, and what to do.

use crate::message::{Lang, Text};
use std::fmt;

/// What went wrong, as a number users can look up. One table for the whole project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// Shapes do not fit: data against a layer, or the two sides of an operation.
    E012,
    /// The last layer does not suit the data or the loss.
    E013,
    /// The model is not ready: no layers, no input shape, or not compiled.
    E014,
    /// A name that does not exist (a loss, an activation, a metric, a layer).
    E015,
    /// A setting out of its range: a dropout rate of 1.5, a batch size of 0.
    E016,
    /// Targets are encoded in a way the loss cannot take.
    E021,
    /// Class labels out of range.
    E022,
    /// Numbers that are not finite (NaN or infinity) in the data.
    E023,
    /// Inputs and targets have different numbers of rows.
    E024,
    /// No data at all.
    E025,
    /// A file that is not there.
    E031,
    /// A file that is damaged or not of the kind expected.
    E034,
    /// The system refused to read or write a file.
    E035,
    /// A run folder that does not suit the training: it is of another one, or holds one already.
    E036,
    /// A run folder that another process is using.
    E037,
    /// A file that asks for code to be run, or for another file.
    E038,
    /// Training diverged: the loss is not a number any more.
    E041,
    /// Wrong use of the command line.
    E002,
}

impl Code {
    /// Every code, in the order of their numbers.
    pub const ALL: [Code; 18] = [
        Code::E002,
        Code::E012,
        Code::E013,
        Code::E014,
        Code::E015,
        Code::E016,
        Code::E021,
        Code::E022,
        Code::E023,
        Code::E024,
        Code::E025,
        Code::E031,
        Code::E034,
        Code::E035,
        Code::E036,
        Code::E037,
        Code::E038,
        Code::E041,
    ];
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// An error a person can act on. `Display` is English; [`Error::in_lang`] gives either language.
///
/// ```
/// use neurona_core::error::{Code, Error};
/// use neurona_core::message::Text;
///
/// let error = Error::new(Code::E024, Text::verbatim("x has 3 rows, y has 2"))
///     .at("fit")
///     .fix(Text::verbatim("give one target per sample"));
/// assert_eq!(error.code(), Code::E024);
/// assert_eq!(error.to_string(), "E024 fit: x has 3 rows, y has 2. Fix: give one target per sample");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Parts>);

#[derive(Clone, PartialEq, Eq)]
struct Parts {
    code: Code,
    place: Option<String>,
    text: Text,
    fix: Option<Text>,
}

/// What functions that can fail return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error that says what is wrong and why.
    pub fn new(code: Code, text: Text) -> Error {
        Error(Box::new(Parts { code, place: None, text, fix: None }))
    }

    /// Where it is wrong: a layer, a file, a line of code. The innermost place is kept.
    pub fn at(mut self, place: impl Into<String>) -> Error {
        self.0.place.get_or_insert(place.into());
        self
    }

    /// Around where it is wrong: `batch 2, dense` for what is wrong at `dense` in `batch 2`.
    pub fn inside(mut self, outer: impl Into<String>) -> Error {
        let outer = outer.into();
        let place = self.0.place.take();
        self.0.place = Some(place.map_or(outer.clone(), |inner| format!("{outer}, {inner}")));
        self
    }

    /// What to do about it.
    pub fn fix(mut self, fix: Text) -> Error {
        self.0.fix = Some(fix);
        self
    }

    /// The number of the error.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What is wrong and why, without code, place and fix.
    pub fn reason(&self) -> &Text {
        &self.0.text
    }

    /// Where it happened, if it is known.
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// The whole error in a language: code, place, what and why, fix.
    pub fn in_lang(&self, lang: Lang) -> String {
        let Parts { code, place, text, fix } = &*self.0;
        let mut out = code.to_string();
        if let Some(place) = place {
            out += &format!(" {place}:");
        }
        out += &format!(" {}", text.get(lang));
        if let Some(fix) = fix {
            let word = match lang {
                Lang::En => "Fix",
                Lang::Es => "Solución",
            };
            // A question or a sentence that is already closed needs no full stop.
            let stop = if out.ends_with(['?', '.']) { "" } else { "." };
            out += &format!("{stop} {word}: {}", fix.get(lang));
        }
        out
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_lang(Lang::En))
    }
}

/// The same as `Display`, because `fn main() -> Result<()>` shows a returned error this way.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

crate::messages! {
    /// An unknown name, with the nearest known one.
    fn did_you_mean(kind: &Text, name: &str, near: &str) {
        en: "there is no {kind} called \"{name}\". Did you mean \"{near}\"?",
        es: "no existe {kind} con el nombre \"{name}\". ¿Quiso decir \"{near}\"?",
    }

    /// An unknown name, with nothing near it.
    fn no_such_name(kind: &Text, name: &str) {
        en: "there is no {kind} called \"{name}\"",
        es: "no existe {kind} con el nombre \"{name}\"",
    }

    /// The names there are.
    fn known_names(names: &str) {
        en: "use one of: {names}",
        es: "use uno de: {names}",
    }

    /// Of many names, the nearest.
    fn nearest_names(names: &str, count: usize) {
        en: "use one of the {count} names; the nearest are: {names}",
        es: "use uno de los {count} nombres; los más parecidos son: {names}",
    }
}

/// How many names an error lists.
const LISTED: usize = 5;

/// The error for a name that is not among `known`: with the nearest one if any is near enough, and the list, of which only
/// the nearest five are shown.
pub fn unknown_name(kind: &Text, name: &str, known: &[&str]) -> Error {
    let text = match nearest(name, known) {
        Some(near) => did_you_mean(kind, name, near),
        None => no_such_name(kind, name),
    };
    Error::new(Code::E015, text).fix(one_of(name, known))
}

/// What to do about a name that is not among `known`: all names if they are few, else those that are most like it.
///
/// ```
/// use neurona_core::error::one_of;
/// use neurona_core::message::Lang;
/// assert_eq!(one_of("no", &["a", "b"]).get(Lang::En), "use one of: a, b");
/// let known = ["tan", "tanh", "relu", "softmax", "sigmoid", "linear", "softplus"];
/// let fix = one_of("tahn", &known);
/// assert!(fix.get(Lang::En).starts_with("use one of the 7 names; the nearest are: tanh, tan,"));
/// ```
pub fn one_of(name: &str, known: &[&str]) -> Text {
    if known.len() <= LISTED {
        return known_names(&known.join(", "));
    }
    let mut near = known.to_vec();
    near.sort_by_cached_key(|k| distance(name, k));
    near.truncate(LISTED);
    nearest_names(&near.join(", "), known.len())
}

/// The name among `known` that is probably meant, if any is near enough: one slip, or one for every three letters.
///
/// ```
/// use neurona_core::error::nearest;
/// assert_eq!(nearest("--epocs", &["--epochs", "--seed"]), Some("--epochs"));
/// assert_eq!(nearest("Dnese", &["Dense", "Dropout"]), Some("Dense"));
/// assert_eq!(nearest("--verbose", &["--epochs", "--seed"]), None);
/// assert_eq!(nearest("GRU", &["ELU", "ReLU"]), None);
/// ```
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let (slips, near) = known.iter().map(|k| (distance(name, k), *k)).min()?;
    let letters = name.chars().count().max(near.chars().count());
    (slips <= (letters / 3).max(1)).then_some(near)
}

/// By how many bytes words are so different that no slip explains it.
const MUCH: usize = 256;

/// Edits (insert, delete, replace a letter, swap two neighbours) that turn one word into the other, ignoring case.
fn distance(a: &str, b: &str) -> usize {
    // Names come from files, too: one that is much longer than the other is not compared letter by letter.
    if a.len().abs_diff(b.len()) > MUCH {
        return a.len().abs_diff(b.len());
    }
    let [a, b] = [a, b].map(|word| word.to_lowercase().chars().collect::<Vec<char>>());
    // The edits between the first letters of both, row by row of `a`.
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let replaced = rows[i][j] + usize::from(a[i] != b[j]);
            let mut least = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_gets_the_nearest_one() {
        let kind = Text::new("loss", "ninguna pérdida");
        let error = unknown_name(&kind, "mean_square_error", &["mean_squared_error", "hinge"]);
        assert_eq!(error.code(), Code::E015);
        assert!(error.to_string().contains("Did you mean \"mean_squared_error\"?"), "{error}");
        let error = unknown_name(&kind, "zzz", &["mean_squared_error", "hinge"]);
        assert!(!error.to_string().contains("Did you mean"), "{error}");
        assert!(error.in_lang(Lang::Es).contains("use uno de: mean_squared_error, hinge"));
    }

    #[test]
    fn of_many_names_the_nearest_five_are_shown() {
        let known: Vec<String> = (10..90).map(|n| format!("layer_{n}")).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let error = unknown_name(&Text::new("layer", "ninguna capa"), "layer_9", &known);
        for (lang, count) in [(Lang::En, "the 80 names"), (Lang::Es, "los 80 nombres")] {
            let said = error.in_lang(lang);
            assert!(said.contains(count), "{said}");
            let (_, list) = said.rsplit_once(": ").expect("a list");
            assert_eq!(list.split(", ").count(), 5, "{said}");
            assert!(list.split(", ").all(|name| name.contains('9')), "{said}");
        }
    }

    #[test]
    fn short_names_are_not_taken_for_each_other() {
        for (name, known) in [("GRU", "ELU"), ("sgd", "sum"), ("LSTM", "Dot"), ("mse", "mae.")] {
            assert_eq!(nearest(name, &[known]), None, "{name}");
        }
        for (name, known) in [("Dnese", "Dense"), ("adm", "adam"), ("relu7", "relu6"), ("b", "bb")]
        {
            assert_eq!(nearest(name, &[known]), Some(known), "{name}");
        }
    }

    #[test]
    fn the_innermost_place_is_kept() {
        let error = Error::new(Code::E012, Text::verbatim("x")).at("dense").at("fit");
        assert_eq!(error.place(), Some("dense"));
        assert_eq!(error.inside("batch 2").place(), Some("batch 2, dense"));
    }
}
