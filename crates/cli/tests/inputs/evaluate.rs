//! Targets that do not go with the data or the loss, and losses and metrics that are given.

use crate::{Folder, Wrong, check};

const GOOD: &str = "evaluate @model.keras --data @x.npy --target @y.npy";

#[test]
fn targets_that_do_not_fit() {
    check(
        &Folder::new("evaluate-targets"),
        &[
            Wrong {
                line: "evaluate @model.keras --data @x.npy --target @y5.npy",
                exit: 3,
                code: "E024",
                place: "y5.npy",
                why: ["the array has 5 rows, but --data ", "el array tiene 5 filas, pero --data "],
                fix: ["give one row for each sample", "dé una fila por muestra"],
                then: GOOD,
            },
            Wrong {
                line: "evaluate @model.keras --data @x.npy --target @y2.npy",
                exit: 3,
                code: "E021",
                place: "y2.npy (y)",
                why: ["samples of shape [3]", "muestras de forma [3]"],
                fix: ["one-hot rows of 3 numbers (to_categorical)", "filas one-hot de 3 números"],
                then: GOOD,
            },
            Wrong {
                line: "evaluate @model.keras --data @x.npy --target @seven.npy",
                exit: 3,
                code: "E022",
                place: "seven.npy (y)",
                why: ["y is 7.000 at [4, 2]", "y vale 7,000 en [4, 2]"],
                fix: [
                    "a single 1 in the column of its class",
                    "un solo 1 en la columna de su clase",
                ],
                then: GOOD,
            },
            Wrong {
                line: "evaluate @model.keras --data @x.npy --target @yesno.npy",
                exit: 3,
                code: "E022",
                place: "yesno.npy (y)",
                why: ["row 0 of y sums to 3.000", "la fila 0 de y suma 3,000"],
                fix: ["sigmoid and binary_crossentropy", "sigmoid y binary_crossentropy"],
                then: GOOD,
            },
            Wrong {
                line: "evaluate @model.keras --data @x.npy --target @from1.npy",
                exit: 3,
                code: "E022",
                place: "from1.npy (y)",
                why: ["labels go from 1 to 3, but 3 outputs need 0 to 2", "van de 1 a 3"],
                fix: ["subtract the smallest label", "reste la etiqueta menor"],
                then: "evaluate @model.keras --data @x.npy --target @labels.npy",
            },
            Wrong {
                line: "evaluate @model.keras --data @x.npy --target @half.npy",
                exit: 3,
                code: "E021",
                place: "half.npy (y)",
                why: ["0.500 at row 0 is not a whole number", "0,500 en la fila 0 no es entero"],
                fix: ["integer labels from 0", "etiquetas enteras desde 0"],
                then: "evaluate @model.keras --data @x.npy --target @labels.npy",
            },
            Wrong {
                line: "evaluate @model.keras --data @y.npy --target @x.npy",
                exit: 4,
                code: "E012",
                place: "y.npy (x)",
                why: ["[4, 4], but the samples in x have shape [3]", "tienen forma [3]"],
                fix: ["in each row an array of shape [4, 4]", "un array de forma [4, 4]"],
                then: GOOD,
            },
            Wrong {
                line: "evaluate @model.keras --data @x.npy --target @customers.csv",
                exit: 3,
                code: "E034",
                place: "customers.csv",
                why: ["tables are not read yet", "todavía no se leen tablas"],
                fix: ["convert it with NumPy", "conviértala con NumPy"],
                then: GOOD,
            },
        ],
    );
}

#[test]
fn what_is_missing_or_is_called_otherwise() {
    check(
        &Folder::new("evaluate-options"),
        &[
            Wrong {
                line: "evaluate @model.keras --data @x.npy",
                exit: 2,
                code: "E002",
                place: "--target",
                why: ["the option is missing", "falta la opción"],
                fix: ["--target y.npy", "--target y.npy"],
                then: GOOD,
            },
            Wrong {
                line: "evaluate @model.keras --input @x.npy --target @y.npy",
                exit: 2,
                code: "E002",
                place: "--input",
                why: ["there is no option", "no existe la opción"],
                fix: ["did you mean \"--data\"?", "¿quiso decir \"--data\"?"],
                then: GOOD,
            },
            Wrong {
                line: "evaluate @model.keras --data @x.npy --labels @y.npy",
                exit: 2,
                code: "E002",
                place: "--labels",
                why: ["there is no option", "no existe la opción"],
                fix: ["did you mean \"--target\"?", "¿quiso decir \"--target\"?"],
                then: GOOD,
            },
            Wrong {
                line: "evaluate @model.keras --data @x.npy --target @y.npy --metrics acuracy",
                exit: 4,
                code: "E015",
                place: "--metrics",
                why: ["Did you mean \"accuracy\"?", "¿Quiso decir \"accuracy\"?"],
                fix: ["the nearest are: accuracy", "los más parecidos son: accuracy"],
                then: "evaluate @model.keras --data @x.npy --target @y.npy --metrics accuracy",
            },
            Wrong {
                line: "evaluate @bare.keras --data @x.npy --target @y.npy",
                exit: 4,
                code: "E014",
                place: "bare.keras",
                why: ["not compiled", "no está compilado"],
                fix: ["--loss mean_squared_error", "--loss mean_squared_error"],
                then: "evaluate @bare.keras --data @x.npy --target @y.npy --loss mean_squared_error",
            },
            Wrong {
                line: "evaluate @customers.csv",
                exit: 3,
                code: "E034",
                place: "customers.csv",
                why: ["not a model", "no un modelo"],
                fix: ["neurona evaluate model.keras --data x.npy", "neurona evaluate model.keras"],
                then: GOOD,
            },
        ],
    );
}
