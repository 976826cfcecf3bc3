//! Values of the same size as one vector.

use crate::graph::Expr;
use crate::tensor::{DType, Shape};

/// Values of the same size, one after the other: made in one pass over the vector, element by
/// element, whereas [`Expr::concat`] would take a pass for each.
pub(super) fn stack<'g>(values: &[Expr<'g>]) -> Expr<'g> {
    let size = values[0].shape().elems();
    let (count, builder) = (values.len(), values[0].builder());
    let flat = |value: Expr<'g>| value.reshape(&[1, size]);
    let Ok(shape) = Shape::new(&[count, size]) else { return values[0] };
    let row = builder.iota(0, shape.dims()).cast(DType::F32);
    let later = values.iter().enumerate().rev().map(|(i, value)| (i, flat(*value)));
    let rows = later.reduce(|(_, later), (i, value)| {
        let here = row.less(row.fill_like(i as f64 + 1.0));
        (i, here.select(value.broadcast(shape), later.broadcast(shape)))
    });
    rows.map_or(values[0], |(_, rows)| rows).reshape(&[count * size])
}
