//! Operations on operands that nobody would give them: an error, or the interpreter's numbers, and
//! never a panic.

use crate::tests::{compare, inputs, run_on};
use crate::{Cpu, Level};
use neurona_core::compile::compile;
use neurona_core::graph::{
    Binary, Builder, Expr, Graph, Op, Role, Span, Unary, Window, gradients, interpret,
};
use neurona_core::tensor::random::Source;
use neurona_core::tensor::{Axes, DType, Shape};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Random choices; a case can be found again by its number.
struct Draw {
    source: Source,
    next: u64,
}

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.next += 1;
        self.source.word(self.next) as usize % n
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Mostly small, now and then nothing or too much.
    fn size(&mut self) -> usize {
        match self.below(120) {
            0 => usize::MAX,
            1 => usize::MAX / 2 + 1,
            2 => 1 << 40,
            3 => 1 << 20,
            4..12 => 0,
            n => [1, 1, 2, 2, 3, 3, 4, 5, 7][n % 9],
        }
    }

    fn sizes<const N: usize>(&mut self, usual: &[usize]) -> [usize; N] {
        std::array::from_fn(|_| if self.once_in(40) { self.size() } else { self.of(usual) })
    }

    fn dims(&mut self, rank: usize) -> Vec<usize> {
        (0..rank).map(|_| self.size()).collect()
    }

    fn any_dims(&mut self) -> Vec<usize> {
        let rank = self.of(&[0, 1, 2, 2, 3, 3, 4, 5, 5, 8, 9]);
        self.dims(rank)
    }

    fn axis(&mut self, x: Expr<'_>) -> usize {
        if self.once_in(20) { self.of(&[5, 8, 300]) } else { self.below(x.shape().rank().max(1)) }
    }

    fn window(&mut self) -> Window {
        Window {
            size: self.sizes(&[1, 1, 2, 3]),
            stride: self.sizes(&[1, 1, 1, 2, 3]),
            dilation: self.sizes(&[1, 1, 1, 2]),
            before: self.sizes(&[0, 0, 1]),
            after: self.sizes(&[0, 0, 1, 2]),
            groups: if self.once_in(40) { self.size() } else { self.of(&[1, 1, 1, 2]) },
        }
    }
}

/// A growing graph.
struct Case<'g, 'd> {
    builder: &'g Builder,
    draw: &'d mut Draw,
    /// Values that came from outside or were only moved to other places, which may be compared:
    /// rounding flips no comparison.
    exact: Vec<Expr<'g>>,
    /// All values.
    all: Vec<Expr<'g>>,
}

