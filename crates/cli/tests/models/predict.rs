//! What `neurona predict` writes and shows.

use crate::golden::{Golden, check_close, tensor};
use neurona::data::{npy, npz};
use std::fs;

#[test]
fn files_of_outputs_are_keras() {
    let golden = Golden::new("convolutions", "predict-one");
    let out = golden.output("predict @model.keras --input @x0.npy --output @p.npy");
    assert_eq!(out, "");
    let found = npy::read(golden.path("p.npy")).unwrap();
    let wanted = tensor(&golden.json["outputs"][0]);
    assert_eq!(found.shape(), wanted.shape());
    check_close(&found.to_f64(), &wanted.to_f64(), 1e-5);
}

#[test]
fn every_model_of_keras_predicts() {
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/files");
    let names =
        fs::read_dir(files).expect("listed").map(|entry| entry.expect("listed").file_name());
    let names = names.filter_map(|name| Some(name.to_str()?.strip_suffix(".keras")?.to_owned()));
    let mut count = 0;
    for name in names {
        let golden = Golden::new(&name, "predict-every");
        let wanted: Vec<_> =
            golden.json["outputs"].as_array().unwrap().iter().map(tensor).collect();
        let mut line = "predict @model.keras --output @p.npz".to_owned();
        for i in 0..golden.json["inputs"].as_array().unwrap().len() {
            line += &format!(" --input @x{i}.npy");
        }
        golden.output(&line);
        let found = npz::read(golden.path("p.npz")).unwrap();
        assert_eq!(found.len(), wanted.len(), "{name}");
        for ((_, found), wanted) in found.iter().zip(&wanted) {
            assert_eq!(found.shape(), wanted.shape(), "{name}");
            check_close(&found.to_f64(), &wanted.to_f64(), 1e-5);
        }
        count += 1;
    }
    assert!(count >= 50, "only {count} files");
}

#[test]
fn several_inputs_and_outputs_are_in_the_models_order_or_by_name() {
    let golden = Golden::new("functional_dictionaries", "predict-several");
    golden.output("predict @model.keras --input @x0.npy --input @x1.npy --output @kind.npy --output @number.npy");
    let wanted: Vec<_> = golden.json["outputs"].as_array().unwrap().iter().map(tensor).collect();
    for (file, wanted) in ["kind.npy", "number.npy"].iter().zip(&wanted) {
        let found = npy::read(golden.path(file)).unwrap();
        check_close(&found.to_f64(), &wanted.to_f64(), 1e-5);
    }
    // In a file of several arrays the order is by name, which is not the model's order.
    let x = |i| npy::read(golden.path(&format!("x{i}.npy"))).unwrap();
    npz::write(golden.path("x.npz"), &[("b".to_owned(), x(1)), ("a".to_owned(), x(0))]).unwrap();
    golden.output("predict @model.keras --input @x.npz --output @p.npz --threads 1");
    let found = npz::read(golden.path("p.npz")).unwrap();
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["kind", "number"]);
    for (file, (_, found)) in ["kind.npy", "number.npy"].iter().zip(&found) {
        assert_eq!(&npy::read(golden.path(file)).unwrap(), found);
    }
    // `numpy.savez(file, a, b)` names nothing.
    npz::write(golden.path("n.npz"), &[("arr_0".to_owned(), x(0)), ("arr_1".to_owned(), x(1))])
        .unwrap();
    golden.output("predict @model.keras --input @n.npz --output @q.npz");
    assert_eq!(npz::read(golden.path("q.npz")).unwrap(), found);
}

#[test]
fn without_a_file_the_first_rows_are_shown() {
    let golden = Golden::new("functional_dictionaries", "predict-shown");
    let shown = |lang: &str| {
        golden
            .output(&format!("predict @model.keras --input @x0.npy --input @x1.npy --lang {lang}"))
    };
    let (en, es) = (shown("en"), shown("es"));
    assert!(en.starts_with("kind (20×3)\n     0     0.2013    0.5856    0.2132\n"), "{en}");
    assert!(es.starts_with("kind (20×3)\n     0     0,2013    0,5856    0,2132\n"), "{es}");
    assert!(en.contains("… and 10 rows more") && en.contains("number (20×1)"), "{en}");
    assert!(es.contains("… y 10 filas más"), "{es}");
    assert_eq!(en.lines().count(), 24);
}
