//! Handles to values being built: formulas in Rust, checked as they are written.

use super::{Binary, Builder, NodeId, Op, Reduction, Span, Type, Unary, Window};
use crate::tensor::{Axes, DType, Order, Shape};
use std::ops;

/// A value in a graph being built. Copy it freely; combine it with operators and methods.
///
/// Operators broadcast by NumPy's rule and cannot fail at the call: the [`Builder`] keeps the first
/// mistake, with the line it was made on.
#[derive(Clone, Copy, Debug)]
pub struct Expr<'g> {
    builder: &'g Builder,
    id: NodeId,
}

impl<'g> Expr<'g> {
    pub(super) fn new(builder: &'g Builder, id: NodeId) -> Expr<'g> {
        Expr { builder, id }
    }

    /// The builder it belongs to.
    pub fn builder(self) -> &'g Builder {
        self.builder
    }

    /// The node it stands for.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Its type.
    pub fn ty(self) -> Type {
        self.builder.ty(self.id)
    }

    /// Its shape.
    pub fn shape(self) -> Shape {
        self.ty().shape
    }

    /// The operation that makes it, on handles.
    pub fn op(self) -> Op<Expr<'g>> {
        self.builder.op(self.id).map(|id| Expr::new(self.builder, id))
    }

    /// The same number in every element of a value shaped like this one.
    #[track_caller]
    pub fn fill_like(self, value: f64) -> Expr<'g> {
        self.builder.push(Op::Fill(value), Type::new(DType::F32, self.shape()))
    }

    /// A function of each element, by its name. The functions have methods, too: `x.exp()`.
    #[track_caller]
    pub fn unary(self, unary: Unary) -> Expr<'g> {
        self.builder.push(Op::Unary(unary, self.id), self.ty())
    }

    /// A function of each pair of elements, by its name. They have operators and methods, too: `x + y`.
    #[track_caller]
    pub fn binary(self, binary: Binary, other: Expr<'g>) -> Expr<'g> {
        let (a, b) = (self.shape(), other.shape());
        let Some(shape) = Shape::broadcast(a, b) else {
            self.builder.refuse(&not_together(binary.name(), a, b));
            return self;
        };
        let (a, b) = (self.broadcast(shape), other.broadcast(shape));
        self.builder.push(Op::Binary(binary, a.id, b.id), a.ty())
    }

    /// The value repeated to a larger shape: new dimensions in front, dimensions of size 1 stretched.
    #[track_caller]
    pub fn broadcast(self, shape: Shape) -> Expr<'g> {
        if self.shape() == shape {
            return self;
        }
        self.builder.push(Op::Broadcast(self.id), Type::new(self.ty().dtype, shape))
    }

    /// The same elements in another shape of the same size.
    #[track_caller]
    pub fn reshape(self, dims: &[usize]) -> Expr<'g> {
        match Shape::new(dims) {
            Ok(shape) if shape == self.shape() => self,
            Ok(shape) => self.builder.push(Op::Reshape(self.id), Type::new(self.ty().dtype, shape)),
            Err(error) => {
                self.builder.fail(error);
                self
            }
        }
    }

    /// Rows and columns of a matrix exchanged.
    #[track_caller]
    pub fn transpose(self) -> Expr<'g> {
        self.builder.push(Op::Transpose(self.id), self.ty())
    }

    /// Dimensions in another order: dimension `i` of the result is dimension `order[i]` of this value.
    #[track_caller]
    pub fn permute(self, order: &[usize]) -> Expr<'g> {
        match Order::new(order) {
            Some(_) if order.is_sorted() && order.len() == self.shape().rank() => self,
            Some(order) => self.builder.push(Op::Permute(self.id, order), self.ty()),
            None => {
                self.builder.refuse(&no_order(&format!("{order:?}")));
                self
            }
        }
    }

    /// The elements in reverse order along a dimension.
    #[track_caller]
    pub fn flip(self, axis: usize) -> Expr<'g> {
        self.builder.push(Op::Flip(self.id, axis), self.ty())
    }

    /// `count` positions along a dimension.
    #[track_caller]
    pub fn slice(self, span: Span, count: usize) -> Expr<'g> {
        self.along(Op::Slice(self.id, span), span.axis, count)
    }

    /// This value at some positions along a dimension of `len`, and zeros at all others.
    #[track_caller]
    pub fn pad(self, span: Span, len: usize) -> Expr<'g> {
        self.along(Op::Pad(self.id, span), span.axis, len)
    }

    /// An operation that gives dimension `axis` another size.
    #[track_caller]
    fn along(self, op: Op<NodeId>, axis: usize, size: usize) -> Expr<'g> {
        let Type { dtype, shape } = self.ty();
        let mut dims = shape.dims().to_vec();
        // A dimension that does not exist is found where the operation is checked.
        if let Some(dim) = dims.get_mut(axis) {
            *dim = size;
        }
        match Shape::new(&dims) {
            Ok(shape) => self.builder.push(op, Type::new(dtype, shape)),
            Err(error) => {
                self.builder.fail(error);
                self
            }
        }
    }

    /// Values one after the other along a dimension; without any value, the first mistake.
    ///
    /// # Panics
    /// If there is no value.
    #[track_caller]
    pub fn concat(values: &[Expr<'g>], axis: usize) -> Expr<'g> {
        let size = |x: &Expr<'g>| x.shape().dims().get(axis).copied().unwrap_or(1);
        let len = values.iter().map(size).sum();
        let mut start = 0;
        let padded = values.iter().map(|x| {
            let part = x.pad(Span { axis, start, step: 1 }, len);
            start += size(x);
            part
        });
        padded.reduce(|sum, part| sum + part).expect("at least one value")
    }

    /// Rows of `[batch, rows, n]` by number, for integers `[batch, m]`.
    #[track_caller]
    pub fn gather(self, numbers: Expr<'g>) -> Expr<'g> {
        self.builder.push(Op::Gather(self.id, numbers.id), self.ty())
    }

    /// For these integers `[batch, m]`: values `[batch, m, n]`, added up in the rows with those
    /// numbers.
    #[track_caller]
    pub fn scatter_add(self, values: Expr<'g>, rows: usize) -> Expr<'g> {
        values.along(Op::ScatterAdd(self.id, values.id), 1, rows)
    }

    /// Convolution of `[batch, depth, height, width, channels]`: see [`Op::Conv`].
    #[track_caller]
    pub fn conv(self, kernel: Expr<'g>, window: Window) -> Expr<'g> {
        self.builder.push(Op::Conv(self.id, kernel.id, window), self.ty())
    }

    /// The gradient of a convolution with respect to its input, of this shape: see [`Op::ConvInput`].
    #[track_caller]
    pub fn conv_input(self, kernel: Expr<'g>, window: Window, input: Shape) -> Expr<'g> {
        let ty = Type::new(DType::F32, input);
        self.builder.push(Op::ConvInput(self.id, kernel.id, window), ty)
    }

    /// The gradient of a convolution with respect to its kernel, of this shape: see [`Op::ConvKernel`].
    #[track_caller]
    pub fn conv_kernel(self, gradient: Expr<'g>, window: Window, kernel: Shape) -> Expr<'g> {
        let ty = Type::new(DType::F32, kernel);
        self.builder.push(Op::ConvKernel(self.id, gradient.id, window), ty)
    }

    /// From `values`, in each window, the one where this value is largest: see [`Op::PickMax`].
    #[track_caller]
    pub fn pick_max(self, values: Expr<'g>, window: Window) -> Expr<'g> {
        self.builder.push(Op::PickMax(self.id, values.id, window), self.ty())
    }

    /// `values`, one per window, added up where this value is largest: see [`Op::PutMax`].
    #[track_caller]
    pub fn put_max(self, values: Expr<'g>, window: Window) -> Expr<'g> {
        self.builder.push(Op::PutMax(self.id, values.id, window), self.ty())
    }

    /// The sum of each window, channel by channel.
    #[track_caller]
    pub fn sum_pool(self, window: Window) -> Expr<'g> {
        self.builder.push(Op::SumPool(self.id, window), self.ty())
    }

    /// Each window's value added to all of its points in a value of this shape.
    #[track_caller]
    pub fn spread_pool(self, window: Window, shape: Shape) -> Expr<'g> {
        self.builder.push(Op::SpreadPool(self.id, window), Type::new(DType::F32, shape))
    }

    /// The numbers in another element type.
    #[track_caller]
    pub fn cast(self, dtype: DType) -> Expr<'g> {
        if self.ty().dtype == dtype {
            return self;
        }
        self.builder.push(Op::Cast(self.id), Type::new(dtype, self.shape()))
    }

    /// The same value, treated as a constant by [`gradients`](super::gradients).
    #[track_caller]
    pub fn stop_gradient(self) -> Expr<'g> {
        self.builder.push(Op::StopGradient(self.id), self.ty())
    }

    /// Product of matrices `[m, k]` and `[k, n]`.
    #[track_caller]
    pub fn matmul(self, other: Expr<'g>) -> Expr<'g> {
        self.builder.push(Op::MatMul(self.id, other.id), self.ty())
    }

    /// Sum over some dimensions, which stay with size 1.
    #[track_caller]
    pub fn sum(self, axes: Axes) -> Expr<'g> {
        self.builder.push(Op::Reduce(Reduction::Sum, self.id, axes), self.ty())
    }

    /// Maximum over some dimensions, which stay with size 1.
    #[track_caller]
    pub fn max_over(self, axes: Axes) -> Expr<'g> {
        self.builder.push(Op::Reduce(Reduction::Max, self.id, axes), self.ty())
    }

    /// Sum over the last dimension, which stays with size 1.
    #[track_caller]
    pub fn sum_last(self) -> Expr<'g> {
        self.sum(Axes::new(&[self.shape().rank().saturating_sub(1)]))
    }

    /// Mean over the last dimension, which stays with size 1.
    #[track_caller]
    pub fn mean_last(self) -> Expr<'g> {
        self.sum_last() / self.shape().last() as f64
    }

    /// Sum of all elements, as a scalar.
    #[track_caller]
    pub fn sum_all(self) -> Expr<'g> {
        self.sum(Axes::all(self.shape())).reshape(&[])
    }

    /// Where the largest element is along a dimension (the first of equals), as integers.
    #[track_caller]
    pub fn argmax(self, axis: usize) -> Expr<'g> {
        self.builder.push(Op::ArgMax(self.id, axis), self.ty())
    }

    /// Softmax over the last dimension.
    #[track_caller]
    pub fn softmax(self) -> Expr<'g> {
        self.builder.push(Op::Softmax(self.id), self.ty())
    }

    /// Logarithm of the softmax over the last dimension.
    #[track_caller]
    pub fn log_softmax(self) -> Expr<'g> {
        self.builder.push(Op::LogSoftmax(self.id), self.ty())
    }

    /// `yes` where this truth value holds, otherwise `no`.
    #[track_caller]
    pub fn select(self, yes: Expr<'g>, no: Expr<'g>) -> Expr<'g> {
        self.builder.push(Op::Select(self.id, yes.id, no.id), yes.ty())
    }

    /// Each element no smaller than `low` and no larger than `high`.
    #[track_caller]
    pub fn clip(self, low: f64, high: f64) -> Expr<'g> {
        self.max(self.fill_like(low)).min(self.fill_like(high))
    }
}

