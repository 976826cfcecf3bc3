//! Models with several inputs and outputs, shared and nested layers, sample weights, callbacks.

use ndarray::{Array1, Array2, array};
use neurona::prelude::*;
use neurona::train::callbacks::{EarlyStopping, LearningRateScheduler, ReduceLrOnPlateau};

fn numbers(rows: usize, columns: usize, shift: usize) -> Array2<f32> {
    Array2::from_shape_fn((rows, columns), |(i, j)| ((i * 7 + j * 5 + shift) % 13) as f32 / 13.0)
}

/// Two inputs through one shared layer, joined by a product, and two outputs.
fn siamese() -> Model {
    let (left, right) = (Input::named("left", [4]), Input::named("right", [4]));
    let tower = Shared::new(Dense::new(3).activation(Tanh).named("tower"));
    let (a, b) = (tower.on(&left), tower.on(&right));
    let both = Both.on([&a, &b]);
    let far = Dense::new(1).named("far").on(&both);
    let kind = Dense::new(2).activation(Softmax).named("kind").on(&a);
    Model::new([&left, &right], [&far, &kind]).unwrap()
}

/// A user's layer with two inputs.
#[derive(Debug)]
struct Both;

impl Layer for Both {
    fn call<'g>(&self, _: &Scope<'g>, x: neurona::graph::Expr<'g>) -> neurona::graph::Expr<'g> {
        x
    }

    fn call_all<'g>(
        &self,
        _: &Scope<'g>,
        inputs: &[neurona::graph::Expr<'g>],
    ) -> Vec<neurona::graph::Expr<'g>> {
        vec![inputs[0] * inputs[1]]
    }
}

#[test]
fn two_inputs_and_two_outputs_train_together() {
    let mut model = siamese();
    let summary = model.summary().unwrap().to_string();
    // The shared layer is there once: 4 · 3 + 3 numbers.
    assert_eq!(model.summary().unwrap().total_parameters(), 15 + 4 + 8, "{summary}");
    let losses = (MeanSquaredError, SparseCategoricalCrossentropy::default().weighted(0.5));
    model.compile(Adam::new(0.05), losses, [Metric::MeanAbsoluteError]).unwrap();
    let (left, right) = (numbers(60, 4, 0), numbers(60, 4, 3));
    let far: Array1<f32> = (0..60).map(|i| left.row(i).dot(&right.row(i))).collect();
    let kind: Array1<u8> = (0..60).map(|i| u8::from(left[[i, 0]] > 0.5)).collect();
    let options = || Fit::epochs(40).verbose(Verbose::Silent);
    let history = model.fit((&left, &right), (&far, &kind), options()).unwrap();
    let names =
        ["far_loss", "far_mean_absolute_error", "kind_loss", "kind_mean_absolute_error", "loss"];
    let header = format!("epoch,{}", names.join(","));
    assert_eq!(history.to_csv().lines().next(), Some(&*header));
    for epoch in [0, 39] {
        let [far, kind, whole] = ["far_loss", "kind_loss", "loss"].map(|name| history[name][epoch]);
        assert!((far + 0.5 * kind - whole).abs() < 1e-6, "{far} + {kind} / 2 is not {whole}");
    }
    assert!(history["loss"][39] < 0.5 * history["loss"][0]);
    let scores = model.evaluate((&left, &right), (&far, &kind)).unwrap();
    assert!(scores.loss < history["loss"][0]);
    let outputs = model.predict_all((&left, &right)).unwrap();
    assert_eq!((outputs[0].shape(), outputs[1].shape()), (&[60, 1][..], &[60, 2][..]));
    assert_eq!(model.outputs_of("tower", (&left, &right)).unwrap().shape(), [60, 3]);

    // Mistakes are reported, and change nothing.
    let before = model.weights().unwrap();
    for (error, needle) in [
        (model.predict((&left, &right)).unwrap_err(), "2 outputs (far, kind)"),
        (model.predict_all(&left).unwrap_err(), "takes 2 inputs (left, right), but 1"),
        (
            model.fit((&left, &right), &far, options()).unwrap_err(),
            "1 targets were given for 2 outputs",
        ),
        (model.predict_all((&left, &numbers(59, 4, 0))).unwrap_err(), "60 and 59 rows"),
        (
            model.predict_all((&left, &numbers(60, 5, 0))).unwrap_err(),
            "shape [4], but the samples in x have shape [5]",
        ),
        (model.outputs_of("nowhere", (&left, &right)).unwrap_err(), "tower"),
        (
            model.compile(Adam::default(), MeanSquaredError, []).unwrap_err(),
            "1 losses for 2 outputs",
        ),
    ] {
        assert!(error.to_string().contains(needle), "{error}");
    }
    assert_eq!(model.weights().unwrap(), before);
}

