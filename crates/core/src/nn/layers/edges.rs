//! Points added to the edges of pictures, and points removed from them.

use super::space::{Space, of_rank};
use super::{Ends, Layer};
use crate::error::{Code, Error};
use crate::graph::{Expr, Span};
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::Shape;

crate::messages! {
    fn too_much_padding(padding: &str) {
        en: "a padding of {padding} points is more than fits in memory",
        es: "un relleno de {padding} puntos es más de lo que cabe en la memoria",
    }

    fn nothing_left(cropping: &str, space: Shape) {
        en: "a cropping of {cropping} leaves nothing of inputs of {space}",
        es: "un recorte de {cropping} no deja nada de entradas de {space}",
    }

    fn crop_less() {
        en: "the two ends of a dimension together must stay below its size",
        es: "los dos extremos de una dimensión juntos deben ser menores que su tamaño",
    }
}

/// Zeros around the points of its input: [`ZeroPadding1D`], [`ZeroPadding2D`], [`ZeroPadding3D`].
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, before + n + after…, channels)`. Default: 1 at every edge.
/// Errors (E012): samples with other dimensions, more than fits in memory.
///
/// ```
/// use neurona_core::nn::{Network, layers::ZeroPadding2D};
/// let mut network = Network::default();
/// network.push(Box::new(ZeroPadding2D::new([[1, 0], [2, 2]])));
/// assert_eq!(network.build(&[vec![28, 28, 1]])?.outputs[0].dims(), [29, 32, 1]);
/// assert_eq!(ZeroPadding2D::new([1, 2]).padding, [[1, 1], [2, 2]]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZeroPadding<const RANK: usize> {
    /// How many before and after, for each spatial dimension.
    pub padding: [[usize; 2]; RANK],
}

/// [`ZeroPadding`] over time: samples `(steps, channels)`.
pub type ZeroPadding1D = ZeroPadding<1>;

/// [`ZeroPadding`] over pictures: samples `(height, width, channels)`.
pub type ZeroPadding2D = ZeroPadding<2>;

/// [`ZeroPadding`] over volumes: samples `(depth, height, width, channels)`.
pub type ZeroPadding3D = ZeroPadding<3>;

impl<const RANK: usize> ZeroPadding<RANK> {
    /// The same number at each edge, or numbers for each dimension or each edge.
    pub fn new(padding: impl Into<Ends<RANK>>) -> Self {
        ZeroPadding { padding: padding.into().0 }
    }
}

impl<const RANK: usize> Default for ZeroPadding<RANK> {
    fn default() -> Self {
        ZeroPadding::new(1)
    }
}

settings! {
    ZeroPadding<RANK> {
        field: padding;
        |fields| fields.channels_last()
    }
}

impl<const RANK: usize> Layer for ZeroPadding<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<RANK>::of(scope, self.class_name(), x) else { return x };
        let mut y = x;
        for (i, &[before, after]) in self.padding.iter().enumerate() {
            let len = space.size[i].checked_add(before).and_then(|n| n.checked_add(after));
            let Some(len) = len else {
                let text = too_much_padding(&format!("{:?}", self.padding));
                scope.fail(Error::new(Code::E012, text));
                return x;
            };
            if len > space.size[i] {
                y = y.pad(Span { axis: i + 1, start: before, step: 1 }, len);
            }
        }
        y
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The points of its input without those near the edges: [`Cropping1D`], [`Cropping2D`], [`Cropping3D`].
///
/// Shapes: `x` is `(batch, space…, channels)`, the output `(batch, n - before - after…, channels)`. Default: 1 at every
/// edge, for pictures 0. Errors (E012): samples with other dimensions, nothing left.
///
/// ```
/// use neurona_core::nn::{Network, layers::Cropping1D};
/// let mut network = Network::default();
/// network.push(Box::new(Cropping1D::new([2, 0])));
/// assert_eq!(network.build(&[vec![10, 3]])?.outputs[0].dims(), [8, 3]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cropping<const RANK: usize> {
    /// How many before and after, for each spatial dimension.
    pub cropping: [[usize; 2]; RANK],
}

/// [`Cropping`] over time: samples `(steps, channels)`.
pub type Cropping1D = Cropping<1>;

/// [`Cropping`] over pictures: samples `(height, width, channels)`.
pub type Cropping2D = Cropping<2>;

/// [`Cropping`] over volumes: samples `(depth, height, width, channels)`.
pub type Cropping3D = Cropping<3>;

impl<const RANK: usize> Cropping<RANK> {
    /// The same number at each edge, or numbers for each dimension or each edge.
    pub fn new(cropping: impl Into<Ends<RANK>>) -> Self {
        Cropping { cropping: cropping.into().0 }
    }
}

impl<const RANK: usize> Default for Cropping<RANK> {
    fn default() -> Self {
        Cropping::new(usize::from(RANK != 2))
    }
}

settings! {
    Cropping<RANK> {
        field: cropping;
        // Keras' Cropping1D does not know the order of dimensions.
        |fields| if RANK > 1 { fields.channels_last() }
    }
}

impl<const RANK: usize> Layer for Cropping<RANK> {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<RANK>::of(scope, self.class_name(), x) else { return x };
        let mut y = x;
        for (i, &[before, after]) in self.cropping.iter().enumerate() {
            let left = space.size[i].checked_sub(before).and_then(|n| n.checked_sub(after));
            let Some(left) = left.filter(|n| *n > 0) else {
                let size = Shape::new(&space.size).unwrap_or(Shape::SCALAR);
                let text = nothing_left(&format!("{:?}", self.cropping), size);
                scope.fail(Error::new(Code::E012, text).fix(crop_less()));
                return x;
            };
            if left < space.size[i] {
                y = y.slice(Span { axis: i + 1, start: before, step: 1 }, left);
            }
        }
        y
    }

    fn class_name(&self) -> &'static str {
        of_rank::<RANK>(["Cropping1D", "Cropping2D", "Cropping3D"])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
