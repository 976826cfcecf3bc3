//! The first lines of a program: data as people have them, names, one sample, callbacks that are
//! lent, shared models.

use neurona::data::dataset::{self, Batch, Dataset};
use neurona::graph::Expr;
use neurona::message::Lang;
use neurona::nn::{TargetKind, optimizer_from_name};
use neurona::prelude::ndarray::{Array1, Array2, array};
use neurona::prelude::*;
use neurona::tensor::ToTensors;
use neurona::{Code, Error};
use std::error::Error as _;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

const ROWS: [[f32; 2]; 6] =
    [[0.0, 0.1], [1.0, 0.9], [0.2, 0.0], [0.8, 1.0], [0.1, 0.3], [0.9, 0.7]];
const LABELS: [u8; 6] = [0, 1, 0, 1, 0, 1];

fn classifier() -> Sequential {
    let mut model = Sequential::new([2])
        .add(Dense::new(4).activation("tanh"))
        .add(Dense::new(2).activation("softmax"));
    model.compile(Adam::new(0.1), "sparse_categorical_crossentropy", ["accuracy"]).unwrap();
    model
}

fn quiet<'a>(epochs: usize) -> Fit<'a> {
    Fit::epochs(epochs).verbose(Verbose::Silent)
}

/// The bits of all weights after a short training.
fn trained<'a>(x: impl ToTensors<'a>, y: impl ToTensors<'a>) -> Vec<u32> {
    let mut model = classifier();
    model.fit(x, y, quiet(3)).unwrap();
    bits(&model)
}

fn bits(model: &Model) -> Vec<u32> {
    let weights = model.weights().unwrap();
    weights.iter().flat_map(|(_, values)| values.iter().map(|x| x.to_bits())).collect()
}

#[test]
fn rows_in_every_form_train_to_the_same_bits() {
    let want = trained(
        &array![[0.0f32, 0.1], [1.0, 0.9], [0.2, 0.0], [0.8, 1.0], [0.1, 0.3], [0.9, 0.7]],
        LABELS,
    );
    let nested: Vec<Vec<f32>> = ROWS.iter().map(|row| row.to_vec()).collect();
    let flat: Vec<f32> = ROWS.concat();
    let array = Array2::from_shape_vec((6, 2), flat.clone()).unwrap();
    let columns = Array2::from_shape_fn((2, 6), |(i, j)| ROWS[j][i]);
    assert_eq!(trained(ROWS, LABELS), want);
    assert_eq!(trained(ROWS, LABELS), want);
    assert_eq!(trained(&nested, LABELS), want);
    assert_eq!(trained(&nested[..], LABELS), want);
    assert_eq!(trained(Tensor::from_slice(&flat, [6, 2]).unwrap(), LABELS), want);
    assert_eq!(trained(Tensor::from_rows(ROWS.iter()).unwrap(), LABELS), want);
    assert_eq!(trained(array.view(), LABELS), want);
    assert_eq!(trained(columns.t(), LABELS), want);
    assert_eq!(trained(array, LABELS), want);
    assert_eq!(trained(nested, LABELS), want);
}

#[test]
fn labels_of_every_type_train_to_the_same_bits() {
    let want = trained(ROWS, LABELS);
    assert_eq!(trained(ROWS, LABELS.to_vec()), want);
    assert_eq!(trained(ROWS, LABELS.map(i64::from)), want);
    assert_eq!(trained(ROWS, LABELS.map(u32::from).as_slice()), want);
    assert_eq!(trained(ROWS, LABELS.map(usize::from).to_vec()), want);
    assert_eq!(trained(ROWS, LABELS.map(u16::from).to_vec()), want);
    assert_eq!(trained(ROWS, LABELS.map(|label| label as i8)), want);
    assert_eq!(trained(ROWS, LABELS.map(i32::from)), want);
    assert_eq!(trained(ROWS, LABELS.map(|label| label == 1)), want);
    assert_eq!(trained(ROWS, LABELS.map(f64::from)), want);
    assert_eq!(trained(ROWS, Array1::from(LABELS.to_vec())), want);
}

