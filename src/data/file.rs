//! Opening files, with the nearest name if there is none.

use neurona_core::error::{self, Code, Error, Result};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Opens a file to read. Errors: E031 with the nearest name in the folder, E035.
pub(crate) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| not_open(path, &error))
}

/// The content of a file, parsed by a function of `neurona_formats`. Errors: E031, E035, and the
/// function's own at the path.
pub fn read<T>(path: &Path, parse: impl FnOnce(&[u8]) -> Result<T>) -> Result<T> {
    let mut whole = Vec::new();
    let read = open(path)?.read_to_end(&mut whole).map_err(|why| unreadable(&why));
    read.and_then(|_| parse(&whole)).map_err(|error| error.inside(path.display().to_string()))
}

/// Writes bytes atomically. Errors: E035, with the error at the path.
pub(crate) fn write(path: &Path, bytes: Result<Vec<u8>>) -> Result<()> {
    let refused = |why: io::Error| Error::new(Code::E035, not_written(&why)).caused_by(why);
    let written = bytes.and_then(|bytes| neurona_store::write_whole(path, &bytes).map_err(refused));
    written.map_err(|error| error.inside(path.display().to_string()))
}

fn not_open(path: &Path, error: &io::Error) -> Error {
    if error.kind() != io::ErrorKind::NotFound {
        return unreadable(error).at(path.display().to_string());
    }
    let fix = nearest(path).map_or_else(check_path, |near| similar(&near));
    let missing = Error::new(Code::E031, missing()).caused_by_system(error);
    missing.fix(fix).at(path.display().to_string())
}

/// The system refused to read (E035).
pub(crate) fn unreadable(error: &io::Error) -> Error {
    Error::new(Code::E035, refused(error)).fix(check_access()).caused_by_system(error)
}

/// The name in the same folder that is probably meant. That two names have the same ending (".npy")
/// does not make them more alike, so only the part before the ending is compared. If there are
/// several such names, the one with the given ending.
pub(super) fn nearest(path: &Path) -> Option<String> {
    let wanted = Path::new(path.file_name()?.to_str()?);
    let folder = match path.parent()? {
        here if here.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    let entries = fs::read_dir(folder).ok()?.flatten();
    let names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).collect();
    let stem = |name: &str| Some(Path::new(name).file_stem()?.to_str()?.to_owned());
    let stems: Vec<String> = names.iter().filter_map(|name| stem(name)).collect();
    let stems: Vec<&str> = stems.iter().map(String::as_str).collect();
    let near = error::nearest(wanted.file_stem()?.to_str()?, &stems)?;
    let mut alike: Vec<&String> =
        names.iter().filter(|name| stem(name).as_deref() == Some(near)).collect();
    alike.sort_by_key(|name| (Path::new(name).extension() != wanted.extension(), *name));
    let whole: Vec<&str> = alike.iter().map(|name| name.as_str()).collect();
    error::nearest(wanted.to_str()?, &whole).or(whole.first().copied()).map(str::to_owned)
}

neurona_core::messages! {
    /// E031.
    fn missing() {
        en: "the file does not exist",
        es: "el archivo no existe",
    }
    fn similar(near: &str) {
        en: "did you mean \"{near}\", in the same folder?",
        es: "¿quiso decir \"{near}\", en la misma carpeta?",
    }
    fn check_path() {
        en: "check the path; a relative one begins at the folder the program was started in",
        es: "revise la ruta; una relativa empieza en la carpeta donde se inició el programa",
    }
    /// E035.
    fn refused(reason: &io::Error) {
        en: "the system refused to read it: {reason}",
        es: "el sistema no permitió leerlo: {reason}",
    }
    fn not_written(reason: &io::Error) {
        en: "the file cannot be written: {reason}",
        es: "no se puede escribir el archivo: {reason}",
    }
    fn check_access() {
        en: "check that it is a file and that you may read it",
        es: "revise que sea un archivo y que tenga permiso de lectura",
    }
}
