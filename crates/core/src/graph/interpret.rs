//! The plainest correct version of every operation, in either precision: all fast code is checked
//! against it.

use super::{Binary, Graph, Node, Op, Reduction, Span, Unary, window};
use crate::tensor::random::{Source, unit};
use crate::tensor::{Axes, DType, Shape};

/// The value of a node: its elements in row-major order. Floating point is `F`: `f32` or `f64`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<F> {
    /// Numbers of the working precision.
    Float(Vec<F>),
    /// Integers.
    Int(Vec<i32>),
    /// Bytes.
    Byte(Vec<u8>),
    /// Truth values.
    Bool(Vec<bool>),
}

/// A floating-point type the interpreter computes in: `f32` or `f64`.
pub trait Real: Copy + PartialOrd + std::fmt::Debug + 'static {
    /// The nearest value to a constant.
    fn from_f64(x: f64) -> Self;
    /// The value as `f64`.
    fn to_f64(self) -> f64;
    /// A function of one number; truth values are not numbers, so [`Unary::Not`] leaves it as it is.
    fn unary(op: Unary, x: Self) -> Self;
    /// A function of two numbers; comparisons give 1 and 0.
    fn binary(op: Binary, a: Self, b: Self) -> Self;
    /// The sum.
    fn add(self, other: Self) -> Self;
    /// `self + a · b`, in two roundings.
    fn add_product(self, a: Self, b: Self) -> Self;
}

macro_rules! real {
    ($type:ident, $erf:path) => {
        impl Real for $type {
            #[inline]
            fn from_f64(x: f64) -> $type {
                x as $type
            }
            #[inline]
            fn to_f64(self) -> f64 {
                self.into()
            }
            #[inline]
            fn unary(op: Unary, x: $type) -> $type {
                match op {
                    Unary::Neg => -x,
                    Unary::Abs => x.abs(),
                    Unary::Sign => {
                        if x == 0.0 || x.is_nan() {
                            x
                        } else {
                            x.signum()
                        }
                    }
                    Unary::Exp => x.exp(),
                    Unary::Log => x.ln(),
                    Unary::Sqrt => x.sqrt(),
                    Unary::Tanh => x.tanh(),
                    Unary::Sigmoid => 1.0 / (1.0 + (-x).exp()),
                    // log(1 + e^x) without overflow.
                    Unary::Softplus => Self::binary(Binary::Max, x, 0.0) + (-x.abs()).exp().ln_1p(),
                    Unary::Erf => $erf(x),
                    Unary::Sin => x.sin(),
                    Unary::Cos => x.cos(),
                    Unary::Floor => x.floor(),
                    Unary::Not => x,
                }
            }
            #[inline]
            fn binary(op: Binary, a: $type, b: $type) -> $type {
                match op {
                    Binary::Add => a + b,
                    Binary::Sub => a - b,
                    Binary::Mul => a * b,
                    Binary::Div => a / b,
                    Binary::Pow => a.powf(b),
                    Binary::Max if a.is_nan() || a > b => a,
                    Binary::Min if a.is_nan() || a < b => a,
                    Binary::Max | Binary::Min => b,
                    Binary::Equal => (a == b).into(),
                    Binary::Less => (a < b).into(),
                    Binary::LessEqual => (a <= b).into(),
                }
            }
            #[inline]
            fn add(self, other: $type) -> $type {
                self + other
            }
            #[inline]
            fn add_product(self, a: $type, b: $type) -> $type {
                self + a * b
            }
        }
    };
}
real!(f32, libm::erff);
real!(f64, libm::erf);

/// The graph's outputs, then its updates, for the values of its inputs in their order.
///
/// # Panics
/// If the inputs do not match the graph's declarations in number, kind or length.
pub fn interpret<F: Real>(graph: &Graph, inputs: &[Value<F>]) -> Vec<Value<F>> {
    let values = graph.evaluate(inputs);
    graph.roots().map(|id| values[id.index()].clone()).collect()
}

impl Graph {
    /// The value of every node, for the values of the inputs in their order.
    ///
    /// # Panics
    /// As in [`interpret`].
    pub fn evaluate<F: Real>(&self, inputs: &[Value<F>]) -> Vec<Value<F>> {
        assert_eq!(inputs.len(), self.inputs.len(), "one value for each input");
        let mut values: Vec<Value<F>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let arguments =
                node.op.map(|id| Argument { value: &values[id.index()], shape: self.ty(id).shape });
            let value = eval(node, &arguments, inputs);
            assert_eq!(value.len(), node.ty.shape.elems(), "{}", node.op.name());
            values.push(value);
        }
        values
    }
}

#[derive(Clone, Copy)]
struct Argument<'a, F> {
    value: &'a Value<F>,
    shape: Shape,
}

