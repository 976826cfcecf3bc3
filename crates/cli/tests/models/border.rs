//! What commands say about arrays taken in another shape, about empty arrays, and about targets
//! that are not targets.

use crate::golden::Golden;
use neurona::data::npy;
use neurona::prelude::ndarray::{Array2, Array3, Array4, array};
use neurona::prelude::{
    Activation, CategoricalCrossentropy, Conv2D, Dense, Flatten, MeanSquaredError, Sequential, Sgd,
};

/// A folder with a model for pictures with one channel, and labels.
fn pictures(test: &str) -> Golden {
    let golden = Golden::new("never_compiled", test);
    let mut model = Sequential::new([6, 6, 1])
        .add(Conv2D::new(2, 3))
        .add(Flatten)
        .add(Dense::new(3).activation(Activation::Softmax));
    model.compile(Sgd::default(), CategoricalCrossentropy::default(), []).expect("compiled");
    model.save(golden.path("model.keras")).expect("saved");
    let x = Array3::<u8>::from_shape_fn((4, 6, 6), |(n, i, j)| (n + 3 * i + 5 * j) as u8);
    npy::write(golden.path("x.npy"), &x).expect("written");
    let channel = x.into_shape_with_order((4, 6, 6, 1)).expect("as many");
    npy::write(golden.path("channel.npy"), &channel).expect("written");
    npy::write(golden.path("y.npy"), &array![0u8, 1, 2, 0]).expect("written");
    golden
}

#[test]
fn a_missing_channel_is_added_with_a_note() {
    let golden = pictures("border-ranks");
    for line in [
        "predict @model.keras --input @x.npy --output @p.npy",
        "evaluate @model.keras --data @x.npy --target @y.npy --json",
        "train @model.keras --data @x.npy --target @y.npy --output @o.keras",
    ] {
        for (lang, note) in
            [("en", "[6, 6] are taken as [6, 6, 1]"), ("es", "se toman como [6, 6, 1]")]
        {
            let run = golden.run(&format!("{line} --lang {lang}"));
            assert_eq!(run.code, Some(0), "{line}: {}", run.err);
            assert!(run.err.contains("N012 ") && run.err.contains(note), "{line}: {}", run.err);
            assert!(run.err.contains("x.npy"), "{}", run.err);
        }
        let same = golden.run(&line.replace("@x.npy", "@channel.npy"));
        assert_eq!(same.code, Some(0), "{line}: {}", same.err);
        assert!(!same.err.contains("N012"), "{}", same.err);
    }
    let predict = |x: &str| golden.output(&format!("predict @model.keras --input @{x}"));
    assert_eq!(predict("x.npy"), predict("channel.npy"));
}

#[test]
fn the_fix_of_a_wrong_shape_can_be_followed() {
    let golden = pictures("border-fix");
    npy::write(golden.path("flat.npy"), Array2::<f32>::zeros((4, 36))).expect("written");
    let run = golden.run("predict @model.keras --input @flat.npy");
    assert_eq!(run.code, Some(4));
    assert!(
        run.err.contains("E012") && run.err.contains("reshape x to (4, 6, 6, 1)"),
        "{}",
        run.err
    );
    npy::write(golden.path("one.npy"), Array3::<f32>::zeros((6, 6, 1))).expect("written");
    let run = golden.run("predict @model.keras --input @one.npy --lang es");
    assert!(run.err.contains("agregue una primera dimensión"), "{}", run.err);
    assert!(run.err.contains("(1, 6, 6, 1)"), "{}", run.err);
}

#[test]
fn no_rows_are_told_with_their_file() {
    let golden = pictures("border-none");
    npy::write(golden.path("none.npy"), Array4::<f32>::zeros((0, 6, 6, 1))).expect("written");
    for line in [
        "predict @model.keras --input @none.npy",
        "predict @model.keras --input @none.npy --output @p.npy",
        "evaluate @model.keras --data @none.npy --target @y.npy",
        "train @model.keras --data @none.npy --target @y.npy --output @o.keras",
    ] {
        for (lang, text) in [("en", "no rows"), ("es", "no tiene filas")] {
            let run = golden.run(&format!("{line} --lang {lang}"));
            assert_eq!((run.code, &*run.out), (Some(3), ""), "{line}: {}", run.err);
            for part in ["E025", "none.npy", text, "[0, 6, 6, 1]"] {
                assert!(run.err.contains(part), "{line}: no \"{part}\" in {}", run.err);
            }
        }
    }
    assert!(!golden.path("p.npy").exists() && !golden.path("o.keras").exists());
}

