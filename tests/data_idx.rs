//! IDX files of every kind, whole and broken: arrays or errors with a code, never a panic.

use flate2::{Compression, write::GzEncoder};
use neurona::data::idx::{self, IdxArray};
use neurona_core::error::{Code, Error};
use neurona_core::message::Lang;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn file(code: u8, dims: &[u32], elements: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, code, dims.len() as u8];
    bytes.extend(dims.iter().flat_map(|dim| dim.to_be_bytes()));
    bytes.extend(elements);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// Three golden files: bytes of rank 3, floats of rank 1, 16-bit numbers of rank 2 with a dimension of 0.
fn golden() -> [Vec<u8>; 3] {
    let image: Vec<u8> = (0..4 * 5 * 5).map(|i| (i * 37 % 256) as u8).collect();
    let floats: Vec<u8> = [0.5f32, -1.0, f32::NAN].iter().flat_map(|x| x.to_be_bytes()).collect();
    [file(0x08, &[4, 5, 5], &image), file(0x0D, &[3], &floats), file(0x0B, &[0, 7], &[])]
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("neurona-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

/// An error with a code for data, and words in both languages.
fn check_error(error: &Error) {
    assert!(matches!(error.code(), Code::E034 | Code::E035), "{error}");
    for lang in Lang::ALL {
        let text = error.in_lang(lang);
        assert!(text.len() > 30 && !text.contains("panicked"), "{text}");
    }
    assert_ne!(error.in_lang(Lang::En), error.in_lang(Lang::Es));
}

fn check_refused(bytes: &[u8], parts: &[&str]) {
    let start = Instant::now();
    let error = idx::parse(bytes).expect_err("it is broken");
    assert!(start.elapsed() < Duration::from_millis(100), "{error}: {:?}", start.elapsed());
    check_error(&error);
    for part in parts {
        assert!(error.to_string().contains(part), "{error} lacks {part}");
    }
}

#[test]
fn every_type_of_element() {
    let array = |code, bytes: &[u8]| idx::parse(&file(code, &[2], bytes)).expect("whole");
    assert_eq!(array(0x08, &[1, 255]).into_u8().unwrap().as_slice(), Some(&[1, 255][..]));
    assert_eq!(array(0x09, &[1, 255]).into_i8().unwrap().as_slice(), Some(&[1, -1][..]));
    let bytes = [0, 1, 0xFF, 0xFE];
    assert_eq!(array(0x0B, &bytes).into_i16().unwrap().as_slice(), Some(&[1, -2][..]));
    let bytes = [0, 0, 0, 1, 0x80, 0, 0, 0];
    assert_eq!(array(0x0C, &bytes).into_i32().unwrap().as_slice(), Some(&[1, i32::MIN][..]));
    let bytes = [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0];
    assert_eq!(array(0x0D, &bytes).into_f32().unwrap().as_slice(), Some(&[1.0, -2.0][..]));
    let bytes = [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(array(0x0E, &bytes).into_f64().unwrap().as_slice(), Some(&[1.0, -2.0][..]));

    let array = array(0x09, &[1, 2]);
    assert_eq!((array.shape(), array.dtype()), (&[2][..], "i8"));
    let error = array.into_u8().expect_err("another type");
    check_error(&error);
    assert!(error.to_string().contains("i8, not u8"), "{error}");
}

#[test]
fn ranks_one_to_eight_and_dimensions_of_zero() {
    for rank in 1..=8 {
        let array = idx::parse(&file(0x08, &vec![1; rank], &[9])).expect("whole");
        assert_eq!(array.shape(), vec![1; rank]);
    }
    assert_eq!(idx::parse(&file(0x0E, &[0], &[])).expect("empty").shape(), [0]);
    assert_eq!(idx::parse(&file(0x08, &[3, 0, 2], &[])).expect("empty").shape(), [3, 0, 2]);
    check_refused(&file(0x08, &[], &[9]), &["E034", "00 00 08 00"]);
    check_refused(&file(0x08, &[1; 9], &[9]), &["E034", "00 00 08 09"]);
    check_refused(&file(0x0A, &[1], &[9]), &["0A"]);
}

#[test]
fn gzip_is_told_by_its_content_and_may_have_members() {
    for bytes in golden() {
        let whole = gzip(&bytes);
        let same =
            |array: &IdxArray| format!("{:?}", idx::parse(&bytes)) == format!("Ok({array:?})");
        assert!(same(&idx::parse(&whole).expect("gzip")));
        let members = [gzip(&bytes[..5]), gzip(&[]), gzip(&bytes[5..])].concat();
        assert!(same(&idx::parse(&members).expect("members")));
        // Tapes and blocks are padded with zeros, after and between members; gzip and Python ignore
        // them.
        let padded = [&whole[..], &[0; 512]].concat();
        assert!(same(&idx::parse(&padded).expect("padded")));
        let between = [gzip(&bytes[..5]), vec![0; 9], gzip(&bytes[5..]), vec![0; 70_000]].concat();
        assert!(same(&idx::parse(&between).expect("padded between")));
        check_refused(&[&whole[..], &[0; 3], b"x"].concat(), &["follow 4 bytes"]);
        let folder = folder("content");
        let path = folder.join("no-ending");
        std::fs::write(&path, &whole).expect("temporary file");
        assert!(same(&idx::read(&path).expect("told by its content")));
        std::fs::remove_dir_all(&folder).expect("cleaned up");
    }
    let mut changed = gzip(&golden()[0]);
    let checksum = changed.len() - 6;
    changed[checksum] ^= 1;
    check_refused(&changed, &["gzip"]);
}

#[test]
fn every_truncation_names_both_sizes() {
    for bytes in golden() {
        for len in 0..bytes.len() {
            check_refused(&bytes[..len], &["E034", "needs", &format!("has {len}")]);
        }
        let whole = gzip(&bytes);
        for len in 0..whole.len() {
            check_refused(&whole[..len], &["E034"]);
        }
        check_refused(&[&bytes[..], &[0]].concat(), &["declares", "but it has"]);
        check_refused(&gzip(&[&bytes[..], &[0]].concat()), &["declares", "more"]);
        check_refused(
            &[&whole[..], b"junk"].concat(),
            &["after its gzip data follow 4 bytes that are not gzip", "gunzip -c"],
        );
        // Wherever it is cut after its first bytes, the error says that it is cut.
        for len in 2..whole.len() {
            check_refused(&whole[..len], &["gzip data is cut"]);
        }
    }
}

#[test]
fn every_changed_bit_or_byte_is_an_array_or_an_error() {
    let check = |bytes: &[u8]| {
        if let Err(error) = idx::parse(bytes) {
            check_error(&error);
        }
    };
    for golden in golden() {
        for mut bytes in [gzip(&golden), golden] {
            for i in 0..bytes.len().min(512) {
                let whole = bytes[i];
                let flips = (0..8).map(|bit| whole ^ (1 << bit));
                for value in flips.chain([0x00, 0x7F, 0x80, 0xFF]) {
                    bytes[i] = value;
                    check(&bytes);
                }
                bytes[i] = whole;
            }
        }
    }
}

#[test]
fn sizes_that_wrap_are_refused() {
    // 2^16 four times is 2^64, which wraps to 0: no bytes would be expected.
    check_refused(&file(0x08, &[1 << 16; 4], &[]), &["65536×65536×65536×65536", "memory"]);
    // 641 × 6700417 is 2^32 + 1, so this is 2^64 - 1: no wrap, but no memory either.
    check_refused(&file(0x08, &[u32::MAX, 641, 6_700_417], &[]), &["memory"]);
    // 2^64 + 4 wraps to 4, the bytes that are here.
    check_refused(&file(0x08, &[3_340_214_413, 2_761_311_370, 2], &[1; 4]), &["memory"]);
    check_refused(&file(0x0E, &[u32::MAX; 8], &[]), &["memory"]);
    // The count fits, the bytes of eight per element do not.
    check_refused(&file(0x0E, &[1 << 31, 1 << 30], &[]), &["memory"]);
    // Strides of an array without elements must fit too.
    check_refused(&file(0x08, &[u32::MAX, u32::MAX, u32::MAX, 0], &[]), &["memory"]);
}

#[test]
fn bombs_are_refused_at_once() {
    // 1 KB that claims to be 47 MB, and 1 KB that is 1 MB but claims to be small.
    let zeros = vec![0; 1_000_000];
    check_refused(&gzip(&file(0x08, &[60_000, 28, 28], &zeros)), &["cannot hold"]);
    check_refused(&gzip(&file(0x08, &[10], &zeros)), &["holds more"]);
    // 100 KB that truly expand to 100 MB.
    let many = gzip(&vec![0; 10_000_000]);
    let head = gzip(&file(0x08, &[100_000_000], &[]));
    let bomb = [vec![head], vec![many; 10]].concat().concat();
    check_refused(&bomb, &["expands to 100,000,0", "gunzip"]);
}

#[test]
fn a_file_that_is_missing_or_refused() {
    let folder = folder("missing");
    std::fs::write(folder.join("train-labels-idx1-ubyte.gz"), b"").expect("temporary file");
    let check = |name: &str, near: bool| {
        let error = idx::read(folder.join(name)).expect_err("missing");
        assert_eq!(error.code(), Code::E031);
        let named = error.to_string().contains("did you mean \"train-labels-idx1-ubyte.gz\"");
        assert_eq!(named, near, "{error}");
        assert_eq!(error.in_lang(Lang::Es).contains("¿quiso decir"), near);
    };
    check("train-labels-idx1-ubyte", true);
    check("train-labels.idx1-ubyte.gz", true);
    check("train-label-idx1-ubyte.gz", true);
    check("weights.bin", false);
    check("no-folder/weights.bin", false);

    let error = idx::read(&folder).expect_err("a folder is not a file");
    check_error(&error);
    assert!(error.place().is_some(), "{error}");
    let error = idx::read(folder.join("train-labels-idx1-ubyte.gz")).expect_err("empty");
    assert!(error.to_string().contains("train-labels-idx1-ubyte.gz: it needs 4 bytes, but has 0"));
    std::fs::remove_dir_all(&folder).expect("cleaned up");
}
