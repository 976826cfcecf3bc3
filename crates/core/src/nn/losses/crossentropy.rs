//! Cross-entropies: how surprised the predicted probabilities are by the target.

use super::{EPSILON, Loss, TargetKind, reporting};
use crate::error::{Code, Error};
use crate::graph::{Expr, Op, Span, Unary};
use crate::nn::config::{Object, settings};
use crate::tensor::DType;

/// `-Σ target · log(p)`, with `p` the predictions divided by their sum and kept within [1e-7, 1 - 1e-7].
///
/// Shapes: targets and predictions `(…, classes)`; integer labels `(…)` are also accepted. After a
/// softmax the gradient is computed from the logits, exact even where a probability rounds to 0 or
/// 1; the reported value is the formula's.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct CategoricalCrossentropy {
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
    /// `s` turns targets into `target · (1 - s) + s / classes`. Default: 0.
    pub label_smoothing: f64,
}

settings! { CategoricalCrossentropy { field: from_logits, label_smoothing; |fields| fields.only("axis", -1) } }

impl Loss for CategoricalCrossentropy {
    fn name(&self) -> &'static str {
        "categorical_crossentropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let target = smoothed(target, self.label_smoothing, target.shape().last());
        let log =
            if self.from_logits { prediction.log_softmax() } else { log_of_share(prediction) };
        -(target * log).sum_last()
    }

    fn from_logits(&self) -> bool {
        self.from_logits
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("CategoricalCrossentropy", self))
    }
}

/// Targets moved by `smoothing` towards equal shares for each of this many classes.
pub(super) fn smoothed(target: Expr<'_>, smoothing: f64, classes: usize) -> Expr<'_> {
    if smoothing == 0.0 { target } else { target * (1.0 - smoothing) + smoothing / classes as f64 }
}

/// The logarithm of predictions divided by their sum and kept within [1e-7, 1 - 1e-7].
pub(super) fn log_of_share(prediction: Expr<'_>) -> Expr<'_> {
    match prediction.op() {
        // The same value from the logits, where its gradient is exact.
        Op::Softmax(logits) => {
            let log = logits.log_softmax();
            reporting(log, log.clip(EPSILON.ln(), (-EPSILON).ln_1p()))
        }
        _ => share(prediction).log(),
    }
}

/// Predictions divided by their sum and kept within [1e-7, 1 - 1e-7].
pub(super) fn share(prediction: Expr<'_>) -> Expr<'_> {
    (prediction / prediction.sum_last()).clip(EPSILON, 1.0 - EPSILON)
}

/// [`CategoricalCrossentropy`] for integer labels, to which Keras gives a name of its own.
///
/// Shapes: labels `(…)`, predictions `(…, classes)`; one-hot targets are also accepted.
///
/// With `ignore_class` the loss of the samples with that label is 0, and the mean is taken over the others.
/// They do not count in any metric either, whereas Keras counts them as wrong answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SparseCategoricalCrossentropy {
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
    /// The label whose samples do not count, one of the classes or none: -1, 255. Default: every label counts.
    pub ignore_class: Option<i64>,
}

settings! { SparseCategoricalCrossentropy { field: from_logits; rare: ignore_class; |fields| fields.only("axis", -1) } }

impl Loss for SparseCategoricalCrossentropy {
    fn name(&self) -> &'static str {
        "sparse_categorical_crossentropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let twin = CategoricalCrossentropy { from_logits: self.from_logits, label_smoothing: 0.0 };
        let counted = self.mask(target, target).map_or(target, |mask| target * mask);
        twin.per_sample(counted, prediction)
    }

    fn from_logits(&self) -> bool {
        self.from_logits
    }

    fn mask<'g>(&self, target: Expr<'g>, _: Expr<'g>) -> Option<Expr<'g>> {
        let (axis, classes) = (target.shape().rank().saturating_sub(1), target.shape().last());
        self.ignore_class.map(|ignored| match usize::try_from(ignored) {
            Ok(start) if start < classes => 1.0 - target.slice(Span { axis, start, step: 1 }, 1),
            // The row of a label that is not a class has no 1.
            _ => {
                let sum = target.sum_last();
                sum.fill_like(0.0).less(sum).cast(DType::F32)
            }
        })
    }

    fn ignore_class(&self) -> Option<i64> {
        self.ignore_class
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("SparseCategoricalCrossentropy", self))
    }
}

