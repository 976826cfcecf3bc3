//! One set of axes: spines, ticks, a quiet grid, and the words beside them.

use crate::axis::{Scale, Ticks};
use crate::measure;
use crate::palette::{EDGE, GRID, INK, SOFT, WHITE};
use crate::scene::{Area, Label, Scene, Stroke};

/// The size of tick numbers.
pub(crate) const TICK: f64 = 11.0;
/// The size of the words along an axis.
pub(crate) const WORD: f64 = 12.0;
/// The height taken below a plot by ticks, their numbers and the axis' word.
pub(crate) const BELOW: f64 = 46.0;

/// What an axis shows.
#[derive(Clone, Debug)]
pub(crate) struct Axis<'a> {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) ticks: Ticks,
    pub(crate) label: &'a str,
}

/// The width that the y axis takes to the left of a plot.
pub(crate) fn left(y: &Axis<'_>) -> f64 {
    let word = if y.label.is_empty() { 0.0 } else { WORD + 10.0 };
    let number = y.ticks.labels.iter().map(|label| measure::width(label, TICK)).fold(0.0, f64::max);
    (number + 9.0 + word).ceil()
}

/// Draws the axes of a plot and returns the scales to draw in it: x, y.
pub(crate) fn axes(scene: &mut Scene, plot: Area, x: &Axis<'_>, y: &Axis<'_>) -> (Scale, Scale) {
    let xs = Scale { low: x.low, high: x.high, from: plot.x, to: plot.right() };
    let ys = Scale { low: y.low, high: y.high, from: plot.bottom(), to: plot.y };
    let spine = Stroke::new(EDGE, 1.0);
    for (&value, label) in y.ticks.values.iter().zip(&y.ticks.labels) {
        let at = ys.at(value);
        scene.line((plot.x, at), (plot.right(), at), Stroke::new(GRID, 1.0));
        scene.line((plot.x - 4.0, at), (plot.x, at), spine);
        scene.text(Label::new(plot.x - 8.0, at, label).size(TICK).color(SOFT).ending().level());
    }
    for (&value, label) in x.ticks.values.iter().zip(&x.ticks.labels) {
        let at = xs.at(value);
        scene.line((at, plot.bottom()), (at, plot.bottom() + 4.0), spine);
        let label = Label::new(at, plot.bottom() + 17.0, label);
        scene.text(label.size(TICK).color(SOFT).centred());
    }
    scene.polyline(
        &[(plot.x, plot.y), (plot.x, plot.bottom()), (plot.right(), plot.bottom())],
        spine,
    );
    let word = Label::new(plot.middle(), plot.bottom() + 38.0, x.label);
    scene.text(word.size(WORD).color(INK).centred());
    let across = plot.x - left(y) + WORD / 2.0;
    let word = measure::fit(y.label, WORD, plot.height + 40.0);
    let word = Label::new(across, plot.y + plot.height / 2.0, word);
    scene.text(word.size(WORD).color(INK).centred().level().turn(-90.0));
    (xs, ys)
}

/// Marks a y axis that does not start at zero: its line is broken near the bottom.
pub(crate) fn broken(scene: &mut Scene, plot: Area) {
    let (x, y) = (plot.x, plot.bottom() - 14.0);
    scene.rect(Area::new(x - 2.0, y, 4.0, 10.0), Some(WHITE), None);
    let zigzag =
        [(x, y), (x - 4.0, y + 2.5), (x + 4.0, y + 5.0), (x - 4.0, y + 7.5), (x, y + 10.0)];
    scene.polyline(&zigzag, Stroke::new(EDGE, 1.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::axis::ticks;
    use crate::check;
    use neurona_core::message::Lang;

    #[test]
    fn the_words_and_numbers_of_the_axes_do_not_touch() {
        for high in [1.0, 12_345.0, 3e-9, 7e12] {
            let mut scene = Scene::new(400.0, 300.0);
            let x =
                Axis { low: 0.0, high: 1.0, ticks: ticks(0.0, 1.0, 5, Lang::En), label: "época" };
            let y =
                Axis { low: 0.0, high, ticks: ticks(0.0, high, 5, Lang::Es), label: "pérdida" };
            let plot = Area::new(left(&y) + 4.0, 20.0, 250.0, 300.0 - 20.0 - BELOW);
            let (xs, ys) = axes(&mut scene, plot, &x, &y);
            assert_eq!((xs.at(0.0), ys.at(0.0)), (plot.x, plot.bottom()));
            check::no_overlap(&scene);
        }
    }
}
