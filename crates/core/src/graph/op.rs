//! The operations: a closed list. A new one stops the compiler wherever it has to be handled.

use super::NodeId;
use super::text::Words;
use super::window::Window;
use crate::tensor::{Axes, Order};

/// An operation on values of type `X`: node ids in a graph, handles in a rule, buffers in a kernel.
///
/// Everything about an operation's result beyond its operands (the shape of a broadcast, the type
/// of a cast) is in the type of its node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op<X> {
    /// A value from outside: number `.0` of the graph's inputs.
    Input(u32),
    /// The same number everywhere.
    Fill(f64),
    /// 0, 1, 2, … along an axis, as integers.
    Iota(usize),
    /// Random numbers uniform in [0, 1), of a stream. The operand is the key: four integers, the low
    /// and high halves of the seed and of the step (see [`crate::tensor::random`]).
    Uniform(X, u32),
    /// A function of each element.
    Unary(Unary, X),
    /// A function of each pair of elements.
    Binary(Binary, X, X),
    /// The second operand where the first is true, otherwise the third.
    Select(X, X, X),
    /// The same numbers in another element type.
    Cast(X),
    /// The same value, which gradients treat as a constant.
    StopGradient(X),
    /// The value repeated along new dimensions and along dimensions of size 1.
    Broadcast(X),
    /// The same elements in the same order, in another shape.
    Reshape(X),
    /// Rows and columns of a matrix exchanged.
    Transpose(X),
    /// Dimensions in another order.
    Permute(X, Order),
    /// The elements in reverse order along a dimension.
    Flip(X, usize),
    /// Some positions along a dimension.
    Slice(X, Span),
    /// The value at some positions along a dimension, zeros at all others: the reverse of
    /// [`Op::Slice`].
    Pad(X, Span),
    /// Rows by number: from `[batch, rows, n]` and integers `[batch, m]`, `[batch, m, n]`. A number
    /// that no row has gives zeros.
    Gather(X, X),
    /// Rows added up by number: from integers `[batch, m]` and `[batch, m, n]`, `[batch, rows, n]`.
    /// Values whose number no row has are left out.
    ScatterAdd(X, X),
    /// Sum or maximum over some dimensions, which stay with size 1.
    Reduce(Reduction, X, Axes),
    /// Where the largest element is along a dimension, the first of equals, as integers. It stays
    /// with size 1.
    ArgMax(X, usize),
    /// Product of two matrices.
    MatMul(X, X),
    /// Convolution (in the usual sense: correlation) of `[batch, depth, height, width, channels]`
    /// with a kernel `[depth, height, width, channels / groups, filters]`.
    Conv(X, X, Window),
    /// What each point of a convolution's input contributes to its output, given the output and the
    /// kernel: its gradient with respect to the input, and the transposed convolution.
    ConvInput(X, X, Window),
    /// The gradient of a convolution with respect to the kernel, given its input and the output's gradient.
    ConvKernel(X, X, Window),
    /// From the second operand, in each window, the value where the first one is largest (the first
    /// of equals): for a value and itself, max pooling.
    PickMax(X, X, Window),
    /// The second operand's values, one per window, added up where the first operand is largest in
    /// the window.
    PutMax(X, X, Window),
    /// The sum of each window, channel by channel.
    SumPool(X, Window),
    /// Each window's value added to all of its points.
    SpreadPool(X, Window),
    /// `exp(x - max x) / sum(exp(x - max x))` over the last dimension.
    Softmax(X),
    /// `x - max x - log(sum(exp(x - max x)))` over the last dimension.
    LogSoftmax(X),
}

/// Functions of one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `-x`
    Neg,
    /// `|x|`
    Abs,
    /// -1, 0 or 1.
    Sign,
    /// `e^x`
    Exp,
    /// Natural logarithm.
    Log,
    /// `√x`
    Sqrt,
    /// Hyperbolic tangent.
    Tanh,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `log(1 + e^x)`
    Softplus,
    /// The error function `2/√π ∫₀ˣ e^-t² dt`.
    Erf,
    /// Sine of an angle in radians.
    Sin,
    /// Cosine of an angle in radians.
    Cos,
    /// The largest integer that is not greater.
    Floor,
    /// False for true, true for false.
    Not,
}

/// Functions of two elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a · b`
    Mul,
    /// `a / b`
    Div,
    /// `a ^ b`
    Pow,
    /// The larger; NaN if either is.
    Max,
    /// The smaller; NaN if either is.
    Min,
    /// `a = b`, as a truth value.
    Equal,
    /// `a < b`, as a truth value.
    Less,
    /// `a ≤ b`, as a truth value.
    LessEqual,
}

/// How elements are reduced to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// Their sum; 0 for none.
    Sum,
    /// The largest; -∞ for none.
    Max,
}

