//! Stores that fail and forget, only for tests.

mod faulty;
mod simulated;

pub use faulty::{Fault, Faulty};
pub use simulated::Simulated;
