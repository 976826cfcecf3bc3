//! A network that sees each digit slightly moved, turned and enlarged, in a new way each epoch,
//! learns more from few of them: `cargo run --release --example augmentation`.
//!
//! `augmentation 2` trains for 2 epochs.
#![allow(clippy::print_stdout)]

use neurona::prelude::*;

fn main() -> Result<()> {
    let epochs = std::env::args().nth(1).and_then(|epochs| epochs.parse().ok()).unwrap_or(60);
    let mnist = datasets::mnist()?;
    let images = mnist.train.images.insert_axis(Axis(3));
    let x = images.slice_axis(Axis(0), (..1000).into());
    let y = mnist.train.labels.slice_axis(Axis(0), (..1000).into());
    let x_test = mnist.test.images.insert_axis(Axis(3));

    for augmented in [false, true] {
        let mut model = Sequential::new([28, 28, 1]).add(Rescaling::new(1.0 / 255.0));
        if augmented {
            // These do something in training only
            model = model
                .add(RandomTranslation::new(0.1, 0.1).fill_value(0.0))
                .add(RandomRotation::new(0.04).fill_value(0.0))
                .add(RandomZoom::new(0.1).fill_value(0.0));
        }
        model = model
            .add(Conv2D::new(16, 3).activation(Relu))
            .add(MaxPooling2D::new(2))
            .add(Conv2D::new(32, 3).activation(Relu))
            .add(MaxPooling2D::new(2))
            .add(Flatten)
            .add(Dense::new(10).activation(Softmax));
        let loss = SparseCategoricalCrossentropy::default();
        model.compile(Adam::default(), loss, [Metric::Accuracy])?;
        model.fit(x, y, Fit::epochs(epochs).verbose(Verbose::Silent))?;
        let scores = model.evaluate(&x_test, &mnist.test.labels)?;
        println!("{} {scores}", if augmented { "augmented: " } else { "as they are:" });
    }
    Ok(())
}
