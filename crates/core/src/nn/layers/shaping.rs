//! Layers that rearrange or rescale and learn nothing.

use super::encoding::constants;
use super::interpolation::resize;
use super::settings::in_range;
use super::{Interpolation, Layer};
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::Shape;

/// The shape of one sample: all dimensions but the first.
fn sample(x: Expr<'_>) -> Shape {
    Shape::new(x.shape().dims().get(1..).unwrap_or_default()).unwrap_or(Shape::SCALAR)
}

/// Each sample as one row of numbers: `(batch, 28, 28)` becomes `(batch, 784)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Flatten;

settings! {
    Flatten {
        |fields| fields.channels_last()
    }
}

impl Layer for Flatten {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let batch = x.shape().dims().first().copied().unwrap_or(1);
        x.reshape(&[batch, sample(x).elems()])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// Each sample in another shape with the same number of elements; one dimension may be -1, for the rest.
///
/// Shapes: `(batch, …)` becomes `(batch, target…)`. Errors (E012): the numbers do not fit.
///
/// ```
/// use neurona_core::nn::layers::Reshape;
/// assert_eq!(Reshape::new([28, -1]).target_shape, [28, -1]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reshape {
    /// The shape of a sample, at most one dimension -1.
    pub target_shape: Vec<i64>,
}

impl Reshape {
    /// To samples of this shape.
    pub fn new(target_shape: impl Into<Vec<i64>>) -> Reshape {
        Reshape { target_shape: target_shape.into() }
    }

    /// The shape without -1, for samples of `elems` numbers; `None` if they do not fit.
    fn resolve(&self, elems: usize) -> Option<Vec<usize>> {
        let free = self.target_shape.iter().filter(|&&d| d == -1).count();
        let fixed = self.target_shape.iter().filter(|&&d| d != -1);
        let fixed: usize =
            fixed.map(|&d| usize::try_from(d).ok()).try_fold(1usize, |n, d| n.checked_mul(d?))?;
        let rest = match free {
            0 if fixed == elems => 1,
            1 if fixed > 0 && elems.is_multiple_of(fixed) => elems / fixed,
            _ => return None,
        };
        self.target_shape
            .iter()
            .map(|&d| if d == -1 { Some(rest) } else { usize::try_from(d).ok() })
            .collect()
    }
}

settings! {
    Reshape {
        required: target_shape;
    }
}

impl Layer for Reshape {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let from = sample(x);
        let Some(dims) = self.resolve(from.elems()) else {
            let to = format!("{:?}", self.target_shape);
            scope.fail(Error::new(Code::E012, cannot_reshape(from, from.elems(), &to)));
            return x;
        };
        let batch = x.shape().dims().first().copied().unwrap_or(1);
        x.reshape(&[&[batch], &dims[..]].concat())
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The dimensions of each sample in another order: dimension `i` of the output is dimension `dims[i]` of the
/// input, counted from 1 because the batch is dimension 0.
///
/// Shapes: `(batch, a, b)` becomes `(batch, b, a)` with `dims` `[2, 1]`. Errors (E016): `dims` does not name each dimension
/// once.
///
/// ```
/// use neurona_core::nn::{Network, layers::Permute};
/// let mut network = Network::default();
/// network.push(Box::new(Permute::new([3, 1, 2])));
/// assert_eq!(network.build(&[vec![28, 20, 3]])?.outputs[0].dims(), [3, 28, 20]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permute {
    /// Which dimension of the input each dimension of the output is.
    pub dims: Vec<usize>,
}

impl Permute {
    /// In this order.
    pub fn new(dims: impl Into<Vec<usize>>) -> Permute {
        Permute { dims: dims.into() }
    }
}

settings! {
    Permute {
        required: dims;
    }
}

