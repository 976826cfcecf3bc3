//! Several values one after the other.

use super::Layer;
use super::merging::{any_value, sample};
use super::settings::axis_of;
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::Shape;

/// Values one after the other along an axis.
///
/// Shapes: inputs that differ only in the size of the axis; the output has the sum of those sizes.
/// Default: the last axis. Errors: E016 no such axis, or the batch; E012 shapes that differ
/// elsewhere.
///
/// ```
/// use neurona_core::nn::{Input, Network, layers::{Concatenate, Layer}};
/// let (a, b) = (Input::new([4, 3]), Input::new([4, 2]));
/// let network = Network::functional(&[&a, &b], &[&Concatenate::default().on([&a, &b])])?;
/// assert_eq!(network.build(&[vec![4, 3], vec![4, 2]])?.outputs[0].dims(), [4, 5]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concatenate {
    /// Along which axis; negative ones count from the end.
    pub axis: i64,
}

impl Concatenate {
    /// Along this axis.
    pub fn new(axis: i64) -> Concatenate {
        Concatenate { axis }
    }
}

impl Default for Concatenate {
    fn default() -> Concatenate {
        Concatenate::new(-1)
    }
}

settings! {
    Concatenate {
        field: axis;
    }
}

impl Layer for Concatenate {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        x
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        if !any_value(scope, "Concatenate", inputs) {
            return vec![scope.placeholder()];
        }
        let first = inputs[0];
        let Some(axis) = axis_of(scope, self.axis, first.shape()) else { return vec![first] };
        let others = |x: &Expr<'g>| {
            let mut dims = x.shape().dims().to_vec();
            if let Some(size) = dims.get_mut(axis) {
                *size = 0;
            }
            dims
        };
        if let Some(other) = inputs.iter().find(|x| others(x) != others(&first)) {
            let text = not_together(sample(first), sample(*other), self.axis);
            scope.fail(Error::new(Code::E012, text).fix(only_that_axis()));
            return vec![first];
        }
        vec![Expr::concat(inputs, axis)]
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

crate::messages! {
    fn not_together(left: Shape, right: Shape, axis: i64) {
        en: "samples of shapes {left} and {right} cannot stand one after the other along axis {axis}",
        es: "las muestras de formas {left} y {right} no pueden ponerse una tras otra por el eje {axis}",
    }

    fn only_that_axis() {
        en: "all dimensions except the concatenation axis must match; choose another axis or reshape the inputs",
        es: "todas las dimensiones salvo la del eje deben coincidir; elija otro eje o cambie la forma de las entradas",
    }
}
