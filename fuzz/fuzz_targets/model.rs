//! Whole models: a `.keras` or `.h5` file as it is, or a `config.json` with weights for none of its layers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neurona::train::Model;
use neurona_formats::hdf5::{self, Group};
use neurona_formats::zip;

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") || bytes.starts_with(b"\x89HDF") {
        drop(Model::from_bytes(bytes));
        return;
    }
    let weights = hdf5::write(&Group::default()).expect("an empty file");
    let file = zip::write(&[("config.json", bytes), ("model.weights.h5", &weights)]);
    drop(Model::from_bytes(&file.expect("an archive")));
});
