//! The guide as a user runs it: what it prints, what it writes, and how it ends.

mod common;
mod points;

use common::{Run, command, fresh, neurona};
use neurona::message::Lang;
use points::check_points;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;

const FIGURES: [&str; 15] = [
    "artificial-intelligence",
    "image-8",
    "biological-neuron",
    "neuron",
    "transfer-functions",
    "softmax",
    "network",
    "minima",
    "learning-rates",
    "history",
    "overfitting",
    "image-11",
    "test-digits",
    "confusion-matrix",
    "network-trained",
];

fn guide(folder: &Path, more: &[&str]) -> Run {
    let folder = folder.to_str().expect("text");
    neurona(&[&["guide", "--epochs", "1", "--out", folder], more].concat())
}

fn check_clean(text: &str) {
    let control = |c: &char| c.is_control() && *c != '\n';
    assert_eq!(text.chars().find(control), None, "a control character");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
        assert_eq!(line, line.trim_end());
    }
}

fn check_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no \"{part}\" in {text}");
    }
}

fn check_report(page: &str, lang: &str) {
    check_contains(
        page,
        &[&format!("<html lang=\"{lang}\">"), "<style>", "<svg", "<th scope=\"row\">9</th>"],
    );
    // Nothing from outside, and nothing that runs.
    for outside in ["http:", "https:", "<script", "<link", "@import", "url(", "src=", "onload"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for tag in ["section", "figure", "table", "pre", "p", "ul", "div", "svg", "dl"] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "<{tag}>");
    }
}

/// The table for Spanish spreadsheets has the same numbers as the other one.
fn check_sheet(csv: &[u8], sheet: &str) {
    let rows = sheet.strip_prefix("\u{feff}época;exactitud;pérdida\r\n").expect("mark and heads");
    let rows = rows.replace(',', ".").replace(';', ",").replace("\r\n", "\n");
    let csv = String::from_utf8_lossy(csv);
    assert_eq!(csv.strip_prefix("epoch,accuracy,loss\n"), Some(rows.as_str()));
}

/// A report without its number of threads and its training time, the only things that may differ.
fn without_facts(page: &str) -> String {
    let (before, facts) = page.split_once("<dl class=\"facts\">").expect("the facts");
    let (facts, after) = facts.split_once("</dl>").expect("their end");
    let varies = |line: &&str| !["hilos", "tiempo"].iter().any(|name| line.contains(name));
    let facts: Vec<&str> = facts.lines().filter(varies).collect();
    [before, &facts.join("\n"), after].concat()
}

