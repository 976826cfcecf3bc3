//! Metrics and losses in training and evaluation: what is reported agrees with what can be counted by hand.

use ndarray::{Array1, Array2, Axis, array};
use neurona::graph::Expr;
use neurona::prelude::*;
use neurona::{ClassScores, Code, message::Lang};

/// Points in three classes, not all of them easy, and their labels. The last batch of 32 is not
/// full.
fn points() -> (Array2<f32>, Array1<i32>) {
    let labels = Array1::from_shape_fn(75, |i| (i * i % 7 % 3) as i32);
    let noise = |i: usize, j: usize| ((i * 29 + j * 17) % 23) as f32 / 12.0 - 1.0;
    let x = Array2::from_shape_fn((75, 3), |(i, j)| {
        noise(i, j) + if labels[i] == j as i32 { 1.0 } else { 0.0 }
    });
    (x, labels)
}

fn classifier(loss: impl Loss + 'static, metrics: Vec<Metric>) -> Sequential {
    let mut model = Sequential::new([3]).threads(1).add(Dense::new(3).activation(Softmax));
    model.compile(Adam::new(0.05), loss, metrics).unwrap();
    model
}

#[test]
fn counts_of_an_evaluation_are_those_of_the_confusion_matrix() {
    let (x, y) = points();
    let of_class = Precision { class_id: Some(1), top_k: Some(1), ..Precision::default() };
    let metrics = vec![
        Metric::Accuracy,
        Metric::F1Score(F1Score::default()),
        Metric::F1Score(F1Score { average: Averaging::Weighted, ..F1Score::default() }),
        Metric::TopKCategoricalAccuracy { k: 2 }.named("top_2"),
        Metric::Precision(of_class),
        Metric::TruePositives { thresholds: 0.5 },
    ];
    let mut model = classifier(SparseCategoricalCrossentropy::default(), metrics);
    let history = model.fit(&x, &y, Fit::epochs(3).verbose(Verbose::Silent)).unwrap();
    let names: Vec<&String> = history.history.keys().collect();
    let wanted =
        ["accuracy", "f1_score", "f1_score_1", "loss", "precision", "top_2", "true_positives"];
    assert_eq!(names, wanted);

    let (scores, predictions) = (model.evaluate(&x, &y).unwrap(), model.predict(&x).unwrap());
    let matrix = ConfusionMatrix::from_probabilities(&y, &predictions).unwrap();
    assert!((0.4..0.99).contains(&matrix.accuracy()), "{matrix}");
    // Keras adds 1e-7 to the divisors of its F-score.
    let close = |name: &str, wanted: f64| {
        assert!((scores[name] - wanted).abs() < 1e-6, "{name}: {}, not {wanted}", scores[name]);
    };
    close("accuracy", matrix.accuracy());
    close("f1_score", matrix.average(Averaging::Macro).f1);
    close("f1_score_1", matrix.average(Averaging::Weighted).f1);
    close("top_2", top_k_accuracy(&y, &predictions, 2).unwrap());
    close("precision", matrix.precision(1));
    let sure = predictions.rows().into_iter().zip(&y);
    let sure = sure.filter(|(row, label)| row[**label as usize] > 0.5).count();
    assert_eq!(scores["true_positives"], sure as f64);
}

#[test]
fn samples_of_the_ignored_class_count_neither_in_the_loss_nor_in_metrics() {
    let (x, y) = points();
    let ignoring = || SparseCategoricalCrossentropy { ignore_class: Some(-1), from_logits: false };
    let kept: Vec<usize> = (0..75).filter(|i| i % 5 != 0).collect();
    let marked = Array1::from_shape_fn(75, |i| if i % 5 == 0 { -1 } else { y[i] });
    let (some_x, some_y) = (x.select(Axis(0), &kept), y.select(Axis(0), &kept));
    let metrics = || vec![Metric::Accuracy, Metric::F1Score(F1Score::default())];
    let mut all = classifier(ignoring(), metrics());
    let mut some = classifier(SparseCategoricalCrossentropy::default(), metrics());
    let one_batch = || Fit::epochs(4).batch_size(75).shuffle(false).verbose(Verbose::Silent);
    all.fit(&x, &marked, one_batch()).unwrap();
    some.fit(&some_x, &some_y, one_batch()).unwrap();
    for ((_, a), (_, b)) in all.weights().unwrap().iter().zip(&some.weights().unwrap()) {
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5), "{a} {b}");
    }
    let (all, some) =
        (all.train_on_batch(&x, &marked).unwrap(), some.train_on_batch(&some_x, &some_y).unwrap());
    for (name, value) in some.logs.iter() {
        assert!((all[name] - value).abs() < 1e-5, "{name}: {} and {value}", all[name]);
    }
    let error = classifier(ignoring(), vec![]).evaluate(&x, Array1::from_elem(75, -2)).unwrap_err();
    assert_eq!(error.code(), Code::E022, "{error}");
}

