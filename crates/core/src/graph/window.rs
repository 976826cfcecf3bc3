//! Windows: how convolutions and pools look at the points of a picture.

use super::Real;
use crate::tensor::Shape;

/// How windows run over the three spatial dimensions in values
/// `[batch, depth, height, width, channels]`.
///
/// A window's point `tap` at position `o` along a dimension is point `o · stride + tap · dilation - before`
/// of the input. Points that the input does not have are zeros to a convolution; a pool leaves them out.
/// With fewer spatial dimensions, the first ones have size 1.
///
/// ```
/// use neurona_core::graph::Window;
/// let window = Window { stride: [1, 2, 2], before: [0, 1, 1], ..Window::new([1, 3, 3]) };
/// assert_eq!(window.positions([1, 28, 28]), Some([1, 14, 14]));
/// assert_eq!(window.positions([1, 1, 28]), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// How many points a window has.
    pub size: [usize; 3],
    /// How far apart windows are.
    pub stride: [usize; 3],
    /// How far apart the points of a window are.
    pub dilation: [usize; 3],
    /// Points added before the first.
    pub before: [usize; 3],
    /// Points added after the last.
    pub after: [usize; 3],
    /// The number of groups in which channels are kept apart.
    pub groups: usize,
}

impl Window {
    /// Windows of this size one point apart, without padding, in one group.
    pub fn new(size: [usize; 3]) -> Window {
        let (one, none) = ([1; 3], [0; 3]);
        Window { size, stride: one, dilation: one, before: none, after: none, groups: 1 }
    }

    /// How many points of the input a window spans.
    pub fn extent(&self) -> [usize; 3] {
        let span = |i: usize| (self.size[i] - 1).saturating_mul(self.dilation[i]).saturating_add(1);
        std::array::from_fn(span)
    }

    /// How many windows fit along each dimension of an input; `None` if not even one fits,
    /// or if the padding is more than can be counted.
    pub fn positions(&self, space: [usize; 3]) -> Option<[usize; 3]> {
        let extent = self.extent();
        let mut positions = [0; 3];
        for i in 0..3 {
            let padded = space[i].checked_add(self.before[i])?.checked_add(self.after[i])?;
            positions[i] = padded.checked_sub(extent[i])? / self.stride[i] + 1;
        }
        Some(positions)
    }

    /// The point of the input, along dimension `axis` of `len` points; `None` in the padding.
    pub fn point(&self, axis: usize, position: usize, tap: usize, len: usize) -> Option<usize> {
        (position * self.stride[axis] + tap * self.dilation[axis])
            .checked_sub(self.before[axis])
            .filter(|point| *point < len)
    }

    /// Whether sizes, strides, dilations and groups are all at least 1.
    pub(super) fn is_sound(&self) -> bool {
        let all = [self.size, self.stride, self.dilation];
        all.iter().flatten().all(|&n| n > 0) && self.groups > 0
    }

    /// Calls `f` with the input's point, the tap and the position, as numbers in row-major order,
    /// for every point of every window on one picture that is not padding.
    pub fn for_each_point(&self, x: Shape, y: Shape, mut f: impl FnMut(usize, usize, usize)) {
        // Even without elements there may be any number of positions.
        if x.elems() == 0 || y.elems() == 0 {
            return;
        }
        let (from, to, [td, th, tw]) = (space(x), space(y), self.size);
        for (position, [d, h, w]) in points(to).enumerate() {
            for (tap, [a, b, c]) in points([td, th, tw]).enumerate() {
                let (Some(d), Some(h), Some(w)) = (
                    self.point(0, d, a, from[0]),
                    self.point(1, h, b, from[1]),
                    self.point(2, w, c, from[2]),
                ) else {
                    continue;
                };
                f((d * from[1] + h) * from[2] + w, tap, position);
            }
        }
    }
}

/// The spatial dimensions of `[batch, depth, height, width, channels]`.
pub(super) fn space(shape: Shape) -> [usize; 3] {
    let dims = shape.dims();
    [dims[1], dims[2], dims[3]]
}

fn points([depth, height, width]: [usize; 3]) -> impl Iterator<Item = [usize; 3]> {
    (0..depth).flat_map(move |d| (0..height).flat_map(move |h| (0..width).map(move |w| [d, h, w])))
}

