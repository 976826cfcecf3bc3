//! The folder of a run: its lock and its last two checkpoints, each whole or not there.
//!
//! A checkpoint is written body first, manifest last, each under a temporary name, synced, renamed,
//! with the folder synced: it counts from the moment the manifest has its new name. Only then is
//! the oldest one removed.

use super::checkpoint::{Checkpoint, Files};
use crate::nn::Finding;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::{Decimal, Lang, Say, Text};
use neurona_store::{Lock, LockError, Store, is_temporary, write_whole_in};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many checkpoints are kept.
const KEPT: usize = 2;

/// The folder of a run, locked.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    store: Arc<dyn Store>,
    /// The numbers of the checkpoints that count, from the oldest.
    good: Vec<u64>,
    /// The number of the next checkpoint: greater than that of any file there.
    next: u64,
    _lock: Lock,
}

/// The last good checkpoint of a folder, if there is one, its number, and any damage found on the
/// way to it.
#[derive(Debug, Default)]
pub(super) struct Last {
    pub(super) checkpoint: Option<(u64, Checkpoint)>,
    pub(super) notes: Vec<Finding>,
}

impl Folder {
    /// Makes the folder if there is none and locks it. Errors: E037 another process has it, E035 the system refuses.
    pub(super) fn open(path: &Path, store: Arc<dyn Store>) -> Result<Folder> {
        store.make_folder(path).map_err(|why| refused(path, &why))?;
        let lock = store.lock(&path.join("lock")).map_err(|error| match error {
            LockError::Refused(why) => refused(path, &why),
            LockError::Held(holder) => {
                let error = Error::new(Code::E037, held(&process(holder)));
                error.at(path.display().to_string()).fix(wait())
            }
        })?;
        let names = store.list(path).map_err(|why| refused(path, &why))?;
        let next = names.iter().filter_map(|name| number(name)).max().unwrap_or(0) + 1;
        let good = manifests(&names);
        Ok(Folder { path: path.to_owned(), store, good, next, _lock: lock })
    }

    /// Whether it has no checkpoint, good or damaged.
    pub(super) fn is_empty(&self) -> bool {
        self.good.is_empty()
    }

    /// The last good checkpoint, which from now on is the last one that counts. Errors: as in
    /// [`last`].
    pub(super) fn take_up(&mut self) -> Result<Last> {
        let last = last(&self.path, &*self.store)?;
        if let Some((number, _)) = &last.checkpoint {
            self.good.retain(|good| good <= number);
            self.keep_last();
        }
        Ok(last)
    }

    /// Saves a checkpoint; then it and the one before are kept. Errors, with how many bytes it
    /// needs: the system's, and nothing that was good is lost.
    pub(super) fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), NotSaved> {
        let no_files = |error: Error| NotSaved { bytes: 0, why: io::Error::other(error) };
        let Files { manifest, body } = checkpoint.files().map_err(no_files)?;
        let (number, bytes) = (self.next, manifest.len() + body.len());
        // A number is used only once: the remains of a failed attempt are never mistaken for this
        // one's.
        self.next += 1;
        let write = |ending: &str, bytes: &[u8]| {
            write_whole_in(&*self.store, &self.path.join(name(number, ending)), bytes)
        };
        let written = write(BODY, &body).and_then(|()| write(MANIFEST, &manifest));
        if written.is_ok() {
            self.good.push(number);
            self.keep_last();
        }
        self.tidy();
        written.map_err(|why| NotSaved { bytes, why })
    }

    fn keep_last(&mut self) {
        let old = self.good.len().saturating_sub(KEPT);
        self.good.drain(..old);
    }

    /// Removes what interrupted writes have left, and checkpoints that are not kept. What cannot be
    /// removed now is removed the next time.
    pub(super) fn tidy(&self) {
        let Ok(names) = self.store.list(&self.path) else { return };
        let is_left = |name: &&String| {
            (is_temporary(name) && name[1..].starts_with(PREFIX))
                || number(name).is_some_and(|number| !self.good.contains(&number))
        };
        // A manifest before its body: their names are in this order.
        let mut left: Vec<&String> = names.iter().filter(is_left).collect();
        left.sort_unstable();
        for name in left {
            let _ = self.store.remove(&self.path.join(name));
        }
    }
}

/// Why a checkpoint was not saved.
#[derive(Debug)]
pub(super) struct NotSaved {
    bytes: usize,
    why: io::Error,
}

