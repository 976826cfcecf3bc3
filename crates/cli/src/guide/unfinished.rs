//! The training of a guide that has not yet finished: saved in the output folder until the last
//! file is written.

use super::texts;
use crate::args::GuideOptions;
use crate::folder::Folder;
use crate::train::again;
use neurona::message::Lang;
use neurona::train::Run;
use neurona::{Code, Error, Result};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The name of its folder among the files of the guide.
pub(super) const NAME: &str = "guide-run";

fn place(folder: &Folder) -> PathBuf {
    folder.path().join(NAME)
}

/// Whether there is a training to resume. Errors: E034 it is damaged, E035 it cannot be read.
fn is_saved(path: &Path) -> Result<bool> {
    Ok(path.exists() && Run::new(path).last()?.is_some())
}

/// The run of this guide's training. It is looked for before the work, because nobody wants to read
/// eight steps only to learn that it cannot be resumed. Errors: E034 and E035 as above, E036 it is
/// there and is not to be resumed, or the other way round.
pub(super) fn run(folder: &Folder, options: &GuideOptions) -> Result<Run> {
    let path = place(folder);
    let refused =
        |why, fix| Err(Error::new(Code::E036, why).at(path.display().to_string()).fix(fix));
    match (is_saved(&path)?, options.resume) {
        (true, false) => refused(texts::unfinished(), texts::resume_or_elsewhere()),
        (false, true) => refused(texts::nothing_to_resume(), texts::without_resume()),
        // A folder without a checkpoint, as a guide killed early leaves it, has nothing to lose.
        (true, true) | (false, false) => Ok(Run::new(path).resume(true)),
    }
}

/// Leaves nothing to resume. Errors: E035 it cannot be removed.
pub(super) fn forget(folder: &Folder) -> Result<()> {
    let path = place(folder);
    match fs::remove_dir_all(&path) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => {
            let error = Error::new(Code::E035, texts::stays(&why)).caused_by_system(&why);
            Err(error.at(path.display().to_string()).fix(texts::remove_it()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Says how to resume an interrupted guide, and whether that is possible.
pub(super) fn tell(folder: &Folder, options: &GuideOptions, lang: Lang) -> bool {
    let saved = is_saved(&place(folder)).unwrap_or(false);
    let words = if saved {
        let text = texts::interrupted_and_saved(&folder.path().display().to_string());
        format!("{}\n  {}", text.get(lang), again::command(&options.arguments))
    } else {
        texts::interrupted().get(lang).to_owned()
    };
    // If this cannot be written, the exit code still tells.
    let _ = writeln!(io::stderr().lock(), "{words}");
    saved
}
