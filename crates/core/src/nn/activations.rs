//! Activations: what a neuron makes of its weighted sum.

use super::config::{Config, Field, Fields, Map, Object, Value, read};
use crate::error::{Code, Error, Result, unknown_name};
use crate::graph::{Expr, Span};
use crate::message::Text;
use crate::tensor::{DType, Shape};
use std::f64::consts::{FRAC_2_PI, SQRT_2};

/// An activation, applied to each element; softmax, `log_softmax`, sparsemax and glu to
/// each row.
///
/// Names, defaults and formulas follow Keras 3; the two thresholds are the activations of the first neurons.
///
/// ```
/// use neurona_core::nn::Activation;
/// assert_eq!(Activation::from_name("leaky_relu")?, Activation::LeakyRelu { negative_slope: 0.2 });
/// assert_eq!(Activation::from_name("swish")?, Activation::Silu);
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
    /// `x` if `x > 0`, otherwise `alpha · (e^x - 1)`. Default: 1.
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
    /// `x` if `x > 0`, otherwise `negative_slope · x`. Default: 0.2.
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
    /// `min(max(0.2 x + 0.5, 0), 1)`: what Keras 2 calls `hard_sigmoid`. Keras 3 has no name for it; files have it as two
    /// layers.
    HardSigmoidKeras2,
    /// `min(max(x, 0), 6)`
    Relu6,
    /// `x - log Σ e^x` over the last dimension.
    LogSoftmax,
    /// `-log(1 + e^-x)`
    LogSigmoid,
    /// `x · hard_sigmoid(x)`, also called `hard_swish`.
    HardSilu,
    /// `min(max(x, -1), 1)`
    HardTanh,
    /// `x · tanh(softplus(x))` (Misra, 2019).
    Mish,
    /// `max(x, 0) + alpha · (e^(min(x, 0) / alpha) - 1)` (Barron, 2017). Default: 1.
    Celu {
        /// How far down it goes.
        alpha: f64,
    },
    /// `a · sigmoid(b)`, with `a` and `b` the halves of each row (Dauphin et al., 2016): the last dimension
    /// becomes half as wide. Errors (E012): it is odd.
    Glu,
    /// `x` if `x > threshold`, otherwise `default_value`. Keras has no defaults; by its name alone,
    /// both are 0.
    Threshold {
        /// Above it (strictly) `x` passes.
        threshold: f64,
        /// The value that the others become.
        default_value: f64,
    },
    /// `x - threshold` above `threshold`, `x + threshold` below `-threshold`, otherwise 0. Default:
    /// 0.5.
    SoftShrink {
        /// How far from 0 values count as 0.
        threshold: f64,
    },
    /// `x` if `|x| > threshold`, otherwise 0. Default: 0.5.
    HardShrink {
        /// How far from 0 values count as 0.
        threshold: f64,
    },
    /// `x - tanh(x)`
    TanhShrink,
    /// `(x + √(x² + b)) / 2` (Barron, 2021). Default: 4.
    Squareplus {
        /// How wide the bend is.
        b: f64,
    },
    /// 0 if `x ≤ -1`, `x` if `x ≥ 1`, otherwise `(x + 1)² / 4`.
    SparsePlus,
    /// `min(max((x + 1) / 2, 0), 1)`
    SparseSigmoid,
    /// `max(x - τ, 0)` over the last dimension, with `τ` such that each row sums to 1: the nearest
    /// distribution, in which many elements are exactly 0 (Martins and Astudillo, 2016).
    ///
    /// Every element is compared with every other element of its row, instead of sorting the row:
    /// exact, and quick for rows of up to some hundreds. (Keras 3.15 sums the cumulative sums
    /// instead, so that its rows sum to more than 1 where more than one element is left; this is
    /// the formula of the paper.)
    Sparsemax,
    /// 1 if `x ≥ 0`, otherwise 0. Its derivative is zero everywhere: gradients cannot train through
    /// it.
    BinaryThreshold,
    /// 1 if `x ≥ 0`, otherwise -1. Its derivative is zero everywhere: gradients cannot train
    /// through it.
    BipolarThreshold,
    /// The result of a name that does not exist (`Dense::new(3).activation("rellu")`): an error
    /// (E015) in whatever it is applied to.
    Unknown(&'static str),
}

