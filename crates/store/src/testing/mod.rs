//! Stores that fail and forget, for tests alone.

mod faulty;
mod simulated;

pub use faulty::{Fault, Faulty};
pub use simulated::Simulated;
