//! The figures of the guide: made from what was measured, and written as SVG and PNG.

use super::data::Digits;
use super::testing::{DIGIT, Tested};
use super::texts;
use crate::folder::Folder;
use crate::interrupt;
use crate::stop::Stop;
use neurona::Result;
use neurona::message::{Lang, Text};
use neurona::plot::{self, Figure, Gray, GridItem};
use neurona::prelude::ndarray::{ArrayView2, Axis};
use neurona::prelude::{
    BinaryThreshold, BipolarThreshold, History, Linear, Relu, Sequential, Sigmoid, Tanh,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A figure, by what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    Digit8,
    Neuron,
    TransferFunctions,
    History,
    Digit11,
    TestDigits,
    ConfusionMatrix,
    Network,
}

impl Picture {
    /// All, in the order of the guide.
    pub(super) const ALL: [Picture; 8] = [
        Picture::Digit8,
        Picture::Neuron,
        Picture::TransferFunctions,
        Picture::History,
        Picture::Digit11,
        Picture::TestDigits,
        Picture::ConfusionMatrix,
        Picture::Network,
    ];

    /// The name of its files, without the suffix.
    pub(super) fn name(self) -> &'static str {
        match self {
            Picture::Digit8 => "digit-8",
            Picture::Neuron => "neuron",
            Picture::TransferFunctions => "transfer-functions",
            Picture::History => "history",
            Picture::Digit11 => "digit-11",
            Picture::TestDigits => "test-digits",
            Picture::ConfusionMatrix => "confusion-matrix",
            Picture::Network => "network",
        }
    }

    /// What it shows.
    pub(super) fn caption(self) -> Text {
        match self {
            Picture::Digit8 => texts::digit_8(),
            Picture::Neuron => texts::artificial_neuron(),
            Picture::TransferFunctions => texts::transfer_functions(),
            Picture::History => texts::history(),
            Picture::Digit11 => texts::digit_11(),
            Picture::TestDigits => texts::test_digits(),
            Picture::ConfusionMatrix => texts::confusion_matrix(),
            Picture::Network => texts::network(),
        }
    }
}

/// A figure that is made.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) picture: Picture,
    pub(super) figure: Figure,
}

/// All the figures, in the order of the guide.
pub(super) fn all(
    digits: &Digits,
    tested: &Tested,
    history: &History,
    model: &mut Sequential,
    lang: Lang,
) -> Result<Vec<Made>> {
    let functions = [BinaryThreshold, BipolarThreshold, Linear, Sigmoid, Tanh, Relu];
    let digit_11 = digits.test_images.index_axis(Axis(0), DIGIT);
    let each = Picture::ALL.into_iter().map(|picture| {
        let figure = match picture {
            Picture::Digit8 => digit(&digits.digit_8.view(), picture, lang),
            Picture::Neuron => plot::artificial_neuron(lang),
            Picture::TransferFunctions => plot::transfer_functions(&functions, lang)?,
            Picture::History => plot::history_in(history, lang),
            Picture::Digit11 => digit(&digit_11, picture, lang),
            Picture::TestDigits => grid(digits, tested, lang),
            Picture::ConfusionMatrix => plot::confusion_matrix(&tested.matrix, lang),
            Picture::Network => plot::network(model, Some(digit_11.dim()), lang)?,
        };
        Ok(Made { picture, figure })
    });
    each.collect()
}

fn digit(image: &ArrayView2<'_, u8>, picture: Picture, lang: Lang) -> Figure {
    let (height, width) = image.dim();
    let pixels: Vec<u8> = image.iter().copied().collect();
    let title = capital(picture.caption().get(lang));
    plot::image(Gray { pixels: &pixels, width, height }, Some(&title), lang)
}

/// The first digits of the test, and the first mistakes among those that follow.
fn grid(digits: &Digits, tested: &Tested, lang: Lang) -> Figure {
    const FIRST: usize = 16;
    const MISTAKES: usize = 8;
    let (_, height, width) = digits.test_images.dim();
    let images: Vec<&[u8]> = match digits.test_images.as_slice() {
        Some(bytes) => bytes.chunks(height * width).collect(),
        None => Vec::new(),
    };
    let item = |i: usize| {
        let (label, answer) = (usize::from(digits.test_labels[i]), tested.answers[i]);
        let image = Gray { pixels: images.get(i).copied().unwrap_or_default(), width, height };
        let wrong = label != answer;
        let text = if wrong { texts::grid_wrong(label, answer) } else { texts::grid_right(label) };
        GridItem { image, label: text.get(lang).to_owned(), wrong }
    };
    let later = (FIRST..tested.answers.len()).map(item).filter(|item| item.wrong).take(MISTAKES);
    let items: Vec<GridItem<'_>> = (0..FIRST).map(item).chain(later).collect();
    plot::image_grid(&items, 8, Some(texts::grid_title().get(lang)), lang)
}

/// Writes each figure as SVG and PNG, several at once: drawing the PNG takes most of the time.
pub(super) fn save(figures: &[Made], folder: &Folder, threads: Option<usize>) -> Result<(), Stop> {
    let next = AtomicUsize::new(0);
    let draw = || -> Result<()> {
        // From the last, because the network takes longest, and the others fit beside it.
        let take = || figures.iter().rev().nth(next.fetch_add(1, Ordering::Relaxed));
        while let Some(Made { picture, figure }) = take() {
            if interrupt::asked() {
                break;
            }
            for suffix in ["svg", "png"] {
                figure.save(folder.path().join(format!("{}.{suffix}", picture.name())))?;
            }
        }
        Ok(())
    };
    let threads = threads.unwrap_or_else(all_threads).min(figures.len());
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(draw)).collect();
        let own = draw();
        others.into_iter().fold(own, |before, other| match other.join() {
            Ok(result) => before.and(result),
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    if interrupt::asked() { Err(Stop::Interrupted) } else { Ok(()) }
}

/// As many threads as the processor runs.
pub(super) fn all_threads() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// A text with its first letter large, as a title has it.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
