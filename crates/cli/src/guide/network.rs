//! Steps 7 to 9: the network is built, compiled and trained.

use super::data::{CLASSES, Digits, SIDE};
use super::figures::Picture;
use super::story::{Block, Story};
use super::texts;
use crate::args::GuideOptions;
use crate::interrupt;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::prelude::{
    CategoricalCrossentropy, Dense, Event, Fit, Flatten, History, Metric, Rescaling, Sequential,
    Sgd, Sigmoid, Softmax, Verbose,
};
use neurona::train::Progress;
use std::ops::ControlFlow;

/// Steps 7 and 8.
pub(super) fn build(story: &mut Story, options: &GuideOptions) -> Result<Sequential, Stop> {
    story.step(&texts::network_title())?;
    story.text(&texts::neuron())?;
    story.formula(&texts::neuron_formula())?;
    story.tell(Block::Picture(Picture::Neuron))?;
    story.text(&texts::transfer())?;
    story.tell(Block::Picture(Picture::TransferFunctions))?;
    story.text(&texts::layers())?;
    story.code("network")?;
    let mut model = Sequential::new([SIDE, SIDE])
        .seed(options.seed)
        .add(Rescaling::new(1.0 / 255.0))
        .add(Flatten)
        .add(Dense::new(CLASSES).activation(Sigmoid))
        .add(Dense::new(CLASSES).activation(Softmax));
    if let Some(threads) = options.threads {
        model = model.threads(threads);
    }
    let summary = model.summary()?;
    story.output(summary.to_string())?;
    let parameters: Vec<usize> = summary.rows.iter().filter_map(|row| row.parameters).collect();
    if let [.., hidden, output] = parameters[..] {
        story.text(&texts::parameters(hidden, output, summary.total_parameters()))?;
    }
    story.text(&texts::forward())?;

    story.step(&texts::compile_title())?;
    story.text(&texts::compile())?;
    story.code("compile")?;
    model.compile(Sgd::default(), CategoricalCrossentropy::default(), [Metric::Accuracy])?;
    story.text(&texts::rate())?;
    Ok(model)
}

/// What the training was like.
#[derive(Debug)]
pub(super) struct Trained {
    pub(super) history: History,
    /// How many batches an epoch has.
    pub(super) steps: usize,
}

/// Step 9.
pub(super) fn train(
    story: &mut Story,
    model: &mut Sequential,
    digits: &Digits,
    options: &GuideOptions,
) -> Result<Trained, Stop> {
    let fit = Fit::epochs(options.epochs);
    story.step(&texts::train_title())?;
    let steps = digits.train_images.dim().0.div_ceil(fit.batch_size);
    story.text(&texts::train(fit.batch_size, steps))?;
    story.code("fit")?;
    story.screen.output("")?;
    let progress = Progress::new(story.screen.for_training(), story.screen.redraws(), story.lang);
    let until_asked = |_: &Event<'_>| {
        if interrupt::asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let fit = fit.verbose(Verbose::Silent).callback(progress).callback(until_asked);
    let history = model.fit(&digits.train_images, &digits.y_train, fit)?;
    story.tell(Block::History)?;
    let loss = history.get("loss").unwrap_or_default();
    let percent = 100.0 * history.get("accuracy").and_then(<[f64]>::last).unwrap_or(&f64::NAN);
    match *loss {
        [only] => story.text(&texts::trained_once(Fixed(only, 4), Fixed(percent, 1)))?,
        [first, .., last] => {
            story.text(&texts::trained(Fixed(first, 4), Fixed(last, 4), Fixed(percent, 1)))?;
        }
        [] => {}
    }
    story.tell(Block::Picture(Picture::History))?;
    Ok(Trained { history, steps })
}
