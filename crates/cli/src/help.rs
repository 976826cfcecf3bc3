//! `neurona help`: the pages of commands, and the page of an error's code.

use crate::terminal::Screen;
use neurona::internals::error::Page;
use neurona::message::Lang;
use std::io;

/// Prints what a code means, what leads to it and what to do.
pub(crate) fn show(page: &Page, lang: Lang) -> io::Result<()> {
    let screen = Screen::new(true);
    screen.title(page.code, page.title.get(lang))?;
    screen.paragraph(page.cause.get(lang))?;
    screen.paragraph(page.fix.get(lang))
}
