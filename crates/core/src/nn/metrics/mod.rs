//! Metrics: the numbers reported beside the loss.

mod accuracy;
mod config;
mod counts;
mod curves;
mod direction;
mod fscore;
mod iou;
mod mean;
mod regression;
mod stack;

pub use counts::{Precision, Recall};
pub use curves::{Auc, Curve, SummationMethod};
pub use direction::Direction;
pub use fscore::{Averaging, F1Score, FBetaScore};
pub use iou::{BinaryIoU, OneHotIoU};
pub use regression::{ClassAggregation, R2Score};

use super::losses::{aligned, cosine, same_name};
use super::{
    BinaryCrossentropy, CategoricalCrossentropy, CategoricalHinge, Hinge, KLDivergence, LogCosh,
    Loss, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError,
    MeanSquaredLogarithmicError, Poisson, SparseCategoricalCrossentropy, SquaredHinge,
};
use crate::error::{Result, unknown_name};
use crate::graph::Expr;
use crate::message::Text;
use counts::Count;
use curves::{Share, at};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A number reported for each epoch beside the loss.
///
/// A metric is streaming: [`parts`](Metric::parts) gives sums over a batch, the trainer adds them up in 64
/// bits, and [`result`](Metric::result) makes the number. Targets come as for the loss: class labels as
/// one-hot rows. Names and defaults are Keras'.
#[derive(Clone, Debug)]
pub enum Metric {
    /// The share of right answers. As in Keras, shapes decide what is right: with one output,
    /// [`BinaryAccuracy`](Metric::BinaryAccuracy); otherwise
    /// [`CategoricalAccuracy`](Metric::CategoricalAccuracy).
    Accuracy,
    /// The share of outputs that equal their target: Keras' class `Accuracy`, which its name alone does not mean.
    ExactAccuracy,
    /// The share of outputs that are on the target's side of a threshold. Keras' default: 0.5.
    BinaryAccuracy {
        /// Above it (strictly) an output counts as 1.
        threshold: f64,
    },
    /// The share of predictions whose largest output is the target's class.
    CategoricalAccuracy,
    /// The same, under Keras' name for integer labels.
    SparseCategoricalAccuracy,
    /// The share of predictions with fewer than `k` outputs larger than the target class's.
    /// Keras' default: 5.
    TopKCategoricalAccuracy {
        /// How many answers are allowed.
        k: usize,
    },
    /// The same, under Keras' name for integer labels.
    SparseTopKCategoricalAccuracy {
        /// How many answers are allowed.
        k: usize,
    },

