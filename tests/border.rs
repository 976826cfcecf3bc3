//! The border: everything given to a model is checked before the first step, and taken as Keras
//! takes it.

use ndarray::{Array1, Array2, Array3, Array4, array};
use neurona::Code;
use neurona::data::dataset::{self, Dataset};
use neurona::data::npy;
use neurona::message::Lang;
use neurona::nn::{BinaryIoU, WeightedLoss};
use neurona::prelude::*;
use neurona::tensor::Tensor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/border").join(name)
}

fn load(name: &str) -> (Model, impl Fn(&str) -> Tensor<'static>) {
    let folder = golden(name);
    let model = Model::load(folder.join("model.keras")).unwrap();
    (model, move |array: &str| npy::read(folder.join(array)).unwrap())
}

fn quiet<'a>(epochs: usize) -> Fit<'a> {
    Fit::epochs(epochs).shuffle(false).verbose(Verbose::Silent)
}

/// An error in both languages, with these words in the English one.
fn check(error: &Error, code: Code, needles: &[&str]) {
    assert_eq!(error.code(), code, "{error}");
    for needle in needles {
        assert!(error.to_string().contains(needle), "no \"{needle}\" in {error}");
    }
    assert_ne!(error.in_lang(Lang::Es), error.to_string());
}

#[test]
fn held_out_samples_keep_their_weights_as_in_keras() {
    let (mut model, array) = load("weighted_validation");
    let (x, y, w) = (array("x.npy"), array("y.npy"), array("w.npy"));
    let fit = || quiet(1).validation_split(0.25);
    let history = model.fit(&x, &y, fit().sample_weight(&w)).unwrap();
    assert!((history["val_loss"][0] - 1.42198).abs() < 1e-5, "{:?}", history["val_loss"]);
    let accuracy = history["val_wacc"][0];
    assert!((accuracy - 0.71724).abs() < 1e-5, "{accuracy}");

    // The same as weights of validation data, as a column, and in an evaluation of the trained model.
    let [held_x, held_y, held_w] = [&x, &y, &w].map(|all| all.slice_rows(30, 40));
    let column: Array2<f32> =
        Array2::from_shape_vec((10, 1), held_w.to_f64()).unwrap().mapv(|w| w as f32);
    let options = Evaluate::default().sample_weight(&column).batch_size(7);
    let scores = model.evaluate_with(&held_x, &held_y, options).unwrap();
    assert!((scores.loss - 1.42198).abs() < 1e-5, "{}", scores.loss);
    assert!((scores["wacc"] - 0.71724).abs() < 1e-5);
    let plain = model.evaluate(&held_x, &held_y).unwrap();
    assert!((plain.loss - 1.42198).abs() > 0.1, "{}", plain.loss);
    let (mut again, _) = load("weighted_validation");
    let [train_x, train_y, train_w] = [&x, &y, &w].map(|all| all.slice_rows(0, 30));
    let fit = quiet(1).sample_weight(&train_w).validation_data_weighted(&held_x, &held_y, &column);
    let found = again.fit(&train_x, &train_y, fit).unwrap();
    assert_eq!(found.history, history.history);

    // Samples whose classes have weights are held out without them.
    let classes = [(0, 1.0), (1, 5.0)];
    let (mut model, _) = load("weighted_validation");
    let history = model.fit(&x, &y, quiet(1).validation_split(0.25).class_weight(classes)).unwrap();
    let plain = model.evaluate(&held_x, &held_y).unwrap();
    assert!((history["val_loss"][0] - plain.loss).abs() < 1e-6);
}

