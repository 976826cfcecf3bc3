//! The copy of the sources in which mutants are planted, and what cargo says about it.

use super::list::Mutant;
use super::plant;
use super::{Numbered, PARTS};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each planted crate opens with, because lints are not about mutants.
const LENIENT: &str =
    "#![allow(warnings, arithmetic_overflow, unconditional_panic, overflowing_literals)]\n";

/// What each planted crate ends with: the switch, which reports the mutants passed if asked, and
/// otherwise costs one load and a comparison.
const SWITCH: &str = r#"
#[doc(hidden)]
pub fn __mutant(number: u32) -> bool {
    static CHOSEN: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| {
        let chosen = std::env::var("NEURONA_MUTANT").ok();
        chosen.and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
    });
    if *CHOSEN == 1_000_000 {
        __passed(number);
    }
    *CHOSEN == number
}

#[cold]
fn __passed(number: u32) {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    static SEEN: [AtomicBool; 10_000] = [const { AtomicBool::new(false) }; 10_000];
    if !SEEN[number as usize].swap(true, Relaxed)
        && let Some(path) = std::env::var_os("NEURONA_MUTANT_PASSED")
    {
        let mut file = std::fs::File::options().append(true).create(true).open(path).unwrap();
        file.write_all(format!("{number}\n").as_bytes()).unwrap();
    }
}
"#;

/// A copy of the repository, and where it is built.
pub(crate) struct Tree {
    root: PathBuf,
    copy: PathBuf,
    target: PathBuf,
}

/// The outcome of a build.
pub(crate) enum Built {
    Programs(Vec<Program>),
    /// The compiler does not accept these mutants.
    Refused(HashSet<usize>),
}

/// A test program.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) package: String,
    pub(crate) name: String,
    pub(crate) executable: PathBuf,
    /// Where it is run.
    pub(crate) folder: PathBuf,
}

impl Tree {
    /// A tree in `scratch`, which is made or used again.
    pub(crate) fn new(root: &Path, target: &Path, scratch: &Path) -> Tree {
        Tree { root: root.into(), copy: scratch.join("tree"), target: target.into() }
    }

    /// Copies all files that git knows or would add, with these mutants in them. Files that have
    /// not changed are not written, so that cargo need not build them again. Returns the numbers of
    /// mutants that cannot be planted. Errors: the system's.
    pub(crate) fn plant(&self, mutants: &[Numbered<'_>]) -> io::Result<HashSet<usize>> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.root)
            .output()?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let names: BTreeSet<&str> =
            listed.split('\0').filter(|name| self.root.join(name).is_file()).collect();
        let mut by_file: BTreeMap<&str, Vec<(usize, &Mutant)>> = BTreeMap::new();
        for &(number, mutant) in mutants {
            by_file.entry(&mutant.file).or_default().push((number, mutant));
        }
        let mut lost = HashSet::new();
        for name in &names {
            let mut bytes = fs::read(self.root.join(name))?;
            if let Some(mutants) = by_file.get(name) {
                let (planted, missing) = plant::plant(&String::from_utf8_lossy(&bytes), mutants);
                bytes = planted.into_bytes();
                lost.extend(missing);
            }
            if PARTS.iter().any(|part| part.library == *name) {
                bytes = [LENIENT.as_bytes(), &bytes, SWITCH.as_bytes()].concat();
            }
            let target = self.copy.join(name);
            if fs::read(&target).ok().as_ref() != Some(&bytes) {
                fs::create_dir_all(target.parent().unwrap_or(&self.copy))?;
                fs::write(&target, &bytes)?;
            }
        }
        self.remove_others(&self.copy, &names)?;
        Ok(lost)
    }

    /// Removes files that are no longer in the sources.
    fn remove_others(&self, folder: &Path, names: &BTreeSet<&str>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.remove_others(&path, names)?;
            } else if let Ok(name) = path.strip_prefix(&self.copy)
                && !names.contains(name.to_string_lossy().as_ref())
            {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Builds the test programs of these packages: returns them, or the mutants that the compiler
    /// refuses. Errors: what the compiler says if it is not about a mutant.
    pub(crate) fn build(&self, packages: &BTreeSet<&str>) -> Result<Built, String> {
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--keep-going", "--tests"]);
        command.args(packages.iter().flat_map(|package| ["--package", package]));
        let output = command
            .args(["--message-format", "json"])
            .current_dir(&self.copy)
            // The sources' dependencies are already built.
            .env("CARGO_TARGET_DIR", &self.target)
            .output()
            .map_err(|why| format!("cargo does not start: {why}"))?;
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let messages: Vec<Value> =
            lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        if output.status.success() {
            return Ok(Built::Programs(programs(&messages, packages)));
        }
        let (mut refused, mut unknown) = (HashSet::new(), String::new());
        let messages = messages.iter().map(|message| &message["message"]);
        for message in messages.filter(|message| message["level"] == "error") {
            let culprits = self.culprits(message);
            if culprits.is_empty() {
                unknown += message["rendered"].as_str().unwrap_or_default();
            }
            refused.extend(culprits);
        }
        if refused.is_empty() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("the planted sources cannot be built:\n{unknown}\n{said}"));
        }
        Ok(Built::Refused(refused))
    }

    /// The mutants that a compiler error is about: those at the place that, of all it names, has
    /// the fewest.
    fn culprits(&self, message: &Value) -> Vec<usize> {
        let inner = message["children"].as_array().into_iter().flatten();
        let messages = std::iter::once(message).chain(inner);
        let spans = messages.flat_map(|message| message["spans"].as_array().into_iter().flatten());
        let marked = spans.filter_map(|span| {
            let text = fs::read_to_string(self.copy.join(span["file_name"].as_str()?)).ok()?;
            Some(plant::marked(&text, span["byte_start"].as_u64()? as usize + 1))
        });
        marked.filter(|numbers| !numbers.is_empty()).min_by_key(Vec::len).unwrap_or_default()
    }
}

/// The test programs that cargo says it has built.
fn programs(messages: &[Value], packages: &BTreeSet<&str>) -> Vec<Program> {
    let program = |message: &Value| {
        let executable = PathBuf::from(message["executable"].as_str()?);
        let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let package = manifest.split("\nname = \"").nth(1)?.split('"').next()?.to_owned();
        let name = message["target"]["name"].as_str()?.to_owned();
        let test = message["profile"]["test"] == true && packages.contains(package.as_str());
        test.then_some(Program { package, name, executable, folder })
    };
    messages.iter().filter_map(program).collect()
}
