//! Layers: plain settings, and one method that is build, shape rule and forward pass at once.

mod batch_normalization;
mod concatenate;
mod conv;
mod conv_transpose;
mod dense;
mod depthwise_conv;
mod dot;
mod dropout;
mod edges;
mod embedding;
mod encoding;
mod from_config;
mod interpolation;
mod layer_normalization;
mod merging;
mod moments;
mod noise;
mod pooling;
mod random;
mod random_colors;
mod random_views;
mod rectifiers;
mod resizing;
mod sampling;
mod settings;
mod shaping;
mod space;
mod up_sampling;

pub use batch_normalization::BatchNormalization;
pub use concatenate::Concatenate;
pub use conv::{Conv, Conv1D, Conv2D, Conv3D};
pub use conv_transpose::{Conv1DTranspose, Conv2DTranspose, Conv3DTranspose, ConvTranspose};
pub use dense::Dense;
pub use depthwise_conv::{
    DepthwiseConv, DepthwiseConv1D, DepthwiseConv2D, SeparableConv, SeparableConv1D,
    SeparableConv2D,
};
pub use dot::Dot;
pub use dropout::{Dropout, SpatialDropout, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D};
pub use edges::{
    Cropping, Cropping1D, Cropping2D, Cropping3D, ZeroPadding, ZeroPadding1D, ZeroPadding2D,
    ZeroPadding3D,
};
pub use embedding::Embedding;
pub use encoding::{CategoryEncoding, Normalization, OutputMode};
pub use from_config::{LAYER_CLASSES, layer_from_config};
pub use interpolation::Interpolation;
pub use layer_normalization::{
    GroupNormalization, LayerNormalization, RMSNormalization, UnitNormalization,
};
pub use merging::{Add, Average, Maximum, Minimum, Multiply, Subtract};
pub use noise::{ActivityRegularization, AlphaDropout, GaussianDropout, GaussianNoise};
pub use pooling::{
    AveragePooling, AveragePooling1D, AveragePooling2D, AveragePooling3D, GlobalAveragePooling,
    GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D, GlobalMaxPooling,
    GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D, MaxPooling, MaxPooling1D,
    MaxPooling2D, MaxPooling3D,
};
pub use random_colors::{RandomBrightness, RandomContrast};
pub use random_views::{FlipMode, RandomFlip, RandomRotation, RandomTranslation, RandomZoom};
pub use rectifiers::{ELU, LeakyReLU, PReLU, ReLU, Softmax};
pub use resizing::{CenterCrop, RandomCrop, Resizing};
pub use sampling::FillMode;
pub use settings::{AxisList, Ends, Factor, Padding, Size};
pub use shaping::{Flatten, Permute, RepeatVector, Rescaling, Reshape};
pub use up_sampling::{UpSampling, UpSampling1D, UpSampling2D, UpSampling3D};

use super::config::{Field, Map, Value};
use super::functional::{self, Symbol, Symbols};
use super::{Activation, Network, Scope};
use crate::error::{Code, Error};
use crate::graph::Expr;
use std::fmt;
use std::sync::Arc;

/// A layer of a network.
///
/// `call` is traced once for each way a network is run: the weights it names are the layer's weights, the
/// value it returns is its output. The first dimension of `x` is the batch.
///
/// ```
/// use neurona_core::graph::Expr;
/// use neurona_core::nn::{Initializer, Layer, Scope};
///
/// /// `x · scale`, with a learnt scale for each feature.
/// #[derive(Debug)]
/// struct Scale;
///
/// impl Layer for Scale {
///     fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
///         x * scope.weight("scale", &[x.shape().last()], Initializer::Ones)
///     }
/// }
/// ```
pub trait Layer: fmt::Debug + Send + Sync {
    /// The layer's output for `x`.
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g>;