    /// How many of the outputs that say yes are right.
    Precision(Precision),
    /// How many of the outputs that should say yes do.
    Recall(Recall),
    /// How many outputs above a threshold have a target that is not 0. Keras' default: 0.5.
    TruePositives {
        /// An output above it (strictly) says yes.
        thresholds: f64,
    },
    /// How many outputs not above a threshold have target 0. Keras' default: 0.5.
    TrueNegatives {
        /// An output above it (strictly) says yes.
        thresholds: f64,
    },
    /// How many outputs above a threshold have target 0. Keras' default: 0.5.
    FalsePositives {
        /// An output above it (strictly) says yes.
        thresholds: f64,
    },
    /// How many outputs not above a threshold have a target that is not 0. Keras' default: 0.5.
    FalseNegatives {
        /// An output above it (strictly) says yes.
        thresholds: f64,
    },
    /// The area under a curve of two shares, such as the receiver operating characteristic.
    Auc(Auc),
    /// The largest precision of all thresholds whose recall is enough; 0 if none is.
    PrecisionAtRecall {
        /// The recall that is enough.
        recall: f64,
        /// How many thresholds to try, evenly spaced from 0 to 1; only 0.5 if there is one. Keras'
        /// default: 200.
        num_thresholds: usize,
        /// The only output to look at. Keras' default: all.
        class_id: Option<usize>,
    },
    /// The largest recall of all thresholds whose precision is enough; 0 if none is.
    RecallAtPrecision {
        /// The precision that is enough.
        precision: f64,
        /// How many thresholds to try, evenly spaced from 0 to 1; only 0.5 if there is one. Keras'
        /// default: 200.
        num_thresholds: usize,
        /// The only output to look at. Keras' default: all.
        class_id: Option<usize>,
    },
    /// The largest sensitivity (recall) of all thresholds whose specificity is enough; 0 if none is.
    SensitivityAtSpecificity {
        /// The specificity (the share of outputs that say no among those that should) that is
        /// enough.
        specificity: f64,
        /// How many thresholds to try, evenly spaced from 0 to 1; only 0.5 if there is one. Keras'
        /// default: 200.
        num_thresholds: usize,
        /// The only output to look at. Keras' default: all.
        class_id: Option<usize>,
    },
    /// The largest specificity of all thresholds whose sensitivity is enough; 0 if none is.
    SpecificityAtSensitivity {
        /// The sensitivity (recall) that is enough.
        sensitivity: f64,
        /// How many thresholds to try, evenly spaced from 0 to 1; only 0.5 if there is one. Keras'
        /// default: 200.
        num_thresholds: usize,
        /// The only output to look at. Keras' default: all.
        class_id: Option<usize>,
    },
    /// The harmonic mean of precision and recall.
    F1Score(F1Score),
    /// The same, with recall counting `beta` times as much.
    FBetaScore(FBetaScore),
    /// How much the answered and the true samples of two classes overlap.
    BinaryIoU(BinaryIoU),
    /// How much the answered and the true samples of some classes overlap, the mean over them.
    OneHotIoU(OneHotIoU),
    /// The same, over all classes.
    OneHotMeanIoU,

    /// The mean of `(prediction - target)²`.
    MeanSquaredError,
    /// The root of the mean of `(prediction - target)²`.
    RootMeanSquaredError,
    /// The mean of `|prediction - target|`.
    MeanAbsoluteError,
    /// The mean of the loss with this name.
    MeanAbsolutePercentageError,
    /// The mean of the loss with this name.
    MeanSquaredLogarithmicError,
    /// The mean cosine of the angle between prediction and target: the loss with this name without
    /// its sign.
    CosineSimilarity,
    /// The mean of the loss [`LogCosh`]. Keras calls the metric `logcosh`.
    LogCoshError,
    /// The share of the targets' variance that predictions explain.
    R2Score(R2Score),
    /// Pearson's correlation of each prediction's outputs with its targets, the mean over the predictions.
    PearsonCorrelation,
    /// Lin's correlation of each prediction's outputs with its targets, the mean over the predictions.
    ConcordanceCorrelation,

    /// The mean of the loss with this name.
    BinaryCrossentropy(BinaryCrossentropy),
    /// The mean of the loss with this name.
    CategoricalCrossentropy(CategoricalCrossentropy),
    /// The mean of the loss with this name.
    SparseCategoricalCrossentropy(SparseCategoricalCrossentropy),
    /// The mean of the loss with this name.
    KLDivergence,
    /// The mean of the loss with this name.
    Poisson,
    /// The mean of the loss with this name.
    Hinge,
    /// The mean of the loss with this name.
    SquaredHinge,
    /// The mean of the loss with this name.
    CategoricalHinge,

    /// The mean of any other loss: see [`Metric::loss`].
    Loss(Arc<dyn Loss>),
    /// A metric of your own: see [`CustomMetric`].
    Custom(Arc<dyn CustomMetric>),
    /// A metric under another name: see [`Metric::named`].
    Named {
        /// The metric.
        metric: Box<Metric>,
        /// The key of its values in logs and history.
        name: String,
    },
    /// A metric for one output of a model with several: see [`Metric::on`].
    On {
        /// The metric.
        metric: Box<Metric>,
        /// The name of the output.
        output: String,
    },
    /// A metric that counts samples by their weights: see [`Metric::weighted`].
    Weighted {
        /// The metric.
        metric: Box<Metric>,
    },
}

