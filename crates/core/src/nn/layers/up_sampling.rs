//! Pictures made larger by a whole factor.

use super::interpolation::resize;
use super::settings::in_range;
use super::space::{Space, of_rank};
use super::{Interpolation, Layer, Size};
use crate::graph::Expr;
use crate::nn::Scope;
use crate::nn::config::{Config, Fields, Map, Value, written};

/// Several points for each one: [`UpSampling1D`], [`UpSampling2D`], [`UpSampling3D`].
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, n · size…, channels)`. Defaults are Keras': twice the size,
/// the nearest point. Errors: E016 a size of 0, E012 samples with other dimensions.
///
/// ```
/// use neurona_core::nn::{Network, layers::{Interpolation, UpSampling2D}};
/// let mut network = Network::default();
/// network.push(Box::new(UpSampling2D::new([2, 3]).interpolation(Interpolation::Bilinear)));
/// assert_eq!(network.build(&[vec![7, 7, 8]])?.outputs[0].dims(), [14, 21, 8]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpSampling<const RANK: usize> {
    /// How many points for each one.
    pub size: [usize; RANK],
    /// How values between the points are found.
    pub interpolation: Interpolation,
}

/// [`UpSampling`] over time: samples `(steps, channels)`.
pub type UpSampling1D = UpSampling<1>;

/// [`UpSampling`] over pictures: samples `(height, width, channels)`.
pub type UpSampling2D = UpSampling<2>;

/// [`UpSampling`] over volumes: samples `(depth, height, width, channels)`.
pub type UpSampling3D = UpSampling<3>;

impl<const RANK: usize> UpSampling<RANK> {
    /// This many points for each one: a number, or one for each dimension.
    pub fn new(size: impl Into<Size<RANK>>) -> Self {
        UpSampling { size: size.into().0, interpolation: Interpolation::Nearest }
    }

    /// With this interpolation between the points.
    pub fn interpolation(self, interpolation: Interpolation) -> Self {
        UpSampling { interpolation, ..self }
    }
}

impl<const RANK: usize> Default for UpSampling<RANK> {
    fn default() -> Self {
        UpSampling::new(2)
    }
}

/// For one dimension Keras takes one number, and interpolation only for two.
impl<const RANK: usize> Config for UpSampling<RANK> {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        match &mut self.size[..] {
            [single] => fields.field("size", single),
            _ => fields.field("size", &mut self.size),
        }
        if RANK == 2 {
            fields.field("interpolation", &mut self.interpolation);
        }
        if RANK > 1 {
            fields.channels_last();
        }
    }
}

impl<const RANK: usize> Layer for UpSampling<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<RANK>::of(scope, self.class_name(), x) else { return x };
        if !in_range(scope, "size", &self.size) {
            return x;
        }
        let sizes = self.size.iter().zip(space.size).enumerate();
        sizes.fold(x, |y, (i, (size, n))| resize(y, i + 1, n * size, self.interpolation))
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["UpSampling1D", "UpSampling2D", "UpSampling3D"])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
