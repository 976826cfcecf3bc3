//! ZIP archives: other programs' archives are read; ours are read back; each attack is refused by
//! name.

use neurona_core::error::Code;
use neurona_formats::zip::{self, Archive};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

const NAMES: [&str; 4] = ["metadata.json", "config.json", "model.weights.h5", "assets/ñ.txt"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/zip")
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(format!("{name}.zip"))).unwrap()
}

fn open(bytes: &[u8]) -> neurona_core::error::Result<Archive<'_>> {
    Archive::open(bytes, zip::TOTAL, |name| NAMES.contains(&name))
}

#[test]
fn archives_of_other_programs_are_read() {
    let config = "{\"class_name\": \"Sequential\"}".repeat(20);
    for name in ["stored", "deflated", "streamed", "wide", "long"] {
        let bytes = file(name);
        let archive = open(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(*archive.read("config.json").unwrap(), *config.as_bytes(), "{name}");
        assert!(!archive.contains("metadata.json"));
        let error = archive.read("metadata.json").unwrap_err().to_string();
        assert!(error.contains("metadata.json: the archive has no such member"), "{error}");
    }
    for name in ["stored", "deflated"] {
        let bytes = file(name);
        let archive = open(&bytes).unwrap();
        assert_eq!(archive.names().collect::<Vec<_>>(), NAMES[1..]);
        assert_eq!(*archive.read("model.weights.h5").unwrap(), *b"weights");
        assert!(archive.read("assets/ñ.txt").unwrap().is_empty());
    }
    assert_eq!(open(&file("none")).unwrap().names().count(), 0);
}

#[test]
fn attacks_are_refused_by_name() {
    let cases = [
        ("absolute", "/config.json: the member's name could lead out"),
        ("backslash", "..\\config.json: the member's name could lead out"),
        ("bomb", "model.weights.h5: it expands to 67,108,865 bytes from"),
        ("bzip2", "config.json: the member is packed by method 12"),
        ("count", "it has 60,000 members"),
        ("disks", "one part of an archive in several"),
        ("drive", "C:config.json: the member's name could lead out"),
        ("empty", "this is not a ZIP archive"),
        ("encrypted", "config.json: the member is encrypted"),
        ("far", "config.json: it needs 4 bytes from byte"),
        ("fewer", "its table of contents is damaged"),
        ("giant", "model.weights.h5: it declares 1,099,511,627,776 bytes, which"),
        ("inner_traversal", "assets/../../x: the member's name could lead out"),
        ("link", "config.json: the member is a link"),
        ("long_nowhere", "it needs 4 bytes from byte"),
        ("long_start", "its table of contents is damaged"),
        ("long_table", "its table of contents is damaged"),
        ("lzma", "config.json: the member is packed by method 14"),
        ("many_long", "it has 1,000,000 members, but at most 10,000 are allowed"),
        ("no_end", "this is not a ZIP archive"),
        (
            "other_checksum",
            "config.json: the table of contents and the member itself disagree about its checksum",
        ),
        ("other_flags", "disagree about its flags"),
        ("other_method", "disagree about its method"),
        (
            "other_name",
            "config.json: the table of contents and the member itself disagree about its name",
        ),
        ("other_size", "disagree about its size"),
        ("other_stored_size", "disagree about its size"),
        ("overlap", "inner: the member overlaps with outer"),
        ("place", "disagree about its place"),
        ("prefix", "its table of contents is damaged"),
        ("table", "its table of contents is damaged"),
        ("tail", "this is not a ZIP archive"),
        ("traversal", "../config.json: the member's name could lead out"),
        ("twice", "config.json: two members have this name"),
        ("unexpected", "payload.py: no such member belongs in this kind of file"),
    ];
    for (name, part) in cases {
        let bytes = file(&format!("refused/{name}"));
        let allowed = |name: &str| NAMES.contains(&name) || ["inner", "outer"].contains(&name);
        let error = Archive::open(&bytes, zip::TOTAL, allowed).map(|_| ()).expect_err(name);
        assert_eq!(error.code(), Code::E034, "{name}");
        assert!(error.to_string().contains(part), "{name}: {error}");
    }
    let all = std::fs::read_dir(folder().join("refused")).unwrap().count();
    assert_eq!(all, cases.len());
}

#[test]
fn a_member_that_is_not_what_its_table_says_is_damaged() {
    let cases = [
        ("checksum", "config.json: its content does not have the checksum"),
        ("garbage", "config.json: its packed data is damaged"),
        ("long", "config.json: it declares 561 bytes, but unpacks to 560"),
        ("short", "config.json: it declares 10 bytes, but unpacks to 11 or more"),
    ];
    for (name, part) in cases {
        let bytes = file(&format!("damaged/{name}"));
        let archive = open(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let error = archive.read("config.json").expect_err(name);
        assert!(error.to_string().contains(part), "{name}: {error}");
    }
    assert_eq!(std::fs::read_dir(folder().join("damaged")).unwrap().count(), cases.len());
}

#[test]
fn all_members_together_stay_within_the_limit_given_or_the_size_of_the_file() {
    let packed = file("deflated");
    assert!(packed.len() < 567);
    assert!(Archive::open(&packed, 567, |_| true).is_ok());
    let error = Archive::open(&packed, 566, |_| true).map(|_| ()).unwrap_err();
    let text = "its members expand to 567 bytes in all, but 566 are allowed. Fix: if you trust";
    assert!(error.to_string().contains(text), "{error}");
    assert!(Archive::open(&file("stored"), 0, |_| true).is_ok());
}

#[test]
fn what_cannot_be_written_is_an_error() {
    for name in ["", "/a", "a//b", "../a", "a\\b", "c:a", "a/./b"] {
        let error = zip::write(&[(name, b"")]).unwrap_err();
        assert_eq!(error.code(), Code::E016, "{name}");
    }
    assert!(zip::write(&[("a", b""), ("a", b"")]).is_err());
    assert!(zip::write(&vec![("a", &b""[..]); 10_001]).is_err());
    let names: Vec<String> = (0..10_000).map(|i| i.to_string()).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &b""[..])).collect();
    let bytes = zip::write(&members).unwrap();
    assert_eq!(Archive::open(&bytes, 0, |_| true).unwrap().names().count(), 10_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_written_is_read_back(
        members in proptest::collection::btree_map(
            "[a-zñ.]{1,4}x(/[a-zñ]{1,4}){0,2}",
            proptest::collection::vec(any::<u8>(), 0..300),
            0..8,
        )
    ) {
        let given: Vec<(&str, &[u8])> = members.iter().map(|(name, content)| (&**name, &**content)).collect();
        let bytes = zip::write(&given).unwrap();
        let archive = Archive::open(&bytes, zip::TOTAL, |name| members.contains_key(name)).unwrap();
        let names: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
        prop_assert_eq!(archive.names().collect::<Vec<_>>(), names);
        for (name, content) in given {
            prop_assert_eq!(&*archive.read(name).unwrap(), content);
        }
        prop_assert_eq!(zip::write(&members.iter().map(|(n, c)| (&**n, &**c)).collect::<Vec<_>>()).unwrap(), bytes);
    }
}
