//! The artificial neuron as textbooks draw it.

use crate::figure::Figure;
use crate::measure;
use crate::palette::{BLUE, EDGE, INK, PALE, SOFT, WHITE};
use crate::scene::{Area, Color, Label, Scene, Shape, Stroke};
use crate::text;
use neurona_core::message::Lang;

/// The height of the axis of the figure, where the sum, the function and the output stand.
const MIDDLE: f64 = 190.0;
const INPUT: f64 = 86.0;
const SUM: f64 = 366.0;
const FUNCTION: f64 = 566.0;
const OUTPUT: f64 = 726.0;
/// Inputs' heights: first, second, last.
const ROWS: [f64; 3] = [92.0, 164.0, 288.0];
/// Half of the box of the function.
const HALF: f64 = 44.0;

/// Inputs times weights, their sum with a bias, a transfer function, an output: 800 by 420 pixels,
/// with the words of each part and the two formulas.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::artificial_neuron;
///
/// assert!(artificial_neuron(Lang::Es).svg().contains("función de transferencia"));
/// ```
pub fn artificial_neuron(lang: Lang) -> Figure {
    let mut scene = Scene::new(800.0, 420.0);
    inputs(&mut scene);
    sum(&mut scene, lang);
    function(&mut scene);
    output(&mut scene);
    words(&mut scene, lang);
    formulas(&mut scene);
    let title = text::neuron_title().get(lang).to_owned();
    Figure::new(scene, title, text::neuron_text().get(lang).to_owned(), lang)
}

fn flow() -> Stroke {
    Stroke::new(Color(0x44, 0x44, 0x44), 1.6)
}

/// A symbol in the middle of a place.
fn symbol(x: f64, y: f64, text: &str, size: f64) -> Label {
    Label::new(x, y, text).size(size).centred().level()
}

fn inputs(scene: &mut Scene) {
    const RADIUS: f64 = 22.0;
    for (y, (x, w)) in ROWS.into_iter().zip([("x₁", "w₁"), ("x₂", "w₂"), ("xₙ", "wₙ")])
    {
        let (dx, dy) = (SUM - INPUT, MIDDLE - y);
        let length = dx.hypot(dy);
        let on = |from: f64| (INPUT + dx * from / length, y + dy * from / length);
        scene.arrow(on(RADIUS), on(length - 38.0), flow());
        scene.circle((INPUT, y), RADIUS, Some(PALE), Some(flow()));
        scene.text(symbol(INPUT, y, x, 17.0));
        // A white patch under the weight, so that the line does not run through it.
        let (at, beside) = on(length * 0.45);
        let width = measure::width(w, 17.0) + 14.0;
        scene.push(Shape::Rect {
            area: Area::new(at - width / 2.0, beside - 13.0, width, 26.0),
            radius: 6.0,
            fill: Some(WHITE),
            stroke: None,
        });
        scene.text(symbol(at, beside, w, 17.0).color(BLUE));
    }
    let middle = f64::midpoint(ROWS[1], ROWS[2]);
    let (dx, dy) = (SUM - INPUT, MIDDLE - middle);
    for step in [-11.0, 0.0, 11.0] {
        scene.circle((INPUT, middle + step), 2.2, Some(SOFT), None);
        let weights = (INPUT + dx * 0.45, middle + dy * 0.45 + step * 0.8);
        scene.circle(weights, 1.9, Some(BLUE), None);
    }
}

fn sum(scene: &mut Scene, lang: Lang) {
    const RADIUS: f64 = 36.0;
    scene.arrow((SUM, 92.0), (SUM, MIDDLE - RADIUS - 2.0), flow());
    scene.text(symbol(SUM, 78.0, "b", 17.0).color(BLUE));
    let label = Label::new(SUM, 58.0, text::bias().get(lang)).size(12.0).color(SOFT);
    scene.text(label.centred());
    scene.circle((SUM, MIDDLE), RADIUS, Some(PALE), Some(flow()));
    scene.text(symbol(SUM, MIDDLE, "Σ", 32.0));
    scene.arrow((SUM + RADIUS, MIDDLE), (FUNCTION - HALF - 2.0, MIDDLE), flow());
    let middle = f64::midpoint(SUM + RADIUS, FUNCTION - HALF);
    scene.text(Label::new(middle - 3.0, MIDDLE - 12.0, "net").size(16.0).centred());
}

fn function(scene: &mut Scene) {
    scene.push(Shape::Rect {
        area: Area::new(FUNCTION - HALF, MIDDLE - HALF, 2.0 * HALF, 2.0 * HALF),
        radius: 8.0,
        fill: Some(PALE),
        stroke: Some(flow()),
    });
    let axis = Stroke::new(EDGE, 1.0).opacity(0.6);
    let base = MIDDLE + 28.0;
    scene.line((FUNCTION - 34.0, base), (FUNCTION + 34.0, base), axis);
    scene.line((FUNCTION, MIDDLE - 16.0), (FUNCTION, base), axis);
    // A sigmoid, as the best known of the functions that can stand here.
    let curve = (-32..=32).map(|i| {
        let t = f64::from(i);
        (FUNCTION + t, base - 40.0 / (1.0 + (-t / 6.0).exp()))
    });
    scene.polyline(&curve.collect::<Vec<_>>(), Stroke::new(BLUE, 2.4));
    scene.text(symbol(FUNCTION - 27.0, MIDDLE - 24.0, "f", 17.0));
    scene.arrow((FUNCTION + HALF, MIDDLE), (OUTPUT - 16.0, MIDDLE), flow());
}

fn output(scene: &mut Scene) {
    scene.text(symbol(OUTPUT, MIDDLE, "y", 20.0));
}

/// The name of each part, all on one line.
fn words(scene: &mut Scene, lang: Lang) {
    let weights = INPUT + (SUM - INPUT) * 0.45;
    for (x, word) in [
        (INPUT, text::inputs()),
        (weights, text::weights()),
        (SUM, text::weighted_sum()),
        (FUNCTION, text::transfer_function()),
        (OUTPUT, text::output()),
    ] {
        let label = Label::new(x, 334.0, word.get(lang)).size(12.0).color(SOFT);
        scene.text(label.centred());
    }
}

fn formulas(scene: &mut Scene) {
    const BASE: f64 = 388.0;
    let size = 17.0;
    // The sum has its limits above and below, which plain text cannot place.
    let (before, after) = ("net =  ", " wᵢ·xᵢ + b");
    let sign = measure::width("∑", 25.0);
    let total = measure::width(before, size) + sign + measure::width(after, size);
    let start = 270.0 - total / 2.0;
    scene.text(Label::new(start, BASE, before.trim_end()).size(size));
    let x = start + measure::width(before, size);
    scene.text(Label::new(x, BASE + 3.0, "∑").size(25.0).color(INK));
    let middle = x + sign / 2.0;
    scene.text(Label::new(middle, BASE - 20.0, "n").size(10.0).color(SOFT).centred());
    scene.text(Label::new(middle, BASE + 19.0, "i = 1").size(10.0).color(SOFT).centred());
    scene.text(Label::new(x + sign + 5.0, BASE, after.trim_start()).size(size));
    scene.text(Label::new(570.0, BASE, "y = f(net)").size(size).centred());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn both_languages_fit() {
        for lang in Lang::ALL {
            check::figure(&artificial_neuron(lang));
        }
        let svg = artificial_neuron(Lang::Es).svg();
        for word in ["entradas", "pesos", "suma ponderada", "salida", "umbral o sesgo (θ)"] {
            assert!(svg.contains(&format!(">{word}<")), "{word}");
        }
    }
}
