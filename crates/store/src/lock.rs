//! One process at a time.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// A lock that this process holds, as long as this lives. The system releases it, however the
/// process ends.
#[derive(Debug)]
pub struct Lock {
    /// Open as long as the lock is held; none if nothing else could want it.
    _file: Option<File>,
}

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError {
    /// Another process holds it: its number, if it could be read.
    Held(Option<u32>),
    /// The system refuses.
    Refused(io::Error),
}

impl Lock {
    /// A lock that nobody else can want, on a store that only this process has.
    pub fn alone() -> Lock {
        Lock { _file: None }
    }

    /// Locks a file, which then holds the number of this process.
    pub(crate) fn take(path: &Path) -> Result<Lock, LockError> {
        let open = File::options().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = open.map_err(LockError::Refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // A number has at most ten digits; anything else in the file is not ours.
                let _ = file.take(16).read_to_string(&mut holder);
                return Err(LockError::Held(holder.trim().parse().ok()));
            }
            Err(TryLockError::Error(error)) => return Err(LockError::Refused(error)),
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(format!("{}\n", std::process::id()).as_bytes()));
        written.map(|()| Lock { _file: Some(file) }).map_err(LockError::Refused)
    }
}
