//! Damaged files: an answer or a typed error, never a panic, never more than 64 MiB and four times the file in memory.
//! On its own, because it counts memory.

use neurona_core::error::{Code, Result};
use neurona_formats::hdf5::{self, Dataset, Group, Value};
use neurona_formats::{npy, npz, safetensors, zip};
use peak_alloc::PeakAlloc;
use std::path::Path;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most memory that the work took at once, beyond what was there before.
fn peak<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let result = work();
    (MEMORY.peak_usage() - before, result)
}

/// Reads everything in a file.
type Reader = fn(&[u8]) -> Result<()>;

fn read_hdf5(bytes: &[u8]) -> Result<()> {
    fn values(attributes: &hdf5::Attributes<'_>) {
        attributes.values().for_each(value);
    }
    fn value(value: &Value<'_>) {
        // A value that cannot be read as one may be read as the other; each is dropped before the
        // next.
        let _ = value.to_tensor().map(drop).or_else(|_| value.texts().map(drop));
    }
    fn group(inside: &Group<'_>) {
        values(&inside.attributes);
        for Dataset { attributes, value: inner, .. } in inside.datasets.values() {
            values(attributes);
            value(inner);
        }
        inside.groups.values().for_each(group);
    }
    hdf5::read(bytes).map(|root| group(&root))
}

fn read_zip(bytes: &[u8]) -> Result<()> {
    let archive = zip::Archive::open(bytes, zip::TOTAL, |_| true)?;
    archive.names().try_for_each(|name| archive.read(name).map(drop))
}

/// Readers, and sound files for each.
const FORMATS: [(&str, Reader, &[&str]); 5] = [
    (
        "hdf5",
        read_hdf5,
        &[
            "keras.weights.h5",
            "keras.h5",
            "types.h5",
            "variants/latest.h5",
            "variants/all_filters.h5",
            "variants/tree_2_filters.h5",
            "variants/extensible_second.h5",
        ],
    ),
    ("zip", read_zip, &["stored.zip", "deflated.zip", "wide.zip"]),
    ("npy", |bytes| npy::read(bytes).map(drop), &["f4.npy", "columns.npy", "big.npy"]),
    ("npz", |bytes| npz::read(bytes).map(drop), &["stored.npz", "deflated.npz", "unnamed.npz"]),
    (
        "safetensors",
        |bytes| safetensors::read(bytes).map(drop),
        &["types.safetensors", "small.safetensors", "bfloat16.safetensors"],
    ),
];

fn file(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(path)).unwrap()
}

/// Reads a changed file, and returns whether it was refused.
fn check(name: &str, read: Reader, bytes: &[u8], change: &dyn Fn() -> String) -> bool {
    let limit = (64 << 20) + 4 * bytes.len();
    let (taken, result) = peak(|| read(bytes));
    assert!(taken <= limit, "{name}, {}: {taken} bytes", change());
    if let Err(error) = &result {
        assert_eq!(error.code(), Code::E034, "{name}, {}: {error}", change());
    }
    result.is_err()
}

fn check_changes(name: &str, read: Reader) {
    let mut bytes = file(name);
    read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut refused = 0;
    for i in 0..bytes.len().min(512) {
        let whole = bytes[i];
        let flips = (0..8).map(|bit| whole ^ (1 << bit));
        for value in flips.chain([0x00, 0x7F, 0x80, 0xFF]) {
            bytes[i] = value;
            refused += usize::from(check(name, read, &bytes, &|| format!("byte {i} = {value}")));
        }
        bytes[i] = whole;
    }
    assert!(refused > 100, "{name}: only {refused} changes were refused");
    for length in 0..bytes.len().min(64 << 10) {
        assert!(
            check(name, read, &bytes[..length], &|| format!("{length} bytes")),
            "{name}, {length} bytes"
        );
    }
}

/// Files with many small parts, the worst case for the memory that each part takes.
fn many_small_parts() -> Vec<(&'static str, Reader, Vec<u8>)> {
    let mut root = Group::default();
    for i in 0..30_000 {
        let group = root.make_group(&format!("{i}"));
        group.attributes.insert("a".to_owned(), Value::text("x"));
        group.datasets.insert("d".to_owned(), Dataset::new(Value::text("y")));
    }
    let header: Vec<String> = (0..70_000)
        .map(|i| format!("\"{i:x}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"))
        .collect();
    let header = format!("{{{}}}", header.join(","));
    let tensors = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    let names: Vec<String> = (0..10_000).map(|i| format!("{i}.npy")).collect();
    let scalar = file("npy/scalar.npy");
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*scalar)).collect();
    vec![
        ("30,000 groups", read_hdf5, hdf5::write(&root).unwrap()),
        ("70,000 tensors", |bytes| safetensors::read(bytes).map(drop), tensors),
        ("10,000 arrays", |bytes| npz::read(bytes).map(drop), zip::write(&members).unwrap()),
    ]
}

#[test]
fn memory_stays_near_the_size_of_the_file() {
    for (folder, read, names) in FORMATS {
        for name in names {
            check_changes(&format!("{folder}/{name}"), read);
        }
        // Anything refused by name takes little memory, too; only a member's content is asked for
        // afterwards.
        let refused =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(folder).join("refused");
        for entry in std::fs::read_dir(refused).into_iter().flatten() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            check(&path.display().to_string(), read, &bytes, &String::new);
        }
    }
    for (name, read, bytes) in many_small_parts() {
        assert!(!check(name, read, &bytes, &|| format!("{} bytes", bytes.len())), "{name}");
    }
}
