//! Models that train: `compile`, `fit`, `evaluate`, `predict`, and everything that can be watched.

mod batches;
mod callback_state;
pub mod callbacks;
mod class_weight;
mod control;
mod course;
mod divergence;
mod engine;
mod event;
mod explain;
mod files;
mod fit;
mod held;
mod history;
mod lr_find;
mod model;
mod options;
mod plan;
mod profile;
mod progress;
mod ranks;
mod recompile;
mod run;
mod runs;
mod samples;
mod saving;
mod speed;
mod stream;
mod tally;
mod training;

#[cfg(test)]
mod tests;

pub use callback_state::{CallbackState, Entry};
pub use control::{Control, Weights};
pub use event::{Callback, Closure, Event, IntoCallback, Logs, Watcher};
pub use explain::{Explanation, Neuron, Term};
pub use history::History;
pub use lr_find::{LrCurve, LrFind};
pub use model::{Model, Scores, Sequential};
pub use options::{Evaluate, Fit, Predict, Verbose};
pub use plan::Plan;
pub use profile::{Profile, StepTime};
pub use progress::Progress;
pub use runs::{Run, Saved, Stop, Stopped};
