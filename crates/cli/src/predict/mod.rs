//! `neurona predict`: a model's outputs for given inputs.

mod rows;
mod texts;

use crate::args::PredictOptions;
use crate::arrays::{Side, Source, blame, check_rows, input_names, output_names};
use crate::files;
use crate::stop::Stop;
use crate::terminal::harmless;
use neurona::message::Lang;
use neurona::train::{Model, Predict};
use std::io::{self, Write};
use std::path::PathBuf;

/// Writes the outputs to files, or shows their first rows on standard output.
pub(crate) fn run(options: &PredictOptions, lang: Lang) -> Result<(), Stop> {
    let PredictOptions { model: path, inputs, outputs, batch_size, threads } = options;
    let model = files::model(path, *threads, lang)?;
    let names = input_names(&model);
    let inputs = Side { option: "--input", names: &names, paths: inputs };
    let names = output_names(&model);
    let outputs = Side { option: "--output", names: &names, paths: outputs };
    // Before the work: nobody wants to learn afterwards that the results cannot be written.
    let read: Vec<PathBuf> = inputs.paths.iter().map(|given| Source::of(given).path).collect();
    let read: Vec<_> = read.iter().chain([path]).map(PathBuf::as_path).collect();
    outputs.check_places(&read)?;
    let x = inputs.read()?;
    check_rows(&[(&inputs, &x)])?;
    inputs.tell_ranks(&x, &model, lang);
    let here = |error: neurona::Error| blame(error, &inputs, None, path);
    let y = model.predict_with(x, Predict { batch_size: *batch_size }).map_err(here)?;
    if outputs.paths.is_empty() {
        return show(&model, &names, &y, lang);
    }
    Ok(outputs.write(&y)?)
}

fn show(
    model: &Model,
    names: &[String],
    outputs: &[neurona::prelude::ndarray::ArrayD<f32>],
    lang: Lang,
) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    for (name, output) in names.iter().zip(outputs) {
        rows::lines(name, output, model.class_names(), lang)
            .iter()
            .try_for_each(|line| writeln!(out, "{}", harmless(line)))?;
    }
    Ok(())
}
