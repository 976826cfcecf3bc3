//! Keras' convolutional network on MNIST: `cargo run --release --example mnist_cnn`. It reads 99 of
//! 100 test digits.
//!
//! `mnist_cnn 2 6000` trains for 2 epochs on the first 6,000 digits.
#![allow(clippy::print_stdout)]

use neurona::prelude::*;

fn main() -> Result<()> {
    let mut numbers = std::env::args().skip(1).map_while(|number| number.parse().ok());
    let epochs = numbers.next().unwrap_or(12);
    let mnist = datasets::mnist()?;
    let count = numbers.next().unwrap_or(mnist.train.labels.len()).min(mnist.train.labels.len());

    // One channel: 28 × 28 × 1
    let images = mnist.train.images.insert_axis(Axis(3));
    let x = images.slice_axis(Axis(0), (..count).into());
    let y = mnist.train.labels.slice_axis(Axis(0), (..count).into());
    let x_test = mnist.test.images.insert_axis(Axis(3));

    let mut model = Sequential::new([28, 28, 1])
        .add(Rescaling::new(1.0 / 255.0))
        .add(Conv2D::new(32, 3).activation(Relu))
        .add(MaxPooling2D::new(2))
        .add(Conv2D::new(64, 3).activation(Relu))
        .add(MaxPooling2D::new(2))
        .add(Flatten)
        .add(Dropout::new(0.5))
        .add(Dense::new(10).activation(Softmax));
    println!("{}", model.summary()?);
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Adam::default(), loss, [Metric::Accuracy])?;

    model.fit(x, y, Fit::epochs(epochs).batch_size(128).validation_split(0.1))?;
    println!("{}", model.evaluate(&x_test, &mnist.test.labels)?);
    let predictions = model.predict(&x_test)?;
    println!("{}", classification_report(&mnist.test.labels, &predictions, &[])?);
    Ok(())
}
