//! What a model works with: made when it is first needed, and shared by all who use the model at
//! the same time.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A value that may not be there yet. An exclusive owner of the model needs no lock; others wait
/// for each other.
pub(super) struct Held<T>(Mutex<Option<T>>);

impl<T> Held<T> {
    /// The value, for an exclusive owner of the model.
    pub(super) fn as_mut(&mut self) -> Option<&mut T> {
        self.get_mut().as_mut()
    }

    /// Puts a value in place of the present one.
    pub(super) fn set(&mut self, value: Option<T>) {
        *self.get_mut() = value;
    }

    /// Takes the value out.
    pub(super) fn take(&mut self) -> Option<T> {
        self.get_mut().take()
    }

    /// Whether it holds no value.
    pub(super) fn is_none(&self) -> bool {
        self.lock().is_none()
    }

    /// The value, locked against all others meanwhile.
    pub(super) fn lock(&self) -> MutexGuard<'_, Option<T>> {
        // What a panic left is whole: only training changes anything that lasts, and it has the
        // model to itself.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get_mut(&mut self) -> &mut Option<T> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Held<T> {
    fn default() -> Held<T> {
        Held(Mutex::new(None))
    }
}

impl<T> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_none() { "Held(nothing)" } else { "Held(something)" })
    }
}
