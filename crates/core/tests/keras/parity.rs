//! `docs/keras-parity.md`, made from the golden files and from the names that exist: a page that
//! cannot fall behind.

use crate::implementors::implementors;
use neurona_core::nn::*;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where we differ from Keras on purpose: the kind, the name, and how.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("Layer", "AlphaDropout", RANDOM),
    ("Layer", "Dropout", RANDOM),
    ("Layer", "GaussianDropout", RANDOM),
    ("Layer", "GaussianNoise", RANDOM),
    ("Layer", "SpatialDropout1D", RANDOM),
    ("Layer", "SpatialDropout2D", RANDOM),
    ("Layer", "SpatialDropout3D", RANDOM),
    ("Layer", "RandomBrightness", PICTURES),
    ("Layer", "RandomContrast", PICTURES),
    (
        "Layer",
        "RandomCrop",
        "outside of training the largest middle part of the layer's proportions, brought to its size, as Keras' documentation says and Keras 2 did; the code of Keras 3.15.1 gives the picture back whole. In training, draws are ours",
    ),
    ("Layer", "RandomFlip", PICTURES),
    ("Layer", "RandomRotation", PICTURES),
    ("Layer", "RandomTranslation", PICTURES),
    ("Layer", "RandomZoom", PICTURES),
    (
        "Layer",
        "Embedding",
        "a number outside the table is an error before the first step, where it comes as an input of the model; one that the network computes gives zeros. Keras leaves both to its backend",
    ),
    (
        "Layer",
        "CategoryEncoding",
        "a number outside the range leaves zeros; with one number per sample, each sample gets its own row, where Keras 3.15.1 gives one row for the whole batch",
    ),
    ("Activation", "binary_threshold", NOT_IN_KERAS),
    ("Activation", "bipolar_threshold", NOT_IN_KERAS),
    ("Activation", "glu", LAST),
    (
        "Activation",
        "hard_sigmoid_keras2",
        "Keras 2's `hard_sigmoid`, for files of Keras 2; compared with one of them (`tests/golden/loading/keras2_hard_sigmoid.h5`)",
    ),
    ("Activation", "log_softmax", LAST),
    (
        "Activation",
        "softmax",
        "along the last dimension (the layer `Softmax`: any); the case along another is left out",
    ),
    (
        "Activation",
        "relu",
        "by its name without arguments, so 4 cases are left out; the layer `ReLU` has them",
    ),
    (
        "Activation",
        "sparsemax",
        "the paper's: in Keras 3.15.1 its rows do not sum to 1, so it has no golden value",
    ),
    ("Initializer", "Identity", "no golden value: a diagonal of ones"),
    ("Initializer", "Orthogonal", "no golden value: rows or columns at right angles, to 1e-6"),
    (
        "Loss",
        "categorical_crossentropy",
        "takes integer labels, too; classes along the last dimension; a number outside 0 to 1, or a row that sums to anything but 1 or 0, is an error",
    ),
    (
        "Loss",
        "sparse_categorical_crossentropy",
        "takes one-hot rows, too; labels outside the classes are an error",
    ),
    (
        "Metric",
        "Accuracy",
        "resolved as in Keras; samples of an ignored class do not count, in any metric",
    ),
    (
        "Metric",
        "Auc",
        "thresholds are spread evenly; cases with chosen thresholds or label weights are left out",
    ),
    ("Metric", "F1Score", "a macro average unless asked otherwise: a log is one number"),
    ("Metric", "FBetaScore", "a macro average unless asked otherwise: a log is one number"),
    ("Metric", "Precision", "one threshold: cases with several numbers are left out"),
    ("Metric", "Recall", "one threshold: cases with several numbers are left out"),
    (
        "Optimizer",
        "Adafactor",
        "`relative_step` changes no number in Keras 3.15.1, so it is not a setting",
    ),
    (
        "Metric",
        "ExactAccuracy",
        "Keras' class `Accuracy`; compared as a model in a file (`tests/golden/files/metrics_exact.keras`)",
    ),
    ("Schedule", "OneCycle", NOT_IN_KERAS),
    (
        "Callback",
        "CsvLogger",
        "numbers in full, lines ended by a line feed; no file of Keras' to compare with",
    ),
    (
        "Callback",
        "EarlyStopping",
        "follows every metric in its own direction, also the metrics of one output among several, and any loss downward; Keras asks for a mode there",
    ),
    (
        "Callback",
        "ReduceLrOnPlateau",
        "with a schedule, an error before training (in Keras when the rate is to fall)",
    ),
    (
        "Callback",
        "LearningRateScheduler",
        "no golden values: its rates are checked epoch by epoch in `tests/models.rs`; with a schedule, an error before training (in Keras when the first epoch begins)",
    ),
    (
        "Callback",
        "ModelCheckpoint",
        "no file of Keras' to compare with: what it writes is checked in `tests/saving.rs`; asks for a mode only where it saves the best alone",
    ),
    (
        "Callback",
        "TensorBoard",
        "scalars of epochs, no histograms; TensorBoard itself reads them (`tools/golden/checks`)",
    ),
];

