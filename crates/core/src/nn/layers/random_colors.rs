//! Pictures in a different light each time they are learnt from.

use super::moments::mean_over;
use super::random::between;
use super::random_views::{for_each_sample, within};
use super::space::Space;
use super::{Factor, Layer};
use crate::graph::Expr;
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::Axes;

/// `(x - mean) · factor + mean` in training, with the mean of each channel of each picture and a
/// random factor between `1 - factor[0]` and `1 + factor[1]`, kept within the range of values;
/// outside training it changes nothing.
///
/// Shapes: `(batch, height, width, channels)`, output same as input. Default: values from 0 to 255.
/// A single number stands for both ends, as Keras documents it (its code in 3.15 takes 0 for the
/// first). Errors: E016 a factor outside 0–1, or a range that is not one; E012 samples with other
/// dimensions.
///
/// ```
/// use neurona_core::nn::layers::RandomContrast;
/// let layer = RandomContrast { value_range: [0.0, 1.0], ..RandomContrast::new(0.2) };
/// assert_eq!(layer.factor, [0.2, 0.2]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomContrast {
    /// By how much contrast is lowered at most, and raised at most.
    pub factor: [f64; 2],
    /// The least and the largest value.
    pub value_range: [f64; 2],
}

impl RandomContrast {
    /// By up to this share less or more.
    pub fn new(factor: f64) -> RandomContrast {
        RandomContrast { factor: [factor; 2], value_range: [0.0, 255.0] }
    }

    /// For pictures with values in this range.
    pub fn value_range(self, value_range: [f64; 2]) -> RandomContrast {
        RandomContrast { value_range, ..self }
    }
}

settings! {
    RandomContrast {
        required: factor;
        field: value_range;
        |fields| { fields.channels_last(); fields.ignored(&["seed"]) }
    }
}

impl Layer for RandomContrast {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "RandomContrast", x) else { return x };
        let ([lower, upper], [least, most]) = (self.factor, self.value_range);
        if !within(scope, "factor", [lower, lower], [0.0, 1.0])
            || !within(scope, "factor", [upper, upper], [0.0, 1.0])
            || !within(scope, "value_range", self.value_range, [f64::MIN, f64::MAX])
        {
            return x;
        }
        let bounds = [1.0 - lower, 1.0 + upper];
        match between(scope, for_each_sample(space.batch, 4), bounds) {
            Some(factor) => {
                let mean = mean_over(x, Axes::new(&[1, 2]));
                ((x - mean) * factor + mean).clip(least, most)
            }
            None => x,
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x + factor · (largest - least)` in training, with a random factor for each picture, kept within the range of
/// values; outside training it changes nothing.
///
/// Shapes: `(batch, height, width, channels)`, output same as input. A factor of -1 makes a picture
/// black, 1 white. Default: values from 0 to 255. Errors: E016 a factor outside -1–1, or a range
/// that is not one; E012 samples of other dimensions.
///
/// ```
/// use neurona_core::nn::layers::RandomBrightness;
/// let layer = RandomBrightness::new(0.2).value_range([0.0, 1.0]);
/// assert_eq!(layer.factor, [-0.2, 0.2]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomBrightness {
    /// The range of shares of the value range.
    pub factor: [f64; 2],
    /// The least and the largest value.
    pub value_range: [f64; 2],
}

impl RandomBrightness {
    /// By up to this share of the range either way, or from one share to another.
    pub fn new(factor: impl Into<Factor>) -> RandomBrightness {
        RandomBrightness { factor: factor.into().0, value_range: [0.0, 255.0] }
    }

    /// For pictures with values in this range.
    pub fn value_range(self, value_range: [f64; 2]) -> RandomBrightness {
        RandomBrightness { value_range, ..self }
    }
}

settings! {
    RandomBrightness {
        required: factor;
        field: value_range;
        |fields| { fields.channels_last(); fields.ignored(&["seed"]) }
    }
}

impl Layer for RandomBrightness {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let Some(space) = Space::<2>::of(scope, "RandomBrightness", x) else { return x };
        let [least, most] = self.value_range;
        if !within(scope, "factor", self.factor, [-1.0, 1.0])
            || !within(scope, "value_range", self.value_range, [f64::MIN, f64::MAX])
        {
            return x;
        }
        let bounds = self.factor.map(|share| share * (most - least));
        match between(scope, for_each_sample(space.batch, 4), bounds) {
            Some(more) => (x + more).clip(least, most),
            None => x,
        }
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
