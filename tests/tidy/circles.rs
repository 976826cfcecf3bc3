//! Files of a crate use each other in one direction: a circle is one thing in several files, and
//! has to say why.
//!
//! A folder's own file (`mod.rs`) may use the files in it, and they it: what they share is there.

use super::{files, root};
use std::collections::{BTreeSet, HashMap};
use std::fs;

/// Where the sources of crates are.
const FOLDERS: [&str; 8] = [
    "src",
    "crates/cli/src",
    "crates/core/src",
    "crates/cpu/src",
    "crates/formats/src",
    "crates/mnist/src",
    "crates/plot/src",
    "crates/store/src",
];

/// The circles that are left: where, the first of their files in alphabetical order, how many they
/// are, and why. They may only become fewer and smaller.
const CIRCLES: [(&str, &str, usize, &str); 8] = [
    ("src", "train/callback_state", 20, "to be opened: events hold Control, which saves models"),
    ("src", "train/engine", 2, "to be opened: names are checked where programs are made"),
    ("crates/core/src", "graph/build", 2, "an expression is a handle of its builder"),
    ("crates/core/src", "graph/interpret", 4, "to be opened: operations print themselves"),
    ("crates/core/src", "nn/activations", 28, "to be opened: layers, networks, settings in files"),
    ("crates/core/src", "tensor/dtype", 4, "element types, and the tensors that hold them"),
    ("crates/formats/src", "hdf5/read", 2, "a file begins with its superblock"),
    ("crates/plot/src", "png", 2, "a test measures letters as they are drawn"),
];

/// A file of a crate, as the path of its module: `["train", "event"]`.
type Module = Vec<String>;

/// A path of a `use`, its last name as it is known here, and whether it is passed on.
struct Use {
    path: Vec<String>,
    public: bool,
}

/// The files of a crate and what each uses.
struct Crate {
    uses: HashMap<Module, Vec<Use>>,
}

impl Crate {
    fn read(folder: &str) -> Crate {
        let mut uses = HashMap::new();
        for source in files(&root().join(folder), ".rs") {
            let relative = source.strip_prefix(root().join(folder)).unwrap().with_extension("");
            let mut module: Module =
                relative.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            if module.iter().any(|name| name == "tests") {
                continue;
            }
            if ["mod", "lib", "main"].contains(&module[module.len() - 1].as_str()) {
                module.pop();
            }
            uses.insert(module, uses_of(&fs::read_to_string(&source).unwrap()));
        }
        Crate { uses }
    }

    /// The file in which a path that a file names is defined; `None` if it is in no file of the
    /// crate.
    fn resolve(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let mut path = path;
        let mut at = from.clone();
        match path.first()?.as_str() {
            "crate" => {
                at.clear();
                path = &path[1..];
            }
            "self" => path = &path[1..],
            "super" => {
                while path.first().is_some_and(|name| name == "super") {
                    at.pop();
                    path = &path[1..];
                }
            }
            // Another crate's, if no file is called so.
            name if !self.uses.contains_key(&[&at[..], &[name.to_owned()]].concat()) => {
                return None;
            }
            _ => {}
        }
        self.descend(at, path, depth)
    }

    fn descend(&self, mut at: Module, mut path: &[String], depth: usize) -> Option<Module> {
        while let Some((name, rest)) = path.split_first() {
            let inner = [&at[..], std::slice::from_ref(name)].concat();
            if !self.uses.contains_key(&inner) {
                break;
            }
            (at, path) = (inner, rest);
        }
        // What a folder's own file passes on is where it comes from.
        if let (Some(name), true) = (path.first(), depth < 8) {
            let passed = self
                .uses
                .get(&at)?
                .iter()
                .find(|one| one.public && one.path.len() > 1 && one.path.last() == Some(name));
            if let Some(found) = passed.and_then(|one| self.resolve(&at, &one.path, depth + 1)) {
                return Some(found);
            }
        }
        self.uses.contains_key(&at).then_some(at)
    }

