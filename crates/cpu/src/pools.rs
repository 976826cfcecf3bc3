//! Pools: the largest or the sum of each window, channel by channel, and what leads back.

use crate::pool::Pool;
use neurona_core::graph::Window;
use neurona_core::tensor::Shape;
use std::cell::RefCell;

/// A pool of `x` that gives `y`.
#[derive(Clone, Copy)]
pub(crate) struct Pooling {
    window: Window,
    x: Shape,
    y: Shape,
}

thread_local! {
    /// For each channel, the largest value so far and where it is.
    static LARGEST: RefCell<Vec<(f32, usize)>> = RefCell::default();
}

impl Pooling {
    pub(crate) fn new(x: Shape, y: Shape, window: Window) -> Pooling {
        Pooling { window, x, y }
    }

    /// The largest of each window.
    pub(crate) fn max(self, x: &[f32], y: &mut [f32], pool: &Pool) {
        pool.for_chunks(y, picture_of(self.y), |n, y| {
            let (x, channels) = (self.picture(x, n), self.x.last());
            let mut seen = usize::MAX;
            self.window.for_each_point(self.x, self.y, |point, _, position| {
                let x = &x[point * channels..][..channels];
                let y = &mut y[position * channels..][..channels];
                if std::mem::replace(&mut seen, position) == position {
                    y.iter_mut().zip(x).for_each(|(y, x)| *y = if beats(*x, *y) { *x } else { *y });
                } else {
                    y.copy_from_slice(x);
                }
            });
        });
    }

    /// Of `values`, in each window, the one where `x` is largest.
    pub(crate) fn pick_max(self, x: &[f32], values: &[f32], y: &mut [f32], pool: &Pool) {
        pool.for_chunks(y, picture_of(self.y), |n, y| {
            let values = self.picture(values, n);
            self.for_each_largest(self.picture(x, n), |at, to| y[to] = values[at]);
        });
    }

    /// The values of the windows, added up where `x` is largest.
    pub(crate) fn put_max(self, x: &[f32], y: &[f32], out: &mut [f32], pool: &Pool) {
        pool.for_chunks(out, picture_of(self.x), |n, out| {
            out.fill(0.0);
            let size = picture_of(self.y);
            let y = &y[n * size..][..size];
            self.for_each_largest(self.picture(x, n), |at, from| out[at] += y[from]);
        });
    }

    /// The sum of each window.
    pub(crate) fn sum(self, x: &[f32], y: &mut [f32], pool: &Pool) {
        pool.for_chunks(y, picture_of(self.y), |n, y| {
            y.fill(0.0);
            let (x, channels) = (self.picture(x, n), self.x.last());
            self.window.for_each_point(self.x, self.y, |point, _, position| {
                let y = &mut y[position * channels..][..channels];
                y.iter_mut().zip(&x[point * channels..]).for_each(|(y, x)| *y += x);
            });
        });
    }

    /// Each window's value added to all of its points.
    pub(crate) fn spread(self, y: &[f32], x: &mut [f32], pool: &Pool) {
        pool.for_chunks(x, picture_of(self.x), |n, x| {
            x.fill(0.0);
            let (size, channels) = (picture_of(self.y), self.x.last());
            let y = &y[n * size..][..size];
            self.window.for_each_point(self.x, self.y, |point, _, position| {
                let x = &mut x[point * channels..][..channels];
                x.iter_mut().zip(&y[position * channels..]).for_each(|(x, y)| *x += y);
            });
        });
    }

    fn picture<'a>(&self, x: &'a [f32], n: usize) -> &'a [f32] {
        let size = picture_of(self.x);
        &x[n * size..][..size]
    }

    /// Calls `f` with where in the picture each window's largest value is (the first of equals), and where
    /// the window's value is.
    fn for_each_largest(&self, x: &[f32], mut f: impl FnMut(usize, usize)) {
        let channels = self.x.last();
        LARGEST.with_borrow_mut(|largest| {
            largest.clear();
            let mut flush = |largest: &mut Vec<(f32, usize)>, position: usize| {
                for (channel, (_, at)) in largest.drain(..).enumerate() {
                    f(at, position * channels + channel);
                }
            };
            let mut seen = 0;
            self.window.for_each_point(self.x, self.y, |point, _, position| {
                if std::mem::replace(&mut seen, position) != position {
                    flush(largest, position - 1);
                }
                let x = x[point * channels..][..channels].iter().enumerate();
                let x = x.map(|(channel, x)| (*x, point * channels + channel));
                if largest.is_empty() {
                    largest.extend(x);
                } else {
                    let better = |(best, new): (&mut (f32, usize), (f32, usize))| {
                        if beats(new.0, best.0) {
                            *best = new;
                        }
                    };
                    largest.iter_mut().zip(x).for_each(better);
                }
            });
            flush(largest, seen);
        });
    }
}

/// Whether a value takes the place of the largest so far: it is larger, or the first that is no number.
fn beats(new: f32, best: f32) -> bool {
    new > best || new.is_nan() && !best.is_nan()
}

/// Elements of one picture.
fn picture_of(shape: Shape) -> usize {
    shape.dims()[1..].iter().product()
}
