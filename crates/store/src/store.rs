//! The calls that files which have to last are written and read with.

use crate::{Lock, LockError};
use std::fmt;
use std::io;
use std::path::Path;

/// Where files are kept. Each call does one thing that can fail on its own; errors are the system's.
pub trait Store: fmt::Debug + Send + Sync {
    /// Makes a folder that stays, with those above it, where there is none.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes a new, empty file. Errors: there is one of that name.
    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>>;

    /// Gives a file another name in its folder, in the place of what had it before: all at once or not at all.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Returns when the names in a folder are as sure to stay as the disk can make them.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// All bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The names of the files in a folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Keeps all other processes from holding the same lock, by a file of this name that is made where there is none.
    fn lock(&self, path: &Path) -> Result<Lock, LockError>;
}

/// A file that is being written.
pub trait NewFile: fmt::Debug {
    /// Writes bytes at its end.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns when its bytes are as sure to stay as the disk can make them. After an error nobody knows which are:
    /// the file is to be given up.
    fn sync(&mut self) -> io::Result<()>;
}
