//! Shapes: up to eight dimensions, any of which may be zero.

use crate::error::{Code, Error, Result};
use std::fmt;

/// The most dimensions a shape can have.
pub const MAX_RANK: usize = 8;

crate::messages! {
    fn too_many_dimensions(rank: usize, most: usize) {
        en: "{rank} dimensions, but a tensor has at most {most}",
        es: "{rank} dimensiones, pero un tensor tiene a lo sumo {most}",
    }

    fn too_many_elements(dims: &str) {
        en: "{dims} elements do not fit in memory",
        es: "{dims} elementos no caben en la memoria",
    }
}

/// The number of elements of some dimensions, or an error if it overflows.
///
/// This is the only multiplication for sizes that come from outside.
pub fn checked_elems(dims: &[u64]) -> Result<usize> {
    // If one is zero there are no elements, but strides and partial products multiply the others.
    let counted = dims.iter().filter(|&&d| d != 0).try_fold(1u64, |n, &d| n.checked_mul(d));
    counted
        .and_then(|n| usize::try_from(n).ok())
        .filter(|&n| n <= isize::MAX as usize / 8)
        .map(|n| if dims.contains(&0) { 0 } else { n })
        .ok_or_else(|| {
            let dims: Vec<String> = dims.iter().map(u64::to_string).collect();
            Error::new(Code::E012, too_many_elements(&dims.join("×")))
        })
}

/// The dimensions of a tensor, outermost first.
///
/// ```
/// use neurona_core::tensor::Shape;
/// let shape = Shape::new(&[2, 3, 4])?;
/// assert_eq!((shape.rank(), shape.elems()), (3, 24));
/// assert_eq!(shape.to_string(), "[2, 3, 4]");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    rank: u8,
    dims: [usize; MAX_RANK],
}

impl Shape {
    /// The shape of a single number.
    pub const SCALAR: Shape = Shape { rank: 0, dims: [0; MAX_RANK] };

    /// A shape from its dimensions. Errors (E012): more than eight, or more elements than memory
    /// can hold.
    pub fn new(dims: &[usize]) -> Result<Shape> {
        if dims.len() > MAX_RANK {
            return Err(Error::new(Code::E012, too_many_dimensions(dims.len(), MAX_RANK)));
        }
        let wide: Vec<u64> = dims.iter().map(|&d| d as u64).collect();
        checked_elems(&wide)?;
        let mut shape = Shape { rank: dims.len() as u8, ..Shape::SCALAR };
        shape.dims[..dims.len()].copy_from_slice(dims);
        Ok(shape)
    }

    /// The dimensions, outermost first.
    pub fn dims(&self) -> &[usize] {
        &self.dims[..self.rank as usize]
    }

    /// How many dimensions.
    pub fn rank(&self) -> usize {
        self.rank as usize
    }

    /// How many elements: the product of the dimensions.
    pub fn elems(&self) -> usize {
        self.dims().iter().product()
    }

    /// The last dimension, or 1 for a scalar.
    pub fn last(&self) -> usize {
        self.dims().last().copied().unwrap_or(1)
    }

    /// The same shape with another size along `axis`, which must exist.
    pub(crate) fn with(mut self, axis: usize, size: usize) -> Shape {
        self.dims[..self.rank as usize][axis] = size;
        self
    }

    /// The shape with `axes` reduced to size 1.
    pub(crate) fn reduced(mut self, axes: Axes) -> Shape {
        for axis in axes.iter() {
            self = self.with(axis, 1);
        }
        self
    }

    /// How far apart neighbours along each dimension are, in elements, if the last dimension is
    /// contiguous.
    pub fn strides(&self) -> [usize; MAX_RANK] {
        let mut strides = [0; MAX_RANK];
        let mut step = 1;
        for axis in (0..self.rank()).rev() {
            strides[axis] = step;
            step *= self.dims[axis];
        }
        strides
    }

    /// The shape that both shapes broadcast to, by NumPy's rule: sizes are equal or one of them is
    /// 1, aligned at the last dimension. `None` if they do not.
    pub fn broadcast(a: Shape, b: Shape) -> Option<Shape> {
        let rank = a.rank().max(b.rank());
        let mut dims = [0; MAX_RANK];
        for i in 1..=rank {
            let size = |s: &Shape| if i <= s.rank() { s.dims[s.rank() - i] } else { 1 };
            dims[rank - i] = match (size(&a), size(&b)) {
                (x, y) if x == y => x,
                (1, y) => y,
                (x, 1) => x,
                _ => return None,
            };
        }
        Shape::new(&dims[..rank]).ok()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.dims())
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl crate::message::Say for Shape {
    fn say(&self, _: crate::message::Lang) -> String {
        self.to_string()
    }
}

/// A set of dimensions of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Axes(u8);

impl Axes {
    /// The first dimension alone.
    pub const FIRST: Axes = Axes(1);

