//! A network from left to right, drawn by what matters: never one line per weight of a large layer.

mod column;
mod edges;
mod legend;

use crate::axis::drawable;
use crate::curves::heading;
use crate::figure::Figure;
use crate::layout::{Layout, NARROW};
use crate::palette::{INK, SOFT};
use crate::scene::{Label, Scene};
use crate::text;
use column::{Column, Look, Role};
use neurona_core::message::Lang;

/// What the diagram shows for a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerView {
    /// Its name in the model.
    pub name: String,
    /// Its description, such as `Dense 10 · sigmoid`.
    pub kind: String,
    /// How many values it gives for one sample.
    pub units: usize,
    /// The shape of those values, without the batch.
    pub shape: Vec<usize>,
    /// How many numbers training may change in it.
    pub params: usize,
    /// The weights of a dense layer, row by row, inputs × units.
    pub weights: Option<Vec<f64>>,
    /// The height and width of the inputs seen as an image: each unit is drawn as its weights.
    pub image: Option<(usize, usize)>,
}

/// The network's layers from left to right, with names, shapes and counts of parameters below:
/// which one is the input layer, which are hidden, which is the output layer.
///
/// - Layers behind the input that only pass its values on (`Rescaling`, `Flatten`) are named below it.
/// - Neurons are numbered from 0, as in `Explanation::neuron`; output neurons are classes.
/// - An input that is an image is a square of pixels; one of a few values is a column of circles.
/// - A dense layer on an image shows each unit as its weights: blue positive, white zero, orange
///   negative.
/// - Past 16 units the first ones, an ellipsis with the count, and the last one are drawn.
/// - Between units every weight is a line if the layer has at most 500 of them, otherwise the 5 largest
///   into each unit are: blue and solid if positive, orange and dashed if negative, wider if larger.
///   Without weights the lines are gray.
/// - Other layers are blocks: flat ones a bar, images a stack of squares.
///
/// Weights of a size that does not match are left out.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::{LayerView, network};
///
/// let dense = |name: &str, units, inputs: usize| LayerView {
///     name: name.into(),
///     kind: format!("Dense {units} · tanh"),
///     units,
///     shape: vec![units],
///     params: inputs * units + units,
///     weights: Some((0..inputs * units).map(|i| (i as f64).sin()).collect()),
///     image: None,
/// };
/// let figure = network(&[2], &[dense("hidden", 3, 2), dense("output", 1, 3)], Lang::En);
/// assert!(figure.svg().contains("13 parameters in all"));
/// ```
pub fn network(input_shape: &[usize], layers: &[LayerView], lang: Lang) -> Figure {
    let total = layers.iter().fold(0, |sum: usize, layer| sum.saturating_add(layer.params));
    let (passing, layers) = layers.split_at(passing(input_shape, layers));
    let described = columns(input_shape, passing, layers, Layout::Wide, lang);
    let described = described.iter().map(|column| {
        let words: Vec<&str> = column.lines.iter().map(|(text, _)| text.as_str()).collect();
        words.join(", ")
    });
    let described: Vec<String> = described.collect();
    let description = text::network_text(&described.join("; "));
    let title = text::network_title();
    Figure::laid_out(title.get(lang), description.get(lang), lang, |layout| {
        draw(columns(input_shape, passing, layers, layout, lang), layers, total, layout, lang)
    })
}

/// How many layers behind the input only pass its values on, with others after them.
fn passing(input_shape: &[usize], layers: &[LayerView]) -> usize {
    let size = |shape: &[usize]| shape.iter().fold(1_usize, |all, &side| all.saturating_mul(side));
    let units = size(input_shape);
    let passes = |layer: &&LayerView| {
        layer.params == 0
            && layer.weights.is_none()
            && !layer.shape.is_empty()
            && size(&layer.shape) == units
    };
    let count = layers.iter().take_while(passes).count();
    if count < layers.len() { count } else { 0 }
}

fn columns(
    input_shape: &[usize],
    passing: &[LayerView],
    layers: &[LayerView],
    layout: Layout,
    lang: Lang,
) -> Vec<Column> {
    let mut columns = vec![Column::input(input_shape, passing, layers.first(), layout, lang)];
    let hidden = layers.iter().rev().skip(1).filter(|layer| layer.params > 0).count();
    let mut number = 0;
    for (i, layer) in layers.iter().enumerate() {
        let role = if i + 1 == layers.len() {
            Role::Output
        } else if layer.params > 0 {
            number += 1;
            Role::Hidden((hidden > 1).then_some(number))
        } else {
            Role::Passing
        };
        columns.push(Column::layer(layer, role, layout, lang));
    }
    column::compare(&mut columns, layout);
    columns
}

