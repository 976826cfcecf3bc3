//! NumPy's file of several arrays by name: `.npz`, an archive of `.npy` files.

use crate::{npy, zip};
use neurona_core::error::Result;
use neurona_core::tensor::Tensor;

const SUFFIX: &str = ".npy";

/// The arrays of an archive with their names, in its order. Together they may take [`zip::TOTAL`]
/// bytes.
///
/// Errors (E034), with the name of the array: as in [`zip`] and in [`npy::read`]; a member that is
/// not an `.npy` file.
///
/// ```
/// use neurona_core::tensor::{Shape, Tensor};
/// use neurona_formats::npz;
///
/// let x = Tensor::new(Shape::new(&[3])?, vec![1i32, 2, 3])?;
/// let file = npz::write(&[("x".to_owned(), x.clone())])?;
/// assert_eq!(npz::read(&file)?, [("x".to_owned(), x)]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Vec<(String, Tensor<'static>)>> {
    let file = Npz::open(bytes)?;
    file.names().map(|name| Ok((name.to_owned(), file.read(name)?))).collect()
}

/// An archive from which single arrays are read: whatever else it holds (texts, records, objects)
/// does not matter.
///
/// ```
/// use neurona_core::tensor::{Shape, Tensor};
/// use neurona_formats::npz::{self, Npz};
///
/// let x = Tensor::new(Shape::new(&[3])?, vec![1i32, 2, 3])?;
/// let bytes = npz::write(&[("x".to_owned(), x.clone())])?;
/// let file = Npz::open(&bytes)?;
/// assert_eq!(file.names().collect::<Vec<_>>(), ["x"]);
/// assert_eq!(file.read("x")?, x);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[derive(Debug)]
pub struct Npz<'a> {
    archive: zip::Archive<'a>,
}

impl<'a> Npz<'a> {
    /// The archive in these bytes. Errors (E034): as in [`zip`]; a member that is not an `.npy`
    /// file.
    pub fn open(bytes: &'a [u8]) -> Result<Npz<'a>> {
        let archive = zip::Archive::open(bytes, zip::TOTAL, |name| name.ends_with(SUFFIX))?;
        Ok(Npz { archive })
    }

    /// The names of its arrays, in its order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.archive.names().map(|member| member.strip_suffix(SUFFIX).unwrap_or(member))
    }

    /// The array with a name. Errors (E034), with the name: there is none, or as in [`npy::read`].
    pub fn read(&self, name: &str) -> Result<Tensor<'static>> {
        let tensor = self.archive.read(&format!("{name}{SUFFIX}"));
        tensor.and_then(|bytes| npy::read(&bytes)).map_err(|error| error.at(name))
    }
}

/// The archive of arrays with their names, stored uncompressed. The same arrays give the same
/// bytes. Errors (E016): two with one name, a name that could lead out of a folder, 4 GiB or more.
pub fn write(arrays: &[(String, Tensor<'_>)]) -> Result<Vec<u8>> {
    let files: Vec<(String, Vec<u8>)> = arrays
        .iter()
        .map(|(name, tensor)| (format!("{name}{SUFFIX}"), npy::write(tensor)))
        .collect();
    let members: Vec<(&str, &[u8])> =
        files.iter().map(|(name, file)| (name.as_str(), file.as_slice())).collect();
    zip::write(&members)
}
