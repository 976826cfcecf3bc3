//! Data that are not arrays, are not there, or cannot be taken by the model.

use crate::{Folder, Wrong, check};

const GOOD: &str = "predict @model.keras --input @x.npy";

#[test]
fn files_that_are_not_arrays() {
    check(
        &Folder::new("data-files"),
        &[
            Wrong {
                line: "predict @model.keras --input @customers.csv",
                exit: 3,
                code: "E034",
                place: "customers.csv",
                why: ["tables are not read yet", "todavía no se leen tablas"],
                fix: ["delimiter=',', skiprows=1", "python -c \"import numpy as n; n.save('"],
                then: "inspect @customers.npy",
            },
            Wrong {
                line: "predict @model.keras --input @customers.tsv",
                exit: 3,
                code: "E034",
                place: "customers.tsv",
                why: ["tables are not read yet", "todavía no se leen tablas"],
                fix: ["delimiter='\\t'", "delimiter='\\t'"],
                then: "inspect @customers.npy",
            },
            Wrong {
                line: "predict @model.keras --input @customers.xlsx",
                exit: 3,
                code: "E034",
                place: "customers.xlsx",
                why: ["this is a spreadsheet", "es una hoja de cálculo"],
                fix: ["save it as CSV", "guárdela como CSV"],
                then: "inspect @customers.npy",
            },
            Wrong {
                line: "predict @model.keras --input @uno.png",
                exit: 3,
                code: "E034",
                place: "uno.png",
                why: ["this is a picture", "es una imagen"],
                fix: ["from PIL import Image", "conviértala con NumPy y Pillow"],
                then: "predict @model.keras --input @uno.npy",
            },
            Wrong {
                line: "predict @model.keras --input @folder",
                exit: 3,
                code: "E034",
                place: "folder",
                why: ["this is a folder", "es una carpeta"],
                fix: ["give a .npy or .npz file", "dé un archivo .npy o .npz"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @model.keras",
                exit: 3,
                code: "E034",
                place: "model.keras",
                why: ["this ending cannot be used here", "no se puede usar aquí"],
                fix: ["give a .npy or .npz file", "dé un archivo .npy o .npz"],
                then: GOOD,
            },
        ],
    );
}

#[test]
fn files_that_are_missing_or_damaged() {
    check(
        &Folder::new("data-damaged"),
        &[
            Wrong {
                line: "predict @model.keras --input @nofile.npy",
                exit: 3,
                code: "E031",
                place: "nofile.npy",
                why: ["the file does not exist", "el archivo no existe"],
                fix: ["check the path", "revise la ruta"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @floder/x",
                exit: 3,
                code: "E031",
                place: "floder/x",
                why: ["the file does not exist", "el archivo no existe"],
                fix: ["check the path", "revise la ruta"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @table.npy",
                exit: 3,
                code: "E034",
                place: "table.npy",
                why: ["this is not a .npy file", "no es un archivo .npy"],
                fix: ["numpy.save", "numpy.save"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @cut.npy",
                exit: 3,
                code: "E034",
                place: "cut.npy",
                why: ["needs 384 bytes", "necesita 384 bytes"],
                fix: ["the file was cut or changed", "el archivo fue cortado o modificado"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @empty.npy",
                exit: 3,
                code: "E034",
                place: "empty.npy",
                why: ["the file is empty", "el archivo está vacío"],
                fix: ["copy it, or write it", "cópielo, o escríbalo"],
                then: GOOD,
            },
        ],
    );
}

#[test]
fn names_in_a_file_of_several_arrays() {
    check(
        &Folder::new("data-names"),
        &[
            Wrong {
                line: "predict @model.keras --input @two.npz",
                exit: 4,
                code: "E015",
                place: "two.npz",
                why: ["there is no array in the file called", "no existe ningún array"],
                fix: [
                    "two.npz:first (the file has: first, second)",
                    "two.npz:first (el archivo tiene",
                ],
                then: "predict @model.keras --input @two.npz:first",
            },
            Wrong {
                line: "predict @model.keras --input @two.npz:frist",
                exit: 4,
                code: "E015",
                place: "two.npz",
                why: ["Did you mean \"first\"?", "¿Quiso decir \"first\"?"],
                fix: ["use one of: first, second", "use uno de: first, second"],
                then: "predict @model.keras --input @two.npz:first",
            },
            Wrong {
                line: "predict @model.keras --input @two.npz:",
                exit: 3,
                code: "E031",
                place: "two.npz:",
                why: ["the file does not exist", "el archivo no existe"],
                fix: ["did you mean \"two.npz\"", "¿quiso decir \"two.npz\""],
                then: "predict @model.keras --input @two.npz:second",
            },
        ],
    );
}

#[test]
fn elements_that_are_not_numbers() {
    check(
        &Folder::new("data-elements"),
        &[
            Wrong {
                line: "predict @model.keras --input @texts.npy",
                exit: 3,
                code: "E034",
                place: "texts.npy",
                why: ["its elements are \"<U1\"", "sus elementos son \"<U1\""],
                fix: ["numpy.unique(x, return_inverse=True)[1]", "si son categorías"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @objects.npy",
                exit: 3,
                code: "E034",
                place: "objects.npy",
                why: ["Python objects, which are programs", "objetos de Python, que son programas"],
                fix: ["x.astype(\"float32\")", "x.astype(\"float32\")"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @complex.npy",
                exit: 3,
                code: "E034",
                place: "complex.npy",
                why: ["its elements are \"<c8\"", "sus elementos son \"<c8\""],
                fix: ["numpy.stack([x.real, x.imag], -1)", "la parte real y la imaginaria"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @dates.npy",
                exit: 3,
                code: "E034",
                place: "dates.npy",
                why: ["its elements are \"<M8[D]\"", "sus elementos son \"<M8[D]\""],
                fix: ["save the dates as numbers", "guarde las fechas como números"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @records.npy",
                exit: 3,
                code: "E034",
                place: "records.npy",
                why: ["its elements are [...]", "sus elementos son [...]"],
                fix: ["save one column, x[\"name\"]", "guarde una columna, x[\"nombre\"]"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @nan.npy",
                exit: 3,
                code: "E023",
                place: "nan.npy",
                why: ["not finite: NaN at [3, 2, 1]", "no es finito: NaN en [3, 2, 1]"],
                fix: ["remove those rows or replace", "quite esas filas o reemplace"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @big.npy",
                exit: 3,
                code: "E023",
                place: "big.npy",
                why: ["at [3, 2, 1] is beyond", "en [3, 2, 1] excede"],
                fix: ["scale the numbers down", "reduzca la escala"],
                then: GOOD,
            },
        ],
    );
}

#[test]
fn shapes_that_do_not_fit() {
    check(
        &Folder::new("data-shapes"),
        &[
            Wrong {
                line: "predict @model.keras --input @flat.npy",
                exit: 4,
                code: "E012",
                place: "flat.npy (x)",
                why: [
                    "samples of shape [4, 4], but the samples in x have shape [16]",
                    "tienen forma [16]",
                ],
                fix: ["reshape x to (6, 4, 4)", "cambie la forma de x a (6, 4, 4)"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @one.npy",
                exit: 4,
                code: "E012",
                place: "one.npy (x)",
                why: ["[4, 4]", "[4, 4]"],
                fix: [
                    "add a first dimension for the rows, which makes its shape (1, 4, 4)",
                    "(1, 4, 4)",
                ],
                then: "predict @model.keras --input @row.npy",
            },
            Wrong {
                line: "predict @model.keras --input @wide.npy",
                exit: 4,
                code: "E012",
                place: "wide.npy (x)",
                why: ["[4, 4], but the samples in x have shape [5, 5]", "tienen forma [5, 5]"],
                fix: ["in each row an array of shape [4, 4]", "un array de forma [4, 4]"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @none.npy",
                exit: 3,
                code: "E025",
                place: "none.npy",
                why: ["no rows: its shape is [0, 4, 4]", "no tiene filas: su forma es [0, 4, 4]"],
                fix: ["at least one sample", "al menos una muestra"],
                then: GOOD,
            },
            Wrong {
                line: "predict @ids.keras --input @ids7.npy",
                exit: 3,
                code: "E022",
                place: "ids7.npy (x)",
                why: [
                    "for the numbers 0 to 4, but x has 7 at row 0",
                    "los números 0 a 4, pero x tiene 7",
                ],
                fix: ["bring the numbers into its range", "lleve los números a su rango"],
                then: "predict @ids.keras --input @ids.npy",
            },
            Wrong {
                line: "predict @two.keras --input @pairs.npy --input @ids.npy",
                exit: 3,
                code: "E024",
                place: "ids.npy",
                why: ["has 2 rows, but", "tiene 2 filas, pero"],
                fix: ["give one row for each sample", "dé una fila por muestra"],
                then: "predict @two.keras --input @pairs.npy --input @pairs.npy",
            },
        ],
    );
}
