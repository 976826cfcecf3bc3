//! What `neurona inspect` says about models and arrays.

use crate::golden::Golden;
use neurona::data::{npy, npz, safetensors};
use neurona::tensor::{Shape, Tensor};

#[test]
fn a_model_is_told_in_both_languages() {
    let golden = Golden::new("functional_dictionaries", "inspect-table");
    for (lang, words) in [
        (
            "en",
            ["Optimizer: Adam(", "Loss: ", "Metrics: ", "Weight ", "Seed: 0", "none in the file"],
        ),
        (
            "es",
            [
                "Optimizador: Adam(",
                "Pérdida: ",
                "Métricas: ",
                "Peso ",
                "Semilla: 0",
                "ninguna en el",
            ],
        ),
    ] {
        let out = golden.output(&format!("inspect @model.keras --lang {lang}"));
        for part in words.iter().chain(&["concatenate", "kind/kernel", "4×3", "Total params: 44"])
        {
            assert!(out.contains(part), "no \"{part}\" in {out}");
        }
        for line in out.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert_eq!(line, line.trim_end());
        }
    }
}

#[test]
fn a_model_is_told_as_json() {
    let golden = Golden::new("minimal", "inspect-json");
    let line = golden.line("inspect @model.keras --json");
    let mut keys: Vec<&str> =
        line.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    let wanted = "class_names compile dtypes file history inputs kind layers name notes outputs parameters seed trainable_parameters weights";
    assert_eq!(keys.join(" "), wanted);
    assert_eq!((&line["kind"], &line["parameters"]), (&"model".into(), &35.into()));
    assert_eq!(line["trainable_parameters"], 29);
    assert_eq!(line["compile"]["optimizer"]["class_name"], "Adam");
    assert_eq!(line["compile"]["loss"]["class_name"], "MeanSquaredError");
    assert_eq!(line["inputs"][0]["shape"], serde_json::json!([4]));
    let kernel = &line["weights"][0];
    assert_eq!(
        (&kernel["name"], &kernel["shape"]),
        (&"dense/kernel".into(), &serde_json::json!([4, 3]))
    );
    assert_eq!((&kernel["min"], &kernel["max"]), (&0.3125.into(), &2.625.into()));
    assert_eq!((&kernel["zeros"], &kernel["not_finite"]), (&0.0.into(), &0.into()));
}

#[test]
fn a_model_that_is_not_compiled_says_so() {
    let golden = Golden::new("never_compiled", "inspect-not-compiled");
    assert!(golden.output("inspect @model.keras").contains("Not compiled"));
    assert!(golden.output("inspect @model.keras --lang es").contains("No está compilado"));
    assert!(golden.line("inspect @model.keras --json")["compile"].is_null());
}

#[test]
fn arrays_are_told_alone_with_what_is_not_finite() {
    let golden = Golden::new("never_compiled", "inspect-arrays");
    let values = vec![0.0f32, f32::NAN, -2.0, 2.0];
    let array = Tensor::new(Shape::new(&[2, 2]).unwrap(), values).unwrap();
    let arrays = [("w".to_owned(), array.clone())];
    npy::write(golden.path("w.npy"), &array).unwrap();
    npz::write(golden.path("w.npz"), &arrays).unwrap();
    safetensors::write(golden.path("w.safetensors"), &arrays).unwrap();
    for file in ["w.npy", "w.npz", "w.safetensors"] {
        let line = golden.line(&format!("inspect @{file} --json"));
        let found = &line["arrays"][0];
        assert_eq!((&line["kind"], &found["name"]), (&"arrays".into(), &"w".into()), "{file}");
        assert_eq!(
            (&found["mean"], &found["min"], &found["max"]),
            (&0.0.into(), &(-2.0).into(), &2.0.into())
        );
        assert_eq!((&found["zeros"], &found["not_finite"]), (&0.25.into(), &1.into()));
        let deviation = found["std"].as_f64().unwrap();
        assert!((deviation - (8.0f64 / 3.0).sqrt()).abs() < 1e-12, "{deviation}");
        assert!(golden.output(&format!("inspect @{file}")).contains("1 not finite"));
        assert!(golden.output(&format!("inspect @{file} --lang es")).contains("1 no finitos"));
    }
}

#[test]
fn weights_as_keras_writes_them_are_told_by_their_place() {
    let golden = Golden::new("optimizer_adam", "inspect-weights");
    let file =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/files/optimizer_adam.weights.h5");
    let line = golden.line(&format!("inspect {file} --json"));
    let arrays = line["arrays"].as_array().expect("a list");
    let shape =
        |name: &str| arrays.iter().find(|array| array["name"] == name).map(|a| a["shape"].clone());
    assert_eq!(shape("layers/dense/vars/0"), Some(serde_json::json!([6, 5])));
    assert_eq!(shape("layers/dense_1/vars/1"), Some(serde_json::json!([3])));
}

#[test]
fn names_in_a_file_cannot_steer_the_terminal() {
    let golden = Golden::new("names", "inspect-names");
    for line in ["inspect @model.keras", "predict @model.keras --input @x0.npy"] {
        let out = golden.output(line);
        assert!(out.contains("\\u{9}"), "no tab in the names: {out}");
        assert_eq!(out.find(|c: char| c.is_control() && c != '\n'), None);
    }
}
