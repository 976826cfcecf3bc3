//! Convolutions as products: the patches of the input that some of the windows see, side by side in
//! a small matrix that stays in the nearest caches, and the kernel as the other matrix. The matrix
//! of all patches, many times as large as the input, is never made.

use crate::arena::Strided;
use crate::lanes::LANES;
use crate::level::Level;
use crate::pool::Pool;
use crate::product::{self, Sizes, Target};
use crate::rows;
use neurona_core::graph::Window;
use neurona_core::tensor::Shape;
use std::cell::RefCell;
use std::ops::Range;

/// Elements of a matrix of patches: some 256 KiB, a part of the second-level cache.
const PATCHES: usize = 1 << 16;

/// How many sums of a kernel's gradient are made separately and then added in order.
const PARTS: usize = 8;

/// The number of neighbouring points from which on a patch is copied row by row.
const LONG_RUN: usize = 16;

/// A convolution of `x` that gives `y`.
#[derive(Clone, Copy)]
pub(crate) struct Conv {
    window: Window,
    x: Shape,
    y: Shape,
    /// Channels in a group.
    channels: usize,
    /// Filters in a group.
    filters: usize,
}

#[derive(Default)]
struct Memory {
    patches: Vec<f32>,
    parts: Vec<f32>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Pointers into a result, of which each thread writes parts of its own.
#[derive(Clone, Copy)]
struct Out(*mut f32);

// SAFETY: as the comment above says.
unsafe impl Sync for Out {}

impl Out {
    fn at(self, offset: usize) -> *mut f32 {
        self.0.wrapping_add(offset)
    }
}

impl Conv {
    pub(crate) fn new(x: Shape, y: Shape, window: Window) -> Conv {
        let of_group = |n: usize| n / window.groups;
        Conv { window, x, y, channels: of_group(x.last()), filters: of_group(y.last()) }
    }

    /// `y = Σ x · kernel`, for all windows of a few lines at a time.
    pub(crate) fn forward(
        self,
        level: Level,
        x: &[f32],
        kernel: &[f32],
        y: &mut [f32],
        pool: &Pool,
    ) {
        if self.terms() == 0 {
            return y.fill(0.0);
        }
        let (rows, block) = (self.rows(), self.block());
        let out = Out(y.as_mut_ptr());
        pool.for_each(if y.is_empty() { 0 } else { rows.div_ceil(block) }, |piece| {
            let part = piece * block..rows.min((piece + 1) * block);
            MEMORY.with_borrow_mut(|memory| {
                for group in 0..self.window.groups {
                    let patches = self.patches(x, part.clone(), group, &mut memory.patches);
                    let out = Target {
                        start: out.at(part.start * self.y.last() + group * self.filters),
                        row: self.y.last(),
                        goes_on: false,
                    };
                    let sizes = Sizes { m: part.len(), k: self.terms(), n: self.filters };
                    // SAFETY: rows `part` of `y` belong to this piece.
                    unsafe {
                        product::on_this_thread(
                            level,
                            sizes,
                            patches,
                            self.kernel(kernel, group),
                            out,
                        );
                    }
                }
            });
        });
    }

    /// `kernel = Σ x · y`: parts of the sums, which depend on the shape alone, then their sum in
    /// order.
    pub(crate) fn kernel_gradient(
        self,
        level: Level,
        x: &[f32],
        y: &[f32],
        kernel: &mut [f32],
        pool: &Pool,
    ) {
        let (rows, block, size) = (self.rows(), self.block(), kernel.len());
        let blocks = rows.div_ceil(block);
        if blocks == 0 || size == 0 {
            return kernel.fill(0.0);
        }
        let parts = blocks.min(PARTS);
        let mut memory = MEMORY.with_borrow_mut(|memory| std::mem::take(&mut memory.parts));
        if memory.len() < parts * size {
            memory.resize(parts * size, 0.0);
        }
        let out = Out(memory.as_mut_ptr());
        pool.for_each(parts, |part| {
            MEMORY.with_borrow_mut(|memory| {
                for number in part * blocks / parts..(part + 1) * blocks / parts {
                    let rows = number * block..rows.min((number + 1) * block);
                    for group in 0..self.window.groups {
                        let patches = self.patches(x, rows.clone(), group, &mut memory.patches);
                        let (left, right, sizes, row, start) = self.sums(patches, y, &rows, group);
                        let goes_on = number > part * blocks / parts;
                        let out = Target { start: out.at(part * size + start), row, goes_on };
                        // SAFETY: these sums belong to this part, and exist from its first block
                        // on.
                        unsafe { product::on_this_thread(level, sizes, left, right, out) };
                    }
                }
            });
        });
        let (first, others) = memory.split_at_mut(size);
        pool.for_chunks(first, 1 << 14, |number, sums| {
            let start = number << 14;
            for other in others[..(parts - 1) * size].chunks_exact(size) {
                sums.iter_mut().zip(&other[start..]).for_each(|(sum, x)| *sum += x);
            }
        });
        if self.is_wide() {
            rows::transpose(first, kernel, self.y.last(), self.terms(), pool);
        } else {
            kernel.copy_from_slice(first);
        }
        MEMORY.with_borrow_mut(|kept| kept.parts = memory);
    }

