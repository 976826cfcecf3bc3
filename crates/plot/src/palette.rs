//! Colours: the Okabe–Ito set for lines, two maps for numbers, and which ink is readable on a colour.

/// An opaque colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Color(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// The pattern of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dash {
    Solid,
    Dashed,
    /// Long and short alternately.
    Mixed,
    Dotted,
}

/// Titles, names and other text that must be read.
pub(crate) const INK: Color = Color(0x1d, 0x24, 0x30);
/// Tick labels, captions. 6.0:1 against white.
pub(crate) const SOFT: Color = Color(0x5b, 0x64, 0x72);
/// Axis lines and outlines.
pub(crate) const EDGE: Color = Color(0x72, 0x79, 0x85);
/// Lines of the grid, behind everything.
pub(crate) const GRID: Color = Color(0xe9, 0xe7, 0xe0);
/// Areas that only suggest a connection.
pub(crate) const PALE: Color = Color(0xf3, 0xf1, 0xeb);
/// Areas that belong to the first series, or to what is chosen.
pub(crate) const TINT: Color = Color(0xe3, 0xef, 0xf8);
/// Bars and dots beside the one that matters.
pub(crate) const QUIET: Color = Color(0xb4, 0xb9, 0xc1);
/// The paper.
pub(crate) const WHITE: Color = Color(0xff, 0xff, 0xff);
/// Positive weights, functions, the first series.
pub(crate) const BLUE: Color = Color(0x00, 0x72, 0xb2);
/// Negative weights, derivatives, mistakes, the second series.
pub(crate) const ORANGE: Color = Color(0xd5, 0x5e, 0x00);
/// Words about mistakes: dark enough to be read.
pub(crate) const ORANGE_TEXT: Color = Color(0xa8, 0x43, 0x00);
/// The third series.
pub(crate) const GREEN: Color = Color(0x00, 0x9e, 0x73);
/// The fourth series.
pub(crate) const PINK: Color = Color(0xcc, 0x79, 0xa7);
/// The fifth series.
pub(crate) const SKY: Color = Color(0x56, 0xb4, 0xe9);
/// The sixth series, and the ink of dark digits on a coloured cell.
pub(crate) const BLACK: Color = Color(0x00, 0x00, 0x00);

/// The colour of a role on a dark page: its own for the ones above, and for the maps' colours the
/// same hue with light and dark exchanged, so that zero is the paper in both.
pub(crate) fn dark(color: Color) -> Color {
    const PAPER: Color = Color(0x1b, 0x21, 0x2a);
    match color {
        INK => Color(0xe6, 0xe8, 0xec),
        SOFT => Color(0xa0, 0xa8, 0xb5),
        EDGE => Color(0x8d, 0x97, 0xa6),
        GRID => Color(0x2f, 0x37, 0x42),
        PALE => Color(0x25, 0x2c, 0x37),
        TINT => Color(0x1c, 0x35, 0x4c),
        QUIET => Color(0x5d, 0x67, 0x76),
        WHITE => PAPER,
        BLUE => Color(0x5f, 0xb3, 0xf0),
        ORANGE => Color(0xf0, 0x91, 0x3d),
        ORANGE_TEXT => Color(0xf5, 0xa8, 0x62),
        GREEN => Color(0x3c, 0xc7, 0x9d),
        PINK => Color(0xe0, 0x9c, 0xc2),
        SKY => Color(0x8f, 0xd0, 0xf7),
        BLACK => WHITE,
        Color(red, green, blue) => {
            let ends = i32::from(red.max(green).max(blue)) + i32::from(red.min(green).min(blue));
            let turned = |channel: u8| (i32::from(channel) + 255 - ends).clamp(0, 255);
            let on_paper = |channel: u8, paper: u8| {
                let paper = i32::from(paper);
                (paper + (255 - paper) * turned(channel) / 255) as u8
            };
            Color(on_paper(red, PAPER.0), on_paper(green, PAPER.1), on_paper(blue, PAPER.2))
        }
    }
}

/// How the series of a chart are told apart: by colour, by dash and by marker, so that any one of
/// the three is enough.
pub(crate) const SERIES: [(Color, Dash, Marker); 6] = [
    (BLUE, Dash::Solid, Marker::Circle),
    (ORANGE, Dash::Dashed, Marker::Square),
    (GREEN, Dash::Mixed, Marker::Triangle),
    (PINK, Dash::Dotted, Marker::Diamond),
    (SKY, Dash::Solid, Marker::Square),
    (BLACK, Dash::Dashed, Marker::Circle),
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

/// The colour at `t` (0 to 1, clamped; NaN counts as 0) of a map given by equally spaced stops.
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
        for color in [INK, SOFT, BLUE, ORANGE_TEXT] {
            assert!(contrast(color, WHITE) >= 4.5, "{color:?}");
            assert!(contrast(dark(color), dark(WHITE)) >= 4.5, "{color:?}, dark");
        }
    }

    #[test]
    fn on_a_dark_page_every_role_is_seen_and_zero_is_the_paper() {
        for color in [EDGE, BLUE, ORANGE, GREEN, PINK, SKY, BLACK] {
            assert!(contrast(dark(color), dark(WHITE)) >= 3.0, "{color:?}");
        }
        assert_eq!(dark(share(0.0)), dark(WHITE));
        for i in 0..=1000 {
            let background = share(f64::from(i) / 1000.0);
            let ink = ink_on(dark(background));
            assert!(contrast(ink, dark(background)) >= 4.5, "{i}: {background:?}");
        }
    }
}
