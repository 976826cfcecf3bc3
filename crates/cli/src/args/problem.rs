//! What clap finds wrong, reported in both languages.

use super::texts;
use clap::Command;
use clap::error::{ContextKind, ContextValue, Error as ClapError, ErrorKind};
use neurona::message::Text;
use neurona::{Code, Error};
use std::ffi::OsString;

/// What other programs call our commands.
const COMMANDS: [(&str, &[&str]); 5] = [
    ("train", &["fit", "learn", "entrenar"]),
    ("evaluate", &["test", "eval", "score", "validate", "evaluar", "probar"]),
    ("predict", &["infer", "run", "apply", "classify", "predecir"]),
    ("inspect", &["info", "show", "summary", "describe", "view", "ver"]),
    ("convert", &["export", "save", "convertir"]),
];

/// Options that mean the same to different commands or programs; a command has at most one of a group.
const OPTIONS: [&[&str]; 5] = [
    &["input", "data", "inputs", "x", "features", "file"],
    &["target", "targets", "y", "labels", "label"],
    &["output", "out", "save", "o"],
    &["batch-size", "batch_size", "batch"],
    &["epochs", "epoch", "iterations"],
];

/// The error E002 for what clap found wrong with a command's arguments.
pub(super) fn explain(error: &ClapError, all: &Command, arguments: &[OsString]) -> Error {
    let wrong = |text| Error::new(Code::E002, text);
    let argument = said(error, ContextKind::InvalidArg);
    // `--epochs <N>` is how clap names an option: its name is enough.
    let (option, kind) = argument.split_once(' ').unwrap_or((&argument, ""));
    let value = said(error, ContextKind::InvalidValue);
    let command = arguments.iter().find_map(|word| all.find_subcommand(word));
    let see_help = || match command {
        Some(command) => texts::see_help_of(command.get_name()),
        None => texts::see_help(),
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let given = said(error, ContextKind::InvalidSubcommand);
            let near = COMMANDS.iter().find(|(_, others)| others.contains(&given.as_str()));
            let near = near.map(|(name, _)| (*name).to_owned());
            let near = near.unwrap_or_else(|| said(error, ContextKind::SuggestedSubcommand));
            wrong(texts::unknown_command(&given)).fix(meant(&near, see_help))
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            let near = same_option(option, command);
            let near = near.unwrap_or_else(|| said(error, ContextKind::SuggestedArg));
            wrong(texts::unknown_option(option)).fix(meant(&near, see_help))
        }
        ErrorKind::UnknownArgument => {
            let fix = match same_option("--input", command) {
                Some(option) => texts::with_option(&format!("{option} {argument}")),
                None => texts::leave_out(command.map_or("", Command::get_name)),
            };
            wrong(texts::unexpected(&argument)).fix(fix)
        }
        ErrorKind::TooManyValues => {
            wrong(texts::takes_no_value(option, &value)).fix(texts::without_value(option))
        }
        ErrorKind::InvalidValue | ErrorKind::NoEquals | ErrorKind::WrongNumberOfValues => {
            let fix = example(option, kind).map_or_else(see_help, |of| texts::for_example(&of));
            wrong(texts::no_value(option)).fix(fix)
        }
        ErrorKind::InvalidUtf8 => wrong(texts::not_unicode()).fix(texts::other_name()),
        kind => wrong(texts::other(&format!("{kind:?}"))).fix(see_help()),
    }
}

fn meant(near: &str, see_help: impl FnOnce() -> Text) -> Text {
    if near.is_empty() { see_help() } else { texts::did_you_mean(near) }
}

/// The option of a command that means the same as another program's, or another command's.
fn same_option(given: &str, command: Option<&Command>) -> Option<String> {
    let given = given.trim_start_matches('-');
    let group = OPTIONS.iter().find(|group| group.contains(&given))?;
    let mut own = command?.get_arguments().filter_map(clap::Arg::get_long);
    own.find(|own| group.contains(own)).map(|own| format!("--{own}"))
}

/// An option with a value of the kind it takes: `--epochs 5`.
fn example(option: &str, kind: &str) -> Option<String> {
    let value = match (option, kind.trim_matches(['<', '>'])) {
        ("--output", _) => "trained.keras",
        ("--run", _) => "runs/1",
        ("--loss", _) => "mse",
        ("--metrics", _) => "accuracy",
        ("--optimizer", _) => "adam",
        (_, "N") => "5",
        (_, "es|en") => "es",
        (_, "DIR" | "CARPETA") => "results",
        (_, "FILE" | "ARCHIVO") => "x.npy",
        _ => return None,
    };
    Some(format!("{option} {value}"))
}

/// What clap says about an error; empty if nothing. If there are several things, the first.
fn said(error: &ClapError, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.first().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}
