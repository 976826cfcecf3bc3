//! Two inputs, two outputs and a shared layer: `cargo run --release --example functional`.
//!
//! Two points through the same tower: how far apart are they, and on which side is the first?
#![allow(clippy::print_stdout)]

use neurona::prelude::ndarray::{Array1, Array2};
use neurona::prelude::*;

fn main() -> Result<()> {
    let points = |shift: usize| {
        Array2::from_shape_fn((400, 2), |(i, j)| {
            ((i * 37 + j * 91 + shift) % 101) as f32 / 50.0 - 1.0
        })
    };
    let (left, right) = (points(0), points(57));
    let far: Array1<f32> = left
        .rows()
        .into_iter()
        .zip(right.rows())
        .map(|(a, b)| (&a - &b).mapv(f32::abs).sum())
        .collect();
    let side: Array1<f32> = left.column(0).mapv(|x| f32::from(x > 0.0));

    let (a, b) = (Input::named("left", [2]), Input::named("right", [2]));
    let tower = Shared::new(Dense::new(16).activation(Tanh).named("tower"));
    let (a_seen, b_seen) = (tower.on(&a), tower.on(&b));
    let both = Dense::new(16).activation(Relu).on(&Concatenate::default().on([&a_seen, &b_seen]));
    let far_seen = Dense::new(1).named("far").on(&both);
    let side_seen = Dense::new(1).activation(Sigmoid).named("side").on(&a_seen);

    let mut model = Model::new([&a, &b], [&far_seen, &side_seen])?;
    println!("{}", model.summary()?);
    let losses = (MeanSquaredError, BinaryCrossentropy::default().weighted(0.2));
    model.compile(Adam::new(0.01), losses, [])?;
    let stop = EarlyStopping::new("val_loss").patience(10).restore_best_weights(true);
    let fit = Fit::epochs(60).validation_split(0.25).callback(stop);
    model.fit((&left, &right), (&far, &side), fit)?;
    println!("{}", model.evaluate((&left, &right), (&far, &side))?);
    Ok(())
}
