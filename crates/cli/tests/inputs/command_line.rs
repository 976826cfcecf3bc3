//! Commands and options by other names, and values that they do not take.

use crate::{Folder, Wrong, check};

/// A wrong command line (E002), why, what to do, and a command that follows the advice.
const fn usage(
    line: &'static str,
    place: &'static str,
    why: [&'static str; 2],
    fix: [&'static str; 2],
    then: &'static str,
) -> Wrong {
    Wrong { line, exit: 2, code: "E002", place, why, fix, then }
}

const NO_COMMAND: [&str; 2] = ["there is no command", "no existe el comando"];
const NO_NUMBER: [&str; 2] = ["is not a whole number from", "no es un número entero de"];

#[test]
fn commands_by_other_names() {
    let meant = |name: &'static str| match name {
        "train" => ["did you mean \"train\"?", "¿quiso decir \"train\"?"],
        "evaluate" => ["did you mean \"evaluate\"?", "¿quiso decir \"evaluate\"?"],
        "inspect" => ["did you mean \"inspect\"?", "¿quiso decir \"inspect\"?"],
        _ => ["did you mean \"guide\"?", "¿quiso decir \"guide\"?"],
    };
    check(
        &Folder::new("commands"),
        &[
            usage(
                "fit @model.keras --data @x.npy --target @y.npy --output @o.keras",
                "\"fit\"",
                NO_COMMAND,
                meant("train"),
                "train @model.keras --data @x.npy --target @y.npy --output @o.keras",
            ),
            usage(
                "test @model.keras --data @x.npy --target @y.npy",
                "\"test\"",
                NO_COMMAND,
                meant("evaluate"),
                "evaluate @model.keras --data @x.npy --target @y.npy",
            ),
            usage(
                "info @model.keras",
                "\"info\"",
                NO_COMMAND,
                meant("inspect"),
                "inspect @model.keras",
            ),
            usage("guid", "\"guid\"", NO_COMMAND, meant("guide"), "guide --help"),
            usage(
                "csv @customers.csv",
                "\"csv\"",
                NO_COMMAND,
                ["\"neurona --help\"", "\"neurona --help\""],
                "--help",
            ),
            usage(
                "help trian",
                "help",
                ["neither a command nor", "no es un comando ni"],
                meant("train"),
                "help train",
            ),
            usage(
                "help E999",
                "help",
                ["\"E999\" is neither", "\"E999\" no es"],
                ["the nearest are: E002", "los más parecidos son: E002"],
                "help E002",
            ),
            usage(
                "help E12",
                "help",
                ["\"E12\" is neither", "\"E12\" no es"],
                ["did you mean \"E012\"?", "¿quiso decir \"E012\"?"],
                "help E012",
            ),
        ],
    );
}

#[test]
fn options_and_their_values() {
    check(
        &Folder::new("options"),
        &[
            usage(
                "guide --epocs 5",
                "--epocs",
                ["there is no option", "no existe la opción"],
                ["did you mean \"--epochs\"?", "¿quiso decir \"--epochs\"?"],
                "guide --epochs 5 --help",
            ),
            usage(
                "guide --epochs 0",
                "--epochs",
                NO_NUMBER,
                ["--epochs 5"; 2],
                "guide --epochs 5 --help",
            ),
            usage(
                "guide --epochs -3",
                "--epochs",
                NO_NUMBER,
                ["--epochs 5"; 2],
                "guide --epochs 5 --help",
            ),
            usage(
                "guide --seed abc",
                "--seed",
                NO_NUMBER,
                ["--seed 42"; 2],
                "guide --seed 42 --help",
            ),
            usage(
                "predict @model.keras --input @x.npy --threads 0",
                "--threads",
                NO_NUMBER,
                ["--threads 2"; 2],
                "predict @model.keras --input @x.npy --threads 2",
            ),
            usage(
                "inspect @model.keras --lang fr",
                "--lang",
                ["\"fr\" is not a language", "\"fr\" no es un idioma"],
                ["--lang es (Spanish)", "--lang es (español)"],
                "inspect @model.keras --lang es",
            ),
            usage(
                "guide --plain=1",
                "--plain",
                ["takes no value, but has \"1\"", "no lleva valor, pero tiene \"1\""],
                ["write just --plain", "escriba solo --plain"],
                "guide --plain --help",
            ),
            usage(
                "guide --out ''",
                "--out",
                ["the name of the folder is empty", "el nombre de la carpeta está vacío"],
                ["--out neurona-guide"; 2],
                "guide --out @guide --help",
            ),
            usage(
                "guide --out",
                "--out",
                ["needs a value after it", "necesita un valor"],
                ["--out results"; 2],
                "guide --out @guide --help",
            ),
            usage(
                "guide digits",
                "\"digits\"",
                ["is not expected here", "no se esperaba"],
                ["leave it out", "quítelo"],
                "guide --help",
            ),
            usage(
                "bench resnet",
                "\"resnet\"",
                ["there is no training called", "no existe ningún entrenamiento"],
                ["use one of: guide, mlp, cnn, tabular", "use uno de: guide, mlp, cnn, tabular"],
                "bench tabular --arrays @samples",
            ),
            usage(
                "bench",
                "neurona bench",
                ["needs the name of a training", "necesita el nombre de un entrenamiento"],
                ["tabular"; 2],
                "bench tabular --arrays @samples",
            ),
            usage(
                "bench tabular --json --profile",
                "--json",
                ["it cannot be combined with --profile", "no se puede combinar con --profile"],
                ["use one of the two", "use una de las dos"],
                "bench tabular --json --arrays @samples",
            ),
        ],
    );
}
