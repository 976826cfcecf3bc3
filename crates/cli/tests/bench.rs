//! The benchmarks as a user runs them: what they print and write. How long anything took is not
//! checked.

mod common;

use common::{command, fresh, neurona};
use neurona::internals::tensor::random::Source;
use serde_json::Value;
use std::fs;

/// The one line that `bench … --json` prints.
fn json(arguments: &[&str]) -> Value {
    let run = neurona(&[&["bench"], arguments, &["--json"]].concat());
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments:?}");
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    serde_json::from_str(&run.out).expect("JSON")
}

fn check_json(workload: &str) {
    let line = json(&[workload, "--epochs", "1", "--threads", "2"]);
    let mut keys: Vec<&str> =
        line.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    let wanted = "epoch_s first_epoch_s isa kinds losses peak_mb peer predict_one_ms steps_per_s threads workload";
    assert_eq!(keys.join(" "), wanted);
    assert_eq!((&line["peer"], &line["workload"]), (&"neurona".into(), &workload.into()));
    assert_eq!(line["threads"], 2);
    let above_0 = |value: &Value| value.as_f64().is_some_and(|x| x.is_finite() && x > 0.0);
    for key in ["first_epoch_s", "epoch_s", "predict_one_ms", "steps_per_s"] {
        assert!(above_0(&line[key]), "{key}: {}", line[key]);
    }
    assert!(above_0(&line["peak_mb"]) || !cfg!(target_os = "linux"), "{}", line["peak_mb"]);
    let losses = line["losses"].as_array().expect("a list");
    assert!(losses.len() == 1 && above_0(&losses[0]), "{losses:?}");
    let kinds = line["kinds"].as_object().expect("an object");
    assert!(kinds.contains_key("matmul") && kinds.contains_key("around"), "{kinds:?}");
    let all: f64 = kinds.values().filter_map(Value::as_f64).sum();
    assert!((all - 1.0).abs() < 0.01, "{kinds:?}");
}

#[test]
fn the_guides_network_as_json() {
    check_json("guide");
}

#[test]
fn the_table_of_numbers_as_json() {
    check_json("tabular");
}

#[test]
fn the_table_and_the_profile_fit_in_80_columns() {
    for (lang, words) in [
        ("en", ["batch size: 256", "one prediction", "loss of each epoch: 0.", "layer"]),
        ("es", ["tamaño de lote: 256", "una predicción", "pérdida de cada época: 0,", "capa"]),
    ] {
        let run = neurona(&["bench", "tabular", "--epochs", "1", "--profile", "--lang", lang]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        for part in words.iter().chain(&["neurona bench tabular", "256×30 · 30×64", "dense_2"]) {
            assert!(run.out.contains(part), "no \"{part}\" in {}", run.out);
        }
        for line in run.out.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert_eq!(line, line.trim_end());
        }
        let control = |c: char| c.is_control() && c != '\n';
        assert_eq!(run.out.find(control), None);
    }
}

#[test]
fn the_arrays_are_files_of_numpy() {
    let folder = fresh("arrays");
    let name = folder.to_str().expect("text");
    let run = neurona(&["bench", "tabular", "--arrays", name]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "", ""));
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("listed")
        .map(|entry| entry.expect("listed").file_name().into_string().expect("text"))
        .collect();
    names.sort();
    assert_eq!(names, ["x.npy", "y.npy"]);
    let x = fs::read(folder.join("x.npy")).expect("written");
    let y = fs::read(folder.join("y.npy")).expect("written");
    fs::remove_dir_all(folder).expect("removed");
    for (bytes, descr, shape) in [(&x, "<f4", "(100000, 30)"), (&y, "<i4", "(100000,)")] {
        // Magic, version 1.0, the length 118 in two bytes, and a header that ends at byte 128.
        assert_eq!(bytes[..10], [0x93, b'N', b'U', b'M', b'P', b'Y', 1, 0, 118, 0]);
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
        assert_eq!(bytes[10..128], *format!("{header:<117}\n").as_bytes());
    }
    assert_eq!((x.len(), y.len()), (128 + 4 * 100_000 * 30, 128 + 4 * 100_000));
    let number = |i: usize| f32::from_le_bytes(x[128 + 4 * i..][..4].try_into().expect("four"));
    let source = Source { seed: 7, stream: 0, step: 0 };
    for i in [0, 1, 29, 30, 2_999_999] {
        assert_eq!(number(i), source.normal(i as u64) as f32, "number {i}");
    }
    let labels: Vec<i32> = y[128..]
        .chunks(4)
        .map(|label| i32::from_le_bytes(label.try_into().expect("four")))
        .collect();
    assert!(labels.iter().all(|label| [0, 1].contains(label)));
    assert!(labels.contains(&0) && labels.contains(&1));
}

#[test]
fn a_place_that_takes_no_arrays_is_refused_before_the_work() {
    let file = fresh("no-folder");
    fs::write(&file, "mine").expect("written");
    let name = file.to_str().expect("text");
    for (lang, part) in
        [("en", "another folder with --arrays"), ("es", "otra carpeta con --arrays")]
    {
        let run = neurona(&["bench", "tabular", "--arrays", name, "--lang", lang]);
        assert_eq!(run.code, Some(3));
        assert!(run.err.starts_with("E035 ") && run.err.contains(part), "{}", run.err);
    }
    assert_eq!(fs::read_to_string(&file).expect("read"), "mine");
    fs::remove_file(file).expect("removed");
}

#[test]
fn every_instruction_set_of_this_processor_trains_alike_and_others_are_refused() {
    let losses = |isa: &str| {
        let arguments = ["bench", "tabular", "--epochs", "1", "--json"];
        let output =
            command(&arguments).env("NEURONA_ISA", isa).output().expect("the command starts");
        let line: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(line["isa"], isa);
        line["losses"][0].as_f64().expect("a number")
    };
    let best =
        neurona::internals::cpu::Level::available().next().expect("portable at least").name();
    for level in neurona::internals::cpu::Level::available() {
        let (found, best) = (losses(level.name()), losses(best));
        // Levels that round a product and a sum once give the same bits; the portable one rounds
        // twice.
        let apart = if level.name() == "portable" { 0.01 } else { 0.0 };
        assert!((found - best).abs() <= apart, "{}: {found}, {best}", level.name());
    }
    for (lang, words) in [("en", "there is no instruction set"), ("es", "no existe ningún juego")]
    {
        let mut command = command(&["bench", "tabular", "--lang", lang]);
        let output = command.env("NEURONA_ISA", "avx1024").output().expect("the command starts");
        let text = String::from_utf8(output.stderr).expect("text");
        assert!(text.contains(words) && text.contains("NEURONA_ISA"), "{text}");
        assert!(text.contains("portable") && output.stdout.is_empty(), "{text}");
        assert_ne!(output.status.code(), Some(0));
    }
}
