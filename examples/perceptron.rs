//! One neuron with a binary threshold, trained by the perceptron rule (Rosenblatt, 1958) on AND, OR and XOR:
//! `cargo run --release --example perceptron`.
//!
//! The threshold's derivative is zero everywhere, so gradients cannot train it. The rule needs none: where
//! the answer is wrong, each weight moves by `(target - answer) · x`. It ends for any classes that a line
//! can separate, and XOR's cannot be separated.
#![allow(clippy::print_stdout)]

use neurona::prelude::ndarray::{Array2, array};
use neurona::prelude::*;

fn main() -> Result<()> {
    let x = array![[0.0f32, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    for (name, targets) in
        [("AND", [0.0, 0.0, 0.0, 1.0]), ("OR", [0.0, 1.0, 1.0, 1.0]), ("XOR", [0.0, 1.0, 1.0, 0.0])]
    {
        let mut neuron = Sequential::new([2]).add(Dense::new(1).activation(BinaryThreshold));
        let learnt = (1..=100).find_map(|epoch| match pass(&mut neuron, &x, &targets) {
            Ok(0) => Some(Ok(epoch)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        });
        match learnt.transpose()? {
            Some(epoch) => println!("{name:<3} learnt in {epoch} epochs: {}", line(&mut neuron)?),
            None => println!("{name:<3} not learnt in 100 epochs: no line parts its classes"),
        }
    }
    Ok(())
}

/// Shows every sample once and corrects the weights after each mistake; returns how many mistakes
/// there were.
fn pass(neuron: &mut Sequential, x: &Array2<f32>, targets: &[f32]) -> Result<usize> {
    let mut mistakes = 0;
    for (x, target) in x.outer_iter().zip(targets) {
        let answer = neuron.predict(x.insert_axis(Axis(0)))?[[0, 0]];
        let error = target - answer;
        if error != 0.0 {
            let [(_, kernel), (_, bias)] = &neuron.weights()?[..] else {
                unreachable!("one Dense layer")
            };
            let kernel = kernel + &(&x * error).into_shape_with_order([2, 1]).unwrap().into_dyn();
            neuron.set_weights([&kernel, &(bias + error)])?;
            mistakes += 1;
        }
    }
    Ok(mistakes)
}

/// The neuron as the line that divides the plane.
fn line(neuron: &mut Sequential) -> Result<String> {
    let numbers: Vec<f32> = neuron.weights()?.into_iter().flat_map(|(_, w)| w).collect();
    Ok(format!("1 where {:.2}·a + {:.2}·b + {:.2} ≥ 0", numbers[0], numbers[1], numbers[2]))
}
