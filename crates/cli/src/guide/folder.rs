//! The folder for the files: checked before the work, each file whole or not there at all.

use super::texts;
use neurona::{Code, Error, Result};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder the guide writes to. Only files with the guide's own names are replaced.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Whether it was not there before.
    made: bool,
}

impl Folder {
    /// Makes the folder if need be, and sees whether it can be written to. Errors: E035.
    pub(super) fn open(path: &Path) -> Result<Folder> {
        if path.exists() && !path.is_dir() {
            return Err(Error::new(Code::E035, texts::not_a_folder())
                .at(path.display().to_string())
                .fix(texts::other_folder()));
        }
        let made = !path.exists();
        fs::create_dir_all(path).map_err(|why| refused(path, &why))?;
        let folder = Folder { path: path.to_owned(), made };
        let probe = folder.temporary("probe");
        let tried = File::create_new(&probe).and_then(|_| fs::remove_file(&probe));
        tried.map_err(|why| {
            folder.forget();
            refused(path, &why)
        })?;
        Ok(folder)
    }

    /// The folder itself.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file beside its place and then moves it there. Errors: E035.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let temporary = self.temporary(name);
        let path = self.path.join(name);
        let written = write_through(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
        written.map_err(|why| {
            // The first failure is the one to report.
            let _ = fs::remove_file(&temporary);
            refused(&path, &why)
        })
    }

    /// Takes the folder away again if it was made here and has stayed empty.
    pub(super) fn forget(&self) {
        if self.made {
            // A folder that is not empty refuses to go, which is right.
            let _ = fs::remove_dir(&self.path);
        }
    }

    fn temporary(&self, name: &str) -> PathBuf {
        self.path.join(format!(".{name}.{}.tmp", std::process::id()))
    }
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn refused(path: &Path, why: &io::Error) -> Error {
    let text = texts::cannot_write(&why.to_string());
    Error::new(Code::E035, text).at(path.display().to_string()).fix(texts::other_folder())
}
