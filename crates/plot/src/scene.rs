//! One picture as a list of simple shapes, in the order they are painted. Units are CSS pixels.

use crate::measure;
use crate::palette::{Color, Dash, INK, WHITE, dark, ink_on};

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) color: Color,
    pub(crate) width: f64,
    pub(crate) dash: Dash,
    /// From 0 to 1.
    pub(crate) opacity: f64,
}

impl Stroke {
    /// A solid, opaque line.
    pub(crate) fn new(color: Color, width: f64) -> Stroke {
        Stroke { color, width, dash: Dash::Solid, opacity: 1.0 }
    }

    pub(crate) fn dash(self, dash: Dash) -> Stroke {
        Stroke { dash, ..self }
    }

    pub(crate) fn opacity(self, opacity: f64) -> Stroke {
        Stroke { opacity, ..self }
    }
}

/// A rectangle on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn new(x: f64, y: f64, width: f64, height: f64) -> Area {
        Area { x, y, width, height }
    }

    pub(crate) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> f64 {
        self.y + self.height
    }

    pub(crate) fn middle(self) -> f64 {
        self.x + self.width / 2.0
    }
}

/// Which end of a text is at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) text: String,
    pub(crate) size: f64,
    pub(crate) color: Color,
    /// Its colour on a dark page, if it differs from its role's colour.
    pub(crate) dark: Option<Color>,
    pub(crate) anchor: Anchor,
    /// Degrees, clockwise, around the point.
    pub(crate) turn: f64,
    /// How far below the point the baseline lies, before turning.
    pub(crate) drop: f64,
}

impl Label {
    /// Text of 11 pixels that starts at a point on its baseline.
    pub(crate) fn new(x: f64, y: f64, text: impl Into<String>) -> Label {
        let (text, size, color, dark) = (text.into(), 11.0, INK, None);
        Label { x, y, text, size, color, dark, anchor: Anchor::Start, turn: 0.0, drop: 0.0 }
    }

    pub(crate) fn size(self, size: f64) -> Label {
        Label { size, ..self }
    }

    pub(crate) fn color(self, color: Color) -> Label {
        Label { color, ..self }
    }

    /// Dark or light, whichever is easier to read on a fill, on light pages and on dark ones.
    pub(crate) fn on(self, fill: Color) -> Label {
        Label { color: ink_on(fill), dark: Some(ink_on(dark(fill))), ..self }
    }

    /// Centred on the point, left to right.
    pub(crate) fn centred(self) -> Label {
        Label { anchor: Anchor::Middle, ..self }
    }

    /// Ends at the point.
    pub(crate) fn ending(self) -> Label {
        Label { anchor: Anchor::End, ..self }
    }

    pub(crate) fn turn(self, turn: f64) -> Label {
        Label { turn, ..self }
    }

    /// Half of its capitals above the point and half below. Call it after [`Label::size`].
    pub(crate) fn level(self) -> Label {
        // Capitals of DejaVu Sans are 0.729 em tall.
        Label { drop: self.size * 0.365, ..self }
    }
}

/// Pixels, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raster {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Pixels,
}

/// One byte per pixel, or three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pixels {
    Gray(Vec<u8>),
    Rgb(Vec<u8>),
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Segment {
    Move(f64, f64),
    Line(f64, f64),
    Close,
}

/// Something painted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Rect { area: Area, radius: f64, fill: Option<Color>, stroke: Option<Stroke> },
    Circle { x: f64, y: f64, radius: f64, fill: Option<Color>, stroke: Option<Stroke> },
    Path { segments: Vec<Segment>, fill: Option<Color>, stroke: Option<Stroke> },
    Text(Label),
    Image { area: Area, raster: Raster },
}

/// A picture being drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) shapes: Vec<Shape>,
}

impl Scene {
    /// A white page.
    pub(crate) fn new(width: f64, height: f64) -> Scene {
        let (width, height) = (width.ceil(), height.ceil());
        let mut scene = Scene { width, height, shapes: Vec::new() };
        scene.rect(Area::new(0.0, 0.0, width, height), Some(WHITE), None);
        scene
    }

