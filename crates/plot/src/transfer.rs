//! Transfer functions and their derivatives, one small panel each.

use crate::axis::{self, drawable};
use crate::figure::Figure;
use crate::layout::Layout;
use crate::measure;
use crate::palette::{BLUE, Color, Dash, EDGE, INK, ORANGE, SOFT};
use crate::panel::{self, Axis, TICK};
use crate::scene::{Area, Label, Scene, Stroke};
use crate::text;
use neurona_core::message::Lang;

/// A function to show: its values at points evenly spaced over a range, ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// Its name, such as `sigmoid`.
    pub name: String,
    /// Its formula, such as `1 / (1 + e⁻ˣ)`.
    pub formula: String,
    /// The values of the function.
    pub f: Vec<f64>,
    /// The values of its derivative.
    pub derivative: Vec<f64>,
    /// The least and the greatest x.
    pub range: (f64, f64),
}

/// The size of a panel with its title and axes.
fn panel_size(layout: Layout) -> (f64, f64) {
    layout.pick((240.0, 226.0), (166.0, 204.0))
}

/// Each function of a neuron's sum `net` (solid blue) and its derivative (dashed orange), with the
/// formula over the panel: three panels in a row, or two on a telephone. Where the two coincide,
/// the broad line can be seen between the thin dashes.
///
/// Where a function jumps, the jump is a dotted vertical line, not a slope that does not exist.
/// Give at least a hundred samples for the range: a jump is told from a steep slope by its
/// neighbours.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::{Transfer, transfer_functions};
///
/// let x = (-100..=100).map(|i| f64::from(i) / 20.0);
/// let step = Transfer {
///     name: "step".into(),
///     formula: "1 if net ≥ 0, else 0".into(),
///     f: x.map(|x| if x >= 0.0 { 1.0 } else { 0.0 }).collect(),
///     derivative: vec![0.0; 201],
///     range: (-5.0, 5.0),
/// };
/// assert!(transfer_functions(&[step], Lang::En).svg().contains("stroke-dasharray"));
/// ```
pub fn transfer_functions(functions: &[Transfer], lang: Lang) -> Figure {
    let names: Vec<String> = functions
        .iter()
        .map(|transfer| format!("{} ({})", transfer.name, transfer.formula))
        .collect();
    let (title, description) = (text::transfer_title(), text::transfer_text(&names.join("; ")));
    Figure::laid_out(title.get(lang), description.get(lang), lang, |layout| {
        draw(functions, layout, lang)
    })
}

fn draw(functions: &[Transfer], layout: Layout, lang: Lang) -> Scene {
    let columns = match functions.len() {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => layout.pick(3, 2),
    };
    let size = panel_size(layout);
    let rows = functions.len().div_ceil(columns).max(1);
    let jumps = functions.iter().any(|t| has_jump(&t.f) || has_jump(&t.derivative));
    let entries = entries(jumps, lang);
    let each = entries.iter().map(|(_, word)| 56.0 + measure::width(word, TICK));
    let legend = layout.pick(each.clone().sum::<f64>(), each.fold(0.0, f64::max));
    let top = layout.pick(52.0, 22.0 + 20.0 * entries.len() as f64);
    let margin = layout.pick(24.0, 8.0);
    let width = (size.0 * columns as f64 + margin).max(legend + 24.0);
    let mut scene = Scene::new(width, top + size.1 * rows as f64 + 8.0);
    draw_legend(&mut scene, &entries, legend, layout);
    let left = (scene.width - size.0 * columns as f64) / 2.0;
    for (i, transfer) in functions.iter().enumerate() {
        let x = left + size.0 * (i % columns) as f64;
        let y = top + size.1 * (i / columns) as f64;
        panel(&mut scene, Area::new(x, y, size.0, size.1), transfer, layout, lang);
    }
    scene
}

fn function_stroke() -> Stroke {
    Stroke::new(BLUE, 4.0)
}

fn derivative_stroke() -> Stroke {
    Stroke::new(ORANGE, 1.7).dash(Dash::Dashed)
}

fn jump_stroke(color: Color) -> Stroke {
    Stroke::new(color, 1.2).dash(Dash::Dotted)
}

fn entries(jumps: bool, lang: Lang) -> Vec<(Stroke, String)> {
    let mut entries = vec![
        (function_stroke(), text::function().get(lang).to_owned()),
        (derivative_stroke(), text::derivative().get(lang).to_owned()),
    ];
    if jumps {
        entries.push((jump_stroke(SOFT), text::jump().get(lang).to_owned()));
    }
    entries
}

fn draw_legend(scene: &mut Scene, entries: &[(Stroke, String)], width: f64, layout: Layout) {
    let (mut x, mut y) = ((scene.width - width) / 2.0 + 10.0, layout.pick(28.0, 18.0));
    for (stroke, word) in entries {
        scene.line((x, y), (x + 30.0, y), *stroke);
        scene.text(Label::new(x + 37.0, y, word).size(TICK).level());
        match layout {
            Layout::Wide => x += 56.0 + measure::width(word, TICK),
            Layout::Narrow => y += 20.0,
        }
    }
}

