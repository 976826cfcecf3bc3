//! The commands on model files, and their options.

use super::super::help::{flag, option, say, template, value_name};
use super::texts;
use clap::{Arg, ArgAction, Command};
use neurona::message::{Lang, Text};
use std::ffi::OsString;

/// The commands, in the order of the help page.
pub(in crate::args) fn commands(lang: Lang) -> [Command; 5] {
    [inspect(lang), predict(lang), evaluate(lang), train(lang), convert(lang)]
}

fn inspect(lang: Lang) -> Command {
    command("inspect", &texts::inspect_about(), &texts::inspect_usage(), lang)
        .after_help(say(&texts::inspect_after(), lang))
        .arg(file("file"))
        .arg(json(lang))
}

fn predict(lang: Lang) -> Command {
    command("predict", &texts::predict_about(), &texts::predict_usage(), lang)
        .after_help(say(&texts::predict_after(), lang))
        .arg(file("model"))
        .arg(files("input", &texts::input(), lang))
        .arg(files("output", &texts::predictions(), lang))
        .arg(option("batch-size", "N", &texts::samples_at_once(), lang))
}

fn evaluate(lang: Lang) -> Command {
    command("evaluate", &texts::evaluate_about(), &texts::evaluate_usage(), lang)
        .after_help(say(&texts::evaluate_after(), lang))
        .arg(file("model"))
        .arg(files("data", &texts::data(), lang))
        .arg(files("target", &texts::target(), lang))
        .arg(names("loss", &texts::loss(), lang))
        .arg(names("metrics", &texts::metrics(), lang))
        .arg(option("batch-size", "N", &texts::samples_at_once(), lang))
        .arg(json(lang))
}

fn train(lang: Lang) -> Command {
    let path = || clap::value_parser!(OsString);
    command("train", &texts::train_about(), &texts::train_usage(), lang)
        .after_help(say(&texts::train_after(), lang))
        .arg(file("model"))
        .arg(files("data", &texts::data(), lang))
        .arg(files("target", &texts::target(), lang))
        .arg(names("optimizer", &texts::optimizer(), lang))
        .arg(names("loss", &texts::loss(), lang))
        .arg(names("metrics", &texts::metrics(), lang))
        .arg(option("epochs", "N", &texts::epochs(), lang))
        .arg(option("batch-size", "N", &texts::batch_size(), lang))
        .arg(flag("no-shuffle", &texts::no_shuffle(), lang).action(ArgAction::SetTrue))
        .arg(option("seed", "N", &texts::seed(), lang))
        .arg(option("output", "FILE", &texts::output(), lang).value_parser(path()))
        .arg(option("run", "DIR", &texts::run(), lang).value_parser(path()))
        .arg(flag("resume", &texts::resume(), lang).action(ArgAction::SetTrue))
        .arg(json(lang))
}

fn convert(lang: Lang) -> Command {
    command("convert", &texts::convert_about(), &texts::convert_usage(), lang)
        .after_help(say(&texts::convert_after(), lang))
        .arg(file("in"))
        .arg(file("out"))
}

fn command(name: &'static str, about: &Text, usage: &Text, lang: Lang) -> Command {
    Command::new(name)
        .about(say(about, lang))
        .override_usage(say(usage, lang))
        .help_template(template(lang, false))
        .disable_help_flag(true)
}

/// A file named without an option. We report a missing one ourselves, like everything else.
fn file(name: &'static str) -> Arg {
    Arg::new(name).required(false).value_parser(clap::value_parser!(OsString))
}

/// An option that may be given several times, each with a file.
fn files(name: &'static str, help: &Text, lang: Lang) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value_name("FILE", lang))
        .help(say(help, lang))
        .action(ArgAction::Append)
        .value_parser(clap::value_parser!(OsString))
}

/// An option that may be given several times, each with one of Keras' names, or with names between
/// commas.
fn names(name: &'static str, help: &Text, lang: Lang) -> Arg {
    Arg::new(name).long(name).value_name("NAME").help(say(help, lang)).action(ArgAction::Append)
}

fn json(lang: Lang) -> Arg {
    flag("json", &texts::json(), lang).action(ArgAction::SetTrue)
}
