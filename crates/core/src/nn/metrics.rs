//! Metrics: what is reported beside the loss.

use super::{Loss, MeanAbsoluteError, MeanSquaredError};
use crate::error::{Result, unknown_name};
use crate::graph::Expr;
use crate::message::Text;
use crate::tensor::DType;

/// A number reported for each epoch beside the loss: the mean of a value over all predictions.
///
/// Targets come as for the loss: class labels as one-hot rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    /// The share of right answers. As in Keras, shapes decide what is right: with one output,
    /// [`BinaryAccuracy`](Metric::BinaryAccuracy); else [`CategoricalAccuracy`](Metric::CategoricalAccuracy).
    Accuracy,
    /// The share of outputs that are on the target's side of a threshold. Keras' default: 0.5.
    BinaryAccuracy {
        /// Above it (strictly) an output counts as 1.
        threshold: f64,
    },
    /// The share of predictions whose largest output is the target's class.
    CategoricalAccuracy,
    /// The same, under Keras' name for integer labels.
    SparseCategoricalAccuracy,
    /// The mean of `(prediction - target)²`.
    MeanSquaredError,
    /// The mean of `|prediction - target|`.
    MeanAbsoluteError,
}

impl Metric {
    /// Every metric, with its defaults.
    pub const ALL: [Metric; 6] = [
        Metric::Accuracy,
        Metric::BinaryAccuracy { threshold: 0.5 },
        Metric::CategoricalAccuracy,
        Metric::SparseCategoricalAccuracy,
        Metric::MeanSquaredError,
        Metric::MeanAbsoluteError,
    ];

    /// Its name, the key of its values in logs and history.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Accuracy => "accuracy",
            Metric::BinaryAccuracy { .. } => "binary_accuracy",
            Metric::CategoricalAccuracy => "categorical_accuracy",
            Metric::SparseCategoricalAccuracy => "sparse_categorical_accuracy",
            Metric::MeanSquaredError => "mean_squared_error",
            Metric::MeanAbsoluteError => "mean_absolute_error",
        }
    }

    /// The metric of that name: Keras' names and short forms. Errors (E015): no such name, with the nearest.
    ///
    /// ```
    /// use neurona_core::nn::Metric;
    /// assert_eq!(Metric::from_name("acc")?, Metric::Accuracy);
    /// assert!(Metric::from_name("acuracy").unwrap_err().to_string().contains("\"accuracy\""));
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn from_name(name: &str) -> Result<Metric> {
        let full = match name {
            "acc" => "accuracy",
            "mse" => "mean_squared_error",
            "mae" => "mean_absolute_error",
            other => other,
        };
        let known = Metric::ALL.map(Metric::name);
        Metric::ALL
            .into_iter()
            .find(|metric| metric.name() == full)
            .ok_or_else(|| unknown_name(&Text::new("metric", "ninguna métrica"), name, &known))
    }

    /// Its value for each prediction: the last dimension has size 1.
    pub fn per_sample<'g>(self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let last = prediction.shape().rank().saturating_sub(1);
        match self {
            Metric::Accuracy if prediction.shape().last() == 1 => {
                Metric::BinaryAccuracy { threshold: 0.5 }.per_sample(target, prediction)
            }
            Metric::BinaryAccuracy { threshold } => {
                let answer = prediction.fill_like(threshold).less(prediction).cast(DType::F32);
                answer.equal(target).cast(DType::F32).mean_last()
            }
            Metric::Accuracy | Metric::CategoricalAccuracy | Metric::SparseCategoricalAccuracy => {
                prediction.argmax(last).equal(target.argmax(last)).cast(DType::F32)
            }
            Metric::MeanSquaredError => MeanSquaredError.per_sample(target, prediction),
            Metric::MeanAbsoluteError => MeanAbsoluteError.per_sample(target, prediction),
        }
    }
}
