//! Summaries against the tables that Keras prints.

use neurona_core::nn::layers::{Add, Concatenate, Dense, Dropout, Flatten, Layer};
use neurona_core::nn::{Activation, Input, Network, Shared};

#[test]
fn summaries_are_keras_tables() {
    let table = |name: &str| {
        let path = format!("{}/../../tests/golden/summary_{name}.txt", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let mut guide = Network::default();
    guide.push(Box::new(Dense::new(10).activation(Activation::Sigmoid)));
    guide.push(Box::new(Dense::new(10).activation(Activation::Softmax)));
    assert_eq!(format!("{}\n", guide.summary(Some(&[vec![784]])).unwrap()), table("guide"));
    assert_eq!(format!("{}\n", guide.summary(None).unwrap()), table("unbuilt"));

    let mut hidden = Network::default();
    hidden.push(Box::new(Flatten));
    hidden.push(Box::new(Dense::new(128).activation(Activation::Relu).named("hidden")));
    hidden.push(Box::new(Dropout::new(0.2)));
    hidden.push(Box::new(Dense::new(10).activation(Activation::Softmax)));
    assert_eq!(
        format!("{}\n", hidden.summary(Some(&[vec![28, 28]])).unwrap()),
        table("hidden_dropout")
    );
}

#[test]
fn summaries_of_graphs_are_keras_tables() {
    let check = |name: &str, network: &Network| {
        let path = format!("{}/../../tests/golden/summary_{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let summary = network.summary(network.samples().as_deref()).unwrap();
        assert_eq!(format!("{summary}\n"), std::fs::read_to_string(path).unwrap(), "{name}");
    };
    let (left, right) = (Input::named("left", [8]), Input::named("right", [8]));
    let shared = Shared::new(Dense::new(4).named("shared"));
    let both = Concatenate::default().on([&shared.on(&left), &shared.on(&right)]);
    let price = Dense::new(1).named("price").on(&both);
    let side = Dense::new(3).named("side").on(&both);
    check("functional", &Network::functional(&[&left, &right], &[&price, &side]).unwrap());

    let picture = Input::named("landscape", [64, 64, 3]);
    let some = Dense::new(1000).named("from_view").on(&Flatten.on(&picture));
    let late = Input::named("measured", [1000]);
    let added = Add.named("sum").on([&some, &late, &some]);
    let output = Dense::new(1).on(&added);
    let long = Network::functional(&[&late, &picture], &[&output]).unwrap().named("my_model");
    check("functional_long_names", &long);

    let x = Input::new([4]);
    let output = Dense::new(1).on(&Dense::new(3).on(&x));
    check("functional_chain", &Network::functional(&[&x], &[&output]).unwrap());
}

#[test]
fn a_long_name_goes_on_in_the_next_line_and_is_never_cut() {
    let name = "a_rather_long_name_for_a_dense_layer";
    let (x, other) = (Input::new([4]), Input::new([2]));
    let long = Dense::new(2).named(name).on(&x);
    let network = Network::functional(&[&x, &other], &[&Add.on([&long, &other])]);
    let text = network.unwrap().summary(Some(&[vec![4], vec![2]])).unwrap().to_string();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let column = |i: usize| -> String {
        text.lines().filter_map(|line| line.split('│').nth(i)).map(str::trim).collect()
    };
    assert!(column(1).contains(&format!("{name}(Dense)")), "{text}");
    assert!(column(4).contains(&format!("{name}[0][0],")), "{text}");
}
