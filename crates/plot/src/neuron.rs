//! The artificial neuron as textbooks draw it.

use crate::figure::Figure;
use crate::layout::Layout;
use crate::measure;
use crate::palette::{BLUE, EDGE, INK, PALE, SOFT, WHITE};
use crate::scene::{Area, Label, Scene, Shape, Stroke, leading};
use crate::text;
use neurona_core::message::Lang;

/// Where the parts are.
struct Places {
    input: f64,
    /// How far along from an input to the sum its weight is.
    weight: f64,
    sum: f64,
    function: f64,
    output: f64,
    /// The height of the axis, where the sum, the function and the output are.
    middle: f64,
    /// The inputs' heights: first, second, last.
    rows: [f64; 3],
    input_radius: f64,
    sum_radius: f64,
    /// Half of the box of the function.
    half: f64,
    letter: f64,
    words: f64,
    /// The width that the name of a part may take.
    room: f64,
}

const WIDE: Places = Places {
    input: 66.0,
    weight: 0.45,
    sum: 330.0,
    function: 526.0,
    output: 690.0,
    middle: 190.0,
    rows: [92.0, 164.0, 288.0],
    input_radius: 22.0,
    sum_radius: 36.0,
    half: 44.0,
    letter: 17.0,
    words: 12.5,
    room: 180.0,
};

const NARROW: Places = Places {
    input: 34.0,
    weight: 0.44,
    sum: 162.0,
    function: 244.0,
    output: 316.0,
    middle: 176.0,
    rows: [92.0, 152.0, 258.0],
    input_radius: 17.0,
    sum_radius: 25.0,
    half: 27.0,
    letter: 14.5,
    words: 11.0,
    room: 81.0,
};

/// Inputs times weights, their sum with a bias, a transfer function, an output, with the words of each part, the two
/// formulas, and what the bias has to do with the threshold θ.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::artificial_neuron;
///
/// assert!(artificial_neuron(Lang::Es).svg().contains("b = −θ"));
/// ```
pub fn artificial_neuron(lang: Lang) -> Figure {
    let (title, description) = (text::neuron_title(), text::neuron_text());
    Figure::laid_out(title.get(lang), description.get(lang), lang, |layout| {
        let places = layout.pick(WIDE, NARROW);
        let mut scene = Scene::new(layout.width(), layout.pick(462.0, 482.0));
        inputs(&mut scene, &places);
        sum(&mut scene, &places, lang);
        function(&mut scene, &places);
        let output = symbol(places.output, places.middle, "y", places.letter + 3.0);
        scene.text(output);
        words(&mut scene, &places, lang);
        let foot = formulas(&mut scene, layout);
        let note = text::bias_note();
        let size = layout.pick(12.5, 11.5);
        let label = Label::new(scene.width / 2.0, foot, note.get(lang)).size(size).color(SOFT);
        scene.paragraph(&label.centred(), scene.width - layout.pick(60.0, 24.0));
        scene
    })
}

fn flow() -> Stroke {
    Stroke::new(SOFT, 1.6)
}

/// A symbol in the middle of a place.
fn symbol(x: f64, y: f64, text: &str, size: f64) -> Label {
    Label::new(x, y, text).size(size).centred().level()
}

fn inputs(scene: &mut Scene, places: &Places) {
    let Places { input, weight, sum, middle, rows, input_radius, sum_radius, letter, .. } = *places;
    for (y, (x, w)) in rows.into_iter().zip([("x₁", "w₁"), ("x₂", "w₂"), ("xₙ", "wₙ")])
    {
        let (dx, dy) = (sum - input, middle - y);
        let length = dx.hypot(dy);
        let on = |from: f64| (input + dx * from / length, y + dy * from / length);
        scene.arrow(on(input_radius), on(length - sum_radius - 2.0), flow());
        scene.circle((input, y), input_radius, Some(PALE), Some(flow()));
        scene.text(symbol(input, y, x, letter));
        // A white patch under the weight, so that the line does not run through it.
        let (at, beside) = on(length * weight);
        let (width, height) = (measure::width(w, letter) + 10.0, letter * 1.5);
        let area = Area::new(at - width / 2.0, beside - height / 2.0, width, height);
        scene.panel(area, 6.0, Some(WHITE), None);
        scene.text(symbol(at, beside, w, letter).color(BLUE));
    }
    let between = f64::midpoint(rows[1], rows[2]);
    let (dx, dy) = (sum - input, middle - between);
    for step in [-11.0, 0.0, 11.0] {
        scene.circle((input, between + step), 2.2, Some(SOFT), None);
        let weights = (input + dx * weight, between + dy * weight + step * 0.8);
        scene.circle(weights, 1.9, Some(BLUE), None);
    }
}

