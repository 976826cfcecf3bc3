//! What `neurona train` does to a model.

use crate::golden::Golden;
use neurona::prelude::Model;

const FILES: &str = "train @model.keras --data @x0.npy --target @y0.npy";

#[test]
fn trainings_go_on_as_in_keras() {
    for name in ["guide", "optimizer_adam", "optimizer_sgd", "convolutions"] {
        let golden = Golden::new(name, &format!("train-{name}"));
        let fit = &golden.json["fit"];
        let (epochs, batch_size) = (&fit["epochs"], &fit["batch_size"]);
        let line = golden.line(&format!(
            "{FILES} --epochs {epochs} --batch-size {batch_size} --no-shuffle --output @out.keras --json"
        ));
        let wanted = golden.json["logs"].as_object().unwrap();
        let found = line["history"].as_object().unwrap();
        assert!(found.keys().eq(wanted.keys()), "{name}: {found:?}");
        for (key, wanted) in wanted {
            let (found, wanted) = (found[key].as_array().unwrap(), wanted.as_array().unwrap());
            assert_eq!(found.len(), wanted.len());
            for (found, wanted) in found.iter().zip(wanted) {
                let (found, wanted) = (found.as_f64().unwrap(), wanted.as_f64().unwrap());
                assert!(
                    (found - wanted).abs() <= 1e-3 * wanted.abs(),
                    "{name}, {key}: {found}, not {wanted}"
                );
            }
        }
        assert_eq!((&line["epochs"], &line["shuffle"]), (epochs, &false.into()));
        // The file holds the history of the training.
        let inside = golden.line("inspect @out.keras --json");
        assert_eq!(inside["history"]["history"], line["history"]);
    }
}

#[test]
fn a_training_in_two_commands_is_one_in_one() {
    let golden = Golden::new("optimizer_adam", "train-parts");
    golden.output(&format!("{FILES} --epochs 3 --output @whole.keras"));
    golden.output(&format!("{FILES} --epochs 1 --output @part.keras"));
    let model = golden.name("part.keras");
    // Written over itself: the file is replaced when the training is done.
    golden.output(&format!(
        "train {model} --data @x0.npy --target @y0.npy --epochs 2 --output {model}"
    ));
    let load = |name| Model::load(golden.path(name)).unwrap();
    let (whole, parts) = (load("whole.keras"), load("part.keras"));
    assert_eq!(parts.weights().unwrap(), whole.weights().unwrap());
    assert_eq!(parts.history(), whole.history());
    assert_eq!(whole.history().epoch, [0, 1, 2]);
}

#[test]
fn a_seed_changes_the_order_and_not_the_first_weights() {
    let golden = Golden::new("optimizer_adam", "train-seed");
    let trained = |seed: &str, name: &str| {
        golden.output(&format!("{FILES} --epochs 2 --batch-size 4 {seed} --output @{name}.keras"));
        let model = Model::load(golden.path(&format!("{name}.keras"))).unwrap();
        (model.weights().unwrap(), model.random_seed())
    };
    let [none, zero, seven, again] =
        [("", "a"), ("--seed 0", "b"), ("--seed 7", "c"), ("--seed 7", "d")]
            .map(|(seed, name)| trained(seed, name));
    // Keras' file gives no seed, which counts as 0.
    assert_eq!(none, zero);
    assert_eq!(seven, again);
    assert_eq!((zero.1, seven.1), (0, 7));
    assert_ne!(zero.0, seven.0);
    // In their own order, all seeds begin from the same weights and end with the same weights.
    let in_order = |seed: &str| trained(&format!("{seed} --no-shuffle"), "e").0;
    assert_eq!(in_order("--seed 1"), in_order("--seed 2"));
}

#[test]
fn what_is_printed_speaks_the_language_and_is_plain() {
    let golden = Golden::new("optimizer_adam", "train-plain");
    for (lang, epoch, saved) in
        [("en", "Epoch 1/2 - 1/1", "saved: "), ("es", "Época 1/2 - 1/1", "guardado: ")]
    {
        let run = golden.run(&format!("{FILES} --epochs 2 --output @out.keras --lang {lang}"));
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!(run.err.contains(epoch), "{}", run.err);
        assert!(run.out.contains(saved) && run.out.contains("accuracy"), "{}", run.out);
        let control = |c: char| c.is_control() && c != '\n';
        assert_eq!((run.out + &run.err).find(control), None);
    }
}

#[test]
fn a_complete_run_resumed_writes_the_same_file() {
    let golden = Golden::new("optimizer_adam", "train-complete");
    golden.output(&format!("{FILES} --epochs 2 --output @plain.keras"));
    golden.output(&format!("{FILES} --epochs 2 --output @run.keras --run @run"));
    golden.output(&format!("{FILES} --epochs 2 --output @again.keras --run @run --resume"));
    let bytes = |name| std::fs::read(golden.path(name)).unwrap();
    assert!(
        bytes("plain.keras") == bytes("run.keras") && bytes("run.keras") == bytes("again.keras")
    );
}

#[test]
fn the_number_of_threads_does_not_change_a_byte() {
    let golden = Golden::new("convolutions", "train-threads");
    let bytes = |threads: usize| {
        golden.output(&format!("{FILES} --epochs 2 --output @o.keras --threads {threads}"));
        std::fs::read(golden.path("o.keras")).unwrap()
    };
    assert!(bytes(1) == bytes(3));
}
