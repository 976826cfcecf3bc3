//! Files that are mistaken for models: called by their names, with the way to a file that is a
//! model.

use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;
use neurona_formats::zip::{self, Archive};
use std::path::Path;

/// Refuses folders, and files whose ending says what they are. Errors (E034).
pub(super) fn check_path(path: &Path) -> Result<()> {
    let is = |text: Text, fix: Text| Err(Error::new(Code::E034, text).fix(fix));
    let named =
        |text: Text, fix: Text| is(text, fix).map_err(|error| error.at(path.display().to_string()));
    if path.is_dir() {
        let has = |name: &str| path.join(name).exists();
        return if has("saved_model.pb") || has("keras_metadata.pb") {
            named(saved_model(), save_as_keras())
        } else if has("config.json") && has("model.weights.h5") {
            named(unpacked(), pack_again())
        } else {
            named(folder(), save_as_keras())
        };
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let exists = path.exists();
    if name == "checkpoint" || name.contains(".ckpt") {
        // TensorFlow writes `model.ckpt.index` and others, but nothing with the name that it is
        // given.
        named(checkpoint(), load_and_save())
    } else if ends(&[".weights.h5"]) && exists {
        named(weights_alone(), load_into())
    } else if ends(&[".pb", ".pbtxt"]) && exists {
        named(saved_model(), save_as_keras())
    } else {
        Ok(())
    }
}

/// The error for bytes that are not a Keras model (E034).
pub(super) fn what_it_is(bytes: &[u8]) -> Error {
    let (text, fix) = if bytes.is_empty() {
        (empty(), save_again())
    } else if bytes.get(4..8) == Some(b"TFL3") {
        (tflite(), save_as_keras())
    } else if bytes.starts_with(b"\x93NUMPY") {
        (arrays("NumPy (.npy)"), load_into())
    } else if is_safetensors(bytes) {
        (arrays("safetensors"), load_into())
    } else if bytes.starts_with(b"\x80") && bytes.get(1).is_some_and(|version| *version <= 5) {
        (pickle(), convert_in_python())
    } else if bytes.trim_ascii_start().starts_with(b"{") {
        (json(), save_as_keras())
    } else if is_onnx(bytes) {
        (onnx(), save_as_keras())
    } else {
        (no_model(), save_as_keras())
    };
    Error::new(Code::E034, text).fix(fix)
}

/// The error for an archive that is not Keras' (E034), if its kind is known.
pub(super) fn other_archive(bytes: &[u8]) -> Option<Error> {
    let archive = Archive::open(bytes, zip::TOTAL, |_| true).ok()?;
    let has =
        |end: &str| archive.names().any(|name| name == end || name.ends_with(&format!("/{end}")));
    if has("config.json") {
        return None;
    }
    let (text, fix) = if has("data.pkl") {
        (pickle(), convert_in_python())
    } else if has("saved_model.pb") {
        (saved_model(), save_as_keras())
    } else if archive.names().next().is_some() && archive.names().all(is_npy) {
        (arrays("NumPy (.npz)"), load_into())
    } else {
        return None;
    };
    Some(Error::new(Code::E034, text).fix(fix))
}

/// The length of a header, then the header, a JSON object.
fn is_safetensors(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk().map(|length| u64::from_le_bytes(*length));
    length.is_some_and(|length| length <= bytes.len() as u64) && bytes.get(8) == Some(&b'{')
}

/// A message whose first field is a small version number, and whose second is the name of a program.
fn is_onnx(bytes: &[u8]) -> bool {
    matches!(bytes, [0x08, version, 0x12, length, name, ..]
        if *version < 64 && *length < 64 && name.is_ascii_alphanumeric())
}

fn is_npy(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "npy")
}

neurona_core::messages! {
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
