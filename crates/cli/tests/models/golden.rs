//! A model that real Keras wrote, with the arrays it was asked about and trained on, as NumPy
//! files.

use crate::common::{Run, fresh, neurona};
use neurona::data::npy;
use neurona::tensor::{Shape, Tensor};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of its own with the model and its arrays: `x0.npy`, `y0.npy`, …
pub(crate) struct Golden {
    folder: PathBuf,
    /// What Keras did with the model.
    pub(crate) json: Value,
}

impl Golden {
    /// The model with this name; `test` tells its folder from other tests' folders.
    pub(crate) fn new(name: &str, test: &str) -> Golden {
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/files");
        let folder = fresh(test);
        fs::create_dir_all(&folder).expect("made");
        fs::copy(files.join(format!("{name}.keras")), folder.join("model.keras")).expect("copied");
        let json = fs::read_to_string(files.join(format!("{name}.json"))).expect("read");
        let json: Value = serde_json::from_str(&json).expect("JSON");
        for (letter, key) in [("x", "inputs"), ("y", "targets")] {
            let arrays = json.get(key).and_then(Value::as_array).into_iter().flatten();
            for (i, array) in arrays.enumerate() {
                let path = folder.join(format!("{letter}{i}.npy"));
                npy::write(path, tensor(array)).expect("written");
            }
        }
        Golden { folder, json }
    }

    /// A file of the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The same as an argument.
    pub(crate) fn name(&self, name: &str) -> String {
        self.path(name).to_str().expect("text").to_owned()
    }

    /// Runs a command in which `@name` is a file of the folder.
    pub(crate) fn run(&self, line: &str) -> Run {
        let words = self.words(line);
        neurona(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The words of a command line in which `@name` is a file of the folder.
    pub(crate) fn words(&self, line: &str) -> Vec<String> {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.name(name),
            None => word.to_owned(),
        };
        line.split_whitespace().map(word).collect()
    }

    /// Runs a command that succeeds, and returns its standard output.
    pub(crate) fn output(&self, line: &str) -> String {
        let run = self.run(line);
        assert_eq!(run.code, Some(0), "{line}: {}", run.err);
        run.out
    }

    /// The one line that a command prints with `--json`.
    pub(crate) fn line(&self, line: &str) -> Value {
        let out = self.output(line);
        assert_eq!(out.lines().count(), 1, "{out}");
        serde_json::from_str(&out).expect("JSON")
    }
}

impl Drop for Golden {
    fn drop(&mut self) {
        // Whatever remains of a test is in the temporary folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// An array as the golden files write it.
pub(crate) fn tensor(json: &Value) -> Tensor<'static> {
    let list = |json: &Value| json.as_array().expect("a list").clone();
    let dims = list(&json["shape"])
        .iter()
        .map(|d| d.as_u64().expect("a size") as usize)
        .collect::<Vec<_>>();
    let shape = Shape::new(&dims).expect("a shape");
    let numbers = list(&json["data"]);
    if json["dtype"] == "int32" {
        let numbers = numbers.iter().map(|x| x.as_i64().expect("a number") as i32);
        return Tensor::new(shape, numbers.collect::<Vec<i32>>()).expect("an array");
    }
    let numbers = numbers.iter().map(|x| x.as_f64().expect("a number") as f32);
    Tensor::new(shape, numbers.collect::<Vec<f32>>()).expect("an array")
}

/// Whether numbers agree within this share of their size, plus this share itself.
pub(crate) fn check_close(found: &[f64], wanted: &[f64], share: f64) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() <= share * (1.0 + wanted.abs()), "{found}, not {wanted}");
    }
}