fn panel(scene: &mut Scene, area: Area, transfer: &Transfer, layout: Layout, lang: Lang) {
    let room = area.width - 4.0;
    let name = measure::fit(&transfer.name, 13.0, room);
    let values = transfer.f.iter().chain(&transfer.derivative).copied();
    let (low, high) = axis::range(values).unwrap_or((0.0, 1.0));
    // Most of these functions touch 0 or 1 over a long stretch; air keeps the line off the frame.
    let air = (high - low) * 0.05;
    let y = Axis {
        low: low - air,
        high: high + air,
        ticks: axis::ticks(low - air, high + air, 4, lang),
        label: "",
    };
    let (from, to) = transfer.range;
    let (from, to) =
        if from < to && drawable(from) && drawable(to) { (from, to) } else { (0.0, 1.0) };
    let ticks = axis::ticks(from, to, layout.pick(5, 3), lang);
    let x = Axis { low: from, high: to, ticks, label: "net" };
    let left = panel::left(&y).max(layout.pick(38.0, 32.0));
    let plot = Area::new(
        area.x + left,
        area.y + 46.0,
        area.width - left - layout.pick(22.0, 8.0),
        area.height - 46.0 - panel::BELOW - 6.0,
    );
    let middle = layout.pick(plot.middle(), area.middle());
    let room = room.min(2.0 * (area.right() - middle) - 6.0);
    scene.text(Label::new(middle, area.y + 18.0, name).size(13.0).color(INK).centred());
    let size = measure::size_for(&transfer.formula, room, 8.5, 11.0);
    let formula = measure::fit(&transfer.formula, size, room);
    scene.text(Label::new(middle, area.y + 35.0, formula).size(size).color(SOFT).centred());
    let (xs, ys) = panel::axes(scene, plot, &x, &y);
    // The lines where x or y is 0, against which these functions are read.
    let zero = Stroke::new(EDGE, 0.8).opacity(0.7);
    if from < 0.0 && to > 0.0 {
        scene.line((xs.at(0.0), plot.y), (xs.at(0.0), plot.bottom()), zero);
    }
    if y.low < 0.0 && y.high > 0.0 {
        scene.line((plot.x, ys.at(0.0)), (plot.right(), ys.at(0.0)), zero);
    }
    // The dashes last: where the two lines meet, the solid one shows between them.
    for (values, stroke) in
        [(&transfer.f, function_stroke()), (&transfer.derivative, derivative_stroke())]
    {
        let last = values.len().saturating_sub(1).max(1) as f64;
        let at = |i: f64| xs.at(from + (to - from) * i / last);
        for piece in pieces(values) {
            match piece {
                Piece::Line(points) => {
                    let points: Vec<(f64, f64)> =
                        points.iter().map(|&(i, value)| (at(i), ys.at(value))).collect();
                    scene.polyline(&points, stroke);
                }
                Piece::Jump(i, a, b) => {
                    let jump = jump_stroke(stroke.color);
                    scene.line((at(i), ys.at(a)), (at(i), ys.at(b)), jump);
                }
                Piece::Point(i, value) => {
                    scene.circle((at(i), ys.at(value)), 2.6, Some(stroke.color), None);
                }
            }
        }
    }
}

/// A part of a sampled function. Places are counted in samples.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Line(Vec<(f64, f64)>),
    /// A place, and the values on both sides of it.
    Jump(f64, f64, f64),
    /// A value on its own: the one at the place of a jump, or one between gaps.
    Point(f64, f64),
}

fn has_jump(values: &[f64]) -> bool {
    pieces(values).iter().any(|piece| matches!(piece, Piece::Jump(..)))
}

/// The function as lines without slopes over its jumps, and nothing where it is not finite.
fn pieces(values: &[f64]) -> Vec<Piece> {
    let jumps = jumps(values);
    let jump = |i: usize| jumps.get(i).copied().unwrap_or(false);
    let mut out = vec![];
    let mut line: Vec<(f64, f64)> = vec![];
    for (i, &value) in values.iter().enumerate() {
        let place = i as f64;
        if !drawable(value) {
            out.extend(finish(&mut line));
            continue;
        }
        if i > 0 && jump(i - 1) && jump(i) {
            // The sample lies at the jump itself, as 0 does for a function with sign(0) = 0. Both
            // sides reach it, one dotted line joins them, and a point shows the value there.
            line.extend(values.get(i - 1).map(|&before| (place, before)));
            out.extend(finish(&mut line));
            out.push(Piece::Jump(place, values[i - 1], values[i + 1]));
            out.push(Piece::Point(place, value));
            line.push((place, values[i + 1]));
            continue;
        }
        line.push((place, value));
        let next_is_middle = jump(i) && jump(i + 1);
        if jump(i) && !next_is_middle {
            let middle = place + 0.5;
            line.push((middle, value));
            out.extend(finish(&mut line));
            out.push(Piece::Jump(middle, value, values[i + 1]));
            line.push((middle, values[i + 1]));
        }
    }
    out.extend(finish(&mut line));
    out
}

