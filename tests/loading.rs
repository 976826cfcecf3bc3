//! What is noticed when a model is read from a file, and what never decides whether it can be read.

use ndarray::ArrayD;
use neurona::data::npy;
use neurona::message::Lang;
use neurona::nn::{WeightedLoss, optimizer_from_name};
use neurona::prelude::*;
use neurona::train::Verbose;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/loading").join(name)
}

fn load(name: &str) -> Model {
    Model::load(golden(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn floats(name: &str) -> ArrayD<f32> {
    npy::read(golden(name)).unwrap().into_array().unwrap()
}

fn json() -> Value {
    serde_json::from_str(&fs::read_to_string(golden("loading.json")).unwrap()).unwrap()
}

/// A path in the temporary folder, removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Temporary {
        Temporary(std::env::temp_dir().join(format!("loading-{}-{name}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The model, written and read again.
fn again(model: &mut Model, name: &str) -> Model {
    let path = Temporary::new(name);
    model.save(&path.0).unwrap();
    Model::load(&path.0).unwrap()
}

fn close(found: &ArrayD<f32>, wanted: &ArrayD<f32>, within: f32) {
    assert_eq!(found.shape(), wanted.shape());
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() <= within, "{found}, not {wanted}");
    }
}

/// Checks the codes of a model's notes, and that one says this in English and that in Spanish.
fn notes(model: &Model, codes: &[&str], english: &str, spanish: &str) {
    let found: Vec<&str> = model.notes().iter().map(|note| note.code).collect();
    assert_eq!(found, codes);
    for (lang, part) in [(Lang::En, english), (Lang::Es, spanish)] {
        let said: Vec<&str> = model.notes().iter().map(|note| note.text.get(lang)).collect();
        assert!(said.iter().any(|said| said.contains(part)), "no {part:?} in {said:?}");
    }
}

fn losses(model: &mut Model, x: &ArrayD<f32>, y: &ArrayD<f32>, batch: usize) -> Vec<f64> {
    let fit = Fit::epochs(3).shuffle(false).batch_size(batch).verbose(Verbose::Silent);
    model.fit(x, y, fit).unwrap().history["loss"].clone()
}

fn near(found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() <= 1e-3, "{found}, not {wanted}");
    }
}

#[test]
fn the_state_inside_an_optimizer_that_scales_the_loss_is_taken_and_written_back() {
    let wanted = [0.2631, 0.2526, 0.2428];
    let (x, y) = (floats("loss_scale_x.npy"), npy::read(golden("loss_scale_y.npy")).unwrap());
    let train = |model: &mut Model| {
        let fit = Fit::epochs(3).shuffle(false).verbose(Verbose::Silent);
        model.fit(&x, y.clone(), fit).unwrap().history["loss"].clone()
    };
    let mut model = load("loss_scale.keras");
    notes(&model, &["W041"], "mixed_float16", "mixed_float16");
    let mut second = again(&mut model, "scale.keras");
    near(&train(&mut model), &wanted);
    notes(&second, &["W041"], "in dense", "en dense");
    near(&train(&mut second), &wanted);
}

#[test]
fn an_optimizer_that_scales_the_loss_by_name_keeps_its_counter_and_scale() {
    let (x, y) = (floats("two_x.npy"), floats("two_a.npy"));
    let json = json();
    let wanted = json["loss_scale_by_name"]["history"]["loss"].as_array().unwrap();
    let wanted: Vec<f64> = wanted.iter().map(|loss| loss.as_f64().unwrap()).collect();
    let mut model = load("loss_scale_by_name.keras");
    assert!(model.notes().is_empty());
    near(&losses(&mut model, &x, &y, 2), &wanted);
    let config = model.compile_config().unwrap();
    assert_eq!(config["optimizer"]["class_name"], "LossScaleOptimizer");
    assert_eq!(config["optimizer"]["config"]["inner_optimizer"]["class_name"], "Adam");
    assert_eq!(config["optimizer"]["config"]["dynamic_growth_steps"], 7);
    let bytes = model.to_keras().unwrap();
    let archive = neurona_formats::zip::Archive::open(&bytes, 1 << 24, |_| true).unwrap();
    let weights = archive.read("model.weights.h5").unwrap();
    let root = neurona_formats::hdf5::read(&weights).unwrap();
    let number = |place: &str| {
        let dataset = root.dataset(place).unwrap_or_else(|| panic!("no {place}"));
        dataset.value.to_tensor().unwrap().to_f64()[0]
    };
    let kept = &json["loss_scale_by_name"];
    assert_eq!(number("optimizer/vars/2"), kept["counter"].as_f64().unwrap());
    assert_eq!(number("optimizer/vars/3"), kept["scale"].as_f64().unwrap());
    assert_eq!(number("optimizer/inner_optimizer/vars/0"), 12.0);
    assert_eq!(number("optimizer/vars/4"), 12.0);
}

#[test]
fn what_a_file_is_compiled_with_does_not_decide_whether_it_is_read() {
    let (x, y, wanted) =
        (floats("foreign_x.npy"), floats("foreign_y.npy"), floats("foreign_want.npy"));
    let mut model = load("loss_class.keras");
    notes(
        &model,
        &["W040"],
        "the loss \"Mine>MyLoss\", which does not exist here",
        "la pérdida \"Mine>MyLoss\", que aquí no existe",
    );
    close(&model.predict(&x).unwrap(), &wanted, 1e-6);
    assert_eq!(again(&mut model, "loss.keras").notes().len(), 0);
    for error in [
        model.evaluate(&x, &y).unwrap_err(),
        model.fit(&x, &y, Fit::epochs(1)).unwrap_err(),
        model.recompile(optimizer_from_name("adam").ok(), None, None).unwrap_err(),
    ] {
        let said = error.to_string();
        assert!(said.starts_with("E014 the file is compiled with the loss"), "{said}");
        assert!(said.contains("model.compile(optimizer, loss, metrics) with a loss"), "{said}");
    }
    // The rest of what the file says is used.
    model.recompile(None, Some(vec![WeightedLoss::from(MeanSquaredError)]), None).unwrap();
    model.evaluate(&x, &y).unwrap();
    model.fit(&x, &y, Fit::epochs(1).verbose(Verbose::Silent)).unwrap();
    assert_eq!(model.compile_config().unwrap()["optimizer"]["class_name"], "SGD");
    let mut model = load("loss_class.keras");
    model.compile(Sgd::default(), MeanSquaredError, []).unwrap();
    model.evaluate(&x, &y).unwrap();

    let model = load("metric_function.h5");
    notes(&model, &["W040"], "the metric \"my_metric\"", "la métrica \"my_metric\"");
    close(&model.predict(&x).unwrap(), &wanted, 1e-6);
    assert_eq!(model.evaluate(&x, &y).unwrap().logs.iter().count(), 1);
}

#[test]
fn without_its_optimizer_a_model_is_evaluated_and_not_trained() {
    let x = floats("two_x.npy");
    let y = || (floats("two_a.npy"), floats("two_b.npy"));
    let mut model = load("own_optimizer.keras");
    let codes = ["W040", "W040"];
    notes(&model, &codes, "the optimizer \"Mine>Step\"", "el optimizador \"Mine>Step\"");
    notes(&model, &codes, "the metric \"Mine>Count\"", "la métrica \"Mine>Count\"");
    let (a, b) = y();
    let scores = model.evaluate(&x, (&a, &b)).unwrap();
    assert!(scores.logs.iter().any(|(name, _)| name == "a_mae"), "{scores}");
    let error = model.fit(&x, (&a, &b), Fit::epochs(1)).unwrap_err().to_string();
    assert!(error.starts_with("E014 the file is compiled with the optimizer"), "{error}");
    let before = model.weights().unwrap();
    assert!(model.train_on_batch(&x, (&a, &b)).is_err());
    assert!(model.explain(&x, (&a, &b)).is_err());
    assert_eq!(model.weights().unwrap(), before);
    // Written, it is not compiled: files have no name for its optimizer.
    assert!(again(&mut model, "optimizer.keras").compile_config().is_none());
    model.recompile(optimizer_from_name("adam").ok(), None, None).unwrap();
    model.fit(&x, (&a, &b), Fit::epochs(1).verbose(Verbose::Silent)).unwrap();
}

#[test]
fn losses_of_several_outputs_come_as_keras_writes_them() {
    let x = floats("two_x.npy");
    let (a, b) = (floats("two_a.npy"), floats("two_b.npy"));
    let model = load("output_without_loss.keras");
    let part = "without a loss for the output \"b\"";
    notes(&model, &["W040"], part, "sin pérdida para la salida \"b\"");
    model.predict_all(&x).unwrap();
    let error = model.evaluate(&x, (&a, &b)).unwrap_err().to_string();
    assert!(error.contains(part), "{error}");

    let model = load("one_loss_for_all.keras");
    assert!(model.notes().is_empty());
    let scores = model.evaluate(&x, (&a, &b)).unwrap();
    for (name, wanted) in json()["one_loss_for_all"]["evaluate"].as_object().unwrap() {
        assert!((scores[name.as_str()] - wanted.as_f64().unwrap()).abs() < 1e-5, "{name}");
    }

    let model = load("losses_in_a_list.keras");
    notes(&model, &["W040"], "the loss", "la pérdida");
    let found = model.predict_all(floats("losses_in_a_list_x.npy")).unwrap();
    close(&found[0], &floats("losses_in_a_list_want_a.npy"), 1e-6);
    close(&found[1], &floats("losses_in_a_list_want_b.npy"), 1e-6);
}

#[test]
fn other_metrics_let_the_optimizer_go_on() {
    let (x, y) = (floats("two_x.npy"), floats("two_a.npy"));
    let train = |metrics: Option<Vec<Metric>>| {
        let mut model = load("loss_scale_by_name.keras");
        model.recompile(None, None, metrics).unwrap();
        let losses = losses(&mut model, &x, &y, 2);
        (losses, model.weights().unwrap())
    };
    assert_eq!(train(None), train(Some(vec![Metric::MeanAbsoluteError])));
}

#[test]
fn the_hard_sigmoid_of_keras_2_predicts_as_there_and_stays_so_in_files() {
    let (x, wanted) = (floats("keras2_hard_sigmoid_x.npy"), floats("keras2_hard_sigmoid_want.npy"));
    let mut model = load("keras2_hard_sigmoid.h5");
    notes(&model, &["W042"], "0.2 x + 0.5", "0,2 x + 0,5");
    close(&model.predict(&x).unwrap(), &wanted, 1e-6);
    let second = again(&mut model, "sigmoid.keras");
    assert!(second.notes().is_empty());
    assert_eq!(second.predict(&x).unwrap(), model.predict(&x).unwrap());
}

#[test]
fn a_metric_given_by_a_text_keeps_the_text_as_its_name() {
    let (x, y) = (floats("metric_x.npy"), floats("metric_y.npy"));
    for (file, name) in [
        ("metric_AUC.keras", "AUC"),
        ("metric_Precision.keras", "Precision"),
        ("metric_ACC.keras", "ACC"),
        ("metric_RootMeanSquaredError.h5", "RootMeanSquaredError"),
    ] {
        let mut model = load(file);
        let fit = || Fit::epochs(1).verbose(Verbose::Silent);
        let history = model.fit(&x, &y, fit()).unwrap();
        assert!(history.history.contains_key(name), "{file}: {:?}", history.history.keys());
        let history = again(&mut model, &format!("{name}.keras")).fit(&x, &y, fit());
        assert!(history.unwrap().history.contains_key(name), "{file}, written again");
    }
}

#[test]
fn the_precision_of_a_file_is_told_and_kept() {
    let mut model = load("mixed_bfloat16.keras");
    notes(&model, &["W041"], "(mixed_bfloat16) in dense", "(mixed_bfloat16) en dense");
    // All layers are named.
    assert!(!model.notes()[0].text.get(Lang::En).contains('…'));
    let policies = [("dense".to_owned(), "mixed_bfloat16".to_owned())];
    assert_eq!(model.network().precisions(), policies);
    assert_eq!(again(&mut model, "precision.keras").network().precisions(), policies);
    assert!(load("one_loss_for_all.keras").network().precisions().is_empty());
}

#[test]
fn quantized_weights_are_refused_by_their_name() {
    let error = Model::load(golden("quantized.keras")).unwrap_err();
    for (lang, part) in [(Lang::En, "is quantized (int8"), (Lang::Es, "cuantizada (int8")] {
        let said = error.in_lang(lang);
        assert!(said.contains(part) && said.contains("model.quantize(…)"), "{said}");
    }
}

#[test]
fn the_weights_of_a_whole_model_are_loaded_into_another() {
    let x = floats("two_x.npy");
    let file = golden("one_loss_for_all.keras");
    let (model, mut other) = (load("one_loss_for_all.keras"), load("one_loss_for_all.keras"));
    let zeros: Vec<_> = model.weights().unwrap().iter().map(|(_, values)| values * 0.0).collect();
    other.set_weights(&zeros).unwrap();
    other.load_weights(&file).unwrap();
    assert_eq!(other.predict_all(&x).unwrap(), model.predict_all(&x).unwrap());
    // With other layers, it is refused, and nothing has changed.
    let before = other.weights().unwrap();
    let error = other.load_weights(golden("loss_class.keras")).unwrap_err();
    assert_eq!(error.code(), neurona::Code::E034, "{error}");
    assert_eq!(other.weights().unwrap(), before);
}

#[test]
fn what_is_taken_for_a_model_is_called_by_its_name() {
    let folder = Temporary::new("others");
    fs::create_dir_all(&folder.0).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    };
    file("saved/saved_model.pb", b"\x08\x01");
    file("unpacked/config.json", b"{}");
    file("unpacked/model.weights.h5", b"");
    file("empty/notes.txt", b"");
    let arrays = [("x".to_owned(), npy::read(golden("two_x.npy")).unwrap())];
    let npz = neurona_formats::npz::write(&arrays).unwrap();
    let torch = neurona_formats::zip::write(&[("archive/data.pkl", b"\x80\x02".as_slice())]);
    let weights = neurona_formats::safetensors::write(&arrays).unwrap();
    for (path, english, spanish, way) in [
        (folder.0.join("saved"), "a SavedModel of TensorFlow", "SavedModel", "model.save("),
        (folder.0.join("unpacked"), "unpacked", "descomprimidos", "ZIP"),
        (folder.0.join("empty"), "this is a folder", "es una carpeta", "model.save("),
        (file("frozen.pb", b"\n\x04"), "SavedModel", "SavedModel", "model.save("),
        (file("m.tflite", b"\x1c\0\0\0TFL3"), "TensorFlow Lite", "TensorFlow Lite", "model.save("),
        (file("m.onnx", b"\x08\x08\x12\x07pytorch"), "ONNX", "ONNX", "model.save("),
        (file("m.pt", &torch.unwrap()), "a pickle", "un pickle", "safetensors"),
        (file("m.pth", b"\x80\x02}q\0."), "a pickle", "un pickle", "safetensors"),
        (folder.0.join("model.ckpt"), "a checkpoint", "punto de control", "load_weights"),
        (file("m.ckpt.index", b"\0"), "a checkpoint", "punto de control", "load_weights"),
        (file("m.json", b" {\"class_name\": 1}"), "this is JSON", "es JSON", "model.save("),
        (file("m.npz", &npz), "a file of arrays", "archivo de arrays", "load_weights"),
        (file("m.safetensors", &weights), "safetensors", "safetensors", "load_weights"),
        (file("m.weights.h5", b"\x89HDF"), "weights alone", "solo pesos", "load_weights"),
        (file("m.csv", b"a,b\n1,2\n"), "not a model file", "no es un archivo de modelo", "save("),
    ] {
        let error = Model::load(&path).unwrap_err();
        assert_eq!(error.code(), neurona::Code::E034, "{error}");
        for (lang, part) in [(Lang::En, english), (Lang::Es, spanish)] {
            let said = error.in_lang(lang);
            assert!(said.contains(part) && said.contains(way), "{}: {said}", path.display());
            assert!(said.contains(&path.display().to_string()), "{said}");
        }
    }
}