/// Calls `f` with the flat positions in input, kernel and output for every product in a
/// convolution.
fn for_each_product(x: Shape, y: Shape, window: Window, mut f: impl FnMut(usize, usize, usize)) {
    if x.elems() == 0 || y.elems() == 0 {
        return;
    }
    let (channels, filters) = (x.last(), y.last());
    let (inside, group) = (channels / window.groups, filters / window.groups);
    let [from, to] = [space(x), space(y)].map(|dims| dims.iter().product::<usize>());
    for n in 0..x.dims()[0] {
        window.for_each_point(x, y, |point, tap, position| {
            for c in 0..inside {
                for filter in 0..filters {
                    let channel = filter / group * inside + c;
                    f(
                        (n * from + point) * channels + channel,
                        (tap * inside + c) * filters + filter,
                        (n * to + position) * filters + filter,
                    );
                }
            }
        });
    }
}

/// `y = Σ x · kernel`
pub(super) fn conv<F: Real>(x: (&[F], Shape), k: &[F], y: Shape, window: Window) -> Vec<F> {
    let mut out = vec![F::from_f64(0.0); y.elems()];
    for_each_product(x.1, y, window, |xi, ki, yi| out[yi] = out[yi].add_product(x.0[xi], k[ki]));
    out
}

/// `x = Σ y · kernel`
pub(super) fn conv_input<F: Real>(y: (&[F], Shape), k: &[F], x: Shape, window: Window) -> Vec<F> {
    let mut out = vec![F::from_f64(0.0); x.elems()];
    for_each_product(x, y.1, window, |xi, ki, yi| out[xi] = out[xi].add_product(y.0[yi], k[ki]));
    out
}

/// `kernel = Σ x · y`
pub(super) fn conv_kernel<F: Real>(
    x: (&[F], Shape),
    y: (&[F], Shape),
    k: Shape,
    window: Window,
) -> Vec<F> {
    let mut out = vec![F::from_f64(0.0); k.elems()];
    for_each_product(x.1, y.1, window, |xi, ki, yi| {
        out[ki] = out[ki].add_product(x.0[xi], y.0[yi]);
    });
    out
}

/// Calls `f` with the flat positions in input and output for every point of every window of a pool.
fn for_each_pooled(x: Shape, y: Shape, window: Window, mut f: impl FnMut(usize, usize)) {
    let channels = x.last();
    let [from, to] = [space(x), space(y)].map(|dims| dims.iter().product::<usize>());
    if x.elems() == 0 || y.elems() == 0 {
        return;
    }
    for n in 0..x.dims()[0] {
        window.for_each_point(x, y, |point, _, position| {
            for c in 0..channels {
                f((n * from + point) * channels + c, (n * to + position) * channels + c);
            }
        });
    }
}

/// The sum of each window.
pub(super) fn sum_pool<F: Real>(x: (&[F], Shape), y: Shape, window: Window) -> Vec<F> {
    let mut out = vec![F::from_f64(0.0); y.elems()];
    for_each_pooled(x.1, y, window, |xi, yi| out[yi] = out[yi].add(x.0[xi]));
    out
}

/// Each window's value added to each of its points.
pub(super) fn spread_pool<F: Real>(y: (&[F], Shape), x: Shape, window: Window) -> Vec<F> {
    let mut out = vec![F::from_f64(0.0); x.elems()];
    for_each_pooled(x, y.1, window, |xi, yi| out[xi] = out[xi].add(y.0[yi]));
    out
}

/// Where in `x` each window's largest value is, the first of equals.
pub(super) fn largest<F: Real>(x: (&[F], Shape), y: Shape, window: Window) -> Vec<usize> {
    let mut best: Vec<Option<usize>> = vec![None; y.elems()];
    for_each_pooled(x.1, y, window, |xi, yi| {
        let better = |b: usize| x.0[xi] > x.0[b] || is_nan(x.0[xi]) && !is_nan(x.0[b]);
        if best[yi].is_none_or(better) {
            best[yi] = Some(xi);
        }
    });
    best.into_iter().flatten().collect()
}

fn is_nan<F: Real>(x: F) -> bool {
    x.to_f64().is_nan()
}
