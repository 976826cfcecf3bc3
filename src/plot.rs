//! Pictures of data, training and models, as SVG and PNG.
//!
//! ```no_run
//! use neurona::prelude::*;
//!
//! let mnist = datasets::mnist()?;
//! plot::imshow(mnist.train.images.index_axis(Axis(0), 8))?.save("digit-8.png")?;
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
use neurona_core::message::Lang;
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

/// As [`history`], in a language.
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

/// Transfer functions and their derivatives, each in a panel, over −6 to 6. Softmax and its kin are left out:
/// they are functions of a whole row. Errors: none for the functions of this crate.
pub fn transfer_functions(activations: &[Activation], lang: Lang) -> Result<Figure> {
    let each = activations.iter().filter(|a| a.is_elementwise());
    let sampled = each.map(|activation| sample(*activation)).collect::<Result<Vec<Transfer>>>()?;
    Ok(neurona_plot::transfer_functions(&sampled, lang))
}

fn sample(activation: Activation) -> Result<Transfer> {
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
        name: activation.name().to_owned(),
        formula: activation.formula().to_owned(),
        f: found[0].floats().to_vec(),
        derivative: found[1].floats().to_vec(),
        range: RANGE,
    })
}

/// The network's layers with their weights: hidden units as pictures of their weights where the input is one.
/// `image` says that the model's input is a picture of that height and width. Errors: as `summary`.
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
