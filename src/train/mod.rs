//! Models that train: `compile`, `fit`, `evaluate`, `predict`, and everything that can be watched.

mod batches;
mod callback_state;
pub mod callbacks;
mod control;
mod course;
mod engine;
mod event;
mod explain;
mod files;
mod fit;
mod history;
mod lr_find;
mod model;
mod options;
mod profile;
mod progress;
mod recompile;
mod run;
mod runs;
mod samples;
mod saving;
mod stream;
mod tally;
mod training;

pub use callback_state::{CallbackState, Entry};
pub use control::{Control, Weights};
pub use event::{Callback, Event, Logs};
pub use explain::{Explanation, Neuron, Term};
pub use history::History;
pub use lr_find::{LrCurve, LrFind};
pub use model::{Model, Scores, Sequential};
pub use options::{Fit, Verbose};
pub use profile::{Profile, StepTime};
pub use progress::Progress;
pub use runs::{Run, Saved, Stop, Stopped};
