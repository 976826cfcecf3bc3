//! The weights after each epoch, or after the best, in files.

use super::monitor::{Mode, Monitor};
use crate::nn::Finding;
use crate::train::files::is_keras;
use crate::train::saving::check_ending;
use crate::train::{Callback, CallbackState, Event, Logs, Plan};
use neurona_core::error::{Code, Error, Result, unknown_name};
use neurona_core::message::Text;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

/// Saves the model after each epoch, or only when a number in the logs is better than ever before:
/// all of it to a `.keras` file, its weights to `.safetensors` or `.weights.h5`.
///
/// The path may hold numbers from the logs and the epoch's number, from 1:
/// `run/{epoch:02d}-{val_loss:.2f}.safetensors`. A folder that does not exist is made. Each file is
/// written whole or not at all; one that cannot be written is a note (`W035`), and training
/// continues.
///
/// Defaults are Keras': `val_loss`, every epoch. Errors, before training begins: E015 the logs will
/// have no number with that name, E016 another ending, a wrong pattern, or a best whose direction
/// nothing says, E035 nothing can be written there. Source: Keras' `ModelCheckpoint`.
///
/// ```
/// use ndarray::array;
/// use neurona::prelude::*;
///
/// let folder = std::env::temp_dir().join(format!("checkpoints-{}", std::process::id()));
/// let best = ModelCheckpoint::new(folder.join("best.safetensors")).monitor("loss").save_best_only(true);
/// let mut model = Sequential::new([1]).add(Dense::new(1));
/// model.compile(Sgd::default(), MeanSquaredError, [])?;
/// let (x, y) = (array![[1.0f32], [2.0]], array![[2.0f32], [4.0]]);
/// model.fit(&x, &y, Fit::epochs(3).verbose(Verbose::Silent).callback(best))?;
/// model.load_weights(folder.join("best.safetensors"))?;
/// # std::fs::remove_dir_all(folder).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
#[derive(Debug)]
pub struct ModelCheckpoint {
    path: String,
    monitor: Monitor,
    save_best_only: bool,
    initial_value_threshold: Option<f64>,
    best: Option<f64>,
    failed: Option<Error>,
}

impl ModelCheckpoint {
    /// Saves to this path after each epoch.
    pub fn new(path: impl AsRef<Path>) -> ModelCheckpoint {
        ModelCheckpoint {
            path: path.as_ref().display().to_string(),
            monitor: Monitor::new("val_loss", 0.0),
            save_best_only: false,
            initial_value_threshold: None,
            best: None,
            failed: None,
        }
    }

    /// The number in the logs that says how good an epoch is. Default: `val_loss`.
    pub fn monitor(mut self, name: &str) -> ModelCheckpoint {
        name.clone_into(&mut self.monitor.name);
        self
    }

    /// Which way is better. Default: as the metric says.
    pub fn mode(mut self, mode: Mode) -> ModelCheckpoint {
        self.monitor.mode = mode;
        self
    }

    /// Whether to save only what is better than all before. Default: no.
    pub fn save_best_only(self, save_best_only: bool) -> ModelCheckpoint {
        ModelCheckpoint { save_best_only, ..self }
    }

    /// The value that the first saved epoch has to beat. Default: none.
    pub fn initial_value_threshold(self, value: f64) -> ModelCheckpoint {
        ModelCheckpoint { initial_value_threshold: Some(value), ..self }
    }

    /// The path for an epoch, counted from 0. Errors: E015 a name that the logs do not have, E016 a wrong pattern.
    fn path_for(&self, epoch: usize, logs: &Logs) -> Result<String> {
        let mut path = String::new();
        let mut rest = self.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let wrong = |part: &str| Error::new(Code::E016, not_a_pattern(&format!("{{{part}")));
            let (place, after) = after.split_once('}').ok_or_else(|| wrong(after))?;
            let (name, format) = place.split_once(':').unwrap_or((place, ""));
            let value = match name {
                "epoch" => Some((epoch + 1) as f64),
                _ => logs.get(name),
            };
            let value = value.ok_or_else(|| {
                let known: Vec<&str> = logs.iter().map(|(name, _)| name).chain(["epoch"]).collect();
                let what = Text::new("number in the logs", "ningún número en los registros");
                unknown_name(&what, name, &known)
            })?;
            path += before;
            path += &formatted(value, format).ok_or_else(|| wrong(&format!("{place}}}")))?;
            rest = after;
        }
        Ok(path + rest)
    }
}

