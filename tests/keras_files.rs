//! Files that real Keras wrote: what they predict, and how training continues.

use ndarray::ArrayD;
use neurona::prelude::*;
use neurona::tensor::{Shape, Tensor, ToTensor};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Predictions agree within this, plus this share of their size.
const PREDICTION: f64 = 1e-5;

/// Losses of trainings agree within this share.
const LOSS: f64 = 1e-3;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/files")
}

/// A model as Keras wrote it, and what Keras did with it.
struct Case {
    name: String,
    file: PathBuf,
    json: Value,
}

/// The files with an ending.
fn cases(ending: &str, least: usize) -> Vec<Case> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let file = |file: PathBuf| {
        let name = file.file_name()?.to_str()?.strip_suffix(ending)?.to_owned();
        let json = fs::read_to_string(folder().join(format!("{name}.json"))).ok()?;
        Some(Case { json: serde_json::from_str(&json).unwrap(), name, file })
    };
    let cases: Vec<Case> = files.into_iter().filter_map(file).collect();
    assert!(cases.len() >= least, "only {} files ending in {ending}", cases.len());
    cases
}

fn tensor(json: &Value) -> Tensor<'static> {
    let list = |json: &Value| json.as_array().unwrap().clone();
    let dims: Vec<usize> =
        list(&json["shape"]).iter().map(|d| d.as_u64().unwrap() as usize).collect();
    let shape = Shape::new(&dims).unwrap();
    let numbers = list(&json["data"]);
    match json["dtype"].as_str() {
        Some("int32") => {
            let numbers: Vec<i32> = numbers.iter().map(|x| x.as_i64().unwrap() as i32).collect();
            Tensor::new(shape, numbers).unwrap()
        }
        _ => {
            let numbers: Vec<f32> = numbers.iter().map(|x| x.as_f64().unwrap() as f32).collect();
            Tensor::new(shape, numbers).unwrap()
        }
    }
}

fn tensors(json: &Value) -> Vec<Tensor<'static>> {
    json.as_array().unwrap().iter().map(tensor).collect()
}

impl Case {
    fn predictions(&self, model: &mut Model) -> Vec<ArrayD<f32>> {
        model
            .predict_all(tensors(&self.json["inputs"]))
            .unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }

    fn check_predictions(&self, found: &[ArrayD<f32>]) {
        let wanted = tensors(&self.json["outputs"]);
        assert_eq!(found.len(), wanted.len(), "{}", self.name);
        for (found, wanted) in found.iter().zip(&wanted) {
            assert_eq!(found.shape(), wanted.shape().dims(), "{}", self.name);
            for (found, wanted) in found.iter().zip(wanted.to_f64()) {
                let off = (f64::from(*found) - wanted).abs();
                assert!(
                    off <= PREDICTION * (1.0 + wanted.abs()),
                    "{}: {found}, not {wanted}",
                    self.name
                );
            }
        }
    }

    /// Continues training as Keras did, if it did.
    fn train(&self, model: &mut Model) -> Option<History> {
        let fit = self.json["fit"].as_object()?;
        let mut options = Fit::epochs(fit["epochs"].as_u64().unwrap() as usize)
            .batch_size(fit["batch_size"].as_u64().unwrap() as usize)
            .shuffle(false)
            .verbose(Verbose::Silent);
        if let Some(weights) = fit.get("sample_weight") {
            options = options.sample_weight(tensor(&weights[0]));
        }
        if let Some(weights) = fit.get("class_weight").and_then(Value::as_array) {
            let pair =
                |pair: &Value| (pair[0].as_u64().unwrap() as usize, pair[1].as_f64().unwrap());
            options = options.class_weight(weights.iter().map(pair).collect::<Vec<_>>());
        }
        let (x, y) = (tensors(&self.json["inputs"]), tensors(&self.json["targets"]));
        Some(model.fit(x, y, options).unwrap_or_else(|error| panic!("{}: {error}", self.name)))
    }

    fn check_training(&self, history: &History) {
        let logs = self.json["logs"].as_object().unwrap();
        let names: Vec<&String> = history.history.keys().collect();
        assert_eq!(names, logs.keys().collect::<Vec<_>>(), "{}", self.name);
        for (name, wanted) in logs {
            let wanted = wanted.as_array().unwrap().iter().map(|value| value.as_f64().unwrap());
            let wanted: Vec<f64> = wanted.collect();
            assert_eq!(history[name].len(), wanted.len(), "{}", self.name);
            for (found, value) in history[name].iter().zip(&wanted) {
                let off = (found - value).abs();
                let found = &history[name];
                assert!(
                    off <= LOSS * value.abs(),
                    "{}: {name} {found:?}, not {wanted:?}",
                    self.name
                );
            }
        }
    }
}

