//! The lines of code shown beside each step: pieces of `examples/lesson.rs`, or in Spanish `lesson_es.rs`, which
//! compile and run.

use crate::args::GuideOptions;
use neurona::message::Lang;

/// The whole lesson in a language.
fn lesson(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../../examples/lesson.rs"),
        Lang::Es => include_str!("../../examples/lesson_es.rs"),
    }
}

/// The name of the lesson among the examples.
pub(super) fn example(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "lesson",
        Lang::Es => "lesson_es",
    }
}

/// The parts of the lesson that depend on how the guide was called, and on what the network
/// learned.
#[derive(Debug)]
pub(super) struct Settings {
    lang: Lang,
    replaced: Vec<(&'static str, String)>,
}

impl Settings {
    pub(super) fn of(options: &GuideOptions, lang: Lang) -> Settings {
        let replaced = vec![
            ("Fit::epochs(5)", format!("Fit::epochs({})", options.epochs)),
            ("seed(3)", format!("seed({})", options.seed)),
        ];
        Settings { lang, replaced }
    }

    /// Follows this weight, from an input to a hidden neuron, and this digit.
    pub(super) fn follow(&mut self, input: usize, unit: usize, digit: usize) {
        self.replaced.push(("(378, 6, 6)", format!("({input}, {unit}, {digit})")));
    }

    fn set(&self, code: String) -> String {
        self.replaced.iter().fold(code, |code, (from, to)| code.replace(from, to))
    }
}

/// The lines between a mark `//: name` and the next one, with the settings of this run in place.
pub(super) fn piece(name: &str, settings: &Settings) -> String {
    let lines = lesson(settings.lang).lines().skip_while(|line| mark(line) != Some(name)).skip(1);
    let lines: Vec<&str> = lines.take_while(|line| mark(line).is_none()).collect();
    let inside = lines.iter().all(|line| line.is_empty() || line.starts_with("    "));
    let margin = if inside { 4 } else { 0 };
    let cut = lines.iter().map(|line| line.get(margin..).unwrap_or_default());
    settings.set(cut.collect::<Vec<_>>().join("\n"))
}

/// All the pieces as one program, to be a project's `main.rs`.
pub(super) fn program(settings: &Settings) -> String {
    let lines = lesson(settings.lang).lines();
    // The lines before the first piece are about the lesson's place among the examples.
    let lines = lines.skip_while(|line| mark(line).is_none()).filter(|line| mark(line).is_none());
    let code = lines.map(|line| line.replace("pub fn main", "fn main") + "\n").collect();
    settings.set(code)
}

fn mark(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("//: ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;
    use crate::guide::data::{COLUMN, COLUMNS, ROW, SIDE};

    #[test]
    fn every_piece_is_there_and_fits_a_terminal() {
        for lang in Lang::ALL {
            let mut settings = Settings { lang, replaced: vec![("(5)", "(35)".into())] };
            settings.follow(783, 9, 9);
            for name in lesson(lang).lines().filter_map(mark).filter(|name| *name != "-") {
                let code = piece(name, &settings);
                assert!(!code.is_empty() && !code.contains("//:"), "{name}");
                for line in code.lines() {
                    assert!(line.chars().count() <= 76, "{name}: {line}");
                    // A terminal of 60 columns, and a telephone.
                    for width in [56, 44] {
                        for line in fold::code(line, width) {
                            assert!(line.chars().count() <= width, "{name}: {line}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_a_run_decides_is_in_the_lesson() {
        for lang in Lang::ALL {
            for place in ["Fit::epochs(5)", "seed(3)", "(378, 6, 6)"] {
                assert!(lesson(lang).contains(place), "{place}");
            }
        }
    }

    #[test]
    fn it_follows_the_pixels_that_the_story_follows() {
        for line in [
            format!("for column in {COLUMNS:?} {{"),
            format!("image[[{ROW}, column]], scaled[[{ROW}, column]]"),
            format!("train.images[[8, {ROW}, {COLUMN}]], x_train[[8, {ROW} * {SIDE} + {COLUMN}]]"),
        ] {
            for lang in Lang::ALL {
                assert!(lesson(lang).contains(&line), "{line}");
            }
        }
    }
}
