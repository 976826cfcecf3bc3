//! Mistakes before a model is trained: nothing is written then.

use crate::{Folder, Wrong, check};

const GOOD: &str = "train @model.keras --data @x.npy --target @y.npy --output @trained.keras";

#[test]
fn data_that_cannot_be_learnt_from() {
    check(
        &Folder::new("train-data"),
        &[
            Wrong {
                line: "train @customers.csv",
                exit: 3,
                code: "E034",
                place: "customers.csv",
                why: ["a table in a text file, not a model", "una tabla en texto, no un modelo"],
                fix: ["neurona train model.keras --data x.npy", "neurona train model.keras"],
                then: GOOD,
            },
            Wrong {
                line: "train @folder --output @o.keras",
                exit: 3,
                code: "E034",
                place: "folder",
                why: ["this is a folder", "es una carpeta"],
                fix: ["give that file", "dé ese archivo"],
                then: GOOD,
            },
            Wrong {
                line: "train @model.keras --data @customers.csv --target @y.npy --output @o.keras",
                exit: 3,
                code: "E034",
                place: "customers.csv",
                why: ["tables are not read yet", "todavía no se leen tablas"],
                fix: ["convert it with NumPy", "conviértala con NumPy"],
                then: GOOD,
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y5.npy --output @o.keras",
                exit: 3,
                code: "E024",
                place: "y5.npy",
                why: ["the array has 5 rows", "el array tiene 5 filas"],
                fix: ["one row for each sample", "una fila por muestra"],
                then: GOOD,
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y2.npy --output @o.keras",
                exit: 3,
                code: "E021",
                place: "y2.npy (y)",
                why: [
                    "[3] (the model's output), but the samples in y have shape [2]",
                    "tienen forma [2]",
                ],
                fix: ["to_categorical", "to_categorical"],
                then: GOOD,
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @seven.npy --output @o.keras",
                exit: 3,
                code: "E022",
                place: "seven.npy (y)",
                why: ["from 0 to 1, but y is 7.000", "de 0 a 1, pero y vale 7,000"],
                fix: ["to_categorical", "to_categorical"],
                then: GOOD,
            },
            Wrong {
                line: "train @model.keras --data @flat.npy --target @y.npy --output @o.keras",
                exit: 4,
                code: "E012",
                place: "--data",
                why: ["the samples in x have shape [16]", "tienen forma [16]"],
                fix: ["reshape x to (6, 4, 4)", "cambie la forma de x a (6, 4, 4)"],
                then: GOOD,
            },
        ],
    );
}

#[test]
fn settings_that_cannot_be() {
    check(
        &Folder::new("train-settings"),
        &[
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy",
                exit: 2,
                code: "E002",
                place: "--output",
                why: ["the option is missing", "falta la opción"],
                fix: ["--output trained.keras", "--output trained.keras"],
                then: GOOD,
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy --output @o.h5",
                exit: 3,
                code: "E034",
                place: "o.h5",
                why: ["with this ending", "con esta terminación"],
                fix: ["use one of: .keras; for example ", "use una de: .keras; por ejemplo "],
                then: GOOD,
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --epochs 1.5",
                exit: 2,
                code: "E002",
                place: "--epochs",
                why: ["\"1.5\" is not a whole number", "\"1.5\" no es un número entero"],
                fix: ["--epochs 5", "--epochs 5"],
                then: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --epochs 5",
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --epochs",
                exit: 2,
                code: "E002",
                place: "--epochs",
                why: ["needs a value after it", "necesita un valor"],
                fix: ["--epochs 5", "--epochs 5"],
                then: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --epochs 5",
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --optimizer adm",
                exit: 4,
                code: "E015",
                place: "--optimizer",
                why: ["Did you mean \"adam\"?", "¿Quiso decir \"adam\"?"],
                fix: ["the nearest are: adam", "los más parecidos son: adam"],
                then: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --optimizer adam",
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --lr 0.1",
                exit: 2,
                code: "E002",
                place: "--lr",
                why: ["there is no option", "no existe la opción"],
                fix: ["\"neurona train --help\"", "\"neurona train --help\""],
                then: "train --help",
            },
            Wrong {
                line: "train @bare.keras --data @x.npy --target @y.npy --output @o.keras",
                exit: 4,
                code: "E014",
                place: "bare.keras",
                why: ["not compiled", "no está compilado"],
                fix: ["--optimizer adam --loss mean_squared_error", "--optimizer adam --loss"],
                then: "train @bare.keras --data @x.npy --target @y.npy --output @o.keras --optimizer adam --loss mean_squared_error",
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --resume",
                exit: 2,
                code: "E002",
                place: "--resume",
                why: ["the folder of the run", "la carpeta de la ejecución"],
                fix: ["--run runs/1", "--run runs/1"],
                then: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --run @run1 --resume",
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --run @run1",
                exit: 3,
                code: "E036",
                place: "run1",
                why: ["holds a run already", "ya contiene una ejecución"],
                fix: ["continue it with --resume", "continúela con --resume"],
                then: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --run @run1 --resume",
            },
            Wrong {
                line: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --run @x.npy",
                exit: 3,
                code: "E035",
                place: "x.npy",
                why: ["the run folder cannot be used", "no se puede usar la carpeta"],
                fix: ["in which you may read and write", "en la que pueda leer y escribir"],
                then: "train @model.keras --data @x.npy --target @y.npy --output @o.keras --run @run2",
            },
        ],
    );
}
