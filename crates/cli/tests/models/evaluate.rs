//! What `neurona evaluate` reports.

use crate::golden::Golden;

#[test]
fn loss_and_metrics_are_keras() {
    for name in ["functional_dictionaries", "optimizer_adam", "guide"] {
        let golden = Golden::new(name, &format!("evaluate-{name}"));
        let flags = |option: &str, letter: &str, key: &str| -> String {
            let count = golden.json[key].as_array().unwrap().len();
            (0..count).fold(String::new(), |line, i| line + &format!(" {option} @{letter}{i}.npy"))
        };
        let flags = flags("--data", "x", "inputs") + &flags("--target", "y", "targets");
        let line = golden.line(&format!("evaluate @model.keras{flags} --json"));
        let wanted = golden.json["evaluate"].as_object().unwrap();
        let found = line["scores"].as_object().unwrap();
        assert!(found.keys().eq(wanted.keys()), "{found:?}");
        for (name, wanted) in wanted {
            let (found, wanted) = (found[name].as_f64().unwrap(), wanted.as_f64().unwrap());
            assert!(
                (found - wanted).abs() <= 1e-5 * (1.0 + wanted.abs()),
                "{name}: {found}, not {wanted}"
            );
        }
        assert_eq!(line["samples"], golden.json["inputs"][0]["shape"][0]);
    }
}

#[test]
fn the_loss_stands_first_in_both_languages() {
    let golden = Golden::new("optimizer_adam", "evaluate-table");
    let shown = |lang: &str| {
        golden
            .output(&format!("evaluate @model.keras --data @x0.npy --target @y0.npy --lang {lang}"))
    };
    assert_eq!(shown("en"), "loss      1.3065\naccuracy  0.2381\nsamples   21\n");
    assert_eq!(shown("es"), "pérdida    1,3065\nexactitud  0,2381\nmuestras   21\n");
}
