//! The guide's code, all of it and nothing else. `neurona guide` shows it piece by piece: what it
//! prints beside its explanations is this file, between one mark `//: name` and the next.
//! In Spanish it shows `lesson_es.rs`, and a test runs both.

#![allow(clippy::print_stdout, clippy::too_many_lines, reason = "a student's program")]

//: tools
use neurona::message::Lang;
use neurona::prelude::ndarray::{Ix2, Slice};
use neurona::prelude::*;
//: -

/// The whole guide, in the order in which it is told.
pub fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    //: load
    let mnist = datasets::mnist()?;
    let (train, test) = (mnist.train, mnist.test);
    println!("{:?} {:?}", train.images.shape(), train.labels.shape());
    println!("{:?} {:?}", test.images.shape(), test.labels.shape());
    //: look
    let image = train.images.index_axis(Axis(0), 8);
    plot::imshow(image)?.save("image-8.png")?;
    //: label
    println!("{}", train.labels[8]);
    //: dtype
    println!("{}", std::any::type_name_of_val(&train.images[[8, 5, 13]]));
    let least = train.images.fold(255, |least, &byte| byte.min(least));
    let greatest = train.images.fold(0, |greatest, &byte| byte.max(greatest));
    println!("{least} {greatest}");
    //: scale
    let scaled = image.mapv(|byte| f32::from(byte) / 255.0);
    for column in 12..18 {
        println!("{:3} → {:.3}", image[[5, column]], scaled[[5, column]]);
    }
    //: before
    println!("{} {:?}", train.images.ndim(), train.images.shape());
    //: reshape
    let x_train = train.images.to_shape((60_000, 784))?;
    let x_test = test.images.to_shape((10_000, 784))?;
    println!("{} {:?}", x_train.ndim(), x_train.shape());
    println!("{} {:?}", x_test.ndim(), x_test.shape());
    println!("{} {}", train.images[[8, 5, 13]], x_train[[8, 5 * 28 + 13]]);
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
        .add(Dense::new(10).activation(Sigmoid)) // hidden layer
        .add(Dense::new(10).activation(Softmax)); // output layer
    println!("{}", model.summary()?);
    //: functional
    let input = Input::new([28, 28]);
    let flat = Flatten.on(&Rescaling::new(1.0 / 255.0).on(&input));
    let hidden = Dense::new(10).activation(Sigmoid).on(&flat);
    let output = Dense::new(10).activation(Softmax).on(&hidden);
    let mut other = Model::new([&input], [&output])?;
    other.set_seed(3);
    println!("{}", other.summary()?.total_parameters());
    println!("{}", other.weights()? == model.weights()?);
    //: compile
    model.compile(
        Sgd::default(),                     // w ← w − 0.01 · ∂L/∂w
        CategoricalCrossentropy::default(), // L = −Σ t · ln p
        [Metric::Accuracy],
    )?;
    //: rates
    let images = train.images.slice_axis(Axis(0), Slice::from(..500));
    let labels = y_train.slice_axis(Axis(0), Slice::from(..500));
    for rate in [0.01, 1.0, 30.0] {
        let mut tried = model.clone_model();
        tried.compile(Sgd::new(rate), CategoricalCrossentropy::default(), [])?;
        let fit = Fit::epochs(60).batch_size(500).verbose(Verbose::Silent);
        let course = tried.fit(images, labels, fit)?;
        let losses = &course["loss"];
        println!("{rate:4} {:.4} → {:.4}", losses[0], losses[59]);
    }
    //: fit
    let history = model.fit(&train.images, &y_train, Fit::epochs(5))?;
    std::fs::write("history.csv", history.to_csv_from(1))?;
    //: overfit
    let images = train.images.slice_axis(Axis(0), Slice::from(..1000));
    let labels = y_train.slice_axis(Axis(0), Slice::from(..1000));
    let mut large = Sequential::new([28, 28])
        .seed(3)
        .add(Rescaling::new(1.0 / 255.0))
        .add(Flatten)
        .add(Dense::new(100).activation(Relu))
        .add(Dense::new(10).activation(Softmax));
    large.compile(Adam::default(), CategoricalCrossentropy::default(), [])?;
    let fit = Fit::epochs(50).validation_split(0.5).verbose(Verbose::Silent);
    let course = large.fit(images, labels, fit)?;
    let (loss, validation) = (&course["loss"], &course["val_loss"]);
    for i in [0, 9, 49] {
        println!("{:2} {:.4} {:.4}", i + 1, loss[i], validation[i]);
    }
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
    //: explain
    let (i, j, k) = (378, 6, 6); // a pixel, a hidden neuron, a digit
    let x = test.images.select(Axis(0), &[11]);
    let y = y_test.select(Axis(0), &[11]);
    let inside = model.explain(&x, &y)?;
    let hidden = inside.neuron("dense", j)?;
    for term in hidden.largest_terms(5) {
        let (i, row, column) = (term.input, term.input / 28, term.input % 28);
        let (x, w, xw) = (term.x, term.w, term.product());
        println!("{i:3}  ({row:2}, {column:2})  {x:.4} · {w:7.4} = {xw:7.4}");
    }
    println!("net = {:.4}\ny = {:.4}", hidden.sum, hidden.output);
    //: output
    let output = inside.neuron("dense_1", k)?;
    for term in &output.terms {
        let (j, y, w, product) = (term.input, term.x, term.w, term.product());
        println!("{j}  {y:.4} · {w:7.4} = {product:7.4}");
    }
    println!("b = {:.4}\ns = {:.4}", output.bias, output.sum);
    //: softmax
    for k in 0..10 {
        let output = inside.neuron("dense_1", k)?;
        let (s, p) = (output.sum, output.output);
        println!("{k}  {s:7.4}  {:8.4}  {p:.4}", s.exp());
    }
    //: loss
    println!("{:.4}", inside.loss());
    //: gradient
    println!("{}", inside.gradient("dense/kernel")?[[i, j]]);
    println!("{}", inside.finite_difference("dense/kernel", &[i, j])?);
    //: update
    println!("{}", inside.weight("dense/kernel")?[[i, j]]);
    println!("{}", inside.updated("dense/kernel")?[[i, j]]);
    //: save
    model.set_class_names((0..10).map(|digit| digit.to_string()));
    model.save("model.keras")?;
    //: -
    Ok(())
}
