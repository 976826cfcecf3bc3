//! What is noticed when a model is read from a file, and what never decides whether it can be read.

use ndarray::ArrayD;
use neurona::data::npy;
use neurona::message::Lang;
use neurona::nn::{WeightedLoss, optimizer_from_name};
use neurona::prelude::*;
use neurona::train::Verbose;
use neurona_formats::zip::Archive;
use serde_json::{Value, json};
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
    let archive = Archive::open(&bytes, 1 << 24, |_| true).unwrap();
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

/// A Keras file with its description changed.
fn edited(name: &str, change: impl Fn(&mut Value)) -> neurona::Result<Model> {
    let bytes = fs::read(golden(name)).unwrap();
    let archive = Archive::open(&bytes, 1 << 24, |_| true).unwrap();
    let mut config = serde_json::from_slice(&archive.read("config.json").unwrap()).unwrap();
    change(&mut config);
    // Python's way of writing infinite numbers, which is not valid JSON.
    let config = config.to_string().replace("\"Infinity\"", "Infinity");
    let weights = archive.read("model.weights.h5").unwrap();
    let metadata = archive.read("metadata.json").unwrap();
    let members = [
        ("metadata.json", &*metadata),
        ("config.json", config.as_bytes()),
        ("model.weights.h5", &*weights),
    ];
    Model::from_bytes(&neurona_formats::zip::write(&members).unwrap())
}

/// An object that a user registered in Keras.
fn registered(name: &str) -> Value {
    let registered = format!("Mine>{name}");
    json!({"module": null, "class_name": name, "config": {}, "registered_name": registered})
}

#[test]
fn what_predictions_do_without_does_not_stop_a_file() {
    let (x, y) = (floats("metric_x.npy"), floats("metric_y.npy"));
    let wanted = load("metric_ACC.keras").predict(&x).unwrap();
    let function = json!({"module": "builtins", "class_name": "function", "config": "my_init", "registered_name": "Mine>my_init"});
    let main = json!({"module": "__main__", "class_name": "Own", "config": {"a": 1}, "registered_name": "Own"});
    for (setting, value, name, evaluates, trains) in [
        ("kernel_initializer", registered("Init"), "Mine>Init", true, true),
        ("bias_initializer", function, "Mine>my_init", true, true),
        ("kernel_constraint", registered("Limit"), "Mine>Limit", true, false),
        ("bias_regularizer", registered("Cost"), "Mine>Cost", false, false),
        ("activity_regularizer", main, "Own", false, false),
        ("kernel_regularizer", json!("my_cost"), "my_cost", false, false),
    ] {
        let change = |config: &mut Value| {
            config["config"]["layers"][1]["config"][setting] = value.clone();
        };
        let mut model = edited("metric_ACC.keras", change).unwrap();
        let english = format!("\"{name}\" in the file, which does not exist here");
        notes(&model, &["W040"], &english, "que aquí no existe");
        assert_eq!(model.predict(&x).unwrap(), wanted, "{setting}");
        assert_eq!(model.evaluate(&x, &y).is_ok(), evaluates, "{setting}");
        let before = model.weights().unwrap();
        let fit = || Fit::epochs(1).verbose(Verbose::Silent);
        let trained = model.fit(&x, &y, fit());
        assert_eq!(trained.is_ok(), trains, "{setting}: {trained:?}");
        if let Err(error) = trained {
            assert_eq!(error.code(), neurona::Code::E014, "{error}");
            assert!(error.to_string().contains(&format!("\"{name}\"")), "{error}");
            assert_eq!(model.weights().unwrap(), before);
            // Compiled again, the model trains without the setting.
            model.compile("sgd", "binary_crossentropy", ["acc"]).unwrap();
            model.fit(&x, &y, fit()).unwrap();
        }
        assert_eq!(again(&mut model, "beside.keras").notes(), []);
    }
    // A mistake in a setting that does exist is still an error.
    let error = edited("metric_ACC.keras", |config| {
        config["config"]["layers"][1]["config"]["kernel_constraint"] = json!({"module": "keras.constraints", "class_name": "MaxNorm", "config": {"max_value": "x"}});
    });
    assert_eq!(error.unwrap_err().code(), neurona::Code::E034);
}