fn draw(
    mut columns: Vec<Column>,
    layers: &[LayerView],
    total: usize,
    layout: Layout,
    lang: Lang,
) -> Scene {
    let body = columns.iter().map(|column| column.height).fold(150.0, f64::max);
    let width = spread(&mut columns, layout);
    let least = layout.pick(420.0, NARROW);
    let margin = layout.pick(48.0, 16.0);
    let lines = columns.iter().map(|column| column.lines.len()).max().unwrap_or(0) as f64;
    let limited = edges::limited(&columns, layers);
    let room = width.max(least) - margin;
    let entries = legend::entries(&columns, layers, limited.as_ref(), room, lang);
    let rows = legend::rows(&entries, room);
    let page = width.max(least).max(legend::width(&rows) + margin);
    let (top, names) = (56.0, 30.0);
    let legend_top = top + body + names + 16.0 * lines + 14.0;
    let height = legend_top + legend::ROW * rows.len() as f64 + 34.0;
    let mut scene = Scene::new(page, height);
    heading(&mut scene, text::network_title().get(lang), page / 2.0);
    for column in &mut columns {
        column.x += (page - width) / 2.0;
        column.y = top + body / 2.0;
    }
    edges::draw(&mut scene, &columns, layers);
    for (i, column) in columns.iter().enumerate() {
        column.draw(&mut scene, i.checked_sub(1).and_then(|i| layers.get(i)), lang);
        for (line, (text, strong)) in column.lines.iter().enumerate() {
            let (size, color) = if *strong { (column::NAME, INK) } else { (column::SMALL, SOFT) };
            let y = top + body + names + 16.0 * line as f64;
            scene.text(Label::new(column.x, y, text).size(size).color(color).centred());
        }
    }
    legend::draw(&mut scene, &rows, legend_top);
    let total = text::all_parameters(total).get(lang).to_owned();
    scene.text(Label::new(page / 2.0, height - 16.0, total).size(12.0).color(INK).centred());
    scene
}

/// Places the columns so that neither they nor their words touch, and returns the width taken.
fn spread(columns: &mut [Column], layout: Layout) -> f64 {
    let margin = layout.pick(24.0, 8.0);
    let mut x = margin;
    let mut previous: Option<(f64, f64, bool)> = None;
    for column in columns.iter_mut() {
        let (words, half) = (column.words / 2.0, column.width / 2.0);
        // Lines between units need room to be told apart; a block only needs an arrow.
        let units = matches!(column.look, Look::Units { .. });
        let apart = match previous {
            Some((words_before, half_before, units_before)) => {
                let gap = match (units_before, units) {
                    (true, true) => layout.pick(150.0, 56.0),
                    (_, true) => layout.pick(84.0, 44.0),
                    _ => layout.pick(52.0, 26.0),
                };
                (words_before + words + layout.pick(22.0, 6.0)).max(half_before + half + gap)
            }
            None => words.max(half),
        };
        x += apart;
        column.x = x;
        previous = Some((words, half + column.beside(), units));
    }
    let last = previous.map_or(0.0, |(words, half, _)| words.max(half));
    x + last + margin
}

