//! Files that are mistaken for a model or for arrays: what each one is, judged by its name, its
//! folder or its bytes, and how to get from it to a file that is read.

use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;
use neurona_formats::zip::{self, Archive};
use std::path::Path;

/// The kind of a file that is not read, or not in the place where it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// Rows of text, with this separator between the columns.
    Table(&'static str),
    /// A table that only a spreadsheet opens.
    Sheet,
    /// A picture.
    Picture,
    /// Arrays, in this kind of file.
    Arrays(&'static str),
    /// A TensorFlow folder or program.
    SavedModel,
    /// A folder with the members of a `.keras` file.
    Unpacked,
    /// Any other folder.
    Folder,
    /// TensorFlow weights.
    Checkpoint,
    /// Keras weights without the layers.
    Weights,
    /// A TensorFlow Lite program.
    TfLite,
    /// An ONNX model.
    Onnx,
    /// A Python program, as PyTorch writes it.
    Pickle,
    /// JSON.
    Json,
    /// An empty file.
    Empty,
}

/// Kinds of files, by the endings of their names.
const ENDINGS: [(&[&str], Foreign); 6] = [
    (&[".csv", ".txt"], Foreign::Table(",")),
    (&[".tsv", ".tab"], Foreign::Table("\\t")),
    (&[".xlsx", ".xls", ".ods", ".parquet"], Foreign::Sheet),
    (&[".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"], Foreign::Picture),
    (&[".weights.h5"], Foreign::Weights),
    (&[".pb", ".pbtxt"], Foreign::SavedModel),
];

/// A test of a file's bytes.
type Is = fn(&[u8]) -> bool;

/// Kinds of files, by their bytes; the first test that holds decides.
const BYTES: [(Is, Foreign); 7] = [
    (<[u8]>::is_empty, Foreign::Empty),
    (|bytes| bytes.get(4..8) == Some(b"TFL3"), Foreign::TfLite),
    (|bytes| bytes.starts_with(b"\x93NUMPY"), Foreign::Arrays("NumPy (.npy)")),
    (is_safetensors, Foreign::Arrays("safetensors")),
    (|bytes| matches!(bytes, [0x80, 0..=5, ..]), Foreign::Pickle),
    (|bytes| bytes.trim_ascii_start().starts_with(b"{"), Foreign::Json),
    (is_onnx, Foreign::Onnx),
];

impl Foreign {
    /// The kind of a file, by the ending of its name.
    fn of_name(path: &Path) -> Option<Foreign> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let ends =
            |(endings, _): &&(&[&str], Foreign)| endings.iter().any(|end| name.ends_with(end));
        ENDINGS.iter().find(ends).map(|(_, foreign)| *foreign)
    }

    /// The kind of a folder, by its contents.
    fn of_folder(path: &Path) -> Foreign {
        let has = |name: &str| path.join(name).exists();
        if has("saved_model.pb") || has("keras_metadata.pb") {
            Foreign::SavedModel
        } else if has("config.json") && has("model.weights.h5") {
            Foreign::Unpacked
        } else {
            Foreign::Folder
        }
    }

    /// The kind of an archive, by the names in it; `None` if it has a model's layers or is unknown.
    fn of_archive(bytes: &[u8]) -> Option<Foreign> {
        let archive = Archive::open(bytes, zip::TOTAL, |_| true).ok()?;
        let has = |end: &str| {
            archive.names().any(|name| name == end || name.ends_with(&format!("/{end}")))
        };
        if has("config.json") {
            None
        } else if has("data.pkl") {
            Some(Foreign::Pickle)
        } else if has("saved_model.pb") {
            Some(Foreign::SavedModel)
        } else if archive.names().next().is_some() && archive.names().all(is_npy) {
            Some(Foreign::Arrays("NumPy (.npz)"))
        } else {
            None
        }
    }

    /// The kind of a file given in place of a model that, by its name, can only be data: a table, a
    /// spreadsheet or a picture.
    pub fn data(path: &Path) -> Option<Foreign> {
        Foreign::of_name(path).filter(|foreign| match foreign {
            Foreign::Table(_) | Foreign::Sheet | Foreign::Picture => true,
            Foreign::Arrays(_)
            | Foreign::SavedModel
            | Foreign::Unpacked
            | Foreign::Folder
            | Foreign::Checkpoint
            | Foreign::Weights
            | Foreign::TfLite
            | Foreign::Onnx
            | Foreign::Pickle
            | Foreign::Json
            | Foreign::Empty => false,
        })
    }

    /// A sentence that says what the file is.
    pub fn what(self) -> Text {
        match self {
            Foreign::Table(_) => table(),
            Foreign::Sheet => sheet(),
            Foreign::Picture => picture(),
            Foreign::Arrays(kind) => arrays(kind),
            Foreign::SavedModel => saved_model(),
            Foreign::Unpacked => unpacked(),
            Foreign::Folder => folder(),
            Foreign::Checkpoint => checkpoint(),
            Foreign::Weights => weights_alone(),
            Foreign::TfLite => tflite(),
            Foreign::Onnx => onnx(),
            Foreign::Pickle => pickle(),
            Foreign::Json => json(),
            Foreign::Empty => empty(),
        }
    }

    /// How to get a model instead.
    fn to_a_model(self) -> Text {
        match self {
            Foreign::Table(_)
            | Foreign::Sheet
            | Foreign::Picture
            | Foreign::SavedModel
            | Foreign::Folder
            | Foreign::TfLite
            | Foreign::Onnx
            | Foreign::Json => save_as_keras(),
            Foreign::Arrays(_) | Foreign::Weights => load_into(),
            Foreign::Unpacked => pack_again(),
            Foreign::Checkpoint => load_and_save(),
            Foreign::Pickle => convert_in_python(),
            Foreign::Empty => save_again(),
        }
    }

    /// How to get arrays instead: one line of Python, where there is one.
    pub fn to_arrays(self, path: &Path) -> Text {
        let from = path.display().to_string();
        let to = path.with_extension("npy").display().to_string();
        match self {
            Foreign::Table(between) => convert_table(&from, &to, between),
            Foreign::Sheet => convert_sheet(&from, &to),
            Foreign::Picture => convert_picture(&from, &to),
            Foreign::Arrays(_)
            | Foreign::SavedModel
            | Foreign::Unpacked
            | Foreign::Folder
            | Foreign::Checkpoint
            | Foreign::Weights
            | Foreign::TfLite
            | Foreign::Onnx
            | Foreign::Pickle
            | Foreign::Json
            | Foreign::Empty => file_of_arrays(),
        }
    }

    /// The error for reading it as a model (E034).
    fn not_a_model(self) -> Error {
        Error::new(Code::E034, self.what()).fix(self.to_a_model())
    }
}

