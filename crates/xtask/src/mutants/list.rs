//! The existing mutants: those that `cargo mutants --list` finds in the sources of a part.

use super::{Part, Place};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The version whose list is drawn from: another version may find others.
const VERSION: &str = "27.1.0";

/// What kind of change a mutant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Genre {
    /// A function gives a fixed value.
    FnValue,
    /// Another operator between two operands.
    BinaryOperator,
    /// No sign before an operand.
    UnaryOperator,
    /// A `match` without one of its arms.
    MatchArm,
    /// A guard that always or never holds.
    MatchArmGuard,
    /// A field that keeps its default.
    StructField,
}

impl Genre {
    fn from_name(name: &str) -> Option<Genre> {
        match name {
            "FnValue" => Some(Genre::FnValue),
            "BinaryOperator" => Some(Genre::BinaryOperator),
            "UnaryOperator" => Some(Genre::UnaryOperator),
            "MatchArm" => Some(Genre::MatchArm),
            "MatchArmGuard" => Some(Genre::MatchArmGuard),
            "StructField" => Some(Genre::StructField),
            _ => None,
        }
    }
}

/// A small fault that could be in the sources.
#[derive(Clone, Debug)]
pub(crate) struct Mutant {
    /// The part for which it is drawn.
    pub(crate) part: &'static Part,
    /// Its file, from the root of the repository.
    pub(crate) file: String,
    /// Where the changed text begins.
    pub(crate) place: Place,
    pub(crate) genre: Genre,
    /// What is there instead.
    pub(crate) replacement: String,
    /// What changes and where, without line numbers; and which one, if a function has several that
    /// read the same. So a mutant keeps its name, and with it its luck in the draw, when other
    /// lines move it.
    pub(crate) name: String,
    /// The change as a patch.
    pub(crate) diff: String,
}

/// All mutants of a part, in the order of the sources. Errors: what failed.
pub(crate) fn all(root: &Path, tools: &Path, part: &'static Part) -> Result<Vec<Mutant>, String> {
    let program = installed(tools)?;
    let output = Command::new(program)
        .args(["mutants", "--list", "--json", "--colors", "never", "--package", part.package])
        .args(["--file", part.sources])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|why| format!("cargo-mutants does not start: {why}"))?;
    if !output.status.success() {
        return Err("cargo-mutants failed".to_owned());
    }
    let list: Value = serde_json::from_slice(&output.stdout).map_err(|why| why.to_string())?;
    let mut seen = HashMap::new();
    let mutants: Option<Vec<Mutant>> = list
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().map(str::to_owned);
            let start = |key: &str| entry["span"]["start"][key].as_u64().map(|n| n as usize);
            let (file, line, column) = (text("file")?, start("line")?, start("column")?);
            let what = text("name")?.strip_prefix(&format!("{file}:{line}:{column}: "))?.to_owned();
            let mut name = format!("{file}: {what}");
            let again = seen.entry(name.clone()).or_insert(0);
            *again += 1;
            if *again > 1 {
                name += &format!(" ({again})");
            }
            let genre = Genre::from_name(entry["genre"].as_str()?)?;
            let (replacement, diff) = (text("replacement")?, text("diff")?);
            let place = Place { line, column };
            Some(Mutant { part, file, place, genre, replacement, name, diff })
        })
        .collect();
    mutants.filter(|found| !found.is_empty()).ok_or_else(|| {
        format!("the list of cargo-mutants {VERSION} for {} is not understood", part.name)
    })
}

/// The program, installed if it is not.
fn installed(tools: &Path) -> Result<std::path::PathBuf, String> {
    let program = tools.join("bin/cargo-mutants");
    if !program.is_file() {
        println!("installing cargo-mutants {VERSION}");
        let status = Command::new(env!("CARGO"))
            .args([
                "install",
                "cargo-mutants",
                "--debug",
                "--locked",
                "--version",
                VERSION,
                "--root",
            ])
            .arg(tools)
            .status();
        if !status.is_ok_and(|status| status.success()) {
            return Err(format!("cargo-mutants {VERSION} cannot be installed"));
        }
    }
    Ok(program)
}
