//! Activations with settings or weights of their own, as layers.

use super::settings::{axes_of, in_range};
use super::{AxisList, Layer};
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::weights::weight_settings;
use crate::nn::{Activation, Initializer, Scope, WeightSettings};

/// Whether a setting is a number and not negative; if not, that is a mistake (E016).
pub(super) fn not_negative(scope: &Scope<'_>, setting: &str, value: f64) -> bool {
    let fine = value >= 0.0;
    if !fine {
        scope.fail(Error::new(Code::E016, negative(setting, value)));
    }
    fine
}

/// `min(x, max_value)` where `x > threshold`, otherwise `negative_slope · (x - threshold)`.
///
/// Shapes: output same as input. Defaults are Keras': no `max_value`, slope and threshold 0, which
/// is `max(x, 0)`. Errors (E016): a negative setting.
///
/// ```
/// use neurona_core::nn::layers::ReLU;
/// let layer = ReLU { max_value: Some(6.0), ..ReLU::default() };
/// assert_eq!((layer.negative_slope, layer.threshold), (0.0, 0.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct ReLU {
    /// The largest output. Default: no limit.
    pub max_value: Option<f64>,
    /// The slope below the threshold.
    pub negative_slope: f64,
    /// Where it begins.
    pub threshold: f64,
}

settings! {
    ReLU {
        field: max_value, negative_slope, threshold;
    }
}

impl Layer for ReLU {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let ReLU { max_value, negative_slope, threshold } = *self;
        let settings = [
            ("max_value", max_value.unwrap_or(0.0)),
            ("negative_slope", negative_slope),
            ("threshold", threshold),
        ];
        if !settings.iter().all(|&(setting, value)| not_negative(scope, setting, value)) {
            return x;
        }
        let zero = x.fill_like(0.0);
        let above = if threshold == 0.0 {
            x.max(zero)
        } else {
            x.fill_like(threshold).less(x).select(x, zero)
        };
        let above = max_value.map_or(above, |most| above.min(x.fill_like(most)));
        if negative_slope == 0.0 {
            above
        } else {
            above - negative_slope * (threshold - x).max(zero)
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x` where `x > 0`, otherwise `negative_slope · x`.
///
/// Shapes: output same as input. Default: Keras' slope for the layer, 0.3 (the function with that
/// name has 0.2). Errors (E016): a negative slope. Source: Maas et al., 2013.
///
/// ```
/// use neurona_core::nn::layers::LeakyReLU;
/// assert_eq!(LeakyReLU::default().negative_slope, 0.3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakyReLU {
    /// The slope below zero.
    pub negative_slope: f64,
}

impl LeakyReLU {
    /// With this slope below zero.
    pub fn new(negative_slope: f64) -> LeakyReLU {
        LeakyReLU { negative_slope }
    }
}

impl Default for LeakyReLU {
    fn default() -> LeakyReLU {
        LeakyReLU::new(0.3)
    }
}

settings! {
    LeakyReLU {
        field: negative_slope;
    }
}

impl Layer for LeakyReLU {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        if !not_negative(scope, "negative_slope", self.negative_slope) {
            return x;
        }
        Activation::LeakyRelu { negative_slope: self.negative_slope }.apply(x)
    }

    fn activation_fn(&self) -> Option<Activation> {
        Some(Activation::LeakyRelu { negative_slope: self.negative_slope })
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x` where `x > 0`, otherwise `alpha · (e^x - 1)`.
///
/// Shapes: output same as input. Default: `alpha` 1. Source: Clevert et al., 2016.
///
/// ```
/// use neurona_core::nn::layers::ELU;
/// assert_eq!(ELU::default(), ELU::new(1.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ELU {
    /// How far down it goes.
    pub alpha: f64,
}

impl ELU {
    /// Going down this far.
    pub fn new(alpha: f64) -> ELU {
        ELU { alpha }
    }
}

impl Default for ELU {
    fn default() -> ELU {
        ELU::new(1.0)
    }
}

settings! {
    ELU {
        field: alpha;
    }
}

impl Layer for ELU {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        Activation::Elu { alpha: self.alpha }.apply(x)
    }

