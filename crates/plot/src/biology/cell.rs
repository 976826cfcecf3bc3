//! The biological neuron itself, drawn 700 by 210 at scale 1.

use crate::curve::{Point, branch, through};
use crate::palette::{BLUE, Color, GREEN, INK, ORANGE, PINK, SOFT, WHITE};
use crate::scene::{Scene, Stroke};

/// A colour thinned with white, for the inside of a shape that has it as its outline.
pub(super) fn tint(Color(red, green, blue): Color) -> Color {
    let thin = |channel: u8| (255.0 - (255.0 - f64::from(channel)) * 0.2) as u8;
    Color(thin(red), thin(green), thin(blue))
}

/// Dendrites: the points each runs through, from the soma out, with its width at both ends.
const DENDRITES: [(&[Point], f64, f64); 11] = [
    (&[(306.0, 92.0), (268.0, 70.0), (214.0, 58.0), (150.0, 46.0), (96.0, 20.0)], 15.0, 3.0),
    (&[(232.0, 62.0), (190.0, 76.0), (140.0, 74.0), (84.0, 82.0)], 8.0, 2.6),
    (&[(176.0, 50.0), (144.0, 28.0), (128.0, 6.0)], 6.0, 2.4),
    (&[(140.0, 74.0), (112.0, 62.0), (78.0, 58.0)], 4.6, 2.2),
    (&[(300.0, 118.0), (248.0, 122.0), (190.0, 116.0), (132.0, 122.0), (66.0, 114.0)], 14.0, 2.8),
    (&[(160.0, 119.0), (122.0, 136.0), (82.0, 140.0)], 6.0, 2.4),
    (&[(306.0, 136.0), (268.0, 158.0), (214.0, 166.0), (152.0, 184.0), (96.0, 186.0)], 15.0, 3.0),
    (&[(226.0, 164.0), (186.0, 152.0), (146.0, 160.0), (104.0, 158.0)], 7.0, 2.4),
    (&[(176.0, 177.0), (150.0, 200.0), (124.0, 206.0)], 5.6, 2.2),
    (&[(326.0, 84.0), (330.0, 52.0), (312.0, 28.0), (316.0, 6.0)], 11.0, 2.4),
    (&[(326.0, 44.0), (346.0, 26.0), (352.0, 8.0)], 5.0, 2.2),
];

/// The outline of the soma.
const SOMA: [Point; 10] = [
    (286.0, 102.0),
    (300.0, 80.0),
    (326.0, 74.0),
    (350.0, 84.0),
    (366.0, 104.0),
    (364.0, 122.0),
    (348.0, 142.0),
    (322.0, 150.0),
    (296.0, 142.0),
    (284.0, 122.0),
];

/// The line of the axon, from the soma to where it divides.
const AXON: [Point; 5] =
    [(352.0, 112.0), (392.0, 118.0), (460.0, 110.0), (540.0, 118.0), (606.0, 110.0)];

/// Its ends, each with a knob.
const ENDS: [&[Point]; 4] = [
    &[(600.0, 110.0), (636.0, 92.0), (660.0, 64.0), (690.0, 50.0)],
    &[(636.0, 92.0), (666.0, 92.0), (696.0, 86.0)],
    &[(600.0, 110.0), (640.0, 120.0), (672.0, 124.0), (698.0, 122.0)],
    &[(622.0, 116.0), (644.0, 142.0), (668.0, 156.0), (688.0, 160.0)],
];

/// Axons of other neurons, each to the knob that touches a dendrite.
const OTHERS: [&[Point]; 3] = [
    &[(236.0, 0.0), (222.0, 14.0), (212.0, 28.0), (206.0, 44.0)],
    &[(28.0, 96.0), (20.0, 108.0), (36.0, 118.0), (54.0, 115.0)],
    &[(252.0, 210.0), (232.0, 204.0), (210.0, 196.0), (200.0, 182.0)],
];

