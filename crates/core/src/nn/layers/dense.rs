//! The fully connected layer.

use super::Layer;
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::config::{Map, Value, settings, written};
use crate::nn::weights::weight_settings;
use crate::nn::{Activation, Initializer, Regularizer, Scope, WeightSettings};

/// A fully connected layer: `activation(x · kernel + bias)` over the last dimension of `x`.
///
/// Shapes: `x` is `(batch, …, features)`, the output `(batch, …, units)`; weights `kernel`
/// `(features, units)` and `bias` `(units)`. Defaults are Keras': linear, with bias, kernel
/// [`GlorotUniform`](Initializer::GlorotUniform), bias zeros. Errors: E016 no units, E012 samples without
/// a dimension.
///
/// ```
/// use neurona_core::nn::{Activation, layers::Dense};
/// let layer = Dense::new(10).activation(Activation::Sigmoid);
/// assert_eq!(layer, Dense { activation: Activation::Sigmoid, ..Dense::new(10) });
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// How many units: the size of the output's last dimension.
    pub units: usize,
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

weight_settings! { Dense:
    kernel kernel_initializer kernel_regularizer kernel_constraint,
    bias bias_initializer bias_regularizer bias_constraint,
}

impl Dense {
    /// A layer of `units` units with Keras' defaults.
    pub fn new(units: usize) -> Dense {
        Dense {
            units,
            activation: Activation::Linear,
            use_bias: true,
            kernel: Initializer::GlorotUniform.into(),
            bias: Initializer::Zeros.into(),
            activity_regularizer: None,
        }
    }

    /// With this activation: `Relu`, or its name, `"relu"`. A name that does not exist is an error (E015) of the
    /// model, at the latest when it is compiled.
    pub fn activation(self, activation: impl Into<Activation>) -> Dense {
        Dense { activation: activation.into(), ..self }
    }

    /// Without a bias.
    pub fn without_bias(self) -> Dense {
        Dense { use_bias: false, ..self }
    }

    /// Adding this regularizer of its output to the loss.
    pub fn activity_regularizer(self, regularizer: Regularizer) -> Dense {
        Dense { activity_regularizer: Some(regularizer), ..self }
    }
}

settings! {
    Dense {
        required: units;
        field: activation, use_bias;
        weight: kernel, bias;
        rare: activity_regularizer;
    }
}

impl Layer for Dense {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let shape = x.shape();
        let Some((&features, samples)) = shape.dims().split_last().filter(|(_, s)| !s.is_empty())
        else {
            scope.fail(Error::new(Code::E012, no_features()).fix(give_features()));
            return x;
        };
        if self.units == 0 {
            scope.fail(Error::new(Code::E016, no_units()));
        }
        let kernel = scope.weight("kernel", &[features, self.units], self.kernel);
        let mut y = x.reshape(&[samples.iter().product(), features]).matmul(kernel);
        if self.use_bias {
            y = y + scope.weight("bias", &[self.units], self.bias);
        }
        let y = self.activation.apply(y.reshape(&[samples, &[self.units]].concat()));
        scope.regularize(self.activity_regularizer, y)
    }

    fn activation_fn(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn no_units() {
        en: "a dense layer needs at least 1 unit, not 0",
        es: "una capa densa necesita al menos 1 unidad, no 0",
    }

    fn no_features() {
        en: "a dense layer needs samples of numbers, but each sample is a single number without a dimension",
        es: "una capa densa necesita muestras con números, pero cada muestra es un solo número sin dimensión",
    }

    fn give_features() {
        en: "give x two dimensions: (samples, features)",
        es: "dé a x dos dimensiones: (muestras, características)",
    }
}
