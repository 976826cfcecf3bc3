//! Everything read from a file is checked before anything is set, and no number becomes infinite
//! unreported.

use ndarray::{Array1, Array2, ArrayD, array};
use neurona::data::{idx, npy, npz, safetensors};
use neurona::message::Lang;
use neurona::prelude::*;
use neurona::tensor::{Shape, Tensor, ToTensor};
use neurona::{Code, Error};
use neurona_formats::Number;
use neurona_formats::hdf5::{self, Dataset, Group, Value};
use neurona_formats::zip::{self, Archive};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of its own for a test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("reading-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn data() -> (Array2<f32>, Array1<f32>) {
    let x = Array2::from_shape_fn((12, 3), |(i, j)| ((i * 5 + j * 3) % 7) as f32 / 7.0);
    let y = x.rows().into_iter().map(|row| row.sum()).collect();
    (x, y)
}

/// A model that has trained for some epochs, at a learning rate that a callback set.
fn trained(seed: u64, epochs: usize, rate: f64) -> Model {
    let mut model =
        Sequential::new([3]).seed(seed).add(Dense::new(4).activation(Tanh)).add(Dense::new(1));
    model.compile(Adam::new(0.01), MeanSquaredError, []).unwrap();
    let (x, y) = data();
    let set = LearningRateScheduler::new(move |_, _| rate);
    let fit = Fit::epochs(epochs).batch_size(4).verbose(Verbose::Silent).callback(set);
    model.fit(&x, &y, fit).unwrap();
    model.into()
}

const VARS: &str = "optimizer/vars";

/// The member of a `.keras` file that holds the weights and the optimizer's state.
fn weights_of(keras: &[u8]) -> Vec<u8> {
    let archive = Archive::open(keras, zip::TOTAL, |_| true).unwrap();
    archive.read("model.weights.h5").unwrap().into_owned()
}

/// The same `.keras` file with that member replaced.
fn with_weights(keras: &[u8], weights: &[u8]) -> Vec<u8> {
    let archive = Archive::open(keras, zip::TOTAL, |_| true).unwrap();
    let members: Vec<(&str, Vec<u8>)> = archive
        .names()
        .map(|name| match name {
            "model.weights.h5" => (name, weights.to_vec()),
            name => (name, archive.read(name).unwrap().into_owned()),
        })
        .collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, b)| (*name, &b[..])).collect();
    zip::write(&members).unwrap()
}

/// An HDF5 file with one dataset changed or removed, given by its group and its name.
fn changed(bytes: &[u8], group: &str, name: &str, value: Option<Value<'static>>) -> Vec<u8> {
    let mut root = hdf5::read(bytes).unwrap();
    let datasets = &mut root.make_group(group).datasets;
    match value {
        Some(value) => datasets.insert(name.to_owned(), Dataset::new(value)),
        None => datasets.remove(name),
    }
    .unwrap_or_else(|| panic!("no {group}/{name}"));
    hdf5::write(&root).unwrap()
}

fn doubles(shape: Shape, value: f64) -> Value<'static> {
    Value::numbers(&Tensor::new(shape, vec![value; shape.elems()]).unwrap())
}

fn shape_of(bytes: &[u8], place: &str) -> Shape {
    hdf5::read(bytes).unwrap().dataset(place).unwrap().value.shape()
}

