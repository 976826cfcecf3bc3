//! The report: the whole story as one page of HTML that needs nothing else.

use super::figures::{self, Made, Picture};
use super::story::{Block, Story};
use super::testing::Tested;
use super::training::Trained;
use super::{course, texts};
use crate::args::GuideOptions;
use crate::fold;
use crate::numbers::Fixed;
use neurona::ConfusionMatrix;
use neurona::message::{Lang, Text};
use neurona::plot::Figure;
use neurona::train::History;

const STYLE: &str = include_str!("report.css");

/// The page.
pub(super) fn page(
    story: &Story,
    tested: &Tested,
    trained: &Trained,
    options: &GuideOptions,
) -> String {
    let page = Page { lang: story.lang, figures: &story.figures, history: &trained.history };
    let say = |text: Text| escape(text.get(story.lang));
    let title = say(texts::title());
    let body: Vec<String> = story.blocks.iter().map(|block| page.block(block)).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>\n{figures}{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n{facts}</header>\n\
         {contents}<main>\n<section>\n{body}</section>\n</main>\n<footer>\n<p>{made}</p>\n<p>{credit}</p>\n\
         </footer>\n</body>\n</html>\n",
        code = story.lang.code(),
        figures = Figure::STYLE,
        facts = page.facts(tested, trained, options),
        contents = page.contents(&story.blocks),
        body = body.concat(),
        made =
            inline(texts::made_with(env!("CARGO_PKG_VERSION"), &command(options)).get(story.lang)),
        credit = say(texts::data_credit()),
    )
}

/// The command that gives the same numbers.
fn command(options: &GuideOptions) -> String {
    format!("neurona guide --epochs {} --seed {}", options.epochs, options.seed)
}

struct Page<'a> {
    lang: Lang,
    figures: &'a [Made],
    history: &'a History,
}

impl Page<'_> {
    fn say(&self, text: &Text) -> String {
        escape(text.get(self.lang))
    }

    /// The result and the settings behind it, at a glance.
    fn facts(&self, tested: &Tested, trained: &Trained, options: &GuideOptions) -> String {
        let threads = options.threads.unwrap_or_else(figures::all_threads);
        let facts = [
            (texts::test_accuracy(), texts::number(Fixed(tested.matrix.accuracy(), 4))),
            (texts::test_loss(), texts::number(Fixed(tested.scores.loss, 4))),
            (texts::epochs_word(), texts::count(options.epochs)),
            (texts::seed_word(), Text::verbatim(options.seed.to_string())),
            (texts::threads_word(), texts::count(threads)),
            (texts::time_word(), course::time(trained.seconds)),
        ];
        let facts = facts.iter().map(|(name, value)| {
            format!("<div><dt>{}</dt><dd>{}</dd></div>\n", self.say(name), self.say(value))
        });
        format!("<dl class=\"facts\">\n{}</dl>\n", concat(facts))
    }

    fn contents(&self, blocks: &[Block]) -> String {
        let steps = blocks.iter().filter_map(|block| match block {
            Block::Step(number, title) => Some((*number, title)),
            _ => None,
        });
        let items = steps.map(|(number, title)| {
            let mark = number.map_or("→".to_owned(), |number| number.to_string());
            let id = anchor(number, title);
            format!("<li><a href=\"#{id}\"><span>{mark}</span> {}</a></li>\n", escape(title))
        });
        let heading = self.say(&texts::contents());
        let items = concat(items);
        format!("<nav aria-label=\"{heading}\">\n<ol>\n{items}</ol>\n</nav>\n")
    }

    fn block(&self, block: &Block) -> String {
        match block {
            Block::Step(number, title) => heading(*number, title),
            Block::Text(text) => format!("<p>{}</p>\n", inline(text)),
            Block::Note(text) => format!("<aside><p>{}</p></aside>\n", inline(text)),
            Block::List(items) => {
                let items = items.iter().map(|item| format!("<li>{}</li>\n", inline(item)));
                format!("<ul>\n{}</ul>\n", concat(items))
            }
            Block::Code(code) => {
                format!(
                    "<pre class=\"code\" tabindex=\"0\" lang=\"en\">{}</pre>\n",
                    both_widths(code)
                )
            }
            Block::Output(text) => self.output("output", text),
            Block::Summary(summary) => self.output("output box", &summary.to_string()),
            Block::Formula(text) => {
                format!("<pre class=\"formula\" tabindex=\"0\">{}</pre>\n", escape(text))
            }
            Block::Lines(text) => {
                format!("<pre class=\"code\" tabindex=\"0\">{}</pre>\n", escape(text))
            }
            Block::Matrix(matrix, mistakes) => {
                self.matrix(matrix) + &self.output("output", mistakes)
            }
            Block::History => self.history(),
            Block::Picture(picture) => self.picture(*picture),
        }
    }

    fn output(&self, class: &str, text: &str) -> String {
        let name = self.say(&texts::output_of_code());
        format!(
            "<pre class=\"{class}\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><samp>{}</samp></pre>\n",
            escape(text.trim_end())
        )
    }

    fn picture(&self, picture: Picture) -> String {
        let Some(made) = self.figures.iter().find(|made| made.picture == picture) else {
            return String::new();
        };
        let figure = made.figure.html();
        let caption = escape(&figures::capital(picture.caption().get(self.lang)));
        format!(
            "<figure class=\"{}\">\n<div class=\"panel\" tabindex=\"0\">{figure}</div>\n\
             <figcaption>{caption}.</figcaption>\n</figure>\n",
            picture.name()
        )
    }

    fn history(&self) -> String {
        let column = |name: &str| self.history.get(name).unwrap_or_default();
        let rows = self.history.epoch.iter().zip(column("loss")).zip(column("accuracy"));
        let rows = rows.map(|((epoch, &loss), &accuracy)| {
            let numbers = [loss, accuracy].map(|x| self.say(&texts::number(Fixed(x, 4))));
            [vec![(epoch + 1).to_string()], numbers.to_vec()].concat()
        });
        let head = [texts::epoch_word(), texts::loss_word(), texts::accuracy_word()];
        numbers(head.iter().map(|word| self.say(word)), rows)
    }

    /// Each cell is as dark as its share of the row; numbers say the same.
    fn matrix(&self, matrix: &ConfusionMatrix) -> String {
        let classes = matrix.counts().ncols();
        let head = concat((0..classes).map(|c| format!("<th scope=\"col\">{c}</th>")));
        let rows = matrix.counts().outer_iter().enumerate().map(|(label, row)| {
            let total = row.sum().max(1) as f64;
            let cells = row.iter().enumerate().map(|(answer, &count)| {
                let share = count as f64 / total;
                let class = match () {
                    () if count == 0 => "none",
                    () if answer == label => "right",
                    () => "wrong",
                };
                let text = self.say(&texts::count(count as usize));
                format!("<td class=\"{class}\" style=\"--share:{:.3}\">{text}</td>", share.sqrt())
            });
            let recall = self.say(&texts::percent(Fixed(100.0 * matrix.recall(label), 1)));
            let cells = concat(cells);
            format!(
                "<tr><th scope=\"row\">{label}</th>{cells}<td class=\"recall\">{recall}</td></tr>\n"
            )
        });
        format!(
            "<div class=\"scroll\" tabindex=\"0\"><table class=\"matrix\">\n<caption>{caption}</caption>\n<thead>\n\
             <tr><td></td><th colspan=\"{classes}\" scope=\"colgroup\">{predicted}</th><td></td></tr>\n\
             <tr><th scope=\"col\">{truth}</th>{head}<th scope=\"col\">{recall}</th></tr>\n</thead>\n\
             <tbody>\n{rows}</tbody>\n</table></div>\n",
            caption = self.say(&texts::matrix_caption()),
            predicted = self.say(&texts::predicted_digit()),
            truth = self.say(&texts::true_digit()),
            recall = self.say(&texts::recall()),
            rows = concat(rows),
        )
    }
}