impl Unary {
    /// Every function of one element.
    pub const ALL: [Unary; 14] = {
        use Unary::*;
        [Neg, Abs, Sign, Exp, Log, Sqrt, Tanh, Sigmoid, Softplus, Erf, Sin, Cos, Floor, Not]
    };

    /// Its name in a printed graph.
    pub fn name(self) -> &'static str {
        match self {
            Unary::Neg => "neg",
            Unary::Abs => "abs",
            Unary::Sign => "sign",
            Unary::Exp => "exp",
            Unary::Log => "log",
            Unary::Sqrt => "sqrt",
            Unary::Tanh => "tanh",
            Unary::Sigmoid => "sigmoid",
            Unary::Softplus => "softplus",
            Unary::Erf => "erf",
            Unary::Sin => "sin",
            Unary::Cos => "cos",
            Unary::Floor => "floor",
            Unary::Not => "not",
        }
    }
}

impl Binary {
    /// Every function of two elements.
    pub const ALL: [Binary; 10] = {
        use Binary::*;
        [Add, Sub, Mul, Div, Pow, Max, Min, Equal, Less, LessEqual]
    };

    /// Its name in a printed graph.
    pub fn name(self) -> &'static str {
        match self {
            Binary::Add => "add",
            Binary::Sub => "sub",
            Binary::Mul => "mul",
            Binary::Div => "div",
            Binary::Pow => "pow",
            Binary::Max => "max",
            Binary::Min => "min",
            Binary::Equal => "equal",
            Binary::Less => "less",
            Binary::LessEqual => "less_equal",
        }
    }

    /// Whether its result is a truth value.
    pub fn compares(self) -> bool {
        match self {
            Binary::Equal | Binary::Less | Binary::LessEqual => true,
            Binary::Add
            | Binary::Sub
            | Binary::Mul
            | Binary::Div
            | Binary::Pow
            | Binary::Max
            | Binary::Min => false,
        }
    }
}

impl<X: Copy> Op<X> {
    /// The same operation on other values.
    pub fn map<Y>(&self, mut f: impl FnMut(X) -> Y) -> Op<Y> {
        match *self {
            Op::Input(i) => Op::Input(i),
            Op::Fill(value) => Op::Fill(value),
            Op::Iota(axis) => Op::Iota(axis),
            Op::Uniform(key, stream) => Op::Uniform(f(key), stream),
            Op::Unary(unary, x) => Op::Unary(unary, f(x)),
            Op::Binary(binary, a, b) => Op::Binary(binary, f(a), f(b)),
            Op::Select(c, a, b) => Op::Select(f(c), f(a), f(b)),
            Op::Cast(x) => Op::Cast(f(x)),
            Op::StopGradient(x) => Op::StopGradient(f(x)),
            Op::Broadcast(x) => Op::Broadcast(f(x)),
            Op::Reshape(x) => Op::Reshape(f(x)),
            Op::Transpose(x) => Op::Transpose(f(x)),
            Op::Permute(x, order) => Op::Permute(f(x), order),
            Op::Flip(x, axis) => Op::Flip(f(x), axis),
            Op::Slice(x, span) => Op::Slice(f(x), span),
            Op::Pad(x, span) => Op::Pad(f(x), span),
            Op::Gather(x, numbers) => Op::Gather(f(x), f(numbers)),
            Op::ScatterAdd(numbers, x) => Op::ScatterAdd(f(numbers), f(x)),
            Op::Reduce(reduction, x, axes) => Op::Reduce(reduction, f(x), axes),
            Op::ArgMax(x, axis) => Op::ArgMax(f(x), axis),
            Op::MatMul(a, b) => Op::MatMul(f(a), f(b)),
            Op::Conv(x, kernel, window) => Op::Conv(f(x), f(kernel), window),
            Op::ConvInput(y, kernel, window) => Op::ConvInput(f(y), f(kernel), window),
            Op::ConvKernel(x, y, window) => Op::ConvKernel(f(x), f(y), window),
            Op::PickMax(x, values, window) => Op::PickMax(f(x), f(values), window),
            Op::PutMax(x, values, window) => Op::PutMax(f(x), f(values), window),
            Op::SumPool(x, window) => Op::SumPool(f(x), window),
            Op::SpreadPool(y, window) => Op::SpreadPool(f(y), window),
            Op::Softmax(x) => Op::Softmax(f(x)),
            Op::LogSoftmax(x) => Op::LogSoftmax(f(x)),
        }
    }

    /// Its operands, in order.
    pub fn operands(&self) -> Operands<X> {
        let mut operands = Operands { values: [None; 3], count: 0 };
        self.map(|x| {
            operands.values[operands.count] = Some(x);
            operands.count += 1;
        });
        operands
    }