impl<'g> Case<'g, '_> {
    fn input(&mut self, dtype: DType, dims: &[usize]) -> Expr<'g> {
        let name = format!("x{}", self.all.len());
        let dtype = if self.draw.once_in(40) {
            self.draw.of(&[DType::F32, DType::I32, DType::U8, DType::Bool])
        } else {
            dtype
        };
        let x = self.builder.input(&name, Role::State, dtype, dims);
        self.exact.push(x);
        self.all.push(x);
        x
    }

    /// An operand that may be computed on: an existing one, one of this shape, or any.
    fn operand(&mut self, suited: &[usize]) -> Expr<'g> {
        match self.draw.below(12) {
            0 | 1 if !self.exact.is_empty() => self.draw.of(&self.exact),
            2 => {
                let dims = self.draw.any_dims();
                self.input(DType::F32, &dims)
            }
            _ => self.input(DType::F32, suited),
        }
    }

    /// An operand with this many dimensions.
    fn of_rank(&mut self, rank: usize) -> Expr<'g> {
        let dims = self.draw.dims(rank);
        self.operand(&dims)
    }

    /// An operand of any shape.
    fn any(&mut self) -> Expr<'g> {
        let dims = self.draw.any_dims();
        self.operand(&dims)
    }

    /// Elements moved to other places, of an existing value, computed or not.
    fn arranged(&mut self) -> Expr<'g> {
        let fresh = self.all.is_empty() || self.draw.once_in(2);
        let x = if fresh { self.any() } else { self.draw.of(&self.all) };
        let (dims, axis) = (x.shape().dims().to_vec(), self.draw.axis(x));
        let draw = &mut *self.draw;
        let len = dims.get(axis).copied().unwrap_or(1);
        let span = |draw: &mut Draw| {
            let [start, step] = draw.sizes(&[0, 1, 1, 2]);
            Span { axis, start, step }
        };
        let y = match draw.below(9) {
            0 => {
                let front = draw.size();
                match Shape::new(&[&[front], &dims[..]].concat()) {
                    Ok(wider) => x.broadcast(wider),
                    Err(_) => x,
                }
            }
            1 => x.broadcast(Shape::new(&draw.any_dims()).unwrap_or(x.shape())),
            2 => x.reshape(&[x.shape().elems()]),
            3 => x.reshape(&draw.any_dims()),
            4 => x.transpose(),
            5 => {
                let mut order: Vec<usize> = (0..dims.len()).collect();
                (0..draw.below(4)).for_each(|i| order.rotate_left(i.min(dims.len())));
                if draw.once_in(20) {
                    order.push(draw.size());
                }
                x.permute(&order)
            }
            6 => x.flip(axis),
            7 => {
                let count =
                    if draw.once_in(10) { draw.size() } else { draw.below(len.clamp(1, 9)) };
                x.slice(span(draw), count)
            }
            _ => {
                let more = draw.size();
                x.pad(span(draw), len.saturating_mul(2).saturating_add(more))
            }
        };
        if self.exact.iter().any(|known| known.id() == x.id()) {
            self.exact.push(y);
        }
        y
    }

    /// Each element, or each pair, by itself; sums and the like along dimensions.
    fn computed(&mut self) -> Expr<'g> {
        let x = self.any();
        let axis = self.draw.axis(x);
        let suited = x.shape().dims().to_vec();
        match self.draw.below(12) {
            0 => x.unary(self.draw.of(&Unary::ALL)),
            1 | 2 => {
                let from = self.draw_from(suited.len());
                let y = self.operand(&suited[from..]);
                match self.draw.of(&Binary::ALL) {
                    // Sums of quotients by almost zero have no digits to compare.
                    Binary::Div => x / (y.abs() + 0.5),
                    Binary::Pow => (x.abs() + 0.5).binary(Binary::Pow, y),
                    binary => x.binary(binary, y),
                }
            }
            3 => {
                let (y, z) = (self.operand(&suited), self.operand(&suited));
                x.less(y).select(y, z)
            }
            4 => {
                x.cast(self.draw.of(&[DType::F32, DType::I32, DType::U8, DType::Bool, DType::F64]))
            }
            5 => x.sum(Axes::new(&[axis, self.draw.below(9)])),
            6 => x.max_over(Axes::new(&[axis])),
            7 => x.argmax(axis),
            8 => x.softmax(),
            9 => x.log_softmax(),
            10 => x.mean_last().stop_gradient(),
            _ => x.clip(-0.5, 1.0),
        }
    }

    fn draw_from(&mut self, len: usize) -> usize {
        if len > 0 && self.draw.once_in(3) { self.draw.below(len) } else { 0 }
    }

    /// Products, rows by number, and operations without operands.
    fn product(&mut self) -> Expr<'g> {
        match self.draw.below(6) {
            0 | 1 => {
                let (x, n) = (self.of_rank(2), self.draw.size());
                let y = self.operand(&[x.shape().last(), n]);
                x.matmul(y)
            }
            2 => {
                let (x, count) = (self.of_rank(3), self.draw.size());
                let batch = x.shape().dims().first().copied().unwrap_or(1);
                let numbers = self.input(DType::I32, &[batch, count]);
                x.gather(numbers)
            }
            3 => {
                let (x, rows) = (self.of_rank(3), self.draw.size());
                let two = x.shape().dims().get(..2).unwrap_or_default().to_vec();
                let numbers = self.input(DType::I32, &two);
                numbers.scatter_add(x, rows)
            }
            4 => {
                let dims = self.draw.any_dims();
                self.builder.iota(self.draw.below(9), &dims)
            }
            _ => {
                let dims = self.draw.any_dims();
                let key = self.input(DType::I32, &[4]);
                self.builder.uniform(key, 3, &dims)
            }
        }
    }

    /// Operations that look through windows.
    fn windowed(&mut self) -> Expr<'g> {
        let (x, window) = (self.of_rank(5), self.draw.window());
        let dims = x.shape().dims().to_vec();
        let &[batch, d, h, w, channels] = &dims[..] else {
            return if self.draw.once_in(2) { x.sum_pool(window) } else { x.pick_max(x, window) };
        };
        let places = if sound(&window) { window.positions([d, h, w]) } else { None };
        let [p, q, r] = places.unwrap_or_else(|| self.draw.sizes(&[1, 2, 3]));
        let filters = self.draw.size();
        let [a, b, c] = window.size;
        let kernel = [a, b, c, channels / window.groups.max(1), filters];
        match self.draw.below(7) {
            0 => {
                let kernel = self.operand(&kernel);
                x.conv(kernel, window)
            }
            1 => {
                let (y, kernel) = (self.operand(&[batch, p, q, r, filters]), self.operand(&kernel));
                y.conv_input(kernel, window, x.shape())
            }
            2 => {
                let y = self.operand(&[batch, p, q, r, filters]);
                x.conv_kernel(y, window, Shape::new(&kernel).unwrap_or(Shape::SCALAR))
            }
            3 => {
                let values = self.operand(&dims);
                x.pick_max(values, window)
            }
            4 => {
                let values = self.operand(&[batch, p, q, r, channels]);
                x.put_max(values, window)
            }
            5 => x.sum_pool(window),
            _ => {
                let y = self.operand(&[batch, p, q, r, channels]);
                y.spread_pool(window, x.shape())
            }
        }
    }
}

