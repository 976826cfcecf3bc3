//! The command line: what can be asked, and what was.

mod help;
mod problem;
mod texts;
mod values;

use clap::error::ErrorKind;
use neurona::Result;
use neurona::message::Lang;
use std::ffi::OsString;
use std::path::PathBuf;

/// What was asked.
#[derive(Debug)]
pub(crate) enum Command {
    /// A text to print: help, or the version.
    Show(String),
    /// The guide.
    Guide(GuideOptions),
}

/// How the guide is to be told.
#[derive(Debug)]
pub(crate) struct GuideOptions {
    /// How many times to go through the training images.
    pub(crate) epochs: usize,
    /// What decides all randomness.
    pub(crate) seed: u64,
    /// How many threads; `None` for as many as the processor runs.
    pub(crate) threads: Option<usize>,
    /// The folder for figures, history and report.
    pub(crate) out: PathBuf,
    /// Neither colours nor redrawn lines.
    pub(crate) plain: bool,
}

/// What the arguments ask for; the first one is the program's name. Errors: E002.
pub(crate) fn parse(arguments: &[OsString], lang: Lang) -> Result<Command> {
    let mut command = help::command(lang);
    let matches = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                    Ok(Command::Show(error.to_string()))
                }
                _ => Err(problem::explain(&error)),
            };
        }
    };
    values::lang(&matches)?;
    match matches.subcommand() {
        Some(("guide", matches)) => Ok(Command::Guide(values::guide(matches)?)),
        _ => Ok(Command::Show(command.render_help().to_string())),
    }
}
