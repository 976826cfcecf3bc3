//! Samples with one dimension more or less than the model's, as Keras takes them, and what to do
//! about other shapes.

use super::model::Model;
use super::samples::Samples;
use crate::tensor::{Shape, Tensor};
use neurona_core::error::Result;
use neurona_core::message::Text;

impl Model {
    /// Samples as the model takes them: as in Keras, a last dimension of 1 is added to inputs or
    /// dropped from them if that is the only difference, and weights may be a column.
    pub(super) fn taken<'t>(&self, samples: Samples<'t>) -> Result<Samples<'t>> {
        let Samples { x, y, weights } = samples;
        let known = self.sample_shapes();
        let of_input = |(i, x): (usize, Tensor<'t>)| match known.as_ref().and_then(|all| all.get(i))
        {
            Some(sample) => with_rank_of(x, sample),
            None => Ok(x),
        };
        let x = x.into_iter().enumerate().map(of_input).collect::<Result<_>>()?;
        let weights = weights.map(|weights| with_rank_of(weights, &[])).transpose()?;
        Ok(Samples { x, y, weights })
    }
}

/// A tensor of samples of this shape, if the only difference is a last dimension of 1; otherwise as
/// it is.
pub(super) fn with_rank_of<'t>(x: Tensor<'t>, sample: &[usize]) -> Result<Tensor<'t>> {
    let shape = x.shape();
    let Some((rows, has)) = shape.dims().split_first() else { return Ok(x) };
    let lacks_one = || sample == [has, &[1]].concat();
    let has_one_more = || has == [sample, &[1]].concat();
    if lacks_one() || has_one_more() {
        return x.reshaped(Shape::new(&[&[*rows], sample].concat())?);
    }
    Ok(x)
}

/// What to do about an array `x` if samples of shape `wants` are needed.
pub(super) fn how_to_fit(wants: Shape, x: Shape) -> Text {
    let has = x.dims().get(1..).unwrap_or_default();
    let rows = x.dims().first().copied().unwrap_or(1);
    let of_rows = |rows: usize| dims(&[&[rows], wants.dims()].concat());
    if x == wants {
        return add_first(&of_rows(1));
    }
    let elems: usize = has.iter().product();
    if elems == wants.elems() {
        return match wants.dims() {
            [_] if has.len() > 1 => flatten_or_declare(&of_rows(rows), &format!("{has:?}")),
            wants if in_other_order(has, wants) => permute(&of_rows(rows)),
            _ => reshape(&of_rows(rows)),
        };
    }
    if x.elems() == wants.elems() { reshape_single(&of_rows(1)) } else { give(wants) }
}

/// Whether the sizes other than 1 are the same in another order: reshaping would mix the numbers up.
fn in_other_order(a: &[usize], b: &[usize]) -> bool {
    let sizes = |dims: &[usize]| dims.iter().copied().filter(|d| *d != 1).collect::<Vec<usize>>();
    let (mut a, mut b) = (sizes(a), sizes(b));
    if a == b {
        return false;
    }
    a.sort_unstable();
    b.sort_unstable();
    a == b
}

/// A shape as NumPy writes it: `(100, 28, 28)`.
fn dims(dims: &[usize]) -> String {
    let sizes: Vec<String> = dims.iter().map(ToString::to_string).collect();
    let comma = if sizes.len() == 1 { "," } else { "" };
    format!("({}{comma})", sizes.join(", "))
}

neurona_core::messages! {
    fn add_first(shape: &str) {
        en: "add a first dimension for the rows, which makes its shape {shape}; in a program, predict_one takes one sample",
        es: "agregue una primera dimensión para las filas, con lo que su forma es {shape}; en un programa, predict_one recibe una sola muestra",
    }

    fn flatten_or_declare(shape: &str, sample: &str) {
        en: "reshape x to {shape}, or declare Sequential::new({sample}) and put Flatten first",
        es: "cambie la forma de x a {shape}, o declare Sequential::new({sample}) y ponga Flatten primero",
    }

    fn permute(shape: &str) {
        en: "the dimensions of x are in another order: permute them (permuted_axes, numpy.transpose) so that its shape is {shape}",
        es: "las dimensiones de x están en otro orden: permútelas (permuted_axes, numpy.transpose) para que su forma sea {shape}",
    }

    fn reshape(shape: &str) {
        en: "reshape x to {shape}",
        es: "cambie la forma de x a {shape}",
    }

    fn reshape_single(shape: &str) {
        en: "if x is a single sample, reshape it to {shape}",
        es: "si x es una sola muestra, cambie su forma a {shape}",
    }

    fn give(wants: Shape) {
        en: "give one row for each sample, and in each row an array of shape {wants}",
        es: "dé una fila por muestra, y en cada fila un array de forma {wants}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona_core::message::Lang;

    #[test]
    fn the_fix_asks_for_what_is_missing() {
        let check = |wants: &[usize], x: &[usize], needle: &str| {
            let fix = how_to_fit(Shape::new(wants).unwrap(), Shape::new(x).unwrap());
            assert!(
                fix.get(Lang::En).contains(needle),
                "{x:?} for {wants:?}: {}",
                fix.get(Lang::En)
            );
        };
        check(&[28, 28], &[100, 784], "reshape x to (100, 28, 28)");
        check(
            &[28, 28],
            &[28, 28],
            "add a first dimension for the rows, which makes its shape (1, 28, 28)",
        );
        check(&[784], &[784], "(1, 784)");
        check(
            &[784],
            &[100, 28, 28],
            "reshape x to (100, 784), or declare Sequential::new([28, 28])",
        );
        check(&[28, 28], &[784], "if x is a single sample, reshape it to (1, 28, 28)");
        check(
            &[32, 32, 3],
            &[5, 3, 32, 32],
            "numpy.transpose) so that its shape is (5, 32, 32, 3)",
        );
        check(&[28, 28, 1], &[5, 1, 28, 28], "reshape x to (5, 28, 28, 1)");
        check(&[4], &[3, 5], "in each row an array of shape [4]");
    }
}
