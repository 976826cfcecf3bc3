//! Broken IDX files never take more than 64 MiB and four times their size. On its own, because it
//! counts memory.

use flate2::{Compression, write::GzEncoder};
use neurona::data::idx;
use peak_alloc::PeakAlloc;
use std::io::Write;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most memory that the work took at once, beyond what was there before.
fn peak<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let result = work();
    (MEMORY.peak_usage() - before, result)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn image_file(count: u32, pixels: &[u8]) -> Vec<u8> {
    [&[0, 0, 8, 3], &count.to_be_bytes()[..], &[0, 0, 0, 28, 0, 0, 0, 28], pixels].concat()
}

fn check_changes(mut bytes: Vec<u8>) {
    let limit = (64 << 20) + 4 * bytes.len();
    for i in 0..bytes.len().min(512) {
        let whole = bytes[i];
        let flips = (0..8).map(|bit| whole ^ (1 << bit));
        for value in flips.chain([0x00, 0x7F, 0x80, 0xFF]) {
            bytes[i] = value;
            let (peak, _) = peak(|| idx::parse(&bytes).is_ok());
            assert!(peak <= limit, "byte {i} = {value}: {peak} bytes");
        }
        bytes[i] = whole;
    }
}

#[test]
fn memory_stays_near_the_size_of_the_file() {
    let image = image_file(2, &[7; 2 * 784]);
    let noise: Vec<u8> = (0..784u32).map(|i| (i * i / 8) as u8).collect();
    check_changes(gzip(&image));
    check_changes(gzip(&image_file(1, &noise)));
    check_changes(image);

    // A header that lies: 3.4 TB in a plain file; 66 MB in gzip that holds 60.
    let (taken, _) = peak(|| idx::parse(&image_file(u32::MAX, &[0; 784])).is_ok());
    assert!(taken < 1 << 16, "{taken} bytes");
    let lie = gzip(&image_file(84_000, &vec![0; 60_000_000]));
    let (taken, ok) = peak(|| idx::parse(&lie).is_ok());
    assert!(!ok && taken <= (64 << 20) + 4 * lie.len(), "{taken} bytes");

    // A whole file as large as MNIST's takes what its array takes.
    let whole = image_file(60_000, &vec![1; 60_000 * 784]);
    let (taken, array) = peak(|| idx::parse(&whole));
    assert!(array.is_ok() && taken < 60_000 * 784 + (1 << 18), "{taken} bytes");

    #[cfg(feature = "mnist")]
    {
        // 55 MB of digits, and two windows of 8 MiB with their growth while they are unpacked.
        let (taken, mnist) = peak(neurona::data::datasets::mnist);
        assert!(mnist.is_ok() && taken < 85_000_000, "{taken} bytes");
    }
}
