//! Writing the numbers of each epoch to a table in a file.

use super::output::Output;
use crate::nn::Finding;
use crate::train::{Callback, CallbackState, Event, Logs};
use neurona_core::error::{Code, Error, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Writes a line for each epoch to a file of comma-separated values, as soon as the epoch is done. Keras'
/// `CSVLogger`: `epoch`, from 0, then the loss and the metrics in alphabetical order.
///
/// Numbers are written in full, so that reading them gives the same bits. Unlike Keras', the file has no
/// columns of `NA` if there is no validation, and lines end only in a line feed.
///
/// In a [run](crate::train::Run) that is resumed, the file continues without a missing or repeated
/// line.
///
/// Errors at `fit`: E034 the file that it should continue has other columns; E035 the file cannot
/// be made. Later problems are notes, `W035`, and training continues.
///
/// ```
/// use ndarray::array;
/// use neurona::prelude::*;
/// let path = std::env::temp_dir().join(format!("neurona-doc-{}.csv", std::process::id()));
/// let mut model = Sequential::new([1]).add(Dense::new(1));
/// model.compile(Sgd::default(), MeanSquaredError, [])?;
/// let (x, y) = (array![[1.0f32], [2.0]], array![[2.0f32], [4.0]]);
/// model.fit(&x, &y, Fit::epochs(2).verbose(Verbose::Silent).callback(CsvLogger::new(&path)))?;
/// let text = std::fs::read_to_string(&path).unwrap_or_default();
/// assert!(text.starts_with("epoch,loss\n0,"));
/// assert_eq!(text.lines().count(), 3);
/// # std::fs::remove_file(&path).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
#[derive(Debug)]
pub struct CsvLogger {
    path: PathBuf,
    separator: String,
    append: bool,
    /// Whether the file's last line was not ended.
    lacks_line_end: bool,
    columns: Vec<String>,
    output: Option<Output>,
    /// How many bytes the file held before this training.
    before: u64,
    /// What this training has written.
    written: String,
}

impl CsvLogger {
    /// To the file with this path; its folder is made if there is none.
    pub fn new(path: impl Into<PathBuf>) -> CsvLogger {
        CsvLogger {
            path: path.into(),
            separator: ",".to_owned(),
            append: false,
            lacks_line_end: false,
            columns: Vec::new(),
            output: None,
            before: 0,
            written: String::new(),
        }
    }

    /// The separator between two columns. Default: a comma.
    pub fn separator(self, separator: &str) -> CsvLogger {
        CsvLogger { separator: separator.to_owned(), ..self }
    }

    /// Whether to continue where the file ends, without a second header: for training that continues. The file must have
    /// the same columns; an unfinished last line is ended first. Default: no, the file starts anew.
    pub fn append(self, append: bool) -> CsvLogger {
        CsvLogger { append, ..self }
    }

    fn line(&self, first: &str, cell: impl Fn(&str) -> String) -> String {
        let cells = self.columns.iter().map(|name| self.quoted(&cell(name)));
        let cells: Vec<String> = std::iter::once(first.to_owned()).chain(cells).collect();
        cells.join(&self.separator) + "\n"
    }

    /// A cell, in quotes if it could be mistaken for something else.
    fn quoted(&self, cell: &str) -> String {
        if cell.contains(&self.separator) || cell.contains(['"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }

    /// Looks at an existing file that this training is to continue. (A file that cannot be read is
    /// reported when it is opened.) Errors (E034): it has other columns.
    fn check_file(&mut self) -> Result<()> {
        let Ok(mut file) = File::open(&self.path).map(BufReader::new) else { return Ok(()) };
        let mut first = Vec::new();
        let length = file.get_ref().metadata().map_or(0, |about| about.len());
        let header = self.line("epoch", str::to_owned);
        let mut start = file.by_ref().take(LONGEST_HEADER);
        // A name may contain line ends, so the header may be several lines: all are read.
        let read = (0..header.matches('\n').count())
            .try_for_each(|_| start.read_until(b'\n', &mut first).map(drop));
        if length == 0 || read.is_err() {
            return Ok(());
        }
        let first = String::from_utf8_lossy(&first);
        // A UTF-8 mark and another system's line end say nothing about the columns.
        let has = first.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
        let wants = header.trim_end_matches('\n');
        if has != wants {
            let error = Error::new(Code::E034, other_columns(&shortened(has), wants));
            return Err(error.at(self.path.display().to_string()).fix(other_file()));
        }
        self.lacks_line_end = ends_without_line(file.into_inner()).unwrap_or(false);
        Ok(())
    }

    fn begin(&mut self) {
        let header = self.line("epoch", str::to_owned);
        let Some(output) = &mut self.output else { return };
        if !self.append {
            output.cut(0);
        }
        (self.before, self.written) = (output.length(), String::new());
        if self.before == 0 {
            self.write(&header);
        } else if self.lacks_line_end {
            self.write("\n");
        }
    }

    fn write(&mut self, text: &str) {
        self.written += text;
        if let Some(output) = &mut self.output {
            output.write(text.as_bytes());
        }
    }

    fn row(&mut self, epoch: usize, logs: &Logs) {
        let number =
            |name: &str| logs.get(name).map_or_else(|| "NA".to_owned(), |value| value.to_string());
        let row = self.line(&epoch.to_string(), number);
        self.write(&row);
    }
}

impl Callback for CsvLogger {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        match event {
            Event::TrainBegin { .. } => self.begin(),
            Event::EpochEnd { epoch, logs, .. } => self.row(*epoch, logs),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn check(&mut self, names: &[String]) -> Result<()> {
        self.columns = names.to_vec();
        self.columns.sort();
        if self.append {
            self.check_file()?;
        }
        self.output = Some(Output::open(&self.path)?);
        Ok(())
    }

    fn state(&self) -> Option<CallbackState> {
        let state = CallbackState::new("CsvLogger").with("before", self.before as usize);
        Some(state.with("written", self.written.as_str()))
    }

    /// Restores the file to what it was: without the lines of epochs that come again, and with
    /// lines that a power loss took.
    fn restore(&mut self, state: &CallbackState) {
        self.before = state.count("before") as u64;
        state.text("written").unwrap_or_default().clone_into(&mut self.written);
        if let Some(output) = &mut self.output {
            output.cut(self.before);
            output.write(self.written.as_bytes());
        }
    }

    fn note(&mut self) -> Option<Finding> {
        self.output.as_mut()?.note()
    }
}

/// How many bytes the first line of a file may have.
const LONGEST_HEADER: u64 = 1 << 20;

fn ends_without_line(mut file: File) -> std::io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// The beginning of a line that may be anything.
fn shortened(line: &str) -> String {
    let mut start: String = line.chars().filter(|c| !c.is_control()).take(200).collect();
    if start.len() < line.len() {
        start.push('…');
    }
    start
}

neurona_core::messages! {
    fn other_columns(has: &str, wants: &str) {
        en: "the file begins with the columns \"{has}\", but this training writes \"{wants}\"",
        es: "el archivo comienza con las columnas \"{has}\", pero este entrenamiento escribe \"{wants}\"",
    }

    fn other_file() {
        en: "give the path of another file, or leave append out to replace this one",
        es: "dé la ruta de otro archivo, o quite append para reemplazar este",
    }
}
