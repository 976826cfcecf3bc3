//! `neurona bench`: how long a known training takes, and where its time goes.

mod data;
mod json;
mod measure;
mod memory;
mod npy;
mod profile;
mod table;
mod texts;
mod workload;

pub(crate) use workload::Workload;

use crate::args::{BenchOptions, Report};
use crate::folder::Folder;
use crate::stop::Stop;
use crate::terminal::Screen;
use data::Samples;
use neurona::message::Lang;
use std::io::{self, Write};

/// Measures a workload and reports on standard output, or writes its arrays for other programs.
pub(crate) fn run(options: &BenchOptions, lang: Lang) -> Result<(), Stop> {
    if let Some(path) = &options.arrays {
        // Before the work: nobody wants to learn afterwards that the arrays cannot be written.
        let folder = Folder::open(path, "--arrays")?;
        return Ok(npy::write(&folder, &Samples::of(options.workload)?)?);
    }
    let screen = Screen::new(options.plain);
    let samples = Samples::of(options.workload)?;
    if options.report != Report::Json {
        table::title(screen, options, &samples, lang)?;
    }
    let measured = measure::measure(options, &samples)?;
    match options.report {
        Report::Json => {
            writeln!(io::stdout().lock(), "{}", json::line(options.workload, &measured))?;
        }
        Report::Table => table::print(screen, &measured, lang)?,
        Report::Profile => {
            table::print(screen, &measured, lang)?;
            profile::print(screen, &measured.profile, lang)?;
        }
    }
    Ok(())
}
