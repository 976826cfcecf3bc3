//! No samples, one sample, a last batch of one; and numbers that a table does not have.

use ndarray::{Array1, Array2, Array4, ArrayD, Axis, Slice, array};
use neurona::message::Lang;
use neurona::prelude::*;

fn pictures(count: usize) -> Array4<f32> {
    Array4::from_shape_fn((count, 6, 5, 2), |(n, i, j, c)| {
        ((n * 31 + i * 7 + j * 3 + c) % 17) as f32
    })
}

/// Convolutions, batch normalization and pools of every kind.
fn pictures_model() -> Sequential {
    let mut model = Sequential::new([6, 5, 2])
        .add(Conv2D::new(4, 3).padding(Padding::Same).activation(Relu))
        .add(BatchNormalization::new())
        .add(MaxPooling2D::new(2))
        .add(DepthwiseConv2D::new(2).padding(Padding::Same))
        .add(AveragePooling2D::new(2).padding(Padding::Same))
        .add(Dropout::new(0.2))
        .add(GlobalAveragePooling2D::new())
        .add(Dense::new(3).activation(Softmax));
    model
        .compile(Adam::new(0.01), SparseCategoricalCrossentropy::default(), [Metric::Accuracy])
        .unwrap();
    model
}

fn quiet() -> Fit<'static> {
    Fit::epochs(2).verbose(Verbose::Silent)
}

fn all_finite(model: &mut Model) -> bool {
    model.weights().unwrap().iter().all(|(_, weight)| weight.iter().all(|w| w.is_finite()))
}

#[test]
fn no_rows_give_no_rows() {
    assert_eq!(pictures_model().predict(pictures(0)).unwrap().shape(), [0, 3]);
    let words = Sequential::new([4]).add(Embedding::new(9, 3)).add(Flatten).add(Dense::new(2));
    assert_eq!(words.predict(Array2::<i32>::zeros((0, 4))).unwrap().shape(), [0, 2]);
    assert_eq!(
        words.outputs_of("embedding", Array2::<u8>::zeros((0, 4))).unwrap().shape(),
        [0, 4, 3]
    );
    // Without samples there is nothing to learn and no score.
    let (x, y) = (pictures(0), Array1::<u8>::zeros(0));
    let mut model = pictures_model();
    for error in [model.fit(&x, &y, quiet()).unwrap_err(), model.evaluate(&x, &y).unwrap_err()] {
        assert!(error.to_string().contains("no rows"), "{error}");
    }
}

#[test]
fn one_sample_is_learnt_and_scored() {
    let (x, y) = (pictures(1), array![2u8]);
    let mut model = pictures_model();
    let history = model.fit(&x, &y, quiet()).unwrap();
    assert!(history["loss"].iter().all(|loss| loss.is_finite()));
    assert!(all_finite(&mut model));
    assert!(model.evaluate(&x, &y).unwrap().loss.is_finite());
    assert_eq!(model.predict(&x).unwrap().shape(), [1, 3]);
}

#[test]
fn a_last_batch_of_one_sample_is_a_batch() {
    let (x, y) = (pictures(9), Array1::from_shape_fn(9, |i| (i % 3) as u8));
    let mut model = pictures_model();
    let history = model
        .fit(&x, &y, quiet().batch_size(4).validation_data(pictures(1), &array![0u8]))
        .unwrap();
    assert!(history["val_loss"].iter().all(|loss| loss.is_finite()));
    assert!(all_finite(&mut model));
    // A sample's result does not depend on its batch: 33 rows are a batch of 32 and one of one.
    let many = pictures(33);
    let whole = model.predict(&many).unwrap();
    let last = model.predict(many.slice_axis(Axis(0), Slice::from(32..)).to_owned()).unwrap();
    assert_eq!(whole.slice_axis(Axis(0), Slice::from(32..)), last);
}

/// Words, for which a table has ten rows, to one number.
fn words_model() -> Sequential {
    let words = Embedding::new(10, 3).named("words");
    let mut model = Sequential::new([2, 2]).add(Flatten).add(words).add(Flatten).add(Dense::new(1));
    model.compile(Sgd::new(0.1), MeanSquaredError, []).unwrap();
    model
}

#[test]
fn numbers_that_a_table_has_not_are_refused_before_the_first_step() {
    let good = ndarray::Array3::from_shape_fn((5, 2, 2), |(i, j, k)| (i + 2 * j + k) as i32);
    let y = Array1::<f32>::zeros(5);
    let mut model = words_model();
    model.fit(&good, &y, quiet()).unwrap();
    let before = model.weights().unwrap();
    let with = |value: i32| {
        let mut x = good.clone();
        x[[3, 1, 0]] = value;
        x[[4, 0, 1]] = value;
        x
    };
    let english = "E022 words: the table has 10 rows, for the numbers 0 to 9, but x has 12 at row 3 (2 numbers \
        are outside). Fix: give the layer an input_dim of at least 13";
    let spanish = "la tabla tiene 10 filas, para los números 0 a 9, pero x tiene 12 en la fila 3";
    let high = with(12);
    for error in [
        model.fit(&high, &y, quiet()).unwrap_err(),
        model.evaluate(&high, &y).unwrap_err(),
        model.predict(&high).unwrap_err(),
        model.train_on_batch(&high, &y).unwrap_err(),
        model.outputs_of("words", high.mapv(f64::from)).unwrap_err(),
        words_model().fit(&high, &y, quiet()).unwrap_err(),
    ] {
        assert!(error.to_string().contains(english), "{error}");
        assert!(error.in_lang(Lang::Es).contains(spanish), "{}", error.in_lang(Lang::Es));
    }
    let error = model.fit(&good, &y, quiet().validation_data(&high, &y)).unwrap_err();
    assert!(error.to_string().contains("E022 validation_data, words: the table has"), "{error}");
    let error = model.predict(with(-1)).unwrap_err();
    assert!(error.to_string().contains("x has -1 at row 3"), "{error}");
    assert!(error.to_string().contains("Fix: number the items from 0 to 9"), "{error}");
    assert_eq!(model.weights().unwrap(), before);
}

#[test]
fn tables_inside_other_models_are_known_and_computed_numbers_cannot_be_checked() {
    let (left, right) = (Input::named("left", [2]), Input::named("right", [2]));
    let inner = words_model().as_layer().unwrap().named("inner");
    let sides = Reshape::new([2, 2]).on(&Concatenate::default().on([&left, &left]));
    let other = Flatten.on(&Embedding::new(4, 2).named("other").on(&right));
    let y = Dense::new(1).on(&Concatenate::default().on([&inner.on(&sides), &other]));
    let model = Model::new([&left, &right], [&y]).unwrap();
    let small = array![[0.0f32, 3.0]];
    let error = model.predict((&small, &array![[1.0f32, 4.0]])).unwrap_err();
    assert!(error.to_string().contains("E022 other: the table has 4 rows"), "{error}");
    // What is concatenated first is no longer an input: 11 has no row, and stands for zeros.
    let found: ArrayD<f32> = model.predict((&array![[11.0f32, 3.0]], &small)).unwrap();
    assert!(found.iter().all(|y| y.is_finite()));
    let outer = Sequential::new([2, 2]).add(words_model().as_layer().unwrap());
    let error = outer.predict(ndarray::Array3::<u8>::from_elem((1, 2, 2), 10)).unwrap_err();
    assert!(error.to_string().contains("/words: the table has 10 rows"), "{error}");
}