/// A metric of your own: give it to `compile` as [`Metric::custom`].
///
/// ```
/// use neurona_core::graph::Expr;
/// use neurona_core::nn::{CustomMetric, Metric};
/// use neurona_core::tensor::Axes;
///
/// /// The error of a sample's worst output, the mean over the samples.
/// #[derive(Debug)]
/// struct WorstError;
///
/// impl CustomMetric for WorstError {
///     fn name(&self) -> &'static str {
///         "worst_error"
///     }
///
///     fn parts<'g>(&self, target: Expr<'g>, prediction: Expr<'g>, _: Option<Expr<'g>>) -> Expr<'g> {
///         (prediction - target).abs().max_over(Axes::new(&[1])).sum_all()
///     }
///
///     fn result(&self, sums: &[f64], samples: f64) -> f64 {
///         sums[0] / samples
///     }
/// }
///
/// assert_eq!(Metric::custom(WorstError).name(), "worst_error");
/// ```
pub trait CustomMetric: fmt::Debug + Send + Sync {
    /// Its name, the key of its values in logs and history.
    fn name(&self) -> &str;

    /// The sums over a batch that the result needs, in any shape: they are added up over the batches.
    /// If there are weights, there is one for each sample, or one for each value.
    fn parts<'g>(
        &self,
        target: Expr<'g>,
        prediction: Expr<'g>,
        weights: Option<Expr<'g>>,
    ) -> Expr<'g>;

    /// The number that the sums over all batches make. `samples` is how many there were: at least 1.
    fn result(&self, sums: &[f64], samples: f64) -> f64;

    /// Which way it gets better, for callbacks that follow it. Default: it does not say, and they ask for a mode.
    fn direction(&self) -> Option<Direction> {
        None
    }
}

impl Metric {
    /// Every metric that has defaults, with them.
    pub fn all() -> Vec<Metric> {
        vec![
            Metric::Accuracy,
            Metric::BinaryAccuracy { threshold: 0.5 },
            Metric::CategoricalAccuracy,
            Metric::SparseCategoricalAccuracy,
            Metric::TopKCategoricalAccuracy { k: 5 },
            Metric::SparseTopKCategoricalAccuracy { k: 5 },
            Metric::Precision(Precision::default()),
            Metric::Recall(Recall::default()),
            Metric::TruePositives { thresholds: 0.5 },
            Metric::TrueNegatives { thresholds: 0.5 },
            Metric::FalsePositives { thresholds: 0.5 },
            Metric::FalseNegatives { thresholds: 0.5 },
            Metric::Auc(Auc::default()),
            Metric::F1Score(F1Score::default()),
            Metric::FBetaScore(FBetaScore::default()),
            Metric::BinaryIoU(BinaryIoU::default()),
            Metric::OneHotMeanIoU,
            Metric::MeanSquaredError,
            Metric::RootMeanSquaredError,
            Metric::MeanAbsoluteError,
            Metric::MeanAbsolutePercentageError,
            Metric::MeanSquaredLogarithmicError,
            Metric::CosineSimilarity,
            Metric::LogCoshError,
            Metric::R2Score(R2Score::default()),
            Metric::PearsonCorrelation,
            Metric::ConcordanceCorrelation,
            Metric::BinaryCrossentropy(BinaryCrossentropy::default()),
            Metric::CategoricalCrossentropy(CategoricalCrossentropy::default()),
            Metric::SparseCategoricalCrossentropy(SparseCategoricalCrossentropy::default()),
            Metric::KLDivergence,
            Metric::Poisson,
            Metric::Hinge,
            Metric::SquaredHinge,
            Metric::CategoricalHinge,
        ]
    }

    /// The mean of a loss, under its name.
    ///
    /// ```
    /// use neurona_core::nn::{Huber, Metric};
    /// assert_eq!(Metric::loss(Huber { delta: 0.5 }).name(), "huber");
    /// ```
    pub fn loss(loss: impl Loss + 'static) -> Metric {
        Metric::Loss(Arc::new(loss))
    }

