//! Loss functions: how far a prediction is from its target.

use super::{Activation, WeightedLoss};
use crate::error::{Result, unknown_name};
use crate::graph::{Expr, Op};
use crate::message::Text;
use std::fmt;

/// The least probability a logarithm is taken of.
pub(super) const EPSILON: f64 = 1e-7;

/// What a loss compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// One class for each prediction, as a one-hot row or as an integer label.
    Classes,
    /// Probabilities from 0 to 1, one for each output.
    Probabilities,
    /// Any numbers, one for each output.
    Numbers,
}

/// A loss function.
///
/// Targets and predictions have the same shape; class labels come as one-hot rows. The loss of a batch is
/// the mean of all values of `per_sample` (Keras' "sum over batch size").
pub trait Loss: fmt::Debug + Send + Sync {
    /// Its name, as Keras spells it.
    fn name(&self) -> &'static str;

    /// What it compares with.
    fn target_kind(&self) -> TargetKind;

    /// The loss of each prediction: the last dimension has size 1.
    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g>;

    /// Whether predictions are logits, not probabilities.
    fn from_logits(&self) -> bool {
        false
    }

    /// This loss, of which a share goes into the loss of a model of several outputs.
    fn weighted(self, weight: f64) -> WeightedLoss
    where
        Self: Sized + 'static,
    {
        WeightedLoss { weight, ..self.into() }
    }
}

/// `-Σ target · log(p)`, with `p` the predictions divided by their sum and kept within [1e-7, 1 - 1e-7].
///
/// Shapes: targets and predictions `(…, classes)`; integer labels `(…)` are taken too. After a softmax the
/// gradient is that of the logits, exact even where a probability rounds to 0 or 1; the value reported
/// is the formula's.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct CategoricalCrossentropy {
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
    /// `s` turns targets into `target · (1 - s) + s / classes`. Default: 0.
    pub label_smoothing: f64,
}

impl Loss for CategoricalCrossentropy {
    fn name(&self) -> &'static str {
        "categorical_crossentropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let smoothing = self.label_smoothing;
        let classes = target.shape().last() as f64;
        let target = if smoothing == 0.0 {
            target
        } else {
            target * (1.0 - smoothing) + smoothing / classes
        };
        let log = match prediction.op() {
            _ if self.from_logits => prediction.log_softmax(),
            // The same value from the logits, where its gradient is exact.
            Op::Softmax(logits) => {
                let log = logits.log_softmax();
                reporting(log, log.clip(EPSILON.ln(), (-EPSILON).ln_1p()))
            }
            _ => (prediction / prediction.sum_last()).clip(EPSILON, 1.0 - EPSILON).log(),
        };
        -(target * log).sum_last()
    }

    fn from_logits(&self) -> bool {
        self.from_logits
    }
}

/// [`CategoricalCrossentropy`] for integer labels, which Keras gives a name of its own.
///
/// Shapes: labels `(…)`, predictions `(…, classes)`; one-hot targets are taken too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SparseCategoricalCrossentropy {
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
}

impl Loss for SparseCategoricalCrossentropy {
    fn name(&self) -> &'static str {
        "sparse_categorical_crossentropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let twin = CategoricalCrossentropy { from_logits: self.from_logits, label_smoothing: 0.0 };
        twin.per_sample(target, prediction)
    }

    fn from_logits(&self) -> bool {
        self.from_logits
    }
}

/// `-(target · log(p) + (1 - target) · log(1 - p))`, the mean over the outputs, with `p` the prediction
/// kept within [1e-7, 1 - 1e-7].
///
/// Shapes: targets and predictions `(…, outputs)`. After a sigmoid the gradient is that of the logit,
/// exact even where the probability rounds to 0 or 1; the value reported is the formula's.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct BinaryCrossentropy {
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
    /// `s` turns targets into `target · (1 - s) + s / 2`. Default: 0.
    pub label_smoothing: f64,
}

