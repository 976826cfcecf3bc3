//! Writes every figure with made-up numbers as SVG, in both languages and layouts, to look at:
//! `cargo run -p neurona-plot --example gallery -- FOLDER`.

use neurona_core::error::Result;
use neurona_core::message::Lang;
use neurona_plot::*;
use std::path::Path;

const NET: [f64; 10] = [-0.52, 1.12, 1.99, -1.84, -2.11, -2.96, 3.09, -2.34, 1.48, -0.16];

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "gallery".to_owned());
    for lang in Lang::ALL {
        for (name, figure) in figures(lang) {
            let place =
                |kind: &str| Path::new(&folder).join(format!("{name}-{}{kind}", lang.code()));
            figure.save(place(".svg"))?;
            if let Some(narrow) = figure.narrow() {
                narrow.save(place("-narrow.svg"))?;
            }
        }
    }
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
    ]
}
