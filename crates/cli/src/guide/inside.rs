//! What happened inside: one digit through the network and back, with all its numbers.

use super::data::{CLASSES, Digits, PIXELS, place};
use super::figures::Picture;
use super::network::Trained;
use super::story::{Block, Story, Table};
use super::testing::DIGIT;
use super::texts;
use crate::numbers::{Fixed, Significant};
use crate::stop::Stop;
use neurona::prelude::Sequential;
use neurona::prelude::ndarray::{Array2, ArrayD, Axis, Ix2};
use neurona::train::{Explanation, Term};
use neurona::{Code, Error};

/// The optimizer's learning rate: `Sgd::default()`.
const RATE: f64 = 0.01;

/// The part after the ten steps.
pub(super) fn explain(
    story: &mut Story,
    model: &mut Sequential,
    digits: &Digits,
    trained: &Trained,
) -> Result<(), Stop> {
    let x = digits.test_images.select(Axis(0), &[DIGIT]);
    let y = digits.y_test.select(Axis(0), &[DIGIT]);
    let inside = model.explain(&x, &y)?;
    let label = usize::from(digits.test_labels[DIGIT]);
    let unit = strongest(&inside, label)?;

    story.part(&texts::inside_title())?;
    story.tell(Block::Picture(Picture::Network))?;
    let input = forward(story, &inside, unit, label)?;
    loss(story, &inside, label)?;
    backward(story, &inside, (input, unit), label)?;
    update(story, &inside, (input, unit))?;

    let steps = trained.history.epoch.len() * trained.steps;
    story.text(&texts::whole_training(model.summary()?.total_parameters(), steps))
}

/// The hidden neuron that adds most to the score of a digit.
fn strongest(inside: &Explanation, label: usize) -> Result<usize, Error> {
    let pushes = inside.neuron("dense_1", label)?.terms;
    let most = pushes.iter().max_by(|a, b| a.product().total_cmp(&b.product()));
    Ok(most.map_or(0, |term| term.input))
}

/// The neuron's sum and output; gives the input of its largest term.
fn forward(
    story: &mut Story,
    inside: &Explanation,
    unit: usize,
    label: usize,
) -> Result<usize, Stop> {
    let neuron = inside.neuron("dense", unit)?;
    story.text(&texts::inside(unit, label))?;
    story.code("explain")?;
    let largest = neuron.largest_terms(5);
    let rows = largest.iter().map(|term| {
        let (row, column) = place(term.input);
        let numbers = [term.x, term.w, term.product()].map(|x| story.say(&Fixed(x, 4)));
        [vec![term.input.to_string(), format!("{row}, {column}")], numbers.to_vec()].concat()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let head = [story.say(&texts::pixel()), story.say(&texts::place())].into_iter();
    let head = head.chain(["x", "w", "x·w"].map(str::to_owned)).collect();
    story.tell(Block::Table(Table { head, rows }))?;

    let five: f64 = largest.iter().map(Term::product).sum();
    let rest = neuron.sum - neuron.bias - five;
    let [five, rest, bias, sum] = [five, rest, neuron.bias, neuron.sum].map(|x| Fixed(x, 4));
    story.formula(&texts::sums(five, PIXELS - largest.len(), rest, bias, sum))?;
    let blank = neuron.terms.iter().filter(|term| term.x == 0.0).count();
    story.text(&texts::sigmoid(blank))?;
    story.formula(&texts::sigmoid_formula(sum, Fixed(neuron.output, 4)))?;
    Ok(largest.first().map_or(0, |term| term.input))
}

fn loss(story: &mut Story, inside: &Explanation, label: usize) -> Result<(), Stop> {
    let scores: Vec<f64> = (0..CLASSES)
        .map(|class| inside.neuron("dense_1", class).map(|neuron| neuron.sum))
        .collect::<Result<_, _>>()?;
    let all: f64 = scores.iter().map(|score| score.exp()).sum();
    let probability = inside.neuron("dense_1", label)?.output;
    story.text(&texts::loss(label))?;
    story.code("loss")?;
    story.output(format!("{:.4}", inside.loss()))?;
    let [score, all, probability, loss] =
        [scores[label], all, probability, inside.loss()].map(|x| Fixed(x, 4));
    story.formula(&texts::loss_formula(subscript(label), score, all, probability, loss))
}

fn backward(
    story: &mut Story,
    inside: &Explanation,
    (input, unit): (usize, usize),
    label: usize,
) -> Result<(), Stop> {
    let (row, column) = place(input);
    let neuron = inside.neuron("dense", unit)?;
    let kernel = matrix(inside.weight("dense_1/kernel")?)?;
    let mut to_unit = 0.0;
    for class in 0..CLASSES {
        let wanted = if class == label { 1.0 } else { 0.0 };
        let error = inside.neuron("dense_1", class)?.output - wanted;
        to_unit += kernel[[unit, class]] * error;
    }
    let probability = inside.neuron("dense_1", label)?.output;
    let slope = neuron.output * (1.0 - neuron.output);
    let x = neuron.terms[input].x;
    story.text(&texts::backward(row, column, unit))?;
    story.formula(&texts::backward_formula(
        subscript(label),
        Fixed(probability, 4),
        Fixed(probability - 1.0, 4),
        Significant(to_unit, 4),
        Significant(slope, 4),
        Significant(x, 4),
        Significant(to_unit * slope * x, 4),
    ))?;

    story.text(&texts::finite_difference())?;
    story.code("gradient")?;
    let gradient = inside.gradient("dense/kernel")?[[input, unit]];
    let difference = inside.finite_difference("dense/kernel", &[input, unit])?;
    story.output(format!("{gradient}\n{difference}"))?;
    let apart = (gradient - difference).abs();
    story.text(&texts::compared(&format!("{apart:.0e}")))
}

fn update(
    story: &mut Story,
    inside: &Explanation,
    (input, unit): (usize, usize),
) -> Result<(), Stop> {
    let gradient = inside.gradient("dense/kernel")?[[input, unit]];
    let weight = inside.weight("dense/kernel")?[[input, unit]];
    let updated = inside.updated("dense/kernel")?[[input, unit]];
    story.text(&if gradient > 0.0 { texts::rises() } else { texts::falls() })?;
    story.code("update")?;
    story.output(format!("{weight}\n{updated}"))?;
    story.formula(&texts::update_formula(
        Fixed(weight, 8),
        Fixed(RATE, 2),
        Significant(gradient, 5),
        Fixed(updated, 8),
    ))
}

/// Weights as a matrix. Errors (E012): they have another shape, which those of a dense layer have not.
fn matrix(weights: ArrayD<f64>) -> Result<Array2<f64>, Error> {
    weights
        .into_dimensionality::<Ix2>()
        .map_err(|why| Error::new(Code::E012, neurona::message::Text::verbatim(why.to_string())))
}

/// A digit written low: `₆`.
fn subscript(digit: usize) -> &'static str {
    ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"][digit % 10]
}
