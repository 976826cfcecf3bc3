//! Everything that can be watched while a model trains: one enum, which bars, callbacks and files all read.

use super::callback_state::CallbackState;
use super::control::Control;
use super::plan::Plan;
use crate::nn::Finding;
use neurona_core::error::Result;
use std::ops::{ControlFlow, Index};
use std::time::Duration;

/// Named numbers: the loss and the metrics, in alphabetical order as Keras prints them.
///
/// ```
/// use neurona::train::Logs;
/// let logs = Logs::new([("loss", 0.5), ("accuracy", 0.9)]);
/// assert_eq!(logs["loss"], 0.5);
/// assert_eq!(logs.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["accuracy", "loss"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Numbers", into = "Numbers"))]
pub struct Logs {
    entries: Vec<(String, f64)>,
}

impl Logs {
    /// Numbers by name.
    pub fn new<N: Into<String>>(entries: impl IntoIterator<Item = (N, f64)>) -> Logs {
        let mut entries: Vec<(String, f64)> =
            entries.into_iter().map(|(name, value)| (name.into(), value)).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Logs { entries }
    }

    /// The number with a name.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.entries.iter().find(|(n, _)| n == name).map(|(_, value)| *value)
    }

    /// Sets a number; a new name is inserted in alphabetical order.
    pub fn set(&mut self, name: &str, value: f64) {
        match self.entries.binary_search_by(|(n, _)| n.as_str().cmp(name)) {
            Ok(at) => self.entries[at].1 = value,
            Err(at) => self.entries.insert(at, (name.to_owned(), value)),
        }
    }

    /// Names and numbers, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.entries.iter().map(|(name, value)| (name.as_str(), *value))
    }
}

impl Index<&str> for Logs {
    type Output = f64;

    /// # Panics
    /// If there is no number with that name: see [`Logs::get`].
    fn index(&self, name: &str) -> &f64 {
        let names = || self.iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        let entry = self.entries.iter().find(|(n, _)| n == name);
        &entry.unwrap_or_else(|| panic!("no \"{name}\" among {}", names())).1
    }
}

/// How logs are serialized: a number by name, `null` where it is NaN or infinite.
#[cfg(feature = "serde")]
type Numbers = std::collections::BTreeMap<String, Option<f64>>;

#[cfg(feature = "serde")]
impl From<Logs> for Numbers {
    fn from(logs: Logs) -> Numbers {
        let some = |value: f64| (!value.is_nan()).then_some(value);
        logs.entries.into_iter().map(|(name, value)| (name, some(value))).collect()
    }
}

#[cfg(feature = "serde")]
impl From<Numbers> for Logs {
    fn from(numbers: Numbers) -> Logs {
        Logs::new(numbers.into_iter().map(|(name, value)| (name, value.unwrap_or(f64::NAN))))
    }
}

/// Something that happened.
///
/// More will come: a `match` on it needs an arm for them. Epochs are numbered from 0 here and in
/// every file, as in Keras; what is printed counts them from 1.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Something legal that may not have been meant, before the first step; after an epoch, what a callback
    /// [noticed](Callback::note); at any time, what went wrong with a [run folder](super::Run).
    Note(&'a Finding),
    /// Training starts.
    TrainBegin {
        /// How many epochs.
        epochs: usize,
        /// How many batches there are in each epoch; 0 if the data do not say.
        steps: usize,
    },
    /// A [run](super::Run) continues where it was saved: sent after the beginning of the training,
    /// and of the epoch if one was under way.
    Resumed {
        /// Training steps done.
        step: u64,
        /// Epochs done.
        epoch: usize,
        /// Batches done of the epoch under way.
        batch: usize,
    },
    /// An epoch starts.
    EpochBegin {
        /// Its number, from 0.
        epoch: usize,
        /// The training, to take part in.
        control: &'a Control<'a>,
    },
    /// A batch is done.
    BatchEnd {
        /// How many batches of this epoch are done.
        done: usize,
        /// Loss and metrics over the epoch so far.
        logs: &'a Logs,
        /// Time since the epoch started.
        elapsed: Duration,
    },
    /// An epoch is done, with its validation.
    EpochEnd {
        /// Its number, from 0.
        epoch: usize,
        /// The epoch's loss and metrics, with the validation data's as `val_…`.
        logs: &'a Logs,
        /// How long its training took.
        elapsed: Duration,
        /// The training, to take part in.
        control: &'a Control<'a>,
    },
    /// A checkpoint of a [run](super::Run) is on the disk.
    Saved {
        /// Training steps done.
        step: u64,
    },
    /// Training is over: all epochs are done, or a callback ended it, or it was asked to stop, or it went wrong.
    TrainEnd {
        /// The training, to take part in for the last time.
        control: &'a Control<'a>,
    },
}

