//! Writes every figure with made-up numbers as SVG, in both languages and layouts, and all of them
//! on one page, to look at: `cargo run -p neurona-plot --example gallery -- FOLDER`.

use neurona_core::error::Result;
use neurona_core::message::Lang;
use neurona_plot::*;
use std::path::Path;

const NET: [f64; 10] = [-0.52, 1.12, 1.99, -1.84, -2.11, -2.96, 3.09, -2.34, 1.48, -0.16];

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "gallery".to_owned());
    let mut page = format!("<!doctype html><meta charset=utf-8><style>{}</style>", Figure::STYLE);
    for lang in Lang::ALL {
        for (name, figure) in figures(lang) {
            let place =
                |kind: &str| Path::new(&folder).join(format!("{name}-{}{kind}", lang.code()));
            figure.save(place(".svg"))?;
            page += &figure.html();
            if let Some(narrow) = figure.narrow() {
                narrow.save(place("-narrow.svg"))?;
            }
        }
    }
    // The page shows what a report shows: the layout for its width, and the reader's colours.
    std::fs::write(Path::new(&folder).join("index.html"), page).expect("the folder is there");
    Ok(())
}

fn figures(lang: Lang) -> Vec<(&'static str, Figure)> {
    let descent =
        |rate: f64| (rate, (0..40).map(|i| 2.3 * (1.0 - rate).powi(i).powi(2) + 0.02).collect());
    let training: Vec<f64> = (0..40).map(|i| 2.0 * (-f64::from(i) / 9.0).exp() + 0.02).collect();
    let validation: Vec<f64> =
        (0..40).map(|i| 1.9 * (-f64::from(i) / 6.0).exp() + 0.35 + f64::from(i) * 0.009).collect();
    vec![
        ("intelligence", artificial_intelligence(lang)),
        ("biology", biological_neuron(lang)),
        ("neuron", artificial_neuron(lang)),
        ("softmax", softmax(&NET, lang)),
        ("learning-rates", learning_rates(&[descent(0.01), descent(0.3), descent(2.05)], lang)),
        ("minima", minima(lang)),
        ("overfitting", overfitting(&training, &validation, lang)),
        ("transfer", transfer_functions(&transfers(), lang)),
        (
            "history",
            history(&[series("loss", &training[..5])], &[series("accuracy", &RISING)], lang),
        ),
        (
            "history-two",
            history(
                &[series("loss", &training), series("val_loss", &validation)],
                &[series("accuracy", &HIGH)],
                lang,
            ),
        ),
        ("network", network(&[28, 28], &layers(), lang)),
        ("convolution", network(&[28, 28, 1], &convolution(), lang)),
        ("confusion", confusion_matrix(&counts(), &[], lang)),
        ("image", image(cross(), Some("✗"), lang)),
        ("grid", image_grid(&grid(), 8, Some("28 × 28"), lang)),
    ]
}

const RISING: [f64; 5] = [0.48, 0.67, 0.77, 0.82, 0.84];
const HIGH: [f64; 5] = [0.93, 0.95, 0.97, 0.975, 0.98];

fn series<'a>(name: &'a str, values: &'a [f64]) -> Series<'a> {
    Series { name, values }
}

fn transfers() -> Vec<Transfer> {
    let x = || (-120..=120).map(|i| f64::from(i) / 20.0);
    let transfer = |name: &str, formula: &str, f: fn(f64) -> f64, derivative: fn(f64) -> f64| {
        let (name, formula) = (name.to_owned(), formula.to_owned());
        let (f, derivative) = (x().map(f).collect(), x().map(derivative).collect());
        Transfer { name, formula, f, derivative, range: (-6.0, 6.0) }
    };
    vec![
        transfer(
            "threshold",
            "0 (net < 0), 1 (net ≥ 0)",
            |x| if x < 0.0 { 0.0 } else { 1.0 },
            |_| 0.0,
        ),
        transfer("linear", "net", |x| x, |_| 1.0),
        transfer("tanh", "tanh net", f64::tanh, |x| 1.0 - x.tanh().powi(2)),
        transfer("relu", "max(net, 0)", |x| x.max(0.0), |x| if x > 0.0 { 1.0 } else { 0.0 }),
    ]
}

fn layer(name: &str, kind: &str, shape: &[usize], inputs: usize) -> LayerView {
    let units = *shape.last().unwrap_or(&1);
    LayerView {
        name: name.into(),
        kind: kind.into(),
        units: shape.iter().product(),
        shape: shape.to_vec(),
        params: if inputs > 0 { (inputs + 1) * units } else { 0 },
        weights: (inputs > 0).then(|| {
            let wave = |i: usize| ((i / units) as f64 * 0.21 + (i % units) as f64).sin();
            (0..inputs * units).map(wave).collect()
        }),
        image: (inputs == 784).then_some((28, 28)),
    }
}

fn layers() -> Vec<LayerView> {
    vec![
        layer("rescaling", "Rescaling", &[28, 28], 0),
        layer("flatten", "Flatten", &[784], 0),
        layer("dense", "Dense 10 · sigmoid", &[10], 784),
        layer("dense_1", "Dense 10 · softmax", &[10], 10),
    ]
}

fn convolution() -> Vec<LayerView> {
    vec![
        LayerView { params: 320, ..layer("conv2d", "Conv2D", &[26, 26, 32], 0) },
        layer("max_pooling2d", "MaxPooling2D", &[13, 13, 32], 0),
        layer("flatten", "Flatten", &[5408], 0),
        layer("dense", "Dense 64 · relu", &[64], 5408),
        layer("dropout", "Dropout", &[64], 0),
        layer("dense_1", "Dense 10 · softmax", &[10], 64),
    ]
}

fn counts() -> Vec<Vec<u64>> {
    let count = |r: u64, c: u64| if r == c { 880 + 27 * r } else { (r * 7 + c * 5) % 13 * 4 };
    (0..10).map(|r| (0..10).map(|c| count(r, c)).collect()).collect()
}

const CROSS: [u8; 9] = [0, 255, 0, 255, 128, 255, 0, 255, 0];

fn cross() -> Gray<'static> {
    Gray { pixels: &CROSS, width: 3, height: 3 }
}

fn grid() -> Vec<GridItem<'static>> {
    let item = |i: usize| GridItem {
        image: cross(),
        label: if i > 9 { "predicha 4, verdadera 9".into() } else { i.to_string() },
        wrong: i > 9,
    };
    (0..14).map(item).collect()
}
