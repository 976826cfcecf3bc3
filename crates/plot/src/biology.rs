//! A biological neuron beside the artificial one, and what each part became.

mod cell;

use crate::figure::Figure;
use crate::layout::Layout;
use crate::measure;
use crate::palette::{BLUE, Color, Dash, EDGE, GREEN, INK, ORANGE, PINK, SOFT, WHITE};
use crate::scene::{Area, Label, Scene, Stroke, leading};
use neurona_core::message::{Lang, Text};

/// A biological neuron with dendrites, synapses, soma and axon, beside the artificial one that was
/// modelled on it: each part has the colour of what it became, and is joined to it. One sends
/// pulses, the other a continuous value.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::biological_neuron;
///
/// let svg = biological_neuron(Lang::Es).svg();
/// assert!(svg.contains("dendritas") && svg.contains("sinapsis"));
/// ```
pub fn biological_neuron(lang: Lang) -> Figure {
    let (title, description) = (title(), description());
    Figure::laid_out(title.get(lang), description.get(lang), lang, |layout| match layout {
        Layout::Wide => wide(lang),
        Layout::Narrow => narrow(lang),
    })
}

/// A part: its colour, its name, what it does, and what it became.
struct Part {
    color: Color,
    name: Text,
    does: Text,
    became: Text,
}

fn parts() -> [Part; 4] {
    [
        Part { color: BLUE, name: dendrites(), does: dendrites_do(), became: inputs() },
        Part { color: ORANGE, name: synapse(), does: synapse_does(), became: weights() },
        Part { color: GREEN, name: soma(), does: soma_does(), became: sum() },
        Part { color: PINK, name: axon(), does: axon_does(), became: output() },
    ]
}

/// Where the artificial neuron's parts are.
struct Places {
    inputs: f64,
    weights: f64,
    sum: f64,
    function: f64,
    output: f64,
    middle: f64,
    /// The size of its circles, and of its letters.
    size: f64,
}

fn wide(lang: Lang) -> Scene {
    const COLUMNS: [f64; 4] = [92.0, 214.0, 336.0, 540.0];
    let mut scene = Scene::new(Layout::Wide.width(), 612.0);
    let heading = |y: f64, text: Text| Label::new(728.0, y, text.get(lang)).size(15.0).ending();
    scene.text(heading(28.0, biological()));
    cell::draw(&mut scene, (16.0, 34.0), 1.0);
    pulses(&mut scene, Area::new(428.0, 62.0, 140.0, 34.0));
    let label = Label::new(498.0, 52.0, all_or_nothing().get(lang)).size(11.5).color(SOFT);
    scene.text(label.centred());
    let marks = [(112.0, 224.0), (214.0, 228.0), (336.0, 190.0), (540.0, 160.0)];
    for ((part, x), mark) in parts().iter().zip(COLUMNS).zip(marks) {
        let thread = Stroke::new(part.color, 1.2).dash(Dash::Dotted);
        scene.line(mark, (x, 262.0), thread);
        let name = Label::new(x, 280.0, part.name.get(lang)).size(13.5).centred();
        scene.text(name);
        let does = Label::new(x, 298.0, part.does.get(lang)).size(11.5).color(SOFT).centred();
        scene.paragraph(&does, 116.0);
        scene.arrow((x, 334.0), (x, 364.0), Stroke::new(part.color, 2.4));
        scene.text(Label::new(x, 384.0, part.became.get(lang)).size(13.5).centred());
    }
    scene.text(heading(440.0, artificial()));
    let [inputs, weights, sum, output] = COLUMNS;
    let function = sum + 86.0;
    let output = output + 116.0;
    let places = Places { inputs, weights, sum, function, output, middle: 496.0, size: 1.0 };
    formal(&mut scene, &places);
    let wave = Area::new(486.0, 534.0, 124.0, 34.0);
    continuous(&mut scene, wave);
    let label = Label::new(548.0, 590.0, any_value().get(lang)).size(11.5).color(SOFT);
    scene.text(label.centred());
    scene
}