impl NotSaved {
    /// As the end of a sentence: why, and how much room it needs.
    pub(super) fn reason(&self) -> Text {
        match self.bytes {
            0 => Text::new(self.why.say(Lang::En), self.why.say(Lang::Es)),
            bytes => takes(&self.why, Decimal(bytes as f64 / 1_048_576.0, 2)),
        }
    }
}

/// The last good checkpoint of a folder, if it has any.
/// Errors: E034 all of them are damaged, E035 the system refuses to list the folder.
pub(super) fn last(path: &Path, store: &dyn Store) -> Result<Last> {
    let names = store.list(path).map_err(|why| refused(path, &why))?;
    let mut last = Last::default();
    let mut first_error = None;
    for number in manifests(&names).into_iter().rev() {
        match load(path, store, number) {
            Ok(checkpoint) => {
                last.checkpoint = Some((number, checkpoint));
                return Ok(last);
            }
            Err(error) => {
                let why = [Lang::En, Lang::Es].map(|lang| error.in_lang(lang));
                let [en, es] = why;
                last.notes.push(Finding { code: "W034", text: one_before(&Text::new(en, es)) });
                first_error.get_or_insert(error);
            }
        }
    }
    first_error.map_or(Ok(last), |error| Err(error.fix(all_damaged())))
}

fn load(path: &Path, store: &dyn Store, number: u64) -> Result<Checkpoint> {
    let place = |ending: &str| path.join(name(number, ending));
    let read =
        |ending: &str| store.read(&place(ending)).map_err(|why| refused(&place(ending), &why));
    let files = Files { manifest: read(MANIFEST)?, body: read(BODY)? };
    Checkpoint::from_files(&files).map_err(|error| error.at(place(MANIFEST).display().to_string()))
}

/// How the names of the run's own files begin: no others in its folder are ever removed.
const PREFIX: &str = "neurona-checkpoint-";
const MANIFEST: &str = "json";
const BODY: &str = "safetensors";

fn name(number: u64, ending: &str) -> String {
    format!("{PREFIX}{number:06}.{ending}")
}

/// The number of the checkpoint to which a file with exactly this name belongs.
fn number(file: &str) -> Option<u64> {
    let (stem, ending) = file.strip_prefix(PREFIX)?.split_once('.')?;
    let number: u64 = stem.parse().ok().filter(|number| *number < u64::MAX)?;
    ([MANIFEST, BODY].contains(&ending) && name(number, ending) == file).then_some(number)
}

/// The numbers of the checkpoints that have a manifest, from the oldest.
fn manifests(names: &[String]) -> Vec<u64> {
    let manifests = names.iter().filter(|name| name.ends_with(MANIFEST));
    let mut numbers: Vec<u64> = manifests.filter_map(|name| number(name)).collect();
    numbers.sort_unstable();
    numbers
}

fn refused(path: &Path, why: &io::Error) -> Error {
    let error = Error::new(Code::E035, not_there(why)).caused_by_system(why);
    error.at(path.display().to_string()).fix(other_folder())
}

fn process(holder: Option<u32>) -> Text {
    let number = holder.map(|holder| format!(" {holder}")).unwrap_or_default();
    Text::new(format!("process{number}"), format!("el proceso{number}"))
}

neurona_core::messages! {
    fn not_there(reason: &io::Error) {
        en: "the run folder cannot be used: {reason}",
        es: "no se puede usar la carpeta de la ejecución: {reason}",
    }

    fn other_folder() {
        en: "give a folder in which you may read and write",
        es: "dé una carpeta en la que pueda leer y escribir",
    }

    fn held(process: &Text) {
        en: "this run is being trained by {process}",
        es: "esta ejecución la está entrenando {process}",
    }

    fn wait() {
        en: "wait until it has ended, or choose another folder",
        es: "espere a que termine, o elija otra carpeta",
    }

    fn takes(why: &io::Error, mebibytes: Decimal) {
        en: "{why}; it takes {mebibytes} MiB",
        es: "{why}; ocupa {mebibytes} MiB",
    }

    fn one_before(why: &Text) {
        en: "a checkpoint is damaged ({why}); the one before is used",
        es: "un punto de control está dañado ({why}); se usa el anterior",
    }

    fn all_damaged() {
        en: "no checkpoint of this run is intact: begin again in another folder",
        es: "ningún punto de control de esta ejecución está intacto: comience de nuevo en otra carpeta",
    }
}
