//! Transposed convolutions: from few points to many.

use super::conv::{Ending, conv_methods, has_some, strides_or_dilation};
use super::space::{Space, Windows, five, of_rank, three};
use super::{Layer, Padding, Size};
use crate::error::{Code, Error};
use crate::graph::{Expr, Window};
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::weights::weight_settings;
use crate::nn::{Activation, Initializer, Regularizer, Scope, WeightSettings};
use crate::tensor::Shape;

/// A transposed convolution over `RANK` spatial dimensions: [`Conv1DTranspose`],
/// [`Conv2DTranspose`], [`Conv3DTranspose`].
///
/// `activation(y + bias)` with `y[o · stride + tap · dilation - before] = Σ x[o] · kernel[tap]`:
/// the gradient of a convolution from the output to the input (also called deconvolution).
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, points…, filters)`; with a window's extent
/// `e = (size - 1) · dilation + 1`, `(n - 1) · stride + max(e, stride)` points, with [`Padding::Same`] `n · stride`; with an
/// `output_padding` of `p`, `(n - 1) · stride + e + p` and with [`Padding::Same`] `(n - 1) · stride + e mod 2 + p`. Weights
/// `kernel` `(size…, filters, channels)` and `bias` `(filters)`. Defaults are Keras': strides and dilations 1,
/// [`Padding::Valid`], linear, with bias, kernel [`GlorotUniform`](Initializer::GlorotUniform), bias zeros. Errors:
/// E016 a setting out of range, strides and dilations above 1, an output padding not below the strides; E012
/// samples with other dimensions. Source: Zeiler et al., 2010.
///
/// ```
/// use neurona_core::nn::{Network, layers::{Conv2DTranspose, Padding}};
/// let mut network = Network::default();
/// network.push(Box::new(Conv2DTranspose::new(8, 3).strides(2).padding(Padding::Same)));
/// let built = network.build(&[vec![7, 7, 16]])?;
/// assert_eq!(built.outputs[0].dims(), [14, 14, 8]);
/// assert_eq!(built.weights[0].shape.dims(), [3, 3, 8, 16]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ConvTranspose<const RANK: usize> {
    /// How many filters: the size of the output's last dimension.
    pub filters: usize,
    /// How many points a window has.
    pub kernel_size: [usize; RANK],
    /// How far apart windows are.
    pub strides: [usize; RANK],
    /// Whether windows may reach beyond the edges of the output.
    pub padding: Padding,
    /// How many points more than the minimum the output has at its end. Default: Keras' choice.
    pub output_padding: Option<[usize; RANK]>,
    /// How far apart the points of a window are.
    pub dilation_rate: [usize; RANK],
    /// The activation.
    pub activation: Activation,
    /// Whether to add a bias.
    pub use_bias: bool,
    /// The kernel's settings.
    pub kernel: WeightSettings,
    /// The bias' settings.
    pub bias: WeightSettings,
    /// What the output adds to the loss, divided by the batch's size. Default: nothing.
    pub activity_regularizer: Option<Regularizer>,
}

/// [`ConvTranspose`] over time: samples `(steps, channels)`.
pub type Conv1DTranspose = ConvTranspose<1>;

/// [`ConvTranspose`] over pictures: samples `(height, width, channels)`.
pub type Conv2DTranspose = ConvTranspose<2>;

/// [`ConvTranspose`] over volumes: samples `(depth, height, width, channels)`.
pub type Conv3DTranspose = ConvTranspose<3>;

weight_settings! { ConvTranspose<RANK>:
    kernel kernel_initializer kernel_regularizer kernel_constraint,
    bias bias_initializer bias_regularizer bias_constraint,
}

conv_methods!(ConvTranspose);

/// Where the output of a transposed convolution ends along a dimension.
struct Edges {
    /// How many points the output has.
    len: usize,
    /// How many of the first window's points lie before it.
    before: usize,
    /// How many of the last window's points lie after it.
    after: usize,
}

impl<const RANK: usize> ConvTranspose<RANK> {
    /// A layer of `filters` filters with windows of `kernel_size` (a number, or one for each dimension).
    pub fn new(filters: usize, kernel_size: impl Into<Size<RANK>>) -> Self {
        ConvTranspose {
            filters,
            kernel_size: kernel_size.into().0,
            strides: [1; RANK],
            padding: Padding::Valid,
            output_padding: None,
            dilation_rate: [1; RANK],
            activation: Activation::Linear,
            use_bias: true,
            kernel: Initializer::GlorotUniform.into(),
            bias: Initializer::Zeros.into(),
            activity_regularizer: None,
        }
    }

