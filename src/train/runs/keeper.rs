//! Saves a training as it goes, and gives it back.

use super::checkpoint::Checkpoint;
use super::folder::Folder;
use super::identity::Identity;
use super::settings::Run;
use super::stop::{Stop, Stopped};
use crate::nn::Finding;
use crate::tensor::{Shape, Tensor};
use crate::train::callback_state::{CallbackState, Entry};
use crate::train::course::Course;
use crate::train::divergence::finite;
use crate::train::engine::{Engine, Ready};
use crate::train::event::{Callback, Event};
use crate::train::training::{Callbacks, Training, tell};
use neurona_core::compile::{Slot, Space};
use neurona_core::error::{Code, Error, Result};
use neurona_core::graph::Role;
use neurona_core::message::Text;
use std::ops::ControlFlow;
use std::time::Instant;

/// A training's run folder, open.
pub(in crate::train) struct Keeper {
    run: Run,
    folder: Folder,
    identity: Identity,
    epochs: usize,
    level: String,
    /// Where each part of the model's state lies, and its shape.
    places: Vec<(String, Slot, Shape)>,
    /// The names and shapes of the weights, in order.
    weights: Vec<(String, Shape)>,
    /// What training continues from, until all of it is given back.
    saved: Option<Checkpoint>,
    last: Instant,
    /// The step of the last checkpoint.
    step: u64,
    /// Where training has stopped because it was asked to, or why it could not be saved then.
    stopped: Option<Result<Stopped>>,
}

impl Keeper {
    /// Opens the run folder and reads what training continues from; the model stays as it is.
    /// `data` distinguishes the data from others. Errors: E016 a setting; E036 the folder has a
    /// run, and it is not to be resumed or belongs to another training; E037 another process has
    /// it; E034 all checkpoints are damaged; E035 the system refuses.
    pub(in crate::train) fn open(
        run: Run,
        training: &Training<'_>,
        engine: &Engine,
        ready: &Ready,
        data: &str,
        callbacks: &[Box<dyn Callback + '_>],
    ) -> Result<(Keeper, Vec<Finding>)> {
        run.check()?;
        let kinds: Vec<String> = states(callbacks).into_iter().map(|state| state.kind).collect();
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        let identity = Identity::of(training, engine, data, &kinds)?;
        let places = places(training, engine, ready)?;
        let weights: Vec<(String, Shape)> =
            engine.weights.iter().map(|weight| (weight.name.clone(), weight.shape)).collect();
        let path = run.folder.clone();
        let here = |error: Error| error.at(path.display().to_string());
        let mut folder = Folder::open(&path, run.store.clone())?;
        if !run.resume && !folder.is_empty() {
            return Err(here(Error::new(Code::E036, holds_a_run()).fix(resume_it())));
        }
        let last = folder.take_up()?;
        let mut notes = last.notes;
        let saved = last.checkpoint.map(|(_, checkpoint)| checkpoint);
        let level = training.cpu.level().name().to_owned();
        if let Some(saved) = &saved {
            saved.identity.check(&identity, &saved.neurona).map_err(here)?;
            let begun = saved.epoch.saturating_add(usize::from(saved.batch > 0));
            if training.epochs < begun {
                let text = fewer_epochs(saved.epoch, begun, training.epochs);
                return Err(here(Error::new(Code::E036, text).fix(more_epochs(begun))));
            }
            fits(saved, &places, &weights, ready).map_err(here)?;
            if saved.level != level {
                let text = other_level(&saved.level, &level);
                notes.push(Finding { code: "W036", text });
            }
        }
        folder.tidy();
        if let Some(stop) = &run.stop {
            stop.report(None);
        }
        let (last, epochs) = (Instant::now(), training.epochs);
        let step = saved.as_ref().map_or(engine.iterations, |saved| saved.step);
        let stopped = None;
        let keeper = Keeper {
            run,
            folder,
            identity,
            epochs,
            level,
            places,
            weights,
            saved,
            last,
            step,
            stopped,
        };
        Ok((keeper, notes))
    }

    /// Gives the training back what was saved, or saves it for the first time. `Break` if it is to stop at once.
    pub(in crate::train) fn begin<'a>(
        &mut self,
        training: &Training<'a>,
        engine: &mut Engine,
        ready: &Ready,
        course: &mut Course<'a>,
        callbacks: Callbacks<'_, '_>,
    ) -> ControlFlow<()> {
        let Some(saved) = self.saved.take() else {
            self.if_asked(engine, course, callbacks)?;
            self.save(engine, course, callbacks);
            return ControlFlow::Continue(());
        };
        self.restore(&saved, training, engine, ready, course);
        let is_over = course.ended || course.epoch >= self.epochs;
        if !is_over && self.is_asked() {
            // It stops at what is on the disk.
            self.stopped = Some(Ok(self.at(engine, course)));
            give_back(&saved, callbacks);
            return ControlFlow::Break(());
        }
        if saved.batch > 0 && !saved.ended {
            // Callbacks hear of the beginning of the epoch first.
            self.saved = Some(saved);
        } else {
            give_back(&saved, callbacks);
        }
        ControlFlow::Continue(())
    }