    /// Its name in a printed graph.
    pub fn name(&self) -> &'static str {
        match self {
            Op::Input(_) => "input",
            Op::Fill(_) => "fill",
            Op::Iota(_) => "iota",
            Op::Uniform(..) => "uniform",
            Op::Unary(unary, _) => unary.name(),
            Op::Binary(binary, ..) => binary.name(),
            Op::Select(..) => "select",
            Op::Cast(_) => "cast",
            Op::StopGradient(_) => "stop_gradient",
            Op::Broadcast(_) => "broadcast",
            Op::Reshape(_) => "reshape",
            Op::Transpose(_) => "transpose",
            Op::Permute(..) => "permute",
            Op::Flip(..) => "flip",
            Op::Slice(..) => "slice",
            Op::Pad(..) => "pad",
            Op::Gather(..) => "gather",
            Op::ScatterAdd(..) => "scatter_add",
            Op::Reduce(Reduction::Sum, ..) => "reduce_sum",
            Op::Reduce(Reduction::Max, ..) => "reduce_max",
            Op::ArgMax(..) => "argmax",
            Op::MatMul(..) => "matmul",
            Op::Conv(..) => "conv",
            Op::ConvInput(..) => "conv_input",
            Op::ConvKernel(..) => "conv_kernel",
            Op::PickMax(..) => "pick_max",
            Op::PutMax(..) => "put_max",
            Op::SumPool(..) => "sum_pool",
            Op::SpreadPool(..) => "spread_pool",
            Op::Softmax(_) => "softmax",
            Op::LogSoftmax(_) => "log_softmax",
        }
    }
}

