//! A training that the system asks to end: it is saved, resumed, and ends with the same bytes.
#![cfg(unix)]

use crate::common::command;
use crate::golden::Golden;
use neurona::data::npy;
use neurona::prelude::ndarray::{Array1, Array2};
use neurona::prelude::*;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A model with dropout, and enough samples for an epoch to take a while.
fn prepare(test: &str) -> Golden {
    let golden = Golden::new("never_compiled", test);
    let x = Array2::from_shape_fn((20_000, 4), |(i, j)| ((i * 37 + j * 91) % 101) as f32 / 100.0);
    let y: Array1<u8> = x.rows().into_iter().map(|row| u8::from(row.sum() > 2.0)).collect();
    npy::write(golden.path("x.npy"), &x).expect("written");
    npy::write(golden.path("y.npy"), &y).expect("written");
    let mut model = Sequential::new([4])
        .add(Dense::new(16).activation(Relu))
        .add(Dropout::new(0.2))
        .add(Dense::new(2).activation(Softmax));
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Adam::default(), loss, [Metric::Accuracy]).expect("compiled");
    model.save(golden.path("model.keras")).expect("saved");
    golden
}

const TRAIN: &str = "train @model.keras --data @x.npy --target @y.npy --epochs 40 --batch-size 4";

/// Starts a training and waits until its first epoch is done.
fn begin(golden: &Golden, line: &str) -> (Child, BufReader<impl Read + use<>>) {
    let words = golden.words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut child = command(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut course = BufReader::new(child.stderr.take().expect("piped"));
    let mut text = String::new();
    course.read_line(&mut text).expect("a line");
    assert!(text.contains(" 1/40"), "{text}");
    (child, course)
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(status.expect("kill starts").success());
}

/// The exit code, and the rest of standard error.
fn end(mut child: Child, mut course: impl Read) -> (Option<i32>, String) {
    let mut text = String::new();
    course.read_to_string(&mut text).expect("text");
    (child.wait().expect("it ends").code(), text)
}

#[test]
fn a_training_that_was_stopped_and_resumed_writes_the_bytes_of_one_that_was_not() {
    let golden = prepare("stop-resume");
    golden.output(&format!("{TRAIN} --output @whole.keras --seed 5"));
    for (signal_name, run, lang, words) in [
        ("-TERM", "run-1", "en", ["Stopped at step", "To resume:"]),
        ("-INT", "run-2", "es", ["Detenido en el paso", "Para reanudar:"]),
    ] {
        let out = format!("{run}.keras");
        let line = format!("{TRAIN} --output @{out} --seed 5 --run @{run} --lang {lang}");
        let (child, course) = begin(&golden, &line);
        signal(&child, signal_name);
        let (code, text) = end(child, course);
        assert_eq!(code, Some(75), "{text}");
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        assert!(!golden.path(&out).exists(), "a training that is not done writes no model");
        // The command that it prints, word for word.
        let again = text.lines().last().expect("a line").trim();
        assert!(again.ends_with(" --resume"), "{again}");
        let output = Command::new("sh").args(["-c", again]).output().expect("a shell");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
        assert!(!text.contains(" 1/40"), "it began anew: {text}");
        let bytes = |name: &str| fs::read(golden.path(name)).expect("written");
        assert!(bytes(&out) == bytes("whole.keras"), "{signal_name}: other bytes");
    }
}

#[test]
fn json_says_how_to_resume() {
    let golden = prepare("stop-json");
    let (mut child, course) =
        begin(&golden, &format!("{TRAIN} --output @o.keras --run @run --json"));
    let mut out = child.stdout.take().expect("piped");
    signal(&child, "-TERM");
    assert_eq!(end(child, course).0, Some(75));
    let mut line = String::new();
    out.read_to_string(&mut line).expect("text");
    let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert!(line["stopped"]["step"].as_u64().is_some_and(|step| step >= 5000), "{line}");
    assert_eq!(line["stopped"]["run"], golden.name("run"));
    assert!(line["resume"].as_str().is_some_and(|again| again.ends_with(" --resume")), "{line}");
}

#[test]
fn without_a_run_nothing_is_written_and_the_code_is_130() {
    let golden = prepare("stop-plain");
    for (lang, words) in [("en", "--run FOLDER"), ("es", "--run CARPETA")] {
        let (child, course) = begin(&golden, &format!("{TRAIN} --output @o.keras --lang {lang}"));
        signal(&child, "-INT");
        let (code, text) = end(child, course);
        assert_eq!(code, Some(130), "{text}");
        assert!(text.contains(words), "{text}");
        assert!(!golden.path("o.keras").exists());
    }
}

#[test]
fn the_first_signal_waits_for_the_work_and_the_second_ends_it_at_once() {
    let golden = prepare("stop-twice");
    // Data that never come: the command waits for them, however it is asked to end, until it is
    // asked twice.
    let pipe = golden.path("endless.npy");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    let line =
        "train @model.keras --data @endless.npy --target @y.npy --output @o.keras --run @run";
    let words = golden.words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut child = command(&words).stderr(Stdio::null()).spawn().expect("the command starts");
    // It can be opened once the command has opened it, too.
    let writer = fs::OpenOptions::new().write(true).open(&pipe).expect("opened");
    signal(&child, "-TERM");
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(child.try_wait().expect("asked"), None);
    signal(&child, "-TERM");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    drop(writer);
}
