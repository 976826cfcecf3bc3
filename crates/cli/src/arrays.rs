//! The arrays that models read and give: `.npy` files in the model's order, or one `.npz` with a
//! named array for each.

use crate::files::{Kind, check_place};
use crate::terminal::harmless;
use neurona::data::{npy, npz};
use neurona::internals::error::{nearest, one_of, unknown_name};
use neurona::internals::nn::check_finite;
use neurona::internals::{file_of_arrays, instead_of_arrays};
use neurona::message::{Lang, Text};
use neurona::prelude::ndarray::ArrayD;
use neurona::tensor::{Shape, Tensor, ToTensor};
use neurona::train::Model;
use neurona::{Code, Error, Result};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The names of a model's inputs, each once: see [`told_apart`].
pub(crate) fn input_names(model: &Model) -> Vec<String> {
    told_apart(model.network().input_names().map(str::to_owned).collect())
}

/// The names of a model's outputs, each once: see [`told_apart`].
pub(crate) fn output_names(model: &Model) -> Vec<String> {
    told_apart(model.network().output_names())
}

/// Names made unique: `forked`, `forked_1`. A nested model gives all its outputs under its own
/// name.
fn told_apart(mut names: Vec<String>) -> Vec<String> {
    for i in 1..names.len() {
        let (name, mut number) = (names[i].clone(), 0);
        while names[..i].contains(&names[i]) {
            number += 1;
            names[i] = format!("{name}_{number}");
        }
    }
    names
}

/// The files given for one side of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side<'a> {
    /// The option they are given by: `--data`.
    pub(crate) option: &'static str,
    /// The model's names for what they hold, in its order.
    pub(crate) names: &'a [String],
    /// The files.
    pub(crate) paths: &'a [PathBuf],
}

