//! Where deep learning belongs: within artificial intelligence, machine learning; within that, deep
//! learning.

use crate::figure::Figure;
use crate::layout::Layout;
use crate::measure;
use crate::palette::{BLUE, Color, EDGE, INK, ORANGE, PALE, SOFT, TINT, WHITE};
use crate::scene::{Area, Label, Scene, Stroke, leading};
use neurona_core::message::{Lang, Text};

const NAME: f64 = 16.0;
const WORDS: f64 = 12.5;
/// The width of the small picture at the right of a field, and of the room kept free for it.
const SIGN: f64 = 84.0;

/// Artificial intelligence ⊃ machine learning ⊃ deep learning: three panels, one inside the other, each with a sentence
/// that says what it is, an example and a small picture.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::artificial_intelligence;
///
/// let svg = artificial_intelligence(Lang::Es).svg();
/// assert!(svg.contains("Aprendizaje profundo"));
/// ```
pub fn artificial_intelligence(lang: Lang) -> Figure {
    let (title, description) = (title(), description());
    Figure::laid_out(title.get(lang), description.get(lang), lang, |layout| draw(layout, lang))
}

/// A field: its name, what it is, an example.
struct Field {
    name: Text,
    what: Text,
    example: Text,
    fill: Color,
    edge: Color,
    sign: fn(&mut Scene, Area),
}

fn fields() -> [Field; 3] {
    [
        Field {
            name: intelligence(),
            what: intelligence_is(),
            example: intelligence_example(),
            fill: PALE,
            edge: EDGE,
            sign: tree,
        },
        Field {
            name: machine(),
            what: machine_is(),
            example: machine_example(),
            fill: TINT,
            edge: BLUE,
            sign: border,
        },
        Field {
            name: deep(),
            what: deep_is(),
            example: deep_example(),
            fill: WHITE,
            edge: BLUE,
            sign: layers,
        },
    ]
}

fn draw(layout: Layout, lang: Lang) -> Scene {
    let (inset, pad) = layout.pick((20.0, 20.0), (9.0, 11.0));
    let width = layout.width();
    let fields = fields();
    let area_width = |i: usize| width - 2.0 * (2.0 + inset * i as f64);
    // Words keep clear of the small picture; on a telephone they pass below it.
    let room = |i: usize| area_width(i) - 2.0 * pad - layout.pick(SIGN + 14.0, 0.0);
    let count = |text: &Text, i: usize| {
        measure::wrap(text.get(lang), WORDS, room(i), usize::MAX).len() as f64
    };
    let head = |i: usize| {
        let words = leading(WORDS) * (count(&fields[i].what, i) + count(&fields[i].example, i));
        layout.pick(48.0, 62.0) + words + 14.0
    };
    let heads: Vec<f64> = (0..fields.len()).map(head).collect();
    let height = 4.0 + heads.iter().sum::<f64>() + inset * (fields.len() - 1) as f64 + 4.0;
    let mut scene = Scene::new(width, height);
    let mut top = 2.0;
    for (i, field) in fields.iter().enumerate() {
        let x = 2.0 + inset * i as f64;
        let area = Area::new(x, top, area_width(i), height - top - 2.0 - inset * i as f64);
        scene.panel(area, 12.0, Some(field.fill), Some(Stroke::new(field.edge, 1.2)));
        let sign_top = top + layout.pick(18.0, 9.0);
        (field.sign)(&mut scene, Area::new(area.right() - pad - SIGN, sign_top, SIGN, 44.0));
        let name = Label::new(x + pad, top + layout.pick(31.0, 36.0), field.name.get(lang));
        scene.text(name.size(NAME));
        let mut y = top + layout.pick(54.0, 71.0);
        for (words, color) in [(&field.what, INK), (&field.example, SOFT)] {
            let label = Label::new(x + pad, y, words.get(lang)).size(WORDS).color(color);
            y += leading(WORDS) * scene.paragraph(&label, room(i)) as f64;
        }
        top += heads[i];
    }
    scene
}

/// Rules written by hand: a tree of decisions.
fn tree(scene: &mut Scene, area: Area) {
    let at = |x: f64, y: f64| (area.x + area.width * x, area.y + area.height * y);
    let line = Stroke::new(SOFT, 1.4);
    let (root, left, right) = (at(0.5, 0.1), at(0.27, 0.52), at(0.73, 0.52));
    let leaves = [at(0.13, 0.94), at(0.41, 0.94), at(0.59, 0.94), at(0.87, 0.94)];
    for (from, to) in
        [(root, left), (root, right), (left, leaves[0]), (left, leaves[1]), (right, leaves[2])]
    {
        scene.line(from, to, line);
    }
    scene.line(right, leaves[3], line);
    for (x, y) in [root, left, right] {
        let corners = [(x, y - 6.0), (x + 6.0, y), (x, y + 6.0), (x - 6.0, y)];
        scene.polygon(&corners, Some(WHITE), Some(line));
    }
    for leaf in leaves {
        scene.circle(leaf, 4.0, Some(SOFT), None);
    }
}

