//! Metrics as objects in files.

use super::*;
use crate::nn::config::{Config, Field, Fields, Map, Object, Value, expected, read};
use crate::nn::loss_from_config;

/// A threshold, which Keras may have as a list of one. Errors (E034): several.
struct Threshold(f64);

impl Field for Threshold {
    fn to_json(&self) -> Value {
        self.0.to_json()
    }

    fn from_json(value: &Value) -> Result<Threshold> {
        match value.as_array().map(Vec::as_slice) {
            _ if value.is_null() => Ok(Threshold(0.5)),
            Some([single]) => f64::from_json(single).map(Threshold),
            _ => f64::from_json(value)
                .map(Threshold)
                .map_err(|_| expected("one threshold", "un umbral", value)),
        }
    }
}

/// A threshold that may be left to the metric.
fn threshold(fields: &mut Fields<'_>, name: &str, value: &mut Option<f64>) {
    let mut given = value.map(Threshold);
    fields.field(name, &mut given);
    *value = given.map(|threshold| threshold.0);
}

impl Config for Metric {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        fields.ignored(&["dtype"]);
        match self {
            Metric::BinaryAccuracy { threshold } => fields.field("threshold", threshold),
            Metric::TopKCategoricalAccuracy { k } | Metric::SparseTopKCategoricalAccuracy { k } => {
                fields.field("k", k);
            }
            Metric::Precision(Precision { thresholds, top_k, class_id })
            | Metric::Recall(Recall { thresholds, top_k, class_id }) => {
                threshold(fields, "thresholds", thresholds);
                fields.field("top_k", top_k);
                fields.field("class_id", class_id);
            }
            Metric::TruePositives { thresholds }
            | Metric::TrueNegatives { thresholds }
            | Metric::FalsePositives { thresholds }
            | Metric::FalseNegatives { thresholds } => {
                let mut given = Threshold(*thresholds);
                fields.field("thresholds", &mut given);
                *thresholds = given.0;
            }
            Metric::Auc(Auc {
                num_thresholds,
                curve,
                summation_method,
                multi_label,
                from_logits,
            }) => {
                fields.field("num_thresholds", num_thresholds);
                fields.field("curve", curve);
                fields.field("summation_method", summation_method);
                fields.field("multi_label", multi_label);
                fields.field("from_logits", from_logits);
                // The outputs determine how many labels there are.
                fields.ignored(&["num_labels"]);
            }
            Metric::PrecisionAtRecall { recall: enough, num_thresholds, class_id } => {
                at_least(fields, "recall", enough, num_thresholds, class_id);
            }
            Metric::RecallAtPrecision { precision: enough, num_thresholds, class_id } => {
                at_least(fields, "precision", enough, num_thresholds, class_id);
            }
            Metric::SensitivityAtSpecificity { specificity: enough, num_thresholds, class_id } => {
                at_least(fields, "specificity", enough, num_thresholds, class_id);
            }
            Metric::SpecificityAtSensitivity { sensitivity: enough, num_thresholds, class_id } => {
                at_least(fields, "sensitivity", enough, num_thresholds, class_id);
            }
            Metric::F1Score(F1Score { average, threshold }) => scores(fields, average, threshold),
            Metric::FBetaScore(FBetaScore { average, beta, threshold }) => {
                fields.field("beta", beta);
                scores(fields, average, threshold);
            }
            Metric::BinaryIoU(BinaryIoU { target_class_ids, threshold }) => {
                fields.field("target_class_ids", target_class_ids);
                fields.field("threshold", threshold);
            }
            Metric::OneHotIoU(OneHotIoU { target_class_ids }) => {
                fields.required("target_class_ids", target_class_ids);
                one_hot(fields);
            }
            Metric::OneHotMeanIoU => one_hot(fields),
            Metric::R2Score(R2Score { class_aggregation, num_regressors }) => {
                fields.field("class_aggregation", class_aggregation);
                fields.field("num_regressors", num_regressors);
            }
            Metric::BinaryCrossentropy(loss) => loss.fields(fields),
            Metric::CategoricalCrossentropy(loss) => loss.fields(fields),
            Metric::SparseCategoricalCrossentropy(loss) => loss.fields(fields),
            Metric::ConcordanceCorrelation
            | Metric::PearsonCorrelation
            | Metric::CosineSimilarity => {
                fields.only("axis", -1);
            }
            Metric::Accuracy
            | Metric::ExactAccuracy
            | Metric::CategoricalAccuracy
            | Metric::SparseCategoricalAccuracy
            | Metric::MeanSquaredError
            | Metric::RootMeanSquaredError
            | Metric::MeanAbsoluteError
            | Metric::MeanAbsolutePercentageError
            | Metric::MeanSquaredLogarithmicError
            | Metric::LogCoshError
            | Metric::KLDivergence
            | Metric::Poisson
            | Metric::Hinge
            | Metric::SquaredHinge
            | Metric::CategoricalHinge
            | Metric::Loss(_)
            | Metric::Custom(_)
            | Metric::Named { .. }
            | Metric::On { .. }
            | Metric::Weighted { .. } => {}
        }
    }
}

