//! The commands and their options, with every word of their help from the catalogue.

use super::{models, texts};
use clap::{Arg, ArgAction, ArgMatches, Command};
use neurona::internals::error::{nearest, one_of, page_of, pages};
use neurona::message::{Lang, Text};
use neurona::{Code, Error, Result};
use std::ffi::OsString;

/// The whole command line, in a language.
pub(super) fn command(lang: Lang) -> Command {
    let command = Command::new("neurona")
        .version(env!("CARGO_PKG_VERSION"))
        .about(say(&texts::about(), lang))
        .override_usage(say(&texts::usage(), lang))
        .help_template(template(lang, true))
        .after_help(say(&texts::exit_codes(), lang))
        // Clap's own help would be in English: these are ours.
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .args(options_of_all(lang))
        .arg(
            flag("version", &texts::version(), lang)
                .short('V')
                .action(ArgAction::Version)
                .display_order(104),
        );
    let commands = [guide(lang), bench(lang), help(lang)].into_iter().chain(models::commands(lang));
    command.subcommands(commands)
}

fn guide(lang: Lang) -> Command {
    let folder = clap::value_parser!(OsString);
    Command::new("guide")
        .about(say(&texts::guide_about(), lang))
        .override_usage(say(&texts::guide_usage(), lang))
        .help_template(template(lang, false))
        .after_help(say(&texts::guide_after(), lang))
        .disable_help_flag(true)
        .arg(option("epochs", "N", &texts::epochs(), lang))
        .arg(option("seed", "N", &texts::seed(), lang))
        .arg(option("out", "DIR", &texts::out(), lang).value_parser(folder.clone()))
        .arg(option("arrays", "DIR", &texts::guide_arrays(), lang).value_parser(folder))
        .arg(flag("resume", &texts::guide_resume(), lang).action(ArgAction::SetTrue))
}

fn bench(lang: Lang) -> Command {
    let folder = clap::value_parser!(OsString);
    Command::new("bench")
        .about(say(&texts::bench_about(), lang))
        .override_usage(say(&texts::bench_usage(), lang))
        .help_template(template(lang, false))
        .after_help(say(&texts::bench_after(), lang))
        .disable_help_flag(true)
        // We report a missing one ourselves, like everything else.
        .arg(Arg::new("workload").required(false))
        .arg(option("epochs", "N", &texts::bench_epochs(), lang))
        .arg(flag("json", &texts::json(), lang).action(ArgAction::SetTrue))
        .arg(flag("profile", &texts::profile(), lang).action(ArgAction::SetTrue))
        .arg(option("arrays", "DIR", &texts::arrays(), lang).value_parser(folder))
}

fn help(lang: Lang) -> Command {
    Command::new("help")
        .about(say(&texts::help_about(), lang))
        .override_usage(say(&texts::help_usage(), lang))
        .help_template(template(lang, false))
        .after_help(say(&texts::help_after(), lang))
        .disable_help_flag(true)
        .display_order(999)
        .arg(Arg::new("what").required(false))
}

/// What `neurona help …` asks for. Errors: E002 if it is neither a command nor a code.
pub(super) fn wanted(matches: &ArgMatches, command: &mut Command) -> Result<super::Command> {
    let Some(what) = matches.get_one::<String>("what") else {
        return Ok(super::Command::Show(command.render_help().to_string()));
    };
    if let Some(page) = page_of(what) {
        return Ok(super::Command::Explain(page));
    }
    // So that the options of all commands are on its page, too.
    command.build();
    if let Some(found) = command.find_subcommand_mut(what) {
        return Ok(super::Command::Show(found.render_help().to_string()));
    }
    let commands = command.get_subcommands().map(|command| command.get_name().to_owned());
    let codes = pages().into_iter().map(|page| page.code.to_owned());
    let known: Vec<String> = commands.chain(codes).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let fix = nearest(what, &known).map_or_else(|| one_of(what, &known), texts::did_you_mean);
    Err(Error::new(Code::E002, texts::nothing_to_explain(what)).at("help").fix(fix))
}

/// The options that mean the same everywhere, before or after the command's name.
fn options_of_all(lang: Lang) -> [Arg; 4] {
    let global = [
        option("lang", "es|en", &texts::lang(), lang),
        option("threads", "N", &texts::threads(), lang),
        flag("plain", &texts::plain(), lang).action(ArgAction::SetTrue),
        flag("help", &texts::help(), lang).short('h').action(ArgAction::Help),
    ];
    let mut order = 100..;
    global.map(|arg| arg.global(true).display_order(order.next().unwrap_or(100)))
}

/// An option with a value. The last one counts if it is given twice.
///
/// We check values ourselves: clap would complain in English.
pub(super) fn option(name: &'static str, value: &'static str, help: &Text, lang: Lang) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value_name(value, lang))
        .help(say(help, lang))
        .action(ArgAction::Set)
        .allow_negative_numbers(true)
        .overrides_with(name)
}

/// What stands for an option's value, in a language.
pub(super) fn value_name(english: &'static str, lang: Lang) -> &'static str {
    match (english, lang) {
        ("DIR", Lang::Es) => "CARPETA",
        ("FILE", Lang::Es) => "ARCHIVO",
        (english, _) => english,
    }
}

pub(super) fn flag(name: &'static str, help: &Text, lang: Lang) -> Arg {
    Arg::new(name).long(name).help(say(help, lang)).overrides_with(name)
}

/// Clap's headings are English, so the pages are put together here.
pub(super) fn template(lang: Lang, commands: bool) -> String {
    let heading = |text: Text| text.get(lang).to_owned();
    let mut page = format!("{{about}}\n\n{} {{usage}}\n", heading(texts::usage_heading()));
    if commands {
        page += &format!("\n{}\n{{subcommands}}\n", heading(texts::commands_heading()));
    }
    page + &format!("\n{}\n{{options}}{{after-help}}\n", heading(texts::options_heading()))
}

pub(super) fn say(text: &Text, lang: Lang) -> String {
    text.get(lang).to_owned()
}
