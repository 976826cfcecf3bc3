//! Which way a metric gets better.

use super::Metric;

/// Which way a number gets better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The larger, the better: accuracies, shares, correlations.
    Up,
    /// The smaller, the better: losses and errors.
    Down,
}

impl Metric {
    /// The direction in which it gets better, as in Keras' metrics: up for accuracies, areas,
    /// overlaps, scores and correlations, down for errors and losses. Its name does not matter: a
    /// renamed metric gets better in the same direction. Counts, such as true positives, do not
    /// say, and nor do metrics of your own unless their
    /// [`direction`](super::CustomMetric::direction) does.
    ///
    /// ```
    /// use neurona_core::nn::{Direction, Metric};
    /// assert_eq!(Metric::CosineSimilarity.named("loss of angle").direction(), Some(Direction::Up));
    /// assert_eq!(Metric::Poisson.direction(), Some(Direction::Down));
    /// assert_eq!(Metric::TruePositives { thresholds: 0.5 }.direction(), None);
    /// ```
    pub fn direction(&self) -> Option<Direction> {
        match self {
            Metric::Accuracy
            | Metric::ExactAccuracy
            | Metric::BinaryAccuracy { .. }
            | Metric::CategoricalAccuracy
            | Metric::SparseCategoricalAccuracy
            | Metric::TopKCategoricalAccuracy { .. }
            | Metric::SparseTopKCategoricalAccuracy { .. }
            | Metric::Precision(_)
            | Metric::Recall(_)
            | Metric::Auc(_)
            | Metric::PrecisionAtRecall { .. }
            | Metric::RecallAtPrecision { .. }
            | Metric::SensitivityAtSpecificity { .. }
            | Metric::SpecificityAtSensitivity { .. }
            | Metric::F1Score(_)
            | Metric::FBetaScore(_)
            | Metric::BinaryIoU(_)
            | Metric::OneHotIoU(_)
            | Metric::OneHotMeanIoU
            | Metric::CosineSimilarity
            | Metric::R2Score(_)
            | Metric::PearsonCorrelation
            | Metric::ConcordanceCorrelation => Some(Direction::Up),
            Metric::MeanSquaredError
            | Metric::RootMeanSquaredError
            | Metric::MeanAbsoluteError
            | Metric::MeanAbsolutePercentageError
            | Metric::MeanSquaredLogarithmicError
            | Metric::LogCoshError
            | Metric::BinaryCrossentropy(_)
            | Metric::CategoricalCrossentropy(_)
            | Metric::SparseCategoricalCrossentropy(_)
            | Metric::KLDivergence
            | Metric::Poisson
            | Metric::Hinge
            | Metric::SquaredHinge
            | Metric::CategoricalHinge
            | Metric::Loss(_) => Some(Direction::Down),
            Metric::TruePositives { .. }
            | Metric::TrueNegatives { .. }
            | Metric::FalsePositives { .. }
            | Metric::FalseNegatives { .. } => None,
            Metric::Custom(metric) => metric.direction(),
            Metric::Named { metric, .. }
            | Metric::On { metric, .. }
            | Metric::Weighted { metric } => metric.direction(),
        }
    }
}