macro_rules! unary_methods {
    ($($(#[$doc:meta])* $name:ident => $unary:ident),* $(,)?) => {
        impl<'g> Expr<'g> { $(
            $(#[$doc])*
            #[track_caller]
            pub fn $name(self) -> Expr<'g> {
                self.unary(Unary::$unary)
            }
        )* }
    };
}
unary_methods! {
    /// `|x|`
    abs => Abs,
    /// -1, 0 or 1.
    sign => Sign,
    /// `e^x`
    exp => Exp,
    /// Natural logarithm.
    log => Log,
    /// `√x`
    sqrt => Sqrt,
    /// Hyperbolic tangent.
    tanh => Tanh,
    /// `1 / (1 + e^-x)`
    sigmoid => Sigmoid,
    /// `log(1 + e^x)`
    softplus => Softplus,
    /// The error function.
    erf => Erf,
    /// Sine of an angle in radians.
    sin => Sin,
    /// Cosine of an angle in radians.
    cos => Cos,
    /// The largest integer that is not greater.
    floor => Floor,
}

macro_rules! binary_methods {
    ($($(#[$doc:meta])* $name:ident => $binary:ident),* $(,)?) => {
        impl<'g> Expr<'g> { $(
            $(#[$doc])*
            #[track_caller]
            pub fn $name(self, other: Expr<'g>) -> Expr<'g> {
                self.binary(Binary::$binary, other)
            }
        )* }
    };
}
binary_methods! {
    /// `self ^ other`
    pow => Pow,
    /// The larger of the two.
    max => Max,
    /// The smaller of the two.
    min => Min,
    /// `self = other`, as a truth value.
    equal => Equal,
    /// `self < other`, as a truth value.
    less => Less,
    /// `self ≤ other`, as a truth value.
    less_equal => LessEqual,
}

macro_rules! operators {
    ($($trait:ident $method:ident $binary:ident),*) => { $(
        impl<'g> ops::$trait for Expr<'g> {
            type Output = Expr<'g>;
            #[track_caller]
            fn $method(self, other: Expr<'g>) -> Expr<'g> {
                self.binary(Binary::$binary, other)
            }
        }
        impl<'g> ops::$trait<f64> for Expr<'g> {
            type Output = Expr<'g>;
            #[track_caller]
            fn $method(self, other: f64) -> Expr<'g> {
                self.binary(Binary::$binary, self.fill_like(other))
            }
        }
        impl<'g> ops::$trait<Expr<'g>> for f64 {
            type Output = Expr<'g>;
            #[track_caller]
            fn $method(self, other: Expr<'g>) -> Expr<'g> {
                other.fill_like(self).binary(Binary::$binary, other)
            }
        }
    )* };
}
operators!(Add add Add, Sub sub Sub, Mul mul Mul, Div div Div);

impl<'g> ops::Neg for Expr<'g> {
    type Output = Expr<'g>;
    #[track_caller]
    fn neg(self) -> Expr<'g> {
        self.unary(Unary::Neg)
    }
}

impl<'g> ops::Not for Expr<'g> {
    type Output = Expr<'g>;
    #[track_caller]
    fn not(self) -> Expr<'g> {
        self.unary(Unary::Not)
    }
}

crate::messages! {
    fn not_together(op: &str, left: Shape, right: Shape) {
        en: "{op} cannot combine {left} with {right}",
        es: "{op} no puede combinar {left} con {right}",
    }

    fn no_order(order: &str) {
        en: "{order} is not an order of dimensions",
        es: "{order} no es un orden de dimensiones",
    }
}
