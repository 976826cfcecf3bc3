//! Where in one block of memory each value lies: values that are never alive together share a place.

/// How far apart places start: a cache line, and the width of the widest SIMD register.
pub(super) const ALIGN: usize = 64;

/// A value to place: its size, and the first and last step that need it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lifetime {
    pub(super) bytes: usize,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// The offset of each value, and the size of the block.
///
/// Largest first, each at the lowest place that is free for its whole life. Ranges: two values that share
/// a byte have no step in common.
pub(super) fn plan(values: &[Lifetime]) -> (Vec<usize>, usize) {
    let mut largest_first: Vec<usize> = (0..values.len()).collect();
    largest_first.sort_by_key(|&i| (std::cmp::Reverse(values[i].bytes), i));
    let mut offsets = vec![0; values.len()];
    let mut placed: Vec<usize> = Vec::new();
    let mut size = 0;
    for i in largest_first {
        let value = values[i];
        let mut neighbours: Vec<(usize, usize)> = placed
            .iter()
            .filter(|&&j| values[j].first <= value.last && value.first <= values[j].last)
            .map(|&j| (offsets[j], offsets[j] + values[j].bytes))
            .collect();
        neighbours.sort_unstable();
        let mut offset = 0;
        for (start, end) in neighbours {
            if offset + value.bytes <= start {
                break;
            }
            offset = offset.max(end.next_multiple_of(ALIGN));
        }
        offsets[i] = offset;
        size = size.max(offset + value.bytes);
        placed.push(i);
    }
    (offsets, size.next_multiple_of(ALIGN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_that_never_meet_share_a_place() {
        let value = |bytes, first, last| Lifetime { bytes, first, last };
        let (offsets, size) = plan(&[value(100, 0, 1), value(100, 1, 2), value(90, 2, 3)]);
        assert_eq!((offsets, size), (vec![0, 128, 0], 256));
    }

    proptest! {
        #[test]
        fn no_two_values_alive_together_overlap(
            values in prop::collection::vec((0usize..5_000, 0usize..20, 0usize..20), 0..40)
        ) {
            let values: Vec<Lifetime> = values.into_iter()
                .map(|(bytes, a, b)| Lifetime { bytes, first: a.min(b), last: a.max(b) }).collect();
            let (offsets, size) = plan(&values);
            for (i, a) in values.iter().enumerate() {
                prop_assert!(offsets[i] % ALIGN == 0 && offsets[i] + a.bytes <= size);
                for (j, b) in values.iter().enumerate().skip(i + 1) {
                    let together = a.first <= b.last && b.first <= a.last;
                    let apart = offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i];
                    prop_assert!(!together || apart || a.bytes == 0 || b.bytes == 0, "{a:?} {b:?}");
                }
            }
            let peak = (0..20).map(|t| values.iter()
                .filter(|v| v.first <= t && t <= v.last)
                .map(|v| v.bytes.next_multiple_of(ALIGN)).sum::<usize>()).max().unwrap_or(0);
            prop_assert!(size <= 2 * peak + ALIGN, "{size} for a peak of {peak}");
        }
    }
}
