//! The type of an operation's result, or the reason why it has none.

use super::window::space;
use super::{Op, Type, Unary, Window};
use crate::message::Text;
use crate::tensor::{DType, Shape};

/// The type of `op` on operands of these types. `wanted` is the node's own type, which decides
/// where the operands do not: [`Op::Input`], [`Op::Fill`], [`Op::Iota`], [`Op::Uniform`],
/// [`Op::Cast`], [`Op::Broadcast`], [`Op::Reshape`].
pub(super) fn infer(op: &Op<Type>, wanted: Type) -> Result<Type, Text> {
    let name = op.name();
    let float = |t: Type| needs_float(name, t);
    let same = |a: Type, b: Type| needs_same(name, a, b);
    let axis_of = |axis: usize, shape: Shape| needs_axis(name, axis, shape);
    // `F32` is the working precision, whatever it is: 64 bits are a way to run a graph, not a part of it.
    if wanted.dtype == DType::F64 {
        return Err(not_a_float(name, "float64"));
    }
    match *op {
        Op::Input(_) | Op::Fill(_) => Ok(wanted),
        Op::Iota(axis) => {
            axis_of(axis, wanted.shape)?;
            Ok(Type::new(DType::I32, wanted.shape))
        }
        Op::Uniform(key, _) => {
            if key.dtype != DType::I32 || key.shape.dims() != [4] {
                return Err(bad_key(&key.to_string()));
            }
            Ok(Type::new(DType::F32, wanted.shape))
        }
        Op::Unary(Unary::Not, x) => {
            if x.dtype == DType::Bool {
                Ok(x)
            } else {
                Err(differ(name, &x.to_string(), "bool"))
            }
        }
        Op::Unary(_, x) => float(x),
        Op::Binary(binary, a, b) => {
            same(a, b)?;
            if binary.compares() {
                return Ok(Type::new(DType::Bool, a.shape));
            }
            float(a)
        }
        Op::Select(c, a, b) => {
            same(a, b)?;
            if c == Type::new(DType::Bool, a.shape) {
                float(a)
            } else {
                Err(differ(name, &c.to_string(), &a.to_string()))
            }
        }
        Op::Cast(x) => Ok(Type::new(wanted.dtype, x.shape)),
        Op::StopGradient(x) => Ok(x),
        Op::Broadcast(x) => {
            if Shape::broadcast(x.shape, wanted.shape) == Some(wanted.shape) {
                Ok(Type::new(x.dtype, wanted.shape))
            } else {
                Err(not_broadcastable(x.shape, wanted.shape))
            }
        }
        Op::Reshape(x) => {
            let (from, to) = (x.shape, wanted.shape);
            if from.elems() == to.elems() {
                Ok(Type::new(x.dtype, to))
            } else {
                Err(not_same_size(from, from.elems(), to, to.elems()))
            }
        }
        Op::Transpose(x) => match *x.shape.dims() {
            [m, n] => Ok(Type::new(x.dtype, x.shape.with(0, n).with(1, m))),
            _ => Err(not_a_matrix(name, x.shape)),
        },
        Op::Permute(..)
        | Op::Flip(..)
        | Op::Slice(..)
        | Op::Pad(..)
        | Op::Gather(..)
        | Op::ScatterAdd(..) => arranged(op, wanted),
        Op::Reduce(_, x, axes) => {
            float(x)?;
            axes.iter().try_for_each(|axis| axis_of(axis, x.shape))?;
            Ok(Type::new(x.dtype, x.shape.reduced(axes)))
        }
        Op::ArgMax(x, axis) => {
            float(x)?;
            axis_of(axis, x.shape)?;
            if x.shape.dims()[axis] == 0 {
                return Err(empty_axis(name, x.shape));
            }
            Ok(Type::new(DType::I32, x.shape.with(axis, 1)))
        }
        Op::MatMul(a, b) => match (float(a)?.shape.dims(), float(b)?.shape.dims()) {
            (&[_, k], &[l, n]) if k == l => Ok(Type::new(a.dtype, a.shape.with(1, n))),
            _ => Err(differ(name, &a.shape.to_string(), &b.shape.to_string())),
        },
        Op::Conv(..)
        | Op::ConvInput(..)
        | Op::ConvKernel(..)
        | Op::PickMax(..)
        | Op::PutMax(..)
        | Op::SumPool(..)
        | Op::SpreadPool(..) => windowed(op, wanted),
        Op::Softmax(x) | Op::LogSoftmax(x) => {
            axis_of(0, x.shape)?;
            float(x)
        }
    }
}

fn needs_float(op: &str, t: Type) -> Result<Type, Text> {
    match t.dtype {
        DType::F32 => Ok(t),
        other => Err(not_a_float(op, other.name())),
    }
}

fn needs_same(op: &str, a: Type, b: Type) -> Result<Type, Text> {
    if a == b { Ok(a) } else { Err(differ(op, &a.to_string(), &b.to_string())) }
}

