//! Formulas on one line: plain text, with anything in `^{…}` raised and small.

use crate::measure;
use crate::palette::Color;
use crate::scene::{Label, Scene};

/// The size of raised text relative to the line.
const RAISED: f64 = 0.72;

/// The space between a piece and a raised one.
const AIR: f64 = 0.4;

/// The pieces of a formula, and whether each is raised.
fn pieces(formula: &str) -> Vec<(&str, bool)> {
    let mut out = vec![];
    let mut rest = formula;
    while let Some((before, after)) = rest.split_once("^{") {
        let (raised, after) = after.split_once('}').unwrap_or((after, ""));
        out.extend([(before, false), (raised, true)]);
        rest = after;
    }
    out.push((rest, false));
    out
}

/// The width of a formula.
pub(crate) fn width(formula: &str, size: f64) -> f64 {
    let width = |(text, raised): (&str, bool)| {
        measure::width(text, if raised { size * RAISED } else { size })
    };
    let pieces = pieces(formula);
    let air = AIR * pieces.len().saturating_sub(1) as f64;
    pieces.into_iter().map(width).sum::<f64>() + air
}

/// Draws a formula that starts at a point of its baseline.
pub(crate) fn draw(scene: &mut Scene, (x, y): (f64, f64), formula: &str, size: f64, color: Color) {
    let mut at = x;
    for (text, raised) in pieces(formula) {
        // A blank at the start of a text element is not drawn, so the text starts after it.
        let blank = text.len() - text.trim_start().len();
        let (size, rise) = if raised { (size * RAISED, size * 0.42) } else { (size, 0.0) };
        let start = at + measure::width(&text[..blank], size);
        scene.text(Label::new(start, y - rise, text.trim()).size(size).color(color));
        at += measure::width(text, size) + AIR;
    }
}

/// Draws a formula around the middle of its baseline.
pub(crate) fn centred(
    scene: &mut Scene,
    (x, y): (f64, f64),
    formula: &str,
    size: f64,
    color: Color,
) {
    draw(scene, (x - width(formula, size) / 2.0, y), formula, size, color);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_braces_is_raised() {
        assert_eq!(pieces("e^{net} / 2"), [("e", false), ("net", true), (" / 2", false)]);
        assert_eq!(pieces("net"), [("net", false)]);
        assert!(width("e^{net}", 10.0) < width("enet", 10.0));
    }
}
