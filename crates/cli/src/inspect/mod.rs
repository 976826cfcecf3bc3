//! `neurona inspect`: what is in a model file or a file of arrays.

pub(crate) mod arrays;
mod json;
mod settings;
mod statistics;
mod table;
mod texts;

use crate::args::InspectOptions;
use crate::arrays::Source;
use crate::files::{self, Kind};
use crate::stop::Stop;
use crate::terminal::harmless;
use neurona::Error;
use neurona::internals::instead_of_arrays;
use neurona::message::Lang;
use neurona::tensor::Tensor;
use neurona::train::Model;
use serde_json::Value;
use statistics::Statistics;
use std::io::{self, Write};
use std::path::Path;

/// An array with its name.
type Named = (String, Tensor<'static>);

/// Facts about a model that its methods do not give directly.
#[derive(Debug)]
struct Inside {
    summary: neurona::nn::Summary,
    compiled: Option<Value>,
    /// None if the model does not say what its samples look like.
    weights: Option<Vec<Statistics>>,
}

/// Shows what is in the file on standard output.
pub(crate) fn run(options: &InspectOptions, lang: Lang) -> Result<(), Stop> {
    let InspectOptions { file, json } = options;
    let mut out = io::stdout().lock();
    let name = file.display().to_string();
    let source = Source::of(file);
    let kind = match Kind::of(&source.path) {
        // Older files of weights alone end in .h5, just as whole models do.
        Some(Kind::H5) if arrays::weights_alone(&source.path) => Some(Kind::WeightsH5),
        kind => kind,
    };
    match kind {
        Some(kind @ (Kind::WeightsH5 | Kind::Safetensors | Kind::Npz | Kind::Npy)) => {
            let (arrays, unread) = arrays::read(&source, kind)?;
            let arrays: Vec<Statistics> =
                arrays.iter().map(|(name, array)| Statistics::of(name, array)).collect();
            if *json {
                writeln!(out, "{}", json::of_arrays(&name, &arrays, &unread, lang))?;
            } else {
                write!(out, "{}", harmless(&table::of_arrays(&name, &arrays, &unread, lang)))?;
            }
        }
        Some(Kind::Keras | Kind::H5) | None => {
            let better = |error: Error| match kind {
                None if is_unknown(&error) => known_kinds(error, file),
                _ => error,
            };
            let model = files::model(file, None, lang).map_err(better)?;
            let inside = look(&model).map_err(|error| error.inside(name.clone()))?;
            if *json {
                writeln!(out, "{}", json::of_model(&name, &model, &inside, lang))?;
            } else {
                write!(out, "{}", harmless(&table::of_model(&model, &inside, lang)))?;
            }
        }
    }
    Ok(())
}

/// Whether an error says only that bytes are not a model, and not what else they are.
fn is_unknown(error: &Error) -> bool {
    Model::from_bytes(b"?").is_err_and(|unknown| unknown.reason() == error.reason())
}

/// What a file is, judged by its name; if that says nothing either, the error lists all kinds that
/// can be looked into.
fn known_kinds(error: Error, file: &Path) -> Error {
    let endings = Kind::ALL.map(Kind::ending).join(", ");
    instead_of_arrays(file).unwrap_or_else(|| error.fix(texts::kinds(&endings)))
}

fn look(model: &Model) -> neurona::Result<Inside> {
    let (summary, compiled) = (model.summary()?, model.compile_config());
    if model.sample_shapes().is_none() {
        return Ok(Inside { summary, compiled, weights: None });
    }
    let weights = model.weights()?.into_iter().map(|(name, array)| {
        let shape = neurona::tensor::Shape::new(array.shape())?;
        let tensor = Tensor::new(shape, array.into_iter().collect::<Vec<f32>>())?;
        Ok(Statistics::of(&name, &tensor))
    });
    let weights = weights.collect::<neurona::Result<Vec<Statistics>>>()?;
    Ok(Inside { summary, compiled, weights: Some(weights) })
}