fn needs_axis(op: &str, axis: usize, shape: Shape) -> Result<(), Text> {
    if axis < shape.rank() { Ok(()) } else { Err(no_such_axis(op, axis, shape)) }
}

/// The type of an operation that moves elements to other places.
fn arranged(op: &Op<Type>, wanted: Type) -> Result<Type, Text> {
    let name = op.name();
    let float = |t: Type| needs_float(name, t);
    let axis_of = |axis: usize, shape: Shape| needs_axis(name, axis, shape);
    match *op {
        Op::Permute(x, order) => {
            if order.dims().len() != x.shape.rank() {
                return Err(bad_order(name, &format!("{order:?}"), x.shape));
            }
            Ok(Type::new(x.dtype, order.of(x.shape)))
        }
        Op::Flip(x, axis) => axis_of(axis, x.shape).map(|()| x),
        Op::Slice(x, span) | Op::Pad(x, span) => {
            axis_of(span.axis, x.shape)?;
            let (from, to) = (x.shape, wanted.shape);
            if to.rank() != from.rank() || to.with(span.axis, from.dims()[span.axis]) != from {
                return Err(bad_span(name, from, to));
            }
            let (small, large) = if matches!(op, Op::Slice(..)) { (to, from) } else { (from, to) };
            if !span.fits(small.dims()[span.axis], large.dims()[span.axis]) {
                return Err(bad_span(name, small, large));
            }
            Ok(Type::new(x.dtype, to))
        }
        Op::Gather(x, numbers) => {
            let bad = || bad_rows(name, &x.to_string(), &numbers.to_string());
            match (float(x)?.shape.dims(), numbers.shape.dims()) {
                (&[batch, _, _], &[same, count])
                    if batch == same && numbers.dtype == DType::I32 =>
                {
                    Ok(Type::new(x.dtype, x.shape.with(1, count)))
                }
                _ => Err(bad()),
            }
        }
        Op::ScatterAdd(numbers, x) => {
            let bad = || bad_rows(name, &x.to_string(), &numbers.to_string());
            match (float(x)?.shape.dims(), numbers.shape.dims(), wanted.shape.dims()) {
                (&[batch, count, n], &[b, c], &[w, _, m])
                    if numbers.dtype == DType::I32 && [batch, count, batch, n] == [b, c, w, m] =>
                {
                    Ok(Type::new(x.dtype, wanted.shape))
                }
                _ => Err(bad()),
            }
        }
        _ => unreachable!("{name} computes"),
    }
}

/// The type of an operation that looks at a picture through windows.
fn windowed(op: &Op<Type>, wanted: Type) -> Result<Type, Text> {
    let name = op.name();
    let float = |t: Type| needs_float(name, t);
    let same = |a: Type, b: Type| needs_same(name, a, b);
    match *op {
        Op::Conv(x, kernel, window) => {
            let out = Windows { name, window }.convolved(float(x)?.shape, float(kernel)?.shape)?;
            Ok(Type::new(x.dtype, out))
        }
        Op::ConvInput(y, kernel, window) => {
            let windows = Windows { name, window };
            let out = windows.convolved(wanted.shape, float(kernel)?.shape)?;
            same(float(y)?, Type::new(y.dtype, out))?;
            Ok(Type::new(y.dtype, wanted.shape))
        }
        Op::ConvKernel(x, y, window) => {
            let windows = Windows { name, window };
            let out = windows.convolved(float(x)?.shape, wanted.shape)?;
            same(float(y)?, Type::new(y.dtype, out))?;
            Ok(Type::new(x.dtype, wanted.shape))
        }
        Op::PickMax(x, values, window) => {
            same(float(x)?, values)?;
            Ok(Type::new(x.dtype, Windows { name, window }.pooled(x.shape)?))
        }
        Op::PutMax(x, values, window) => {
            let out = Windows { name, window }.pooled(float(x)?.shape)?;
            same(values, Type::new(x.dtype, out))?;
            Ok(x)
        }
        Op::SumPool(x, window) => {
            Ok(Type::new(x.dtype, Windows { name, window }.pooled(float(x)?.shape)?))
        }
        Op::SpreadPool(y, window) => {
            let out = Windows { name, window }.pooled(wanted.shape)?;
            same(float(y)?, Type::new(y.dtype, out))?;
            Ok(Type::new(y.dtype, wanted.shape))
        }
        _ => unreachable!("{name} has no windows"),
    }
}

/// The windows of an operation, to find the shape of their results.
struct Windows<'a> {
    name: &'a str,
    window: Window,
}

