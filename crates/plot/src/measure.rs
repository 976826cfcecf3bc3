//! How wide a text is in `DejaVu Sans`, so that it can be placed without the font, and made to fit.

/// Advance widths of the characters from space to `~`, in thousandths of the font size.
const ASCII: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// The same from the no-break space (U+00A0) to `ÿ`.
const LATIN: [u16; 96] = [
    318, 401, 636, 636, 636, 636, 337, 500, 500, 1000, 471, 612, 838, 361, 1000, 500, 500, 838,
    401, 401, 500, 636, 636, 318, 500, 401, 471, 612, 969, 969, 969, 531, 684, 684, 684, 684, 684,
    684, 974, 698, 632, 632, 632, 632, 295, 295, 295, 295, 775, 748, 787, 787, 787, 787, 787, 838,
    787, 732, 732, 732, 732, 611, 605, 630, 613, 613, 613, 613, 613, 613, 982, 550, 615, 615, 615,
    615, 278, 278, 278, 278, 612, 634, 612, 612, 612, 612, 612, 838, 612, 634, 634, 634, 634, 592,
    635, 592,
];

/// The width of a line of text in pixels.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| f64::from(advance(c))).sum::<f64>() * size / 1000.0
}

fn advance(c: char) -> u16 {
    match u32::from(c) {
        code @ 0x20..=0x7e => ASCII[code as usize - 0x20],
        code @ 0xa0..=0xff => LATIN[code as usize - 0xa0],
        0x2013 => 500,
        0x2014 | 0x2026 => 1000,
        0x2032 => 227,
        // Superscript and subscript digits.
        0x2070..=0x2079 | 0x2080..=0x2089 => 401,
        0x207a..=0x207f | 0x208a..=0x208e => 528,
        // Arrows and operators.
        0x2190..=0x22ff => 838,
        // Most letters of the alphabets of Europe; the widest of them is 1.07.
        0x0100..=0x052f => 680,
        0x1d00..=0x1dbf | 0x2090..=0x209c => 430,
        0x2000..=0x206f => 600,
        // Scripts that the font lacks are usually drawn as wide as they are tall.
        _ => 1000,
    }
}

/// The largest size from `least` to `most` at which the text is not wider than `room`.
pub(crate) fn size_for(text: &str, room: f64, least: f64, most: f64) -> f64 {
    (room / width(text, 1.0).max(1e-9)).clamp(least, most)
}

/// The text itself if it fits in `room`, otherwise as much of its start as fits before an ellipsis.
pub(crate) fn fit(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, size) + width("…", size) > room {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// The text over at most `lines` lines of width `room`, broken at spaces, the last one cut to fit.
pub(crate) fn wrap(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    // A no-break space is not a place to break, so only plain spaces split.
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        let full = out.len() >= lines;
        match out.last_mut() {
            Some(line) if full || width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
    }
    out.iter().map(|line| fit(line, size, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_fits_and_says_that_it_was_cut() {
        let long = "una etiqueta demasiado larga para su lugar";
        for room in [20.0, 60.0, 100.0, 200.0] {
            let text = fit(long, 11.0, room);
            assert!(width(&text, 11.0) <= room && text.ends_with('…'), "{text}");
        }
        assert_eq!(fit("corta", 11.0, 100.0), "corta");
    }

    #[test]
    fn wrapping_keeps_every_word_when_there_is_room() {
        let lines = wrap("predicted 4 true 9", 11.0, 70.0, 3);
        assert_eq!(lines.join(" "), "predicted 4 true 9");
        assert!(lines.len() > 1);
        assert!(wrap("a b c d e f g h i j k l", 11.0, 30.0, 2).len() <= 2);
        assert!(wrap("  ", 11.0, 30.0, 2).is_empty());
    }

    #[cfg(feature = "png")]
    #[test]
    fn widths_agree_with_the_bundled_font() {
        for text in ["The quick brown fox, 0123456789", "época · pérdida ñ Ñ ¿qué? «sí»", "WWW iii"]
        {
            let drawn = crate::png::text_width(text, 100.0);
            let ours = width(text, 100.0);
            // The drawn box leaves out the blank sides of the first and last letters.
            assert!((drawn - ours).abs() < 25.0, "{text}: {drawn} drawn, {ours} measured");
        }
    }
}