#[test]
fn files_of_keras_predict_and_train_on_as_in_keras() {
    for case in cases(".keras", 50) {
        let mut model = Model::load(&case.file).unwrap_or_else(|error| panic!("{error}"));
        let predictions = case.predictions(&mut model);
        case.check_predictions(&predictions);
        // Through a file of ours it is the same model, to the bit.
        let bytes = model.to_keras().unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let mut again = Model::from_bytes(&bytes).unwrap_or_else(|e| panic!("{}: {e}", case.name));
        assert_eq!(case.predictions(&mut again), predictions, "{}", case.name);
        assert!(again.to_keras().unwrap() == bytes, "{}: other bytes", case.name);
        if let Some(history) = case.train(&mut model) {
            case.check_training(&history);
            assert_eq!(case.train(&mut again).unwrap(), history, "{}", case.name);
            assert_eq!(again.weights().unwrap(), model.weights().unwrap(), "{}", case.name);
        }
    }
}

#[test]
fn older_files_predict_and_train_on_as_in_their_keras() {
    for case in cases(".h5", 8).iter().filter(|case| !case.name.ends_with(".weights")) {
        let mut model = Model::load(&case.file).unwrap_or_else(|error| panic!("{error}"));
        case.check_predictions(&case.predictions(&mut model));
        if let Some(history) = case.train(&mut model) {
            case.check_training(&history);
        }
    }
}

#[test]
fn weights_of_keras_are_read_and_written() {
    for case in cases(".weights.h5", 4) {
        let mut model = Model::load(folder().join(format!("{}.keras", case.name))).unwrap();
        let wanted = model.weights().unwrap();
        let zeros = wanted.iter().map(|(_, values)| ArrayD::<f32>::zeros(values.shape()));
        model.set_weights(zeros.collect::<Vec<_>>().iter()).unwrap();
        model.load_weights(&case.file).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(model.weights().unwrap(), wanted, "{}", case.name);
        // Our files give the same to us, including the optimizer's memories.
        let path = std::env::temp_dir().join(format!(
            "ours-{}-{}.weights.h5",
            std::process::id(),
            case.name
        ));
        model.save_weights(&path).unwrap();
        let mut other = Model::load(folder().join(format!("{}.keras", case.name))).unwrap();
        other.load_weights(&path).unwrap();
        fs::remove_file(path).unwrap();
        assert!(other.to_keras().unwrap() == model.to_keras().unwrap(), "{}", case.name);
    }
}

/// Models made here, with what they are to learn, so that Keras opens not only what it wrote.
fn own_models() -> Vec<(&'static str, Model, Vec<Tensor<'static>>, Vec<Tensor<'static>>)> {
    let numbers = |dims: &[usize], step: usize| {
        let shape = Shape::new(dims).unwrap();
        let values = (0..shape.elems()).map(|i| (i * step % 17) as f32 / 8.0 - 1.0);
        Tensor::new(shape, values.collect::<Vec<f32>>()).unwrap()
    };
    let labels = |rows: usize, classes: usize| {
        let values: Vec<i32> = (0..rows).map(|i| (i * 5 % classes) as i32).collect();
        Tensor::new(Shape::new(&[rows]).unwrap(), values).unwrap()
    };
    let mut guide: Model = Sequential::new([12])
        .add(Dense::new(10).activation(Sigmoid))
        .add(Dense::new(4).activation(Softmax))
        .into();
    let loss = SparseCategoricalCrossentropy::default();
    guide.compile(Sgd::default(), loss, [Metric::Accuracy.named("right")]).unwrap();

    let mut pictures: Model = Sequential::new([8, 8, 2])
        .add(Conv2D::new(4, 3).activation(Relu).named("eyes"))
        .add(BatchNormalization::default())
        .add(MaxPooling2D::new(2))
        .add(Flatten)
        .add(
            Dense::new(3)
                .activation(neurona::nn::Activation::LeakyRelu { negative_slope: 0.1 })
                .kernel_regularizer(Regularizer::L2(0.01)),
        )
        .into();
    let rate = CosineDecay::new(0.01, 100);
    pictures
        .compile(AdamW::new(rate).clipnorm(1.0), MeanSquaredError, [Metric::MeanAbsoluteError])
        .unwrap();

    let (left, right) = (Input::named("left", [4]), Input::named("right", [4]));
    let tower = Shared::new(Dense::new(6).activation(Tanh));
    let inner = Sequential::new([12]).add(Dense::new(5)).add(Dense::new(5));
    let both = Concatenate::default().on([&tower.on(&left), &tower.on(&right)]);
    let deep = inner.as_layer().unwrap().on(&both);
    let (far, side) = (Dense::new(1).named("far").on(&deep), Dense::new(2).named("side").on(&both));
    let mut branches = Model::new([&left, &right], [&far, &side]).unwrap();
    let losses = (MeanSquaredError, Huber::default().weighted(0.3));
    let metrics = [Metric::MeanAbsoluteError.on("far"), Metric::RootMeanSquaredError.on("side")];
    branches.compile(Nadam::default(), losses, metrics).unwrap();

    vec![
        ("own_guide", guide, vec![numbers(&[20, 12], 3)], vec![labels(20, 4)]),
        ("own_pictures", pictures, vec![numbers(&[10, 8, 8, 2], 5)], vec![numbers(&[10, 3], 7)]),
        (
            "own_branches",
            branches,
            vec![numbers(&[20, 4], 3), numbers(&[20, 4], 5)],
            vec![numbers(&[20, 1], 7), numbers(&[20, 2], 11)],
        ),
    ]
}

