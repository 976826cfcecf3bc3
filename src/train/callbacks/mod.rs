//! Callbacks: watching training and taking part in it.
//!
//! | Keras' | here |
//! |---|---|
//! | `EarlyStopping`, `ReduceLROnPlateau`, `LearningRateScheduler`, `CSVLogger`, `TensorBoard` | the same |
//! | `ModelCheckpoint` | the same, of weights |
//! | `BackupAndRestore` | [`Fit::run`](super::Fit::run), which saves all of the training: see [`Run`](super::Run) |
//! | `LambdaCallback` | any closure: see [`Callback`](super::Callback) |
//! | `History`, `ProgbarLogger` | what [`fit`](super::Model::fit) returns, and prints |
//! | `TerminateOnNaN` | always there: a step whose loss, gradients or new weights are not finite changes nothing, and `fit` ends with E041, which names the layer. What the epochs before were like is in [`Model::history`](crate::train::Model::history). |

mod csv_logger;
mod early_stopping;
mod learning_rate;
mod model_checkpoint;
mod monitor;
mod output;
mod tensor_board;
#[cfg(test)]
mod tests;

pub use csv_logger::CsvLogger;
pub use early_stopping::EarlyStopping;
pub use learning_rate::{LearningRateScheduler, ReduceLrOnPlateau};
pub use model_checkpoint::ModelCheckpoint;
pub use monitor::Mode;
pub use tensor_board::TensorBoard;
