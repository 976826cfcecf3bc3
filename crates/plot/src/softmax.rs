//! Softmax as numbers: sums, powers of e, shares of their total.

use crate::axis::{self, drawable};
use crate::figure::Figure;
use crate::formula;
use crate::layout::Layout;
use crate::palette::{BLUE, Color, EDGE, INK, QUIET, SOFT, TINT};
use crate::scene::{Area, Label, Scene, Stroke};
use neurona_core::message::{Lang, Say, Text};

/// From the weighted sums of an output layer to its probabilities, number by number: each sum is the exponent of e, and
/// each power of e is divided by the sum of them all, so that the results add up to 1. The largest is marked.
///
/// Rows are numbered from 0, as classes are. Sums that are not finite are shown as a dash.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::softmax;
///
/// let figure = softmax(&[1.0, 2.0, 0.5], Lang::En);
/// assert!(figure.svg().contains("0.6285"));
/// ```
pub fn softmax(net: &[f64], lang: Lang) -> Figure {
    let numbers = Numbers::new(net);
    let description = match numbers.best {
        Some(best) => {
            let share = axis::fixed(numbers.shares[best], 4, lang);
            description(net.len(), &axis::short(numbers.total, lang), best, &share)
        }
        None => crate::text::no_data(),
    };
    Figure::laid_out(title().get(lang), description.get(lang), lang, |layout| {
        draw(&numbers, layout, lang)
    })
}

struct Numbers {
    net: Vec<f64>,
    powers: Vec<f64>,
    total: f64,
    shares: Vec<f64>,
    best: Option<usize>,
}

impl Numbers {
    fn new(net: &[f64]) -> Numbers {
        let net: Vec<f64> = net.iter().map(|&v| if drawable(v) { v } else { f64::NAN }).collect();
        let best = (0..net.len()).filter(|&i| !net[i].is_nan());
        let best = best.max_by(|&a, &b| net[a].total_cmp(&net[b]));
        let largest = best.map_or(0.0, |best| net[best]);
        let powers: Vec<f64> = net.iter().map(|v| v.exp()).collect();
        let finite = |v: &&f64| !v.is_nan();
        // Shares as every program computes them: no power passes 1.
        let below: Vec<f64> = net.iter().map(|v| (v - largest).exp()).collect();
        let all: f64 = below.iter().filter(finite).sum();
        let shares = below.iter().map(|v| v / all).collect();
        Numbers { total: powers.iter().filter(finite).sum(), net, powers, shares, best }
    }
}

/// A column: its numbers, how they are written, and their greatest size.
struct Column<'a> {
    name: Text,
    symbol: &'static str,
    values: &'a [f64],
    write: fn(f64, Lang) -> String,
}