    pub(crate) fn push(&mut self, shape: Shape) {
        self.shapes.push(shape);
    }

    pub(crate) fn text(&mut self, label: Label) {
        if !label.text.is_empty() {
            self.push(Shape::Text(label));
        }
    }

    pub(crate) fn rect(&mut self, area: Area, fill: Option<Color>, stroke: Option<Stroke>) {
        self.push(Shape::Rect { area, radius: 0.0, fill, stroke });
    }

    pub(crate) fn circle(
        &mut self,
        (x, y): (f64, f64),
        radius: f64,
        fill: Option<Color>,
        stroke: Option<Stroke>,
    ) {
        self.push(Shape::Circle { x, y, radius, fill, stroke });
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.polyline(&[from, to], stroke);
    }

    pub(crate) fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        let segments = open(points);
        self.push(Shape::Path { segments, fill: None, stroke: Some(stroke) });
    }

    pub(crate) fn polygon(
        &mut self,
        points: &[(f64, f64)],
        fill: Option<Color>,
        stroke: Option<Stroke>,
    ) {
        let mut segments = open(points);
        segments.push(Segment::Close);
        self.push(Shape::Path { segments, fill, stroke });
    }

    /// Text over lines no wider than `room`, from the label's place down. Returns how many.
    pub(crate) fn paragraph(&mut self, label: &Label, room: f64) -> usize {
        let lines = measure::wrap(&label.text, label.size, room, usize::MAX);
        for (i, line) in lines.iter().enumerate() {
            let y = label.y + leading(label.size) * i as f64;
            self.text(Label { y, text: line.clone(), ..label.clone() });
        }
        lines.len()
    }

    /// A rectangle with round corners.
    pub(crate) fn panel(
        &mut self,
        area: Area,
        radius: f64,
        fill: Option<Color>,
        stroke: Option<Stroke>,
    ) {
        self.push(Shape::Rect { area, radius, fill, stroke });
    }

    /// A line with a filled head whose tip is at `to`.
    pub(crate) fn arrow(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-9);
        let (dx, dy) = (dx / length, dy / length);
        let head = 5.0 + 2.2 * stroke.width;
        let neck = (to.0 - dx * head, to.1 - dy * head);
        let half = head * 0.42;
        // The line stops inside the head, so its blunt end never shows beside the tip.
        self.line(from, (to.0 - dx * head * 0.8, to.1 - dy * head * 0.8), stroke);
        let wing = |side: f64| (neck.0 - dy * half * side, neck.1 + dx * half * side);
        self.polygon(&[to, wing(1.0), wing(-1.0)], Some(stroke.color), None);
    }
}

/// The distance from one line of a paragraph to the next.
pub(crate) fn leading(size: f64) -> f64 {
    size * 1.36
}

fn open(points: &[(f64, f64)]) -> Vec<Segment> {
    let mut points = points.iter();
    let first = points.next().map(|&(x, y)| Segment::Move(x, y));
    first.into_iter().chain(points.map(|&(x, y)| Segment::Line(x, y))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scene_starts_as_a_white_page() {
        let scene = Scene::new(10.2, 5.0);
        assert_eq!((scene.width, scene.height), (11.0, 5.0));
        assert!(matches!(&scene.shapes[..], [Shape::Rect { fill: Some(WHITE), .. }]));
    }

    #[test]
    fn an_arrow_ends_at_its_tip() {
        let mut scene = Scene::new(10.0, 10.0);
        scene.arrow((0.0, 0.0), (10.0, 0.0), Stroke::new(INK, 1.0));
        let Some(Shape::Path { segments, .. }) = scene.shapes.last() else { panic!("no head") };
        assert_eq!(segments[0], Segment::Move(10.0, 0.0));
    }

    #[test]
    fn empty_text_is_not_a_shape() {
        let mut scene = Scene::new(10.0, 10.0);
        scene.text(Label::new(0.0, 0.0, ""));
        assert_eq!(scene.shapes.len(), 1);
    }
}
