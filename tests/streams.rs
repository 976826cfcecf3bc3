//! Training on data that come batch by batch: the same bits as on arrays, whatever is read ahead.

use ndarray::{Array1, Array2, ArrayD, Axis, array};
use neurona::Code;
use neurona::data::dataset::{self, Batch, Dataset, Pass};
use neurona::prelude::*;
use neurona::tensor::{Tensor, ToTensor};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn samples() -> (Array2<f32>, Array1<u8>) {
    let x = Array2::from_shape_fn((103, 4), |(i, j)| ((i * 37 + j * 91) % 101) as f32 / 50.0 - 1.0);
    let y = x.map_axis(Axis(1), |row| u8::from(row.sum() > 0.0) + u8::from(row[0] > 0.5));
    (x, y)
}

fn model() -> Sequential {
    let mut model = Sequential::new([4])
        .add(Dense::new(8).activation(Tanh))
        .add(Dropout::new(0.2))
        .add(BatchNormalization::default())
        .add(Dense::new(3).activation(Softmax));
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Adam::new(0.01), loss, [Metric::Accuracy]).unwrap();
    model
}

fn quiet<'a>(epochs: usize) -> Fit<'a> {
    Fit::epochs(epochs).verbose(Verbose::Silent)
}

/// Rows of the samples by number.
fn rows() -> impl Fn(usize) -> Result<(Array1<f32>, u8)> + Send + Sync + Clone {
    let (x, y) = samples();
    let (x, y) = (Arc::new(x), Arc::new(y));
    move |i| Ok((x.row(i).to_owned(), y[i]))
}

fn weights(model: &mut Model) -> Vec<ArrayD<f32>> {
    model.weights().unwrap().into_iter().map(|(_, values)| values).collect()
}

#[test]
fn batches_train_to_the_bits_of_arrays() {
    let (x, y) = samples();
    let mut on_arrays = model();
    let fit = quiet(3).shuffle(false).batch_size(16).validation_data(&x, &y);
    let history = on_arrays.fit(&x, &y, fit).unwrap();
    let scores = on_arrays.evaluate(&x, &y).unwrap();
    for depth in [0, 1, 2, 100] {
        let data = dataset::range(103).map(rows()).batch(16).prefetch(depth);
        assert_eq!(data.cardinality(), Some(7));
        let mut on_batches = model();
        let found = on_batches.fit_dataset(&data, quiet(3).validation_data(&x, &y)).unwrap();
        assert_eq!(found["loss"], history["loss"]);
        assert_eq!(found["accuracy"], history["accuracy"]);
        assert_eq!(weights(&mut on_batches), weights(&mut on_arrays));
        let of_batches = on_batches.evaluate_dataset(&data).unwrap();
        assert!((of_batches.loss - scores.loss).abs() < 1e-6);
        assert_eq!(of_batches["accuracy"], scores["accuracy"]);
    }
}

#[test]
fn shuffling_is_the_same_however_much_is_read_ahead_and_another_each_epoch() {
    let numbers = |epoch: u64, buffer: usize, ahead: usize| -> Vec<usize> {
        let data = dataset::range(50).shuffle(buffer, 7).prefetch(ahead);
        data.pass(epoch).collect::<Result<_>>().unwrap()
    };
    let first = numbers(0, 50, 1);
    let mut sorted = first.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..50).collect::<Vec<_>>());
    assert_eq!(numbers(0, 50, 9), first);
    assert_ne!(numbers(1, 50, 1), first);
    assert_eq!(numbers(3, 1, 1), (0..50).collect::<Vec<_>>());
    // From a buffer of five, nothing comes earlier than four places before its own.
    assert!(numbers(0, 5, 1).iter().enumerate().all(|(place, &number)| number < place + 5));

    let train = |ahead| {
        let data = dataset::range(103).shuffle(103, 1).map(rows()).batch(20).prefetch(ahead);
        let mut model = model();
        model.fit_dataset(&data, quiet(3)).unwrap();
        weights(&mut model)
    };
    assert_eq!(train(1), train(8));
}

#[test]
fn each_place_of_a_shuffle_is_as_likely() {
    let mut counts = [[0_u32; 4]; 4];
    for epoch in 0..4000 {
        for (place, number) in dataset::range(4).shuffle(4, 3).pass(epoch).enumerate() {
            counts[place][number.unwrap()] += 1;
        }
    }
    assert!(counts.iter().flatten().all(|n| (880..1120).contains(n)), "{counts:?}");
}

