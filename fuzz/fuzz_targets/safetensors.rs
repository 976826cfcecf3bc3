//! safetensors: tensors that were read are the same, bit by bit, when written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neurona_core::error::Code;
use neurona_formats::safetensors;

fuzz_target!(|bytes: &[u8]| {
    match safetensors::read(bytes) {
        Ok(tensors) => {
            let written = safetensors::write(&tensors).expect("names that were read");
            let again = safetensors::read(&written).expect("what was written");
            assert_eq!(safetensors::write(&again).expect("the same names"), written);
        }
        Err(error) => assert_eq!(error.code(), Code::E034),
    }
});
