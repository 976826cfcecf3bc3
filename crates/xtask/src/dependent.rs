//! A program outside the workspace that depends on the crate as a stranger's would: what its first
//! lines meet.
//!
//! It is built in a folder of its own below the target folder, from those of the registry's crates
//! that are already here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a plain `cargo run` is told to do, by the crate's front page and by the note.
const REMEDY: &str = "[profile.dev.package.\"*\"] opt-level = 3";

/// What a compiler says about arguments that are not data, losses or metrics, and a part of the
/// advice.
const MISTAKES: [(&str, &str); 5] = [
    ("model.fit(vec![\"a\", \"b\"], [0, 1], Fit::epochs(1))?;", "f32, f64, bool"),
    (
        "model.fit((0..4).map(|i| vec![i as f32]), [0, 1], Fit::epochs(1))?;",
        "Tensor::from_rows(rows)?",
    ),
    ("model.compile(0.1, \"mse\", [])?;", "Adam::new(0.001)"),
    ("model.compile(\"adam\", Dense::new(1), [])?;", "is not a loss"),
    ("model.compile(\"adam\", \"mse\", [1, 2])?;", "is not a list of metrics"),
];

/// The most crates that a program with `default-features = false` may consist of besides its own.
const MOST_CRATES: usize = 50;

/// Builds it in every way. Errors: anything that is not as promised.
pub(crate) fn run() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let program = Program { folder: target.join("dependent"), root };
    let fail = |what: &str, output: &str| Err(format!("{what}:\n{output}"));

    program.write("", &main_of("for _ in 0..2 { model.fit(&x, &y, Fit::epochs(1))?; }"))?;
    let (_, tree) = program.cargo(&["tree", "--prefix", "none", "-e", "normal"])?;
    let mut crates: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    crates.sort_unstable();
    crates.dedup();
    let count = crates.iter().filter(|name| **name != "dependent").count();
    if count == 0 || count > MOST_CRATES {
        return fail(&format!("{count} crates, not 1 to {MOST_CRATES}"), &tree);
    }

    let (passed, plain) = program.cargo(&["run", "--quiet"])?;
    if !passed || plain.matches(REMEDY).count() != 1 || plain.matches("Epoch 1/1").count() != 2 {
        return fail("a build without optimization does not say so, once", &plain);
    }
    for (mistake, advice) in MISTAKES {
        program.write("", &main_of(mistake))?;
        let (passed, said) = program.cargo(&["check", "--quiet"])?;
        if passed || !said.contains(advice) {
            return fail(&format!("the compiler does not say \"{advice}\" of `{mistake}`"), &said);
        }
    }
    // The advice, followed.
    let profile = REMEDY.replace("] ", "]\n");
    program.write(&profile, &main_of("model.fit(&x, &y, Fit::epochs(1).lang(Lang::Es))?;"))?;
    let (passed, advised) = program.cargo(&["run", "--quiet"])?;
    if !passed || advised.contains("W051") || !advised.contains("Época 1/1") {
        return fail("the note stays when its advice is followed", &advised);
    }
    println!(
        "dependent: {count} crates; the note comes once, and goes when its advice is followed"
    );
    println!("dependent: {} mistakes, each with its advice", MISTAKES.len());
    Ok(())
}

/// A program that has a model and data, and does this with them.
fn main_of(body: &str) -> String {
    format!(
        "use neurona::prelude::*;

fn main() -> Result<()> {{
    let x: Vec<Vec<f32>> = (0..8).map(|i| vec![i as f32, 1.0]).collect();
    let y: Vec<i64> = (0..8).map(|i| i % 2).collect();
    let mut model = Sequential::new([2]).add(Dense::new(2).activation(\"softmax\"));
    model.compile(\"adam\", \"sparse_categorical_crossentropy\", [\"accuracy\"])?;
    {body}
    _ = (x, y, Lang::Es);
    Ok(())
}}
"
    )
}

struct Program {
    folder: PathBuf,
    root: PathBuf,
}

impl Program {
    fn write(&self, profile: &str, main: &str) -> Result<(), String> {
        let root = self.root.canonicalize().map_err(|why| why.to_string())?;
        let path = root.to_string_lossy();
        let manifest = format!(
            "[package]\nname = \"dependent\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             neurona = {{ path = {path:?}, default-features = false }}\n\n{profile}\n"
        );
        fs::create_dir_all(self.folder.join("src"))
            .and_then(|()| fs::write(self.folder.join("Cargo.toml"), manifest))
            .and_then(|()| fs::write(self.folder.join("src/main.rs"), main))
            // The same versions: those from the registry that are here.
            .and_then(|()| fs::copy(root.join("Cargo.lock"), self.folder.join("Cargo.lock")))
            .map(drop)
            .map_err(|why| why.to_string())
    }

    /// Returns whether cargo succeeded, and everything that it and the program said.
    fn cargo(&self, arguments: &[&str]) -> Result<(bool, String), String> {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).arg("--offline").current_dir(&self.folder);
        command.env("CARGO_TARGET_DIR", self.folder.join("target"));
        // As a stranger has it: no profile other than the one in the manifest.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PROFILE_")) {
            command.env_remove(name);
        }
        let output = command.output().map_err(|why| format!("cargo does not start: {why}"))?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
    }
}