const RANDOM: &str = "values outside training; the random numbers drawn in training are ours and are checked by their properties";
const PICTURES: &str =
    "draws are ours: pictures are compared with others of our own (`nn/tests/pictures.rs`)";
const NOT_IN_KERAS: &str = "not in Keras";
const LAST: &str = "along the last dimension; the case along another is left out";

/// One table of the page.
struct Kind {
    name: &'static str,
    plural: &'static str,
    /// What is compared, and how closely.
    how: String,
    names: Vec<String>,
    /// The golden files, and their word for the name.
    files: &'static [(&'static str, &'static str)],
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The words after `prefix` at the beginning of lines of a source.
fn declared(path: &str, prefix: &str) -> Vec<String> {
    let text = read(path);
    let names = text.lines().filter_map(|line| line.strip_prefix(prefix));
    let names = names.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect());
    names.filter(|name: &String| name.starts_with(char::is_uppercase)).collect()
}

/// The cases of an enum.
fn variants(path: &str, name: &str) -> Vec<String> {
    let text = read(path);
    let body = text.split(&format!("pub enum {name} {{")).nth(1).unwrap();
    let lines = body.split("\n}").next().unwrap().lines();
    let names = lines.filter_map(|line| line.strip_prefix("    "));
    let names = names.filter(|rest| rest.starts_with(char::is_uppercase));
    names.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect()).collect()
}

/// A name without the differences between Keras' spelling and ours: `IoU` is `io_u`, `SGD` is
/// `Sgd`.
fn plain(name: &str) -> String {
    let name = name.replace('_', "").to_lowercase();
    name.strip_suffix("regularizer").map(str::to_owned).unwrap_or(name)
}

fn count(files: &[(&str, &str)], name: &str) -> usize {
    let cases = |(file, key): &(&str, &str)| {
        let json: Json = serde_json::from_str(&read(&format!("tests/golden/{file}.json"))).unwrap();
        let all = json["cases"].as_array().unwrap();
        // A file about a single thing does not name it.
        let of = |case: &&Json| plain(case[*key].as_str().unwrap_or(key)) == plain(name);
        all.iter().filter(of).count()
    };
    files.iter().map(cases).sum()
}

