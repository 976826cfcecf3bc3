//! Pictures of data, training and models, as SVG and PNG.
//!
//! ```no_run
//! use neurona::prelude::*;
//!
//! let mnist = datasets::mnist()?;
//! plot::imshow(mnist.train.images.index_axis(Axis(0), 8))?.save("image-8.png")?;
//! # Ok::<(), neurona::Error>(())
//! ```

pub use neurona_plot::{
    Figure, Gray, GridItem, artificial_intelligence, artificial_neuron, biological_neuron, curves,
    image, image_grid, learning_rates, minima, overfitting, softmax,
};

use crate::ConfusionMatrix;
use crate::nn::Activation;
use crate::train::{History, LrCurve, Model};
use ndarray::ArrayView2;
use neurona_core::error::Result;
use neurona_core::graph::{Builder, Role, Value, gradients, interpret};
use neurona_core::message::{Lang, Text};
use neurona_core::tensor::DType;
use neurona_plot::{LayerView, RateSearch, Series, Transfer};

/// A picture of bytes, 0 white and 255 black, as `imshow(image, cmap=binary)` shows it.
///
/// Shapes: `(height, width)`. Does not fail yet; the result leaves room for other kinds of images.
#[expect(clippy::needless_pass_by_value, reason = "a view is passed like a reference")]
pub fn imshow(image: ArrayView2<'_, u8>) -> Result<Figure> {
    let (height, width) = image.dim();
    let pixels: Vec<u8> = image.iter().copied().collect();
    Ok(neurona_plot::image(Gray { pixels: &pixels, width, height }, None, Lang::En))
}

/// The loss and the metrics of a training, epoch by epoch. Does not fail yet: an empty history is an empty picture.
pub fn history(history: &History) -> Result<Figure> {
    Ok(history_in(history, Lang::En))
}

/// As in [`history`], in a language.
pub fn history_in(history: &History, lang: Lang) -> Figure {
    let is_loss = |name: &str| name.trim_start_matches("val_") == "loss";
    let series = |loss: bool| -> Vec<Series<'_>> {
        let chosen = history.history.iter().filter(|(name, _)| is_loss(name) == loss);
        chosen.map(|(name, values)| Series { name, values }).collect()
    };
    neurona_plot::history(&series(true), &series(false), lang)
}

/// The loss by learning rate that [`Model::lr_find`] found, with the rate it suggests.
///
/// ```
/// use ndarray::Array2;
/// use neurona::message::Lang;
/// use neurona::prelude::*;
/// let x = Array2::from_shape_fn((64, 1), |(i, _)| i as f32 / 64.0);
/// let mut model = Sequential::new([1]).add(Dense::new(1));
/// model.compile(Sgd::default(), MeanSquaredError, [])?;
/// let curve = model.lr_find(&x, &x.mapv(|x| 2.0 * x), LrFind::default())?;
/// assert!(plot::lr_find(&curve, Lang::En).svg().contains("learning rate"));
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn lr_find(curve: &LrCurve, lang: Lang) -> Figure {
    let LrCurve { rates, losses, smoothed } = curve;
    let search = RateSearch { rates, losses, smoothed, suggestion: curve.suggestion() };
    neurona_plot::rate_search(search, lang)
}

/// A confusion matrix with counts, coloured by the share of each true class.
pub fn confusion_matrix(matrix: &ConfusionMatrix, lang: Lang) -> Figure {
    let counts: Vec<Vec<u64>> = matrix.counts().outer_iter().map(|row| row.to_vec()).collect();
    let names: Vec<String> = (0..counts.len()).map(|class| class.to_string()).collect();
    neurona_plot::confusion_matrix(&counts, &names, lang)
}

