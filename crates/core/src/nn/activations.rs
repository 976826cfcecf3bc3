//! Transfer functions: what a neuron makes of its weighted sum.

use crate::error::{Result, unknown_name};
use crate::graph::Expr;
use crate::message::Text;
use crate::tensor::DType;
use std::f64::consts::{FRAC_2_PI, SQRT_2};

/// A transfer function (activation), applied to each element; [`Softmax`](Activation::Softmax) to each row.
///
/// Names, defaults and formulas are those of Keras 3, and the two thresholds those of the first neurons.
///
/// ```
/// use neurona_core::nn::Activation;
/// assert_eq!(Activation::from_name("leaky_relu")?, Activation::LeakyRelu { negative_slope: 0.2 });
/// assert_eq!(Activation::Sigmoid.name(), "sigmoid");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Activation {
    /// `x`
    #[default]
    Linear,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `e^x / Σ e^x` over the last dimension.
    Softmax,
    /// `max(x, 0)`
    Relu,
    /// Hyperbolic tangent.
    Tanh,
    /// `log(1 + e^x)`
    Softplus,
    /// `x` if `x > 0`, else `alpha · (e^x - 1)`. Default: 1.
    Elu {
        /// How far down it goes.
        alpha: f64,
    },
    /// `1.0507 · elu(x, 1.6733)`, which keeps mean and variance (Klambauer et al., 2017).
    Selu,
    /// `x · Φ(x)`, with the normal distribution function or its approximation by a tangent. Default: exact.
    Gelu {
        /// Whether to use `0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
        approximate: bool,
    },
    /// `x · sigmoid(x)`, also called swish.
    Silu,
    /// `x` if `x > 0`, else `negative_slope · x`. Default: 0.2.
    LeakyRelu {
        /// The slope below zero.
        negative_slope: f64,
    },
    /// `e^x`
    Exponential,
    /// `x / (1 + |x|)`
    Softsign,
    /// `min(max(x + 3, 0), 6) / 6`
    HardSigmoid,
    /// 1 if `x ≥ 0`, else 0. Its derivative is zero everywhere: gradients cannot train through it.
    BinaryThreshold,
    /// 1 if `x ≥ 0`, else -1. Its derivative is zero everywhere: gradients cannot train through it.
    BipolarThreshold,
}

impl Activation {
    /// Every transfer function, with its defaults.
    pub const ALL: [Activation; 16] = [
        Activation::Linear,
        Activation::Sigmoid,
        Activation::Softmax,
        Activation::Relu,
        Activation::Tanh,
        Activation::Softplus,
        Activation::Elu { alpha: 1.0 },
        Activation::Selu,
        Activation::Gelu { approximate: false },
        Activation::Silu,
        Activation::LeakyRelu { negative_slope: 0.2 },
        Activation::Exponential,
        Activation::Softsign,
        Activation::HardSigmoid,
        Activation::BinaryThreshold,
        Activation::BipolarThreshold,
    ];

    /// Its name, as Keras spells it.
    pub fn name(self) -> &'static str {
        match self {
            Activation::Linear => "linear",
            Activation::Sigmoid => "sigmoid",
            Activation::Softmax => "softmax",
            Activation::Relu => "relu",
            Activation::Tanh => "tanh",
            Activation::Softplus => "softplus",
            Activation::Elu { .. } => "elu",
            Activation::Selu => "selu",
            Activation::Gelu { .. } => "gelu",
            Activation::Silu => "silu",
            Activation::LeakyRelu { .. } => "leaky_relu",
            Activation::Exponential => "exponential",
            Activation::Softsign => "softsign",
            Activation::HardSigmoid => "hard_sigmoid",
            Activation::BinaryThreshold => "binary_threshold",
            Activation::BipolarThreshold => "bipolar_threshold",
        }
    }

    /// The function of that name, with its defaults. Errors (E015): no such name, with the nearest one.
    pub fn from_name(name: &str) -> Result<Activation> {
        let name = if name == "swish" { "silu" } else { name };
        let known = Activation::ALL.map(Activation::name);
        Activation::ALL.into_iter().find(|a| a.name() == name).ok_or_else(|| {
            unknown_name(&Text::new("activation", "ninguna función de transferencia"), name, &known)
        })
    }

    /// Its formula, to show.
    pub fn formula(self) -> &'static str {
        match self {
            Activation::Linear => "x",
            Activation::Sigmoid => "1 / (1 + e⁻ˣ)",
            Activation::Softmax => "eˣ / Σ eˣ",
            Activation::Relu => "max(x, 0)",
            Activation::Tanh => "tanh x",
            Activation::Softplus => "log(1 + eˣ)",
            Activation::Elu { .. } => "x (x > 0), α(eˣ − 1) (x ≤ 0)",
            Activation::Selu => "1.0507 · elu(x, 1.6733)",
            Activation::Gelu { .. } => "x · Φ(x)",
            Activation::Silu => "x · sigmoid(x)",
            Activation::LeakyRelu { .. } => "x (x > 0), 0.2 x (x ≤ 0)",
            Activation::Exponential => "eˣ",
            Activation::Softsign => "x / (1 + |x|)",
            Activation::HardSigmoid => "min(max(x + 3, 0), 6) / 6",
            Activation::BinaryThreshold => "0 (x < 0), 1 (x ≥ 0)",
            Activation::BipolarThreshold => "−1 (x < 0), 1 (x ≥ 0)",
        }
    }

    /// Whether gradients can pass: false for the two thresholds.
    pub fn is_differentiable(self) -> bool {
        !matches!(self, Activation::BinaryThreshold | Activation::BipolarThreshold)
    }

    /// The function of a value.
    pub fn apply(self, x: Expr<'_>) -> Expr<'_> {
        let zero = x.fill_like(0.0);
        match self {
            Activation::Linear => x,
            Activation::Sigmoid => x.sigmoid(),
            Activation::Softmax => x.softmax(),
            Activation::Relu => x.max(zero),
            Activation::Tanh => x.tanh(),
            Activation::Softplus => x.softplus(),
            Activation::Elu { alpha } => elu(x, alpha),
            Activation::Selu => 1.050_700_987_355_480_5 * elu(x, 1.673_263_242_354_377_2),
            Activation::Gelu { approximate: false } => x * 0.5 * ((x / SQRT_2).erf() + 1.0),
            Activation::Gelu { approximate: true } => {
                let inner = FRAC_2_PI.sqrt() * (x + 0.044_715 * (x * x * x));
                0.5 * x * (inner.tanh() + 1.0)
            }
            Activation::Silu => x * x.sigmoid(),
            Activation::LeakyRelu { negative_slope } => zero.less(x).select(x, x * negative_slope),
            Activation::Exponential => x.exp(),
            Activation::Softsign => x / (x.abs() + 1.0),
            Activation::HardSigmoid => (x + 3.0).clip(0.0, 6.0) / 6.0,
            Activation::BinaryThreshold => zero.less_equal(x).cast(DType::F32),
            Activation::BipolarThreshold => zero.less_equal(x).cast(DType::F32) * 2.0 - 1.0,
        }
    }
}

fn elu(x: Expr<'_>, alpha: f64) -> Expr<'_> {
    let zero = x.fill_like(0.0);
    // The exponential of what is chosen only below zero must not overflow above.
    zero.less(x).select(x, alpha * (x.min(zero).exp() - 1.0))
}
