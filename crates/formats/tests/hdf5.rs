//! HDF5: files by Keras and h5py are read; what we write is read back; anything outside the subset
//! is refused by name.

use neurona_core::error::Code;
use neurona_core::message::Lang;
use neurona_core::tensor::{Shape, Tensor};
use neurona_formats::Number;
use neurona_formats::hdf5::{self, Dataset, Group, Value};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/hdf5")
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn floats(group: &Group<'_>, path: &str) -> Vec<f64> {
    let dataset = group.dataset(path).unwrap_or_else(|| panic!("no {path}"));
    dataset.value.to_tensor().unwrap().to_f64()
}

fn eighths(from: i32, count: i32) -> Vec<f64> {
    (from..from + count).map(|i| f64::from(i) / 8.0).collect()
}

#[test]
fn weights_that_keras_wrote_are_read() {
    let bytes = file("keras.weights.h5");
    let root = hdf5::read(&bytes).unwrap();
    assert_eq!(floats(&root, "layers/dense/vars/0"), eighths(0, 12));
    assert_eq!(floats(&root, "/layers/dense/vars/1"), eighths(12, 3));
    assert_eq!(floats(&root, "layers/batch_normalization/vars/3"), eighths(24, 3));
    assert_eq!(floats(&root, "layers/dense_1/vars/1"), eighths(33, 2));
    let name = &root.group("layers/dense/vars").unwrap().attributes["name"];
    assert_eq!(name.texts().unwrap(), ["first"]);
    assert_eq!(root.dataset("layers/dense/vars/0").unwrap().value.shape().dims(), [4, 3]);
    let iteration = &root.dataset("optimizer/vars/0").unwrap().value;
    assert_eq!(iteration.integers().unwrap(), [0]);
    assert!(root.group("layers/input_layer/vars").unwrap().datasets.is_empty());
}

#[test]
fn a_whole_model_of_the_old_form_is_read() {
    let bytes = file("keras.h5");
    let root = hdf5::read(&bytes).unwrap();
    assert_eq!(root.attributes["keras_version"].texts().unwrap(), ["3.15.1"]);
    let config = root.attributes["model_config"].texts().unwrap();
    assert!(config[0].starts_with("{\"class_name\": \"Functional\""), "{}", config[0]);
    let weights = root.group("model_weights").unwrap();
    let layers = weights.attributes["layer_names"].texts().unwrap();
    assert_eq!(layers, ["input_layer", "first", "batch_normalization", "last"]);
    let first = weights.group("first").unwrap();
    let names = first.attributes["weight_names"].texts().unwrap();
    assert_eq!(names, ["first/kernel", "first/bias"]);
    assert_eq!(floats(first, &names[0]), eighths(0, 12));
    // A layer without weights has an empty list, which NumPy takes as a list of numbers.
    let none = &weights.group("input_layer").unwrap().attributes["weight_names"];
    assert!(none.texts().unwrap().is_empty());
}

#[test]
fn bfloat16_is_told_by_its_attribute() {
    let bytes = file("bfloat16.weights.h5");
    let root = hdf5::read(&bytes).unwrap();
    // The variables of the policy "bfloat16".
    let kernel = root.dataset("layers/dense/vars/0").unwrap();
    assert_eq!(kernel.value.number(), Some(Number::Bf16));
    let tensor = kernel.value.to_tensor().unwrap();
    assert_eq!(tensor.as_slice::<f32>().unwrap(), [1.0, -2.0, 0.5, 3.0]);
}

