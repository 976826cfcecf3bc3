//! The checks on data before the first step: shapes, labels, finite numbers.

use super::losses::doubts;
use super::scope::Ids;
use super::{Loss, Network, TargetKind};
use crate::error::{Code, Error, Result};
use crate::graph::{Builder, Expr, Role};
use crate::message::{Decimal, Text};
use crate::tensor::{DType, Data, Shape, Tensor};
use std::ops::ControlFlow;

/// Something legal that the user may not have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number: `N021` a note, `W013` a warning.
    pub code: &'static str,
    /// What it is.
    pub text: Text,
}

/// How the targets of a model come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Targets {
    /// As numbers, shaped like the predictions.
    Numbers,
    /// As integer labels, shaped like the predictions without their last dimension.
    Labels,
    /// As integers of any value, shaped like the predictions without their last dimension.
    Groups,
}

impl Targets {
    /// Declares the targets under a name, and gives them the shape and type of the predictions: labels become
    /// one-hot rows, and only groups have a last dimension of their own, of size 1.
    pub fn input<'g>(self, builder: &'g Builder, name: &str, prediction: Expr<'g>) -> Expr<'g> {
        let shape = prediction.shape();
        let last = shape.rank().saturating_sub(1);
        let column = || {
            let y = builder.input(name, Role::Batch, DType::I32, &shape.dims()[..last]);
            y.reshape(&[&shape.dims()[..last], &[1]].concat())
        };
        match self {
            Targets::Numbers => builder.input(name, Role::Batch, DType::F32, shape.dims()),
            Targets::Labels => {
                let classes = builder.iota(last, shape.dims());
                column().broadcast(shape).equal(classes).cast(DType::F32)
            }
            Targets::Groups => column().cast(DType::F32),
        }
    }
}

/// Checks that there are rows, and one target for each sample. Errors: E025, E024.
pub fn check_rows(x: &Tensor<'_>, y: &Tensor<'_>) -> Result<()> {
    for (name, tensor) in [("x", x), ("y", y)] {
        if tensor.rows() == 0 {
            return Err(Error::new(Code::E025, no_rows(name)).fix(give_rows()));
        }
    }
    if x.rows() != y.rows() {
        return Err(Error::new(Code::E024, rows_differ(x.rows(), y.rows())).fix(one_each()));
    }
    Ok(())
}

/// Checks that every number is finite in 32 bits, the precision of models. Errors (E023): how many
/// are not, and where the first is.
pub fn check_finite(name: &str, tensor: &Tensor<'_>) -> Result<()> {
    // The common cases in one pass, which the compiler can vectorize.
    let all_finite = match tensor.data() {
        Data::F32(values) => values.iter().fold(true, |all, v| all & v.is_finite()),
        Data::F64(values) => values.iter().fold(true, |all, &v| all & (v as f32).is_finite()),
        Data::U8(_) | Data::I32(_) | Data::Bool(_) => true,
    };
    if all_finite {
        return Ok(());
    }
    let is_bad = |v: f64| !(v as f32).is_finite();
    let Some((first, value)) = tensor.find(is_bad) else { return Ok(()) };
    let (count, place) = (tensor.count(is_bad), place_of(tensor, first));
    Err(if value.is_finite() {
        let text = too_large(name, &format!("{value:e}"), &place, count);
        Error::new(Code::E023, text).fix(scale_down())
    } else {
        let text = match count {
            1 => one_not_finite(name, &value.to_string(), &place),
            _ => not_finite(name, count, &value.to_string(), &place),
        };
        Error::new(Code::E023, text).fix(clean())
    })
}

