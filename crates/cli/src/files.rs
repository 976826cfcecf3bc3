//! Files that commands read and write: their kinds by their endings, and whether there is a place for them before the work.

use neurona::internals::error::nearest;
use neurona::train::Model;
use neurona::{Code, Error, Result};
use std::io;
use std::path::Path;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A model as Keras 3 and we write it.
    Keras,
    /// A model as older versions of Keras wrote it.
    H5,
    /// Weights as Keras writes them.
    WeightsH5,
    /// Arrays by name.
    Safetensors,
    /// Arrays by name.
    Npz,
    /// One array.
    Npy,
}

impl Kind {
    /// Longer endings before those they end in.
    pub(crate) const ALL: [Kind; 6] =
        [Kind::Keras, Kind::WeightsH5, Kind::H5, Kind::Safetensors, Kind::Npz, Kind::Npy];

    /// What the names of such files end in.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Kind::Keras => ".keras",
            Kind::WeightsH5 => ".weights.h5",
            Kind::H5 => ".h5",
            Kind::Safetensors => ".safetensors",
            Kind::Npz => ".npz",
            Kind::Npy => ".npy",
        }
    }

    /// The kind of a file, by its name.
    pub(crate) fn of(path: &Path) -> Option<Kind> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        Kind::ALL.into_iter().find(|kind| name.ends_with(kind.ending()))
    }

    /// The kind of a file, if it is one of these. Errors: E016 it is another one.
    pub(crate) fn among(path: &Path, kinds: &[Kind]) -> Result<Kind> {
        let refused = || {
            let endings: Vec<&str> = kinds.iter().map(|kind| kind.ending()).collect();
            let given = path.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
            let near = given.as_deref().and_then(|given| nearest(given, &endings));
            let fix = near.map_or_else(|| one_of(&endings.join(", ")), meant);
            Error::new(Code::E016, other_ending()).at(path.display().to_string()).fix(fix)
        };
        Kind::of(path).filter(|kind| kinds.contains(kind)).ok_or_else(refused)
    }
}

/// The model of a file, on so many threads. Errors: as [`Model::load`].
pub(crate) fn model(path: &Path, threads: Option<usize>) -> Result<Model> {
    let mut model = Model::load(path)?;
    if let Some(threads) = threads {
        model.set_threads(threads);
    }
    Ok(model)
}

/// The same, of a model that can be evaluated and trained. Errors: E014 it is not compiled.
pub(crate) fn compiled_model(path: &Path, threads: Option<usize>) -> Result<Model> {
    let model = model(path, threads)?;
    if model.compile_config().is_none() {
        let error = Error::new(Code::E014, not_compiled()).fix(compile_it());
        return Err(error.at(path.display().to_string()));
    }
    Ok(model)
}

/// Sees whether a file can be written, before the work that it is to hold.
///
/// Errors: E035 it cannot; E002 it is one of the files that are read, `kept` says for what.
pub(crate) fn check_place<'p>(
    path: &Path,
    option: &str,
    kept: impl IntoIterator<Item = &'p Path>,
) -> Result<()> {
    let here = |error: Error| error.at(path.display().to_string());
    if let Some(input) = kept.into_iter().find(|input| same(path, input)) {
        let text = same_file(&input.display().to_string());
        return Err(Error::new(Code::E002, text).at(option).fix(other_name()));
    }
    if path.is_dir() {
        return Err(here(Error::new(Code::E035, is_folder()).fix(other_name())));
    }
    let refused = |why: io::Error| {
        let fix = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.exists() => {
                make_folder(&folder.display().to_string())
            }
            _ => other_place(),
        };
        here(Error::new(Code::E035, cannot_write(&why)).fix(fix).caused_by(why))
    };
    neurona_store::probe(path).map_err(refused)
}

/// Whether both names are of one file.
fn same(a: &Path, b: &Path) -> bool {
    a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b)
}

neurona::messages! {
    fn not_compiled() {
        en: "the model in the file is not compiled: it has no loss to evaluate or train with",
        es: "el modelo del archivo no está compilado: no tiene pérdida con que evaluar o entrenar",
    }

    fn compile_it() {
        en: "in a program, call model.compile(optimizer, loss, metrics) and save it again",
        es: "en un programa, llame a model.compile(optimizador, pérdida, métricas) y guárdelo de nuevo",
    }

    fn other_ending() {
        en: "its ending is not that of a kind of file that is meant here",
        es: "su terminación no es la de un tipo de archivo que sirva aquí",
    }

    fn one_of(endings: &str) {
        en: "use one of: {endings}",
        es: "use una de: {endings}",
    }

    fn meant(near: &str) {
        en: "did you mean \"{near}\"?",
        es: "¿quiso decir \"{near}\"?",
    }

    fn same_file(input: &str) {
        en: "it would be written over \"{input}\", which is read",
        es: "se escribiría sobre \"{input}\", que es lo que se lee",
    }

    fn is_folder() {
        en: "it is a folder, and a file is to be written",
        es: "es una carpeta, y se va a escribir un archivo",
    }

    fn other_name() {
        en: "choose another name",
        es: "elija otro nombre",
    }

    fn cannot_write(why: &io::Error) {
        en: "the file cannot be written: {why}",
        es: "no se puede escribir el archivo: {why}",
    }

    fn make_folder(folder: &str) {
        en: "make the folder \"{folder}\" first, or choose another place",
        es: "cree antes la carpeta \"{folder}\", o elija otro lugar",
    }

    fn other_place() {
        en: "choose a place where you may write",
        es: "elija un lugar donde pueda escribir",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_the_kind_whatever_their_letters() {
        for (name, kind) in [
            ("a.keras", Some(Kind::Keras)),
            ("A.KERAS", Some(Kind::Keras)),
            ("a.weights.h5", Some(Kind::WeightsH5)),
            ("a.h5", Some(Kind::H5)),
            ("x.keras/a.npz", Some(Kind::Npz)),
            ("a.npy.gz", None),
            ("", None),
        ] {
            assert_eq!(Kind::of(Path::new(name)), kind, "{name}");
        }
    }
}
