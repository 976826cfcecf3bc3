//! What is printed while training: Keras' line on a terminal, one plain line per epoch elsewhere.

use super::{Callback, Event, Logs, Verbose};
use crate::message::Lang;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// The shortest time between two redraws of the bar.
const REDRAW: Duration = Duration::from_millis(50);

/// How many cells the bar has.
const CELLS: usize = 20;

/// Prints the course of training.
///
/// On a terminal the line of the running epoch is redrawn in place, at most twenty times a second, with
/// the time left, then the time taken. Elsewhere each epoch is one line without control characters.
#[derive(Debug)]
pub struct Progress<W> {
    out: W,
    bar: bool,
    lang: Lang,
    epochs: usize,
    steps: usize,
    /// Whether the data do not say their length and no epoch has shown it yet.
    open: bool,
    last: Option<Instant>,
}

impl Progress<io::Stdout> {
    /// To standard output. `None` if nothing is to be printed.
    pub fn stdout(verbose: Verbose, lang: Lang) -> Option<Progress<io::Stdout>> {
        let can_redraw =
            io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
        let bar = match verbose {
            Verbose::Silent => return None,
            Verbose::Auto | Verbose::Bar => can_redraw,
            Verbose::Lines => false,
        };
        Some(Progress::new(io::stdout(), bar, lang))
    }
}

impl<W: Write> Progress<W> {
    /// To any writer, with a bar that is redrawn or with plain lines.
    pub fn new(out: W, bar: bool, lang: Lang) -> Progress<W> {
        Progress { out, bar, lang, epochs: 1, steps: 1, open: false, last: None }
    }

    fn show(&mut self, event: &Event<'_>) -> io::Result<()> {
        match *event {
            Event::Note(finding) => {
                self.leave_line()?;
                writeln!(self.out, "{} {}", finding.code, finding.text.get(self.lang))?;
            }
            Event::Resumed { step, epoch, batch } => {
                let text = resumed(step as usize, epoch, batch);
                writeln!(self.out, "{}", text.get(self.lang))?;
            }
            Event::TrainBegin { epochs, steps } => {
                (self.epochs, self.steps, self.open) = (epochs, steps, steps == 0);
            }
            Event::EpochBegin { epoch, .. } if self.bar => {
                self.last = None;
                if self.epochs > 1 {
                    writeln!(self.out, "{} {}/{}", epoch_word(self.lang), epoch + 1, self.epochs)?;
                }
            }
            Event::BatchEnd { done, logs, elapsed } if self.bar => {
                self.steps = self.steps.max(done);
                let due = self.last.is_none_or(|last| last.elapsed() >= REDRAW);
                if due && (self.open || done < self.steps) {
                    self.last = Some(Instant::now());
                    let line = if self.open {
                        open_line(done, elapsed, logs)
                    } else {
                        bar_line(done, self.steps, elapsed, logs)
                    };
                    write!(self.out, "\r{line}\x1b[K")?;
                    self.out.flush()?;
                }
            }
            Event::EpochEnd { logs, elapsed, .. } if self.bar => {
                writeln!(self.out, "\r{}\x1b[K", bar_line(self.steps, self.steps, elapsed, logs))?;
            }
            Event::EpochEnd { epoch, logs, elapsed, .. } => {
                let (word, steps) = (epoch_word(self.lang), self.steps);
                let (total, each) = (seconds(elapsed), per_step(elapsed, steps));
                let numbers = numbers(logs);
                writeln!(
                    self.out,
                    "{word} {}/{} - {steps}/{steps} - {total} - {each}{numbers}",
                    epoch + 1,
                    self.epochs
                )?;
                self.out.flush()?;
            }
            // Training that ends in the middle of an epoch leaves an unfinished line.
            Event::TrainEnd { .. } if self.bar && self.last.take().is_some() => writeln!(self.out)?,
            Event::BatchEnd { done, .. } => self.steps = self.steps.max(done),
            Event::EpochBegin { .. } | Event::TrainEnd { .. } | Event::Saved { .. } => {}
        }
        if let Event::EpochEnd { .. } = event {
            (self.last, self.open) = (None, false);
        }
        Ok(())
    }

    /// Wipes the bar's line, so that another text can take its place; the bar is drawn again below.
    fn leave_line(&mut self) -> io::Result<()> {
        match self.last.take() {
            Some(_) => write!(self.out, "\r\x1b[K"),
            None => Ok(()),
        }
    }
}

neurona_core::messages! {
    fn resumed(step: usize, epoch: usize, batch: usize) {
        en: "Resumed from step {step} (epochs done: {epoch}, batches of the next: {batch})",
        es: "Reanudado desde el paso {step} (épocas hechas: {epoch}, lotes de la siguiente: {batch})",
    }
}

impl<W: Write + Send> Callback for Progress<W> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        // Training continues even if its reader has gone away.
        let _ = self.show(event);
        ControlFlow::Continue(())
    }
}

fn epoch_word(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Epoch",
        Lang::Es => "Época",
    }
}

/// Keras' line: `7/7 ━━━━━━━━━━━━━━━━━━━━ 0s 4ms/step - accuracy: 0.0766 - loss: 2.4099`.
fn bar_line(done: usize, steps: usize, elapsed: Duration, logs: &Logs) -> String {
    let digits = steps.to_string().len();
    let full = CELLS * done / steps.max(1);
    let time = if done < steps {
        seconds(elapsed.mul_f64((steps - done) as f64 / done.max(1) as f64))
    } else {
        seconds(elapsed)
    };
    format!(
        "\x1b[1m{done:>digits$}/{steps}\x1b[0m \x1b[32m{}\x1b[0m\x1b[37m{}\x1b[0m \x1b[1m{time}\x1b[0m {}{}",
        "━".repeat(full),
        "━".repeat(CELLS - full),
        per_step(elapsed, done),
        numbers(logs),
    )
}

