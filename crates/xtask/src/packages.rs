//! Every package as a stranger gets it: packed, unpacked apart from the repository, built and tested there.

use crate::ledger;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Its name among the campaigns.
pub(crate) const NAME: &str = "packages apart from the repository";

/// Tests all packages, and prints a line about it. `None` if a test failed.
pub(crate) fn run() -> Option<ledger::Row> {
    let start = Instant::now();
    let tested = test();
    let seconds = start.elapsed().as_secs_f64();
    match tested {
        Ok(count) => {
            let found = format!("{count} packages, each built and tested as unpacked");
            println!("{NAME}: {found} in {seconds:.1} s");
            Some(ledger::Row { name: NAME, found, seconds })
        }
        Err(why) => {
            println!("{NAME}: {why}: FAILED");
            None
        }
    }
}

/// Packs, unpacks and tests all packages in `target/unpacked`. Returns how many were tested.
///
/// They are members of one workspace there, in which each takes the others from beside it, as if
/// from the registry.
pub(crate) fn test() -> io::Result<usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let folder = root.join("target/unpacked");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let packed = folder.join("packed");
    let mut pack = Command::new(env!("CARGO"));
    pack.args(["package", "--workspace", "--no-verify", "--locked", "--target-dir"]).arg(&packed);
    for member in ["xtask", "neurona-kernels"] {
        pack.args(["--exclude", member]);
    }
    call(pack.current_dir(&root))?;
    let mut patches = String::new();
    let mut count = 0;
    for file in fs::read_dir(packed.join("package"))? {
        let file = file?.path();
        let Some(name) = unpacked_name(&file) else { continue };
        call(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(&folder))?;
        let package = name.rsplit_once('-').map_or(name.as_str(), |(package, _)| package);
        patches += &format!("{package} = {{ path = \"{name}\" }}\n");
        count += 1;
    }
    let manifest = format!(
        "[workspace]\nmembers = [\"neurona*\"]\nresolver = \"3\"\n\n[patch.crates-io]\n{patches}"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    // As slow as a stranger's tests would be, but not as slow as code without any optimization.
    call(
        Command::new(env!("CARGO"))
            .args(["test", "--workspace", "--target-dir"])
            .arg(folder.join("target"))
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "2")
            .current_dir(&folder),
    )?;
    Ok(count)
}

/// `neurona-core-0.1.0`, from `…/neurona-core-0.1.0.crate`.
fn unpacked_name(file: &Path) -> Option<String> {
    let is_package = file.extension().is_some_and(|ending| ending == "crate");
    is_package.then(|| PathBuf::from(file.file_stem()?).to_str().map(str::to_owned)).flatten()
}

fn call(command: &mut Command) -> io::Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?}: {status}"))) }
}