#[test]
fn weights_that_do_not_fit_are_refused_before_the_first_step() {
    let (mut model, array) = load("weighted_validation");
    let (x, y) = (array("x.npy"), array("y.npy"));
    let before = model.weights().unwrap();
    let ones = |rows: usize| Array1::<f64>::ones(rows);
    let mut bad = ones(40);
    bad[3] = 1e300;
    let mut negative = ones(40);
    negative[5] = -1.0;
    let wide = Array2::<f64>::ones((40, 2));
    for (error, code, needle) in [
        (model.fit(&x, &y, quiet(1).sample_weight(&bad)), Code::E023, "1e300 at [3]"),
        (model.fit(&x, &y, quiet(1).sample_weight(&negative)), Code::E022, "row 5 is -1"),
        (model.fit(&x, &y, quiet(1).sample_weight(&wide)), Code::E021, "(rows, 1)"),
        (model.fit(&x, &y, quiet(1).sample_weight(ones(39))), Code::E024, "40 samples, but 39"),
        (
            model.fit(&x, &y, quiet(1).validation_data_weighted(&x, &y, &bad)),
            Code::E023,
            "validation_data",
        ),
    ] {
        check(&error.unwrap_err(), code, &[needle]);
    }
    let options = Evaluate::default().sample_weight(&negative);
    check(&model.evaluate_with(&x, &y, options).unwrap_err(), Code::E022, &["sample_weight"]);
    let none = Evaluate::default().batch_size(0);
    check(&model.evaluate_with(&x, &y, none).unwrap_err(), Code::E016, &["not 0"]);
    let none = Predict { batch_size: 0 };
    check(&model.predict_with(&x, none).unwrap_err(), Code::E016, &["not 0"]);
    assert_eq!(model.weights().unwrap(), before);
}

/// A compiled model from two numbers to one.
fn line() -> Sequential {
    let mut model = Sequential::new([2]).add(Dense::new(1));
    model.compile(Sgd::new(0.1), MeanSquaredError, []).unwrap();
    model
}

#[test]
fn doubles_beyond_32_bits_are_not_finite_wherever_they_enter() {
    let (ok, y) = (array![[1.0f64, 2.0], [3.0, 4.0]], array![1.0f64, 2.0]);
    let huge = array![[1.0f64, 2.0], [-1e39, 4.0]];
    let huge_y = array![1.0, 1e300];
    let mut model = line();
    let before = model.weights().unwrap();
    let rows = |x: &Array2<f64>| {
        let x = x.clone();
        dataset::range(2).map(move |i| Ok((x.row(i).to_owned(), 1.0f64))).batch(1)
    };
    let errors = [
        model.fit(&huge, &y, quiet(1)).unwrap_err(),
        model.fit(&ok, &y, quiet(1).validation_data(&huge, &y)).unwrap_err(),
        model.train_on_batch(&huge, &y).unwrap_err(),
        model.evaluate(&huge, &y).unwrap_err(),
        model.predict(&huge).unwrap_err(),
        model.outputs_of("dense", &huge).unwrap_err(),
        model.explain(&huge, &y).unwrap_err(),
        model.lr_find(&huge, &y, LrFind::default()).unwrap_err(),
        model.profile(&huge, &y, 1, 1).unwrap_err(),
        model.evaluate_dataset(&rows(&huge)).unwrap_err(),
    ];
    for error in &errors {
        check(error, Code::E023, &["-1e39", "not finite", "3.4e38"]);
    }
    for error in [
        model.fit(&ok, &huge_y, quiet(1)).unwrap_err(),
        model.evaluate(&ok, &huge_y).unwrap_err(),
        model.explain(&ok, &huge_y).unwrap_err(),
    ] {
        check(&error, Code::E023, &["y has a number", "1e300 at [1]"]);
    }
    let weights = [array![[1e39f64], [0.0]].into_dyn(), array![0.0f64].into_dyn()];
    check(&model.set_weights(&weights).unwrap_err(), Code::E023, &["dense/kernel", "1e39"]);
    assert_eq!(model.weights().unwrap(), before);
    for weight in [1e39, f64::NAN] {
        let loss = WeightedLoss { weight, ..WeightedLoss::from(MeanSquaredError) };
        let error = line().compile(Sgd::new(0.1), loss, []).unwrap_err();
        check(&error, Code::E016, &["loss: the weight of mean_squared_error", "finite"]);
    }
    let data = neurona::tensor::ToTensor::to_tensor(&huge).unwrap();
    check(&Normalization::adapt(&data, -1).unwrap_err(), Code::E023, &["-1e39 at [1, 0]"]);
    // The largest number in 32 bits is finite.
    assert!(model.predict(&array![[f64::from(f32::MAX), 0.0]]).is_ok());
}

