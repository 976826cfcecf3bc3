//! Several values merged into one, element by element.

use super::Layer;
use super::takes;
use crate::error::{Code, Error};
use crate::graph::Expr;
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::Shape;

crate::messages! {
    fn not_together(layer: &str, left: Shape, right: Shape) {
        en: "{layer} cannot merge samples of shapes {left} and {right}",
        es: "{layer} no puede unir muestras de formas {left} y {right}",
    }

    fn make_equal() {
        en: "sizes must be equal or 1, compared from the last dimension; bring both to one shape (Dense, Reshape)",
        es: "los tamaños deben ser iguales o 1, comparados desde la última dimensión; lleve ambas a una forma (Dense, Reshape)",
    }

    fn nothing_to_merge(layer: &str) {
        en: "{layer} merges at least 1 value, but none was given",
        es: "{layer} une al menos 1 valor, pero no se dio ninguno",
    }
}

/// The shape of one sample: all dimensions but the first.
pub(super) fn sample(x: Expr<'_>) -> Shape {
    Shape::new(x.shape().dims().get(1..).unwrap_or_default()).unwrap_or(Shape::SCALAR)
}

/// Whether there is a value at all; if not, that is a mistake (E012).
pub(super) fn any_value(scope: &Scope<'_>, layer: &str, inputs: &[Expr<'_>]) -> bool {
    if inputs.is_empty() {
        scope.fail(Error::new(Code::E012, nothing_to_merge(layer)));
    }
    !inputs.is_empty()
}

/// The values combined one after the other. If one has fewer dimensions, new ones of size 1 stand
/// after the batch. Errors (E012): sizes of a dimension that differ, neither of them 1.
fn merged<'g>(
    scope: &Scope<'g>,
    layer: &str,
    inputs: &[Expr<'g>],
    join: impl Fn(Expr<'g>, Expr<'g>) -> Expr<'g>,
) -> Vec<Expr<'g>> {
    if !any_value(scope, layer, inputs) {
        return vec![scope.placeholder()];
    }
    let rank = inputs.iter().map(|x| x.shape().rank()).max().unwrap_or(0);
    let wide = |x: &Expr<'g>| {
        let shape = x.shape();
        let (batch, rest) = shape.dims().split_at(shape.rank().min(1));
        let ones = vec![1; rank - shape.rank()];
        x.reshape(&[batch, &ones, rest].concat())
    };
    let mut whole = wide(&inputs[0]);
    for input in &inputs[1..] {
        let next = wide(input);
        if Shape::broadcast(whole.shape(), next.shape()).is_none() {
            let text = not_together(layer, sample(whole), sample(*input));
            scope.fail(Error::new(Code::E012, text).fix(make_equal()));
            return vec![whole];
        }
        whole = join(whole, next);
    }
    vec![whole]
}

/// `x₁ + x₂ + …`
///
/// Shapes: inputs of one shape give that shape; sizes of 1 are stretched, and if an input has fewer
/// dimensions, new ones stand after the batch. Errors (E012): shapes that do not fit together.
///
/// ```
/// use neurona_core::nn::{Input, Network, layers::{Add, Dense, Layer}};
/// let x = Input::new([8]);
/// let y = Add.on([&x, &Dense::new(8).on(&x)]);
/// let network = Network::functional(&[&x], &[&y])?;
/// assert_eq!(network.build(&[vec![8]])?.outputs[0].dims(), [8]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Add;

settings! { Add {} }

impl Layer for Add {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        x
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        merged(scope, "Add", inputs, |a, b| a + b)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x₁ - x₂`
///
/// Shapes: as for [`Add`], with two inputs. Errors (E012): another number of inputs, shapes that do
/// not fit together.
///
/// ```
/// use neurona_core::nn::{Input, Network, layers::{Layer, Subtract}};
/// let (a, b) = (Input::new([4, 3]), Input::new([3]));
/// let y = Subtract.on([&a, &b]);
/// let network = Network::functional(&[&a, &b], &[&y])?;
/// assert_eq!(network.build(&[vec![4, 3], vec![3]])?.outputs[0].dims(), [4, 3]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Subtract;

settings! { Subtract {} }

impl Layer for Subtract {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        takes(scope, "Subtract", 1, 2);
        x
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        if !takes(scope, "Subtract", inputs.len(), 2) {
            return vec![scope.placeholder()];
        }
        merged(scope, "Subtract", inputs, |a, b| a - b)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `x₁ · x₂ · …`, element by element.
///
/// Shapes: as for [`Add`]. Errors (E012): shapes that do not fit together.
///
/// ```
/// use neurona_core::nn::{Activation, Input, Network, layers::{Dense, Layer, Multiply}};
/// let x = Input::new([8]);
/// let gate = Dense::new(8).activation(Activation::Sigmoid).on(&x);
/// let network = Network::functional(&[&x], &[&Multiply.on([&x, &gate])])?;
/// assert_eq!(network.build(&[vec![8]])?.outputs[0].dims(), [8]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Multiply;

settings! { Multiply {} }

impl Layer for Multiply {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        x
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        merged(scope, "Multiply", inputs, |a, b| a * b)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// `(x₁ + x₂ + …) / count`
///
/// Shapes: as for [`Add`]. Errors (E012): shapes that do not fit together.
///
/// ```
/// use neurona_core::nn::{Input, Network, layers::{Average, Layer}};
/// let (a, b) = (Input::new([4]), Input::new([4]));
/// let network = Network::functional(&[&a, &b], &[&Average.on([&a, &b])])?;
/// assert_eq!(network.build(&[vec![4], vec![4]])?.outputs[0].dims(), [4]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Average;

settings! { Average {} }

impl Layer for Average {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        x
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        let sums = merged(scope, "Average", inputs, |a, b| a + b);
        sums.into_iter().map(|sum| sum / inputs.len().max(1) as f64).collect()
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The largest of the inputs, element by element.
///
/// Shapes: as for [`Add`]. Errors (E012): shapes that do not fit together.
///
/// ```
/// use neurona_core::nn::{Input, Network, layers::{Layer, Maximum}};
/// let (a, b) = (Input::new([4]), Input::new([4]));
/// let network = Network::functional(&[&a, &b], &[&Maximum.on([&a, &b])])?;
/// assert_eq!(network.build(&[vec![4], vec![4]])?.outputs[0].dims(), [4]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Maximum;

settings! { Maximum {} }

impl Layer for Maximum {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        x
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        merged(scope, "Maximum", inputs, Expr::max)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The smallest of the inputs, element by element.
///
/// Shapes: as for [`Add`]. Errors (E012): shapes that do not fit together.
///
/// ```
/// use neurona_core::nn::{Input, Network, layers::{Layer, Minimum}};
/// let (a, b) = (Input::new([4]), Input::new([4]));
/// let network = Network::functional(&[&a, &b], &[&Minimum.on([&a, &b])])?;
/// assert_eq!(network.build(&[vec![4], vec![4]])?.outputs[0].dims(), [4]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Minimum;

settings! { Minimum {} }

impl Layer for Minimum {
    fn call<'g>(&self, _: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        x
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        merged(scope, "Minimum", inputs, Expr::min)
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}
