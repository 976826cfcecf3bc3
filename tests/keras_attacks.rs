//! Files that try something: to run code, to open other files, to take memory or time. Each is refused with an error, or
//! opens where the table says so.

use neurona::prelude::*;
use peak_alloc::PeakAlloc;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

#[global_allocator]
static PEAK: PeakAlloc = PeakAlloc;

/// Files that open here, and why that does no harm.
const OPEN: [(&str, &str); 3] = [
    ("keras_is_zip.h5", "a file is what its first bytes say, not what it is called"),
    ("legacy_no_names.h5", "the model says which layers there are; their list is not looked at"),
    ("legacy_number_names.h5", "the same"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/attacks")
}

#[test]
fn files_that_try_something_are_refused() {
    let json = fs::read_to_string(folder().join("attacks.json")).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    let attacks = json["attacks"].as_array().unwrap();
    assert!(attacks.len() >= 200);
    let mut wrong = Vec::new();
    for attack in attacks {
        let file = attack["file"].as_str().unwrap();
        if file.ends_with(".weights.h5") {
            continue;
        }
        PEAK.reset_peak_usage();
        let before = PEAK.current_usage();
        let loaded = Model::load(folder().join(file)).map(|_| "opens".to_owned());
        let said = loaded.unwrap_or_else(|error| error.to_string());
        let (taken, size) =
            (PEAK.peak_usage() - before, fs::metadata(folder().join(file)).unwrap().len());
        assert!(taken as u64 <= (64 << 20) + 4 * size, "{file}: {taken} bytes of memory");
        let right = match attack["outcome"].as_str() {
            Some("refused") => (said == "opens") == OPEN.iter().any(|(name, _)| *name == file),
            Some("opened") => said == "opens",
            _ => true,
        };
        if !right {
            wrong.push(format!("{file}: {said}\n    {}: {}", attack["tries"], attack["expected"]));
        }
    }
    let marker = json["marker"].as_str().unwrap();
    assert!(!Path::new(marker).exists() && !folder().join(marker).exists(), "code was run");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
