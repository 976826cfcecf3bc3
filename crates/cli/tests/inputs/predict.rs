//! Mistakes with a model that is to predict.

use crate::{Folder, Wrong, check};

const GOOD: &str = "predict @model.keras --input @x.npy";

#[test]
fn what_is_not_a_model() {
    check(
        &Folder::new("predict-model"),
        &[
            Wrong {
                line: "predict @cut.keras --input @x.npy",
                exit: 3,
                code: "E034",
                place: "cut.keras",
                why: ["not a ZIP archive", "no es un archivo ZIP"],
                fix: ["fetch the file again", "obtenga el archivo de nuevo"],
                then: GOOD,
            },
            Wrong {
                line: "predict @text.keras --input @x.npy",
                exit: 3,
                code: "E034",
                place: "text.keras",
                why: ["neither an archive of Keras", "ni un archivo comprimido de Keras"],
                fix: ["model.save(\"model.keras\") and give that", "y dé ese archivo"],
                then: GOOD,
            },
            Wrong {
                line: "predict @empty.keras --input @x.npy",
                exit: 3,
                code: "E034",
                place: "empty.keras",
                why: ["the file is empty", "el archivo está vacío"],
                fix: ["copy the file again", "copie de nuevo el archivo"],
                then: GOOD,
            },
            Wrong {
                line: "predict @folder --input @x.npy",
                exit: 3,
                code: "E034",
                place: "folder",
                why: ["this is a folder, but a model is a file", "un modelo es un archivo"],
                fix: ["and give that file", "dé ese archivo"],
                then: GOOD,
            },
            Wrong {
                line: "predict @customers.csv --input @x.npy",
                exit: 3,
                code: "E034",
                place: "customers.csv",
                why: ["a table in a text file, not a model", "una tabla en texto, no un modelo"],
                fix: ["neurona predict model.keras --input x.npy", "nombre primero el modelo"],
                then: GOOD,
            },
            Wrong {
                line: "predict @uno.jpg",
                exit: 3,
                code: "E034",
                place: "uno.jpg",
                why: ["this is a picture, not a model", "es una imagen, no un modelo"],
                fix: ["neurona predict model.keras --input x.npy", "nombre primero el modelo"],
                then: GOOD,
            },
            Wrong {
                line: "predict @x.npy --input @model.keras",
                exit: 3,
                code: "E034",
                place: "x.npy",
                why: ["a file of arrays, NumPy (.npy), not a model", "no un modelo"],
                fix: ["give the model's .keras file", "dé el archivo .keras del modelo"],
                then: GOOD,
            },
            Wrong {
                line: "predict @modle.keras --input @x.npy",
                exit: 3,
                code: "E031",
                place: "modle.keras",
                why: ["the file does not exist", "el archivo no existe"],
                fix: ["did you mean \"model.keras\"", "¿quiso decir \"model.keras\""],
                then: GOOD,
            },
            Wrong {
                line: "predict @model --input @x.npy",
                exit: 3,
                code: "E031",
                place: "model",
                why: ["the file does not exist", "el archivo no existe"],
                fix: ["did you mean \"model.keras\"", "¿quiso decir \"model.keras\""],
                then: GOOD,
            },
        ],
    );
}

#[test]
fn options_that_are_missing_or_others() {
    check(
        &Folder::new("predict-options"),
        &[
            Wrong {
                line: "predict @model.keras",
                exit: 2,
                code: "E002",
                place: "--input",
                why: ["the option is missing", "falta la opción"],
                fix: ["for example --input x.npy", "por ejemplo --input x.npy"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras @x.npy",
                exit: 2,
                code: "E002",
                place: "x.npy",
                why: ["is not expected here", "no se esperaba"],
                fix: ["given with an option: --input ", "se dan con una opción: --input "],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --data @x.npy",
                exit: 2,
                code: "E002",
                place: "--data",
                why: ["there is no option", "no existe la opción"],
                fix: ["did you mean \"--input\"?", "¿quiso decir \"--input\"?"],
                then: GOOD,
            },
            Wrong {
                line: "predict @model.keras --input @x.npy --batch-size 0",
                exit: 2,
                code: "E002",
                place: "--batch-size",
                why: ["\"0\" is not a whole number from 1", "\"0\" no es un número entero de 1"],
                fix: ["--batch-size 32", "--batch-size 32"],
                then: "predict @model.keras --input @x.npy --batch-size 32",
            },
            Wrong {
                line: "predict @model.keras --input @x.npy --input @x.npy",
                exit: 2,
                code: "E002",
                place: "--input",
                why: ["the model needs 1 (", "el modelo necesita 1 ("],
                fix: ["give --input once", "dé --input una sola vez"],
                then: GOOD,
            },
            Wrong {
                line: "predict @two.keras --input @pairs.npy",
                exit: 2,
                code: "E002",
                place: "--input",
                why: [
                    "needs 2 (a, b), but the number given is 1",
                    "necesita 2 (a, b), pero se dieron 1",
                ],
                fix: ["once for each, in that order", "una vez por cada una, en ese orden"],
                then: "predict @two.keras --input @pairs.npy --input @pairs.npy",
            },
        ],
    );
}

#[test]
fn outputs_that_have_no_place() {
    check(
        &Folder::new("predict-output"),
        &[
            Wrong {
                line: "predict @model.keras --input @x.npy --output @p.csv",
                exit: 3,
                code: "E034",
                place: "p.csv",
                why: ["with this ending cannot be used", "esta terminación no se puede usar"],
                fix: [
                    "use one of: .npy, .npz; for example ",
                    "use una de: .npy, .npz; por ejemplo ",
                ],
                then: "predict @model.keras --input @x.npy --output @p.npy",
            },
            Wrong {
                line: "predict @model.keras --input @x.npy --output @nowhere/p.npy",
                exit: 3,
                code: "E035",
                place: "p.npy",
                why: [
                    "cannot be written: no such file or folder",
                    "no existe ese archivo o esa carpeta",
                ],
                fix: ["or choose another place", "o elija otro lugar"],
                then: "predict @model.keras --input @x.npy --output @folder/p.npy",
            },
            Wrong {
                line: "predict @model.keras --input @x.npy --output @x.npy",
                exit: 2,
                code: "E002",
                place: "--output",
                why: ["x.npy\", which is read", "x.npy\", que es lo que se lee"],
                fix: ["choose another name", "elija otro nombre"],
                then: "predict @model.keras --input @x.npy --output @q.npy",
            },
            Wrong {
                line: "predict @model.keras --input @x.npy --output @folder.npy",
                exit: 3,
                code: "E035",
                place: "folder.npy",
                why: ["this is a folder", "es una carpeta"],
                fix: ["choose another name", "elija otro nombre"],
                then: "predict @model.keras --input @x.npy --output @r.npy",
            },
        ],
    );
}
