//! Callbacks: watching training and taking part in it.

mod early_stopping;
mod learning_rate;
mod monitor;

pub use early_stopping::EarlyStopping;
pub use learning_rate::{LearningRateScheduler, ReduceLrOnPlateau};
pub use monitor::Mode;
