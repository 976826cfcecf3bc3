//! Overfitting: the training loss keeps falling, but the validation loss turns up.

use crate::axis::{self, drawable};
use crate::ends::{self, End};
use crate::figure::Figure;
use crate::layout::Layout;
use crate::measure;
use crate::palette::{BLUE, Dash, INK, ORANGE, PALE, SOFT, WHITE};
use crate::panel::{self, Axis, BELOW};
use crate::scene::{Area, Label, Scene, Stroke};
use crate::text;
use neurona_core::message::Lang;

/// The losses of training and validation by epoch, with the epoch of the smallest validation loss
/// marked and the gap between the two at the end measured.
///
/// Losses that are not finite are gaps in the lines.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::overfitting;
///
/// let figure = overfitting(&[0.9, 0.4, 0.2, 0.1], &[0.8, 0.5, 0.6, 0.7], Lang::En);
/// assert!(figure.svg().contains("best epoch: 2"));
/// ```
pub fn overfitting(training: &[f64], validation: &[f64], lang: Lang) -> Figure {
    let best = best(validation);
    let description = match best {
        Some(best) => {
            let last = |values: &[f64]| {
                let last = values.iter().rev().find(|v| drawable(**v)).copied();
                axis::short(last.unwrap_or(f64::NAN), lang)
            };
            let least = axis::short(validation[best], lang);
            description(best + 1, &least, &last(training), &last(validation))
        }
        None => text::no_data(),
    };
    Figure::laid_out(title().get(lang), description.get(lang), lang, |layout| {
        draw(training, validation, layout, lang)
    })
}

/// The epoch, from 0, of the smallest loss.
fn best(losses: &[f64]) -> Option<usize> {
    let usable = (0..losses.len()).filter(|&i| drawable(losses[i]));
    usable.min_by(|&a, &b| losses[a].total_cmp(&losses[b]))
}

fn draw(training: &[f64], validation: &[f64], layout: Layout, lang: Lang) -> Scene {
    let height = layout.pick(380.0, 340.0);
    let mut scene = Scene::new(layout.width(), height);
    let epochs = training.len().max(validation.len());
    let found = axis::range(training.iter().chain(validation).copied());
    let (low, high) = found.unwrap_or((0.0, 1.0));
    let (loss, epoch) = (text::loss(), text::epoch());
    let y = Axis { low, high, ticks: axis::ticks(low, high, 5, lang), label: loss.get(lang) };
    let last = epochs.max(2) as f64;
    let air = (last - 1.0) * 0.02;
    let x = Axis {
        low: 1.0 - air,
        high: last + air,
        ticks: axis::whole(epochs.max(2), layout.pick(10, 5), lang),
        label: epoch.get(lang),
    };
    let left = panel::left(&y) + 8.0;
    let names = [text::training(), text::validation()].map(|name| name.get(lang).to_owned());
    let name = names.iter().map(|n| measure::width(n, ends::SIZE)).fold(0.0, f64::max);
    let right = name + 42.0;
    let top = layout.pick(46.0, 58.0);
    let plot = Area::new(left, top, scene.width - left - right, height - top - BELOW - 4.0);
    // The axes' lines belong above the shading between the curves, so their scales are made first.
    let place = |i: usize, value: f64| {
        let share = |value: f64, low: f64, high: f64| (value - low) / (high - low);
        let across = plot.x + plot.width * share(i as f64 + 1.0, x.low, x.high);
        (across, plot.bottom() - plot.height * share(value, low, high))
    };
    let line = |values: &[f64]| -> Vec<Option<(f64, f64)>> {
        let point = |(i, &value): (usize, &f64)| drawable(value).then(|| place(i, value));
        values.iter().enumerate().map(point).collect()
    };
    let (train, valid) = (line(training), line(validation));
    let best = best(validation);
    let both: Vec<_> = train.iter().zip(&valid).filter_map(|(a, b)| a.zip(*b)).collect();
    if let Some(best) = best {
        let from: Vec<_> =
            both.iter().copied().filter(|(a, _)| a.0 >= place(best, 0.0).0).collect();
        let mut outline: Vec<(f64, f64)> = from.iter().map(|pair| pair.0).collect();
        outline.extend(from.iter().rev().map(|pair| pair.1));
        if from.len() > 1 {
            scene.polygon(&outline, Some(PALE), None);
        }
    }
    panel::axes(&mut scene, plot, &x, &y);
    if found.is_none() {
        let middle = plot.y + plot.height / 2.0;
        let label = Label::new(plot.middle(), middle, text::no_data().get(lang));
        scene.text(label.size(13.0).color(SOFT).centred().level());
    }
    let strokes = [Stroke::new(BLUE, 2.2), Stroke::new(ORANGE, 2.2).dash(Dash::Dashed)];
    for (points, stroke) in [&train, &valid].into_iter().zip(strokes) {
        for run in points.split(Option::is_none) {
            let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
            scene.polyline(&run, stroke);
        }
    }
    if let Some(best) = best {
        mark_best(&mut scene, plot, place(best, validation[best]), best + 1, lang);
    }
    let mut labels: Vec<End> = vec![];
    for (points, name) in [&train, &valid].into_iter().zip(&names) {
        if let Some((_, y)) = points.iter().rev().flatten().next() {
            labels.push(End { y: *y, name: name.clone(), color: INK });
        }
    }
    if let Some((a, b)) = both.last().filter(|_| best.is_some()) {
        let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
        let (x, size) = (plot.right() + 10.0, (training.last(), validation.last()));
        if let ((Some(a), Some(b)), true) = (size, bottom - top > 16.0) {
            let bracket = [(x - 4.0, top), (x + 2.0, top), (x + 2.0, bottom), (x - 4.0, bottom)];
            scene.polyline(&bracket, Stroke::new(SOFT, 1.2));
            let size = (b - a).abs();
            let size =
                if size < 0.05 { axis::short(size, lang) } else { axis::fixed(size, 2, lang) };
            let gap = gap(&size).get(lang).to_owned();
            labels.push(End { y: f64::midpoint(top, bottom), name: gap, color: SOFT });
        }
    }
    let room = scene.width - plot.right() - 22.0;
    ends::draw(
        &mut scene,
        &labels,
        plot.right() + 20.0,
        room,
        (plot.y - 10.0, plot.bottom() + 8.0),
    );
    scene
}