/// The line while nobody knows how many steps there will be: `12/? 3s 4ms/step - loss: 2.4099`.
fn open_line(done: usize, elapsed: Duration, logs: &Logs) -> String {
    let (time, each) = (seconds(elapsed), per_step(elapsed, done));
    format!("\x1b[1m{done}/?\x1b[0m \x1b[1m{time}\x1b[0m {each}{}", numbers(logs))
}

/// ` - accuracy: 0.0766 - loss: 2.4099`.
fn numbers(logs: &Logs) -> String {
    let mut text = String::new();
    for (name, value) in logs.iter() {
        let _ = if value.abs() > 1e-3 || value == 0.0 {
            write!(text, " - {name}: {value:.4}")
        } else {
            write!(text, " - {name}: {}", scientific(value))
        };
    }
    text
}

/// C's `%.4e`, in which Keras prints small numbers.
fn scientific(value: f64) -> String {
    let text = format!("{value:.4e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let exponent: i32 = exponent.parse().unwrap_or(0);
            format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
        None => text,
    }
}

/// `5s`, `2:07`, `1:00:00`.
fn seconds(time: Duration) -> String {
    let s = time.as_secs();
    match s {
        0..=60 => format!("{s}s"),
        61..=3600 => format!("{}:{:02}", s / 60, s % 60),
        _ => format!("{}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60),
    }
}

fn per_step(time: Duration, steps: usize) -> String {
    let each = time.as_secs_f64() / steps.max(1) as f64;
    if each >= 1.0 {
        format!("{each:.0}s/step")
    } else if each >= 1e-3 {
        format!("{:.0}ms/step", each * 1e3)
    } else {
        format!("{:.0}us/step", each * 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::Dense;
    use crate::nn::{MeanSquaredError, Sgd};
    use crate::train::{Control, Model, Sequential};

    fn plain(line: &str) -> String {
        line.split('\x1b').map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)).collect()
    }

    #[test]
    fn the_line_is_keras() {
        let logs = Logs::new([("loss", 2.4099), ("accuracy", 0.0766)]);
        assert_eq!(
            bar_line(7, 7, Duration::from_millis(28), &logs),
            "\x1b[1m7/7\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m0s\x1b[0m \
             4ms/step - accuracy: 0.0766 - loss: 2.4099"
        );
        let half = bar_line(90, 1875, Duration::from_secs(6), &Logs::new([("loss", 0.0005)]));
        assert!(plain(&half).starts_with("  90/1875 ━"), "{half}");
        assert!(half.contains("1:59"), "{half}");
        assert!(half.ends_with("loss: 5.0000e-04"), "{half}");
    }

    fn run(bar: bool, steps: usize) -> String {
        run_of(2, bar, steps)
    }

    fn run_of(epochs: usize, bar: bool, steps: usize) -> String {
        let mut out = Vec::new();
        let mut progress = Progress::new(&mut out, bar, Lang::Es);
        let logs = Logs::new([("loss", 1.5)]);
        let elapsed = Duration::from_millis(9);
        let mut model = Sequential::new([1]).add(Dense::new(1));
        model.compile(Sgd::default(), MeanSquaredError, []).unwrap();
        model.built().unwrap();
        let Model { engine, compiled, network, .. } = &mut *model;
        let (engine, compiled) = (engine.as_mut().unwrap(), compiled.as_ref().unwrap());
        let control = &Control::new(engine, compiled, network, 0);
        for event in [
            Event::TrainBegin { epochs, steps },
            Event::EpochBegin { epoch: 0, control },
            Event::BatchEnd { done: 1, logs: &logs, elapsed },
            Event::BatchEnd { done: 2, logs: &logs, elapsed },
            Event::EpochEnd { epoch: 0, logs: &logs, elapsed, control },
            Event::TrainEnd { control },
        ] {
            assert!(progress.on(&event).is_continue());
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_pipe_gets_one_plain_line_an_epoch() {
        assert_eq!(run(false, 3), "Época 1/2 - 3/3 - 0s - 3ms/step - loss: 1.5000\n");
    }

    #[test]
    fn a_terminal_gets_a_bar_redrawn_no_oftener_than_every_50_ms() {
        let text = run(true, 3);
        assert!(text.starts_with("Época 1/2\n\r"), "{text:?}");
        let alone = run_of(1, true, 3);
        assert!(alone.starts_with('\r'), "a single epoch needs no number: {alone:?}");
        assert_eq!(text.matches('\r').count(), 2, "one drawing and the last line: {text:?}");
        assert!(text.ends_with("loss: 1.5000\x1b[K\n"), "{text:?}");
    }

    #[test]
    fn data_of_unknown_length_is_counted() {
        let text = plain(&run(true, 0));
        assert!(text.contains("\r1/? 0s 9ms/step - loss: 1.5000"), "{text:?}");
        assert!(text.contains("2/2 ━━━━"), "{text:?}");
        assert_eq!(run(false, 0), "Época 1/2 - 2/2 - 0s - 4ms/step - loss: 1.5000\n");
    }
}
