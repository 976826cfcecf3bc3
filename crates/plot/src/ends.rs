//! Names at the ends of lines, instead of a legend: beside the last point, moved apart where they would touch.

use crate::measure;
use crate::palette::Color;
use crate::scene::{Label, Scene, leading};

/// A name and the height of the end of its line.
pub(crate) struct End {
    pub(crate) y: f64,
    pub(crate) name: String,
    pub(crate) color: Color,
}

/// The size of the names.
pub(crate) const SIZE: f64 = 12.0;

/// Writes each name to the right of `x`, over lines no wider than `room`, between two heights.
pub(crate) fn draw(scene: &mut Scene, ends: &[End], x: f64, room: f64, (top, bottom): (f64, f64)) {
    let lines = |end: &End| measure::wrap(&end.name, SIZE, room, usize::MAX).len() as f64;
    let heights: Vec<f64> = ends.iter().map(|end| lines(end) * leading(SIZE) + 5.0).collect();
    let wanted: Vec<f64> = ends.iter().map(|end| end.y).collect();
    for ((end, middle), height) in
        ends.iter().zip(apart(&wanted, &heights, top, bottom)).zip(&heights)
    {
        let first = middle - height / 2.0 + leading(SIZE) * 0.5 + 2.5;
        let label = Label::new(x, first, end.name.as_str()).size(SIZE).color(end.color).level();
        scene.paragraph(&label, room);
    }
}

/// The middles of blocks with these heights, each as near as possible to where it is wanted,
/// without touching.
fn apart(wanted: &[f64], heights: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut placed = vec![0.0; wanted.len()];
    // Down the page, each below the one before; then up again, if the last ones passed the bottom.
    let mut free = top;
    for &i in &order {
        placed[i] = wanted[i].max(free + heights[i] / 2.0);
        free = placed[i] + heights[i] / 2.0;
    }
    let mut free = bottom.max(top + heights.iter().sum::<f64>());
    for &i in order.iter().rev() {
        placed[i] = placed[i].min(free - heights[i] / 2.0);
        free = placed[i] - heights[i] / 2.0;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_where_they_are_wanted_unless_they_would_touch() {
        assert_eq!(apart(&[20.0, 80.0], &[10.0, 10.0], 0.0, 100.0), [20.0, 80.0]);
        assert_eq!(apart(&[50.0, 50.0], &[10.0, 10.0], 0.0, 100.0), [50.0, 60.0]);
        assert_eq!(apart(&[99.0, 97.0], &[10.0, 10.0], 0.0, 100.0), [95.0, 85.0]);
        assert_eq!(apart(&[0.0], &[10.0], 0.0, 100.0), [5.0]);
    }
}
