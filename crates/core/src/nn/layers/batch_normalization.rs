//! Normalization over the batch.

use super::Layer;
use super::moments::{all_but, moments, normalized, spread, weight_along};
use super::settings::axis_of;
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::weights::weight_settings;
use crate::nn::{Initializer, Scope, WeightSettings};

/// Whether a number added under a root keeps it from zero; if not, that is a mistake (E016).
pub(super) fn positive_epsilon(scope: &Scope<'_>, epsilon: f64) -> bool {
    let fine = epsilon > 0.0;
    if !fine {
        scope.fail(Error::new(Code::E016, bad_epsilon(epsilon)));
    }
    fine
}

/// `gamma · (x - mean) / √(variance + epsilon) + beta`, for each position along an axis. In
/// training, mean and variance are the batch's (the variance is divided by the count of numbers),
/// and `moving = moving · momentum + batch · (1 - momentum)`; outside training, and in a frozen
/// layer, they are the moving ones.
///
/// Shapes: output same as input; weights `gamma`, `beta`, `moving_mean`, `moving_variance`, each of
/// the axis' size, the last two not changed by gradients. Defaults are Keras': last axis, momentum
/// 0.99, epsilon 0.001, with `gamma` (ones) and `beta` (zeros); the moving ones start at 0 and 1.
/// Errors (E016): no such axis, or the batch; a momentum outside 0–1, an epsilon of 0. Source:
/// Ioffe and Szegedy, 2015.
///
/// ```
/// use neurona_core::nn::{Network, layers::BatchNormalization};
/// let mut network = Network::default();
/// network.push(Box::new(BatchNormalization { momentum: 0.9, ..BatchNormalization::default() }));
/// let built = network.build(&[vec![28, 28, 8]])?;
/// let names: Vec<&str> = built.weights.iter().map(|weight| weight.name.as_str()).collect();
/// assert_eq!(names[2..], ["batch_normalization/moving_mean", "batch_normalization/moving_variance"]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNormalization {
    /// Along which axis each position has its own mean; negative ones count from the end.
    pub axis: i64,
    /// How much of the moving mean and variance stays at each step.
    pub momentum: f64,
    /// A small number added to the variance.
    pub epsilon: f64,
    /// Whether to add `beta`.
    pub center: bool,
    /// Whether to multiply by `gamma`.
    pub scale: bool,
    /// The settings of `beta`.
    pub beta: WeightSettings,
    /// The settings of `gamma`.
    pub gamma: WeightSettings,
    /// How the moving mean starts.
    pub moving_mean_initializer: Initializer,
    /// How the moving variance starts.
    pub moving_variance_initializer: Initializer,
}

weight_settings! { BatchNormalization:
    beta beta_initializer beta_regularizer beta_constraint,
    gamma gamma_initializer gamma_regularizer gamma_constraint,
}

impl BatchNormalization {
    /// A layer with Keras' defaults.
    pub fn new() -> BatchNormalization {
        BatchNormalization {
            axis: -1,
            momentum: 0.99,
            epsilon: 1e-3,
            center: true,
            scale: true,
            beta: Initializer::Zeros.into(),
            gamma: Initializer::Ones.into(),
            moving_mean_initializer: Initializer::Zeros,
            moving_variance_initializer: Initializer::Ones,
        }
    }
}

impl Default for BatchNormalization {
    fn default() -> BatchNormalization {
        BatchNormalization::new()
    }
}

settings! {
    BatchNormalization {
        field: axis, momentum, epsilon, center, scale;
        weight: beta, gamma;
        field: moving_mean_initializer, moving_variance_initializer;
        |fields| { fields.only("synchronized", false); fields.only("renorm", false); fields.ignored(&["renorm_momentum"]) }
    }
}

impl Layer for BatchNormalization {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let shape = x.shape();
        let Some(axis) = axis_of(scope, self.axis, shape) else { return x };
        if !(0.0..=1.0).contains(&self.momentum) {
            scope.fail(Error::new(Code::E016, bad_momentum(self.momentum)));
            return x;
        }
        if !positive_epsilon(scope, self.epsilon) {
            return x;
        }
        let (own, dims) = ([shape.dims()[axis]], spread(shape, &[axis]));
        let along = (shape, &[axis][..]);
        let gamma = self.scale.then(|| weight_along(scope, "gamma", along, self.gamma));
        let beta = self.center.then(|| weight_along(scope, "beta", along, self.beta));
        let moving_mean = scope.state("moving_mean", &own, self.moving_mean_initializer);
        let moving_variance =
            scope.state("moving_variance", &own, self.moving_variance_initializer);
        let statistics = if scope.is_training() {
            let (mean, variance) = moments(x, all_but(shape, &[axis]));
            let moved = |moving: Expr<'g>, batch: Expr<'g>| {
                moving * self.momentum + batch.reshape(&own) * (1.0 - self.momentum)
            };
            scope.update("moving_mean", moved(moving_mean, mean));
            scope.update("moving_variance", moved(moving_variance, variance));
            (mean, variance)
        } else {
            (moving_mean.reshape(&dims), moving_variance.reshape(&dims))
        };
        normalized(x, statistics, self.epsilon, gamma, beta)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn bad_momentum(momentum: f64) {
        en: "momentum must be between 0 and 1, not {momentum}",
        es: "momentum debe estar entre 0 y 1, no {momentum}",
    }

    fn bad_epsilon(epsilon: f64) {
        en: "epsilon is {epsilon}, but must be above 0",
        es: "epsilon es {epsilon}, pero debe ser mayor que 0",
    }
}
