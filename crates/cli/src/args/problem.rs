//! What clap finds wrong, said in both languages.

use super::texts;
use clap::error::{ContextKind, ContextValue, Error as ClapError, ErrorKind};
use neurona::{Code, Error};

/// The error E002 of what clap found wrong.
pub(super) fn explain(error: &ClapError) -> Error {
    let wrong = |text| Error::new(Code::E002, text);
    let argument = said(error, ContextKind::InvalidArg);
    // `--epochs <N>` is how clap names an option: its name is enough.
    let option = argument.split(' ').next().unwrap_or_default();
    let value = said(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let text = texts::unknown_command(&said(error, ContextKind::InvalidSubcommand));
            suggest(wrong(text), error, ContextKind::SuggestedSubcommand)
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            suggest(wrong(texts::unknown_option(option)), error, ContextKind::SuggestedArg)
        }
        ErrorKind::UnknownArgument => wrong(texts::unexpected(&argument)).fix(texts::see_help()),
        ErrorKind::TooManyValues => {
            wrong(texts::takes_no_value(option, &value)).fix(texts::without_value(option))
        }
        ErrorKind::InvalidValue | ErrorKind::NoEquals | ErrorKind::WrongNumberOfValues => {
            wrong(texts::no_value(option)).fix(texts::see_help())
        }
        ErrorKind::InvalidUtf8 => wrong(texts::not_unicode()).fix(texts::see_help()),
        kind => wrong(texts::other(&format!("{kind:?}"))).fix(texts::see_help()),
    }
}

fn suggest(problem: Error, error: &ClapError, kind: ContextKind) -> Error {
    let near = said(error, kind);
    let fix = if near.is_empty() { texts::see_help() } else { texts::did_you_mean(&near) };
    problem.fix(fix)
}

/// What clap tells about an error; empty if it does not. Of several things, the first.
fn said(error: &ClapError, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.first().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}
