//! The code that the guide shows, in both languages: it runs as it stands, and prints what the
//! guide shows under it.

mod common;

use common::{fresh, neurona};
use std::cell::RefCell;
use std::{env, error, fs};

thread_local! {
    static PRINTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The output of the lessons below is kept here, to be compared.
macro_rules! println {
    ($($words:tt)*) => {{
        let words = format!($($words)*);
        crate::PRINTED.with_borrow_mut(|text| *text += &(words + "\n"));
    }};
}

#[path = "../examples/lesson.rs"]
#[expect(unreachable_pub, reason = "an example has its own `main`")]
mod lesson;

#[path = "../examples/lesson_es.rs"]
#[expect(unreachable_pub, reason = "an example has its own `main`")]
mod lesson_es;

/// What the guide showed: its code, the output under the code, and what was printed during
/// training.
#[derive(Debug, Default)]
struct Told {
    code: Vec<String>,
    output: Vec<String>,
    epochs: Vec<String>,
}

fn told(text: &str) -> Told {
    let mut told = Told::default();
    let mut under_code = false;
    for line in text.lines().filter(|line| !line.is_empty()) {
        let is_image = line.chars().all(|c| " ▀▄█".contains(c));
        match (line.strip_prefix("  │ "), line.strip_prefix("    ")) {
            (Some(code), _) => told.code.push(code.to_owned()),
            (None, Some(line)) if line.starts_with("Epoch") || line.starts_with("Época") => {
                told.epochs.push(line.to_owned());
            }
            (None, Some(line)) if under_code && !is_image => told.output.push(line.to_owned()),
            (None, _) => {}
        }
        under_code = line.starts_with("  │ ") || under_code && line.starts_with("    ");
    }
    told
}

/// The lines of a lesson that the guide shows, without those that only frame them.
fn pieces(lesson: &str) -> Vec<String> {
    let mut shown = Vec::new();
    let mut piece = "-";
    for line in lesson.lines() {
        match line.trim_start().strip_prefix("//: ") {
            Some(name) => piece = name,
            None if piece == "-" => {}
            None => shown.push(line.strip_prefix("    ").unwrap_or(line).to_owned()),
        }
    }
    shown
}

fn check(lang: &str, lesson: &str, main: fn() -> Result<(), Box<dyn error::Error>>) {
    let [guide, own] = ["guide", "own"].map(|name| fresh(&format!("{name}-{lang}")));
    let run = neurona(&["guide", "--lang", lang, "--out", guide.to_str().expect("text")]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    let told = told(&run.out);
    assert_eq!(told.code, pieces(lesson), "{lang}");

    fs::create_dir_all(&own).expect("made");
    // This is the program's only test, so nobody else is surprised by the change.
    env::set_current_dir(&own).expect("entered");
    main().expect("the lesson runs");
    let printed = PRINTED.take();
    let printed = printed.lines().map(str::trim_end).filter(|line| !line.is_empty());
    assert_eq!(told.output, printed.collect::<Vec<&str>>(), "{lang}");

    // The training prints by itself; both tables have its numbers.
    let [table, of_guide] = [&own, &guide]
        .map(|folder| fs::read_to_string(folder.join("history.csv")).expect("written"));
    assert_eq!(table, of_guide, "{lang}");
    assert_eq!(told.epochs.len(), 5, "{:?}", told.epochs);
    for (line, row) in told.epochs.iter().zip(table.lines().skip(1)) {
        let numbers: Vec<f64> =
            row.split(',').skip(1).map(|cell| cell.parse().expect("a number")).collect();
        let numbers = format!("accuracy: {:.4} - loss: {:.4}", numbers[0], numbers[1]);
        assert!(line.ends_with(&numbers), "{line}, {numbers}");
    }

    let [model, of_guide] =
        [&own, &guide].map(|folder| fs::read(folder.join("model.keras")).expect("written"));
    assert!(model == of_guide, "{lang}: the lesson has another network");
    assert!(fs::read(own.join("image-8.png")).expect("written").starts_with(b"\x89PNG"));

    // The file for a project of one's own is the same program.
    let whole = fs::read_to_string(guide.join("main.rs")).expect("written");
    let lines = lesson.lines().skip_while(|line| !line.starts_with("//: "));
    let lines = lines.filter(|line| !line.trim_start().starts_with("//: "));
    let lines: String = lines.map(|line| line.replace("pub fn main", "fn main") + "\n").collect();
    assert_eq!(whole, lines, "{lang}");
    for folder in [guide, own] {
        fs::remove_dir_all(folder).expect("removed");
    }
}

#[test]
fn the_code_beside_the_steps_runs_and_prints_what_stands_under_it() {
    check("en", include_str!("../examples/lesson.rs"), lesson::main);
    check("es", include_str!("../examples/lesson_es.rs"), lesson_es::main);
}
