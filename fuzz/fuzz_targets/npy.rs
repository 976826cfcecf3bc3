//! `.npy`: an array that was read is the same, bit by bit, when written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neurona_core::error::Code;
use neurona_formats::npy;

fuzz_target!(|bytes: &[u8]| {
    match npy::read(bytes) {
        Ok(tensor) => {
            let written = npy::write(&tensor);
            assert_eq!(npy::write(&npy::read(&written).expect("what was written")), written);
        }
        Err(error) => assert_eq!(error.code(), Code::E034),
    }
});
