//! Convolutions of each channel by itself, alone or followed by a mix of the channels.

use super::conv::{Ending, conv_methods, has_some};
use super::space::{Space, Windows, five, of_rank};
use super::{Layer, Padding, Size};
use crate::graph::{Expr, Window};
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::weights::weight_settings;
use crate::nn::{Activation, Initializer, Regularizer, Scope, WeightSettings};

/// `Σ x · kernel` with a kernel `(size…, channels, depth_multiplier)` for the channels by themselves, as
/// `[batch, depth, height, width, channels · depth_multiplier]`.
fn each_channel<'g, const N: usize>(
    x: Expr<'g>,
    space: Space<N>,
    kernel: Expr<'g>,
    window: Window,
) -> Expr<'g> {
    let multiplier = kernel.shape().last();
    let [depth, height, width] = window.size;
    // One filter after the other for each channel, which is what a convolution in that many groups
    // needs.
    let kernel = kernel.reshape(&[depth, height, width, 1, space.channels * multiplier]);
    let x = x.reshape(&five(space.batch, space.size, space.channels));
    x.conv(kernel, Window { groups: space.channels, ..window })
}

/// A convolution of each channel by itself: [`DepthwiseConv1D`], [`DepthwiseConv2D`].
///
/// `activation(Σ x[o · stride + tap · dilation - before] · kernel[tap] + bias)`, the sum over the taps of a window. Channel
/// `c` of the input gives channels `c · depth_multiplier`, `c · depth_multiplier + 1`, … of the output.
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, positions…, channels · depth_multiplier)`, positions
/// as in [`Conv`](super::Conv2D); weights `kernel` `(size…, channels, depth_multiplier)` and `bias`
/// `(channels · depth_multiplier)`. Defaults are Keras': `depth_multiplier`, strides and dilations 1, [`Padding::Valid`],
/// linear, with bias, kernel [`GlorotUniform`](Initializer::GlorotUniform), bias zeros. Errors: E016 a setting out of
/// range, E012 samples with other dimensions or smaller than a window. Source: Chollet, 2017.
///
/// ```
/// use neurona_core::nn::{Network, layers::DepthwiseConv2D};
/// let mut network = Network::default();
/// network.push(Box::new(DepthwiseConv2D::new(3).depth_multiplier(2)));
/// let built = network.build(&[vec![28, 28, 3]])?;
/// assert_eq!(built.outputs[0].dims(), [26, 26, 6]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DepthwiseConv<const RANK: usize> {
    /// How many points a window has.
    pub kernel_size: [usize; RANK],
    /// How far apart windows are.
    pub strides: [usize; RANK],
    /// What windows see beyond the edges: zeros, or nothing.
    pub padding: Padding,
    /// How many channels come from each one.
    pub depth_multiplier: usize,
    /// How far apart the points of a window are.
    pub dilation_rate: [usize; RANK],
    /// The activation.
    pub activation: Activation,
    /// Whether to add a bias.
    pub use_bias: bool,
    /// The kernel's settings.
    pub depthwise: WeightSettings,
    /// The bias' settings.
    pub bias: WeightSettings,
    /// What the output adds to the loss, divided by the batch's size. Default: nothing.
    pub activity_regularizer: Option<Regularizer>,
}

/// [`DepthwiseConv`] over time: samples `(steps, channels)`.
pub type DepthwiseConv1D = DepthwiseConv<1>;

/// [`DepthwiseConv`] over pictures: samples `(height, width, channels)`.
pub type DepthwiseConv2D = DepthwiseConv<2>;

weight_settings! { DepthwiseConv<RANK>:
    depthwise depthwise_initializer depthwise_regularizer depthwise_constraint,
    bias bias_initializer bias_regularizer bias_constraint,
}

conv_methods!(DepthwiseConv);

impl<const RANK: usize> DepthwiseConv<RANK> {
    /// A layer with windows of `kernel_size` (a number, or one for each dimension).
    pub fn new(kernel_size: impl Into<Size<RANK>>) -> Self {
        DepthwiseConv {
            kernel_size: kernel_size.into().0,
            strides: [1; RANK],
            padding: Padding::Valid,
            depth_multiplier: 1,
            dilation_rate: [1; RANK],
            activation: Activation::Linear,
            use_bias: true,
            depthwise: Initializer::GlorotUniform.into(),
            bias: Initializer::Zeros.into(),
            activity_regularizer: None,
        }
    }

    /// With this many channels from each one.
    pub fn depth_multiplier(self, depth_multiplier: usize) -> Self {
        DepthwiseConv { depth_multiplier, ..self }
    }
}

