//! Layers that add noise in training, or add to the loss.

use super::Layer;
use super::dropout::is_rate;
use super::random::normal;
use super::rectifiers::not_negative;
use crate::graph::Expr;
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::{Regularizer, Scope};
use crate::tensor::DType;

/// `x + stddev · n` with normal numbers `n` in training; outside training it changes nothing.
///
/// Shapes: output same as input. Errors (E016): a negative deviation.
///
/// ```
/// use neurona_core::nn::layers::GaussianNoise;
/// assert_eq!(GaussianNoise::new(0.1).stddev, 0.1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianNoise {
    /// The standard deviation.
    pub stddev: f64,
}

impl GaussianNoise {
    /// With this standard deviation.
    pub fn new(stddev: f64) -> GaussianNoise {
        GaussianNoise { stddev }
    }
}

settings! {
    GaussianNoise {
        required: stddev;
        |fields| fields.ignored(&["seed"])
    }
}

impl Layer for GaussianNoise {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        if !not_negative(scope, "stddev", self.stddev) {
            return x;
        }
        match normal(scope, x.shape()) {
            Some(noise) if self.stddev > 0.0 => x + noise * self.stddev,
            _ => x,
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x · (1 + √(rate / (1 - rate)) · n)` with normal numbers `n` in training: as much noise as dropout makes. Outside of
/// training it changes nothing (Srivastava et al., 2014).
///
/// Shapes: output same as input. Errors (E016): a rate outside [0, 1).
///
/// ```
/// use neurona_core::nn::layers::GaussianDropout;
/// assert_eq!(GaussianDropout::new(0.2).rate, 0.2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianDropout {
    /// The share that dropout with the same amount of noise would drop.
    pub rate: f64,
}

impl GaussianDropout {
    /// With the same amount of noise as dropping this share.
    pub fn new(rate: f64) -> GaussianDropout {
        GaussianDropout { rate }
    }
}

settings! {
    GaussianDropout {
        required: rate;
        |fields| fields.ignored(&["seed"])
    }
}

impl Layer for GaussianDropout {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        if !is_rate(scope, self.rate) {
            return x;
        }
        match normal(scope, x.shape()) {
            Some(noise) if self.rate > 0.0 => {
                let stddev = (self.rate / (1.0 - self.rate)).sqrt();
                x * (noise * stddev + 1.0)
            }
            _ => x,
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// SELU's value far below zero: `-1.0507 · 1.6733`.
const SATURATION: f64 = -1.673_263_242_354_377_2 * 1.050_700_987_355_480_5;

/// In training, sets a random share of its input to SELU's value far below zero, `p = -1.7581`, and
/// brings the whole back to its mean and variance: `a · (x or p) + b` with
/// `a = ((1 - rate) (1 + rate · p²))^-½` and `b = -a · p · rate`. Outside training it changes
/// nothing (Klambauer et al., 2017).
///
/// Shapes: output same as input. Errors (E016): a rate outside [0, 1).
///
/// ```
/// use neurona_core::nn::layers::AlphaDropout;
/// assert_eq!(AlphaDropout::new(0.2).rate, 0.2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AlphaDropout {
    /// The share that is dropped.
    pub rate: f64,
}

impl AlphaDropout {
    /// Drops this share of its input.
    pub fn new(rate: f64) -> AlphaDropout {
        AlphaDropout { rate }
    }
}

settings! {
    AlphaDropout {
        required: rate;
        |fields| fields.ignored(&["seed"])
    }
}

impl Layer for AlphaDropout {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let rate = self.rate;
        if !is_rate(scope, rate) {
            return x;
        }
        match scope.random(x.shape()) {
            Some(random) if rate > 0.0 => {
                let a = ((1.0 - rate) * (1.0 + rate * SATURATION * SATURATION)).powf(-0.5);
                let b = -a * SATURATION * rate;
                let kept = random.fill_like(rate).less_equal(random).cast(DType::F32);
                (x * kept + SATURATION * (1.0 - kept)) * a + b
            }
            _ => x,
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// Returns its input, and adds `(l1 · Σ|x| + l2 · Σx²) / batch` to the loss.
///
/// Shapes: output same as input. Defaults: 0 and 0. Errors (E016): a negative factor.
///
/// ```
/// use neurona_core::nn::layers::ActivityRegularization;
/// let layer = ActivityRegularization { l2: 0.01, ..ActivityRegularization::default() };
/// assert_eq!(layer.l1, 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct ActivityRegularization {
    /// The factor of the sum of magnitudes.
    pub l1: f64,
    /// The factor of the sum of squares.
    pub l2: f64,
}

settings! {
    ActivityRegularization {
        field: l1, l2;
    }
}

impl Layer for ActivityRegularization {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let ActivityRegularization { l1, l2 } = *self;
        if !not_negative(scope, "l1", l1) || !not_negative(scope, "l2", l2) {
            return x;
        }
        scope.regularize(Some(Regularizer::L1L2 { l1, l2 }), x)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