#[test]
fn every_type_of_the_subset_is_read() {
    let bytes = file("types.h5");
    let root = hdf5::read(&bytes).unwrap();
    let names = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"];
    for name in names {
        let value = &root.dataset(&format!("numbers/{name}")).unwrap().value;
        let tensor = value.to_tensor().unwrap();
        assert_eq!(tensor.shape().dims(), [2, 3], "{name}");
        assert_eq!(tensor.to_f64(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "{name}");
        assert_eq!(value.integers().is_ok(), !name.starts_with('f'), "{name}");
    }
    let value = |name: &str| &root.datasets[name].value;
    let truths = value("bool").to_tensor().unwrap();
    assert_eq!(truths.as_slice::<bool>().unwrap(), [true, false, true]);
    assert_eq!(
        (value("scalar").integers().unwrap(), value("scalar").shape().rank()),
        (vec![-7], 0)
    );
    assert_eq!(value("nothing").shape().dims(), [0, 3]);
    assert_eq!(value("texts").texts().unwrap(), ["uno", "", "ñandú"]);
    assert_eq!(value("fixed").texts().unwrap(), ["ab", "c", ""]);
    assert_eq!(floats(&root, "compact"), [1.5, -2.5]);
    assert_eq!(root.groups["empty"], Group::default());
    assert_eq!(floats(&root, "ñandú/añil"), [1.0, 2.0]);
    assert_eq!(floats(&root, "ñandú/../x"), [3.0]);

    let attribute = |name: &str| &root.attributes[name];
    assert_eq!(attribute("text").texts().unwrap(), ["hola"]);
    assert_eq!(attribute("long").texts().unwrap(), ["x".repeat(70_000)]);
    assert_eq!(attribute("list").texts().unwrap(), ["a", "bc", "ñ"]);
    assert_eq!(attribute("fixed").texts().unwrap(), ["kernel:0", "bias:0"]);
    assert_eq!(attribute("bytes").texts().unwrap(), ["2.9.0"]);
    assert_eq!(attribute("number").to_tensor().unwrap().to_f64(), [2.5]);
    assert_eq!(attribute("flag").integers().unwrap(), [1]);
    assert_eq!(attribute("none").shape().dims(), [0]);
    assert_eq!(attribute("no_names").texts().unwrap(), [""; 0]);
    assert_eq!(attribute("á").integers().unwrap(), [0, 1, 2]);
    assert_eq!(root.attributes.len(), 10);
    let error = value("texts").to_tensor().unwrap_err().to_string();
    assert!(error.contains("strings, not numbers"), "{error}");
    assert!(value("scalar").texts().unwrap_err().to_string().contains("int64, not strings"));
}

#[test]
fn names_over_many_nodes_of_a_tree_are_read() {
    let bytes = file("many.h5");
    let root = hdf5::read(&bytes).unwrap();
    assert_eq!(root.datasets.len(), 270);
    for (i, (name, dataset)) in root.datasets.iter().enumerate() {
        assert_eq!(*name, format!("d{i:03}"));
        assert_eq!(dataset.value.integers().unwrap(), [i as i64 % 100]);
    }
}

/// A value with a type and a shape, and with elements made from a seed.
fn value(choice: usize, dims: &[usize], seed: u64) -> Value<'static> {
    let shape = Shape::new(dims).unwrap();
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    match Number::ALL.get(choice) {
        Some(&number) => {
            let bytes: Vec<u8> = (0..shape.elems() * number.size()).map(|_| next()).collect();
            Value::raw(number, shape, bytes).unwrap()
        }
        None if choice == Number::ALL.len() => Value::text(format!("uno {seed} ñ\0")),
        None => Value::list(dims.iter().map(|dim| "é".repeat(*dim).into()).collect()),
    }
}

fn any_value() -> impl Strategy<Value = Value<'static>> {
    let dims = proptest::collection::vec(0usize..4, 0..=5);
    (0..Number::ALL.len() + 2, dims, any::<u64>())
        .prop_map(|(choice, dims, seed)| value(choice, &dims, seed))
}

