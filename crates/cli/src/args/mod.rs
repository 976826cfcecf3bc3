//! The command line: what can be asked for, and what was.

mod help;
mod models;
mod problem;
mod texts;
mod values;

use crate::bench::Workload;
use clap::error::ErrorKind;
use neurona::Result;
use neurona::internals::error::Page;
use neurona::message::Lang;
use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) use models::{
    CompileOptions, ConvertOptions, EvaluateOptions, InspectOptions, PredictOptions, RunFolder,
    TrainOptions,
};

/// What was asked for.
#[derive(Debug)]
pub(crate) enum Command {
    /// A text to print: help, or the version.
    Show(String),
    /// What an error's code means.
    Explain(Page),
    /// The guide.
    Guide(GuideOptions),
    /// A measurement.
    Bench(BenchOptions),
    /// A look into a file.
    Inspect(InspectOptions),
    /// A model's outputs.
    Predict(PredictOptions),
    /// How good a model is.
    Evaluate(EvaluateOptions),
    /// More training of a model.
    Train(TrainOptions),
    /// The same contents in another kind of file.
    Convert(ConvertOptions),
}

/// How the guide is to run.
#[derive(Debug)]
pub(crate) struct GuideOptions {
    /// How many times to go through the training images.
    pub(crate) epochs: usize,
    /// What decides all randomness.
    pub(crate) seed: u64,
    /// How many threads; `None` for all that the processor can run.
    pub(crate) threads: Option<usize>,
    /// The folder for figures, history, network and report.
    pub(crate) out: PathBuf,
    /// The folder to write the digits to as well, as NumPy arrays.
    pub(crate) arrays: Option<PathBuf>,
    /// Whether to continue the guide that was interrupted in that folder.
    pub(crate) resume: bool,
    /// Neither colours nor redrawn lines.
    pub(crate) plain: bool,
    /// The whole command line, from which the command that resumes the guide is made.
    pub(crate) arguments: Vec<OsString>,
}

/// What to measure, and how to report it.
#[derive(Debug)]
pub(crate) struct BenchOptions {
    /// Which training.
    pub(crate) workload: Workload,
    /// How many times to go through its samples.
    pub(crate) epochs: usize,
    /// How many threads; `None` for all that the processor can run.
    pub(crate) threads: Option<usize>,
    /// What is printed.
    pub(crate) report: Report,
    /// The folder to write the workload's arrays to, instead of measuring.
    pub(crate) arrays: Option<PathBuf>,
    /// No colours.
    pub(crate) plain: bool,
}

/// How a measurement is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// A small table.
    Table,
    /// The table, and the program of a training step with its times.
    Profile,
    /// One line of JSON.
    Json,
}

/// What the arguments ask for; the first is the program's name. Errors: E002.
pub(crate) fn parse(arguments: &[OsString], lang: Lang) -> Result<Command> {
    let mut command = help::command(lang);
    let matches = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                    Ok(Command::Show(error.to_string()))
                }
                _ => Err(problem::explain(&error, &command, arguments)),
            };
        }
    };
    values::lang(&matches)?;
    match matches.subcommand() {
        Some(("help", matches)) => help::wanted(matches, &mut command),
        Some(("guide", matches)) => Ok(Command::Guide(values::guide(matches, arguments)?)),
        Some(("bench", matches)) => Ok(Command::Bench(values::bench(matches)?)),
        Some(("inspect", matches)) => Ok(Command::Inspect(models::inspect(matches)?)),
        Some(("predict", matches)) => Ok(Command::Predict(models::predict(matches)?)),
        Some(("evaluate", matches)) => Ok(Command::Evaluate(models::evaluate(matches)?)),
        Some(("train", matches)) => Ok(Command::Train(models::train(matches, arguments)?)),
        Some(("convert", matches)) => Ok(Command::Convert(models::convert(matches)?)),
        _ => Ok(Command::Show(command.render_help().to_string())),
    }
}
