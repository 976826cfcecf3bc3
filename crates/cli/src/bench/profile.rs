//! The program of a training step, with the time of each of its steps.

use super::texts;
use crate::fold::wrap;
use crate::terminal::Screen;
use neurona::message::{Decimal, Lang, Say};
use neurona::train::{Profile, StepTime};
use std::io;
use std::time::Duration;

/// The columns of a line, without the margin that `Screen::output` gives it.
const WIDTH: usize = 76;

/// The share of each kind of step, largest first; last, as `None`, the share of everything around
/// the steps.
pub(super) fn shares(profile: &Profile) -> Vec<(Option<&'static str>, f64)> {
    let whole = whole(profile);
    let share = |time: Duration| time.as_secs_f64() / whole.as_secs_f64().max(f64::MIN_POSITIVE);
    let kinds = profile.kinds().into_iter().map(|(kind, time)| (Some(kind), share(time)));
    kinds.chain([(None, share(profile.rest()))]).collect()
}

/// All steps and everything around them.
fn whole(profile: &Profile) -> Duration {
    profile.steps.iter().map(|step| step.time).sum::<Duration>() + profile.rest()
}

/// Prints the steps, then the total of each kind, then the time around them.
pub(super) fn print(screen: Screen, profile: &Profile, lang: Lang) -> io::Result<()> {
    let say = |text: neurona::message::Text| text.get(lang).to_owned();
    screen.heading("", &say(texts::steps_title()))?;
    let layers = profile.steps.iter().map(|step| step.layer.chars().count());
    let layer = layers.max().unwrap_or(0).max(say(texts::layer()).chars().count());
    let whole = whole(profile).as_secs_f64();
    let times = |time: Duration| {
        let micros = Decimal(time.as_secs_f64() * 1e6, 2).say(lang);
        let percent = Decimal(100.0 * time.as_secs_f64() / whole, 1).say(lang);
        format!("{micros:>9} {percent:>5}")
    };
    let mut lines = vec![format!("{:>9} {:>5}  {}", "µs", "%", say(texts::layer()))];
    for step in &profile.steps {
        let before = format!("{}  {:<layer$}  ", times(step.time), step.layer);
        let indent = " ".repeat(before.chars().count());
        let text = wrap(what(step), WIDTH - indent.len());
        let starts = std::iter::once(&before).chain(std::iter::repeat(&indent));
        lines.extend(text.iter().zip(starts).map(|(text, start)| format!("{start}{text}")));
    }
    screen.output(&lines.join("\n"))?;
    let kinds = profile.kinds().into_iter().map(|(kind, time)| (kind.to_owned(), time));
    let rest = [(say(texts::around()), profile.rest()), (say(texts::whole_step()), profile.whole)];
    let totals: Vec<String> =
        kinds.chain(rest).map(|(name, time)| format!("{}  {name}", times(time))).collect();
    screen.output(&totals.join("\n"))?;
    screen.paragraph(&say(texts::how_timed()))
}

/// The line of the program, without the layer, which has a column of its own.
fn what(step: &StepTime) -> &str {
    let layer = |text: &'_ str| text.len().checked_sub(step.layer.len() + 2);
    match layer(&step.text).and_then(|end| step.text.split_at_checked(end)) {
        Some((text, end)) if end == format!(" @{}", step.layer) => text,
        _ => &step.text,
    }
}
