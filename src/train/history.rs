//! The results of a training, epoch by epoch.

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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct History {
    /// The numbers of the epochs, from 0.
    pub epoch: Vec<usize>,
    /// For each name, in alphabetical order, a value for each epoch.
    #[cfg_attr(feature = "serde", serde(with = "numbers"))]
    pub history: BTreeMap<String, Vec<f64>>,
}

impl History {
    /// Adds an epoch.
    pub fn push(&mut self, epoch: usize, logs: &Logs) {
        self.epoch.push(epoch);
        for (name, value) in logs.iter() {
            let values = self.history.entry(name.to_owned()).or_default();
            // A name that was not there before has no value for earlier epochs.
            values.resize(self.epoch.len() - 1, f64::NAN);
            values.push(value);
        }
    }

    /// Adds another training's results, with its epochs numbered after the existing ones.
    ///
    /// Each epoch of a run is reported once: when the run is resumed, its history begins with
    /// epochs that may be here already.
    pub(super) fn join(&mut self, other: &History, is_run: bool) {
        let known = if is_run { self.overlap(other) } else { 0 };
        for row in known..other.epoch.len() {
            self.push(self.epoch.len(), &Logs::new(other.row(row)));
        }
        let epochs = self.epoch.len();
        self.history.values_mut().for_each(|values| values.resize(epochs, f64::NAN));
    }

    /// How many epochs at the end of this history are the same, to the bit, as those at the
    /// beginning of another one.
    fn overlap(&self, other: &History) -> usize {
        let (own, others) = (self.epoch.len(), other.epoch.len());
        let told = |row: Vec<(&str, f64)>| -> Vec<(String, u64)> {
            let row = row.into_iter().filter(|(_, value)| !value.is_nan());
            row.map(|(name, value)| (name.to_owned(), value.to_bits())).collect()
        };
        let same = |i: usize, j: usize| told(self.row(i)) == told(other.row(j));
        let alike = |count: &usize| (0..*count).all(|i| same(own - count + i, i));
        (1..=own.min(others)).rev().find(alike).unwrap_or(0)
    }

    /// The numbers of an epoch.
    fn row(&self, row: usize) -> Vec<(&str, f64)> {
        let logs = self.history.iter();
        logs.filter_map(|(name, values)| Some((name.as_str(), *values.get(row)?))).collect()
    }

    /// The values for a name.
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.history.get(name).map(Vec::as_slice)
    }

    /// A line for each epoch, a column for each name; epochs from 0, as in Keras' `CSVLogger`.
    pub fn to_csv(&self) -> String {
        self.to_csv_from(0)
    }

    /// The same with epochs from `first`: from 1, as people count and as `fit` prints them.
    ///
    /// ```
    /// use ndarray::array;
    /// use neurona::prelude::*;
    ///
    /// let mut model = Sequential::new([1]).add(Dense::new(1));
    /// model.compile(Sgd::default(), MeanSquaredError, [])?;
    /// let fit = Fit::epochs(2).verbose(Verbose::Silent);
    /// let history = model.fit(&array![[1.0f32]], &array![[1.0f32]], fit)?;
    /// let csv = history.to_csv_from(1);
    /// assert!(csv.starts_with("epoch,loss\n1,") && csv.contains("\n2,"));
    /// # Ok::<(), neurona::Error>(())
    /// ```
    pub fn to_csv_from(&self, first: usize) -> String {
        let mut csv = "epoch".to_owned();
        self.history.keys().for_each(|name| csv += &format!(",{name}"));
        csv.push('\n');
        for (i, epoch) in self.epoch.iter().enumerate() {
            csv += &(first + epoch).to_string();
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
    /// If there is nothing with that name: see [`History::get`].
    fn index(&self, name: &str) -> &Vec<f64> {
        let names = || self.history.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        self.history.get(name).unwrap_or_else(|| panic!("no \"{name}\" among {}", names()))
    }
}

/// How histories are serialized: `null` where a value is NaN or infinite.
#[cfg(feature = "serde")]
mod numbers {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    type Columns<T> = BTreeMap<String, Vec<T>>;

    pub(super) fn serialize<S: Serializer>(
        columns: &Columns<f64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let some = |value: &f64| (!value.is_nan()).then_some(*value);
        let each = |values: &Vec<f64>| values.iter().map(some).collect();
        let columns: Columns<Option<f64>> =
            columns.iter().map(|(name, values)| (name.clone(), each(values))).collect();
        columns.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Columns<f64>, D::Error> {
        let columns = Columns::<Option<f64>>::deserialize(deserializer)?;
        let each = |values: Vec<Option<f64>>| {
            values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()
        };
        Ok(columns.into_iter().map(|(name, values)| (name, each(values))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(losses: &[f64]) -> History {
        let mut history = History::default();
        for (epoch, loss) in losses.iter().enumerate() {
            history.push(epoch, &Logs::new([("loss", *loss)]));
        }
        history
    }

    #[test]
    fn trainings_stand_one_after_the_other() {
        let mut all = history(&[3.0, 2.0]);
        all.join(&history(&[2.0, 1.0]), false);
        assert_eq!(all, history(&[3.0, 2.0, 2.0, 1.0]));
        let mut other = History::default();
        other.push(0, &Logs::new([("mae", 7.0)]));
        all.join(&other, false);
        assert_eq!(all.epoch, [0, 1, 2, 3, 4]);
        assert_eq!(all["mae"][4], 7.0);
        assert!(all["mae"][..4].iter().chain(&all["loss"][4..]).all(|value| value.is_nan()));
        assert_eq!((all["mae"].len(), all["loss"].len()), (5, 5));
    }

    #[test]
    fn a_resumed_run_tells_its_epochs_once() {
        let mut all = history(&[9.0]);
        for run in [&[3.0, 2.0][..], &[3.0, 2.0, 1.0], &[3.0, 2.0, 1.0]] {
            all.join(&history(run), true);
        }
        assert_eq!(all, history(&[9.0, 3.0, 2.0, 1.0]));
    }
}
