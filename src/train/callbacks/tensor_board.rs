//! Writing the numbers of each epoch to the event files that `TensorBoard` shows.

use super::output::Output;
use crate::nn::Finding;
use crate::train::{Callback, CallbackState, Control, Event, Logs};
use neurona_core::error::Result;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Writes the loss and the metrics of each epoch for `TensorBoard` (`tensorboard --logdir logs`). Keras'
/// `TensorBoard`, for scalars: `epoch_loss`, `epoch_accuracy`, …, and `epoch_learning_rate` below
/// `log_dir/train`; the validation data's numbers go to `log_dir/validation`, under the same names.
///
/// Errors at `fit` (E035): a file cannot be made. Later problems are notes, `W035`, and training
/// continues.
///
/// Source: `tensorflow/core/util/event.proto` and `tensorflow/core/lib/io/record_writer.cc`.
///
/// ```
/// use ndarray::array;
/// use neurona::prelude::*;
/// let folder = std::env::temp_dir().join(format!("neurona-doc-{}-logs", std::process::id()));
/// let mut model = Sequential::new([1]).add(Dense::new(1));
/// model.compile(Sgd::default(), MeanSquaredError, [])?;
/// let (x, y) = (array![[1.0f32], [2.0]], array![[2.0f32], [4.0]]);
/// model.fit(&x, &y, Fit::epochs(2).verbose(Verbose::Silent).callback(TensorBoard::new(&folder)))?;
/// assert!(folder.join("train").is_dir());
/// # std::fs::remove_dir_all(&folder).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
#[derive(Debug)]
pub struct TensorBoard {
    log_dir: PathBuf,
    train: Option<Output>,
    validation: Option<Output>,
    /// How many epochs were written.
    epochs: usize,
}

impl TensorBoard {
    /// Below this folder, which is made if there is none: one for each training, for `TensorBoard` to compare.
    /// Keras' default is `logs`.
    pub fn new(log_dir: impl Into<PathBuf>) -> TensorBoard {
        TensorBoard { log_dir: log_dir.into(), train: None, validation: None, epochs: 0 }
    }

    fn epoch(&mut self, epoch: usize, logs: &Logs, control: &Control<'_>) {
        self.epochs = epoch + 1;
        let time = now().as_secs_f64();
        let numbers = logs.iter().filter(|(name, _)| *name != "learning_rate");
        for (name, value) in numbers.chain([("learning_rate", control.learning_rate())]) {
            let (output, name) = match name.strip_prefix("val_") {
                Some(name) => (&mut self.validation, name),
                None => (&mut self.train, name),
            };
            if let Some(output) = output {
                let event = scalar(time, epoch as u64, &format!("epoch_{name}"), value as f32);
                output.write(&record(&event));
            }
        }
    }
}

impl Callback for TensorBoard {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        if let Event::EpochEnd { epoch, logs, control, .. } = event {
            self.epoch(*epoch, logs, control);
        }
        ControlFlow::Continue(())
    }

    fn state(&self) -> Option<CallbackState> {
        Some(CallbackState::new("TensorBoard").with("epochs", self.epochs))
    }

    /// `TensorBoard` is told to forget what other files in the folder have for the coming epochs.
    fn restore(&mut self, state: &CallbackState) {
        self.epochs = state.count("epochs");
        let start = record(&start(now().as_secs_f64(), self.epochs as u64));
        self.train.iter_mut().chain(&mut self.validation).for_each(|output| output.write(&start));
    }

    fn check(&mut self, names: &[String]) -> Result<()> {
        self.train = Some(begin(&self.log_dir.join("train"))?);
        if names.iter().any(|name| name.starts_with("val_")) {
            self.validation = Some(begin(&self.log_dir.join("validation"))?);
        }
        Ok(())
    }

    fn note(&mut self) -> Option<Finding> {
        self.train.iter_mut().chain(&mut self.validation).find_map(Output::note)
    }
}