#[test]
fn data_in_vectors_does_for_everything_that_takes_data() {
    let (x, y): (Vec<Vec<f64>>, Vec<i64>) = (
        ROWS.iter().map(|row| row.map(f64::from).to_vec()).collect(),
        LABELS.map(i64::from).to_vec(),
    );
    let (x_train, x_test, y_train, y_test) = train_test_split(&x, &y, 0.33, 7).unwrap();
    let mut model = Sequential::new([2])
        .add(Normalization::adapt(&x_train, -1).unwrap())
        .add(Dense::new(2).activation("softmax"));
    model.compile("sgd", "sparse_categorical_crossentropy", ["acc"]).unwrap();
    let options =
        quiet(2).validation_data(&x_test, &y_test).sample_weight(vec![1.0; y_train.len()]);
    let history = model.fit(&x_train, &y_train, options).unwrap();
    assert_eq!(history["val_loss"].len(), 2);
    let scores = model.evaluate(&x_test, &y_test).unwrap();
    assert!((scores.loss - history["val_loss"][1]).abs() < 1e-6);
    let answers = model.predict(&x_test).unwrap();
    let names = vec!["low".to_owned(), "high".to_owned()];
    let report = classification_report(&y_test, &answers, &names).unwrap();
    // As in Keras, a metric given as a text has that text as its name.
    assert_eq!(report.accuracy, scores["acc"]);
    assert_eq!(to_categorical(&y, 2).unwrap().row(1), array![0.0, 1.0]);
    let exact = ConfusionMatrix::from_labels(&y, LABELS, 2).unwrap();
    assert_eq!(exact.accuracy(), 1.0);
    model.explain(&x_test, &y_test).unwrap();
    model.train_on_batch(&x_test, &y_test).unwrap();
}

#[test]
fn rows_that_differ_and_integers_that_do_not_fit_leave_the_model_as_it_was() {
    let mut model = classifier();
    let before = bits(&model);
    let ragged = vec![vec![0.0f32, 1.0], vec![1.0]];
    let error = model.fit(&ragged, [0, 1], quiet(1)).unwrap_err();
    assert_eq!((error.code(), error.place()), (Code::E012, Some("row 1")));
    let error = model.fit([[0i64, 1], [2, 1 << 33]], [0, 1], quiet(1)).unwrap_err();
    assert_eq!(error.code(), Code::E022);
    assert!(error.to_string().contains("8589934592 at [1, 1]"), "{error}");
    let labels = [0u32, 3_000_000_000, 1, 0, 1, 0];
    assert_eq!(model.fit(ROWS, labels, quiet(1)).unwrap_err().code(), Code::E022);
    assert_eq!(bits(&model), before);
}

#[test]
fn samples_of_a_dataset_are_of_every_type() {
    let labels = LABELS.map(i64::from);
    let batches = |y: Batch| (y.x, y.y);
    let rows = |i: usize| Ok((Array1::from(ROWS[i].to_vec()), i32::from(LABELS[i])));
    let want = dataset::range(6).map(rows).batch(6);
    let want = batches(want.pass(0).next().unwrap().unwrap());
    macro_rules! same {
        ($($sample:expr),*) => { $(
            let data = dataset::range(6).map(|i| Ok($sample(i))).batch(6);
            assert_eq!(batches(data.pass(0).next().unwrap().unwrap()), want);
        )* };
    }
    same!(
        |i: usize| (ROWS[i], labels[i]),
        |i: usize| (ROWS[i].to_vec(), usize::from(LABELS[i])),
        |i: usize| (&ROWS[i][..], u16::from(LABELS[i])),
        |i: usize| (Array1::from(ROWS[i].to_vec()), isize::from(LABELS[i]))
    );
    let wide = dataset::range(2).map(|i| Ok(([i as f32, 1.0], 1i64 << (40 * i)))).batch(2);
    let error = classifier().fit_dataset(&wide, quiet(1)).unwrap_err();
    assert_eq!(error.code(), Code::E022);
    assert!(error.to_string().contains("batch 1") && error.to_string().contains("1099511627776"));
}