/// Transfer functions of a neuron's sum `net` and their derivatives, each in a panel, over −6 to 6, under the names that
/// courses in the language use. Softmax and its kin are left out: they are functions of a whole row (see [`softmax`]).
/// Errors: none for the functions of this crate.
///
/// ```
/// use neurona::message::Lang;
/// use neurona::prelude::*;
/// let figure = plot::transfer_functions(&[BinaryThreshold, Sigmoid], Lang::Es)?;
/// assert!(figure.svg().contains("umbral binaria") && figure.svg().contains("sigmoide"));
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn transfer_functions(activations: &[Activation], lang: Lang) -> Result<Figure> {
    let each = activations.iter().filter(|a| a.is_elementwise());
    let sampled = each.map(|activation| sample(*activation, lang)).collect::<Result<Vec<_>>>()?;
    Ok(neurona_plot::transfer_functions(&sampled, lang))
}

/// What courses call a function: its own name in the language if it has one, otherwise Keras'.
fn course_name(activation: Activation) -> Text {
    match activation {
        Activation::Linear => linear(),
        Activation::Sigmoid => sigmoid(),
        Activation::Tanh => tanh(),
        Activation::Relu => Text::verbatim("ReLU"),
        Activation::Exponential => exponential(),
        Activation::BinaryThreshold => binary_threshold(),
        Activation::BipolarThreshold => bipolar_threshold(),
        Activation::HardSigmoid => hard_sigmoid(),
        other => Text::verbatim(other.name()),
    }
}

/// A formula of x as a formula of net, the sum of a neuron, with the language's decimal sign.
fn of_net(formula: &str, lang: Lang) -> String {
    let letters: Vec<char> = formula.chars().collect();
    let around = |i: usize| {
        let before = i.checked_sub(1).and_then(|i| letters.get(i)).copied();
        (before, letters.get(i + 1).copied())
    };
    let is = |c: Option<char>, kind: fn(&char) -> bool| c.is_some_and(|c| kind(&c));
    let letter = |(i, &c): (usize, &char)| {
        let (before, after) = around(i);
        let alone = !is(before, char::is_ascii_alphabetic) && !is(after, char::is_ascii_alphabetic);
        match c {
            'x' if alone => "net".to_owned(),
            'ˣ' => "ⁿᵉᵗ".to_owned(),
            '.' if is(before, char::is_ascii_digit) && is(after, char::is_ascii_digit) => {
                match lang {
                    Lang::En => ".".to_owned(),
                    Lang::Es => ",".to_owned(),
                }
            }
            other => other.to_string(),
        }
    };
    letters.iter().enumerate().map(letter).collect()
}

fn sample(activation: Activation, lang: Lang) -> Result<Transfer> {
    const SAMPLES: usize = 241;
    const RANGE: (f64, f64) = (-6.0, 6.0);
    let builder = Builder::new();
    let x = builder.input("x", Role::Batch, DType::F32, &[SAMPLES]);
    let y = activation.apply(x);
    builder.output("f", y);
    builder.output("derivative", gradients(y.sum_all(), &[x])[0]);
    let at = |i: usize| RANGE.0 + (RANGE.1 - RANGE.0) * i as f64 / (SAMPLES - 1) as f64;
    let found = interpret(&builder.finish()?, &[Value::Float((0..SAMPLES).map(at).collect())]);
    Ok(Transfer {
        name: course_name(activation).get(lang).to_owned(),
        formula: of_net(activation.formula(), lang),
        f: found[0].floats().to_vec(),
        derivative: found[1].floats().to_vec(),
        range: RANGE,
    })
}

