//! Layers that forget.

use super::Layer;
use super::space::{Space, of_rank};
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::message::Decimal;
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::Shape;

/// Whether a rate is a share that leaves something; if not, that is a mistake (E016).
pub(super) fn is_rate(scope: &Scope<'_>, rate: f64) -> bool {
    let fine = (0.0..1.0).contains(&rate);
    if !fine {
        scope.fail(Error::new(Code::E016, bad_rate(Decimal(rate, 2))));
    }
    fine
}

/// Zeros for a share of a value, with the rest scaled up: one draw for each element of a shape that
/// broadcasts to the value's.
fn drop<'g>(scope: &Scope<'g>, x: Expr<'g>, rate: f64, draws: Shape) -> Expr<'g> {
    if !is_rate(scope, rate) {
        return x;
    }
    match scope.random(draws) {
        Some(random) if rate > 0.0 => {
            let kept = random.fill_like(rate).less_equal(random);
            kept.broadcast(x.shape()).select(x / (1.0 - rate), x.fill_like(0.0))
        }
        _ => x,
    }
}

/// Sets a random share of its input to zero in training and scales the rest by `1 / (1 - rate)`;
/// outside training it changes nothing (Srivastava et al., 2014).
///
/// Shapes: output same as input. Which elements are dropped is a function of (seed, layer, step,
/// position). Errors (E016): a rate outside [0, 1).
///
/// ```
/// use neurona_core::nn::layers::Dropout;
/// assert_eq!(Dropout::new(0.2).rate, 0.2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dropout {
    /// The share that is dropped.
    pub rate: f64,
}

impl Dropout {
    /// Drops this share of its input.
    pub fn new(rate: f64) -> Dropout {
        Dropout { rate }
    }
}

settings! {
    Dropout {
        required: rate;
        |fields| fields.ignored(&["seed"])
    }
}

impl Layer for Dropout {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        drop(scope, x, self.rate, x.shape())
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// Sets a random share of the channels of each sample to zero in training and scales the rest by
/// `1 / (1 - rate)`: [`SpatialDropout1D`], [`SpatialDropout2D`], [`SpatialDropout3D`]. Outside
/// training it changes nothing (Tompson et al., 2014).
///
/// Shapes: `(batch, space…, channels)`, output same as input. Errors: E016 a rate outside [0, 1),
/// E012 samples of other dimensions.
///
/// ```
/// use neurona_core::nn::layers::SpatialDropout2D;
/// assert_eq!(SpatialDropout2D::new(0.2).rate, 0.2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialDropout<const RANK: usize> {
    /// The share that is dropped.
    pub rate: f64,
}

/// [`SpatialDropout`] of series: samples `(steps, channels)`.
pub type SpatialDropout1D = SpatialDropout<1>;

/// [`SpatialDropout`] of pictures: samples `(height, width, channels)`.
pub type SpatialDropout2D = SpatialDropout<2>;

/// [`SpatialDropout`] of volumes: samples `(depth, height, width, channels)`.
pub type SpatialDropout3D = SpatialDropout<3>;

impl<const RANK: usize> SpatialDropout<RANK> {
    /// Drops this share of the channels.
    pub fn new(rate: f64) -> Self {
        SpatialDropout { rate }
    }
}

settings! {
    SpatialDropout<RANK> {
        required: rate;
        |fields| fields.ignored(&["seed", "data_format"])
    }
}

impl<const RANK: usize> Layer for SpatialDropout<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        if Space::<RANK>::of(scope, self.class_name(), x).is_none() {
            return x;
        }
        let draws = (1..=RANK).fold(x.shape(), |draws, axis| draws.with(axis, 1));
        drop(scope, x, self.rate, draws)
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn bad_rate(rate: Decimal) {
        en: "the dropout rate must be at least 0 and below 1, not {rate}",
        es: "la tasa de dropout debe ser al menos 0 y menor que 1, no {rate}",
    }
}
