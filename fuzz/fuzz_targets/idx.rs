//! IDX, plain and gzip: an array or a typed error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neurona::Code;
use neurona::data::idx;

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = idx::parse(bytes) {
        assert_eq!(error.code(), Code::E034);
    }
});
