//! Convolutions over one, two and three spatial dimensions.

use super::space::{Space, Windows, five, of_rank, three, without_missing};
use super::{Layer, Padding, Size};
use crate::error::{Code, Error};
use crate::graph::{Expr, Window};
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::weights::weight_settings;
use crate::nn::{Activation, Initializer, Regularizer, Scope, WeightSettings};
use crate::tensor::Shape;

/// The end of every convolution: `activation(y + bias)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending {
    pub(super) bias: Option<WeightSettings>,
    pub(super) activation: Activation,
    pub(super) activity_regularizer: Option<Regularizer>,
}

impl Ending {
    /// The output of a layer, for `y` of `[batch, depth, height, width, channels]`.
    pub(super) fn of<'g, const N: usize>(self, scope: &Scope<'g>, y: Expr<'g>) -> Expr<'g> {
        let y = without_missing::<N>(y);
        let y = match self.bias {
            Some(bias) => y + scope.weight("bias", &[y.shape().last()], bias),
            None => y,
        };
        scope.regularize(self.activity_regularizer, self.activation.apply(y))
    }
}

/// Whether there is at least one of something; if not, that is a mistake (E016).
pub(super) fn has_some(scope: &Scope<'_>, layer: &str, setting: &str, count: usize) -> bool {
    if count == 0 {
        scope.fail(Error::new(Code::E016, no_filters(layer, setting)));
    }
    count > 0
}

/// Whether strides or dilations stay at 1, as Keras requires; if not, that is a mistake (E016).
pub(super) fn strides_or_dilation<const N: usize>(
    scope: &Scope<'_>,
    strides: [usize; N],
    dilation_rate: [usize; N],
) -> bool {
    let both = strides.iter().any(|&n| n > 1) && dilation_rate.iter().any(|&n| n > 1);
    if both {
        let shape = |dims: [usize; N]| Shape::new(&dims).unwrap_or(Shape::SCALAR);
        let text = strides_and_dilation(shape(strides), shape(dilation_rate));
        scope.fail(Error::new(Code::E016, text).fix(choose_one()));
    }
    !both
}

/// The methods for the settings that all convolutions share.
macro_rules! conv_methods {
    ($layer:ident) => {
        impl<const RANK: usize> $layer<RANK> {
            /// Windows this far apart: a number, or one for each dimension.
            pub fn strides(self, strides: impl Into<Size<RANK>>) -> Self {
                Self { strides: strides.into().0, ..self }
            }

            /// With this padding.
            pub fn padding(self, padding: Padding) -> Self {
                Self { padding, ..self }
            }

            /// Points of a window this far apart: a number, or one for each dimension.
            pub fn dilation_rate(self, dilation_rate: impl Into<Size<RANK>>) -> Self {
                Self { dilation_rate: dilation_rate.into().0, ..self }
            }

            /// With this activation: `Relu`, or its name, `"relu"`. A name that does not exist is an error (E015)
            /// of the model, at the latest when it is compiled.
            pub fn activation(self, activation: impl Into<Activation>) -> Self {
                Self { activation: activation.into(), ..self }
            }

            /// Without a bias.
            pub fn without_bias(self) -> Self {
                Self { use_bias: false, ..self }
            }

            /// Adding this regularizer of its output to the loss.
            pub fn activity_regularizer(self, regularizer: Regularizer) -> Self {
                Self { activity_regularizer: Some(regularizer), ..self }
            }

            /// Its end.
            fn ending(&self) -> Ending {
                Ending {
                    bias: self.use_bias.then_some(self.bias),
                    activation: self.activation,
                    activity_regularizer: self.activity_regularizer,
                }
            }
        }
    };
}
pub(super) use conv_methods;

/// A convolution over `RANK` spatial dimensions: [`Conv1D`], [`Conv2D`], [`Conv3D`].
///
/// `activation(Σ x[o · stride + tap · dilation - before] · kernel[tap] + bias)`, the sum over all taps of a window
/// and the channels of a group (convolution in the usual sense: the kernel is not flipped).
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, positions…, filters)` with
/// `⌊(n - (size - 1) · dilation - 1) / stride⌋ + 1` positions, `⌈n / stride⌉` with
/// [`Padding::Same`]; weights `kernel` `(size…, channels / groups, filters)` and `bias`
/// `(filters)`. Defaults are Keras': strides, dilations and groups 1, [`Padding::Valid`], linear,
/// with bias, kernel [`GlorotUniform`](Initializer::GlorotUniform), bias zeros. Errors: E016 a
/// setting out of range, groups that do not divide the filters, strides and dilations above 1; E012
/// samples with other dimensions, windows larger than they are, groups that do not divide the
/// channels. Source: LeCun et al., 1998.
///
/// ```
/// use neurona_core::nn::{Activation, Network, layers::{Conv2D, Padding}};
/// let layer = Conv2D::new(8, 3).padding(Padding::Same).strides([2, 1]).activation(Activation::Relu);
/// assert_eq!((layer.kernel_size, layer.strides), ([3, 3], [2, 1]));
/// let mut network = Network::default();
/// network.push(Box::new(layer));
/// let built = network.build(&[vec![28, 28, 3]])?;
/// assert_eq!(built.outputs[0].dims(), [14, 28, 8]);
/// assert_eq!(built.weights[0].shape.dims(), [3, 3, 3, 8]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Conv<const RANK: usize> {
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
    /// The number of groups in which channels and filters are kept apart.
    pub groups: usize,
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

