//! What joins two columns: a line per weight where they are few, the largest where they are not.

use super::column::{Column, Look};
use super::{LayerView, weights};
use crate::palette::{BLUE, Color, Dash, EDGE, ORANGE, PALE};
use crate::scene::{Area, Scene, Stroke};

/// The most weights a layer may have for all of them to be lines.
const ALL: usize = 500;
/// Otherwise this many into each unit.
const LARGEST: usize = 5;

/// How one column is joined to the ones before it.
enum Join {
    /// An arrow: one block becomes another.
    Arrow,
    /// A pale area: everything goes into everything.
    Fan,
    /// Lines from the units of the column at that index.
    Lines(usize),
    /// Drawn over the lines that pass below.
    Nothing,
}

/// How each column after the input is joined.
fn joins(columns: &[Column], layers: &[LayerView]) -> Vec<Join> {
    let join = |i: usize| {
        let (from, to) = (&columns[i - 1], &columns[i]);
        match (&from.look, &to.look) {
            (_, Look::Units { image: Some(_), .. }) => Join::Fan,
            (_, Look::Units { .. }) => match units_before(columns, i) {
                Some(source) if drawable_lines(columns, layers, source, i) => Join::Lines(source),
                _ => Join::Fan,
            },
            (_, Look::Bar) if units_before(columns, i).is_some() => {
                // Lines from the units before the bar to those after it will pass behind it.
                let next = (i + 1..columns.len()).find(|&j| columns[j].look != Look::Bar);
                match next.map(|j| &columns[j].look) {
                    Some(Look::Units { .. }) => Join::Nothing,
                    _ => Join::Fan,
                }
            }
            _ => Join::Arrow,
        }
    };
    (1..columns.len()).map(join).collect()
}

/// The units that a column's weights act on: the column before it, seen through bars as long.
fn units_before(columns: &[Column], i: usize) -> Option<usize> {
    let mut at = i - 1;
    let units = columns[at].units;
    while at > 0 && columns[at].look == Look::Bar && columns[at - 1].units == units {
        at -= 1;
    }
    matches!(columns[at].look, Look::Units { .. }).then_some(at)
}

/// Whether lines can say anything: all weights fit, or there are weights to choose the largest of.
fn drawable_lines(columns: &[Column], layers: &[LayerView], source: usize, i: usize) -> bool {
    let inputs = columns[source].units;
    let known = weights(&layers[i - 1]).is_some_and(|(rows, _)| rows == inputs);
    known || inputs.saturating_mul(columns[i].units) <= ALL
}

/// Whether some layer shows only its largest weights, and whether units are left out as well.
pub(super) struct Limited {
    pub(super) of_drawn: bool,
}

/// Whether some layer shows only its largest weights.
pub(super) fn limited(columns: &[Column], layers: &[LayerView]) -> Option<Limited> {
    let mut found = None;
    for (i, join) in joins(columns, layers).iter().enumerate() {
        let Join::Lines(source) = *join else { continue };
        let (from, to) = (&columns[source], &columns[i + 1]);
        if from.units.saturating_mul(to.units) > ALL {
            let of_drawn = from.places().len() < from.units;
            let before = found.is_some_and(|Limited { of_drawn }| of_drawn);
            found = Some(Limited { of_drawn: of_drawn || before });
        }
    }
    found
}

/// Whether some lines stand for weights of known sign.
pub(super) fn signed(columns: &[Column], layers: &[LayerView]) -> bool {
    joins(columns, layers).iter().enumerate().any(|(i, join)| {
        matches!(*join, Join::Lines(source)
            if weights(&layers[i]).is_some_and(|(rows, _)| rows == columns[source].units))
    })
}

pub(super) fn draw(scene: &mut Scene, columns: &[Column], layers: &[LayerView]) {
    for (i, join) in joins(columns, layers).into_iter().enumerate() {
        let to = &columns[i + 1];
        match join {
            Join::Nothing => {}
            Join::Arrow => {
                let (from, to) = (columns[i].area(), to.area());
                let y = columns[i].y;
                scene.arrow((from.right() + 6.0, y), (to.x - 6.0, y), Stroke::new(EDGE, 1.6));
            }
            Join::Fan => fan(scene, columns[i].area(), to.area()),
            Join::Lines(source) => lines(scene, &columns[source], to, &layers[i]),
        }
    }
}

fn fan(scene: &mut Scene, from: Area, to: Area) {
    let points = [
        (from.right() + 5.0, from.y),
        (to.x - 5.0, to.y),
        (to.x - 5.0, to.bottom()),
        (from.right() + 5.0, from.bottom()),
    ];
    scene.polygon(&points, Some(PALE), None);
}

/// A line to draw: from and to heights, and the weight if it is known.
struct Edge {
    from: f64,
    to: f64,
    weight: Option<f64>,
}

fn lines(scene: &mut Scene, from: &Column, to: &Column, layer: &LayerView) {
    let known = weights(layer).filter(|&(inputs, _)| inputs == from.units);
    let few = from.units.saturating_mul(to.units) <= ALL;
    let mut edges: Vec<Edge> = vec![];
    for (unit, y) in to.places() {
        let into = from.places().into_iter().map(|(input, from)| {
            let weight = known.map(|(_, weights)| weights[input * layer.units + unit]);
            Edge { from, to: y, weight }
        });
        let mut into: Vec<Edge> = into.collect();
        if !few {
            into.sort_by(|a, b| size(b).total_cmp(&size(a)));
            into.truncate(LARGEST);
        }
        edges.extend(into);
    }
    // The largest last, on top of the rest.
    edges.sort_by(|a, b| size(a).total_cmp(&size(b)));
    let most = edges.iter().map(size).fold(0.0, f64::max).max(1e-300);
    let (left, right) = (from.area().right(), to.area().x);
    for edge in &edges {
        let stroke = match edge.weight {
            None => Stroke::new(Color(0x9a, 0x9a, 0x9a), 0.7).opacity(0.8),
            Some(0.0) => continue,
            Some(weight) => {
                let part = weight.abs() / most;
                let (color, dash) =
                    if weight > 0.0 { (BLUE, Dash::Solid) } else { (ORANGE, Dash::Dashed) };
                Stroke::new(color, 0.4 + 2.2 * part).dash(dash).opacity(0.35 + 0.6 * part)
            }
        };
        scene.line((left, edge.from), (right, edge.to), stroke);
    }
}

fn size(edge: &Edge) -> f64 {
    edge.weight.map_or(0.0, f64::abs)
}
