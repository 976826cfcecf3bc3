//! A store in memory that can lose its power: data that were not synced may be there, in part, or
//! not.

use crate::{Lock, LockError, NewFile, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The unit in which disks write: a write that was cut short ends at a multiple of it.
const SECTOR: usize = 512;

/// A disk in memory that remembers everything that was done to it. Copies are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Simulated {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    names: BTreeMap<PathBuf, usize>,
    /// The files, which have no name of their own.
    files: Vec<Vec<u8>>,
    /// The files that were there at first.
    first: BTreeMap<PathBuf, Vec<u8>>,
    log: Vec<Done>,
}

/// Something that was done. Files are numbers, as on a real disk, and folders hold their names.
#[derive(Clone, Debug)]
enum Done {
    Create(PathBuf, usize),
    Write(usize, Vec<u8>),
    SyncFile(usize),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    SyncFolder(PathBuf),
}

impl Simulated {
    /// A disk with these files.
    pub fn new(files: BTreeMap<PathBuf, Vec<u8>>) -> Simulated {
        let names = files.keys().cloned().zip(0..).collect();
        let bytes = files.values().cloned().collect();
        let state = State { names, files: bytes, first: files, log: Vec::new() };
        Simulated { state: Arc::new(Mutex::new(state)) }
    }

    /// How many changes of the disk were made.
    pub fn done(&self) -> usize {
        self.state().log.len()
    }