#[test]
fn several_inputs_and_data_without_a_known_length() {
    let (a, b) = (Input::named("a", [1]), Input::named("b", [2]));
    let y = Dense::new(1).on(&Concatenate::default().on([&a, &b]));
    let mut model = Model::new([&a, &b], [&y]).unwrap();
    model.compile(Sgd::new(0.01), MeanSquaredError, []).unwrap();
    let sample = |i: usize| {
        let i = i as f32 / 10.0;
        Ok(((array![i], array![i, 1.0]), i + 1.0))
    };
    let data = dataset::from_passes(move |_| (0..25).map(sample)).batch(10);
    assert_eq!(data.cardinality(), None);
    let mut steps = Vec::new();
    let watch = |event: &Event<'_>| {
        match event {
            Event::TrainBegin { steps: known, .. } => steps.push(*known),
            Event::BatchEnd { done, .. } => steps.push(*done),
            _ => {}
        }
        std::ops::ControlFlow::Continue(())
    };
    let history = model.fit_dataset(&data, quiet(2).callback(watch)).unwrap();
    assert_eq!(steps, [0, 1, 2, 3, 1, 2, 3]);
    assert!(history["loss"][1] < history["loss"][0]);
}

#[test]
fn a_reader_that_is_not_listened_to_ends() {
    let read = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&read);
    let data = dataset::range(1_000_000)
        .map(move |i| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(i)
        })
        .prefetch(4);
    assert_eq!(data.pass(0).take(3).count(), 3);
    // The pass is dropped, and with it its reader.
    let after = read.load(Ordering::Relaxed);
    assert!(after <= 3 + 4 + 1, "{after}");
}

#[test]
#[should_panic(expected = "sample 5 has no picture")]
fn a_panic_while_reading_ahead_is_not_lost() {
    let read = |i: usize| {
        assert!(i != 5, "sample {i} has no picture");
        Ok(i)
    };
    dataset::range(10).map(read).prefetch(2).pass(0).for_each(drop);
}

/// Batches as they are.
struct Given(Vec<Batch>);

impl Dataset for Given {
    type Item = Batch;

    fn pass(&self, _epoch: u64) -> Pass<'_, Batch> {
        Box::new(self.0.iter().cloned().map(Ok))
    }
}

fn batch(x: &Array2<f32>, y: &[u8]) -> Batch {
    let shape = x.to_tensor().unwrap().shape();
    let values: Vec<f32> = x.iter().copied().collect();
    let y = Array1::from_vec(y.to_vec());
    let labels = (&y).to_tensor().unwrap();
    Batch {
        x: vec![Tensor::new(shape, values).unwrap()],
        y: vec![Tensor::new(labels.shape(), y.to_vec()).unwrap()],
    }
}

#[test]
fn what_is_wrong_with_a_batch_is_told_with_its_number_and_the_last_good_weights_stay() {
    let (x, _) = samples();
    let part = |from: usize| x.slice_axis(Axis(0), (from..from + 4).into()).to_owned();
    let good = || batch(&part(0), &[0, 1, 2, 0]);
    let mut infinite = part(8);
    infinite[[2, 1]] = f32::INFINITY;
    for (bad, code, words) in [
        (batch(&Array2::zeros((4, 3)), &[0; 4]), Code::E012, "batch 2: this batch is float32"),
        (batch(&part(4), &[0, 1, 7, 0]), Code::E022, "batch 2"),
        (batch(&part(4), &[0, 1]), Code::E024, "batch 2"),
        (batch(&infinite, &[0; 4]), Code::E023, "batch 2"),
    ] {
        let mut model = model();
        let error = model.fit_dataset(&Given(vec![good(), bad]), quiet(5)).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        let mut after_one = self::model();
        after_one.fit_dataset(&Given(vec![good()]), quiet(1)).unwrap();
        assert_eq!(weights(&mut model), weights(&mut after_one));
    }
    let mut model = model();
    let none = model.fit_dataset(&Given(Vec::new()), quiet(1)).unwrap_err();
    assert_eq!(none.code(), Code::E025);
    let split = quiet(1).validation_split(0.5);
    let error = model.fit_dataset(&Given(vec![good()]), split).unwrap_err();
    assert!(error.to_string().contains("validation_split"), "{error}");
}