    /// Whether a kernel's gradient is computed with a row for each filter. The left operand is then `y`, whose
    /// zeros (most of it, after a pool and a rectifier) are left out, and the rows are long enough for vectors.
    fn is_wide(&self) -> bool {
        self.terms() >= 4 * LANES
    }

    /// The product of some rows of patches with the same rows of `y`: both operands, its sizes, how
    /// far apart its rows are, and where it starts.
    fn sums<'a>(
        &self,
        patches: Strided<'a>,
        y: &'a [f32],
        rows: &Range<usize>,
        group: usize,
    ) -> (Strided<'a>, Strided<'a>, Sizes, usize, usize) {
        let (terms, filters, k) = (self.terms(), self.filters, rows.len());
        let y = self.of_rows(y, rows.start, group);
        if self.is_wide() {
            let sizes = Sizes { m: filters, k, n: terms };
            (turned(y), patches, sizes, terms, group * filters * terms)
        } else {
            let sizes = Sizes { m: terms, k, n: filters };
            (turned(patches), y, sizes, self.y.last(), group * filters)
        }
    }

    /// `x = Σ y · kernel`: everything that each window sees, added up picture by picture.
    pub(crate) fn input_gradient(
        self,
        level: Level,
        y: &[f32],
        kernel: &[f32],
        x: &mut [f32],
        pool: &Pool,
    ) {
        let dims = self.x.dims();
        let (picture, windows) = (dims[1..].iter().product(), self.windows());
        if self.filters == 0 || self.terms() == 0 {
            return x.fill(0.0);
        }
        pool.for_chunks(x, picture, |n, x| {
            x.fill(0.0);
            MEMORY.with_borrow_mut(|memory| {
                for start in (0..windows).step_by(self.block()) {
                    let rows = start..windows.min(start + self.block());
                    let sizes = Sizes { m: rows.len(), k: self.filters, n: self.terms() };
                    memory.patches.resize(memory.patches.len().max(sizes.m * sizes.n), 0.0);
                    for group in 0..self.window.groups {
                        let out = Target {
                            start: memory.patches.as_mut_ptr(),
                            row: sizes.n,
                            goes_on: false,
                        };
                        let kernel = turned(self.kernel(kernel, group));
                        // SAFETY: the matrix of patches has room for these, and is this thread's own.
                        unsafe {
                            let y = self.of_rows(y, n * windows + start, group);
                            product::on_this_thread(level, sizes, y, kernel, out);
                        }
                        self.add_patches(&memory.patches, rows.clone(), group, x);
                    }
                }
            });
        });
    }

    /// Windows on a picture.
    fn windows(&self) -> usize {
        self.y.dims()[1..4].iter().product()
    }

    /// Windows on all pictures: the rows of the matrix of patches.
    fn rows(&self) -> usize {
        self.y.dims()[0] * self.windows()
    }

    /// Products in each sum: the columns of the matrix of patches.
    fn terms(&self) -> usize {
        self.window.size.iter().product::<usize>() * self.channels
    }

    /// How many rows are worked on together.
    fn block(&self) -> usize {
        (PATCHES / self.terms().max(1)).clamp(64, 1024) & !15
    }

