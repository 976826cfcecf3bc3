//! Pictures that look different each time they are learnt from: flipped, turned, nearer or shifted.

use super::random::between;
use super::sampling::{Affine, View};
use super::space::Space;
use super::{Factor, FillMode, Interpolation, Layer};
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::Scope;
use crate::nn::config::{Map, Value, names, settings, written};
use crate::tensor::Shape;
use std::f64::consts::TAU;

/// Whether a factor is a range within bounds; if not, that is a mistake (E016).
pub(super) fn within(
    scope: &Scope<'_>,
    setting: &str,
    [low, high]: [f64; 2],
    [least, most]: [f64; 2],
) -> bool {
    let fine = least <= low && low <= high && high <= most;
    if !fine {
        let text = out_of_bounds(setting, low, high, least, most);
        scope.fail(Error::new(Code::E016, text));
    }
    fine
}

/// A shape `[batch, 1, …]` of this rank: one number for each sample.
pub(super) fn for_each_sample(batch: usize, rank: usize) -> Shape {
    let dims: Vec<usize> = (0..rank).map(|axis| if axis == 0 { batch } else { 1 }).collect();
    Shape::new(&dims).unwrap_or(Shape::SCALAR)
}

/// Along which dimensions a picture may be flipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlipMode {
    /// Left and right exchanged.
    Horizontal,
    /// Top and bottom exchanged.
    Vertical,
    /// Both, each by a draw of its own.
    HorizontalAndVertical,
}

names! { FlipMode ("flip mode", "ningún modo de volteo"):
    Horizontal "horizontal", Vertical "vertical", HorizontalAndVertical "horizontal_and_vertical",
}

/// Flips each picture or not, at random, in training; outside training it changes nothing.
///
/// Shapes: `(batch, height, width, channels)`, output same as input. Default: both dimensions, each
/// by a draw of its own (Keras 3.15 has one draw for both). Errors (E012): samples with other
/// dimensions.
///
/// ```
/// use neurona_core::nn::layers::{FlipMode, RandomFlip};
/// assert_eq!(RandomFlip::new(FlipMode::Horizontal).mode, FlipMode::Horizontal);
/// assert_eq!(RandomFlip::default().mode, FlipMode::HorizontalAndVertical);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomFlip {
    /// Along which dimensions.
    pub mode: FlipMode,
}

impl RandomFlip {
    /// Along these dimensions.
    pub fn new(mode: FlipMode) -> RandomFlip {
        RandomFlip { mode }
    }
}

impl Default for RandomFlip {
    fn default() -> RandomFlip {
        RandomFlip::new(FlipMode::HorizontalAndVertical)
    }
}

settings! {
    RandomFlip {
        field: mode;
        |fields| { fields.channels_last(); fields.ignored(&["seed"]) }
    }
}

impl Layer for RandomFlip {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "RandomFlip", x) else { return x };
        let axes: &[usize] = match self.mode {
            FlipMode::Horizontal => &[2],
            FlipMode::Vertical => &[1],
            FlipMode::HorizontalAndVertical => &[1, 2],
        };
        axes.iter().fold(x, |x, &axis| match scope.random(for_each_sample(space.batch, 4)) {
            Some(random) => {
                let flipped = random.less_equal(random.fill_like(0.5)).broadcast(x.shape());
                flipped.select(x.flip(axis), x)
            }
            None => x,
        })
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The settings of layers that look at pictures from another viewpoint, and their methods.
macro_rules! view_methods {
    ($layer:ident) => {
        impl $layer {
            /// With this fill mode beyond the edges.
            pub fn fill_mode(self, fill_mode: FillMode) -> $layer {
                $layer { fill_mode, ..self }
            }

            /// With this number beyond the edges.
            pub fn fill_value(self, fill_value: f64) -> $layer {
                $layer { fill_mode: FillMode::Constant, fill_value, ..self }
            }

            /// With this interpolation between the points.
            pub fn interpolation(self, interpolation: Interpolation) -> $layer {
                $layer { interpolation, ..self }
            }

            fn view(&self) -> View {
                View {
                    fill_mode: self.fill_mode,
                    fill_value: self.fill_value,
                    interpolation: self.interpolation,
                }
            }
        }
    };
}

