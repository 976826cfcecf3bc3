//! Values with spatial dimensions, `[batch, space…, channels]`, and how windows run over them.

use super::Padding;
use super::settings::in_range;
use crate::error::{Code, Error};
use crate::graph::{Expr, Window};
use crate::message::Text;
use crate::nn::Scope;
use crate::tensor::Shape;

crate::messages! {
    fn wrong_rank(layer: &str, wants: &Text, has: Shape) {
        en: "{layer} takes samples of {wants}, but each sample has shape {has}",
        es: "{layer} recibe muestras de {wants}, pero cada muestra tiene forma {has}",
    }

    fn add_channels(target: Shape) {
        en: "put Reshape::new({target}) before it: one channel",
        es: "ponga Reshape::new({target}) antes: un canal",
    }

    fn reshape_first() {
        en: "put Reshape before it, or Flatten and a Dense layer in its place",
        es: "ponga Reshape antes, o Flatten y una capa Dense en su lugar",
    }

    fn too_large(layer: &str, extent: Shape, space: Shape) {
        en: "{layer} has windows that span {extent} points, which do not fit into inputs of {space}",
        es: "{layer} tiene ventanas que abarcan {extent} puntos, que no caben en entradas de {space}",
    }

    fn smaller() {
        en: "use smaller windows, Padding::Same, or larger inputs (fewer pools or strides before)",
        es: "use ventanas más pequeñas, Padding::Same, o entradas más grandes (menos reducciones antes)",
    }

    fn only_causal_in_time(layer: &str) {
        en: "{layer} cannot be padded causally: only Conv1D can",
        es: "{layer} no admite relleno causal: solo Conv1D lo admite",
    }

    fn no_points(layer: &str, has: Shape) {
        en: "{layer} needs at least one point, but samples have shape {has}",
        es: "{layer} necesita al menos un punto, pero las muestras tienen forma {has}",
    }
}

/// The sizes of a value with `N` spatial dimensions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Space<const N: usize> {
    pub(super) batch: usize,
    pub(super) size: [usize; N],
    pub(super) channels: usize,
}

impl<const N: usize> Space<N> {
    /// The sizes of a value. Errors (E012): other dimensions, or no point at all.
    pub(super) fn of(scope: &Scope<'_>, layer: &str, x: Expr<'_>) -> Option<Space<N>> {
        let shape = x.shape();
        let sample = shape.dims().get(1..).unwrap_or_default();
        let as_shape = |dims: &[usize]| Shape::new(dims).unwrap_or(Shape::SCALAR);
        if shape.rank() != N + 2 {
            let fix = if shape.rank() == N + 1 {
                add_channels(as_shape(&[sample, &[1]].concat()))
            } else {
                reshape_first()
            };
            let text = wrong_rank(layer, &dimensions::<N>(), as_shape(sample));
            scope.fail(Error::new(Code::E012, text).fix(fix));
            return None;
        }
        if sample.contains(&0) {
            scope.fail(Error::new(Code::E012, no_points(layer, as_shape(sample))));
            return None;
        }
        let size = std::array::from_fn(|i| sample[i]);
        Some(Space { batch: shape.dims()[0], size, channels: sample[N] })
    }
}

/// The dimensions of a sample, in words.
fn dimensions<const N: usize>() -> Text {
    match N {
        1 => Text::new("(steps, channels)", "(pasos, canales)"),
        2 => Text::new("(height, width, channels)", "(alto, ancho, canales)"),
        _ => Text::new("(depth, height, width, channels)", "(profundidad, alto, ancho, canales)"),
    }
}

/// One of three names, by the number of spatial dimensions.
pub(super) fn of_rank<const N: usize>(names: [&'static str; 3]) -> &'static str {
    names[N.clamp(1, 3) - 1]
}

/// Numbers for three spatial dimensions; the first ones, which a value does not have, are
/// `missing`.
pub(super) fn three<const N: usize>(numbers: [usize; N], missing: usize) -> [usize; 3] {
    std::array::from_fn(|i| (i + N).checked_sub(3).map_or(missing, |i| numbers[i]))
}

/// `[batch, space…, channels]` as the graph's windows see it, with three spatial dimensions.
pub(super) fn five<const N: usize>(batch: usize, size: [usize; N], channels: usize) -> [usize; 5] {
    let [depth, height, width] = three(size, 1);
    [batch, depth, height, width, channels]
}

/// A value with three spatial dimensions, reduced to the last `N` of them.
pub(super) fn without_missing<const N: usize>(y: Expr<'_>) -> Expr<'_> {
    let shape = y.shape();
    // After an earlier mistake, a value has no dimensions.
    match *shape.dims() {
        [batch, ref space @ .., channels] if space.len() == 3 => {
            y.reshape(&[&[batch], &space[3 - N..], &[channels]].concat())
        }
        _ => y,
    }
}

/// Windows over `N` spatial dimensions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows<'a, const N: usize> {
    /// The layer they belong to, for messages.
    pub(super) layer: &'a str,
    /// The name of the setting for their size.
    pub(super) setting: &'a str,
    pub(super) size: [usize; N],
    pub(super) strides: [usize; N],
    pub(super) dilation_rate: [usize; N],
    pub(super) padding: Padding,
}

impl<const N: usize> Windows<'_, N> {
    /// Whether the settings are in range (E016).
    pub(super) fn are_sound(&self, scope: &Scope<'_>) -> bool {
        in_range(scope, self.setting, &self.size)
            && in_range(scope, "strides", &self.strides)
            && in_range(scope, "dilation_rate", &self.dilation_rate)
    }

    /// How many points they span.
    pub(super) fn extent(&self) -> [usize; N] {
        let span = |i: usize| (self.size[i] - 1).saturating_mul(self.dilation_rate[i]);
        std::array::from_fn(|i| span(i).saturating_add(1))
    }

    /// The windows over an input, if there is one. Errors: settings out of range (E016), windows larger than
    /// the input (E012).
    pub(super) fn over(&self, scope: &Scope<'_>, space: [usize; N]) -> Option<Window> {
        if !self.are_sound(scope) {
            return None;
        }
        let extent = self.extent();
        let (mut before, mut after) = ([0; N], [0; N]);
        match self.padding {
            Padding::Valid => {}
            Padding::Same => {
                for i in 0..N {
                    let positions = space[i].div_ceil(self.strides[i]);
                    let spanned = ((positions - 1) * self.strides[i]).saturating_add(extent[i]);
                    let missing = spanned.saturating_sub(space[i]);
                    (before[i], after[i]) = (missing / 2, missing - missing / 2);
                }
            }
            Padding::Causal if self.layer == "Conv1D" => {
                before = extent.map(|extent| extent - 1);
            }
            Padding::Causal => {
                scope.fail(Error::new(Code::E016, only_causal_in_time(self.layer)));
                return None;
            }
        }
        let padded = |i: usize| space[i].saturating_add(before[i]).saturating_add(after[i]);
        if (0..N).any(|i| padded(i) < extent[i]) {
            let shape = |dims: [usize; N]| Shape::new(&dims).unwrap_or(Shape::SCALAR);
            let text = too_large(self.layer, shape(extent), shape(space));
            scope.fail(Error::new(Code::E012, text).fix(smaller()));
            return None;
        }
        Some(Window {
            size: three(self.size, 1),
            stride: three(self.strides, 1),
            dilation: three(self.dilation_rate, 1),
            before: three(before, 0),
            after: three(after, 0),
            groups: 1,
        })
    }
}
