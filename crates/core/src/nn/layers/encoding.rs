//! Numbers prepared for learning: brought to mean 0 and variance 1, or treated as names.

use super::settings::{axes_of, in_range};
use super::{AxisList, Layer};
use crate::error::{Code, Error, Result};
use crate::graph::{Builder, Expr};
use crate::nn::config::{Map, Value, names, settings, written};
use crate::nn::{Scope, check_finite};
use crate::tensor::{Axes, DType, Shape, ToTensor};

/// `(x - mean) / max(√variance, 1e-7)`, for each position along axes; with `invert`, the reverse.
///
/// Shapes: output same as input. Mean and variance are settings: [`adapt`](Normalization::adapt)
/// computes them from data. Default: last axis; without any axis, everything has one mean. Errors:
/// E016 no such axis, or the batch, a negative variance, the wrong number of means and variances;
/// E012 samples with another number of positions.
///
/// ```
/// use neurona_core::nn::layers::Normalization;
/// let data = vec![vec![1.0f32, 5.0], vec![2.0, 5.0], vec![3.0, 5.0]];
/// let layer = Normalization::adapt(&data, -1)?;
/// assert_eq!(layer.mean, [2.0, 5.0]);
/// assert_eq!(layer.variance, [2.0 / 3.0, 0.0]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Normalization {
    /// Along which axes each position has its own mean; negative ones count from the end.
    pub axis: Vec<i64>,
    /// The means in the order of the positions, or one for all.
    pub mean: Vec<f64>,
    /// The variances in the order of the positions, or one for all.
    pub variance: Vec<f64>,
    /// Whether to undo: `mean + x · max(√variance, 1e-7)`. Default: no.
    pub invert: bool,
}

impl Normalization {
    /// With these means and variances along the last axis.
    pub fn new(mean: impl Into<Vec<f64>>, variance: impl Into<Vec<f64>>) -> Normalization {
        let (mean, variance) = (mean.into(), variance.into());
        Normalization { axis: vec![-1], mean, variance, invert: false }
    }

    /// With the means and variances of data along axes (variances are divided by the count of
    /// numbers). Data come in any form that `fit` accepts. Errors: E016 no such axis, or the batch;
    /// E023 a number that is not finite; E025 no data; the errors of the [data](ToTensor).
    pub fn adapt<'a>(data: impl ToTensor<'a>, axis: impl Into<AxisList>) -> Result<Normalization> {
        let AxisList(axis) = axis.into();
        let data = data.to_tensor()?;
        let (shape, rank) = (data.shape(), data.shape().rank());
        let mut kept = Vec::with_capacity(axis.len());
        for &axis in &axis {
            let found = usize::try_from(if axis < 0 { axis + rank as i64 } else { axis }).ok();
            match found.filter(|&found| 0 < found && found < rank) {
                Some(found) => kept.push(found),
                None => return Err(Error::new(Code::E016, bad_axis(axis, shape))),
            }
        }
        kept.sort_unstable();
        kept.dedup();
        if shape.elems() == 0 {
            return Err(Error::new(Code::E025, no_data(shape)));
        }
        check_finite("data", &data)?;
        let (values, strides) = (data.to_f64(), shape.strides());
        let positions: usize = kept.iter().map(|&axis| shape.dims()[axis]).product();
        let position = |i: usize| {
            kept.iter().fold(0, |place, &axis| {
                place * shape.dims()[axis] + i / strides[axis] % shape.dims()[axis]
            })
        };
        let each = (shape.elems() / positions) as f64;
        let mean_of = |number: &dyn Fn(usize) -> f64| {
            let mut sums = vec![0.0; positions];
            (0..values.len()).for_each(|i| sums[position(i)] += number(i));
            sums.into_iter().map(|sum| sum / each).collect::<Vec<f64>>()
        };
        let mean = mean_of(&|i| values[i]);
        let variance = mean_of(&|i| (values[i] - mean[position(i)]).powi(2));
        Ok(Normalization { axis, mean, variance, invert: false })
    }

    /// The reverse: from mean 0 and variance 1 back to the original numbers.
    pub fn invert(self) -> Normalization {
        Normalization { invert: true, ..self }
    }
}

settings! {
    Normalization {
        all_or_axes: axis;
        numbers: mean, variance;
        field: invert;
    }
}

impl Layer for Normalization {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let shape = x.shape();
        let Some(axes) = axes_of(scope, &self.axis, shape) else { return x };
        if self.mean.len() != self.variance.len() {
            let text = counts_differ(self.mean.len(), self.variance.len());
            scope.fail(Error::new(Code::E016, text));
            return x;
        }
        if let Some(&variance) = self.variance.iter().find(|v| v.is_nan() || **v < 0.0) {
            scope.fail(Error::new(Code::E016, negative_variance(variance)));
            return x;
        }
        let mut dims = vec![1; shape.rank()];
        axes.iter().for_each(|&axis| dims[axis] = shape.dims()[axis]);
        let positions: usize = dims.iter().product();
        if self.mean.len() != positions && self.mean.len() != 1 {
            let sample = super::merging::sample(x);
            let text = wrong_count(self.mean.len(), positions, sample);
            scope.fail(Error::new(Code::E012, text).fix(adapt_again()));
            return x;
        }
        if self.mean.len() == 1 {
            dims.fill(1);
        }
        let deviation: Vec<f64> = self.variance.iter().map(|v| v.sqrt().max(1e-7)).collect();
        let mean = constants(x.builder(), &self.mean).reshape(&dims);
        let deviation = constants(x.builder(), &deviation).reshape(&dims);
        if self.invert { mean + x * deviation } else { (x - mean) / deviation }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// A row of given numbers: runs of equal ones, joined in pairs, so that few elements are touched
/// often.
pub(super) fn constants<'g>(builder: &'g Builder, numbers: &[f64]) -> Expr<'g> {
    let runs = numbers.chunk_by(|a, b| a.to_bits() == b.to_bits());
    let mut parts: Vec<Expr<'g>> = runs.map(|run| builder.fill(run[0], &[run.len()])).collect();
    while parts.len() > 1 {
        parts = parts.chunks(2).map(|pair| Expr::concat(pair, 0)).collect();
    }
    parts.pop().unwrap_or_else(|| builder.fill(0.0, &[0]))
}