#[test]
fn a_sum_is_as_many_times_the_mean_as_there_are_samples() {
    let (x, y) = points();
    let mean = SparseCategoricalCrossentropy::default();
    let [mean, sum] = [
        classifier(mean, vec![]).train_on_batch(&x, &y).unwrap().loss,
        classifier(mean.reduced(Reduction::Sum), vec![]).train_on_batch(&x, &y).unwrap().loss,
    ];
    assert!((sum / mean - 75.0).abs() < 1e-4, "{sum} {mean}");
}

/// The largest absolute error could not be a sum: this is the mean of its square over the samples.
#[derive(Debug)]
struct WorstSquare;

impl CustomMetric for WorstSquare {
    fn name(&self) -> &'static str {
        "worst_square"
    }

    fn parts<'g>(&self, target: Expr<'g>, prediction: Expr<'g>, _: Option<Expr<'g>>) -> Expr<'g> {
        let error = prediction - target;
        (error * error).max_over(neurona::tensor::Axes::new(&[1])).sum_all()
    }

    fn result(&self, sums: &[f64], samples: f64) -> f64 {
        sums[0] / samples
    }
}

#[test]
fn metrics_of_numbers_and_metrics_of_ones_own_agree_with_their_formulas() {
    let x = Array2::from_shape_fn((50, 2), |(i, j)| ((i * 7 + j * 5) % 11) as f32 / 5.0 - 1.0);
    let y = Array2::from_shape_fn((50, 2), |(i, j)| x[[i, 0]] * 2.0 - x[[i, 1]] + j as f32);
    let mut model = Sequential::new([2]).threads(1).add(Dense::new(2));
    let metrics = [
        Metric::custom(WorstSquare),
        Metric::R2Score(R2Score::default()),
        Metric::RootMeanSquaredError,
        Metric::loss(Huber { delta: 0.3 }),
    ];
    model.compile(Sgd::new(0.1), MeanSquaredError, metrics).unwrap();
    model.fit(&x, &y, Fit::epochs(2).verbose(Verbose::Silent)).unwrap();
    let (scores, p) = (model.evaluate(&x, &y).unwrap(), model.predict(&x).unwrap());
    let error = p.into_dimensionality::<ndarray::Ix2>().unwrap() - &y;
    let worst = error.rows().into_iter().map(|row| row.fold(0.0f32, |a, &e| a.max(e * e)));
    let square = error.mapv(|e| f64::from(e * e));
    let r2 = (0..2).map(|j| {
        let column = y.column(j).mapv(f64::from);
        let mean = column.mean().unwrap();
        1.0 - square.column(j).sum() / column.mapv(|t| (t - mean).powi(2)).sum()
    });
    let huber = |e: f32| match e.abs() {
        a if a <= 0.3 => 0.5 * a * a,
        a => 0.3 * a - 0.045,
    };
    for (name, wanted) in [
        ("worst_square", f64::from(worst.sum::<f32>()) / 50.0),
        ("r2_score", r2.sum::<f64>() / 2.0),
        ("root_mean_squared_error", square.mean().unwrap().sqrt()),
        ("huber", f64::from(error.mapv(huber).mean().unwrap())),
    ] {
        assert!((scores[name] - wanted).abs() < 1e-5, "{name}: {}, not {wanted}", scores[name]);
    }
}

#[test]
fn a_wrong_setting_of_a_metric_is_found_before_the_first_step() {
    let (x, y) = points();
    let auc = Metric::Auc(Auc { num_thresholds: 1, ..Auc::default() });
    let mut model = classifier(SparseCategoricalCrossentropy::default(), vec![auc]);
    let error = model.fit(&x, &y, Fit::epochs(1).verbose(Verbose::Silent)).unwrap_err();
    assert_eq!(error.code(), Code::E016, "{error}");
    assert_ne!(error.in_lang(Lang::Es), error.to_string());
    let q = neurona::nn::CategoricalGeneralizedCrossEntropy { q: 1.0 };
    assert_eq!(classifier(q, vec![]).train_on_batch(&x, &y).unwrap_err().code(), Code::E016);
}

#[test]
fn the_report_is_a_table_in_both_languages() {
    let (labels, answers) = (array![0usize, 0, 1, 2, 2, 2], array![0usize, 0, 0, 2, 2, 1]);
    let matrix = ConfusionMatrix::from_labels(&labels, &answers, 3).unwrap();
    let nothing = ClassScores { precision: 0.0, recall: 0.0, f1: 0.0, support: 1 };
    assert_eq!(matrix.scores(1), nothing);
    assert_eq!(matrix.average(Averaging::Micro).f1, matrix.accuracy());
    // As scikit-learn's classification_report prints it.
    let english = "              precision    recall  f1-score   support

           0       0.67      1.00      0.80         2
           1       0.00      0.00      0.00         1
           2       1.00      0.67      0.80         3

    accuracy                           0.67         6
   macro avg       0.56      0.56      0.53         6
weighted avg       0.72      0.67      0.67         6
";
    let report = matrix.report(&[]).unwrap();
    assert_eq!(report.to_string(), english);
    let spanish = report.table(Lang::Es);
    assert!(spanish.contains("precisión   acierto  valor-F1  muestras"), "{spanish}");
    assert!(
        spanish.contains("media ponderada       0,72      0,67      0,67         6"),
        "{spanish}"
    );
    let width = spanish.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(spanish.lines().all(|line| line.is_empty() || line.chars().count() == width));
    let error = matrix.report(&["a", "b"]).unwrap_err();
    assert_eq!(error.code(), Code::E016, "{error}");
    assert_ne!(error.in_lang(Lang::Es), error.to_string());
}

