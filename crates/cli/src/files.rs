//! Files that commands read and write: their kinds, by their endings, and whether there is a place
//! for them beforehand.

use crate::args::CompileOptions;
use crate::terminal::harmless;
use neurona::internals::error::nearest;
use neurona::message::Lang;
use neurona::nn::{Finding, Metric, WeightedLoss, loss_from_name, optimizer_from_name};
use neurona::train::Model;
use neurona::{Code, Error, Result};
use serde_json::{Value, json};
use std::io::{self, Write};
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
    /// Longer endings come before shorter ones that they end in.
    pub(crate) const ALL: [Kind; 6] =
        [Kind::Keras, Kind::WeightsH5, Kind::H5, Kind::Safetensors, Kind::Npz, Kind::Npy];

    /// The ending of such files' names.
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

    /// The kind of a file, if it is one of these. Errors: E034 it is a different kind.
    pub(crate) fn among(path: &Path, kinds: &[Kind]) -> Result<Kind> {
        let refused = || {
            let endings: Vec<&str> = kinds.iter().map(|kind| kind.ending()).collect();
            let given = path.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
            let near = given.as_deref().and_then(|given| nearest(given, &endings));
            let example = || path.with_extension(endings[0].trim_start_matches('.'));
            let fix = near.map_or_else(
                || one_of(&endings.join(", "), &example().display().to_string()),
                meant,
            );
            Error::new(Code::E034, other_ending()).at(path.display().to_string()).fix(fix)
        };
        Kind::of(path).filter(|kind| kinds.contains(kind)).ok_or_else(refused)
    }
}

/// A file's model, on this many threads. Notes go to standard error. Errors: as in [`Model::load`].
pub(crate) fn model(path: &Path, threads: Option<usize>, lang: Lang) -> Result<Model> {
    let mut model = Model::load(path)?;
    for note in model.notes() {
        let line = format!("{} {}: {}", note.code, path.display(), note.text.get(lang));
        // If nobody can be told, there is nobody to tell.
        let _ = writeln!(io::stderr().lock(), "{}", harmless(&line));
    }
    if let Some(threads) = threads {
        model.set_threads(threads);
    }
    Ok(model)
}

/// The same notes, for programs.
pub(crate) fn notes(model: &Model, lang: Lang) -> Value {
    let note = |note: &Finding| json!({"code": note.code, "message": note.text.get(lang)});
    model.notes().iter().map(note).collect()
}

/// The model of a file, to be evaluated or trained: compiled with what is given and, for the rest,
/// with what the file says. Errors: as in [`model`]; E002, E015 what is given; E014 a loss or an
/// optimizer is missing.
pub(crate) fn compiled_model(
    path: &Path,
    threads: Option<usize>,
    given: &CompileOptions,
    trains: bool,
    lang: Lang,
) -> Result<Model> {
    let mut model = model(path, threads, lang)?;
    compile(&mut model, given)?;
    let (loss, optimizer) = (model.check_evaluates(), model.check_trains());
    let here = |error: Error, missing: &str| {
        Err(error.at(path.display().to_string()).fix(give_options(missing)))
    };
    match (loss, optimizer) {
        (Err(error), _) if trains && !model.has_optimizer() => {
            here(error, "--optimizer adam --loss mean_squared_error")
        }
        (Err(error), _) => here(error, "--loss mean_squared_error"),
        (Ok(()), Err(error)) if trains => here(error, "--optimizer adam"),
        (Ok(()), _) => Ok(model),
    }
}

/// Compiles a model with what is given. Errors: E002 not one loss for each output; E015 a name that does not exist.
fn compile(model: &mut Model, given: &CompileOptions) -> Result<()> {
    let CompileOptions { optimizer, losses, metrics } = given;
    if optimizer.is_none() && losses.is_empty() && metrics.is_empty() {
        return Ok(());
    }
    let optimizer = optimizer.as_ref().map(|name| optimizer_from_name(name)).transpose();
    let optimizer = optimizer.map_err(|error| error.at("--optimizer"))?;
    let outputs = model.network().output_names();
    if losses.len() > 1 && losses.len() != outputs.len() {
        let text = other_count(outputs.len(), &outputs.join(", "), losses.len());
        return Err(Error::new(Code::E002, text).at("--loss").fix(one_for_each()));
    }
    let loss = |(i, _): (usize, &String)| {
        let loss = loss_from_name(losses.get(i).unwrap_or(&losses[0]))?;
        Ok(WeightedLoss { loss: loss.into(), weight: 1.0 })
    };
    let losses = if losses.is_empty() {
        None
    } else {
        let each: Result<Vec<WeightedLoss>> = outputs.iter().enumerate().map(loss).collect();
        Some(each.map_err(|error| error.at("--loss"))?)
    };
    let metric = |name: &String| Metric::from_json(&Value::from(name.as_str()));
    let named: Result<Vec<Metric>> = metrics.iter().map(metric).collect();
    let named = named.map_err(|error| error.at("--metrics"))?;
    model.recompile(optimizer, losses, (!metrics.is_empty()).then_some(named)).or_else(|error| {
        match error.code() {
            // If the loss is missing, that is reported below.
            Code::E014 => Ok(()),
            _ => Err(error),
        }
    })
}

/// Checks that a file can be written, before the work whose result it is to hold.
///
/// Errors: E035 it cannot; E002 it is one of the files that are read (`kept` says what for).
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

/// Whether both names are the same file's.
fn same(a: &Path, b: &Path) -> bool {
    a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b)
}

neurona::messages! {
    fn give_options(options: &str) {
        en: "give the missing options, for example {options}; in a program, call model.compile(optimizer, loss, metrics) and save the model again",
        es: "dé las opciones que faltan, por ejemplo {options}; en un programa, llame a model.compile(optimizador, pérdida, métricas) y guarde de nuevo el modelo",
    }

    fn other_count(outputs: usize, names: &str, has: usize) {
        en: "the model has {outputs} outputs ({names}), but {has} losses were given",
        es: "el modelo tiene {outputs} salidas ({names}), pero se dieron {has} pérdidas",
    }

    fn one_for_each() {
        en: "give --loss once for each output, in that order, or once for all",
        es: "dé --loss una vez por salida, en ese orden, o una vez para todas",
    }

    fn other_ending() {
        en: "a file with this ending cannot be used here",
        es: "un archivo con esta terminación no se puede usar aquí",
    }

    fn one_of(endings: &str, example: &str) {
        en: "use one of: {endings}; for example {example}",
        es: "use una de: {endings}; por ejemplo {example}",
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
        en: "this is a folder, and a file is to be written",
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