fn kinds() -> Vec<Kind> {
    let kind = |name, plural, how: &str, names, files| Kind {
        name,
        plural,
        how: how.to_owned(),
        names,
        files,
    };
    let layers = implementors("Layer").into_iter();
    let metrics = variants("crates/core/src/nn/metrics/mod.rs", "Metric").into_iter();
    let metrics = metrics
        .filter(|name| !["Loss", "Custom", "Named", "On", "Weighted"].contains(&name.as_str()));
    let inside = ["Activation", "Network", "Pretrained", "Named"];
    let schedules = ["cosine", "decay", "one_cycle", "piecewise"];
    let schedules = schedules.map(|file| format!("crates/core/src/nn/schedules/{file}.rs"));
    let callbacks =
        ["csv_logger", "early_stopping", "learning_rate", "model_checkpoint", "tensor_board"];
    let callbacks = callbacks.map(|file| format!("src/train/callbacks/{file}.rs"));
    let structs =
        |files: &[String]| files.iter().flat_map(|file| declared(file, "pub struct ")).collect();
    let of_enum = |file: &str, name| variants(&format!("crates/core/src/nn/{file}.rs"), name);
    vec![
        kind(
            "Layer",
            "Layers",
            "Values to 1e-9 in float64 and 4e-6 in float32, gradients of inputs and weights to 1e-9; batch normalization in training, with its gradients and three steps of its statistics.",
            layers.filter(|name| !inside.contains(&name.as_str())).collect(),
            &[
                ("layers", "layer"),
                ("layers_more", "layer"),
                ("batch_normalization", "BatchNormalization"),
            ],
        ),
        kind(
            "Activation",
            "Activations",
            "Values and gradients to 1e-9 in float64, values to 1e-6 in float32.",
            Activation::ALL.into_iter().map(|activation| activation.name().to_owned()).collect(),
            &[("activations", "name")],
        ),
        kind(
            "Initializer",
            "Initializers",
            "Mean and standard deviation to 1 %, the largest value to 20 %; orthogonality to 1e-6. Random streams are ours.",
            of_enum("initializers", "Initializer"),
            &[("initializers", "initializer")],
        ),
        kind(
            "Regularizer",
            "Regularizers",
            "Values and gradients to 1e-9 in float64.",
            of_enum("regularizers", "Regularizer"),
            &[("regularizers", "regularizer")],
        ),
        kind(
            "Constraint",
            "Constraints",
            "Values to 1e-9 in float64, along one axis and several.",
            of_enum("constraints", "Constraint"),
            &[("constraints", "constraint")],
        ),
        kind(
            "Optimizer",
            "Optimizers",
            "Weights over 1,000 steps to 1e-9 in float64 and 1e-4 in float32, with all shared options.",
            implementors("Optimizer").into_iter().filter(|name| name != "Box").collect(),
            &[("optimizers", "optimizer")],
        ),
        kind(
            "Schedule",
            "Schedules",
            "Rates to 1e-9 in float64 and 1e-5 in float32.",
            structs(&schedules),
            &[("schedules", "schedule")],
        ),
        kind(
            "Loss",
            "Losses",
            "Values, values of each sample and gradients to 1e-9 in float64, values to 1e-6 in float32.",
            all_losses().iter().map(|loss| loss.name().to_owned()).collect(),
            &[("losses", "loss")],
        ),
        kind(
            "Metric",
            "Metrics",
            "Values to 1e-9 in float64 (to 1e-6 where Keras counts in float32) and 1e-6 in float32, over several batches.",
            metrics.collect(),
            &[("metrics", "metric")],
        ),
        kind(
            "Callback",
            "Callbacks",
            "In which epoch training ends, whose weights are restored, and the learning rate of each epoch.",
            structs(&callbacks),
            &[("callbacks", "callback")],
        ),
    ]
}

/// The page.
fn page() -> String {
    let mut page = "# How close to Keras\n\n\
        What is compared with Keras 3.15.1 (on JAX), how closely, and where we differ on purpose. The numbers come from\n\
        [golden files](../tools/golden/README.md); whole trainings are compared besides, to 1e-9 in float64 and 1e-4 in float32.\n\
        A test writes this page: `NEURONA_BLESS=1 cargo test -p neurona-core parity`.\n"
        .to_owned();
    let mut bare = Vec::new();
    for kind in kinds() {
        page += &format!("\n## {}\n\n{}\n\n", kind.plural, kind.how);
        page += &format!("| {} | golden cases | differs |\n|---|--:|---|\n", kind.name);
        let names: BTreeSet<String> = kind.names.iter().cloned().collect();
        for name in &names {
            let differs =
                DIFFERENCES.iter().find(|(of, known, _)| *of == kind.name && known == name);
            let differs = differs.map_or("", |(_, _, text)| text);
            let cases = count(kind.files, name);
            if cases == 0 && differs.is_empty() {
                bare.push(format!("{} {name}", kind.name));
            }
            page += &format!("| `{name}` | {cases} | {differs} |\n");
        }
        for (_, name, _) in DIFFERENCES.iter().filter(|(of, ..)| *of == kind.name) {
            assert!(names.contains(*name), "there is no {} {name}: {names:?}", kind.name);
        }
    }
    assert!(bare.is_empty(), "no golden value and no reason: {bare:?}");
    page
}

#[test]
fn the_parity_page_says_what_the_tests_compare() {
    let (path, page) = (root().join("docs/keras-parity.md"), page());
    if std::env::var_os("NEURONA_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == page, "docs/keras-parity.md is behind: run again with NEURONA_BLESS=1");
}
