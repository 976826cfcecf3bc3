//! The course of the training as it is printed, in lines that fit the terminal, and how long it takes.

use super::texts;
use crate::terminal::{ForTraining, Screen};
use neurona::message::{Lang, Text};
use neurona::train::{Callback, CallbackState, Event, Logs, Progress};
use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// Prints the course of the training and measures its time, which continues from where it stood in
/// a resumed training.
#[derive(Debug)]
pub(super) struct Course {
    progress: Progress<ForTraining>,
    screen: Screen,
    lang: Lang,
    epochs: usize,
    /// Seconds of training before this process, and up to its end.
    before: f64,
    begun: Option<Instant>,
}

impl Course {
    pub(super) fn new(screen: Screen, lang: Lang) -> Course {
        let progress = Progress::new(screen.for_training(), screen.redraws(), lang);
        Course { progress, screen, lang, epochs: 0, before: 0.0, begun: None }
    }

    /// The seconds that the training has taken.
    pub(super) fn seconds(&self) -> f64 {
        self.before + self.begun.map_or(0.0, |begun| begun.elapsed().as_secs_f64())
    }

    /// Where Keras' line does not fit: `Epoch 1/5 - 0s - accuracy: 0.5117 - loss: 1.8401`.
    fn show(&self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Note(finding) => {
                self.screen.lines(&format!("{} {}", finding.code, finding.text.get(self.lang)))
            }
            Event::EpochEnd { epoch, logs, elapsed, .. } => {
                self.screen.lines(&epoch_line(epoch + 1, self.epochs, *elapsed, logs, self.lang))
            }
            _ => Ok(()),
        }
    }
}

fn epoch_line(epoch: usize, epochs: usize, elapsed: Duration, logs: &Logs, lang: Lang) -> String {
    let word = match lang {
        Lang::En => "Epoch",
        Lang::Es => "Época",
    };
    let numbers = logs.iter().map(|(name, value)| format!(" - {name}: {value:.4}"));
    format!("{word} {epoch}/{epochs} - {}s{}", elapsed.as_secs(), numbers.collect::<String>())
}

/// A time as people say it: `0.4 s`, `2 min 5 s`.
pub(super) fn time(seconds: f64) -> Text {
    if seconds < 60.0 {
        return texts::seconds(crate::numbers::Fixed(seconds, 1));
    }
    let whole = seconds as usize;
    texts::minutes(whole / 60, whole % 60)
}

impl Callback for Course {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        if let Event::TrainBegin { epochs, .. } = event {
            (self.epochs, self.begun) = (*epochs, Some(Instant::now()));
        }
        if let Event::TrainEnd { .. } = event {
            (self.before, self.begun) = (self.seconds(), None);
        }
        // Training continues even if its reader has gone away.
        let _ = match *event {
            Event::Resumed { step, epoch, batch } => {
                let text = texts::resumed(step as usize, epoch, batch);
                self.screen.lines(text.get(self.lang))
            }
            _ if self.screen.is_narrow() => self.show(event),
            _ => return self.progress.on(event),
        };
        ControlFlow::Continue(())
    }

    fn state(&self) -> Option<CallbackState> {
        Some(CallbackState::new("Course").with("seconds", self.seconds()))
    }

    fn restore(&mut self, state: &CallbackState) {
        self.before = state.number("seconds").unwrap_or(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_fits_a_narrow_terminal() {
        let logs = Logs::new([("accuracy", 0.5117), ("loss", 1.84006)]);
        let line = epoch_line(99_999, 100_000, Duration::from_millis(2100), &logs, Lang::Es);
        assert_eq!(line, "Época 99999/100000 - 2s - accuracy: 0.5117 - loss: 1.8401");
        let line = epoch_line(1, 5, Duration::ZERO, &logs, Lang::En);
        assert_eq!(line, "Epoch 1/5 - 0s - accuracy: 0.5117 - loss: 1.8401");
    }

    #[test]
    fn times_are_told_in_seconds_and_then_in_minutes() {
        let told = |seconds, lang| time(seconds).get(lang).to_owned();
        assert_eq!(told(0.44, Lang::Es), "0,4\u{a0}s");
        assert_eq!(told(125.9, Lang::En), "2\u{a0}min 5\u{a0}s");
    }
}
