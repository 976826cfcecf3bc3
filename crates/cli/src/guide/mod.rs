//! `neurona guide`: ten steps from data to a tested network, then what happened inside.

mod closing;
mod code;
mod data;
mod figures;
mod inside;
mod introduction;
mod network;
mod report;
mod story;
mod testing;
mod texts;
mod training;
mod written;

use crate::args::GuideOptions;
use crate::folder::Folder;
use crate::interrupt;
use crate::stop::Stop;
use crate::terminal::Screen;
use neurona::message::Lang;
use std::io::{self, Write};
use story::Story;

/// Tells the guide on standard output and writes its files.
pub(crate) fn run(options: &GuideOptions, lang: Lang) -> Result<(), Stop> {
    interrupt::watch();
    // Before the work, because nobody wants to learn after it that there is no place for the results.
    let folder = Folder::open(&options.out, "--out")?;
    let arrays = options.arrays.as_deref().map(|path| Folder::open(path, "--arrays"));
    let result = match arrays.transpose() {
        Ok(arrays) => tell(options, lang, &folder, arrays.as_ref()),
        Err(why) => Err(why.into()),
    };
    if result.is_err() {
        folder.forget();
    }
    if let Err(Stop::Interrupted) = result {
        // If this cannot be written, the exit code still tells.
        let _ = writeln!(io::stderr().lock(), "{}", texts::interrupted().get(lang));
    }
    result
}

fn tell(
    options: &GuideOptions,
    lang: Lang,
    folder: &Folder,
    arrays: Option<&Folder>,
) -> Result<(), Stop> {
    let mut story = Story::new(Screen::new(options.plain), lang, code::Settings::of(options, lang));
    introduction::introduce(&mut story, options)?;
    let digits = data::prepare(&mut story)?;
    if let Some(arrays) = arrays {
        written::arrays(&digits, arrays)?;
    }
    let mut model = network::build(&mut story, options)?;
    training::compile(&mut story, &mut model, &digits)?;
    let trained = training::train(&mut story, &mut model, &digits, options)?;
    // The training images have done their work, and they are most of the memory.
    let digits = digits.without_training();
    let tested = testing::test(&mut story, &mut model, &digits, options)?;
    inside::explain(&mut story, &mut model, &digits, &trained)?;
    closing::conclude(&mut story, &tested)?;
    closing::cite(&mut story)?;

    figures::save(&story.figures, folder, options.threads)?;
    written::model(&mut model, folder)?;
    folder.write("main.rs", story.program().as_bytes())?;
    folder.write("history.csv", trained.history.to_csv().as_bytes())?;
    let page = report::page(&story, &tested, &trained.history, options);
    folder.write("report.html", page.as_bytes())?;
    closing::list_files(&story, folder, arrays)
}
