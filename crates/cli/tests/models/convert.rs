//! What `neurona convert` writes.

use crate::golden::{Golden, check_close, tensor};
use neurona::data::{npy, npz, safetensors};
use neurona::prelude::Model;

#[test]
fn a_model_becomes_a_model_that_predicts_and_trains_the_same() {
    let golden = Golden::new("functional_residual", "convert-model");
    golden.output("convert @model.keras @ours.keras");
    golden.output("predict @ours.keras --input @x0.npy --output @p.npy");
    let found = npy::read(golden.path("p.npy")).unwrap();
    check_close(&found.to_f64(), &tensor(&golden.json["outputs"][0]).to_f64(), 1e-5);
    let train = |from: &str, to: &str| {
        golden.output(&format!(
            "train @{from} --data @x0.npy --target @y0.npy --epochs 2 --output @{to}"
        ));
        Model::load(golden.path(to)).unwrap().weights().unwrap()
    };
    assert_eq!(train("model.keras", "a.keras"), train("ours.keras", "b.keras"));
}

#[test]
fn weights_become_files_of_weights_and_those_each_other() {
    let golden = Golden::new("optimizer_adam", "convert-weights");
    let weights = Model::load(golden.path("model.keras")).unwrap().weights().unwrap();
    golden.output("convert @model.keras @w.safetensors");
    golden.output("convert @model.keras @w.npz");
    golden.output("convert @w.npz @from-npz.safetensors");
    golden.output("convert @w.safetensors @from-safetensors.npz");
    let npz = |name: &str| npz::read(golden.path(name)).unwrap();
    let safetensors = |name: &str| safetensors::read(golden.path(name)).unwrap();
    for (name, found) in [
        ("w.safetensors", safetensors("w.safetensors")),
        ("w.npz", npz("w.npz")),
        ("from-npz.safetensors", safetensors("from-npz.safetensors")),
        ("from-safetensors.npz", npz("from-safetensors.npz")),
    ] {
        assert_eq!(found.len(), weights.len(), "{name}");
        for (name, array) in &weights {
            let (_, tensor) = found.iter().find(|(other, _)| other == name).expect("a weight");
            assert_eq!(tensor.view::<f32>().unwrap(), array.view(), "{name}");
        }
    }
}

#[test]
fn older_files_become_models_of_today_and_weights_those_of_keras() {
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/files");
    let golden = Golden::new("pictures", "convert-older");
    golden.output(&format!("convert {files}/keras2_pictures.h5 @today.keras"));
    golden.output(&format!("inspect {files}/keras2_pictures.h5"));
    let before = Model::load(format!("{files}/keras2_pictures.h5")).unwrap().weights().unwrap();
    let mut today = Model::load(golden.path("today.keras")).unwrap();
    assert_eq!(today.weights().unwrap(), before);
    golden.output("convert @today.keras @w.weights.h5");
    let zeros: Vec<_> = before.iter().map(|(_, values)| values * 0.0).collect();
    today.set_weights(&zeros).unwrap();
    today.load_weights(golden.path("w.weights.h5")).unwrap();
    assert_eq!(today.weights().unwrap(), before);
}
