//! Files of kinds that are not read: what they are, and how to turn them into files that are.

use neurona::message::Text;
use neurona::{Code, Error};
use std::path::Path;

/// What a file is, if it holds neither arrays nor a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Foreign {
    /// Rows of text, with this between the columns.
    Table(&'static str),
    /// A table that only a spreadsheet opens.
    Sheet,
    /// A picture.
    Picture,
}

impl Foreign {
    /// By the file's ending.
    fn of(path: &Path) -> Option<Foreign> {
        match path.extension()?.to_string_lossy().to_lowercase().as_str() {
            "csv" | "txt" => Some(Foreign::Table(",")),
            "tsv" | "tab" => Some(Foreign::Table("\\t")),
            "xlsx" | "xls" | "ods" | "parquet" => Some(Foreign::Sheet),
            "png" | "jpg" | "jpeg" | "bmp" | "gif" | "tif" | "tiff" | "webp" => {
                Some(Foreign::Picture)
            }
            _ => None,
        }
    }

    fn what(self) -> Text {
        match self {
            Foreign::Table(_) => table(),
            Foreign::Sheet => sheet(),
            Foreign::Picture => picture(),
        }
    }

    /// The way to an array: one line of Python.
    fn way(self, path: &Path) -> Text {
        let from = path.display().to_string();
        let to = path.with_extension("npy").display().to_string();
        match self {
            Foreign::Table(between) => convert_table(&from, &to, between),
            Foreign::Sheet => convert_sheet(&from, &to),
            Foreign::Picture => convert_picture(&from, &to),
        }
    }
}

/// The error for such a file, or for a folder, where arrays are read (E034); `None` if it is
/// neither.
pub(crate) fn instead_of_arrays(path: &Path) -> Option<Error> {
    let wrong = |text| Error::new(Code::E034, text).at(path.display().to_string());
    match Foreign::of(path) {
        Some(foreign) => Some(wrong(foreign.what()).fix(foreign.way(path))),
        None if path.is_dir() => Some(wrong(folder()).fix(file_of_arrays())),
        None => None,
    }
}

/// The error for such a file where a model is read (E034), with a command that would be right.
pub(crate) fn instead_of_a_model(path: &Path, example: &str) -> Option<Error> {
    let foreign = Foreign::of(path)?;
    let error = Error::new(Code::E034, foreign.what()).at(path.display().to_string());
    Some(error.fix(model_first(example, &foreign.way(path))))
}

neurona::messages! {
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

    fn folder() {
        en: "this is a folder, and a file of arrays is needed",
        es: "es una carpeta, y hace falta un archivo de arrays",
    }

    pub(crate) fn file_of_arrays() {
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

    fn model_first(example: &str, way: &Text) {
        en: "name the model first and give the data with options, for example {example}; to make arrays of this file, {way}",
        es: "nombre primero el modelo y dé los datos con opciones, por ejemplo {example}; para hacer arrays de este archivo, {way}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona::message::Lang;

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
            let error = instead_of_a_model(Path::new(name), "neurona x").expect("foreign");
            assert!(error.in_lang(Lang::Es).contains("por ejemplo neurona x; "), "{error}");
        }
        assert!(instead_of_arrays(Path::new("a.npy")).is_none());
    }
}