impl Layer for Permute {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let rank = x.shape().rank();
        let once = (1..rank).all(|dim| self.dims.contains(&dim));
        if !once || self.dims.len() + 1 != rank {
            let dims = format!("{:?}", self.dims);
            let text = not_an_order(&dims, rank.saturating_sub(1), sample(x));
            scope.fail(Error::new(Code::E016, text).fix(name_each_once()));
            return x;
        }
        x.permute(&[&[0], &self.dims[..]].concat())
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// Each sample `n` times, one after the other.
///
/// Shapes: `(batch, features)` becomes `(batch, n, features)`. Errors: E012 samples of more dimensions; E016 `n` is 0.
///
/// ```
/// use neurona_core::nn::{Network, layers::RepeatVector};
/// let mut network = Network::default();
/// network.push(Box::new(RepeatVector::new(3)));
/// assert_eq!(network.build(&[vec![32]])?.outputs[0].dims(), [3, 32]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatVector {
    /// How many times.
    pub n: usize,
}

impl RepeatVector {
    /// This many times.
    pub fn new(n: usize) -> RepeatVector {
        RepeatVector { n }
    }
}

settings! {
    RepeatVector {
        required: n;
    }
}

impl Layer for RepeatVector {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let shape = x.shape();
        let [batch, features] = *shape.dims() else {
            scope.fail(Error::new(Code::E012, not_a_row(sample(x))).fix(flatten_first()));
            return x;
        };
        if !in_range(scope, "n", &[self.n]) {
            return x;
        }
        resize(x.reshape(&[batch, 1, features]), 1, self.n, Interpolation::Nearest)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x · scale + offset`: `Rescaling::new(1.0 / 255.0)` brings bytes to 0–1.
///
/// Shapes: output same as input, in floating point. Default offset: 0. Errors: E012 numbers for the
/// wrong number of channels.
#[derive(Clone, Debug, PartialEq)]
pub struct Rescaling {
    /// The factor: one for all, or one for each channel (the last dimension).
    pub scale: Vec<f64>,
    /// The offset: one for all channels, or one for each channel.
    pub offset: Vec<f64>,
}

impl Rescaling {
    /// With this factor and nothing added.
    pub fn new(scale: f64) -> Rescaling {
        Rescaling { scale: vec![scale], offset: vec![0.0] }
    }

    /// With this offset added.
    pub fn offset(self, offset: f64) -> Rescaling {
        Rescaling { offset: vec![offset], ..self }
    }
}

settings! {
    Rescaling {
        required_numbers: scale;
        numbers: offset;
    }
}

impl Layer for Rescaling {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let channels = x.shape().last();
        for (name, numbers) in [("scale", &self.scale), ("offset", &self.offset)] {
            if numbers.len() != 1 && (numbers.len() != channels || x.shape().rank() < 2) {
                let text = other_channels(name, numbers.len(), channels);
                scope.fail(Error::new(Code::E012, text));
                return x;
            }
        }
        // A single number does not become a tensor: it goes into the operation.
        let scaled = match self.scale[..] {
            [scale] => x * scale,
            _ => x * constants(x.builder(), &self.scale),
        };
        match self.offset[..] {
            [offset] => scaled + offset,
            _ => scaled + constants(x.builder(), &self.offset),
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn other_channels(setting: &str, has: usize, channels: usize) {
        en: "{setting} has {has} numbers, but samples have {channels} channels",
        es: "{setting} tiene {has} números, pero las muestras tienen {channels} canales",
    }

    fn cannot_reshape(from: Shape, elems: usize, to: &str) {
        en: "samples of shape {from} have {elems} numbers, which cannot become {to}",
        es: "las muestras de forma {from} tienen {elems} números, que no pueden convertirse en {to}",
    }

    fn not_an_order(dims: &str, rank: usize, sample: Shape) {
        en: "{dims} is not an order of the {rank} dimensions of samples of shape {sample}, which count from 1",
        es: "{dims} no es un orden de las {rank} dimensiones de muestras de forma {sample}, que se cuentan desde 1",
    }

    fn name_each_once() {
        en: "name each dimension once: Permute::new([2, 1]) exchanges two",
        es: "nombre cada dimensión una vez: Permute::new([2, 1]) intercambia dos",
    }

    fn not_a_row(sample: Shape) {
        en: "RepeatVector takes samples of one dimension, (features), but each has shape {sample}",
        es: "RepeatVector recibe muestras de una dimensión, (características), pero cada una tiene forma {sample}",
    }

    fn flatten_first() {
        en: "put Flatten before it",
        es: "ponga Flatten antes",
    }
}