impl<'a, F: Real> Argument<'a, F> {
    /// The numbers with their shape.
    fn floats(&self) -> (&'a [F], Shape) {
        (self.value.floats(), self.shape)
    }
}

impl<F: Real> Value<F> {
    fn len(&self) -> usize {
        match self {
            Value::Float(v) => v.len(),
            Value::Int(v) => v.len(),
            Value::Byte(v) => v.len(),
            Value::Bool(v) => v.len(),
        }
    }

    /// The numbers of a floating-point value.
    ///
    /// # Panics
    /// If it is of another kind, which the types of a graph rule out.
    pub fn floats(&self) -> &[F] {
        match self {
            Value::Float(v) => v,
            _ => panic!("a value that the graph types as float32"),
        }
    }

    /// The elements at these positions.
    fn pick(&self, positions: impl Iterator<Item = usize>) -> Value<F> {
        match self {
            Value::Float(v) => Value::Float(positions.map(|i| v[i]).collect()),
            Value::Int(v) => Value::Int(positions.map(|i| v[i]).collect()),
            Value::Byte(v) => Value::Byte(positions.map(|i| v[i]).collect()),
            Value::Bool(v) => Value::Bool(positions.map(|i| v[i]).collect()),
        }
    }

    /// The elements at these positions among `n`, zeros at all others.
    fn put(&self, positions: impl Iterator<Item = usize>, n: usize) -> Value<F> {
        fn put<T: Copy>(v: &[T], zero: T, at: impl Iterator<Item = usize>, n: usize) -> Vec<T> {
            let mut out = vec![zero; n];
            at.zip(v).for_each(|(at, &v)| out[at] = v);
            out
        }
        match self {
            Value::Float(v) => Value::Float(put(v, F::from_f64(0.0), positions, n)),
            Value::Int(v) => Value::Int(put(v, 0, positions, n)),
            Value::Byte(v) => Value::Byte(put(v, 0, positions, n)),
            Value::Bool(v) => Value::Bool(put(v, false, positions, n)),
        }
    }

    /// The elements as `f64`, to cast from.
    fn numbers(&self) -> Vec<f64> {
        match self {
            Value::Float(v) => v.iter().map(|x| x.to_f64()).collect(),
            Value::Int(v) => v.iter().map(|&x| x.into()).collect(),
            Value::Byte(v) => v.iter().map(|&x| x.into()).collect(),
            Value::Bool(v) => v.iter().map(|&x| f64::from(u8::from(x))).collect(),
        }
    }

    fn bools(&self) -> &[bool] {
        match self {
            Value::Bool(v) => v,
            _ => panic!("a value that the graph types as bool"),
        }
    }
}

