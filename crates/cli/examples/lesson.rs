//! The guide's code, all of it and nothing else. `neurona guide` shows it piece by piece: what it
//! prints beside its explanations is this file, between one mark `//: name` and the next.

#![expect(clippy::print_stdout, reason = "a student's program prints")]

//: tools
use neurona::message::Lang;
use neurona::prelude::ndarray::{Array3, Ix2};
use neurona::prelude::*;
//: -

/// The whole guide, in the order in which it is told.
pub fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    //: load
    let mnist = datasets::mnist()?;
    let (train, test) = (mnist.train, mnist.test);
    println!("{:?} {:?}", train.images.shape(), train.labels.shape());
    println!("{:?} {:?}", test.images.shape(), test.labels.shape());
    //: type
    let bytes: &Array3<u8> = &train.images;
    let pixels = bytes.iter().copied();
    println!("{:?} {:?}", pixels.clone().min(), pixels.max());
    //: look
    let digit = train.images.index_axis(Axis(0), 8);
    plot::imshow(digit)?.save("digit-8.png")?;
    //: label
    println!("{}", train.labels[8]);
    //: scale
    let scaled = digit.mapv(|byte| f32::from(byte) / 255.0);
    for column in 12..18 {
        println!("{:3} → {:.3}", digit[[5, column]], scaled[[5, column]]);
    }
    //: before
    println!("{} {:?}", scaled.ndim(), scaled.shape());
    //: reshape
    let vector = scaled.flatten();
    println!("{} {:?}", vector.ndim(), vector.shape());
    println!("{} {}", scaled[[5, 13]], vector[5 * 28 + 13]);
    //: labels
    println!("{} {}", train.labels[0], test.labels[0]);
    println!("{:?} {:?}", train.labels.shape(), test.labels.shape());
    //: one-hot
    let y_train = to_categorical(&train.labels, 10)?;
    let y_test = to_categorical(&test.labels, 10)?;
    println!("{}\n{}", y_train.row(0), y_test.row(0));
    println!("{:?} {:?}", y_train.shape(), y_test.shape());
    //: network
    let mut model = Sequential::new([28, 28])
        .seed(3)
        .add(Rescaling::new(1.0 / 255.0)) // step 4
        .add(Flatten) // step 5
        .add(Dense::new(10).activation(Sigmoid))
        .add(Dense::new(10).activation(Softmax));
    println!("{}", model.summary()?);
    //: compile
    model.compile(
        Sgd::default(),                     // w ← w − 0.01 · ∂L/∂w
        CategoricalCrossentropy::default(), // L = −Σ y · ln ŷ
        [Metric::Accuracy],
    )?;
    //: fit
    let history = model.fit(&train.images, &y_train, Fit::epochs(5))?;
    std::fs::write("history.csv", history.to_csv())?;
    //: evaluate
    let scores = model.evaluate(&test.images, &y_test)?;
    println!("{scores}");
    //: predict
    let predictions = model.predict(&test.images)?;
    let predictions = predictions.into_dimensionality::<Ix2>()?;
    for (digit, &p) in predictions.row(11).indexed_iter() {
        println!("{digit}  {p:.4}  {}", "▆".repeat((50.0 * p) as usize));
    }
    println!("{:?}", predictions.row(11).sum());
    println!("{}", argmax(predictions.row(11)));
    //: answers
    let y_true = &test.labels;
    let y_pred = from_categorical(&predictions);
    println!("{y_true}\n{y_pred}");
    //: matrix
    let matrix = ConfusionMatrix::from_labels(y_true, &y_pred, 10)?;
    println!("{}", matrix.table(Lang::En));
    // (true digit, predicted digit, times)
    println!("{:?}", matrix.most_confused(5));
    //: save
    model.set_class_names((0..10).map(|digit| digit.to_string()));
    model.save("model.keras")?;
    //: -
    let (i, j) = (350, 0);
    //: explain
    let x = test.images.select(Axis(0), &[11]);
    let y = y_test.select(Axis(0), &[11]);
    let inside = model.explain(&x, &y)?;
    let neuron = inside.neuron("dense", j)?;
    let (terms, z, a) = (neuron.largest_terms(5), neuron.sum, neuron.output);
    //: -
    println!("{terms:?} {z} {a}");
    //: loss
    println!("{:.4}", inside.loss());
    //: gradient
    println!("{}", inside.gradient("dense/kernel")?[[i, j]]);
    println!("{}", inside.finite_difference("dense/kernel", &[i, j])?);
    //: update
    println!("{}", inside.weight("dense/kernel")?[[i, j]]);
    println!("{}", inside.updated("dense/kernel")?[[i, j]]);
    //: -
    Ok(())
}