fn narrow(lang: Lang) -> Scene {
    const SCALE: f64 = 0.45;
    let parts = parts();
    let room = 340.0 - 60.0;
    let lines = |part: &Part| {
        measure::wrap(part.does.get(lang), 11.5, room, usize::MAX).len() as f64 * leading(11.5)
    };
    let list: f64 = parts.iter().map(|part| 28.0 + lines(part)).sum();
    let (top, formal_top) = (154.0, 154.0 + list + 12.0);
    let mut scene = Scene::new(Layout::Narrow.width(), formal_top + 276.0);
    scene.text(Label::new(12.0, 22.0, biological().get(lang)).size(14.0));
    cell::draw(&mut scene, (8.0, 38.0), SCALE);
    let marks = [(30.0, 52.0), (112.0, 47.0), (160.0, 126.0), (250.0, 114.0)];
    for (i, (part, mark)) in parts.iter().zip(marks).enumerate() {
        badge(&mut scene, mark, i + 1, part.color);
    }
    let mut y = top + 14.0;
    for (i, part) in parts.iter().enumerate() {
        badge(&mut scene, (22.0, y), i + 1, part.color);
        let name = Label::new(42.0, y, part.name.get(lang)).size(13.0).level();
        let after = 42.0 + measure::width(&name.text, 13.0);
        scene.text(name);
        scene.arrow((after + 8.0, y), (after + 34.0, y), Stroke::new(part.color, 2.0));
        scene.text(Label::new(after + 42.0, y, part.became.get(lang)).size(13.0).level());
        let does = Label::new(42.0, y + 20.0, part.does.get(lang)).size(11.5).color(SOFT);
        scene.paragraph(&does, room);
        y += 28.0 + lines(part);
    }
    scene.text(Label::new(12.0, formal_top + 12.0, artificial().get(lang)).size(14.0));
    let middle = formal_top + 108.0;
    let places = Places {
        inputs: 30.0,
        weights: 92.0,
        sum: 156.0,
        function: 222.0,
        output: 314.0,
        middle,
        size: 0.82,
    };
    formal(&mut scene, &places);
    let badges = [(30.0, -78.0), (92.0, -62.0), (156.0, -46.0), (280.0, -22.0)]
        .map(|(x, y)| (x, middle + y));
    for (i, (part, mark)) in parts.iter().zip(badges).enumerate() {
        badge(&mut scene, mark, i + 1, part.color);
    }
    let waves = formal_top + 200.0;
    pulses(&mut scene, Area::new(24.0, waves, 124.0, 30.0));
    continuous(&mut scene, Area::new(196.0, waves, 124.0, 30.0));
    for (x, text) in [(86.0, all_or_nothing()), (258.0, any_value())] {
        let label = Label::new(x, waves + 48.0, text.get(lang)).size(11.5).color(SOFT);
        scene.paragraph(&label.centred(), 156.0);
    }
    scene
}

/// A number in a ring.
fn badge(scene: &mut Scene, (x, y): (f64, f64), number: usize, color: Color) {
    scene.circle((x, y), 9.0, Some(WHITE), Some(Stroke::new(color, 2.0)));
    scene.text(Label::new(x, y, number.to_string()).size(11.5).centred().level());
}

/// The artificial neuron, in the colours of the parts it was modelled on.
fn formal(scene: &mut Scene, places: &Places) {
    let Places { inputs, weights, sum, function, output, middle, size } = *places;
    let letter = |x: f64, y: f64, text: &str| {
        Label::new(x, y, text).size((16.0 * size).max(12.5)).centred().level()
    };
    let (small, large) = (19.0 * size, 32.0 * size);
    let rows = [-62.0 * size, 0.0, 62.0 * size];
    for (dy, (x, w)) in rows.into_iter().zip([("x₁", "w₁"), ("x₂", "w₂"), ("xₙ", "wₙ")])
    {
        let from = (inputs, middle + dy);
        let (dx, rise) = (sum - inputs, -dy);
        let length = dx.hypot(rise);
        let on = |far: f64| (from.0 + dx * far / length, from.1 + rise * far / length);
        scene.arrow(on(small), on(length - large - 2.0), Stroke::new(EDGE, 1.5));
        scene.circle(from, small, Some(cell::tint(BLUE)), Some(Stroke::new(BLUE, 1.8)));
        scene.text(letter(from.0, from.1, x));
        let at = on(length * (weights - inputs) / dx);
        let half = 15.0 * size.max(0.9);
        let patch = Area::new(at.0 - half, at.1 - half * 0.72, half * 2.0, half * 1.44);
        let rim = Stroke::new(ORANGE, 1.6);
        scene.panel(patch, 6.0, Some(cell::tint(ORANGE)), Some(rim));
        scene.text(letter(at.0, at.1, w));
    }
    for step in [-9.0, 0.0, 9.0] {
        let dot = (inputs, middle + (31.0 + step * 0.6) * size);
        scene.circle(dot, 1.5, Some(SOFT), None);
    }
    let rim = Stroke::new(GREEN, 1.8);
    scene.circle((sum, middle), large, Some(cell::tint(GREEN)), Some(rim));
    scene.text(Label::new(sum, middle, "Σ").size(28.0 * size).centred().level());
    let half = 29.0 * size;
    scene.arrow((sum + large, middle), (function - half - 2.0, middle), Stroke::new(EDGE, 1.5));
    let area = Area::new(function - half, middle - half, 2.0 * half, 2.0 * half);
    scene.panel(area, 7.0, Some(cell::tint(GREEN)), Some(rim));
    let axis = Stroke::new(EDGE, 1.0);
    let base = middle + half * 0.62;
    scene.line((function - half * 0.78, base), (function + half * 0.78, base), axis);
    let curve = (-20..=20).map(|i| {
        let t = f64::from(i) / 20.0;
        let rise = half * 1.2 / (1.0 + (-t * 6.0).exp());
        (function + t * half * 0.74, base - rise)
    });
    scene.polyline(&curve.collect::<Vec<_>>(), Stroke::new(INK, 2.0));
    let to = output - 14.0 * size;
    scene.arrow((function + half, middle), (to, middle), Stroke::new(PINK, 3.0));
    scene.text(letter(output, middle, "y"));
}

