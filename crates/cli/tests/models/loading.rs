//! What commands say about what they noticed on opening a model, and what can be given instead.

use crate::golden::{Golden, check_close};
use neurona::data::{npy, npz};
use neurona::tensor::{Shape, Tensor};
use std::fs;
use std::path::{Path, PathBuf};

/// A file that real Keras wrote.
fn golden_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/loading").join(name)
}

/// A folder with these golden files.
fn folder(test: &str, files: &[&str]) -> Golden {
    let golden = Golden::new("minimal", test);
    for file in files {
        fs::copy(golden_file(file), golden.path(file)).expect("copied");
    }
    golden
}

/// Runs a command that succeeds in both languages, and notes these words once on standard error.
fn noted(golden: &Golden, line: &str, code: &str, english: &str, spanish: &str) {
    for (lang, part) in [("en", english), ("es", spanish)] {
        let run = golden.run(&format!("{line} --lang {lang}"));
        assert_eq!(run.code, Some(0), "{line}: {}", run.err);
        let lines: Vec<&str> = run.err.lines().filter(|line| line.starts_with(code)).collect();
        let [said] = lines[..] else { panic!("{line}: {}", run.err) };
        assert!(said.contains(part), "{line}: no \"{part}\" in {said}");
        assert!(!run.out.contains(code) || line.contains("--json"), "{}", run.out);
    }
}

#[test]
fn every_command_that_opens_a_model_notes_what_it_noticed() {
    let golden = folder("notes", &["loss_scale.keras", "loss_scale_x.npy", "loss_scale_y.npy"]);
    let data = "@loss_scale.keras --data @loss_scale_x.npy --target @loss_scale_y.npy";
    for line in [
        "inspect @loss_scale.keras",
        "inspect @loss_scale.keras --json",
        "predict @loss_scale.keras --input @loss_scale_x.npy",
        &format!("evaluate {data}"),
        &format!("train {data} --output @o.keras"),
        "convert @loss_scale.keras @c.keras",
        "convert @loss_scale.keras @c.weights.h5",
        "inspect @c.keras",
    ] {
        noted(&golden, line, "W041", "mixed_float16", "float32");
    }
    for line in [
        "inspect @loss_scale.keras --json",
        &format!("evaluate {data} --json"),
        &format!("train {data} --output @o.keras --json"),
    ] {
        for (lang, part) in [("en", "another precision"), ("es", "otra precisión")] {
            let line = golden.line(&format!("{line} --lang {lang}"));
            assert_eq!(line["notes"].as_array().expect("a list").len(), 1);
            assert_eq!(line["notes"][0]["code"], "W041");
            let message = line["notes"][0]["message"].as_str().expect("a text");
            assert!(message.contains(part), "{message}");
        }
    }
    let line = golden.line("inspect @loss_scale.keras --json");
    assert_eq!(line["dtypes"], serde_json::json!({"dense": "mixed_float16"}));
    let page = golden.output("inspect @loss_scale.keras");
    assert!(page.contains("Precision in the file (here: float32): dense mixed_float16"), "{page}");
    // If there is nothing to note, nothing is said.
    assert_eq!(golden.run("inspect @model.keras").err, "");
    assert_eq!(golden.line("inspect @model.keras --json")["notes"], serde_json::json!([]));
}

#[test]
fn an_optimizer_inside_another_trains_on_from_where_it_was() {
    let golden = folder("scale", &["loss_scale.keras", "loss_scale_x.npy", "loss_scale_y.npy"]);
    let train = |from: &str, to: &str| {
        let line = golden.line(&format!(
            "train @{from} --data @loss_scale_x.npy --target @loss_scale_y.npy --epochs 3 \
             --no-shuffle --output @{to} --json"
        ));
        let losses = line["history"]["loss"].as_array().expect("losses").clone();
        losses.iter().map(|loss| loss.as_f64().expect("a number")).collect::<Vec<f64>>()
    };
    golden.output("convert @loss_scale.keras @c.keras");
    for from in ["loss_scale.keras", "c.keras"] {
        for (found, wanted) in train(from, "o.keras").iter().zip([0.2631, 0.2526, 0.2428]) {
            assert!((found - wanted).abs() <= 1e-3, "{from}: {found}, not {wanted}");
        }
    }
}