    /// A metric of your own.
    pub fn custom(metric: impl CustomMetric + 'static) -> Metric {
        Metric::Custom(Arc::new(metric))
    }

    /// The same metric under another name.
    ///
    /// ```
    /// use neurona_core::nn::Metric;
    /// let top_3 = Metric::TopKCategoricalAccuracy { k: 3 }.named("top_3");
    /// assert_eq!(top_3.name(), "top_3");
    /// ```
    pub fn named(self, name: &str) -> Metric {
        Metric::Named { metric: Box::new(self), name: name.to_owned() }
    }

    /// The same metric for one output alone, as in Keras' `metrics={"side": […]}`. Without it, a
    /// metric is for every output.
    ///
    /// ```
    /// use neurona_core::nn::Metric;
    /// let metric = Metric::Accuracy.on("side");
    /// assert_eq!((metric.name(), metric.output()), ("accuracy", Some("side")));
    /// ```
    pub fn on(self, output: &str) -> Metric {
        Metric::On { metric: Box::new(self), output: output.to_owned() }
    }

    /// The same metric with each sample counting by its weight, as in Keras' `weighted_metrics`;
    /// without it, metrics do not see weights. Where there are no weights, all samples count the
    /// same.
    ///
    /// ```
    /// use neurona_core::nn::{Metric, metric_names};
    /// let metrics = [Metric::Accuracy, Metric::Accuracy.weighted()];
    /// assert_eq!(metric_names(&metrics), ["accuracy", "weighted_accuracy"]);
    /// ```
    pub fn weighted(self) -> Metric {
        Metric::Weighted { metric: Box::new(self) }
    }

    /// The one output it is for, unless it is for all.
    pub fn output(&self) -> Option<&str> {
        match self {
            Metric::On { output, .. } => Some(output),
            Metric::Named { metric, .. } | Metric::Weighted { metric } => metric.output(),
            _ => None,
        }
    }

    /// Whether samples count by their weights.
    pub fn is_weighted(&self) -> bool {
        match self {
            Metric::Weighted { .. } => true,
            Metric::Named { metric, .. } | Metric::On { metric, .. } => metric.is_weighted(),
            _ => false,
        }
    }

    /// Its name, the key of its values in logs and history.
    pub fn name(&self) -> &str {
        match self {
            Metric::Accuracy | Metric::ExactAccuracy => "accuracy",
            Metric::BinaryAccuracy { .. } => "binary_accuracy",
            Metric::CategoricalAccuracy => "categorical_accuracy",
            Metric::SparseCategoricalAccuracy => "sparse_categorical_accuracy",
            Metric::TopKCategoricalAccuracy { .. } => "top_k_categorical_accuracy",
            Metric::SparseTopKCategoricalAccuracy { .. } => "sparse_top_k_categorical_accuracy",
            Metric::Precision(_) => "precision",
            Metric::Recall(_) => "recall",
            Metric::TruePositives { .. } => "true_positives",
            Metric::TrueNegatives { .. } => "true_negatives",
            Metric::FalsePositives { .. } => "false_positives",
            Metric::FalseNegatives { .. } => "false_negatives",
            Metric::Auc(_) => "auc",
            Metric::PrecisionAtRecall { .. } => "precision_at_recall",
            Metric::RecallAtPrecision { .. } => "recall_at_precision",
            Metric::SensitivityAtSpecificity { .. } => "sensitivity_at_specificity",
            Metric::SpecificityAtSensitivity { .. } => "specificity_at_sensitivity",
            Metric::F1Score(_) => "f1_score",
            Metric::FBetaScore(_) => "fbeta_score",
            Metric::BinaryIoU(_) => "binary_io_u",
            Metric::OneHotIoU(_) => "one_hot_io_u",
            Metric::OneHotMeanIoU => "one_hot_mean_io_u",
            Metric::MeanSquaredError => "mean_squared_error",
            Metric::RootMeanSquaredError => "root_mean_squared_error",
            Metric::MeanAbsoluteError => "mean_absolute_error",
            Metric::MeanAbsolutePercentageError => "mean_absolute_percentage_error",
            Metric::MeanSquaredLogarithmicError => "mean_squared_logarithmic_error",
            Metric::CosineSimilarity => "cosine_similarity",
            Metric::LogCoshError => "logcosh",
            Metric::R2Score(_) => "r2_score",
            Metric::PearsonCorrelation => "pearson_correlation",
            Metric::ConcordanceCorrelation => "concordance_correlation",
            Metric::BinaryCrossentropy(_) => "binary_crossentropy",
            Metric::CategoricalCrossentropy(_) => "categorical_crossentropy",
            Metric::SparseCategoricalCrossentropy(_) => "sparse_categorical_crossentropy",
            Metric::KLDivergence => "kl_divergence",
            Metric::Poisson => "poisson",
            Metric::Hinge => "hinge",
            Metric::SquaredHinge => "squared_hinge",
            Metric::CategoricalHinge => "categorical_hinge",
            Metric::Loss(loss) => loss.name(),
            Metric::Custom(metric) => metric.name(),
            Metric::Named { name, .. } => name,
            Metric::On { metric, .. } | Metric::Weighted { metric } => metric.name(),
        }
    }