/// A model for one-hot rows or labels of three classes.
fn three() -> Sequential {
    let mut model = Sequential::new([2])
        .add(Dense::new(3).kernel_initializer(Initializer::Zeros).activation(Softmax));
    model.compile(Sgd::new(0.0), CategoricalCrossentropy::default(), []).unwrap();
    model
}

fn weighed<const N: usize>(weights: [(usize, f64); N]) -> Fit<'static> {
    quiet(1).class_weight(weights)
}

#[test]
fn a_sample_has_the_weight_of_its_one_class() {
    let x = array![[0.0f32, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
    let loss = |y: &Array2<f32>| three().fit(&x, y, weighed([(1, 10.0)])).unwrap()["loss"][0];
    // Each sample's loss is ln 3, and one of them counts ten times.
    let one_hot = array![[1.0f32, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]];
    assert!((loss(&one_hot) - 13.0 / 4.0 * 3f64.ln()).abs() < 1e-5);
    // Soft rows belong to the class with the largest share; a row of zeros adds nothing.
    let soft = array![[0.8f32, 0.1, 0.1], [0.2, 0.5, 0.3], [0.1, 0.1, 0.8], [0.0, 0.0, 0.0]];
    assert!((loss(&soft) - 12.0 / 4.0 * 3f64.ln()).abs() < 1e-5);
    let labels = three().fit(&x, &array![0u8, 1, 2, 0], weighed([(1, 10.0)])).unwrap();
    assert!((labels["loss"][0] - 13.0 / 4.0 * 3f64.ln()).abs() < 1e-5);

    // One sigmoid unit: 0 and 1, in a row or a column.
    let mut binary = Sequential::new([2])
        .add(Dense::new(1).kernel_initializer(Initializer::Zeros).activation(Sigmoid));
    binary.compile(Sgd::new(0.0), BinaryCrossentropy::default(), []).unwrap();
    let y = array![0.0f32, 1.0, 1.0, 0.0];
    let found = binary.fit(&x, &y, weighed([(1, 3.0)])).unwrap()["loss"][0];
    assert!((found - 2.0 * 2f64.ln()).abs() < 1e-5, "{found}");
    let column = y.into_shape_with_order((4, 1)).unwrap();
    assert_eq!(binary.fit(&x, &column, weighed([(1, 3.0)])).unwrap()["loss"][0], found);
    check(&binary.fit(&x, &column, weighed([(2, 3.0)])).unwrap_err(), Code::E022, &["class 2"]);
}

#[test]
fn classes_of_samples_of_several_labels_have_no_weights() {
    let mut steps = Sequential::new([2, 1])
        .add(Dense::new(2).kernel_initializer(Initializer::Zeros).activation(Softmax));
    steps.compile(Sgd::new(0.0), SparseCategoricalCrossentropy::default(), []).unwrap();
    let x = Array3::<f32>::ones((2, 2, 1));
    let error = steps.fit(&x, &array![[0i32, 0], [1, 1]], weighed([(1, 10.0)])).unwrap_err();
    check(&error, Code::E021, &["class_weight", "2 labels", "sample_weight"]);

    let mut pixels = Sequential::new([2, 2, 1]).add(Dense::new(1).activation(Sigmoid));
    pixels.compile(Sgd::new(0.0), BinaryCrossentropy::default(), []).unwrap();
    let picture = Array4::<f32>::ones((3, 2, 2, 1));
    let error = pixels.fit(&picture, &picture, weighed([(1, 2.0)])).unwrap_err();
    check(&error, Code::E021, &["4 labels"]);

    let x = Array2::<f32>::ones((2, 2));
    let mut several = Sequential::new([2]).add(Dense::new(3).activation(Sigmoid));
    several.compile(Sgd::new(0.0), BinaryCrossentropy::default(), []).unwrap();
    let labels = array![[0.0f32, 1.0, 0.0], [1.0, 1.0, 0.0]];
    check(&several.fit(&x, &labels, weighed([(1, 2.0)])).unwrap_err(), Code::E021, &["row 1"]);

    let mut two = Sequential::new([2]).add(Dense::new(2));
    two.compile(Sgd::new(0.0), MeanSquaredError, []).unwrap();
    let numbers = array![[1.5f32, 2.5], [0.5, 0.5]];
    check(&two.fit(&x, &numbers, weighed([(1, 2.0)])).unwrap_err(), Code::E021, &["row 0"]);
    let numbers = array![1.0f32, 2.5];
    check(&line().fit(&x, &numbers, weighed([(1, 2.0)])).unwrap_err(), Code::E021, &["2.5"]);
}

#[test]
fn weights_of_classes_are_checked_before_the_first_step() {
    let (x, y) = (Array2::<f32>::ones((2, 2)), array![0u8, 1]);
    for (weights, code, needle) in [
        (
            vec![(0, -1.0), (1, 5.0)],
            Code::E016,
            "class 0 must be a finite number of at least 0, not -1",
        ),
        (vec![(0, f64::NAN)], Code::E016, "not NaN"),
        (vec![(0, 1e39)], Code::E016, "class 0"),
        (vec![(0, 1.0), (7, 5.0)], Code::E022, "no class 7: the classes are 0 to 2"),
        (vec![(0, 1.0), (0, 5.0)], Code::E016, "given twice, with the weights 1 and 5"),
    ] {
        // A model that has no sample shape yet does not get one.
        let mut model = Sequential::deferred().add(Dense::new(3).activation(Softmax));
        model.compile(Sgd::default(), SparseCategoricalCrossentropy::default(), []).unwrap();
        let error = model.fit(&x, &y, quiet(1).class_weight(weights)).unwrap_err();
        check(&error, code, &["class_weight", needle]);
        assert_eq!(model.sample_shapes(), None);
    }
}

#[test]
fn a_last_dimension_of_one_is_added_or_left_out_as_in_keras() {
    let (mut model, array) = load("missing_channel");
    let (x, x4, y) = (array("x.npy"), array("x4.npy"), array("y.npy"));
    let predicted = model.predict(&x).unwrap();
    assert_eq!(predicted, model.predict(&x4).unwrap());
    let wanted = array("keras_predict.npy").to_f64();
    let close = |(a, b): (&f32, &f64)| (f64::from(*a) - b).abs() < 1e-6;
    assert!(predicted.iter().zip(&wanted).all(close));
    let scores = model.evaluate(&x, &y).unwrap();
    assert!((scores.loss - 1.0986).abs() < 1e-4, "{}", scores.loss);
    let history = model.fit(&x, &y, quiet(1).validation_data(&x, &y)).unwrap();
    let (mut other, _) = load("missing_channel");
    let same = other.fit(&x4, &y, quiet(1).validation_data(&x4, &y)).unwrap();
    assert_eq!(history.history, same.history);
    let explained = model.explain(x.slice_rows(0, 1), y.slice_rows(0, 1)).unwrap();
    let channel = model.explain(x4.slice_rows(0, 1), y.slice_rows(0, 1)).unwrap();
    assert_eq!(explained.loss(), channel.loss());

    // The reverse, and numbers for samples of shape (1).
    let flat = Model::load(golden("missing_channel/model66.keras")).unwrap();
    assert_eq!(flat.predict(&x4).unwrap(), flat.predict(&x).unwrap());
    let mut line = Model::load(golden("missing_channel/model1.keras")).unwrap();
    let scores = line.evaluate(array("x1.npy"), array("y1.npy")).unwrap();
    assert!((scores.loss - 1.4706).abs() < 1e-4, "{}", scores.loss);

    // Batch by batch, too.
    let numbers = dataset::range(7).map(|i| Ok((i as f32 / 6.0, i as f32 / 3.0 + 1.0))).batch(3);
    let scores = line.evaluate_dataset(&numbers).unwrap();
    assert!((scores.loss - 1.4706).abs() < 1e-4, "{}", scores.loss);
    line.fit_dataset(&numbers, quiet(1)).unwrap();

    // Anything else is an error that can be followed.
    let error = model.predict(Array2::<f32>::zeros((9, 36))).unwrap_err();
    check(&error, Code::E012, &["reshape x to (9, 6, 6, 1)"]);
    let error = model.predict(Array3::<f32>::zeros((6, 6, 1))).unwrap_err();
    check(&error, Code::E012, &["add a first dimension", "(1, 6, 6, 1)"]);
}

#[test]
fn rows_of_classes_are_probabilities() {
    let x = Array2::<f32>::ones((3, 2));
    let mut model = three();
    for (y, needles) in [
        (
            array![[1.0f32, 0.0, 0.0], [0.0, 7.0, 0.0], [0.0, 0.0, 1.0]],
            ["7.000 at [1, 1]", "to_categorical"],
        ),
        (
            array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, -0.5, 1.0]],
            ["-0.500 at [2, 1]", "from 0 to 1"],
        ),
        (
            array![[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            ["row 1 of y sums to 2.000", "sigmoid"],
        ),
        (
            array![[0.5, 0.3, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
            ["row 0 of y sums to 0.800", "sum to 1"],
        ),
    ] {
        check(&model.fit(&x, &y, quiet(1)).unwrap_err(), Code::E022, &needles);
        check(&model.evaluate(&x, &y).unwrap_err(), Code::E022, &needles);
    }
    // Shares that sum to 1 except for rounding are fine, and rows of zeros are noted.
    let soft = array![[0.333f32, 0.333, 0.333], [0.9, 0.05, 0.05], [0.0, 0.0, 0.0]];
    assert!(model.evaluate(&x, &soft).is_ok());
    let notes = model.data_notes(&x, &soft).unwrap();
    let found: Vec<&str> = notes.iter().map(|note| note.code).collect();
    assert_eq!(found, ["W022"]);
    assert!(
        notes[0]
            .text
            .get(Lang::En)
            .starts_with("some rows of y hold only zeros (1, the first is row 2)")
    );
}

#[test]
fn numbers_that_name_rows_are_whole() {
    let mut model = Sequential::new([2]).add(Embedding::new(5, 3)).add(Flatten).add(Dense::new(1));
    model.compile(Sgd::default(), MeanSquaredError, []).unwrap();
    let x = array![[1.0f32, 4.0], [2.7, 0.0]];
    let needles = ["2.7 at [1, 0]", "not a whole number", "from 0 to 4"];
    check(&model.predict(&x).unwrap_err(), Code::E022, &needles);
    check(&model.fit(&x, &array![0.0f32, 1.0], quiet(1)).unwrap_err(), Code::E022, &needles);
    assert!(model.predict(&array![[1.0f32, 4.0]]).is_ok());
}

#[test]
fn answers_that_are_none_are_not_counted() {
    let labels = array![0i64, 1, 1];
    for (bad, shown) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (f32::NEG_INFINITY, "-inf")] {
        let predictions = array![[0.9f32, 0.1], [0.2, 0.8], [bad, bad]].into_dyn();
        for error in [
            ConfusionMatrix::from_probabilities(&labels, &predictions).unwrap_err(),
            classification_report(&labels, &predictions, &[]).unwrap_err(),
            top_k_accuracy(&labels, &predictions, 1).unwrap_err(),
        ] {
            check(&error, Code::E023, &["predictions", &format!("{shown} at row 2, column 0")]);
        }
        let one = array![[0.9f32], [0.2], [bad]].into_dyn();
        let error = ConfusionMatrix::from_probabilities(&labels, &one).unwrap_err();
        check(&error, Code::E023, &["row 2"]);
    }
    let good = array![[0.9f32, 0.1], [0.2, 0.8]].into_dyn();
    let unknown = array![0i64, -1];
    for error in [
        ConfusionMatrix::from_probabilities(&unknown, &good).unwrap_err(),
        classification_report(&unknown, &good, &[]).unwrap_err(),
        top_k_accuracy(&unknown, &good, 1).unwrap_err(),
        ConfusionMatrix::from_labels(&unknown, &array![0u8, 1], 2).unwrap_err(),
    ] {
        check(&error, Code::E022, &["label -1 at row 1", "0 to 1"]);
    }
    let error = ConfusionMatrix::from_labels(&array![0u8, 1], &unknown, 2).unwrap_err();
    check(&error, Code::E022, &["predicted label -1 at row 1"]);
    // No classes to count, and more of them than any memory holds.
    for (classes, needle) in [(0, "at least one class"), (1 << 40, "1,099,511,627,776 classes")] {
        let error = ConfusionMatrix::from_labels([0u8], [0u8], classes).unwrap_err();
        check(&error, Code::E016, &[needle]);
    }
    let error = ConfusionMatrix::from_probabilities([0u8], Array2::<f32>::zeros((1, 0)));
    check(&error.unwrap_err(), Code::E016, &["at least one class"]);
    // Large numbers are not shown with hundreds of digits.
    let error = ConfusionMatrix::from_labels([1e300, 0.0], [0u8, 0], 2).unwrap_err();
    check(&error, Code::E022, &["row 0 is 1e300, not"]);
    let weights = [(0, 1e300)];
    let error = three().fit(array![[0.0f32, 1.0]], [0], quiet(1).class_weight(weights));
    check(&error.unwrap_err(), Code::E016, &["not 1e300"]);
}

#[test]
fn two_numbers_of_one_name_are_refused() {
    let (x, y) = halves();
    let mae = |name: &str| binary([Metric::MeanAbsoluteError.named(name)]);
    // Which of the two would be followed, and kept in the history?
    for (name, validates) in [("loss", false), ("val_loss", true), ("val_val_loss", true)] {
        let metrics = [Metric::Accuracy.named(name), Metric::MeanAbsoluteError.named("val_loss")];
        let mut model = if name == "loss" { mae(name) } else { binary(metrics) };
        let before = model.weights().unwrap();
        let split = if validates { 0.25 } else { 0.0 };
        let stop = EarlyStopping::new("loss");
        let error = model.fit(&x, &y, quiet(2).validation_split(split).callback(stop)).unwrap_err();
        check(&error, Code::E016, &["metrics", "two numbers in the logs", "named("]);
        assert_eq!(model.weights().unwrap(), before);
    }
    check(&mae("loss").evaluate(&x, &y).unwrap_err(), Code::E016, &["called \"loss\""]);
    mae("val_loss").fit(&x, &y, quiet(1)).unwrap();
    let slower = || ReduceLrOnPlateau::new("loss");
    let error = mae("learning_rate").fit(&x, &y, quiet(1).callback(slower())).unwrap_err();
    check(&error, Code::E016, &["called \"learning_rate\""]);
    // An output's name is put before the names of its metrics.
    let input = Input::named("x", [2]);
    let outputs = ["a", "a_b"].map(|name| Dense::new(1).named(name).on(&input));
    let mut model = Model::new([&input], &outputs).unwrap();
    let metrics = [
        Metric::MeanAbsoluteError.named("b_error").on("a"),
        Metric::Accuracy.named("error").on("a_b"),
    ];
    model.compile(Sgd::default(), (MeanSquaredError, MeanSquaredError), metrics).unwrap();
    let error = model.fit(&x, (&y, &y), quiet(1)).unwrap_err();
    check(&error, Code::E016, &["called \"a_b_error\""]);
}

#[test]
fn a_rate_that_is_none_ends_training() {
    let (x, y) = halves();
    for (rate, shown) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (-0.1, "-0.1"), (1e39, "1e39")]
    {
        let mut model = binary([]);
        let third = move |epoch, old| if epoch == 2 { rate } else { old };
        let fit = quiet(5).callback(LearningRateScheduler::new(third));
        let error = model.fit(&x, &y, fit).unwrap_err();
        check(&error, Code::E016, &["learning_rate", shown, "at least 0"]);
        assert_eq!(model.history().epoch, [0, 1]);
        // The same goes for any callback, wherever it sets the rate.
        let own = move |event: &Event<'_>| {
            if let Event::EpochEnd { control, .. } = event {
                control.set_learning_rate(rate);
            }
            std::ops::ControlFlow::Continue(())
        };
        let error = binary([]).fit(&x, &y, quiet(1).callback(own)).unwrap_err();
        check(&error, Code::E016, &[shown]);
    }
}

/// What a training tells its callbacks about the numbers that it will report.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Directions>>);

type Directions = Vec<(String, Option<Direction>)>;

impl Callback for Told {
    fn on(&mut self, _: &Event<'_>) -> std::ops::ControlFlow<()> {
        std::ops::ControlFlow::Continue(())
    }

    fn check_plan(&mut self, plan: &Plan) -> Result<()> {
        let told = plan.names().iter().map(|name| (name.clone(), plan.direction(name)));
        *self.0.lock().unwrap() = told.collect();
        Ok(())
    }
}

#[derive(Debug)]
struct Own(Option<Direction>);

impl CustomMetric for Own {
    fn name(&self) -> &'static str {
        "accuracy_of_mine"
    }

    fn parts<'g>(
        &self,
        target: neurona::graph::Expr<'g>,
        prediction: neurona::graph::Expr<'g>,
        _: Option<neurona::graph::Expr<'g>>,
    ) -> neurona::graph::Expr<'g> {
        (prediction - target).abs().sum_all()
    }

    fn result(&self, sums: &[f64], samples: f64) -> f64 {
        sums[0] / samples
    }

    fn direction(&self) -> Option<Direction> {
        self.0
    }
}

