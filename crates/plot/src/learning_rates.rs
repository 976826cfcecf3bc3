//! The same training with several learning rates: too small, right, too large.

use crate::axis::{self, Ticks, drawable};
use crate::ends::{self, End};
use crate::figure::Figure;
use crate::layout::Layout;
use crate::measure;
use crate::palette::{Color, Dash, INK, SERIES, SOFT};
use crate::panel::{self, Axis, BELOW};
use crate::scene::{Area, Label, Scene, Stroke};
use crate::text;
use neurona_core::message::{Lang, Say, Text};

/// The loss by step for each learning rate, on one pair of axes, each line named at its end.
///
/// The rate with the smallest loss at the end is called right, smaller ones too small and larger
/// ones too large. Losses are shown by powers of ten if they differ by a factor of more than
/// twenty. A line that rises far above where the trainings start, or is no longer finite, leaves
/// the panel with an arrow.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::learning_rates;
///
/// let run = |rate: f64| (rate, (0..20).map(|i| (1.0 - rate).powi(i).abs()).collect());
/// let figure = learning_rates(&[run(0.01), run(0.5), run(2.2)], Lang::En);
/// assert!(figure.svg().contains("too large"));
/// ```
pub fn learning_rates(runs: &[(f64, Vec<f64>)], lang: Lang) -> Figure {
    let described: Vec<String> = named(runs, lang).into_iter().map(|(name, _)| name).collect();
    let description = match described[..] {
        [] => text::no_data(),
        _ => description(&described.join("; ")),
    };
    Figure::laid_out(title().get(lang), description.get(lang), lang, |layout| {
        draw(runs, layout, lang)
    })
}

/// What each rate is called, and its style: the right one is the first series.
fn named(runs: &[(f64, Vec<f64>)], lang: Lang) -> Vec<(String, (Color, Dash))> {
    let end = |losses: &[f64]| losses.last().copied().filter(|&v| drawable(v));
    let usable = runs.iter().filter_map(|(rate, losses)| Some((*rate, end(losses)?)));
    let right = usable.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(rate, _)| rate);
    let name = |&(rate, _): &(f64, Vec<f64>)| {
        let (kind, style): (Text, usize) = match right {
            Some(right) if rate < right => (too_small(), 2),
            Some(right) if rate > right => (too_large(), 1),
            Some(_) => (just_right(), 0),
            None => (too_large(), 1),
        };
        let name = rate_is(&rate.say(lang), kind.get(lang)).get(lang).to_owned();
        (name, (SERIES[style].0, SERIES[style].1))
    };
    runs.iter().map(name).collect()
}

/// The least and the greatest loss shown, and whether they are shown by powers of ten.
fn range(runs: &[(f64, Vec<f64>)]) -> Option<(f64, f64, bool)> {
    let starts = runs.iter().filter_map(|(_, losses)| losses.first().copied());
    let start = starts.filter(|&v| drawable(v)).fold(f64::MIN, f64::max);
    // Above this a training has failed, and how far does not matter.
    let most = if start > 0.0 { start * 1.5 } else { f64::MAX };
    let shown = runs.iter().flat_map(|(_, losses)| losses.iter().copied());
    let shown: Vec<f64> = shown.filter(|&v| drawable(v) && v <= most).collect();
    let low = shown.iter().copied().fold(f64::MAX, f64::min);
    let high = shown.iter().copied().fold(f64::MIN, f64::max);
    if low > 0.0 && high > low * 20.0 {
        // A loss of almost nothing would press the rest together.
        let low = low.max(high * 1e-6);
        return Some((low.log10() - 0.1, high.log10() + 0.1, true));
    }
    axis::range(shown.into_iter()).map(|(low, high)| (low, high, false))
}

fn draw(runs: &[(f64, Vec<f64>)], layout: Layout, lang: Lang) -> Scene {
    let names = named(runs, lang);
    let legend = layout.pick(0.0, 24.0 * runs.len() as f64);
    let height = layout.pick(390.0, 340.0 + legend);
    let mut scene = Scene::new(layout.width(), height);
    let found = range(runs);
    let (low, high, powers) = found.unwrap_or((0.0, 1.0, false));
    let ticks = if powers {
        plain(axis::powers(low, high, 6), lang)
    } else {
        axis::ticks(low, high, 5, lang)
    };
    let loss_word = text::loss();
    let y = Axis { low, high, ticks, label: loss_word.get(lang) };
    let steps = runs.iter().map(|(_, losses)| losses.len()).max().unwrap_or(0).max(2);
    let step_word = step();
    let last = (steps - 1) as f64;
    let ticks = axis::ticks(0.0, last, layout.pick(8, 5), lang);
    let x = Axis { low: 0.0, high: last, ticks, label: step_word.get(lang) };
    let left = panel::left(&y) + 8.0;
    let right = layout.pick(178.0, 14.0);
    let top = 26.0 + legend;
    let plot = Area::new(left, top, scene.width - left - right, height - top - BELOW - 4.0);
    let (xs, ys) = panel::axes(&mut scene, plot, &x, &y);
    if found.is_none() {
        let middle = plot.y + plot.height / 2.0;
        let label = Label::new(plot.middle(), middle, text::no_data().get(lang));
        scene.text(label.size(13.0).color(SOFT).centred().level());
    }
    let place = |i: usize, loss: f64| {
        let value = if powers { loss.max(1e-300).log10().max(low) } else { loss };
        (xs.at(i as f64), ys.at(value))
    };
    let mut ends: Vec<End> = vec![];
    for ((_, losses), (name, (color, dash))) in runs.iter().zip(&names) {
        let stroke = Stroke::new(*color, 2.2).dash(*dash);
        let points =
            losses.iter().enumerate().map(|(i, &loss)| drawable(loss).then(|| place(i, loss)));
        let (inside, left_at) = until_it_leaves(points, plot, xs.at(1.0) - xs.at(0.0));
        scene.polyline(&inside, stroke);
        if let Some(x) = left_at {
            scene.arrow((x, plot.y + 10.0), (x, plot.y - 14.0), Stroke::new(*color, 2.2));
        }
        match (left_at, inside.last()) {
            (Some(x), _) if layout == Layout::Wide => {
                let label = Label::new(x + 12.0, plot.y - 8.0, name.as_str()).size(ends::SIZE);
                let room = scene.width - x - 14.0;
                let size = measure::size_for(name, room, 11.0, ends::SIZE);
                scene.text(label.size(size));
            }
            (_, Some(&(_, y))) => ends.push(End { y, name: name.clone(), color: INK }),
            _ => {}
        }
    }
    match layout {
        Layout::Wide => {
            let heights = (plot.y, plot.bottom() + 8.0);
            ends::draw(&mut scene, &ends, plot.right() + 12.0, right - 18.0, heights);
        }
        Layout::Narrow => {
            for (i, (name, (color, dash))) in names.iter().enumerate() {
                let y = 16.0 + 22.0 * i as f64;
                let line = Stroke::new(*color, 2.2).dash(*dash);
                scene.line((plot.x, y), (plot.x + 34.0, y), line);
                scene.text(Label::new(plot.x + 42.0, y, name.as_str()).size(ends::SIZE).level());
            }
        }
    }
    scene
}