/// Something that watches training and may end it.
///
/// [`Fit::callback`](super::Fit::callback) takes one, by value or lent, and any closure of this
/// form, like Keras' `LambdaCallback`. It hears of every [`Event`], and may keep what it heard, and
/// change the learning rate:
///
/// ```
/// use ndarray::array;
/// use neurona::prelude::*;
/// use std::ops::ControlFlow;
///
/// let mut losses = Vec::new();
/// let warm_up = |event: &Event<'_>| {
///     match event {
///         Event::EpochBegin { epoch, control } => control.set_learning_rate(0.01 * (epoch + 1) as f64),
///         Event::BatchEnd { logs, .. } => losses.push(logs["loss"]),
///         _ => {}
///     }
///     ControlFlow::Continue(())
/// };
/// let mut model = Sequential::new([1]).add(Dense::new(1));
/// model.compile(Sgd::default(), MeanSquaredError, [])?;
/// let (x, y) = (array![[1.0f32], [2.0]], array![[2.0f32], [4.0]]);
/// model.fit(&x, &y, Fit::epochs(3).verbose(Verbose::Silent).callback(warm_up))?;
/// assert_eq!(losses.len(), 3);
/// # Ok::<(), neurona::Error>(())
/// ```
///
/// Its return value says whether training continues:
///
/// ```
/// use neurona::prelude::*;
/// use std::ops::ControlFlow;
///
/// let until_good_enough = |event: &Event<'_>| match event {
///     Event::EpochEnd { logs, .. } if logs["loss"] < 0.01 => ControlFlow::Break(()),
///     _ => ControlFlow::Continue(()),
/// };
/// let options = Fit::epochs(100).callback(until_good_enough);
/// # drop(options);
/// ```
/// A type of your own keeps what it finds; lent as `&mut`, it can be read after training:
///
/// ```
/// use ndarray::array;
/// use neurona::prelude::*;
/// use std::ops::ControlFlow;
///
/// /// The epoch with the lowest loss, from 0.
/// #[derive(Default)]
/// struct Best { epoch: usize, loss: Option<f64> }
///
/// impl Callback for Best {
///     fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
///         if let Event::EpochEnd { epoch, logs, .. } = event {
///             if self.loss.is_none_or(|lowest| logs["loss"] < lowest) {
///                 (self.epoch, self.loss) = (*epoch, Some(logs["loss"]));
///             }
///         }
///         ControlFlow::Continue(())
///     }
/// }
///
/// let mut best = Best::default();
/// let mut model = Sequential::new([1]).add(Dense::new(1));
/// model.compile(Sgd::new(0.1), MeanSquaredError, [])?;
/// let (x, y) = (array![[1.0f32], [2.0]], array![[2.0f32], [4.0]]);
/// let history = model.fit(&x, &y, Fit::epochs(3).verbose(Verbose::Silent).callback(&mut best))?;
/// assert_eq!(best.loss, Some(history["loss"][best.epoch]));
/// # Ok::<(), neurona::Error>(())
/// ```
#[doc(alias = "LambdaCallback")]
pub trait Callback: Send {
    /// Told of everything that happens, in order; `Break` ends training after the present batch.
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()>;

    /// Looks at its settings before training begins, and at what the training will be like: the
    /// names of the numbers that the logs of an epoch will have, which way each of them gets
    /// better, whether a schedule sets the learning rate. An error refuses the training. Default:
    /// what [`check`](Callback::check) says about the names.
    ///
    /// ```
    /// use neurona::nn::Direction;
    /// use neurona::prelude::*;
    /// use std::ops::ControlFlow;
    ///
    /// /// Follows a number upwards.
    /// #[derive(Default)]
    /// struct Best { name: String, best: f64, grows: bool }
    ///
    /// impl Callback for Best {
    ///     fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
    ///         if let Event::EpochEnd { logs, .. } = event {
    ///             self.best = self.best.max(logs[&*self.name]);
    ///         }
    ///         ControlFlow::Continue(())
    ///     }
    ///
    ///     fn check_plan(&mut self, plan: &Plan) -> Result<()> {
    ///         self.grows = plan.direction(&self.name) == Some(Direction::Up);
    ///         Ok(())
    ///     }
    /// }
    /// # drop(Fit::epochs(3).callback(Best::default()));
    /// ```
    fn check_plan(&mut self, plan: &Plan) -> Result<()> {
        self.check(plan.names())
    }

