//! Pooling: one number for each window and channel.

use super::space::{Space, Windows, five, of_rank, without_missing};
use super::{Layer, Padding, Size};
use crate::graph::{Expr, Window};
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::Axes;

/// The methods of both kinds of pooling, and the windows over an input.
macro_rules! pooling_methods {
    ($layer:ident) => {
        impl<const RANK: usize> $layer<RANK> {
            /// Pools with windows of `pool_size` (a number, or one for each dimension).
            pub fn new(pool_size: impl Into<Size<RANK>>) -> Self {
                $layer { pool_size: pool_size.into().0, strides: None, padding: Padding::Valid }
            }

            /// Windows this far apart: a number, or one for each dimension.
            pub fn strides(self, strides: impl Into<Size<RANK>>) -> Self {
                $layer { strides: Some(strides.into().0), ..self }
            }

            /// With this padding.
            pub fn padding(self, padding: Padding) -> Self {
                $layer { padding, ..self }
            }

            /// The input with three spatial dimensions and the windows over it, if they suit it.
            /// Anything wrong is reported to the scope.
            fn windows<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Option<(Expr<'g>, Window)> {
                let layer = self.class_name();
                let space: Space<RANK> = Space::of(scope, layer, x)?;
                let windows = Windows {
                    layer,
                    setting: "pool_size",
                    size: self.pool_size,
                    strides: self.strides.unwrap_or(self.pool_size),
                    dilation_rate: [1; RANK],
                    padding: self.padding,
                };
                let window = windows.over(scope, space.size)?;
                Some((x.reshape(&five(space.batch, space.size, space.channels)), window))
            }
        }
    };
}

/// The largest number of each window, channel by channel: [`MaxPooling1D`], [`MaxPooling2D`], [`MaxPooling3D`].
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, positions…, channels)` with
/// `⌊(n - size) / stride⌋ + 1` positions, `⌈n / stride⌉` with [`Padding::Same`] (which never adds a point to choose from).
/// Defaults are Keras': windows of 2, as far apart as they are large, [`Padding::Valid`]. Errors: E016 a setting
/// out of range, E012 samples with other dimensions or smaller than a window.
///
/// ```
/// use neurona_core::nn::{Network, layers::MaxPooling2D};
/// let mut network = Network::default();
/// network.push(Box::new(MaxPooling2D::new(2)));
/// assert_eq!(network.build(&[vec![28, 28, 8]])?.outputs[0].dims(), [14, 14, 8]);
/// assert_eq!(MaxPooling2D::default(), MaxPooling2D::new([2, 2]));
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaxPooling<const RANK: usize> {
    /// How many points a window has.
    pub pool_size: [usize; RANK],
    /// How far apart windows are. Default: their size.
    pub strides: Option<[usize; RANK]>,
    /// Whether windows may reach beyond the edges.
    pub padding: Padding,
}

/// [`MaxPooling`] over time: samples `(steps, channels)`.
pub type MaxPooling1D = MaxPooling<1>;

/// [`MaxPooling`] over pictures: samples `(height, width, channels)`.
pub type MaxPooling2D = MaxPooling<2>;

/// [`MaxPooling`] over volumes: samples `(depth, height, width, channels)`.
pub type MaxPooling3D = MaxPooling<3>;

pooling_methods!(MaxPooling);

impl<const RANK: usize> Default for MaxPooling<RANK> {
    fn default() -> Self {
        MaxPooling::new(2)
    }
}

settings! {
    MaxPooling<RANK> {
        field: pool_size, strides, padding;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for MaxPooling<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some((x, window)) = self.windows(scope, x) else { return x };
        without_missing::<RANK>(x.max_pool(window))
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["MaxPooling1D", "MaxPooling2D", "MaxPooling3D"])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The mean of each window, channel by channel: [`AveragePooling1D`], [`AveragePooling2D`],
/// [`AveragePooling3D`]. Points beyond the edges do not count.
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, positions…, channels)` with
/// `⌊(n - size) / stride⌋ + 1` positions, `⌈n / stride⌉` with [`Padding::Same`]. Defaults are
/// Keras': windows as far apart as they are large, [`Padding::Valid`]. Errors: E016 a setting out
/// of range, E012 samples with other dimensions or smaller than a window.
///
/// ```
/// use neurona_core::nn::{Network, layers::{AveragePooling1D, Padding}};
/// let mut network = Network::default();
/// network.push(Box::new(AveragePooling1D::new(3).strides(2).padding(Padding::Same)));
/// assert_eq!(network.build(&[vec![9, 4]])?.outputs[0].dims(), [5, 4]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AveragePooling<const RANK: usize> {
    /// How many points a window has.
    pub pool_size: [usize; RANK],
    /// How far apart windows are. Default: their size.
    pub strides: Option<[usize; RANK]>,
    /// Whether windows may reach beyond the edges.
    pub padding: Padding,
}

/// [`AveragePooling`] over time: samples `(steps, channels)`.
pub type AveragePooling1D = AveragePooling<1>;

/// [`AveragePooling`] over pictures: samples `(height, width, channels)`.
pub type AveragePooling2D = AveragePooling<2>;

