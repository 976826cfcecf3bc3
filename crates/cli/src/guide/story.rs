//! The guide as it is told: printed piece by piece, and kept for the report, so that both say the
//! same thing.

use super::code::{self, Settings};
use super::figures::{self, Made, Picture};
use super::{narrow, texts};
use crate::interrupt;
use crate::stop::Stop;
use crate::terminal::Screen;
use neurona::ConfusionMatrix;
use neurona::message::{Lang, Say, Text};
use neurona::nn::Summary;
use neurona::plot::Figure;
use neurona::prelude::ndarray::ArrayView2;

/// A piece of the story, in the language it is told in.
#[derive(Debug)]
pub(super) enum Block {
    /// A step begins: its number, if it is one of the ten, and its title.
    Step(Option<usize>, String),
    /// A paragraph.
    Text(String),
    /// A paragraph beside the story.
    Note(String),
    /// A list.
    List(Vec<String>),
    /// Lines of code.
    Code(String),
    /// What code printed.
    Output(String),
    /// Formulas with their numbers.
    Formula(String),
    /// Lines of a file that is not part of the program.
    Lines(String),
    /// The table of the network's layers.
    Summary(Summary),
    /// The confusion matrix, with the most frequent mistakes as printed below it.
    Matrix(ConfusionMatrix, String),
    /// The losses and accuracies of the training, printed while it ran.
    History,
    /// A figure of the report.
    Picture(Picture),
}

/// The story so far, and where it is printed.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) screen: Screen,
    pub(super) lang: Lang,
    pub(super) blocks: Vec<Block>,
    /// The figures mentioned so far.
    pub(super) figures: Vec<Made>,
    settings: Settings,
    step: usize,
}

impl Story {
    pub(super) fn new(screen: Screen, lang: Lang, settings: Settings) -> Story {
        Story { screen, lang, blocks: Vec::new(), figures: Vec::new(), settings, step: 0 }
    }

    /// The next of the ten steps begins.
    pub(super) fn step(&mut self, title: &Text) -> Result<(), Stop> {
        self.step += 1;
        self.tell(Block::Step(Some(self.step), self.say(title)))
    }

    /// A part begins that is not one of the ten steps.
    pub(super) fn part(&mut self, title: &Text) -> Result<(), Stop> {
        self.tell(Block::Step(None, self.say(title)))
    }

    pub(super) fn text(&mut self, text: &Text) -> Result<(), Stop> {
        self.tell(Block::Text(self.say(text)))
    }

    pub(super) fn note(&mut self, text: &Text) -> Result<(), Stop> {
        self.tell(Block::Note(self.say(text)))
    }

    pub(super) fn list(&mut self, items: &[Text]) -> Result<(), Stop> {
        self.tell(Block::List(items.iter().map(|item| self.say(item)).collect()))
    }

    pub(super) fn formula(&mut self, text: &Text) -> Result<(), Stop> {
        self.tell(Block::Formula(self.say(text)))
    }

    /// Lines of a file that is not part of the program.
    pub(super) fn lines(&mut self, text: &Text) -> Result<(), Stop> {
        self.tell(Block::Lines(self.say(text)))
    }

    /// The lines of a piece of the lesson.
    pub(super) fn code(&mut self, piece: &str) -> Result<(), Stop> {
        self.tell(Block::Code(code::piece(piece, &self.settings)))
    }

    /// The output of that code.
    pub(super) fn output(&mut self, text: impl Into<String>) -> Result<(), Stop> {
        self.tell(Block::Output(text.into()))
    }

    /// Code from here on follows this weight, from an input to a hidden neuron, and this digit.
    pub(super) fn follow(&mut self, input: usize, unit: usize, digit: usize) {
        self.settings.follow(input, unit, digit);
    }

    /// All the code, as one program.
    pub(super) fn program(&self) -> String {
        code::program(&self.settings)
    }

    /// A figure: named here, shown in the report.
    pub(super) fn picture(&mut self, picture: Picture, figure: Figure) -> Result<(), Stop> {
        self.figures.push(Made { picture, figure });
        self.tell(Block::Picture(picture))
    }

    /// A small image: in half blocks here, as a figure in the report.
    pub(super) fn image(
        &mut self,
        image: &ArrayView2<'_, u8>,
        picture: Picture,
    ) -> Result<(), Stop> {
        self.screen.image(image)?;
        self.picture(picture, figures::image(image, picture, self.lang))
    }

    /// Prints a piece and keeps it. The guide can be stopped at every piece.
    pub(super) fn tell(&mut self, block: Block) -> Result<(), Stop> {
        if interrupt::asked() {
            return Err(Stop::Interrupted);
        }
        let screen = self.screen;
        match &block {
            Block::Step(Some(number), title) => screen.heading(&format!("{number}/10"), title)?,
            Block::Step(None, title) => screen.heading("", title)?,
            Block::Text(text) => screen.paragraph(text)?,
            Block::Note(text) => screen.note(text)?,
            Block::List(items) => screen.list(items)?,
            Block::Code(code) => screen.code(code)?,
            Block::Output(text) | Block::Formula(text) | Block::Lines(text) => {
                screen.output(text)?;
            }
            Block::Summary(summary) => screen.output(&if screen.is_narrow() {
                narrow::summary(summary)
            } else {
                summary.to_string()
            })?,
            Block::Matrix(matrix, mistakes) => {
                screen.output(&if screen.is_narrow() {
                    narrow::matrix(matrix, self.lang)
                } else {
                    matrix.table(self.lang)
                })?;
                screen.output(mistakes)?;
            }
            Block::Picture(picture) => {
                let figure = texts::figure(picture.name(), &picture.caption());
                screen.figure(&self.say(&figure))?;
            }
            Block::History => {}
        }
        self.blocks.push(block);
        Ok(())
    }

    /// A text or number in the language of the story.
    pub(super) fn say(&self, what: &impl Say) -> String {
        what.say(self.lang)
    }
}
