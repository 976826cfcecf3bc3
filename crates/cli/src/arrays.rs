//! The arrays that models read and give: `.npy` files in the model's order, or one `.npz` with an array of each name.

use crate::files::{Kind, check_place};
use crate::terminal::harmless;
use neurona::data::{npy, npz};
use neurona::internals::error::unknown_name;
use neurona::internals::nn::check_finite;
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

/// Names of which none is there twice: `forked`, `forked_1`. A model in a model gives all its outputs under its own.
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
    /// Errors: E002 not one file for each; E015 an array of a name that the model does not have; E016 a file of
    /// another kind; E023 a number that is not finite; E025 no rows; E031, E034, E035 as the readers.
    pub(crate) fn read(&self) -> Result<Vec<Tensor<'static>>> {
        let arrays = match self.paths {
            [path] if Kind::of(path) == Some(Kind::Npz) => self.by_name(path, npz::read(path)?)?,
            paths => {
                self.check_count(paths.len())?;
                paths.iter().map(|path| alone(path)).collect::<Result<_>>()?
            }
        };
        for (i, array) in arrays.iter().enumerate() {
            let path = self.paths.get(i).unwrap_or(&self.paths[0]).display().to_string();
            if array.rows() == 0 {
                let text = no_rows(array.shape());
                return Err(Error::new(Code::E025, text).at(path).fix(give_rows()));
            }
            check_finite(&path, array)?;
        }
        Ok(arrays)
    }

    /// Says on standard error of which arrays a last dimension of 1 is added or left out, as Keras does it, for the model
    /// to take them.
    pub(crate) fn tell_ranks(&self, arrays: &[Tensor<'_>], model: &Model, lang: Lang) {
        let wanted = model.sample_shapes().into_iter().flatten();
        for (i, (array, wants)) in arrays.iter().zip(wanted).enumerate() {
            let shape = array.shape();
            let has = shape.dims().get(1..).unwrap_or_default();
            let [Ok(taken), Ok(given)] = [&wants[..], has].map(Shape::new) else { continue };
            if has.len() != wants.len() && taken.elems() == given.elems() {
                let path = self.paths.get(i).unwrap_or(&self.paths[0]).display().to_string();
                let text = taken_as(&path, given, taken);
                // Should nobody read this, the work is still wanted.
                let _ = writeln!(io::stderr().lock(), "N012 {}", harmless(text.get(lang)));
            }
        }
    }

    /// Sees whether the arrays can be written, before they are there.
    /// Errors: E002 not one file for each, or one is read; E016 a file of another kind; E035 the system refuses.
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
                // A name that an archive cannot have: then all have those that NumPy gives.
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
        Err(Error::new(Code::E002, text).at(self.option).fix(once_each(self.option)))
    }

    /// The arrays of an `.npz` by the model's names; if NumPy named them (`arr_0`) or there is one, in their order.
    fn by_name(
        &self,
        path: &Path,
        mut arrays: Vec<(String, Tensor<'static>)>,
    ) -> Result<Vec<Tensor<'static>>> {
        let unnamed = arrays.iter().all(|(name, _)| name.starts_with("arr_"));
        if unnamed || (arrays.len() == 1 && self.names.len() == 1) {
            self.check_count(arrays.len())?;
            return Ok(arrays.into_iter().map(|(_, array)| array).collect());
        }
        let mut found = Vec::new();
        for name in self.names {
            let Some(at) = arrays.iter().position(|(given, _)| given == name) else {
                let known: Vec<&str> = arrays.iter().map(|(name, _)| name.as_str()).collect();
                let kind = Text::new("array in the file", "ningún arreglo del archivo");
                return Err(unknown_name(&kind, name, &known).at(path.display().to_string()));
            };
            found.push(arrays.swap_remove(at).1);
        }
        Ok(found)
    }
}

/// The array of a file that has one.
fn alone(path: &Path) -> Result<Tensor<'static>> {
    if Kind::among(path, &[Kind::Npy, Kind::Npz])? == Kind::Npy {
        return npy::read(path);
    }
    let mut arrays = npz::read(path)?;
    match arrays.len() {
        1 => Ok(arrays.swap_remove(0).1),
        count => {
            let error = Error::new(Code::E002, several(count)).fix(file_alone());
            Err(error.at(path.display().to_string()))
        }
    }
}

neurona::messages! {
    fn wrong_count(wants: usize, names: &str, has: usize) {
        en: "the model has {wants} ({names}), but {has} were given",
        es: "el modelo tiene {wants} ({names}), pero se dieron {has}",
    }

    fn no_rows(shape: Shape) {
        en: "the array has no rows: its shape is {shape}",
        es: "el arreglo no tiene filas: su forma es {shape}",
    }

    fn give_rows() {
        en: "give a file with at least one sample",
        es: "dé un archivo con al menos una muestra",
    }

    fn taken_as(path: &str, given: Shape, taken: Shape) {
        en: "{path}: samples of shape {given} are taken as {taken}, the shape that the model is made for",
        es: "{path}: las muestras de forma {given} se toman como {taken}, la forma para la que está hecho el modelo",
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

    fn several(count: usize) {
        en: "the file holds {count} arrays, and one is needed",
        es: "el archivo contiene {count} arreglos, y hace falta uno",
    }

    fn file_alone() {
        en: "give that file alone, with an array of each of the model's names, or .npy files",
        es: "dé ese archivo solo, con un arreglo de cada nombre del modelo, o archivos .npy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let names = ["a", "b", "a", "a_1", "a"].map(str::to_owned).to_vec();
        assert_eq!(told_apart(names), ["a", "b", "a_1", "a_1_1", "a_2"]);
    }
}
