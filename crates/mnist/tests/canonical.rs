//! The digits are the canonical ones, and the package stays small enough to be published.

use neurona_mnist::{CLASSES, PIXELS, TEST, TRAIN, unpack};
use std::path::Path;

#[test]
fn sizes_first_labels_and_counts() {
    // `unpack` has compared the four SHA-256 digests.
    let mnist = unpack().expect("the packed copy is whole");
    assert_eq!(mnist.train_images.len(), TRAIN * PIXELS);
    assert_eq!(mnist.test_images.len(), TEST * PIXELS);
    assert_eq!(mnist.train_labels[..5], [5, 0, 4, 1, 9]);
    assert_eq!(mnist.test_labels[..5], [7, 2, 1, 0, 4]);
    let count = |labels: &[u8]| {
        let mut counts = [0; CLASSES];
        for &label in labels {
            counts[usize::from(label)] += 1;
        }
        counts
    };
    let train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
    assert_eq!(count(&mnist.train_labels), train);
    assert_eq!(count(&mnist.test_labels), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
}

#[test]
fn unpacking_twice_gives_the_same() {
    assert!(unpack().expect("whole") == unpack().expect("whole"));
}

#[test]
fn the_package_is_below_ten_million_bytes() {
    let size = folder_size(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(size < 10_000_000, "{size} bytes; a package may have 10 MiB");
}

fn folder_size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("the package's own folder");
    let entries = entries.map(|entry| entry.expect("an entry"));
    let size = |entry: std::fs::DirEntry| match entry.metadata().expect("its size") {
        data if data.is_dir() && entry.file_name() == "target" => 0,
        data if data.is_dir() => folder_size(&entry.path()),
        data => data.len(),
    };
    entries.map(size).sum()
}
