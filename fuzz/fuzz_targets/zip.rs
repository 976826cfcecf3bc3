//! ZIP: members are unpacked or refused, and a member that was read is the same when written and
//! read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neurona_core::error::Code;
use neurona_formats::zip::{self, Archive};

fuzz_target!(|bytes: &[u8]| {
    let archive = match Archive::open(bytes, zip::TOTAL, |_| true) {
        Ok(archive) => archive,
        Err(error) => return assert_eq!(error.code(), Code::E034),
    };
    for name in archive.names() {
        match archive.read(name) {
            Ok(content) => {
                let written = zip::write(&[(name, &content)]).expect("a name that was read");
                let again = Archive::open(&written, zip::TOTAL, |_| true).expect("what was written");
                assert_eq!(again.read(name).expect("the member"), content);
            }
            Err(error) => assert_eq!(error.code(), Code::E034),
        }
    }
});
