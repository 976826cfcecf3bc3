//! The whole guide: `cargo run --release --example guide`. Writes two pictures to the current folder.

#![allow(clippy::print_stdout)]
use neurona::prelude::*;

fn main() -> Result<()> {
    // Data and preprocessing (NumPy's role is ndarray's)
    let mnist = datasets::mnist()?; // embedded: no download; u8 images, u8 labels
    plot::imshow(mnist.train.images.index_axis(Axis(0), 8))?.save("digit-8.png")?;
    let flat = |images: &ndarray::Array3<u8>| {
        let rows = images.shape()[0];
        images.mapv(|byte| f32::from(byte) / 255.0).into_shape_with_order((rows, 784)).unwrap()
    };
    let (x_train, x_test) = (flat(&mnist.train.images), flat(&mnist.test.images));
    let y_train = to_categorical(&mnist.train.labels, 10)?;
    let y_test = to_categorical(&mnist.test.labels, 10)?;

    // The network
    let mut model = Sequential::new([784])
        .add(Dense::new(10).activation(Sigmoid))
        .add(Dense::new(10).activation(Softmax));
    println!("{}", model.summary()?); // 7,850 + 110 = 7,960 parameters
    model.compile(Sgd::default(), CategoricalCrossentropy::default(), [Metric::Accuracy])?;

    // Training and testing
    let history = model.fit(&x_train, &y_train, Fit::epochs(5))?; // a bar on a terminal, lines in a log
    println!("{}", model.evaluate(&x_test, &y_test)?);
    let predictions = model.predict(&x_test)?;
    println!("{}", ConfusionMatrix::from_probabilities(&mnist.test.labels, &predictions)?);
    plot::history(&history)?.save("history.svg")
}
