//! Data on the host: element types, shapes, tensors and random numbers.

mod dtype;
mod number;
pub mod random;
mod rows;
mod shape;
#[allow(clippy::module_inception, reason = "the module is about more than its main type")]
mod tensor;

pub use dtype::{DType, Element};
pub use number::{Misfit, Number};
pub use rows::{Ragged, Rows};
pub use shape::{Axes, MAX_RANK, Order, Shape, checked_elems};
pub use tensor::{Data, Tensor, ToTensor, ToTensors};
