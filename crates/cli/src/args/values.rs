//! The values of options, checked here so that what is wrong is said in both languages.

use super::{GuideOptions, texts};
use clap::ArgMatches;
use neurona::message::{Lang, Text};
use neurona::{Code, Error, Result};
use std::ffi::{OsStr, OsString};
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
pub(super) fn guide(matches: &ArgMatches) -> Result<GuideOptions> {
    let out = matches.get_one::<OsString>("out");
    let out = PathBuf::from(out.map_or(OsStr::new("neurona-guide"), |given| given));
    if out.as_os_str().is_empty() {
        let example = texts::for_example("--out neurona-guide");
        return Err(wrong("--out", texts::empty_folder(), example));
    }
    Ok(GuideOptions {
        epochs: count(matches, "epochs", (1, 100_000), "5")?.unwrap_or(5),
        seed: count(matches, "seed", (0, u64::MAX), "42")?.unwrap_or(3),
        threads: count(matches, "threads", (1, 1024), "2")?,
        out,
        plain: matches.get_flag("plain"),
    })
}

/// A whole number of a range, both ends included.
fn count<T: FromStr + PartialOrd + ToString>(
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

fn wrong(option: &str, text: Text, fix: Text) -> Error {
    Error::new(Code::E002, text).at(option).fix(fix)
}
