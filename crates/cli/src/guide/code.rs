//! The lines of code shown beside each step: pieces of `examples/lesson.rs`, which compiles and runs.

use crate::args::GuideOptions;
use neurona::message::Lang;

const LESSON: &str = include_str!("../../examples/lesson.rs");

/// What of the lesson depends on how the guide was called.
#[derive(Debug)]
pub(super) struct Settings {
    replaced: [(&'static str, String); 3],
}

impl Settings {
    pub(super) fn of(options: &GuideOptions, lang: Lang) -> Settings {
        Settings {
            replaced: [
                ("Fit::epochs(5)", format!("Fit::epochs({})", options.epochs)),
                (".seed(3)", format!(".seed({})", options.seed)),
                ("Lang::En", format!("Lang::{lang:?}")),
            ],
        }
    }
}

/// The lines between a mark `//: name` and the next one, with the settings of this run in place.
pub(super) fn piece(name: &str, settings: &Settings) -> String {
    let lines = LESSON.lines().skip_while(|line| mark(line) != Some(name)).skip(1);
    let lines: Vec<&str> = lines.take_while(|line| mark(line).is_none()).collect();
    let inside = lines.iter().all(|line| line.is_empty() || line.starts_with("    "));
    let margin = if inside { 4 } else { 0 };
    let cut = lines.iter().map(|line| line.get(margin..).unwrap_or_default());
    let code = cut.collect::<Vec<_>>().join("\n");
    settings.replaced.iter().fold(code, |code, (from, to)| code.replace(from, to))
}

fn mark(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("//: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_there_and_fits_a_terminal() {
        let settings =
            Settings { replaced: [("5", "35".into()), ("", String::new()), ("", String::new())] };
        for name in LESSON.lines().filter_map(mark).filter(|name| *name != "-") {
            let code = piece(name, &settings);
            assert!(!code.is_empty() && !code.contains("//:"), "{name}");
            for line in code.lines() {
                assert!(line.chars().count() <= 76, "{name}: {line}");
            }
        }
    }

    #[test]
    fn it_follows_the_pixels_that_the_story_follows() {
        use crate::guide::data::{COLUMN, COLUMNS, ROW, SIDE};
        for line in [
            format!("for column in {COLUMNS:?} {{"),
            format!("digit[[{ROW}, column]], scaled[[{ROW}, column]]"),
            format!("scaled[[{ROW}, {COLUMN}]], vector[{ROW} * {SIDE} + {COLUMN}]"),
        ] {
            assert!(LESSON.contains(&line), "{line}");
        }
    }
}
