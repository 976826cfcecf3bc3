//! What happened inside: one image through the network and back, with all its numbers.

use super::data::{CLASSES, Digits, PIXELS, SIDE, place};
use super::figures::Picture;
use super::story::Story;
use super::testing::DIGIT;
use super::texts;
use super::training::Trained;
use crate::numbers::{Fixed, Power, Significant};
use crate::stop::Stop;
use neurona::message::Text;
use neurona::plot;
use neurona::prelude::Sequential;
use neurona::prelude::ndarray::{Array2, ArrayD, Axis, Ix2};
use neurona::train::{Explanation, Neuron, Term};
use neurona::{Code, Error};

/// The optimizer's learning rate: `Sgd::default()`.
const RATE: f64 = 0.01;

/// What is followed: the weight from an input to a hidden neuron, and the right digit.
#[derive(Clone, Copy, Debug)]
struct Path {
    input: usize,
    unit: usize,
    digit: usize,
}

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
    let digit = usize::from(digits.test_labels[DIGIT]);
    let unit = strongest(&inside, digit)?;
    let hidden = inside.neuron("dense", unit)?;
    let input = hidden.largest_terms(1).first().map_or(0, |term| term.input);
    let path = Path { input, unit, digit };
    story.follow(input, unit, digit);

    story.part(&texts::inside_title())?;
    story.text(&texts::learned())?;
    let network = plot::network(model, Some((SIDE, SIDE)), story.lang)?;
    story.picture(Picture::NetworkTrained, network)?;
    hidden_layer(story, &hidden, path)?;
    output_layer(story, &inside, path)?;
    loss(story, &inside, path)?;
    backward(story, &inside, path)?;
    update(story, &inside, path)?;

    let steps = trained.history.epoch.len() * trained.steps;
    story.text(&texts::whole_training(model.summary()?.total_parameters(), steps))
}

/// The hidden neuron that adds most to the score of a digit.
fn strongest(inside: &Explanation, digit: usize) -> Result<usize, Error> {
    let pushes = inside.neuron("dense_1", digit)?.terms;
    let most = pushes.iter().max_by(|a, b| a.product().total_cmp(&b.product()));
    Ok(most.map_or(0, |term| term.input))
}

/// The net input and the output of the neuron.
fn hidden_layer(story: &mut Story, hidden: &Neuron, path: Path) -> Result<(), Stop> {
    story.text(&texts::inside(path.unit, path.digit))?;
    story.code("explain")?;
    let largest = hidden.largest_terms(5);
    let lines = largest.iter().map(|term| {
        let (row, column) = place(term.input);
        let (i, x, w, product) = (term.input, term.x, term.w, term.product());
        format!("{i:3}  ({row:2}, {column:2})  {x:.4} · {w:7.4} = {product:7.4}\n")
    });
    let lines: String = lines.collect();
    let (net, y) = (hidden.sum, hidden.output);
    story.output(format!("{lines}net = {net:.4}\ny = {y:.4}"))?;

    let five: f64 = largest.iter().map(Term::product).sum();
    let rest = hidden.sum - hidden.bias - five;
    let [five, rest, bias, net] = [five, rest, hidden.bias, hidden.sum].map(|x| Fixed(x, 4));
    let blank = hidden.terms.iter().filter(|term| term.x == 0.0).count();
    story.text(&texts::net_is(PIXELS - largest.len(), blank))?;
    story.formula(&texts::sums(five, PIXELS - largest.len(), rest, bias, net))?;
    story.text(&texts::sigmoid())?;
    story.formula(&texts::sigmoid_formula(Fixed(-hidden.sum, 4), Fixed(hidden.output, 4)))
}

/// How the ten outputs of the hidden layer become ten probabilities.
fn output_layer(story: &mut Story, inside: &Explanation, path: Path) -> Result<(), Stop> {
    let Path { unit, digit, .. } = path;
    story.text(&texts::outputs(digit))?;
    story.code("output")?;
    let output = inside.neuron("dense_1", digit)?;
    let lines = output.terms.iter().map(|term| {
        let (j, y, w, product) = (term.input, term.x, term.w, term.product());
        format!("{j}  {y:.4} · {w:7.4} = {product:7.4}\n")
    });
    let (b, s) = (output.bias, output.sum);
    story.output(format!("{}b = {b:.4}\ns = {s:.4}", lines.collect::<String>()))?;
    story.text(&if unit == digit {
        texts::strongest_by_chance(unit)
    } else {
        texts::strongest(unit)
    })?;

    story.text(&texts::scores())?;
    story.code("softmax")?;
    let mut lines = String::new();
    for k in 0..CLASSES {
        let output = inside.neuron("dense_1", k)?;
        let (s, p) = (output.sum, output.output);
        lines += &format!("{k}  {s:7.4}  {:8.4}  {p:.4}\n", s.exp());
    }
    story.output(lines)
}

