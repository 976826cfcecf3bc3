//! A small gray image as text: two rows of pixels per line, in half blocks.

use neurona::prelude::ndarray::ArrayView2;
use std::fmt::Write;

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Palette {
    /// No colours: a pixel is inked or it is not.
    None,
    /// The 24 grays, black and white of the 256 colours.
    Gray256,
    /// Every gray.
    Full,
}

/// The least ink that counts where there are no grays: thin strokes are seldom darker.
const INKED: u8 = 96;

/// The lines of a picture, 0 white and 255 black, in as many columns as it has pixels in a row.
pub(crate) fn lines(image: &ArrayView2<'_, u8>, palette: Palette) -> Vec<String> {
    let (rows, columns) = image.dim();
    let pixel = |row: usize, column: usize| image.get((row, column)).copied().unwrap_or(0);
    let line = |top: usize| {
        let pairs = (0..columns).map(|column| (pixel(top, column), pixel(top + 1, column)));
        match palette {
            Palette::None => inked(pairs),
            Palette::Gray256 | Palette::Full => shaded(pairs, palette),
        }
    };
    let lines: Vec<String> = (0..rows).step_by(2).map(line).collect();
    match palette {
        // Without colours there is no paper to see above and below the ink.
        Palette::None => without_blank_ends(&lines),
        Palette::Gray256 | Palette::Full => lines,
    }
}

fn without_blank_ends(lines: &[String]) -> Vec<String> {
    let inked = |line: &String| !line.is_empty();
    let first = lines.iter().position(inked).unwrap_or(0);
    let end = lines.iter().rposition(inked).map_or(0, |last| last + 1);
    lines[first..end].to_vec()
}

fn inked(pairs: impl Iterator<Item = (u8, u8)>) -> String {
    let cell = |(top, bottom)| match (top >= INKED, bottom >= INKED) {
        (false, false) => ' ',
        (true, false) => '▀',
        (false, true) => '▄',
        (true, true) => '█',
    };
    pairs.map(cell).collect::<String>().trim_end().to_owned()
}

/// The upper half in the colour of the ink, the lower half in the colour of the paper.
fn shaded(pairs: impl Iterator<Item = (u8, u8)>, palette: Palette) -> String {
    let color = |ink: u8| match palette {
        Palette::Full => format!("2;{0};{0};{0}", 255 - ink),
        Palette::Gray256 | Palette::None => format!("5;{}", gray_256(255 - ink)),
    };
    let mut text = String::new();
    let mut last = None;
    for (top, bottom) in pairs {
        if last != Some((top, bottom)) {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "\x1b[38;{};48;{}m", color(top), color(bottom));
            last = Some((top, bottom));
        }
        text.push('▀');
    }
    text + "\x1b[0m"
}

/// The nearest gray of the 256 colours: 16 black, 231 white, 232 to 255 in between.
fn gray_256(level: u8) -> u8 {
    match level {
        0..4 => 16,
        247.. => 231,
        _ => 232 + ((u16::from(level).saturating_sub(8) + 5) / 10).min(23) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona::prelude::ndarray::array;

    #[test]
    fn two_rows_to_a_line_and_an_odd_row_at_the_end() {
        let image = array![[255, 0, 255, 0], [0, 255, 255, 0], [255, 95, 96, 0]];
        assert_eq!(lines(&image.view(), Palette::None), ["▀▄█", "▀ ▀"]);
    }

    #[test]
    fn colours_are_said_once_and_reset() {
        let image = array![[0, 0, 255], [0, 0, 0]];
        assert_eq!(
            lines(&image.view(), Palette::Full),
            ["\x1b[38;2;255;255;255;48;2;255;255;255m▀▀\x1b[38;2;0;0;0;48;2;255;255;255m▀\x1b[0m"]
        );
        assert_eq!(lines(&image.view(), Palette::Gray256)[0].matches("5;231").count(), 3);
    }

    #[test]
    fn grays_of_256_colours_are_near() {
        for level in 0..=255 {
            let shown = match gray_256(level) {
                16 => 0,
                231 => 255,
                gray => 8 + 10 * (i32::from(gray) - 232),
            };
            assert!((shown - i32::from(level)).abs() <= 9, "{level} shown as {shown}");
        }
    }
}