fn draw(numbers: &Numbers, layout: Layout, lang: Lang) -> Scene {
    let columns = [
        Column { name: sums(), symbol: "sₖ", values: &numbers.net, write: two },
        Column { name: powers(), symbol: "e^{sₖ}", values: &numbers.powers, write: power },
        Column { name: shares(), symbol: "pₖ", values: &numbers.shares, write: four },
    ];
    let rows = numbers.net.len();
    let (row, top) = layout.pick((25.0, 84.0), (31.0, 88.0));
    let foot = top + row * rows as f64;
    let width = layout.width();
    let mut scene = Scene::new(width, foot + 112.0);
    let starts = layout.pick([66.0, 312.0, 558.0], [40.0, 145.0, 250.0]);
    let room = layout.pick(170.0, 80.0);
    if let Some(best) = numbers.best {
        let band = Area::new(8.0, top + row * best as f64 + 1.0, width - 16.0, row - 2.0);
        scene.panel(band, 6.0, Some(TINT), None);
    }
    for (column, &x) in columns.iter().zip(&starts) {
        let head = Area::new(x, top, room, row);
        heading(&mut scene, column, head, layout, lang);
        for (i, &value) in column.values.iter().enumerate() {
            let chosen = numbers.best == Some(i);
            let area = Area::new(x, top + row * i as f64, room, row);
            cell(&mut scene, column, value, area, (chosen, layout), lang);
        }
    }
    for i in 0..rows {
        let y = top + row * (i as f64 + 0.5);
        let label = Label::new(layout.pick(40.0, 26.0), y, i.say(lang)).size(13.0);
        scene.text(label.centred().level());
    }
    let label = Label::new(layout.pick(40.0, 26.0), top - 12.0, "k").size(13.0).color(SOFT);
    scene.text(label.centred());
    if layout == Layout::Wide && rows > 0 {
        let total = format!("÷ {}", axis::short(numbers.total, lang));
        let exponential = exponential();
        for (x, words) in [(starts[0], exponential.get(lang)), (starts[1], total.as_str())] {
            let (from, to) = (x + 84.0, x + 228.0);
            scene.arrow((from, top - 24.0), (to, top - 24.0), Stroke::new(SOFT, 1.4));
            let label = Label::new(f64::midpoint(from, to), top - 33.0, words).size(11.5);
            scene.text(label.color(SOFT).centred());
        }
    }
    let line = Stroke::new(EDGE, 1.0);
    scene.line((8.0, foot + 4.0), (width - 8.0, foot + 4.0), line);
    let total = sum(&axis::short(numbers.total, lang));
    let one = sum("1");
    for (text, x) in [(total, starts[1]), (one, starts[2])] {
        let label = Label::new(x + layout.pick(0.0, room / 2.0), foot + 24.0, text.get(lang));
        let label = label.size(layout.pick(13.0, 11.5));
        scene.text(layout.pick(label.clone(), label.centred()));
    }
    fraction(&mut scene, rows, foot + 74.0);
    scene
}

fn heading(scene: &mut Scene, column: &Column<'_>, area: Area, layout: Layout, lang: Lang) {
    let (x, y) = (area.x, area.y);
    match layout {
        Layout::Wide => {
            scene.text(Label::new(x, y - 50.0, column.name.get(lang)).size(13.0));
            formula::draw(scene, (x, y - 18.0), column.symbol, 17.0, BLUE);
        }
        Layout::Narrow => {
            let label = Label::new(area.middle(), y - 52.0, column.name.get(lang)).size(11.5);
            scene.paragraph(&label.centred(), area.width + 18.0);
            formula::centred(scene, (area.middle(), y - 14.0), column.symbol, 15.5, BLUE);
        }
    }
}

fn cell(
    scene: &mut Scene,
    column: &Column<'_>,
    value: f64,
    area: Area,
    (chosen, layout): (bool, Layout),
    lang: Lang,
) {
    let text = if value.is_nan() { "–".to_owned() } else { (column.write)(value, lang) };
    let color = if chosen { BLUE } else { QUIET };
    let bars = match layout {
        Layout::Wide => Area::new(area.x + 72.0, area.y + 6.0, area.width - 72.0, 13.0),
        Layout::Narrow => Area::new(area.x, area.y + 20.0, area.width, 6.0),
    };
    let label = match layout {
        Layout::Wide => Label::new(area.x + 62.0, area.y + area.height / 2.0, text).size(12.5),
        Layout::Narrow => Label::new(area.right() - 12.0, area.y + 10.0, text).size(11.5),
    };
    scene.text(label.color(INK).ending().level());
    bar(scene, column.values, value, bars, color);
}

/// A value as a bar from zero, on the scale of its column.
fn bar(scene: &mut Scene, values: &[f64], value: f64, area: Area, color: Color) {
    let usable = || values.iter().copied().filter(|&v| drawable(v));
    let (low, high) = usable().fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
    let all = (high - low).max(1e-300);
    let at = |v: f64| area.x + (v.clamp(low, high) - low) / all * area.width;
    if !value.is_nan() {
        let (from, to) = (at(value.min(0.0)), at(value.max(0.0)));
        scene.rect(Area::new(from, area.y, to - from, area.height), Some(color), None);
    }
    let line = Stroke::new(EDGE, 1.0);
    scene.line((at(0.0), area.y - 2.0), (at(0.0), area.bottom() + 2.0), line);
}

