//! HDF5: values can be taken as numbers or texts, or not, and a file that was read is the same when
//! written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neurona_core::error::Code;
use neurona_formats::hdf5::{self, Group, Value};

fn look(group: &Group<'_>) {
    let values = group.attributes.values().chain(group.datasets.values().flat_map(|dataset| {
        dataset.attributes.values().chain(std::iter::once(&dataset.value))
    }));
    let look = |value: &Value<'_>| {
        let _ = value.to_tensor();
        let _ = value.integers();
        let _ = value.texts();
    };
    values.for_each(look);
    group.groups.values().for_each(crate::look);
}

fuzz_target!(|bytes: &[u8]| {
    let group = match hdf5::read(bytes) {
        Ok(group) => group,
        Err(error) => return assert_eq!(error.code(), Code::E034),
    };
    look(&group);
    if let Ok(written) = hdf5::write(&group) {
        assert_eq!(hdf5::read(&written).expect("what was written"), group);
    }
});
