//! Asking a training to save and stop.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Asks a training with a [run folder](super::Run) to save and stop: from a handler of Ctrl-C, another thread, a
/// callback. The step that runs is finished, the run is saved, and `fit` returns. Copies are the same request.
///
/// ```
/// use ndarray::array;
/// use neurona::prelude::*;
/// use std::ops::ControlFlow;
///
/// let folder = std::env::temp_dir().join(format!("neurona-stop-{}", std::process::id()));
/// let stop = Stop::default();
/// let after_three = |event: &Event<'_>| {
///     if let Event::EpochEnd { epoch: 2, .. } = event {
///         stop.request();
///     }
///     ControlFlow::Continue(())
/// };
/// let mut model = Sequential::new([1]).add(Dense::new(1));
/// model.compile(Sgd::default(), MeanSquaredError, [])?;
/// let (x, y) = (array![[1.0f32], [2.0]], array![[2.0f32], [4.0]]);
/// let run = Run::new(&folder).stop(&stop);
/// model.fit(&x, &y, Fit::epochs(9).verbose(Verbose::Silent).callback(after_three).run(run))?;
/// assert_eq!(stop.stopped().map(|at| (at.epoch, at.step)), Some((3, 3)));
///
/// // The same call continues where it stopped.
/// let history = model.fit(&x, &y, Fit::epochs(9).verbose(Verbose::Silent).run(Run::new(&folder).resume(true)))?;
/// assert_eq!(history["loss"].len(), 9);
/// # std::fs::remove_dir_all(folder).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    requested: AtomicBool,
    stopped: Mutex<Option<Stopped>>,
}

/// Where a training stopped because it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The run folder, in which the whole training is saved.
    pub folder: PathBuf,
    /// Training steps done.
    pub step: u64,
    /// Epochs done.
    pub epoch: usize,
    /// Batches done of the epoch that was under way.
    pub batch: usize,
}

impl Stop {
    /// Makes the request.
    pub fn request(&self) {
        self.0.requested.store(true, Ordering::Relaxed);
    }

    /// Whether the request was made.
    pub fn is_requested(&self) -> bool {
        self.0.requested.load(Ordering::Relaxed)
    }

    /// Where a training has saved and stopped because of this; `None` if it came to its end by itself.
    pub fn stopped(&self) -> Option<Stopped> {
        self.0.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn report(&self, at: Option<Stopped>) {
        *self.0.stopped.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}
