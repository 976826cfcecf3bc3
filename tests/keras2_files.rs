//! Files from Keras 2 and other files that people have: `.keras` of Keras 2, weights alone in an
//! `.h5`, archives that a file manager made, names with slashes, models of the first Keras 2.

use ndarray::ArrayD;
use neurona::prelude::*;
use neurona::tensor::{Shape, Tensor};
use neurona_formats::hdf5::{self, Dataset, Group};
use neurona_formats::zip::{self, Archive};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/keras2")
}

/// Models of Keras 2.15 in files of their own, with the results of Keras 2.15.
const MODELS: [&str; 12] = [
    "centered",
    "classes",
    "cosine",
    "functional",
    "mlp",
    "momentum",
    "nadam",
    "named",
    "pictures",
    "settings",
    "slashes",
    "steps",
];

/// The models in the older format.
const IN_HDF5: [&str; 3] = ["centered", "named", "slashes"];

fn load(name: &str) -> Model {
    let ending = if IN_HDF5.contains(&name) { "h5" } else { "keras" };
    let path = folder().join(format!("{name}.{ending}"));
    Model::load(path).unwrap_or_else(|error| panic!("{error}"))
}

fn record(name: &str) -> Value {
    let text = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn tensors(json: &Value) -> Vec<Tensor<'static>> {
    let tensor = |json: &Value| {
        let dims = json["shape"].as_array().unwrap().iter();
        let dims: Vec<usize> = dims.map(|dim| dim.as_u64().unwrap() as usize).collect();
        let numbers = json["data"].as_array().unwrap().iter();
        if json["dtype"] == "int32" {
            let numbers: Vec<i32> = numbers.map(|x| x.as_i64().unwrap() as i32).collect();
            return Tensor::new(Shape::new(&dims).unwrap(), numbers).unwrap();
        }
        let numbers: Vec<f32> = numbers.map(|x| x.as_f64().unwrap() as f32).collect();
        Tensor::new(Shape::new(&dims).unwrap(), numbers).unwrap()
    };
    json.as_array().unwrap().iter().map(tensor).collect()
}

fn check_predictions(name: &str, model: &mut Model) -> Vec<ArrayD<f32>> {
    let record = record(name);
    let found = model.predict_all(tensors(&record["inputs"])).unwrap();
    let wanted = tensors(&record["outputs"]);
    assert_eq!(found.len(), wanted.len(), "{name}");
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found.shape(), wanted.shape().dims(), "{name}");
        for (found, wanted) in found.iter().zip(wanted.to_f64()) {
            let off = (f64::from(*found) - wanted).abs();
            assert!(off <= 1e-5 * (1.0 + wanted.abs()), "{name}: {found}, not {wanted}");
        }
    }
    found
}

fn codes(model: &Model) -> Vec<&'static str> {
    model.notes().iter().map(|note| note.code).collect()
}

#[test]
fn files_of_keras_2_predict_and_train_on_as_in_keras_2() {
    for name in MODELS {
        let mut model = load(name);
        let predictions = check_predictions(name, &mut model);
        let again = Model::from_bytes(&model.to_keras().unwrap()).unwrap();
        let record = record(name);
        assert_eq!(again.predict_all(tensors(&record["inputs"])).unwrap(), predictions, "{name}");
        // Optimizers from before 2.11 leave no trace in a .keras file.
        if name == "momentum" {
            assert_eq!(codes(&model), ["W039"], "{name}");
            continue;
        }
        assert!(codes(&model).is_empty(), "{name}: {:?}", model.notes());
        let options = Fit::epochs(3).batch_size(8).shuffle(false).verbose(Verbose::Silent);
        let (x, y) = (tensors(&record["inputs"]), tensors(&record["targets"]));
        let history = model.fit(x, y, options).unwrap_or_else(|error| panic!("{name}: {error}"));
        for (metric, wanted) in record["logs"].as_object().unwrap() {
            // Keras 2 names metrics after their outputs in an order of its own; only the losses are
            // compared, except in the models that are here for their metrics' names.
            if !metric.ends_with("loss") && !["named", "classes"].contains(&name) {
                continue;
            }
            for (found, wanted) in history[metric.as_str()].iter().zip(wanted.as_array().unwrap()) {
                let wanted = wanted.as_f64().unwrap();
                let off = (found - wanted).abs();
                assert!(off <= 1e-3 * wanted.abs(), "{name}: {metric} {found}, not {wanted}");
            }
        }
    }
}