/// A number as Python's `format` writes it, for nothing, `d`, `03d` and `.2f`.
fn formatted(value: f64, format: &str) -> Option<String> {
    if format.is_empty() {
        return Some(value.to_string());
    }
    if let Some(digits) = format.strip_prefix('.').and_then(|rest| rest.strip_suffix('f')) {
        let digits: usize = digits.parse().ok().filter(|digits| *digits <= 17)?;
        return Some(format!("{value:.digits$}"));
    }
    let width = format.strip_suffix('d').filter(|_| value.fract() == 0.0)?;
    match width.strip_prefix('0') {
        Some(width) => {
            let width: usize = width.parse().ok().filter(|width| *width <= 17)?;
            Some(format!("{value:0width$}"))
        }
        None => width.is_empty().then(|| value.to_string()),
    }
}

impl Callback for ModelCheckpoint {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        match event {
            Event::TrainBegin { .. } => self.best = self.initial_value_threshold,
            Event::EpochEnd { epoch, logs, control, .. } => {
                let value = self.monitor.of(logs);
                let improves = value.is_some_and(|value| self.monitor.improves(value, self.best));
                if improves {
                    self.best = value;
                }
                if improves || !self.save_best_only {
                    let saved = self.path_for(*epoch, logs).and_then(|path| {
                        if is_keras(Path::new(&path)) {
                            control.save(path)
                        } else {
                            control.save_weights(path)
                        }
                    });
                    self.failed = saved.err();
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn check_plan(&mut self, plan: &Plan) -> Result<()> {
        if self.save_best_only {
            self.monitor.check(plan, "ModelCheckpoint")?;
        }
        let names = plan.names();
        let path = self.path_for(0, &Logs::new(names.iter().map(|name| (name.as_str(), 0.0))))?;
        let path = Path::new(&path);
        if !is_keras(path) {
            check_ending(path)?;
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let made = folder.map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| neurona_store::probe(path)).map_err(|why| {
            let error = Error::new(Code::E035, cannot_write(&why)).caused_by(why);
            error.at(path.display().to_string())
        })
    }

    fn state(&self) -> Option<CallbackState> {
        Some(CallbackState::new("ModelCheckpoint").with_some("best", self.best))
    }

    fn restore(&mut self, state: &CallbackState) {
        self.best = state.number("best");
    }

    fn note(&mut self) -> Option<Finding> {
        let error = self.failed.take()?;
        let why = Text::new(
            error.in_lang(neurona_core::message::Lang::En),
            error.in_lang(neurona_core::message::Lang::Es),
        );
        Some(Finding { code: "W035", text: not_saved(&why) })
    }
}

neurona_core::messages! {
    fn not_a_pattern(part: &str) {
        en: "{part} is not a valid placeholder: write {{epoch}}, {{epoch:02d}} or {{val_loss:.2f}}",
        es: "{part} no es un marcador válido: escriba {{epoch}}, {{epoch:02d}} o {{val_loss:.2f}}",
    }

    fn cannot_write(reason: &io::Error) {
        en: "a file cannot be created there: {reason}",
        es: "no se puede crear un archivo allí: {reason}",
    }

    fn not_saved(why: &Text) {
        en: "the weights of this epoch were not saved ({why}); training continues",
        es: "no se guardaron los pesos de esta época ({why}); el entrenamiento continúa",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_hold_numbers_as_python_writes_them() {
        let logs = Logs::new([("val_loss", 0.456), ("accuracy", 1.0)]);
        let path = |pattern: &str| ModelCheckpoint::new(pattern).path_for(6, &logs);
        assert_eq!(path("a/b.safetensors").unwrap(), "a/b.safetensors");
        assert_eq!(path("{epoch:02d}-{val_loss:.2f}").unwrap(), "07-0.46");
        assert_eq!(path("{epoch}x{epoch:d}x{val_loss}").unwrap(), "7x7x0.456");
        for (pattern, code) in [
            ("{epoch:2f}", Code::E016),
            ("{epoch", Code::E016),
            ("{val_loss:02d}", Code::E016),
            ("{epoch:099d}", Code::E016),
            ("{loss}", Code::E015),
        ] {
            assert_eq!(path(pattern).unwrap_err().code(), code, "{pattern}");
        }
    }
}
