//! The command that resumes a training: what was typed, plus `--resume`.

use std::ffi::OsString;

/// The same command line with `--resume`, to be copied into a shell.
pub(crate) fn command(arguments: &[OsString]) -> String {
    let mut words: Vec<String> =
        arguments.iter().map(|word| quoted(&word.to_string_lossy())).collect();
    if !words.iter().any(|word| word == "--resume") {
        words.push("--resume".to_owned());
    }
    words.join(" ")
}

/// A word as a shell reads it back, in quotes only if it needs them.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=+./:,@%".contains(c);
    if !word.is_empty() && word.chars().all(|c| plain(c) || (cfg!(windows) && c == '\\')) {
        return word.to_owned();
    }
    if cfg!(windows) { format!("\"{word}\"") } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_back_what_was_typed() {
        let words = ["neurona", "train", "mi red.keras", "it's", "", "$(x)", "año.npy"];
        let arguments: Vec<OsString> = words.iter().map(OsString::from).collect();
        let line = command(&arguments);
        assert_eq!(line, r"neurona train 'mi red.keras' 'it'\''s' '' '$(x)' año.npy --resume");
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("printf '%s\\n' {line}")])
            .output()
            .expect("a shell");
        let back = String::from_utf8(output.stdout).expect("text");
        assert_eq!(back.lines().collect::<Vec<_>>(), [&words[..], &["--resume"]].concat());
    }

    #[test]
    fn it_is_said_once_that_it_resumes() {
        let arguments = ["neurona", "train", "--resume"].map(OsString::from);
        assert_eq!(command(&arguments), "neurona train --resume");
    }
}
