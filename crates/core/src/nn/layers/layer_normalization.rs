//! Normalizations of each sample by itself.

use super::batch_normalization::positive_epsilon;
use super::moments::{mean_over, moments, normalized, unit_length, weight_along};
use super::settings::{axes_of, axis_of};
use super::{AxisList, Layer};
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::weights::weight_settings;
use crate::nn::{Initializer, Scope, WeightSettings};
use crate::tensor::Axes;

crate::messages! {
    fn bad_groups(groups: i64, channels: usize) {
        en: "{channels} channels cannot be shared out among {groups} groups",
        es: "{channels} canales no se pueden repartir entre {groups} grupos",
    }

    fn choose_groups() {
        en: "choose groups that divide the channels (the default is 32), or -1 for one a channel",
        es: "elija groups que divida los canales (por defecto, 32), o -1 para uno por canal",
    }
}

/// `gamma · (x - mean) / √(variance + epsilon) + beta`, with the mean and the variance along axes of each sample.
///
/// Shapes: output same as input; weights `gamma` and `beta` of the axes' sizes. Defaults are
/// Keras': last axis, epsilon 0.001, with `gamma` (ones) and `beta` (zeros). Errors (E016): no such
/// axis, or the batch; an epsilon of 0. Source: Ba et al., 2016.
///
/// ```
/// use neurona_core::nn::{Network, layers::LayerNormalization};
/// let mut network = Network::default();
/// network.push(Box::new(LayerNormalization::new().axis([1, 2])));
/// assert_eq!(network.build(&[vec![4, 3]])?.weights[0].shape.dims(), [4, 3]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LayerNormalization {
    /// Along which axes; negative ones count from the end.
    pub axis: Vec<i64>,
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
}

weight_settings! { LayerNormalization:
    beta beta_initializer beta_regularizer beta_constraint,
    gamma gamma_initializer gamma_regularizer gamma_constraint,
}

impl LayerNormalization {
    /// A layer with Keras' defaults.
    pub fn new() -> LayerNormalization {
        LayerNormalization {
            axis: vec![-1],
            epsilon: 1e-3,
            center: true,
            scale: true,
            beta: Initializer::Zeros.into(),
            gamma: Initializer::Ones.into(),
        }
    }

    /// Along this axis, or these together.
    pub fn axis(self, axis: impl Into<AxisList>) -> LayerNormalization {
        LayerNormalization { axis: axis.into().0, ..self }
    }
}

impl Default for LayerNormalization {
    fn default() -> LayerNormalization {
        LayerNormalization::new()
    }
}

settings! {
    LayerNormalization {
        axes: axis; field: epsilon, center, scale;
        weight: beta, gamma;
        |fields| fields.only("rms_scaling", false)
    }
}

impl Layer for LayerNormalization {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let shape = x.shape();
        let Some(axes) = axes_of(scope, &self.axis, shape) else { return x };
        if !positive_epsilon(scope, self.epsilon) {
            return x;
        }
        let along = (shape, &axes[..]);
        let gamma = self.scale.then(|| weight_along(scope, "gamma", along, self.gamma));
        let beta = self.center.then(|| weight_along(scope, "beta", along, self.beta));
        normalized(x, moments(x, Axes::new(&axes)), self.epsilon, gamma, beta)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `gamma · (x - mean) / √(variance + epsilon) + beta`, with the mean and the variance over groups of neighbouring
/// channels of each sample.
///
/// Shapes: output same as input; weights `gamma` and `beta` of the axis' size. Defaults are Keras':
/// 32 groups (-1: one per channel), last axis, epsilon 0.001, with `gamma` (ones) and `beta`
/// (zeros). Errors: E016 no such axis, or the batch, an epsilon of 0; E012 groups that do not
/// divide the channels. Source: Wu and He, 2018.
///
/// ```
/// use neurona_core::nn::{Network, layers::GroupNormalization};
/// let mut network = Network::default();
/// network.push(Box::new(GroupNormalization::new(4)));
/// assert_eq!(network.build(&[vec![7, 7, 8]])?.weights[0].shape.dims(), [8]);
/// assert_eq!(GroupNormalization::default().groups, 32);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GroupNormalization {
    /// How many groups; -1 for one per channel.
    pub groups: i64,
    /// Where the channels are; negative axes count from the end.
    pub axis: i64,
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
}

weight_settings! { GroupNormalization:
    beta beta_initializer beta_regularizer beta_constraint,
    gamma gamma_initializer gamma_regularizer gamma_constraint,
}

