//! Files written under a temporary name, and moved to their own once all of their bytes are on the
//! disk.

use crate::{Disk, Store};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes a file under a temporary name in the same folder, and moves it to its own once all of it
/// is on the disk. Errors: the system's; any old file is then still there.
///
/// ```
/// let path = std::env::temp_dir().join(format!("neurona-store-{}", std::process::id()));
/// neurona_store::write_whole(&path, b"seven")?;
/// assert_eq!(std::fs::read(&path)?, b"seven");
/// # std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole_in(&Disk, path, bytes)
}

/// The same in any store.
pub fn write_whole_in(store: &dyn Store, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = temporary_name(path);
    let mut file = store.create(&temporary)?;
    let written = file.write(bytes).and_then(|()| file.sync());
    // Closed before it is moved, because some systems refuse to move an open file.
    drop(file);
    let moved = written.and_then(|()| store.rename(&temporary, path)).inspect_err(|_| {
        // The first failure is the one to report.
        let _ = store.remove(&temporary);
    });
    moved.and_then(|()| store.sync_folder(path.parent().unwrap_or(Path::new(""))))
}

/// Checks that a file can be made at a path, without touching an existing one. Errors: the
/// system's.
pub fn probe(path: &Path) -> io::Result<()> {
    let temporary = temporary_name(path);
    File::create_new(&temporary).and_then(|_| fs::remove_file(&temporary))
}

/// A hidden name in the same folder that no other file of this or another process has.
fn temporary_name(path: &Path) -> PathBuf {
    static FILES: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (process, number) = (std::process::id(), FILES.fetch_add(1, Ordering::Relaxed));
    path.with_file_name(format!(".{name}.{process}.{number}.tmp"))
}

/// Whether a file with this name was left by a write that was cut short.
pub fn is_temporary(name: &str) -> bool {
    name.strip_suffix(".tmp").is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_moved_leaves_nothing_behind() {
        let folder =
            std::env::temp_dir().join(format!("neurona-store-kept-{}", std::process::id()));
        let taken = folder.join("taken");
        // A folder that is not empty is in the way.
        fs::create_dir_all(taken.join("inside")).unwrap();
        assert!(write_whole(&taken, b"new").is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert!(probe(&taken).is_ok());
        write_whole(&folder.join("file"), b"old").unwrap();
        write_whole(&folder.join("file"), b"new").unwrap();
        assert_eq!(fs::read(folder.join("file")).unwrap(), b"new");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        assert!(probe(&folder.join("none/file")).is_err());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn temporary_names_are_told_from_others() {
        let name = temporary_name(Path::new("runs/a/checkpoint.json"));
        assert!(is_temporary(name.file_name().unwrap().to_str().unwrap()));
        assert!(!is_temporary("checkpoint.json"));
        assert!(!is_temporary(".hidden"));
    }

    #[test]
    fn a_lock_is_held_by_one_and_says_by_whom() {
        use crate::LockError;
        let folder = std::env::temp_dir().join(format!("neurona-lock-{}", std::process::id()));
        Disk.make_folder(&folder.join("deep/er")).unwrap();
        let path = folder.join("lock");
        let held = Disk.lock(&path).unwrap();
        let Err(LockError::Held(holder)) = Disk.lock(&path) else { panic!("two hold it") };
        assert!(holder.is_none_or(|process| process == std::process::id()));
        drop(held);
        assert!(Disk.lock(&path).is_ok());
        assert!(matches!(Disk.lock(&folder), Err(LockError::Refused(_))));
        fs::remove_dir_all(folder).unwrap();
    }
}
