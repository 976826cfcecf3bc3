//! Mutants behind switches: a source file rewritten so that each is chosen when the program runs.
//!
//! `a + b` becomes `(if crate::__mutant(7) { a - b } else { a + b })`; a function with a fixed
//! value returns it first; an arm that is deleted gets a guard that fails. Unlike in the text, an
//! operator's operands stay the same when another operator binds more tightly or more loosely.
//!
//! Mutants that the compiler refuses are found by marks: `/*[7*/` and `/*]*/` surround what belongs
//! to mutant 7.

use super::Place;
use super::list::{Genre, Mutant};
use std::collections::HashMap;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Arm, BinOp, Block, Expr, ExprBinary, ExprMatch, ExprStruct, ExprUnary, Member};

/// A piece of the text that replaces an expression.
#[derive(Clone, Debug)]
enum Piece {
    /// This part of the source, with the mutants in it.
    Source(Range<usize>),
    Text(String),
}

/// A place with mutants.
#[derive(Debug)]
struct Site {
    range: Range<usize>,
    change: Change,
}

#[derive(Debug)]
enum Change {
    /// This text is inserted.
    Insert(String),
    /// An expression has these alternatives.
    Choose(Vec<(usize, Vec<Piece>)>),
}

/// The file with its mutants, each with its number, and the mutants that cannot be behind a switch.
pub(crate) fn plant(source: &str, mutants: &[(usize, &Mutant)]) -> (String, Vec<usize>) {
    let Ok(file) = syn::parse_file(source) else {
        return (source.to_owned(), mutants.iter().map(|&(number, _)| number).collect());
    };
    let mut wanted: HashMap<(Genre, usize), Vec<(usize, String)>> = HashMap::new();
    for (number, mutant) in mutants {
        let place = (mutant.genre, offset(source, mutant.place));
        wanted.entry(place).or_default().push((*number, mutant.replacement.clone()));
    }
    let mut finder = Finder { wanted, sites: Vec::new() };
    finder.visit_file(&file);
    // From left to right, the outer before the inner; an insertion goes outside anything that
    // begins there.
    finder.sites.sort_by_key(|site| {
        let chooses = matches!(site.change, Change::Choose(_));
        (site.range.start, chooses, std::cmp::Reverse(site.range.end))
    });
    let mut lost: Vec<usize> =
        finder.wanted.into_values().flatten().map(|(number, _)| number).collect();
    lost.sort_unstable();
    (text(source, &finder.sites, 0..source.len()), lost)
}

