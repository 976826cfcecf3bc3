//! NumPy's files of one array, `.npy`.

use super::file;
use crate::tensor::{Tensor, ToTensor};
use neurona_core::error::Result;
use neurona_formats::npy;
use std::path::Path;

/// Writes an array atomically, for `numpy.load`.
/// Errors: E012 more than eight dimensions; E035 the system refuses.
///
/// ```
/// use ndarray::array;
/// use neurona::data::npy;
///
/// let path = std::env::temp_dir().join(format!("doc-{}.npy", std::process::id()));
/// let x = array![[1.0f32, 2.0], [3.0, 4.0]];
/// npy::write(&path, &x)?;
/// assert_eq!(npy::read(&path)?.into_array::<f32>()?, x.into_dyn());
/// # std::fs::remove_file(path).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn write<'a>(path: impl AsRef<Path>, array: impl ToTensor<'a>) -> Result<()> {
    file::write(path.as_ref(), array.to_tensor().map(|tensor| npy::write(&tensor)))
}

/// The array in a file. 16-bit floats become `f32`, integers other than `u8` become `i32`.
///
/// Errors: E031 there is no such file; E034 it is damaged, holds other elements (Python objects, texts, records), or
/// an integer that does not fit in `i32`; E035 it cannot be read.
pub fn read(path: impl AsRef<Path>) -> Result<Tensor<'static>> {
    file::read(path.as_ref(), npy::read)
}