/// The same model with all weights zero.
fn emptied(name: &str) -> Model {
    let mut model = load(name);
    let zeros = model.weights().unwrap();
    let zeros = zeros.iter().map(|(_, values)| ArrayD::<f32>::zeros(values.shape()));
    model.set_weights(zeros.collect::<Vec<_>>().iter()).unwrap();
    model
}

#[test]
fn weights_alone_in_an_older_file_are_loaded() {
    for name in MODELS {
        let weights = folder().join(format!("{name}.weights.old.h5"));
        let mut model = emptied(name);
        model.load_weights(&weights).unwrap_or_else(|error| panic!("{error}"));
        check_predictions(name, &mut model);
        let mut model = emptied(name);
        let taken = model.load_weights_by_name(&weights, false).unwrap();
        assert!(taken.len() >= 2, "{name}: {taken:?}");
        check_predictions(name, &mut model);
    }
    // A whole model has them, too.
    let mut model = emptied("slashes");
    model.load_weights(folder().join("slashes.h5")).unwrap();
    check_predictions("slashes", &mut model);
}

fn mlp(names: [&str; 2], units: usize) -> Model {
    Sequential::new([6])
        .add(Dense::new(units).activation(Tanh).named(names[0]))
        .add(Dense::new(2).named(names[1]))
        .into()
}

#[test]
fn older_weights_go_by_order_where_names_differ_and_by_name_in_part() {
    let weights = folder().join("mlp.weights.old.h5");
    // Other names: in their order.
    let mut model = mlp(["first", "last"], 5);
    model.load_weights(&weights).unwrap();
    check_predictions("mlp", &mut model);
    let error = mlp(["first", "last"], 5).load_weights_by_name(&weights, true).unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("no layer with weights has the same name") && said.contains("dense, "),
        "{said}"
    );
    // One name that is the same, in a model with a different end.
    let mut model = mlp(["dense", "last"], 5);
    let before = model.weights().unwrap();
    assert_eq!(model.load_weights_by_name(&weights, false).unwrap(), ["dense"]);
    let after = model.weights().unwrap();
    assert_ne!(after[0].1, before[0].1);
    assert_eq!(after[2..], before[2..]);
    // Another shape: an error that changes nothing, or left out.
    let mut model = mlp(["dense", "dense_1"], 4);
    let before = model.weights().unwrap();
    let said = model.load_weights_by_name(&weights, false).unwrap_err().to_string();
    assert!(said.contains("dense") && said.contains("load_weights_by_name(file, true)"), "{said}");
    assert!(model.load_weights(&weights).is_err());
    assert_eq!(model.weights().unwrap(), before);
    assert_eq!(model.load_weights_by_name(&weights, true).unwrap(), [""; 0]);
    assert_eq!(model.weights().unwrap(), before);
    // Another number of layers.
    let mut model: Model = Sequential::new([6]).add(Dense::new(2).named("only")).into();
    let said = model.load_weights(&weights).unwrap_err().to_string();
    assert!(said.contains("the model has 1 layers with weights, but the file has 2"), "{said}");
    // Loaded as a model, such a file says what to do.
    let said = Model::load(&weights).unwrap_err().to_string();
    assert!(said.contains("call model.load_weights(file)"), "{said}");
}