/// p = e^s / Σ e^s, centred, with its line at `y`.
fn fraction(scene: &mut Scene, rows: usize, y: f64) {
    const SIZE: f64 = 17.0;
    let term = |i: usize| format!("e^{{s{}}}", subscript(i));
    let (above, below) = (
        "e^{sₖ}",
        match rows {
            0..=3 => (0..rows.max(1)).map(term).collect::<Vec<_>>().join(" + "),
            _ => format!("{} + {} + … + {}", term(0), term(1), term(rows - 1)),
        },
    );
    let below = below.as_str();
    let left = "pₖ  =";
    let (before, bar) = (formula::width(left, SIZE), formula::width(below, SIZE) + 12.0);
    let start = (scene.width - before - 10.0 - bar) / 2.0;
    scene.text(Label::new(start, y, left).size(SIZE).level());
    let x = start + before + 10.0;
    scene.line((x, y), (x + bar, y), Stroke::new(INK, 1.2));
    formula::centred(scene, (x + bar / 2.0, y - 9.0), above, SIZE, INK);
    formula::centred(scene, (x + bar / 2.0, y + 24.0), below, SIZE, INK);
}

fn subscript(number: usize) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0x2080 + digit));
    number.to_string().chars().filter_map(digit).collect()
}

fn two(value: f64, lang: Lang) -> String {
    axis::fixed(value, 2, lang)
}

fn four(value: f64, lang: Lang) -> String {
    axis::fixed(value, 4, lang)
}

/// Two decimals, unless they would all be zeros or the number would be long.
fn power(value: f64, lang: Lang) -> String {
    if (0.01..100_000.0).contains(&value) { two(value, lang) } else { axis::short(value, lang) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    const NET: [f64; 10] = [-0.52, 1.12, 1.99, -1.84, -2.11, -2.96, 3.09, -2.34, 1.48, -0.16];

    #[test]
    fn the_numbers_are_those_of_softmax() {
        let numbers = Numbers::new(&NET);
        assert_eq!(numbers.best, Some(6));
        let total: f64 = NET.iter().map(|v| v.exp()).sum();
        assert!((numbers.total - total).abs() < 1e-12);
        assert!((numbers.shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((numbers.shares[6] - NET[6].exp() / total).abs() < 1e-12);
    }

    #[test]
    fn any_sums_make_a_tidy_figure() {
        for lang in Lang::ALL {
            check::readable(&softmax(&NET, lang));
            for net in
                [&[][..], &[0.0], &[800.0, -800.0, 3.0], &[f64::NAN, f64::INFINITY], &[-3.0, -5.0]]
            {
                check::figure(&softmax(net, lang));
            }
        }
    }
}

neurona_core::messages! {
    fn title() { en: "Softmax", es: "Softmax" }
    fn description(count: usize, total: &str, best: usize, share: &str) {
        en: "The {count} weighted sums become powers of e, which add up to {total}; each of them divided by that total gives a probability. The largest is that of {best}: {share}.",
        es: "Las {count} sumas ponderadas pasan a ser potencias de e, que suman {total}; cada una de ellas dividida por ese total da una probabilidad. La mayor es la de {best}: {share}.",
    }
    fn sums() { en: "weighted sum", es: "suma ponderada" }
    fn powers() { en: "power of e", es: "potencia de e" }
    fn shares() { en: "probability", es: "probabilidad" }
    fn exponential() { en: "as exponent of e", es: "como exponente de e" }
    fn sum(total: &str) { en: "sum: {total}", es: "suma: {total}" }
}