fn any_group() -> impl Strategy<Value = Group<'static>> {
    let attributes = || proptest::collection::btree_map("@[a-zñ_:0]{1,9}", any_value(), 0..3);
    // Groups in upper case, so that none has the name of a dataset.
    let datasets = proptest::collection::btree_map(
        "[a-zñ0-9]{1,9}|[.][.]",
        (attributes(), any_value()),
        0..12,
    );
    let leaf = (attributes(), datasets).prop_map(|(attributes, datasets)| {
        let dataset = |(mut attributes, value): (hdf5::Attributes<'static>, Value<'static>)| {
            let mut dataset = Dataset::new(value);
            dataset.attributes.append(&mut attributes);
            dataset
        };
        let datasets = datasets.into_iter().map(|(name, parts)| (name, dataset(parts))).collect();
        Group { attributes, datasets, ..Group::default() }
    });
    leaf.prop_recursive(3, 12, 4, |inner| {
        let groups = proptest::collection::btree_map("[A-Z]{1,9}", inner.clone(), 0..4);
        (inner, groups).prop_map(|(group, groups)| Group { groups, ..group })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_written_is_read_back(group in any_group()) {
        let bytes = hdf5::write(&group).unwrap();
        prop_assert_eq!(&hdf5::read(&bytes).unwrap(), &group);
        prop_assert_eq!(hdf5::write(&group).unwrap(), bytes);
    }

    #[test]
    fn every_array_is_read_back(value in any_value()) {
        let mut group = Group::default();
        group.datasets.insert("x".to_owned(), Dataset::new(value));
        let bytes = hdf5::write(&group).unwrap();
        prop_assert_eq!(&hdf5::read(&bytes).unwrap(), &group);
    }
}

#[test]
fn thousands_of_members_and_long_texts_are_written() {
    let mut root = Group::default();
    for i in 0..9_000u64 {
        root.groups.insert(format!("g{i}"), Group::default());
        let number = Value::raw(Number::U64, Shape::SCALAR, i.to_le_bytes().to_vec()).unwrap();
        root.datasets.insert(format!("d{i}"), Dataset::new(number));
    }
    root.attributes.insert("config".to_owned(), Value::text("ñ".repeat(100_000)));
    let many = (0..70_000).map(|i| format!("text {i}").into()).collect();
    root.datasets.insert("texts".to_owned(), Dataset::new(Value::list(many)));
    let bytes = hdf5::write(&root).unwrap();
    assert_eq!(hdf5::read(&bytes).unwrap(), root);
}

#[test]
fn what_cannot_be_written_is_an_error_with_its_place() {
    let said = |group: &Group<'_>| {
        let error = hdf5::write(group).unwrap_err();
        assert_eq!(error.code(), Code::E016);
        error.to_string()
    };
    for name in ["", ".", "a/b", "a\0"] {
        let mut group = Group::default();
        group.make_group("x").groups.insert(name.to_owned(), Group::default());
        assert!(said(&group).contains(&format!("/x/{name}")), "{name:?}");
    }
    let mut group = Group::default();
    group.groups.insert("same".to_owned(), Group::default());
    group.datasets.insert("same".to_owned(), Dataset::new(Value::text("x")));
    assert!(said(&group).contains("/same: a name cannot"));

    let mut group = Group::default();
    let list = (0..5_000).map(|_| "x".into()).collect();
    group.make_group("a").attributes.insert("list".to_owned(), Value::list(list));
    assert!(said(&group).contains("/a@list: it takes 80,"), "{}", said(&group));

    let mut group = Group::default();
    group.make_group(&"a/".repeat(32));
    assert!(said(&group).contains("more than 32 deep"));
    let mut group = Group::default();
    group.make_group(&"a/".repeat(31));
    assert!(hdf5::read(&hdf5::write(&group).unwrap()).is_ok());
    let tensor = Tensor::new(Shape::new(&[2]).unwrap(), vec![1i32, 2]).unwrap();
    assert!(Value::numbers(&tensor).texts().is_err());
    assert!(Value::raw(Number::F32, Shape::SCALAR, vec![0; 3]).is_err());
}

