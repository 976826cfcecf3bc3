//! A shop and a price, two inputs of one network, with a metric and a callback of its own:
//! `cargo run --release --example two_inputs`.

#![allow(clippy::print_stdout)]
use neurona::graph::Expr;
use neurona::prelude::*;
use std::ops::ControlFlow;

/// The share of predictions within 0.1 of their target.
#[derive(Debug)]
struct Close;

impl CustomMetric for Close {
    fn name(&self) -> &'static str {
        "close"
    }

    fn parts<'g>(&self, target: Expr<'g>, prediction: Expr<'g>, _: Option<Expr<'g>>) -> Expr<'g> {
        (prediction - target).abs().less(target.fill_like(0.1)).cast(DType::F32).sum_all()
    }

    fn result(&self, sums: &[f64], samples: f64) -> f64 {
        sums[0] / samples
    }
}

/// The best epoch, from 0, and how close it was.
#[derive(Debug, Default)]
struct Best(usize, f64);

impl Callback for Best {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        if let Event::EpochEnd { epoch, logs, .. } = event
            && logs["close"] > self.1
        {
            *self = Best(*epoch, logs["close"]);
        }
        ControlFlow::Continue(())
    }
}

fn main() -> Result<()> {
    let shops: Vec<[u8; 1]> = (0..400).map(|i| [(i % 5) as u8]).collect();
    let prices: Vec<[f32; 1]> = (0..400).map(|i| [(i % 17) as f32 / 17.0]).collect();
    let sales: Vec<f32> =
        shops.iter().zip(&prices).map(|([shop], [price])| f32::from(*shop) / 5.0 - price).collect();

    let (shop, price) = (Input::named("shop", [1]), Input::named("price", [1]));
    let known = Flatten.on(&Embedding::new(5, 4).on(&shop));
    let both = Concatenate::default().on([&known, &price]);
    let sold = Dense::new(1).on(&Dense::new(16).activation("relu").on(&both));
    let mut model = Model::new([&shop, &price], [&sold])?;
    model.compile(Adam::new(0.01), "mse", [Metric::custom(Close)])?;
    let mut best = Best::default();
    let options = Fit::epochs(30).callback(&mut best);
    model.fit((&shops, &prices), &sales, options)?;
    println!("best epoch: {}, close: {:.2}", best.0 + 1, best.1);

    let path = std::env::temp_dir().join("sales.keras");
    model.save(&path)?;
    let loaded = Model::load(&path)?;
    for note in loaded.notes() {
        println!("{} {}", note.code, note.text.get(Lang::En));
    }
    println!("sold: {:.2}", loaded.predict_one(([3u8], [0.2f32]))?[0]);
    Ok(())
}