/// The weights of a layer as (inputs, weights), if their count fits its units and all are numbers.
fn weights(layer: &LayerView) -> Option<(usize, &[f64])> {
    let weights = layer.weights.as_deref()?;
    let fits = layer.units > 0 && !weights.is_empty() && weights.len() % layer.units == 0;
    (fits && weights.iter().all(|&w| drawable(w))).then(|| (weights.len() / layer.units, weights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    fn layer(kind: &str, shape: &[usize], inputs: usize) -> LayerView {
        let units = shape.iter().product();
        LayerView {
            name: kind.to_lowercase(),
            kind: format!("{kind} {units} · sigmoid"),
            units,
            shape: shape.to_vec(),
            params: inputs * units,
            weights: (inputs > 0)
                .then(|| (0..inputs * units).map(|i| (i as f64 * 1.7).sin()).collect()),
            image: (inputs == 784).then_some((28, 28)),
        }
    }

    fn lines(figure: &Figure) -> usize {
        figure.svg().matches("<path").count()
    }

    #[test]
    fn a_large_layer_is_pictures_and_not_lines() {
        let layers =
            [layer("Flatten", &[784], 0), layer("Dense", &[10], 784), layer("Dense", &[10], 10)];
        for lang in Lang::ALL {
            let figure = network(&[28, 28], &layers, lang);
            check::figure(&figure);
            assert_eq!(figure.svg().matches("<image").count(), 10 + 1);
            assert!(lines(&figure) < 200, "{}", lines(&figure));
        }
    }

    /// The guide's network: an image, two layers that pass it on, two with weights.
    fn guide(lang: Lang) -> Figure {
        let mut rescaling = layer("Rescaling", &[28, 28], 0);
        rescaling.kind = "Rescaling".into();
        let mut flatten = layer("Flatten", &[784], 0);
        flatten.kind = "Flatten".into();
        let (hidden, output) = (layer("Dense", &[10], 784), layer("Dense", &[10], 10));
        network(&[28, 28], &[rescaling, flatten, hidden, output], lang)
    }

    #[test]
    fn layers_are_named_by_what_they_are_and_neurons_are_numbered() {
        for lang in Lang::ALL {
            let figure = guide(lang);
            check::readable(&figure);
            for figure in [figure.narrow().expect("two layouts"), figure] {
                let svg = figure.svg();
                let said = |word: &str| svg.contains(&format!(">{word}<"));
                for word in [text::network_title(), text::input_layer(), text::hidden_layer()] {
                    assert!(said(word.get(lang)), "{word:?}");
                }
                assert!(said(text::output_layer().get(lang)));
                for number in 0..=10 {
                    let expected = if number < 10 { 2 } else { 0 };
                    let found = svg.matches(&format!(">{number}</text>")).count();
                    assert_eq!(found, expected, "{number}");
                }
            }
        }
    }

    #[test]
    fn layers_that_only_pass_the_input_on_are_not_drawn() {
        let svg = guide(Lang::Es).svg();
        // The input's own pixels are lines; another empty grid would be a second path as long.
        let grids = svg.lines().filter(|line| line.starts_with("<path") && line.len() > 1000);
        assert_eq!(grids.count(), 1);
        assert!(svg.contains(">luego Rescaling, Flatten<"));
        assert!(svg.contains("capa de entrada, 28 × 28, 784 valores, luego Rescaling, Flatten"));
    }

    #[test]
    fn several_hidden_layers_are_counted() {
        let dense = || layer("Dense", &[4], 4);
        let svg = network(&[4], &[dense(), layer("Dropout", &[4], 0), dense(), dense()], Lang::En);
        let svg = svg.svg();
        for word in ["hidden layer 1", "hidden layer 2", "dropout", "output layer"] {
            assert!(svg.contains(&format!(">{word}<")), "{word}");
        }
    }

    #[test]
    fn at_most_five_lines_into_each_unit_of_a_large_layer() {
        let layers = [layer("Dense", &[128], 784), layer("Dense", &[10], 128)];
        let figure = network(&[784], &layers, Lang::En);
        check::figure(&figure);
        assert!(figure.svg().contains("among the units drawn"));
        assert!(lines(&figure) < 80, "{}", lines(&figure));
    }

    #[test]
    fn deep_odd_and_damaged_networks_are_drawn() {
        let conv = layer("Conv2D", &[26, 26, 32], 0);
        let pool = layer("MaxPooling2D", &[13, 13, 32], 0);
        let dropout = layer("Dropout", &[10], 0);
        let mut wrong = layer("Dense", &[10], 7);
        wrong.weights = Some(vec![f64::NAN; 70]);
        let mut short = layer("Dense", &[3], 4);
        short.weights = Some(vec![1.0; 5]);
        short.image = Some((9, 9));
        let bare = LayerView { weights: None, ..layer("Dense", &[10], 10) };
        let none = layer("Nothing", &[0], 0);
        let mut named = layer("Dense", &[2], 2);
        named.name = "una capa <con> \"nombre\" & apellido de veras larguísimos".into();
        named.kind = "Dense con una descripción que no termina nunca · softmax".into();
        let nets: [(&[usize], Vec<LayerView>); 8] = [
            (&[], vec![]),
            (&[0], vec![none]),
            (
                &[28, 28, 1],
                vec![conv, pool, layer("Flatten", &[5408], 0), layer("Dense", &[10], 0)],
            ),
            (&[10], vec![layer("Dense", &[10], 10), dropout.clone(), layer("Dense", &[10], 10)]),
            (&[4], vec![short, wrong]),
            (&[10], vec![bare.clone(), bare, dropout]),
            (&[2], vec![named.clone(), named, layer("Dense", &[1], 2)]),
            (&[1], vec![layer("Dense", &[17], 1), layer("Dense", &[16], 17)]),
        ];
        for lang in Lang::ALL {
            for (input, layers) in &nets {
                let figure = network(input, layers, lang);
                check::figure(&figure);
                assert_eq!(figure, network(input, layers, lang));
            }
        }
    }
}
