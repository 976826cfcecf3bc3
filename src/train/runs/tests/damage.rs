//! Checkpoints that are damaged, in any bit, are detected, and the one before is used.

use super::{numbers, run_on, train, undisturbed};
use crate::train::runs::folder;
use neurona_core::error::Code;
use neurona_core::message::Lang;
use neurona_store::testing::Simulated;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The files of a run with two checkpoints, and the paths of the manifest and of the body of the last one.
fn run() -> (Files, PathBuf, PathBuf) {
    let disk = Simulated::default();
    train(run_on(&disk), &disk, 6).0.unwrap();
    let files = disk.files();
    assert_eq!(files.len(), 4, "{:?}", files.keys());
    let last = |ending| {
        files.keys().rfind(|path| path.extension().is_some_and(|e| e == ending)).unwrap().clone()
    };
    let (manifest, body) = (last("json"), last("safetensors"));
    (files, manifest, body)
}

/// The step that is found with one file changed, and how many notes there are.
fn found(files: &Files, path: &Path, change: impl FnOnce(&mut Vec<u8>)) -> (u64, usize) {
    let mut files = files.clone();
    change(files.get_mut(path).unwrap());
    let last = folder::last(Path::new("run"), &Simulated::new(files)).unwrap();
    (last.checkpoint.unwrap().1.step, last.notes.len())
}

#[test]
fn every_flipped_bit_is_found_out_and_the_checkpoint_before_is_used() {
    let (files, manifest, body) = run();
    let flipped = |path: &Path, bit: usize| {
        let found = found(&files, path, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        assert_eq!(found, (5, 1), "bit {bit} of {}", path.display());
    };
    assert_eq!(found(&files, &body, |_| {}), (6, 0));
    let bytes = &files[&body];
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    (0..8 * files[&manifest].len()).for_each(|bit| flipped(&manifest, bit));
    (0..8 * header).for_each(|bit| flipped(&body, bit));
    let mut choose = numbers(11);
    (0..2000).for_each(|_| flipped(&body, 8 * header + choose(8 * (bytes.len() - header))));
}

#[test]
fn every_cut_and_what_is_added_is_found_out() {
    let (files, manifest, body) = run();
    for path in [&manifest, &body] {
        for length in 0..files[path].len() {
            assert_eq!(found(&files, path, |bytes| bytes.truncate(length)), (5, 1), "{length}");
        }
        assert_eq!(found(&files, path, |bytes| bytes.push(b'\n')), (5, 1));
        let other = &files[if path == &body { &manifest } else { &body }];
        assert_eq!(found(&files, path, |bytes| bytes.clone_from(other)), (5, 1));
    }
    // A body that is not there at all, or the body of the checkpoint before.
    let mut without = files.clone();
    without.remove(&body).unwrap();
    let last = folder::last(Path::new("run"), &Simulated::new(without)).unwrap();
    assert_eq!(last.checkpoint.unwrap().1.step, 5);
    let before = files.iter().find(|(path, _)| path.extension() == body.extension()).unwrap().1;
    assert_eq!(found(&files, &body, |bytes| bytes.clone_from(before)), (5, 1));
}

#[test]
fn a_run_whose_last_checkpoint_is_damaged_ends_with_the_same_bits_and_says_so() {
    let (mut files, _, body) = run();
    files.get_mut(&body).unwrap()[70] ^= 4;
    let disk = Simulated::new(files.clone());
    let (left, told, _) = train(run_on(&disk), &disk, usize::MAX);
    assert_eq!(left.unwrap(), undisturbed().0);
    assert_eq!(told.notes, ["W034"]);

    files.iter_mut().for_each(|(_, bytes)| bytes.truncate(40));
    let disk = Simulated::new(files.clone());
    let error = train(run_on(&disk), &disk, usize::MAX).0.unwrap_err();
    assert_eq!(error.code(), Code::E034, "{error}");
    assert!(error.to_string().contains("not as it was written"), "{error}");
    assert!(error.in_lang(Lang::Es).contains("no está como se escribió"), "{error}");
    assert_eq!(disk.files(), files, "nothing is removed");
}

#[test]
fn a_manifest_that_is_whole_but_says_something_else_is_refused() {
    let (files, manifest, _) = run();
    assert_eq!(found(&files, &manifest, |bytes| *bytes = rewritten(bytes, "[", "[")), (6, 0));
    for (from, to) in [
        ("checkpoint 1", "checkpoint 2"),
        ("\"step\":6", "\"step\":-6"),
        ("\"step\":6", "\"step\":\"6\""),
        ("\"epoch\":1", "\"epoch\":18446744073709551616"),
        ("\"ended\":false", "\"ended\":0"),
        ("\"kind\":", "\"sort\":"),
        ("\"samples\":\"4.0\"", "\"samples\":\"four\""),
        ("\"seed\":", "\"sed\":"),
        ("[", "[["),
    ] {
        let found = found(&files, &manifest, |bytes| *bytes = rewritten(bytes, from, to));
        assert_eq!(found, (5, 1), "{from}");
    }
}

/// A manifest that says something else, with a matching checksum.
fn rewritten(manifest: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(manifest.to_vec()).unwrap();
    let content = text.split_once("\"checkpoint\":").unwrap().1.strip_suffix("}\n").unwrap();
    assert!(content.contains(from), "{from} in {content}");
    let content = content.replacen(from, to, 1);
    let sum = super::super::digest::sha256(content.as_bytes());
    format!("{{\"sha256\":\"{sum}\",\n\"checkpoint\":{content}}}\n").into_bytes()
}

#[test]
fn numbers_that_cannot_be_are_refused_or_harmless_and_never_a_panic() {
    let (files, manifest, _) = run();
    let most = u64::MAX.to_string();
    for (field, refused) in [
        ("\"epoch\":1", Some(Code::E036)),
        ("\"pass\":1", Some(Code::E034)),
        ("\"step\":6", Some(Code::E034)),
        ("\"losses\":[", Some(Code::E034)),
        // There is no batch with that number: the epoch is over.
        ("\"batch\":1", None),
        ("\"elapsed_ns\":", None),
    ] {
        let to = match field.split_once(":[") {
            Some((name, _)) => format!("{name}:[\"1.0\","),
            None => format!("{}:{most}", field.split_once(':').unwrap().0),
        };
        let mut files = files.clone();
        let bytes = files.get_mut(&manifest).unwrap();
        if field == "\"elapsed_ns\":" {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let now = text.split_once(field).unwrap().1.split_once(',').unwrap().0.to_owned();
            *bytes = rewritten(bytes, &format!("{field}{now}"), &to);
        } else {
            *bytes = rewritten(bytes, field, &to);
        }
        let disk = Simulated::new(files);
        let (left, _, _) = train(run_on(&disk), &disk, usize::MAX);
        assert_eq!(left.err().map(|error| error.code()), refused, "{field}");
    }
}

#[test]
fn other_instructions_are_a_note() {
    let (mut files, manifest, _) = run();
    let bytes = files.get_mut(&manifest).unwrap();
    *bytes = rewritten(bytes, "\"level\":\"", "\"level\":\"another ");
    let disk = Simulated::new(files);
    let (left, told, _) = train(run_on(&disk), &disk, usize::MAX);
    assert_eq!(left.unwrap(), undisturbed().0);
    assert_eq!(told.notes, ["W036"]);
}
