//! Wrong input on purpose: what both languages say about it, the exit code, and that nothing is
//! written.

use crate::golden::Golden;
use neurona::data::{npy, npz};
use neurona::prelude::ndarray::{Array2, array};
use neurona::prelude::{Dense, MeanSquaredError, Sequential, Sgd};
use neurona::tensor::ToTensor;
use std::fs;

/// A wrong command line: its exit code, and what the complaint says in English and in Spanish.
fn check(golden: &Golden, line: &str, code: i32, english: &[&str], spanish: &[&str]) {
    for (lang, parts) in [("en", english), ("es", spanish)] {
        let run = golden.run(&format!("{line} --lang {lang}"));
        assert_eq!(run.code, Some(code), "{line}: {}", run.err);
        assert_eq!(run.out, "", "{line}");
        assert_eq!(run.err.lines().count(), 1, "{line}: {}", run.err);
        for part in parts {
            assert!(run.err.contains(part), "{line}: no \"{part}\" in {}", run.err);
        }
    }
}

const TRAIN: &str = "train @model.keras --data @x0.npy --target @y0.npy";

#[test]
fn what_is_missing_on_the_command_line_is_named_with_an_example() {
    let golden = Golden::new("minimal", "missing");
    check(
        &golden,
        "inspect",
        2,
        &["E002", "name of a file", "neurona inspect model.keras"],
        &["nombre de un archivo"],
    );
    check(&golden, "predict", 2, &["E002", "--input x.npy"], &["E002", "--input x.npy"]);
    check(
        &golden,
        "predict @model.keras",
        2,
        &["E002 --input: the option is missing"],
        &["E002 --input: falta la opción"],
    );
    check(
        &golden,
        "evaluate @model.keras --data @x0.npy",
        2,
        &["--target", "missing"],
        &["--target", "falta"],
    );
    check(&golden, TRAIN, 2, &["E002 --output:", "trained.keras"], &["E002 --output: falta"]);
    check(&golden, "convert @model.keras", 2, &["second file"], &["segundo archivo"]);
    check(
        &golden,
        &format!("{TRAIN} --output @o.keras --resume"),
        2,
        &["E002 --resume:", "--run"],
        &["E002 --resume:", "carpeta"],
    );
    check(
        &golden,
        &format!("{TRAIN} --output @o.keras --epochs 0"),
        2,
        &["E002 --epochs:"],
        &["número entero"],
    );
    check(
        &golden,
        &format!("{TRAIN} --output @o.keras --batch-size x"),
        2,
        &["E002 --batch-size:"],
        &["número entero"],
    );
    check(
        &golden,
        "predict @model.keras --inptu @x0.npy",
        2,
        &["did you mean \"--input\"?"],
        &["¿quiso decir \"--input\"?"],
    );
    check(
        &golden,
        "inspekt @model.keras",
        2,
        &["did you mean \"inspect\"?"],
        &["¿quiso decir \"inspect\"?"],
    );
}

#[test]
fn files_that_are_not_there_or_no_models_are_named() {
    let golden = Golden::new("minimal", "no-model");
    for command in [
        "inspect @modle.keras",
        "predict @modle.keras --input @x0.npy",
        "convert @modle.keras @o.keras",
    ] {
        check(
            &golden,
            command,
            3,
            &["E031", "modle.keras", "did you mean \"model.keras\""],
            &["E031", "¿quiso decir \"model.keras\""],
        );
    }
    check(
        &golden,
        "predict @model.keras --input @x9.npy",
        3,
        &["E031", "x9.npy"],
        &["E031", "el archivo no existe"],
    );
    check(&golden, "inspect @x9.npz", 3, &["E031", "x9.npz"], &["E031", "no existe"]);
    check(&golden, "inspect @x9.weights.h5", 3, &["E031", "x9.weights.h5"], &["E031", "no existe"]);
    fs::write(golden.path("text.keras"), "weights: 3").expect("written");
    for command in ["inspect @text.keras", "evaluate @text.keras --data @x0.npy --target @y0.npy"] {
        check(
            &golden,
            command,
            3,
            &["E034", "text.keras", "not a model file"],
            &["E034", "no es un archivo de modelo"],
        );
    }
    let whole = fs::read(golden.path("model.keras")).expect("read");
    fs::write(golden.path("half.keras"), &whole[..whole.len() / 2]).expect("written");
    check(&golden, "inspect @half.keras", 3, &["E034", "half.keras"], &["E034", "half.keras"]);
    fs::write(golden.path("text.npy"), "1,2,3").expect("written");
    check(
        &golden,
        "predict @model.keras --input @text.npy",
        3,
        &["E034", "text.npy"],
        &["E034", "text.npy"],
    );
    fs::write(golden.path("x.csv"), "1,2,3").expect("written");
    check(
        &golden,
        "predict @model.keras --input @x.csv",
        3,
        &["E034", "x.csv", "n.loadtxt('"],
        &["E034", "todavía no se leen tablas"],
    );
}

