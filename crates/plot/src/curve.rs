//! Smooth lines as many short ones.

/// A point of the page.
pub(crate) type Point = (f64, f64);

/// A line through all the points without corners (Catmull and Rom's), with some points between each
/// pair.
pub(crate) fn through(points: &[Point]) -> Vec<Point> {
    const BETWEEN: usize = 12;
    let Some((&first, &last)) = points.first().zip(points.last()) else { return vec![] };
    let at = |i: usize| match i {
        0 => first,
        i => points.get(i - 1).copied().unwrap_or(last),
    };
    let mut out = vec![];
    for i in 1..points.len() {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        for step in 0..BETWEEN {
            let t = step as f64 / BETWEEN as f64;
            let mix = |a: f64, b: f64, c: f64, d: f64| {
                let (t2, t3) = (t * t, t * t * t);
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t2
                    + (3.0 * b - a - 3.0 * c + d) * t3)
            };
            out.push((mix(a.0, b.0, c.0, d.0), mix(a.1, b.1, c.1, d.1)));
        }
    }
    out.push(last);
    out
}

/// The outline of a branch along a line, as wide as `from` at its start and as `to` at its end.
pub(crate) fn branch(line: &[Point], from: f64, to: f64) -> Vec<Point> {
    let last = line.len().saturating_sub(1);
    let side = |i: usize, sign: f64| {
        let (before, after) = (line[i.saturating_sub(1)], line[(i + 1).min(last)]);
        let (dx, dy) = (after.0 - before.0, after.1 - before.1);
        let length = dx.hypot(dy).max(1e-9);
        let half = sign * 0.5 * (from + (to - from) * i as f64 / last.max(1) as f64);
        (line[i].0 - dy / length * half, line[i].1 + dx / length * half)
    };
    let there = (0..line.len()).map(|i| side(i, 1.0));
    there.chain((0..line.len()).rev().map(|i| side(i, -1.0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_line_meets_its_points() {
        let points = [(0.0, 0.0), (10.0, 5.0), (20.0, 0.0)];
        let line = through(&points);
        for point in points {
            assert!(line.contains(&point), "{point:?} is not on {line:?}");
        }
        assert!(through(&[]).is_empty());
        assert_eq!(through(&[(1.0, 2.0)]), [(1.0, 2.0)]);
    }

    #[test]
    fn a_branch_is_as_wide_as_asked_at_both_ends() {
        let outline = branch(&[(0.0, 0.0), (10.0, 0.0)], 4.0, 2.0);
        assert_eq!(outline, [(0.0, 2.0), (10.0, 1.0), (10.0, -1.0), (0.0, -2.0)]);
    }
}