/// Examples of two kinds, and the border learnt between them.
fn border(scene: &mut Scene, area: Area) {
    let at = |(x, y): (f64, f64)| (area.x + area.width * x, area.y + area.height * y);
    for point in [(0.12, 0.3), (0.28, 0.1), (0.34, 0.42), (0.15, 0.68), (0.5, 0.16)] {
        scene.circle(at(point), 3.6, Some(BLUE), None);
    }
    for point in [(0.52, 0.8), (0.68, 0.55), (0.82, 0.84), (0.88, 0.36), (0.36, 0.97)] {
        let (x, y) = at(point);
        let (x, y) = (x - 3.2, y - 3.2);
        scene.rect(Area::new(x, y, 6.4, 6.4), Some(WHITE), Some(Stroke::new(ORANGE, 1.6)));
    }
    scene.line(at((0.1, 1.0)), at((0.82, 0.02)), Stroke::new(INK, 1.6));
}

/// Layers of neurons, one after the other.
fn layers(scene: &mut Scene, area: Area) {
    let counts = [3, 4, 4, 2];
    let place = |layer: usize, unit: usize| {
        let x = area.x + area.width * (0.08 + 0.28 * layer as f64);
        let middle = (counts[layer] - 1) as f64 / 2.0;
        (x, area.y + area.height / 2.0 + (unit as f64 - middle) * 13.0)
    };
    for layer in 1..counts.len() {
        for from in 0..counts[layer - 1] {
            for to in 0..counts[layer] {
                let line = Stroke::new(BLUE, 0.8).opacity(0.5);
                scene.line(place(layer - 1, from), place(layer, to), line);
            }
        }
    }
    for (layer, &count) in counts.iter().enumerate() {
        for unit in 0..count {
            let rim = Stroke::new(BLUE, 1.4);
            scene.circle(place(layer, unit), 4.2, Some(WHITE), Some(rim));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn each_field_stands_inside_the_one_before_with_all_its_words() {
        for lang in Lang::ALL {
            let figure = artificial_intelligence(lang);
            check::readable(&figure);
            for figure in [figure.narrow().expect("two layouts"), figure] {
                let panels = figure.scene().shapes.iter().filter_map(|shape| match shape {
                    crate::scene::Shape::Rect { area, radius, .. } if *radius > 0.0 => Some(*area),
                    _ => None,
                });
                let panels: Vec<Area> = panels.collect();
                assert_eq!(panels.len(), 3);
                for pair in panels.windows(2) {
                    assert!(pair[0].x < pair[1].x && pair[1].right() < pair[0].right());
                    assert!(pair[0].y < pair[1].y && pair[1].bottom() < pair[0].bottom());
                }
                assert!(!figure.svg().contains('…'));
            }
        }
    }
}

neurona_core::messages! {
    fn title() {
        en: "Artificial intelligence, machine learning, deep learning",
        es: "Inteligencia artificial, aprendizaje automático, aprendizaje profundo",
    }
    fn description() {
        en: "Three panels, one inside the other: deep learning is a part of machine learning, which is a part of artificial intelligence.",
        es: "Tres recuadros, uno dentro del otro: el aprendizaje profundo es parte del aprendizaje automático, que es parte de la inteligencia artificial.",
    }
    fn intelligence() { en: "Artificial intelligence", es: "Inteligencia artificial" }
    fn intelligence_is() {
        en: "Programs that solve tasks for which people need intelligence.",
        es: "Programas que resuelven tareas para las que una persona necesita inteligencia.",
    }
    fn intelligence_example() {
        en: "For example: a chess program that follows rules written by hand.",
        es: "Por ejemplo: un programa de ajedrez que sigue reglas escritas a mano.",
    }
    fn machine() { en: "Machine learning", es: "Aprendizaje automático" }
    fn machine_is() {
        en: "Nobody writes the rules: the program finds them in examples.",
        es: "Nadie escribe las reglas: el programa las encuentra en ejemplos.",
    }
    fn machine_example() {
        en: "For example: a filter that learns to recognize unwanted mail.",
        es: "Por ejemplo: un filtro que aprende a reconocer el correo no deseado.",
    }
    fn deep() { en: "Deep learning", es: "Aprendizaje profundo" }
    fn deep_is() {
        en: "Neural networks with several hidden layers, which transform the signal in turn.",
        es: "Redes neuronales con varias capas ocultas, que transforman la señal por turno.",
    }
    fn deep_example() {
        en: "For example: translating a text, recognizing a voice or a face.",
        es: "Por ejemplo: traducir un texto, reconocer una voz o una cara.",
    }
}