    /// Gives what was saved back to a training that continues in the middle of an epoch, now that
    /// callbacks have heard of the beginning of the epoch: what they did then was done before it
    /// was saved.
    pub(in crate::train) fn go_on<'a>(
        &mut self,
        training: &Training<'a>,
        engine: &mut Engine,
        ready: &Ready,
        course: &mut Course<'a>,
        callbacks: Callbacks<'_, '_>,
    ) {
        if let Some(saved) = self.saved.take() {
            self.restore(&saved, training, engine, ready, course);
            give_back(&saved, callbacks);
        }
    }

    /// Saves after a batch, if it is time or was asked for. `Break` if it was.
    pub(in crate::train) fn after_batch(
        &mut self,
        engine: &Engine,
        course: &mut Course<'_>,
        callbacks: Callbacks<'_, '_>,
    ) -> ControlFlow<()> {
        let enough = |steps: u64| engine.iterations - self.step >= steps;
        let due = self.run.every_steps.is_some_and(enough) || self.last.elapsed() >= self.run.every;
        if course.ended {
            self.save(engine, course, callbacks);
            return ControlFlow::Continue(());
        }
        self.if_asked(engine, course, callbacks)?;
        if due {
            self.save(engine, course, callbacks);
        }
        ControlFlow::Continue(())
    }

    /// Saves after an epoch. `Break` if training was asked to stop and is not at its end.
    pub(in crate::train) fn after_epoch(
        &mut self,
        engine: &Engine,
        course: &mut Course<'_>,
        callbacks: Callbacks<'_, '_>,
    ) -> ControlFlow<()> {
        if !course.ended && course.epoch < self.epochs {
            self.if_asked(engine, course, callbacks)?;
        }
        self.save(engine, course, callbacks);
        ControlFlow::Continue(())
    }

    /// Saves and returns `Break` if it was asked to.
    pub(in crate::train) fn if_asked(
        &mut self,
        engine: &Engine,
        course: &mut Course<'_>,
        callbacks: Callbacks<'_, '_>,
    ) -> ControlFlow<()> {
        if !self.is_asked() {
            return ControlFlow::Continue(());
        }
        let saved = self.try_save(engine, course, callbacks);
        let place = self.run.folder.display().to_string();
        let at = self.at(engine, course);
        self.stopped = Some(saved.map(|()| at).map_err(|why| {
            let text = stopped_unsaved(engine.iterations as usize, &why, self.step as usize);
            Error::new(Code::E035, text).at(place).fix(make_room())
        }));
        ControlFlow::Break(())
    }

    /// Tells whoever asked for the stop where it was. Errors (E035): the stop could not be saved.
    pub(in crate::train) fn finish(self) -> Result<()> {
        let at = self.stopped.transpose()?;
        if let Some(stop) = self.run.stop {
            stop.report(at);
        }
        Ok(())
    }

    /// Whether somebody has asked for a stop.
    fn is_asked(&self) -> bool {
        self.run.stop.as_ref().is_some_and(Stop::is_requested)
    }

    fn at(&self, engine: &Engine, course: &Course<'_>) -> Stopped {
        let Course { epoch, batch, .. } = *course;
        Stopped { folder: self.run.folder.clone(), step: engine.iterations, epoch, batch }
    }

    /// Saves; problems are reported, and training continues.
    fn save(&mut self, engine: &Engine, course: &Course<'_>, callbacks: Callbacks<'_, '_>) {
        if let Err(why) = self.try_save(engine, course, callbacks) {
            let text = not_saved(engine.iterations as usize, &why);
            _ = tell(callbacks, &Event::Note(&Finding { code: "W035", text }));
        }
    }

    fn try_save(
        &mut self,
        engine: &Engine,
        course: &Course<'_>,
        callbacks: Callbacks<'_, '_>,
    ) -> Result<(), Text> {
        // A failed attempt is made again when the next one is due, not after the next step.
        (self.last, self.step) = (Instant::now(), engine.iterations);
        if !finite(engine) {
            return Err(not_finite());
        }
        let checkpoint =
            self.checkpoint(engine, course, callbacks).map_err(|error| said(&error))?;
        self.folder.save(&checkpoint).map_err(|error| error.reason())?;
        self.last = Instant::now();
        _ = tell(callbacks, &Event::Saved { step: engine.iterations });
        Ok(())
    }

    fn checkpoint(
        &self,
        engine: &Engine,
        course: &Course<'_>,
        callbacks: &[Box<dyn Callback + '_>],
    ) -> Result<Checkpoint> {
        let read = |(name, slot, shape): &(String, Slot, Shape)| {
            Ok((name.clone(), Tensor::new(*shape, engine.read(*slot, *shape))?))
        };
        Ok(Checkpoint {
            neurona: env!("CARGO_PKG_VERSION").to_owned(),
            level: self.level.clone(),
            identity: self.identity.clone(),
            epochs: self.epochs,
            step: engine.iterations,
            epoch: course.epoch,
            batch: course.batch,
            pass: course.pass,
            ended: course.ended,
            elapsed: course.elapsed(),
            rate: course.rate,
            learning_rate: engine.learning_rate,
            sums: course.sums(),
            history: course.history.clone(),
            callbacks: states(callbacks),
            state: self.places.iter().map(read).collect::<Result<_>>()?,
            weights: self.weights.iter().map(|(name, _)| name.clone()).collect(),
        })
    }

    fn restore<'a>(
        &self,
        saved: &Checkpoint,
        training: &Training<'a>,
        engine: &mut Engine,
        ready: &Ready,
        course: &mut Course<'a>,
    ) {
        for (name, slot, shape) in &self.places {
            let tensor = saved.state.iter().find(|(other, _)| other == name);
            // It is there, and has this shape: `fits` has checked it.
            if let Some(values) = tensor.and_then(|(_, tensor)| tensor.as_slice::<f32>().ok()) {
                engine.write(*slot, *shape, values);
            }
        }
        let begun = u64::from(saved.batch > 0);
        (engine.iterations, engine.epochs) = (saved.step, saved.pass + begun);
        engine.learning_rate = saved.learning_rate;
        (course.epoch, course.batch, course.pass) = (saved.epoch, saved.batch, saved.pass);
        (course.ended, course.rate) = (saved.ended, saved.rate);
        course.history.clone_from(&saved.history);
        if saved.batch > 0 {
            course.go_on(training, ready, saved.sums.clone(), saved.elapsed);
        }
    }
}

