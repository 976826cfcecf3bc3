//! The inner product of two values, sample by sample.

use super::merging::sample;
use super::moments::unit_length;
use super::settings::axis_of;
use super::{AxisList, Layer, takes};
use crate::error::{Code, Error};
use crate::graph::{Expr, Window};
use crate::nn::Scope;
use crate::nn::config::{Map, Value, settings, written};
use crate::tensor::{Axes, Shape};

/// `Σₖ x₁[…, k, …] · x₂[…, k, …]` along an axis of each input, sample by sample.
///
/// Shapes: `(batch, a…, k)` and `(batch, k, b…)`, wherever `k` stands, give `(batch, a…, b…)`; two
/// rows give `(batch, 1)`. With `normalize`, each vector along the axis is first scaled to length
/// one, which gives cosines. Errors: E016 no such axis, or the batch; E012 a different number of
/// inputs, or sizes that differ.
///
/// ```
/// use neurona_core::nn::{Input, Network, layers::{Dot, Layer}};
/// let (a, b) = (Input::new([5, 2]), Input::new([2, 7]));
/// let network = Network::functional(&[&a, &b], &[&Dot::new([2, 1]).on([&a, &b])])?;
/// assert_eq!(network.build(&[vec![5, 2], vec![2, 7]])?.outputs[0].dims(), [5, 7]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dot {
    /// Along which axis: one for both inputs, or one for each.
    pub axes: Vec<i64>,
    /// Whether vectors are scaled to length one first. Default: no.
    pub normalize: bool,
}

impl Dot {
    /// Along this axis of both inputs (`-1`), or these two (`[2, 1]`).
    pub fn new(axes: impl Into<AxisList>) -> Dot {
        Dot { axes: axes.into().0, normalize: false }
    }

    /// With vectors scaled to length one.
    pub fn normalize(self) -> Dot {
        Dot { normalize: true, ..self }
    }

    /// The axis of each input.
    fn axes(&self, scope: &Scope<'_>, a: Shape, b: Shape) -> Option<[usize; 2]> {
        let [of_a, of_b] = match self.axes[..] {
            [axis] => [axis, axis],
            [of_a, of_b] => [of_a, of_b],
            _ => {
                scope.fail(Error::new(Code::E016, wrong_count(self.axes.len())));
                return None;
            }
        };
        Some([axis_of(scope, of_a, a)?, axis_of(scope, of_b, b)?])
    }
}

settings! {
    Dot {
        axes: axes;
        field: normalize;
    }
}

impl Layer for Dot {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        takes(scope, "Dot", 1, 2);
        x
    }

    fn call_all<'g>(&self, scope: &Scope<'g>, inputs: &[Expr<'g>]) -> Vec<Expr<'g>> {
        let &[a, b] = inputs else {
            takes(scope, "Dot", inputs.len(), 2);
            return vec![scope.placeholder()];
        };
        let Some([i, j]) = self.axes(scope, a.shape(), b.shape()) else { return vec![a] };
        let (m, n) = (a.shape().dims()[i], b.shape().dims()[j]);
        if m != n {
            let text = lengths_differ(sample(a), m, sample(b), n);
            scope.fail(Error::new(Code::E012, text));
            return vec![a];
        }
        let unit = |x, axis| {
            if self.normalize { unit_length(x, Axes::new(&[axis]), 1e-7) } else { x }
        };
        vec![inner_product(unit(a, i), i, unit(b, j), j)]
    }

    fn config(&self) -> Option<Map<String, Value>> {
        Some(written(self))
    }
}

/// The sum of products along dimension `i` of `a` and dimension `j` of `b`, sample by sample.
fn inner_product<'g>(a: Expr<'g>, i: usize, b: Expr<'g>, j: usize) -> Expr<'g> {
    let rest = |x: Expr<'g>, axis| (1..x.shape().rank()).filter(move |&d| d != axis);
    let sizes = |x: Expr<'g>, axis| {
        let shape = x.shape();
        rest(x, axis).map(|d| shape.dims()[d]).collect::<Vec<_>>()
    };
    let (of_a, of_b) = (sizes(a, i), sizes(b, j));
    let [batch, k] = [a.shape().dims()[0], a.shape().dims()[i]];
    let (m, n) = (of_a.iter().product(), of_b.iter().product());
    let y = if (m, n) == (1, 1) {
        (a.reshape(&[batch, k]) * b.reshape(&[batch, k])).sum_last()
    } else {
        // One product of matrices for each sample, as a convolution with one point in as many
        // groups.
        let order = |x: Expr<'g>, axis, first: bool| {
            let rest: Vec<usize> = rest(x, axis).collect();
            if first { [&[axis, 0], &rest[..]].concat() } else { [&rest[..], &[0, axis]].concat() }
        };
        let left = a.permute(&order(a, i, false)).reshape(&[1, 1, 1, m, batch * k]);
        let right = b.permute(&order(b, j, true)).reshape(&[1, 1, 1, k, batch * n]);
        let product = left.conv(right, Window { groups: batch.max(1), ..Window::new([1; 3]) });
        product.reshape(&[m, batch, n]).permute(&[1, 0, 2])
    };
    let dims = [&[batch], &of_a[..], &of_b].concat();
    if dims.len() == 1 { y.reshape(&[batch, 1]) } else { y.reshape(&dims) }
}

crate::messages! {
    fn wrong_count(count: usize) {
        en: "Dot takes one axis for both inputs or one for each, not {count}",
        es: "Dot recibe un eje para ambas entradas o uno para cada una, no {count}",
    }

    fn lengths_differ(left: Shape, a: usize, right: Shape, b: usize) {
        en: "Dot needs equal sizes along the two axes, but {left} has {a} and {right} has {b}",
        es: "Dot necesita tamaños iguales en los dos ejes, pero {left} tiene {a} y {right} tiene {b}",
    }
}
