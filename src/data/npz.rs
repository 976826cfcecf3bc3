//! NumPy's files of several arrays by name, `.npz`.

use super::file;
use crate::tensor::Tensor;
use neurona_core::error::Result;
use neurona_formats::npz;
use std::path::Path;

/// Writes arrays with their names, whole or not at all, for `numpy.load`.
/// Errors: E016 two of one name, or one that could lead out of a folder; E035 the system refuses.
///
/// ```
/// use ndarray::array;
/// use neurona::data::npz;
/// use neurona::tensor::ToTensor;
///
/// let path = std::env::temp_dir().join(format!("doc-{}.npz", std::process::id()));
/// let (x, y) = (array![[1.0f32, 2.0], [3.0, 4.0]], array![0, 1]);
/// npz::write(&path, &[("x".to_owned(), (&x).to_tensor()?), ("y".to_owned(), (&y).to_tensor()?)])?;
/// let read = npz::read(&path)?;
/// assert_eq!((read[1].0.as_str(), read[1].1.view::<i32>()?), ("y", y.view().into_dyn()));
/// # std::fs::remove_file(path).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn write(path: impl AsRef<Path>, arrays: &[(String, Tensor<'_>)]) -> Result<()> {
    file::write(path.as_ref(), npz::write(arrays))
}

/// The arrays of a file with their names, in its order; types as of [`npy::read`](super::npy::read).
/// Errors: E031 there is no such file, E034 it is damaged or holds something else, E035 it cannot be read.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<(String, Tensor<'static>)>> {
    file::read(path.as_ref(), npz::read)
}
