//! Class weights, as weights of the samples in the classes.

use super::samples::Samples;
use crate::nn::TargetKind;
use crate::tensor::{Shape, Tensor};
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Decimal;
use std::ops::ControlFlow;

/// How far the probabilities of a row may be from summing to 1.
const SLACK: f64 = 0.02;

/// Errors: E014 several outputs or sample weights as well; E016 a weight that is not a finite number of at least 0,
/// or two for one class.
pub(super) fn check(weights: &[(usize, f64)], samples: &Samples<'_>) -> Result<()> {
    let wrong = |code, text| Err(Error::new(code, text).at("class_weight"));
    if weights.is_empty() {
        return Ok(());
    }
    if samples.y.len() != 1 {
        return wrong(Code::E014, classes_of_one_output());
    }
    if samples.weights.is_some() {
        return wrong(Code::E014, two_kinds_of_weights());
    }
    for (i, (class, weight)) in weights.iter().enumerate() {
        if !(0.0..=f64::from(f32::MAX)).contains(weight) {
            return wrong(Code::E016, bad_weight(*class, *weight));
        }
        if let Some((_, first)) = weights[..i].iter().find(|(other, _)| other == class) {
            return wrong(Code::E016, given_twice(*class, *first, *weight));
        }
    }
    Ok(())
}

/// Each sample's class weight: 1 for classes that are not listed, as in Keras. `y` was checked against a
/// loss that takes targets of a kind, and an output of this shape (of one sample).
///
/// Errors: E021 a sample has several labels, or one that is not a class; E022 a class that does not exist.
pub(super) fn of_samples(
    weights: &[(usize, f64)],
    y: &Tensor<'_>,
    kind: TargetKind,
    output: Shape,
) -> Result<Tensor<'static>> {
    let here = |error: Error| error.at("class_weight");
    let width = y.shape().elems() / y.rows().max(1);
    let (classes, count) = if width == 1 {
        (labels(y, kind).map_err(here)?, labels_exist(y, kind, output))
    } else if output.rank() == 1 {
        (one_hot(y, width, kind).map_err(here)?, width)
    } else {
        return Err(here(Error::new(Code::E021, several_labels(width)).fix(weigh_samples())));
    };
    if let Some((class, _)) = weights.iter().find(|(class, _)| *class >= count) {
        return Err(here(Error::new(Code::E022, no_such_class(*class, count, count - 1))));
    }
    let weight = |class: &Option<usize>| {
        let own = weights.iter().find(|(listed, _)| Some(*listed) == *class);
        own.map_or(1.0, |(_, weight)| *weight as f32)
    };
    let each: Vec<f32> = classes.iter().map(weight).collect();
    Tensor::new(Shape::new(&[each.len()])?, each)
}

/// How many classes there are, if each sample has one label.
fn labels_exist(y: &Tensor<'_>, kind: TargetKind, output: Shape) -> usize {
    let mut largest = 1.0f64;
    y.scan::<()>(|_, some| {
        largest = some.iter().fold(largest, |a, b| a.max(*b));
        ControlFlow::Continue(())
    });
    match kind {
        TargetKind::Classes => output.last(),
        TargetKind::Probabilities => 2,
        TargetKind::Numbers | TargetKind::Groups => (largest as usize).saturating_add(1),
    }
}

/// The class that each sample's one number stands for; none for a negative number, which no class
/// has.
fn labels(y: &Tensor<'_>, kind: TargetKind) -> Result<Vec<Option<usize>>> {
    // Probabilities of one class out of two are rounded, as in Keras.
    if kind != TargetKind::Probabilities
        && let Some((row, label)) = y.find(|label| label.fract() != 0.0)
    {
        let error = Error::new(Code::E021, not_a_class(Decimal(label, 3), row));
        return Err(error.fix(weigh_samples()));
    }
    let mut classes = Vec::with_capacity(y.rows());
    y.scan::<()>(|_, some| {
        let class = |label: &f64| (*label >= 0.0).then(|| label.round_ties_even() as usize);
        classes.extend(some.iter().map(class));
        ControlFlow::Continue(())
    });
    Ok(classes)
}

/// The class of each row of probabilities, one-hot or not; none for a row of zeros, which the loss of classes leaves out.
fn one_hot(y: &Tensor<'_>, width: usize, kind: TargetKind) -> Result<Vec<Option<usize>>> {
    let mut classes = Vec::with_capacity(y.rows());
    let (mut sum, mut best, mut is_share) = (0.0, (0, f64::NEG_INFINITY), true);
    let wrong = y.scan(|first, some| {
        for (i, &value) in (first..).zip(some) {
            sum += value;
            is_share &= (0.0..=1.0).contains(&value);
            best = if value > best.1 { (i % width, value) } else { best };
            if i % width + 1 < width {
                continue;
            }
            match (is_share, (sum - 1.0).abs() <= SLACK) {
                (true, true) => classes.push(Some(best.0)),
                (true, false) if sum == 0.0 && kind == TargetKind::Classes => classes.push(None),
                _ => return ControlFlow::Break(i / width),
            }
            (sum, best, is_share) = (0.0, (0, f64::NEG_INFINITY), true);
        }
        ControlFlow::Continue(())
    });
    match wrong {
        None => Ok(classes),
        Some(row) => Err(Error::new(Code::E021, not_one_class(row)).fix(weigh_samples())),
    }
}

neurona_core::messages! {
    fn classes_of_one_output() {
        en: "class weights need a model with one output; give sample_weight",
        es: "los pesos por clase requieren un modelo de una sola salida; dé sample_weight",
    }

    fn two_kinds_of_weights() {
        en: "give class weights or sample weights, not both",
        es: "dé pesos por clase o pesos por muestra, no ambos",
    }

    fn bad_weight(class: usize, weight: f64) {
        en: "the weight of class {class} must be a finite number of at least 0, not {weight}",
        es: "el peso de la clase {class} debe ser un número finito desde 0, no {weight}",
    }

    fn given_twice(class: usize, first: f64, second: f64) {
        en: "class {class} is given twice, with the weights {first} and {second}",
        es: "la clase {class} se da dos veces, con los pesos {first} y {second}",
    }

    fn several_labels(labels: usize) {
        en: "each sample has {labels} labels, but the weight of a class needs samples of one class each",
        es: "cada muestra tiene {labels} etiquetas, pero el peso de una clase requiere muestras de una sola clase",
    }

    fn not_one_class(row: usize) {
        en: "the weight of a class needs samples of one class each, but y at row {row} is not the one-hot row of a class",
        es: "el peso de una clase requiere muestras de una sola clase, pero y en la fila {row} no es la fila one-hot de una clase",
    }

    fn not_a_class(label: Decimal, row: usize) {
        en: "the weight of a class needs class labels, but y is {label} at row {row}, which is not a whole number",
        es: "el peso de una clase requiere etiquetas de clase, pero y vale {label} en la fila {row}, que no es un número entero",
    }

    fn no_such_class(class: usize, classes: usize, last: usize) {
        en: "there is no class {class}: the classes are 0 to {last} ({classes} in all)",
        es: "no existe la clase {class}: las clases son de 0 a {last} ({classes} en total)",
    }

    fn weigh_samples() {
        en: "leave class_weight out, and give each sample its weight with sample_weight",
        es: "quite class_weight, y dé a cada muestra su peso con sample_weight",
    }
}