/// The states of the callbacks that have one.
fn states(callbacks: &[Box<dyn Callback + '_>]) -> Vec<CallbackState> {
    callbacks.iter().filter_map(super::super::event::Callback::state).collect()
}

/// Gives callbacks back what they remembered, and tells where training continues.
fn give_back(saved: &Checkpoint, callbacks: Callbacks<'_, '_>) {
    let with_a_memory = callbacks.iter_mut().filter(|callback| callback.state().is_some());
    for (callback, state) in with_a_memory.zip(&saved.callbacks) {
        callback.restore(state);
    }
    let Checkpoint { step, epoch, batch, .. } = *saved;
    _ = tell(callbacks, &Event::Resumed { step, epoch, batch });
}

/// Where each part of the model's state lies: the weights, and what the optimizer remembers.
fn places(
    training: &Training<'_>,
    engine: &Engine,
    ready: &Ready,
) -> Result<Vec<(String, Slot, Shape)>> {
    let weights = engine.weights.iter().zip(&engine.slots);
    let mut places: Vec<(String, Slot, Shape)> =
        weights.map(|(weight, slot)| (weight.name.clone(), *slot, weight.shape)).collect();
    let (graph, _) = engine.graph(
        training.network,
        Some(training.compiled),
        &training.usage,
        &training.dtypes,
        training.batch.min(training.samples.rows()),
    )?;
    for (input, (_, slot)) in graph.inputs.iter().zip(&ready.program.inputs) {
        let is_new = places.iter().all(|(_, other, _)| other.offset != slot.offset);
        if input.role == Role::State && slot.space == Space::State && is_new {
            places.push((input.name.clone(), *slot, graph.ty(input.node).shape));
        }
    }
    Ok(places)
}

/// Errors (E034): a checkpoint whose parts do not match the training that it claims to come from.
fn fits(
    saved: &Checkpoint,
    places: &[(String, Slot, Shape)],
    weights: &[(String, Shape)],
    ready: &Ready,
) -> Result<()> {
    let suits = |tensor: &Tensor<'_>, shape: Shape| {
        tensor.shape() == shape && tensor.as_slice::<f32>().is_ok()
    };
    let has = |(name, _, shape): &(String, Slot, Shape)| {
        saved.state.iter().any(|(other, tensor)| other == name && suits(tensor, *shape))
    };
    let remembered = saved.callbacks.iter().flat_map(|state| state.entries.values());
    let mut remembered = remembered.filter_map(|entry| match entry {
        Entry::Weights(remembered) => Some(remembered.tensors()),
        Entry::Number(_) | Entry::Text(_) => None,
    });
    let same = |tensors: &[Tensor<'_>]| {
        let mut pairs = tensors.iter().zip(weights);
        tensors.len() == weights.len() && pairs.all(|(tensor, (_, shape))| suits(tensor, *shape))
    };
    let fits = places.iter().all(has)
        && saved.state.len() == places.len()
        && remembered.all(same)
        && (saved.batch == 0 || saved.sums.are_of(ready))
        && saved.pass < u64::MAX
        && saved.step < u64::MAX;
    if fits { Ok(()) } else { Err(Error::new(Code::E034, other_parts())) }
}

