//! Colours: the Okabe–Ito set for lines, two maps for numbers, and which ink is readable on a colour.

use crate::scene::{Color, Dash};

/// Titles, names and other text that must be read.
pub(crate) const INK: Color = Color(0x22, 0x22, 0x22);
/// Tick labels, captions. 6.9:1 against white.
pub(crate) const SOFT: Color = Color(0x58, 0x58, 0x58);
/// Axis lines and outlines.
pub(crate) const EDGE: Color = Color(0x70, 0x70, 0x70);
/// Lines of the grid, behind everything.
pub(crate) const GRID: Color = Color(0xe4, 0xe4, 0xe4);
/// Areas that only suggest a connection.
pub(crate) const PALE: Color = Color(0xf1, 0xf3, 0xf5);
/// The paper.
pub(crate) const WHITE: Color = Color(0xff, 0xff, 0xff);
/// Positive weights, functions, the first series.
pub(crate) const BLUE: Color = Color(0x00, 0x72, 0xb2);
/// Negative weights, derivatives, mistakes, the second series.
pub(crate) const ORANGE: Color = Color(0xd5, 0x5e, 0x00);

/// How the series of a chart are told apart: by colour, by dash and by marker, so that any one of
/// the three is enough.
pub(crate) const SERIES: [(Color, Dash, Marker); 6] = [
    (BLUE, Dash::Solid, Marker::Circle),
    (ORANGE, Dash::Dashed, Marker::Square),
    (Color(0x00, 0x9e, 0x73), Dash::Mixed, Marker::Triangle),
    (Color(0xcc, 0x79, 0xa7), Dash::Dotted, Marker::Diamond),
    (Color(0x56, 0xb4, 0xe9), Dash::Solid, Marker::Square),
    (Color(0x00, 0x00, 0x00), Dash::Dashed, Marker::Circle),
];

/// The shape of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
}

/// White to dark blue, for a share from 0 to 1. Lightness falls all the way, so it also reads in gray.
///
/// It falls fastest at the start: the mistakes of a good classifier are shares of one or two
/// hundredths, and must not look like zero.
pub(crate) fn share(t: f64) -> Color {
    const STOPS: [Color; 6] = [
        WHITE,
        Color(0xd6, 0xe6, 0xf4),
        Color(0x9c, 0xc9, 0xe2),
        Color(0x4a, 0x97, 0xc9),
        Color(0x16, 0x63, 0xa6),
        Color(0x08, 0x30, 0x6b),
    ];
    along(&STOPS, t.max(0.0).powf(0.65))
}

/// Orange for -1, white for 0, blue for 1.
pub(crate) fn signed(t: f64) -> Color {
    const STOPS: [Color; 5] = [
        Color(0xb0, 0x45, 0x00),
        Color(0xf0, 0x9a, 0x50),
        WHITE,
        Color(0x67, 0xae, 0xdb),
        Color(0x00, 0x4f, 0x8c),
    ];
    along(&STOPS, f64::midpoint(t, 1.0))
}

/// The colour at `t` (0 to 1, clamped; not a number counts as 0) of a map given by equal stops.
fn along(stops: &[Color], t: f64) -> Color {
    let last = stops.len() - 1;
    let place = if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) } * last as f64;
    let below = (place as usize).min(last - 1);
    mix(stops[below], stops[below + 1], place - below as f64)
}

fn mix(a: Color, b: Color, t: f64) -> Color {
    let channel = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    Color(channel(a.0, b.0), channel(a.1, b.1), channel(a.2, b.2))
}

/// The one of black and white that is easier to read on `background`. Pure black, because with a
/// softer ink some blues would give neither of the two a contrast of 4.5.
pub(crate) fn ink_on(background: Color) -> Color {
    const BLACK: Color = Color(0, 0, 0);
    if contrast(BLACK, background) >= contrast(WHITE, background) { BLACK } else { WHITE }
}

/// The contrast ratio of WCAG 2: from 1 (same colour) to 21 (black on white).
pub(crate) fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(color: Color) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_readable_on_every_share() {
        for i in 0..=1000 {
            let background = share(f64::from(i) / 1000.0);
            assert!(contrast(ink_on(background), background) >= 4.5, "{i}: {background:?}");
        }
    }

    #[test]
    fn a_greater_share_is_darker() {
        for i in 0..100 {
            let t = f64::from(i) / 100.0;
            assert!(luminance(share(t)) > luminance(share(t + 0.01)), "{i}");
        }
    }

    #[test]
    fn zero_weight_is_white_and_the_ends_differ() {
        assert_eq!(signed(0.0), WHITE);
        assert_ne!(signed(-1.0), signed(1.0));
        assert_eq!(signed(7.0), signed(1.0));
    }

    #[test]
    fn text_colours_reach_the_contrast_for_small_text() {
        for color in [INK, SOFT] {
            assert!(contrast(color, WHITE) >= 4.5, "{color:?}");
        }
    }
}