fn halves() -> (Array2<f32>, Array1<f32>) {
    let x = Array2::from_shape_fn((32, 2), |(i, j)| ((i * 7 + j * 5) % 13) as f32 / 6.5 - 1.0);
    let y = x.column(0).mapv(|v| f32::from(v > 0.0));
    (x, y)
}

fn binary(metrics: impl IntoIterator<Item = Metric>) -> Sequential {
    let mut model = Sequential::new([2]).add(Dense::new(1).activation(Sigmoid));
    let metrics: Vec<Metric> = metrics.into_iter().collect();
    model.compile(Adam::new(0.1), BinaryCrossentropy::default(), metrics).unwrap();
    model
}

#[test]
fn every_number_knows_which_way_it_gets_better_whatever_it_is_called() {
    let (x, y) = halves();
    let input = Input::named("x", [2]);
    let outputs = ["layer2", "acceleration"].map(|name| Dense::new(1).named(name).on(&input));
    let mut model = Model::new([&input], &outputs).unwrap();
    let metrics = [
        Metric::CosineSimilarity,
        Metric::MeanAbsoluteError.named("accurate"),
        Metric::Accuracy.named("hits").weighted(),
        Metric::FalsePositives { thresholds: 0.5 },
        Metric::custom(Own(None)),
        Metric::custom(Own(Some(Direction::Up))).named("mine"),
    ];
    model.compile(Adam::new(0.1), (MeanSquaredError, MeanSquaredError), metrics).unwrap();
    let told = Told::default();
    let fit = quiet(1).validation_data(&x, (&y, &y)).callback(told.clone());
    model.fit(&x, (&y, &y), fit).unwrap();
    let told = told.0.lock().unwrap();
    let of =
        |name: &str| told.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("{name}")).1;
    for prefix in ["", "val_"] {
        assert_eq!(of(&format!("{prefix}loss")), Some(Direction::Down));
        for output in ["layer2", "acceleration"] {
            let of = |name: &str| of(&format!("{prefix}{output}_{name}"));
            assert_eq!(of("loss"), Some(Direction::Down));
            assert_eq!(of("cosine_similarity"), Some(Direction::Up));
            assert_eq!(of("accurate"), Some(Direction::Down));
            assert_eq!(of("hits"), Some(Direction::Up));
            assert_eq!(of("false_positives"), None);
            assert_eq!(of("accuracy_of_mine"), None);
            assert_eq!(of("mine"), Some(Direction::Up));
        }
    }
}

