//! A scene as SVG text, without anything the eye does not need: numbers to two decimals, one root
//! font.

use crate::palette::{Color, Dash, dark};
use crate::png;
use crate::scene::{Anchor, Label, Scene, Segment, Shape, Stroke};
use std::fmt::Write;

/// What a picture says to those who cannot see it, and in which language.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) lang: &'a str,
}

/// Where a picture will be seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On its own, on white.
    Alone,
    /// On a page that may be dark: every shape names its second colour.
    Page,
}

/// A whole SVG document.
pub(crate) fn document(scene: &Scene, words: Words<'_>) -> String {
    picture(scene, words, "xmlns=\"http://www.w3.org/2000/svg\"", Place::Alone)
}

/// An element for a page, with a class.
pub(crate) fn element(scene: &Scene, words: Words<'_>, class: &str) -> String {
    picture(scene, words, &format!("class=\"{class}\""), Place::Page)
}

fn picture(scene: &Scene, words: Words<'_>, first: &str, place: Place) -> String {
    let (width, height) = (number(scene.width), number(scene.height));
    let lang = words.lang;
    let mut out = format!(
        "<svg {first} width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" lang=\"{lang}\" font-family=\"DejaVu Sans, Verdana, sans-serif\">\n"
    );
    put(&mut out, format_args!("<title>{}</title>\n", escape(words.title)));
    put(&mut out, format_args!("<desc>{}</desc>\n", escape(words.description)));
    for shape in &scene.shapes {
        draw(&mut out, shape, place);
    }
    out.push_str("</svg>\n");
    out
}

/// Writing to a `String` cannot fail, so its result says nothing.
fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn draw(out: &mut String, shape: &Shape, place: Place) {
    match shape {
        Shape::Rect { area, radius, fill, stroke } => {
            let [x, y] = [area.x, area.y].map(number);
            let [width, height] = [area.width, area.height].map(|side| number(side.max(0.0)));
            put(
                out,
                format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\""),
            );
            if *radius > 0.0 {
                put(out, format_args!(" rx=\"{}\"", number(*radius)));
            }
            paint(out, *fill, *stroke, place);
        }
        Shape::Circle { x, y, radius, fill, stroke } => {
            let [x, y, radius] = [*x, *y, *radius].map(number);
            put(out, format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\""));
            paint(out, *fill, *stroke, place);
        }
        Shape::Path { segments, fill, stroke } => {
            put(out, format_args!("<path d=\"{}\"", path_data(segments)));
            paint(out, *fill, *stroke, place);
        }
        Shape::Text(label) => text(out, label, place),
        Shape::Image { area, raster } => {
            let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(number);
            let Some(bytes) = png::tile(raster, area.width.min(area.height)) else { return };
            let data = png::base64(&bytes);
            put(
                out,
                format_args!(
                    "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
                     preserveAspectRatio=\"none\" {CRISP} \
                     href=\"data:image/png;base64,{data}\"/>\n"
                ),
            );
        }
    }
}

/// Both spellings: older readers know only the first, and pages that forbid styles ignore the second.
const CRISP: &str = "image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\"";

fn path_data(segments: &[Segment]) -> String {
    let mut data = String::new();
    for segment in segments {
        match *segment {
            Segment::Move(x, y) => put(&mut data, format_args!("M{} {}", number(x), number(y))),
            Segment::Line(x, y) => put(&mut data, format_args!("L{} {}", number(x), number(y))),
            Segment::Close => data.push('Z'),
        }
    }
    data
}

fn text(out: &mut String, label: &Label, place: Place) {
    let [x, y, size] = [label.x, label.y, label.size].map(number);
    if label.turn == 0.0 {
        put(out, format_args!("<text x=\"{x}\" y=\"{}\"", number(label.y + label.drop)));
    } else {
        let (turn, drop) = (number(label.turn), number(label.drop));
        put(
            out,
            format_args!("<text transform=\"translate({x} {y}) rotate({turn})\" y=\"{drop}\""),
        );
    }
    put(out, format_args!(" font-size=\"{size}\" fill=\"{}\"", hex(label.color)));
    second_colours(out, Some(label.dark.unwrap_or(dark(label.color))), None, place);
    match label.anchor {
        Anchor::Start => {}
        Anchor::Middle => out.push_str(" text-anchor=\"middle\""),
        Anchor::End => out.push_str(" text-anchor=\"end\""),
    }
    put(out, format_args!(">{}</text>\n", escape(&label.text)));
}