fn loss(story: &mut Story, inside: &Explanation, path: Path) -> Result<(), Stop> {
    let Path { digit, .. } = path;
    let scores: Vec<f64> = (0..CLASSES)
        .map(|k| inside.neuron("dense_1", k).map(|neuron| neuron.sum))
        .collect::<Result<_, _>>()?;
    let all: f64 = scores.iter().map(|score| score.exp()).sum();
    let probability = inside.neuron("dense_1", digit)?.output;
    let [score, all, p] = [scores[digit], all, probability].map(|x| Fixed(x, 4));
    story.text(&texts::probability(digit))?;
    story.formula(&texts::probability_formula(subscript(digit), score, all, p))?;
    story.text(&texts::loss(digit))?;
    story.code("loss")?;
    story.output(format!("{:.4}", inside.loss()))?;
    story.text(&texts::loss_is_that())?;
    story.formula(&texts::loss_formula(subscript(digit), p, Fixed(inside.loss(), 4)))
}

fn backward(story: &mut Story, inside: &Explanation, path: Path) -> Result<(), Stop> {
    let Path { input, unit, digit } = path;
    let (row, column) = place(input);
    let hidden = inside.neuron("dense", unit)?;
    let kernel = matrix(inside.weight("dense_1/kernel")?)?;
    let mut to_unit = 0.0;
    for k in 0..CLASSES {
        let wanted = if k == digit { 1.0 } else { 0.0 };
        let error = inside.neuron("dense_1", k)?.output - wanted;
        to_unit += kernel[[unit, k]] * error;
    }
    let probability = inside.neuron("dense_1", digit)?.output;
    let slope = hidden.output * (1.0 - hidden.output);
    let x = hidden.terms[input].x;
    story.text(&texts::backward(input, row, column, unit))?;
    let [p, error] = [probability, probability - 1.0].map(|x| Fixed(x, 4));
    story.text(&texts::errors(subscript(digit), p, error))?;
    let [to_unit, slope, x, gradient] =
        [to_unit, slope, x, to_unit * slope * x].map(|x| Significant(x, 4));
    story.formula(&texts::backward_formula(to_unit, slope, x, gradient))?;

    story.text(&texts::finite_difference())?;
    story.code("gradient")?;
    let gradient = inside.gradient("dense/kernel")?[[input, unit]];
    let difference = inside.finite_difference("dense/kernel", &[input, unit])?;
    story.output(format!("{gradient}\n{difference}"))?;
    story.text(&texts::compared(Power((gradient - difference).abs())))
}

fn update(story: &mut Story, inside: &Explanation, path: Path) -> Result<(), Stop> {
    let Path { input, unit, .. } = path;
    let gradient = inside.gradient("dense/kernel")?[[input, unit]];
    let weight = inside.weight("dense/kernel")?[[input, unit]];
    let updated = inside.updated("dense/kernel")?[[input, unit]];
    story.text(&if gradient > 0.0 { texts::rises() } else { texts::falls() })?;
    story.code("update")?;
    story.output(format!("{weight}\n{updated}"))?;
    story.text(&texts::update())?;
    story.formula(&texts::update_formula(
        Fixed(weight, 8),
        Fixed(RATE, 2),
        Significant(gradient, 5),
        Fixed(updated, 8),
    ))
}

/// Weights as a matrix. Errors (E012): they have another shape, which a dense layer's weights never
/// have.
fn matrix(weights: ArrayD<f64>) -> Result<Array2<f64>, Error> {
    weights
        .into_dimensionality::<Ix2>()
        .map_err(|why| Error::new(Code::E012, Text::verbatim(why.to_string())))
}

/// A subscript digit: `₆`.
fn subscript(digit: usize) -> &'static str {
    ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"][digit % 10]
}
