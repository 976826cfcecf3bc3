//! HDF5 beside two other readers in Rust: files by Keras, `h5py` and us are the same to all three.

use neurona_core::tensor::random::Source;
use neurona_core::tensor::{MAX_RANK, Shape};
use neurona_formats::Number;
use neurona_formats::hdf5::{self, Attributes, Dataset, Group, Value};
use std::io::Write;
use std::path::Path;

/// How many datasets and texts were the same.
#[derive(Default)]
struct Same {
    datasets: usize,
    texts: usize,
}

/// Compares a group and everything in it, found at a path, with what the others read.
fn compare(
    group: &Group<'_>,
    pure: &hdf5_pure::Group,
    reader: &hdf5_reader::group::Group,
    path: &str,
    same: &mut Same,
) {
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let (groups, datasets) = reader.member_names().unwrap();
    let own = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<String>>();
    assert_eq!(own(group.groups.keys().collect()), sorted(groups), "{path}");
    assert_eq!(own(group.groups.keys().collect()), sorted(pure.groups().unwrap()), "{path}");
    assert_eq!(own(group.datasets.keys().collect()), sorted(datasets), "{path}");
    assert_eq!(own(group.datasets.keys().collect()), sorted(pure.datasets().unwrap()), "{path}");
    compare_texts(&group.attributes, &reader.attributes().unwrap(), path, same);
    for (name, dataset) in &group.datasets {
        let path = format!("{path}/{name}");
        let (theirs, others) = (pure.dataset(name).unwrap(), reader.dataset(name).unwrap());
        let dims: Vec<u64> = dataset.value.shape().dims().iter().map(|&dim| dim as u64).collect();
        assert_eq!(dims, others.shape(), "{path}");
        // One of them takes an array without elements, which needs no room, as an error.
        if !dims.contains(&0) {
            assert_eq!(dims, theirs.shape().unwrap(), "{path}");
            match dataset.value.as_bytes() {
                Some(bytes) => {
                    assert_eq!(bytes, theirs.read_raw().unwrap(), "{path}");
                    assert_eq!(bytes, others.read_raw_bytes().unwrap(), "{path}");
                    same.datasets += 1;
                }
                None => {
                    let texts = dataset.value.texts().unwrap();
                    assert_eq!(texts, others.read_strings().unwrap(), "{path}");
                    same.texts += texts.len();
                }
            }
        }
        compare_texts(&dataset.attributes, &others.attributes(), &path, same);
    }
    for (name, inner) in &group.groups {
        let (theirs, others) = (pure.group(name).unwrap(), reader.group(name).unwrap());
        compare(inner, &theirs, &others, &format!("{path}/{name}"), same);
    }
}

fn compare_texts(
    own: &Attributes<'_>,
    others: &[hdf5_reader::Attribute],
    path: &str,
    same: &mut Same,
) {
    assert_eq!(own.len(), others.len(), "{path}");
    for other in others {
        let value = &own[&other.name];
        let place = format!("{path}@{}", other.name);
        match value.as_bytes() {
            Some(bytes) => assert_eq!(bytes, other.raw_data, "{place}"),
            None if value.shape().elems() > 0 => {
                assert_eq!(value.texts().unwrap(), other.read_strings().unwrap(), "{place}");
                same.texts += 1;
            }
            None => {}
        }
    }
}

fn check(bytes: &[u8], name: &str) -> Same {
    let own = hdf5::read(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let pure =
        hdf5_pure::File::from_bytes(bytes.to_vec()).unwrap_or_else(|why| panic!("{name}: {why}"));
    let reader =
        hdf5_reader::Hdf5File::from_bytes(bytes).unwrap_or_else(|why| panic!("{name}: {why}"));
    let mut same = Same::default();
    compare(&own, &pure.root(), &reader.root_group().unwrap(), name, &mut same);
    same
}

#[test]
fn files_of_keras_and_h5py_are_the_same_to_other_readers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut files, mut all) = (0, Same::default());
    for folder in ["crates/formats/tests/files/hdf5", "tests/golden/files"] {
        for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "h5") {
                let same = check(&std::fs::read(&path).unwrap(), &path.display().to_string());
                all.datasets += same.datasets;
                all.texts += same.texts;
                files += 1;
            }
        }
    }
    let Same { datasets, texts } = all;
    assert!(files >= 5 && datasets > 300 && texts > 30, "{files} files, {datasets}, {texts}");
}

/// Choices drawn one after another.
struct Draw {
    source: Source,
    next: u64,
}

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.next += 1;
        (self.source.word(self.next) as usize) % bound
    }

    fn value(&mut self) -> Value<'static> {
        let rank = self.below(MAX_RANK.min(5));
        let dims: Vec<usize> = (0..rank).map(|_| 1 + self.below(4)).collect();
        match Number::ALL.get(self.below(Number::ALL.len() + 2)) {
            Some(&number) => {
                let shape = Shape::new(&dims).unwrap();
                let bytes = (0..shape.elems() * number.size())
                    .map(|_| self.below(256) as u8)
                    .collect::<Vec<u8>>();
                Value::raw(number, shape, bytes).unwrap()
            }
            None => {
                let length = self.below(200);
                Value::list(dims.iter().map(|dim| "ñ".repeat(length * dim).into()).collect())
            }
        }
    }

    fn group(&mut self, depth: usize) -> Group<'static> {
        let mut group = Group::default();
        // Many at once are rare.
        let datasets = if self.below(30) == 0 { self.below(400) } else { self.below(10) };
        for i in 0..datasets {
            group.datasets.insert(format!("d{}", i * 7 % 401), Dataset::new(self.value()));
        }
        for i in 0..self.below(4) {
            let length = self.below(9_000);
            group.attributes.insert(format!("a{i}"), Value::text("é".repeat(length)));
        }
        for i in 0..if depth == 0 { 0 } else { self.below(5) } {
            group.groups.insert(format!("g{i}"), self.group(depth - 1));
        }
        group
    }
}

#[test]
fn files_we_write_are_the_same_to_other_readers() {
    let asked = std::env::var("NEURONA_RANDOM_CASES").ok().and_then(|n| n.parse().ok());
    let mut all = Same::default();
    for number in 0..asked.unwrap_or(300u64) {
        let mut draw = Draw { source: Source { seed: number, stream: 3, step: 0 }, next: 0 };
        let group = draw.group(3);
        let bytes = hdf5::write(&group).unwrap();
        assert_eq!(hdf5::read(&bytes).unwrap(), group, "case {number}");
        let same = check(&bytes, &format!("case {number}"));
        all.datasets += same.datasets;
        all.texts += same.texts;
    }
    assert!(all.datasets > 1000 && all.texts > 1000);
    if asked.is_some() {
        let Same { datasets, texts } = all;
        writeln!(std::io::stdout(), "campaign: {datasets} datasets, {texts} texts the same")
            .unwrap();
    }
}
