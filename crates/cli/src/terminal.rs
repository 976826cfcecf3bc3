//! What is printed, and how: colours where they can be seen, paragraphs as wide as the terminal,
//! and no control bytes anywhere else.

use crate::fold::{self, wrap};
use crate::half_blocks::{self, Palette};
use neurona::message::Lang;
use neurona::prelude::ndarray::ArrayView2;
use neurona::train::Progress;
use std::io::{self, IsTerminal, Write};

/// The widest a line of text gets, however wide the terminal is.
const WIDEST: usize = 80;
/// The columns that Keras' progress line needs; in a narrower terminal it cannot be redrawn in
/// place.
const BAR: usize = 80;

/// Standard output, and what it can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    width: usize,
    palette: Palette,
    redraws: bool,
}

/// How a piece of text looks where there are colours.
#[derive(Clone, Copy, Debug)]
enum Style {
    Heading,
    Quiet,
    Code,
    Note,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Heading => "1",
            Style::Quiet => "2",
            Style::Code => "36",
            Style::Note => "33",
        }
    }
}

impl Screen {
    /// Standard output as it is; `plain` is for users who want neither colours nor redrawn lines.
    pub(crate) fn new(plain: bool) -> Screen {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is = |name: &str, wanted: &[&str]| {
            std::env::var(name).is_ok_and(|value| wanted.contains(&value.as_str()))
        };
        let terminal = io::stdout().is_terminal();
        let able = terminal && !plain && !is("TERM", &["dumb"]);
        let palette = match able && !is_set("NO_COLOR") {
            false => Palette::None,
            true if is("COLORTERM", &["truecolor", "24bit"]) => Palette::Full,
            true => Palette::Gray256,
        };
        let columns = if terminal { terminal_size::terminal_size() } else { None };
        let width = columns.map_or(WIDEST, |(columns, _)| usize::from(columns.0)).max(20);
        Screen { width: width.min(WIDEST), palette, redraws: able && width >= BAR }
    }

    /// Whether it is too narrow for tables and Keras' progress line.
    pub(crate) fn is_narrow(self) -> bool {
        self.width < WIDEST
    }

    /// Whether a line can be redrawn in place.
    pub(crate) fn redraws(self) -> bool {
        self.redraws
    }

    /// Where the training may print: without colours if there are none, and indented if there is room.
    pub(crate) fn for_training(self) -> ForTraining {
        // Keras' line with its bar is as wide as a terminal of 80 columns.
        let margin = if self.redraws { "" } else { "    " };
        ForTraining { colors: self.palette != Palette::None, margin, begun: false, code: None }
    }

    /// The course of a training, on standard error, because standard output is for results.
    pub(crate) fn progress(plain: bool, lang: Lang) -> Progress<io::Stderr> {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let able =
            !plain && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
        let columns = terminal_size::terminal_size_of(io::stderr());
        let wide = columns.is_some_and(|(columns, _)| usize::from(columns.0) >= BAR);
        Progress::new(io::stderr(), able && wide && io::stderr().is_terminal(), lang)
    }

