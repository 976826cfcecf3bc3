//! Folders of IDX files: the digits inside the program, written out and read back, and what can be wrong.
#![cfg(feature = "mnist")]

use flate2::{Compression, write::GzEncoder};
use neurona::data::datasets::{self, Split};
use neurona_core::error::Code;
use neurona_core::message::Lang;
use std::io::Write;
use std::path::{Path, PathBuf};

fn idx(dims: &[usize], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, dims.len() as u8];
    file.extend(dims.iter().flat_map(|&dim| (dim as u32).to_be_bytes()));
    file.extend(bytes);
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("neurona-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).expect("temporary file");
}

fn files(split: &Split) -> [Vec<u8>; 2] {
    let images = split.images.as_slice().expect("as unpacked");
    let labels = split.labels.as_slice().expect("as unpacked");
    [idx(split.images.shape(), images), idx(split.labels.shape(), labels)]
}

#[test]
fn a_folder_of_the_digits_reads_back() {
    let mnist = datasets::mnist().expect("the copy is whole");
    assert_eq!(mnist.train.images.shape(), [60_000, 28, 28]);
    assert_eq!(mnist.test.images.shape(), [10_000, 28, 28]);
    let folder = folder("digits");
    let ([train_images, train_labels], [test_images, test_labels]) =
        (files(&mnist.train), files(&mnist.test));
    write(&folder, "train-images-idx3-ubyte", &train_images);
    write(&folder, "train-labels-idx1-ubyte.gz", &gzip(&train_labels));
    write(&folder, "t10k-images.idx3-ubyte", &test_images);
    write(&folder, "t10k-labels.idx1-ubyte.gz", &gzip(&test_labels));
    assert!(datasets::idx_folder(&folder).expect("the same") == mnist);
    std::fs::remove_dir_all(&folder).expect("cleaned up");
}

/// Two training and two test images of 2×2, with one file replaced.
fn check_refused(name: &str, file: &str, bytes: &[u8], code: Code, parts: &[&str]) {
    let folder = folder(name);
    for part in ["train", "t10k"] {
        write(&folder, &format!("{part}-images-idx3-ubyte"), &idx(&[2, 2, 2], &[1; 8]));
        write(&folder, &format!("{part}-labels-idx1-ubyte"), &idx(&[2], &[0, 1]));
    }
    assert!(datasets::idx_folder(&folder).is_ok());
    write(&folder, file, bytes);
    let error = datasets::idx_folder(&folder).expect_err("one file is wrong");
    std::fs::remove_dir_all(&folder).expect("cleaned up");
    assert_eq!(error.code(), code, "{error}");
    assert_ne!(error.in_lang(Lang::En), error.in_lang(Lang::Es));
    for part in parts {
        assert!(error.to_string().contains(part), "{error} lacks {part}");
    }
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let labels = "train-labels-idx1-ubyte";
    check_refused("count", labels, &idx(&[3], &[0; 3]), Code::E024, &["2 images but 3", labels]);
    let rank = idx(&[2, 1, 1], &[0; 2]);
    check_refused("rank", labels, &rank, Code::E034, &["3 dimensions; 1 expected", labels]);
    let size = idx(&[2, 1, 3], &[0; 6]);
    check_refused("size", "t10k-images-idx3-ubyte", &size, Code::E012, &["2×2", "1×3"]);
    let kind = [0, 0, 9, 1, 0, 0, 0, 2, 0, 0];
    check_refused("kind", labels, &kind, Code::E034, &["i8, not u8", labels]);
    check_refused(
        "cut",
        labels,
        &idx(&[2], &[0]),
        Code::E034,
        &["needs 10 bytes, but has 9", labels],
    );
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder("missing-of-four");
    let error = datasets::idx_folder(&folder).expect_err("empty");
    assert_eq!(error.code(), Code::E031);
    assert!(error.to_string().contains("no train-images-idx3-ubyte"), "{error}");
    write(&folder, "train_images_idx3_ubyte", &[]);
    let error = datasets::idx_folder(&folder).expect_err("another spelling");
    assert!(error.to_string().contains("E031"), "{error}");
    std::fs::remove_dir_all(&folder).expect("cleaned up");
    let error = datasets::idx_folder(folder.join("nowhere")).expect_err("no such folder");
    assert_eq!(error.code(), Code::E031);
}
