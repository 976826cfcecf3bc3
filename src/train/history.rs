//! What a training was like, epoch by epoch.

use super::Logs;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Index;

/// The loss and metrics of every epoch, by name: `history["loss"]`, `history["val_accuracy"]`.
///
/// ```
/// use neurona::train::{History, Logs};
/// let mut history = History::default();
/// history.push(0, &Logs::new([("loss", 0.5), ("accuracy", 0.75)]));
/// assert_eq!(history["loss"], [0.5]);
/// assert_eq!(history.to_csv(), "epoch,accuracy,loss\n0,0.75,0.5\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The numbers of the epochs, from 0.
    pub epoch: Vec<usize>,
    /// For each name, in alphabetical order, a value for each epoch.
    pub history: BTreeMap<String, Vec<f64>>,
}

impl History {
    /// Adds an epoch.
    pub fn push(&mut self, epoch: usize, logs: &Logs) {
        self.epoch.push(epoch);
        for (name, value) in logs.iter() {
            let values = self.history.entry(name.to_owned()).or_default();
            // A name that was not there before has no value for the epochs before.
            values.resize(self.epoch.len() - 1, f64::NAN);
            values.push(value);
        }
    }

    /// Adds the epochs of a later training, numbered on from those that are there.
    ///
    /// ```
    /// use neurona::train::{History, Logs};
    /// let mut history = History::default();
    /// history.push(0, &Logs::new([("loss", 0.5)]));
    /// history.append(&history.clone());
    /// assert_eq!(history.epoch, [0, 1]);
    /// ```
    pub fn append(&mut self, later: &History) {
        for i in 0..later.epoch.len() {
            let logs =
                later.history.iter().filter_map(|(name, v)| Some((name.as_str(), *v.get(i)?)));
            let number = self.epoch.last().map_or(0, |last| last + 1);
            self.push(number, &Logs::new(logs));
        }
    }

    /// The values of a name.
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.history.get(name).map(Vec::as_slice)
    }

    /// A line for each epoch, a column for each name; epochs from 0, as Keras' `CSVLogger`.
    pub fn to_csv(&self) -> String {
        let mut csv = "epoch".to_owned();
        self.history.keys().for_each(|name| csv += &format!(",{name}"));
        csv.push('\n');
        for (i, epoch) in self.epoch.iter().enumerate() {
            csv += &epoch.to_string();
            for values in self.history.values() {
                match values.get(i).filter(|v| !v.is_nan()) {
                    Some(value) => _ = write!(csv, ",{value}"),
                    None => csv += ",NA",
                }
            }
            csv.push('\n');
        }
        csv
    }
}

impl Index<&str> for History {
    type Output = Vec<f64>;

    /// # Panics
    /// If there is nothing of that name: see [`History::get`].
    fn index(&self, name: &str) -> &Vec<f64> {
        let names = || self.history.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        self.history.get(name).unwrap_or_else(|| panic!("no \"{name}\" among {}", names()))
    }
}
