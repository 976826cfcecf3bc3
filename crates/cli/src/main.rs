//! The command `neurona`: reads the command line, does what it says, and tells the shell how it went.

mod args;
mod arrays;
mod bench;
mod convert;
mod evaluate;
mod files;
mod fold;
mod folder;
mod guide;
mod half_blocks;
mod help;
mod inspect;
mod interrupt;
mod isa;
mod lang;
mod numbers;
mod predict;
mod stop;
mod terminal;
mod train;

use args::Command;
use neurona::message::Lang;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use stop::Stop;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let lang =
        lang::chosen(arguments.get(1..).unwrap_or_default(), |name| std::env::var(name).ok());
    match run(&arguments, lang) {
        Ok(()) | Err(Stop::ReaderGone) => ExitCode::SUCCESS,
        Err(Stop::Interrupted) => ExitCode::from(interrupt::EXIT_CODE),
        Err(Stop::Saved) => ExitCode::from(interrupt::SAVED_EXIT_CODE),
        Err(Stop::Error(error)) => {
            // If not even this can be written, the exit code still tells.
            let _ = writeln!(io::stderr().lock(), "{}", terminal::harmless(&error.in_lang(lang)));
            ExitCode::from(error.code().exit_code())
        }
    }
}

fn run(arguments: &[OsString], lang: Lang) -> Result<(), Stop> {
    isa::check(std::env::var("NEURONA_ISA").ok().as_deref())?;
    match args::parse(arguments, lang)? {
        Command::Show(text) => Ok(io::stdout().lock().write_all(text.as_bytes())?),
        Command::Explain(page) => Ok(help::show(&page, lang)?),
        Command::Guide(options) => guide::run(&options, lang),
        Command::Bench(options) => bench::run(&options, lang),
        Command::Inspect(options) => inspect::run(&options, lang),
        Command::Predict(options) => predict::run(&options, lang),
        Command::Evaluate(options) => evaluate::run(&options, lang),
        Command::Train(options) => train::run(&options, lang),
        Command::Convert(options) => Ok(convert::run(&options, lang)?),
    }
}
