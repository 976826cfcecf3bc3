//! The values of the options of the commands on model files.

use super::super::values::{count, wrong};
use super::{
    CompileOptions, ConvertOptions, EvaluateOptions, InspectOptions, PredictOptions, RunFolder,
    TrainOptions, texts,
};
use clap::ArgMatches;
use neurona::internals::Foreign;
use neurona::train::Model;
use neurona::{Code, Error, Result};
use std::ffi::OsString;
use std::path::PathBuf;

/// The options of `neurona inspect`. Errors: E002.
pub(in crate::args) fn inspect(matches: &ArgMatches) -> Result<InspectOptions> {
    threads(matches)?;
    let file = named(matches, "file", "neurona inspect model.keras")?;
    Ok(InspectOptions { file, json: matches.get_flag("json") })
}

/// The options of `neurona predict`. Errors: E002.
pub(in crate::args) fn predict(matches: &ArgMatches) -> Result<PredictOptions> {
    Ok(PredictOptions {
        model: model(matches, "neurona predict model.keras --input x.npy")?,
        inputs: some(matches, "input", "x.npy")?,
        outputs: all(matches, "output", "y.npy")?,
        batch_size: batch_size(matches)?,
        threads: threads(matches)?,
    })
}

/// The options of `neurona evaluate`. Errors: E002.
pub(in crate::args) fn evaluate(matches: &ArgMatches) -> Result<EvaluateOptions> {
    let example = "neurona evaluate model.keras --data x.npy --target y.npy";
    Ok(EvaluateOptions {
        model: model(matches, example)?,
        data: some(matches, "data", "x.npy")?,
        targets: some(matches, "target", "y.npy")?,
        compile: compile(matches),
        batch_size: batch_size(matches)?,
        json: matches.get_flag("json"),
        threads: threads(matches)?,
    })
}

/// The options of `neurona train`, with the whole command line. Errors: E002.
pub(in crate::args) fn train(matches: &ArgMatches, arguments: &[OsString]) -> Result<TrainOptions> {
    let example =
        "neurona train model.keras --data x.npy --target y.npy --epochs 5 --output trained.keras";
    let (run, resume) = (all(matches, "run", "runs/1")?.pop(), matches.get_flag("resume"));
    let model = model(matches, example)?;
    if resume && run.is_none() {
        return Err(wrong("--resume", texts::resume_what(), texts::name_the_run()));
    }
    Ok(TrainOptions {
        model,
        data: some(matches, "data", "x.npy")?,
        targets: some(matches, "target", "y.npy")?,
        compile: compile(matches),
        epochs: count(matches, "epochs", (1, 1_000_000), "5")?.unwrap_or(1),
        batch_size: batch_size(matches)?,
        shuffle: !matches.get_flag("no-shuffle"),
        seed: count(matches, "seed", (0, u64::MAX), "42")?,
        output: some(matches, "output", "trained.keras")?.swap_remove(0),
        run: run.map(|path| RunFolder { path, resume }),
        json: matches.get_flag("json"),
        threads: threads(matches)?,
        plain: matches.get_flag("plain"),
        arguments: arguments.to_vec(),
    })
}

/// The options of `neurona convert`. Errors: E002.
pub(in crate::args) fn convert(matches: &ArgMatches) -> Result<ConvertOptions> {
    threads(matches)?;
    let example = "neurona convert model.h5 model.keras";
    let (from, to) = (named(matches, "in", example)?, named(matches, "out", example)?);
    Ok(ConvertOptions { from, to })
}

/// What to compile a model with. Names that do not exist are reported with the model, which says
/// how many it needs.
fn compile(matches: &ArgMatches) -> CompileOptions {
    let names = |name: &str| -> Vec<String> {
        let given = matches.try_get_many::<String>(name).ok().flatten().into_iter().flatten();
        let names = given.flat_map(|given| given.split(','));
        names.map(|name| name.trim().to_owned()).collect()
    };
    CompileOptions {
        optimizer: names("optimizer").pop(),
        losses: names("loss"),
        metrics: names("metrics"),
    }
}

fn batch_size(matches: &ArgMatches) -> Result<usize> {
    Ok(count(matches, "batch-size", (1, 1_000_000_000), "32")?.unwrap_or(32))
}

fn threads(matches: &ArgMatches) -> Result<Option<usize>> {
    count(matches, "threads", (1, 1024), "2")
}

/// The model's file. If it cannot be a model, that is reported before missing options, which would
/// not help.
fn model(matches: &ArgMatches, example: &str) -> Result<PathBuf> {
    let path = named(matches, "model", example)?;
    if path.is_dir() {
        Model::load(&path)?;
    }
    let Some(data) = Foreign::data(&path) else { return Ok(path) };
    let error = Error::new(Code::E034, data.what()).at(path.display().to_string());
    Err(error.fix(texts::model_first(example, &data.to_arrays(&path))))
}

/// A file named without an option.
fn named(matches: &ArgMatches, name: &str, example: &str) -> Result<PathBuf> {
    let missing = |text| Error::new(Code::E002, text).fix(texts::for_example(example));
    match matches.get_one::<OsString>(name) {
        None => Err(missing(match name {
            "out" => texts::no_second_file(),
            _ => texts::no_file(),
        })),
        Some(given) if given.is_empty() => Err(missing(texts::empty_name())),
        Some(given) => Ok(PathBuf::from(given)),
    }
}

/// The files of a required option.
fn some(matches: &ArgMatches, name: &str, example: &str) -> Result<Vec<PathBuf>> {
    let files = all(matches, name, example)?;
    if files.is_empty() {
        let option = format!("--{name}");
        let example = texts::for_example(&format!("{option} {example}"));
        return Err(wrong(&option, texts::missing(), example));
    }
    Ok(files)
}

/// The files of an option, in the order in which they were given.
fn all(matches: &ArgMatches, name: &str, example: &str) -> Result<Vec<PathBuf>> {
    let given = matches.get_many::<OsString>(name).into_iter().flatten();
    let path = |given: &OsString| {
        if given.is_empty() {
            let option = format!("--{name}");
            let example = texts::for_example(&format!("{option} {example}"));
            return Err(wrong(&option, texts::empty_name(), example));
        }
        Ok(PathBuf::from(given))
    };
    given.map(path).collect()
}
