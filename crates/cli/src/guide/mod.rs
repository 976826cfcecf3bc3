//! `neurona guide`: ten steps from data to a tested network, then what happened inside.

mod closing;
mod code;
mod course;
mod data;
mod figures;
mod inside;
mod introduction;
mod narrow;
mod network;
mod report;
mod story;
mod testing;
mod texts;
mod training;
mod unfinished;
mod written;

use crate::args::GuideOptions;
use crate::folder::Folder;
use crate::interrupt;
use crate::stop::Stop;
use crate::terminal::Screen;
use neurona::message::Lang;
use story::Story;

/// Tells the guide on standard output and writes its files. If it is interrupted, it keeps its
/// training for `--resume`.
pub(crate) fn run(options: &GuideOptions, lang: Lang) -> Result<(), Stop> {
    interrupt::watch();
    // Before the work: nobody wants to learn afterwards that the results cannot be written.
    let folder = Folder::open(&options.out, "--out")?;
    let arrays = options.arrays.as_deref().map(|path| Folder::open(path, "--arrays"));
    let result = match arrays.transpose() {
        Ok(arrays) => tell(options, lang, &folder, arrays.as_ref()),
        Err(why) => Err(why.into()),
    };
    let result = match result {
        Err(Stop::Interrupted) if unfinished::tell(&folder, options, lang) => Err(Stop::Saved),
        // A reader who has gone wants no more.
        Err(Stop::ReaderGone) => unfinished::forget(&folder).map_err(Stop::from).and(result),
        Ok(()) | Err(_) => result,
    };
    if result.is_err() {
        folder.forget();
    }
    result
}

fn tell(
    options: &GuideOptions,
    lang: Lang,
    folder: &Folder,
    arrays: Option<&Folder>,
) -> Result<(), Stop> {
    let run = unfinished::run(folder, options)?;
    let mut story = Story::new(Screen::new(options.plain), lang, code::Settings::of(options, lang));
    introduction::introduce(&mut story, options)?;
    let digits = data::prepare(&mut story)?;
    if let Some(arrays) = arrays {
        written::arrays(&digits, arrays)?;
    }
    let mut model = network::build(&mut story, options)?;
    training::compile(&mut story, &mut model, &digits)?;
    let trained = training::train(&mut story, &mut model, &digits, options, run);
    if let Ok(_) | Err(Stop::Interrupted) = trained {
        written::model(&mut model, folder)?;
    }
    let trained = trained?;
    // The training images have done their work, and they take most of the memory.
    let digits = digits.without_training();
    let tested = testing::test(&mut story, &mut model, &digits, options)?;
    inside::explain(&mut story, &mut model, &digits, &trained)?;
    closing::conclude(&mut story, &tested)?;
    closing::cite(&mut story)?;

    figures::save(&story.figures, folder, options.threads)?;
    folder.write("main.rs", story.program().as_bytes())?;
    written::history(&trained.history, lang, folder)?;
    let page = report::page(&story, &tested, &trained, options);
    folder.write("report.html", page.as_bytes())?;
    unfinished::forget(folder)?;
    closing::list_files(&story, folder, arrays)
}