    /// Looks at its settings before training begins, and at the names of the numbers that the logs of an epoch
    /// will have. An error refuses the training. Default: nothing is wrong.
    fn check(&mut self, names: &[String]) -> Result<()> {
        _ = names;
        Ok(())
    }

    /// Anything that went wrong for it since it was last asked, after each epoch: something to
    /// report, not to stop for. All callbacks hear of it as [`Event::Note`]. Default: nothing.
    fn note(&mut self) -> Option<Finding> {
        None
    }

    /// What it must be given back for a [run](super::Run) to continue as if it had never stopped.
    /// Asked for at each checkpoint; a callback that answers must always answer. Default: nothing.
    ///
    /// A training that is resumed still reports [`TrainBegin`](Event::TrainBegin), and
    /// [`EpochBegin`](Event::EpochBegin) if an epoch was under way; then it gives the model and
    /// each callback their states back as they were saved.
    ///
    /// ```
    /// use neurona::prelude::*;
    /// use std::ops::ControlFlow;
    ///
    /// /// How many epochs were better than the first.
    /// #[derive(Default)]
    /// struct Better { first: Option<f64>, count: usize }
    ///
    /// impl Callback for Better {
    ///     fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
    ///         if let Event::EpochEnd { logs, .. } = event {
    ///             let first = *self.first.get_or_insert(logs["loss"]);
    ///             self.count += usize::from(logs["loss"] < first);
    ///         }
    ///         ControlFlow::Continue(())
    ///     }
    ///
    ///     fn state(&self) -> Option<CallbackState> {
    ///         Some(CallbackState::new("Better").with_some("first", self.first).with("count", self.count))
    ///     }
    ///
    ///     fn restore(&mut self, state: &CallbackState) {
    ///         (self.first, self.count) = (state.number("first"), state.count("count"));
    ///     }
    /// }
    /// # drop(Fit::epochs(3).callback(Better::default()));
    /// ```
    fn state(&self) -> Option<CallbackState> {
        None
    }

    /// Takes back what it gave as its [`state`](Callback::state). Default: nothing.
    fn restore(&mut self, state: &CallbackState) {
        _ = state;
    }

    /// Whether the logs of an epoch are to have its `learning_rate`. Default: no.
    fn reports_learning_rate(&self) -> bool {
        false
    }
}

/// Forwards everything: a callback that is lent or in a box is a callback like any other.
macro_rules! held_callbacks {
    ($($held:ty)*) => { $(
        impl<C: Callback + ?Sized> Callback for $held {
            fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
                (**self).on(event)
            }

            fn check_plan(&mut self, plan: &Plan) -> Result<()> {
                (**self).check_plan(plan)
            }

            fn check(&mut self, names: &[String]) -> Result<()> {
                (**self).check(names)
            }

            fn note(&mut self) -> Option<Finding> {
                (**self).note()
            }

            fn state(&self) -> Option<CallbackState> {
                (**self).state()
            }

            fn restore(&mut self, state: &CallbackState) {
                (**self).restore(state);
            }

            fn reports_learning_rate(&self) -> bool {
                (**self).reports_learning_rate()
            }
        }
    )* };
}
held_callbacks!(&mut C Box<C>);

/// What [`Fit::callback`](super::Fit::callback) takes: a [`Callback`], or a closure. `Kind` tells the two apart and is
/// never written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a callback",
    label = "not a callback",
    note = "give a closure, `|event: &Event<'_>| {{ …; ControlFlow::Continue(()) }}`, a value whose type is a \
            `Callback`, or `&mut` of one to read it afterwards"
)]
pub trait IntoCallback<'a, Kind> {
    /// The callback.
    fn into_callback(self) -> Box<dyn Callback + 'a>;
}

/// The [kind](IntoCallback) of closures.
#[derive(Debug)]
pub enum Closure {}

/// The [kind](IntoCallback) of all others.
#[derive(Debug)]
pub enum Watcher {}

impl<'a, C: Callback + 'a> IntoCallback<'a, Watcher> for C {
    fn into_callback(self) -> Box<dyn Callback + 'a> {
        Box::new(self)
    }
}

impl<'a, F: FnMut(&Event<'_>) -> ControlFlow<()> + Send + 'a> IntoCallback<'a, Closure> for F {
    fn into_callback(self) -> Box<dyn Callback + 'a> {
        Box::new(FromClosure(self))
    }
}

/// A closure as a callback.
struct FromClosure<F>(F);

impl<F: FnMut(&Event<'_>) -> ControlFlow<()> + Send> Callback for FromClosure<F> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        (self.0)(event)
    }
}
