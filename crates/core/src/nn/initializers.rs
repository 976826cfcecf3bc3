//! The first values of weights.

use super::config::{Config, Fields, names, objects};
use crate::error::{Code, Error, Result};
use crate::tensor::Shape;
use crate::tensor::random::Source;

/// Which connections a [variance-scaling](Initializer::VarianceScaling) initializer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FanMode {
    /// Those into a unit.
    In,
    /// Those out of a unit.
    Out,
    /// The mean of both.
    Average,
}

names! { FanMode ("way of counting connections", "ninguna forma de contar conexiones"):
    In "fan_in", Out "fan_out", Average "fan_avg",
}

/// The distribution from which a [variance-scaling](Initializer::VarianceScaling) initializer
/// draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// Normal, cut at two deviations, with the deviation corrected for the cut.
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
    /// Uniform.
    Uniform,
}

names! { Distribution ("distribution", "ninguna distribución"):
    TruncatedNormal "truncated_normal", UntruncatedNormal "untruncated_normal", Uniform "uniform",
}

/// How a weight starts. Names, defaults and formulas are Keras'; the random numbers are our own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initializer {
    /// All 0.
    Zeros,
    /// All 1.
    Ones,
    /// All the same.
    Constant(f64),
    /// Normal. Keras' defaults: 0 and 0.05.
    RandomNormal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        stddev: f64,
    },
    /// Uniform. Keras' defaults: -0.05 and 0.05.
    RandomUniform {
        /// The lower end.
        minval: f64,
        /// The upper end.
        maxval: f64,
    },
    /// Normal, drawn again outside two deviations. Keras' defaults: 0 and 0.05.
    TruncatedNormal {
        /// The mean.
        mean: f64,
        /// The standard deviation before the cut.
        stddev: f64,
    },
    /// Variance `scale / fan`.
    VarianceScaling {
        /// The factor.
        scale: f64,
        /// Which connections to count.
        mode: FanMode,
        /// The distribution.
        distribution: Distribution,
    },
    /// Uniform within `±√(6 / (in + out))` (Glorot and Bengio, 2010).
    GlorotUniform,
    /// Normal with variance `2 / (in + out)`.
    GlorotNormal,
    /// Uniform within `±√(6 / in)` (He et al., 2015).
    HeUniform,
    /// Normal with variance `2 / in`.
    HeNormal,
    /// Uniform within `±√(3 / in)` (LeCun et al., 1998).
    LecunUniform,
    /// Normal with variance `1 / in`.
    LecunNormal,
    /// Rows or columns at right angles and of length `gain` (Saxe et al., 2014): the `Q` of a
    /// matrix of normal numbers whose `R` has a positive diagonal. If there are more dimensions,
    /// all but the last are rows. Keras' default: 1. Errors (E016): fewer than two dimensions.
    Orthogonal {
        /// The length.
        gain: f64,
    },
    /// `gain` where row and column are the same, otherwise 0. Keras' default: 1. Errors (E016): not
    /// a matrix.
    Identity {
        /// What stands on the diagonal.
        gain: f64,
    },
}

crate::messages! {
    fn not_for(initializer: &str, shape: Shape) {
        en: "{initializer} makes matrices, not a weight of shape {shape}",
        es: "{initializer} hace matrices, no un peso de forma {shape}",
    }

    fn another_initializer() {
        en: "use another initializer for this weight, for example Initializer::GlorotUniform",
        es: "use otro inicializador para este peso, por ejemplo Initializer::GlorotUniform",
    }
}

objects! { Initializer in "keras.initializers" ("initializer", "ningún inicializador") }