    /// The circles: files of which each is reached from each, in alphabetical order.
    fn circles(&self) -> BTreeSet<Vec<String>> {
        let mut names: Vec<&Module> = self.uses.keys().collect();
        names.sort();
        let place = |module: &Module| names.binary_search(&module).unwrap();
        let mut reached = vec![vec![false; names.len()]; names.len()];
        for (i, from) in names.iter().enumerate() {
            for one in &self.uses[*from] {
                let Some(to) = self.resolve(from, &one.path, 0) else { continue };
                if !to.starts_with(from) {
                    reached[i][place(&to)] = true;
                }
            }
        }
        for middle in 0..names.len() {
            let onwards = reached[middle].clone();
            for row in reached.iter_mut().filter(|row| row[middle]) {
                row.iter_mut().zip(&onwards).for_each(|(to, more)| *to |= more);
            }
        }
        let circle = |i: usize| -> Vec<String> {
            let with = (0..names.len()).filter(|&j| reached[i][j] && reached[j][i]);
            with.map(|j| names[j].join("/")).collect()
        };
        (0..names.len()).map(circle).filter(|circle| circle.len() > 1).collect()
    }
}

/// All paths that a source uses, but for its tests.
fn uses_of(text: &str) -> Vec<Use> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let text = lines.join("\n");
    let mut uses = Vec::new();
    let mut end = 0;
    for line in text.split('\n') {
        let start = end;
        end += line.len() + 1;
        let line = line.trim_start();
        let public = line.starts_with("pub");
        let after = line.split_once("use ").filter(|(before, _)| {
            let before = before.trim_end();
            before.is_empty()
                || before == "pub"
                || before.starts_with("pub(") && before.ends_with(')')
        });
        if after.is_none() {
            continue;
        }
        let whole = text[start..].split(';').next().unwrap_or_default();
        let Some((_, tree)) = whole.split_once("use ") else { continue };
        if !tree.contains('$') {
            paths(tree, &[], &mut |path| uses.push(Use { path, public }));
        }
    }
    for start in ["super::", "crate::"] {
        for (at, _) in text.match_indices(start) {
            let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let path = text[at..].split(|c| !is_path(c)).next().unwrap_or_default();
            let path = path.split("::").filter(|name| !name.is_empty());
            uses.push(Use { path: path.map(str::to_owned).collect(), public: false });
        }
    }
    uses
}

/// The paths of a tree such as `super::{a, b::{c, d as e}}`.
fn paths(tree: &str, before: &[String], tell: &mut impl FnMut(Vec<String>)) {
    let names = |path: &str| -> Vec<String> {
        let path = path.split(" as ").next().unwrap_or_default();
        path.split("::").map(|name| name.trim().to_owned()).filter(|n| !n.is_empty()).collect()
    };
    match tree.split_once('{') {
        None => tell([before, &names(tree)].concat()),
        Some((path, inside)) => {
            let before = [before, &names(path)].concat();
            let inside = inside.trim_end().strip_suffix('}').unwrap_or(inside);
            let (mut depth, mut first) = (0, 0);
            for (at, c) in inside.char_indices().chain([(inside.len(), ',')]) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        if !inside[first..at].trim().is_empty() {
                            paths(inside[first..at].trim(), &before, tell);
                        }
                        first = at + 1;
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn files_use_each_other_in_one_direction() {
    for folder in FOLDERS {
        let sources = Crate::read(folder);
        let found = sources.circles();
        let listed: Vec<_> = CIRCLES.iter().filter(|(place, ..)| *place == folder).collect();
        for circle in &found {
            let is_known = listed
                .iter()
                .any(|(_, first, len, _)| (*first, *len) == (&circle[0], circle.len()));
            assert!(is_known, "{folder}: these files use each other in a circle: {circle:#?}");
        }
        assert_eq!(found.len(), listed.len(), "{folder}: a circle that is listed is gone");
    }
}

#[test]
fn a_circle_is_seen() {
    let source = |text: &str| uses_of(text);
    let module = |name: &str| vec![name.to_owned()];
    let uses = HashMap::from([
        (Vec::new(), source("mod a;\npub use b::{Second, c::D};")),
        (module("a"), source("use crate::{Second};\nuse std::fmt;")),
        (module("b"), source("// use super::a::Third;\nfn f() -> super::a::Third {}")),
        (module("d"), source("use super::{a::{First, Other}, b};")),
    ]);
    let circles = Crate { uses }.circles();
    assert_eq!(circles, BTreeSet::from([vec!["a".to_owned(), "b".to_owned()]]));
}