#[test]
fn a_layer_that_has_no_weights_here_takes_none_by_name() {
    let list = |names: &[&'static str]| {
        hdf5::Value::list(names.iter().map(|name| std::borrow::Cow::Borrowed(*name)).collect())
    };
    let mut root = Group::default();
    root.attributes.insert("layer_names".to_owned(), list(&["normalization", "dense"]));
    // Here, the values that an adapted normalization keeps are among its settings.
    for (layer, names, size) in [
        ("normalization", ["normalization/mean:0", "normalization/variance:0"], [3, 3]),
        ("dense", ["dense/kernel:0", "dense/bias:0"], [3, 1]),
    ] {
        let group = root.make_group(layer);
        group.attributes.insert("weight_names".to_owned(), list(&names));
        for (name, size) in names.into_iter().zip(size) {
            let dims: &[usize] = if name.contains("kernel") { &[3, 1] } else { &[size] };
            let shape = Shape::new(dims).unwrap();
            let tensor = Tensor::new(shape, vec![0.5f32; shape.elems()]).unwrap();
            let (inner, name) = name.split_once('/').unwrap();
            let dataset = Dataset::new(hdf5::Value::numbers(&tensor));
            group.make_group(inner).datasets.insert(name.to_owned(), dataset);
        }
    }
    let path = std::env::temp_dir().join(format!("neurona-by-name-{}.h5", std::process::id()));
    fs::write(&path, hdf5::write(&root).unwrap()).unwrap();
    let normalization = Normalization::new([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]);
    let mut model = Sequential::new([3])
        .add(normalization.named("normalization"))
        .add(Dense::new(1).named("dense"));
    let taken = model.load_weights_by_name(&path, false);
    fs::remove_file(&path).unwrap();
    assert_eq!(taken.unwrap(), ["dense"]);
    let rows = ndarray::array![[1.0f32, 2.0, 5.0]];
    // A kernel and a bias of 0.5, applied to the row minus the mean: (0, 0, 2).
    assert_eq!(model.predict(&rows).unwrap().into_iter().collect::<Vec<_>>(), [1.5]);
}

#[test]
fn names_with_slashes_are_written_so_that_keras_opens_them_and_come_back() {
    let path = std::env::temp_dir().join(format!("slashes-{}.keras", std::process::id()));
    let mut model = load("slashes");
    let predictions = check_predictions("slashes", &mut model);
    model.save(&path).unwrap();
    let notes = model.left_out();
    assert_eq!(notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["W043"]);
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(path).unwrap();
    let archive = Archive::open(&bytes, zip::TOTAL, |_| true).unwrap();
    let config = String::from_utf8(archive.read("config.json").unwrap().into_owned()).unwrap();
    for name in ["in_x", "enc_out", "enc_out_last", "with_slashes"] {
        assert!(config.contains(&format!("\"{name}\"")), "{name}: {config}");
    }
    for name in ["in/x", "enc/out", "with/slashes"] {
        assert!(!config.contains(name), "{name}");
    }
    let mut again = Model::from_bytes(&bytes).unwrap();
    assert_eq!(check_predictions("slashes", &mut again), predictions);
    let names: Vec<String> = again.weights().unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names[2..4], ["enc/out/kernel", "enc/out/bias"]);
    assert_eq!(again.to_keras().unwrap(), bytes);
    // A name that stands for another may be taken; nested models have names of their own.
    let inner =
        Sequential::new([2]).add(Dense::new(2).named("a/b")).add(Dense::new(2).named("a_b"));
    let x = Input::named("x/y", [2]);
    let y = Dense::new(1).named("a/b").on(&inner.as_layer().unwrap().named("in/side").on(&x));
    let model = Model::new([&x], [&y]).unwrap();
    let weights = model.weights().unwrap();
    let bytes = model.to_keras().unwrap();
    let archive = Archive::open(&bytes, zip::TOTAL, |_| true).unwrap();
    let config = String::from_utf8(archive.read("config.json").unwrap().into_owned()).unwrap();
    assert!(
        config.contains("\"a_b_1\"") && config.contains("\"in_side\"") && !config.contains("a/b")
    );
    assert_eq!(Model::from_bytes(&bytes).unwrap().weights().unwrap(), weights);
    if let Some(folder) = std::env::var_os("NEURONA_KERAS_FILES").map(PathBuf::from) {
        fs::write(folder.join("own_slashes.keras"), bytes).unwrap();
    }
}

#[test]
fn layers_whose_names_begin_with_anothers_keep_their_own_weights() {
    let model: Model = Sequential::new([3])
        .add(Dense::new(4).named("enc/out"))
        .add(Dense::new(2).named("enc"))
        .into();
    let weights = model.weights().unwrap();
    let again = Model::from_bytes(&model.to_keras().unwrap()).unwrap();
    assert_eq!(again.weights().unwrap(), weights);
    let rows = model.summary().unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.parameters).collect::<Vec<_>>(), [Some(16), Some(10)]);
}