fn stored(tensor: &Tensor<'_>) -> Value {
    let dtype = tensor.dtype().name();
    let data: Value = match tensor.as_slice::<i32>() {
        Ok(integers) => integers.to_vec().into(),
        Err(_) => tensor.to_f64().into(),
    };
    serde_json::json!({"shape": tensor.shape().dims(), "dtype": dtype, "data": data})
}

/// Writes files of ours for Keras to open, if `NEURONA_KERAS_FILES` names a folder, and checks that
/// all of them are in the record of what Keras made of them (`tools/golden/checks/our_files.py`).
#[test]
fn files_of_ours_are_opened_by_keras() {
    let folder = std::env::var_os("NEURONA_KERAS_FILES").map(PathBuf::from);
    let record = fs::read_to_string(crate::folder().join("opened_by_keras.json"));
    let record: Value = record.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
    let mut names = Vec::new();
    let mut write = |name: &str, model: &mut Model, json: Value| {
        names.push(name.to_owned());
        if let Some(folder) = &folder {
            model.save(folder.join(format!("{name}.keras"))).unwrap();
            fs::write(folder.join(format!("{name}.json")), json.to_string()).unwrap();
        }
    };
    for case in cases(".keras", 50) {
        let mut model = Model::load(&case.file).unwrap();
        let mut json = case.json.clone();
        let outputs = case.predictions(&mut model);
        json["outputs"] = outputs.iter().map(|y| stored(&y.to_tensor().unwrap())).collect();
        let bytes = model.to_keras().unwrap();
        if let Some(history) = case.train(&mut model) {
            json["losses"] = history["loss"].clone().into();
        }
        write(&case.name, &mut Model::from_bytes(&bytes).unwrap(), json);
    }
    for (name, mut model, x, y) in own_models() {
        let fit =
            |epochs| Fit::epochs(epochs).batch_size(8).shuffle(false).verbose(Verbose::Silent);
        model.fit(x.clone(), y.clone(), fit(2)).unwrap();
        let bytes = model.to_keras().unwrap();
        let outputs = model.predict_all(x.clone()).unwrap();
        let history = model.fit(x.clone(), y.clone(), fit(3)).unwrap();
        let json = serde_json::json!({
            "inputs": x.iter().map(stored).collect::<Vec<_>>(),
            "targets": y.iter().map(stored).collect::<Vec<_>>(),
            "outputs": outputs.iter().map(|y| stored(&y.to_tensor().unwrap())).collect::<Vec<_>>(),
            "fit": {"epochs": 3, "batch_size": 8, "shuffle": false},
            "losses": history["loss"],
        });
        write(name, &mut Model::from_bytes(&bytes).unwrap(), json);
    }
    if folder.is_none() {
        let files = record["files"].as_array().unwrap();
        for name in &names {
            let opened = files.iter().find(|file| file["name"] == *name);
            let passed = opened.is_some_and(|file| file["passed"] == true);
            assert!(passed, "Keras has not opened {name}");
        }
    }
}