/// Weights as 32-bit floats; NaN and infinity stay as they are. Errors (E023): a finite number
/// would become infinite; the message says how many there are and where the first one is.
pub fn narrowed(name: &str, tensor: &Tensor<'_>) -> Result<Vec<f32>> {
    let is_bad = |v: f64| v.is_finite() && !(v as f32).is_finite();
    match tensor.data() {
        Data::F32(values) => return Ok(values.to_vec()),
        Data::F64(_) => {
            if let Some((first, value)) = tensor.find(is_bad) {
                let (count, place) = (tensor.count(is_bad), place_of(tensor, first));
                let text = too_large(name, &format!("{value:e}"), &place, count);
                return Err(Error::new(Code::E023, text).fix(smaller_weights()));
            }
        }
        Data::U8(_) | Data::I32(_) | Data::Bool(_) => {}
    }
    Ok(tensor.to_f64().into_iter().map(|x| x as f32).collect())
}

/// The position of element `i`: `[3, 5]`.
fn place_of(tensor: &Tensor<'_>, i: usize) -> String {
    let (shape, strides) = (tensor.shape(), tensor.shape().strides());
    let along = |(axis, size): (usize, &usize)| (i / strides[axis] % size).to_string();
    let index: Vec<String> = shape.dims().iter().enumerate().map(along).collect();
    format!("[{}]", index.join(", "))
}

/// Checks that inputs that name rows of a layer's table name rows that exist. Errors (E022): the
/// first number that is not whole, or that the table does not have, and where it is.
pub fn check_ids(ids: &[Ids<usize>], x: &[Tensor<'_>]) -> Result<()> {
    for Ids { of, layer, size } in ids {
        let Some(x) = x.get(*of) else { continue };
        if let Some((first, id)) = x.find(|id| id.fract() != 0.0) {
            let (place, count) = (place_of(x, first), x.count(|id| id.fract() != 0.0));
            // As it was written: 2.7, not the double nearest to the float nearest to it.
            let written = (id as f32).to_string().parse().unwrap_or(id);
            let id = if x.dtype() == DType::F32 { written } else { id };
            let text = ids_not_whole(id, &place, count);
            return Err(Error::new(Code::E022, text).at(layer.clone()).fix(whole_ids(size - 1)));
        }
        let outside = |id: f64| id < 0.0 || id >= *size as f64;
        let Some((first, id)) = x.find(outside) else { continue };
        let (last, count) = (size - 1, x.count(outside));
        let text = ids_out_of_table(*size, last, id, row_of(x, first), count);
        let (_, highest) = range_of(x, |_| true);
        let too_high = highest > last as f64;
        let fix = if too_high { widen_table(highest + 1.0) } else { count_from_zero(last) };
        return Err(Error::new(Code::E022, text).at(layer.clone()).fix(fix));
    }
    Ok(())
}

/// The smallest and the largest of the elements that count.
fn range_of(tensor: &Tensor<'_>, counts: impl Fn(f64) -> bool) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    tensor.scan::<()>(|_, some| {
        for &x in some.iter().filter(|&&x| counts(x)) {
            (low, high) = (low.min(x), high.max(x));
        }
        ControlFlow::Continue(())
    });
    (low, high)
}