impl Config for Initializer {
    fn fields(&mut self, fields: &mut Fields<'_>) {
        fields.ignored(&["seed", "input_axes", "output_axes"]);
        match self {
            Initializer::Constant(value) => fields.field("value", value),
            Initializer::RandomNormal { mean, stddev }
            | Initializer::TruncatedNormal { mean, stddev } => {
                fields.field("mean", mean);
                fields.field("stddev", stddev);
            }
            Initializer::RandomUniform { minval, maxval } => {
                fields.field("minval", minval);
                fields.field("maxval", maxval);
            }
            Initializer::VarianceScaling { scale, mode, distribution } => {
                fields.field("scale", scale);
                fields.field("mode", mode);
                fields.field("distribution", distribution);
            }
            Initializer::Orthogonal { gain } | Initializer::Identity { gain } => {
                fields.field("gain", gain);
            }
            Initializer::Zeros
            | Initializer::Ones
            | Initializer::GlorotUniform
            | Initializer::GlorotNormal
            | Initializer::HeUniform
            | Initializer::HeNormal
            | Initializer::LecunUniform
            | Initializer::LecunNormal => {}
        }
    }
}

/// The deviation of a normal distribution cut at two deviations.
const TRUNCATED_DEVIATION: f64 = 0.879_625_661_034_239_8;

impl Initializer {
    /// Every initializer, with its defaults.
    pub const ALL: [Initializer; 15] = [
        Initializer::Zeros,
        Initializer::Ones,
        Initializer::Constant(0.0),
        Initializer::RandomNormal { mean: 0.0, stddev: 0.05 },
        Initializer::RandomUniform { minval: -0.05, maxval: 0.05 },
        Initializer::TruncatedNormal { mean: 0.0, stddev: 0.05 },
        Initializer::VarianceScaling {
            scale: 1.0,
            mode: FanMode::In,
            distribution: Distribution::TruncatedNormal,
        },
        Initializer::GlorotUniform,
        Initializer::GlorotNormal,
        Initializer::HeUniform,
        Initializer::HeNormal,
        Initializer::LecunUniform,
        Initializer::LecunNormal,
        Initializer::Orthogonal { gain: 1.0 },
        Initializer::Identity { gain: 1.0 },
    ];

