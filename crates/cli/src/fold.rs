//! Lines that are too long for a terminal, broken where they can be: code stays code, and a formula reads on.

/// A line of what was printed or calculated, broken at spaces; what goes on is indented. A longer word stays whole.
pub(crate) fn text(line: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let indent = letters.iter().take_while(|c| **c == ' ').count();
    if letters.len() <= width {
        return vec![line.to_owned()];
    }
    let gap = |at: &usize| letters[*at] == ' ' && *at > indent;
    let Some(at) = (0..=width).rev().find(gap).or_else(|| (width..letters.len()).find(gap)) else {
        return vec![line.to_owned()];
    };
    let head: String = letters[..at].iter().collect();
    let tail: String = letters[at..].iter().collect();
    // A sign of equality begins what it leads to.
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

/// Whether a line begins with a sign of equality, and so is indented already.
fn is_continued(letters: &[char]) -> bool {
    letters.iter().find(|c| **c != ' ') == Some(&'=')
}

/// A line of Rust, broken outside of its strings; a comment at its end goes before it.
pub(crate) fn code(line: &str, width: usize) -> Vec<String> {
    if line.chars().count() <= width {
        return vec![line.to_owned()];
    }
    let letters: Vec<char> = line.chars().collect();
    let indent = letters.iter().take_while(|c| **c == ' ').count();
    let places = places(&letters);
    let Some(comment) = places.comment else { return broken(&letters, indent, indent, width) };
    let words: String = letters[comment..].iter().collect();
    let margin = " ".repeat(indent);
    let room = width.saturating_sub(indent + 3);
    let words = crate::terminal::wrap(words.trim_start_matches('/'), room);
    let mut lines: Vec<String> = words.iter().map(|words| format!("{margin}// {words}")).collect();
    let before: String = letters[..comment].iter().collect();
    if !before.trim().is_empty() {
        lines.extend(code(before.trim_end(), width));
    }
    lines
}

/// Where code may be broken, each with how deep in brackets that is; and where its comment begins.
struct Places {
    breaks: Vec<(usize, usize)>,
    comment: Option<usize>,
}

fn places(letters: &[char]) -> Places {
    let mut places = Places { breaks: Vec::new(), comment: None };
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, &c) in letters.iter().enumerate() {
        let (before, after) = (at.checked_sub(1).map(|i| letters[i]), letters.get(at + 1));
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '/' if after == Some(&'/') => {
                places.comment = Some(at);
                break;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ' ' => places.breaks.push((at + 1, depth)),
            '.' if matches!(before, Some(')' | '?')) => places.breaks.push((at, depth)),
            _ => {}
        }
    }
    places
}

/// A line at its own indent, or at that of what goes on.
fn broken(letters: &[char], indent: usize, own: usize, width: usize) -> Vec<String> {
    let line: String = letters.iter().collect();
    // As far to the right as there is room, but rather not between the brackets of a call within a call.
    let worth = |(at, depth): &(usize, usize)| (*at + 1).saturating_sub(12 * depth);
    let fits = |place: &(usize, usize)| (own + 1..=width).contains(&place.0);
    let breaks = places(letters).breaks.into_iter().filter(fits);
    let Some((at, _)) = breaks.max_by_key(worth).filter(|_| letters.len() > width) else {
        return vec![line];
    };
    let head: String = letters[..at].iter().collect();
    let tail: String = letters[at..].iter().collect();
    let rest: Vec<char> = format!("{}{}", " ".repeat(indent + 4), tail.trim()).chars().collect();
    let mut lines = vec![head.trim_end().to_owned()];
    if rest.len() < letters.len() {
        lines.extend(broken(&rest, indent, indent + 4, width));
    } else {
        lines.push(rest.into_iter().collect());
    }
    lines
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
    fn a_comment_goes_before_its_code() {
        let lines = code("    Sgd::default(),   // w ← w − 0.01 · ∂L/∂w", 30);
        assert_eq!(lines, ["    // w ← w − 0.01 · ∂L/∂w", "    Sgd::default(),"]);
        assert_eq!(code("// one two three", 10), ["// one two", "// three"]);
    }
}