/// From a name written in the program; a name that does not exist gives
/// [`Unknown`](Activation::Unknown).
///
/// ```
/// use neurona_core::nn::{Activation, layers::Dense};
/// assert_eq!(Dense::new(10).activation("relu"), Dense::new(10).activation(Activation::Relu));
/// ```
impl From<&'static str> for Activation {
    fn from(name: &'static str) -> Activation {
        Activation::from_name(name).unwrap_or(Activation::Unknown(name))
    }
}

impl Activation {
    /// Every activation, with its defaults.
    pub const ALL: [Activation; 33] = [
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
        Activation::HardSigmoidKeras2,
        Activation::Relu6,
        Activation::LogSoftmax,
        Activation::LogSigmoid,
        Activation::HardSilu,
        Activation::HardTanh,
        Activation::Mish,
        Activation::Celu { alpha: 1.0 },
        Activation::Glu,
        Activation::Threshold { threshold: 0.0, default_value: 0.0 },
        Activation::SoftShrink { threshold: 0.5 },
        Activation::HardShrink { threshold: 0.5 },
        Activation::TanhShrink,
        Activation::Squareplus { b: 4.0 },
        Activation::SparsePlus,
        Activation::SparseSigmoid,
        Activation::Sparsemax,
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
            Activation::HardSigmoidKeras2 => "hard_sigmoid_keras2",
            Activation::Relu6 => "relu6",
            Activation::LogSoftmax => "log_softmax",
            Activation::LogSigmoid => "log_sigmoid",
            Activation::HardSilu => "hard_silu",
            Activation::HardTanh => "hard_tanh",
            Activation::Mish => "mish",
            Activation::Celu { .. } => "celu",
            Activation::Glu => "glu",
            Activation::Threshold { .. } => "threshold",
            Activation::SoftShrink { .. } => "soft_shrink",
            Activation::HardShrink { .. } => "hard_shrink",
            Activation::TanhShrink => "tanh_shrink",
            Activation::Squareplus { .. } => "squareplus",
            Activation::SparsePlus => "sparse_plus",
            Activation::SparseSigmoid => "sparse_sigmoid",
            Activation::Sparsemax => "sparsemax",
            Activation::BinaryThreshold => "binary_threshold",
            Activation::BipolarThreshold => "bipolar_threshold",
            Activation::Unknown(name) => name,
        }
    }

    /// The function with that name and its defaults; `swish` and `hard_swish` are names, too.
    /// Errors (E015): no such name, with the nearest one.
    pub fn from_name(name: &str) -> Result<Activation> {
        let name = match name {
            "swish" => "silu",
            "hard_swish" => "hard_silu",
            other => other,
        };
        let known = Activation::ALL.map(Activation::name);
        Activation::ALL.into_iter().find(|a| a.name() == name).ok_or_else(|| {
            unknown_name(&Text::new("activation", "ninguna función de transferencia"), name, &known)
        })
    }

    /// Its formula, for display.
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
            Activation::HardSigmoidKeras2 => "min(max(0.2 x + 0.5, 0), 1)",
            Activation::Relu6 => "min(max(x, 0), 6)",
            Activation::LogSoftmax => "x − log Σ eˣ",
            Activation::LogSigmoid => "−log(1 + e⁻ˣ)",
            Activation::HardSilu => "x · hard_sigmoid(x)",
            Activation::HardTanh => "min(max(x, −1), 1)",
            Activation::Mish => "x · tanh(log(1 + eˣ))",
            Activation::Celu { .. } => "max(x, 0) + α(exp(min(x, 0)/α) − 1)",
            Activation::Glu => "a · sigmoid(b)",
            Activation::Threshold { .. } => "x (x > θ), default (x ≤ θ)",
            Activation::SoftShrink { .. } => "sign(x) · max(|x| − θ, 0)",
            Activation::HardShrink { .. } => "x (|x| > θ), 0 (|x| ≤ θ)",
            Activation::TanhShrink => "x − tanh x",
            Activation::Squareplus { .. } => "(x + √(x² + b)) / 2",
            Activation::SparsePlus => "0 (x ≤ −1), (x + 1)²/4, x (x ≥ 1)",
            Activation::SparseSigmoid => "min(max((x + 1)/2, 0), 1)",
            Activation::Sparsemax => "max(x − τ, 0)",
            Activation::BinaryThreshold => "0 (x < 0), 1 (x ≥ 0)",
            Activation::BipolarThreshold => "−1 (x < 0), 1 (x ≥ 0)",
            Activation::Unknown(_) => "?",
        }
    }

    /// Whether gradients can pass: false for the two thresholds.
    pub fn is_differentiable(self) -> bool {
        !matches!(self, Activation::BinaryThreshold | Activation::BipolarThreshold)
    }

    /// Whether each element is a function of one element: false where it depends on a whole row.
    pub fn is_elementwise(self) -> bool {
        !matches!(
            self,
            Activation::Softmax | Activation::LogSoftmax | Activation::Sparsemax | Activation::Glu
        )
    }

    /// The function of a value.
    #[track_caller]
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
            Activation::HardSigmoidKeras2 => (0.2 * x + 0.5).clip(0.0, 1.0),
            Activation::Relu6 => x.clip(0.0, 6.0),
            Activation::LogSoftmax => x.log_softmax(),
            Activation::LogSigmoid => -(-x).softplus(),
            Activation::HardSilu => x * Activation::HardSigmoid.apply(x),
            Activation::HardTanh => x.clip(-1.0, 1.0),
            Activation::Mish => x * x.softplus().tanh(),
            Activation::Celu { alpha } => x.max(zero) + alpha * ((x.min(zero) / alpha).exp() - 1.0),
            Activation::Glu => glu(x),
            Activation::Threshold { threshold, default_value } => {
                x.fill_like(threshold).less(x).select(x, x.fill_like(default_value))
            }
            Activation::SoftShrink { threshold } => x.sign() * (x.abs() - threshold).max(zero),
            Activation::HardShrink { threshold } => {
                x.fill_like(threshold).less(x.abs()).select(x, zero)
            }
            Activation::TanhShrink => x - x.tanh(),
            Activation::Squareplus { b } => (x + (x * x + b).sqrt()) / 2.0,
            Activation::SparsePlus => {
                let near = x.clip(-1.0, 1.0) + 1.0;
                x.less(x.fill_like(1.0)).select(near * near / 4.0, x)
            }
            Activation::SparseSigmoid => ((x + 1.0) / 2.0).clip(0.0, 1.0),
            Activation::Sparsemax => sparsemax(x),
            Activation::BinaryThreshold => zero.less_equal(x).cast(DType::F32),
            Activation::BipolarThreshold => zero.less_equal(x).cast(DType::F32) * 2.0 - 1.0,
            Activation::Unknown(name) => {
                if let Err(error) = Activation::from_name(name) {
                    x.builder().fail(error);
                }
                x
            }
        }
    }
}

