//! Pictures of another size.

use super::interpolation::resize;
use super::random::between;
use super::random_views::for_each_sample;
use super::settings::in_range;
use super::space::Space;
use super::{Interpolation, Layer};
use crate::error::{Code, Error};
use crate::graph::{Expr, Span};
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::DType;

crate::messages! {
    fn crop_or_pad() {
        en: "crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other",
        es: "crop_to_aspect_ratio y pad_to_aspect_ratio se excluyen entre sí",
    }

    fn choose_one() {
        en: "set one of them, or neither",
        es: "elija uno de los dos, o ninguno",
    }
}

/// `count` points starting at `start`, along height (1) or width (2).
fn cut(x: Expr<'_>, axis: usize, start: usize, count: usize) -> Expr<'_> {
    if count == x.shape().dims()[axis] {
        return x;
    }
    x.slice(Span { axis, start, step: 1 }, count)
}

/// `n · up / down`, or the closest whole number.
fn scaled(n: usize, up: usize, down: usize) -> usize {
    usize::try_from(n as u128 * up as u128 / down as u128).unwrap_or(usize::MAX)
}

/// The largest middle part of pictures that has the target's shape.
fn middle_of_shape(x: Expr<'_>, [height, width]: [usize; 2], target: [usize; 2]) -> Expr<'_> {
    let crop_height = scaled(width, target[0], target[1]).clamp(1, height);
    let crop_width = scaled(height, target[1], target[0]).clamp(1, width);
    let x = cut(x, 1, (height - crop_height) / 2, crop_height);
    cut(x, 2, (width - crop_width) / 2, crop_width)
}

/// The largest middle part of pictures that has the target's shape, resized to its size.
fn cropped_and_resized(x: Expr<'_>, size: [usize; 2], target: [usize; 2]) -> Expr<'_> {
    let part = middle_of_shape(x, size, target);
    let tall = resize(part, 1, target[0], Interpolation::Bilinear);
    resize(tall, 2, target[1], Interpolation::Bilinear)
}

/// Pictures resized.
///
/// Shapes: `(batch, height, width, channels)` becomes `(batch, height', width', channels)`. Points
/// stand for the stretch around them, so that the edges stay the edges; a smaller picture is made
/// from points between points, without averaging. Defaults are Keras': bilinear, the shape of the
/// picture changes. Errors: E016 a size of 0, or both ways to keep the shape; E012 samples with
/// other dimensions.
///
/// ```
/// use neurona_core::nn::{Network, layers::Resizing};
/// let mut network = Network::default();
/// network.push(Box::new(Resizing { crop_to_aspect_ratio: true, ..Resizing::new(32, 32) }));
/// assert_eq!(network.build(&[vec![60, 80, 3]])?.outputs[0].dims(), [32, 32, 3]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Resizing {
    /// The new height.
    pub height: usize,
    /// The new width.
    pub width: usize,
    /// How values between the points are found.
    pub interpolation: Interpolation,
    /// Whether to keep the picture's shape and crop the excess.
    pub crop_to_aspect_ratio: bool,
    /// Whether to keep the picture's shape and fill what is missing.
    pub pad_to_aspect_ratio: bool,
    /// The number that fills.
    pub fill_value: f64,
}

impl Resizing {
    /// To this height and width.
    pub fn new(height: usize, width: usize) -> Resizing {
        Resizing {
            height,
            width,
            interpolation: Interpolation::Bilinear,
            crop_to_aspect_ratio: false,
            pad_to_aspect_ratio: false,
            fill_value: 0.0,
        }
    }

    /// With this interpolation between the points.
    pub fn interpolation(self, interpolation: Interpolation) -> Resizing {
        Resizing { interpolation, ..self }
    }

    /// The picture padded to the target's shape, at top and bottom or at both sides.
    fn filled_up<'g>(&self, x: Expr<'g>, [height, width]: [usize; 2]) -> Expr<'g> {
        let more_height = scaled(width, self.height, self.width).saturating_sub(height) / 2;
        let more_width = scaled(height, self.width, self.height).saturating_sub(width) / 2;
        let (axis, len, more) = match (more_height, more_width) {
            (0, 0) => return x,
            (0, more) => (2, width, more),
            (more, _) => (1, height, more),
        };
        let span = Span { axis, start: more, step: 1 };
        let mut dims = [1; 4];
        dims[axis] = len;
        let padded = x.pad(span, len + 2 * more);
        let there = x.builder().fill(1.0, &dims).pad(span, len + 2 * more);
        padded + (1.0 - there) * self.fill_value
    }
}

