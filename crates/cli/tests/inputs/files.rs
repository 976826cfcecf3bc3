//! Files that are to be looked into or converted.

use crate::{Folder, Wrong, check};

#[test]
fn what_cannot_be_looked_into() {
    check(
        &Folder::new("files-inspect"),
        &[
            Wrong {
                line: "inspect",
                exit: 2,
                code: "E002",
                place: "",
                why: ["needs the name of a file", "necesita el nombre de un archivo"],
                fix: ["neurona inspect model.keras", "neurona inspect model.keras"],
                then: "inspect @model.keras",
            },
            Wrong {
                line: "inspect @customers.csv",
                exit: 3,
                code: "E034",
                place: "customers.csv",
                why: ["tables are not read yet", "todavía no se leen tablas"],
                fix: ["convert it with NumPy", "conviértala con NumPy"],
                then: "inspect @customers.npy",
            },
            Wrong {
                line: "inspect @uno.png",
                exit: 3,
                code: "E034",
                place: "uno.png",
                why: ["pictures are not read yet", "todavía no se leen imágenes"],
                fix: ["convert it with NumPy and Pillow", "conviértala con NumPy y Pillow"],
                then: "inspect @uno.npy",
            },
            Wrong {
                line: "inspect @notes.md",
                exit: 3,
                code: "E034",
                place: "notes.md",
                why: ["this is not a model file", "no es un archivo de modelo"],
                fix: [
                    ".keras, .weights.h5, .h5, .safetensors, .npz, .npy",
                    ".keras, .weights.h5, .h5, .safetensors, .npz, .npy",
                ],
                then: "inspect @x.npy",
            },
            Wrong {
                line: "inspect @folder",
                exit: 3,
                code: "E034",
                place: "folder",
                why: ["this is a folder", "es una carpeta"],
                fix: ["give that file", "dé ese archivo"],
                then: "inspect @model.keras",
            },
            Wrong {
                line: "inspect @modle.h5",
                exit: 3,
                code: "E031",
                place: "modle.h5",
                why: ["the file does not exist", "el archivo no existe"],
                fix: ["did you mean \"model.keras\"", "¿quiso decir \"model.keras\""],
                then: "inspect @model.keras",
            },
            Wrong {
                line: "inspect @modle.weights.h5",
                exit: 3,
                code: "E031",
                place: "modle.weights.h5",
                why: ["the file does not exist", "el archivo no existe"],
                fix: ["check the path", "revise la ruta"],
                then: "inspect @model.keras",
            },
            Wrong {
                line: "inspect @two.npz:third",
                exit: 4,
                code: "E015",
                place: "two.npz",
                why: ["called \"third\"", "con el nombre \"third\""],
                fix: ["use one of: first, second", "use uno de: first, second"],
                then: "inspect @two.npz:second",
            },
        ],
    );
}

#[test]
fn what_cannot_be_converted() {
    check(
        &Folder::new("files-convert"),
        &[
            Wrong {
                line: "convert @model.keras",
                exit: 2,
                code: "E002",
                place: "",
                why: ["needs the name of a second file", "el nombre de un segundo archivo"],
                fix: ["neurona convert model.h5 model.keras", "neurona convert model.h5"],
                then: "convert @model.keras @w.safetensors",
            },
            Wrong {
                line: "convert @model.keras @o.onnx",
                exit: 3,
                code: "E034",
                place: "o.onnx",
                why: ["with this ending", "con esta terminación"],
                fix: ["use one of: .keras, .weights.h5, .safetensors, .npz", "use una de: .keras"],
                then: "convert @model.keras @o.keras",
            },
            Wrong {
                line: "convert @model.keras @model.keras",
                exit: 2,
                code: "E002",
                place: "OUT",
                why: ["which is read", "que es lo que se lee"],
                fix: ["choose another name", "elija otro nombre"],
                then: "convert @model.keras @o.keras",
            },
            Wrong {
                line: "convert @two.npz @o.keras",
                exit: 3,
                code: "E034",
                place: "two.npz",
                why: ["holds only weights", "solo contiene pesos"],
                fix: ["model.load_weights(file)", "model.load_weights(archivo)"],
                then: "convert @two.npz @o.safetensors",
            },
            Wrong {
                line: "convert @x.npy @o.npz",
                exit: 3,
                code: "E034",
                place: "x.npy",
                why: ["a single array without a name", "un solo array sin nombre"],
                fix: ["commands read it as it is", "los comandos lo leen como está"],
                then: "inspect @x.npy",
            },
            Wrong {
                line: "convert @customers.csv @o.npy",
                exit: 3,
                code: "E034",
                place: "customers.csv",
                why: ["tables are not read yet", "todavía no se leen tablas"],
                fix: ["convert it with NumPy", "conviértala con NumPy"],
                then: "inspect @customers.npy",
            },
            Wrong {
                line: "convert @nofile.h5 @o.keras",
                exit: 3,
                code: "E031",
                place: "nofile.h5",
                why: ["the file does not exist", "el archivo no existe"],
                fix: ["check the path", "revise la ruta"],
                then: "convert @model.keras @o.keras",
            },
        ],
    );
}