#[test]
fn arrays_that_do_not_fit_are_told_with_the_numbers_that_disagree() {
    let golden = Golden::new("minimal", "wrong-arrays");
    npy::write(golden.path("wide.npy"), Array2::<f32>::zeros((3, 5))).expect("written");
    npy::write(golden.path("nan.npy"), &array![[0.0f32, 1.0, f32::NAN, 2.0]]).expect("written");
    npy::write(golden.path("short.npy"), Array2::<f32>::zeros((7, 2))).expect("written");
    check(
        &golden,
        "predict @model.keras --input @wide.npy",
        4,
        &["E012", "wide.npy", "[4]", "[5]"],
        &["E012", "wide.npy", "forma"],
    );
    check(
        &golden,
        "predict @model.keras --input @nan.npy --output @p.npy",
        3,
        &["E023", "nan.npy", "[0, 2]"],
        &["E023", "nan.npy", "[0, 2]"],
    );
    check(
        &golden,
        "evaluate @model.keras --data @nan.npy --target @y0.npy",
        3,
        &["E023", "nan.npy"],
        &["E023", "nan.npy"],
    );
    check(
        &golden,
        "evaluate @model.keras --data @x0.npy --target @short.npy",
        3,
        &["E024", "20", "7"],
        &["E024", "20", "7"],
    );
    check(
        &golden,
        "train @model.keras --data @x0.npy --target @short.npy --output @o.keras",
        3,
        &["E024"],
        &["E024"],
    );
    let twice = "predict @model.keras --input @x0.npy --input @x0.npy";
    check(
        &golden,
        twice,
        2,
        &["E002 --input:", "needs 1 (input), but the number given is 2"],
        &["E002 --input:", "necesita 1 (input), pero se dieron 2"],
    );
    assert!(!golden.path("p.npy").exists() && !golden.path("o.keras").exists());
}

#[test]
fn several_inputs_have_to_be_all_there_under_their_names() {
    let golden = Golden::new("functional_dictionaries", "counts");
    check(
        &golden,
        "predict @model.keras --input @x0.npy",
        2,
        &["E002 --input:", "2 (a, b)", "given is 1", "once for each"],
        &["2 (a, b)", "una vez por cada una"],
    );
    let both = "predict @model.keras --input @x0.npy --input @x1.npy";
    check(
        &golden,
        &format!("{both} --output @p.npy"),
        2,
        &["E002 --output:", "2 (kind, number)"],
        &["E002 --output:", "se dieron 1"],
    );
    check(
        &golden,
        &format!("{both} --output @p.npy --output @p.npy"),
        2,
        &["given twice"],
        &["dos veces"],
    );
    check(
        &golden,
        &format!("{both} --output @p.txt --output @q.npy"),
        3,
        &["E034", "p.txt"],
        &["E034"],
    );
    let x = npy::read(golden.path("x0.npy")).expect("read");
    let named = |name: &str| (name.to_owned(), (&x).to_tensor().expect("an array"));
    npz::write(golden.path("x.npz"), &[named("a"), named("bb")]).expect("written");
    check(
        &golden,
        "predict @model.keras --input @x.npz",
        4,
        &["E015", "x.npz", "\"b\"", "Did you mean \"bb\"?"],
        &["E015", "¿Quiso decir \"bb\"?"],
    );
    check(
        &golden,
        "predict @model.keras --input @x.npz --input @x0.npy",
        2,
        &["E002", "holds 2 arrays"],
        &["contiene 2 arrays"],
    );
}