/// How `loss` takes targets `y` for outputs of shape `output` (of one sample), after checking every
/// value, and what to tell the user. Errors: E012, E013, E021, E022, E023.
pub fn targets_for(
    network: &Network,
    number: usize,
    loss: &dyn Loss,
    output: Shape,
    y: &Tensor<'_>,
) -> Result<(Targets, Vec<Finding>)> {
    check_finite("y", y)?;
    let sample = Shape::new(y.shape().dims().get(1..).unwrap_or_default())?;
    let warning = |text| Finding { code: "W013", text };
    let mut findings: Vec<Finding> =
        doubts(loss, &network.activations_from_the_end(number)).into_iter().map(warning).collect();
    let last_layer = network.output_names().into_iter().nth(number).unwrap_or_default();
    match loss.target_kind() {
        TargetKind::Classes => {
            if output.last() == 1 {
                return Err(Error::new(Code::E013, one_output(loss.name()))
                    .at(last_layer)
                    .fix(widen()));
            }
            let integers = matches!(y.dtype(), DType::U8 | DType::I32);
            if is_one_each(sample, output) {
                check_labels(y, output.last(), loss.ignore_class()).map_err(|e| e.at("y"))?;
                if loss.name() == "categorical_crossentropy" && integers {
                    findings.push(Finding { code: "N021", text: labels_as_classes(loss.name()) });
                }
                return Ok((Targets::Labels, findings));
            }
            if sample != output {
                return Err(
                    mismatch(loss, output, sample, class_targets(output.last())).at(last_layer)
                );
            }
            findings.extend(check_class_rows(loss, y, output.last())?);
            if loss.name() == "sparse_categorical_crossentropy" {
                findings.push(Finding { code: "N021", text: rows_as_classes(loss.name()) });
            }
            Ok((Targets::Numbers, findings))
        }
        kind @ (TargetKind::Probabilities | TargetKind::Numbers) => {
            // As in Keras, a last dimension of 1 may be missing or added.
            let squeezed = output.dims() == [sample.dims(), &[1]].concat()
                || sample.dims() == [output.dims(), &[1]].concat();
            if sample != output && !squeezed {
                return Err(mismatch(loss, output, sample, match_targets()).at(last_layer));
            }
            if kind == TargetKind::Probabilities {
                check_probabilities(loss, y)?;
            }
            Ok((Targets::Numbers, findings))
        }
        TargetKind::Groups => {
            if !is_one_each(sample, output) {
                return Err(mismatch(loss, output, sample, group_targets()).at(last_layer));
            }
            check_groups(loss, y)?;
            Ok((Targets::Groups, findings))
        }
    }
}

/// Whether a sample's targets have one number where the output has a row.
fn is_one_each(sample: Shape, output: Shape) -> bool {
    let without_last = &output.dims()[..output.rank().saturating_sub(1)];
    sample.dims() == without_last || sample.dims() == [without_last, &[1]].concat()
}

fn mismatch(loss: &dyn Loss, output: Shape, sample: Shape, fix: Text) -> Error {
    let text = wrong_targets(loss.name(), sample, output);
    if output.rank() > sample.rank().max(1) {
        Error::new(Code::E012, text).fix(flatten_first())
    } else {
        Error::new(Code::E021, text).fix(fix)
    }
}

/// The row of element `i`.
fn row_of(y: &Tensor<'_>, i: usize) -> usize {
    i / (y.shape().elems() / y.rows().max(1)).max(1)
}

fn check_labels(y: &Tensor<'_>, outputs: usize, ignored: Option<i64>) -> Result<()> {
    if let Some((i, label)) = y.find(|v| v.fract() != 0.0) {
        let text = fractional_label(Decimal(label, 3), row_of(y, i));
        return Err(Error::new(Code::E021, text).fix(class_targets(outputs)));
    }
    let counts = |v: f64| ignored.is_none_or(|label| v != label as f64);
    let outside = |v: f64| counts(v) && (v < 0.0 || v >= outputs as f64);
    let Some((first, label)) = y.find(outside) else { return Ok(()) };
    let (low, high) = range_of(y, counts);
    let (low, high, last) = (low as i64, high as i64, outputs as i64 - 1);
    let (count, row) = (y.count(outside), row_of(y, first));
    let text = labels_out_of_range(low, high, outputs, last, count, label as i64, row);
    Err(Error::new(Code::E022, text)
        .fix(shift_or_widen(high.saturating_add(1).max(outputs as i64))))
}

/// How far the probabilities of a row may be from summing to 1: if they are rounded to bytes, by
/// 0.02.
const SLACK: f64 = 0.02;