/// Fill and stroke, and the end of the element.
fn paint(out: &mut String, fill: Option<Color>, stroke: Option<Stroke>, place: Place) {
    match fill {
        Some(color) => put(out, format_args!(" fill=\"{}\"", hex(color))),
        None => out.push_str(" fill=\"none\""),
    }
    if let Some(Stroke { color, width, dash, opacity }) = stroke {
        let line = number(width);
        put(out, format_args!(" stroke=\"{}\" stroke-width=\"{line}\"", hex(color)));
        out.push_str(" stroke-linejoin=\"round\"");
        // Dashes grow with the line, so thin and thick lines show the same pattern.
        let unit = width.max(1.0);
        let parts: &[f64] = match dash {
            Dash::Solid => &[],
            Dash::Dashed => &[4.0, 2.2],
            Dash::Mixed => &[5.0, 2.0, 1.0, 2.0],
            Dash::Dotted => &[1.2, 1.8],
        };
        if !parts.is_empty() {
            let parts: Vec<String> = parts.iter().map(|part| number(part * unit)).collect();
            put(out, format_args!(" stroke-dasharray=\"{}\"", parts.join(" ")));
        }
        if opacity < 1.0 {
            put(out, format_args!(" stroke-opacity=\"{}\"", number(opacity)));
        }
    }
    second_colours(out, fill.map(dark), stroke.map(|stroke| dark(stroke.color)), place);
    out.push_str("/>\n");
}

/// The colours on a dark page, as variables that the page's style turns on.
fn second_colours(out: &mut String, fill: Option<Color>, stroke: Option<Color>, place: Place) {
    let named = [("--f", fill), ("--s", stroke)].into_iter();
    let named = named.filter_map(|(name, color)| Some(format!("{name}:{}", hex(color?))));
    let named: Vec<String> = named.collect();
    if place == Place::Page && !named.is_empty() {
        put(out, format_args!(" style=\"{}\"", named.join(";")));
    }
}

fn hex(Color(red, green, blue): Color) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A coordinate to a hundredth of a pixel; 0 for NaN or infinity, so that the document stays valid.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text safe inside an element or an attribute; characters XML cannot hold are dropped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\x1f' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::INK;
    use crate::scene::{Area, Pixels, Raster};

    #[test]
    fn numbers_are_short() {
        let cases = [(1.0, "1"), (0.125, "0.12"), (-0.001, "0"), (10.5, "10.5"), (100.0, "100")];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(f64::NAN), "0");
    }

    #[test]
    fn markup_in_text_is_escaped() {
        assert_eq!(escape("a<b & \"c\" > 'd'\0"), "a&lt;b &amp; &quot;c&quot; &gt; &#39;d&#39;");
    }

    #[test]
    fn every_kind_of_shape_is_written() {
        let mut scene = Scene::new(20.0, 20.0);
        scene.text(Label::new(1.0, 2.0, "x < 1").turn(-90.0).centred());
        scene.circle((5.0, 5.0), 2.0, Some(INK), None);
        scene.line((0.0, 0.0), (1.0, 1.0), Stroke::new(INK, 2.0).dash(Dash::Dotted).opacity(0.5));
        let raster = Raster { width: 1, height: 2, pixels: Pixels::Gray(vec![0, 255]) };
        scene.push(Shape::Image { area: Area::new(0.0, 0.0, 4.0, 8.0), raster });
        let svg = document(&scene, Words { title: "t & t", description: "d", lang: "es" });
        for part in [
            "<title>t &amp; t</title>",
            "translate(1 2) rotate(-90)",
            "x &lt; 1",
            "<circle cx=\"5\"",
            "stroke-dasharray=\"2.4 3.6\" stroke-opacity=\"0.5\"",
            "data:image/png;base64,iVBOR",
        ] {
            assert!(svg.contains(part), "{part} is not in {svg}");
        }
        crate::check::well_formed(&svg);
    }
}
