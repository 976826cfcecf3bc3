//! Steps 8 and 9: the network is compiled and trained.

use super::course::Course;
use super::data::{Digits, SIDE};
use super::figures::Picture;
use super::story::{Block, Story};
use super::texts;
use crate::args::GuideOptions;
use crate::interrupt;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::Code;
use neurona::message::Text;
use neurona::plot;
use neurona::prelude::ndarray::{Axis, Slice};
use neurona::prelude::{
    Adam, CategoricalCrossentropy, Dense, Fit, Flatten, History, Metric, Relu, Rescaling,
    Sequential, Sgd, Softmax, Verbose,
};
use neurona::train::Run;

/// The learning rates that are compared; how many of the first digits, all in each step; and how
/// many steps.
const RATES: [f64; 3] = [0.01, 1.0, 30.0];
const DIGITS: usize = 500;
const STEPS: usize = 60;

/// The training that goes too far: how many digits, half of them for validation; how many epochs;
/// and the epochs that are printed.
const FEW: usize = 1000;
const MANY_EPOCHS: usize = 50;
const SHOWN_EPOCHS: [usize; 3] = [1, 10, 50];

/// Step 8.
pub(super) fn compile(
    story: &mut Story,
    model: &mut Sequential,
    digits: &Digits,
) -> Result<(), Stop> {
    story.step(&texts::compile_title())?;
    story.text(&texts::compile())?;
    story.list(&[texts::loss_is(), texts::optimizer_is(), texts::metric_is()])?;
    story.code("compile")?;
    model.compile(Sgd::default(), CategoricalCrossentropy::default(), [Metric::Accuracy])?;

    story.text(&texts::crossentropy())?;
    let loss = |p: f64| {
        let [p, loss] = [Fixed(p, 1), Fixed(-p.ln(), 4)].map(|x| story.say(&x));
        format!("p = {p}   L = {loss}")
    };
    let losses = [0.9, 0.5, 0.1].map(loss).join("\n");
    story.formula(&Text::verbatim(format!("L = −Σ tₖ · ln pₖ\n\n{losses}")))?;
    story.text(&texts::minus())?;

    story.text(&texts::optimizers())?;
    story.text(&texts::hyperparameters())?;
    story.text(&texts::minima())?;
    story.picture(Picture::Minima, plot::minima(story.lang))?;
    rates(story, model, digits)
}

/// The same beginning with three learning rates.
fn rates(story: &mut Story, model: &Sequential, digits: &Digits) -> Result<(), Stop> {
    story.text(&texts::rates(DIGITS, STEPS))?;
    story.code("rates")?;
    let images = digits.train_images.slice_axis(Axis(0), Slice::from(..DIGITS));
    let labels = digits.y_train.slice_axis(Axis(0), Slice::from(..DIGITS));
    let mut courses = Vec::new();
    for rate in RATES {
        let mut tried = model.clone_model();
        tried.compile(Sgd::new(rate), CategoricalCrossentropy::default(), [])?;
        let fit = Fit::epochs(STEPS).batch_size(DIGITS).verbose(Verbose::Silent);
        courses.push((rate, tried.fit(images, labels, fit)?["loss"].clone()));
    }
    let lines = courses
        .iter()
        .map(|(rate, losses)| format!("{rate:4} {:.4} → {:.4}\n", losses[0], losses[STEPS - 1]));
    story.output(lines.collect::<String>())?;
    story.text(&texts::rates_compared())?;
    story.picture(Picture::LearningRates, plot::learning_rates(&courses, story.lang))
}

/// The results of the training.
#[derive(Debug)]
pub(super) struct Trained {
    pub(super) history: History,
    /// How many batches an epoch has.
    pub(super) steps: usize,
    /// How long it took.
    pub(super) seconds: f64,
}

/// Step 9.
pub(super) fn train(
    story: &mut Story,
    model: &mut Sequential,
    digits: &Digits,
    options: &GuideOptions,
    run: Run,
) -> Result<Trained, Stop> {
    let fit = Fit::epochs(options.epochs);
    story.step(&texts::train_title())?;
    let steps = digits.train_images.dim().0.div_ceil(fit.batch_size);
    story.text(&texts::train(fit.batch_size, steps))?;
    story.code("fit")?;
    story.screen.output("")?;
    let mut course = Course::new(story.screen, story.lang);
    let fit = fit.verbose(Verbose::Silent).callback(&mut course).run(run.stop(interrupt::stop()));
    let fitted = model.fit(&digits.train_images, &digits.y_train, fit);
    let history = fitted.map_err(|error| match error.code() {
        Code::E036 => error.fix(texts::other_training()),
        _ => error,
    })?;
    let seconds = course.seconds();
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
    story.picture(Picture::History, plot::history_in(&history, story.lang))?;
    overfit(story, digits, options)?;
    Ok(Trained { history, steps, seconds })
}

/// A network that learns its examples by heart.
fn overfit(story: &mut Story, digits: &Digits, options: &GuideOptions) -> Result<(), Stop> {
    story.text(&texts::overfitting())?;
    story.text(&texts::overfit(FEW / 2, MANY_EPOCHS))?;
    story.code("overfit")?;
    let images = digits.train_images.slice_axis(Axis(0), Slice::from(..FEW));
    let labels = digits.y_train.slice_axis(Axis(0), Slice::from(..FEW));
    let mut large = Sequential::new([SIDE, SIDE])
        .seed(options.seed)
        .add(Rescaling::new(1.0 / 255.0))
        .add(Flatten)
        .add(Dense::new(100).activation(Relu))
        .add(Dense::new(10).activation(Softmax));
    if let Some(threads) = options.threads {
        large.set_threads(threads);
    }
    large.compile(Adam::default(), CategoricalCrossentropy::default(), [])?;
    let fit = Fit::epochs(MANY_EPOCHS).validation_split(0.5).verbose(Verbose::Silent);
    let course = large.fit(images, labels, fit)?;
    let (loss, validation) = (&course["loss"], &course["val_loss"]);
    let lines = SHOWN_EPOCHS
        .map(|epoch| format!("{epoch:2} {:.4} {:.4}\n", loss[epoch - 1], validation[epoch - 1]));
    story.output(lines.concat())?;
    let best = neurona::data::argmax(&validation.iter().map(|loss| -loss).collect::<Vec<f64>>());
    story.text(&texts::overfitted(best + 1, Fixed(validation[best], 4)))?;
    story.picture(Picture::Overfitting, plot::overfitting(loss, validation, story.lang))
}
