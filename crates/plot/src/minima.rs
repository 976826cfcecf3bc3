//! A loss with a local and a global minimum, and gradient descent into each.

use crate::axis;
use crate::figure::Figure;
use crate::layout::Layout;
use crate::palette::{BLUE, Dash, EDGE, INK, ORANGE, SOFT, WHITE};
use crate::scene::{Area, Label, Scene, Stroke};
use neurona_core::message::Lang;

/// The learning rate of the descents drawn.
const RATE: f64 = 0.04;
/// How many steps each takes.
const STEPS: usize = 30;
/// Where they start: one on each side of the hill.
const STARTS: [f64; 2] = [-3.3, 3.2];
/// The weights shown.
const SHOWN: (f64, f64) = (-3.5, 3.45);

/// The loss drawn.
fn loss(w: f64) -> f64 {
    (w * w - 4.0).powi(2) / 8.0 + w / 2.0 + 2.0
}

/// Its derivative.
fn gradient(w: f64) -> f64 {
    w * (w * w - 4.0) / 2.0 + 0.5
}

/// The weights that gradient descent visits, from its start on.
fn descent(start: f64) -> Vec<f64> {
    let mut path = vec![start];
    for _ in 0..STEPS {
        let w = path[path.len() - 1];
        path.push(w - RATE * gradient(w));
    }
    path
}

/// A loss of one weight with two valleys, and the steps of gradient descent from either side: one ends in the local
/// minimum, the other in the global one. The steps are computed, not drawn by hand.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::minima;
///
/// assert!(minima(Lang::Es).svg().contains("mínimo global"));
/// ```
pub fn minima(lang: Lang) -> Figure {
    let description = description(&axis::fixed(RATE, 2, lang));
    Figure::laid_out(title().get(lang), description.get(lang), lang, |layout| draw(layout, lang))
}

fn draw(layout: Layout, lang: Lang) -> Scene {
    let height = layout.pick(400.0, 372.0);
    let mut scene = Scene::new(layout.width(), height);
    let plot = Area::new(34.0, 40.0, layout.width() - 52.0, height - 40.0 - 86.0);
    let (from, to) = SHOWN;
    let top = loss(from).max(loss(to));
    let at = |w: f64| {
        let x = plot.x + plot.width * (w - from) / (to - from);
        (x, plot.bottom() - 12.0 - (plot.height - 12.0) * loss(w) / top)
    };
    let axis = Stroke::new(EDGE, 1.0);
    scene.arrow((plot.x, plot.bottom() + 8.0), (plot.x, plot.y - 24.0), axis);
    scene.arrow((plot.x, plot.bottom() + 8.0), (plot.right() + 10.0, plot.bottom() + 8.0), axis);
    let curve: Vec<(f64, f64)> =
        (0..=200).map(|i| at(from + (to - from) * f64::from(i) / 200.0)).collect();
    scene.polyline(&curve, Stroke::new(INK, 2.2));
    for (start, color) in STARTS.into_iter().zip([BLUE, ORANGE]) {
        let path: Vec<(f64, f64)> = descent(start).into_iter().map(at).collect();
        // Steps too short to be told apart are left out, except the last.
        let mut seen: Vec<(f64, f64)> = vec![];
        for (i, &point) in path.iter().enumerate() {
            let far = |&(x, y): &(f64, f64)| (point.0 - x).hypot(point.1 - y) > 5.0;
            if seen.last().is_none_or(far) || i == STEPS {
                seen.push(point);
            }
        }
        for (i, &point) in seen.iter().enumerate() {
            let radius = if i == 0 { 6.0 } else { 4.2 };
            scene.circle(point, radius, Some(color), Some(Stroke::new(WHITE, 1.2)));
        }
    }
    words(&mut scene, plot, &at, layout, lang);
    scene
}