impl Side<'_> {
    /// The arrays, one for each name of the model.
    ///
    /// Errors: E002 not one file for each; E015 an array whose name the model or the file does not
    /// have; E034 a file of another kind; E023 a number that is not finite; E025 no rows; E031,
    /// E034, E035 as the readers.
    pub(crate) fn read(&self) -> Result<Vec<Tensor<'static>>> {
        let sources: Vec<Source> = self.paths.iter().map(|path| Source::of(path)).collect();
        let arrays = match &sources[..] {
            [Source { path, array: None }] if Kind::of(path) == Some(Kind::Npz) => {
                self.by_name(path)?
            }
            sources => {
                self.check_count(sources.len())?;
                sources.iter().map(|source| self.alone(source)).collect::<Result<_>>()?
            }
        };
        for (i, array) in arrays.iter().enumerate() {
            if array.rows() == 0 {
                let text = no_rows(array.shape());
                return Err(Error::new(Code::E025, text).at(self.given(i)).fix(give_rows()));
            }
            check_finite(&self.given(i), array)?;
        }
        Ok(arrays)
    }

    /// Says on standard error which arrays get a last dimension of 1, or lose one, as in Keras, so
    /// that the model can take them.
    pub(crate) fn tell_ranks(&self, arrays: &[Tensor<'_>], model: &Model, lang: Lang) {
        let wanted = model.sample_shapes().into_iter().flatten();
        for (i, (array, wants)) in arrays.iter().zip(wanted).enumerate() {
            let shape = array.shape();
            let has = shape.dims().get(1..).unwrap_or_default();
            let [Ok(taken), Ok(given)] = [&wants[..], has].map(Shape::new) else { continue };
            if has == [&wants[..], &[1]].concat() || wants[..] == [has, &[1]].concat() {
                let path = self.paths.get(i).unwrap_or(&self.paths[0]).display().to_string();
                let text = taken_as(&path, given, taken);
                // Even if nobody reads this, the work is still wanted.
                let _ = writeln!(io::stderr().lock(), "N012 {}", harmless(text.get(lang)));
            }
        }
    }

    /// The option and the file of the array with this number: `--data x.npy`.
    pub(crate) fn given(&self, i: usize) -> String {
        let path = self.paths.get(i).unwrap_or(&self.paths[0]);
        format!("{} {}", self.option, path.display())
    }

    /// The model's error about these arrays, which it calls by a letter: reported for the option
    /// and the file.
    fn blamed(&self, error: Error, letter: char) -> Error {
        let place = error.place().unwrap_or_default().to_owned();
        let number = self.names.iter().position(|name| place.split(", ").any(|at| at == name));
        let given = match (number, self.paths) {
            (None, [_, _, ..]) => self.option.to_owned(),
            (number, _) => self.given(number.unwrap_or(0)),
        };
        error.inside(format!("{given} ({letter})"))
    }

    /// Checks that the arrays can be written, before they exist. Errors: E002 not one file for
    /// each, or a file that is read; E034 a file of another kind; E035 the system refuses.
    pub(crate) fn check_places(&self, read: &[&Path]) -> Result<()> {
        for (i, path) in self.paths.iter().enumerate() {
            Kind::among(path, &[Kind::Npy, Kind::Npz])?;
            let before = self.paths[..i].iter().map(PathBuf::as_path);
            if let Some(twice) = before.clone().find(|before| before == path) {
                let text = twice_given(&twice.display().to_string());
                return Err(Error::new(Code::E002, text).at(self.option).fix(other_name()));
            }
            check_place(path, self.option, read.iter().copied())?;
        }
        match self.paths {
            [] => Ok(()),
            [path] if Kind::of(path) == Some(Kind::Npz) => Ok(()),
            paths => self.check_count(paths.len()),
        }
    }

    /// Writes the arrays. Errors: E035.
    pub(crate) fn write(&self, arrays: &[ArrayD<f32>]) -> Result<()> {
        let named = |(name, array): (&String, _)| Ok((name.clone(), ToTensor::to_tensor(array)?));
        if let [path] = self.paths
            && Kind::of(path) == Some(Kind::Npz)
        {
            let all: Vec<_> = self.names.iter().zip(arrays).map(named).collect::<Result<_>>()?;
            return npz::write(path, &all).or_else(|error| match error.code() {
                // If an archive cannot have one of the names, all get NumPy's names.
                Code::E016 => {
                    let number = |(i, (_, array))| (format!("arr_{i}"), array);
                    let all: Vec<_> = all.into_iter().enumerate().map(number).collect();
                    npz::write(path, &all)
                }
                _ => Err(error),
            });
        }
        for ((path, array), name) in self.paths.iter().zip(arrays).zip(self.names) {
            match Kind::of(path) {
                Some(Kind::Npz) => npz::write(path, &[named((name, array))?])?,
                _ => npy::write(path, array)?,
            }
        }
        Ok(())
    }

    fn check_count(&self, count: usize) -> Result<()> {
        if count == self.names.len() {
            return Ok(());
        }
        let text = wrong_count(self.names.len(), &self.names.join(", "), count);
        let fix = if self.names.len() == 1 { once(self.option) } else { once_each(self.option) };
        Err(Error::new(Code::E002, text).at(self.option).fix(fix))
    }

    /// The arrays of an `.npz` by the model's names; if NumPy named them (`arr_0`) or there is only
    /// one, in their order.
    fn by_name(&self, path: &Path) -> Result<Vec<Tensor<'static>>> {
        npz::read_chosen(path, |known| {
            let unnamed = known.iter().all(|name| name.starts_with("arr_"));
            if unnamed || (known.len() == 1 && self.names.len() == 1) {
                self.check_count(known.len())?;
                return Ok(known.iter().map(ToString::to_string).collect());
            }
            match self.names.iter().find(|name| !known.contains(&name.as_str())) {
                None => Ok(self.names.to_vec()),
                Some(name) => {
                    let kind = Text::new("array in the file", "ningún array del archivo");
                    let error = unknown_name(&kind, name, known);
                    Err(error.fix(self.name_it(path, name, known)))
                }
            }
        })
    }

    /// The only array of a file, or the one that is named.
    fn alone(&self, source: &Source) -> Result<Tensor<'static>> {
        let Source { path, array } = source;
        if let Some(name) = array {
            return npz::read_one(path, name);
        }
        match Kind::among(path, &[Kind::Npy, Kind::Npz]) {
            // A missing file is reported first.
            Ok(Kind::Npy) => return npy::read(path),
            Err(_) if !path.exists() => return npy::read(path),
            Err(error) => {
                let other = || error.fix(file_of_arrays());
                return Err(instead_of_arrays(path).unwrap_or_else(other));
            }
            Ok(_) => {}
        }
        let read = npz::read_chosen(path, |known| match known {
            [single] => Ok(vec![(*single).to_owned()]),
            several => {
                let error = Error::new(Code::E002, several_arrays(several.len()));
                Err(error.fix(self.name_it(path, "", several)))
            }
        });
        Ok(read?.swap_remove(0))
    }

    /// How to choose one of several arrays, with the one whose name is most like `name` as an
    /// example.
    fn name_it(&self, path: &Path, name: &str, known: &[&str]) -> Text {
        let Some(first) = nearest(name, known).or(known.first().copied()) else {
            return one_of(name, known);
        };
        let some = known.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        let more = if known.len() > 5 { ", …" } else { "" };
        let example = format!("{} {}:{first}", self.option, path.display());
        by_colon(&example, &format!("{some}{more}"))
    }
}

/// Checks that all arrays have the same number of rows. Errors: E024, at the file that differs from
/// the first.
pub(crate) fn check_rows(sides: &[(&Side<'_>, &[Tensor<'_>])]) -> Result<()> {
    let all = || {
        sides.iter().flat_map(|(side, arrays)| {
            arrays.iter().enumerate().map(move |(i, array)| (side.given(i), array.rows()))
        })
    };
    let Some((first, rows)) = all().next() else { return Ok(()) };
    match all().find(|(_, other)| *other != rows) {
        None => Ok(()),
        Some((given, other)) => {
            let text = other_rows(other, &first, rows);
            Err(Error::new(Code::E024, text).at(given).fix(one_row_each()))
        }
    }
}

