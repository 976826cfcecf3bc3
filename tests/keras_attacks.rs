//! Files that attack the reader: to run code, to open other files, to take memory or time. Each is
//! refused with an error, or opens where the table says so.

use neurona::prelude::*;
use peak_alloc::PeakAlloc;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

#[global_allocator]
static PEAK: PeakAlloc = PeakAlloc;

/// Files that open here, and why that does no harm.
const OPEN: [(&str, &str); 1] =
    [("keras_is_zip.h5", "a file is what its first bytes say, not what it is called")];

/// Files that attack through something that predictions do not need: what the model is compiled
/// with, and the settings that its layers have for training.
const BESIDE: [&str; 5] = [
    "compile",
    "custom_optimizer.h5",
    "setting_initializer",
    "setting_regularizer",
    "setting_constraint",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/attacks")
}

/// One test, because it counts memory.
#[test]
fn files_that_try_something_are_refused_and_damaged_ones_do_no_harm() {
    files_that_try_something_are_refused();
    damaged_files_are_an_answer_or_an_error();
}

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
        let loaded = Model::load(folder().join(file)).map(|model| {
            let noted = model.notes().iter().any(|note| ["W039", "W040"].contains(&note.code));
            if noted { "opens, with a note" } else { "opens" }.to_owned()
        });
        let said = loaded.unwrap_or_else(|error| error.to_string());
        let (taken, size) =
            (PEAK.peak_usage() - before, fs::metadata(folder().join(file)).unwrap().len());
        assert!(taken as u64 <= (64 << 20) + 4 * size, "{file}: {taken} bytes of memory");
        let right = match attack["outcome"].as_str() {
            // That part is left out, and the model predicts without it.
            Some("refused") if BESIDE.iter().any(|start| file.starts_with(start)) => {
                said == "opens, with a note"
            }
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

/// Loads damaged bytes: an answer or an error, and never more memory than 64 MiB and four times the file.
fn load(bytes: &[u8], what: &str) {
    PEAK.reset_peak_usage();
    let before = PEAK.current_usage();
    let result = Model::from_bytes(bytes).map(drop);
    let taken = PEAK.peak_usage() - before;
    assert!(taken <= (64 << 20) + 4 * bytes.len(), "{what}: {taken} bytes of memory, {result:?}");
}

fn damaged_files_are_an_answer_or_an_error() {
    let files = folder().join("../files");
    for name in [
        "minimal.keras",
        "functional_nested.keras",
        "optimizer_nadam.keras",
        "optimizer_adam.h5",
        "functional_nested.h5",
        "keras2_functional.h5",
    ] {
        let whole = fs::read(files.join(name)).unwrap();
        let mut bytes = whole.clone();
        for bit in 0..8 * bytes.len().min(512) {
            bytes[bit / 8] ^= 1 << (bit % 8);
            load(&bytes, &format!("{name}, bit {bit}"));
            bytes[bit / 8] = whole[bit / 8];
        }
        // Bits of all the rest, a step apart that is not a power of two.
        for at in (512..bytes.len()).step_by(101) {
            bytes[at] ^= 1 << (at % 8);
            load(&bytes, &format!("{name}, byte {at}"));
            bytes[at] = whole[at];
        }
        for length in 0..whole.len().min(64 << 10) {
            load(&whole[..length], &format!("{name}, {length} bytes of it"));
        }
    }
}