impl GroupNormalization {
    /// A layer with this many groups (-1: one per channel), otherwise with Keras' defaults.
    pub fn new(groups: i64) -> GroupNormalization {
        GroupNormalization {
            groups,
            axis: -1,
            epsilon: 1e-3,
            center: true,
            scale: true,
            beta: Initializer::Zeros.into(),
            gamma: Initializer::Ones.into(),
        }
    }
}

impl Default for GroupNormalization {
    fn default() -> GroupNormalization {
        GroupNormalization::new(32)
    }
}

settings! {
    GroupNormalization {
        field: groups, axis, epsilon, center, scale;
        weight: beta, gamma;
    }
}

impl Layer for GroupNormalization {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let shape = x.shape();
        let Some(axis) = axis_of(scope, self.axis, shape) else { return x };
        if !positive_epsilon(scope, self.epsilon) {
            return x;
        }
        let channels = shape.dims()[axis];
        let groups = match self.groups {
            -1 => Some(channels),
            groups => usize::try_from(groups).ok(),
        };
        let Some(groups) = groups.filter(|&n| n > 0 && channels > 0 && channels.is_multiple_of(n))
        else {
            let text = bad_groups(self.groups, channels);
            scope.fail(Error::new(Code::E012, text).fix(choose_groups()));
            return x;
        };
        // The channels as two dimensions: the group, and the position in it.
        let split = |sizes: &[usize]| {
            let (before, after) = sizes.split_at(axis);
            let own = if after[0] == 1 { [1, 1] } else { [groups, channels / groups] };
            [before, &own, &after[1..]].concat()
        };
        let along = (shape, &[axis][..]);
        let weight = |name, settings| {
            let weight = weight_along(scope, name, along, settings);
            weight.reshape(&split(weight.shape().dims()))
        };
        let gamma = self.scale.then(|| weight("gamma", self.gamma));
        let beta = self.center.then(|| weight("beta", self.beta));
        let parts = x.reshape(&split(shape.dims()));
        let over: Vec<usize> = (1..=shape.rank()).filter(|&a| a != axis).collect();
        let y = normalized(parts, moments(parts, Axes::new(&over)), self.epsilon, gamma, beta);
        y.reshape(shape.dims())
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `scale · x / √(mean(x²) + epsilon)`, with the mean along axes of each sample.
///
/// Shapes: output same as input; weight `scale` of the axes' sizes, ones. Defaults are Keras': last
/// axis, epsilon 1e-6. Errors (E016): no such axis, or the batch; an epsilon of 0. Source: Zhang
/// and Sennrich, 2019.
///
/// ```
/// use neurona_core::nn::layers::RMSNormalization;
/// assert_eq!(RMSNormalization::default().epsilon, 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RMSNormalization {
    /// Along which axes; negative ones count from the end.
    pub axis: Vec<i64>,
    /// A small number added to the mean of the squares.
    pub epsilon: f64,
}

impl RMSNormalization {
    /// Along this axis, or these together.
    pub fn new(axis: impl Into<AxisList>) -> RMSNormalization {
        RMSNormalization { axis: axis.into().0, epsilon: 1e-6 }
    }
}

impl Default for RMSNormalization {
    fn default() -> RMSNormalization {
        RMSNormalization::new(-1)
    }
}

settings! {
    RMSNormalization {
        axes: axis; field: epsilon;
    }
}

impl Layer for RMSNormalization {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(axes) = axes_of(scope, &self.axis, x.shape()) else { return x };
        if !positive_epsilon(scope, self.epsilon) {
            return x;
        }
        let scale = weight_along(scope, "scale", (x.shape(), &axes), Initializer::Ones.into());
        let square = mean_over(x * x, Axes::new(&axes));
        x * (1.0 / (square + self.epsilon).sqrt()) * scale
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x / max(√Σx², 1e-12)`, with the sum along axes of each sample: vectors of length one.
///
/// Shapes: output same as input. Default: last axis. Errors (E016): no such axis, or the batch.
///
/// ```
/// use neurona_core::nn::layers::UnitNormalization;
/// assert_eq!(UnitNormalization::default().axis, [-1]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitNormalization {
    /// Along which axes; negative ones count from the end.
    pub axis: Vec<i64>,
}

impl UnitNormalization {
    /// Along this axis, or these together.
    pub fn new(axis: impl Into<AxisList>) -> UnitNormalization {
        UnitNormalization { axis: axis.into().0 }
    }
}

impl Default for UnitNormalization {
    fn default() -> UnitNormalization {
        UnitNormalization::new(-1)
    }
}

settings! {
    UnitNormalization {
        axes: axis;
    }
}

impl Layer for UnitNormalization {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        match axes_of(scope, &self.axis, x.shape()) {
            Some(axes) => unit_length(x, Axes::new(&axes), 1e-12),
            None => x,
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