#[test]
fn a_loss_that_does_not_exist_here_is_noted_and_another_can_be_given() {
    let files = ["loss_class.keras", "metric_function.h5", "foreign_x.npy", "foreign_y.npy"];
    let golden = folder("foreign", &files);
    let wanted = npy::read(golden_file("foreign_want.npy")).expect("read").to_f64();
    for (file, part) in [("loss_class.keras", "Mine>MyLoss"), ("metric_function.h5", "my_metric")] {
        for line in [
            &format!("inspect @{file}"),
            &format!("predict @{file} --input @foreign_x.npy --output @p.npy"),
            &format!("convert @{file} @c.keras"),
        ] {
            noted(&golden, line, "W040", part, part);
        }
        check_close(&npy::read(golden.path("p.npy")).expect("read").to_f64(), &wanted, 1e-6);
    }
    let data = "@loss_class.keras --data @foreign_x.npy --target @foreign_y.npy";
    let train = format!("train {data} --output @o.keras");
    for line in [&format!("evaluate {data}"), &train] {
        for (lang, parts) in [
            ("en", ["E014", "loss_class.keras", "the loss \"Mine>MyLoss\"", "--loss mean_squared"]),
            (
                "es",
                ["E014", "loss_class.keras", "la pérdida \"Mine>MyLoss\"", "por ejemplo --loss"],
            ),
        ] {
            let run = golden.run(&format!("{line} --lang {lang}"));
            assert_eq!(run.code, Some(4), "{}", run.err);
            let said = run.err.lines().last().expect("a line");
            for part in parts {
                assert!(said.contains(part), "no {part} in {said}");
            }
            assert!(!said.contains("--optimizer"), "the file has one: {said}");
        }
    }
    assert!(!golden.path("o.keras").exists());
    // Following its advice works.
    golden.output(&format!("evaluate {data} --loss mean_squared_error --metrics mae,AUC"));
    golden.output(&format!("{train} --loss mean_squared_error"));
    let line = golden.line("inspect @o.keras --json");
    assert_eq!(line["compile"]["optimizer"]["class_name"], "SGD");
    assert_eq!(line["notes"], serde_json::json!([]));
}

#[test]
fn a_model_that_is_not_compiled_is_compiled_on_the_command_line() {
    let golden = Golden::new("never_compiled", "compile-it");
    let y = Tensor::new(Shape::new(&[5, 2]).unwrap(), vec![0.5f32; 10]).unwrap();
    npy::write(golden.path("y0.npy"), &y).expect("written");
    let train = "train @model.keras --data @x0.npy --target @y0.npy --output @o.keras";
    let run = golden.run(train);
    assert_eq!(run.code, Some(4), "{}", run.err);
    let fix = "--optimizer adam --loss mean_squared_error";
    assert!(run.err.contains(&format!("for example {fix};")), "{}", run.err);
    let line = golden.line(&format!("{train} {fix} --metrics mae --json"));
    assert!(line["history"]["mae"].is_array(), "{line}");
    let line = "evaluate @model.keras --data @x0.npy --target @y0.npy";
    golden.output(&format!("{line} --loss mse"));
    for (option, code, english, spanish) in [
        ("--loss msee", 4, "E015 --loss: there is no loss called \"msee\"", "ninguna función"),
        ("--metrics mae,acuracy", 4, "Did you mean \"accuracy\"?", "¿Quiso decir \"accuracy\"?"),
        ("--loss mse --loss mae", 2, "E002 --loss: the model has 1", "E002 --loss: el modelo"),
    ] {
        for (lang, part) in [("en", english), ("es", spanish)] {
            let run = golden.run(&format!("{line} {option} --lang {lang}"));
            assert_eq!(run.code, Some(code), "{}", run.err);
            assert!(run.err.contains(part), "no {part} in {}", run.err);
        }
    }
    let run = golden.run(&format!("{train} --optimizer adm --loss mse"));
    assert!(run.err.contains("E015 --optimizer:"), "{}", run.err);
    assert!(run.err.contains("Did you mean \"adam\"?"), "{}", run.err);
}

/// An array of texts, as NumPy writes `np.array(["a"])`.
fn texts() -> Vec<u8> {
    let mut header = b"{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }".to_vec();
    header.resize(117, b' ');
    header.push(b'\n');
    let length = u16::try_from(header.len()).expect("short").to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], &header, b"a\0\0\0"].concat()
}

/// A `.npz` with these members.
fn archive(golden: &Golden, name: &str, arrays: &[(&str, &[u8])]) {
    let members: Vec<(String, &[u8])> =
        arrays.iter().map(|(name, bytes)| (format!("{name}.npy"), *bytes)).collect();
    let members: Vec<(&str, &[u8])> =
        members.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let bytes = neurona_formats::zip::write(&members).expect("an archive");
    fs::write(golden.path(name), bytes).expect("written");
}

