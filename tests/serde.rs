//! What a program keeps from trainings and tests, serialized and back: with the feature `serde`.

use neurona::prelude::*;
use neurona::train::{Logs, Scores};
use neurona::{ClassificationReport, Code};

/// The value's JSON, which must read back as the same value.
fn check<T>(value: &T) -> String
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value, "{json}");
    json
}

#[test]
fn a_training_and_its_test_read_back_as_they_were() {
    let (x, y) = ([[0.0f32], [1.0], [2.0], [3.0]], [0, 0, 1, 1]);
    let mut model = Sequential::new([1]).add(Dense::new(2).activation("softmax"));
    model.compile("adam", "sparse_categorical_crossentropy", ["accuracy"]).unwrap();
    let history = model.fit(&x, &y, Fit::epochs(2).verbose(Verbose::Silent)).unwrap();
    assert!(check(&history).starts_with("{\"epoch\":[0,1],\"history\":{\"accuracy\":["));
    let scores: Scores = model.evaluate(&x, &y).unwrap();
    check(&scores);
    let answers = model.predict(&x).unwrap();
    let report: ClassificationReport =
        classification_report(&y, &answers, &["low", "high"]).unwrap();
    check(&report);
}

#[test]
fn a_matrix_is_its_rows_and_refuses_others() {
    let matrix = ConfusionMatrix::from_labels([0, 0, 1], [0, 1, 1], 2).unwrap();
    assert_eq!(check(&matrix), "[[1,1],[0,1]]");
    assert!(serde_json::from_str::<ConfusionMatrix>("[[1,1],[0]]").is_err());
    let error = ConfusionMatrix::try_from(vec![vec![1], vec![2]]).unwrap_err();
    assert_eq!(error.code(), Code::E012);
}

#[test]
fn what_is_not_a_number_is_null() {
    let logs = Logs::new([("loss", f64::NAN), ("mae", 0.5)]);
    let json = serde_json::to_string(&logs).unwrap();
    assert_eq!(json, "{\"loss\":null,\"mae\":0.5}");
    let back: Logs = serde_json::from_str(&json).unwrap();
    assert!(back["loss"].is_nan() && back["mae"] == 0.5);
    let mut history = History::default();
    history.push(0, &Logs::new([("loss", 1.0)]));
    history.push(1, &logs);
    let json = serde_json::to_string(&history).unwrap();
    let back: History = serde_json::from_str(&json).unwrap();
    assert_eq!(back.to_csv(), history.to_csv());
}