    /// The kernel of a group: terms by filters.
    fn kernel<'a>(&self, kernel: &'a [f32], group: usize) -> Strided<'a> {
        Strided {
            values: &kernel[group * self.filters..],
            row_stride: self.y.last(),
            column_stride: 1,
        }
    }

    /// A group of `y`, starting at a row: rows by filters.
    fn of_rows<'a>(&self, y: &'a [f32], first: usize, group: usize) -> Strided<'a> {
        Strided {
            values: &y[first * self.y.last() + group * self.filters..],
            row_stride: self.y.last(),
            column_stride: 1,
        }
    }

    /// Lines of windows: pieces of `rows` that lie beside each other.
    fn lines(&self, rows: Range<usize>) -> impl Iterator<Item = Line> {
        let &[_, depth, height, width, _] = self.y.dims() else { unreachable!("five dimensions") };
        let mut row = rows.start;
        std::iter::from_fn(move || {
            (row < rows.end).then(|| {
                let (line, column) = (row / width, row % width);
                let count = (width - column).min(rows.end - row);
                let first = row - rows.start;
                row += count;
                let (picture, h, d) = (line / height / depth, line % height, line / height % depth);
                Line { first, count, picture, at: [d, h, column] }
            })
        })
    }

    /// The patches that the windows `rows` see in a group.
    fn patches<'a>(
        &self,
        x: &[f32],
        rows: Range<usize>,
        group: usize,
        patches: &'a mut Vec<f32>,
    ) -> Strided<'a> {
        let (count, terms) = (rows.len(), self.terms());
        patches.resize(patches.len().max(count * terms), 0.0);
        let by_rows = self.run() >= LONG_RUN;
        for line in self.lines(rows) {
            if by_rows {
                self.for_each_run(line, group, |from, to, length| match from {
                    Some(from) => patches[to..to + length].copy_from_slice(&x[from..from + length]),
                    None => patches[to..to + length].fill(0.0),
                });
            } else {
                self.columns(x, line, count, group, patches);
            }
        }
        let (row_stride, column_stride) = if by_rows { (terms, 1) } else { (1, count) };
        Strided { values: &patches[..count * terms], row_stride, column_stride }
    }

    /// Adds patches, row by row, to the points that the windows `rows` of one picture see in a
    /// group.
    fn add_patches(&self, patches: &[f32], rows: Range<usize>, group: usize, x: &mut [f32]) {
        for line in self.lines(rows) {
            self.for_each_run(line, group, |at, patch, length| {
                if let Some(at) = at {
                    let sums = x[at..at + length].iter_mut();
                    sums.zip(&patches[patch..patch + length]).for_each(|(sum, x)| *sum += x);
                }
            });
        }
    }

    /// Elements of a patch that lie side by side in `x`.
    fn run(&self) -> usize {
        let together = self.window.dilation[2] == 1 && self.window.groups == 1;
        self.channels * if together { self.window.size[2] } else { 1 }
    }

    /// Calls `f` with every run of a line of patches, row by row: where it is in `x` (`None` in the padding),
    /// where in the matrix, and how long it is.
    fn for_each_run(
        &self,
        line: Line,
        group: usize,
        mut f: impl FnMut(Option<usize>, usize, usize),
    ) {
        let &[_, depth, height, width, channels] = self.x.dims() else {
            unreachable!("five dimensions")
        };
        let Window { size, stride, dilation, before, .. } = self.window;
        let (terms, together) = (self.terms(), self.run() > self.channels);
        for i in 0..line.count {
            let mut to = (line.first + i) * terms;
            let column = (line.at[2] + i) * stride[2];
            for a in 0..size[0] {
                let d = self.window.point(0, line.at[0], a, depth);
                for b in 0..size[1] {
                    let h = self.window.point(1, line.at[1], b, height);
                    let start = d.zip(h).map(|(d, h)| {
                        ((line.picture * depth + d) * height + h) * width * channels
                            + group * self.channels
                    });
                    let whole = column >= before[2] && column - before[2] + size[2] <= width;
                    match start {
                        Some(start) if together && whole => {
                            let length = size[2] * channels;
                            f(Some(start + (column - before[2]) * channels), to, length);
                            to += length;
                        }
                        _ => {
                            for c in 0..size[2] {
                                let w = (column + c * dilation[2]).checked_sub(before[2]);
                                let w = w.filter(|w| *w < width);
                                let from = start.zip(w).map(|(start, w)| start + w * channels);
                                f(from, to, self.channels);
                                to += self.channels;
                            }
                        }
                    }
                }
            }
        }
    }

    /// A line of patches, column by column: for each term, the points that all windows of the line
    /// see.
    fn columns(&self, x: &[f32], line: Line, rows: usize, group: usize, patches: &mut [f32]) {
        let &[_, depth, height, width, channels] = self.x.dims() else {
            unreachable!("five dimensions")
        };
        let Window { size, stride, dilation, before, .. } = self.window;
        let mut column = 0;
        for a in 0..size[0] {
            let d = self.window.point(0, line.at[0], a, depth);
            for b in 0..size[1] {
                let h = self.window.point(1, line.at[1], b, height);
                for c in 0..size[2] {
                    // Windows `low..high` of the line have this point.
                    let (first, shift) = (line.at[2] * stride[2] + c * dilation[2], before[2]);
                    let low = shift.saturating_sub(first).div_ceil(stride[2]).min(line.count);
                    let high = (width + shift).saturating_sub(first).div_ceil(stride[2]);
                    let high = high.clamp(low, line.count);
                    for channel in 0..self.channels {
                        let out = &mut patches[column * rows + line.first..][..line.count];
                        column += 1;
                        let Some((d, h)) = d.zip(h).filter(|_| low < high) else {
                            out.fill(0.0);
                            continue;
                        };
                        let start = ((line.picture * depth + d) * height + h) * width;
                        let start = (start + first + low * stride[2] - shift) * channels
                            + group * self.channels
                            + channel;
                        out[..low].fill(0.0);
                        out[high..].fill(0.0);
                        let step = stride[2].saturating_mul(channels);
                        if step == 1 {
                            out[low..high].copy_from_slice(&x[start..start + high - low]);
                        } else {
                            let x = x[start..].iter().step_by(step);
                            out[low..high].iter_mut().zip(x).for_each(|(out, x)| *out = *x);
                        }
                    }
                }
            }
        }
    }
}

/// A matrix with rows and columns exchanged.
fn turned(matrix: Strided<'_>) -> Strided<'_> {
    Strided { row_stride: matrix.column_stride, column_stride: matrix.row_stride, ..matrix }
}

/// Windows beside each other.
#[derive(Clone, Copy)]
struct Line {
    /// The number of the first one's row among those worked on.
    first: usize,
    count: usize,
    picture: usize,
    /// Where the first one is.
    at: [usize; 3],
}
