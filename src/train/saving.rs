//! Weights to a file and back.

use super::engine::{Compiled, Engine};
use super::files;
use super::model::Model;
use crate::data::{file, safetensors};
use crate::nn::{Network, narrowed};
use crate::tensor::{Shape, Tensor};
use neurona_core::error::{Code, Error, Result, unknown_name};
use neurona_core::message::Text;
use std::path::Path;

impl Model {
    /// Writes all weights to a `.safetensors` file, by the names of [`weights`](Model::weights), or to a `.weights.h5` file
    /// as Keras does, by their places. The file is written atomically.
    ///
    /// Errors: E014 the samples' shape is not known yet, E016 another ending, E035 the system refuses.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// let path = std::env::temp_dir().join(format!("weights-{}.safetensors", std::process::id()));
    /// let mut model = Sequential::new([4]).add(Dense::new(2));
    /// model.save_weights(&path)?;
    /// let mut other = Sequential::new([4]).seed(7).add(Dense::new(2));
    /// other.load_weights(&path)?;
    /// assert_eq!(other.weights()?, model.weights()?);
    /// # std::fs::remove_file(path).ok();
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        let Model { network, compiled, .. } = self;
        self.with_engine(|engine| save_weights(path.as_ref(), network, compiled.as_ref(), engine))
    }

    /// Loads all weights from a file that [`save_weights`](Model::save_weights) wrote, or Keras as
    /// `.weights.h5`, or another program as `.safetensors` under the same names; or from a whole
    /// model, `.keras`; or from an older file that Keras wrote (`.h5`), of weights alone or of a
    /// whole model: by the names of the layers or, if these differ, in their order.
    ///
    /// Errors: E014 the samples' shape is not known yet, E016 another ending, E031, E034 and E035
    /// the file cannot be read, E015 a weight is missing or does not belong to the model, E012 a
    /// shape differs, E023 a double is beyond the range of 32 bits; then neither a weight nor the
    /// optimizer's state has changed.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        // Older files end in just .h5.
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let is_keras = matches!(ending.as_deref(), Some("keras" | "h5" | "hdf5"));
        if is_keras || matches!(check_ending(path)?, Ending::Keras) {
            return self.load_weights_of_keras(path);
        }
        let engine = self.built()?;
        let given = safetensors::read(path)?;
        let here = |error: Error| error.at(path.display().to_string());
        let own: Vec<&str> = engine.weights.iter().map(|weight| weight.name.as_str()).collect();
        if let Some((name, _)) = given.iter().find(|(name, _)| !own.contains(&name.as_str())) {
            let what = Text::new("weight of the model", "ningún peso del modelo");
            return Err(here(unknown_name(&what, name, &own)));
        }
        let mut values: Vec<Vec<f32>> = Vec::new();
        for weight in &engine.weights {
            let Some((_, tensor)) = given.iter().find(|(name, _)| *name == weight.name) else {
                let error = Error::new(Code::E015, missing(&weight.name));
                return Err(here(error.fix(same_layers())));
            };
            if tensor.shape() != weight.shape {
                let text = other_shape(&weight.name, weight.shape, tensor.shape());
                return Err(here(Error::new(Code::E012, text).fix(same_layers())));
            }
            values.push(narrowed(&weight.name, tensor).map_err(here)?);
        }
        for (i, values) in values.iter().enumerate() {
            engine.write(engine.slots[i], engine.weights[i].shape, values);
        }
        Ok(())
    }
}

/// Kinds of weight files.
pub(super) enum Ending {
    Safetensors,
    /// Keras' `.weights.h5`.
    Keras,
}

/// Errors: E016 an ending other than `.safetensors` and `.weights.h5`.
pub(super) fn check_ending(path: &Path) -> Result<Ending> {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
    match name.unwrap_or_default() {
        name if name.ends_with(".safetensors") => Ok(Ending::Safetensors),
        name if name.ends_with(".weights.h5") => Ok(Ending::Keras),
        _ => Err(Error::new(Code::E016, other_ending(&path.display().to_string()))),
    }
}

/// Errors: E016 another ending, E035 the system refuses.
pub(super) fn save_weights(
    path: &Path,
    network: &Network,
    compiled: Option<&Compiled>,
    engine: &mut Engine,
) -> Result<()> {
    match check_ending(path)? {
        Ending::Safetensors => write_weights(engine, path),
        Ending::Keras => file::write(path, files::weights_h5(network, compiled, engine)),
    }
}

/// Errors: E035 the system refuses.
fn write_weights(engine: &Engine, path: &Path) -> Result<()> {
    let weights = engine.weights.iter().zip(&engine.slots);
    let tensors = weights.map(|(weight, slot)| {
        let values = engine.read(*slot, weight.shape);
        Ok((weight.name.clone(), Tensor::new(weight.shape, values)?))
    });
    safetensors::write(path, &tensors.collect::<Result<Vec<_>>>()?)
}

neurona_core::messages! {
    fn other_ending(path: &str) {
        en: "{path} does not end in .safetensors or .weights.h5, the kinds of files that weights are kept in",
        es: "{path} no termina en .safetensors ni .weights.h5, los tipos de archivo en que se guardan los pesos",
    }

    fn missing(name: &str) {
        en: "the file has no weight \"{name}\"",
        es: "el archivo no tiene el peso \"{name}\"",
    }

    fn other_shape(name: &str, wants: Shape, has: Shape) {
        en: "weight \"{name}\" has shape {wants} in the model but {has} in the file",
        es: "el peso \"{name}\" tiene forma {wants} en el modelo, pero {has} en el archivo",
    }

    fn same_layers() {
        en: "load weights into a model of the same layers under the same names",
        es: "cargue los pesos en un modelo con las mismas capas y los mismos nombres",
    }
}