/// The byte offset of a place.
fn offset(source: &str, place: Place) -> usize {
    let before: usize =
        source.split_inclusive('\n').take(place.line.saturating_sub(1)).map(str::len).sum();
    let line = &source[before..];
    before
        + line.char_indices().nth(place.column.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

/// The mutants to which a byte of a planted file belongs.
pub(crate) fn marked(planted: &str, at: usize) -> Vec<usize> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = planted.get(..at).unwrap_or(planted);
    while let Some((_, comment)) = rest.split_once("/*") {
        let (comment, after) = comment.split_once("*/").unwrap_or((comment, ""));
        if let Some(numbers) = comment.strip_prefix('[') {
            open.push(numbers);
        } else if comment == "]" {
            open.pop();
        }
        rest = after;
    }
    open.last().into_iter().flat_map(|numbers| numbers.split(' ')).flat_map(str::parse).collect()
}

/// The source in this range, with the first sites that are in it and not inside one another.
fn text(source: &str, sites: &[Site], range: Range<usize>) -> String {
    let (mut written, mut at) = (String::new(), range.start);
    for (place, site) in sites.iter().enumerate() {
        let Range { start, end } = site.range;
        // An insertion at the end of an expression goes behind it.
        if start < at || end > range.end || start == end && end == range.end {
            continue;
        }
        written += &source[at..site.range.start];
        let inner = &sites[place + 1..];
        match &site.change {
            Change::Insert(inserted) => written += inserted,
            Change::Choose(alternatives) => {
                written += &format!("/*[{}*/(", numbers(alternatives));
                for (number, pieces) in alternatives {
                    written += &format!("/*[{number}*/if crate::__mutant({number}) {{ ");
                    for piece in pieces {
                        match piece {
                            Piece::Source(range) => written += &text(source, inner, range.clone()),
                            Piece::Text(text) => written += text,
                        }
                    }
                    written += " }/*]*/ else ";
                }
                let original = text(source, inner, site.range.clone());
                written += &format!("{{ {original} }})/*]*/");
            }
        }
        at = site.range.end;
    }
    written + &source[at..range.end]
}

/// Finds the places that mutants change.
struct Finder {
    /// The mutants not found yet, by kind and place.
    wanted: HashMap<(Genre, usize), Vec<(usize, String)>>,
    sites: Vec<Site>,
}

impl Finder {
    fn take(&mut self, genre: Genre, at: usize) -> Vec<(usize, String)> {
        self.wanted.remove(&(genre, at)).unwrap_or_default()
    }

    fn insert(&mut self, at: usize, text: String) {
        self.sites.push(Site { range: at..at, change: Change::Insert(text) });
    }

    /// Marks a range of the source as belonging to these mutants, except the parts in it that
    /// belong to others.
    fn mark(&mut self, range: Range<usize>, mutants: &[(usize, String)]) {
        if !mutants.is_empty() {
            self.insert(range.start, format!("/*[{}*/", numbers(mutants)));
            self.insert(range.end, "/*]*/".to_owned());
        }
    }

    fn choose(
        &mut self,
        range: Range<usize>,
        taken: Vec<(usize, String)>,
        pieces: impl Fn(String) -> Vec<Piece>,
    ) {
        let alternatives: Vec<_> =
            taken.into_iter().map(|(number, text)| (number, pieces(text))).collect();
        if !alternatives.is_empty() {
            self.sites.push(Site { range, change: Change::Choose(alternatives) });
        }
    }
}

/// The numbers of mutants, for a mark.
fn numbers<T>(mutants: &[(usize, T)]) -> String {
    mutants.iter().map(|(number, _)| number.to_string()).collect::<Vec<String>>().join(" ")
}

/// Whether `let` is in a chain of conditions: such a chain is not an expression that can be moved
/// elsewhere.
fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            has_let(&binary.left) || has_let(&binary.right)
        }
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_block(&mut self, block: &'ast Block) {
        if let Some(first) = block.stmts.first() {
            let at = first.span().byte_range().start;
            let taken = self.take(Genre::FnValue, at);
            self.mark(at..block.span().byte_range().end - 1, &taken);
            for (number, value) in taken {
                let fixed = format!(
                    "/*[{number}*/if crate::__mutant({number}) {{ return {value}; }}/*]*/ "
                );
                self.insert(at, fixed);
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        let (left, right) = (binary.left.span().byte_range(), binary.right.span().byte_range());
        if !has_let(&binary.left) && !has_let(&binary.right) {
            let taken = self.take(Genre::BinaryOperator, binary.op.span().byte_range().start);
            self.choose(left.start..right.end, taken, |operator| {
                vec![
                    Piece::Source(left.clone()),
                    Piece::Text(format!(" {operator} ")),
                    Piece::Source(right.clone()),
                ]
            });
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast ExprUnary) {
        let (start, operand) = (unary.op.span().byte_range().start, unary.expr.span().byte_range());
        let taken = self.take(Genre::UnaryOperator, start);
        self.choose(start..operand.end, taken, |_| vec![Piece::Source(operand.clone())]);
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_match(&mut self, matched: &'ast ExprMatch) {
        for Arm { guard, .. } in &matched.arms {
            if let Some((_, guard)) = guard
                && !has_let(guard)
            {
                let range = guard.span().byte_range();
                let taken = self.take(Genre::MatchArmGuard, range.start);
                self.choose(range, taken, |value| vec![Piece::Text(value)]);
            }
        }
        let mut all = Vec::new();
        for arm in &matched.arms {
            for (number, text) in self.take(Genre::MatchArm, arm.span().byte_range().start) {
                let guard = format!("/*[{number}*/ if !crate::__mutant({number})/*]*/");
                self.insert(arm.pat.span().byte_range().end, guard);
                all.push((number, text));
            }
        }
        let span = matched.span().byte_range();
        self.mark(span.start..span.end - 1, &all);
        visit::visit_expr_match(self, matched);
    }

    fn visit_expr_struct(&mut self, built: &'ast ExprStruct) {
        let whole = built.span().byte_range();
        let mut alternatives = Vec::new();
        for pair in built.fields.pairs() {
            let field = pair.value();
            if built.rest.is_some() && matches!(field.member, Member::Named(_)) {
                let range = field.span().byte_range();
                let end = pair.punct().map_or(range.end, |comma| comma.span().byte_range().end);
                let without =
                    [whole.start..range.start, end..whole.end].map(Piece::Source).to_vec();
                for (number, _) in self.take(Genre::StructField, range.start) {
                    alternatives.push((number, without.clone()));
                }
            }
        }
        if !alternatives.is_empty() {
            self.sites.push(Site { range: whole, change: Change::Choose(alternatives) });
        }
        visit::visit_expr_struct(self, built);
    }
}

#[cfg(test)]
mod tests {
    use super::super::PARTS;
    use super::*;

    fn mutant(genre: Genre, line: usize, column: usize, replacement: &str) -> Mutant {
        Mutant {
            part: &PARTS[0],
            file: String::new(),
            place: Place { line, column },
            genre,
            replacement: replacement.to_owned(),
            name: String::new(),
            diff: String::new(),
        }
    }

    /// Plants, takes the marks away and compares.
    fn check(source: &str, mutants: &[Mutant], expected: &str, lost: &[usize]) {
        let numbered: Vec<(usize, &Mutant)> = mutants.iter().enumerate().collect();
        let (planted, missing) = plant(source, &numbered);
        assert!(syn::parse_file(&planted).is_ok(), "{planted}");
        let plain: String =
            planted.split("/*").enumerate().fold(String::new(), |text, (place, piece)| {
                text + if place == 0 { piece } else { piece.split_once("*/").unwrap().1 }
            });
        assert_eq!(plain.replace("crate::__mutant", "m"), expected);
        assert_eq!(missing, lost);
    }

    #[test]
    fn every_genre_has_a_switch() {
        use Genre::*;
        let source = "fn f(a: i32, b: i32) -> i32 { a + b * -a }";
        check(
            source,
            &[
                mutant(BinaryOperator, 1, 33, "-"),
                mutant(BinaryOperator, 1, 37, "/"),
                mutant(BinaryOperator, 1, 33, "*"),
                mutant(UnaryOperator, 1, 39, ""),
                mutant(FnValue, 1, 31, "0"),
            ],
            "fn f(a: i32, b: i32) -> i32 { if m(4) { return 0; } \
             (if m(0) { a - (if m(1) { b / (if m(3) { a } else { -a }) } \
             else { b * (if m(3) { a } else { -a }) }) } \
             else if m(2) { a * (if m(1) { b / (if m(3) { a } else { -a }) } \
             else { b * (if m(3) { a } else { -a }) }) } \
             else { a + (if m(1) { b / (if m(3) { a } else { -a }) } \
             else { b * (if m(3) { a } else { -a }) }) }) }",
            &[],
        );
        check(
            "fn f(a: i32) -> i32 {\n  match a { 1 => 2, ñ if ñ > 4 => 3, _ => 4 }\n}",
            &[
                mutant(MatchArm, 2, 13, ""),
                mutant(MatchArmGuard, 2, 26, "true"),
                mutant(BinaryOperator, 2, 28, "<"),
            ],
            "fn f(a: i32) -> i32 {\n  match a { 1 if !m(0) => 2, ñ if \
             (if m(1) { true } else { (if m(2) { ñ < 4 } else { ñ > 4 }) }) => 3, _ => 4 }\n}",
            &[],
        );
        check(
            "fn f() -> S { S { a: 1, b: 2, ..S::default() } }",
            &[mutant(StructField, 1, 25, "")],
            "fn f() -> S { (if m(0) { S { a: 1,  ..S::default() } } \
             else { S { a: 1, b: 2, ..S::default() } }) }",
            &[],
        );
    }

    #[test]
    fn a_chain_with_let_has_none_but_its_conditions_have() {
        use Genre::*;
        check(
            "fn f() { if let Some(a) = b && a > 1 && c {} }",
            &[
                mutant(BinaryOperator, 1, 38, "||"),
                mutant(BinaryOperator, 1, 34, "=="),
                mutant(BinaryOperator, 1, 29, "||"),
            ],
            "fn f() { if let Some(a) = b && (if m(1) { a == 1 } else { a > 1 }) && c {} }",
            &[0, 2],
        );
    }

    #[test]
    fn a_byte_belongs_to_the_innermost_mutant() {
        let planted = "a /*[1 2*/(/*[1*/b/*]*/ c)/*]*/ d";
        let at = |letter| marked(planted, planted.find(letter).unwrap());
        assert!(at('a').is_empty());
        assert_eq!(at('b'), [1]);
        assert_eq!(at('c'), [1, 2]);
        assert!(at('d').is_empty());
    }
}
