//! Older files: whole models in HDF5, of Keras 2 and 3.

use crate::train::Model;
use neurona_core::error::Result;

pub(super) fn read(_: &[u8]) -> Result<Model> {
    todo!()
}
