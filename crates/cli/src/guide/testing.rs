//! Step 10: how good the network is on digits it has never seen.

use super::data::{CLASSES, Digits};
use super::figures::{self, Picture};
use super::story::{Block, Story};
use super::texts;
use crate::args::GuideOptions;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::data::{argmax, from_categorical};
use neurona::message::Text;
use neurona::plot;
use neurona::prelude::Sequential;
use neurona::prelude::ndarray::{Array1, Array2, Axis, Ix2};
use neurona::train::Scores;
use neurona::{Code, ConfusionMatrix, Error};

/// The test image that is looked into.
pub(super) const DIGIT: usize = 11;

/// What the test showed.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) scores: Scores,
    pub(super) answers: Array1<usize>,
    pub(super) matrix: ConfusionMatrix,
}

/// Step 10.
pub(super) fn test(
    story: &mut Story,
    model: &mut Sequential,
    digits: &Digits,
    options: &GuideOptions,
) -> Result<Tested, Stop> {
    story.step(&texts::test_title())?;
    story.text(&texts::evaluate())?;
    story.code("evaluate")?;
    let scores = model.evaluate(&digits.test_images, &digits.y_test)?;
    story.output(scores.to_string())?;
    let predictions = rows(model.predict(&digits.test_images)?)?;
    let answers = from_categorical(&predictions);
    let matrix = ConfusionMatrix::from_labels(&digits.test_labels, &answers, CLASSES)?;
    let right = matrix.counts().diag().sum() as usize;
    let percent = Fixed(100.0 * matrix.accuracy(), 2);
    story.text(&texts::measured(right, answers.len(), percent))?;
    story.text(&texts::not_the_same_mean())?;
    // What a printed guide says of 5 epochs concerns whoever compares with it, and whoever ran what it was.
    match options.epochs {
        5 => story.note(&texts::published(&options.seed.to_string()))?,
        35 => {
            let numbers = [matrix.accuracy(), scores.loss].map(|x| Fixed(x, 4));
            story.note(&texts::published_after_35(numbers[0], numbers[1]))?;
        }
        _ => {}
    }

    story.text(&texts::one_digit())?;
    story.image(&digits.test_images.index_axis(Axis(0), DIGIT), Picture::Image11)?;
    story.text(&texts::probabilities())?;
    story.code("predict")?;
    let row = predictions.row(DIGIT);
    let mut lines = String::new();
    for (digit, &p) in row.indexed_iter() {
        let line = format!("{digit}  {p:.4}  {}", "▆".repeat((50.0 * p) as usize));
        lines += line.trim_end();
        lines.push('\n');
    }
    story.output(format!("{lines}{:?}\n{}", row.sum(), argmax(row)))?;
    let (label, answer) = (usize::from(digits.test_labels[DIGIT]), answers[DIGIT]);
    let sure = Fixed(100.0 * f64::from(row[answer]), 1);
    story.text(&if label == answer {
        texts::right(label, sure)
    } else {
        texts::mistaken(label, answer, sure)
    })?;

    story.text(&texts::answers())?;
    story.code("answers")?;
    story.output(format!("{}\n{answers}", digits.test_labels))?;
    let tested = Tested { scores, answers, matrix };
    let grid = figures::grid(digits, &tested, story.lang);
    story.picture(Picture::TestDigits, grid)?;
    confusion(story, &tested.matrix)?;
    Ok(tested)
}

/// The confusion matrix and the mistakes in it.
fn confusion(story: &mut Story, matrix: &ConfusionMatrix) -> Result<(), Stop> {
    story.text(&texts::matrix())?;
    story.code("matrix")?;
    let confused = matrix.most_confused(5);
    story.tell(Block::Matrix(matrix.clone(), format!("{confused:?}")))?;
    if let Some(&(label, answer, times)) = confused.first() {
        let mut by_recall: Vec<usize> = (0..CLASSES).collect();
        by_recall.sort_by(|&a, &b| matrix.recall(b).total_cmp(&matrix.recall(a)));
        let recall = |class: usize| Fixed(100.0 * matrix.recall(class), 1);
        let (best, worst) = (by_recall[0], by_recall[CLASSES - 1]);
        let times = times as usize;
        story.text(&texts::confused(
            label,
            answer,
            times,
            best,
            recall(best),
            worst,
            recall(worst),
        ))?;
    }
    story.picture(Picture::ConfusionMatrix, plot::confusion_matrix(matrix, story.lang))
}

/// A prediction as a matrix. Errors (E012): the model gives something else, which a dense layer does not.
fn rows(prediction: neurona::prelude::ndarray::ArrayD<f32>) -> Result<Array2<f32>, Error> {
    prediction
        .into_dimensionality::<Ix2>()
        .map_err(|why| Error::new(Code::E012, Text::verbatim(why.to_string())))
}