    /// The title of the page and the line under it.
    pub(crate) fn title(self, title: &str, line: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "\n{}", self.styled(Style::Heading, title))?;
        let lines = wrap(line, self.width);
        lines.iter().try_for_each(|line| writeln!(out, "{}", self.styled(Style::Quiet, line)))
    }

    /// A line across the page with a title in it.
    pub(crate) fn heading(self, mark: &str, title: &str) -> io::Result<()> {
        let begin =
            if mark.is_empty() { "──".to_owned() } else { format!("── {mark} ──") };
        let used = begin.chars().count() + title.chars().count() + 2;
        let rule = "─".repeat(self.width.saturating_sub(used));
        let [begin, rule] = [begin, rule].map(|part| self.styled(Style::Quiet, &part));
        let title = self.styled(Style::Heading, title);
        writeln!(io::stdout().lock(), "\n{begin} {title} {rule}")
    }

    /// A paragraph, with an empty line before it.
    pub(crate) fn paragraph(self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out)?;
        wrap(text, self.width).iter().try_for_each(|line| writeln!(out, "{line}"))
    }

    /// An aside, with a bar along it.
    pub(crate) fn note(self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let bar = self.styled(Style::Note, "▌");
        writeln!(out)?;
        wrap(text, self.width - 4).iter().try_for_each(|line| writeln!(out, "  {bar} {line}"))
    }

    /// A list of paragraphs.
    pub(crate) fn list(self, items: &[String]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out)?;
        for item in items {
            for (i, line) in wrap(item, self.width - 4).iter().enumerate() {
                writeln!(out, "{}{line}", if i == 0 { "  · " } else { "    " })?;
            }
        }
        Ok(())
    }

    /// The name of a figure, where it belongs.
    pub(crate) fn figure(self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out)?;
        for (i, line) in wrap(text, self.width - 4).iter().enumerate() {
            let line = format!("{}{line}", if i == 0 { "  ▸ " } else { "    " });
            writeln!(out, "{}", self.styled(Style::Quiet, &line))?;
        }
        Ok(())
    }

    /// Lines of code, distinguished from their output by a bar before them.
    pub(crate) fn code(self, code: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let bar = self.styled(Style::Quiet, "│");
        writeln!(out)?;
        let mut lines = code.lines().flat_map(|line| fold::code(line, self.width - 4));
        lines.try_for_each(|line| {
            writeln!(out, "{}", format!("  {bar} {}", self.styled(Style::Code, &line)).trim_end())
        })
    }

    /// Lines as they are, if there is room: printed output, a table, or a formula.
    pub(crate) fn output(self, text: &str) -> io::Result<()> {
        writeln!(io::stdout().lock())?;
        self.lines(text)
    }

    /// The same without an empty line before it.
    pub(crate) fn lines(self, text: &str) -> io::Result<()> {
        let lines = text.lines().flat_map(|line| fold::text(line, self.width - 4));
        as_they_are(lines)
    }

    /// A small image, in half blocks.
    pub(crate) fn image(self, image: &ArrayView2<'_, u8>) -> io::Result<()> {
        let lines = half_blocks::lines(image, self.palette);
        writeln!(io::stdout().lock())?;
        as_they_are(lines)
    }

    fn styled(self, style: Style, text: &str) -> String {
        if self.palette == Palette::None || text.is_empty() {
            return text.to_owned();
        }
        format!("\x1b[{}m{text}\x1b[0m", style.code())
    }
}

fn as_they_are(lines: impl IntoIterator<Item = String>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    lines.into_iter().try_for_each(|line| writeln!(out, "{}", format!("    {line}").trim_end()))
}

/// A text without control characters other than ends of lines: names in other people's files can
/// hold any, and a terminal obeys them.
pub(crate) fn harmless(text: &str) -> String {
    let harmless = |c: char| match c {
        '\n' => c.to_string(),
        // Unicode does not count the characters that reverse the direction of text as control
        // characters.
        c if c.is_control()
            || "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}"
                .contains(c) =>
        {
            c.escape_unicode().to_string()
        }
        c => c.to_string(),
    };
    text.chars().map(harmless).collect()
}

/// Standard output with a margin before each line, and colours taken out where there are none.
#[derive(Debug)]
pub(crate) struct ForTraining {
    colors: bool,
    margin: &'static str,
    /// Whether the current line already has its spaces.
    begun: bool,
    /// A control sequence that is not complete yet.
    code: Option<String>,
}

impl ForTraining {
    fn translate(&mut self, text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            if let Some(code) = &mut self.code {
                code.push(c);
                if c.is_ascii_alphabetic() {
                    let code = self.code.take().unwrap_or_default();
                    // `m` is a colour; the others move or erase.
                    if c != 'm' || self.colors {
                        out += &code;
                    }
                }
                continue;
            }
            match c {
                '\x1b' => self.code = Some(c.to_string()),
                '\r' | '\n' => {
                    self.begun = false;
                    out.push(c);
                }
                _ => {
                    if !std::mem::replace(&mut self.begun, true) {
                        out += self.margin;
                    }
                    out.push(c);
                }
            }
        }
        out
    }
}

impl Write for ForTraining {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A character that was cut in two waits for the next call.
        let whole = match std::str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.valid_up_to() > 0 => error.valid_up_to(),
            Err(_) => return Err(io::ErrorKind::InvalidData.into()),
        };
        let text = self.translate(&String::from_utf8_lossy(&bytes[..whole]));
        io::stdout().lock().write_all(text.as_bytes())?;
        Ok(whole)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().lock().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_the_terminal() {
        let name = "año\u{1b}[2J\t\u{202e}\n二";
        assert_eq!(harmless(name), "año\\u{1b}[2J\\u{9}\\u{202e}\n二");
    }

    #[test]
    fn the_bar_is_indented_and_keeps_or_loses_its_colours() {
        let line = "Epoch 1/2\n\r\x1b[1m7/7\x1b[0m ━\x1b[K\n";
        let shown = |colors| {
            let margin = "    ";
            ForTraining { colors, margin, begun: false, code: None }.translate(line)
        };
        assert_eq!(shown(true), "    Epoch 1/2\n\r\x1b[1m    7/7\x1b[0m ━\x1b[K\n");
        assert_eq!(shown(false), "    Epoch 1/2\n\r    7/7 ━\x1b[K\n");
    }
}