/// An event file with its first record. `TensorBoard` reads files whose names have `tfevents` in them, in the
/// order of the names; the rest of a name keeps trainings apart.
fn begin(folder: &Path) -> Result<Output> {
    let (time, process) = (now(), std::process::id());
    let (seconds, rest) = (time.as_secs(), time.subsec_nanos());
    let name = format!("events.out.tfevents.{seconds:010}.neurona.{process}.{rest}.v2");
    let mut output = Output::open(&folder.join(name))?;
    output.write(&record(&version(time.as_secs_f64())));
    Ok(output)
}

fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// The first event of a file: `Event { wall_time = 1, file_version = 3 }`.
fn version(time: f64) -> Vec<u8> {
    [double(1, time), bytes(3, b"brain.Event:2")].concat()
}

/// From this step on, anything written before does not count:
/// `Event { wall_time = 1, step = 2, session_log = 7 { status = 1: START } }`.
fn start(time: f64, step: u64) -> Vec<u8> {
    [double(1, time), integer(2, step), bytes(7, &integer(1, 1))].concat()
}

/// `Event { wall_time = 1, step = 2, summary = 5 }` with one
/// `Summary { value = 1 { tag = 1, simple_value = 2 } }`.
fn scalar(time: f64, step: u64, tag: &str, number: f32) -> Vec<u8> {
    let value = [bytes(1, tag.as_bytes()), float(2, number)].concat();
    [double(1, time), integer(2, step), bytes(5, &bytes(1, &value))].concat()
}

/// An integer in groups of seven bits, the lowest first; all but the last with the eighth bit set.
fn varint(mut number: u64) -> Vec<u8> {
    let mut groups = Vec::new();
    while number >= 0x80 {
        groups.push(number as u8 | 0x80);
        number >>= 7;
    }
    groups.push(number as u8);
    groups
}

/// The head of a field: its number, and in the lowest three bits how its value is written.
fn head(field: u64, wire: u64) -> Vec<u8> {
    varint(field << 3 | wire)
}

fn integer(field: u64, number: u64) -> Vec<u8> {
    [head(field, 0), varint(number)].concat()
}

fn double(field: u64, number: f64) -> Vec<u8> {
    [head(field, 1), number.to_le_bytes().to_vec()].concat()
}

fn bytes(field: u64, content: &[u8]) -> Vec<u8> {
    [head(field, 2), varint(content.len() as u64), content.to_vec()].concat()
}

fn float(field: u64, number: f32) -> Vec<u8> {
    [head(field, 5), number.to_le_bytes().to_vec()].concat()
}

/// A record of a `TFRecord` file: length, its checksum, content, its checksum.
fn record(content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u64).to_le_bytes();
    let sum = |bytes: &[u8]| masked(crc32c(bytes)).to_le_bytes();
    [&length[..], &sum(&length), content, &sum(content)].concat()
}

/// A checksum as it is stored, changed so that the checksum of contents that include their checksum
/// is meaningful.
fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xA282_EAD8)
}

/// The cyclic redundancy check of Castagnoli's polynomial, bit by bit: an epoch writes some hundred bytes.
fn crc32c(bytes: &[u8]) -> u32 {
    let bit = |crc: u32, _| (crc >> 1) ^ (0x82F6_3B78 * (crc & 1));
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_rfc_3720() {
        assert_eq!(crc32c(&[0; 32]), 0x8A91_36AA);
        assert_eq!(crc32c(&[0xFF; 32]), 0x62A8_AB43);
        assert_eq!(crc32c(b"123456789"), 0xE306_9283);
    }

    #[test]
    fn events_are_written_as_protocol_buffers() {
        assert_eq!(varint(300), [0xAC, 0x02]);
        let event = scalar(1.0, 7, "epoch_loss", 0.5);
        let expected = [
            &[0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x10, 7, 0x2A, 19, 0x0A, 17, 0x0A, 10][..],
            b"epoch_loss",
            &[0x15, 0, 0, 0, 0x3F],
        ];
        assert_eq!(event, expected.concat());
        let framed = record(&event);
        assert_eq!(framed.len(), 8 + 4 + event.len() + 4);
        assert_eq!(framed[..8], (event.len() as u64).to_le_bytes());
        assert_eq!(framed[8..12], masked(crc32c(&framed[..8])).to_le_bytes());
        assert_eq!(framed[12..12 + event.len()], event);
    }
}
