//! The measurements as a small table.

use super::data::Samples;
use super::measure::{Measured, threads};
use super::profile::shares;
use super::texts;
use crate::args::BenchOptions;
use crate::fold::wrap;
use crate::terminal::Screen;
use neurona::internals::cpu::Level;
use neurona::message::{Decimal, Lang, Say, Text};
use std::io;
use std::time::Duration;

/// The columns of a line, without the margin that `Screen::output` gives it.
const WIDTH: usize = 76;

/// Says what is about to be measured.
pub(super) fn title(
    screen: Screen,
    options: &BenchOptions,
    samples: &Samples,
    lang: Lang,
) -> io::Result<()> {
    let batch_size = options.workload.batch_size();
    let isa = Level::chosen().name();
    let line = texts::sizes(samples.count(), batch_size, options.epochs, threads(options), isa);
    screen.title(&format!("neurona bench {}", options.workload.name()), line.get(lang))
}

/// What was measured.
pub(super) fn print(screen: Screen, measured: &Measured, lang: Lang) -> io::Result<()> {
    let seconds = |time: Duration| Decimal(time.as_secs_f64(), 4).say(lang);
    let milliseconds = Decimal(measured.predict_one.as_secs_f64() * 1e3, 5).say(lang);
    let steps = (measured.steps_per_second().round() as usize).say(lang);
    let megabytes = |bytes: u64| Decimal(bytes as f64 / 1e6, 1).say(lang);
    let rows = [
        (texts::first_epoch(), Some(seconds(measured.first_epoch)), "s"),
        (texts::epoch(), measured.later_epoch.map(seconds), "s"),
        (texts::steps_per_second(), Some(steps), "/s"),
        (texts::predict_one(), Some(milliseconds), "ms"),
        (texts::peak(), measured.peak.map(megabytes), "MB"),
    ];
    let known = rows.into_iter().filter_map(|(name, value, unit)| Some((name, value?, unit)));
    screen.output(&aligned(known, lang))?;

    let losses: Vec<String> =
        measured.losses.iter().map(|loss| Decimal(*loss, 4).say(lang)).collect();
    let losses = format!("{}: {}", texts::losses().get(lang), losses.join("  "));
    screen.output(&wrap(&losses, WIDTH).join("\n"))?;

    let kinds = shares(&measured.profile).into_iter().map(|(kind, share)| {
        let name = kind.map_or_else(texts::around, Text::verbatim);
        (name, Decimal(100.0 * share, 1).say(lang), "%")
    });
    screen.output(texts::shares().get(lang))?;
    screen.output(&aligned(kinds, lang))
}

/// Names, numbers and their units, in columns.
fn aligned(rows: impl Iterator<Item = (Text, String, &'static str)>, lang: Lang) -> String {
    let rows: Vec<(String, String, &str)> =
        rows.map(|(name, number, unit)| (name.get(lang).to_owned(), number, unit)).collect();
    let widest = |column: fn(&(String, String, &str)) -> usize| rows.iter().map(column).max();
    let names = widest(|row| row.0.chars().count()).unwrap_or(0);
    let numbers = widest(|row| row.1.chars().count()).unwrap_or(0);
    let lines = rows
        .iter()
        .map(|(name, number, unit)| format!("{name:<names$}  {number:>numbers$} {unit}"));
    lines.collect::<Vec<_>>().join("\n")
}
