//! Callbacks that write files: what they write can be read back, and a file that cannot be made refuses the training.

use ndarray::array;
use neurona::Code;
use neurona::prelude::*;
use std::fs;
use std::path::PathBuf;

/// A folder of this test's own, not there yet.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("neurona-{name}-{}", std::process::id()));
    _ = fs::remove_dir_all(&folder);
    folder
}

fn fit(epochs: usize, callback: impl Callback) -> Result<History> {
    let x = array![[0.1f32], [0.9], [0.4], [0.7]];
    let y = array![[0.3f32], [0.2], [0.8], [0.5]];
    let mut model = Sequential::new([1]).add(Dense::new(1));
    model.compile(Sgd::new(0.05), MeanSquaredError, [Metric::MeanAbsoluteError]).unwrap();
    let options = Fit::epochs(epochs).validation_split(0.5).verbose(Verbose::Silent);
    model.fit(&x, &y, options.callback(callback))
}

#[test]
fn a_csv_log_is_the_history_to_the_last_bit() {
    let folder = folder("csv");
    let path = folder.join("deeper").join("log.csv");
    let history = fit(3, CsvLogger::new(&path)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), history.to_csv());

    // A second training writes a file of its own, unless it is to continue.
    let history = fit(2, CsvLogger::new(&path).separator(";")).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(written, history.to_csv().replace(',', ";"));
    let losses = written.lines().skip(1).map(|line| line.split(';').nth(1).unwrap());
    assert!(losses.map(|loss| loss.parse::<f64>().unwrap()).eq(history["loss"].iter().copied()));
    fit(1, CsvLogger::new(&path).separator(";").append(true)).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(written.lines().count(), 4, "{written}");
    assert_eq!(written.matches("epoch").count(), 1, "{written}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_csv_log_is_appended_to_the_same_columns_on_a_line_of_its_own() {
    let folder = folder("csv-append");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("log.csv");
    let append = || CsvLogger::new(&path).append(true);
    fit(2, append()).unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    // An unfinished last line, as an editor leaves it, and lines ended as on another system.
    for before in [whole.trim_end().to_owned(), whole.replace('\n', "\r\n")] {
        fs::write(&path, &before).unwrap();
        fit(1, append()).unwrap();
        let written = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = written.lines().collect();
        assert_eq!(lines[..3], whole.lines().collect::<Vec<_>>(), "{written}");
        assert_eq!(lines.len(), 4, "{written}");
        assert!(lines[3].starts_with("0,") && lines[3].split(',').count() == 5, "{written}");
    }
    // Other columns, including those with another separator, are left as they are.
    for other in ["epoch,loss\n0,0.5\n", "epoch;loss\n0;0.5\n", "anything", "\u{1}\u{2}"] {
        fs::write(&path, other).unwrap();
        let error = fit(1, append()).unwrap_err();
        assert_eq!(error.code(), Code::E034, "{error}");
        for part in ["log.csv", "epoch,loss,mean_absolute_error,val_loss", "another file"] {
            assert!(error.to_string().contains(part), "{error}");
        }
        assert!(error.in_lang(neurona::message::Lang::Es).contains("comienza con las columnas"));
        assert_eq!(fs::read_to_string(&path).unwrap(), other);
    }
    // A name with a line end is put in quotes and does not become another column.
    let named = |append: bool| {
        let metric = Metric::MeanAbsoluteError.named("error,\nabsolute");
        let mut model = Sequential::new([1]).add(Dense::new(1));
        model.compile(Sgd::new(0.05), MeanSquaredError, [metric]).unwrap();
        let log = CsvLogger::new(&path).append(append);
        let fit = Fit::epochs(1).verbose(Verbose::Silent).callback(log);
        model.fit(array![[0.1f32]], array![0.3f32], fit).unwrap();
        fs::read_to_string(&path).unwrap()
    };
    let once = named(false);
    assert!(once.starts_with("epoch,\"error,\nabsolute\",loss\n0,"), "{once}");
    assert_eq!(named(true).lines().count(), once.lines().count() + 1);
    // An empty file counts as one without a header.
    fs::write(&path, "").unwrap();
    fit(2, append()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_file_that_cannot_be_made_refuses_the_training() {
    let folder = folder("refused");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("file");
    fs::write(&file, "").unwrap();
    let errors = [
        fit(1, CsvLogger::new(file.join("log.csv"))).unwrap_err(),
        fit(1, CsvLogger::new(&folder)).unwrap_err(),
        fit(1, TensorBoard::new(&file)).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), Code::E035);
        assert!(error.in_lang(neurona::message::Lang::Es).contains("no se puede escribir"));
    }
    fs::remove_dir_all(folder).unwrap();
}

/// The contents of the records in the only event file in a folder.
fn records(folder: PathBuf) -> Vec<Vec<u8>> {
    let files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    assert!(file.file_name().unwrap().to_str().unwrap().starts_with("events.out.tfevents."));
    let bytes = fs::read(file).unwrap();
    let (mut rest, mut found) = (&bytes[..], Vec::new());
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        found.push(rest[12..12 + length].to_vec());
        rest = &rest[12 + length + 4..];
    }
    found
}

#[test]
fn tensor_board_finds_the_numbers_of_every_epoch() {
    let folder = folder("board");
    let history = fit(3, TensorBoard::new(&folder)).unwrap();
    for (name, prefix) in [("train", ""), ("validation", "val_")] {
        let records = records(folder.join(name));
        let each = if prefix.is_empty() { 3 } else { 2 };
        assert_eq!(records.len(), 1 + 3 * each, "{name}");
        assert!(records[0].ends_with(b"brain.Event:2"));
        for (epoch, loss) in history[&format!("{prefix}loss")].iter().enumerate() {
            let event = &records[1 + epoch * each];
            let tail = [&b"epoch_loss\x15"[..], &(*loss as f32).to_le_bytes()].concat();
            assert!(event.ends_with(&tail), "{name} {epoch}");
            assert_eq!(event[9..11], [0x10, epoch as u8], "the step");
        }
    }
    fs::remove_dir_all(folder).unwrap();
}
