//! The layer that forgets.

use super::Layer;
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::message::Decimal;
use crate::nn::Scope;

crate::messages! {
    fn bad_rate(rate: Decimal) {
        en: "a dropout rate is a share from 0 to below 1, not {rate}",
        es: "una tasa de dropout es una fracción desde 0 hasta menos de 1, no {rate}",
    }
}

/// Sets a random share of its input to zero in training and scales the rest by `1 / (1 - rate)`;
/// outside of training it changes nothing (Srivastava et al., 2014).
///
/// Shapes: output as input. Which elements fall is a function of (seed, layer, step, position). Errors
/// (E016): a rate outside [0, 1).
///
/// ```
/// use neurona_core::nn::layers::Dropout;
/// assert_eq!(Dropout::new(0.2).rate, 0.2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dropout {
    /// The share that is dropped.
    pub rate: f64,
}

impl Dropout {
    /// Drops this share of its input.
    pub fn new(rate: f64) -> Dropout {
        Dropout { rate }
    }
}

impl Layer for Dropout {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        if !(0.0..1.0).contains(&self.rate) {
            scope.fail(Error::new(Code::E016, bad_rate(Decimal(self.rate, 2))));
            return x;
        }
        match scope.random(x.shape()) {
            Some(random) if self.rate > 0.0 => {
                let kept = random.fill_like(self.rate).less_equal(random);
                kept.select(x / (1.0 - self.rate), x.fill_like(0.0))
            }
            _ => x,
        }
    }
}