#[test]
fn a_state_of_the_optimizer_that_is_damaged_anywhere_changes_nothing() {
    let folder = Folder::new("state");
    let keras = trained(1, 2, 0.005).to_keras().unwrap();
    let whole = weights_of(&keras);
    let root = hdf5::read(&whole).unwrap();
    let count = root.group(VARS).unwrap().datasets.len();
    assert_eq!(count, 2 + 2 * 4);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for number in 0..count {
        let name = number.to_string();
        let shape = shape_of(&whole, &format!("{VARS}/{name}"));
        let longer = Shape::new(&[&[9], shape.dims()].concat()).unwrap();
        let zeros = Value::numbers(&Tensor::new(longer, vec![0f32; longer.elems()]).unwrap());
        for (damage, value) in [
            ("texts", Value::text("none")),
            ("another shape", zeros),
            ("beyond 32 bits", doubles(shape, 1e300)),
        ] {
            files.push((format!("{name}: {damage}"), changed(&whole, VARS, &name, Some(value))));
        }
    }
    let minus = Value::raw(Number::I64, Shape::SCALAR, (-1i64).to_le_bytes().to_vec()).unwrap();
    files.push(("a negative count".to_owned(), changed(&whole, VARS, "0", Some(minus))));
    let nan = doubles(Shape::SCALAR, f64::NAN);
    files.push(("a rate that is not a number".to_owned(), changed(&whole, VARS, "1", Some(nan))));
    // In all of these, the weights, which are read first, are as they should be; in the next file,
    // the last weight is missing.
    files.push(("a weight".to_owned(), changed(&whole, "layers/dense_1/vars", "1", None)));
    let mut model = trained(2, 1, 0.02);
    let before = model.to_keras().unwrap();
    for (name, bytes) in &files {
        for path in [
            folder.write("w.weights.h5", bytes),
            folder.write("m.keras", &with_weights(&keras, bytes)),
        ] {
            let error = model.load_weights(&path).expect_err(name);
            assert!([Code::E034, Code::E023].contains(&error.code()), "{name}: {error}");
            assert!(model.to_keras().unwrap() == before, "{name}: the model has changed");
        }
    }
    // With a memory under another name, the weights become the file's, and the whole optimizer
    // stays as it was.
    let mut root = hdf5::read(&whole).unwrap();
    let datasets = &mut root.make_group(VARS).datasets;
    let last = datasets.remove(&(count - 1).to_string()).unwrap();
    datasets.insert("last".to_owned(), last);
    let path = folder.write("w.weights.h5", &hdf5::write(&root).unwrap());
    model.load_weights(&path).unwrap();
    let (own, now) = (weights_of(&before), weights_of(&model.to_keras().unwrap()));
    let (own, now) = (hdf5::read(&own).unwrap(), hdf5::read(&now).unwrap());
    assert_eq!(now.group(VARS), own.group(VARS));
    assert_eq!(now.group("layers"), root.group("layers"));
    // The undamaged file is taken completely.
    model.load_weights(folder.write("w.weights.h5", &whole)).unwrap();
    assert_eq!(weights_of(&model.to_keras().unwrap()), whole);
}

#[test]
fn a_file_that_is_cut_anywhere_changes_nothing() {
    let folder = Folder::new("cuts");
    let keras = trained(1, 2, 0.005).to_keras().unwrap();
    let weights = weights_of(&keras);
    let mut model = trained(2, 1, 0.02);
    let before = model.to_keras().unwrap();
    for (name, whole, step) in [("w.weights.h5", &weights, 97), ("m.keras", &keras, 211)] {
        let lengths = (0..whole.len()).step_by(step).chain(whole.len() - 3..whole.len());
        for length in lengths {
            let path = folder.write(name, &whole[..length]);
            let error = model.load_weights(&path).expect_err("cut");
            assert_eq!(error.code(), Code::E034, "{name}, {length}: {error}");
            assert!(model.to_keras().unwrap() == before, "{name}, {length}: the model has changed");
        }
    }
}

/// Checks that an error says the number and the limit of 32 bits, in both languages.
fn check_said(what: &str, error: &Error, number: &str) {
    for lang in [Lang::En, Lang::Es] {
        let said = error.in_lang(lang);
        assert!(said.contains(number) && said.contains("32 bits"), "{what}: {said}");
    }
}