fn elu(x: Expr<'_>, alpha: f64) -> Expr<'_> {
    let zero = x.fill_like(0.0);
    // The exponential is used only below zero, but must not overflow above it.
    zero.less(x).select(x, alpha * (x.min(zero).exp() - 1.0))
}

fn glu(x: Expr<'_>) -> Expr<'_> {
    let (axis, width) = (x.shape().rank().saturating_sub(1), x.shape().last());
    if !width.is_multiple_of(2) {
        let error = Error::new(Code::E012, odd_halves(width)).fix(even_width());
        x.builder().fail(error);
        return x;
    }
    let half = |start| x.slice(Span { axis, start, step: 1 }, width / 2);
    half(0) * half(width / 2).sigmoid()
}

/// With `r` an element's rank, the count of elements that are no smaller, and `S` their sum, it is
/// in the support where `1 + r · x > S`; then `τ = (Σ of the support - 1) / its size`. Equal
/// elements all have the rank of the last, which decides the same way: each adds the same `x` to
/// both sides.
fn sparsemax(x: Expr<'_>) -> Expr<'_> {
    let shape = x.shape();
    let (before, n) = (&shape.dims()[..shape.rank().saturating_sub(1)], shape.last());
    let column = x.reshape(&[before, &[n, 1]].concat());
    let row = x.reshape(&[before, &[1, n]].concat());
    let Ok(pairs) = Shape::new(&[before, &[n, n]].concat()) else { return x };
    let above = column.broadcast(pairs).less_equal(row.broadcast(pairs)).cast(DType::F32);
    let rank = above.sum_last();
    let sum = (above * row).sum_last();
    let support = sum.less(column * rank + 1.0).cast(DType::F32).reshape(shape.dims());
    let threshold = ((support * x).sum_last() - 1.0) / support.sum_last();
    (x - threshold).max(x.fill_like(0.0))
}

/// A name, if the settings are the defaults; otherwise an object: Keras' layer for that function,
/// if it has one.
impl Field for Activation {
    fn to_json(&self) -> Value {
        let object = Object::of(self.name(), self);
        match *self {
            Activation::HardSigmoidKeras2 => two_layers(),
            _ if Activation::from_name(self.name()).as_ref() == Ok(self) => self.name().into(),
            Activation::LeakyRelu { .. } => {
                Object { class: "LeakyReLU".to_owned(), ..object }.to_json("keras.layers")
            }
            Activation::Elu { .. } => {
                Object { class: "ELU".to_owned(), ..object }.to_json("keras.layers")
            }
            _ => object.to_json("keras.activations"),
        }
    }

    fn from_json(value: &Value) -> Result<Activation> {
        if value.is_null() {
            return Ok(Activation::Linear);
        }
        let Object { class, mut config } = Object::from_json(value)?;
        if class == "Sequential" && is_two_layers(&config) {
            return Ok(Activation::HardSigmoidKeras2);
        }
        let number = |name: &str| config.get(name).and_then(Value::as_f64);
        let blank = match class.as_str() {
            // Layers whose settings make them one of the functions.
            "ReLU" if number("threshold").unwrap_or(0.0) == 0.0 => {
                match (number("max_value"), number("negative_slope").unwrap_or(0.0)) {
                    (None, 0.0) => return Ok(Activation::Relu),
                    (Some(6.0), 0.0) => return Ok(Activation::Relu6),
                    (None, negative_slope) => return Ok(Activation::LeakyRelu { negative_slope }),
                    (Some(_), _) => Activation::from_name(&class)?,
                }
            }
            "Softmax" if number("axis").is_none_or(|axis| axis == -1.0) => {
                return Ok(Activation::Softmax);
            }
            "LeakyReLU" => Activation::LeakyRelu { negative_slope: 0.3 },
            "ELU" => Activation::Elu { alpha: 1.0 },
            name => Activation::from_name(name)?,
        };
        // A layer has settings that a function does not have.
        ["name", "trainable", "dtype"].iter().for_each(|name| drop(config.remove(*name)));
        read(blank, config)
    }
}

/// Keras 2's `hard_sigmoid` in Keras 3's words, where a stack of layers can be an activation:
/// `0.2 x + 0.5`, cut off at 0 and 1.
fn two_layers() -> Value {
    let layer = |class: &str, config: Value| {
        serde_json::json!({
            "module": "keras.layers", "class_name": class, "config": config, "registered_name": null,
        })
    };
    let layers = [
        layer("Rescaling", serde_json::json!({"name": "rescaling", "scale": 0.2, "offset": 0.5})),
        layer("ReLU", serde_json::json!({"name": "re_lu", "max_value": 1.0})),
    ];
    let mut config = Map::new();
    config.insert("name".to_owned(), Activation::HardSigmoidKeras2.name().into());
    config.insert("layers".to_owned(), layers.into());
    Object { class: "Sequential".to_owned(), config }.to_json("keras")
}

/// Whether a stack of layers is [`two_layers`], even as Keras rewrites it.
fn is_two_layers(config: &Map<String, Value>) -> bool {
    let layers = config.get("layers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let layers: Vec<&Value> =
        layers.iter().filter(|layer| layer["class_name"] != "InputLayer").collect();
    let [scaled, cut] = layers[..] else { return false };
    let number = |layer: &Value, name: &str| layer["config"].get(name).and_then(Value::as_f64);
    scaled["class_name"] == "Rescaling"
        && (number(scaled, "scale"), number(scaled, "offset")) == (Some(0.2), Some(0.5))
        && cut["class_name"] == "ReLU"
        && number(cut, "max_value") == Some(1.0)
        && ["negative_slope", "threshold"].iter().all(|n| number(cut, n).unwrap_or(0.0) == 0.0)
}

impl Config for Activation {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        match self {
            Activation::Elu { alpha } | Activation::Celu { alpha } => fields.field("alpha", alpha),
            Activation::Gelu { approximate } => fields.field("approximate", approximate),
            Activation::LeakyRelu { negative_slope } => {
                fields.field("negative_slope", negative_slope);
            }
            Activation::Threshold { threshold, default_value } => {
                fields.field("threshold", threshold);
                fields.field("default_value", default_value);
            }
            Activation::SoftShrink { threshold } | Activation::HardShrink { threshold } => {
                fields.field("threshold", threshold);
            }
            Activation::Squareplus { b } => fields.field("b", b),
            _ => {}
        }
    }
}

crate::messages! {
    fn odd_halves(width: usize) {
        en: "glu takes the second half of each row as gates, but rows have {width} elements",
        es: "glu toma la segunda mitad de cada fila como compuertas, pero las filas tienen {width} elementos",
    }

    fn even_width() {
        en: "give the layer before it an even number of units",
        es: "dé a la capa anterior un número par de unidades",
    }
}
