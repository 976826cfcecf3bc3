//! Weights in files: the same bits back, and mistakes that change nothing.

use ndarray::{Array2, array};
use neurona::data::safetensors;
use neurona::message::Lang;
use neurona::prelude::*;
use neurona::tensor::{Shape, Tensor, ToTensor};
use neurona::{Code, train::Event};
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("neurona-saving-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn model(seed: u64) -> Sequential {
    let mut model = Sequential::new([6, 6, 1])
        .seed(seed)
        .add(Conv2D::new(3, 3).activation(Relu))
        .add(BatchNormalization::default())
        .add(Flatten)
        .add(Dense::new(2).activation(Softmax));
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Adam::new(0.01), loss, [Metric::Accuracy]).unwrap();
    model
}

fn digits() -> (ndarray::Array4<f32>, ndarray::Array1<u8>) {
    let at = |(n, i, j, _): (usize, usize, usize, usize)| ((n * 7 + i * 3 + j) % 11) as f32 / 11.0;
    let x = ndarray::Array4::from_shape_fn((20, 6, 6, 1), at);
    let y = (0..20).map(|n| n % 2).collect();
    (x, y)
}

#[test]
fn tensors_of_every_type_come_back_to_the_bit() {
    let path = folder("types").join("all.safetensors");
    let floats = array![[f32::MIN_POSITIVE, -0.0, f32::MAX], [1.0e-40, 0.1, f32::INFINITY]];
    let (doubles, ints) = (array![0.1f64, -1e300], array![[[i32::MIN], [7]]]);
    let (bytes, truths) = (array![0u8, 255, 3], array![true, false]);
    let empty = Tensor::new(Shape::new(&[0, 4]).unwrap(), Vec::<f32>::new()).unwrap();
    let scalar = Tensor::new(Shape::SCALAR, vec![3.5f32]).unwrap();
    let all = [
        ("floats", (&floats).to_tensor().unwrap()),
        ("doubles", (&doubles).to_tensor().unwrap()),
        ("ints", (&ints).to_tensor().unwrap()),
        ("bytes", (&bytes).to_tensor().unwrap()),
        ("truths", (&truths).to_tensor().unwrap()),
        ("número \"1\"/ñ", scalar),
        ("empty", empty),
    ]
    .map(|(name, tensor)| (name.to_owned(), tensor));
    safetensors::write(&path, &all).unwrap();
    let mut read = safetensors::read(&path).unwrap();
    let mut all = all.to_vec();
    read.sort_by(|a, b| a.0.cmp(&b.0));
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(read, all);
}

#[test]
fn weights_come_back_to_the_bit_those_that_training_does_not_learn_too() {
    let path = folder("bits").join("weights.safetensors");
    let (x, y) = digits();
    let mut trained = model(1);
    trained.fit(&x, &y, Fit::epochs(2).verbose(Verbose::Silent)).unwrap();
    trained.save_weights(&path).unwrap();
    let mut other = model(2);
    assert_ne!(other.weights().unwrap(), trained.weights().unwrap());
    other.load_weights(&path).unwrap();
    assert_eq!(other.weights().unwrap(), trained.weights().unwrap());
    assert_eq!(other.predict(&x).unwrap(), trained.predict(&x).unwrap());
}

#[test]
fn a_file_that_does_not_suit_is_refused_and_changes_nothing() {
    let folder = folder("refused");
    let path = |name: &str| folder.join(name);
    let mut model = model(1);
    let before = model.weights().unwrap();
    let other_layers = Sequential::new([4]).add(Dense::new(2).named("last"));
    { other_layers }.save_weights(path("names.safetensors")).unwrap();
    let fewer = Sequential::new([6, 6, 1]).add(Conv2D::new(3, 3));
    fewer.save_weights(path("fewer.safetensors")).unwrap();
    let wider = model_with(5);
    wider.save_weights(path("wider.safetensors")).unwrap();
    fs::write(path("text.safetensors"), "these are no weights").unwrap();
    let whole = fs::read(path("wider.safetensors")).unwrap();
    fs::write(path("cut.safetensors"), &whole[..whole.len() - 3]).unwrap();
    for (name, code, words) in [
        ("names.safetensors", Code::E015, "last/"),
        ("fewer.safetensors", Code::E015, "the file has no weight \"batch_normalization/gamma\""),
        ("wider.safetensors", Code::E012, "[3, 3, 1, 3] in the model but [3, 3, 1, 5] in the file"),
        ("text.safetensors", Code::E034, "this is not a safetensors file"),
        ("cut.safetensors", Code::E034, "this is not a safetensors file"),
        ("none.safetensors", Code::E031, "the file does not exist"),
        ("weights.hdf", Code::E016, "does not end in .safetensors"),
    ] {
        let error = model.load_weights(path(name)).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert_ne!(error.in_lang(Lang::Es), error.in_lang(Lang::En));
        assert_eq!(model.weights().unwrap(), before);
    }
    let error = model.save_weights(folder.join("none/weights.safetensors")).unwrap_err();
    assert_eq!(error.code(), Code::E035, "{error}");
    let deferred = Sequential::deferred().add(Dense::new(1));
    assert_eq!(deferred.save_weights(path("a.safetensors")).unwrap_err().code(), Code::E014);
}