#[test]
fn a_double_beyond_32_bits_is_refused_wherever_it_is_read_as_a_weight() {
    let folder = Folder::new("weights");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let model = trained(1, 2, 0.005);
    let keras = model.to_keras().unwrap();
    let (place, name) = ("layers/dense_1/vars", "0");
    let kernel = Shape::new(&[4, 1]).unwrap();
    let large = |bytes: &[u8], group: &str, name: &str, number: f64| {
        let shape = shape_of(bytes, &format!("{group}/{name}"));
        changed(bytes, group, name, Some(doubles(shape, number)))
    };
    // A file that Keras 2 wrote, read as a whole model and for its weights alone.
    let old = fs::read(golden.join("files/optimizer_adam.h5")).unwrap();
    let layers = |root: &Group<'_>| {
        let (layer, group) = root.group("model_weights").unwrap().groups.iter().next().unwrap();
        let listed = group.attributes["weight_names"].texts().unwrap()[0].to_string();
        let (inner, name) = listed.rsplit_once('/').unwrap();
        (format!("model_weights/{layer}/{inner}"), name.to_owned())
    };
    let (old_place, old_name) = layers(&hdf5::read(&old).unwrap());
    for number in [1e300, -3.5e38, f64::MAX] {
        let written = format!("{number:e}");
        let h5 = folder.write("w.weights.h5", &large(&weights_of(&keras), place, name, number));
        let whole = with_weights(&keras, &large(&weights_of(&keras), place, name, number));
        let whole = folder.write("m.keras", &whole);
        let older = folder.write("old.h5", &large(&old, &old_place, &old_name, number));
        let mut tensors: Vec<(String, Tensor<'static>)> = model
            .weights()
            .unwrap()
            .into_iter()
            .map(|(name, array)| {
                let shape = Shape::new(array.shape()).unwrap();
                (name, Tensor::new(shape, array.into_iter().collect::<Vec<f32>>()).unwrap())
            })
            .collect();
        tensors[2].1 = Tensor::new(kernel, vec![number; 4]).unwrap();
        let named = folder.0.join("w.safetensors");
        safetensors::write(&named, &tensors).unwrap();

        let mut own = trained(2, 1, 0.02);
        let before = own.to_keras().unwrap();
        for path in [&h5, &whole, &named] {
            let error = own.load_weights(path).unwrap_err();
            assert_eq!(error.code(), Code::E023, "{}: {error}", path.display());
            check_said(&path.display().to_string(), &error, &written);
        }
        let all = tensors.iter().map(|(_, tensor)| tensor.borrow()).collect::<Vec<_>>();
        let error = own.set_weights(all).unwrap_err();
        check_said("set_weights", &error, &written);
        assert!(own.to_keras().unwrap() == before, "a weight was set");

        for path in [&whole, &older] {
            let error = Model::load(path).map(drop).unwrap_err();
            assert_eq!(error.code(), Code::E023, "{}: {error}", path.display());
            check_said(&path.display().to_string(), &error, &written);
        }
        let mut old_model = Model::load(golden.join("files/optimizer_adam.h5")).unwrap();
        let before = old_model.to_keras().unwrap();
        for error in [
            old_model.load_weights(&older).unwrap_err(),
            old_model.load_weights_by_name(&older, false).unwrap_err(),
            // Only layers with other counts or shapes are skipped.
            old_model.load_weights_by_name(&older, true).unwrap_err(),
        ] {
            assert_eq!(error.code(), Code::E023, "{error}");
            check_said("old.h5", &error, &written);
        }
        assert!(old_model.to_keras().unwrap() == before, "a weight was set");
    }
    // An infinity or a NaN stays as it is, and is noted; a number in range is rounded.
    for (number, codes) in [(f64::INFINITY, &["W023"][..]), (f64::NAN, &["W023"]), (0.1, &[])] {
        let whole = with_weights(&keras, &large(&weights_of(&keras), place, name, number));
        let model = Model::from_bytes(&whole).unwrap();
        let found: Vec<&str> = model.notes().iter().map(|note| note.code).collect();
        assert_eq!(found, codes, "{number}");
        let weight = model.weights().unwrap()[2].1[[0, 0]];
        assert_eq!(weight.to_bits(), (number as f32).to_bits());
    }
}