settings! {
    Resizing {
        required: height, width;
        field: interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, fill_value;
        |fields| { fields.channels_last(); fields.only("fill_mode", "constant"); fields.only("antialias", false) }
    }
}

impl Layer for Resizing {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "Resizing", x) else { return x };
        if !in_range(scope, "height and width", &[self.height, self.width]) {
            return x;
        }
        if self.crop_to_aspect_ratio && self.pad_to_aspect_ratio {
            scope.fail(Error::new(Code::E016, crop_or_pad()).fix(choose_one()));
            return x;
        }
        let part = if self.crop_to_aspect_ratio {
            middle_of_shape(x, space.size, [self.height, self.width])
        } else if self.pad_to_aspect_ratio {
            self.filled_up(x, space.size)
        } else {
            x
        };
        let tall = resize(part, 1, self.height, self.interpolation);
        resize(tall, 2, self.width, self.interpolation)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The middle of pictures. If a picture is smaller than that, the largest middle part with its
/// shape is resized to its size.
///
/// Shapes: `(batch, height, width, channels)` becomes `(batch, height', width', channels)`. Errors: E016 a size of 0; E012 samples
/// of other dimensions.
///
/// ```
/// use neurona_core::nn::{Network, layers::CenterCrop};
/// let mut network = Network::default();
/// network.push(Box::new(CenterCrop::new(24, 20)));
/// assert_eq!(network.build(&[vec![28, 28, 1]])?.outputs[0].dims(), [24, 20, 1]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CenterCrop {
    /// The height of the part.
    pub height: usize,
    /// The width of the part.
    pub width: usize,
}

impl CenterCrop {
    /// A part of this height and width.
    pub fn new(height: usize, width: usize) -> CenterCrop {
        CenterCrop { height, width }
    }
}

settings! {
    CenterCrop {
        required: height, width;
        |fields| fields.channels_last()
    }
}

impl Layer for CenterCrop {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "CenterCrop", x) else { return x };
        if !in_range(scope, "height and width", &[self.height, self.width]) {
            return x;
        }
        let [height, width] = space.size;
        if height < self.height || width < self.width {
            return cropped_and_resized(x, space.size, [self.height, self.width]);
        }
        let x = cut(x, 1, (height - self.height) / 2, self.height);
        cut(x, 2, (width - self.width) / 2, self.width)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// A part of each picture, from a random place in training. Outside training, and if a picture is
/// smaller than the part, the largest middle part with its shape is resized to its size.
///
/// Shapes: `(batch, height, width, channels)` becomes `(batch, height', width', channels)`. Each sample has a place of its own.
/// Errors: E016 a size of 0; E012 samples with other dimensions.
///
/// ```
/// use neurona_core::nn::{Network, layers::RandomCrop};
/// let mut network = Network::default();
/// network.push(Box::new(RandomCrop::new(24, 24)));
/// assert_eq!(network.build(&[vec![28, 28, 1]])?.outputs[0].dims(), [24, 24, 1]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomCrop {
    /// The height of the part.
    pub height: usize,
    /// The width of the part.
    pub width: usize,
}

impl RandomCrop {
    /// A part of this height and width.
    pub fn new(height: usize, width: usize) -> RandomCrop {
        RandomCrop { height, width }
    }
}

settings! {
    RandomCrop {
        required: height, width;
        |fields| { fields.channels_last(); fields.ignored(&["seed"]) }
    }
}

impl Layer for RandomCrop {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "RandomCrop", x) else { return x };
        if !in_range(scope, "height and width", &[self.height, self.width]) {
            return x;
        }
        let ([height, width], target) = (space.size, [self.height, self.width]);
        let start = |n: usize, part: usize| {
            let bounds = [0.0, (n - part + 1) as f64];
            between(scope, for_each_sample(space.batch, 2), bounds).map(Expr::floor)
        };
        let fits = height >= self.height && width >= self.width;
        let starts = fits.then(|| start(height, self.height).zip(start(width, self.width)));
        let Some((top, left)) = starts.flatten() else {
            return cropped_and_resized(x, space.size, target);
        };
        let grid = |axis| {
            let numbers = x.builder().iota(axis, &target).cast(DType::F32);
            numbers.reshape(&[1, target[0] * target[1]])
        };
        let number = (grid(0) + top) * width as f64 + (grid(1) + left);
        let points = x.reshape(&[space.batch, height * width, space.channels]);
        let part = points.gather(number.cast(DType::I32));
        part.reshape(&[space.batch, target[0], target[1], space.channels])
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
