//! Errors: a code, what is wrong, where, why with the numbers that disagree, and what to do.

mod codes;

pub use codes::{Page, document, notes, page_of, pages};

use crate::message::{Lang, Say, Text};
use std::fmt;
use std::io;
use std::sync::Arc;

/// What went wrong, as a number that users can look up. There is one table for the whole project.
///
/// More codes will come: a `match` needs an arm for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Shapes do not fit: data against a layer, or the two sides of an operation.
    E012,
    /// The last layer does not suit the data or the loss.
    E013,
    /// The model is not ready: no layers, no input shape, or not compiled.
    E014,
    /// A name that does not exist (a loss, an activation, a metric, a layer).
    E015,
    /// A setting out of range: a dropout rate of 1.5, a batch size of 0.
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
    /// A run folder that does not suit the training: it belongs to another training, or already
    /// holds one.
    E036,
    /// A run folder that another process is using.
    E037,
    /// A file that asks for code to be run, or for another file.
    E038,
    /// Training diverged: the loss is no longer a number.
    E041,
    /// The command line was used wrongly.
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

    /// The exit code of a command that ends with it: 2 wrong use, 3 data, files and runs, 4 models,
    /// shapes and settings, 5 training that diverged.
    pub fn exit_code(self) -> u8 {
        match self {
            Code::E002 => 2,
            Code::E021
            | Code::E022
            | Code::E023
            | Code::E024
            | Code::E025
            | Code::E031
            | Code::E034
            | Code::E035
            | Code::E036
            | Code::E037
            | Code::E038 => 3,
            Code::E012 | Code::E013 | Code::E014 | Code::E015 | Code::E016 => 4,
            Code::E041 => 5,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// An error that a person can act on. `Display` is English; [`Error::in_lang`] gives either
/// language.
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
///
/// If another error is underneath, such as the system's, [`source`](std::error::Error::source)
/// gives it:
///
/// ```
/// use neurona_core::error::{Code, Error};
/// use neurona_core::message::Text;
/// use std::error::Error as _;
/// use std::io;
///
/// let why = io::Error::from(io::ErrorKind::PermissionDenied);
/// let error = Error::new(Code::E035, Text::verbatim("the file cannot be read")).caused_by(why);
/// let beneath = error.source().and_then(|source| source.downcast_ref::<io::Error>());
/// assert_eq!(beneath.map(io::Error::kind), Some(io::ErrorKind::PermissionDenied));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Parts>);

#[derive(Clone)]
struct Parts {
    code: Code,
    place: Option<String>,
    text: Text,
    fix: Option<Text>,
    /// Shared, because the errors of other libraries cannot be cloned.
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// Errors are the same if they say the same: the errors underneath cannot be compared.
impl PartialEq for Parts {
    fn eq(&self, other: &Parts) -> bool {
        let Parts { code, place, text, fix, source: _ } = self;
        (code, place, text, fix) == (&other.code, &other.place, &other.text, &other.fix)
    }
}

impl Eq for Parts {}

/// The result of functions that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error that says what is wrong and why.
    pub fn new(code: Code, text: Text) -> Error {
        Error(Box::new(Parts { code, place: None, text, fix: None, source: None }))
    }

    /// Where it is wrong: a layer, a file, a line of code. The innermost place is kept.
    pub fn at(mut self, place: impl Into<String>) -> Error {
        self.0.place.get_or_insert(place.into());
        self
    }

    /// Puts another place around it: `batch 2, dense` for an error at `dense` in `batch 2`.
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

    /// The underlying error, from the system or another library; the text already includes its message.
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Error {
        self.0.source = Some(Arc::new(source));
        self
    }

    /// The same for a system error that is only borrowed: it is made again from its number.
    pub fn caused_by_system(self, why: &io::Error) -> Error {
        self.caused_by(match why.raw_os_error() {
            Some(number) => io::Error::from_raw_os_error(number),
            None => io::Error::new(why.kind(), why.to_string()),
        })
    }

    /// The number of the error.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The problem and its cause, without code, place and fix.
    pub fn reason(&self) -> &Text {
        &self.0.text
    }

    /// Where it happened, if it is known.
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// The whole error in a language: code, place, what and why, fix.
    pub fn in_lang(&self, lang: Lang) -> String {
        let Parts { code, place, text, fix, source: _ } = &*self.0;
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
            // A question, or a sentence that already ends in a full stop, needs no other.
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

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}

/// The system's message: in either language if it is one of the usual ones, otherwise in the
/// system's own words.
impl Say for io::Error {
    fn say(&self, lang: Lang) -> String {
        // Our own error, on its way through a function that returns the system's.
        if let Some(own) = self.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            return own.in_lang(lang);
        }
        let number = self.raw_os_error();
        if self.get_ref().is_some() {
            return self.to_string();
        }
        let Some(text) = usual(self.kind(), number) else { return self.to_string() };
        match (number, lang) {
            (None, _) => text.get(lang).to_owned(),
            (Some(number), Lang::En) => format!("{} (os error {number})", text.get(lang)),
            (Some(number), Lang::Es) => format!("{} (error {number} del sistema)", text.get(lang)),
        }
    }
}

/// The system's usual reasons for refusing.
fn usual(kind: io::ErrorKind, number: Option<i32>) -> Option<Text> {
    use io::ErrorKind as Kind;
    let (en, es) = match kind {
        Kind::NotFound => ("no such file or folder", "no existe ese archivo o esa carpeta"),
        Kind::PermissionDenied => ("permission denied", "permiso denegado"),
        Kind::AlreadyExists => ("it already exists", "ya existe"),
        Kind::IsADirectory => ("it is a folder", "es una carpeta"),
        Kind::NotADirectory => {
            ("a part of the path is not a folder", "una parte de la ruta no es una carpeta")
        }
        Kind::DirectoryNotEmpty => ("the folder is not empty", "la carpeta no está vacía"),
        Kind::StorageFull => ("no space left on the disk", "no queda espacio en el disco"),
        Kind::QuotaExceeded => ("the disk quota is used up", "se agotó la cuota de disco"),
        Kind::FileTooLarge => ("the file is too large", "el archivo es demasiado grande"),
        Kind::ReadOnlyFilesystem => ("the disk is read-only", "el disco es de solo lectura"),
        Kind::InvalidFilename => {
            ("the file name is not valid", "el nombre del archivo no es válido")
        }
        Kind::CrossesDevices => {
            ("the two paths are on different disks", "las dos rutas están en discos distintos")
        }
        Kind::ResourceBusy => ("it is in use", "está en uso"),
        Kind::BrokenPipe => ("the reader has gone", "quien leía se ha ido"),
        Kind::TimedOut => ("it took too long", "tardó demasiado"),
        Kind::UnexpectedEof => ("the data ends too soon", "los datos terminan antes de tiempo"),
        Kind::WriteZero => ("not all of it could be written", "no se pudo escribir todo"),
        Kind::OutOfMemory => ("not enough memory", "no hay memoria suficiente"),
        Kind::Unsupported => ("the system does not support it", "el sistema no lo admite"),
        // Kinds that Rust has no name for yet, by Unix error number.
        _ if cfg!(unix) => match number? {
            5 => ("input or output failed", "falló la entrada o la salida"),
            23 | 24 => ("too many open files", "hay demasiados archivos abiertos"),
            40 => ("its links lead in a circle", "sus enlaces forman un círculo"),
            _ => return None,
        },
        _ => return None,
    };
    Some(Text::new(en, es))
}

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

    /// The names that exist.
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

/// The error for a name that is not among `known`: with the nearest one, if any is near enough, and
/// with the list, of which only the nearest five are shown.
pub fn unknown_name(kind: &Text, name: &str, known: &[&str]) -> Error {
    let text = match nearest(name, known) {
        Some(near) => did_you_mean(kind, name, near),
        None => no_such_name(kind, name),
    };
    Error::new(Code::E015, text).fix(one_of(name, known))
}

/// What to do about a name that is not among `known`: all names if they are few, otherwise the most
/// similar ones.
///
/// ```
/// use neurona_core::error::one_of;
/// use neurona_core::message::Lang;
/// assert_eq!(one_of("no", &["a", "b"]).get(Lang::En), "use one of: a, b");
/// let known = ["tan", "tanh", "relu", "softmax", "sigmoid", "linear", "softplus"];
/// let fix = one_of("tahn", &known);
/// assert!(fix.get(Lang::En).starts_with("use one of the 7 names; the nearest are: tan, tanh,"));
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
/// assert_eq!(nearest("c", &["a", "b"]), None);
/// assert_eq!(nearest("b", &["a", "bb"]), Some("bb"));
/// ```
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let letters = |k: &str| name.chars().count().max(k.chars().count());
    let slips = known.iter().map(|k| (distance(name, k), *k));
    // If every letter differs, the name is like nothing.
    let (slips, near) = slips.filter(|(slips, k)| *slips < letters(k)).min()?;
    (slips <= (letters(near) / 3).max(1)).then_some(near)
}

/// The difference in bytes above which no slip can explain it.
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
    fn what_the_system_says_comes_in_both_languages() {
        let says = |error: io::Error| [Lang::En, Lang::Es].map(|lang| error.say(lang));
        let missing = std::fs::read("/there/is/no/such/file").unwrap_err();
        let [en, es] = says(missing);
        assert!(en.starts_with("no such file or folder (os error "), "{en}");
        assert!(es.starts_with("no existe ese archivo o esa carpeta (error "), "{es}");
        let full = says(io::ErrorKind::StorageFull.into());
        assert_eq!(full, ["no space left on the disk", "no queda espacio en el disco"]);
        let other = says(io::Error::other("seven"));
        assert_eq!(other, ["seven", "seven"]);
        let own = Error::new(Code::E034, Text::new("bad", "malo"));
        assert_eq!(says(io::Error::other(own)), ["E034 bad", "E034 malo"]);
    }

    #[test]
    fn what_is_beneath_stays_with_a_clone_and_is_not_compared() {
        use std::error::Error as _;
        let plain = Error::new(Code::E035, Text::verbatim("x"));
        let error = plain.clone().caused_by(io::Error::from(io::ErrorKind::NotFound)).at("file");
        let copy = error.clone().inside("folder");
        let kind = |error: &Error| error.source()?.downcast_ref().map(io::Error::kind);
        assert_eq!([kind(&error), kind(&copy)], [Some(io::ErrorKind::NotFound); 2]);
        assert_eq!(kind(&plain), None);
        assert_eq!(plain.at("file"), error);
    }

    #[test]
    fn every_code_ends_a_command_with_a_number() {
        assert!(Code::ALL.iter().all(|code| (2..=5).contains(&code.exit_code())));
    }

    #[test]
    fn the_innermost_place_is_kept() {
        let error = Error::new(Code::E012, Text::verbatim("x")).at("dense").at("fit");
        assert_eq!(error.place(), Some("dense"));
        assert_eq!(error.inside("batch 2").place(), Some("batch 2, dense"));
    }
}