    /// The set of these dimensions, each below [`MAX_RANK`]; others are ignored.
    pub fn new(axes: &[usize]) -> Axes {
        Axes(axes.iter().filter(|&&a| a < MAX_RANK).fold(0, |set, &a| set | 1 << a))
    }

    /// All dimensions of a shape.
    pub fn all(shape: Shape) -> Axes {
        Axes(((1u16 << shape.rank()) - 1) as u8)
    }

    /// Whether the set holds a dimension.
    pub fn contains(self, axis: usize) -> bool {
        axis < MAX_RANK && self.0 >> axis & 1 == 1
    }

    /// The dimensions in increasing order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..MAX_RANK).filter(move |&a| self.contains(a))
    }
}

/// An order of dimensions: dimension `i` of the result is dimension `order[i]` of the operand.
///
/// ```
/// use neurona_core::tensor::Order;
/// let order = Order::new(&[2, 0, 1]).unwrap();
/// assert_eq!(order.inverse().dims(), [1, 2, 0]);
/// assert!(Order::new(&[0, 0]).is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order(Shape);

impl Order {
    /// An order of this many dimensions; `None` unless each occurs once.
    pub fn new(order: &[usize]) -> Option<Order> {
        let once = (0..order.len()).all(|axis| order.contains(&axis));
        (once && order.len() <= MAX_RANK).then(|| {
            let mut shape = Shape { rank: order.len() as u8, ..Shape::SCALAR };
            shape.dims[..order.len()].copy_from_slice(order);
            Order(shape)
        })
    }

    /// The dimensions.
    pub fn dims(&self) -> &[usize] {
        self.0.dims()
    }

    /// The reverse order.
    pub fn inverse(self) -> Order {
        let mut inverse = self.0;
        for (to, &from) in self.dims().iter().enumerate() {
            inverse.dims[from] = to;
        }
        Order(inverse)
    }

    /// A shape in this order, which has the same number of dimensions.
    pub(crate) fn of(self, shape: Shape) -> Shape {
        let dims = self.dims().iter().enumerate();
        dims.fold(shape, |out, (to, &from)| out.with(to, shape.dims()[from]))
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dims().iter().try_for_each(|axis| write!(f, " {axis}"))
    }
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.dims())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_wrap_are_refused() {
        // 4194305 × 4194305 × 211106198978564 is 4 modulo 2^64.
        let error = checked_elems(&[4_194_305, 4_194_305, 211_106_198_978_564]).unwrap_err();
        assert_eq!(error.code(), Code::E012);
        assert_eq!(checked_elems(&[1 << 40, 3, 0]).unwrap(), 0);
        // Strides and partial products multiply the sizes beside the zero.
        assert!(checked_elems(&[u64::MAX, u64::MAX, 0]).is_err());
        assert_eq!(checked_elems(&[]).unwrap(), 1);
        assert!(Shape::new(&[1; 9]).is_err());
        assert!(Shape::new(&[usize::MAX, 2]).is_err());
    }

    #[test]
    fn broadcasting_follows_numpy() {
        type Case = (&'static [usize], &'static [usize], Option<&'static [usize]>);
        let cases: [Case; 7] = [
            (&[2, 3], &[3], Some(&[2, 3])),
            (&[2, 1], &[1, 3], Some(&[2, 3])),
            (&[], &[4], Some(&[4])),
            (&[0, 3], &[1, 3], Some(&[0, 3])),
            (&[0], &[1], Some(&[0])),
            (&[2], &[3], None),
            (&[0], &[2], None),
        ];
        for (a, b, want) in cases {
            let shape = |s| Shape::new(s).unwrap();
            assert_eq!(Shape::broadcast(shape(a), shape(b)), want.map(shape), "{a:?} {b:?}");
            assert_eq!(Shape::broadcast(shape(b), shape(a)), want.map(shape), "{b:?} {a:?}");
        }
    }
}