fn sound(window: &Window) -> bool {
    [window.size, window.stride, window.dilation].iter().flatten().all(|&n| n > 0)
}

/// A graph of up to three operations and, half of the time, the gradients of their result; `None`
/// if there is no such graph.
fn graph(draw: &mut Draw) -> Option<Graph> {
    let builder = Builder::new();
    let steps = 1 + draw.below(3);
    let mut case = Case { builder: &builder, draw, exact: Vec::new(), all: Vec::new() };
    let mut last = None;
    for _ in 0..steps {
        let y = match case.draw.below(8) {
            0 | 1 => case.arranged(),
            2 | 3 => case.computed(),
            4 => case.product(),
            _ => case.windowed(),
        };
        // What follows a mistake is never run, but must not panic either.
        case.all.push(y);
        last = Some(y);
        builder.output("y", y);
    }
    let differentiate = case.draw.once_in(2);
    let sources: Vec<Expr<'_>> =
        case.exact.iter().copied().filter(|x| matches!(x.op(), Op::Input(_))).collect();
    if let Some(y) = last.filter(|y| differentiate && y.ty().dtype == DType::F32) {
        let floats: Vec<_> = sources.into_iter().filter(|x| x.ty().dtype == DType::F32).collect();
        for gradient in gradients(y.sum_all(), &floats) {
            builder.output("gradient", gradient);
        }
    }
    builder.finish().ok()
}

/// Whether a graph takes little memory and little time.
fn is_small(graph: &Graph) -> bool {
    let elems = |id| graph.ty(id).shape.elems();
    let total = graph.ids().map(elems).fold(0, usize::saturating_add);
    let work = |id| match graph.node(id).op {
        Op::Conv(a, b, _) | Op::ConvInput(a, b, _) | Op::ConvKernel(a, b, _) | Op::MatMul(a, b) => {
            elems(a).max(1).saturating_mul(elems(b).max(elems(id)))
        }
        Op::PickMax(x, _, window)
        | Op::PutMax(x, _, window)
        | Op::SumPool(x, window)
        | Op::SpreadPool(x, window) => {
            let taps = window.size.iter().fold(1, |all: usize, n| all.saturating_mul(*n));
            taps.saturating_mul(elems(x).max(elems(id)).max(1))
        }
        _ => 0,
    };
    total <= 1 << 15 && graph.ids().map(work).fold(0, usize::saturating_add) <= 1 << 22
}

/// How many cases: this many, unless a campaign asks for more.
pub(crate) fn cases(usual: usize) -> usize {
    std::env::var("NEURONA_RANDOM_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn draw_of(case: usize) -> Draw {
    Draw { source: Source { seed: case as u64, stream: 8, step: 0 }, next: 0 }
}

#[test]
fn operations_on_any_shapes_are_refused_or_give_what_the_interpreter_gives() {
    let cpu = Cpu::with_level(1, Level::chosen());
    let (mut refused, mut large, mut agreed) = (0, 0, 0);
    let mut failures = Vec::new();
    for number in 0..cases(2000) {
        let mut draw = draw_of(number);
        let outcome = catch_unwind(AssertUnwindSafe(|| match graph(&mut draw) {
            None => refused += 1,
            Some(graph) if !is_small(&graph) => large += 1,
            Some(graph) => {
                let values = inputs(&graph);
                let plain = interpret(&graph, &values);
                let fast = run_on(&cpu, &compile(&graph), &values);
                for (i, (plain, fast)) in plain.iter().zip(&fast).enumerate() {
                    compare(&format!("output {i}"), plain, fast);
                }
                agreed += 1;
            }
        }));
        if outcome.is_err() {
            failures.push(number);
            let graph = catch_unwind(|| graph(&mut draw_of(number)));
            let text = graph.map(|graph| graph.map_or(String::new(), |graph| graph.to_string()));
            eprintln!("case {number}: {}", text.unwrap_or_default());
        }
        assert!(failures.len() < 10, "cases {failures:?} failed: see above");
    }
    assert!(failures.is_empty(), "cases {failures:?} failed: see above");
    assert!(refused > 300 && agreed > 300, "{refused} refused, {agreed} agreed: poor draws");
    if std::env::var_os("NEURONA_RANDOM_CASES").is_some() {
        let line = format!("{agreed} agreed, {refused} refused, {large} too large to run");
        writeln!(std::io::stdout(), "campaign: {line}").unwrap();
    }
}
