//! The figures of the guide: their names and captions, and how they are written as SVG and PNG.

use super::texts;
use crate::folder::Folder;
use crate::interrupt;
use crate::stop::Stop;
use neurona::Result;
use neurona::message::{Lang, Text};
use neurona::plot::{self, Figure, Gray};
use neurona::prelude::ndarray::ArrayView2;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A figure, named after what it shows, in the order of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    ArtificialIntelligence,
    Image8,
    BiologicalNeuron,
    Neuron,
    TransferFunctions,
    Softmax,
    Network,
    Minima,
    LearningRates,
    History,
    Overfitting,
    Image11,
    TestDigits,
    ConfusionMatrix,
    NetworkTrained,
}

impl Picture {
    /// The name of its files, without the suffix.
    pub(super) fn name(self) -> &'static str {
        match self {
            Picture::ArtificialIntelligence => "artificial-intelligence",
            Picture::Image8 => "image-8",
            Picture::BiologicalNeuron => "biological-neuron",
            Picture::Neuron => "neuron",
            Picture::TransferFunctions => "transfer-functions",
            Picture::Softmax => "softmax",
            Picture::Network => "network",
            Picture::Minima => "minima",
            Picture::LearningRates => "learning-rates",
            Picture::History => "history",
            Picture::Overfitting => "overfitting",
            Picture::Image11 => "image-11",
            Picture::TestDigits => "test-digits",
            Picture::ConfusionMatrix => "confusion-matrix",
            Picture::NetworkTrained => "network-trained",
        }
    }

    /// What it shows.
    pub(super) fn caption(self) -> Text {
        match self {
            Picture::ArtificialIntelligence => texts::artificial_intelligence(),
            Picture::Image8 => texts::image_8(),
            Picture::BiologicalNeuron => texts::biological_neuron(),
            Picture::Neuron => texts::artificial_neuron(),
            Picture::TransferFunctions => texts::transfer_functions(),
            Picture::Softmax => texts::softmax_shown(),
            Picture::Network => texts::network(),
            Picture::Minima => texts::minima_shown(),
            Picture::LearningRates => texts::learning_rates(),
            Picture::History => texts::history(),
            Picture::Overfitting => texts::overfitting_shown(),
            Picture::Image11 => texts::image_11(),
            Picture::TestDigits => texts::test_digits(),
            Picture::ConfusionMatrix => texts::confusion_matrix(),
            Picture::NetworkTrained => texts::network_trained(),
        }
    }
}

/// A finished figure.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) picture: Picture,
    pub(super) figure: Figure,
}

/// A small image, with its caption as its title.
pub(super) fn image(image: &ArrayView2<'_, u8>, picture: Picture, lang: Lang) -> Figure {
    let (height, width) = image.dim();
    let pixels: Vec<u8> = image.iter().copied().collect();
    let title = capital(picture.caption().get(lang));
    plot::image(Gray { pixels: &pixels, width, height }, Some(&title), lang)
}

/// Writes each figure as SVG and PNG, several at once: drawing the PNG takes most of the time.
pub(super) fn save(figures: &[Made], folder: &Folder, threads: Option<usize>) -> Result<(), Stop> {
    let next = AtomicUsize::new(0);
    let draw = || -> Result<()> {
        // Starting from the last, because the trained network takes longest, and the others fit
        // beside it.
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

/// As many threads as the processor can run.
pub(super) fn all_threads() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// A text with a capital first letter, as in a title.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