fn said(error: &Error) -> Text {
    use neurona_core::message::Lang;
    Text::new(error.in_lang(Lang::En), error.in_lang(Lang::Es))
}

neurona_core::messages! {
    fn holds_a_run() {
        en: "this folder holds a run already",
        es: "esta carpeta ya contiene una ejecución",
    }

    fn resume_it() {
        en: "resume it with Run::resume(true), or choose another folder",
        es: "reanúdela con Run::resume(true), o elija otra carpeta",
    }

    fn fewer_epochs(done: usize, begun: usize, asked: usize) {
        en: "this run has done {done} epochs and begun {begun}, but {asked} were asked for",
        es: "esta ejecución ha hecho {done} épocas y comenzado {begun}, pero se pidieron {asked}",
    }

    fn more_epochs(begun: usize) {
        en: "ask for {begun} epochs or more",
        es: "pida {begun} épocas o más",
    }

    fn other_level(saved: &str, now: &str) {
        en: "this run began with {saved} instructions and continues with {now}: its last bits may differ from an uninterrupted run's",
        es: "esta ejecución comenzó con instrucciones {saved} y continúa con {now}: los últimos bits pueden diferir de los de una ejecución sin interrupciones",
    }

    fn not_finite() {
        en: "some weights are NaN or infinite",
        es: "algunos pesos son NaN o infinitos",
    }

    fn not_saved(step: usize, why: &Text) {
        en: "step {step} could not be saved ({why}); training continues, the checkpoints before are kept, and saving is tried again at the next one",
        es: "no se pudo guardar el paso {step} ({why}); el entrenamiento continúa, se conservan los puntos de control anteriores y se intentará guardar de nuevo en el siguiente",
    }

    fn stopped_unsaved(step: usize, why: &Text, saved: usize) {
        en: "training stopped at step {step}, which could not be saved ({why}); the run can be resumed from its checkpoint before",
        es: "el entrenamiento se detuvo en el paso {step}, que no se pudo guardar ({why}); la ejecución se puede reanudar desde su punto de control anterior",
    }

    fn make_room() {
        en: "free disk space or grant access to the folder; the model in memory is at that step",
        es: "libere espacio en el disco o dé acceso a la carpeta; el modelo en memoria es el de ese paso",
    }

    fn other_parts() {
        en: "the checkpoint's parts do not match the training that it says it comes from",
        es: "las partes del punto de control no corresponden al entrenamiento del que dice proceder",
    }
}