#[test]
fn one_probability_a_sample_makes_two_classes() {
    let predictions = array![[0.2f32], [0.5], [0.7]].into_dyn();
    let report = classification_report(&array![0u8, 1, 1], &predictions, &["no", "yes"]).unwrap();
    assert_eq!(report.classes[1].1.recall, 0.5);
    assert!(top_k_accuracy(&array![3u8, 0, 0], &predictions, 1).is_err());
    assert!(top_k_accuracy(&array![0u8], &predictions, 1).is_err());
}

/// A model with these outputs, each one number from 0 to 1.
fn several(outputs: &[&str]) -> Model {
    let x = Input::new([2]);
    let dense = |name: &&str| Dense::new(1).activation(Sigmoid).named(name).on(&x);
    let outputs: Vec<Symbol> = outputs.iter().map(dense).collect();
    Model::new([&x], &outputs).unwrap()
}

#[test]
fn metrics_of_one_output_and_weighted_ones_have_keras_names() {
    let text = std::fs::read_to_string("tests/golden/metric_names.json").unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let strings = |json: &serde_json::Value| -> Vec<String> {
        let all = json.as_array().into_iter().flatten();
        all.map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let (x, y, weights) =
        (Array2::<f32>::ones((4, 2)), Array2::<f32>::ones((4, 1)), array![0.0f32, 1.0, 2.0, 3.0]);
    for case in file["cases"].as_array().unwrap() {
        let outputs = strings(&case["outputs"]);
        let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
        let mut metrics = Vec::new();
        for &output in &outputs {
            let named = |name: &String| Metric::from_name(name).unwrap().on(output);
            metrics.extend(strings(&case["metrics"][output]).iter().map(named));
            let weighted = strings(&case["weighted_metrics"][output]);
            metrics.extend(weighted.iter().map(|name| named(name).weighted()));
        }
        let mut model = several(&outputs);
        let options = Fit::epochs(1).sample_weight(&weights).verbose(Verbose::Silent);
        let history = if let [_] = outputs[..] {
            model.compile(Sgd::default(), MeanSquaredError, metrics).unwrap();
            model.fit(&x, &y, options).unwrap()
        } else {
            model.compile(Sgd::default(), (MeanSquaredError, MeanSquaredError), metrics).unwrap();
            model.fit(&x, (&y, &y), options).unwrap()
        };
        let names: Vec<String> = history.history.keys().cloned().collect();
        assert_eq!(names, strings(&case["names"]), "{case}");
    }
}

#[test]
fn weighted_metrics_count_samples_by_their_weights() {
    let mut model = Sequential::new([1]).add(Dense::new(1).activation(Sigmoid));
    let metrics = [Metric::Accuracy, Metric::Accuracy.weighted()];
    model.compile(Sgd::new(0.0), BinaryCrossentropy::default(), metrics).unwrap();
    let (kernel, bias) = (array![[1.0f32]].into_dyn(), array![0.0f32].into_dyn());
    model.set_weights([&kernel, &bias]).unwrap();
    let (x, y) = (array![[-1.0f32], [1.0], [1.0], [-1.0]], array![1.0f32, 1.0, 0.0, 0.0]);
    let weights = array![1.0f32, 2.0, 3.0, 4.0];
    let options = Fit::epochs(1).batch_size(3).verbose(Verbose::Silent);
    let history = model.fit(&x, &y, options.sample_weight(&weights)).unwrap();
    assert_eq!(history["accuracy"], [0.5]);
    assert_eq!(history["weighted_accuracy"], [0.6]);
    assert_eq!(model.evaluate(&x, &y).unwrap()["weighted_accuracy"], 0.5, "no weights");
}

#[test]
fn a_metric_of_no_output_is_an_error_that_knows_the_nearest() {
    let mut model = several(&["price", "side"]);
    let losses = (MeanSquaredError, MeanSquaredError);
    let error = model.compile(Sgd::default(), losses, [Metric::Accuracy.on("sid")]).unwrap_err();
    assert_eq!(error.code(), Code::E015);
    assert!(error.to_string().contains("\"side\""), "{error}");
    assert!(error.in_lang(Lang::Es).contains("ninguna salida"), "{}", error.in_lang(Lang::Es));
}