/// Checks rows with one number for each class, probabilities or one-hot, and notes if some rows
/// have no class at all, as in padded steps. Errors (E022): a number outside 0 to 1, or a row with
/// a sum other than 1.
fn check_class_rows(loss: &dyn Loss, y: &Tensor<'_>, classes: usize) -> Result<Option<Finding>> {
    let wrong = |text: Text| Error::new(Code::E022, text).at("y").fix(to_one_hot());
    if let Some((i, value)) = y.find(|v| !(0.0..=1.0).contains(&v)) {
        let text = not_class_row(loss.name(), Decimal(value, 3), &place_of(y, i));
        return Err(wrong(text));
    }
    let (mut sum, mut empty, mut first_empty) = (0.0, 0, 0);
    let other_sum = y.scan(|first, some| {
        for (i, value) in (first..).zip(some) {
            sum += value;
            if !(i + 1).is_multiple_of(classes) {
                continue;
            }
            if sum == 0.0 {
                first_empty = if empty == 0 { row_of(y, i) } else { first_empty };
                empty += 1;
            } else if (sum - 1.0).abs() > SLACK {
                return ControlFlow::Break((i, sum));
            }
            sum = 0.0;
        }
        ControlFlow::Continue(())
    });
    if let Some((i, sum)) = other_sum {
        let text = other_sum_than_1(loss.name(), Decimal(sum, 3), row_of(y, i));
        return Err(wrong(text));
    }
    let note = || Finding { code: "W022", text: rows_without_class(empty, first_empty) };
    Ok((empty > 0).then(note))
}

fn check_groups(loss: &dyn Loss, y: &Tensor<'_>) -> Result<()> {
    // Up to here, floats, in which groups are compared, hold every integer.
    let exact = f64::from(1 << f32::MANTISSA_DIGITS);
    match y.find(|v| v.fract() != 0.0 || v.abs() > exact) {
        None => Ok(()),
        Some((i, value)) => {
            let text = not_group(loss.name(), Decimal(value, 3), row_of(y, i));
            Err(Error::new(Code::E021, text).at("y").fix(group_targets()))
        }
    }
}

fn check_probabilities(loss: &dyn Loss, y: &Tensor<'_>) -> Result<()> {
    match y.find(|v| !(0.0..=1.0).contains(&v)) {
        None => Ok(()),
        Some((i, value)) => {
            let text = not_probability(loss.name(), Decimal(value, 3), row_of(y, i));
            Err(Error::new(Code::E022, text).at("y").fix(to_probability()))
        }
    }
}