/// A train of pulses, all of the same height.
fn pulses(scene: &mut Scene, area: Area) {
    let mut points = vec![(area.x, area.bottom())];
    for place in [0.1, 0.2, 0.31, 0.55, 0.63, 0.88] {
        let x = area.x + area.width * place;
        let pulse = [(-2.5, 0.0), (0.0, -area.height), (3.0, 4.0), (6.0, 0.0)];
        points.extend(pulse.map(|(dx, dy)| (x + dx, area.bottom() + dy)));
    }
    points.push((area.right(), area.bottom()));
    scene.polyline(&points, Stroke::new(PINK, 1.8));
}

/// A value that changes smoothly.
fn continuous(scene: &mut Scene, area: Area) {
    let points = (0..=60).map(|i| {
        let t = f64::from(i) / 60.0;
        let wave = 0.5 + 0.34 * (t * 7.0).sin() + 0.14 * (t * 17.0).cos();
        (area.x + area.width * t, area.bottom() - area.height * wave)
    });
    scene.polyline(&points.collect::<Vec<_>>(), Stroke::new(PINK, 1.8));
    scene.line((area.x, area.bottom()), (area.right(), area.bottom()), Stroke::new(EDGE, 0.8));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn every_part_and_what_it_became_is_named_in_both_layouts() {
        for lang in Lang::ALL {
            let figure = biological_neuron(lang);
            check::readable(&figure);
            for figure in [figure.narrow().expect("two layouts"), figure] {
                for part in parts() {
                    for word in [part.name, part.became] {
                        let word = word.get(lang);
                        assert!(figure.svg().contains(&format!(">{word}<")), "{word}");
                    }
                }
            }
        }
    }
}

neurona_core::messages! {
    fn title() {
        en: "Biological and artificial neuron",
        es: "Neurona biológica y neurona artificial",
    }
    fn description() {
        en: "The dendrites became the inputs, the strength of each synapse a weight, the soma the sum and the threshold, and the axon the output. The biological neuron sends pulses, the artificial one a continuous value.",
        es: "Las dendritas pasaron a ser las entradas; la fuerza de cada sinapsis, un peso; el soma, la suma y el umbral; y el axón, la salida. La neurona biológica envía pulsos; la artificial, un valor continuo.",
    }
    fn biological() { en: "Biological neuron", es: "Neurona biológica" }
    fn artificial() { en: "Artificial neuron", es: "Neurona artificial" }
    fn dendrites() { en: "dendrites", es: "dendritas" }
    fn dendrites_do() { en: "receive the signals", es: "reciben las señales" }
    fn inputs() { en: "inputs", es: "entradas" }
    fn synapse() { en: "synapse", es: "sinapsis" }
    fn synapse_does() {
        en: "lets more or less through",
        es: "deja pasar más o menos",
    }
    fn weights() { en: "weights", es: "pesos" }
    fn soma() { en: "soma", es: "soma" }
    fn soma_does() {
        en: "adds; fires above a threshold",
        es: "suma; dispara si pasa un umbral",
    }
    fn sum() { en: "sum and threshold θ", es: "suma y umbral θ" }
    fn axon() { en: "axon", es: "axón" }
    fn axon_does() { en: "sends the signal", es: "transmite la señal" }
    fn output() { en: "output", es: "salida" }
    fn all_or_nothing() { en: "pulses: all or nothing", es: "pulsos: todo o nada" }
    fn any_value() { en: "a continuous value", es: "un valor continuo" }
}
