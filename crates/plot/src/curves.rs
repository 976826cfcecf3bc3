//! One value per epoch as lines: the loss, the accuracy, any metric.

use crate::axis::{self, drawable};
use crate::figure::Figure;
use crate::layout::{NARROW, WIDE};
use crate::measure;
use crate::palette::{Color, Dash, INK, Marker, SERIES, SOFT, WHITE};
use crate::panel::{self, Axis, BELOW, TICK};
use crate::scene::{Area, Label, Scene, Stroke};
use crate::text;
use neurona_core::message::Lang;

/// One line of a chart: a name, and a value for each epoch from the first on.
///
/// A value that is not finite is a gap in the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Series<'a> {
    /// What the legend calls it.
    pub name: &'a str,
    /// The value after each epoch.
    pub values: &'a [f64],
}

/// With more epochs than this, markers would cover the line.
const FEW: usize = 30;

/// The height of a line in the legend.
const ROW: f64 = 20.0;
/// The farthest that the legend starts from the left of a chart: over the axis, if its numbers are short.
const LEGEND_LEFT: f64 = 60.0;
/// The length of a line in the legend: three dashes, the middle one under the marker.
const SAMPLE: f64 = 33.0;

/// A line chart of values by epoch, 660 by 420 pixels, or 340 wide on a telephone.
///
/// Each series has its own colour, dash and marker; the legend stands above the plot, so it never
/// covers a line. Without any finite value the axes are drawn with the words "no data".
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::{Series, curves};
///
/// let series = [
///     Series { name: "training", values: &[2.3, 0.9, 0.4] },
///     Series { name: "validation", values: &[1.9, 0.8, f64::NAN] },
/// ];
/// let svg = curves("Loss by epoch", "loss", &series, Lang::En).svg();
/// assert!(svg.contains("validation"));
/// ```
pub fn curves(title: &str, y_label: &str, series: &[Series<'_>], lang: Lang) -> Figure {
    let lines = series.iter().map(|s| (s.name.to_owned(), s.values)).collect();
    let chart = Chart { y_label: y_label.to_owned(), lines };
    let name = if title.is_empty() { y_label } else { title };
    Figure::laid_out(name, chart.describe(lang), lang, |layout| {
        let (width, height) = layout.pick((660.0, 420.0), (NARROW, 340.0));
        let mut scene = Scene::new(width, height);
        let top = heading(&mut scene, title, width / 2.0);
        let side = layout.pick(20.0, 6.0);
        let area =
            Area::new(side, top, width - side - layout.pick(24.0, 10.0), height - top - 14.0);
        chart.draw(&mut scene, area, lang);
        scene
    })
}

/// The loss and the metrics by epoch, in two panels: side by side, 744 by 360 pixels, or on a telephone one below the
/// other.
///
/// The names follow Keras: if all series of a panel are one quantity and its `val_` twin,
/// the quantity names the axis and the legend says "training" and "validation". Other names appear
/// as they are. Without metrics only the loss is drawn. An axis that does not start at zero starts at one
/// of its numbers, and its line is broken.
///
/// See the [crate's example](crate).
pub fn history(loss: &[Series<'_>], metrics: &[Series<'_>], lang: Lang) -> Figure {
    let charts: Vec<Chart<'_>> = [(loss, text::loss()), (metrics, text::metric())]
        .into_iter()
        .filter(|(series, _)| !series.is_empty())
        .map(|(series, word)| Chart::of_quantities(series, word.get(lang), lang))
        .collect();
    if charts.is_empty() {
        return curves("", text::loss().get(lang), &[], lang);
    }
    let description: Vec<String> = charts.iter().map(|chart| chart.describe(lang)).collect();
    let title = text::history_title();
    Figure::laid_out(title.get(lang), description.join(" "), lang, |layout| {
        let (width, height) = layout.pick((WIDE / 2.0, 360.0), (NARROW, 300.0));
        let step = layout.pick((width, 0.0), (0.0, height));
        let last = (charts.len() - 1) as f64;
        let mut scene = Scene::new(width + step.0 * last, height + step.1 * last);
        for (i, chart) in charts.iter().enumerate() {
            let (x, y) = (step.0 * i as f64, step.1 * i as f64);
            let area = Area::new(x + 8.0, y + 20.0, width - 24.0, height - 32.0);
            chart.draw(&mut scene, area, lang);
        }
        scene
    })
}

/// Draws a figure's title, if it has one, over the middle of what it names. Returns where the rest
/// may start.
pub(crate) fn heading(scene: &mut Scene, title: &str, middle: f64) -> f64 {
    if title.is_empty() {
        return 22.0;
    }
    let room = 2.0 * middle.min(scene.width - middle) - 24.0;
    let size = measure::size_for(title, room, 11.0, 15.0);
    let title = measure::fit(title, size, room);
    scene.text(Label::new(middle, 32.0, title).size(size).color(INK).centred());
    52.0
}

struct Chart<'a> {
    y_label: String,
    lines: Vec<(String, &'a [f64])>,
}

impl<'a> Chart<'a> {
    /// A chart of Keras' histories, with their names in the reader's words.
    fn of_quantities(series: &[Series<'a>], several: &str, lang: Lang) -> Chart<'a> {
        let base = |name: &'a str| name.strip_prefix("val_").unwrap_or(name);
        let first = series.first().map_or("", |s| base(s.name));
        let one_quantity = series.len() <= 2 && series.iter().all(|s| base(s.name) == first);
        let y_label = match first {
            _ if !one_quantity => several.to_owned(),
            "loss" => text::loss().get(lang).to_owned(),
            "acc" => text::accuracy().get(lang).to_owned(),
            name if name.ends_with("accuracy") => text::accuracy().get(lang).to_owned(),
            name => name.replace('_', " "),
        };
        let lines = series.iter().map(|s| {
            let name = match (one_quantity, s.name.starts_with("val_")) {
                (true, true) => text::validation().get(lang).to_owned(),
                // On its own, a line needs no name besides its axis's.
                (true, false) if series.len() == 1 => y_label.clone(),
                (true, false) => text::training().get(lang).to_owned(),
                (false, _) => s.name.to_owned(),
            };
            (name, s.values)
        });
        let lines = lines.collect();
        Chart { y_label, lines }
    }

    fn draw(&self, scene: &mut Scene, area: Area, lang: Lang) {
        let epochs = self.lines.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
        let found = axis::range(self.lines.iter().flat_map(|(_, values)| values.iter().copied()));
        let legend = self.legend(area.width);
        let top = area.y + ROW * legend.len() as f64 + if legend.is_empty() { 0.0 } else { 11.0 };
        let height = area.bottom() - top - BELOW;
        let target = (height / 48.0) as usize;
        let (low, high) = axis::from_a_tick(found.unwrap_or((0.0, 1.0)), target, lang);
        let ticks = axis::ticks(low, high, target, lang);
        let y = Axis { low, high, ticks, label: &self.y_label };
        let left = panel::left(&y);
        let plot = Area::new(area.x + left, top, area.width - left, height);
        let last = epochs.max(1) as f64;
        let epoch = text::epoch();
        // Air on both sides keeps the markers of the first and last epochs off the frame.
        let air = if epochs <= 1 { 0.5 } else { (last - 1.0) * 0.025 };
        let x = Axis {
            low: 1.0 - air,
            high: last + air,
            ticks: axis::whole(epochs.max(1), (plot.width / 40.0) as usize, lang),
            label: epoch.get(lang),
        };
        let (xs, ys) = panel::axes(scene, plot, &x, &y);
        if low > 0.0 {
            panel::broken(scene, plot);
        }
        if found.is_none() {
            let label =
                Label::new(plot.middle(), plot.y + plot.height / 2.0, text::no_data().get(lang));
            scene.text(label.size(13.0).color(SOFT).centred().level());
        }
        for (i, (_, values)) in self.lines.iter().enumerate() {
            let place = |(epoch, &value): (usize, &f64)| {
                drawable(value).then(|| (xs.at(epoch as f64 + 1.0), ys.at(value)))
            };
            let points: Vec<_> = values.iter().enumerate().map(place).collect();
            line(scene, &points, SERIES[i % SERIES.len()], epochs <= FEW);
        }
        self.draw_legend(scene, &legend, plot.x.min(area.x + LEGEND_LEFT), area.y);
    }

    /// The rows of the legend: for each entry its series, its cut name and how far right it starts.
    fn legend(&self, room: f64) -> Vec<Vec<(usize, String, f64)>> {
        if self.lines.len() < 2 && self.lines.iter().all(|(name, _)| *name == self.y_label) {
            return vec![];
        }
        let room = room - LEGEND_LEFT;
        let mut rows: Vec<Vec<(usize, String, f64)>> = vec![];
        let mut used = f64::INFINITY;
        for (i, (name, _)) in self.lines.iter().enumerate() {
            let name = measure::fit(name, TICK, room - SAMPLE - 12.0);
            let width = SAMPLE + 8.0 + measure::width(&name, TICK);
            if used + width > room {
                rows.push(vec![]);
                used = 0.0;
            }
            if let Some(row) = rows.last_mut() {
                row.push((i, name, used));
            }
            used += width + 22.0;
        }
        rows
    }

    fn draw_legend(
        &self,
        scene: &mut Scene,
        rows: &[Vec<(usize, String, f64)>],
        left: f64,
        top: f64,
    ) {
        for (row, entries) in rows.iter().enumerate() {
            let y = top + ROW * (row as f64 + 0.5);
            for (i, name, from) in entries {
                let style = SERIES[i % SERIES.len()];
                let x = left + from;
                let few = self.lines.iter().all(|(_, values)| values.len() <= FEW);
                line(scene, &[Some((x, y)), Some((x + SAMPLE, y))], style, false);
                if few {
                    marker(scene, (x + SAMPLE / 2.0, y), style.2, style.0);
                }
                scene.text(Label::new(x + SAMPLE + 8.0, y, name).size(TICK).level());
            }
        }
    }

    /// The chart in words: each series from its first value to its last.
    fn describe(&self, lang: Lang) -> String {
        let names = self.lines.iter().map(|(name, values)| {
            let mut finite = values.iter().copied().filter(|&value| drawable(value));
            match (finite.next(), finite.next_back()) {
                (Some(first), Some(last)) => {
                    let (first, last) = (axis::short(first, lang), axis::short(last, lang));
                    text::from_to(name, &first, &last).get(lang).to_owned()
                }
                (Some(only), None) => format!("{name}, {}", axis::short(only, lang)),
                _ => format!("{name}, {}", text::no_data().get(lang)),
            }
        });
        let names: Vec<String> = names.collect();
        text::chart(&self.y_label, &names.join("; ")).get(lang).to_owned()
    }
}

/// A line with gaps. A point with a gap on both sides always gets a marker: it has no line to show
/// it.
fn line(
    scene: &mut Scene,
    points: &[Option<(f64, f64)>],
    (color, dash, shape): (Color, Dash, Marker),
    markers: bool,
) {
    for run in points.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
        if run.len() > 1 {
            scene.polyline(&run, Stroke::new(color, 2.0).dash(dash));
        }
        if markers || run.len() == 1 {
            for &point in &run {
                marker(scene, point, shape, color);
            }
        }
    }
}

/// A point, with a white rim that keeps it apart from the lines it lies on.
fn marker(scene: &mut Scene, (x, y): (f64, f64), shape: Marker, color: Color) {
    let rim = Some(Stroke::new(WHITE, 1.0));
    let mut corners = |corners: &[(f64, f64)]| {
        let points: Vec<(f64, f64)> = corners.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
        scene.polygon(&points, Some(color), rim);
    };
    match shape {
        Marker::Circle => scene.circle((x, y), 4.0, Some(color), rim),
        Marker::Square => corners(&[(-3.7, -3.7), (3.7, -3.7), (3.7, 3.7), (-3.7, 3.7)]),
        Marker::Triangle => corners(&[(0.0, -4.8), (4.6, 3.4), (-4.6, 3.4)]),
        Marker::Diamond => corners(&[(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use crate::scene::{Anchor, Shape};

    #[test]
    fn any_numbers_make_a_tidy_chart() {
        let nan = f64::NAN;
        let long: Vec<f64> = (0..1000).map(|i| (-f64::from(i) / 100.0).exp()).collect();
        let cases: [&[&[f64]]; 10] = [
            &[],
            &[&[]],
            &[&[0.5]],
            &[&[1.0, 1.0, 1.0]],
            &[&[0.0, 0.0]],
            &[&[nan, nan], &[f64::INFINITY]],
            &[&[1.0, nan, 3.0, nan, nan, 2.0, 2.5]],
            &[&[1e12, 2e12], &[-1e12]],
            &[&[1e-9, 3e-9, 2e-9]],
            &[&long, &long[..30]],
        ];
        for lang in Lang::ALL {
            for values in cases {
                let names = ["training & more", "<validation>"];
                let series: Vec<Series<'_>> = values
                    .iter()
                    .zip(names)
                    .map(|(values, name)| Series { name, values })
                    .collect();
                check::figure(&curves("a < b & \"c\"", "pérdida", &series, lang));
            }
        }
    }

    #[test]
    fn histories_speak_the_readers_language() {
        let loss = [
            Series { name: "loss", values: &[0.9, 0.5] },
            Series { name: "val_loss", values: &[0.8, 0.6] },
        ];
        let accuracy = [Series { name: "sparse_categorical_accuracy", values: &[0.7, 0.8] }];
        let figure = history(&loss, &accuracy, Lang::Es);
        check::figure(&figure);
        let svg = figure.svg();
        for word in ["pérdida", "exactitud", "época", "validación", "entrenamiento", "0,2"] {
            assert!(svg.contains(&format!(">{word}<")), "{word}");
        }
        assert_eq!(figure.svg(), history(&loss, &accuracy, Lang::Es).svg());
        check::figure(&history(&loss, &[], Lang::En));
        check::figure(&history(&[], &[], Lang::En));
    }

    #[test]
    fn a_single_line_has_no_legend() {
        let loss = [Series { name: "loss", values: &[1.94, 1.37, 1.02, 0.82, 0.69] }];
        let accuracy = [Series { name: "accuracy", values: &[0.48, 0.67, 0.77, 0.82, 0.84] }];
        for lang in Lang::ALL {
            let figure = history(&loss, &accuracy, lang);
            check::readable(&figure);
            assert!(!figure.svg().contains(&format!(">{}<", text::training().get(lang))));
            // Once in words along the axis, and once in the description.
            assert_eq!(figure.svg().matches(&format!(">{}<", text::loss().get(lang))).count(), 1);
        }
    }

    #[test]
    fn an_axis_starts_at_zero_or_says_that_it_does_not() {
        // The number beside the lowest tick, and how many lines of five points there are: only a zigzag has them.
        let start = |values: &[f64]| {
            let figure = history(&[], &[Series { name: "accuracy", values }], Lang::En);
            let (mut lowest, mut zigzags) = ((f64::MIN, String::new()), 0);
            for shape in &figure.scene().shapes {
                match shape {
                    Shape::Text(label) if label.anchor == Anchor::End && label.y > lowest.0 => {
                        lowest = (label.y, label.text.clone());
                    }
                    Shape::Path { segments, .. } if segments.len() == 5 => zigzags += 1,
                    _ => {}
                }
            }
            (lowest.1, zigzags)
        };
        assert_eq!(start(&[0.48, 0.84]), ("0.0".to_owned(), 0));
        assert_eq!(start(&[0.931, 0.978]), ("0.92".to_owned(), 1));
        assert_eq!(start(&[-0.9, -0.5]).1, 0);
    }

    #[test]
    fn several_quantities_keep_their_names() {
        let metrics = [
            Series { name: "accuracy", values: &[0.5, 0.6] },
            Series { name: "precision", values: &[0.5, 0.6] },
        ];
        let svg = history(&metrics, &metrics, Lang::En).svg();
        assert!(svg.contains(">precision<") && svg.contains(">metric<"));
    }

    #[test]
    fn many_series_wrap_the_legend() {
        let names: Vec<String> = (0..9).map(|i| format!("a rather long series name {i}")).collect();
        let series: Vec<Series<'_>> =
            names.iter().map(|name| Series { name, values: &[1.0, 2.0] }).collect();
        check::figure(&curves("", "y", &series, Lang::En));
        check::figure(&history(&series, &series, Lang::Es));
    }
}