/// The model's error about its data: for the option and the file if it is about them, otherwise for
/// the model's file.
pub(crate) fn blame(
    error: Error,
    data: &Side<'_>,
    target: Option<&Side<'_>>,
    model: &Path,
) -> Error {
    let of_y = error.place().is_some_and(|place| place.split(", ").any(|at| at == "y"));
    match (error.code(), target) {
        (Code::E021, Some(target)) => target.blamed(error, 'y'),
        (Code::E012 | Code::E022 | Code::E023, Some(target)) if of_y => target.blamed(error, 'y'),
        (Code::E012 | Code::E022 | Code::E023, _) => data.blamed(error, 'x'),
        _ => error.inside(model.display().to_string()),
    }
}

/// A file of arrays, and which of them is meant: `data.npz:x_test`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The file.
    pub(crate) path: PathBuf,
    /// The name of the array, if one is named.
    pub(crate) array: Option<String>,
}

impl Source {
    /// What a word of the command line means. A file with exactly this name takes precedence over
    /// an array in another.
    pub(crate) fn of(given: &Path) -> Source {
        let whole = || Source { path: given.to_owned(), array: None };
        let Some(text) = given.to_str().filter(|_| !given.exists()) else { return whole() };
        let colon = text.to_lowercase().rfind(".npz:").map(|at| at + ".npz".len());
        match colon.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
            Some((path, array)) if !array.is_empty() => {
                Source { path: PathBuf::from(path), array: Some(array.to_owned()) }
            }
            _ => whole(),
        }
    }
}

neurona::messages! {
    fn wrong_count(wants: usize, names: &str, has: usize) {
        en: "the model needs {wants} ({names}), but the number given is {has}",
        es: "el modelo necesita {wants} ({names}), pero se dieron {has}",
    }

    fn no_rows(shape: Shape) {
        en: "the array has no rows: its shape is {shape}",
        es: "el array no tiene filas: su forma es {shape}",
    }

    fn give_rows() {
        en: "give a file with at least one sample",
        es: "dé un archivo con al menos una muestra",
    }

    fn taken_as(path: &str, given: Shape, taken: Shape) {
        en: "{path}: samples of shape {given} are taken as {taken}, the shape that the model is made for",
        es: "{path}: las muestras de forma {given} se toman como {taken}, la forma para la que está hecho el modelo",
    }

    fn other_rows(has: usize, first: &str, rows: usize) {
        en: "the array has {has} rows, but {first} has {rows}",
        es: "el array tiene {has} filas, pero {first} tiene {rows}",
    }

    fn one_row_each() {
        en: "give one row for each sample, in the same order in all files",
        es: "dé una fila por muestra, en el mismo orden en todos los archivos",
    }

    fn once(option: &str) {
        en: "give {option} once",
        es: "dé {option} una sola vez",
    }

    fn once_each(option: &str) {
        en: "give {option} once for each, in that order, or one .npz file with all of them",
        es: "dé {option} una vez por cada una, en ese orden, o un archivo .npz con todas",
    }

    fn twice_given(path: &str) {
        en: "\"{path}\" is given twice, and one would be written over the other",
        es: "\"{path}\" se dio dos veces, y una se escribiría sobre la otra",
    }

    fn other_name() {
        en: "choose another name",
        es: "elija otro nombre",
    }

    fn several_arrays(count: usize) {
        en: "the file holds {count} arrays, but one is needed",
        es: "el archivo contiene {count} arrays, pero hace falta uno",
    }

    fn by_colon(example: &str, names: &str) {
        en: "name the array after a colon, for example {example} (the file has: {names})",
        es: "nombre el array tras dos puntos, por ejemplo {example} (el archivo tiene: {names})",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_named_after_a_colon() {
        for (given, path, array) in [
            ("d.npz:x_test", "d.npz", Some("x_test")),
            ("D.NPZ:x", "D.NPZ", Some("x")),
            ("C:\\data\\d.npz", "C:\\data\\d.npz", None),
            ("C:\\data\\d.npz:x", "C:\\data\\d.npz", Some("x")),
            ("d.npz:a:b", "d.npz", Some("a:b")),
            ("a:b.npy", "a:b.npy", None),
            ("d.npz:", "d.npz:", None),
        ] {
            let source = Source { path: PathBuf::from(path), array: array.map(str::to_owned) };
            assert_eq!(Source::of(Path::new(given)), source);
        }
    }

    #[test]
    fn names_are_told_apart() {
        let names = ["a", "b", "a", "a_1", "a"].map(str::to_owned).to_vec();
        assert_eq!(told_apart(names), ["a", "b", "a_1", "a_1_1", "a_2"]);
    }
}