/// [`Conv`] over time: samples `(steps, channels)`. The only one that can be padded causally.
///
/// ```
/// use neurona_core::nn::layers::{Conv1D, Padding};
/// let layer = Conv1D::new(16, 3).padding(Padding::Causal).dilation_rate(2);
/// assert_eq!(layer.dilation_rate, [2]);
/// ```
pub type Conv1D = Conv<1>;

/// [`Conv`] over pictures: samples `(height, width, channels)`.
pub type Conv2D = Conv<2>;

/// [`Conv`] over volumes: samples `(depth, height, width, channels)`.
pub type Conv3D = Conv<3>;

weight_settings! { Conv<RANK>:
    kernel kernel_initializer kernel_regularizer kernel_constraint,
    bias bias_initializer bias_regularizer bias_constraint,
}

conv_methods!(Conv);

impl<const RANK: usize> Conv<RANK> {
    /// A layer of `filters` filters with windows of `kernel_size` (a number, or one for each dimension).
    pub fn new(filters: usize, kernel_size: impl Into<Size<RANK>>) -> Self {
        Conv {
            filters,
            kernel_size: kernel_size.into().0,
            strides: [1; RANK],
            padding: Padding::Valid,
            dilation_rate: [1; RANK],
            groups: 1,
            activation: Activation::Linear,
            use_bias: true,
            kernel: Initializer::GlorotUniform.into(),
            bias: Initializer::Zeros.into(),
            activity_regularizer: None,
        }
    }

    /// In this many groups.
    pub fn groups(self, groups: usize) -> Self {
        Conv { groups, ..self }
    }

    /// The windows, if all settings suit an input. Anything wrong is reported to the scope.
    fn window(&self, scope: &Scope<'_>, space: Space<RANK>) -> Option<Window> {
        let layer = self.class_name();
        let Conv { filters, groups, .. } = *self;
        if !has_some(scope, layer, "filters", filters)
            || !has_some(scope, layer, "groups", groups)
            || !strides_or_dilation(scope, self.strides, self.dilation_rate)
        {
            return None;
        }
        if !filters.is_multiple_of(groups) {
            let text = groups_and_filters(filters, groups);
            scope.fail(Error::new(Code::E016, text).fix(divide()));
            return None;
        }
        if !space.channels.is_multiple_of(groups) {
            let text = groups_and_channels(space.channels, groups);
            scope.fail(Error::new(Code::E012, text).fix(divide()));
            return None;
        }
        let windows = Windows {
            layer,
            setting: "kernel_size",
            size: self.kernel_size,
            strides: self.strides,
            dilation_rate: self.dilation_rate,
            padding: self.padding,
        };
        Some(Window { groups, ..windows.over(scope, space.size)? })
    }
}

settings! {
    Conv<RANK> {
        required: filters, kernel_size;
        field: strides, padding, dilation_rate, groups, activation, use_bias;
        weight: kernel, bias;
        rare: activity_regularizer;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for Conv<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::of(scope, self.class_name(), x) else { return x };
        let Some(window) = self.window(scope, space) else { return x };
        let channels = [space.channels / self.groups, self.filters];
        let kernel =
            scope.weight("kernel", &[&self.kernel_size[..], &channels].concat(), self.kernel);
        let kernel = kernel.reshape(&[&three(self.kernel_size, 1)[..], &channels].concat());
        let x = x.reshape(&five(space.batch, space.size, space.channels));
        self.ending().of::<RANK>(scope, x.conv(kernel, window))
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["Conv1D", "Conv2D", "Conv3D"])
    }

    fn activation_fn(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn no_filters(layer: &str, setting: &str) {
        en: "{layer} needs at least 1 {setting}, not 0",
        es: "{layer} necesita al menos 1 en {setting}, no 0",
    }

    fn groups_and_filters(filters: usize, groups: usize) {
        en: "{filters} filters cannot be shared out among {groups} groups",
        es: "{filters} filtros no se pueden repartir entre {groups} grupos",
    }

    fn groups_and_channels(channels: usize, groups: usize) {
        en: "the {channels} channels of the input cannot be shared out among {groups} groups",
        es: "los {channels} canales de la entrada no se pueden repartir entre {groups} grupos",
    }

    fn divide() {
        en: "let groups divide both the channels of the input and filters",
        es: "haga que groups divida tanto los canales de la entrada como filters",
    }

    fn strides_and_dilation(strides: Shape, dilation: Shape) {
        en: "strides {strides} and dilation_rate {dilation} cannot both be above 1",
        es: "strides {strides} y dilation_rate {dilation} no pueden superar ambos 1",
    }

    fn choose_one() {
        en: "leave one of them at 1",
        es: "deje uno de los dos en 1",
    }
}
