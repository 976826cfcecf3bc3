//! The values of options, checked here so that mistakes are reported in both languages.

use super::{BenchOptions, GuideOptions, Report, texts};
use crate::bench::Workload;
use clap::ArgMatches;
use neurona::internals::error::nearest;
use neurona::message::{Lang, Text};
use neurona::{Code, Error, Result};
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

/// Checks `--lang`; which language it is was read before. Errors: E002.
pub(super) fn lang(matches: &ArgMatches) -> Result<()> {
    match matches.get_one::<String>("lang") {
        Some(code) if Lang::from_code(code).is_none() => {
            Err(wrong("--lang", texts::not_a_language(code), texts::two_languages()))
        }
        _ => Ok(()),
    }
}

/// The options of `neurona guide`. Errors: E002.
pub(super) fn guide(matches: &ArgMatches, arguments: &[OsString]) -> Result<GuideOptions> {
    let out = folder(matches, "out", "neurona-guide")?;
    Ok(GuideOptions {
        epochs: count(matches, "epochs", (1, 100_000), "5")?.unwrap_or(5),
        seed: count(matches, "seed", (0, u64::MAX), "42")?.unwrap_or(3),
        threads: count(matches, "threads", (1, 1024), "2")?,
        out: out.unwrap_or_else(|| PathBuf::from("neurona-guide")),
        arrays: folder(matches, "arrays", "digits")?,
        resume: matches.get_flag("resume"),
        plain: matches.get_flag("plain"),
        arguments: arguments.to_vec(),
    })
}

/// The options of `neurona bench`. Errors: E002.
pub(super) fn bench(matches: &ArgMatches) -> Result<BenchOptions> {
    let report = match (matches.get_flag("json"), matches.get_flag("profile")) {
        (true, true) => return Err(wrong("--json", texts::two_reports(), texts::one_report())),
        (true, false) => Report::Json,
        (false, true) => Report::Profile,
        (false, false) => Report::Table,
    };
    Ok(BenchOptions {
        workload: workload(matches)?,
        epochs: count(matches, "epochs", (1, 100_000), "4")?.unwrap_or(4),
        threads: count(matches, "threads", (1, 1024), "2")?,
        report,
        arrays: folder(matches, "arrays", "mnist")?,
        plain: matches.get_flag("plain"),
    })
}

fn workload(matches: &ArgMatches) -> Result<Workload> {
    let names = Workload::ALL.map(Workload::name);
    let one_of = || texts::one_of(&names.join(", "));
    let Some(given) = matches.get_one::<String>("workload") else {
        return Err(Error::new(Code::E002, texts::no_workload()).fix(one_of()));
    };
    let unknown = || {
        let near = nearest(given, &names);
        Error::new(Code::E002, texts::unknown_workload(given))
            .fix(near.map_or_else(one_of, texts::did_you_mean))
    };
    Workload::from_name(given).ok_or_else(unknown)
}

/// A folder's name, if it was given.
fn folder(matches: &ArgMatches, name: &str, example: &str) -> Result<Option<PathBuf>> {
    let Some(given) = matches.get_one::<OsString>(name) else { return Ok(None) };
    if given.is_empty() {
        let option = format!("--{name}");
        let example = texts::for_example(&format!("{option} {example}"));
        return Err(wrong(&option, texts::empty_folder(), example));
    }
    Ok(Some(PathBuf::from(given)))
}

/// A whole number in a range, both ends included.
pub(super) fn count<T: FromStr + PartialOrd + ToString>(
    matches: &ArgMatches,
    name: &str,
    (least, most): (T, T),
    example: &str,
) -> Result<Option<T>> {
    let Some(given) = matches.get_one::<String>(name) else { return Ok(None) };
    let inside = |number: &T| (&least..=&most).contains(&number);
    let number = given.parse().ok().filter(inside);
    let option = format!("--{name}");
    let refused = || {
        let text = texts::not_a_count(given, &least.to_string(), &most.to_string());
        wrong(&option, text, texts::for_example(&format!("{option} {example}")))
    };
    number.map(Some).ok_or_else(refused)
}

pub(super) fn wrong(option: &str, text: Text, fix: Text) -> Error {
    Error::new(Code::E002, text).at(option).fix(fix)
}