/// Draws it with its upper left corner at a point.
pub(super) fn draw(scene: &mut Scene, (x, y): Point, scale: f64) {
    let at = |&(px, py): &Point| (x + px * scale, y + py * scale);
    let placed = |points: &[Point]| points.iter().map(at).collect::<Vec<_>>();
    let line = |width: f64| (width * scale).max(1.0);
    for other in OTHERS {
        scene.polyline(&through(&placed(other)), Stroke::new(SOFT, line(2.6)));
    }
    let dendrites: Vec<Vec<Point>> = DENDRITES
        .iter()
        .map(|(points, from, to)| branch(&through(&placed(points)), from * scale, to * scale))
        .collect();
    merged(scene, &dendrites, BLUE, line(1.6));
    axon(scene, &placed, scale);
    let mut soma = placed(&SOMA);
    // Once around and one point on, so that the outline closes smoothly.
    soma.extend_from_within(..3);
    let soma: Vec<Point> = through(&soma).split_off(12).into_iter().take(120).collect();
    scene.polygon(&soma, Some(tint(GREEN)), Some(Stroke::new(GREEN, line(1.8))));
    let nucleus = at(&(324.0, 112.0));
    scene.circle(nucleus, 15.0 * scale, Some(WHITE), Some(Stroke::new(GREEN, line(1.4))));
    scene.circle(at(&(328.0, 109.0)), 4.5 * scale, Some(GREEN), None);
    for other in OTHERS {
        if let Some(end) = other.last() {
            knob(scene, at(end), 7.0 * scale, ORANGE);
        }
    }
}

fn axon(scene: &mut Scene, placed: &dyn Fn(&[Point]) -> Vec<Point>, scale: f64) {
    let trunk = through(&placed(&AXON));
    let line = (1.6 * scale).max(1.0);
    let mut parts = vec![branch(&trunk, 13.0 * scale, 8.0 * scale)];
    for end in ENDS {
        parts.push(branch(&through(&placed(end)), 7.0 * scale, 3.0 * scale));
    }
    merged(scene, &parts, PINK, line);
    // The sheath: four sleeves with gaps in between.
    let each = (trunk.len() - 8) / 4;
    for sleeve in 0..4 {
        let from = 8 + sleeve * each;
        let part = &trunk[from..(from + each - 1).min(trunk.len())];
        let outline = sleeve_outline(part, 19.0 * scale);
        scene.polygon(&outline, Some(tint(PINK)), Some(Stroke::new(PINK, line)));
    }
    for end in ENDS {
        if let Some(&point) = placed(end).last() {
            knob(scene, point, 5.5 * scale, PINK);
        }
    }
}

/// A sleeve along a line, with round ends.
fn sleeve_outline(line: &[Point], width: f64) -> Vec<Point> {
    let last = line.len().saturating_sub(1);
    let thick = |i: usize| {
        let end = (i.min(last - i) as f64 / 1.6).min(1.0);
        width * 0.5 * (0.55 + 0.45 * (1.0 - (1.0 - end).powi(2)).sqrt())
    };
    let side = |i: usize, sign: f64| (line[i].0, line[i].1 + sign * thick(i));
    let there = (0..line.len()).map(|i| side(i, -1.0));
    there.chain((0..line.len()).rev().map(|i| side(i, 1.0))).collect()
}

/// Outlines that run into each other, as one shape: first all lines, then all insides over them.
fn merged(scene: &mut Scene, outlines: &[Vec<Point>], color: Color, line: f64) {
    for outline in outlines {
        scene.polygon(outline, Some(color), Some(Stroke::new(color, 2.0 * line)));
    }
    for outline in outlines {
        scene.polygon(outline, Some(tint(color)), None);
    }
}

fn knob(scene: &mut Scene, at: Point, radius: f64, color: Color) {
    scene.circle(at, radius.max(3.0), Some(color), Some(Stroke::new(INK, 0.8)));
}
