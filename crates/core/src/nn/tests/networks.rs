//! Whole networks as files describe them: one that is written is read back with the same inputs and
//! connections.

use crate::nn::layers::{Concatenate, Dense, Layer};
use crate::nn::{Input, Network};
use serde_json::Value;

fn read(json: &Value) -> Network {
    Network::from_json(json, &|_| Ok(None)).unwrap()
}

#[test]
fn a_network_of_several_inputs_is_read_as_it_was_written() {
    let (size, age) = (Input::new([3, 2]), Input::new([5]));
    let wide = Dense::new(4).named("wide").on(&size);
    let all =
        Concatenate::default().named("all").on([&Dense::new(4).on(&age), &Dense::new(4).on(&age)]);
    let network = Network::functional(&[&size, &age], &[&wide, &all]).unwrap();
    let json = network.to_json().unwrap();
    assert_eq!(json["class_name"], "Functional");
    let config = &json["config"];
    assert_eq!(config["input_layers"].as_array().unwrap().len(), 2, "{config}");
    let layers = config["layers"].as_array().unwrap();
    let of = |class: &str| layers.iter().filter(|layer| layer["class_name"] == class).count();
    assert_eq!([of("InputLayer"), of("Dense"), of("Concatenate")], [2, 3, 1], "{config}");

    let again = read(&json);
    assert_eq!(again.to_json().unwrap(), json);
    assert_eq!(again.samples(), Some(vec![vec![3, 2], vec![5]]));
    let summary = |network: &Network| network.summary(None).unwrap().to_string();
    assert_eq!(summary(&again), summary(&network));
}

#[test]
fn a_stack_is_read_as_it_was_written_with_a_shape_of_samples_or_without() {
    for sample in [None, Some(vec![7])] {
        let mut network = Network::default();
        if let Some(sample) = &sample {
            network.declare_sample(sample.clone());
        }
        network.push(Box::new(Dense::new(2)));
        let json = network.to_json().unwrap();
        assert_eq!(json["class_name"], "Sequential");
        assert_eq!(json["config"].get("input_layers"), None, "{json}");
        let again = read(&json);
        assert_eq!(again.samples(), sample.map(|sample| vec![sample]));
        assert_eq!(again.to_json().unwrap(), json);
    }
}
