//! Pools: the largest number or the sum of each window, channel by channel, and the way back.

use crate::lanes::{LANES, Lanes, dispatch};
use crate::level::Level;
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

/// The points of a picture that each window has. All pictures share them.
#[derive(Default)]
struct Points {
    points: Vec<usize>,
    /// Where the points of each window end.
    ends: Vec<usize>,
}

thread_local! {
    static POINTS: RefCell<Points> = RefCell::default();
}

/// The windows on one picture.
#[derive(Clone, Copy)]
struct Windows<'a> {
    points: &'a Points,
    channels: usize,
}

impl Pooling {
    pub(crate) fn new(x: Shape, y: Shape, window: Window) -> Pooling {
        Pooling { window, x, y }
    }

    /// From `values`, in each window, the one where `x` is largest.
    pub(crate) fn pick_max(
        self,
        level: Level,
        x: &[f32],
        values: &[f32],
        y: &mut [f32],
        pool: &Pool,
    ) {
        self.with_windows(|windows| {
            pool.for_chunks(y, picture_of(self.y), |n, y| {
                let (x, values) = (self.input(x, n), self.input(values, n));
                if std::ptr::eq(x, values) {
                    dispatch!(level, max(windows: Windows<'_>, x: &[f32], y: &mut [f32]));
                } else {
                    dispatch!(level, pick(windows: Windows<'_>, x: &[f32], values: &[f32], y: &mut [f32]));
                }
            });
        });
    }

    /// The values of the windows, added up where `x` is largest.
    pub(crate) fn put_max(self, level: Level, x: &[f32], y: &[f32], out: &mut [f32], pool: &Pool) {
        self.with_windows(|windows| {
            pool.for_chunks(out, picture_of(self.x), |n, out| {
                let (x, y) = (self.input(x, n), self.result(y, n));
                dispatch!(level, put(windows: Windows<'_>, x: &[f32], y: &[f32], out: &mut [f32]));
            });
        });
    }

    /// The sum of each window.
    pub(crate) fn sum(self, level: Level, x: &[f32], y: &mut [f32], pool: &Pool) {
        self.with_windows(|windows| {
            pool.for_chunks(y, picture_of(self.y), |n, y| {
                let x = self.input(x, n);
                dispatch!(level, sum(windows: Windows<'_>, x: &[f32], y: &mut [f32]));
            });
        });
    }

    /// Each window's value added to all of its points.
    pub(crate) fn spread(self, level: Level, y: &[f32], x: &mut [f32], pool: &Pool) {
        self.with_windows(|windows| {
            pool.for_chunks(x, picture_of(self.x), |n, x| {
                let y = self.result(y, n);
                dispatch!(level, spread(windows: Windows<'_>, y: &[f32], x: &mut [f32]));
            });
        });
    }

    fn with_windows(&self, f: impl FnOnce(Windows<'_>)) {
        // Without samples or channels there is nothing to do, however large a picture would be.
        if self.x.elems() == 0 && self.y.elems() == 0 {
            return;
        }
        POINTS.with_borrow_mut(|points| {
            points.points.clear();
            points.ends.clear();
            self.window.for_each_point(self.x, self.y, |point, _, position| {
                // A window without points ends where the previous one does.
                points.ends.resize(position + 1, points.points.len());
                points.points.push(point);
                points.ends[position] += 1;
            });
            points.ends.resize(picture_of(self.y) / self.y.last().max(1), points.points.len());
            f(Windows { points, channels: self.x.last() });
        });
    }

    fn input<'a>(&self, x: &'a [f32], n: usize) -> &'a [f32] {
        let size = picture_of(self.x);
        &x[n * size..][..size]
    }

    fn result<'a>(&self, y: &'a [f32], n: usize) -> &'a [f32] {
        let size = picture_of(self.y);
        &y[n * size..][..size]
    }
}

/// Elements of one picture.
fn picture_of(shape: Shape) -> usize {
    shape.dims()[1..].iter().product()
}

impl<'a> Windows<'a> {
    /// Each window's number and points.
    #[inline(always)]
    fn each(self) -> impl Iterator<Item = (usize, &'a [usize])> {
        let mut start = 0;
        self.points.ends.iter().enumerate().map(move |(window, &end)| {
            (window, &self.points.points[std::mem::replace(&mut start, end)..end])
        })
    }

    /// The channels, as many at a time as there are lanes: the first of them, and how many.
    #[inline(always)]
    fn channels(self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.channels)
            .step_by(LANES)
            .map(move |first| (first, LANES.min(self.channels - first)))
    }
}

/// Up to sixteen channels of a point.
#[inline(always)]
fn load<V: Lanes>(x: &[f32], at: usize, count: usize) -> V {
    let x = &x[at..at + count];
    // SAFETY: `dispatch!` runs the copy for a level only where the processor has it; the slice has `count`.
    unsafe {
        if count == LANES { V::load(x.as_ptr()) } else { V::load_first(x.as_ptr(), count, 0.0) }
    }
}

#[inline(always)]
fn store<V: Lanes>(lanes: V, to: &mut [f32], at: usize, count: usize) {
    let to = &mut to[at..at + count];
    // SAFETY: the slice has `count`.
    unsafe {
        if count == LANES {
            lanes.store(to.as_mut_ptr());
        } else {
            lanes.store_first(to.as_mut_ptr(), count);
        }
    }
}

/// `new` where `x` takes the place of the largest so far, otherwise `old`: it is larger, or the
/// first NaN.
#[inline(always)]
fn if_beaten<V: Lanes>(largest: V, x: V, new: V, old: V) -> V {
    largest.if_equal(largest, x.if_less_equal(largest, old, new), old)
}

#[inline(always)]
fn max<V: Lanes>(windows: Windows<'_>, x: &[f32], y: &mut [f32]) {
    for (window, points) in windows.each() {
        for (first, count) in windows.channels() {
            let mut points =
                points.iter().map(|p| load::<V>(x, p * windows.channels + first, count));
            let Some(mut largest) = points.next() else { continue };
            for x in points {
                largest = if_beaten(largest, x, x, largest);
            }
            store(largest, y, window * windows.channels + first, count);
        }
    }
}

/// Which of the points has the largest element, the first of equals: its number, in each lane.
#[inline(always)]
fn where_largest<V: Lanes>(
    x: &[f32],
    points: &[usize],
    [channels, first, count]: [usize; 3],
) -> Option<V> {
    let mut points = points.iter().map(|p| load::<V>(x, p * channels + first, count));
    let mut largest = points.next()?;
    let mut best = largest.same_bits(0);
    for (number, x) in points.enumerate() {
        best = if_beaten(largest, x, largest.same_bits(number as u32 + 1), best);
        largest = if_beaten(largest, x, x, largest);
    }
    Some(best)
}

#[inline(always)]
fn pick<V: Lanes>(windows: Windows<'_>, x: &[f32], values: &[f32], y: &mut [f32]) {
    let channels = windows.channels;
    for (window, points) in windows.each() {
        for (first, count) in windows.channels() {
            let Some(best) = where_largest::<V>(x, points, [channels, first, count]) else {
                continue;
            };
            let mut picked = best.same(0.0);
            for (number, point) in points.iter().enumerate() {
                let value = load(values, point * channels + first, count);
                picked = best.if_equal_int(best.same_bits(number as u32), value, picked);
            }
            store(picked, y, window * channels + first, count);
        }
    }
}

#[inline(always)]
fn put<V: Lanes>(windows: Windows<'_>, x: &[f32], y: &[f32], out: &mut [f32]) {
    out.fill(0.0);
    let channels = windows.channels;
    for (window, points) in windows.each() {
        for (first, count) in windows.channels() {
            let Some(best) = where_largest::<V>(x, points, [channels, first, count]) else {
                continue;
            };
            let y = load::<V>(y, window * channels + first, count);
            for (number, point) in points.iter().enumerate() {
                let at = point * channels + first;
                let put = best.if_equal_int(best.same_bits(number as u32), y, y.same(0.0));
                store(load::<V>(out, at, count).add(put), out, at, count);
            }
        }
    }
}

#[inline(always)]
fn sum<V: Lanes>(windows: Windows<'_>, x: &[f32], y: &mut [f32]) {
    let channels = windows.channels;
    for (window, points) in windows.each() {
        for (first, count) in windows.channels() {
            let points = points.iter().map(|p| load::<V>(x, p * channels + first, count));
            let Some(sum) = points.reduce(V::add) else { continue };
            store(sum, y, window * channels + first, count);
        }
    }
}

#[inline(always)]
fn spread<V: Lanes>(windows: Windows<'_>, y: &[f32], x: &mut [f32]) {
    x.fill(0.0);
    let channels = windows.channels;
    for (window, points) in windows.each() {
        for (first, count) in windows.channels() {
            let y = load::<V>(y, window * channels + first, count);
            for point in points {
                let at = point * channels + first;
                store(load::<V>(x, at, count).add(y), x, at, count);
            }
        }
    }
}
