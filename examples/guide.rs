//! The whole guide: `cargo run --release --example guide`. Writes two pictures to the current folder.

#![allow(clippy::print_stdout)]
use neurona::prelude::*;

fn main() -> Result<()> {
    // The data, embedded: no download; u8 images, u8 labels
    let mnist = datasets::mnist()?;
    plot::imshow(mnist.train.images.index_axis(Axis(0), 8))?.save("image-8.png")?;
    let y_train = to_categorical(&mnist.train.labels, 10)?;
    let y_test = to_categorical(&mnist.test.labels, 10)?;

    // The network takes the images as they are: its first two layers are the preprocessing
    let mut model = Sequential::new([28, 28])
        .add(Rescaling::new(1.0 / 255.0))
        .add(Flatten)
        .add(Dense::new(10).activation(Sigmoid))
        .add(Dense::new(10).activation(Softmax));
    println!("{}", model.summary()?); // 7,850 + 110 = 7,960 parameters
    model.compile(Sgd::default(), CategoricalCrossentropy::default(), [Metric::Accuracy])?;

    // Training and testing
    let history = model.fit(&mnist.train.images, &y_train, Fit::epochs(5))?; // a bar on a terminal, lines in a log
    println!("{}", model.evaluate(&mnist.test.images, &y_test)?);
    let predictions = model.predict(&mnist.test.images)?;
    println!("{}", ConfusionMatrix::from_probabilities(&mnist.test.labels, &predictions)?);
    plot::history(&history)?.save("history.svg")
}