/// Turns each picture about its middle by a random angle in training; outside training it changes
/// nothing.
///
/// Shapes: `(batch, height, width, channels)`, output same as input. The factor is in whole turns:
/// 0.1 is up to 36 degrees either way, `[-0.2, 0.3]` from 72 degrees one way to 108 the other.
/// Defaults are Keras': reflected at the edges, bilinear. Errors: E016 a factor outside -1–1, E012
/// samples with other dimensions.
///
/// ```
/// use neurona_core::nn::layers::{FillMode, RandomRotation};
/// let layer = RandomRotation::new(0.1).fill_mode(FillMode::Nearest);
/// assert_eq!(layer.factor, [-0.1, 0.1]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomRotation {
    /// The range of angles, in whole turns.
    pub factor: [f64; 2],
    /// What lies beyond the edges.
    pub fill_mode: FillMode,
    /// The number beyond the edges, for [`FillMode::Constant`].
    pub fill_value: f64,
    /// How values between the points are found.
    pub interpolation: Interpolation,
}

view_methods!(RandomRotation);

impl RandomRotation {
    /// By up to this many turns either way, or from one angle to another.
    pub fn new(factor: impl Into<Factor>) -> RandomRotation {
        RandomRotation {
            factor: factor.into().0,
            fill_mode: FillMode::Reflect,
            fill_value: 0.0,
            interpolation: Interpolation::Bilinear,
        }
    }
}

settings! {
    RandomRotation {
        required: factor;
        field: fill_mode, fill_value, interpolation;
        |fields| { fields.channels_last(); fields.ignored(&["seed"]) }
    }
}

impl Layer for RandomRotation {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "RandomRotation", x) else { return x };
        if !within(scope, "factor", self.factor, [-1.0, 1.0]) {
            return x;
        }
        let angles = self.factor.map(|turns| turns * TAU);
        match between(scope, for_each_sample(space.batch, 2), angles) {
            Some(angle) => self.view().of(x, space, &turned(angle, space.size)),
            None => x,
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// Positions turned about the middle by an angle in radians.
pub(super) fn turned(angle: Expr<'_>, size: [usize; 2]) -> Affine<'_> {
    let [cy, cx] = size.map(|n| (n as f64 - 1.0) / 2.0);
    let (cos, sin) = (angle.cos(), angle.sin());
    Affine {
        column: [cos, -sin, cx - cx * cos + cy * sin],
        row: [sin, cos, cy - cx * sin - cy * cos],
    }
}

/// Brings each picture nearer or further away by a random factor in training; outside training it
/// changes nothing.
///
/// Shapes: `(batch, height, width, channels)`, output same as input. A factor of -0.2 shows 80 % of
/// the picture (nearer), 0.3 shows 130 % (further). Defaults are Keras': as much in width as in
/// height, reflected at the edges, bilinear. Errors: E016 a factor outside -1–1, E012 samples with
/// other dimensions.
///
/// ```
/// use neurona_core::nn::layers::RandomZoom;
/// let layer = RandomZoom::new([-0.2, 0.3]).width_factor(0.1);
/// assert_eq!((layer.height_factor, layer.width_factor), ([-0.2, 0.3], Some([-0.1, 0.1])));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomZoom {
    /// The range of shares by which more of the height is seen.
    pub height_factor: [f64; 2],
    /// The same for the width. Default: the height's value, so that shapes are kept.
    pub width_factor: Option<[f64; 2]>,
    /// What lies beyond the edges.
    pub fill_mode: FillMode,
    /// The number beyond the edges, for [`FillMode::Constant`].
    pub fill_value: f64,
    /// How values between the points are found.
    pub interpolation: Interpolation,
}

view_methods!(RandomZoom);

impl RandomZoom {
    /// By up to this share either way, or from one share to another.
    pub fn new(height_factor: impl Into<Factor>) -> RandomZoom {
        RandomZoom {
            height_factor: height_factor.into().0,
            width_factor: None,
            fill_mode: FillMode::Reflect,
            fill_value: 0.0,
            interpolation: Interpolation::Bilinear,
        }
    }

    /// With a factor of its own for the width.
    pub fn width_factor(self, width_factor: impl Into<Factor>) -> RandomZoom {
        RandomZoom { width_factor: Some(width_factor.into().0), ..self }
    }
}

settings! {
    RandomZoom {
        required: height_factor;
        field: width_factor, fill_mode, fill_value, interpolation;
        |fields| { fields.channels_last(); fields.ignored(&["seed"]) }
    }
}

impl Layer for RandomZoom {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "RandomZoom", x) else { return x };
        let width_factor = self.width_factor.unwrap_or(self.height_factor);
        if !within(scope, "height_factor", self.height_factor, [-1.0, 1.0])
            || !within(scope, "width_factor", width_factor, [-1.0, 1.0])
        {
            return x;
        }
        let draw = |factor: [f64; 2]| {
            between(scope, for_each_sample(space.batch, 2), factor.map(|share| 1.0 + share))
        };
        let Some(height) = draw(self.height_factor) else { return x };
        let width = self.width_factor.and_then(draw).unwrap_or(height);
        self.view().of(x, space, &scaled(width, height, space.size))
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// Positions nearer to the middle or further from it.
pub(super) fn scaled<'g>(width: Expr<'g>, height: Expr<'g>, size: [usize; 2]) -> Affine<'g> {
    let [cy, cx] = size.map(|n| (n as f64 - 1.0) / 2.0);
    let none = width.fill_like(0.0);
    Affine { column: [width, none, cx * (1.0 - width)], row: [none, height, cy * (1.0 - height)] }
}

/// Shifts each picture by a random share of its size in training; outside training it changes
/// nothing.
///
/// Shapes: `(batch, height, width, channels)`, output same as input. A height factor of 0.2 shifts
/// down by 20 % of the height, -0.2 up; a width factor of 0.2 to the right. Defaults are Keras':
/// reflected at the edges, bilinear. Errors: E016 a factor outside -1–1, E012 samples with other
/// dimensions.
///
/// ```
/// use neurona_core::nn::layers::RandomTranslation;
/// let layer = RandomTranslation::new(0.1, [0.0, 0.2]);
/// assert_eq!((layer.height_factor, layer.width_factor), ([-0.1, 0.1], [0.0, 0.2]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomTranslation {
    /// The range of shares of the height.
    pub height_factor: [f64; 2],
    /// The range of shares of the width.
    pub width_factor: [f64; 2],
    /// What lies beyond the edges.
    pub fill_mode: FillMode,
    /// The number beyond the edges, for [`FillMode::Constant`].
    pub fill_value: f64,
    /// How values between the points are found.
    pub interpolation: Interpolation,
}

