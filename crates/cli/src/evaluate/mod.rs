//! `neurona evaluate`: the loss and the metrics of a model on given data.

use crate::args::EvaluateOptions;
use crate::arrays::{Side, input_names, output_names};
use crate::files;
use crate::stop::Stop;
use crate::terminal::harmless;
use neurona::message::{Decimal, Lang, Say};
use neurona::train::{Logs, Scores};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

neurona::messages! {
    fn samples() {
        en: "samples",
        es: "muestras",
    }
}

/// Evaluates and reports on standard output.
pub(crate) fn run(options: &EvaluateOptions, lang: Lang) -> Result<(), Stop> {
    let EvaluateOptions { model: path, data, targets, compile, json, threads } = options;
    let mut model = files::compiled_model(path, *threads, compile, false, lang)?;
    let names = input_names(&model);
    let x = Side { option: "--data", names: &names, paths: data }.read()?;
    let names = output_names(&model);
    let y = Side { option: "--target", names: &names, paths: targets }.read()?;
    let rows = x.first().map_or(0, neurona::tensor::Tensor::rows);
    let scores = model.evaluate(x, y).map_err(|e| e.inside(path.display().to_string()))?;
    let mut out = io::stdout().lock();
    if *json {
        let line = json!({
            "model": path.display().to_string(),
            "samples": rows,
            "scores": scores_to_json(&scores.logs),
            "notes": files::notes(&model, lang),
        });
        return Ok(writeln!(out, "{line}")?);
    }
    let mut lines = score_lines(&scores, lang);
    lines.push((samples().get(lang).to_owned(), rows.say(lang)));
    let widest = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, value) in lines {
        writeln!(out, "{}", harmless(&format!("{name:<widest$}  {value}")))?;
    }
    Ok(())
}

/// The loss, then the metrics.
fn score_lines(scores: &Scores, lang: Lang) -> Vec<(String, String)> {
    let logs = scores.logs.iter();
    let (loss, metrics): (Vec<_>, Vec<_>) = logs.partition(|(name, _)| *name == "loss");
    let line = |(name, value): (&str, f64)| (name.to_owned(), Decimal(value, 4).say(lang));
    loss.into_iter().chain(metrics).map(line).collect()
}

/// Numbers by name; what is no number is null.
fn scores_to_json(logs: &Logs) -> Map<String, Value> {
    logs.iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}