/// The network's layers with their weights, trained or not: hidden neurons as pictures of their
/// weights if the input is a picture. Layers behind the input that only pass values on are named
/// below it. `image` says that the model's input is a picture with that height and width. Errors:
/// as in `summary`.
pub fn network(model: &mut Model, image: Option<(usize, usize)>, lang: Lang) -> Result<Figure> {
    let summary = model.summary()?;
    let weights = model.weights()?;
    let activations: Vec<Option<Activation>> =
        model.network().layers().map(|(_, layer)| layer.activation_fn()).collect();
    let input: Vec<usize> =
        model.sample_shapes().and_then(|s| s.into_iter().next()).unwrap_or_default();
    let mut first_dense = true;
    let layers: Vec<LayerView> = summary
        .rows
        .iter()
        .zip(activations)
        .map(|(row, activation)| {
            let kernel = weights.iter().find(|(name, _)| *name == format!("{}/kernel", row.name));
            let shape = row.output.clone().unwrap_or_default();
            let units = shape.last().copied().unwrap_or(1);
            let kind = match (row.class_name.as_str(), activation) {
                ("Dense", Some(f)) => format!("Dense {units} · {}", f.name()),
                (class, _) => class.to_owned(),
            };
            let seen = image.filter(|_| kernel.is_some() && std::mem::take(&mut first_dense));
            LayerView {
                name: row.name.clone(),
                kind,
                units,
                shape,
                params: row.parameters.unwrap_or(0),
                weights: kernel.map(|(_, w)| w.iter().map(|&w| w.into()).collect()),
                image: seen,
            }
        })
        .collect();
    Ok(neurona_plot::network(&image.map_or(input, |(h, w)| vec![h, w]), &layers, lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_speak_of_net() {
        for (formula, en, es) in [
            ("1 / (1 + e⁻ˣ)", "1 / (1 + e⁻ⁿᵉᵗ)", "1 / (1 + e⁻ⁿᵉᵗ)"),
            ("max(x, 0)", "max(net, 0)", "max(net, 0)"),
            (
                "x (x > 0), 0.2 x (x ≤ 0)",
                "net (net > 0), 0.2 net (net ≤ 0)",
                "net (net > 0), 0,2 net (net ≤ 0)",
            ),
            ("tanh x", "tanh net", "tanh net"),
        ] {
            assert_eq!(of_net(formula, Lang::En), en);
            assert_eq!(of_net(formula, Lang::Es), es);
        }
    }

    #[test]
    fn a_network_is_drawn_where_it_is_built_and_its_neurons_are_numbered() {
        use crate::nn::layers::{Dense, Flatten, Rescaling};
        use crate::train::Sequential;
        let mut model = Sequential::new([28, 28])
            .add(Rescaling::new(1.0 / 255.0))
            .add(Flatten)
            .add(Dense::new(10).activation(Activation::Sigmoid))
            .add(Dense::new(10).activation(Activation::Softmax));
        let svg = network(&mut model, Some((28, 28)), Lang::Es).expect("drawn").svg();
        for word in ["capa de entrada", "capa oculta", "capa de salida", "luego Rescaling, Flatten"]
        {
            assert!(svg.contains(&format!(">{word}<")), "{word}");
        }
        // Hidden neurons and classes from 0 to 9.
        let found = |number: usize| svg.matches(&format!(">{number}</text>")).count();
        assert_eq!((0..=10).map(found).collect::<Vec<_>>(), [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0]);
    }

    #[test]
    fn a_course_in_spanish_finds_its_own_names() {
        let names = [
            (Activation::BinaryThreshold, "umbral binaria"),
            (Activation::BipolarThreshold, "umbral bipolar"),
            (Activation::Linear, "lineal"),
            (Activation::Sigmoid, "sigmoide"),
            (Activation::Tanh, "tangente hiperbólica"),
            (Activation::Relu, "ReLU"),
        ];
        let each: Vec<Activation> = names.iter().map(|(activation, _)| *activation).collect();
        let svg = transfer_functions(&each, Lang::Es).expect("drawn").svg();
        for (activation, name) in names {
            assert!(svg.contains(&format!(">{name}<")), "{name}");
            let own = activation.name();
            assert!(!svg.contains(&format!(">{own}<")), "{own}");
        }
    }
}

neurona_core::messages! {
    fn linear() { en: "linear", es: "lineal" }
    fn sigmoid() { en: "sigmoid", es: "sigmoide" }
    fn tanh() { en: "hyperbolic tangent", es: "tangente hiperbólica" }
    fn exponential() { en: "exponential", es: "exponencial" }
    fn binary_threshold() { en: "binary threshold", es: "umbral binaria" }
    fn bipolar_threshold() { en: "bipolar threshold", es: "umbral bipolar" }
    fn hard_sigmoid() { en: "hard sigmoid", es: "sigmoide por tramos" }
}
