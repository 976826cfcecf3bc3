//! A layer and a callback of your own: `cargo run --release --example custom_layer`.
#![allow(clippy::print_stdout)]

use neurona::graph::Expr;
use neurona::prelude::ndarray::Array2;
use neurona::prelude::*;
use std::ops::ControlFlow;

/// How far `x` is from each of several learnt points.
#[derive(Debug)]
struct Distances(usize);

impl Layer for Distances {
    fn call<'g>(&self, scope: &Scope<'g>, x: Expr<'g>) -> Expr<'g> {
        let (batch, features) = (x.shape().dims()[0], x.shape().last());
        let points = scope.weight("points", &[self.0, features], Initializer::GlorotUniform);
        let apart = x.reshape(&[batch, 1, features]) - points;
        (apart * apart).sum_last().reshape(&[batch, self.0]).sqrt()
    }
}

fn main() -> Result<()> {
    // How far is a point from the middle?
    let x = Array2::from_shape_fn((600, 2), |(i, j)| ((i * 37 + j * 91) % 101) as f32 / 50.0 - 1.0);
    let y = x.map_axis(Axis(1), |point| point.dot(&point).sqrt());
    let mut model = Sequential::new([2]).add(Distances(6)).add(Dense::new(1));
    println!("{}", model.summary()?);
    model.compile(Adam::new(0.01), MeanSquaredError, [Metric::MeanAbsoluteError])?;

    // A callback is any closure that looks at events.
    let until_close = |event: &Event<'_>| match event {
        Event::EpochEnd { logs, .. } if logs["mean_absolute_error"] < 0.01 => {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    };
    let fit = Fit::epochs(200).verbose(Verbose::Silent).callback(until_close);
    let history = model.fit(&x, &y, fit)?;
    println!("after {} epochs: {}", history["loss"].len(), model.evaluate(&x, &y)?);
    Ok(())
}
