//! Where a training is: the epoch under way, what was reported so far, and who saves it.

use super::engine::{Engine, Ready};
use super::event::{Event, Logs};
use super::history::History;
use super::runs::Keeper;
use super::tally::{Sums, Tally};
use super::training::{Callbacks, Training, tell};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// Where a training is.
pub(super) struct Course<'a> {
    /// Epochs done.
    pub(super) epoch: usize,
    /// Batches done of the epoch under way.
    pub(super) batch: usize,
    /// The number of the pass over the data that is under way, or of the next one.
    pub(super) pass: u64,
    /// Whether a callback has ended training.
    pub(super) ended: bool,
    pub(super) history: History,
    /// The loss and the metrics of the epoch under way.
    pub(super) logs: Logs,
    /// The learning rate that the epoch began with.
    pub(super) rate: f64,
    tally: Option<Tally<'a>>,
    start: Instant,
    /// How long the epoch had taken when it was resumed.
    earlier: Duration,
    keeper: Option<Box<Keeper>>,
}

impl<'a> Course<'a> {
    /// Before the first epoch.
    pub(super) fn new(engine: &Engine, keeper: Option<Keeper>) -> Course<'a> {
        Course {
            epoch: 0,
            batch: 0,
            pass: engine.epochs,
            ended: false,
            history: History::default(),
            logs: Logs::default(),
            rate: 0.0,
            tally: None,
            start: Instant::now(),
            earlier: Duration::ZERO,
            keeper: keeper.map(Box::new),
        }
    }

    /// How long the epoch under way has taken.
    pub(super) fn elapsed(&self) -> Duration {
        self.earlier + self.start.elapsed()
    }

    /// The sums of the epoch under way.
    pub(super) fn sums(&self) -> Sums {
        self.tally.as_ref().map_or_else(Sums::default, |tally| tally.sums().clone())
    }

    /// Continues where a run was saved, or saves a new one for the first time. `Break` if there is
    /// nothing left to be done.
    pub(super) fn begin(
        &mut self,
        training: &Training<'a>,
        engine: &mut Engine,
        ready: &Ready,
        callbacks: Callbacks<'_, '_>,
    ) -> ControlFlow<()> {
        self.ask(|keeper, course| keeper.begin(training, engine, ready, course, callbacks))
    }

    /// Begins an epoch, once callbacks were told; or continues in the middle of it.
    pub(super) fn begin_epoch(
        &mut self,
        training: &Training<'a>,
        engine: &mut Engine,
        ready: &Ready,
        callbacks: Callbacks<'_, '_>,
    ) {
        (self.batch, self.pass, self.tally) = (0, engine.epochs, None);
        engine.epochs += 1;
        self.logs = Logs::default();
        self.rate = engine.rate(training.compiled);
        (self.start, self.earlier) = (Instant::now(), Duration::ZERO);
        _ = self.ask(|keeper, course| {
            keeper.go_on(training, engine, ready, course, callbacks);
            ControlFlow::Continue(())
        });
    }

    /// Continues an epoch from these sums.
    pub(super) fn go_on(
        &mut self,
        training: &Training<'a>,
        ready: &Ready,
        sums: Sums,
        elapsed: Duration,
    ) {
        let mut tally = Tally::new(training.compiled, ready);
        tally.go_on(sums);
        self.logs = Logs::new(tally.values());
        self.tally = Some(tally);
        (self.start, self.earlier) = (Instant::now(), elapsed);
    }

    /// A batch was learnt: adds what was reported about it, tells callbacks, saves if it is time.
    /// `Break` ends training.
    pub(super) fn batch_done(
        &mut self,
        training: &Training<'a>,
        engine: &mut Engine,
        ready: &Ready,
        samples: usize,
        callbacks: Callbacks<'_, '_>,
    ) -> ControlFlow<()> {
        self.batch += 1;
        let tally = self.tally.get_or_insert_with(|| Tally::new(training.compiled, ready));
        tally.add(ready, &engine.scratch, samples);
        tally.values().for_each(|(name, value)| self.logs.set(name, value));
        let elapsed = self.earlier + self.start.elapsed();
        let event = Event::BatchEnd { done: self.batch, logs: &self.logs, elapsed };
        self.ended = tell(callbacks, &event).is_break();
        let kept = self.ask(|keeper, course| keeper.after_batch(engine, course, callbacks));
        if self.ended { ControlFlow::Break(()) } else { kept }
    }

    /// An epoch is done, with its validation: records it, tells callbacks, saves. `Break` ends
    /// training.
    pub(super) fn epoch_done(
        &mut self,
        training: &Training<'a>,
        engine: &mut Engine,
        elapsed: Duration,
        callbacks: Callbacks<'_, '_>,
    ) -> ControlFlow<()> {
        let (epoch, logs) = (self.epoch, std::mem::take(&mut self.logs));
        self.history.push(epoch, &logs);
        let control = &training.control(engine);
        let event = Event::EpochEnd { epoch, logs: &logs, elapsed, control };
        self.ended |= tell(callbacks, &event).is_break();
        (self.epoch, self.batch, self.pass, self.tally) = (epoch + 1, 0, engine.epochs, None);
        super::training::tell_notes(callbacks);
        let kept = self.ask(|keeper, course| keeper.after_epoch(engine, course, callbacks));
        if self.ended { ControlFlow::Break(()) } else { kept }
    }

    /// Whether training is to stop now, in the middle of an evaluation, for which it is saved.
    pub(super) fn interrupted(
        &mut self,
        engine: &Engine,
        callbacks: Callbacks<'_, '_>,
    ) -> ControlFlow<()> {
        self.ask(|keeper, course| keeper.if_asked(engine, course, callbacks))
    }

    /// Who saves it, if anybody does.
    pub(super) fn into_keeper(self) -> Option<Box<Keeper>> {
        self.keeper
    }

    fn ask(
        &mut self,
        what: impl FnOnce(&mut Keeper, &mut Course<'a>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(mut keeper) = self.keeper.take() else { return ControlFlow::Continue(()) };
        let flow = what(&mut keeper, self);
        self.keeper = Some(keeper);
        flow
    }
}