/// The settings of metrics that give one share where another is high enough.
fn at_least(
    fields: &mut Fields<'_>,
    name: &str,
    enough: &mut f64,
    num_thresholds: &mut usize,
    class_id: &mut Option<usize>,
) {
    fields.required(name, enough);
    fields.field("num_thresholds", num_thresholds);
    fields.field("class_id", class_id);
}

/// The settings of F-scores. Keras' default average, none, gives a list: here it is the mean over the classes.
fn scores(fields: &mut Fields<'_>, average: &mut Averaging, threshold: &mut Option<f64>) {
    let mut given = Some(*average);
    fields.field("average", &mut given);
    *average = given.unwrap_or_default();
    fields.field("threshold", threshold);
}

/// Keras settings that have only one value for one-hot targets.
fn one_hot(fields: &mut Fields<'_>) {
    fields.ignored(&["num_classes", "sparse_y_pred"]);
    fields.only("axis", -1);
}

impl Metric {
    /// Its class, as Keras spells it; `None` for a metric for which files have no name.
    fn class(&self) -> Option<&'static str> {
        Some(match self {
            Metric::Accuracy | Metric::ExactAccuracy => "Accuracy",
            Metric::BinaryAccuracy { .. } => "BinaryAccuracy",
            Metric::CategoricalAccuracy => "CategoricalAccuracy",
            Metric::SparseCategoricalAccuracy => "SparseCategoricalAccuracy",
            Metric::TopKCategoricalAccuracy { .. } => "TopKCategoricalAccuracy",
            Metric::SparseTopKCategoricalAccuracy { .. } => "SparseTopKCategoricalAccuracy",
            Metric::Precision(_) => "Precision",
            Metric::Recall(_) => "Recall",
            Metric::TruePositives { .. } => "TruePositives",
            Metric::TrueNegatives { .. } => "TrueNegatives",
            Metric::FalsePositives { .. } => "FalsePositives",
            Metric::FalseNegatives { .. } => "FalseNegatives",
            Metric::Auc(_) => "AUC",
            Metric::PrecisionAtRecall { .. } => "PrecisionAtRecall",
            Metric::RecallAtPrecision { .. } => "RecallAtPrecision",
            Metric::SensitivityAtSpecificity { .. } => "SensitivityAtSpecificity",
            Metric::SpecificityAtSensitivity { .. } => "SpecificityAtSensitivity",
            Metric::F1Score(_) => "F1Score",
            Metric::FBetaScore(_) => "FBetaScore",
            Metric::BinaryIoU(_) => "BinaryIoU",
            Metric::OneHotIoU(_) => "OneHotIoU",
            Metric::OneHotMeanIoU => "OneHotMeanIoU",
            Metric::MeanSquaredError => "MeanSquaredError",
            Metric::RootMeanSquaredError => "RootMeanSquaredError",
            Metric::MeanAbsoluteError => "MeanAbsoluteError",
            Metric::MeanAbsolutePercentageError => "MeanAbsolutePercentageError",
            Metric::MeanSquaredLogarithmicError => "MeanSquaredLogarithmicError",
            Metric::CosineSimilarity => "CosineSimilarity",
            Metric::LogCoshError => "LogCoshError",
            Metric::R2Score(_) => "R2Score",
            Metric::PearsonCorrelation => "PearsonCorrelation",
            Metric::ConcordanceCorrelation => "ConcordanceCorrelation",
            Metric::BinaryCrossentropy(_) => "BinaryCrossentropy",
            Metric::CategoricalCrossentropy(_) => "CategoricalCrossentropy",
            Metric::SparseCategoricalCrossentropy(_) => "SparseCategoricalCrossentropy",
            Metric::KLDivergence => "KLDivergence",
            Metric::Poisson => "Poisson",
            Metric::Hinge => "Hinge",
            Metric::SquaredHinge => "SquaredHinge",
            Metric::CategoricalHinge => "CategoricalHinge",
            Metric::Loss(_)
            | Metric::Custom(_)
            | Metric::Named { .. }
            | Metric::On { .. }
            | Metric::Weighted { .. } => return None,
        })
    }

    /// As Keras writes it, for an output with this many numbers, whose targets are class labels or
    /// not: a name, or an object. `None` for a metric of your own. Its output, and whether it uses
    /// weights, are written beside it.
    pub fn to_json(&self, width: usize, labels: bool) -> Option<Value> {
        match self {
            // Keras' class with this name compares numbers: the name alone is resolved by shapes.
            Metric::Accuracy => Some("accuracy".into()),
            Metric::Loss(loss) => Some(loss.config()?.to_json("keras.losses")),
            Metric::Custom(_) => None,
            Metric::On { metric, .. } | Metric::Weighted { metric } => {
                metric.to_json(width, labels)
            }
            Metric::Named { metric, name } => {
                // A name alone has no room for another one: it is resolved here, as Keras would
                // resolve it.
                let resolved = match **metric {
                    Metric::Accuracy if width == 1 => &Metric::BinaryAccuracy { threshold: 0.5 },
                    Metric::Accuracy if labels => &Metric::SparseCategoricalAccuracy,
                    Metric::Accuracy => &Metric::CategoricalAccuracy,
                    _ => metric,
                };
                let mut json = resolved.to_json(width, labels)?;
                let config = json.get_mut("config").and_then(Value::as_object_mut)?;
                config.insert("name".to_owned(), name.as_str().into());
                Some(json)
            }
            _ => {
                let mut object = Object::of(self.class()?, self);
                object.config.insert("name".to_owned(), self.name().into());
                if matches!(self, Metric::OneHotIoU(_) | Metric::OneHotMeanIoU) {
                    object.config.insert("num_classes".to_owned(), width.into());
                }
                Some(object.to_json("keras.metrics"))
            }
        }
    }

    /// From a file: a name, or an object. Errors: E015 no such metric, or a name among its settings that does not
    /// exist; E034 a setting is missing, of the wrong kind, or unknown; E038 it names code.
    ///
    /// ```
    /// use neurona_core::nn::Metric;
    /// let top_3 = Metric::TopKCategoricalAccuracy { k: 3 }.named("top_3");
    /// let json = top_3.to_json(10, true).unwrap();
    /// assert_eq!(Metric::from_json(&json)?.name(), "top_3");
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn from_json(value: &Value) -> Result<Metric> {
        if let Some(name) = value.as_str() {
            return Metric::from_text(name);
        }
        let Object { class, mut config } = Object::from_json(value)?;
        let name = config.remove("name").map(|name| String::from_json(&name)).transpose()?;
        let metric = match (class.as_str(), config.remove("fn")) {
            ("MeanMetricWrapper", Some(function)) => Metric::from_json(&function)?,
            _ if value["module"] == "keras.losses" => of_loss(&class, config)?,
            _ => match blank(&class) {
                Ok(blank) => read(blank, config).map_err(|error| error.inside(class))?,
                // Losses and their functions are metrics, too.
                Err(unknown) => of_loss(&class, config).map_err(|_| unknown)?,
            },
        };
        Ok(match name.filter(|name| *name != metric.name()) {
            Some(name) => metric.named(&name),
            None => metric,
        })
    }

    /// The metric that a text stands for in a list of metrics given to Keras' `compile`. Its name
    /// in the logs is the text exactly as it is spelt. Errors (E015): the name does not exist.
    ///
    /// ```
    /// use neurona_core::nn::Metric;
    /// assert_eq!(Metric::from_text("AUC")?.name(), "AUC");
    /// assert_eq!(Metric::from_text("huber")?.name(), "huber");
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn from_text(name: &str) -> Result<Metric> {
        let metric = Metric::from_name(name);
        let metric = metric.or_else(|unknown| of_loss(name, Map::new()).map_err(|_| unknown))?;
        let same = metric.name() == name;
        Ok(if same { metric } else { metric.named(name) })
    }
}

