//! Data in: readers, the digits inside the program, one-hot labels, and the split into training and test.
//!
//! ```
//! use neurona::data::{to_categorical, train_test_split};
//! use ndarray::array;
//!
//! let x = array![[0.0], [0.1], [0.2], [0.3]];
//! let y = to_categorical(&[0u8, 1, 2, 1], 3)?;
//! let (x_train, x_test, y_train, y_test) = train_test_split(&x, &y, 0.25, 42)?;
//! assert_eq!((x_train.nrows(), x_test.nrows()), (3, 1));
//! assert_eq!((y_train.nrows(), y_test.nrows()), (3, 1));
//! # Ok::<(), neurona_core::error::Error>(())
//! ```

pub mod dataset;
pub mod datasets;
mod encode;
pub(crate) mod file;
pub(crate) mod foreign;
mod gzip;
pub mod idx;
pub mod npy;
pub mod npz;
pub mod safetensors;
mod split;

pub(crate) use encode::whole_labels;
pub use encode::{argmax, argmax_rows, from_categorical, to_categorical};
pub use split::{Halves, Splittable, stratified_train_test_split, train_test_split};
