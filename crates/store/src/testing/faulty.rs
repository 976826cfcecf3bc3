//! A store whose calls fail when they are told to.

use crate::{Lock, LockError, NewFile, Store};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The way in which calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `ENOSPC`, from every call that takes room on the disk.
    NoSpace,
    /// `EIO`, from every call.
    InputOutput,
    /// `EROFS`, from every call that changes the disk.
    ReadOnly,
    /// Half of the bytes are written, then `ENOSPC`.
    ShortWrite,
    /// Only renaming fails.
    Rename,
    /// Only syncing fails, of a file or a folder: `EIO`.
    Sync,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Fault; 6] = [
        Fault::NoSpace,
        Fault::InputOutput,
        Fault::ReadOnly,
        Fault::ShortWrite,
        Fault::Rename,
        Fault::Sync,
    ];

    /// The error with which a call of this kind fails, if it does.
    fn of(self, call: Call) -> Option<io::Error> {
        use Call::*;
        let kind = match (self, call) {
            (Fault::NoSpace, MakeFolder | Create | Write | Rename | Lock)
            | (Fault::ShortWrite, Write) => ErrorKind::StorageFull,
            (Fault::ReadOnly, MakeFolder | Create | Write | Rename | Remove | Lock) => {
                ErrorKind::ReadOnlyFilesystem
            }
            (Fault::InputOutput, _) | (Fault::Rename, Rename) | (Fault::Sync, Sync) => {
                return Some(io::Error::other("input/output error"));
            }
            _ => return None,
        };
        Some(kind.into())
    }
}

#[derive(Clone, Copy)]
enum Call {
    MakeFolder,
    Create,
    Write,
    Sync,
    Rename,
    Read,
    List,
    Remove,
    Lock,
}

/// A store that fails at some of its calls.
#[derive(Clone, Debug)]
pub struct Faulty {
    store: Arc<dyn Store>,
    plan: Arc<Plan>,
}

#[derive(Debug)]
struct Plan {
    fault: Fault,
    failing: Range<usize>,
    calls: AtomicUsize,
}

impl Faulty {
    /// A store whose calls with these numbers, from 0, fail in this way, if calls of their kind
    /// can.
    pub fn new(store: impl Store + 'static, fault: Fault, failing: Range<usize>) -> Faulty {
        let plan = Plan { fault, failing, calls: AtomicUsize::new(0) };
        Faulty { store: Arc::new(store), plan: Arc::new(plan) }
    }

    /// How many calls there were so far.
    pub fn calls(&self) -> usize {
        self.plan.calls.load(Ordering::Relaxed)
    }
}

impl Plan {
    fn check(&self, call: Call) -> io::Result<()> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let fault = self.failing.contains(&number).then(|| self.fault.of(call)).flatten();
        fault.map_or(Ok(()), Err)
    }
}

impl Store for Faulty {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.plan.check(Call::MakeFolder)?;
        self.store.make_folder(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        self.plan.check(Call::Create)?;
        Ok(Box::new(FaultyFile { file: self.store.create(path)?, plan: Arc::clone(&self.plan) }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.plan.check(Call::Rename)?;
        self.store.rename(from, to)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.plan.check(Call::Sync)?;
        self.store.sync_folder(folder)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.plan.check(Call::Read)?;
        self.store.read(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.plan.check(Call::List)?;
        self.store.list(folder)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.plan.check(Call::Remove)?;
        self.store.remove(path)
    }

    fn lock(&self, path: &Path) -> Result<Lock, LockError> {
        self.plan.check(Call::Lock).map_err(LockError::Refused)?;
        self.store.lock(path)
    }
}

#[derive(Debug)]
struct FaultyFile {
    file: Box<dyn NewFile>,
    plan: Arc<Plan>,
}

impl NewFile for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.plan.check(Call::Write).or_else(|error| {
            if self.plan.fault == Fault::ShortWrite {
                self.file.write(&bytes[..bytes.len() / 2])?;
            }
            Err(error)
        })?;
        self.file.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.plan.check(Call::Sync)?;
        self.file.sync()
    }
}