#[test]
#[expect(clippy::needless_borrows_for_generic_args, reason = "that this compiles is the point")]
fn inputs_are_named_and_joined_in_every_natural_spelling() {
    let named = [
        Input::named("shop", [2]),
        Input::new([2]).named("shop"),
        Input::new([2]).named("other").named("shop"),
        Input::named("other", vec![2]).named("shop"),
    ];
    for shop in named {
        let price = Input::new([1]);
        let both = || Concatenate::default();
        let pair = [shop.clone(), price.clone()];
        let joined = [
            both().on([&shop, &price]),
            both().on(&[&shop, &price]),
            both().on(&[&shop, &price][..]),
            both().on(vec![&shop, &price]),
            both().on(&pair),
            both().on(&pair[..]),
            both().on(&pair.to_vec()),
            Shared::new(both()).on(&[&shop, &price]),
        ];
        for joined in joined {
            let model = Model::new([&shop, &price], [&Dense::new(1).on(&joined)]).unwrap();
            let names: Vec<&str> = model.network().input_names().collect();
            assert_eq!(names, ["shop", "input_layer_1"]);
            assert_eq!(model.weights().unwrap()[0].1.shape(), [3, 1]);
        }
    }
}

#[test]
fn graphs_of_layers_that_make_no_model_are_refused() {
    let (x, other) = (Input::new([3]), Input::named("other", [3]));
    let hidden = Dense::new(2).on(&x);
    let y = Both.on([&hidden, &Dense::new(2).on(&other)]);
    for (model, needle) in [
        (Model::new([&x], [&y]), "\"other\", which is not among the inputs"),
        (Model::new([&x, &other], [&hidden]), "no output depends on input \"other\""),
        (
            Model::new([&hidden, &other], [&y]),
            "input 0 of the model is a layer's output, not an Input",
        ),
        (Model::new([&x], []), "no outputs"),
        (
            Model::new([&x], [&hidden.clone().named("answer")]),
            "\"answer\" was given to the output of a layer",
        ),
        (
            Model::new([&x], [&Dense::new(1).on(&hidden.clone().named("inner"))]),
            "Dense::new(8).named(\"inner\").on(&x)",
        ),
    ] {
        let error = model.unwrap_err();
        assert!(error.to_string().contains(needle), "{error}");
    }
    // One tower for samples of two shapes.
    let tower = Shared::new(Dense::new(2));
    let wide = Input::new([5]);
    let y = Both.on([&tower.on(&x), &tower.on(&wide)]);
    let error = Model::new([&x, &wide], [&y]).unwrap().summary().unwrap_err();
    assert!(error.to_string().contains("shape [3, 2] and would need [5, 2]"), "{error}");
}

#[test]
fn a_trained_model_is_a_layer_that_can_be_frozen() {
    let (x, y) = (numbers(40, 4, 0), numbers(40, 1, 5));
    let mut base = Sequential::new([4]).add(Dense::new(3).activation(Tanh)).add(Dense::new(2));
    base.compile(Sgd::new(0.1), MeanSquaredError, []).unwrap();
    base.fit(&x, numbers(40, 2, 1), Fit::epochs(3).verbose(Verbose::Silent)).unwrap();
    let inside = base.as_layer().unwrap().named("base");
    let mut model = Sequential::new([4]).add(inside).add(Dense::new(1));
    assert_eq!(model.outputs_of("base", &x).unwrap(), base.predict(&x).unwrap());
    model.freeze("base").unwrap();
    assert_eq!(model.summary().unwrap().trainable_parameters(), 3);
    model.compile(Adam::new(0.01), MeanSquaredError, []).unwrap();
    let before = model.weights().unwrap();
    model.fit(&x, &y, Fit::epochs(2).verbose(Verbose::Silent)).unwrap();
    let after = model.weights().unwrap();
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        assert_eq!(name.starts_with("base/"), before == after, "{name}");
    }
    // Its own weights are where they were, and a clone starts from others.
    assert_eq!(model.outputs_of("base", &x).unwrap(), base.predict(&x).unwrap());
    let mut clone = model.clone_model();
    clone.set_seed(5);
    assert_ne!(clone.weights().unwrap()[4], after[4]);
    model.unfreeze("base").unwrap();
    model.fit(&x, &y, Fit::epochs(1).verbose(Verbose::Silent)).unwrap();
    assert_ne!(model.weights().unwrap()[0], after[0]);
}