#[test]
fn callbacks_keep_the_best_of_what_grows() {
    let (x, y) = halves();
    let mut model = binary([Metric::BinaryIoU(BinaryIoU::default())]);
    let stop = EarlyStopping::new("val_binary_io_u").patience(3).restore_best_weights(true);
    let folder = std::env::temp_dir().join(format!("neurona-border-{}", std::process::id()));
    let best = folder.join("best.safetensors");
    let saved = ModelCheckpoint::new(&best).monitor("val_binary_io_u").save_best_only(true);
    let fit = quiet(30).validation_data(&x, &y).callback(stop).callback(saved);
    let history = model.fit(&x, &y, fit).unwrap();
    let largest = history["val_binary_io_u"].iter().copied().fold(0.0, f64::max);
    assert!(largest > history["val_binary_io_u"][0], "{:?}", history["val_binary_io_u"]);
    assert_eq!(model.evaluate(&x, &y).unwrap()["binary_io_u"], largest);
    let mut other = binary([Metric::BinaryIoU(BinaryIoU::default())]);
    other.load_weights(&best).unwrap();
    assert_eq!(other.evaluate(&x, &y).unwrap()["binary_io_u"], largest);
    std::fs::remove_dir_all(folder).unwrap();

    // A number that falls although its name has "r2" in it.
    let input = Input::named("x", [2]);
    let outputs = ["layer1", "layer2"].map(|name| Dense::new(1).named(name).on(&input));
    let mut model = Model::new([&input], &outputs).unwrap();
    model.compile(Sgd::new(0.05), (MeanSquaredError, MeanSquaredError), []).unwrap();
    let slower = ReduceLrOnPlateau::new("val_layer2_loss").patience(1).min_delta(0.0);
    let fit = quiet(5).validation_data(&x, (&y, &y)).callback(slower);
    let history = model.fit(&x, (&y, &y), fit).unwrap();
    let losses = &history["val_layer2_loss"];
    assert!(losses.windows(2).all(|two| two[1] < two[0]), "{losses:?}");
    assert_eq!(history["learning_rate"], [0.05; 5]);
}

