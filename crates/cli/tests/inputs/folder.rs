//! A folder with small models, good arrays, and everything that people give instead.

use crate::common::{Run, command, fresh, run};
use neurona::data::{npy, npz};
use neurona::prelude::ndarray::{Array1, Array2, Array3, Axis, array};
use neurona::prelude::{
    Activation, CategoricalCrossentropy, Concatenate, Dense, Embedding, Flatten, Input, Layer,
    Metric, Model, Sequential, Sgd,
};
use neurona::tensor::ToTensor;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder; it is removed with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A folder of the test's own.
    pub(crate) fn new(test: &str) -> Folder {
        let folder = Folder(fresh(&format!("inputs-{test}")));
        fs::create_dir_all(folder.path("folder")).expect("made");
        fs::create_dir_all(folder.path("folder.npy")).expect("made");
        folder.models();
        folder.good_arrays();
        folder.wrong_arrays();
        folder.other_files();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Runs a command on a system that speaks this language.
    pub(crate) fn run(&self, line: &str, lang: &str) -> Run {
        let word = |word: &str| match word.split_once('@') {
            Some((before, name)) => format!("{before}{}", self.path(name).display()),
            None if word == "''" => String::new(),
            None => word.to_owned(),
        };
        let words: Vec<String> = line.split_whitespace().map(word).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        run(command(&words).env("LANG", lang))
    }

    /// Models for pictures of 4 × 4 in three classes, compiled and not, one with two inputs, and
    /// one with an `Embedding`.
    fn models(&self) {
        let layers = || {
            let softmax = Dense::new(3).activation(Activation::Softmax);
            Sequential::new([4, 4]).add(Flatten).add(softmax)
        };
        layers().save(self.path("bare.keras")).expect("saved");
        let mut model = layers();
        model
            .compile(Sgd::default(), CategoricalCrossentropy::default(), [Metric::Accuracy])
            .expect("compiled");
        model.save(self.path("model.keras")).expect("saved");
        let (a, b) = (Input::named("a", [2]), Input::named("b", [2]));
        let joined = Concatenate::default().on([&a, &b]);
        let two = Model::new([&a, &b], [&Dense::new(1).on(&joined)]);
        two.expect("a model").save(self.path("two.keras")).expect("saved");
        let ids = Sequential::new([2]).add(Embedding::new(5, 2)).add(Flatten).add(Dense::new(1));
        ids.save(self.path("ids.keras")).expect("saved");
    }

    fn good_arrays(&self) {
        let x = Array3::from_shape_fn((6, 4, 4), |(n, i, j)| (n + 2 * i + 3 * j) as f32 / 20.0);
        let y = Array2::from_shape_fn((6, 3), |(n, k)| f32::from(u8::from(n % 3 == k)));
        self.write("x.npy", &x);
        self.write("y.npy", &y);
        self.write("labels.npy", &Array1::from_shape_fn(6, |n| n as i32 % 3));
        self.write("pairs.npy", &Array2::<f32>::ones((6, 2)));
        self.write("row.npy", &x.select(Axis(0), &[0]));
        self.write("ids.npy", &array![[0i32, 4], [1, 2]]);
        let x = (&x).to_tensor().expect("an array");
        let both = ["first", "second"].map(|name| (name.to_owned(), x.borrow()));
        npz::write(self.path("two.npz"), &both).expect("written");
    }

    /// Arrays that do not fit, or hold something that cannot be computed with.
    fn wrong_arrays(&self) {
        let x = Array3::<f32>::zeros((6, 4, 4));
        self.write("flat.npy", &Array2::<f32>::zeros((6, 16)));
        self.write("one.npy", &Array2::<f32>::zeros((4, 4)));
        self.write("wide.npy", &Array3::<f32>::zeros((6, 5, 5)));
        self.write("none.npy", &Array3::<f32>::zeros((0, 4, 4)));
        let mut nan = x.clone();
        nan[[3, 2, 1]] = f32::NAN;
        self.write("nan.npy", &nan);
        let mut big = x.mapv(f64::from);
        big[[3, 2, 1]] = 1e50;
        self.write("big.npy", &big);
        self.write("ids7.npy", &array![[0i32, 7], [1, 2]]);
        let y = Array2::from_shape_fn((6, 3), |(n, k)| f32::from(u8::from(n % 3 == k)));
        self.write("y5.npy", &y.select(Axis(0), &[0, 1, 2, 3, 4]));
        self.write("y2.npy", &y.select(Axis(1), &[0, 1]));
        let mut seven = y.clone();
        seven[[4, 2]] = 7.0;
        self.write("seven.npy", &seven);
        self.write("yesno.npy", &Array2::<f32>::ones((6, 3)));
        self.write("from1.npy", &Array1::from_shape_fn(6, |n| n as i32 % 3 + 1));
        self.write("half.npy", &Array1::from_shape_fn(6, |n| n as f32 + 0.5));
        for (name, descr, size) in [
            ("texts.npy", "'<U1'", 4),
            ("objects.npy", "'|O'", 8),
            ("complex.npy", "'<c8'", 8),
            ("dates.npy", "'<M8[D]'", 8),
            ("records.npy", "[('a', '<f4')]", 4),
        ] {
            let header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (6,), }}\n");
            let length = (header.len() as u16).to_le_bytes();
            let bytes = [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), &vec![0; 6 * size]];
            fs::write(self.path(name), bytes.concat()).expect("written");
        }
    }

    /// Files that are cut short, of other kinds, or under the wrong names.
    fn other_files(&self) {
        for name in ["model.keras", "x.npy"] {
            let whole = fs::read(self.path(name)).expect("read");
            let cut = self.path(&format!("cut{}", &name[name.find('.').expect("an ending")..]));
            fs::write(cut, &whole[..whole.len() / 2]).expect("written");
        }
        for (name, bytes) in [
            ("customers.csv", &b"age,income\n31,2000\n45,3000\n"[..]),
            ("customers.tsv", b"age\tincome\n31\t2000\n"),
            ("customers.xlsx", b"PK\x03\x04"),
            ("table.npy", b"age,income\n31,2000\n"),
            ("text.keras", b"a model"),
            ("empty.keras", b""),
            ("empty.npy", b""),
            ("uno.png", b"\x89PNG\r\n\x1a\n"),
            ("uno.jpg", b"\xff\xd8\xff\xe0"),
            ("notes.md", b"# Notes"),
        ] {
            fs::write(self.path(name), bytes).expect("written");
        }
        // The results that the advice's line of NumPy gives for the table, and for the picture.
        self.write("customers.npy", &array![[31.0, 2000.0], [45.0, 3000.0]]);
        self.write("uno.npy", &Array3::<u8>::zeros((1, 4, 4)));
    }

    fn write<'a, A>(&self, name: &str, array: &'a A)
    where
        &'a A: ToTensor<'a>,
    {
        npy::write(self.path(name), array).expect("written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let folder: &Path = &self.0;
        // Whatever remains of a test is in the temporary folder.
        let _ = fs::remove_dir_all(folder);
    }
}