/// How many columns of code a telephone shows.
const NARROW: usize = 44;

/// Code as it is and, if it is too wide for a telephone, also broken for one: the style shows one
/// of the two.
fn both_widths(code: &str) -> String {
    let folded: Vec<String> = code.lines().flat_map(|line| fold::code(line, NARROW)).collect();
    let folded = folded.join("\n");
    if folded == code {
        return format!("<code>{}</code>", escape(code));
    }
    let [wide, narrow] = [code, &folded].map(escape);
    format!("<code class=\"wide\">{wide}</code><code class=\"narrow\">{narrow}</code>")
}

/// A heading opens a section and closes the one before.
fn heading(number: Option<usize>, title: &str) -> String {
    let id = anchor(number, title);
    let mark =
        number.map_or(String::new(), |number| format!("<span class=\"number\">{number}</span> "));
    format!(
        "</section>\n<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{mark}{}</h2>\n",
        escape(title)
    )
}

fn anchor(number: Option<usize>, title: &str) -> String {
    let letters = |c: char| if c.is_alphanumeric() { c } else { '-' };
    number.map_or_else(
        || title.chars().take_while(|c| *c != ':').map(letters).collect(),
        |number| format!("step-{number}"),
    )
}

/// A table of numbers, with the name of each column.
fn numbers(head: impl Iterator<Item = String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let head = concat(head.map(|name| format!("<th scope=\"col\">{name}</th>")));
    let row = |cells: Vec<String>| {
        let cells = concat(cells.iter().map(|cell| format!("<td>{cell}</td>")));
        format!("<tr>{cells}</tr>\n")
    };
    let rows = concat(rows.map(row));
    format!(
        "<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers\">\n<thead><tr>{head}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

fn concat(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().concat()
}

/// Text with its code marked up: whatever stands between two back quotes.
fn inline(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(i, part)| match i % 2 {
        0 => escape(part),
        _ => format!("<code>{}</code>", escape(part)),
    });
    parts.collect()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            _ => out.push(c),
        }
    }
    out
}