#[test]
fn a_metric_is_called_what_its_text_calls_it() {
    let mut model = classifier();
    let names = ["acc", "AUC", "MSE", "Precision", "huber"];
    model.compile("sgd", "sparse_categorical_crossentropy", names).unwrap();
    let history = model.fit(ROWS, LABELS, quiet(1)).unwrap();
    assert!(names.iter().all(|name| history.get(name).is_some()), "{history:?}");
    let metrics = ("ACC".to_owned(), Recall::default());
    model.compile("sgd", "sparse_categorical_crossentropy", metrics).unwrap();
    let scores = model.evaluate(ROWS, LABELS).unwrap();
    assert!(scores.logs.get("ACC").is_some() && scores.logs.get("recall").is_some());
}

#[test]
fn one_sample_gets_one_row() {
    let model = classifier();
    let rows = model.predict(ROWS).unwrap();
    for (i, row) in ROWS.iter().enumerate() {
        assert_eq!(model.predict_one(row).unwrap().into_dyn(), rows.index_axis(Axis(0), i));
    }
    assert_eq!(model.predict_one(vec![0.0f32, 0.1]).unwrap().len(), 2);
    assert_eq!(model.predict_one(array![0.0f32, 0.1].view()).unwrap().len(), 2);
    // The advice for a sample without a dimension for the rows leads here, and rows are refused here.
    let error = model.predict(ROWS[0]).unwrap_err();
    assert_eq!(error.code(), Code::E012);
    assert!(error.to_string().contains("predict_one"), "{error}");
    assert!(error.in_lang(Lang::Es).contains("predict_one"));
    assert_eq!(model.predict_one(ROWS).unwrap_err().code(), Code::E012);

    let (left, right) = (Input::new([2]), Input::new([1]));
    let both = Dense::new(1).on(&Concatenate::default().on([&left, &right]));
    let two = Model::new([&left, &right], [&both]).unwrap();
    let row = two.predict((&[[1.0f32, 2.0]], &[[3.0f32]])).unwrap();
    assert_eq!(two.predict_one(([1.0f32, 2.0], [3.0f32])).unwrap()[0], row[[0, 0]]);
}

#[test]
fn a_shared_model_gives_eight_threads_the_same_bits() {
    let mut model = classifier();
    model.fit(ROWS, LABELS, quiet(5)).unwrap();
    let answer = |model: &Model| -> Vec<u32> {
        let answers = model.predict(ROWS).unwrap();
        let one = model.predict_one(ROWS[3]).unwrap();
        let loss = model.evaluate(ROWS, LABELS).unwrap().loss as f32;
        answers.iter().chain(&one).chain([&loss]).map(|x| x.to_bits()).collect()
    };
    let want = answer(&model);
    let file = model.to_keras().unwrap();
    let model: Arc<Model> = Arc::new(model.into());
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let model = Arc::clone(&model);
            std::thread::spawn(move || (0..20).map(|_| answer(&model)).collect::<Vec<_>>())
        })
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap().iter().all(|bits| *bits == want));
    }
    assert_eq!(model.to_keras().unwrap(), file);
    // A model that nobody has used yet is made once, by whoever comes first.
    let fresh = Arc::new(Model::from(classifier()));
    let first = |model: Arc<Model>| std::thread::spawn(move || bits(&model));
    let made: Vec<_> = (0..8).map(|_| first(Arc::clone(&fresh))).collect();
    let made: Vec<Vec<u32>> = made.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert!(made.iter().all(|bits| *bits == made[0]));
}