    /// The metric with that name, with its defaults: Keras' names of functions and classes
    /// (`mean_squared_error`, `MeanSquaredError`, `AUC`) and short forms (`acc`, `mse`, `mae`, `mape`, `msle`,
    /// `bce`, `kld`). Errors (E015): no such name, with the nearest one.
    ///
    /// ```
    /// use neurona_core::nn::Metric;
    /// assert_eq!(Metric::from_name("acc")?.name(), "accuracy");
    /// assert!(Metric::from_name("acuracy").unwrap_err().to_string().contains("\"accuracy\""));
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn from_name(name: &str) -> Result<Metric> {
        let full = match name.to_lowercase().as_str() {
            "acc" => "accuracy",
            "mse" => "mean_squared_error",
            "mae" => "mean_absolute_error",
            "mape" => "mean_absolute_percentage_error",
            "msle" => "mean_squared_logarithmic_error",
            "bce" => "binary_crossentropy",
            "kld" => "kl_divergence",
            "log_cosh_error" | "logcosherror" => "logcosh",
            _ => name,
        };
        let mut all = Metric::all();
        match all.iter().position(|metric| same_name(metric.name(), full)) {
            Some(at) => Ok(all.swap_remove(at)),
            None => {
                let known: Vec<&str> = all.iter().map(Metric::name).collect();
                Err(unknown_name(&Text::new("metric", "ninguna métrica"), name, &known))
            }
        }
    }