#[test]
fn in_english_with_every_file() {
    let folder = fresh("english");
    let Run { code, out, err } = guide(&folder, &["--seed", "7", "--threads", "1"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    check_clean(&out);
    check_points(&out, Lang::En);
    for step in 1..=10 {
        check_contains(&out, &[&format!("── {step}/10 ──")]);
    }
    check_contains(
        &out,
        &[
            "[60000, 28, 28] [60000]",
            "    u8\n    0 255\n",
            "██",
            " 63 → 0.247",
            "47 MB",
            "    3 [60000, 28, 28]\n",
            "    2 [60000, 784]\n    2 [10000, 784]\n    63 63\n",
            "5\u{a0}×\u{a0}28\u{a0}+\u{a0}13\u{a0}=\u{a0}153",
            "[0, 0, 0, 0, 0, 1, 0, 0, 0, 0]",
            ".seed(7)",
            "set_seed(7)",
            "Fit::epochs(1)",
            "Sequential::new([28, 28])",
            "rescaling (Rescaling)           │ (None, 28, 28) ",
            "flatten (Flatten)               │ (None, 784) ",
            "Total params: 7,960",
            "    7960\n    true\n",
            "Epoch 1/1 - 1875/1875",
            "true     0    1    2",
            "net = Σ xᵢ·wᵢ + b",
            "612 of the 784 pixels are paper",
            "p₆",
            "finite_difference",
            "neurona guide --epochs 35",
            "model.save(\"model.keras\")?",
            "report.html",
        ],
    );
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("listed")
        .map(|entry| entry.expect("listed").file_name().into_string().expect("text"))
        .collect();
    let mut wanted: Vec<String> = FIGURES
        .iter()
        .flat_map(|name| ["svg", "png"].map(|suffix| format!("{name}.{suffix}")))
        .collect();
    wanted.extend(["history.csv", "main.rs", "model.keras", "report.html"].map(str::to_owned));
    names.sort();
    wanted.sort();
    assert_eq!(names, wanted);
    let page = fs::read_to_string(folder.join("report.html")).expect("written");
    check_report(&page, "en");
    check_contains(&page, &["Test with new images", "Bibliography", "What next"]);
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn in_spanish_the_same_numbers_on_any_number_of_threads() {
    let history = |threads: &str, lang: &str| {
        let folder = fresh(&format!("threads-{threads}"));
        fs::create_dir_all(&folder).expect("made");
        fs::write(folder.join("mine.txt"), "mine").expect("written");
        let run = guide(&folder, &["--seed", "7", "--threads", threads, "--lang", lang]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
        assert_eq!(fs::read_to_string(folder.join("mine.txt")).expect("read"), "mine");
        let csv = fs::read(folder.join("history.csv")).expect("written");
        let sheet = fs::read_to_string(folder.join("historial-hoja.csv"));
        match lang {
            "es" => check_sheet(&csv, &sheet.expect("written")),
            _ => assert!(sheet.is_err(), "a Spanish table in the English guide"),
        }
        let page = fs::read_to_string(folder.join("report.html")).expect("written");
        let model = fs::read(folder.join("model.keras")).expect("written");
        fs::remove_dir_all(folder).expect("removed");
        ((csv, model), page, run.out)
    };
    let (one, page, out) = history("1", "es");
    check_clean(&out);
    check_points(&out, Lang::Es);
    check_report(&page, "es");
    check_contains(&page, &["Probar con imágenes nuevas", "Bibliografía", "retropropagación"]);
    check_contains(
        &out,
        &[
            "hilos: 1",
            "función de transferencia",
            "propagación hacia adelante",
            "tasa de aprendizaje de 0,01",
            "Época 1/1 - 1875/1875",
            "63 / 255 = 0,247",
            "predicho",
            "matrix.table(Lang::Es)",
            "neurona oculta",
        ],
    );
    let (two, page_of_two, _) = history("2", "es");
    let (three, _, _) = history("3", "en");
    assert!(one == two && two == three, "history.csv or model.keras depends on the threads");
    check_contains(&page, &["<dt>hilos</dt><dd>1</dd>", "<dt>tiempo de entrenamiento</dt><dd>"]);
    check_contains(&page_of_two, &["<dt>hilos</dt><dd>2</dd>"]);
    let [page, page_of_two] = [&page, &page_of_two].map(|page| without_facts(page));
    assert!(page == page_of_two, "report.html depends on the threads");
    assert!(one.0.starts_with(b"epoch,accuracy,loss\n1,"));
}

#[test]
fn its_network_and_digits_serve_the_other_commands() {
    let (folder, digits) = (fresh("served"), fresh("digits"));
    let name = digits.to_str().expect("text");
    let run = guide(&folder, &["--arrays", name, "--plain"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    check_clean(&run.out);
    check_contains(&run.out, &["train-images.npy", "test-labels.npy"]);
    let text = |folder: &Path, name: &str| folder.join(name).to_str().expect("text").to_owned();
    let model = text(&folder, "model.keras");
    let evaluate = |part: &str| {
        let [x, y] = ["images", "labels"].map(|what| text(&digits, &format!("{part}-{what}.npy")));
        let run = neurona(&["evaluate", &model, "--data", &x, "--target", &y, "--json"]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
        run.out
    };
    // The guide's test scores, to the last digit shown.
    let scores: serde_json::Value = serde_json::from_str(&evaluate("test")).expect("JSON");
    let number = |name: &str| scores["scores"][name].as_f64().expect("a number");
    let said = format!("loss: {:.4} - accuracy: {:.4}", number("loss"), number("accuracy"));
    check_contains(&run.out, &[&said]);
    assert!(evaluate("train").contains("60000"));
    for folder in [folder, digits] {
        fs::remove_dir_all(folder).expect("removed");
    }
}

#[test]
fn a_place_that_takes_no_arrays_is_refused_before_the_work() {
    let folder = fresh("no-arrays");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (lang, fix) in [("en", "another folder with --arrays"), ("es", "otra carpeta con --arrays")]
    {
        let run = guide(&folder, &["--arrays", file, "--lang", lang]);
        assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{}", run.err);
        check_contains(&run.err, &["E035", "Cargo.toml", fix]);
        assert!(!folder.exists(), "an empty folder is left behind");
    }
}

/// The 60,000 images are 47 MB as bytes, and would be 188 MB as floating-point numbers.
#[cfg(target_os = "linux")]
#[test]
fn the_images_stay_bytes_in_memory() {
    let folder = fresh("memory");
    let arguments = ["guide", "--epochs", "1", "--out", folder.to_str().expect("text")];
    let mut child = command(&arguments).stdout(Stdio::piped()).spawn().expect("started");
    let status = format!("/proc/{}/status", child.id());
    let highest = || -> Option<u64> {
        let status = fs::read_to_string(&status).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    };
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    // Each line is a moment to look at; the last ones come after the figures.
    let peak = lines.map_while(Result::ok).filter_map(|_| highest()).max();
    assert!(child.wait().expect("ended").success());
    assert!(peak.is_some_and(|kilobytes| kilobytes < 150_000), "{peak:?} kB");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let folder = fresh("reader");
    let arguments = ["guide", "--out", folder.to_str().expect("text")];
    let mut child =
        command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    assert_eq!(lines.by_ref().take(3).flatten().count(), 3);
    drop(lines);
    let mut err = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("read");
    assert_eq!((child.wait().expect("ended").code(), err.as_str()), (Some(0), ""));
    assert!(!folder.exists(), "an empty folder is left behind");
}

/// A guide in Spanish that is interrupted in its second epoch.
#[cfg(unix)]
fn interrupted(folder: &Path) -> Run {
    let folder = folder.to_str().expect("text");
    let arguments = ["guide", "--epochs", "6", "--seed", "7", "--lang", "es", "--out", folder];
    let mut child =
        command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    assert!(lines.by_ref().any(|line| line.is_ok_and(|line| line.contains("Época 1/6"))));
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-INT", &id]).status().expect("sent");
    assert!(sent.success());
    // The rest of the output is read, so that it is not the reader who stops the guide.
    let out: Vec<String> = lines.map(|line| line.expect("text")).collect();
    let mut err = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("read");
    Run { code: child.wait().expect("ended").code(), out: out.join("\n"), err }
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_it_and_the_command_it_says_ends_with_the_same_bytes() {
    let [whole, stopped] = ["whole", "stopped"].map(fresh);
    let run = guide(&whole, &["--epochs", "6", "--seed", "7", "--lang", "es"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    assert!(!whole.join("guide-run").exists(), "a finished guide leaves its run behind");

    let Run { code, out, err } = interrupted(&stopped);
    assert_eq!(code, Some(75), "{err}");
    assert!(!out.contains("10/10"), "{out}");
    check_contains(&err, &["Interrumpido con Ctrl-C", "quedó guardado en la carpeta"]);
    assert!(stopped.join("guide-run").is_dir() && stopped.join("model.keras").is_file());
    assert!(!stopped.join("report.html").exists());

    // What is saved is not lost by mistake, and only what is there can be resumed.
    let name = "guide-run";
    for (lang, words) in [("en", "--resume, choose another"), ("es", "--resume, elija otra")] {
        let run = guide(&stopped, &["--lang", lang]);
        assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{}", run.err);
        check_contains(&run.err, &["E036", name, words]);
    }
    for (lang, words) in [("en", "nothing to resume"), ("es", "no hay nada que continuar")] {
        let run = guide(&whole, &["--lang", lang, "--resume"]);
        assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{}", run.err);
        check_contains(&run.err, &["E036", name, words]);
    }
    // Another seed is another training.
    let run = guide(&stopped, &["--epochs", "6", "--seed", "8", "--resume"]);
    assert_eq!(run.code, Some(3), "{}", run.err);
    check_contains(&run.err, &["E036", "--seed of the interrupted guide"]);

    // The command that it prints, word for word.
    let again = err.lines().last().expect("a line").trim();
    assert!(again.ends_with(" --resume"), "{again}");
    let output = std::process::Command::new("sh").args(["-c", again]).output().expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    check_contains(&text, &["Reanudado desde el paso", "10/10", "report.html"]);
    assert!(!text.contains("Época 1/6"), "it began anew: {text}");
    check_clean(&text);
    let names = |folder: &Path| {
        let names =
            fs::read_dir(folder).expect("listed").map(|entry| entry.expect("one").file_name());
        names.collect::<BTreeSet<_>>()
    };
    assert_eq!(names(&whole), names(&stopped));
    for name in names(&whole) {
        let [one, other] =
            [&whole, &stopped].map(|folder| fs::read(folder.join(&name)).expect("read"));
        if name == "report.html" {
            let [one, other] = [one, other].map(|page| String::from_utf8(page).expect("text"));
            assert!(without_facts(&one) == without_facts(&other), "another report");
        } else {
            assert!(one == other, "{} has other bytes", name.display());
        }
    }
    for folder in [whole, stopped] {
        fs::remove_dir_all(folder).expect("removed");
    }
}