/// A file with one dataset `x` of 6 bytes, and where its dimensions lie.
fn with_dimensions() -> (Vec<u8>, usize) {
    let shape = Shape::new(&[1, 2, 3]).unwrap();
    let mut group = Group::default();
    let tensor = Tensor::new(shape, vec![7u8; 6]).unwrap();
    group.datasets.insert("x".to_owned(), Dataset::new(Value::numbers(&tensor)));
    let bytes = hdf5::write(&group).unwrap();
    let dims = [1u64, 2, 3].map(u64::to_le_bytes);
    let at = bytes.windows(24).position(|window| window == dims.as_flattened()).unwrap();
    (bytes, at)
}

#[test]
fn dimensions_that_lie_are_refused_before_memory_is_asked_for() {
    let (whole, at) = with_dimensions();
    let cases = [
        // Its product is 4 in 64 bits.
        ([4_194_305, 4_194_305, 211_106_198_978_564], "/x: its shape is [4194305, 4194305"),
        ([u64::MAX, u64::MAX, 0], "/x: its shape is"),
        ([u64::MAX, 1, 1], "/x: its shape is"),
        ([1 << 20, 1 << 20, 1], "/x: it declares 1,099,511,627,776 bytes of numbers, but stores 6"),
        ([1, 2, 4], "/x: it declares 8 bytes of numbers, but stores 6"),
    ];
    for (dims, part) in cases {
        let mut bytes = whole.clone();
        bytes[at..at + 24].copy_from_slice(dims.map(u64::to_le_bytes).as_flattened());
        let said = refused(&bytes, part);
        assert!(said.contains(part), "{said}");
    }
    // Nine dimensions.
    let mut bytes = whole.clone();
    bytes[at - 7] = 9;
    assert!(hdf5::read(&bytes).is_err());
}

/// Reads a file that must be refused, and returns the message.
fn refused(bytes: &[u8], name: &str) -> String {
    let error = hdf5::read(bytes).map(|_| ()).expect_err(name);
    assert_eq!(error.code(), Code::E034, "{name}: {error}");
    assert!(error.in_lang(Lang::Es) != error.in_lang(Lang::En), "{name}");
    error.to_string()
}

#[test]
fn what_is_outside_of_the_subset_is_refused_by_name_and_place() {
    let cases = [
        ("array_type", "/layers/1: it uses elements of class array"),
        ("bomb", "/layers/0: its chunks expand to 75,497,472 bytes from a file of"),
        ("chunks_missing", "/layers/0: it needs 4 chunks, but 1 of them were ever written"),
        ("compound", "/layers/0: it uses elements of class compound"),
        ("cycle", "belong to another object too"),
        ("cycle_to_the_root", "/a/root: the bytes at 96 belong to another object too"),
        ("deep", "groups are nested more than 32 deep"),
        ("external_link", "/layers/b: it uses an external link"),
        ("external_storage", "/layers/0: it uses external storage"),
        ("left_open", "the program that wrote it did not close it"),
        ("named_type", "/layers/0: it uses a named datatype"),
        ("never_written", "/layers/0: it declares 34,359,738,368 bytes of numbers, but stores 0"),
        ("opaque", "/layers/0: it uses elements of class opaque"),
        ("other_filter", "/layers/0: it uses the filter scaleoffset (number 6)"),
        ("references", "/layers/0: it uses elements of class reference"),
        ("second_link", "/b: the bytes at"),
        ("sequences", "/layers/0: it uses elements of class variable-length"),
        ("shared_type", "/a: it uses a message shared"),
        ("soft_link", "/layers/b: it uses a soft link"),
        ("virtual_dataset", "/layers/0: it uses a virtual dataset"),
    ];
    for (name, part) in cases {
        let said = refused(&file(&format!("refused/{name}.h5")), name);
        assert!(said.contains(part), "{name}: {said}");
    }
    let all = std::fs::read_dir(folder().join("refused")).unwrap().count();
    assert_eq!(all, cases.len());
}
