//! The type of an operation's result, or why it has none.

use super::{Op, Type, Unary};
use crate::message::Text;
use crate::tensor::{DType, Shape};

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
        en: "{op} along dimension {axis}, but shape {shape} has none of that number",
        es: "{op} por la dimensión {axis}, pero la forma {shape} no la tiene",
    }

    fn bad_key(ty: &str) {
        en: "a random key is four int32 numbers, not {ty}",
        es: "una clave aleatoria son cuatro números int32, no {ty}",
    }

    fn empty_axis(op: &str, shape: Shape) {
        en: "{op} of no elements: shape {shape}",
        es: "{op} de ningún elemento: forma {shape}",
    }
}

/// The type of `op` on operands of these types. `wanted` is the node's own type, which decides where
/// operands do not: [`Op::Input`], [`Op::Fill`], [`Op::Iota`], [`Op::Uniform`], [`Op::Cast`],
/// [`Op::Broadcast`], [`Op::Reshape`].
pub(super) fn infer(op: &Op<Type>, wanted: Type) -> Result<Type, Text> {
    let name = op.name();
    let float = |t: Type| match t.dtype {
        DType::F32 => Ok(t),
        other => Err(not_a_float(name, other.name())),
    };
    let same = |a: Type, b: Type| {
        if a == b { Ok(a) } else { Err(differ(name, &a.to_string(), &b.to_string())) }
    };
    let axis_of = |axis: usize, shape: Shape| {
        if axis < shape.rank() { Ok(()) } else { Err(no_such_axis(name, axis, shape)) }
    };
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
                Ok(a)
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
        Op::Softmax(x) | Op::LogSoftmax(x) => {
            axis_of(0, x.shape)?;
            float(x)
        }
    }
}