/// A dashed line down to the axis, a ring around the point, and the words above.
fn mark_best(scene: &mut Scene, plot: Area, (x, y): (f64, f64), epoch: usize, lang: Lang) {
    let line = Stroke::new(INK, 1.2).dash(Dash::Dotted);
    scene.line((x, plot.y), (x, plot.bottom()), line);
    scene.circle((x, y), 5.5, Some(WHITE), Some(Stroke::new(INK, 2.0)));
    let words = best_epoch(epoch);
    let half = measure::width(words.get(lang), 12.0) / 2.0;
    let x = x.clamp(half + 6.0, (scene.width - half - 6.0).max(half + 6.0));
    let label = Label::new(x, plot.y - 26.0, words.get(lang)).size(12.0);
    scene.text(label.centred());
    let label = Label::new(x, plot.y - 10.0, least_validation().get(lang)).size(11.0).color(SOFT);
    let half = measure::width(&label.text, 11.0) / 2.0;
    let x = x.clamp(half + 6.0, (scene.width - half - 6.0).max(half + 6.0));
    scene.text(Label { x, ..label }.centred());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn the_best_epoch_is_that_of_the_smallest_validation_loss() {
        assert_eq!(best(&[0.9, 0.4, f64::NAN, 0.3, 0.5]), Some(3));
        assert_eq!(best(&[0.3, 0.3]), Some(0));
        assert_eq!(best(&[f64::INFINITY]), None);
    }

    #[test]
    fn any_losses_make_a_tidy_figure() {
        let train: Vec<f64> = (0..40).map(|i| 2.0 * (-f64::from(i) / 8.0).exp() + 0.02).collect();
        let valid: Vec<f64> = (0..40)
            .map(|i| 2.0 * (-f64::from(i) / 6.0).exp() + 0.4 + f64::from(i) * 0.01)
            .collect();
        for lang in Lang::ALL {
            check::readable(&overfitting(&train, &valid, lang));
            assert!(
                overfitting(&train, &valid, lang)
                    .svg()
                    .contains(best_epoch(super::best(&valid).expect("a best") + 1).get(lang))
            );
            let nan = [f64::NAN; 3];
            let cases: [(&[f64], &[f64]); 6] = [
                (&[], &[]),
                (&[1.0], &[2.0]),
                (&train, &[]),
                (&nan, &nan),
                (&train[..5], &valid),
                (&valid, &train),
            ];
            for (train, valid) in cases {
                check::figure(&overfitting(train, valid, lang));
            }
        }
    }
}

neurona_core::messages! {
    fn title() { en: "Overfitting", es: "Sobreajuste" }
    fn description(epoch: usize, least: &str, training: &str, validation: &str) {
        en: "The loss of validation is smallest in epoch {epoch}, at {least}; at the end it is {validation}, and that of training {training}.",
        es: "La pérdida de validación es mínima en la época {epoch}, con {least}; al final es {validation}, y la de entrenamiento, {training}.",
    }
    fn best_epoch(epoch: usize) { en: "best epoch: {epoch}", es: "mejor época: {epoch}" }
    fn least_validation() {
        en: "smallest validation loss",
        es: "menor pérdida de validación",
    }
    fn gap(size: &str) { en: "gap: {size}", es: "brecha: {size}" }
}