    /// The layer's outputs for several inputs. Default: one output, [`call`](Layer::call) of the only input.
    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        match *inputs {
            [x] => vec![self.call(scope, x)],
            _ => {
                takes(scope, self.class_name(), inputs.len(), 1);
                vec![scope.placeholder()]
            }
        }
    }

    /// How many outputs it gives. Default: 1.
    fn output_count(&self) -> usize {
        1
    }

    /// The layer's output for a value that does not exist yet, `layer.on(&x)`, or for several,
    /// `layer.on([&a, &b])`: see [`Symbol`] and [`Symbols`].
    ///
    /// ```
    /// use neurona_core::nn::{Input, Network, layers::{Concatenate, Dense, Layer}};
    /// let (a, b) = (Input::new([4]), Input::new([2]));
    /// let both = Concatenate::default().on([&a, &b]);
    /// let network = Network::functional(&[&a, &b], &[&Dense::new(1).on(&both)])?;
    /// assert_eq!(network.build(&[vec![4], vec![2]])?.outputs[0].dims(), [1]);
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    fn on<'s>(self, inputs: impl Into<Symbols<'s>>) -> Symbol
    where
        Self: Sized + 'static,
    {
        functional::call(Arc::new(self), inputs.into()).swap_remove(0)
    }

    /// The kind of layer, as `summary()` prints it. Default: the name of the Rust type.
    fn class_name(&self) -> &'static str {
        let path = std::any::type_name::<Self>();
        path.rsplit("::").next().unwrap_or(path)
    }

    /// The name that the user gave it; a network names the other layers after their kind.
    fn name(&self) -> Option<&str> {
        None
    }

    /// The same layer under a name.
    ///
    /// ```
    /// use neurona_core::nn::{Layer, layers::Dense};
    /// assert_eq!(Dense::new(128).named("hidden").name(), Some("hidden"));
    /// ```
    fn named(self, name: &str) -> Named<Self>
    where
        Self: Sized,
    {
        Named { layer: self, name: name.to_owned() }
    }

    /// Its settings under Keras' names, to be written to a file as a layer of its class. Default: `None`, for a layer
    /// for which files have no name.
    fn config(&self) -> Option<Map<String, Value>> {
        None
    }

    /// The network it is, if it is one: its layers have the weights. Default: `None`.
    fn network(&self) -> Option<&Network> {
        None
    }

    /// The activation at its end, if any: for pictures and explanations.
    fn activation_fn(&self) -> Option<Activation> {
        None
    }
}

/// Whether a layer is given the number of inputs that it takes; if not, that is a mistake (E012).
pub(super) fn takes(scope: &Scope<'_>, layer: &str, has: usize, wants: usize) -> bool {
    if has != wants {
        scope.fail(Error::new(Code::E012, wrong_inputs(layer, wants, has)));
    }
    has == wants
}

/// A layer with a name: see [`Layer::named`].
#[derive(Clone, Debug, PartialEq)]
pub struct Named<L> {
    layer: L,
    name: String,
}

impl<L: Layer> Layer for Named<L> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        self.layer.call(scope, x)
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        self.layer.call_all(scope, inputs)
    }

    fn output_count(&self) -> usize {
        self.layer.output_count()
    }

    fn class_name(&self) -> &'static str {
        self.layer.class_name()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        self.layer.config()
    }

    fn network(&self) -> Option<&Network> {
        self.layer.network()
    }

    fn activation_fn(&self) -> Option<Activation> {
        self.layer.activation_fn()
    }
}

/// A layer in a box, or shared, is a layer like any other.
macro_rules! held_layers {
    ($($held:ident)*) => { $(
        impl<L: Layer + ?Sized> Layer for $held<L> {
            fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
                (**self).call(scope, x)
            }

            fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
                (**self).call_all(scope, inputs)
            }

            fn output_count(&self) -> usize {
                (**self).output_count()
            }

            fn class_name(&self) -> &'static str {
                (**self).class_name()
            }

            fn name(&self) -> Option<&str> {
                (**self).name()
            }

            fn config(&self) -> Option<Map<String, Value>> {
                (**self).config()
            }

            fn network(&self) -> Option<&Network> {
                (**self).network()
            }

            fn activation_fn(&self) -> Option<Activation> {
                (**self).activation_fn()
            }
        }
    )* };
}
held_layers!(Box Arc);

/// An activation as a layer of its own.
impl Layer for Activation {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        self.apply(x)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(Map::from_iter([("activation".to_owned(), self.to_json())]))
    }

    fn activation_fn(&self) -> Option<Activation> {
        Some(*self)
    }
}

crate::messages! {
    fn wrong_inputs(layer: &str, wants: usize, has: usize) {
        en: "{layer} takes {wants} inputs, but {has} were given",
        es: "{layer} recibe {wants} entradas, pero se dieron {has}",
    }
}
