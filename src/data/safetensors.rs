//! Files of named tensors: [safetensors](https://huggingface.co/docs/safetensors), which can hold nothing else.

use super::file;
use crate::tensor::Tensor;
use neurona_core::error::Result;
use neurona_formats::safetensors;
use std::path::Path;

/// Writes tensors with their names atomically.
/// Errors: E035 the system refuses; E016 two with one name.
///
/// ```
/// use ndarray::array;
/// use neurona::data::safetensors;
/// use neurona::tensor::ToTensor;
///
/// let path = std::env::temp_dir().join(format!("doc-{}.safetensors", std::process::id()));
/// let kernel = array![[1.0f32, 2.0], [3.0, 4.0]];
/// safetensors::write(&path, &[("kernel".to_owned(), (&kernel).to_tensor()?)])?;
/// let read = safetensors::read(&path)?;
/// assert_eq!((read[0].0.as_str(), read[0].1.view::<f32>()?), ("kernel", kernel.view().into_dyn()));
/// # std::fs::remove_file(path).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn write(path: impl AsRef<Path>, tensors: &[(String, Tensor<'_>)]) -> Result<()> {
    file::write(path.as_ref(), safetensors::write(tensors))
}

/// The tensors of a file with their names, in the order of the file's bytes.
/// Errors: E031 there is no such file, E034 it is damaged or holds elements of other types, E035 it cannot be read.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<(String, Tensor<'static>)>> {
    file::read(path.as_ref(), safetensors::read)
}