#[test]
fn one_array_of_several_is_named_after_a_colon() {
    let golden = Golden::new("minimal", "colon");
    let [x, y] = ["x0.npy", "y0.npy"].map(|name| fs::read(golden.path(name)).expect("read"));
    archive(
        &golden,
        "d.npz",
        &[("x_test", &x), ("y_test", &y), ("names", &texts()), ("dense/x:0", &x)],
    );
    let wanted = golden.output("predict @model.keras --input @x0.npy");
    assert_eq!(golden.output("predict @model.keras --input @d.npz:x_test"), wanted);
    // TensorFlow's variables have a colon in their names.
    assert_eq!(golden.output("predict @model.keras --input @d.npz:dense/x:0"), wanted);
    let scores = golden.output("evaluate @model.keras --data @x0.npy --target @y0.npy");
    let line = "evaluate @model.keras --data @d.npz:x_test --target @d.npz:y_test";
    assert_eq!(golden.output(line), scores);
    golden
        .output("train @model.keras --data @d.npz:x_test --target @d.npz:y_test --output @o.keras");
    let line = golden.line("inspect @d.npz:x_test --json");
    assert_eq!(line["arrays"].as_array().expect("a list").len(), 1);
    // Everything: what is not numbers is mentioned, and does not hide the rest.
    let line = golden.line("inspect @d.npz --json");
    assert_eq!(line["arrays"].as_array().expect("a list").len(), 3);
    assert_eq!(line["unread"][0]["name"], "names");
    let page = golden.output("inspect @d.npz --lang es");
    assert!(page.contains("names (no se lee): ") && page.contains("x_test"), "{page}");

    // Without a name, the error says how to give one, and that works.
    for (lang, word) in [("en", "for example "), ("es", "por ejemplo ")] {
        let run = golden.run(&format!("predict @model.keras --input @d.npz --lang {lang}"));
        assert_eq!(run.code, Some(4), "{}", run.err);
        let (_, fix) = run.err.split_once(word).expect("an example");
        let given = fix.split(" (").next().expect("a word");
        assert!(given.starts_with("--input ") && given.ends_with("d.npz:x_test"), "{given}");
        assert_eq!(golden.output(&format!("predict @model.keras {given}")), wanted);
    }
    for (lang, part) in [("en", "Did you mean \"x_test\"?"), ("es", "¿Quiso decir \"x_test\"?")] {
        let run = golden.run(&format!("predict @model.keras --input @d.npz:x_tset --lang {lang}"));
        assert_eq!(run.code, Some(4), "{}", run.err);
        assert!(run.err.contains("E015") && run.err.contains(part), "{}", run.err);
    }
    let run = golden.run("predict @model.keras --input @no.npz:x_test");
    assert!(run.err.starts_with("E031") && run.err.contains("no.npz:"), "{}", run.err);
    // A file that is read is not written over.
    let run = golden.run("predict @model.keras --input @d.npz:x_test --output @d.npz");
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("which is read"), "{}", run.err);
    // A text array that is asked for is refused by its name.
    let run = golden.run("predict @model.keras --input @d.npz:names");
    assert_eq!(run.code, Some(3), "{}", run.err);
    assert!(run.err.contains("names"), "{}", run.err);
}

#[test]
fn what_is_taken_for_a_model_is_called_by_its_name_by_every_command() {
    let golden = Golden::new("minimal", "others");
    fs::create_dir_all(golden.path("saved")).expect("made");
    fs::write(golden.path("saved/saved_model.pb"), b"\x08\x01").expect("written");
    fs::write(golden.path("m.onnx"), b"\x08\x08\x12\x07pytorch").expect("written");
    for (name, part) in [("saved", "SavedModel"), ("m.onnx", "ONNX")] {
        for line in [
            &format!("inspect @{name}"),
            &format!("predict @{name} --input @x0.npy"),
            &format!("evaluate @{name} --data @x0.npy --target @y0.npy"),
            &format!("train @{name} --data @x0.npy --target @y0.npy --output @o.keras"),
            &format!("convert @{name} @o.keras"),
        ] {
            for lang in ["en", "es"] {
                let run = golden.run(&format!("{line} --lang {lang}"));
                assert_eq!(run.code, Some(3), "{line}: {}", run.err);
                assert!(run.err.contains(part), "{line}: {}", run.err);
                assert!(run.err.contains("model.save(\"model.keras\")"), "{line}: {}", run.err);
            }
        }
    }
    assert!(!golden.path("o.keras").exists());
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_has_a_colon_opens() {
    let golden = Golden::new("minimal", "colon-name");
    let wanted = golden.output("predict @model.keras --input @x0.npy");
    fs::copy(golden.path("x0.npy"), golden.path("a:b.npy")).expect("copied");
    let x = npy::read(golden.path("x0.npy")).expect("read");
    npz::write(golden.path("d.npz:x.npz"), &[("other".to_owned(), x)]).expect("written");
    for file in ["a:b.npy", "d.npz:x.npz"] {
        assert_eq!(golden.output(&format!("predict @model.keras --input @{file}")), wanted);
    }
    assert_eq!(golden.output("predict @model.keras --input @d.npz:x.npz:other"), wanted);
}