/// [`AveragePooling`] over volumes: samples `(depth, height, width, channels)`.
pub type AveragePooling3D = AveragePooling<3>;

pooling_methods!(AveragePooling);

settings! {
    AveragePooling<RANK> {
        field: pool_size, strides, padding;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for AveragePooling<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some((x, window)) = self.windows(scope, x) else { return x };
        let sum = x.sum_pool(window);
        let mean = if window.before == [0; 3] && window.after == [0; 3] {
            sum / self.pool_size.iter().product::<usize>() as f64
        } else {
            // How many points of each window there are: the same for all samples and channels.
            let shape = x.shape();
            let one = shape.dims().iter().enumerate().map(|(i, &n)| if i % 4 == 0 { 1 } else { n });
            let ones = x.builder().fill(1.0, &one.collect::<Vec<_>>());
            sum / ones.sum_pool(window)
        };
        without_missing::<RANK>(mean)
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["AveragePooling1D", "AveragePooling2D", "AveragePooling3D"])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The methods of both kinds of global pooling.
macro_rules! global_pooling_methods {
    ($layer:ident) => {
        impl<const RANK: usize> $layer<RANK> {
            /// Pools all points into one.
            pub fn new() -> Self {
                $layer { keepdims: false }
            }

            /// Keeping the spatial dimensions, with size 1.
            pub fn keepdims(self) -> Self {
                $layer { keepdims: true }
            }

            /// The output, given a reduction of the input over the spatial dimensions.
            fn over_space<'g>(
                &self,
                scope: &Scope<'g>,
                x: Expr<'g>,
                reduce: impl FnOnce(Axes, f64) -> Expr<'g>,
            ) -> Expr<'g> {
                let Some(space) = Space::<RANK>::of(scope, self.class_name(), x) else { return x };
                let axes: Vec<usize> = (1..=RANK).collect();
                let y = reduce(Axes::new(&axes), space.size.iter().product::<usize>() as f64);
                if self.keepdims { y } else { y.reshape(&[space.batch, space.channels]) }
            }
        }
    };
}

/// The mean of all points, channel by channel: [`GlobalAveragePooling1D`], [`GlobalAveragePooling2D`],
/// [`GlobalAveragePooling3D`].
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, channels)`, or `(batch, 1…, channels)` with
/// `keepdims`. Errors (E012): samples with other dimensions.
///
/// ```
/// use neurona_core::nn::{Network, layers::GlobalAveragePooling2D};
/// let mut network = Network::default();
/// network.push(Box::new(GlobalAveragePooling2D::new()));
/// assert_eq!(network.build(&[vec![7, 7, 64]])?.outputs[0].dims(), [64]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct GlobalAveragePooling<const RANK: usize> {
    /// Whether the spatial dimensions stay, with size 1.
    pub keepdims: bool,
}

/// [`GlobalAveragePooling`] over time: samples `(steps, channels)`.
pub type GlobalAveragePooling1D = GlobalAveragePooling<1>;

/// [`GlobalAveragePooling`] over pictures: samples `(height, width, channels)`.
pub type GlobalAveragePooling2D = GlobalAveragePooling<2>;

/// [`GlobalAveragePooling`] over volumes: samples `(depth, height, width, channels)`.
pub type GlobalAveragePooling3D = GlobalAveragePooling<3>;

global_pooling_methods!(GlobalAveragePooling);

settings! {
    GlobalAveragePooling<RANK> {
        field: keepdims;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for GlobalAveragePooling<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        self.over_space(scope, x, |axes, points| x.sum(axes) / points)
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>([
            "GlobalAveragePooling1D",
            "GlobalAveragePooling2D",
            "GlobalAveragePooling3D",
        ])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The largest of all points, channel by channel: [`GlobalMaxPooling1D`], [`GlobalMaxPooling2D`],
/// [`GlobalMaxPooling3D`].
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, channels)`, or `(batch, 1…, channels)` with
/// `keepdims`. Errors (E012): samples with other dimensions.
///
/// ```
/// use neurona_core::nn::{Network, layers::GlobalMaxPooling1D};
/// let mut network = Network::default();
/// network.push(Box::new(GlobalMaxPooling1D::new().keepdims()));
/// assert_eq!(network.build(&[vec![12, 64]])?.outputs[0].dims(), [1, 64]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct GlobalMaxPooling<const RANK: usize> {
    /// Whether the spatial dimensions stay, with size 1.
    pub keepdims: bool,
}

/// [`GlobalMaxPooling`] over time: samples `(steps, channels)`.
pub type GlobalMaxPooling1D = GlobalMaxPooling<1>;

/// [`GlobalMaxPooling`] over pictures: samples `(height, width, channels)`.
pub type GlobalMaxPooling2D = GlobalMaxPooling<2>;

/// [`GlobalMaxPooling`] over volumes: samples `(depth, height, width, channels)`.
pub type GlobalMaxPooling3D = GlobalMaxPooling<3>;

global_pooling_methods!(GlobalMaxPooling);

settings! {
    GlobalMaxPooling<RANK> {
        field: keepdims;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for GlobalMaxPooling<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        self.over_space(scope, x, |axes, _| x.max_over(axes))
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D"])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