fn eval<F: Real>(node: &Node, op: &Op<Argument<'_, F>>, inputs: &[Value<F>]) -> Value<F> {
    let shape = node.ty.shape;
    let n = shape.elems();
    match *op {
        Op::Input(number) => inputs[number as usize].clone(),
        Op::Fill(value) => Value::Float(vec![F::from_f64(value); n]),
        Op::Iota(axis) => Value::Int(indices(shape).map(|index| index[axis] as i32).collect()),
        Op::Uniform(key, stream) => {
            let Value::Int(key) = key.value else { panic!("a random key is typed int32") };
            let source = Source::with_key([key[0], key[1], key[2], key[3]], stream);
            Value::Float((0..n).map(|i| F::from_f64(unit(source.word(i as u64)).into())).collect())
        }
        Op::Unary(Unary::Not, x) => Value::Bool(x.value.bools().iter().map(|x| !x).collect()),
        Op::Unary(unary, x) => {
            Value::Float(x.value.floats().iter().map(|&x| F::unary(unary, x)).collect())
        }
        Op::Binary(binary, a, b) => match (a.value, b.value) {
            (Value::Float(a), Value::Float(b)) if !binary.compares() => {
                Value::Float(a.iter().zip(b).map(|(&a, &b)| F::binary(binary, a, b)).collect())
            }
            (a, b) => {
                let compare = |(a, b): (f64, f64)| f64::binary(binary, a, b) == 1.0;
                Value::Bool(a.numbers().into_iter().zip(b.numbers()).map(compare).collect())
            }
        },
        Op::Select(c, a, b) => {
            let (a, b) = (a.value.floats(), b.value.floats());
            let pick = |(i, &c): (usize, &bool)| if c { a[i] } else { b[i] };
            Value::Float(c.value.bools().iter().enumerate().map(pick).collect())
        }
        Op::Cast(x) => {
            let numbers = x.value.numbers().into_iter();
            match node.ty.dtype {
                DType::F32 | DType::F64 => Value::Float(numbers.map(F::from_f64).collect()),
                DType::I32 => Value::Int(numbers.map(|x| x as i32).collect()),
                DType::U8 => Value::Byte(numbers.map(|x| x as u8).collect()),
                DType::Bool => Value::Bool(numbers.map(|x| x != 0.0).collect()),
            }
        }
        Op::StopGradient(x) | Op::Reshape(x) => x.value.clone(),
        Op::Broadcast(_)
        | Op::Transpose(_)
        | Op::Permute(..)
        | Op::Flip(..)
        | Op::Slice(..)
        | Op::Pad(..)
        | Op::Gather(..)
        | Op::ScatterAdd(..) => arrange(op, shape),
        Op::Reduce(reduction, x, axes) => Value::Float(reduce(reduction, x, axes, shape)),
        Op::ArgMax(x, axis) => {
            let (length, stride) = (x.shape.dims()[axis], x.shape.strides()[axis]);
            let x = x.value.floats();
            let at = |start: usize| {
                let mut best = 0;
                for i in 1..length {
                    if x[start + i * stride] > x[start + best * stride] {
                        best = i;
                    }
                }
                best as i32
            };
            // The outer dimensions skip `length` elements along the axis, the inner ones none.
            Value::Int((0..n).map(|i| at(i / stride * length * stride + i % stride)).collect())
        }
        Op::MatMul(a, b) => {
            let (k, columns) = (a.shape.dims()[1], b.shape.dims()[1]);
            let (a, b) = (a.value.floats(), b.value.floats());
            let dot = |i: usize| {
                let (row, column) = (i / columns, i % columns);
                (0..k).fold(F::from_f64(0.0), |sum, j| {
                    sum.add_product(a[row * k + j], b[j * columns + column])
                })
            };
            Value::Float((0..n).map(dot).collect())
        }
        Op::Conv(..)
        | Op::ConvInput(..)
        | Op::ConvKernel(..)
        | Op::PickMax(..)
        | Op::PutMax(..)
        | Op::SumPool(..)
        | Op::SpreadPool(..) => look_through_windows(op, shape),
        Op::Softmax(x) => Value::Float(by_rows(x, |row, out| {
            let (max, sum) = max_and_sum(row);
            out.extend(row.iter().map(|&v| {
                F::binary(Binary::Div, F::unary(Unary::Exp, F::binary(Binary::Sub, v, max)), sum)
            }));
        })),
        Op::LogSoftmax(x) => Value::Float(by_rows(x, |row, out| {
            let (max, sum) = max_and_sum(row);
            let log = F::unary(Unary::Log, sum);
            out.extend(
                row.iter().map(|&v| F::binary(Binary::Sub, F::binary(Binary::Sub, v, max), log)),
            );
        })),
    }
}

/// Moves elements to other places.
fn arrange<F: Real>(op: &Op<Argument<'_, F>>, shape: Shape) -> Value<F> {
    let n = shape.elems();
    match *op {
        Op::Broadcast(x) => {
            let (strides, new) = (x.shape.strides(), shape.rank() - x.shape.rank());
            x.value.pick(indices(shape).map(|index| {
                // A dimension of size 1 is read again and again.
                let dims = x.shape.dims().iter().enumerate();
                dims.map(|(axis, &d)| if d == 1 { 0 } else { index[axis + new] * strides[axis] })
                    .sum()
            }))
        }
        Op::Transpose(x) => {
            let rows = x.shape.dims()[0];
            let columns = x.shape.dims()[1];
            x.value.pick((0..n).map(|i| i % rows * columns + i / rows))
        }
        Op::Permute(x, order) => {
            let strides = x.shape.strides();
            x.value.pick(indices(shape).map(|index| {
                order.dims().iter().enumerate().map(|(to, &from)| index[to] * strides[from]).sum()
            }))
        }
        Op::Flip(x, axis) => {
            let (size, stride) = (shape.dims()[axis], shape.strides()[axis]);
            x.value.pick((0..n).map(|i| {
                let at = i / stride % size;
                i - at * stride + (size - 1 - at) * stride
            }))
        }
        Op::Slice(x, span) => x.value.pick(positions(shape, x.shape, span)),
        Op::Pad(x, span) => x.value.put(positions(x.shape, shape, span), n),
        Op::Gather(x, numbers) => {
            let width = shape.last();
            let values = x.value.floats();
            let mut out = Vec::with_capacity(n);
            for row in rows(numbers, x.shape) {
                match row {
                    Some(row) => out.extend_from_slice(&values[row * width..][..width]),
                    None => out.extend(std::iter::repeat_n(F::from_f64(0.0), width)),
                }
            }
            Value::Float(out)
        }
        Op::ScatterAdd(numbers, x) => {
            let width = shape.last();
            let mut out = vec![F::from_f64(0.0); n];
            for (i, row) in rows(numbers, shape).enumerate() {
                for (j, v) in x.value.floats()[i * width..][..width].iter().enumerate() {
                    if let Some(row) = row {
                        out[row * width + j] = out[row * width + j].add(*v);
                    }
                }
            }
            Value::Float(out)
        }
        _ => unreachable!("{} computes", op.name()),
    }
}