view_methods!(RandomTranslation);

impl RandomTranslation {
    /// By up to these shares of height and width either way, or from one share to another.
    pub fn new(
        height_factor: impl Into<Factor>,
        width_factor: impl Into<Factor>,
    ) -> RandomTranslation {
        RandomTranslation {
            height_factor: height_factor.into().0,
            width_factor: width_factor.into().0,
            fill_mode: FillMode::Reflect,
            fill_value: 0.0,
            interpolation: Interpolation::Bilinear,
        }
    }
}

settings! {
    RandomTranslation {
        required: height_factor, width_factor;
        field: fill_mode, fill_value, interpolation;
        |fields| { fields.channels_last(); fields.ignored(&["seed"]) }
    }
}

impl Layer for RandomTranslation {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "RandomTranslation", x) else { return x };
        if !within(scope, "height_factor", self.height_factor, [-1.0, 1.0])
            || !within(scope, "width_factor", self.width_factor, [-1.0, 1.0])
        {
            return x;
        }
        let draw = |factor: [f64; 2], n: usize| {
            let points = factor.map(|share| share * n as f64);
            between(scope, for_each_sample(space.batch, 2), points)
        };
        let [height, width] = space.size;
        let down = draw(self.height_factor, height);
        let right = draw(self.width_factor, width);
        match (down, right) {
            (Some(down), Some(right)) => self.view().of(x, space, &shifted(right, down)),
            _ => x,
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// Positions this many points further left and further up, which shifts what is seen right and
/// down.
pub(super) fn shifted<'g>(right: Expr<'g>, down: Expr<'g>) -> Affine<'g> {
    let (one, none) = (right.fill_like(1.0), right.fill_like(0.0));
    Affine { column: [one, none, -right], row: [none, one, -down] }
}

crate::messages! {
    fn out_of_bounds(setting: &str, low: f64, high: f64, least: f64, most: f64) {
        en: "{setting} goes from {low} to {high}, but must stay between {least} and {most}",
        es: "{setting} va de {low} a {high}, pero debe quedar entre {least} y {most}",
    }
}
