//! What other programs and the other commands take up: the network in a file, the digits as arrays of NumPy.

use super::data::{CLASSES, Digits};
use crate::folder::Folder;
use neurona::Result;
use neurona::prelude::Sequential;
use neurona::tensor::ToTensor;
use neurona_formats::npy;

/// The names of the files of arrays.
pub(super) const ARRAYS: [&str; 4] =
    ["train-images.npy", "train-labels.npy", "test-images.npy", "test-labels.npy"];

/// The network, whole. Errors: E035.
pub(super) fn model(model: &mut Sequential, folder: &Folder) -> Result<()> {
    model.set_class_names((0..CLASSES).map(|digit| digit.to_string()));
    folder.write("model.keras", &model.to_keras()?)
}

/// The digits: images as bytes, labels in 0 and 1. Errors: E035.
pub(super) fn arrays(digits: &Digits, folder: &Folder) -> Result<()> {
    let Digits { train_images, y_train, test_images, y_test, .. } = digits;
    let images = [train_images, test_images].map(ToTensor::to_tensor);
    let labels = [y_train, y_test].map(ToTensor::to_tensor);
    let in_order = images.into_iter().zip(labels).flat_map(<[_; 2]>::from);
    for (name, array) in ARRAYS.into_iter().zip(in_order) {
        folder.write(name, &npy::write(&array?))?;
    }
    Ok(())
}
