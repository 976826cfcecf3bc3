//! Trainings that survive anything: saved as they go, resumed to the same bits.

mod checkpoint;
mod digest;
mod folder;
mod identity;
mod keeper;
mod settings;
mod stop;
#[cfg(test)]
mod tests;

pub(super) use digest::samples as data_of;
pub(super) use keeper::Keeper;
pub use settings::{Run, Saved};
pub use stop::{Stop, Stopped};
