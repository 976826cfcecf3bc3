//! A run folder: where it is, how often it is saved, and what is in it.

use super::folder;
use super::stop::Stop;
use crate::tensor::Tensor;
use crate::train::history::History;
use neurona_core::error::{Code, Error, Result};
use neurona_store::{Disk, Store};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A folder in which a training is saved while it runs, so that it survives however its process
/// ends. Given to [`Fit::run`](crate::train::Fit::run).
///
/// It saves the weights, the optimizer's memories, where training is in the epoch and in the data,
/// what the callbacks remember ([`Callback::state`](crate::train::Callback::state)), the loss and
/// the metrics so far, and the history: before the first step, after each epoch, every 60 seconds
/// in between, and when a [`Stop`] asks for it. The last two checkpoints are kept, each written
/// whole or not at all and checked by its SHA-256; if the last one is damaged, the one before is
/// used and a note (`W034`) says so. If saving fails (a full disk), a note (`W035`) says so,
/// training continues, and the next checkpoint tries again.
///
/// **Resuming** is the same call with [`resume(true)`](Run::resume) in a process that made the same
/// model: it ends with the same bits (weights, optimizer, history, callbacks) as a run that was
/// never stopped, on any number of threads, on a processor with the same instructions (otherwise
/// there is a note, `W036`). It may be set from the beginning: a folder without a run begins one. A
/// finished run returns its history at once; asked for more epochs, it continues.
///
/// Errors at `fit`, which change nothing: E016 `every_steps(0)`; E036 the folder holds a run and it
/// is not to be resumed, or the run belongs to another network, optimizer, loss, data (each element
/// counts), batch size, order, seed or other callbacks, or has done more epochs than are asked for;
/// E037 another process is training it; E034 no checkpoint is intact; E035 the folder cannot be
/// used. If training diverges (E041), the run stays at its last checkpoint, whose weights
/// [`last`](Run::last) gives.
///
/// ```
/// use ndarray::array;
/// use neurona::prelude::*;
///
/// let folder = std::env::temp_dir().join(format!("neurona-run-{}", std::process::id()));
/// let train = || {
///     let mut model = Sequential::new([1]).add(Dense::new(1));
///     model.compile(Adam::new(0.1), MeanSquaredError, [])?;
///     let (x, y) = (array![[1.0f32], [2.0]], array![[2.0f32], [4.0]]);
///     let run = Run::new(&folder).resume(true);
///     model.fit(&x, &y, Fit::epochs(20).verbose(Verbose::Silent).run(run))
/// };
/// let history = train()?;
/// // As another process would after this one was killed: here there is nothing left to do.
/// assert_eq!(train()?, history);
/// assert!(Run::new(&folder).last()?.is_some_and(|saved| saved.finished && saved.step == 20));
/// # std::fs::remove_dir_all(folder).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Run {
    pub(super) folder: PathBuf,
    pub(super) resume: bool,
    pub(super) every: Duration,
    pub(super) every_steps: Option<u64>,
    pub(super) stop: Option<Stop>,
    pub(super) store: Arc<dyn Store>,
}

/// A run as it is in its last good checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// Training steps done since `compile`.
    pub step: u64,
    /// Epochs done.
    pub epoch: usize,
    /// Batches done of the epoch under way.
    pub batch: usize,
    /// Epochs asked for.
    pub epochs: usize,
    /// Whether nothing is left to do: all epochs are done, or a callback has ended it.
    pub finished: bool,
    /// The epochs so far.
    pub history: History,
    /// The weights by name, in the order of [`Model::weights`](crate::train::Model::weights).
    pub weights: Vec<(String, Tensor<'static>)>,
}

impl Run {
    /// In this folder, which is made if there is none.
    pub fn new(folder: impl Into<PathBuf>) -> Run {
        Run {
            folder: folder.into(),
            resume: false,
            every: Duration::from_mins(1),
            every_steps: None,
            stop: None,
            store: Arc::new(Disk),
        }
    }

    /// Whether to continue with the run that the folder holds, if it holds one. Default: no, such a folder is refused.
    pub fn resume(self, resume: bool) -> Run {
        Run { resume, ..self }
    }

    /// The longest time between two checkpoints within an epoch. Default: 60 seconds.
    pub fn every(self, every: Duration) -> Run {
        Run { every, ..self }
    }

    /// The most training steps between two checkpoints within an epoch. Default: no limit other
    /// than the time.
    pub fn every_steps(self, steps: u64) -> Run {
        Run { every_steps: Some(steps), ..self }
    }

    /// A handle that may ask this training to save and stop.
    pub fn stop(self, stop: &Stop) -> Run {
        Run { stop: Some(stop.clone()), ..self }
    }

    /// The contents of the folder: the last good checkpoint, if there is one. It may be read while
    /// a process trains. Errors: E034 all checkpoints are damaged, E035 there is no such folder or
    /// it cannot be read.
    pub fn last(&self) -> Result<Option<Saved>> {
        let read = || folder::last(&self.folder, &*self.store);
        // The training process may remove the files that were just listed.
        let last = read().or_else(|_| read()).or_else(|_| read())?;
        Ok(last.checkpoint.map(|(_, mut saved)| {
            let weight = |name: &String| {
                let at = saved.state.iter().position(|(other, _)| other == name)?;
                Some(saved.state.swap_remove(at))
            };
            Saved {
                weights: saved.weights.iter().filter_map(weight).collect(),
                step: saved.step,
                epoch: saved.epoch,
                batch: saved.batch,
                epochs: saved.epochs,
                finished: saved.ended || saved.epoch >= saved.epochs,
                history: saved.history,
            }
        }))
    }

    /// In another store.
    #[cfg(test)]
    pub(super) fn store(self, store: impl Store + 'static) -> Run {
        Run { store: Arc::new(store), ..self }
    }

    /// Errors (E016): a checkpoint every 0 steps.
    pub(super) fn check(&self) -> Result<()> {
        match self.every_steps {
            Some(0) => Err(Error::new(Code::E016, every_no_step()).at("Run")),
            _ => Ok(()),
        }
    }
}

neurona_core::messages! {
    fn every_no_step() {
        en: "every_steps must be at least 1, not 0",
        es: "every_steps debe ser al menos 1, no 0",
    }
}
