//! Models that train: `compile`, `fit`, `evaluate`, `predict`, and everything that can be watched.

mod batches;
mod engine;
mod event;
mod explain;
mod fit;
mod history;
mod model;
mod options;
mod profile;
mod progress;
mod run;
mod tally;

pub use event::{Callback, Event, Logs};
pub use explain::{Explanation, Neuron, Term};
pub use history::History;
pub use model::{Scores, Sequential};
pub use options::{Fit, Verbose};
pub use profile::{Profile, StepTime};
pub use progress::Progress;
