//! Which types implement a trait of `nn`, read from its sources.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(dir: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The types that implement a trait in this module, except tests and generic wrappers; for layers
/// of any rank, the names for each rank.
pub(crate) fn implementors(name: &str) -> Vec<String> {
    let nn = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nn");
    let mut found = Vec::new();
    for path in sources(&nn).into_iter().filter(|path| !path.starts_with(nn.join("tests"))) {
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<&str> =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for rest in code.join("\n").split(&format!("\nimpl {name} for ")).skip(1) {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric()).collect());
        }
        let ranks = name == "Layer" && path.starts_with(nn.join("layers"));
        for rest in text.split("\npub type ").skip(1).filter(|_| ranks) {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric()).collect());
        }
    }
    found
}
