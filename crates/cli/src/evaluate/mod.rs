//! `neurona evaluate`: the loss and the metrics of a model on given data.

use crate::args::EvaluateOptions;
use crate::arrays::{Side, blame, check_rows, input_names, output_names};
use crate::files;
use crate::stop::Stop;
use crate::terminal::harmless;
use neurona::message::{Decimal, Lang, Say};
use neurona::tensor::Tensor;
use neurona::train::{Evaluate, Logs, Scores};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Evaluates and reports on standard output.
pub(crate) fn run(options: &EvaluateOptions, lang: Lang) -> Result<(), Stop> {
    let EvaluateOptions { model: path, data, targets, compile, batch_size, json, threads } =
        options;
    let model = files::compiled_model(path, *threads, compile, false, lang)?;
    let names = input_names(&model);
    let data = Side { option: "--data", names: &names, paths: data };
    let x = data.read()?;
    data.tell_ranks(&x, &model, lang);
    let names = output_names(&model);
    let targets = Side { option: "--target", names: &names, paths: targets };
    let y = targets.read()?;
    check_rows(&[(&data, &x), (&targets, &y)])?;
    let rows = x.first().map_or(0, Tensor::rows);
    let here = |error: neurona::Error| blame(error, &data, Some(&targets), path);
    let [shown_x, shown_y] = [&x, &y].map(|all| all.iter().map(Tensor::borrow).collect::<Vec<_>>());
    for note in model.data_notes(shown_x, shown_y).map_err(here)? {
        writeln!(io::stderr().lock(), "{} {}", note.code, harmless(note.text.get(lang)))?;
    }
    let options = Evaluate::default().batch_size(*batch_size);
    let scores = model.evaluate_with(x, y, options).map_err(here)?;
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
    let line = |(name, value): (&str, f64)| (word(name, lang), Decimal(value, 4).say(lang));
    loss.into_iter().chain(metrics).map(line).collect()
}

/// The name of a score as a speaker of the language says it. A metric without such a name keeps
/// Keras' name.
fn word(name: &str, lang: Lang) -> String {
    match name {
        "loss" => loss().say(lang),
        "accuracy" => accuracy().say(lang),
        name => name.to_owned(),
    }
}

/// Numbers by name; a value that is not finite is null.
fn scores_to_json(logs: &Logs) -> Map<String, Value> {
    logs.iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

neurona::messages! {
    fn samples() {
        en: "samples",
        es: "muestras",
    }

    fn loss() {
        en: "loss",
        es: "pérdida",
    }

    fn accuracy() {
        en: "accuracy",
        es: "exactitud",
    }
}