#[test]
fn data_keep_their_doubles_and_every_use_of_them_refuses_those_beyond_32_bits() {
    let folder = Folder::new("data");
    let (mut x, y) = data();
    x[[7, 2]] = 2.0;
    let wide = x.mapv(|x| if x == 2.0 { -1e39 } else { f64::from(x) });
    let tensor = (&wide).to_tensor().unwrap();
    let all = [("x".to_owned(), tensor.borrow())];
    let path = |name: &str| folder.0.join(name);
    npy::write(path("x.npy"), tensor.borrow()).unwrap();
    npz::write(path("x.npz"), &all).unwrap();
    safetensors::write(path("x.safetensors"), &all).unwrap();
    let mut idx_file = vec![0, 0, 0x0E, 2, 0, 0, 0, 12, 0, 0, 0, 3];
    idx_file.extend(wide.iter().flat_map(|x| x.to_be_bytes()));
    folder.write("x.idx", &idx_file);
    let mut root = Group::default();
    root.datasets.insert("x".to_owned(), Dataset::new(Value::numbers(&tensor)));
    let h5 = hdf5::write(&root).unwrap();
    let from_idx = &idx::read(path("x.idx")).unwrap().into_f64().unwrap();
    let mut model = trained(2, 1, 0.02);
    let before = model.to_keras().unwrap();
    for (reader, read) in [
        ("npy", npy::read(path("x.npy")).unwrap()),
        ("npz", npz::read(path("x.npz")).unwrap().remove(0).1),
        ("safetensors", safetensors::read(path("x.safetensors")).unwrap().remove(0).1),
        ("idx", from_idx.to_tensor().unwrap()),
        ("hdf5", hdf5::read(&h5).unwrap().datasets["x"].value.to_tensor().unwrap()),
    ] {
        assert_eq!(read, tensor, "{reader}");
        let targets: Tensor<'_> = read.slice_rows(0, 12);
        let quiet = || Fit::epochs(1).verbose(Verbose::Silent);
        let weights = Tensor::new(Shape::new(&[12]).unwrap(), vec![1e39f64; 12]).unwrap();
        for (what, error) in [
            ("predict", model.predict(read.clone()).map(drop).unwrap_err()),
            ("evaluate", model.evaluate(read.clone(), &y).map(drop).unwrap_err()),
            ("fit", model.fit(read.clone(), &y, quiet()).map(drop).unwrap_err()),
            ("targets", model.fit(&x, targets.clone(), quiet()).map(drop).unwrap_err()),
            ("validation", {
                let fit = quiet().validation_data(read.clone(), &y);
                model.fit(&x, &y, fit).map(drop).unwrap_err()
            }),
            ("weights", model.fit(&x, &y, quiet().sample_weight(weights)).map(drop).unwrap_err()),
            ("adapt", Normalization::adapt(read.clone(), -1).map(drop).unwrap_err()),
        ] {
            assert_eq!(error.code(), Code::E023, "{reader}, {what}: {error}");
            check_said(what, &error, if what == "weights" { "1e39" } else { "-1e39" });
        }
    }
    assert!(model.to_keras().unwrap() == before, "data that are refused changed something");
}

