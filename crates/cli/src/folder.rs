//! The folder for a command's files: checked before the work; each file is whole or not there at
//! all.

use neurona::{Code, Error, Result};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder a command writes to. Only files with the command's own names are replaced.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The option that names it, for those who must choose another: `--out`.
    option: &'static str,
    /// Whether it was not there before.
    made: bool,
}

impl Folder {
    /// Makes the folder if necessary, and checks that it can be written to. Errors: E035.
    pub(crate) fn open(path: &Path, option: &'static str) -> Result<Folder> {
        if path.exists() && !path.is_dir() {
            return Err(Error::new(Code::E035, not_a_folder())
                .at(path.display().to_string())
                .fix(other_folder(option)));
        }
        let made = !path.exists();
        fs::create_dir_all(path).map_err(|why| refused(path, option, &why))?;
        let folder = Folder { path: path.to_owned(), option, made };
        neurona_store::probe(&path.join("probe")).map_err(|why| {
            folder.forget();
            refused(path, option, &why)
        })?;
        Ok(folder)
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file beside its place and then moves it there. Errors: E035.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        neurona_store::write_whole(&path, bytes).map_err(|why| refused(&path, self.option, &why))
    }

    /// Removes the folder if it was made here and has stayed empty.
    pub(crate) fn forget(&self) {
        if self.made {
            // A folder that is not empty refuses to go, which is right.
            let _ = fs::remove_dir(&self.path);
        }
    }
}

fn refused(path: &Path, option: &str, why: &io::Error) -> Error {
    let error = Error::new(Code::E035, cannot_write(why)).caused_by_system(why);
    error.at(path.display().to_string()).fix(other_folder(option))
}

neurona::messages! {
    fn not_a_folder() {
        en: "it is a file, but a folder is needed",
        es: "es un archivo, pero hace falta una carpeta",
    }

    fn cannot_write(why: &io::Error) {
        en: "nothing can be written there: {why}",
        es: "no se puede escribir allí: {why}",
    }

    fn other_folder(option: &str) {
        en: "choose another folder with {option}",
        es: "elija otra carpeta con {option}",
    }
}