    fn activation_fn(&self) -> Option<Activation> {
        Some(Activation::Elu { alpha: self.alpha })
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x` where `x > 0`, otherwise `alpha · x` with an `alpha` that is learnt.
///
/// Shapes: output same as input; weight `alpha` of a sample's shape, with size 1 along
/// `shared_axes` (for pictures, `[1, 2]` for one `alpha` per channel). Defaults are Keras': zeros,
/// nothing shared. Errors (E016): no such axis. Source: He et al., 2015.
///
/// ```
/// use neurona_core::nn::{Network, layers::PReLU};
/// let mut network = Network::default();
/// network.push(Box::new(PReLU::new().shared_axes([1, 2])));
/// assert_eq!(network.build(&[vec![28, 28, 8]])?.weights[0].shape.dims(), [1, 1, 8]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PReLU {
    /// The settings of `alpha`.
    pub alpha: WeightSettings,
    /// Along which axes all elements have one `alpha`. Default: none.
    pub shared_axes: Vec<i64>,
}

weight_settings! { PReLU: alpha alpha_initializer alpha_regularizer alpha_constraint }

impl PReLU {
    /// With an `alpha` for each element of a sample.
    pub fn new() -> PReLU {
        PReLU { alpha: Initializer::Zeros.into(), shared_axes: Vec::new() }
    }

    /// With one `alpha` along these axes.
    pub fn shared_axes(self, axes: impl Into<AxisList>) -> PReLU {
        PReLU { shared_axes: axes.into().0, ..self }
    }
}

impl Default for PReLU {
    fn default() -> PReLU {
        PReLU::new()
    }
}

settings! {
    PReLU {
        weight: alpha;
        field: shared_axes;
    }
}

impl Layer for PReLU {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let shape = x.shape();
        let Some(shared) = axes_of(scope, &self.shared_axes, shape) else { return x };
        let size = |axis: usize| if shared.contains(&axis) { 1 } else { shape.dims()[axis] };
        let alpha: Vec<usize> = (1..shape.rank()).map(size).collect();
        let alpha = scope.weight("alpha", &alpha, self.alpha);
        let zero = x.fill_like(0.0);
        x.max(zero) - alpha * (-x).max(zero)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `e^x / Σ e^x` along an axis, or over several together.
///
/// Shapes: output same as input. Default: the last axis. Errors (E016): no such axis, or the batch.
///
/// ```
/// use neurona_core::nn::layers::Softmax;
/// assert_eq!(Softmax::default().axis, [-1]);
/// assert_eq!(Softmax::new([1, 2]).axis, [1, 2]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Softmax {
    /// Along which axes.
    pub axis: Vec<i64>,
}

impl Softmax {
    /// Along this axis, or over several together.
    pub fn new(axis: impl Into<AxisList>) -> Softmax {
        Softmax { axis: axis.into().0 }
    }
}

impl Default for Softmax {
    fn default() -> Softmax {
        Softmax::new(-1)
    }
}

settings! {
    Softmax {
        axes: axis;
    }
}

impl Layer for Softmax {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let shape = x.shape();
        let Some(axes) = axes_of(scope, &self.axis, shape) else { return x };
        if !in_range(scope, "the number of axes", &[axes.len()]) {
            return x;
        }
        // The axes to the end, as one row.
        let kept = (0..shape.rank()).filter(|axis| !axes.contains(axis));
        let order: Vec<usize> = kept.chain(axes.iter().copied()).collect();
        let rows = x.permute(&order);
        let whole = rows.shape();
        let (outer, row) = whole.dims().split_at(shape.rank() - axes.len());
        let flat = rows.reshape(&[outer, &[row.iter().product()]].concat());
        let back: Vec<usize> = (0..shape.rank())
            .filter_map(|axis| order.iter().position(|&from| from == axis))
            .collect();
        flat.softmax().reshape(whole.dims()).permute(&back)
    }

    fn activation_fn(&self) -> Option<Activation> {
        (self.axis == [-1]).then_some(Activation::Softmax)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn negative(setting: &str, value: f64) {
        en: "{setting} is {value}, but must not be negative",
        es: "{setting} es {value}, pero no debe ser negativo",
    }
}