#[test]
fn whole_numbers_that_do_not_fit_are_refused_by_every_reader() {
    let folder = Folder::new("whole");
    let large = [(Number::I64, (1u64 << 40)), (Number::U64, u64::MAX), (Number::U32, 1 << 31)];
    for (number, value) in large {
        let bytes = &value.to_le_bytes()[..number.size()];
        let descr = match number {
            Number::I64 => "<i8",
            Number::U64 => "<u8",
            _ => "<u4",
        };
        let mut npy_file = b"\x93NUMPY\x01\0".to_vec();
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (1,), }}\n");
        npy_file.extend((header.len() as u16).to_le_bytes());
        npy_file.extend(header.as_bytes());
        npy_file.extend(bytes);
        let header = format!(
            "{{\"x\":{{\"dtype\":\"{}\",\"shape\":[1],\"data_offsets\":[0,{}]}}}}",
            match number {
                Number::I64 => "I64",
                Number::U64 => "U64",
                _ => "U32",
            },
            bytes.len()
        );
        let mut named = (header.len() as u64).to_le_bytes().to_vec();
        named.extend(header.as_bytes());
        named.extend(bytes);
        let one = Shape::new(&[1]).unwrap();
        let value_of_h5 = Value::raw(number, one, bytes.to_vec()).unwrap();
        let npz_file = zip::write(&[("x.npy", &npy_file)]).unwrap();
        for (reader, error) in [
            ("npy", npy::read(folder.write("x.npy", &npy_file)).map(drop).unwrap_err()),
            ("npz", npz::read(folder.write("x.npz", &npz_file)).map(drop).unwrap_err()),
            ("safetensors", {
                safetensors::read(folder.write("x.safetensors", &named)).map(drop).unwrap_err()
            }),
            ("hdf5", value_of_h5.to_tensor().map(drop).unwrap_err()),
        ] {
            assert_eq!(error.code(), Code::E034, "{reader}: {error}");
            for lang in [Lang::En, Lang::Es] {
                let said = error.in_lang(lang);
                assert!(said.contains(&value.to_string()) && said.contains("int32"), "{said}");
            }
        }
    }
}

#[test]
fn a_number_of_a_layer_beyond_32_bits_is_refused_where_the_model_is_built() {
    let scaled = |scale: f64| Sequential::new([3]).add(Rescaling::new(scale));
    let normal =
        |mean: f64| Sequential::new([3]).add(Normalization::new([mean, 0.0, 0.0], [1.0, 1.0, 1.0]));
    for (model, number) in
        [(scaled(1e300), "1e300"), (scaled(-4e38), "-4e38"), (normal(1e39), "1e39")]
    {
        let error = model.summary().map(drop).unwrap_err();
        assert_eq!(error.code(), Code::E016, "{error}");
        check_said(number, &error, number);
    }
    assert!(scaled(3e38).summary().is_ok() && normal(-3e38).summary().is_ok());
    let weight = Fit::epochs(1).verbose(Verbose::Silent).class_weight([(0, 1e39)]);
    let mut model = Sequential::new([3]).add(Dense::new(2).activation(Softmax));
    model.compile("sgd", "sparse_categorical_crossentropy", []).unwrap();
    let error = model.fit(&data().0, [0u8; 12], weight).unwrap_err();
    assert_eq!(error.code(), Code::E016, "{error}");
}

#[test]
fn memories_of_the_optimizer_that_are_not_finite_are_noted() {
    let keras = trained(1, 2, 0.005).to_keras().unwrap();
    let whole = weights_of(&keras);
    for number in 0..10usize {
        let name = number.to_string();
        let shape = shape_of(&whole, &format!("{VARS}/{name}"));
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            // Only the last of its numbers is bad.
            let mut values = vec![0.5; shape.elems()];
            *values.last_mut().unwrap() = bad;
            let value = Value::numbers(&Tensor::new(shape, values).unwrap());
            let bytes = with_weights(&keras, &changed(&whole, VARS, &name, Some(value)));
            let mut model = Model::from_bytes(&bytes).unwrap();
            let codes: Vec<&str> = model.notes().iter().map(|note| note.code).collect();
            // Without its count of steps or its learning rate, an optimizer starts afresh.
            if number < 2 {
                assert_eq!(codes, ["W039"], "{number}");
                continue;
            }
            assert_eq!(codes, ["W023"], "{number}: {bad}");
            let said = Lang::ALL.map(|lang| model.notes()[0].text.get(lang).to_owned());
            assert!(said.iter().all(|said| said.contains("adam")), "{said:?}");
            assert!(said[0].contains("the state of adam") && said[1].contains("estado"));
            // What the note says is true.
            let (x, y) = data();
            let quiet = || Fit::epochs(1).verbose(Verbose::Silent);
            assert_eq!(model.fit(&x, &y, quiet()).unwrap_err().code(), Code::E041);
            model.compile(Adam::default(), MeanSquaredError, []).unwrap();
            model.fit(&x, &y, quiet()).unwrap();
        }
    }
    assert!(Model::from_bytes(&keras).unwrap().notes().is_empty());
}