#[test]
fn a_number_without_a_direction_asks_for_a_mode() {
    let (x, y) = halves();
    let metrics = || [Metric::TruePositives { thresholds: 0.5 }, Metric::custom(Own(None))];
    let mut model = binary(metrics());
    let before = model.weights().unwrap();
    let path = std::env::temp_dir().join("neurona-border-never.safetensors");
    for name in ["true_positives", "accuracy_of_mine"] {
        let saved = ModelCheckpoint::new(&path).monitor(name).save_best_only(true);
        for (fit, callback) in [
            (quiet(2).callback(EarlyStopping::new(name)), "EarlyStopping"),
            (quiet(2).callback(ReduceLrOnPlateau::new(name)), "ReduceLrOnPlateau"),
            (quiet(2).callback(saved), "ModelCheckpoint"),
        ] {
            let error = model.fit(&x, &y, fit).unwrap_err();
            check(&error, Code::E016, &[callback, name, "Mode::Max"]);
        }
        let stop = EarlyStopping::new(name).mode(Mode::Max);
        binary(metrics()).fit(&x, &y, quiet(2).callback(stop)).unwrap();
    }
    assert_eq!(model.weights().unwrap(), before);
    assert!(!path.exists());
}

#[test]
fn a_schedule_is_not_overruled_in_silence() {
    let (x, y) = halves();
    let mut model = Sequential::new([2]).add(Dense::new(1));
    let falls = ExponentialDecay::new(0.1, 1, 0.5);
    model.compile(Sgd::new(falls), MeanSquaredError, []).unwrap();
    let before = model.weights().unwrap();
    let set = |event: &Event<'_>| {
        if let Event::EpochBegin { control, .. } = event {
            control.set_learning_rate(0.5);
        }
        std::ops::ControlFlow::Continue(())
    };
    for (fit, place) in [
        (quiet(2).callback(ReduceLrOnPlateau::new("loss")), "ReduceLrOnPlateau"),
        (quiet(2).callback(LearningRateScheduler::new(|_, rate| rate)), "LearningRateScheduler"),
        (quiet(2).callback(set), "ExponentialDecay"),
    ] {
        let error = model.fit(&x, &y, fit).unwrap_err();
        check(&error, Code::E014, &[place, "follows a schedule (ExponentialDecay)"]);
        assert_eq!(model.weights().unwrap(), before);
    }
    // The schedule continues for a callback that only follows the loss.
    model.fit(&x, &y, quiet(2).callback(EarlyStopping::new("loss"))).unwrap();
    assert_ne!(model.weights().unwrap(), before);
}
