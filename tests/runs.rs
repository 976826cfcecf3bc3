//! Runs that are stopped and resumed end with the bits of a run that never stopped; what does not suit is refused.

mod trainings;

use ndarray::{Array1, Array2};
use neurona::Code;
use neurona::message::Lang;
use neurona::prelude::*;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use trainings::{Kind, Outcome};

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("neurona-runs-{}-{name}", std::process::id()));
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn uninterrupted(kind: Kind, name: &str) -> (Outcome, usize) {
    let folder = folder(name);
    let mut steps = 0;
    let count = |event: &Event<'_>| {
        steps += usize::from(matches!(event, Event::BatchEnd { .. }));
        ControlFlow::Continue(())
    };
    let outcome = kind.train(1, &folder, |run| run, count).unwrap();
    fs::remove_dir_all(folder).unwrap();
    (outcome, steps)
}

/// Trains until it has done this many steps in this process, or to its end: `Some` in that case.
fn train_for(kind: Kind, threads: usize, folder: &Path, steps: usize) -> Option<Outcome> {
    let stop = Stop::default();
    let (mut done, request) = (0, stop.clone());
    let watch = move |event: &Event<'_>| {
        done += usize::from(matches!(event, Event::BatchEnd { .. }));
        if done == steps {
            request.request();
        }
        ControlFlow::Continue(())
    };
    let outcome = kind.train(threads, folder, |run| run.stop(&stop), watch).unwrap();
    stop.stopped().is_none().then_some(outcome)
}

#[test]
fn stopped_anywhere_and_resumed_it_ends_with_the_same_bits() {
    for kind in Kind::ALL {
        let (expected, steps) = uninterrupted(kind, &format!("whole-{kind:?}"));
        assert!(steps > 20, "{kind:?}: {steps}");
        // One is ended by early stopping, the other by its number of epochs.
        let epochs = if kind == Kind::Mlp { 5..8 } else { 4..5 };
        assert!(epochs.contains(&expected.history["loss"].len()), "{:?}", expected.history);
        for at in [1, 2, 7, 8, 13, 14, 25, 26, steps - 1] {
            let folder = folder(&format!("stopped-{kind:?}-{at}"));
            assert!(train_for(kind, 1 + at % 2, &folder, at).is_none(), "{kind:?} {at}");
            let outcome = train_for(kind, 2 - at % 2, &folder, usize::MAX).unwrap();
            assert_eq!(outcome, expected, "{kind:?} stopped at step {at} of {steps}");
            // It is complete: running it once more gives the same.
            assert_eq!(train_for(kind, 1, &folder, 1).unwrap(), expected);
            fs::remove_dir_all(folder).unwrap();
        }
    }
}

#[test]
fn stopped_after_every_single_step_it_ends_with_the_same_bits() {
    for kind in Kind::ALL {
        let (expected, steps) = uninterrupted(kind, &format!("every-whole-{kind:?}"));
        let folder = folder(&format!("every-{kind:?}"));
        let mut lives = 1;
        let outcome = loop {
            if let Some(outcome) = train_for(kind, 1 + lives % 2, &folder, 1) {
                break outcome;
            }
            lives += 1;
        };
        assert_eq!(outcome, expected, "{kind:?}");
        assert!(lives >= steps, "{lives} lives for {steps} steps");
        fs::remove_dir_all(folder).unwrap();
    }
}

/// Eight samples of two numbers.
fn samples() -> (Array2<f32>, Array1<u8>) {
    (
        Array2::from_shape_fn((8, 2), |(i, j)| (i * 3 + j) as f32 / 20.0),
        (0..8).map(|i| i % 2).collect(),
    )
}

fn model(
    units: usize,
    seed: u64,
    rate: f64,
    loss: impl Loss + 'static,
    metric: Metric,
) -> Sequential {
    let mut model = Sequential::new([2]).seed(seed).add(Dense::new(units).activation(Relu));
    model = model.add(Dense::new(2).activation(Softmax));
    model.compile(Adam::new(rate), loss, [metric]).unwrap();
    model
}

fn usual() -> Sequential {
    model(3, 0, 0.1, SparseCategoricalCrossentropy::default(), Metric::Accuracy)
}

fn quiet<'a>(epochs: usize, run: Run) -> Fit<'a> {
    Fit::epochs(epochs).batch_size(4).verbose(Verbose::Silent).run(run)
}