/// Refuses to read a folder as a model, or a file whose name says that it is something else. Errors
/// (E034).
pub(crate) fn check_model_path(path: &Path) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let foreign = if path.is_dir() {
        Some(Foreign::of_folder(path))
    } else if name == "checkpoint" || name.contains(".ckpt") {
        // TensorFlow writes `model.ckpt.index` and other files, but none with just the given name.
        Some(Foreign::Checkpoint)
    } else {
        // For a table or a picture, the bytes decide, because a model may have any name.
        let foreign = Foreign::of_name(path).filter(|_| path.exists());
        foreign.filter(|_| Foreign::data(path).is_none())
    };
    match foreign {
        Some(foreign) => Err(foreign.not_a_model().at(path.display().to_string())),
        None => Ok(()),
    }
}

/// The error for bytes that are not a Keras model (E034).
pub(crate) fn instead_of_a_model(bytes: &[u8]) -> Error {
    let found = BYTES.iter().find(|(is, _)| is(bytes));
    found.map_or_else(
        || Error::new(Code::E034, no_model()).fix(save_as_keras()),
        |(_, foreign)| foreign.not_a_model(),
    )
}

/// The error for an archive that Keras did not write (E034), if its kind is known.
pub(crate) fn other_archive(bytes: &[u8]) -> Option<Error> {
    Foreign::of_archive(bytes).map(Foreign::not_a_model)
}

/// The error for reading such a file, or a folder, as arrays (E034); `None` if it is neither.
pub fn instead_of_arrays(path: &Path) -> Option<Error> {
    let wrong = |text| Error::new(Code::E034, text).at(path.display().to_string());
    match Foreign::data(path) {
        Some(foreign) => Some(wrong(foreign.what()).fix(foreign.to_arrays(path))),
        None if path.is_dir() => Some(wrong(folder_of_arrays()).fix(file_of_arrays())),
        None => None,
    }
}

