//! Files that real Keras wrote: what they predict, and how they train on.

use ndarray::ArrayD;
use neurona::prelude::*;
use neurona::tensor::{Shape, Tensor};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Predictions agree within this, and so much of their size.
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

/// The files of an ending.
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

    /// Trains on as Keras did, if it did.
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
        // Ours are the same for us, the optimizer's memories among them.
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
