//! `.npz`: arrays that were read are the same, bit by bit, when written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neurona_core::error::Code;
use neurona_formats::npz;

fuzz_target!(|bytes: &[u8]| {
    match npz::read(bytes) {
        Ok(arrays) => {
            let written = npz::write(&arrays).expect("names that were read");
            let again = npz::read(&written).expect("what was written");
            assert_eq!(npz::write(&again).expect("the same names"), written);
        }
        Err(error) => assert_eq!(error.code(), Code::E034),
    }
});
