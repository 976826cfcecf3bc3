//! Files that try something: to run code, to open other files, to take memory or time. Each is refused with an error, or
//! opens where the table says so.

use neurona::prelude::*;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/attacks")
}

#[test]
fn files_that_try_something_are_refused() {
    let json = fs::read_to_string(folder().join("attacks.json")).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    let attacks = json["attacks"].as_array().unwrap();
    assert!(attacks.len() >= 200);
    let mut wrong = Vec::new();
    for attack in attacks {
        let file = attack["file"].as_str().unwrap();
        if file.ends_with(".weights.h5") {
            continue;
        }
        let loaded = Model::load(folder().join(file)).map(|_| "opens".to_owned());
        let said = loaded.unwrap_or_else(|error| error.to_string());
        let opens = attack["expected"].as_str().unwrap().starts_with("opens");
        if opens != (said == "opens") {
            wrong.push(format!("{file}: {said}\n    {}: {}", attack["tries"], attack["expected"]));
        } else {
            println!("{file}: {}", said.split("attacks/").last().unwrap());
        }
    }
    let marker = json["marker"].as_str().unwrap();
    assert!(!Path::new(marker).exists() && !folder().join(marker).exists(), "code was run");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
