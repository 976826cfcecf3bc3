//! What the tests require of every picture: valid markup, nothing outside the page, no text over
//! text.

use crate::figure::Figure;
use crate::layout;
use crate::measure;
use crate::scene::{Anchor, Label, Scene, Segment, Shape};

/// Everything that holds for every figure, in each of its layouts.
pub(crate) fn figure(figure: &Figure) {
    one(figure);
    if let Some(narrow) = figure.narrow() {
        one(&narrow);
    }
    well_formed(&format!("<p>{}</p>", figure.html()));
}

/// As in [`figure`], and small text can still be read where the guide shows it: at least 11 pixels
/// at the width of its page, and on a telephone.
pub(crate) fn readable(shown: &Figure) {
    figure(shown);
    let narrow = shown.narrow().unwrap_or_else(|| shown.clone());
    for (figure, room) in [(shown, 766.0), (&narrow, layout::NARROW)] {
        let shrunk = (room / figure.width()).min(1.0);
        let least = smallest(figure.scene()) * shrunk;
        assert!(least >= 10.99, "{least} px at {room}: {}", figure.svg());
    }
}

/// The size of the smallest text.
fn smallest(scene: &Scene) -> f64 {
    let sizes = scene.shapes.iter().filter_map(|shape| match shape {
        Shape::Text(label) => Some(label.size),
        _ => None,
    });
    sizes.fold(f64::INFINITY, f64::min)
}

fn one(figure: &Figure) {
    let svg = figure.svg();
    well_formed(&svg);
    assert!(!svg.contains("NaN") && !svg.contains("inf\""), "not a number in {svg}");
    inside(figure.scene());
    no_overlap(figure.scene());
    #[cfg(feature = "png")]
    {
        let (width, height, pixels) = decode(&figure.png(1.0).expect("drawn"));
        assert_eq!((f64::from(width), f64::from(height)), (figure.width(), figure.height()));
        assert!(pixels.iter().any(|&value| value < 128), "a blank picture");
    }
}

/// Every element is closed, in order, and there is one root.
pub(crate) fn well_formed(svg: &str) {
    let mut open: Vec<&str> = vec![];
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).expect("a tag has a name");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closed out of order");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        rest = &rest[end + 1..];
        assert!(!open.is_empty() || !rest.contains('<'), "two roots");
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

/// No shape and no text leaves the page.
pub(crate) fn inside(scene: &Scene) {
    let check = |x: f64, y: f64, what: &dyn std::fmt::Debug| {
        let within =
            (-0.5..=scene.width + 0.5).contains(&x) && (-0.5..=scene.height + 0.5).contains(&y);
        assert!(within, "{x} {y} is off the page: {what:?}");
    };
    for shape in &scene.shapes {
        match shape {
            Shape::Rect { area, .. } | Shape::Image { area, .. } => {
                check(area.x, area.y, area);
                check(area.right(), area.bottom(), area);
            }
            Shape::Circle { x, y, radius, .. } => {
                check(x - radius, y - radius, shape);
                check(x + radius, y + radius, shape);
            }
            Shape::Path { segments, .. } => {
                for segment in segments {
                    if let Segment::Move(x, y) | Segment::Line(x, y) = *segment {
                        check(x, y, shape);
                    }
                }
            }
            Shape::Text(label) => corners(label).iter().for_each(|&(x, y)| check(x, y, label)),
        }
    }
}

/// No two level (or no two upright) texts share a pixel.
pub(crate) fn no_overlap(scene: &Scene) {
    let boxes: Vec<(&Label, [f64; 4])> = scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            // The corners' box of a slanted text is far larger than the text.
            Shape::Text(label) if label.turn % 90.0 == 0.0 => Some((label, bounds(label))),
            _ => None,
        })
        .collect();
    for (i, (a, p)) in boxes.iter().enumerate() {
        for (b, q) in &boxes[i + 1..] {
            let apart = p[2] <= q[0] || q[2] <= p[0] || p[3] <= q[1] || q[3] <= p[1];
            assert!(apart, "{:?} {p:?} covers {:?} {q:?}", a.text, b.text);
        }
    }
}

/// Left, top, right, bottom.
fn bounds(label: &Label) -> [f64; 4] {
    let corners = corners(label);
    let least = |f: fn(&(f64, f64)) -> f64| corners.iter().map(f).fold(f64::INFINITY, f64::min);
    let most = |f: fn(&(f64, f64)) -> f64| corners.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
    [least(|p| p.0), least(|p| p.1), most(|p| p.0), most(|p| p.1)]
}

/// The corners of a text's box, from its tallest capital to its lowest descender.
fn corners(label: &Label) -> [(f64, f64); 4] {
    let width = measure::width(&label.text, label.size);
    let from = match label.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -width / 2.0,
        Anchor::End => -width,
    };
    let (top, bottom) = (label.drop - 0.74 * label.size, label.drop + 0.2 * label.size);
    let (sin, cos) = label.turn.to_radians().sin_cos();
    let turned = |x: f64, y: f64| (label.x + x * cos - y * sin, label.y + x * sin + y * cos);
    [
        turned(from, top),
        turned(from + width, top),
        turned(from + width, bottom),
        turned(from, bottom),
    ]
}

/// The width, height and RGB bytes of a PNG.
#[cfg(feature = "png")]
pub(crate) fn decode(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut data = vec![0; reader.output_buffer_size().expect("small")];
    let info = reader.next_frame(&mut data).expect("a frame");
    (info.width, info.height, data)
}
