//! Wrong inputs, a row each: the exit code, that both languages say what is wrong, where, why and
//! what to do about it, and that the advice, followed, works.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "the language is the system's here")]
mod common;

mod command_line;
mod data;
mod evaluate;
mod files;
mod folder;
mod predict;
mod train;

use folder::Folder;

/// A wrong command line, what is said about it in English and in Spanish, and the command that
/// follows the advice. `@name` is a file of the folder, `''` an empty word.
struct Wrong {
    line: &'static str,
    exit: i32,
    /// What is wrong.
    code: &'static str,
    /// The option, the file or the layer.
    place: &'static str,
    why: [&'static str; 2],
    fix: [&'static str; 2],
    then: &'static str,
}

/// Runs each row in both languages, and then the command that follows the advice.
fn check(folder: &Folder, rows: &[Wrong]) {
    for Wrong { line, exit, code, place, why, fix, then } in rows {
        let languages = [("en", " Fix: ", why[0], fix[0]), ("es", " Solución: ", why[1], fix[1])];
        for (lang, word, why, fix) in languages {
            let run = folder.run(line, lang);
            let said = || format!("{line} ({lang}), rc {:?}: {}{}", run.code, run.out, run.err);
            assert_eq!((run.code, run.out.as_str()), (Some(*exit), ""), "{}", said());
            let (last, before) = run
                .err
                .trim_end()
                .rsplit_once('\n')
                .map_or((run.err.trim_end(), ""), |(before, last)| (last, before));
            assert!(before.lines().all(|note| note.starts_with("N0")), "{}", said());
            let (wrong, advice) = last.split_once(word).unwrap_or_else(|| panic!("{}", said()));
            assert!(wrong.starts_with(&format!("{code} ")), "what: {}", said());
            assert!(wrong.contains(place), "where, {place}: {}", said());
            assert!(wrong.contains(why), "why, {why}: {}", said());
            assert!(advice.contains(fix), "fix, {fix}: {}", said());
            let system = ["No such file", "os error", "Is a directory"];
            assert!(lang == "en" || !system.iter().any(|text| last.contains(text)), "{}", said());
        }
        let run = folder.run(then, "en");
        assert_eq!(run.code, Some(0), "{line}\nthen {then}: {}", run.err);
    }
}