/// The mean of a loss. As a metric it has the loss's own name, or its function's; a class has its
/// name among its settings.
fn of_loss(class: &str, config: Map<String, Value>) -> Result<Metric> {
    let object = Object { class: class.to_owned(), config };
    Ok(Metric::Loss(loss_from_config(object)?.into()))
}

/// A class's metric before a file gives its settings. Errors (E015): no such class.
fn blank(class: &str) -> Result<Metric> {
    let (num_thresholds, class_id) = (200, None);
    Ok(match class {
        "PrecisionAtRecall" => Metric::PrecisionAtRecall { recall: 0.0, num_thresholds, class_id },
        "RecallAtPrecision" => {
            Metric::RecallAtPrecision { precision: 0.0, num_thresholds, class_id }
        }
        "SensitivityAtSpecificity" => {
            Metric::SensitivityAtSpecificity { specificity: 0.0, num_thresholds, class_id }
        }
        "SpecificityAtSensitivity" => {
            Metric::SpecificityAtSensitivity { sensitivity: 0.0, num_thresholds, class_id }
        }
        "OneHotIoU" => Metric::OneHotIoU(OneHotIoU { target_class_ids: Vec::new() }),
        // The class compares numbers, which is not what its name alone means.
        "Accuracy" => Metric::ExactAccuracy,
        other => Metric::from_name(other)?,
    })
}
