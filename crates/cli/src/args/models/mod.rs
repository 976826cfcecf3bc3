//! The commands on model files: what can be asked of them.

mod help;
mod texts;
mod values;

pub(super) use help::commands;
use std::ffi::OsString;
use std::path::PathBuf;
pub(super) use values::{convert, evaluate, inspect, predict, train};

/// Which file to look into, and how to print what is in it.
#[derive(Debug)]
pub(crate) struct InspectOptions {
    /// A model or arrays.
    pub(crate) file: PathBuf,
    /// One line of JSON.
    pub(crate) json: bool,
}

/// Which model is to predict, and from what.
#[derive(Debug)]
pub(crate) struct PredictOptions {
    /// The model.
    pub(crate) model: PathBuf,
    /// The files of its inputs, in their order.
    pub(crate) inputs: Vec<PathBuf>,
    /// The files for its outputs, in their order; if there are none, the first rows go to standard
    /// output.
    pub(crate) outputs: Vec<PathBuf>,
    /// How many samples at once.
    pub(crate) batch_size: usize,
    /// How many threads; `None` for all that the processor can run.
    pub(crate) threads: Option<usize>,
}

/// What a model is to be compiled with instead of what its file says: names, as in Keras.
#[derive(Debug, Default)]
pub(crate) struct CompileOptions {
    /// The optimizer.
    pub(crate) optimizer: Option<String>,
    /// A loss for each output, or one for all.
    pub(crate) losses: Vec<String>,
    /// The metrics of all outputs.
    pub(crate) metrics: Vec<String>,
}

/// Which model is to be tested on what.
#[derive(Debug)]
pub(crate) struct EvaluateOptions {
    /// The model.
    pub(crate) model: PathBuf,
    /// The files of its inputs, in their order.
    pub(crate) data: Vec<PathBuf>,
    /// The files of its targets, in their order.
    pub(crate) targets: Vec<PathBuf>,
    /// What to compile it with.
    pub(crate) compile: CompileOptions,
    /// How many samples at once.
    pub(crate) batch_size: usize,
    /// One line of JSON.
    pub(crate) json: bool,
    /// How many threads; `None` for all that the processor can run.
    pub(crate) threads: Option<usize>,
}

/// Which model is to be trained further, on what, and how.
#[derive(Debug)]
pub(crate) struct TrainOptions {
    /// The model.
    pub(crate) model: PathBuf,
    /// The files of its inputs, in their order.
    pub(crate) data: Vec<PathBuf>,
    /// The files of its targets, in their order.
    pub(crate) targets: Vec<PathBuf>,
    /// What to compile it with.
    pub(crate) compile: CompileOptions,
    /// How many times to go through the samples.
    pub(crate) epochs: usize,
    /// How many samples per step.
    pub(crate) batch_size: usize,
    /// Whether to take the samples in a new order in each epoch.
    pub(crate) shuffle: bool,
    /// What decides all randomness; `None` for the file's seed.
    pub(crate) seed: Option<u64>,
    /// The file for the trained model.
    pub(crate) output: PathBuf,
    /// Where the training is saved as it goes, if it is.
    pub(crate) run: Option<RunFolder>,
    /// One line of JSON.
    pub(crate) json: bool,
    /// How many threads; `None` for all that the processor can run.
    pub(crate) threads: Option<usize>,
    /// Nothing redrawn.
    pub(crate) plain: bool,
    /// The whole command line, from which the command that resumes the run is made.
    pub(crate) arguments: Vec<OsString>,
}

/// The folder in which a training is saved as it goes.
#[derive(Debug)]
pub(crate) struct RunFolder {
    /// The folder.
    pub(crate) path: PathBuf,
    /// Whether to continue with the run that it holds.
    pub(crate) resume: bool,
}

/// What to write, and as what.
#[derive(Debug)]
pub(crate) struct ConvertOptions {
    /// The file to read.
    pub(crate) from: PathBuf,
    /// The file to write.
    pub(crate) to: PathBuf,
}