fn member(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    (name.to_owned(), bytes.to_vec())
}

/// The members of a Keras file, in a folder, with others.
fn zipped(within: &str, others: &[&str]) -> Vec<u8> {
    let bytes = fs::read(folder().join("mlp.keras")).unwrap();
    let archive = Archive::open(&bytes, zip::TOTAL, |_| true).unwrap();
    let own = archive
        .names()
        .map(|name| member(&format!("{within}{name}"), &archive.read(name).unwrap()));
    let others =
        others.iter().map(|name| member(name, if name.ends_with('/') { b"" } else { b"Mac OS X" }));
    let members: Vec<(String, Vec<u8>)> = own.chain(others).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    zip::write(&members).unwrap()
}

#[test]
fn what_file_managers_add_to_an_archive_is_left_alone() {
    for name in ["mac", "ds_store"] {
        let path = folder().join(format!("zipped/{name}.keras"));
        assert!(Model::load(path).is_ok(), "{name}");
    }
    let systems = [
        "__MACOSX/",
        "__MACOSX/._config.json",
        ".DS_Store",
        "._config.json",
        "Thumbs.db",
        "desktop.ini",
        ".AppleDouble/config.json",
        ".directory",
        ".fseventsd/0001",
        ".nfs00000000012",
        ".Spotlight-V100/store",
        ".Trashes/501/config.json",
        "@eaDir/config.json@SynoEAStream",
        "$RECYCLE.BIN/desktop.ini",
        "Icon\r",
        "System Volume Information/WPSettings.dat",
    ];
    let mut model = Model::from_bytes(&zipped("", &systems)).unwrap();
    check_predictions("mlp", &mut model);
    // The folder zipped, not its contents.
    let systems = ["model/", "model/.DS_Store", "__MACOSX/model/._config.json"];
    let mut model = Model::from_bytes(&zipped("model/", &systems)).unwrap();
    check_predictions("mlp", &mut model);
}

#[test]
fn other_members_of_an_archive_are_refused_with_the_way_out() {
    let path = folder().join("zipped/readme.keras");
    let said = Model::load(path).unwrap_err().to_string();
    assert!(
        said.contains("README.txt") && said.contains("zip -d copy.zip \"README.txt\""),
        "{said}"
    );
    for (within, other) in [
        ("", "model/config.json"),
        ("model/", "other/config.json"),
        ("model/", "notes.txt"),
        ("", "run.py"),
    ] {
        let error = Model::from_bytes(&zipped(within, &[other])).unwrap_err();
        assert!(error.to_string().contains(&format!("zip -d copy.zip \"{other}\"")), "{error}");
        assert!(error.in_lang(neurona::message::Lang::Es).contains("quite ese miembro"), "{error}");
    }
    // Two folders deep is a different matter.
    assert!(Model::from_bytes(&zipped("a/b/", &[])).is_err());
}

