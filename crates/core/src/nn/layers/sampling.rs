//! Pictures seen from another viewpoint: each point of the output is a position in the input.

use super::Interpolation;
use super::space::Space;
use crate::graph::Expr;
use crate::nn::config::names;
use crate::tensor::DType;

/// What lies beyond the edges of a picture `a b c d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FillMode {
    /// Its mirror image: `d c b a | a b c d | d c b a`.
    Reflect,
    /// The picture again: `a b c d | a b c d | a b c d`.
    Wrap,
    /// The same number everywhere.
    Constant,
    /// The point at the edge: `a a a a | a b c d | d d d d`.
    Nearest,
}

names! { FillMode ("fill mode", "ningún modo de relleno"):
    Reflect "reflect", Wrap "wrap", Constant "constant", Nearest "nearest",
}

/// How to look at a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct View {
    pub(super) fill_mode: FillMode,
    pub(super) fill_value: f64,
    pub(super) interpolation: Interpolation,
}

/// Where each point of the output is in the input, for each sample: `y` is `row[0] · x + row[1] · y + row[2]`, and so
/// is `x` of `column`, with numbers `[batch, 1]`.
pub(super) struct Affine<'g> {
    pub(super) column: [Expr<'g>; 3],
    pub(super) row: [Expr<'g>; 3],
}

/// A point of the input near a position, along one dimension.
struct Tap<'g> {
    /// Its number, as a float.
    point: Expr<'g>,
    /// How much of it goes into the result.
    share: Option<Expr<'g>>,
    /// Whether it is there: 1 or 0. Always, if there are other points of the picture beyond the
    /// edges.
    inside: Option<Expr<'g>>,
}

impl View {
    /// The picture `[batch, height, width, channels]` seen this way.
    pub(super) fn of<'g>(self, x: Expr<'g>, space: Space<2>, affine: &Affine<'g>) -> Expr<'g> {
        let Space { batch, size: [height, width], channels } = space;
        let points = height * width;
        let grid = |axis| {
            let numbers = x.builder().iota(axis, &[height, width]).cast(DType::F32);
            numbers.reshape(&[1, points])
        };
        let (rows, columns) = (grid(0), grid(1));
        let place = |[a, b, c]: [Expr<'g>; 3]| a * columns + b * rows + c;
        let ys = self.taps(place(affine.row), height);
        let xs = self.taps(place(affine.column), width);
        let flat = x.reshape(&[batch, points, channels]);
        let mut sum: Option<Expr<'g>> = None;
        for (y, x) in ys.iter().flat_map(|y| xs.iter().map(move |x| (y, x))) {
            let number = (y.point * width as f64 + x.point).cast(DType::I32);
            let seen = self.or_fill(flat.gather(number), both(y.inside, x.inside));
            let part = both(y.share, x.share)
                .map_or(seen, |share| seen * share.reshape(&[batch, points, 1]));
            sum = Some(sum.map_or(part, |sum| sum + part));
        }
        sum.unwrap_or(flat).reshape(&[batch, height, width, channels])
    }

    /// The points of a dimension of `len` points near each position.
    fn taps(self, place: Expr<'_>, len: usize) -> Vec<Tap<'_>> {
        match self.interpolation {
            Interpolation::Nearest => {
                // Halves round away from zero.
                let point = place.sign() * (place.abs() + 0.5).floor();
                vec![self.tap(point, None, len)]
            }
            Interpolation::Bilinear => {
                let low = place.floor();
                let share = place - low;
                vec![self.tap(low, Some(1.0 - share), len), self.tap(low + 1.0, Some(share), len)]
            }
        }
    }

    /// A point by its number, which may be beyond the edges.
    fn tap<'g>(self, point: Expr<'g>, share: Option<Expr<'g>>, len: usize) -> Tap<'g> {
        let last = len as f64 - 1.0;
        // The remainder of a number after a whole number of times another.
        let modulo = |n: f64| point - (point / n).floor() * n;
        let inside = point.clip(0.0, last);
        match self.fill_mode {
            FillMode::Nearest => Tap { point: inside, share, inside: None },
            FillMode::Wrap => Tap { point: modulo(len as f64), share, inside: None },
            FillMode::Reflect => {
                // There and back: a picture and its mirror image.
                let there = modulo(2.0 * len as f64);
                let back = 2.0 * last + 1.0 - there;
                Tap { point: there.min(back), share, inside: None }
            }
            FillMode::Constant => {
                let is_there = inside.equal(point).cast(DType::F32);
                Tap { point: inside, share, inside: Some(is_there) }
            }
        }
    }

    /// Values `[batch, points, channels]` where they are inside, and the fill value elsewhere.
    fn or_fill<'g>(self, values: Expr<'g>, inside: Option<Expr<'g>>) -> Expr<'g> {
        let Some(inside) = inside else { return values };
        let shape = values.shape();
        let there = inside.reshape(&[shape.dims()[0], shape.dims()[1], 1]).broadcast(shape);
        let there = values.fill_like(0.5).less(there);
        there.select(values, values.fill_like(self.fill_value))
    }
}

/// The product of two numbers that may be left out.
fn both<'g>(a: Option<Expr<'g>>, b: Option<Expr<'g>>) -> Option<Expr<'g>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a * b),
        (one, None) | (None, one) => one,
    }
}
