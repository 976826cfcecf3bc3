//! `neurona convert`: the same model or weights in another kind of file, by its ending.

use crate::args::ConvertOptions;
use crate::files::{Kind, check_place};
use neurona::data::{npz, safetensors};
use neurona::tensor::ToTensor;
use neurona::train::Model;
use neurona::{Code, Error, Result};

neurona::messages! {
    fn needs_model(from: &str, to: &str) {
        en: "a {from} file holds weights alone, and {to} needs a model they belong to",
        es: "un archivo {from} solo contiene pesos, y {to} necesita el modelo al que pertenecen",
    }

    fn load_weights() {
        en: "in a program, make the model, call model.load_weights(file) and save it",
        es: "en un programa, arme el modelo, llame a model.load_weights(archivo) y guárdelo",
    }
}

/// Reads one file and writes the other.
pub(crate) fn run(options: &ConvertOptions) -> Result<()> {
    let ConvertOptions { from, to } = options;
    let source = Kind::among(from, &Kind::ALL)?;
    // Weights alone have names only in these.
    let named = [Kind::Safetensors, Kind::Npz];
    let model = [Kind::Keras, Kind::H5].contains(&source);
    let target = Kind::among(to, &[Kind::Keras, Kind::WeightsH5, Kind::Safetensors, Kind::Npz])?;
    if !model && !(named.contains(&source) && named.contains(&target)) {
        let error = Error::new(Code::E016, needs_model(source.ending(), target.ending()));
        return Err(error.at(from.display().to_string()).fix(load_weights()));
    }
    // What is not read of a file would be lost if it were written over.
    check_place(to, "OUT", [from.as_path()])?;
    if !model {
        let arrays = if source == Kind::Npz { npz::read(from)? } else { safetensors::read(from)? };
        return if target == Kind::Npz {
            npz::write(to, &arrays)
        } else {
            safetensors::write(to, &arrays)
        };
    }
    let mut model = Model::load(from)?;
    let here = |error: Error| error.inside(from.display().to_string());
    match target {
        Kind::Keras => model.save(to),
        Kind::Npz => {
            let weights = model.weights().map_err(here)?;
            let mut tensors = Vec::new();
            for (name, array) in &weights {
                tensors.push((name.clone(), array.to_tensor()?));
            }
            npz::write(to, &tensors)
        }
        Kind::WeightsH5 | Kind::Safetensors | Kind::H5 | Kind::Npy => model.save_weights(to),
    }
}