/// The results of convolutions and pools.
fn look_through_windows<F: Real>(op: &Op<Argument<'_, F>>, shape: Shape) -> Value<F> {
    match *op {
        Op::Conv(x, kernel, window) => {
            Value::Float(window::conv(x.floats(), kernel.value.floats(), shape, window))
        }
        Op::ConvInput(y, kernel, window) => {
            Value::Float(window::conv_input(y.floats(), kernel.value.floats(), shape, window))
        }
        Op::ConvKernel(x, y, window) => {
            Value::Float(window::conv_kernel(x.floats(), y.floats(), shape, window))
        }
        Op::PickMax(x, values, window) => {
            let at = window::largest(x.floats(), shape, window);
            values.value.pick(at.into_iter())
        }
        Op::PutMax(x, values, window) => {
            let mut out = vec![F::from_f64(0.0); shape.elems()];
            let at = window::largest(x.floats(), values.shape, window);
            for (at, v) in at.into_iter().zip(values.value.floats()) {
                out[at] = out[at].add(*v);
            }
            Value::Float(out)
        }
        Op::SumPool(x, window) => Value::Float(window::sum_pool(x.floats(), shape, window)),
        Op::SpreadPool(y, window) => Value::Float(window::spread_pool(y.floats(), shape, window)),
        _ => unreachable!("{} has no windows", op.name()),
    }
}

/// Where each element of shape `small` is in a value of shape `large`, along a span.
fn positions(small: Shape, large: Shape, span: Span) -> impl Iterator<Item = usize> {
    let strides = large.strides();
    indices(small).map(move |mut index| {
        index[span.axis] = span.start + index[span.axis] * span.step;
        (0..small.rank()).map(|axis| index[axis] * strides[axis]).sum()
    })
}

/// The rows of a value `[batch, rows, n]` that the numbers name.
fn rows<F: Real>(numbers: Argument<'_, F>, of: Shape) -> impl Iterator<Item = Option<usize>> {
    let Value::Int(values) = numbers.value else { panic!("numbers of rows are typed int32") };
    let (count, rows) = (numbers.shape.last(), of.dims()[1]);
    values.iter().enumerate().map(move |(i, &number)| {
        let row = usize::try_from(number).ok().filter(|row| *row < rows)?;
        Some(i / count * rows + row)
    })
}

/// The positions of a shape's elements, in row-major order.
fn indices(shape: Shape) -> impl Iterator<Item = [usize; 8]> {
    let strides = shape.strides();
    (0..shape.elems()).map(move |i| {
        let mut index = [0; 8];
        for (axis, &size) in shape.dims().iter().enumerate() {
            index[axis] = i / strides[axis] % size;
        }
        index
    })
}

fn reduce<F: Real>(reduction: Reduction, x: Argument<'_, F>, axes: Axes, shape: Shape) -> Vec<F> {
    let (start, join): (f64, fn(F, F) -> F) = match reduction {
        Reduction::Sum => (0.0, F::add),
        Reduction::Max => (f64::NEG_INFINITY, |a, b| F::binary(Binary::Max, a, b)),
    };
    let mut out = vec![F::from_f64(start); shape.elems()];
    let strides = shape.strides();
    for (index, &value) in indices(x.shape).zip(x.value.floats()) {
        let kept = (0..shape.rank()).filter(|&axis| !axes.contains(axis));
        let slot = &mut out[kept.map(|axis| index[axis] * strides[axis]).sum::<usize>()];
        *slot = join(*slot, value);
    }
    out
}

fn by_rows<F: Real>(x: Argument<'_, F>, row: impl Fn(&[F], &mut Vec<F>)) -> Vec<F> {
    let mut out = Vec::new();
    for values in x.value.floats().chunks(x.shape.last().max(1)) {
        row(values, &mut out);
    }
    out
}

/// The largest number of a row, and the sum of the exponentials of the differences from it.
fn max_and_sum<F: Real>(row: &[F]) -> (F, F) {
    let lowest = F::from_f64(f64::NEG_INFINITY);
    let max = row.iter().fold(lowest, |max, &v| F::binary(Binary::Max, max, v));
    let exp = |&v: &F| F::unary(Unary::Exp, F::binary(Binary::Sub, v, max));
    (max, row.iter().map(exp).fold(F::from_f64(0.0), F::add))
}
