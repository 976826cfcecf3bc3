//! The arrays of a file, whatever its kind.

use super::Named;
use crate::arrays::Source;
use crate::files::Kind;
use neurona::data::{npy, npz, safetensors};
use neurona::internals::read_file;
use neurona::{Error, Result};
use neurona_formats::hdf5::{self, Group};
use std::fs;
use std::path::Path;

/// An array that is not read, and why.
pub(crate) type Unread = (String, Error);

/// All arrays with their names, or the one that is named; and those that are not numbers, if others
/// are. Errors: E031, E034, E035 as in the readers; E015 no array has that name.
pub(crate) fn read(source: &Source, kind: Kind) -> Result<(Vec<Named>, Vec<Unread>)> {
    let Source { path, array } = source;
    if let (Kind::Npz, None) = (kind, array) {
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for (name, array) in npz::read_each(path)? {
            match array {
                Ok(array) => read.push((name, array)),
                Err(error) => unread.push((name, error)),
            }
        }
        return match unread.first() {
            Some((_, error)) if read.is_empty() => {
                Err(error.clone().inside(path.display().to_string()))
            }
            _ => Ok((read, unread)),
        };
    }
    Ok((all(source, kind)?, Vec::new()))
}

fn all(source: &Source, kind: Kind) -> Result<Vec<Named>> {
    let Source { path, array } = source;
    match kind {
        Kind::Npz => match array {
            Some(name) => Ok(vec![(name.clone(), npz::read_one(path, name)?)]),
            None => npz::read(path),
        },
        Kind::Safetensors => safetensors::read(path),
        Kind::Keras | Kind::H5 | Kind::WeightsH5 => {
            let mut arrays = Vec::new();
            read_file(path, |bytes| gather(&hdf5::read(bytes)?, "", &mut arrays))?;
            Ok(arrays)
        }
        Kind::Npy => {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok(vec![(name, npy::read(path)?)])
        }
    }
}

/// Whether an HDF5 file has weights but does not say of which layers. Files that cannot be read are
/// left to others.
pub(crate) fn weights_alone(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    hdf5::read(&bytes).is_ok_and(|root| !root.attributes.contains_key("model_config"))
}

/// The arrays of a group and of all groups in it; the reader limits how deep they are.
fn gather(group: &Group<'_>, place: &str, arrays: &mut Vec<Named>) -> Result<()> {
    for (name, dataset) in &group.datasets {
        // Names and other texts are not arrays of numbers.
        if dataset.value.number().is_some() {
            arrays.push((format!("{place}{name}"), dataset.value.to_tensor()?));
        }
    }
    group
        .groups
        .iter()
        .try_for_each(|(name, group)| gather(group, &format!("{place}{name}/"), arrays))
}
