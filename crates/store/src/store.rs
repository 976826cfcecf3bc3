//! The calls with which files that have to last are written and read.

use crate::{Lock, LockError};
use std::fmt;
use std::io;
use std::path::Path;

/// Where files are kept. Each call does one thing that can fail on its own; errors are the system's.
pub trait Store: fmt::Debug + Send + Sync {
    /// Makes a folder that lasts, and those above it, if they do not exist.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes a new, empty file. Errors: there is already one with that name.
    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>>;

    /// Gives a file another name in its folder, replacing any file with that name: all at once or
    /// not at all.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Returns when the names in a folder are as certain to last as the disk can make them.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// All bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The names of the files in a folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Keeps all other processes from holding the same lock, with a file of this name, which is
    /// made if there is none.
    fn lock(&self, path: &Path) -> Result<Lock, LockError>;
}

/// A file that is being written.
pub trait NewFile: fmt::Debug {
    /// Writes bytes at its end.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns when its bytes are as certain to last as the disk can make them. After an error
    /// nobody knows which are: the file must be given up.
    fn sync(&mut self) -> io::Result<()>;
}