/// Whether the bytes are the length of a header, then the header, a JSON object.
fn is_safetensors(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk().map(|length| u64::from_le_bytes(*length));
    length.is_some_and(|length| length <= bytes.len() as u64) && bytes.get(8) == Some(&b'{')
}

/// Whether the bytes are a message whose first field is a small version number and whose second is
/// a program's name.
fn is_onnx(bytes: &[u8]) -> bool {
    matches!(bytes, [0x08, version, 0x12, length, name, ..]
        if *version < 64 && *length < 64 && name.is_ascii_alphanumeric())
}

fn is_npy(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "npy")
}

neurona_core::messages! {
    fn table() {
        en: "this is a table in a text file, not a model or arrays: tables are not read yet",
        es: "es una tabla en texto, no un modelo ni arrays: todavía no se leen tablas",
    }

    fn sheet() {
        en: "this is a spreadsheet, not a model or arrays: tables are not read yet",
        es: "es una hoja de cálculo, no un modelo ni arrays: todavía no se leen tablas",
    }

    fn picture() {
        en: "this is a picture, not a model or arrays: pictures are not read yet",
        es: "es una imagen, no un modelo ni arrays: todavía no se leen imágenes",
    }

    fn folder_of_arrays() {
        en: "this is a folder, and a file of arrays is needed",
        es: "es una carpeta, y hace falta un archivo de arrays",
    }

    /// The files that arrays are read from.
    pub fn file_of_arrays() {
        en: "give a .npy or .npz file; in Python, numpy.save(\"x.npy\", x) writes one",
        es: "dé un archivo .npy o .npz; en Python, numpy.save(\"x.npy\", x) escribe uno",
    }

    fn convert_table(from: &str, to: &str, between: &str) {
        en: "convert it with NumPy and give {to}: python -c \"import numpy as n; n.save('{to}', n.loadtxt('{from}', delimiter='{between}', skiprows=1, ndmin=2))\" (skiprows=1 leaves out the line with the names)",
        es: "conviértala con NumPy y dé {to}: python -c \"import numpy as n; n.save('{to}', n.loadtxt('{from}', delimiter='{between}', skiprows=1, ndmin=2))\" (skiprows=1 omite la línea de los nombres)",
    }

    fn convert_sheet(from: &str, to: &str) {
        en: "save it as CSV, convert it with NumPy and give {to}: python -c \"import numpy as n; n.save('{to}', n.loadtxt('table.csv', delimiter=',', skiprows=1, ndmin=2))\", where table.csv is {from} saved as CSV",
        es: "guárdela como CSV, conviértala con NumPy y dé {to}: python -c \"import numpy as n; n.save('{to}', n.loadtxt('tabla.csv', delimiter=',', skiprows=1, ndmin=2))\", donde tabla.csv es {from} guardada como CSV",
    }

    fn convert_picture(from: &str, to: &str) {
        en: "convert it with NumPy and Pillow and give {to}: python -c \"import numpy as n; from PIL import Image; n.save('{to}', n.array(Image.open('{from}').convert('L'))[None])\" ('RGB' instead of 'L' keeps colours)",
        es: "conviértala con NumPy y Pillow y dé {to}: python -c \"import numpy as n; from PIL import Image; n.save('{to}', n.array(Image.open('{from}').convert('L'))[None])\" ('RGB' en vez de 'L' conserva los colores)",
    }

    fn no_model() {
        en: "this is not a model file: neither an archive of Keras (.keras) nor HDF5 (.h5)",
        es: "no es un archivo de modelo: ni un archivo comprimido de Keras (.keras) ni HDF5 (.h5)",
    }

    fn empty() {
        en: "the file is empty",
        es: "el archivo está vacío",
    }

    fn save_again() {
        en: "copy the file again, or write the model again with model.save",
        es: "copie de nuevo el archivo, o escriba de nuevo el modelo con model.save",
    }

    fn saved_model() {
        en: "this is a SavedModel of TensorFlow, which holds a program instead of layers",
        es: "es un SavedModel de TensorFlow, que contiene un programa en vez de capas",
    }

    fn unpacked() {
        en: "this is a folder with the members of a .keras file, unpacked",
        es: "es una carpeta con los miembros de un archivo .keras, descomprimidos",
    }

    fn folder() {
        en: "this is a folder, but a model is a file",
        es: "es una carpeta, pero un modelo es un archivo",
    }

    fn checkpoint() {
        en: "this is a checkpoint of TensorFlow, which holds weights without the layers they belong to",
        es: "es un punto de control de TensorFlow, que contiene pesos sin las capas a las que pertenecen",
    }

    fn weights_alone() {
        en: "this file holds weights alone, without the layers they belong to",
        es: "este archivo contiene solo pesos, sin las capas a las que pertenecen",
    }

    fn tflite() {
        en: "this is a TensorFlow Lite model, which holds a program instead of layers",
        es: "es un modelo de TensorFlow Lite, que contiene un programa en vez de capas",
    }

    fn onnx() {
        en: "this looks like an ONNX model, which is not read here",
        es: "parece un modelo ONNX, que aquí no se lee",
    }

    fn pickle() {
        en: "this is a pickle, as PyTorch writes it (.pt, .pth): it can run code, so it is never read",
        es: "es un pickle, como los que escribe PyTorch (.pt, .pth): puede ejecutar código, así que nunca se lee",
    }

    fn json() {
        en: "this is JSON: perhaps the layers of a model (to_json), but without its weights",
        es: "es JSON: quizás las capas de un modelo (to_json), pero sin sus pesos",
    }

    fn arrays(kind: &str) {
        en: "this is a file of arrays, {kind}, not a model",
        es: "es un archivo de arrays, {kind}, no un modelo",
    }

    fn save_as_keras() {
        en: "in Keras, write the model with model.save(\"model.keras\") and give that file",
        es: "en Keras, escriba el modelo con model.save(\"model.keras\") y dé ese archivo",
    }

    fn load_and_save() {
        en: "in Keras, build the model, call model.load_weights on the checkpoint and model.save(\"model.keras\"), and give that file",
        es: "en Keras, construya el modelo, llame a model.load_weights con el punto de control y a model.save(\"model.keras\"), y dé ese archivo",
    }

    fn load_into() {
        en: "give the model's .keras file; in a program, build the model and call model.load_weights(file)",
        es: "dé el archivo .keras del modelo; en un programa, construya el modelo y llame a model.load_weights(archivo)",
    }

    fn convert_in_python() {
        en: "in Python, write the weights with safetensors.torch.save_file, build the model in a program and call model.load_weights(file)",
        es: "en Python, escriba los pesos con safetensors.torch.save_file, construya el modelo en un programa y llame a model.load_weights(archivo)",
    }

    fn pack_again() {
        en: "pack config.json, metadata.json and model.weights.h5 into a ZIP archive called model.keras, or give the original file",
        es: "empaquete config.json, metadata.json y model.weights.h5 en un archivo ZIP llamado model.keras, o dé el archivo original",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona_core::message::Lang;

    #[test]
    fn endings_say_what_a_file_is_and_the_way_from_it() {
        for (name, needle) in [
            ("a.csv", "n.save('a.npy', n.loadtxt('a.csv', delimiter=',',"),
            ("A.TSV", "delimiter='\\t'"),
            ("dir/a.xlsx", "save it as CSV"),
            ("a.jpeg", "Image.open('a.jpeg')"),
        ] {
            let error = instead_of_arrays(Path::new(name)).expect("foreign");
            assert_eq!((error.code(), error.place()), (Code::E034, Some(name)));
            assert!(error.in_lang(Lang::En).contains(needle), "{error}");
        }
        assert!(instead_of_arrays(Path::new("a.npy")).is_none());
    }

    #[test]
    fn each_kind_is_said_in_both_languages_with_a_way_to_a_model_and_to_arrays() {
        let by_name = ENDINGS.iter().map(|(_, foreign)| *foreign);
        let by_bytes = BYTES.iter().map(|(_, foreign)| *foreign);
        let others = [Foreign::Unpacked, Foreign::Folder, Foreign::Checkpoint];
        for foreign in by_name.chain(by_bytes).chain(others) {
            let path = Path::new("a.b");
            for text in [foreign.what(), foreign.to_a_model(), foreign.to_arrays(path)] {
                assert!(text.get(Lang::En).len() > 10, "{foreign:?}");
                assert_ne!(text.get(Lang::En), text.get(Lang::Es), "{foreign:?}");
            }
        }
    }
}