crate::messages! {
    fn rows_differ(x: usize, y: usize) {
        en: "x has {x} rows but y has {y}",
        es: "x tiene {x} filas pero y tiene {y}",
    }

    fn one_each() {
        en: "give one target for each sample, in the same order",
        es: "dé un objetivo por cada muestra, en el mismo orden",
    }

    fn no_rows(what: &str) {
        en: "{what} has no rows",
        es: "{what} no tiene filas",
    }

    fn give_rows() {
        en: "give at least one sample",
        es: "dé al menos una muestra",
    }

    fn not_finite(what: &str, count: usize, value: &str, place: &str) {
        en: "{what} has {count} numbers that are not finite; the first is {value} at {place}",
        es: "{what} tiene {count} números que no son finitos; el primero es {value} en {place}",
    }

    fn one_not_finite(what: &str, value: &str, place: &str) {
        en: "{what} has a number that is not finite: {value} at {place}",
        es: "{what} tiene un número que no es finito: {value} en {place}",
    }

    fn clean() {
        en: "remove those rows or replace the values",
        es: "quite esas filas o reemplace los valores",
    }

    fn too_large(what: &str, value: &str, place: &str, count: usize) {
        en: "{what} has a number that is not finite in 32 bits, in which models compute: {value} at {place} is beyond ±3.4e38 ({count} in all)",
        es: "{what} tiene un número que no es finito en 32 bits, con los que calculan los modelos: {value} en {place} excede ±3,4e38 ({count} en total)",
    }

    fn smaller_weights() {
        en: "give weights from -3.4e38 to 3.4e38: larger ones usually come from a training that diverged",
        es: "dé pesos de -3,4e38 a 3,4e38: los mayores suelen venir de un entrenamiento que divergió",
    }

    fn scale_down() {
        en: "scale the numbers down, for example to 0–1, or remove those rows",
        es: "reduzca la escala de los números, por ejemplo a 0–1, o quite esas filas",
    }

    fn not_class_row(loss: &str, value: Decimal, place: &str) {
        en: "{loss} compares rows of probabilities, one for each class, from 0 to 1, but y is {value} at {place}",
        es: "{loss} compara filas de probabilidades, una por clase, de 0 a 1, pero y vale {value} en {place}",
    }

    fn other_sum_than_1(loss: &str, sum: Decimal, row: usize) {
        en: "{loss} compares rows of probabilities that sum to 1, but row {row} of y sums to {sum}",
        es: "{loss} compara filas de probabilidades que suman 1, pero la fila {row} de y suma {sum}",
    }

    fn to_one_hot() {
        en: "give each sample a single 1 in the column of its class (to_categorical), or probabilities that sum to 1; for several labels at once, use sigmoid and binary_crossentropy",
        es: "dé a cada muestra un solo 1 en la columna de su clase (to_categorical), o probabilidades que sumen 1; para varias etiquetas a la vez, use sigmoid y binary_crossentropy",
    }

    fn rows_without_class(count: usize, row: usize) {
        en: "some rows of y hold only zeros ({count}, the first is row {row}): they add nothing to the loss, and metrics still count them",
        es: "algunas filas de y solo contienen ceros ({count}, la primera es la fila {row}): no suman nada a la pérdida, y las métricas sí las cuentan",
    }

    fn ids_not_whole(id: f64, place: &str, count: usize) {
        en: "x names rows of a table, but {id} at {place} is not a whole number ({count} in all)",
        es: "x nombra filas de una tabla, pero {id} en {place} no es un número entero ({count} en total)",
    }

    fn whole_ids(last: usize) {
        en: "give whole numbers from 0 to {last}",
        es: "dé números enteros de 0 a {last}",
    }

    fn labels_out_of_range(low: i64, high: i64, outputs: usize, last: i64, count: usize, label: i64, row: usize) {
        en: "labels go from {low} to {high}, but {outputs} outputs need 0 to {last} ({count} rows are outside; the first has label {label} at row {row})",
        es: "las etiquetas van de {low} a {high}, pero {outputs} salidas necesitan de 0 a {last} ({count} filas quedan fuera; la primera tiene la etiqueta {label} en la fila {row})",
    }

    fn shift_or_widen(needed: i64) {
        en: "subtract the smallest label so that they start at 0, or give the last layer {needed} units",
        es: "reste la etiqueta menor para que empiecen en 0, o dé a la última capa {needed} unidades",
    }

    fn one_output(loss: &str) {
        en: "{loss} compares classes, but the last layer has 1 output: with softmax it is always 1",
        es: "{loss} compara clases, pero la última capa tiene 1 salida: con softmax siempre es 1",
    }

    fn widen() {
        en: "give the last layer one unit for each class and softmax, or use binary_crossentropy with one sigmoid unit",
        es: "dé a la última capa una unidad por clase y softmax, o use binary_crossentropy con una unidad sigmoide",
    }

    fn wrong_targets(loss: &str, has: Shape, wants: Shape) {
        en: "{loss} compares samples of shape {wants} (the model's output), but the samples in y have shape {has}",
        es: "{loss} compara muestras de forma {wants} (la salida del modelo), pero las de y tienen forma {has}",
    }

    fn flatten_first() {
        en: "Dense acts on the last dimension only: put Flatten before the first Dense, or give y that shape",
        es: "Dense actúa solo sobre la última dimensión: ponga Flatten antes de la primera Dense, o dé a y esa forma",
    }

    fn match_targets() {
        en: "give y one number for each output, or the last layer as many units as y has columns",
        es: "dé a y un número por cada salida, o a la última capa tantas unidades como columnas tiene y",
    }

    fn class_targets(outputs: usize) {
        en: "give integer labels from 0, or one-hot rows of {outputs} numbers (to_categorical)",
        es: "dé etiquetas enteras desde 0, o filas one-hot de {outputs} números (to_categorical)",
    }

    fn fractional_label(label: Decimal, row: usize) {
        en: "y has one number for each sample, taken as its class label, but {label} at row {row} is not a whole number",
        es: "y tiene un número por muestra, que se toma como etiqueta de clase, pero {label} en la fila {row} no es entero",
    }

    fn not_probability(loss: &str, value: Decimal, row: usize) {
        en: "{loss} compares probabilities from 0 to 1, but y is {value} at row {row}",
        es: "{loss} compara probabilidades de 0 a 1, pero y vale {value} en la fila {row}",
    }

    fn to_probability() {
        en: "code the two classes as 0 and 1, or use mean_squared_error for other numbers",
        es: "codifique las dos clases como 0 y 1, o use mean_squared_error para otros números",
    }

    fn not_group(loss: &str, value: Decimal, row: usize) {
        en: "{loss} compares groups by their integers, up to 2²⁴, but y is {value} at row {row}",
        es: "{loss} compara grupos por sus enteros, hasta 2²⁴, pero y vale {value} en la fila {row}",
    }

    fn group_targets() {
        en: "give one integer for each sample, the same for samples that belong together",
        es: "dé un entero por muestra, el mismo para las muestras que van juntas",
    }

    fn ids_out_of_table(size: usize, last: usize, id: f64, row: usize, count: usize) {
        en: "the table has {size} rows, for the numbers 0 to {last}, but x has {id} at row {row} ({count} numbers are outside)",
        es: "la tabla tiene {size} filas, para los números 0 a {last}, pero x tiene {id} en la fila {row} ({count} números quedan fuera)",
    }

    fn widen_table(needed: f64) {
        en: "give the layer an input_dim of at least {needed}, or bring the numbers into its range, for example all rare ones to one number",
        es: "dé a la capa un input_dim de al menos {needed}, o lleve los números a su rango, por ejemplo todos los raros a un mismo número",
    }

    fn count_from_zero(last: usize) {
        en: "number the items from 0 to {last}",
        es: "numere los elementos de 0 a {last}",
    }

    fn labels_as_classes(loss: &str) {
        en: "y holds integer labels: {loss} takes them as they are (in Keras: sparse_categorical_crossentropy)",
        es: "y contiene etiquetas enteras: {loss} las toma como son (en Keras: sparse_categorical_crossentropy)",
    }

    fn rows_as_classes(loss: &str) {
        en: "y holds one-hot rows: {loss} takes them as they are (in Keras: categorical_crossentropy)",
        es: "y contiene filas one-hot: {loss} las toma como son (en Keras: categorical_crossentropy)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_rows_that_are_not_whole_are_counted() {
        let ids = [Ids { of: 0, layer: "words".to_owned(), size: 4 }];
        let of = |numbers: Vec<f32>| {
            let x = Tensor::new(Shape::new(&[3, 2]).unwrap(), numbers).unwrap();
            check_ids(&ids, &[x]).unwrap_err().to_string()
        };
        let error = of(vec![0.0, 1.0, 2.7, 3.0, 0.0, 1.5]);
        for part in ["words", "2.7 at [1, 0]", "(2 in all)"] {
            assert!(error.contains(part), "{error}");
        }
        let error = of(vec![0.0, 1.0, 2.0, 4.0, -1.0, 9.0]);
        for part in ["words", "4 at row 1", "(3 numbers are outside)"] {
            assert!(error.contains(part), "{error}");
        }
    }
}
