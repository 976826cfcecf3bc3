//! The house rules that can be read from the files: module order, sizes, links, dependencies, formatting.

mod circles;

use std::fs;
use std::path::{Path, PathBuf};

/// All files of the repository below `dir` with this ending, except build outputs and hidden
/// folders.
fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir()
            && !name.starts_with('.')
            && !["target", "venv", "neurona-guide"].contains(&name.as_str())
        {
            found.extend(files(&path, ending));
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Checks that files of each module use only modules named before it, in `dir`.
fn check_order(dir: &str, order: &[&str]) {
    let mut checked = 0;
    for (place, module) in order.iter().enumerate() {
        let folder = root().join(dir).join(module);
        let single = root().join(dir).join(format!("{module}.rs"));
        let sources = if folder.is_dir() { files(&folder, ".rs") } else { vec![single] };
        for source in sources {
            let text = fs::read_to_string(&source).unwrap();
            let code: Vec<&str> =
                text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            for path in code.join("\n").split("crate::").skip(1) {
                let used: String =
                    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if let Some(other) = order.iter().position(|name| *name == used) {
                    checked += 1;
                    assert!(other <= place, "{}: {module} may not use {used}", source.display());
                }
            }
        }
    }
    assert!(checked > 3, "only {checked} uses seen in {dir}: does the search still work?");
}

#[test]
fn modules_use_only_modules_before_them() {
    check_order("crates/core/src", &["message", "error", "tensor", "graph", "compile", "nn"]);
    check_order("src", &["data", "confusion", "train", "plot", "prelude"]);
}

#[test]
fn crates_use_only_crates_before_them() {
    let order = [
        "neurona-core",
        "neurona-formats",
        "neurona-cpu",
        "neurona-mnist",
        "neurona-store",
        "neurona-plot",
        "neurona",
        "neurona-cli",
    ];
    let folder = [
        "crates/core",
        "crates/formats",
        "crates/cpu",
        "crates/mnist",
        "crates/store",
        "crates/plot",
        ".",
        "crates/cli",
    ];
    for (place, folder) in folder.iter().enumerate() {
        let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let dependencies =
            text.split("\n[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
        for line in dependencies.lines() {
            let name = line.split([' ', '.', '=']).next().unwrap();
            if let Some(other) = order.iter().position(|crate_name| *crate_name == name) {
                assert!(other < place, "{folder} may not depend on {name}");
            }
        }
    }
}

#[test]
fn every_dependency_says_in_architecture_what_it_saves() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let listed =
        manifest.split("[workspace.dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let own = manifest.split("\n[dev-dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let names = listed.lines().chain(own.lines()).filter_map(|line| line.split([' ', '.']).next());
    let mut count = 0;
    for name in names.filter(|name| !name.is_empty() && !name.starts_with("neurona")) {
        count += 1;
        assert!(
            architecture.contains(&format!("| `{name}` |")),
            "{name} has no line in ARCHITECTURE.md"
        );
    }
    assert!(count >= 10, "only {count} dependencies seen: does the search still work?");
}

#[test]
fn sources_open_with_what_they_are_and_stay_below_700_lines() {
    let sources = files(root(), ".rs");
    assert!(sources.len() > 50);
    for source in sources {
        let text = fs::read_to_string(&source).unwrap();
        assert!(text.starts_with("//! "), "{} does not open with `//!`", source.display());
        let lines = text.lines().count();
        assert!(lines <= 700, "{} has {lines} lines", source.display());
    }
}

#[test]
fn the_promise_stays_within_forty_lines() {
    let text = fs::read_to_string(root().join("examples/guide.rs")).unwrap();
    assert!(text.lines().count() <= 40, "examples/guide.rs may only get shorter");
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut links = 0;
    for document in files(root(), ".md") {
        let text = fs::read_to_string(&document).unwrap();
        for link in text.split("](").skip(1) {
            let link = link.split([')', '#', ' ']).next().unwrap();
            if link.is_empty() || link.contains("://") {
                continue;
            }
            links += 1;
            let target = document.parent().unwrap().join(link);
            assert!(target.exists(), "{}: {link} leads nowhere", document.display());
        }
    }
    assert!(links > 5, "only {links} links seen: does the search still work?");
}

#[test]
fn the_pages_of_codes_are_those_of_the_program() {
    use neurona::message::Lang;
    for (lang, name) in [(Lang::En, "docs/errors.md"), (Lang::Es, "docs/errores.md")] {
        let (path, page) = (root().join(name), neurona::internals::error::document(lang));
        if std::env::var_os("NEURONA_BLESS").is_some() {
            fs::write(&path, &page).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == page, "{name} is behind: run again with NEURONA_BLESS=1");
    }
}

#[test]
fn every_warning_and_note_has_a_page() {
    let mut seen = 0;
    for source in
        files(&root().join("src"), ".rs").into_iter().chain(files(&root().join("crates"), ".rs"))
    {
        let text = fs::read_to_string(&source).unwrap();
        for quoted in text.split('"').skip(1) {
            let mut letters = quoted.chars();
            let is_code = matches!(letters.next(), Some('W' | 'N'))
                && quoted.len() == 4
                && letters.all(|c| c.is_ascii_digit());
            if is_code {
                seen += 1;
                let known = neurona::internals::error::page_of(quoted).is_some();
                assert!(known, "{}: {quoted} has no page in error/codes.rs", source.display());
            }
        }
    }
    assert!(seen > 5, "only {seen} seen: does the search still work?");
}

#[test]
fn both_readmes_show_the_same_commands() {
    let commands = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let shown = |line: &&str| line.starts_with("cargo ") || line.starts_with("neurona ");
        let command = |line: &str| line.split('#').next().unwrap().replace(" --lang es", "");
        // The Spanish page's first command speaks Spanish wherever it runs.
        text.lines().filter(shown).map(|line| command(line).trim().to_owned()).collect()
    };
    assert_eq!(commands("README.md"), commands("LEEME.md"));
    assert!(commands("README.md").contains(&"cargo run --release -- guide".to_owned()));
    assert!(commands("README.md").contains(&"cargo test".to_owned()));
}

#[test]
fn sources_are_formatted_where_rustfmt_is_installed() {
    let cargo = || std::process::Command::new(env!("CARGO"));
    if !cargo().args(["fmt", "--version"]).output().is_ok_and(|output| output.status.success()) {
        return;
    }
    let output = cargo().args(["fmt", "--all", "--check"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