impl<X> Op<X> {
    /// Whether each element of its result comes from the same element of its operands, or from its
    /// position.
    pub fn is_elementwise(&self) -> bool {
        match self {
            Op::Fill(_)
            | Op::Iota(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Select(..)
            | Op::Cast(_)
            | Op::Broadcast(_)
            | Op::Uniform(..) => true,
            Op::Input(_)
            | Op::StopGradient(_)
            | Op::Reshape(_)
            | Op::Transpose(_)
            | Op::Permute(..)
            | Op::Flip(..)
            | Op::Slice(..)
            | Op::Pad(..)
            | Op::Gather(..)
            | Op::ScatterAdd(..)
            | Op::Reduce(..)
            | Op::ArgMax(..)
            | Op::MatMul(..)
            | Op::Conv(..)
            | Op::ConvInput(..)
            | Op::ConvKernel(..)
            | Op::PickMax(..)
            | Op::PutMax(..)
            | Op::SumPool(..)
            | Op::SpreadPool(..)
            | Op::Softmax(_)
            | Op::LogSoftmax(_) => false,
        }
    }

    /// Whether it is elementwise, but reads its operand in memory, elsewhere than at its own element: the
    /// elements a broadcast repeats, the key of random numbers.
    pub fn reads_elsewhere(&self) -> bool {
        matches!(self, Op::Broadcast(_) | Op::Uniform(..))
    }
}

impl Op<NodeId> {
    /// What a printed operation says after its operands. (What an input says is the graph's to know.)
    pub(super) fn details(&self) -> String {
        match *self {
            Op::Fill(value) => format!(" {value:?}"),
            Op::Iota(axis) | Op::ArgMax(_, axis) | Op::Flip(_, axis) => format!(" axis {axis}"),
            Op::Permute(_, order) => format!(" order{order}"),
            Op::Slice(_, Span { axis, start, step }) | Op::Pad(_, Span { axis, start, step }) => {
                format!(" axis {axis} start {start} step {step}")
            }
            Op::Conv(.., window)
            | Op::ConvInput(.., window)
            | Op::ConvKernel(.., window)
            | Op::PickMax(.., window)
            | Op::PutMax(.., window)
            | Op::SumPool(_, window)
            | Op::SpreadPool(_, window) => window_details(&window),
            Op::Uniform(_, stream) => format!(" stream {stream}"),
            Op::Reduce(_, _, axes) => {
                let axes: Vec<String> = axes.iter().map(|axis| format!(" {axis}")).collect();
                format!(" axes{}", axes.concat())
            }
            Op::Input(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Select(..)
            | Op::Cast(_)
            | Op::StopGradient(_)
            | Op::Broadcast(_)
            | Op::Reshape(_)
            | Op::Transpose(_)
            | Op::Gather(..)
            | Op::ScatterAdd(..)
            | Op::MatMul(..)
            | Op::Softmax(_)
            | Op::LogSoftmax(_) => String::new(),
        }
    }

    /// The operation of a name, with operands and details read from the words that follow.
    pub(super) fn parse(name: &str, words: &mut Words<'_>) -> Result<Op<NodeId>, String> {
        if let Some(&unary) = Unary::ALL.iter().find(|unary| unary.name() == name) {
            return Ok(Op::Unary(unary, words.node()?));
        }
        if let Some(&binary) = Binary::ALL.iter().find(|binary| binary.name() == name) {
            return Ok(Op::Binary(binary, words.node()?, words.node()?));
        }
        Ok(match name {
            "fill" => Op::Fill(words.number()?),
            "iota" => Op::Iota(words.after("axis")?),
            "uniform" => Op::Uniform(words.node()?, words.after("stream")?),
            "select" => Op::Select(words.node()?, words.node()?, words.node()?),
            "cast" => Op::Cast(words.node()?),
            "stop_gradient" => Op::StopGradient(words.node()?),
            "broadcast" => Op::Broadcast(words.node()?),
            "reshape" => Op::Reshape(words.node()?),
            "transpose" => Op::Transpose(words.node()?),
            "permute" => Op::Permute(words.node()?, words.order()?),
            "flip" => Op::Flip(words.node()?, words.after("axis")?),
            "slice" => Op::Slice(words.node()?, span(words)?),
            "pad" => Op::Pad(words.node()?, span(words)?),
            "gather" => Op::Gather(words.node()?, words.node()?),
            "scatter_add" => Op::ScatterAdd(words.node()?, words.node()?),
            "reduce_sum" => Op::Reduce(Reduction::Sum, words.node()?, words.axes()?),
            "reduce_max" => Op::Reduce(Reduction::Max, words.node()?, words.axes()?),
            "argmax" => Op::ArgMax(words.node()?, words.after("axis")?),
            "matmul" => Op::MatMul(words.node()?, words.node()?),
            "conv" => Op::Conv(words.node()?, words.node()?, window(words)?),
            "conv_input" => Op::ConvInput(words.node()?, words.node()?, window(words)?),
            "conv_kernel" => Op::ConvKernel(words.node()?, words.node()?, window(words)?),
            "pick_max" => Op::PickMax(words.node()?, words.node()?, window(words)?),
            "put_max" => Op::PutMax(words.node()?, words.node()?, window(words)?),
            "sum_pool" => Op::SumPool(words.node()?, window(words)?),
            "spread_pool" => Op::SpreadPool(words.node()?, window(words)?),
            "softmax" => Op::Softmax(words.node()?),
            "log_softmax" => Op::LogSoftmax(words.node()?),
            _ => return Err(format!("no operation {name}")),
        })
    }
}

/// How a window prints: its three numbers for each of these, and the groups.
const WINDOW_WORDS: [&str; 5] = ["size", "stride", "dilation", "before", "after"];

fn window_details(window: &Window) -> String {
    let Window { size, stride, dilation, before, after, groups } = window;
    let numbers = [size, stride, dilation, before, after];
    let words =
        WINDOW_WORDS.iter().zip(numbers).map(|(word, [d, h, w])| format!(" {word} {d} {h} {w}"));
    format!("{} groups {groups}", words.collect::<String>())
}

fn window(words: &mut Words<'_>) -> Result<Window, String> {
    let mut numbers = [[0; 3]; 5];
    for (word, numbers) in WINDOW_WORDS.iter().zip(&mut numbers) {
        *numbers = [words.after(word)?, words.number()?, words.number()?];
    }
    let [size, stride, dilation, before, after] = numbers;
    Ok(Window { size, stride, dilation, before, after, groups: words.after("groups")? })
}

fn span(words: &mut Words<'_>) -> Result<Span, String> {
    Ok(Span {
        axis: words.after("axis")?,
        start: words.after("start")?,
        step: words.after("step")?,
    })
}

/// Positions along a dimension: `start`, `start + step`, … As many as the smaller value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Which dimension.
    pub axis: usize,
    /// The first position.
    pub start: usize,
    /// How far apart they are: at least 1.
    pub step: usize,
}

impl Span {
    /// Whether `count` positions lie inside a dimension of `len`.
    pub(super) fn fits(self, count: usize, len: usize) -> bool {
        let last = count.checked_sub(1).and_then(|n| n.checked_mul(self.step));
        let last = last.and_then(|n| n.checked_add(self.start));
        self.step > 0 && (count == 0 && self.start <= len || last.is_some_and(|last| last < len))
    }
}

/// The operands of an operation: at most three.
#[derive(Clone, Copy, Debug)]
pub struct Operands<X> {
    values: [Option<X>; 3],
    count: usize,
}

impl<X: Copy> IntoIterator for Operands<X> {
    type Item = X;
    type IntoIter = std::iter::Flatten<std::array::IntoIter<Option<X>, 3>>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.into_iter().flatten()
    }
}