#[test]
fn infinite_numbers_as_python_writes_them_are_no_bounds() {
    let (x, y) = (floats("metric_x.npy"), floats("metric_y.npy"));
    let mut plain = load("metric_ACC.keras");
    let change = |config: &mut Value| {
        config["compile_config"]["optimizer"]["config"]["clipvalue"] = "Infinity".into();
    };
    let mut model = edited("metric_ACC.keras", change).unwrap();
    assert_eq!(model.notes(), []);
    assert_eq!(losses(&mut model, &x, &y, 2), losses(&mut plain, &x, &y, 2));
    let relu = |config: &mut Value| {
        config["config"]["layers"][1]["class_name"] = "ReLU".into();
        config["config"]["layers"][1]["config"] = json!({"name": "relu", "max_value": "Infinity"});
    };
    // A layer without weights ignores the file's weights.
    let found = edited("metric_ACC.keras", relu).unwrap().predict(&x).unwrap();
    assert_eq!(found, x.mapv(|x| x.max(0.0)));
}

#[test]
fn losses_and_functions_are_metrics_under_keras_names() {
    let (x, y) = (floats("metric_x.npy"), floats("metric_y.npy"));
    let huber = json!({"module": "keras.losses", "class_name": "Huber", "config": {"name": "huber_loss", "reduction": "sum_over_batch_size"}, "registered_name": null});
    let older = json!({"class_name": "Huber", "config": {"name": "huber_loss"}});
    let function = json!({"module": "builtins", "class_name": "function", "config": "huber", "registered_name": "function"});
    let around = json!({"module": "keras.metrics", "class_name": "MeanMetricWrapper", "config": {"name": "hub", "dtype": "float32", "fn": function}, "registered_name": null});
    let right = json!({"class_name": "MeanMetricWrapper", "config": {"name": "right", "fn": "binary_accuracy"}});
    let mut scores = Vec::new();
    for (metric, name) in [
        (huber, "huber_loss"),
        (older, "huber_loss"),
        (function, "huber"),
        (json!("huber"), "huber"),
        (around, "hub"),
        (right, "right"),
    ] {
        let change = |config: &mut Value| config["compile_config"]["metrics"] = json!([metric]);
        let mut model = edited("metric_ACC.keras", change).unwrap();
        assert_eq!(model.notes(), [], "{name}");
        scores.push(model.evaluate(&x, &y).unwrap()[name]);
        assert_eq!(
            again(&mut model, "huber.keras").evaluate(&x, &y).unwrap()[name],
            scores[scores.len() - 1]
        );
    }
    assert!(scores[..5].iter().all(|score| *score == scores[0]), "{scores:?}");
    assert_eq!(scores[5], load("metric_ACC.keras").evaluate(&x, &y).unwrap()["ACC"]);
    // If there is only one output, its name does not matter.
    let change =
        |config: &mut Value| config["compile_config"]["metrics"] = json!({"other": ["mae"]});
    let model = edited("metric_ACC.keras", change).unwrap();
    assert!(model.evaluate(&x, &y).unwrap().logs.get("mae").is_some());
    // The note names the setting that does not exist, not the whole object.
    for (key, value, part) in [
        (
            "loss",
            json!({"module": "keras.losses", "class_name": "MeanSquaredError", "config": {"reduction": "none"}}),
            "no reduction called \"none\"",
        ),
        (
            "optimizer",
            json!({"module": "keras.optimizers", "class_name": "Adam", "config": {"learning_rate": registered("Sch")}}),
            "Mine>Sch",
        ),
    ] {
        let model =
            edited("metric_ACC.keras", |config| config["compile_config"][key] = value.clone());
        notes(&model.unwrap(), &["W040"], part, "no se puede usar");
    }
}

#[test]
fn an_optimizer_inside_another_leaves_out_what_nobody_uses() {
    let (x, y) = (floats("two_x.npy"), floats("two_a.npy"));
    let json = json();
    for name in ["loss_scale_adafactor", "loss_scale_momentum"] {
        let wanted = json[name]["history"]["loss"].as_array().unwrap();
        let wanted: Vec<f64> = wanted.iter().map(|loss| loss.as_f64().unwrap()).collect();
        let mut model = load(&format!("{name}.keras"));
        assert_eq!(model.notes(), [], "{name}");
        let mut second = again(&mut model, &format!("{name}.keras"));
        near(&losses(&mut model, &x, &y, 2), &wanted);
        near(&losses(&mut second, &x, &y, 2), &wanted);
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
