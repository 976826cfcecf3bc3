//! Lines too long for a terminal, broken where they can be: code is still code, and a formula can
//! still be read.

/// Lines of at most `width` columns, broken at spaces; an address that is longer is broken after
/// one of its parts. Any other long word stays whole; fixed spaces are not broken.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if word.chars().count() > width && word.contains('/') {
            let mut part_of_it = String::new();
            for part in word.split_inclusive('/') {
                if part_of_it.chars().count() + part.chars().count() > width {
                    lines.push(std::mem::take(&mut part_of_it));
                }
                part_of_it += part;
            }
            lines.push(part_of_it);
            lines.retain(|line| !line.is_empty());
            continue;
        }
        let line = lines.last().map_or(0, |line| line.chars().count());
        match lines.last_mut() {
            Some(last) if line == 0 => last.push_str(word),
            Some(last) if line + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A printed or calculated line, broken at spaces; continuation lines are indented. A word that is
/// longer stays whole.
pub(crate) fn text(line: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let indent = letters.iter().take_while(|c| **c == ' ').count();
    if letters.len() <= width {
        return vec![line.to_owned()];
    }
    let gap = |at: &usize| letters[*at] == ' ' && *at > indent;
    // Preferably between the items of a list rather than within one.
    let between = |at: &usize| gap(at) && letters[..*at].ends_with(&[')', ',']);
    let before = || (0..=width).rev();
    let at = before().find(between).or_else(|| before().find(gap));
    let Some(at) = at.or_else(|| (width..letters.len()).find(gap)) else {
        return vec![line.to_owned()];
    };
    let head: String = letters[..at].iter().collect();
    let tail: String = letters[at..].iter().collect();
    // An equals sign begins the line with what follows it.
    let (head, sign) = match head.trim_end().strip_suffix(" =") {
        Some(before) if !before.trim().is_empty() => (before, "= "),
        _ => (head.as_str(), ""),
    };
    let next = if sign.is_empty() && is_continued(&letters) { indent } else { indent + 2 };
    let rest = format!("{}{sign}{}", " ".repeat(next), tail.trim());
    // Each round leaves less to break, even where a word is as long as the terminal is wide.
    if rest.chars().count() >= letters.len() {
        return vec![line.to_owned()];
    }
    [vec![head.trim_end().to_owned()], text(&rest, width)].concat()
}

/// Whether a line begins with an equals sign, and so is indented already.
fn is_continued(letters: &[char]) -> bool {
    letters.iter().find(|c| **c != ' ') == Some(&'=')
}

/// A line of Rust, broken outside its strings; a comment at its end goes before it.
pub(crate) fn code(line: &str, width: usize) -> Vec<String> {
    if line.chars().count() <= width {
        return vec![line.to_owned()];
    }
    let letters: Vec<char> = line.chars().collect();
    let indent = letters.iter().take_while(|c| **c == ' ').count();
    let Some(comment) = places(&letters, false).comment else {
        return broken(&letters, indent, indent, width, false);
    };
    let words: String = letters[comment..].iter().collect();
    let margin = " ".repeat(indent);
    let room = width.saturating_sub(indent + 3);
    let words = wrap(words.trim_start_matches('/'), room);
    let mut lines: Vec<String> = words.iter().map(|words| format!("{margin}// {words}")).collect();
    let before: String = letters[..comment].iter().collect();
    if !before.trim().is_empty() {
        lines.extend(code(before.trim_end(), width));
    }
    lines
}

/// Where code may be broken, each place with how unnatural a break there is; where its strings may
/// be; and where its comment begins.
struct Places {
    breaks: Vec<(usize, usize)>,
    in_strings: Vec<usize>,
    comment: Option<usize>,
    quoted: Vec<bool>,
}

fn places(letters: &[char], within: bool) -> Places {
    let (breaks, in_strings, inside) = (Vec::new(), Vec::new(), Vec::new());
    let mut places = Places { breaks, in_strings, comment: None, quoted: inside };
    let (mut depth, mut bars, mut quoted, mut escaped) = (0_usize, 0_usize, within, false);
    for (at, &c) in letters.iter().enumerate() {
        places.quoted.push(quoted);
        let (before, after) = (at.checked_sub(1).map(|i| letters[i]), letters.get(at + 1));
        // Between the bars of a closure, the depth counts as within brackets.
        let cost = 20 * (depth + bars % 2);
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ' ' if quoted && after != Some(&' ') => places.in_strings.push(at + 1),
            _ if quoted => {}
            '/' if after == Some(&'/') => {
                places.comment = Some(at);
                break;
            }
            '(' | '[' | '{' => {
                depth += 1;
                if c == '(' && after != Some(&')') {
                    places.breaks.push((at + 1, cost + 35));
                }
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '|' => bars += 1,
            ' ' if matches!(before, Some(',' | '=')) => places.breaks.push((at + 1, cost)),
            ' ' => places.breaks.push((at + 1, cost + 10)),
            '.' if matches!(before, Some(')' | '?')) => places.breaks.push((at, cost)),
            '.' if calls(&letters[at + 1..]) => places.breaks.push((at, cost + 15)),
            _ => {}
        }
    }
    places
}

/// Whether a dot is followed by a method with its brackets.
fn calls(letters: &[char]) -> bool {
    let mut after = letters.iter().skip_while(|c| c.is_alphanumeric() || **c == '_');
    letters.first().is_some_and(|c| c.is_alphabetic()) && matches!(after.next(), Some('(' | ':'))
}

/// A line at its own indent, or at a continuation's indent; `within` a string or not.
fn broken(letters: &[char], indent: usize, own: usize, width: usize, within: bool) -> Vec<String> {
    let line: String = letters.iter().collect();
    if letters.len() <= width {
        return vec![line];
    }
    let places = places(letters, within);
    let fits = |at: &usize| (own + 1..=width).contains(at);
    // As far to the right as there is room, but preferably not in a call within a call.
    let breaks = places.breaks.iter().filter(|(at, _)| fits(at));
    let natural = breaks.max_by_key(|(at, cost)| at.saturating_add(200) - cost.min(&200));
    // A string continues after a backslash, which swallows the spaces of the next line.
    let in_string = places.in_strings.iter().rev().find(|at| fits(&(*at + 1)));
    let (at, end) = match (natural, in_string) {
        (Some((at, _)), _) => (*at, ""),
        (None, Some(at)) => (*at, "\\"),
        (None, None) => return vec![line],
    };
    let head: String = letters[..at].iter().collect();
    let head = if end.is_empty() { head.trim_end().to_owned() } else { head + end };
    let tail: String = letters[at..].iter().collect();
    let rest: Vec<char> = format!("{}{}", " ".repeat(indent + 4), tail.trim()).chars().collect();
    let within = places.quoted.get(at).copied().unwrap_or(false);
    // Each round leaves less to break.
    let lines = if rest.len() < letters.len() {
        broken(&rest, indent, indent + 4, width, within)
    } else {
        vec![rest.into_iter().collect()]
    };
    [vec![head], lines].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays() {
        assert_eq!(text("  a  b", 6), ["  a  b"]);
        assert_eq!(code("let a = 1; // one", 17), ["let a = 1; // one"]);
    }

    #[test]
    fn a_formula_goes_on_with_its_sign_of_equality() {
        let lines = text("from the loss to y   ∂L/∂yⱼ = Σₖ wⱼₖ·(pₖ − tₖ)   =   0.123", 54);
        assert_eq!(lines, ["from the loss to y   ∂L/∂yⱼ = Σₖ wⱼₖ·(pₖ − tₖ)", "  = 0.123"]);
        assert_eq!(
            text("  = 12345 − 67 · (89) = 12345", 26),
            ["  = 12345 − 67 · (89)", "    = 12345"]
        );
        assert_eq!(text("[(4, 9, 82), (7, 9, 61)]", 14), ["[(4, 9, 82),", "  (7, 9, 61)]"]);
        assert_eq!(text("unbreakable", 4), ["unbreakable"]);
    }

    #[test]
    fn code_breaks_outside_of_strings_and_between_calls() {
        let line = "println!(\"{} {}\", train.images[[8, 5, 13]], x_train[[8, 5 * 28 + 13]]);";
        let lines = code(line, 56);
        let broken =
            ["println!(\"{} {}\", train.images[[8, 5, 13]],", "    x_train[[8, 5 * 28 + 13]]);"];
        assert_eq!(lines, broken);
        let lines =
            code("let fit = Fit::epochs(50).validation_split(0.5).verbose(Verbose::Silent);", 56);
        let broken =
            ["let fit = Fit::epochs(50).validation_split(0.5)", "    .verbose(Verbose::Silent);"];
        assert_eq!(lines, broken);
        assert_eq!(code("  f(\"a \\\" b // c\", d)", 20), ["  f(\"a \\\" b // c\",", "      d)"]);
    }

    #[test]
    fn a_string_goes_on_behind_a_backslash() {
        let lines = code("    println!(\"{i:3}  ({row:2})  {x:.4} = {xw:7.4}\", row);", 36);
        let broken = [
            "    println!(",
            "        \"{i:3}  ({row:2})  {x:.4} \\",
            "        = {xw:7.4}\", row);",
        ];
        assert_eq!(lines, broken);
    }

    #[test]
    fn the_arguments_of_a_closure_stay_together() {
        let lines = code("let least = images.fold(255, |least, &byte| byte.min(least));", 44);
        let broken = ["let least = images.fold(255, |least, &byte|", "    byte.min(least));"];
        assert_eq!(lines, broken);
    }

    #[test]
    fn a_comment_goes_before_its_code() {
        let lines = code("    Sgd::default(),   // w ← w − 0.01 · ∂L/∂w", 30);
        assert_eq!(lines, ["    // w ← w − 0.01 · ∂L/∂w", "    Sgd::default(),"]);
        assert_eq!(code("// one two three", 10), ["// one two", "// three"]);
    }

    #[test]
    fn paragraphs_break_at_spaces_that_may_break() {
        assert_eq!(wrap("una red neuronal", 8), ["una red", "neuronal"]);
        assert_eq!(wrap("60\u{a0}000 imágenes", 8), ["60\u{a0}000", "imágenes"]);
        assert_eq!(wrap("inquebrantable", 4), ["inquebrantable"]);
        assert_eq!(wrap("en a.org/uno/dos?x=1. Y", 10), ["en", "a.org/uno/", "dos?x=1. Y"]);
        assert_eq!(wrap("", 4), [""]);
    }
}
