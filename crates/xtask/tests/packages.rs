//! What would be published: each package states its licence, its page and its source, is small, and
//! needs nothing that is not in it.
#![expect(clippy::print_stdout, reason = "sizes for whoever asks with --no-capture")]

use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How large a package may be, in bytes as it travels: the large ones are listed here, the rest is
/// code.
const SIZES: [(&str, u64); 2] = [
    // The digits: the registry takes 10 MiB.
    ("neurona-mnist", 10_000_000),
    // A font.
    ("neurona-plot", 500_000),
];
const CODE: u64 = 300_000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The packages that are published, as Cargo describes them.
fn packages() -> Vec<Json> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    let metadata: Json = serde_json::from_str(&metadata).unwrap();
    let all = metadata["packages"].as_array().unwrap().iter();
    // `publish = false` is an empty list of registries.
    let published: Vec<Json> =
        all.filter(|package| package["publish"] != serde_json::json!([])).cloned().collect();
    assert!(published.len() >= 8, "only {} packages", published.len());
    published
}

fn name(package: &Json) -> &str {
    package["name"].as_str().unwrap()
}

fn folder(package: &Json) -> PathBuf {
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}

/// The files of a package, from its folder.
fn listed(package: &Json) -> Vec<PathBuf> {
    let list = cargo(&["package", "--list", "--allow-dirty", "--locked", "-p", name(package)]);
    list.lines().map(PathBuf::from).collect()
}

#[test]
fn packages_say_their_licence_their_page_and_where_they_come_from() {
    for package in packages() {
        for field in ["description", "license", "readme", "repository", "rust_version"] {
            let value = package[field].as_str().unwrap_or_default();
            assert!(!value.is_empty(), "{} has no {field}", name(&package));
        }
        let files = listed(&package);
        for file in ["LICENSE-MIT", "LICENSE-APACHE", "README.md"] {
            assert!(files.contains(&file.into()), "{} has no {file}", name(&package));
        }
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let read = |folder: PathBuf| fs::read(folder.join(licence)).unwrap();
            let same = read(folder(&package)) == read(root());
            assert!(same, "{licence} of {} is another one", name(&package));
        }
        for dependency in package["dependencies"].as_array().unwrap() {
            // One of ours is taken from the registry by its version. (Tests may use the package itself by its path.)
            if dependency["path"].is_string() && dependency["kind"] != "dev" {
                assert_ne!(dependency["req"], "*", "{}: {dependency}", name(&package));
            }
        }
    }
}

/// The paths that a source includes when it is compiled: `include_str!("…")`, `#[path = "…"]`.
fn taken_in(source: &str) -> Vec<&str> {
    let starts = ["include_str!(\"", "include_bytes!(\"", "include!(\"", "#[path = \""];
    let after = starts.iter().flat_map(|start| source.split(start).skip(1));
    after.filter_map(|rest| rest.split('"').next()).collect()
}

/// `a/b/../c` is `a/c`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part.as_os_str() == ".." { _ = plain.pop() } else { plain.push(part) }
    }
    plain
}

#[test]
fn packages_need_no_file_outside_themselves() {
    let mut taken = 0;
    for package in packages() {
        let files = listed(&package);
        let sources = files.iter().filter(|file| file.extension().is_some_and(|e| e == "rs"));
        for file in sources {
            let source = fs::read_to_string(folder(&package).join(file)).unwrap();
            for path in taken_in(&source) {
                taken += 1;
                let path = plain(&file.parent().unwrap().join(path));
                assert!(
                    files.contains(&path),
                    "{}: {} is not in it",
                    file.display(),
                    path.display()
                );
            }
            // Files that are read at run time are found from here.
            for after in source.split("CARGO_MANIFEST_DIR").skip(1) {
                let near: String = after.chars().take(60).collect();
                assert!(!near.contains("/.."), "{}: …{near}", file.display());
            }
        }
    }
    assert!(taken > 5, "only {taken} paths seen: does the search still work?");
}

#[test]
fn packages_are_small() {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("packages");
    let target = target.to_str().unwrap();
    cargo(&[
        "package",
        "--workspace",
        "--no-verify",
        "--allow-dirty",
        "--locked",
        "--target-dir",
        target,
    ]);
    for package in packages() {
        let file = format!("{}-{}.crate", name(&package), package["version"].as_str().unwrap());
        let size = fs::metadata(Path::new(target).join("package").join(&file)).unwrap().len();
        println!("{file}: {size} bytes");
        let limit = SIZES.iter().find(|(package_name, _)| *package_name == name(&package));
        let limit = limit.map_or(CODE, |(_, limit)| *limit);
        assert!(size <= limit, "{file} has {size} bytes, more than {limit}");
    }
}

#[test]
fn neurona_alone_stays_within_fifty_crates() {
    let tree = cargo(&[
        "tree",
        "-p",
        "neurona",
        "--no-default-features",
        "-e",
        "normal",
        "--prefix",
        "none",
        "--locked",
    ]);
    let mut crates: Vec<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    crates.sort_unstable();
    crates.dedup();
    assert!(crates.len() > 10 && crates.len() <= 50, "{} crates: {crates:?}", crates.len());
}
