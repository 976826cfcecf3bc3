//! A loss and a metric of your own: `cargo run --release --example custom_loss`.
#![allow(clippy::print_stdout)]

use neurona::graph::Expr;
use neurona::nn::{TargetKind, WeightedLoss};
use neurona::prelude::ndarray::Array1;
use neurona::prelude::*;

/// `½ log(1 + error²)`: large errors hardly count (a Cauchy distribution's loss).
#[derive(Debug)]
struct Cauchy;

impl Loss for Cauchy {
    fn name(&self) -> &'static str {
        "cauchy"
    }
    fn target_kind(&self) -> TargetKind {
        TargetKind::Numbers
    }
    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        let error = prediction - target;
        (1.0 + error * error).log().mean_last() * 0.5
    }
}

/// The share of predictions that are off by no more than a tenth.
#[derive(Debug)]
struct Close;

impl CustomMetric for Close {
    fn name(&self) -> &'static str {
        "close"
    }
    fn parts<'g>(&self, y: Expr<'g>, found: Expr<'g>, _weights: Option<Expr<'g>>) -> Expr<'g> {
        let error = (found - y).abs();
        let one = error.fill_like(1.0);
        error.less(one * 0.1).select(one, one * 0.0).mean_last().sum_all()
    }
    fn result(&self, sums: &[f64], samples: f64) -> f64 {
        sums[0] / samples
    }
}

fn main() -> Result<()> {
    // A straight line, but every fifth point lies far from it.
    let x = Array1::from_shape_fn(500, |i| (i * 37 % 101) as f32 / 50.0 - 1.0).insert_axis(Axis(1));
    let far = |i: usize| if i.is_multiple_of(5) { 10.0 } else { 0.0 };
    let y: Array1<f32> = x.iter().enumerate().map(|(i, x)| 2.0 * x + 1.0 + far(i)).collect();
    let losses: [(&str, WeightedLoss); 2] =
        [("squares", MeanSquaredError.into()), ("Cauchy", Cauchy.into())];
    for (name, loss) in losses {
        let mut model = Sequential::new([1]).add(Dense::new(1));
        model.compile(Adam::new(0.05), loss, [Metric::custom(Close)])?;
        model.fit(&x, &y, Fit::epochs(100).verbose(Verbose::Silent))?;
        println!("{name}: {}", model.evaluate(&x, &y)?);
    }
    Ok(())
}