/// A model as Keras 2.0 wrote it: a list of layers, the settings of the time, an optimizer whose
/// counter is a float.
fn keras_2_0() -> Vec<u8> {
    let dense = |name: &str, first: &str, units: usize| {
        format!(
            r#"{{"class_name": "Dense", "config": {{"name": "{name}", "trainable": true, {first} "units": {units},
            "activation": "linear", "use_bias": true, "kernel_initializer": {{"class_name": "VarianceScaling", "config":
            {{"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null}}}}, "bias_initializer":
            {{"class_name": "Zeros", "config": {{}}}}, "kernel_regularizer": null, "bias_regularizer": null,
            "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null}}}}"#
        )
    };
    let first = r#""batch_input_shape": [null, 2], "dtype": "float32","#;
    let inner =
        format!(r#"{{"class_name": "Sequential", "config": [{}]}}"#, dense("dense_2", "", 1));
    let config = format!(
        r#"{{"class_name": "Sequential", "config": [{}, {inner}]}}"#,
        dense("dense_1", first, 2)
    );
    let training = r#"{"optimizer_config": {"class_name": "Adam", "config": {"lr": 0.01, "beta_1": 0.9, "beta_2": 0.999,
        "decay": 0.0, "epsilon": null}}, "loss": "mean_squared_error", "metrics": ["mean_absolute_error"],
        "sample_weight_mode": null, "loss_weights": null}"#;
    let numbers = |dims: &[usize], values: &[f32]| {
        let tensor = Tensor::new(Shape::new(dims).unwrap(), values.to_vec()).unwrap();
        Dataset::new(hdf5::Value::numbers(&tensor))
    };
    let list = |names: &[&str]| {
        hdf5::Value::list(names.iter().map(|name| (*name).to_owned().into()).collect())
    };
    let mut root = Group::default();
    root.attributes.insert("keras_version".to_owned(), hdf5::Value::text("2.0.8"));
    root.attributes.insert("model_config".to_owned(), hdf5::Value::text(config));
    root.attributes.insert("training_config".to_owned(), hdf5::Value::text(training));
    let weights = root.make_group("model_weights");
    // Too many names for one attribute are in several.
    weights.attributes.insert("layer_names0".to_owned(), list(&["dense_1"]));
    weights.attributes.insert("layer_names1".to_owned(), list(&["sequential_1"]));
    let mut layer =
        |group: &str, names: [&str; 2], kernel: Dataset<'static>, bias: Dataset<'static>| {
            let group = weights.make_group(group);
            group.attributes.insert("weight_names".to_owned(), list(&names));
            for (name, dataset) in names.into_iter().zip([kernel, bias]) {
                let (inside, name) = name.split_once('/').unwrap();
                group.make_group(inside).datasets.insert(name.to_owned(), dataset);
            }
        };
    let kernel = numbers(&[2, 2], &[1.0, 2.0, 3.0, 4.0]);
    layer("dense_1", ["dense_1/kernel:0", "dense_1/bias:0"], kernel, numbers(&[2], &[0.5, -0.5]));
    let kernel = numbers(&[2, 1], &[1.0, -1.0]);
    layer("sequential_1", ["dense_2/kernel:0", "dense_2/bias:0"], kernel, numbers(&[1], &[0.25]));
    let optimizer = root.make_group("optimizer_weights");
    let names = ["training/Adam/iterations:0", "training/Adam/Variable:0"];
    optimizer.attributes.insert("weight_names".to_owned(), list(&names));
    let inside = optimizer.make_group("training/Adam");
    inside.datasets.insert("iterations:0".to_owned(), numbers(&[], &[12.0]));
    inside.datasets.insert("Variable:0".to_owned(), numbers(&[2, 2], &[0.0; 4]));
    hdf5::write(&root).unwrap()
}

#[test]
fn a_list_of_layers_and_an_optimizer_of_the_first_keras_2_are_read() {
    let mut model = Model::from_bytes(&keras_2_0()).unwrap_or_else(|error| panic!("{error}"));
    let x = Tensor::new(Shape::new(&[1, 2]).unwrap(), vec![1.0f32, 2.0]).unwrap();
    // (1·1 + 2·3 + 0.5) - (1·2 + 2·4 - 0.5) + 0.25
    let y = model.predict(x.clone()).unwrap();
    assert_eq!(y.iter().copied().collect::<Vec<f32>>(), [-1.75]);
    assert_eq!(codes(&model), ["W039"]);
    let target = Tensor::new(Shape::new(&[1, 1]).unwrap(), vec![0.0f32]).unwrap();
    let history = model.fit(x, target, Fit::epochs(2).verbose(Verbose::Silent)).unwrap();
    assert_eq!(history["loss"][0], 1.75 * 1.75);
    assert!(history["loss"][1] < history["loss"][0]);
}

#[test]
fn an_older_model_is_read_behind_a_block_of_the_users() {
    let mut bytes = vec![b'#'; 512];
    bytes.extend(fs::read(folder().join("slashes.h5")).unwrap());
    // If the file was written to begin there, its end is counted from the front; if the block was
    // put in front later, from the block on.
    let mut model = Model::from_bytes(&bytes).unwrap();
    check_predictions("slashes", &mut model);
}
