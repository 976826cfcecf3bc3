//! HDF5 as today's `h5py` and `h5repack` write it: the same content in many forms, read to the same
//! bits; damage is noticed.

use neurona_core::error::Code;
use neurona_formats::hdf5::{self, Group};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/hdf5/variants")
}

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(format!("{name}.h5"))).unwrap()
}

fn numbers(group: &Group<'_>, path: &str) -> Vec<f64> {
    let dataset = group.dataset(path).unwrap_or_else(|| panic!("no {path}"));
    dataset.value.to_tensor().unwrap().to_f64()
}

/// Files with other contents, which have tests of their own.
const OTHERS: [&str; 4] = ["implicit", "many", "paged", "raw_edges"];

/// The forms of one model: their names and bytes.
fn forms() -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| !OTHERS.contains(&name.as_str()))
        .collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), file(&name))).collect()
}

fn kernel() -> Vec<f64> {
    (-40..56).map(|i| f64::from(i) / 8.0).collect()
}

#[test]
fn every_form_of_a_model_holds_the_same() {
    let forms = forms();
    assert_eq!(forms.len(), 25);
    for (name, bytes) in &forms {
        assert!(hdf5::is_hdf5(bytes), "{name}");
        let root = hdf5::read(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = |group: &Group<'_>, attribute: &str| -> Vec<String> {
            let texts = group.attributes[attribute].texts().unwrap();
            texts.iter().map(ToString::to_string).collect()
        };
        assert_eq!(text(&root, "backend"), ["tensorflow"], "{name}");
        assert_eq!(text(&root, "keras_version"), ["2.15.0"], "{name}");
        assert_eq!(text(&root, "model_config"), ["{\"class_name\": \"Sequential\"}"], "{name}");
        let weights = root.group("model_weights").unwrap();
        assert_eq!(text(weights, "layer_names"), ["dense"], "{name}");
        let dense = weights.group("dense").unwrap();
        let names = text(dense, "weight_names");
        assert_eq!(names, ["dense/kernel:0", "dense/bias:0"], "{name}");
        assert_eq!(numbers(dense, &names[0]), kernel(), "{name}");
        assert_eq!(dense.dataset(&names[0]).unwrap().value.shape().dims(), [12, 8], "{name}");
        let bias: Vec<f64> = (0..8).map(|i| f64::from(i) / 4.0).collect();
        assert_eq!(numbers(dense, &names[1]), bias, "{name}");
        // Numbers that were reversed and unpacked are written again.
        let again = hdf5::write(&root).unwrap();
        assert_eq!(hdf5::read(&again).unwrap(), root, "{name}");
    }
}

#[test]
fn chunks_are_found_by_indexes_in_pages_and_without_an_index() {
    let counted = |count: usize| (0..count).map(|i| (i % 256) as f64).collect::<Vec<f64>>();
    let bytes = file("paged");
    let root = hdf5::read(&bytes).unwrap();
    assert_eq!(numbers(&root, "fixed"), counted(1100));
    assert_eq!(numbers(&root, "growing"), counted(300));
    let bytes = file("implicit");
    assert_eq!(numbers(&hdf5::read(&bytes).unwrap(), "a"), kernel());
}

#[test]
fn chunks_that_the_edges_cut_may_be_left_unpacked() {
    let bytes = file("raw_edges");
    assert_eq!(numbers(&hdf5::read(&bytes).unwrap(), "a"), kernel());
}

#[test]
fn many_links_and_attributes_are_read_from_their_heaps() {
    let bytes = file("many");
    let root = hdf5::read(&bytes).unwrap();
    assert_eq!(root.datasets.len(), 303);
    for i in 0..300i64 {
        let value = &root.datasets[&format!("layer {i:03}")].value;
        assert_eq!(value.integers().unwrap(), [i]);
    }
    let attributes = &root.groups["attributes"].attributes;
    assert_eq!(attributes.len(), 41);
    for i in 0..40 {
        assert_eq!(attributes[&format!("text {i:02}")].texts().unwrap(), ["ñ".repeat(i)]);
    }
    assert_eq!(attributes["long"].integers().unwrap(), (0..20_000).collect::<Vec<i64>>());
    let value = |name: &str| &root.datasets[name].value;
    assert_eq!(
        value("truths").to_tensor().unwrap().as_slice::<bool>().unwrap(),
        [true, false, true]
    );
    assert_eq!(value("texts").texts().unwrap(), ["uno", "", "ñandú"]);
    assert_eq!(value("packed texts").texts().unwrap(), ["dos", "tres"]);
}

/// In a file of the newer form, every byte of a structure, and with a checksum every byte of
/// numbers, is guarded.
#[test]
fn a_changed_byte_is_never_read_as_if_it_were_right() {
    for name in
        ["latest", "fixed_array_filters", "tree_2_filters", "extensible_array", "all_filters"]
    {
        let whole = file(name);
        let right = hdf5::read(&whole).unwrap();
        let (mut refused, mut other) = (0, 0);
        for at in (0..whole.len()).step_by(3) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            match hdf5::read(&bytes) {
                Err(error) => {
                    assert_eq!(error.code(), Code::E034, "{name}, byte {at}: {error}");
                    refused += 1;
                }
                // Free space, times and statistics; texts, names in the older form and plain
                // numbers have no checksum.
                Ok(root) => other += usize::from(root != right),
            }
        }
        assert!(refused > 130, "{name}: {refused} refused");
        let unguarded = match name {
            "latest" => 96 * 4 + 8 * 4 + 100,
            "extensible_array" => 96 * 4 + 8 * 4 + 100,
            "all_filters" => 700,
            _ => 100,
        };
        assert!(other <= unguarded, "{name}: {other} changes were not seen");
    }
}
