//! NumPy's file of several arrays by name: `.npz`, an archive of `.npy` files.

use crate::{npy, zip};
use neurona_core::error::Result;
use neurona_core::tensor::Tensor;

const SUFFIX: &str = ".npy";

/// The arrays of an archive with their names, in its order. They may take [`zip::TOTAL`] bytes together.
///
/// Errors (E034), with the name of the array: as of [`zip`] and of [`npy::read`]; a member that is no `.npy` file.
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
    let archive = zip::Archive::open(bytes, zip::TOTAL, |name| name.ends_with(SUFFIX))?;
    let array = |member: &str| {
        let name = member.strip_suffix(SUFFIX).unwrap_or(member);
        let tensor = archive.read(member).and_then(|bytes| npy::read(&bytes));
        Ok((name.to_owned(), tensor.map_err(|error| error.at(name))?))
    };
    archive.names().map(array).collect()
}

/// The archive of arrays with their names, stored as they are. The same arrays give the same bytes.
/// Errors (E016): two of one name, a name that could lead out of a folder, 4 GiB or more.
pub fn write(arrays: &[(String, Tensor<'_>)]) -> Result<Vec<u8>> {
    let files: Vec<(String, Vec<u8>)> = arrays
        .iter()
        .map(|(name, tensor)| (format!("{name}{SUFFIX}"), npy::write(tensor)))
        .collect();
    let members: Vec<(&str, &[u8])> =
        files.iter().map(|(name, file)| (name.as_str(), file.as_slice())).collect();
    zip::write(&members)
}
