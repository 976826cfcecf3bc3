//! What the colours and lines of the diagram mean, in rows under it.

use super::column::{Column, Look, full_colour};
use super::edges::{self, Limited};
use super::{LayerView, weights};
use crate::axis::short;
use crate::measure;
use crate::palette::{BLUE, Color, Dash, EDGE, ORANGE, SOFT, signed};
use crate::scene::{Area, Label, Pixels, Raster, Scene, Shape, Stroke};
use crate::text;
use neurona_core::message::Lang;

/// The height of a row.
pub(super) const ROW: f64 = 24.0;
const SIZE: f64 = 11.0;
/// The space between two entries.
const GAP: f64 = 26.0;
const SAMPLE: f64 = 32.0;
const BAR: f64 = 72.0;

/// One explanation.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    Line(Stroke, String),
    /// The colours of the thumbnails, with the words and the numbers at its two ends.
    Bar(String, String, String),
    Note(String),
}

impl Entry {
    fn width(&self) -> f64 {
        match self {
            Entry::Line(_, word) => SAMPLE + 8.0 + measure::width(word, SIZE),
            Entry::Bar(word, low, high) => bar_width(word, low, high),
            Entry::Note(word) => measure::width(word, SIZE),
        }
    }
}

fn bar_width(word: &str, low: &str, high: &str) -> f64 {
    let words = [word, low, high].map(|text| measure::width(text, SIZE));
    words.iter().sum::<f64>() + BAR + 24.0
}

/// The entries that this diagram needs.
pub(super) fn entries(
    columns: &[Column],
    layers: &[LayerView],
    limited: Option<&Limited>,
    room: f64,
    lang: Lang,
) -> Vec<Entry> {
    let mut entries = vec![];
    if edges::signed(columns, layers) {
        let line = Stroke::new(BLUE, 2.0);
        entries.push(Entry::Line(line, text::positive_weight().get(lang).to_owned()));
        let line = Stroke::new(ORANGE, 2.0).dash(Dash::Dashed);
        entries.push(Entry::Line(line, text::negative_weight().get(lang).to_owned()));
    }
    let pictured = columns.iter().skip(1).zip(layers).filter(|(column, layer)| {
        matches!(column.look, Look::Units { image: Some(_), .. }) && weights(layer).is_some()
    });
    let scales: Vec<f64> = pictured.map(|(_, layer)| full_colour(layer)).collect();
    if let Some(&scale) = scales.first() {
        // Numbers only where one scale holds for every thumbnail.
        let (low, high) = if scales.len() == 1 {
            (format!("≤ {}", short(-scale, lang)), format!("≥ {}", short(scale, lang)))
        } else {
            ("−".to_owned(), "+".to_owned())
        };
        let words = text::pixel_weights().get(lang).to_owned();
        // If the words do not fit beside their bar, they go above it.
        if bar_width(&words, &low, &high) > room {
            entries.extend([Entry::Note(words), Entry::Bar(String::new(), low, high)]);
        } else {
            entries.push(Entry::Bar(words, low, high));
        }
    }
    if let Some(Limited { of_drawn }) = limited {
        let note = if *of_drawn { text::five_largest_of_drawn() } else { text::five_largest() };
        entries.extend(measure::wrap(note.get(lang), SIZE, room, 3).into_iter().map(Entry::Note));
    }
    entries
}

/// The entries in rows no wider than `room`, except a row of one.
pub(super) fn rows(entries: &[Entry], room: f64) -> Vec<Vec<Entry>> {
    let mut rows: Vec<Vec<Entry>> = vec![];
    for entry in entries {
        match rows.last_mut() {
            Some(row) if row_width(row) + GAP + entry.width() <= room => row.push(entry.clone()),
            _ => rows.push(vec![entry.clone()]),
        }
    }
    rows
}

fn row_width(row: &[Entry]) -> f64 {
    row.iter().map(Entry::width).sum::<f64>() + GAP * row.len().saturating_sub(1) as f64
}

/// The width of the widest row.
pub(super) fn width(rows: &[Vec<Entry>]) -> f64 {
    rows.iter().map(|row| row_width(row)).fold(0.0, f64::max)
}

pub(super) fn draw(scene: &mut Scene, rows: &[Vec<Entry>], top: f64) {
    for (i, row) in rows.iter().enumerate() {
        let y = top + ROW * (i as f64 + 0.5);
        let mut x = (scene.width - row_width(row)) / 2.0;
        for entry in row {
            draw_entry(scene, entry, x, y);
            x += entry.width() + GAP;
        }
    }
}

fn draw_entry(scene: &mut Scene, entry: &Entry, x: f64, y: f64) {
    let word = |x: f64, text: &str| Label::new(x, y, text).size(SIZE).color(SOFT).level();
    match entry {
        Entry::Line(stroke, text) => {
            scene.line((x, y), (x + SAMPLE, y), *stroke);
            scene.text(word(x + SAMPLE + 8.0, text));
        }
        Entry::Note(text) => scene.text(word(x, text)),
        Entry::Bar(text, low, high) => {
            scene.text(word(x, text));
            let x = x + measure::width(text, SIZE) + 12.0;
            scene.text(word(x, low));
            let area = Area::new(x + measure::width(low, SIZE) + 6.0, y - 6.0, BAR, 12.0);
            let colors = (-64..=64).map(|i| signed(f64::from(i) / 64.0));
            let pixels = colors.flat_map(|Color(red, green, blue)| [red, green, blue]).collect();
            let raster = Raster { width: 129, height: 1, pixels: Pixels::Rgb(pixels) };
            scene.push(Shape::Image { area, raster });
            scene.rect(area, None, Some(Stroke::new(EDGE, 0.8)));
            scene.text(word(area.right() + 6.0, high));
        }
    }
}
