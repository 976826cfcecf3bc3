//! Layers that rearrange or rescale and learn nothing.

use super::Layer;
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::Scope;
use crate::tensor::Shape;

crate::messages! {
    fn cannot_reshape(from: Shape, elems: usize, to: &str) {
        en: "samples of shape {from} have {elems} numbers, which cannot become {to}",
        es: "las muestras de forma {from} tienen {elems} números, que no pueden convertirse en {to}",
    }
}

/// The shape of one sample: all dimensions but the first.
fn sample(x: Expr<'_>) -> Shape {
    Shape::new(x.shape().dims().get(1..).unwrap_or_default()).unwrap_or(Shape::SCALAR)
}

/// Each sample as one row of numbers: `(batch, 28, 28)` becomes `(batch, 784)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Flatten;

impl Layer for Flatten {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let batch = x.shape().dims().first().copied().unwrap_or(1);
        x.reshape(&[batch, sample(x).elems()])
    }
}

/// Each sample in another shape of as many numbers; one dimension may be -1, for whatever is left.
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
}

/// `x · scale + offset`: `Rescaling::new(1.0 / 255.0)` brings bytes to 0–1.
///
/// Shapes: output as input, in floating point. Default offset: 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rescaling {
    /// The factor.
    pub scale: f64,
    /// What is added.
    pub offset: f64,
}

impl Rescaling {
    /// With this factor and nothing added.
    pub fn new(scale: f64) -> Rescaling {
        Rescaling { scale, offset: 0.0 }
    }
}

impl Layer for Rescaling {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        x * self.scale + self.offset
    }
}