    /// Sums over a batch, as a vector: how many there are depends only on the metric and the
    /// shapes. They are added up over the batches.
    ///
    /// Shapes: there is one weight for each sample, `(batch)`, or for each value.
    #[track_caller]
    pub fn parts<'g>(
        &self,
        target: Expr<'g>,
        prediction: Expr<'g>,
        weights: Option<Expr<'g>>,
    ) -> Expr<'g> {
        let mean = |values: Expr<'g>| mean::parts(values, prediction, weights);
        let loss = |loss: &dyn Loss| {
            let values = loss.per_sample(target, prediction);
            // As in Keras, values that do not count have no weight, and count as zeros where
            // nothing has a weight.
            let masked = weights.map(|weights| match loss.mask(target, values) {
                Some(mask) => aligned(weights, values) * mask,
                None => weights,
            });
            mean::parts(values, prediction, masked)
        };
        let count = |what, threshold| counts::parts(what, threshold, target, prediction, weights);
        let over = |thresholds, class: Option<usize>| {
            let one = |x| class.map_or(x, |class| counts::output(x, class));
            curves::parts(thresholds, false, one(target), one(prediction), weights)
        };
        match self {
            Metric::Accuracy if prediction.shape().last() == 1 => {
                mean(accuracy::binary(target, prediction, 0.5))
            }
            Metric::ExactAccuracy => mean(accuracy::exact(target, prediction)),
            Metric::BinaryAccuracy { threshold } => {
                mean(accuracy::binary(target, prediction, *threshold))
            }
            Metric::Accuracy | Metric::CategoricalAccuracy | Metric::SparseCategoricalAccuracy => {
                mean(accuracy::categorical(target, prediction))
            }
            Metric::TopKCategoricalAccuracy { k } | Metric::SparseTopKCategoricalAccuracy { k } => {
                mean(accuracy::top_k(target, prediction, *k))
            }
            Metric::Precision(metric) => metric.parts(target, prediction, weights),
            Metric::Recall(metric) => metric.parts(target, prediction, weights),
            Metric::TruePositives { thresholds } => count(Count::TruePositives, *thresholds),
            Metric::TrueNegatives { thresholds } => count(Count::TrueNegatives, *thresholds),
            Metric::FalsePositives { thresholds } => count(Count::FalsePositives, *thresholds),
            Metric::FalseNegatives { thresholds } => count(Count::FalseNegatives, *thresholds),
            Metric::Auc(metric) => metric.parts(target, prediction, weights),
            Metric::PrecisionAtRecall { num_thresholds, class_id, .. }
            | Metric::RecallAtPrecision { num_thresholds, class_id, .. }
            | Metric::SensitivityAtSpecificity { num_thresholds, class_id, .. }
            | Metric::SpecificityAtSensitivity { num_thresholds, class_id, .. } => {
                over(*num_thresholds, *class_id)
            }
            Metric::F1Score(metric) => metric.beta().parts(target, prediction, weights),
            Metric::FBetaScore(metric) => metric.parts(target, prediction, weights),
            Metric::BinaryIoU(metric) => metric.parts(target, prediction, weights),
            Metric::OneHotIoU(_) | Metric::OneHotMeanIoU => iou::parts(target, prediction, weights),
            Metric::RootMeanSquaredError => {
                let error = prediction - target;
                mean(error * error)
            }
            Metric::CosineSimilarity => mean(cosine(target, prediction)),
            Metric::R2Score(_) => regression::r2_parts(target, prediction, weights),
            Metric::PearsonCorrelation => mean(regression::pearson(target, prediction)),
            Metric::ConcordanceCorrelation => mean(regression::concordance(target, prediction)),
            Metric::MeanSquaredError => loss(&MeanSquaredError),
            Metric::MeanAbsoluteError => loss(&MeanAbsoluteError),
            Metric::MeanAbsolutePercentageError => loss(&MeanAbsolutePercentageError),
            Metric::MeanSquaredLogarithmicError => loss(&MeanSquaredLogarithmicError),
            Metric::LogCoshError => loss(&LogCosh),
            Metric::BinaryCrossentropy(metric) => loss(metric),
            Metric::CategoricalCrossentropy(metric) => loss(metric),
            Metric::SparseCategoricalCrossentropy(metric) => loss(metric),
            Metric::KLDivergence => loss(&KLDivergence),
            Metric::Poisson => loss(&Poisson),
            Metric::Hinge => loss(&Hinge),
            Metric::SquaredHinge => loss(&SquaredHinge),
            Metric::CategoricalHinge => loss(&CategoricalHinge),
            Metric::Loss(metric) => loss(&**metric),
            Metric::Custom(metric) => {
                let parts = metric.parts(target, prediction, weights);
                parts.reshape(&[parts.shape().elems()])
            }
            Metric::Named { metric, .. }
            | Metric::On { metric, .. }
            | Metric::Weighted { metric } => metric.parts(target, prediction, weights),
        }
    }

    /// The number that the sums over all batches make; 0 without samples.
    pub fn result(&self, sums: &[f64], samples: f64) -> f64 {
        if samples == 0.0 {
            return 0.0;
        }
        match self {
            Metric::Precision(_) | Metric::Recall(_) => counts::share(sums),
            Metric::TruePositives { .. }
            | Metric::TrueNegatives { .. }
            | Metric::FalsePositives { .. }
            | Metric::FalseNegatives { .. } => sums[0],
            Metric::Auc(metric) => metric.result(sums),
            Metric::PrecisionAtRecall { recall, .. } => {
                at(sums, *recall, Share::Recall, Share::Precision)
            }
            Metric::RecallAtPrecision { precision, .. } => {
                at(sums, *precision, Share::Precision, Share::Recall)
            }
            Metric::SensitivityAtSpecificity { specificity, .. } => {
                at(sums, *specificity, Share::Specificity, Share::Recall)
            }
            Metric::SpecificityAtSensitivity { sensitivity, .. } => {
                at(sums, *sensitivity, Share::Recall, Share::Specificity)
            }
            Metric::F1Score(metric) => metric.beta().result(sums),
            Metric::FBetaScore(metric) => metric.result(sums),
            Metric::BinaryIoU(metric) => metric.result(sums),
            Metric::OneHotIoU(metric) => metric.result(sums),
            Metric::OneHotMeanIoU => iou::mean(sums),
            Metric::RootMeanSquaredError => mean::result(sums, samples).sqrt(),
            Metric::R2Score(metric) => metric.result(sums, samples),
            Metric::Custom(metric) => metric.result(sums, samples),
            Metric::Named { metric, .. }
            | Metric::On { metric, .. }
            | Metric::Weighted { metric } => metric.result(sums, samples),
            Metric::Accuracy
            | Metric::ExactAccuracy
            | Metric::BinaryAccuracy { .. }
            | Metric::CategoricalAccuracy
            | Metric::SparseCategoricalAccuracy
            | Metric::TopKCategoricalAccuracy { .. }
            | Metric::SparseTopKCategoricalAccuracy { .. }
            | Metric::MeanSquaredError
            | Metric::MeanAbsoluteError
            | Metric::MeanAbsolutePercentageError
            | Metric::MeanSquaredLogarithmicError
            | Metric::CosineSimilarity
            | Metric::LogCoshError
            | Metric::PearsonCorrelation
            | Metric::ConcordanceCorrelation
            | Metric::BinaryCrossentropy(_)
            | Metric::CategoricalCrossentropy(_)
            | Metric::SparseCategoricalCrossentropy(_)
            | Metric::KLDivergence
            | Metric::Poisson
            | Metric::Hinge
            | Metric::SquaredHinge
            | Metric::CategoricalHinge
            | Metric::Loss(_) => mean::result(sums, samples),
        }
    }
}

/// The names of metrics in logs and history: the second with a name is `name_1`, and a weighted one
/// whose name is taken is `weighted_name`, as in Keras.
///
/// ```
/// use neurona_core::nn::{Metric, metric_names};
/// let top = |k| Metric::TopKCategoricalAccuracy { k };
/// let names = ["top_k_categorical_accuracy", "top_k_categorical_accuracy_1"];
/// assert_eq!(metric_names(&[top(2), top(3)]), names);
/// ```
pub fn metric_names(metrics: &[Metric]) -> Vec<String> {
    let mut names = vec![String::new(); metrics.len()];
    let mut taken: HashMap<String, usize> = HashMap::new();
    // As in Keras, those without weights choose first.
    for weighted in [false, true] {
        let chosen = metrics.iter().zip(&mut names).filter(|(m, _)| m.is_weighted() == weighted);
        for (metric, name) in chosen {
            let plain = metric.name();
            let second = weighted && taken.contains_key(plain);
            let stem = if second { format!("weighted_{plain}") } else { plain.to_owned() };
            let earlier = taken.entry(stem.clone()).or_insert(0);
            *name = if *earlier == 0 { stem } else { format!("{stem}_{earlier}") };
            *earlier += 1;
        }
    }
    names
}
