//! Focal cross-entropies: samples that are already easy weigh less (Lin et al., 2018).

use super::crossentropy::{binary, log_of_share, share, smoothed};
use super::{Loss, TargetKind};
use crate::graph::Expr;
use crate::nn::config::{Object, settings};

/// `-Σ alpha · (1 - p)^gamma · target · log(p)`, with `p` the predictions divided by their sum and kept within
/// [1e-7, 1 - 1e-7].
///
/// Shapes: targets and predictions `(…, classes)`; integer labels `(…)` are also accepted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CategoricalFocalCrossentropy {
    /// The factor for everything. Default: 0.25.
    pub alpha: f64,
    /// How much less easy samples weigh; 0 is cross-entropy. Default: 2.
    pub gamma: f64,
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
    /// `s` turns targets into `target · (1 - s) + s / classes`. Default: 0.
    pub label_smoothing: f64,
}

impl Default for CategoricalFocalCrossentropy {
    fn default() -> Self {
        CategoricalFocalCrossentropy {
            alpha: 0.25,
            gamma: 2.0,
            from_logits: false,
            label_smoothing: 0.0,
        }
    }
}

settings! { CategoricalFocalCrossentropy { field: alpha, gamma, from_logits, label_smoothing; |fields| fields.only("axis", -1) } }

impl Loss for CategoricalFocalCrossentropy {
    fn name(&self) -> &'static str {
        "categorical_focal_crossentropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let target = smoothed(target, self.label_smoothing, target.shape().last());
        let prediction = if self.from_logits { prediction.softmax() } else { prediction };
        let missing = 1.0 - share(prediction);
        let factor = missing.pow(missing.fill_like(self.gamma)) * self.alpha;
        -(factor * target * log_of_share(prediction)).sum_last()
    }

    fn from_logits(&self) -> bool {
        self.from_logits
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("CategoricalFocalCrossentropy", self))
    }
}

/// `-(1 - q)^gamma · log(q)`, the mean over the outputs, with `q = target · p + (1 - target) · (1 - p)` the
/// probability of the target.
///
/// Shapes: targets and predictions `(…, outputs)`. As Keras computes it, the logarithm is the cross-entropy of
/// `p` kept within [1e-7, 1 - 1e-7], and the factor uses `p` as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryFocalCrossentropy {
    /// Whether targets 1 weigh `alpha` and targets 0 weigh `1 - alpha`. Default: no.
    pub apply_class_balancing: bool,
    /// The weight of targets 1, if classes are balanced. Default: 0.25.
    pub alpha: f64,
    /// How much less easy samples weigh; 0 is cross-entropy. Default: 2.
    pub gamma: f64,
    /// Whether predictions are logits. Default: no.
    pub from_logits: bool,
    /// `s` turns targets into `target · (1 - s) + s / 2`. Default: 0.
    pub label_smoothing: f64,
}

impl Default for BinaryFocalCrossentropy {
    fn default() -> Self {
        BinaryFocalCrossentropy {
            apply_class_balancing: false,
            alpha: 0.25,
            gamma: 2.0,
            from_logits: false,
            label_smoothing: 0.0,
        }
    }
}

settings! { BinaryFocalCrossentropy { field: apply_class_balancing, alpha, gamma, from_logits, label_smoothing; |fields| fields.only("axis", -1) } }

impl Loss for BinaryFocalCrossentropy {
    fn name(&self) -> &'static str {
        "binary_focal_crossentropy"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Probabilities
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let target = smoothed(target, self.label_smoothing, 2);
        let p = if self.from_logits { prediction.sigmoid() } else { prediction };
        let missing = 1.0 - (target * p + (1.0 - target) * (1.0 - p));
        let focal = missing.pow(missing.fill_like(self.gamma)) * binary(target, p);
        let balance = target * self.alpha + (1.0 - target) * (1.0 - self.alpha);
        let balanced = if self.apply_class_balancing { balance * focal } else { focal };
        balanced.mean_last()
    }

    fn from_logits(&self) -> bool {
        self.from_logits
    }

    fn config(&self) -> Option<Object> {
        Some(Object::of("BinaryFocalCrossentropy", self))
    }
}
