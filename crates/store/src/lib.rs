//! Files that people keep: whoever reads one sees the old one or the new one, never a part.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes a file under a temporary name in the same folder, and moves it to its own when all of it is on the disk.
/// Errors: the system's; then what was there before is still there.
///
/// ```
/// let path = std::env::temp_dir().join(format!("neurona-store-{}", std::process::id()));
/// neurona_store::write_whole(&path, b"seven")?;
/// assert_eq!(std::fs::read(&path)?, b"seven");
/// # std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = temporary_name(path);
    let mut file = File::create_new(&temporary)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    // Closed before it is moved, because some systems refuse to move an open file.
    drop(file);
    let moved = written.and_then(|()| fs::rename(&temporary, path)).inspect_err(|_| {
        // The first failure is the one to report.
        let _ = fs::remove_file(&temporary);
    });
    moved.and_then(|()| sync_folder(path))
}

/// Sees whether a file can be made at a path, without touching what is there. Errors: the system's.
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

/// A new name is on the disk when its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())
}

/// Elsewhere folders cannot be opened like files; renaming is all there is.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
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
}