#[test]
fn the_optimizer_whose_state_cannot_be_used_is_called_by_its_name() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/files");
    let bytes = fs::read(golden.join("optimizer_adam.h5")).unwrap();
    let mut root = hdf5::read(&bytes).unwrap();
    let optimizer = root.groups.get_mut("optimizer_weights").unwrap();
    let names = optimizer.attributes["weight_names"].texts().unwrap();
    let mut names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.push("nowhere".to_owned());
    let names = Value::list(names.into_iter().map(Into::into).collect());
    optimizer.attributes.insert("weight_names".to_owned(), names);
    let training = root.attributes["training_config"].texts().unwrap()[0].to_string();
    let training: serde_json::Value = serde_json::from_str(&training).unwrap();
    let with = |key: &str, value: serde_json::Value| {
        let mut training = training.clone();
        training[key] = value;
        Some(training.to_string())
    };
    let unknown = |class: &str| serde_json::json!({"class_name": class, "config": {}});
    let named = ["the state of adam in the file", "el estado de adam en el archivo"];
    let nameless = ["the state of the optimizer in the file", "el estado del optimizador en el"];
    for (what, training, codes, said) in [
        ("as it is", Some(training.to_string()), &["W039"][..], named),
        ("without a loss", with("loss", "own".into()), &["W040", "W039"], named),
        ("not compiled", None, &["W039"], nameless),
        (
            "another optimizer",
            with("optimizer_config", unknown("Own")),
            &["W040", "W039"],
            nameless,
        ),
    ] {
        let mut root = root.clone();
        match training {
            Some(training) => {
                root.attributes.insert("training_config".to_owned(), Value::text(training))
            }
            None => root.attributes.remove("training_config"),
        };
        let model = Model::from_bytes(&hdf5::write(&root).unwrap()).unwrap();
        let found: Vec<&str> = model.notes().iter().map(|note| note.code).collect();
        assert_eq!(found, codes, "{what}");
        for (lang, part) in Lang::ALL.into_iter().zip(said) {
            let text = model.notes().last().unwrap().text.get(lang);
            assert!(text.contains(part), "{what}: {text}");
            assert!(text.contains("nowhere") && !text.contains('?'), "{what}: {text}");
        }
    }
}

/// Arrays of integers and of truth values are read as weights.
#[test]
fn integers_and_truths_are_weights_too() {
    let folder = Folder::new("integers");
    let mut model = Sequential::new([2]).add(Dense::new(1).named("d"));
    let kernel = Tensor::new(Shape::new(&[2, 1]).unwrap(), vec![i32::MAX, -3]).unwrap();
    let bias = array![true];
    let all =
        [("d/kernel".to_owned(), kernel), ("d/bias".to_owned(), (&bias).to_tensor().unwrap())];
    let path = folder.0.join("w.safetensors");
    safetensors::write(&path, &all).unwrap();
    model.load_weights(&path).unwrap();
    let found: Vec<ArrayD<f32>> = model.weights().unwrap().into_iter().map(|(_, w)| w).collect();
    assert_eq!(found[0].as_slice().unwrap(), [i32::MAX as f32, -3.0]);
    assert_eq!(found[1].as_slice().unwrap(), [1.0]);
}
