//! The end: what was reached, what to try next, and the files.

use super::figures::Picture;
use super::folder::Folder;
use super::story::Story;
use super::testing::Tested;
use super::texts;
use crate::numbers::Fixed;
use crate::stop::Stop;

/// What was reached, and what to try next.
pub(super) fn conclude(story: &mut Story, tested: &Tested) -> Result<(), Stop> {
    story.part(&texts::closing_title())?;
    story.text(&texts::conclusion(Fixed(100.0 * tested.matrix.accuracy(), 2)))?;
    story.text(&texts::try_next())?;
    story.list(&[texts::try_epochs(), texts::try_seed(), texts::try_lang()])
}

/// The files that were written: no part of the report, which is one of them.
pub(super) fn list_files(story: &Story, folder: &Folder) -> Result<(), Stop> {
    let mut files = vec![texts::written_report(), texts::written_history()];
    let figures = Picture::ALL.iter();
    files.extend(figures.map(|picture| texts::written_figure(picture.name(), &picture.caption())));
    let files: Vec<String> = files.iter().map(|file| story.say(file)).collect();
    let place = texts::written(&folder.path().display().to_string());
    story.screen.paragraph(&story.say(&place))?;
    Ok(story.screen.list(&files)?)
}