#[test]
fn names_boxes_and_settings_stand_for_losses_optimizers_and_metrics() {
    let mut model = classifier();
    let boxed: Box<dyn Loss> = "sparse_categorical_crossentropy".parse().unwrap();
    model
        .compile(
            optimizer_from_name("adam").unwrap(),
            boxed,
            [Metric::Accuracy, Auc::default().into()],
        )
        .unwrap();
    let shared: Arc<dyn Loss> = Arc::new(SparseCategoricalCrossentropy::default());
    model.compile("rmsprop".to_owned(), shared, ("accuracy", Recall::default())).unwrap();
    model.compile("sgd", "sparse_categorical_crossentropy", []).unwrap();
    let nearest = |error: Error, place: &str, near: &str| {
        assert_eq!((error.code(), error.place()), (Code::E015, Some(place)), "{error}");
        assert!(error.to_string().contains(&format!("Did you mean \"{near}\"?")), "{error}");
    };
    nearest(model.compile("adan", "mse", []).unwrap_err(), "optimizer", "adam");
    nearest(model.compile("adam", "huberr", []).unwrap_err(), "loss", "huber");
    nearest(model.compile("adam", "mse", ["acuracy"]).unwrap_err(), "metrics", "accuracy");
    let mut wrong = Sequential::new([2]).add(Dense::new(1).activation("rellu"));
    nearest(wrong.compile("adam", "mse", []).unwrap_err(), "dense", "relu");
    // Everything compiled before is still there.
    model.fit(ROWS, LABELS, quiet(1)).unwrap();

    let layers: Vec<Box<dyn Layer>> = vec![Box::new(Dense::new(3)), Box::new(Dense::new(1))];
    let model = layers.into_iter().fold(Sequential::new([2]), Sequential::add);
    assert_eq!(model.summary().unwrap().total_parameters(), 13);
}

/// Keeps the losses it hears of.
#[derive(Default)]
struct Losses(Vec<f64>);

impl Callback for Losses {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        if let Event::EpochEnd { logs, .. } = event {
            self.0.push(logs["loss"]);
        }
        ControlFlow::Continue(())
    }
}

#[test]
fn a_callback_that_was_lent_can_be_read_after_training() {
    let (mut losses, mut boxed) =
        (Losses::default(), Box::new(Losses::default()) as Box<dyn Callback>);
    let mut epochs = Vec::new();
    let closure = |event: &Event<'_>| {
        if let Event::EpochBegin { epoch, .. } = event {
            epochs.push(*epoch);
        }
        ControlFlow::Continue(())
    };
    let options = quiet(3).callback(&mut losses).callback(closure).callback(&mut boxed);
    let history = classifier().fit(ROWS, LABELS, options.callback(Losses::default())).unwrap();
    assert_eq!((losses.0, epochs), (history["loss"].clone(), vec![0, 1, 2]));
}

/// A loss for which files have no name.
#[derive(Debug)]
struct Own;

impl Loss for Own {
    fn name(&self) -> &'static str {
        "own"
    }

    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        (prediction - target).abs().mean_last()
    }
}

#[test]
fn what_a_file_leaves_out_is_said_before_and_after() {
    let mut model = Sequential::new([2]).add(Dense::new(1));
    model.compile("adam", "mse", ["mae"]).unwrap();
    assert_eq!(model.left_out(), []);
    model.compile("adam", Own, [Metric::loss(Own)]).unwrap();
    let notes = model.left_out();
    let texts: Vec<&str> = notes.iter().map(|note| note.text.get(Lang::En)).collect();
    assert!(texts[0].starts_with("the loss \"own\"") && texts[1].starts_with("the metric \"own\""));
    assert!(notes.iter().all(|note| note.code == "W038"));
    let loaded = Model::from_bytes(&model.to_keras().unwrap()).unwrap();
    assert!(notes.iter().all(|note| loaded.notes().contains(note)), "{:?}", loaded.notes());
}

#[test]
fn what_the_system_refuses_is_said_in_both_languages_and_is_beneath() {
    let beneath = |error: &Error| {
        let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
        source.map(io::Error::kind)
    };
    let missing = Model::load("there/is/no/such.keras").unwrap_err();
    assert_eq!((missing.code(), beneath(&missing)), (Code::E031, Some(io::ErrorKind::NotFound)));
    let folder = std::env::temp_dir();
    let error = neurona::data::npy::read(&folder).unwrap_err();
    assert_eq!(error.code(), Code::E035);
    assert!(beneath(&error).is_some());
    if cfg!(unix) {
        assert!(error.to_string().contains("it is a folder"), "{error}");
        assert!(error.in_lang(Lang::Es).contains("es una carpeta (error 21 del sistema)"));
    }
    let under_a_file = std::env::current_exe().unwrap().join("model.keras");
    let error = classifier().save(&under_a_file).unwrap_err();
    assert_eq!(error.code(), Code::E035);
    assert!(!error.in_lang(Lang::Es).contains("directory"), "{}", error.in_lang(Lang::Es));
    assert!(beneath(&error).is_some());
}