fn words(
    scene: &mut Scene,
    plot: Area,
    at: &dyn Fn(f64) -> (f64, f64),
    layout: Layout,
    lang: Lang,
) {
    let size = layout.pick(12.5, 11.5);
    let label = |x: f64, y: f64, text: &str| Label::new(x, y, text).size(size);
    let word = label(plot.x + 8.0, plot.y - 18.0, crate::text::loss().get(lang)).color(SOFT);
    scene.text(word);
    let word = label(plot.right(), plot.bottom(), weight().get(lang)).color(SOFT);
    scene.text(word.ending());
    for (w, name) in [(-2.11, global()), (1.86, local())] {
        let (x, y) = at(w);
        scene.line(
            (x, y + 9.0),
            (x, plot.bottom() + 8.0),
            Stroke::new(SOFT, 1.0).dash(Dash::Dotted),
        );
        scene.text(label(x, plot.bottom() + 26.0, name.get(lang)).centred());
    }
    for (start, side) in STARTS.into_iter().zip([1.0, -1.0]) {
        let (x, y) = at(start);
        let word = label(x + 14.0 * side, y - 4.0, first().get(lang));
        scene.text(if side > 0.0 { word } else { word.ending() });
    }
    // The arrow lies along the axis of the weight, against the slope, from the first point of the right descent.
    let (x, y) = at(STARTS[1]);
    let reach = layout.pick(96.0, 52.0);
    scene.arrow((x - 10.0, y + 22.0), (x - 10.0 - reach, y + 22.0), Stroke::new(ORANGE, 2.0));
    scene.text(label(x - 14.0 - reach, y + 22.0, minus_gradient().get(lang)).ending().level());
    let rule = rule(&axis::fixed(RATE, 2, lang));
    let foot = scene.height - 22.0;
    let text = Label::new(scene.width / 2.0, foot, rule.get(lang)).size(layout.pick(14.0, 12.0));
    scene.text(text.centred());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn each_descent_ends_in_its_own_minimum_and_the_left_one_is_lower() {
        let ends = STARTS.map(|start| *descent(start).last().expect("steps"));
        for end in ends {
            assert!(gradient(end).abs() < 0.05, "{end}: {}", gradient(end));
        }
        assert!(ends[0] < 0.0 && ends[1] > 0.0 && loss(ends[0]) < loss(ends[1]) - 1.0);
        for start in STARTS {
            let path = descent(start);
            assert!(path.windows(2).all(|pair| loss(pair[1]) <= loss(pair[0])));
            assert!(path.iter().all(|w| (SHOWN.0..=SHOWN.1).contains(w)));
        }
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        for i in -30..=30 {
            let (w, h) = (f64::from(i) / 10.0, 1e-6);
            let slope = (loss(w + h) - loss(w - h)) / (2.0 * h);
            assert!((gradient(w) - slope).abs() < 1e-6, "{w}");
        }
    }

    #[test]
    fn both_languages_fit() {
        for lang in Lang::ALL {
            check::readable(&minima(lang));
        }
    }
}

neurona_core::messages! {
    fn title() {
        en: "Local and global minimum",
        es: "Mínimo local y mínimo global",
    }
    fn description(rate: &str) {
        en: "A loss with two valleys. From the left, gradient descent with rate {rate} ends in the deeper one, the global minimum; from the right, in the local minimum.",
        es: "Una pérdida con dos valles. Desde la izquierda, el descenso por gradiente con tasa {rate} termina en el más profundo, el mínimo global; desde la derecha, en el mínimo local.",
    }
    fn weight() { en: "weight w", es: "peso w" }
    fn global() { en: "global minimum", es: "mínimo global" }
    fn local() { en: "local minimum", es: "mínimo local" }
    fn first() { en: "start", es: "inicio" }
    fn minus_gradient() { en: "−gradient", es: "−gradiente" }
    fn rule(rate: &str) {
        en: "Each dot is a step:  w ← w − {rate} · gradient",
        es: "Cada punto es un paso:  w ← w − {rate} · gradiente",
    }
}