fn sum(scene: &mut Scene, places: &Places, lang: Lang) {
    let Places { sum, middle, sum_radius, letter, words, half, function, .. } = *places;
    scene.arrow((sum, 84.0), (sum, middle - sum_radius - 2.0), flow());
    scene.text(symbol(sum, 70.0, "b", letter).color(BLUE));
    let label = Label::new(sum, 30.0, text::bias().get(lang)).size(words);
    scene.text(label.clone().centred());
    let threshold = Label::new(sum, 30.0 + leading(words), text::bias_is().get(lang));
    scene.text(threshold.size(words).color(SOFT).centred());
    scene.circle((sum, middle), sum_radius, Some(PALE), Some(flow()));
    scene.text(symbol(sum, middle, "Σ", sum_radius * 0.88));
    scene.arrow((sum + sum_radius, middle), (function - half - 2.0, middle), flow());
    let between = f64::midpoint(sum + sum_radius, function - half);
    let size = letter - 1.5;
    scene.text(Label::new(between - 2.0, middle - 9.0, "net").size(size).centred());
}

fn function(scene: &mut Scene, places: &Places) {
    let Places { function, output, middle, half, letter, .. } = *places;
    scene.push(Shape::Rect {
        area: Area::new(function - half, middle - half, 2.0 * half, 2.0 * half),
        radius: 8.0,
        fill: Some(PALE),
        stroke: Some(flow()),
    });
    let axis = Stroke::new(EDGE, 1.0).opacity(0.6);
    let (base, reach) = (middle + half * 0.64, half * 0.77);
    scene.line((function - reach, base), (function + reach, base), axis);
    scene.line((function, middle - half * 0.36), (function, base), axis);
    // A sigmoid, the best known of the functions that can be here.
    let curve = (-32..=32).map(|i| {
        let t = f64::from(i);
        (function + reach * t / 34.0, base - half * 0.9 / (1.0 + (-t / 6.0).exp()))
    });
    scene.polyline(&curve.collect::<Vec<_>>(), Stroke::new(BLUE, 2.4));
    scene.text(symbol(function - half * 0.6, middle - half * 0.55, "f", letter));
    scene.arrow((function + half, middle), (output - letter * 0.9, middle), flow());
}

/// The name of each part, all from one line down.
fn words(scene: &mut Scene, places: &Places, lang: Lang) {
    let weights = places.input + (places.sum - places.input) * places.weight;
    let top = places.rows[2] + 46.0;
    let spots = [
        (places.input, text::inputs()),
        (weights, text::weights()),
        (places.sum, text::weighted_sum()),
        (places.function, text::transfer_function()),
        (places.output, text::output()),
    ];
    for (x, word) in spots {
        let label = Label::new(x, top, word.get(lang)).size(places.words);
        // A telephone breaks the longer names, so that each stays below its part.
        scene.paragraph(&label.color(SOFT).centred(), places.room);
    }
}

/// Draws both formulas and returns where the note below them may start.
fn formulas(scene: &mut Scene, layout: Layout) -> f64 {
    let size = layout.pick(17.0, 16.0);
    let base = layout.pick(386.0, 364.0);
    // The sum has its limits above and below, which plain text cannot place.
    let (before, after) = ("net =  ", " wᵢ·xᵢ + b");
    let sign = measure::width("∑", 25.0);
    let total = measure::width(before, size) + sign + measure::width(after, size);
    let start = layout.pick(258.0, 170.0) - total / 2.0;
    scene.text(Label::new(start, base, before.trim_end()).size(size));
    let x = start + measure::width(before, size);
    scene.text(Label::new(x, base + 3.0, "∑").size(25.0).color(INK));
    let middle = x + sign / 2.0;
    scene.text(Label::new(middle, base - 20.0, "n").size(11.0).color(SOFT).centred());
    scene.text(Label::new(middle, base + 19.0, "i = 1").size(11.0).color(SOFT).centred());
    scene.text(Label::new(x + sign + 5.0, base, after.trim_start()).size(size));
    let (x, y) = layout.pick((554.0, base), (170.0, base + 46.0));
    scene.text(Label::new(x, y, "y = f(net)").size(size).centred());
    y + layout.pick(42.0, 28.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn both_languages_fit() {
        for lang in Lang::ALL {
            check::readable(&artificial_neuron(lang));
        }
        let svg = artificial_neuron(Lang::Es).svg();
        for word in ["entradas", "pesos", "suma ponderada", "salida", "b = −θ (θ: umbral)"] {
            assert!(svg.contains(&format!(">{word}<")), "{word}");
        }
    }

    #[test]
    fn the_bias_is_the_threshold_with_the_opposite_sign() {
        for lang in Lang::ALL {
            let svg = artificial_neuron(lang).svg();
            assert!(svg.contains("b = −θ") && svg.contains(">net<") && svg.contains("y = f(net)"));
        }
    }
}