    /// With this many points more than the minimum at the end of the output.
    pub fn output_padding(self, output_padding: impl Into<Size<RANK>>) -> Self {
        ConvTranspose { output_padding: Some(output_padding.into().0), ..self }
    }

    /// Keras' rule for one dimension of an input of `n` points.
    fn edges(&self, axis: usize, n: usize, extent: usize) -> Edges {
        let (stride, given) = (self.strides[axis], self.output_padding.map(|p| p[axis]));
        // Enough zeros before and after the input's points, which are `stride` apart, to give the
        // output: the input's side of the padding.
        let (left, right) = match self.padding {
            Padding::Valid | Padding::Causal => {
                let more = given.unwrap_or_else(|| extent.max(stride) - extent);
                (extent - 1, extent - 1 + more)
            }
            Padding::Same => {
                let all = given.map_or(stride + extent - 2, |p| extent + extent % 2 + p - 2);
                let left = all.div_ceil(2).min(extent - 1);
                (left, all - left)
            }
        };
        Edges {
            len: (n - 1) * stride + 2 + left + right - extent,
            before: extent - 1 - left,
            after: (extent - 1).saturating_sub(right),
        }
    }

    /// The windows over the output, and its spatial dimensions, if all settings suit an input.
    /// Anything wrong is reported to the scope.
    fn window(&self, scope: &Scope<'_>, space: Space<RANK>) -> Option<(Window, [usize; RANK])> {
        let layer = self.class_name();
        let windows = Windows {
            layer,
            setting: "kernel_size",
            size: self.kernel_size,
            strides: self.strides,
            dilation_rate: self.dilation_rate,
            padding: self.padding,
        };
        if !has_some(scope, layer, "filters", self.filters)
            || !windows.are_sound(scope)
            || !strides_or_dilation(scope, self.strides, self.dilation_rate)
        {
            return None;
        }
        let shape = |dims: [usize; RANK]| Shape::new(&dims).unwrap_or(Shape::SCALAR);
        let output_padding = self.output_padding.unwrap_or([0; RANK]);
        if output_padding.iter().zip(&self.strides).any(|(p, stride)| p >= stride) {
            let text = output_padding_too_large(shape(output_padding), shape(self.strides));
            scope.fail(Error::new(Code::E016, text));
            return None;
        }
        if self.padding == Padding::Causal {
            scope.fail(Error::new(Code::E016, no_causal(layer)));
            return None;
        }
        let extent = windows.extent();
        let edges: [Edges; RANK] = std::array::from_fn(|i| self.edges(i, space.size[i], extent[i]));
        let output = std::array::from_fn(|i| edges[i].len);
        if output.contains(&0) {
            scope.fail(Error::new(Code::E012, nothing_left(layer, shape(output))));
            return None;
        }
        let window = Window {
            size: three(self.kernel_size, 1),
            stride: three(self.strides, 1),
            dilation: three(self.dilation_rate, 1),
            before: three(std::array::from_fn::<_, RANK, _>(|i| edges[i].before), 0),
            after: three(std::array::from_fn::<_, RANK, _>(|i| edges[i].after), 0),
            groups: 1,
        };
        Some((window, output))
    }
}

settings! {
    ConvTranspose<RANK> {
        required: filters, kernel_size;
        field: strides, padding, output_padding, dilation_rate, activation, use_bias;
        weight: kernel, bias;
        rare: activity_regularizer;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for ConvTranspose<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::of(scope, self.class_name(), x) else { return x };
        let Some((window, output)) = self.window(scope, space) else { return x };
        let channels = [self.filters, space.channels];
        let kernel =
            scope.weight("kernel", &[&self.kernel_size[..], &channels].concat(), self.kernel);
        let kernel = kernel.reshape(&[&three(self.kernel_size, 1)[..], &channels].concat());
        let x = x.reshape(&five(space.batch, space.size, space.channels));
        match Shape::new(&five(space.batch, output, self.filters)) {
            Ok(shape) => self.ending().of::<RANK>(scope, x.conv_input(kernel, window, shape)),
            Err(error) => {
                scope.fail(error);
                x
            }
        }
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"])
    }

    fn activation_fn(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn output_padding_too_large(output_padding: Shape, strides: Shape) {
        en: "output_padding {output_padding} must stay below strides {strides}",
        es: "output_padding {output_padding} debe ser menor que strides {strides}",
    }

    fn no_causal(layer: &str) {
        en: "{layer} cannot be padded causally: only Conv1D can",
        es: "{layer} no admite relleno causal: solo Conv1D lo admite",
    }

    fn nothing_left(layer: &str, output: Shape) {
        en: "{layer} would give {output} points, which is nothing",
        es: "{layer} daría {output} puntos, es decir, ninguno",
    }
}