#[test]
fn a_model_that_is_not_compiled_is_not_evaluated_or_trained() {
    let golden = Golden::new("never_compiled", "not-compiled");
    npy::write(golden.path("y0.npy"), Array2::<f32>::zeros((5, 2))).expect("written");
    for line in [
        "evaluate @model.keras --data @x0.npy --target @y0.npy",
        &format!("{TRAIN} --output @o.keras"),
    ] {
        check(
            &golden,
            line,
            4,
            &["E014", "model.keras", "not compiled"],
            &["E014", "no está compilado"],
        );
    }
    assert!(!golden.path("o.keras").exists());
}

#[test]
fn a_place_that_takes_no_file_is_refused_before_the_work() {
    let golden = Golden::new("minimal", "no-place");
    let before = fs::read(golden.path("model.keras")).expect("read");
    for option in [&format!("{TRAIN} --output"), "convert @model.keras"] {
        check(
            &golden,
            &format!("{option} @no/o.keras"),
            3,
            &["E035", "o.keras", "make the folder"],
            &["E035", "cree antes la carpeta"],
        );
        fs::create_dir_all(golden.path("folder.keras")).expect("made");
        check(
            &golden,
            &format!("{option} @folder.keras"),
            3,
            &["E035", "this is a folder"],
            &["E035", "es una carpeta"],
        );
        check(
            &golden,
            &format!("{option} @o.kears"),
            3,
            &["E034", "did you mean \".keras\"?"],
            &["E034", "¿quiso decir \".keras\"?"],
        );
    }
    check(
        &golden,
        "predict @model.keras --input @x0.npy --output @no/p.npy",
        3,
        &["E035", "make the folder"],
        &["E035"],
    );
    // A file that is read is not written over where something would be lost.
    check(
        &golden,
        "convert @model.keras @model.keras",
        2,
        &["E002", "which is read"],
        &["E002", "que es lo que se lee"],
    );
    check(
        &golden,
        "predict @model.keras --input @x0.npy --output @x0.npy",
        2,
        &["E002 --output:"],
        &["E002 --output:"],
    );
    assert!(before == fs::read(golden.path("model.keras")).expect("read"));
}

#[test]
fn weights_alone_are_no_model() {
    let golden = Golden::new("minimal", "weights-alone");
    golden.output("convert @model.keras @w.safetensors");
    check(
        &golden,
        "convert @w.safetensors @o.keras",
        3,
        &["E034", "w.safetensors", "holds only weights", "load_weights"],
        &["solo contiene pesos", "load_weights"],
    );
    check(&golden, "convert @x0.npy @o.npz", 3, &["E034"], &["E034"]);
}

#[test]
fn a_run_is_not_overwritten_and_not_mixed() {
    let golden = Golden::new("minimal", "run");
    let train = format!("{TRAIN} --epochs 2 --output @o.keras --run @run");
    golden.output(&train);
    check(
        &golden,
        &train,
        3,
        &["E036", "holds a run already", "--resume"],
        &["E036", "ya contiene una ejecución", "--resume"],
    );
    check(
        &golden,
        &format!("{train} --resume --batch-size 4"),
        3,
        &["E036", "batch size"],
        &["E036", "tamaño del lote"],
    );
    check(&golden, &format!("{TRAIN} --output @o.keras --run @x0.npy"), 3, &["E035"], &["E035"]);
}

#[test]
fn training_that_diverges_ends_with_its_own_code_and_writes_nothing() {
    let golden = Golden::new("never_compiled", "diverges");
    let mut model = Sequential::new([3]).add(Dense::new(1));
    model.compile(Sgd::new(1e30), MeanSquaredError, []).expect("compiled");
    model.save(golden.path("model.keras")).expect("saved");
    npy::write(golden.path("y0.npy"), Array2::<f32>::ones((5, 1))).expect("written");
    let line = format!("{TRAIN} --epochs 9 --output @o.keras");
    for lang in ["en", "es"] {
        let run = golden.run(&format!("{line} --lang {lang}"));
        assert_eq!(run.code, Some(5), "{}", run.err);
        assert!(run.err.contains("E041") && run.err.contains("model.keras"), "{}", run.err);
    }
    assert!(!golden.path("o.keras").exists());
}