/// Ticks at powers of ten with their numbers written out, as far as that keeps them short.
fn plain(ticks: Ticks, lang: Lang) -> Ticks {
    if ticks.values.iter().any(|exponent| !(-4.0..5.0).contains(exponent)) {
        return ticks;
    }
    let label = |exponent: &f64| {
        let decimals = (-exponent.floor()).max(0.0) as usize;
        axis::fixed(10_f64.powf(*exponent), decimals, lang)
    };
    Ticks { labels: ticks.values.iter().map(label).collect(), ..ticks }
}

/// A line as far as it stays in the plot, and where it leaves it through the top: where it crosses
/// the edge, or after the last number.
fn until_it_leaves(
    points: impl Iterator<Item = Option<(f64, f64)>>,
    plot: Area,
    step: f64,
) -> (Vec<(f64, f64)>, Option<f64>) {
    let mut inside: Vec<(f64, f64)> = vec![];
    for point in points {
        let before = inside.last().copied();
        match point {
            Some((x, y)) if y >= plot.y => inside.push((x, y)),
            Some((x, y)) => {
                let cross = before.map_or(x, |(bx, by)| bx + (x - bx) * (by - plot.y) / (by - y));
                inside.push((cross, plot.y));
                return (inside, Some(cross));
            }
            None => {
                let x = before.map_or(plot.x, |(x, _)| (x + step * 0.4).min(plot.right()));
                inside.push((x, plot.y));
                return (inside, Some(x));
            }
        }
    }
    (inside, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    /// Gradient descent on w².
    fn run(rate: f64, steps: i32) -> (f64, Vec<f64>) {
        (rate, (0..steps).map(|i| (1.0 - 2.0 * rate).powi(2 * i) * 4.0).collect())
    }

    #[test]
    fn the_right_rate_is_the_one_that_ends_lowest() {
        let names = named(&[run(0.01, 30), run(0.4, 30), run(1.1, 30)], Lang::En);
        let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["rate 0.01: too small", "rate 0.4: right", "rate 1.1: too large"]);
    }

    #[test]
    fn a_loss_that_explodes_leaves_with_an_arrow() {
        let plot = Area::new(0.0, 0.0, 100.0, 100.0);
        let points = [Some((0.0, 50.0)), Some((10.0, -50.0)), Some((20.0, 5.0))];
        let (inside, left) = until_it_leaves(points.into_iter(), plot, 10.0);
        assert_eq!((inside, left), (vec![(0.0, 50.0), (5.0, 0.0)], Some(5.0)));
        let (_, left) = until_it_leaves([Some((0.0, 50.0)), None].into_iter(), plot, 10.0);
        assert_eq!(left, Some(4.0));
    }

    #[test]
    fn any_runs_make_a_tidy_figure() {
        let nan = || (0.3, vec![f64::NAN; 4]);
        for lang in Lang::ALL {
            check::readable(&learning_rates(&[run(0.01, 30), run(0.4, 30), run(1.1, 30)], lang));
            for runs in [
                &[][..],
                &[nan()],
                &[run(0.1, 1)],
                &[run(0.1, 5), run(0.1, 9), nan(), (7.0, vec![])],
                &[(0.1, vec![1.0, 0.9]), (0.2, vec![1.0, f64::INFINITY])],
                &[(0.1, vec![-1.0, -2.0])],
            ] {
                check::figure(&learning_rates(runs, lang));
            }
        }
    }
}

neurona_core::messages! {
    fn title() { en: "Three learning rates", es: "Tres tasas de aprendizaje" }
    fn description(names: &str) {
        en: "Line chart of the loss by step, on the same axes. {names}.",
        es: "Gráfico de líneas de la pérdida por paso, en los mismos ejes. {names}.",
    }
    fn step() { en: "step", es: "paso" }
    fn rate_is(rate: &str, kind: &str) { en: "rate {rate}: {kind}", es: "tasa {rate}: {kind}" }
    fn too_small() { en: "too small", es: "demasiado pequeña" }
    fn just_right() { en: "right", es: "adecuada" }
    fn too_large() { en: "too large", es: "demasiado grande" }
}