    /// Its class, as Keras spells it.
    pub fn class(&self) -> &'static str {
        match self {
            Initializer::Zeros => "Zeros",
            Initializer::Ones => "Ones",
            Initializer::Constant(_) => "Constant",
            Initializer::RandomNormal { .. } => "RandomNormal",
            Initializer::RandomUniform { .. } => "RandomUniform",
            Initializer::TruncatedNormal { .. } => "TruncatedNormal",
            Initializer::VarianceScaling { .. } => "VarianceScaling",
            Initializer::GlorotUniform => "GlorotUniform",
            Initializer::GlorotNormal => "GlorotNormal",
            Initializer::HeUniform => "HeUniform",
            Initializer::HeNormal => "HeNormal",
            Initializer::LecunUniform => "LecunUniform",
            Initializer::LecunNormal => "LecunNormal",
            Initializer::Orthogonal { .. } => "Orthogonal",
            Initializer::Identity { .. } => "Identity",
        }
    }

    /// Checks that it can make a weight of this shape. Errors (E016): it makes matrices, and this
    /// is not one.
    pub fn check(self, shape: Shape) -> Result<()> {
        let refused = match self {
            Initializer::Orthogonal { .. } if shape.rank() < 2 => "orthogonal",
            Initializer::Identity { .. } if shape.rank() != 2 => "identity",
            _ => return Ok(()),
        };
        Err(Error::new(Code::E016, not_for(refused, shape)).fix(another_initializer()))
    }

    /// The values of a weight, in row-major order: a function of its shape and the source alone.
    ///
    /// ```
    /// use neurona_core::nn::Initializer;
    /// use neurona_core::tensor::{Shape, random::Source};
    ///
    /// let source = Source { seed: 1, stream: 0, step: 0 };
    /// let kernel = Initializer::GlorotUniform.values(Shape::new(&[784, 10])?, source);
    /// let limit = (6.0f32 / 794.0).sqrt();
    /// assert!(kernel.iter().all(|w| w.abs() <= limit));
    /// # Ok::<(), neurona_core::error::Error>(())
    /// ```
    pub fn values(self, shape: Shape, source: Source) -> Vec<f32> {
        use Distribution::{TruncatedNormal, Uniform};
        let scaled = |scale, mode, distribution| {
            Initializer::VarianceScaling { scale, mode, distribution }.values(shape, source)
        };
        let each =
            |f: &dyn Fn(u64) -> f64| (0..shape.elems() as u64).map(|i| f(i) as f32).collect();
        match self {
            Initializer::Zeros => each(&|_| 0.0),
            Initializer::Ones => each(&|_| 1.0),
            Initializer::Constant(value) => each(&|_| value),
            Initializer::RandomNormal { mean, stddev } => {
                each(&|i| mean + stddev * source.normal(i))
            }
            Initializer::RandomUniform { minval, maxval } => {
                each(&|i| minval + (maxval - minval) * f64::from(source.uniform(i)))
            }
            Initializer::TruncatedNormal { mean, stddev } => {
                each(&|i| mean + stddev * source.truncated_normal(i))
            }
            Initializer::VarianceScaling { scale, mode, distribution } => {
                let (fan_in, fan_out) = fans(shape);
                let fan = match mode {
                    FanMode::In => fan_in,
                    FanMode::Out => fan_out,
                    FanMode::Average => f64::midpoint(fan_in, fan_out),
                };
                let variance = scale / fan.max(1.0);
                match distribution {
                    TruncatedNormal => {
                        let stddev = variance.sqrt() / TRUNCATED_DEVIATION;
                        each(&|i| stddev * source.truncated_normal(i))
                    }
                    Distribution::UntruncatedNormal => {
                        each(&|i| variance.sqrt() * source.normal(i))
                    }
                    Uniform => {
                        let limit = (3.0 * variance).sqrt();
                        each(&|i| limit * (2.0 * f64::from(source.uniform(i)) - 1.0))
                    }
                }
            }
            Initializer::GlorotUniform => scaled(1.0, FanMode::Average, Uniform),
            Initializer::GlorotNormal => scaled(1.0, FanMode::Average, TruncatedNormal),
            Initializer::HeUniform => scaled(2.0, FanMode::In, Uniform),
            Initializer::HeNormal => scaled(2.0, FanMode::In, TruncatedNormal),
            Initializer::LecunUniform => scaled(1.0, FanMode::In, Uniform),
            Initializer::LecunNormal => scaled(1.0, FanMode::In, TruncatedNormal),
            Initializer::Orthogonal { gain } => orthogonal(shape, gain, source),
            Initializer::Identity { gain } => {
                let columns = shape.last().max(1) as u64;
                each(&|i| if i / columns == i % columns { gain } else { 0.0 })
            }
        }
    }
}

/// Connections into and out of a unit: the last two dimensions, times the receptive field before them.
fn fans(shape: Shape) -> (f64, f64) {
    match *shape.dims() {
        [] => (1.0, 1.0),
        [n] => (n as f64, n as f64),
        [ref field @ .., fan_in, fan_out] => {
            let field = field.iter().product::<usize>() as f64;
            (fan_in as f64 * field, fan_out as f64 * field)
        }
    }
}

/// Normal numbers as a matrix of all dimensions but the last by the last, made orthogonal along its
/// shorter side: by Gram and Schmidt, twice, which is enough and leaves a positive diagonal by itself.
fn orthogonal(shape: Shape, gain: f64, source: Source) -> Vec<f32> {
    let columns = shape.last();
    let rows = shape.elems() / columns.max(1);
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
    for i in 0..count {
        let mut v: Vec<f64> = (0..length).map(|j| source.normal((i * length + j) as u64)).collect();
        for _ in 0..2 {
            for u in &basis {
                let dot: f64 = u.iter().zip(&v).map(|(u, v)| u * v).sum();
                v.iter_mut().zip(u).for_each(|(v, u)| *v -= dot * u);
            }
        }
        let norm = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        v.iter_mut().for_each(|v| *v /= norm);
        basis.push(v);
    }
    let at = |row: usize, column: usize| {
        gain * if rows >= columns { basis[column][row] } else { basis[row][column] }
    };
    (0..shape.elems()).map(|i| at(i / columns, i % columns) as f32).collect()
}