fn bits(model: &mut Sequential) -> Vec<u32> {
    let weights = model.weights().unwrap().into_iter();
    weights.flat_map(|(_, values)| values.into_iter().map(f32::to_bits)).collect()
}

/// Returns the error, after checking that it has this code and these words, is said in Spanish,
/// too, and leaves the model as it was.
fn refused(
    model: &mut Sequential,
    data: (&Array2<f32>, &Array1<u8>),
    fit: Fit<'_>,
    code: Code,
    words: &str,
) {
    let before = bits(model);
    let error = model.fit(data.0, data.1, fit).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.to_string().contains(words), "{error}");
    assert_ne!(error.in_lang(Lang::Es), error.in_lang(Lang::En));
    assert_eq!(bits(model), before, "{error}");
}

#[test]
fn what_a_run_is_not_of_is_refused_and_changes_nothing() {
    let folder = folder("other");
    let run = || Run::new(&folder).resume(true);
    let (x, y) = samples();
    usual().fit(&x, &y, quiet(3, run())).unwrap();
    let crossentropy = SparseCategoricalCrossentropy::default;
    let refuse = |mut model: Sequential, fit: Fit<'_>, words: &str| {
        refused(&mut model, (&x, &y), fit, Code::E036, words);
    };
    refuse(usual(), quiet(3, Run::new(&folder)), "holds a run already");
    refuse(usual(), quiet(2, run()), "has done 3 epochs and begun 3, but 2 were asked for");
    refuse(
        model(4, 0, 0.1, crossentropy(), Metric::Accuracy),
        quiet(3, run()),
        "the network of the run",
    );
    refuse(model(3, 0, 0.2, crossentropy(), Metric::Accuracy), quiet(3, run()), "Constant(0.1)");
    let ignoring = SparseCategoricalCrossentropy { ignore_class: Some(7), ..crossentropy() };
    refuse(model(3, 0, 0.1, ignoring, Metric::Accuracy), quiet(3, run()), "the loss of the run");
    let other = Metric::SparseTopKCategoricalAccuracy { k: 1 };
    refuse(model(3, 0, 0.1, crossentropy(), other), quiet(3, run()), "the metrics of the run");
    refuse(
        model(3, 5, 0.1, crossentropy(), Metric::Accuracy),
        quiet(3, run()),
        "seed of the run is \"0\", and now \"5\"",
    );
    refuse(usual(), quiet(3, run()).batch_size(2), "batch size of the run is \"4\", and now \"2\"");
    refuse(usual(), quiet(3, run()).shuffle(false), "shuffle");
    refuse(
        usual(),
        quiet(3, run()).validation_data(&x, &y),
        "validation data of the run is \"none\"",
    );
    refuse(usual(), quiet(3, run()).sample_weight(Array1::<f32>::ones(8)), "the data of the run");
    refuse(usual(), quiet(3, run()).callback(EarlyStopping::new("loss")), "now \"EarlyStopping\"");
    refuse(
        usual(),
        quiet(3, run()).callback(ReduceLrOnPlateau::new("loss").patience(9)),
        "ReduceLrOnPlateau",
    );

    // Data that differ in one element, or in their number.
    let mut changed = x.clone();
    changed[[7, 1]] += 1e-6;
    refused(&mut usual(), (&changed, &y), quiet(3, run()), Code::E036, "the data of the run");
    let (fewer, labels) =
        (x.select(Axis(0), &[0, 1, 2, 3, 4, 5, 6]), y.iter().take(7).copied().collect());
    refused(&mut usual(), (&fewer, &labels), quiet(3, run()), Code::E036, "[7, 2]");
    // And the run is as it was.
    assert_eq!(usual().fit(&x, &y, quiet(3, run())).unwrap()["loss"].len(), 3);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_folder_that_cannot_be_used_is_refused() {
    let folder = folder("refused");
    let (x, y) = samples();
    let file = folder.join("file");
    fs::write(&file, "").unwrap();
    let run = |path: &Path| quiet(1, Run::new(path));
    refused(&mut usual(), (&x, &y), run(&file), Code::E035, "the run folder cannot be used");
    refused(&mut usual(), (&x, &y), run(&file.join("below")), Code::E035, "cannot be used");
    let never = quiet(1, Run::new(folder.join("run")).every_steps(0));
    refused(&mut usual(), (&x, &y), never, Code::E016, "every_steps");
    let run_folder = folder.join("run");
    assert_eq!(Run::new(&run_folder).last().unwrap_err().code(), Code::E035);
    fs::create_dir_all(run_folder.join("lock")).unwrap();
    refused(&mut usual(), (&x, &y), run(&run_folder), Code::E035, "cannot be used");
    assert_eq!(Run::new(&run_folder).last(), Ok(None));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn while_a_run_is_trained_nobody_else_trains_it() {
    let folder = folder("held");
    let run = || Run::new(&folder).resume(true);
    let (x, y) = samples();
    let mut refusals = 0;
    let meanwhile = |event: &Event<'_>| {
        if let Event::BatchEnd { .. } = event {
            refused(&mut usual(), (&x, &y), quiet(2, run()), Code::E037, "being trained by");
            // It may be looked at.
            assert!(run().last().unwrap().is_some_and(|saved| !saved.finished));
            refusals += 1;
        }
        ControlFlow::Continue(())
    };
    usual().fit(&x, &y, quiet(2, run()).callback(meanwhile)).unwrap();
    assert_eq!(refusals, 4);
    assert!(run().last().unwrap().is_some_and(|saved| saved.finished));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_finished_run_goes_on_when_more_epochs_are_asked_for() {
    let (whole, parts) = (folder("more-whole"), folder("more-parts"));
    let (x, y) = samples();
    let mut model = usual();
    let history = model.fit(&x, &y, quiet(5, Run::new(&whole))).unwrap();
    usual().fit(&x, &y, quiet(2, Run::new(&parts))).unwrap();
    let mut again = usual();
    assert_eq!(again.fit(&x, &y, quiet(5, Run::new(&parts).resume(true))).unwrap(), history);
    assert_eq!(bits(&mut again), bits(&mut model));
    let saved = Run::new(&parts).last().unwrap().unwrap();
    assert_eq!(
        (saved.step, saved.epoch, saved.batch, saved.epochs, saved.finished),
        (10, 5, 0, 5, true)
    );
    assert_eq!(saved.history, history);
    let weights = saved.weights.iter().flat_map(|(_, weight)| weight.as_slice::<f32>().unwrap());
    assert_eq!(weights.map(|w| w.to_bits()).collect::<Vec<_>>(), bits(&mut model));
    let files = fs::read_dir(&parts).unwrap().count();
    assert_eq!(files, 5, "the lock and two checkpoints of two files");
    [whole, parts].iter().for_each(|folder| fs::remove_dir_all(folder).unwrap());
}

#[test]
fn files_of_others_in_the_folder_stay() {
    let folder = folder("others");
    let names = [".notes.tmp", "neurona-checkpoint-7.safetensors", "checkpoint-000001.safetensors"];
    names.iter().for_each(|name| fs::write(folder.join(name), "mine").unwrap());
    let (x, y) = samples();
    usual().fit(&x, &y, quiet(4, Run::new(&folder).every_steps(1))).unwrap();
    assert!(names.iter().all(|name| fs::read(folder.join(name)).unwrap() == b"mine"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_csv_log_that_was_cut_or_lost_is_made_whole_again() {
    let folder = folder("csv");
    let log = folder.join("log.csv");
    let (x, y) = samples();
    let fit = |epochs, append| {
        let csv = CsvLogger::new(&log).append(append);
        usual()
            .fit(&x, &y, quiet(epochs, Run::new(folder.join("run")).resume(true)).callback(csv))
            .unwrap()
    };
    fs::write(&log, "epoch,accuracy,loss\n9,0.5,0.7\n").unwrap();
    fit(2, true);
    let two = fs::read_to_string(&log).unwrap();
    assert!(
        two.starts_with("epoch,accuracy,loss\n9,0.5,0.7\n0,") && two.lines().count() == 4,
        "{two}"
    );
    // Lines from an epoch that was never saved, and a power loss that took a line.
    for found in [two.clone() + "2,0.5\n3,0.4", two[..two.len() - 9].to_owned()] {
        fs::write(&log, found).unwrap();
        fit(2, true);
        assert_eq!(fs::read_to_string(&log).unwrap(), two);
    }
    let history = fit(4, true);
    let four = fs::read_to_string(&log).unwrap();
    let rows = history.to_csv().split_once('\n').unwrap().1.to_owned();
    assert_eq!(four, format!("epoch,accuracy,loss\n9,0.5,0.7\n{rows}"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn data_that_come_in_batches_are_resumed_to_the_same_bits() {
    let read = |i: usize| Ok((ndarray::array![i as f32 / 50.0, (i % 7) as f32], (i % 2) as u8));
    let data = dataset::range(50).shuffle(50, 3).map(read).batch(8).prefetch(2);
    let train = |folder: &Path, steps: usize| {
        let (stop, mut done) = (Stop::default(), 0);
        let watch = |event: &Event<'_>| {
            done += usize::from(matches!(event, Event::BatchEnd { .. }));
            if done == steps {
                stop.request();
            }
            ControlFlow::Continue(())
        };
        let run = Run::new(folder).resume(true).stop(&stop);
        let mut model = usual();
        let history = model.fit_dataset(&data, quiet(3, run).callback(watch)).unwrap();
        (history, bits(&mut model), stop.stopped())
    };
    let whole = folder("stream-whole");
    let expected = train(&whole, usize::MAX);
    for at in [1, 6, 7, 10, 20] {
        let folder = folder(&format!("stream-{at}"));
        let stopped = train(&folder, at).2.unwrap();
        assert_eq!((stopped.step, stopped.folder), (at as u64, folder.clone()));
        assert_eq!(train(&folder, usize::MAX), expected, "stopped after {at}");
        fs::remove_dir_all(folder).unwrap();
    }
    let other = dataset::range(51).shuffle(51, 3).map(read).batch(8);
    let error = usual().fit_dataset(&other, quiet(3, Run::new(&whole).resume(true))).unwrap_err();
    assert_eq!(error.code(), Code::E036, "{error}");
    fs::remove_dir_all(whole).unwrap();
}

#[test]
fn a_run_on_batches_knows_its_data_again_whichever_pass_is_the_next_one() {
    let read = |i: usize| Ok((ndarray::array![i as f32 / 50.0, (i % 7) as f32], (i % 2) as u8));
    let data = dataset::range(50).shuffle(50, 3).map(read).batch(8);
    let folder = folder("stream-again");
    let mut model = usual();
    model.fit_dataset(&data, quiet(1, Run::new(&folder).resume(true))).unwrap();
    // The same model now has one pass behind it, and the next pass has another order.
    let history = model.fit_dataset(&data, quiet(2, Run::new(&folder).resume(true))).unwrap();
    assert_eq!(history["loss"].len(), 2);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_run_that_diverges_stays_at_its_last_good_checkpoint() {
    let folder = folder("diverges");
    let (x, y) = (
        ndarray::array![[1.0f32], [2.0], [3.0], [4.0]],
        ndarray::array![[1.0f32], [2.0], [3.0], [4.0]],
    );
    let train = || {
        let mut model = Sequential::new([1]).add(Dense::new(1));
        model.compile(Sgd::new(30.0), MeanSquaredError, []).unwrap();
        let fit = Fit::epochs(99).batch_size(2).shuffle(false).verbose(Verbose::Silent);
        let error =
            model.fit(&x, &y, fit.run(Run::new(&folder).resume(true).every_steps(1))).unwrap_err();
        assert_eq!(error.code(), Code::E041);
        let finite = bits(&mut model).into_iter().all(|bits| f32::from_bits(bits).is_finite());
        assert!(finite, "{error}");
        (error, Run::new(&folder).last().unwrap().unwrap())
    };
    let (error, saved) = train();
    assert!(saved.step > 3, "{error}");
    let again = train();
    assert_eq!(again.1, saved, "what diverged once does it again at the same step");
    assert_eq!(
        again.0.to_string().split_once(". Kept").unwrap().0,
        error.to_string().split_once(". Kept").unwrap().0
    );
    let values = saved.weights.iter().flat_map(|(_, weight)| weight.to_f64());
    assert!(values.into_iter().all(f64::is_finite));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_request_before_training_begins_saves_and_does_nothing_else() {
    let folder = folder("at-once");
    let (x, y) = samples();
    let stop = Stop::default();
    stop.request();
    let mut model = usual();
    let before = bits(&mut model);
    for _ in 0..2 {
        let run = Run::new(&folder).resume(true).stop(&stop);
        assert_eq!(model.fit(&x, &y, quiet(2, run)).unwrap(), History::default());
        assert_eq!(stop.stopped().map(|at| (at.step, at.epoch, at.batch)), Some((0, 0, 0)));
        assert_eq!(bits(&mut model), before);
    }
    assert!(stop.is_requested());
    // Callback files do not stay as they are at the beginning of a training.
    let (log, folder) = (folder.join("log.csv"), folder.join("with a log"));
    let fit = |run: Run| usual().fit(&x, &y, quiet(2, run).callback(CsvLogger::new(&log))).unwrap();
    let history = fit(Run::new(&folder));
    let more =
        |run: Run| usual().fit(&x, &y, quiet(5, run).callback(CsvLogger::new(&log))).unwrap();
    assert_eq!(more(Run::new(&folder).resume(true).stop(&stop)), history);
    assert_eq!(fs::read_to_string(&log).unwrap(), history.to_csv());
    fs::remove_dir_all(folder.parent().unwrap()).unwrap();
}

#[test]
fn progress_says_where_a_run_goes_on() {
    let folder = folder("progress");
    let (x, y) = samples();
    usual().fit(&x, &y, quiet(2, Run::new(&folder))).unwrap();
    let mut out = Vec::new();
    let progress = neurona::train::Progress::new(&mut out, false, Lang::Es);
    let run = Run::new(&folder).resume(true);
    usual().fit(&x, &y, quiet(3, run).callback(progress)).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.starts_with(
            "Reanudado desde el paso 4 (épocas hechas: 2, lotes de la siguiente: 0)\nÉpoca 3/3"
        ),
        "{text}"
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_resumed_run_tells_its_beginning_then_where_it_is_then_what_is_left() {
    let folder = folder("events");
    let (x, y) = samples();
    let train = |steps: usize| {
        let (stop, mut heard, mut done) = (Stop::default(), Vec::new(), 0);
        let record = |event: &Event<'_>| {
            heard.push(match event {
                Event::Note(note) => note.code.to_owned(),
                Event::TrainBegin { epochs, steps } => format!("train {epochs}x{steps}"),
                Event::Resumed { step, epoch, batch } => format!("resumed {step} {epoch} {batch}"),
                Event::EpochBegin { epoch, .. } => format!("epoch {epoch}"),
                Event::BatchEnd { done, .. } => format!("batch {done}"),
                Event::EpochEnd { epoch, .. } => format!("end {epoch}"),
                Event::Saved { step } => format!("saved {step}"),
                Event::TrainEnd { .. } => "over".to_owned(),
                other => panic!("nobody expects {other:?}"),
            });
            done += usize::from(matches!(event, Event::BatchEnd { .. }));
            if done == steps {
                stop.request();
            }
            ControlFlow::Continue(())
        };
        let run = Run::new(&folder).resume(true).stop(&stop);
        usual().fit(&x, &y, quiet(2, run).callback(record)).unwrap();
        heard.join(", ")
    };
    assert_eq!(train(1), "train 2x2, saved 0, epoch 0, batch 1, saved 1, over");
    let second = "train 2x2, epoch 0, resumed 1 0 1, batch 2, saved 2, over";
    assert_eq!(train(1), second);
    // All batches of the epoch are done, but its end is not.
    let third =
        "train 2x2, epoch 0, resumed 2 0 2, end 0, saved 2, epoch 1, batch 1, saved 3, over";
    assert_eq!(train(1), third);
    let fourth = "train 2x2, epoch 1, resumed 3 1 1, batch 2, end 1, saved 4, over";
    assert_eq!(train(usize::MAX), fourth);
    assert_eq!(train(usize::MAX), "train 2x2, resumed 4 2 0, over");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_run_that_a_callback_ends_in_the_middle_of_an_epoch_is_finished_there() {
    let folder = folder("ended");
    let (x, y) = samples();
    let train = |ends: bool| {
        let end = |event: &Event<'_>| match event {
            Event::BatchEnd { done: 1, logs, .. } if ends && logs["loss"] < 0.7 => {
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        };
        let mut model = usual();
        let run = Run::new(&folder).resume(true);
        let history = model.fit(&x, &y, quiet(50, run).callback(end)).unwrap();
        (history, bits(&mut model))
    };
    let ended = train(true);
    let saved = Run::new(&folder).last().unwrap().unwrap();
    assert_eq!((saved.finished, saved.batch), (true, 1));
    assert!(saved.epoch > 0 && saved.epoch < 50, "{saved:?}");
    assert_eq!(train(false), ended);
    fs::remove_dir_all(folder).unwrap();
}
