//! `neurona convert`: the same model or weights in another kind of file, by its ending.

use crate::args::ConvertOptions;
use crate::arrays::Source;
use crate::files::{self, Kind, check_place};
use crate::inspect::arrays;
use neurona::data::{npy, npz, safetensors};
use neurona::internals::instead_of_arrays;
use neurona::message::Lang;
use neurona::tensor::{Tensor, ToTensor};
use neurona::train::Model;
use neurona::{Code, Error, Result};
use std::io::{self, Write};
use std::path::Path;

/// The files that keep weights alone under their own names.
const NAMED: [Kind; 2] = [Kind::Safetensors, Kind::Npz];

/// Reads one file and writes the other.
pub(crate) fn run(options: &ConvertOptions, lang: Lang) -> Result<()> {
    let ConvertOptions { from, to } = options;
    if let Some(error) = instead_of_arrays(from).filter(|_| !from.is_dir()) {
        return Err(error);
    }
    // A file with another ending may be a model all the same; if not, the error says what it is.
    let source = match Kind::of(from) {
        None if from.exists() => Kind::Keras,
        // If the ending is unknown, a missing file is reported first.
        None => return Model::load(from).map(drop),
        Some(kind) => kind,
    };
    let targets = [Kind::Keras, Kind::WeightsH5, Kind::Safetensors, Kind::Npz];
    let target = Kind::among(to, &targets)?;
    // Anything in a file that is not read would be lost if the file were written over.
    check_place(to, "OUT", [from.as_path()])?;
    match source {
        Kind::H5 | Kind::WeightsH5 if NAMED.contains(&target) && arrays::weights_alone(from) => {
            let file = Source { path: from.to_owned(), array: None };
            write(to, &arrays::read(&file, source)?.0)
        }
        Kind::Keras | Kind::H5 => model(from, to, target, lang),
        Kind::Safetensors if NAMED.contains(&target) => write(to, &safetensors::read(from)?),
        Kind::Npz if NAMED.contains(&target) => write(to, &npz::read(from)?),
        Kind::Npy => {
            // A missing or damaged file is reported first.
            npy::read(from)?;
            let [from, to] = [from, to].map(|path| path.display().to_string());
            Err(Error::new(Code::E034, one_array()).fix(name_it(&from, &to)).at(from))
        }
        Kind::WeightsH5 | Kind::Safetensors | Kind::Npz => {
            let error = Error::new(Code::E034, needs_model(source.ending(), target.ending()));
            Err(error.at(from.display().to_string()).fix(load_weights()))
        }
    }
}

/// A model to a whole model, or to its weights.
fn model(from: &Path, to: &Path, target: Kind, lang: Lang) -> Result<()> {
    let model = files::model(from, None, lang)?;
    match target {
        Kind::Keras => {
            model.save(to)?;
            for note in model.left_out() {
                let text = note.text.get(lang);
                writeln!(io::stderr().lock(), "{} {text}", note.code).ok();
            }
            Ok(())
        }
        Kind::Npz => {
            let weights = model.weights().map_err(|e| e.inside(from.display().to_string()))?;
            let mut tensors = Vec::new();
            for (name, array) in &weights {
                tensors.push((name.clone(), array.to_tensor()?));
            }
            write(to, &tensors)
        }
        Kind::WeightsH5 | Kind::Safetensors | Kind::H5 | Kind::Npy => model.save_weights(to),
    }
}

/// Arrays to a file that keeps their names.
fn write(to: &Path, arrays: &[(String, Tensor<'_>)]) -> Result<()> {
    match Kind::of(to) {
        Some(Kind::Npz) => npz::write(to, arrays),
        _ => safetensors::write(to, arrays),
    }
}

neurona::messages! {
    fn needs_model(from: &str, to: &str) {
        en: "a {from} file holds only weights, but {to} needs the model they belong to",
        es: "un archivo {from} solo contiene pesos, pero {to} necesita el modelo al que pertenecen",
    }

    fn one_array() {
        en: "a .npy file holds a single array without a name, and there is nothing to convert it to",
        es: "un archivo .npy contiene un solo array sin nombre, y no hay a qué convertirlo",
    }

    fn name_it(from: &str, to: &str) {
        en: "commands read it as it is; as an .npz file, in Python: numpy.savez(\"{to}\", x=numpy.load(\"{from}\"))",
        es: "los comandos lo leen como está; como archivo .npz, en Python: numpy.savez(\"{to}\", x=numpy.load(\"{from}\"))",
    }

    fn load_weights() {
        en: "in a program, make the model, call model.load_weights(file) and save it",
        es: "en un programa, construya el modelo, llame a model.load_weights(archivo) y guárdelo",
    }
}