fn model_with(filters: usize) -> Sequential {
    Sequential::new([6, 6, 1])
        .add(Conv2D::new(filters, 3).activation(Relu))
        .add(BatchNormalization::default())
        .add(Flatten)
        .add(Dense::new(2).activation(Softmax))
}

#[test]
fn each_epoch_is_kept_under_its_name_and_the_best_under_one() {
    let folder = folder("epochs");
    let (x, y) = digits();
    let each = ModelCheckpoint::new(folder.join("each/{epoch:02d}.safetensors"));
    let best = ModelCheckpoint::new(folder.join("best.safetensors")).save_best_only(true);
    let mut losses = Vec::new();
    let watch = |event: &Event<'_>| {
        if let Event::EpochEnd { logs, .. } = event {
            losses.push(logs["val_loss"]);
        }
        ControlFlow::Continue(())
    };
    let fit = Fit::epochs(6).verbose(Verbose::Silent).validation_data(&x, &y);
    let mut trained = model(3);
    trained.fit(&x, &y, fit.callback(each).callback(best).callback(watch)).unwrap();
    let names = |epoch: usize| folder.join(format!("each/{:02}.safetensors", epoch + 1));
    assert_eq!(fs::read_dir(folder.join("each")).unwrap().count(), 6);
    let lowest = (0..6).min_by(|a, b| losses[*a].total_cmp(&losses[*b])).unwrap();
    let bytes = |path: PathBuf| fs::read(path).unwrap();
    assert_eq!(bytes(folder.join("best.safetensors")), bytes(names(lowest)));
    let mut again = model(4);
    again.load_weights(names(5)).unwrap();
    assert_eq!(again.weights().unwrap(), trained.weights().unwrap());
}

#[test]
fn checkpoints_that_cannot_be_are_refused_before_training_and_failures_in_it_are_notes() {
    let folder = folder("notes");
    let (x, y) = (Array2::<f32>::zeros((4, 1)), array![0.0f32, 1.0, 0.0, 1.0]);
    let small = || {
        let mut model = Sequential::new([1]).add(Dense::new(1));
        model.compile(Sgd::default(), MeanSquaredError, []).unwrap();
        model
    };
    let fit = |checkpoint| Fit::epochs(2).verbose(Verbose::Silent).callback(checkpoint);
    let new = |name: &str| ModelCheckpoint::new(folder.join(name));
    for (checkpoint, code) in [
        (new("a.h5"), Code::E016),
        (new("{los}.safetensors"), Code::E015),
        (new("a.safetensors").save_best_only(true), Code::E015),
        (new("\0/a.safetensors"), Code::E035),
    ] {
        let mut model = small();
        let before = model.weights().unwrap();
        let error = model.fit(&x, &y, fit(checkpoint)).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(model.weights().unwrap(), before);
    }
    // A folder with that name appears after training has begun.
    let mut notes = Vec::new();
    let path = folder.join("late.safetensors");
    let in_the_way = path.join("inside");
    let watch = |event: &Event<'_>| {
        match event {
            Event::EpochBegin { epoch: 0, .. } => fs::create_dir_all(&in_the_way).unwrap(),
            Event::Note(finding) if finding.code == "W035" => {
                notes.push(finding.text.get(Lang::En).to_owned())
            }
            _ => {}
        }
        ControlFlow::Continue(())
    };
    let history = small().fit(&x, &y, fit(ModelCheckpoint::new(&path)).callback(watch)).unwrap();
    assert_eq!((history["loss"].len(), notes.len()), (2, 2));
    assert!(notes[0].contains("late.safetensors"), "{}", notes[0]);
}

#[test]
fn the_history_of_a_model_is_that_of_all_its_trainings_also_in_its_file() {
    let folder = folder("history");
    let (x, y) = digits();
    let mut model = model(3);
    let quiet = |epochs| Fit::epochs(epochs).verbose(Verbose::Silent);
    let first = model.fit(&x, &y, quiet(2)).unwrap();
    assert_eq!(model.history(), &first);
    let second = model.fit(&x, &y, quiet(1)).unwrap();
    assert_eq!(model.history().epoch, [0, 1, 2]);
    assert_eq!(model.history()["loss"], [&first["loss"][..], &second["loss"]].concat());
    let path = folder.join("model.keras");
    model.save(&path).unwrap();
    assert_eq!(Model::load(&path).unwrap().history(), model.history());

    // A run that is stopped and resumed is recorded once.
    let stop = Stop::default();
    let after_one = |event: &Event<'_>| {
        if let Event::EpochEnd { .. } = event {
            stop.request();
        }
        ControlFlow::Continue(())
    };
    let run = || Run::new(folder.join("run"));
    model.fit(&x, &y, quiet(3).callback(after_one).run(run().stop(&stop))).unwrap();
    assert_eq!(model.history().epoch.len(), 4);
    let whole = model.fit(&x, &y, quiet(3).run(run().resume(true))).unwrap();
    assert_eq!(model.history().epoch.len(), 6);
    assert_eq!(model.history()["loss"][3..], whole["loss"]);
    fs::remove_dir_all(folder).ok();
}
