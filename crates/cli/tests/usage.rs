//! Help, version, and every way to get the command line wrong, in both languages.

mod common;

use common::{fresh, neurona};
use std::fs;

/// A wrong command line: what the complaint says in English and in Spanish.
fn check_refused(arguments: &[&str], code: i32, english: &[&str], spanish: &[&str]) {
    for (lang, parts) in [("en", english), ("es", spanish)] {
        let run = neurona(&[&["--lang", lang], arguments].concat());
        assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.err);
        assert_eq!(run.out, "", "{arguments:?}");
        assert_eq!(run.err.lines().count(), 1, "{arguments:?}: {}", run.err);
        for part in parts {
            assert!(run.err.contains(part), "{arguments:?}: no \"{part}\" in {}", run.err);
        }
    }
}

#[test]
fn mistakes_are_named_with_why_and_what_to_do() {
    check_refused(
        &["guide", "--epocs", "5"],
        2,
        &["E002", "no option \"--epocs\"", "did you mean \"--epochs\"?"],
        &["E002", "no existe la opción \"--epocs\"", "¿quiso decir \"--epochs\"?"],
    );
    check_refused(
        &["guid"],
        2,
        &["E002", "no command \"guid\"", "did you mean \"guide\"?"],
        &["E002", "no existe el comando \"guid\"", "¿quiso decir \"guide\"?"],
    );
    check_refused(&["xyz"], 2, &["no command \"xyz\"", "--help"], &["\"xyz\"", "--help"]);
    check_refused(
        &["guide", "extra"],
        2,
        &["\"extra\" is not expected"],
        &["no se esperaba \"extra\""],
    );
    for given in ["0", "-1", "5.5", "many", "", "99999999999999999999", "100001"] {
        check_refused(
            &["guide", "--epochs", given],
            2,
            &["E002 --epochs:", &format!("\"{given}\""), "from 1 to 100000", "--epochs 5"],
            &["E002 --epochs:", "número entero de 1 a 100000", "Solución: por ejemplo"],
        );
    }
    check_refused(
        &["guide", "--seed", "18446744073709551616"],
        2,
        &["E002 --seed:", "from 0 to 18446744073709551615"],
        &["E002 --seed:", "de 0 a 18446744073709551615"],
    );
    for given in ["0", "-2", "1025", "x"] {
        check_refused(
            &["guide", "--threads", given],
            2,
            &["E002 --threads:", "from 1 to 1024"],
            &["E002 --threads:", "de 1 a 1024"],
        );
    }
    check_refused(
        &["guide", "--epochs"],
        2,
        &["--epochs needs a value"],
        &["--epochs necesita un valor"],
    );
    check_refused(
        &["guide", "--plain=yes"],
        2,
        &["--plain takes no value", "\"yes\""],
        &["--plain no lleva valor", "\"yes\""],
    );
    check_refused(&["guide", "--out", ""], 2, &["E002 --out:"], &["E002 --out:", "está vacío"]);
    check_refused(
        &["bench", "lstm"],
        2,
        &["E002", "no training called \"lstm\"", "guide, mlp, cnn, tabular"],
        &["E002", "ningún entrenamiento llamado \"lstm\"", "use uno de: guide, mlp, cnn, tabular"],
    );
    check_refused(
        &["bench", "tabullar"],
        2,
        &["did you mean \"tabular\"?"],
        &["¿quiso decir \"tabular\"?"],
    );
    check_refused(&["bench"], 2, &["needs the name"], &["necesita el nombre", "guide, mlp"]);
    check_refused(
        &["bench", "guide", "--json", "--profile"],
        2,
        &["E002 --json:", "--profile", "use one of the two"],
        &["E002 --json:", "--profile", "use una de las dos"],
    );
    check_refused(&["bench", "mlp", "--arrays", ""], 2, &["E002 --arrays:"], &["está vacío"]);
    check_refused(&["bench", "mlp", "--epochs", "0"], 2, &["--epochs 4"], &["--epochs 4"]);
    let run = neurona(&["guide", "--lang", "fr"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("E002 --lang: \"fr\" is not a language"), "{}", run.err);
}

#[test]
fn a_place_that_takes_no_files_is_refused_before_the_work() {
    let file = fresh("file");
    fs::write(&file, "mine").expect("written");
    let name = file.display().to_string();
    check_refused(
        &["guide", "--out", &name],
        3,
        &["E035", &name, "it is a file", "--out"],
        &["E035", &name, "es un archivo", "--out"],
    );
    let below = file.join("below").display().to_string();
    check_refused(&["guide", "--out", &below], 3, &["E035", &below], &["E035", "otra carpeta"]);
    assert_eq!(fs::read_to_string(&file).expect("read"), "mine");
    fs::remove_file(file).expect("removed");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_refuses_files_and_a_full_output_are_errors() {
    // Nobody can write there, whoever runs the test.
    check_refused(&["guide", "--out", "/proc"], 3, &["E035 /proc:"], &["E035 /proc:"]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("opened");
    let output = common::command(&["--version"]).stdout(full).output().expect("started");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("E035 "));
}

#[test]
fn help_is_all_in_one_language() {
    let english =
        ["Usage", "Options", "Commands", "Shows", "default", "COMMAND", "OPTIONS", "possible"];
    let spanish = ["Uso", "Opciones", "Comandos", "Muestra", "si falta"];
    for arguments in [
        &["--help"][..],
        &["guide", "--help"],
        &["-h"],
        &["guide", "-h"],
        &["bench", "-h"],
        &[],
        &["inspect", "-h"],
        &["predict", "-h"],
        &["evaluate", "-h"],
        &["train", "-h"],
        &["convert", "-h"],
    ] {
        let page = |lang| neurona(&[&["--lang", lang], arguments].concat());
        let (en, es) = (page("en"), page("es"));
        assert_eq!((en.code, es.code), (Some(0), Some(0)), "{arguments:?}");
        assert!(en.out.contains("Usage: neurona") && es.out.contains("Uso: neurona"));
        for word in english {
            assert!(!es.out.contains(word), "\"{word}\" in {}", es.out);
        }
        for word in spanish {
            assert!(!en.out.contains(word), "\"{word}\" in {}", en.out);
        }
        for line in en.out.lines().chain(es.out.lines()) {
            assert!(line.chars().count() <= 80, "{line}");
            assert_eq!(line, line.trim_end());
        }
        assert_eq!(en.out.lines().count(), es.out.lines().count());
    }
}

#[test]
fn the_system_says_the_language_and_the_version_is_the_crates() {
    let output = common::command(&["--help"]).env("LANG", "es_AR.UTF-8").output().expect("started");
    assert!(String::from_utf8_lossy(&output.stdout).contains("Opciones:"));
    let run = neurona(&["--version"]);
    assert_eq!(run.out, format!("neurona {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_explains_commands_and_codes() {
    for (lang, page, code) in [("en", "Usage:", "shapes do not fit"), ("es", "Uso:", "no encajan")]
    {
        let help = |what: &[&str]| neurona(&[&["help"], what, &["--lang", lang]].concat());
        assert_eq!(help(&[]).out, neurona(&["--help", "--lang", lang]).out);
        assert!(help(&[]).out.contains("75"), "exit codes are on the page");
        let train = help(&["train"]);
        assert_eq!(train.out, neurona(&["train", "--help", "--lang", lang]).out);
        assert!(train.out.contains(page), "{}", train.out);
        for name in ["E012", "e012"] {
            let run = help(&[name]);
            assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
            assert!(run.out.contains(code), "{}", run.out);
            assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
        }
    }
    check_refused(
        &["help", "trian"],
        2,
        &["E002 help:", "\"trian\" is neither", "did you mean \"train\"?"],
        &["E002 help:", "\"trian\" no es un comando", "¿quiso decir \"train\"?"],
    );
    check_refused(&["help", "E999"], 2, &["E002 help:", "Fix:"], &["E002 help:", "Solución:"]);
}