#[test]
fn rows_of_targets_that_are_not_of_one_class_are_told() {
    let golden = pictures("border-one-hot");
    let one_hot = array![[1.0f32, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]];
    let check = |row: [f32; 3], parts: &[&str]| {
        let mut y = one_hot.clone();
        y.row_mut(2).assign(&array![row[0], row[1], row[2]]);
        npy::write(golden.path("rows.npy"), &y).expect("written");
        for line in [
            "evaluate @model.keras --data @x.npy --target @rows.npy",
            "train @model.keras --data @x.npy --target @rows.npy --output @o.keras",
        ] {
            let run = golden.run(line);
            assert_eq!(run.code, Some(3), "{line}: {}", run.err);
            for part in parts {
                assert!(run.err.contains(part), "{line}: no \"{part}\" in {}", run.err);
            }
            let run = golden.run(&format!("{line} --lang es"));
            assert!(run.err.contains("E022") && run.err.contains("dé a cada muestra un solo 1"));
        }
    };
    check([0.0, 0.0, 7.0], &["E022", "7.000 at [2, 2]", "to_categorical"]);
    check([0.0, 1.0, 1.0], &["E022", "row 2 of y sums to 2.000"]);
    assert!(!golden.path("o.keras").exists());
    // A row of zeros is legal, and noted.
    let mut y = one_hot;
    y.row_mut(1).fill(0.0);
    npy::write(golden.path("rows.npy"), &y).expect("written");
    let run = golden.run("evaluate @model.keras --data @channel.npy --target @rows.npy --json");
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.starts_with("W022 "), "{}", run.err);
}

#[test]
fn numbers_beyond_32_bits_are_told_with_their_place() {
    let golden = Golden::new("never_compiled", "border-huge");
    let mut model = Sequential::new([3]).add(Dense::new(1));
    model.compile(Sgd::default(), MeanSquaredError, []).expect("compiled");
    model.save(golden.path("model.keras")).expect("saved");
    let x = array![[1.0f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    npy::write(golden.path("x.npy"), &x).expect("written");
    npy::write(golden.path("y.npy"), &array![1.0f64, 2.0]).expect("written");
    npy::write(golden.path("huge_x.npy"), &(&x * 1e300)).expect("written");
    npy::write(golden.path("huge_y.npy"), &array![1.0f64, -1e300]).expect("written");
    for (line, file, place) in [
        ("predict @model.keras --input @huge_x.npy", "huge_x.npy", "1e300 at [0, 0]"),
        ("evaluate @model.keras --data @huge_x.npy --target @y.npy", "huge_x.npy", "[0, 0]"),
        ("evaluate @model.keras --data @x.npy --target @huge_y.npy", "huge_y.npy", "-1e300 at [1]"),
        (
            "train @model.keras --data @x.npy --target @huge_y.npy --output @o.keras",
            "huge_y.npy",
            "[1]",
        ),
    ] {
        let run = golden.run(line);
        assert_eq!((run.code, &*run.out), (Some(3), ""), "{line}: {}", run.err);
        for part in ["E023", file, place, "not finite", "3.4e38"] {
            assert!(run.err.contains(part), "{line}: no \"{part}\" in {}", run.err);
        }
        assert!(run.err.len() < 600, "{}", run.err);
    }
    assert!(!golden.path("o.keras").exists());
}

#[test]
fn samples_at_once_are_chosen_and_change_nothing() {
    let golden = pictures("border-batch");
    let evaluate = "evaluate @model.keras --data @channel.npy --target @y.npy --json";
    let predict = "predict @model.keras --input @channel.npy";
    for line in [evaluate, predict] {
        let wanted = golden.output(line);
        assert_eq!(golden.output(&format!("{line} --batch-size 4")), wanted);
        let run = golden.run(&format!("{line} --batch-size 0"));
        assert_eq!(run.code, Some(2), "{}", run.err);
        assert!(run.err.contains("E002 --batch-size"), "{}", run.err);
    }
}
