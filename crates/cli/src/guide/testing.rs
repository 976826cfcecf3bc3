//! Step 10: how good the network is on digits it has never seen.

use super::data::{CLASSES, Digits};
use super::figures::Picture;
use super::story::{Block, Story};
use super::texts;
use crate::args::GuideOptions;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::data::{argmax, from_categorical};
use neurona::message::{Lang, Text};
use neurona::plot::{self, Figure, Gray, GridItem};
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
    let [accuracy, loss] = [matrix.accuracy(), scores.loss].map(|x| Fixed(x, 4));
    if let Some(note) = on_a_printed_guide(options.epochs, options.seed, accuracy, loss) {
        story.note(&note)?;
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
    let grid = grid(digits, &tested, story.lang);
    story.picture(Picture::TestDigits, grid)?;
    confusion(story, &tested.matrix)?;
    Ok(tested)
}

/// What a printed guide says about 5 epochs matters to anyone who compares with it, or trains for
/// as long as it did.
fn on_a_printed_guide(epochs: usize, seed: u64, accuracy: Fixed, loss: Fixed) -> Option<Text> {
    match epochs {
        5 => Some(texts::published(&seed.to_string())),
        35 => Some(texts::published_after_35(accuracy, loss)),
        _ => None,
    }
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

/// A prediction as a matrix. Errors (E012): the model gives something else, which a dense layer
/// never does.
fn rows(prediction: neurona::prelude::ndarray::ArrayD<f32>) -> Result<Array2<f32>, Error> {
    prediction
        .into_dimensionality::<Ix2>()
        .map_err(|why| Error::new(Code::E012, Text::verbatim(why.to_string())))
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

#[cfg(test)]
mod tests {
    use super::*;
    use neurona::message::Lang;

    #[test]
    fn the_printed_guide_is_spoken_of_where_it_matters() {
        let note = |epochs| on_a_printed_guide(epochs, 3, Fixed(0.9207, 4), Fixed(0.2846, 4));
        let says = |epochs, parts: [&str; 2]| {
            note(epochs)
                .is_some_and(|note| parts.iter().all(|part| note.get(Lang::Es).contains(part)))
        };
        assert!(says(5, ["cinco épocas no dan eso", "0,9202"]));
        assert!(says(35, ["los números de 35 épocas", "con 0,9207 y 0,2846"]));
        assert_eq!([1, 4, 6, 34, 36].map(note), [const { None }; 5]);
    }
}
