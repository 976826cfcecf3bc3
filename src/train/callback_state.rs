//! What a callback remembers between epochs, as a run's checkpoint keeps it.

use super::control::Weights;
use std::collections::BTreeMap;

/// Everything that a callback must be given back for a run to continue as if it had never stopped:
/// named numbers, texts and weights. See [`Callback::state`](super::Callback::state).
///
/// ```
/// use neurona::train::CallbackState;
/// let state = CallbackState::new("Patience").with("wait", 3.0).with_some("best", Some(0.25));
/// assert_eq!(state.number("best"), Some(0.25));
/// assert_eq!(state.number("none"), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CallbackState {
    pub(super) kind: String,
    pub(super) entries: BTreeMap<String, Entry>,
}

/// Something remembered.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A number, to the bit.
    Number(f64),
    /// A text.
    Text(String),
    /// The weights of a model at some moment.
    Weights(Weights),
}

impl CallbackState {
    /// Nothing yet, from a kind of callback: a name that tells it from others.
    pub fn new(kind: &str) -> CallbackState {
        CallbackState { kind: kind.to_owned(), entries: BTreeMap::new() }
    }

    /// The kind of callback it is from.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// With another entry.
    pub fn with(mut self, name: &str, entry: impl Into<Entry>) -> CallbackState {
        self.entries.insert(name.to_owned(), entry.into());
        self
    }

    /// With another entry, if there is one.
    pub fn with_some(self, name: &str, entry: Option<impl Into<Entry>>) -> CallbackState {
        match entry {
            Some(entry) => self.with(name, entry),
            None => self,
        }
    }

    /// The number with a name.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.entries.get(name)? {
            Entry::Number(number) => Some(*number),
            Entry::Text(_) | Entry::Weights(_) => None,
        }
    }

    /// The number with a name, as a count: 0 if there is none.
    pub fn count(&self, name: &str) -> usize {
        self.number(name).unwrap_or_default() as usize
    }

    /// The text with a name.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.entries.get(name)? {
            Entry::Text(text) => Some(text),
            Entry::Number(_) | Entry::Weights(_) => None,
        }
    }

    /// The weights with a name.
    pub fn weights(&self, name: &str) -> Option<&Weights> {
        match self.entries.get(name)? {
            Entry::Weights(weights) => Some(weights),
            Entry::Number(_) | Entry::Text(_) => None,
        }
    }
}

impl From<f64> for Entry {
    fn from(number: f64) -> Entry {
        Entry::Number(number)
    }
}

impl From<usize> for Entry {
    fn from(count: usize) -> Entry {
        Entry::Number(count as f64)
    }
}

impl From<&str> for Entry {
    fn from(text: &str) -> Entry {
        Entry::Text(text.to_owned())
    }
}

impl From<&Weights> for Entry {
    fn from(weights: &Weights) -> Entry {
        Entry::Weights(weights.clone())
    }
}
