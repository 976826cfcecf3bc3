//! Handles to values being built: formulas in Rust, checked as they are written.

use super::{Binary, Builder, NodeId, Op, Reduction, Type, Unary};
use crate::tensor::{Axes, DType, Shape};
use std::ops;

crate::messages! {
    fn not_together(op: &str, left: Shape, right: Shape) {
        en: "{op} cannot combine {left} with {right}",
        es: "{op} no puede combinar {left} con {right}",
    }
}

/// A value of a graph being built. Copy it freely; combine it with operators and methods.
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

    /// The numbers in another element type.
    #[track_caller]
    pub fn cast(self, dtype: DType) -> Expr<'g> {
        if self.ty().dtype == dtype {
            return self;
        }
        self.builder.push(Op::Cast(self.id), Type::new(dtype, self.shape()))
    }

    /// The same value, taken for a constant by [`gradients`](super::gradients).
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

    /// Where along a dimension the largest element is (the first of equals), as integers.
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

    /// `yes` where this truth value holds, else `no`.
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