    /// The files as they are now.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.state();
        state.names.iter().map(|(name, file)| (name.clone(), state.files[*file].clone())).collect()
    }

    /// A disk as it may be if the power fails after the first `done` changes: each change of a name
    /// that was not synced with its folder is there or not, in any choice of them, and each write
    /// that was not synced with its file is there, in part, or not. `choose(n)` gives a number
    /// below n.
    pub fn after_power_loss(
        &self,
        done: usize,
        choose: &mut dyn FnMut(usize) -> usize,
    ) -> Simulated {
        let state = self.state();
        let log = &state.log[..done];
        // A change is synced if a sync of its file or folder came after it.
        let (mut synced, mut files, mut folders) =
            (vec![false; done], BTreeSet::new(), BTreeSet::new());
        for (at, change) in log.iter().enumerate().rev() {
            synced[at] = match change {
                Done::SyncFile(file) => !files.insert(*file),
                Done::SyncFolder(folder) => !folders.insert(folder.clone()),
                Done::Write(file, _) => files.contains(file),
                Done::Create(path, _) | Done::Rename(path, _) | Done::Remove(path) => {
                    path.parent().is_none_or(|folder| folders.contains(folder))
                }
            };
        }
        let mut names: BTreeMap<PathBuf, usize> = state.first.keys().cloned().zip(0..).collect();
        let mut bytes: Vec<Vec<u8>> = state.first.values().cloned().collect();
        bytes.resize(state.files.len(), Vec::new());
        // Names as everybody saw them, to know which file a renaming was about.
        let mut seen = names.clone();
        for (change, synced) in log.iter().zip(synced) {
            match change {
                Done::Create(path, file) => {
                    seen.insert(path.clone(), *file);
                    if synced || choose(2) == 1 {
                        names.insert(path.clone(), *file);
                    }
                }
                Done::Write(file, written) => {
                    let sectors = written.len().div_ceil(SECTOR);
                    let choice = if synced { sectors } else { choose(sectors + 2) };
                    if choice > sectors {
                        // The file has its length, but nothing was written there.
                        bytes[*file].extend(std::iter::repeat_n(0, written.len()));
                    } else {
                        let length = written.len().min(choice * SECTOR);
                        bytes[*file].extend_from_slice(&written[..length]);
                    }
                }
                Done::Rename(from, to) => {
                    let file = seen.remove(from);
                    if let Some(file) = file {
                        seen.insert(to.clone(), file);
                        if synced || choose(2) == 1 {
                            names.remove(from);
                            names.insert(to.clone(), file);
                        }
                    }
                }
                Done::Remove(path) => {
                    seen.remove(path);
                    if synced || choose(2) == 1 {
                        names.remove(path);
                    }
                }
                Done::SyncFile(_) | Done::SyncFolder(_) => {}
            }
        }
        let left = names.into_iter().map(|(name, file)| (name, bytes[file].clone()));
        Simulated::new(left.collect())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // After a test that failed, what was done is still what was done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Simulated {
    fn make_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let mut state = self.state();
        if state.names.contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let file = state.files.len();
        state.files.push(Vec::new());
        state.names.insert(path.to_owned(), file);
        state.log.push(Done::Create(path.to_owned(), file));
        Ok(Box::new(SimulatedFile { disk: self.clone(), file }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let file = state.names.remove(from).ok_or(ErrorKind::NotFound)?;
        state.names.insert(to.to_owned(), file);
        state.log.push(Done::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.state().log.push(Done::SyncFolder(folder.to_owned()));
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.state();
        let file = state.names.get(path).ok_or(ErrorKind::NotFound)?;
        Ok(state.files[*file].clone())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        let here = state.names.keys().filter(|path| path.parent() == Some(folder));
        let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into());
        Ok(here.filter_map(name).collect())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.names.remove(path).ok_or(ErrorKind::NotFound)?;
        state.log.push(Done::Remove(path.to_owned()));
        Ok(())
    }

    fn lock(&self, _: &Path) -> Result<Lock, LockError> {
        Ok(Lock::alone())
    }
}

#[derive(Debug)]
struct SimulatedFile {
    disk: Simulated,
    file: usize,
}

impl NewFile for SimulatedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        state.files[self.file].extend_from_slice(bytes);
        state.log.push(Done::Write(self.file, bytes.to_vec()));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.state().log.push(Done::SyncFile(self.file));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write_whole_in;

    /// All states after each change: every choice, one after the other.
    fn states(disk: &Simulated, done: usize) -> BTreeSet<Vec<(PathBuf, Vec<u8>)>> {
        let mut found = BTreeSet::new();
        for number in 0..4096usize {
            let mut rest = number;
            let mut choose = |n: usize| {
                let choice = rest % n;
                rest /= n;
                choice
            };
            found.insert(disk.after_power_loss(done, &mut choose).files().into_iter().collect());
        }
        found
    }

    #[test]
    fn what_was_not_synced_may_be_there_or_not_and_what_was_is() {
        let disk = Simulated::default();
        let mut file = disk.create(Path::new("a/new")).unwrap();
        file.write(&[7; 600]).unwrap();
        let lengths = |disk: &Simulated| -> BTreeSet<Option<usize>> {
            let states = states(disk, disk.done());
            states.iter().map(|files| files.first().map(|(_, bytes)| bytes.len())).collect()
        };
        let cut = [None, Some(0), Some(512), Some(600)];
        assert_eq!(lengths(&disk), BTreeSet::from(cut));
        file.sync().unwrap();
        assert_eq!(lengths(&disk), BTreeSet::from([None, Some(600)]));
        disk.sync_folder(Path::new("a")).unwrap();
        assert_eq!(lengths(&disk), BTreeSet::from([Some(600)]));
    }

    #[test]
    fn a_file_written_whole_is_the_old_or_the_new_one_after_every_loss() {
        let (folder, path) = (Path::new("a"), Path::new("a/file"));
        let disk = Simulated::new(BTreeMap::from([(path.to_owned(), vec![1; 2000])]));
        write_whole_in(&disk, path, &[2; 3000]).unwrap();
        for done in 0..=disk.done() {
            for files in states(&disk, done) {
                let files = Simulated::new(files.into_iter().collect());
                let bytes = files.read(path).unwrap();
                assert!(bytes == [1; 2000] || bytes == [2; 3000], "after {done}");
                assert!(files.list(folder).unwrap().len() <= 2);
            }
        }
        assert_eq!(states(&disk, disk.done()).len(), 1);
    }
}