impl Windows<'_> {
    /// The shape of the windows' positions, with this many channels.
    fn placed(&self, x: Shape, channels: usize) -> Result<Shape, Text> {
        if x.rank() != 5 {
            return Err(not_spatial(self.name, x));
        }
        if !self.window.is_sound() {
            return Err(bad_window(self.name));
        }
        let [d, h, w] =
            self.window.positions(space(x)).ok_or_else(|| window_too_large(self.name, x))?;
        Shape::new(&[x.dims()[0], d, h, w, channels]).map_err(|_| window_too_large(self.name, x))
    }

    /// The shape of a convolution's output.
    fn convolved(&self, x: Shape, kernel: Shape) -> Result<Shape, Text> {
        let (filters, groups) = (kernel.last(), self.window.groups);
        let out = self.placed(x, filters)?;
        let channels = x.last();
        if !channels.is_multiple_of(groups) || !filters.is_multiple_of(groups) {
            return Err(bad_groups(self.name, channels, filters, groups));
        }
        let [d, h, w] = self.window.size;
        if kernel.dims() != [d, h, w, channels / groups, filters] {
            return Err(differ(self.name, &x.to_string(), &kernel.to_string()));
        }
        Ok(out)
    }

    /// The shape of a pool's output. Every window must have a point of the input.
    fn pooled(&self, x: Shape) -> Result<Shape, Text> {
        let out = self.placed(x, x.last())?;
        let Window { size, dilation, before, after, groups, .. } = self.window;
        let narrow = (0..3).all(|i| before[i] < size[i] && after[i] < size[i]);
        if groups != 1 || dilation != [1; 3] || !narrow {
            return Err(bad_window(self.name));
        }
        if space(x).contains(&0) {
            return Err(window_too_large(self.name, x));
        }
        Ok(out)
    }
}

crate::messages! {
    fn not_a_float(op: &str, dtype: &str) {
        en: "{op} needs float32 numbers, not {dtype}",
        es: "{op} necesita números float32, no {dtype}",
    }

    fn differ(op: &str, left: &str, right: &str) {
        en: "{op} cannot combine {left} with {right}",
        es: "{op} no puede combinar {left} con {right}",
    }

    fn not_a_matrix(op: &str, shape: Shape) {
        en: "{op} needs a matrix, not shape {shape}",
        es: "{op} necesita una matriz, no la forma {shape}",
    }

    fn not_broadcastable(from: Shape, to: Shape) {
        en: "{from} does not broadcast to {to}",
        es: "{from} no se extiende a {to}",
    }

    fn not_same_size(from: Shape, from_elems: usize, to: Shape, to_elems: usize) {
        en: "{from} has {from_elems} elements, but {to} needs {to_elems}",
        es: "{from} tiene {from_elems} elementos, pero {to} necesita {to_elems}",
    }

    fn no_such_axis(op: &str, axis: usize, shape: Shape) {
        en: "{op} along dimension {axis}, but shape {shape} has no such dimension",
        es: "{op} por la dimensión {axis}, pero la forma {shape} no tiene esa dimensión",
    }

    fn bad_key(ty: &str) {
        en: "a random key is four int32 numbers, not {ty}",
        es: "una clave aleatoria son cuatro números int32, no {ty}",
    }

    fn not_spatial(op: &str, shape: Shape) {
        en: "{op} needs a batch, three dimensions of space and channels, not shape {shape}",
        es: "{op} necesita un lote, tres dimensiones de espacio y canales, no la forma {shape}",
    }

    fn window_too_large(op: &str, shape: Shape) {
        en: "{op} has a window that does not fit into shape {shape}",
        es: "{op} tiene una ventana que no cabe en la forma {shape}",
    }

    fn bad_groups(op: &str, channels: usize, filters: usize, groups: usize) {
        en: "{op} cannot share {channels} channels and {filters} filters among {groups} groups",
        es: "{op} no puede repartir {channels} canales y {filters} filtros entre {groups} grupos",
    }

    fn bad_window(op: &str) {
        en: "{op} has a window with a size, stride or dilation of 0, or with padding as wide as itself",
        es: "{op} tiene una ventana con tamaño, paso o dilatación 0, o con un relleno tan ancho como ella",
    }

    fn bad_order(op: &str, order: &str, shape: Shape) {
        en: "{op} in the order {order}, but shape {shape} has other dimensions",
        es: "{op} en el orden {order}, pero la forma {shape} tiene otras dimensiones",
    }

    fn bad_span(op: &str, small: Shape, large: Shape) {
        en: "{op}: {small} does not lie inside {large}",
        es: "{op}: {small} no está dentro de {large}",
    }

    fn bad_rows(op: &str, rows: &str, numbers: &str) {
        en: "{op} needs numbers [batch, rows, n] and integers [batch, m], not {rows} and {numbers}",
        es: "{op} necesita números [lote, filas, n] y enteros [lote, m], no {rows} y {numbers}",
    }

    fn empty_axis(op: &str, shape: Shape) {
        en: "{op} needs at least one element, but the shape is {shape}",
        es: "{op} necesita al menos un elemento, pero la forma es {shape}",
    }
}
