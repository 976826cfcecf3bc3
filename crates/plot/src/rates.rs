//! The loss at ever larger learning rates, and the rate that a search suggests.

use crate::axis::{self, drawable};
use crate::curves::heading;
use crate::figure::Figure;
use crate::layout::{Layout, NARROW};
use crate::measure;
use crate::palette::{BLUE, Dash, ORANGE, SOFT, WHITE};
use crate::panel::{self, Axis, BELOW, TICK};
use crate::scene::{Area, Label, Scene, Stroke};
use crate::text;
use neurona_core::message::{Lang, Text};

/// The results of a search for a learning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateSearch<'a> {
    /// The learning rates, each above 0 and above the one before.
    pub rates: &'a [f64],
    /// The loss at each.
    pub losses: &'a [f64],
    /// The smoothed loss at each.
    pub smoothed: &'a [f64],
    /// The rate to mark, if one was found.
    pub suggestion: Option<f64>,
}

/// The loss by learning rate, 660 by 420 pixels, or 340 wide on a telephone: rates by powers of ten, the smoothed loss in
/// front of the loss of each batch, and a dashed line where a search suggests a rate.
///
/// Batches far above the smoothed loss, which a search that diverges has at its end, are left out.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::{RateSearch, rate_search};
/// let rates = [1e-4, 1e-3, 1e-2, 1e-1];
/// let losses = [2.0, 1.9, 1.0, 3.0];
/// let search = RateSearch { rates: &rates, losses: &losses, smoothed: &losses, suggestion: Some(1e-2) };
/// assert!(rate_search(search, Lang::Es).svg().contains("tasa de aprendizaje"));
/// ```
pub fn rate_search(search: RateSearch<'_>, lang: Lang) -> Figure {
    let title = text::rates_title();
    let described = match search.suggestion {
        Some(rate) => text::rates_text(&axis::short(rate, lang)),
        None => text::rates_text_without(),
    };
    Figure::laid_out(title.get(lang), described.get(lang), lang, |layout| {
        draw(search, layout, lang)
    })
}

fn draw(search: RateSearch<'_>, layout: Layout, lang: Lang) -> Scene {
    let RateSearch { rates, losses, smoothed, suggestion } = search;
    let (width, height) = layout.pick((660.0, 420.0), (NARROW, 390.0));
    let mut scene = Scene::new(width, height);
    let (title, loss, rate) = (text::rates_title(), text::loss(), text::learning_rate());
    let mut entries =
        vec![(smoothed_stroke(), text::smoothed_loss()), (batch_stroke(), text::batch_loss())];
    if let Some(rate) = suggestion {
        entries.push((suggestion_stroke(), text::suggested_rate(&axis::short(rate, lang))));
    }
    let legend_height = layout.pick(36.0, 14.0 + LEGEND_ROW * entries.len() as f64);
    let top = heading(&mut scene, title.get(lang), width / 2.0) + legend_height;
    let found = losses_shown(losses, smoothed);
    let (low, high) = found.unwrap_or((0.0, 1.0));
    let height = height - 14.0 - BELOW - top;
    let y = Axis {
        low,
        high,
        ticks: axis::ticks(low, high, (height / 48.0) as usize, lang),
        label: loss.get(lang),
    };
    let (from, to) = exponents(rates);
    let ticks = axis::powers(from, to, layout.pick(10, 5));
    let x = Axis { low: from, high: to, ticks, label: rate.get(lang) };
    let left = panel::left(&y);
    let (side, right) = layout.pick((20.0, 24.0), (6.0, 14.0));
    let plot = Area::new(side + left, top, width - side - right - left, height);
    let (xs, ys) = panel::axes(&mut scene, plot, &x, &y);
    let middle = plot.y + plot.height / 2.0;
    if found.is_none() {
        let label = Label::new(plot.middle(), middle, text::no_data().get(lang));
        scene.text(label.size(13.0).color(SOFT).centred().level());
    }
    let place = |(&rate, &loss): (&f64, &f64)| {
        let inside = rate > 0.0 && drawable(rate) && (low..=high).contains(&loss);
        inside.then(|| (xs.at(rate.log10()), ys.at(loss)))
    };
    let strokes = [batch_stroke(), smoothed_stroke()];
    for (values, stroke) in [losses, smoothed].into_iter().zip(strokes) {
        let points: Vec<_> = rates.iter().zip(values).map(place).collect();
        for run in points.split(Option::is_none).filter(|run| run.len() > 1) {
            let run: Vec<(f64, f64)> = run.iter().copied().flatten().collect();
            scene.polyline(&run, stroke);
        }
    }
    if let Some(rate) = suggestion {
        let at = xs.at(rate.log10());
        scene.line((at, plot.y), (at, plot.bottom()), suggestion_stroke());
        let loss = rates.iter().position(|r| *r == rate).and_then(|i| smoothed.get(i));
        if let Some((x, y)) = loss.and_then(|loss| place((&rate, loss))) {
            scene.circle((x, y), 5.0, Some(ORANGE), Some(Stroke::new(WHITE, 1.5)));
        }
    }
    legend(&mut scene, &entries, (plot.x, top - legend_height + 14.0), layout, lang);
    scene
}