settings! {
    DepthwiseConv<RANK> {
        required: kernel_size;
        field: strides, padding, depth_multiplier, dilation_rate, activation, use_bias;
        weight: depthwise, bias;
        rare: activity_regularizer;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for DepthwiseConv<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let layer = self.class_name();
        let Some(space) = Space::of(scope, layer, x) else { return x };
        let windows = Windows {
            layer,
            setting: "kernel_size",
            size: self.kernel_size,
            strides: self.strides,
            dilation_rate: self.dilation_rate,
            padding: self.padding,
        };
        if !has_some(scope, layer, "depth_multiplier", self.depth_multiplier) {
            return x;
        }
        let Some(window) = windows.over(scope, space.size) else { return x };
        let channels = [space.channels, self.depth_multiplier];
        let kernel =
            scope.weight("kernel", &[&self.kernel_size[..], &channels].concat(), self.depthwise);
        self.ending().of::<RANK>(scope, each_channel(x, space, kernel, window))
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["DepthwiseConv1D", "DepthwiseConv2D", "DepthwiseConv3D"])
    }

    fn activation_fn(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// A convolution of each channel by itself, then a mix of the channels at each point: [`SeparableConv1D`],
/// [`SeparableConv2D`].
///
/// `activation(depthwise(x) · pointwise_kernel + bias)` with `depthwise` as in [`DepthwiseConv`], without bias.
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, positions…, filters)`, positions
/// as in [`Conv`](super::Conv2D); weights `depthwise_kernel` `(size…, channels, depth_multiplier)`,
/// `pointwise_kernel` `(1…, channels · depth_multiplier, filters)` and `bias` `(filters)`. Defaults
/// are Keras': `depth_multiplier`, strides and dilations 1, [`Padding::Valid`], linear, with bias,
/// kernels [`GlorotUniform`](Initializer::GlorotUniform), bias zeros. Errors: E016 a setting out of
/// range, E012 samples with other dimensions or smaller than a window. Source: Chollet, 2017.
///
/// ```
/// use neurona_core::nn::{Network, layers::{Padding, SeparableConv2D}};
/// let mut network = Network::default();
/// network.push(Box::new(SeparableConv2D::new(16, 3).padding(Padding::Same)));
/// let built = network.build(&[vec![28, 28, 3]])?;
/// assert_eq!(built.outputs[0].dims(), [28, 28, 16]);
/// assert_eq!(built.weights[1].shape.dims(), [1, 1, 3, 16]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SeparableConv<const RANK: usize> {
    /// How many filters: the size of the output's last dimension.
    pub filters: usize,
    /// How many points a window has.
    pub kernel_size: [usize; RANK],
    /// How far apart windows are.
    pub strides: [usize; RANK],
    /// What windows see beyond the edges: zeros, or nothing.
    pub padding: Padding,
    /// How far apart the points of a window are.
    pub dilation_rate: [usize; RANK],
    /// How many channels come from each one before they are mixed.
    pub depth_multiplier: usize,
    /// The activation.
    pub activation: Activation,
    /// Whether to add a bias.
    pub use_bias: bool,
    /// The settings of the kernel of each channel.
    pub depthwise: WeightSettings,
    /// The settings of the kernel that mixes the channels.
    pub pointwise: WeightSettings,
    /// The bias' settings.
    pub bias: WeightSettings,
    /// What the output adds to the loss, divided by the batch's size. Default: nothing.
    pub activity_regularizer: Option<Regularizer>,
}

/// [`SeparableConv`] over time: samples `(steps, channels)`.
pub type SeparableConv1D = SeparableConv<1>;

/// [`SeparableConv`] over pictures: samples `(height, width, channels)`.
pub type SeparableConv2D = SeparableConv<2>;

weight_settings! { SeparableConv<RANK>:
    depthwise depthwise_initializer depthwise_regularizer depthwise_constraint,
    pointwise pointwise_initializer pointwise_regularizer pointwise_constraint,
    bias bias_initializer bias_regularizer bias_constraint,
}

conv_methods!(SeparableConv);

impl<const RANK: usize> SeparableConv<RANK> {
    /// A layer of `filters` filters with windows of `kernel_size` (a number, or one for each dimension).
    pub fn new(filters: usize, kernel_size: impl Into<Size<RANK>>) -> Self {
        SeparableConv {
            filters,
            kernel_size: kernel_size.into().0,
            strides: [1; RANK],
            padding: Padding::Valid,
            dilation_rate: [1; RANK],
            depth_multiplier: 1,
            activation: Activation::Linear,
            use_bias: true,
            depthwise: Initializer::GlorotUniform.into(),
            pointwise: Initializer::GlorotUniform.into(),
            bias: Initializer::Zeros.into(),
            activity_regularizer: None,
        }
    }

    /// With this many channels from each one before they are mixed.
    pub fn depth_multiplier(self, depth_multiplier: usize) -> Self {
        SeparableConv { depth_multiplier, ..self }
    }
}

settings! {
    SeparableConv<RANK> {
        required: filters, kernel_size;
        field: strides, padding, dilation_rate, depth_multiplier, activation, use_bias;
        weight: depthwise, pointwise, bias;
        rare: activity_regularizer;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for SeparableConv<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let layer = self.class_name();
        let Some(space) = Space::of(scope, layer, x) else { return x };
        let windows = Windows {
            layer,
            setting: "kernel_size",
            size: self.kernel_size,
            strides: self.strides,
            dilation_rate: self.dilation_rate,
            padding: self.padding,
        };
        if !has_some(scope, layer, "filters", self.filters)
            || !has_some(scope, layer, "depth_multiplier", self.depth_multiplier)
        {
            return x;
        }
        let Some(window) = windows.over(scope, space.size) else { return x };
        let inner = space.channels * self.depth_multiplier;
        let channels = [space.channels, self.depth_multiplier];
        let dims = [&self.kernel_size[..], &channels].concat();
        let depthwise = scope.weight("depthwise_kernel", &dims, self.depthwise);
        let dims = [&[1; RANK][..], &[inner, self.filters]].concat();
        let pointwise = scope.weight("pointwise_kernel", &dims, self.pointwise);
        let y = each_channel(x, space, depthwise, window);
        let shape = y.shape();
        let [batch, depth, height, width, _] = *shape.dims() else { return x };
        let points = y.reshape(&[batch * depth * height * width, inner]);
        let y = points.matmul(pointwise.reshape(&[inner, self.filters]));
        self.ending().of::<RANK>(scope, y.reshape(&[batch, depth, height, width, self.filters]))
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["SeparableConv1D", "SeparableConv2D", "SeparableConv3D"])
    }

    fn activation_fn(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