impl Loss for BinaryCrossentropy {
    fn name(&self) -> &'static str {
        "binary_crossentropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Probabilities
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let smoothing = self.label_smoothing;
        let target =
            if smoothing == 0.0 { target } else { target * (1.0 - smoothing) + smoothing / 2.0 };
        // -target · log(sigmoid z) - (1 - target) · log(1 - sigmoid z), for any z.
        let of_logit = |z: Expr<'g>| z.softplus() - z * target;
        let loss = match prediction.op() {
            _ if self.from_logits => of_logit(prediction),
            Op::Unary(crate::graph::Unary::Sigmoid, logit) => {
                // Probabilities within [ε, 1 - ε] are logits within ±log((1 - ε) / ε).
                let most = ((1.0 - EPSILON) / EPSILON).ln();
                reporting(of_logit(logit), of_logit(logit.clip(-most, most)))
            }
            _ => {
                let p = prediction.clip(EPSILON, 1.0 - EPSILON);
                -(target * p.log() + (1.0 - target) * (1.0 - p).log())
            }
        };
        loss.mean_last()
    }

    fn from_logits(&self) -> bool {
        self.from_logits
    }
}

/// A value that reads as `reported` and has the gradient of `descended`, which must be finite.
fn reporting<'g>(descended: Expr<'g>, reported: Expr<'g>) -> Expr<'g> {
    reported.stop_gradient() + (descended - descended.stop_gradient())
}

/// `(prediction - target)²`, the mean over the outputs. Shapes: both `(…, outputs)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct MeanSquaredError;

impl Loss for MeanSquaredError {
    fn name(&self) -> &'static str {
        "mean_squared_error"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let error = prediction - target;
        (error * error).mean_last()
    }
}

/// `|prediction - target|`, the mean over the outputs. Shapes: both `(…, outputs)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct MeanAbsoluteError;

impl Loss for MeanAbsoluteError {
    fn name(&self) -> &'static str {
        "mean_absolute_error"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        (prediction - target).abs().mean_last()
    }
}

/// The loss of that name, with its defaults: Keras' names and short forms (`mse`, `mae`, `bce`).
/// Errors (E015): no such name, with the nearest one.
///
/// ```
/// use neurona_core::nn::loss_from_name;
/// assert_eq!(loss_from_name("mse")?.name(), "mean_squared_error");
/// let error = loss_from_name("categorical_crosentropy").unwrap_err();
/// assert!(error.to_string().contains("Did you mean \"categorical_crossentropy\"?"));
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn loss_from_name(name: &str) -> Result<Box<dyn Loss>> {
    Ok(match name {
        "categorical_crossentropy" => Box::new(CategoricalCrossentropy::default()),
        "sparse_categorical_crossentropy" => Box::new(SparseCategoricalCrossentropy::default()),
        "binary_crossentropy" | "bce" => Box::new(BinaryCrossentropy::default()),
        "mean_squared_error" | "mse" => Box::new(MeanSquaredError),
        "mean_absolute_error" | "mae" => Box::new(MeanAbsoluteError),
        _ => {
            let known = [
                "categorical_crossentropy",
                "sparse_categorical_crossentropy",
                "binary_crossentropy",
                "mean_squared_error",
                "mean_absolute_error",
            ];
            return Err(unknown_name(
                &Text::new("loss", "ninguna función de pérdida"),
                name,
                &known,
            ));
        }
    })
}

crate::messages! {
    fn renormalised() {
        en: "categorical cross-entropy after a sigmoid divides the outputs by their sum first, as its formula says; softmax is meant for it",
        es: "la entropía cruzada categórica tras una sigmoide divide primero las salidas por su suma, como dice su fórmula; la función pensada para ella es softmax",
    }

    fn already_probabilities(activation: &str) {
        en: "the loss expects logits (from_logits), but the last layer already applies {activation}",
        es: "la pérdida espera logits (from_logits), pero la última capa ya aplica {activation}",
    }

    fn flat(activation: &str) {
        en: "{activation} has derivative zero everywhere: no gradient passes it, so the layers before it cannot learn",
        es: "{activation} tiene derivada cero en todas partes: ningún gradiente la atraviesa, y las capas anteriores no pueden aprender",
    }
}

/// What is legal but seldom meant about a loss and the activations of the layers before it, last first.
pub(super) fn doubts(loss: &dyn Loss, activations: &[Activation]) -> Vec<Text> {
    let mut doubts = Vec::new();
    match activations.first() {
        Some(Activation::Sigmoid)
            if loss.target_kind() == TargetKind::Classes && !loss.from_logits() =>
        {
            doubts.push(renormalised());
        }
        Some(last @ (Activation::Sigmoid | Activation::Softmax)) if loss.from_logits() => {
            doubts.push(already_probabilities(last.name()));
        }
        _ => {}
    }
    if let Some(threshold) = activations.iter().find(|a| !a.is_differentiable()) {
        doubts.push(flat(threshold.name()));
    }
    doubts
}
