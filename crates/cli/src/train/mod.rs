//! `neurona train`: trains a file's model further, with the optimizer, the loss and the metrics in
//! it.

pub(crate) mod again;
mod texts;

use crate::args::{RunFolder, TrainOptions};
use crate::arrays::{Side, Source, blame, check_rows, input_names, output_names};
use crate::files::{self, Kind, check_place};
use crate::interrupt;
use crate::stop::Stop;
use crate::terminal::{Screen, harmless};
use neurona::message::{Decimal, Lang};
use neurona::tensor::Tensor;
use neurona::train::{Event, Fit, History, Model, Run, Stopped, Verbose};
use neurona::{Code, Error};
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Trains and writes the trained model. The course goes to standard error, results to standard
/// output.
pub(crate) fn run(options: &TrainOptions, lang: Lang) -> Result<(), Stop> {
    interrupt::watch();
    let TrainOptions { model: path, data, targets, output, .. } = options;
    // Before the work: nobody wants to learn afterwards that the result cannot be written.
    Kind::among(output, &[Kind::Keras])?;
    let read: Vec<PathBuf> =
        data.iter().chain(targets).map(|given| Source::of(given).path).collect();
    check_place(output, "--output", read.iter().map(PathBuf::as_path))?;
    let mut model = files::compiled_model(path, options.threads, &options.compile, true, lang)?;
    if let Some(seed) = options.seed {
        model.reseed(seed);
    }
    let names = input_names(&model);
    let data = Side { option: "--data", names: &names, paths: data };
    let x = data.read()?;
    data.tell_ranks(&x, &model, lang);
    let names = output_names(&model);
    let targets = Side { option: "--target", names: &names, paths: targets };
    let y = targets.read()?;
    check_rows(&[(&data, &x), (&targets, &y)])?;
    let rows = x.first().map_or(0, Tensor::rows);
    let here = |error| blame(error, &data, Some(&targets), path);
    let history = fit(&mut model, x, y, options, here, lang)?;
    if let Some(at) = interrupt::stop().stopped() {
        return Err(stopped(&at, options, lang)?);
    }
    if history.epoch.len() < options.epochs && interrupt::asked() {
        writeln!(io::stderr().lock(), "{}", texts::interrupted().get(lang))?;
        return Err(Stop::Interrupted);
    }
    model.save(output)?;
    report(options, &model, &history, rows, lang)
}

fn fit(
    model: &mut Model,
    x: Vec<Tensor<'static>>,
    y: Vec<Tensor<'static>>,
    options: &TrainOptions,
    here: impl FnOnce(Error) -> Error,
    lang: Lang,
) -> Result<History, Error> {
    let fit = Fit::epochs(options.epochs)
        .batch_size(options.batch_size)
        .shuffle(options.shuffle)
        .verbose(Verbose::Silent)
        .callback(Screen::progress(options.plain, lang));
    let until_asked = |_: &Event<'_>| {
        if interrupt::asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let fit = match &options.run {
        Some(RunFolder { path, resume }) => {
            fit.run(Run::new(path).resume(*resume).stop(interrupt::stop()))
        }
        None => fit.callback(until_asked),
    };
    let resumes = options.run.as_ref().is_some_and(|run| run.resume);
    model.fit(x, y, fit).map_err(|error| match error.code() {
        // Without `--resume`, this means that the folder has a run already.
        Code::E036 if !resumes => error.fix(texts::resume_it()),
        Code::E034 | Code::E035 | Code::E036 | Code::E037 => error,
        _ => here(error),
    })
}

/// Says where the training has stopped, and which command resumes it.
fn stopped(at: &Stopped, options: &TrainOptions, lang: Lang) -> io::Result<Stop> {
    let (folder, command) = (at.folder.display().to_string(), again::command(&options.arguments));
    let text = texts::saved(at.step as usize, at.epoch, at.batch, &folder);
    // Even if nobody reads this any more, the exit code still tells.
    let _ = writeln!(io::stderr().lock(), "{}\n  {command}", text.get(lang));
    if options.json {
        let line = json!({
            "model": options.model.display().to_string(),
            "stopped": {"step": at.step, "epoch": at.epoch, "batch": at.batch, "run": folder},
            "resume": command,
        });
        writeln!(io::stdout().lock(), "{line}")?;
    }
    Ok(Stop::Saved)
}

fn report(
    options: &TrainOptions,
    model: &Model,
    history: &History,
    rows: usize,
    lang: Lang,
) -> Result<(), Stop> {
    let output = options.output.display().to_string();
    let mut out = io::stdout().lock();
    if options.json {
        let logs = history.history.iter();
        let logs: Map<String, Value> =
            logs.map(|(name, values)| (name.clone(), values.clone().into())).collect();
        let line = json!({
            "model": options.model.display().to_string(),
            "output": output,
            "samples": rows,
            "epochs": history.epoch.len(),
            "batch_size": options.batch_size,
            "shuffle": options.shuffle,
            "seed": model.random_seed(),
            "history": logs,
            "notes": files::notes(model, lang),
        });
        return Ok(writeln!(out, "{line}")?);
    }
    let last = |(name, values): (&String, &Vec<f64>)| {
        let value = Decimal(*values.last()?, 4);
        Some(texts::score(name, value).get(lang).to_owned())
    };
    let scores: Vec<String> = history.history.iter().filter_map(last).collect();
    writeln!(out, "{}", harmless(&scores.join("  ")))?;
    Ok(writeln!(out, "{}", texts::written(&output).get(lang))?)
}
