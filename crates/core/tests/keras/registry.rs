//! Nothing goes unchecked: every layer, activation, loss and optimizer has its rows in the
//! harnesses.

use crate::implementors::implementors;
use std::fs;
use std::path::Path;

#[test]
fn every_layer_loss_and_optimizer_is_in_the_harnesses() {
    let golden = |files: &[&str]| {
        let path = |file: &str| {
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/golden/{file}.json"))
        };
        let texts = files.iter().map(|file| fs::read_to_string(path(file)).unwrap());
        texts.collect::<String>()
    };
    // Random results have no golden value: pictures are compared with others of their own.
    let layers = golden(&["layers", "layers_more"]);
    let layers =
        layers + include_str!("golden.rs") + include_str!("../../src/nn/tests/pictures.rs");
    let optimizers = golden(&["optimizers"]).replace("RMSprop", "RmsProp").replace("SGD", "Sgd");
    let gradients = concat!(
        include_str!("../../src/nn/tests/gradients.rs"),
        include_str!("../../src/nn/tests/layers.rs")
    );
    for (name, least, harnesses) in [
        ("Layer", 40, &[("golden values", &*layers), ("gradient checks", gradients)][..]),
        ("Loss", 21, &[("gradient checks", gradients)]),
        ("Optimizer", 13, &[("golden values", &*optimizers)]),
    ] {
        // A box counts as its contents.
        let types: Vec<String> =
            implementors(name).into_iter().filter(|name| name != "Box").collect();
        assert!(types.len() >= least, "only {types:?}: does the search still work?");
        for (what, text) in harnesses {
            for kind in &types {
                // As a use, not inside a longer name.
                let uses = text.match_indices(kind.as_str()).filter(|(at, _)| {
                    let around =
                        |i: usize| text.as_bytes().get(i).is_some_and(u8::is_ascii_alphanumeric);
                    !around(at + kind.len()) && !around(at - 1)
                });
                assert!(uses.count() > 0, "{name} {kind} has no row in the {what}");
            }
        }
    }
    // Losses have golden values by name.
    let losses = golden(&["losses"]);
    for loss in neurona_core::nn::all_losses() {
        let name = loss.name();
        assert!(losses.contains(&format!("\"{name}\"")), "no golden value of {name}");
    }
}
