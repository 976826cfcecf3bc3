//! NumPy's files of several arrays by name, `.npz`.

use super::file;
use crate::tensor::Tensor;
use neurona_core::error::{Result, unknown_name};
use neurona_core::message::Text;
use neurona_formats::npz::{self, Npz};
use std::path::Path;

/// Writes arrays with their names atomically, for `numpy.load`.
/// Errors: E016 two with one name, or one that could lead out of a folder; E035 the system refuses.
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

/// The arrays of a file with their names, in its order; types as in
/// [`npy::read`](super::npy::read). Errors: E031 there is no such file, E034 it is damaged or holds
/// something else, E035 it cannot be read.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<(String, Tensor<'static>)>> {
    file::read(path.as_ref(), npz::read)
}

/// The arrays of a file that `choose` names, from those that it has. Anything else in the file
/// (texts, objects) is not read. Errors: as in [`read`]; the error of `choose`; E015 an array that
/// the file does not have.
pub fn read_chosen(
    path: impl AsRef<Path>,
    choose: impl FnOnce(&[&str]) -> Result<Vec<String>>,
) -> Result<Vec<Tensor<'static>>> {
    file::read(path.as_ref(), |bytes| {
        let file = Npz::open(bytes)?;
        let known: Vec<&str> = file.names().collect();
        let one = |name: &String| {
            if known.contains(&name.as_str()) {
                return file.read(name);
            }
            let kind = Text::new("array in the file", "ningún array del archivo");
            Err(unknown_name(&kind, name, &known))
        };
        choose(&known)?.iter().map(one).collect()
    })
}

/// One array of a file, by its name. Errors: as in [`read`]; E015 the file does not have it.
///
/// ```
/// use ndarray::array;
/// use neurona::data::npz;
/// use neurona::tensor::ToTensor;
///
/// let path = std::env::temp_dir().join(format!("doc-one-{}.npz", std::process::id()));
/// let (x, y) = (array![[1.0f32, 2.0], [3.0, 4.0]], array![0, 1]);
/// npz::write(&path, &[("x".to_owned(), (&x).to_tensor()?), ("y".to_owned(), (&y).to_tensor()?)])?;
/// assert_eq!(npz::read_one(&path, "y")?.view::<i32>()?, y.view().into_dyn());
/// # std::fs::remove_file(path).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn read_one(path: impl AsRef<Path>, name: &str) -> Result<Tensor<'static>> {
    Ok(read_chosen(path, |_| Ok(vec![name.to_owned()]))?.swap_remove(0))
}

/// The arrays of a file with their names, in its order; for those that are not numbers (texts,
/// objects), why they are not read. Errors: as in [`read`], for the file as a whole.
pub fn read_each(path: impl AsRef<Path>) -> Result<Vec<(String, Result<Tensor<'static>>)>> {
    file::read(path.as_ref(), |bytes| {
        let file = Npz::open(bytes)?;
        Ok(file.names().map(|name| (name.to_owned(), file.read(name))).collect())
    })
}