/// `-(target · log(p) + (1 - target) · log(1 - p))`, the mean over the outputs, with `p` the prediction
/// kept within [1e-7, 1 - 1e-7].
///
/// Shapes: targets and predictions `(…, outputs)`. After a sigmoid the gradient is computed from the logit,
/// exact even where the probability rounds to 0 or 1; the reported value is the formula's.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct BinaryCrossentropy {
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
    /// `s` turns targets into `target · (1 - s) + s / 2`. Default: 0.
    pub label_smoothing: f64,
}

settings! { BinaryCrossentropy { field: from_logits, label_smoothing; |fields| fields.only("axis", -1) } }

impl Loss for BinaryCrossentropy {
    fn name(&self) -> &'static str {
        "binary_crossentropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Probabilities
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let target = smoothed(target, self.label_smoothing, 2);
        let loss = if self.from_logits {
            binary_of_logit(target, prediction)
        } else {
            binary(target, prediction)
        };
        loss.mean_last()
    }

    fn from_logits(&self) -> bool {
        self.from_logits
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("BinaryCrossentropy", self))
    }
}

/// `-target · log(sigmoid z) - (1 - target) · log(1 - sigmoid z)`, for any z.
fn binary_of_logit<'g>(target: Expr<'g>, z: Expr<'g>) -> Expr<'g> {
    z.softplus() - z * target
}

/// The binary cross-entropy of each output.
pub(super) fn binary<'g>(target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
    match prediction.op() {
        Op::Unary(Unary::Sigmoid, logit) => {
            // Probabilities within [ε, 1 - ε] are logits within ±log((1 - ε) / ε).
            let most = ((1.0 - EPSILON) / EPSILON).ln();
            let reported = binary_of_logit(target, logit.clip(-most, most));
            reporting(binary_of_logit(target, logit), reported)
        }
        _ => {
            let p = prediction.clip(EPSILON, 1.0 - EPSILON);
            -(target * p.log() + (1.0 - target) * (1.0 - p).log())
        }
    }
}

/// `(1 - p^q) / q`, with `p` the probability of the target's class: between cross-entropy (`q` near 0) and the
/// mean absolute error (`q` near 1), for labels that are partly wrong (Zhang and Sabuncu, 2018).
///
/// Shapes: labels `(…)`, predictions `(…, classes)`; one-hot targets are also accepted. Errors
/// (E016): `q` is not between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CategoricalGeneralizedCrossEntropy {
    /// How little single samples weigh that are far off, between 0 and 1. Default: 0.5.
    pub q: f64,
}

impl Default for CategoricalGeneralizedCrossEntropy {
    fn default() -> Self {
        CategoricalGeneralizedCrossEntropy { q: 0.5 }
    }
}

settings! { CategoricalGeneralizedCrossEntropy { field: q; } }

impl Loss for CategoricalGeneralizedCrossEntropy {
    fn name(&self) -> &'static str {
        "categorical_generalized_cross_entropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        if !(self.q > 0.0 && self.q < 1.0) {
            let error = Error::new(Code::E016, bad_q(&self.q.to_string())).fix(usual_q());
            prediction.builder().fail(error);
        }
        let p = (prediction * target).sum_last();
        (1.0 - p.pow(p.fill_like(self.q))) / self.q
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("CategoricalGeneralizedCrossEntropy", self))
    }
}

crate::messages! {
    fn bad_q(q: &str) {
        en: "q of categorical_generalized_cross_entropy is {q}, not between 0 and 1",
        es: "q de categorical_generalized_cross_entropy es {q}, no está entre 0 y 1",
    }

    fn usual_q() {
        en: "keep Keras' 0.5, or take less for cleaner labels",
        es: "conserve el 0,5 de Keras, o tome menos para etiquetas más limpias",
    }
}
