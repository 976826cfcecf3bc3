//! A file that a callback writes: problems are errors before training and notes during it.

use crate::nn::Finding;
use neurona_core::error::{Code, Error, Result};
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file, until it fails: from then on nothing is written, and one note says so.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    file: Option<File>,
    failed: Option<io::Error>,
}

impl Output {
    /// Opens a file at its end, and makes it and its folder if there are none. Its contents stay
    /// for now. Errors (E035): the system refuses.
    pub(super) fn open(path: &Path) -> Result<Output> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| File::options().create(true).append(true).open(path))
            .map(|file| Output { path: path.to_owned(), file: Some(file), failed: None })
            .map_err(|error| {
                let error = Error::new(Code::E035, not_made(&error)).caused_by(error);
                error.fix(other_path()).at(path.display().to_string())
            })
    }

    /// How many bytes it holds.
    pub(super) fn length(&self) -> u64 {
        let length = |file: &File| file.metadata().map_or(0, |about| about.len());
        self.file.as_ref().map_or(0, length)
    }

    /// Cuts off everything after this many bytes.
    pub(super) fn cut(&mut self, length: u64) {
        let path = self.path.clone();
        // Windows does not let a file be cut that was opened at its end.
        self.attempt(|file| {
            if length == 0 {
                *file = File::create(path)?;
                return Ok(());
            }
            *file = File::options().write(true).create(true).truncate(false).open(path)?;
            file.set_len(length.min(file.metadata()?.len()))?;
            file.seek(SeekFrom::End(0)).map(|_| ())
        });
    }

    /// Writes at the end, at once: whoever reads the file sees it.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.attempt(|file| file.write_all(bytes));
    }

    fn attempt(&mut self, action: impl FnOnce(&mut File) -> io::Result<()>) {
        if let Some(Err(error)) = self.file.as_mut().map(action) {
            (self.file, self.failed) = (None, Some(error));
        }
    }

    /// What went wrong, reported once.
    pub(super) fn note(&mut self) -> Option<Finding> {
        let error = self.failed.take()?;
        let text = given_up(&self.path.display().to_string(), &error);
        Some(Finding { code: "W035", text })
    }
}

neurona_core::messages! {
    fn not_made(reason: &io::Error) {
        en: "the file cannot be written: {reason}",
        es: "no se puede escribir el archivo: {reason}",
    }

    fn other_path() {
        en: "give a path in a folder you may write to",
        es: "dé una ruta en una carpeta donde pueda escribir",
    }

    fn given_up(path: &str, reason: &io::Error) {
        en: "{path} could not be written any further ({reason}); training continues without it",
        es: "no se pudo seguir escribiendo {path} ({reason}); el entrenamiento continúa sin él",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_fails_is_noted_once_and_given_up() {
        // A file that was opened to be read cannot be written.
        let path = std::env::temp_dir().join(format!("neurona-output-{}", std::process::id()));
        fs::write(&path, "").unwrap();
        let file = Some(File::open(&path).unwrap());
        let mut output = Output { path: path.clone(), file, failed: None };
        output.write(b"1");
        output.write(b"2");
        let note = output.note().expect("a note");
        assert_eq!(note.code, "W035");
        assert!(output.note().is_none());
        fs::remove_file(path).unwrap();
    }
}
