//! Settings that many layers share: a number for each dimension, padding, axes.

use crate::error::{Code, Error};
use crate::nn::Scope;
use crate::nn::config::names;
use crate::tensor::Shape;

crate::messages! {
    fn out_of_range(setting: &str, has: Shape, most: usize) {
        en: "{setting} is {has}, but each of its numbers goes from 1 to {most}",
        es: "{setting} es {has}, pero cada uno de sus números va de 1 a {most}",
    }

    fn no_such_axis(axis: i64, rank: usize, first: i64, last: i64) {
        en: "there is no axis {axis} in values of {rank} dimensions, the batch included: axes go from {first} to {last}",
        es: "no hay eje {axis} en valores de {rank} dimensiones, contando el lote: los ejes van de {first} a {last}",
    }

    fn batch_axis(axis: i64) {
        en: "axis {axis} is the batch, whose samples do not depend on each other",
        es: "el eje {axis} es el lote, cuyas muestras no dependen unas de otras",
    }

    fn axis_twice(axis: i64) {
        en: "axis {axis} is named twice",
        es: "el eje {axis} aparece dos veces",
    }

    fn choose_axis() {
        en: "axis 1 is the first dimension of a sample, axis -1 the last one",
        es: "el eje 1 es la primera dimensión de una muestra, el eje -1 la última",
    }
}

/// The largest size, stride or dilation, so that no sum of them overflows.
const MOST: usize = 1 << 24;

/// A number for each of `N` dimensions: the same for all (`3`), or one for each (`[3, 5]`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size<const N: usize>(pub [usize; N]);

impl<const N: usize> From<usize> for Size<N> {
    fn from(size: usize) -> Size<N> {
        Size([size; N])
    }
}

impl<const N: usize> From<[usize; N]> for Size<N> {
    fn from(sizes: [usize; N]) -> Size<N> {
        Size(sizes)
    }
}

/// How much at the beginning and at the end of each of `N` dimensions: the same everywhere (`1`),
/// the same at both ends (`[1, 2]`), or each (`[[1, 0], [2, 2]]`). For one dimension, `[1, 0]`
/// gives both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends<const N: usize>(pub [[usize; 2]; N]);

impl<const N: usize> From<usize> for Ends<N> {
    fn from(size: usize) -> Ends<N> {
        Ends([[size; 2]; N])
    }
}

impl<const N: usize> From<[usize; N]> for Ends<N> {
    fn from(sizes: [usize; N]) -> Ends<N> {
        Ends(sizes.map(|size| [size; 2]))
    }
}

impl<const N: usize> From<[[usize; 2]; N]> for Ends<N> {
    fn from(sizes: [[usize; 2]; N]) -> Ends<N> {
        Ends(sizes)
    }
}

impl From<[usize; 2]> for Ends<1> {
    fn from(ends: [usize; 2]) -> Ends<1> {
        Ends([ends])
    }
}

/// What windows see beyond the edges of their input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Padding {
    /// Nothing: windows stay inside.
    #[default]
    Valid,
    /// Enough to give `⌈n / stride⌉` positions, in halves before and after; the odd one after.
    Same,
    /// All of it before, so that no output depends on a later input. Only for
    /// [`Conv1D`](super::Conv1D).
    Causal,
}

names! { Padding ("padding", "ningún relleno"):
    Valid "valid", Same "same", Causal "causal",
}

impl Padding {
    /// Its name, as Keras spells it.
    pub fn name(self) -> &'static str {
        match self {
            Padding::Valid => "valid",
            Padding::Same => "same",
            Padding::Causal => "causal",
        }
    }
}

/// One axis (`-1`) or several (`[1, 2]`). The batch is axis 0; negative ones count from the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisList(pub Vec<i64>);

impl From<i64> for AxisList {
    fn from(axis: i64) -> AxisList {
        AxisList(vec![axis])
    }
}

impl<const N: usize> From<[i64; N]> for AxisList {
    fn from(axes: [i64; N]) -> AxisList {
        AxisList(axes.to_vec())
    }
}

impl From<Vec<i64>> for AxisList {
    fn from(axes: Vec<i64>) -> AxisList {
        AxisList(axes)
    }
}

/// The range of a random factor: `0.2` from -0.2 to 0.2, `[-0.1, 0.3]` as it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor(pub [f64; 2]);

impl From<f64> for Factor {
    fn from(factor: f64) -> Factor {
        Factor([-factor.abs(), factor.abs()])
    }
}

impl From<[f64; 2]> for Factor {
    fn from(factor: [f64; 2]) -> Factor {
        Factor(factor)
    }
}

/// Whether each of a setting's numbers is in range; if not, that is a mistake (E016).
pub(super) fn in_range(scope: &Scope<'_>, setting: &str, numbers: &[usize]) -> bool {
    let fits = numbers.iter().all(|n| (1..=MOST).contains(n));
    if !fits {
        let has = Shape::new(numbers).unwrap_or(Shape::SCALAR);
        scope.fail(Error::new(Code::E016, out_of_range(setting, has, MOST)));
    }
    fits
}

/// The dimension that an axis names, the batch excluded. If there is no such dimension, that is a
/// mistake (E016).
pub(super) fn axis_of(scope: &Scope<'_>, axis: i64, shape: Shape) -> Option<usize> {
    let rank = shape.rank();
    let text = match usize::try_from(if axis < 0 { axis + rank as i64 } else { axis }) {
        Ok(0) if rank > 0 => batch_axis(axis),
        Ok(found) if found < rank => return Some(found),
        _ => no_such_axis(axis, rank, -(rank as i64), rank as i64 - 1),
    };
    scope.fail(Error::new(Code::E016, text).fix(choose_axis()));
    None
}

/// The dimensions that axes name, in order. Errors (E016): as for [`axis_of`]; one is named twice.
pub(super) fn axes_of(scope: &Scope<'_>, axes: &[i64], shape: Shape) -> Option<Vec<usize>> {
    let mut found = Vec::with_capacity(axes.len());
    for &axis in axes {
        let dimension = axis_of(scope, axis, shape)?;
        if found.contains(&dimension) {
            scope.fail(Error::new(Code::E016, axis_twice(axis)).fix(choose_axis()));
            return None;
        }
        found.push(dimension);
    }
    found.sort_unstable();
    Some(found)
}
