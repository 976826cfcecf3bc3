//! Data on the host: element types, shapes, tensors and random numbers.

mod dtype;
pub mod random;
mod shape;
#[allow(clippy::module_inception, reason = "the module is about more than its main type")]
mod tensor;

pub use dtype::{DType, Element};
pub use shape::{Axes, MAX_RANK, Order, Shape, checked_elems};
pub use tensor::{Data, Tensor, ToTensor, ToTensors};
