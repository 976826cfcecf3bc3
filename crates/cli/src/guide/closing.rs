//! The end: what was achieved, what to try next, what to read, and the files.

use super::story::Story;
use super::testing::Tested;
use super::written::ARRAYS;
use super::{code, texts};
use crate::folder::Folder;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::message::{Lang, Text};

/// What was achieved, and what to try next.
pub(super) fn conclude(story: &mut Story, tested: &Tested) -> Result<(), Stop> {
    story.part(&texts::closing_title())?;
    story.text(&texts::conclusion(Fixed(100.0 * tested.matrix.accuracy(), 2)))?;
    story.text(&texts::saved())?;
    story.code("save")?;
    story.text(&texts::whole_program(code::example(story.lang)))?;
    story.text(&texts::try_next())?;
    story.list(&[texts::try_epochs(), texts::try_seed(), texts::try_arrays(), texts::try_lang()])
}

/// What to read.
pub(super) fn cite(story: &mut Story) -> Result<(), Stop> {
    story.part(&texts::bibliography_title())?;
    story.text(&texts::origins())?;
    story.list(&[
        texts::mcculloch_pitts(),
        texts::rosenblatt(),
        texts::rumelhart(),
        texts::cybenko(),
        texts::lecun(),
        texts::glorot(),
        texts::kingma(),
    ])?;
    story.text(&texts::books())?;
    story.list(&[texts::nielsen(), texts::goodfellow(), texts::chollet(), texts::haykin()])?;
    if story.lang == Lang::Es {
        story.text(&texts::in_spanish())?;
        story.list(&[texts::hilera(), texts::isasi(), texts::caicedo(), texts::torres()])?;
    }
    story.text(&texts::documentation())?;
    story.list(&[texts::google(), texts::keras(), texts::tensorflow(), texts::scikit_learn()])
}

/// The files that were written: not part of the report, which is one of them.
pub(super) fn list_files(
    story: &Story,
    folder: &Folder,
    arrays: Option<&Folder>,
) -> Result<(), Stop> {
    let sheet = (story.lang == Lang::Es).then(texts::written_sheet);
    let texts = [texts::written_report(), texts::written_program(), texts::written_history()];
    let texts: Vec<Text> = texts.into_iter().chain(sheet).chain([texts::written_model()]).collect();
    let figures = story.figures.iter().map(|made| made.picture);
    let figures = figures.map(|one| texts::written_figure(one.name(), &one.caption()));
    let figures: Vec<Text> = figures.collect();
    let place = texts::written(&folder.path().display().to_string());
    let say = |texts: &[Text]| texts.iter().map(|text| story.say(text)).collect::<Vec<_>>();
    story.screen.paragraph(&story.say(&place))?;
    story.screen.list(&say(&texts))?;
    story.screen.paragraph(&story.say(&texts::written_figures()))?;
    story.screen.list(&say(&figures))?;
    if let Some(arrays) = arrays {
        let place = texts::written(&arrays.path().display().to_string());
        story.screen.paragraph(&story.say(&place))?;
        story.screen.list(&ARRAYS.map(|name| format!("`{name}`")))?;
    }
    Ok(())
}