#[test]
fn samples_and_classes_of_weight_zero_do_not_count() {
    let x = numbers(30, 3, 0);
    let y: Array1<u8> = (0..30).map(|i| (i % 3) as u8).collect();
    let train = |y: &Array1<u8>, options: Fit<'_>| {
        let mut model = Sequential::new([3]).add(Dense::new(3).activation(Softmax));
        model.compile(Sgd::new(0.5), SparseCategoricalCrossentropy::default(), []).unwrap();
        let history = model.fit(&x, y, options.batch_size(30).verbose(Verbose::Silent)).unwrap();
        (model.weights().unwrap(), history["loss"].clone())
    };
    // Other labels for class 2 change nothing if it weighs nothing.
    let other = y.mapv(|label| if label == 2 { 0 } else { label });
    let weights: Array1<f32> = y.mapv(|label| if label == 2 { 0.0 } else { 2.0 });
    let classes = train(&y, Fit::epochs(4).class_weight([(0, 2.0), (1, 2.0), (2, 0.0)]));
    assert_eq!(train(&y, Fit::epochs(4).sample_weight(&weights)), classes);
    assert_eq!(train(&other, Fit::epochs(4).sample_weight(&weights)), classes);
    // The sum is divided by the number of samples, whatever they weigh.
    let all = train(&y, Fit::epochs(1)).1[0];
    let double = train(&y, Fit::epochs(1).sample_weight(Array1::from_elem(30, 2.0f32))).1[0];
    assert!((double - 2.0 * all).abs() < 1e-6);
    let mut model = Sequential::new([3]).add(Dense::new(3).activation(Softmax));
    model.compile(Sgd::new(0.5), SparseCategoricalCrossentropy::default(), []).unwrap();
    for (weights, needle) in [
        (Array1::from_elem(29, 1.0f32), "29"),
        (Array1::from_elem(30, -1.0), "row 0 is -1, but it must be a finite number of at least 0"),
    ] {
        let error = model.fit(&x, &y, Fit::epochs(1).sample_weight(&weights)).unwrap_err();
        assert!(error.to_string().contains(needle), "{error}");
    }
}

fn regression(epochs: usize) -> (Sequential, Array2<f32>, Array2<f32>, Fit<'static>) {
    let mut model = Sequential::new([2]).add(Dense::new(1));
    model.compile(Sgd::new(0.1), MeanSquaredError, []).unwrap();
    let x = numbers(20, 2, 0);
    let y = x.dot(&array![[1.0], [-2.0]]);
    (model, x, y, Fit::epochs(epochs).verbose(Verbose::Silent))
}

#[test]
fn early_stopping_waits_and_brings_the_best_weights_back() {
    let (mut model, x, y, fit) = regression(50);
    // Nothing improves by a million: the first epoch is the best, and two more are waited for.
    let stop = EarlyStopping::new("loss").min_delta(1e6).patience(2).restore_best_weights(true);
    let history = model.fit(&x, &y, fit.callback(stop)).unwrap();
    assert_eq!(history["loss"].len(), 3);
    let (mut once, ..) = regression(1);
    once.fit(&x, &y, Fit::epochs(1).verbose(Verbose::Silent)).unwrap();
    assert_eq!(model.weights().unwrap(), once.weights().unwrap());

    let (mut model, x, y, fit) = regression(5);
    let history = model.fit(&x, &y, fit.callback(EarlyStopping::new("loss"))).unwrap();
    assert_eq!(history["loss"].len(), 5, "the loss falls all the time");
    let error =
        model.fit(&x, &y, Fit::epochs(1).callback(EarlyStopping::new("val_loss"))).unwrap_err();
    assert!(error.to_string().contains("val_loss"), "{error}");
}

#[test]
fn the_learning_rate_follows_its_callbacks_and_the_logs_tell() {
    let (mut model, x, y, fit) = regression(6);
    let slower = ReduceLrOnPlateau::new("loss")
        .min_delta(1e6)
        .factor(0.5)
        .patience(2)
        .cooldown(1)
        .min_lr(0.03);
    let history = model.fit(&x, &y, fit.callback(slower)).unwrap();
    // Epoch 0 is the best; 1 and 2 are waited for, then one epoch cools.
    assert_eq!(history["learning_rate"], [0.1, 0.1, 0.1, 0.05, 0.05, 0.03]);
    let (mut model, x, y, fit) = regression(3);
    let halves =
        LearningRateScheduler::new(|epoch, rate| if epoch == 0 { rate } else { rate / 2.0 });
    let history = model.fit(&x, &y, fit.callback(halves)).unwrap();
    assert_eq!(history["learning_rate"], [0.1, 0.05, 0.025]);
    let bad = ReduceLrOnPlateau::new("loss").factor(1.5);
    let error = model.fit(&x, &y, Fit::epochs(1).callback(bad)).unwrap_err();
    assert!(error.to_string().contains("not 1.5"), "{error}");
}
