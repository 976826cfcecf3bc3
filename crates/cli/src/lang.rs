//! Which language to speak: `--lang` if it is given, otherwise the system's.

use neurona::message::Lang;
use std::ffi::OsString;

/// The variables that give the user's language, in order of precedence.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language asked for in the arguments, otherwise the system's.
///
/// Read before the arguments are parsed, because help and complaints about them are in that language.
pub(crate) fn chosen(arguments: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Lang {
    asked(arguments).unwrap_or_else(|| of_system(variable))
}

fn asked(arguments: &[OsString]) -> Option<Lang> {
    let words: Vec<&str> = arguments.iter().map_while(|word| word.to_str()).collect();
    let after = words.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1]);
    let joined = words.iter().filter_map(|word| word.strip_prefix("--lang="));
    after.chain(joined).find_map(Lang::from_code)
}

fn of_system(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let set = VARIABLES.into_iter().filter_map(variable).find(|value| !value.is_empty());
    set.and_then(|value| Lang::from_code(&value)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_lang(arguments: &[&str], variables: &[(&str, &str)], lang: Lang) {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        let variable = |name: &str| {
            variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(chosen(&arguments, variable), lang, "{arguments:?} {variables:?}");
    }

    #[test]
    fn the_option_wins_over_the_system() {
        check_lang(&[], &[], Lang::En);
        check_lang(&[], &[("LANG", "es_AR.UTF-8")], Lang::Es);
        check_lang(&[], &[("LANG", "es_AR.UTF-8"), ("LC_ALL", "C")], Lang::En);
        check_lang(&[], &[("LANG", "fr_FR"), ("LC_ALL", "")], Lang::En);
        check_lang(&["--lang", "es", "guide"], &[("LANG", "en_US")], Lang::Es);
        check_lang(&["guide", "--lang=en"], &[("LANG", "es")], Lang::En);
        check_lang(&["guide", "--lang", "xx"], &[("LANG", "es")], Lang::Es);
        check_lang(&["guide", "--lang"], &[], Lang::En);
    }
}