/// The line drawn so far, after which a new one starts.
fn finish(line: &mut Vec<(f64, f64)>) -> Option<Piece> {
    match &std::mem::take(line)[..] {
        [] => None,
        &[(place, value)] => Some(Piece::Point(place, value)),
        points => Some(Piece::Line(points.to_vec())),
    }
}

/// For each pair of neighbouring samples, whether the function jumps between them: a change of a
/// fifth of its whole range, and more than four times the changes two samples away on either side.
///
/// One sample away may be the other half of the same jump, when a sample lies in its middle.
fn jumps(values: &[f64]) -> Vec<bool> {
    let finite = || values.iter().copied().filter(|&value| drawable(value));
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    let steps: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    (0..steps.len())
        .map(|i| {
            let near = [i.checked_sub(2), Some(i + 2)];
            let mut near = near.into_iter().flatten().filter_map(|j| steps.get(j)).peekable();
            near.peek().is_some()
                && steps[i] > 0.2 * (high - low)
                && near.all(|&other| other < steps[i] / 4.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    fn sample(f: impl Fn(f64) -> f64) -> Vec<f64> {
        (-100..=100).map(|i| f(f64::from(i) / 20.0)).collect()
    }

    #[test]
    fn a_step_is_two_flat_lines_and_a_jump() {
        let found = pieces(&sample(|x| if x >= 0.0 { 1.0 } else { 0.0 }));
        let [Piece::Line(left), Piece::Jump(at, 0.0, 1.0), Piece::Line(right)] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!(*at, 99.5);
        assert!(left.iter().all(|p| p.1 == 0.0) && right.iter().all(|p| p.1 == 1.0));
    }

    #[test]
    fn the_value_at_a_jump_is_a_point() {
        let found = pieces(&sample(|x| if x == 0.0 { 0.0 } else { x.signum() }));
        assert!(found.contains(&Piece::Jump(100.0, -1.0, 1.0)), "{found:?}");
        assert!(found.contains(&Piece::Point(100.0, 0.0)), "{found:?}");
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn the_function_is_seen_below_its_derivative() {
        let (f, derivative) = (function_stroke(), derivative_stroke());
        assert!(f.width >= 2.0 * derivative.width && derivative.dash != Dash::Solid);
        let step = Transfer {
            name: "umbral bipolar".into(),
            formula: "−1 (net < 0), 1 (net ≥ 0)".into(),
            f: sample(|x| if x >= 0.0 { 1.0 } else { -1.0 }),
            derivative: sample(|_| 0.0),
            range: (-6.0, 6.0),
        };
        for lang in Lang::ALL {
            let figure =
                transfer_functions(&std::array::from_fn::<_, 6, _>(|_| step.clone()), lang);
            check::readable(&figure);
            assert!(!figure.narrow().expect("two layouts").svg().contains('…'));
        }
    }

    #[test]
    fn steep_is_not_a_jump() {
        let smooth: [fn(f64) -> f64; 5] =
            [f64::tanh, |x| (4.0 * x).tanh(), f64::exp, |x| x.max(0.0), |x| x * x * x];
        for f in smooth {
            assert!(!has_jump(&sample(f)));
        }
        assert!(!has_jump(&[0.0, 1.0]));
        assert!(!has_jump(&[0.0, 1.0, 2.0]));
    }

    #[test]
    fn gaps_are_not_drawn() {
        let found = pieces(&[1.0, 2.0, f64::NAN, 3.0, f64::INFINITY, 4.0, 5.0]);
        assert_eq!(found.len(), 3);
        assert_eq!(found[1], Piece::Point(3.0, 3.0));
    }

    #[test]
    fn any_number_of_functions_and_any_samples() {
        let transfer = |f: Vec<f64>| Transfer {
            name: "una función de nombre larguísimo <&>".into(),
            formula: "f(x) = una fórmula que de ninguna manera cabe en el ancho de un panel".into(),
            derivative: f.clone(),
            f,
            range: (-5.0, 5.0),
        };
        let all = [
            transfer(sample(f64::tanh)),
            transfer(vec![]),
            transfer(vec![1.0]),
            transfer(vec![f64::NAN; 10]),
            transfer(sample(|x| 1.0 / x)),
            Transfer { range: (3.0, f64::NAN), ..transfer(sample(f64::exp)) },
        ];
        for lang in Lang::ALL {
            for count in 0..=all.len() {
                check::figure(&transfer_functions(&all[..count], lang));
            }
        }
    }
}
