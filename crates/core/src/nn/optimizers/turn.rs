//! Something that is done at every nth step.

use crate::graph::{Builder, Expr};

/// Something whose turn comes every nth step: a counter in the state.
///
/// It is counted rather than computed from the step's number, because beyond 2²⁴ not every number
/// is exact in 32 bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn<'g> {
    count: Expr<'g>,
    last: f64,
}

impl<'g> Turn<'g> {
    /// A counter of `period` steps, which counts when it is the turn of another, or at every step.
    pub(super) fn declare(
        builder: &'g Builder,
        name: &str,
        period: u64,
        within: Option<Turn<'g>>,
    ) -> Turn<'g> {
        let count = builder.state(name, &[], 0.0);
        let turn = Turn { count, last: period.saturating_sub(1) as f64 };
        let next = turn.choose(count.fill_like(0.0), count + 1.0);
        builder.update(count, within.map_or(next, |outer| outer.choose(next, count)));
        turn
    }

    /// `now` if it is its turn at this step, otherwise `otherwise`.
    pub(super) fn choose(self, now: Expr<'g>, otherwise: Expr<'g>) -> Expr<'g> {
        let count = self.count.broadcast(now.shape());
        count.equal(count.fill_like(self.last)).select(now, otherwise)
    }
}