/// The distance from one entry of the legend to the next below it.
const LEGEND_ROW: f64 = 20.0;

/// The range of the smoothed losses, and of the losses of batches that are not far above them.
fn losses_shown(losses: &[f64], smoothed: &[f64]) -> Option<(f64, f64)> {
    let (low, high) = axis::range(smoothed.iter().copied())?;
    let most = high + (high - low) * 0.25;
    axis::range(smoothed.iter().chain(losses).copied().filter(|loss| *loss <= most))
}

/// The powers of ten between which the rates lie, with some air.
fn exponents(rates: &[f64]) -> (f64, f64) {
    let usable = rates.iter().filter(|rate| **rate > 0.0 && drawable(**rate));
    let exponents: Vec<f64> = usable.map(|rate| rate.log10()).collect();
    let low = exponents.iter().copied().fold(f64::MAX, f64::min);
    let high = exponents.iter().copied().fold(f64::MIN, f64::max);
    let (low, high) = match exponents[..] {
        [] => (-3.0, 0.0),
        _ if low < high => (low, high),
        _ => (low - 1.0, low + 1.0),
    };
    let air = (high - low) * 0.025;
    (low - air, high + air)
}

fn legend(
    scene: &mut Scene,
    entries: &[(Stroke, Text)],
    (x, y): (f64, f64),
    layout: Layout,
    lang: Lang,
) {
    let (mut at, mut y) = (x, y);
    for (stroke, name) in entries {
        let name = name.get(lang);
        scene.line((at, y), (at + 30.0, y), *stroke);
        scene.text(Label::new(at + 37.0, y, name).size(TICK).level());
        match layout {
            Layout::Wide => at += 60.0 + measure::width(name, TICK),
            Layout::Narrow => y += LEGEND_ROW,
        }
    }
}

fn smoothed_stroke() -> Stroke {
    Stroke::new(BLUE, 2.4)
}

fn batch_stroke() -> Stroke {
    Stroke::new(BLUE, 1.0).opacity(0.35)
}

fn suggestion_stroke() -> Stroke {
    Stroke::new(ORANGE, 1.4).dash(Dash::Dashed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn any_search_makes_a_tidy_picture() {
        let rates: Vec<f64> = (0..100).map(|i| 10f64.powf(f64::from(i) * 0.08 - 7.0)).collect();
        let losses: Vec<f64> = rates.iter().map(|r| 2.3 / (1.0 + 50.0 * r) + r * r).collect();
        let nan = [f64::NAN; 3];
        let cases: [(&[f64], &[f64], Option<f64>); 6] = [
            (&rates, &losses, Some(rates[60])),
            (&rates[..2], &losses[..2], None),
            (&rates[..1], &losses[..1], Some(rates[0])),
            (&rates[60..66], &losses[60..66], Some(rates[61])),
            (&rates[..3], &nan, None),
            (&[], &[], None),
        ];
        for lang in Lang::ALL {
            for (rates, losses, suggestion) in cases {
                let search = RateSearch { rates, losses, smoothed: losses, suggestion };
                check::figure(&rate_search(search, lang));
            }
        }
    }
}