/// How numbers that stand for names are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OutputMode {
    /// A row for each number, with a one in its place.
    OneHot,
    /// A row for each sample, with a one in the place of each number it has.
    #[default]
    MultiHot,
    /// A row for each sample, with how many times it has each number.
    Count,
}

names! { OutputMode ("output mode", "ningún modo de salida"):
    OneHot "one_hot", MultiHot "multi_hot", Count "count",
}

/// Whole numbers from 0 to below `num_tokens` as rows of that many zeros and ones, or counts.
///
/// Shapes: `(batch, n)` gives `(batch, num_tokens)` with [`OutputMode::MultiHot`] and
/// [`OutputMode::Count`]; with [`OutputMode::OneHot`], `(batch, …, 1)` and any other `(batch, …)`
/// both give `(batch, …, num_tokens)`. A number outside the range has no place and leaves zeros.
/// Default: [`OutputMode::MultiHot`]. Errors: E016 no tokens, E012 samples of more than one
/// dimension (except with [`OutputMode::OneHot`]).
///
/// ```
/// use neurona_core::nn::{Network, layers::{CategoryEncoding, OutputMode}};
/// let mut network = Network::default();
/// network.push(Box::new(CategoryEncoding::new(4).output_mode(OutputMode::Count)));
/// assert_eq!(network.build(&[vec![7]])?.outputs[0].dims(), [4]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CategoryEncoding {
    /// How many different numbers there are.
    pub num_tokens: usize,
    /// How they are encoded.
    pub output_mode: OutputMode,
}

impl CategoryEncoding {
    /// For this many different numbers.
    pub fn new(num_tokens: usize) -> CategoryEncoding {
        CategoryEncoding { num_tokens, output_mode: OutputMode::default() }
    }

    /// With this encoding.
    pub fn output_mode(self, output_mode: OutputMode) -> CategoryEncoding {
        CategoryEncoding { output_mode, ..self }
    }
}

settings! {
    CategoryEncoding {
        required: num_tokens;
        field: output_mode;
        |fields| fields.only("sparse", false)
    }
}

impl Layer for CategoryEncoding {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let (shape, tokens) = (x.shape(), self.num_tokens);
        if !in_range(scope, "num_tokens", &[tokens]) {
            return x;
        }
        let dims = match (self.output_mode, shape.dims()) {
            (OutputMode::OneHot, [rest @ .., 1]) if !rest.is_empty() => rest.to_vec(),
            (OutputMode::OneHot, all) => all.to_vec(),
            (OutputMode::MultiHot | OutputMode::Count, [batch]) => vec![*batch, 1],
            (OutputMode::MultiHot | OutputMode::Count, [batch, n]) => vec![*batch, *n],
            (OutputMode::MultiHot | OutputMode::Count, _) => {
                let text = too_many_dimensions(super::merging::sample(x));
                scope.fail(Error::new(Code::E012, text).fix(one_hot_or_flatten()));
                return x;
            }
        };
        let numbers = x.cast(DType::I32).reshape(&[&dims[..], &[1]].concat());
        let places = x.builder().iota(0, &[tokens]);
        let hot = numbers.equal(places).cast(DType::F32);
        match self.output_mode {
            OutputMode::OneHot => hot,
            OutputMode::MultiHot => hot.max_over(Axes::new(&[1])).reshape(&[dims[0], tokens]),
            OutputMode::Count => hot.sum(Axes::new(&[1])).reshape(&[dims[0], tokens]),
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn counts_differ(means: usize, variances: usize) {
        en: "Normalization has {means} means, but {variances} variances",
        es: "Normalization tiene {means} medias, pero {variances} varianzas",
    }

    fn wrong_count(has: usize, wants: usize, sample: Shape) {
        en: "Normalization has {has} means, but samples of shape {sample} have {wants} positions along its axes",
        es: "Normalization tiene {has} medias, pero las muestras de forma {sample} tienen {wants} posiciones por sus ejes",
    }

    fn adapt_again() {
        en: "make it from data of this shape: Normalization::adapt(&data, axis)",
        es: "créela con datos de esta forma: Normalization::adapt(&datos, eje)",
    }

    fn bad_axis(axis: i64, shape: Shape) {
        en: "there is no axis {axis} besides the batch in data of shape {shape}",
        es: "no hay eje {axis} además del lote en datos de forma {shape}",
    }

    fn no_data(shape: Shape) {
        en: "there are no numbers to adapt to in data of shape {shape}",
        es: "no hay números a los que adaptarse en datos de forma {shape}",
    }

    fn negative_variance(variance: f64) {
        en: "a variance is {variance}, but must not be negative",
        es: "una varianza es {variance}, pero no debe ser negativa",
    }

    fn too_many_dimensions(sample: Shape) {
        en: "CategoryEncoding takes samples of up to one dimension, (numbers), but each has shape {sample}",
        es: "CategoryEncoding recibe muestras de hasta una dimensión, (números), pero cada una tiene forma {sample}",
    }

    fn one_hot_or_flatten() {
        en: "put Flatten before it, or use OutputMode::OneHot",
        es: "ponga Flatten antes, o use OutputMode::OneHot",
    }
}
