//! Confusion matrices: counts of predicted by true labels, coloured by their share of the row.

use crate::figure::Figure;
use crate::layout::{Layout, NARROW};
use crate::measure;
use crate::palette::{Color, EDGE, GRID, INK, SOFT, share};
use crate::panel::{TICK, WORD};
use crate::scene::{Area, Label, Pixels, Raster, Scene, Shape, Stroke};
use crate::text;
use neurona_core::message::{Decimal, Lang, Say};

/// With more classes than this, counts could not be read and are left out.
const MOST: usize = 40;
/// Class names are cut past this width.
const LONGEST_NAME: f64 = 130.0;

/// The counts for each true label (row) and predicted label (column), with a colour bar.
///
/// A cell's colour is its share of the row, so classes of different sizes compare; its digits are
/// dark or white, whichever reads better. Classes without a name are numbered from 0; missing
/// counts are 0. With more than 40 classes only the colours are drawn, and some of the names.
/// Without classes the figure says "no data".
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::confusion_matrix;
///
/// let counts = [vec![50, 2], vec![5, 43]];
/// let figure = confusion_matrix(&counts, &["cat".into(), "dog".into()], Lang::En);
/// assert!(figure.svg().contains("accuracy 93.00%"));
/// ```
pub fn confusion_matrix(counts: &[Vec<u64>], class_names: &[String], lang: Lang) -> Figure {
    let table = Table::new(counts, class_names, lang);
    let classes = table.names.len();
    let title = text::confusion_title();
    let summary = table.summary(lang);
    let description = match classes {
        0 => text::no_data(),
        _ => text::confusion_text(classes, &summary),
    };
    Figure::laid_out(title.get(lang), description.get(lang), lang, |layout| {
        let page = Page::new(&table, layout, lang);
        let mut scene = Scene::new(page.width, page.height);
        let centre = page.cells.middle();
        scene.text(Label::new(centre, 30.0, title.get(lang)).size(15.0).centred());
        if classes == 0 {
            let label = Label::new(centre, page.cells.y + 40.0, text::no_data().get(lang));
            scene.text(label.size(13.0).color(SOFT).centred());
            return scene;
        }
        scene.text(Label::new(centre, 49.0, &*summary).size(TICK).color(SOFT).centred());
        cells(&mut scene, &table, &page, lang);
        names(&mut scene, &table, &page, lang);
        if layout == Layout::Wide {
            color_bar(&mut scene, &page, lang);
        }
        scene
    })
}

/// The counts as a square, with a name for each class.
struct Table {
    counts: Vec<Vec<u64>>,
    names: Vec<String>,
}

impl Table {
    fn new(counts: &[Vec<u64>], class_names: &[String], lang: Lang) -> Table {
        let columns = counts.iter().map(Vec::len).max().unwrap_or(0);
        let classes = columns.max(counts.len());
        let count = |row: usize, column: usize| {
            counts.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
        };
        let name = |i: usize| match class_names.get(i) {
            Some(name) => measure::fit(name, TICK, LONGEST_NAME),
            None => i.say(lang),
        };
        Table {
            counts: (0..classes).map(|r| (0..classes).map(|c| count(r, c)).collect()).collect(),
            names: (0..classes).map(name).collect(),
        }
    }

    /// The sum of a row, in floating point because counts may be as large as they like.
    fn row(&self, row: usize) -> f64 {
        self.counts[row].iter().map(|&count| count as f64).sum()
    }

    /// One pixel per cell.
    fn raster(&self) -> Raster {
        let mut pixels = vec![];
        for (r, row) in self.counts.iter().enumerate() {
            let total = self.row(r).max(1.0);
            for &count in row {
                let Color(red, green, blue) = share(count as f64 / total);
                pixels.extend([red, green, blue]);
            }
        }
        let classes = self.counts.len();
        Raster { width: classes, height: classes, pixels: Pixels::Rgb(pixels) }
    }

    fn summary(&self, lang: Lang) -> String {
        let total: u64 = self.counts.iter().flatten().fold(0, |sum, &n| sum.saturating_add(n));
        let right: f64 = self.counts.iter().enumerate().map(|(i, row)| row[i] as f64).sum();
        let share = if total == 0 { 0.0 } else { right / total as f64 * 100.0 };
        // An error in ten thousand must not round to perfection.
        let share = if share < 100.0 { (share * 100.0).floor() / 100.0 } else { share };
        text::confusion_summary(total as usize, Decimal(share, 2)).get(lang).to_owned()
    }
}

/// Where everything goes.
struct Page {
    width: f64,
    height: f64,
    cells: Area,
    /// Where the words along the rows are.
    word: f64,
    /// The side of a cell.
    side: f64,
    /// The size of the counts.
    digits: f64,
    /// Whether the names below do not fit upright in their columns.
    slanted: bool,
}

impl Page {
    fn new(table: &Table, layout: Layout, lang: Lang) -> Page {
        let classes = table.names.len().max(2) as f64;
        // Measured at size 1.
        let counts = table.counts.iter().flatten();
        let widest =
            counts.map(|&n| measure::width(&(n as usize).say(lang), 1.0)).fold(0.0, f64::max);
        let widest = widest.max(1e-9);
        let (smallest, air) = layout.pick((8.5, 8.0), (8.5, 1.6));
        let name = table.names.iter().map(|name| measure::width(name, TICK)).fold(0.0, f64::max);
        let left = layout.pick(18.0 + WORD + 14.0, 6.0 + WORD + 6.0) + name + 10.0;
        let right = layout.pick(100.0, 6.0);
        let room = layout.pick(520.0, NARROW - left - right);
        let least = layout.pick(28.0, 20.0);
        let side = (room / classes).clamp(least, 84.0).max(widest * smallest + air);
        let side = if table.names.len() > MOST { layout.pick(640.0, room) / classes } else { side };
        let largest = layout.pick(side * 0.36, side);
        let digits = ((side - air) / widest).clamp(smallest, 13.0).min(largest).max(smallest);
        // With many classes only some are named, so their names have more than a column.
        let slanted = name > side.max(15.0) - 6.0;
        let below = if slanted { name * 0.71 + 22.0 } else { 24.0 };
        let wide = side * classes;
        let height = 66.0 + wide + below + 36.0;
        let width = left + wide + right;
        // The heading is centred on the cells and may be wider than they are.
        let heading = measure::width(&table.summary(lang), TICK).max(160.0);
        let shift = (heading / 2.0 + 12.0 - (left + wide / 2.0)).max(0.0);
        let cells = Area::new(left + shift, 66.0, wide, wide);
        let word = cells.x - 10.0 - name - layout.pick(14.0, 6.0) - WORD / 2.0;
        let width = (width + shift).max(left + shift + wide / 2.0 + heading / 2.0 + 4.0);
        Page { width, height, cells, word, side, digits, slanted }
    }
}

fn cells(scene: &mut Scene, table: &Table, page: &Page, lang: Lang) {
    let side = page.side;
    if table.counts.len() > MOST {
        let raster = table.raster();
        scene.push(Shape::Image { area: page.cells, raster });
        scene.rect(page.cells, None, Some(Stroke::new(EDGE, 1.0)));
        return;
    }
    for (r, row) in table.counts.iter().enumerate() {
        let total = table.row(r).max(1.0);
        for (c, &count) in row.iter().enumerate() {
            let (x, y) = (page.cells.x + side * c as f64, page.cells.y + side * r as f64);
            let fill = share(count as f64 / total);
            scene.rect(Area::new(x, y, side, side), Some(fill), Some(Stroke::new(GRID, 1.0)));
            // Zeros are most of a good matrix: quieter, they let the mistakes stand out.
            let label = Label::new(x + side / 2.0, y + side / 2.0, (count as usize).say(lang));
            let label = label.size(page.digits).centred().level();
            scene.text(if count == 0 { label.color(SOFT) } else { label.on(fill) });
        }
    }
    scene.rect(page.cells, None, Some(Stroke::new(EDGE, 1.0)));
}

fn names(scene: &mut Scene, table: &Table, page: &Page, lang: Lang) {
    let Page { cells, side, .. } = *page;
    let tick = Stroke::new(EDGE, 1.0);
    let step = (15.0 / side).ceil().max(1.0) as usize;
    for (i, name) in table.names.iter().enumerate().step_by(step) {
        let (x, y) = (cells.x + side * (i as f64 + 0.5), cells.y + side * (i as f64 + 0.5));
        scene.line((cells.x - 4.0, y), (cells.x, y), tick);
        scene.line((x, cells.bottom()), (x, cells.bottom() + 4.0), tick);
        let label = Label::new(cells.x - 8.0, y, name).size(TICK).color(SOFT);
        scene.text(label.ending().level());
        let below = cells.bottom() + if page.slanted { 12.0 } else { 17.0 };
        let label = Label::new(x, below, name).size(TICK).color(SOFT);
        scene.text(if page.slanted { label.ending().level().turn(-45.0) } else { label.centred() });
    }
    let word = Label::new(page.word, cells.y + cells.height / 2.0, text::true_label().get(lang));
    scene.text(word.size(WORD).color(INK).centred().level().turn(-90.0));
    let word = Label::new(cells.middle(), page.height - 16.0, text::predicted_label().get(lang));
    scene.text(word.size(WORD).color(INK).centred());
}

fn color_bar(scene: &mut Scene, page: &Page, lang: Lang) {
    let Area { y, height, .. } = page.cells;
    // Two classes make a low matrix; the bar needs room for its numbers all the same.
    let area = Area::new(page.cells.right() + 22.0, y, 14.0, height);
    let colors = (0..256).rev().map(|i| share(f64::from(i) / 255.0));
    let pixels = colors.flat_map(|Color(red, green, blue)| [red, green, blue]).collect();
    let raster = Raster { width: 1, height: 256, pixels: Pixels::Rgb(pixels) };
    scene.push(Shape::Image { area, raster });
    scene.rect(area, None, Some(Stroke::new(EDGE, 1.0)));
    for percent in [0, 20, 40, 60, 80, 100] {
        let at = area.bottom() - area.height * f64::from(percent) / 100.0;
        let (from, to) = ((area.right(), at), (area.right() + 4.0, at));
        scene.line(from, to, Stroke::new(EDGE, 1.0));
        let label = Label::new(area.right() + 7.0, at, percent.to_string());
        scene.text(label.size(10.0).color(SOFT).level());
    }
    let x = area.right() + 42.0;
    let word = Label::new(x, y + height / 2.0, text::row_share().get(lang));
    scene.text(word.size(TICK).color(INK).centred().level().turn(-90.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn ten_classes_fit_a_telephone() {
        let counts: Vec<Vec<u64>> =
            (0..10).map(|r| (0..10).map(|c| if r == c { 1135 } else { c }).collect()).collect();
        for lang in Lang::ALL {
            let narrow = confusion_matrix(&counts, &[], lang).narrow().expect("two layouts");
            assert!(narrow.width() <= NARROW, "{}", narrow.width());
        }
    }

    /// A matrix with most of each row on the diagonal.
    fn matrix(classes: usize, scale: u64) -> Vec<Vec<u64>> {
        let count = |r: usize, c: usize| if r == c { 90 } else { (r * 7 + c * 5) as u64 % 4 };
        (0..classes).map(|r| (0..classes).map(|c| count(r, c) * scale).collect()).collect()
    }

    #[test]
    fn from_one_to_twenty_classes_and_huge_counts() {
        let long = |i: usize| format!("clase <{i}> & un nombre realmente muy largo");
        for lang in Lang::ALL {
            for classes in [0, 1, 2, 3, 10, 20, 41, 150] {
                for scale in [0, 1, 1_000, 10_000_000_000] {
                    let names: Vec<String> = (0..classes).map(long).collect();
                    let counts = matrix(classes, scale);
                    check::figure(&confusion_matrix(&counts, &names, lang));
                    check::figure(&confusion_matrix(&counts, &[], lang));
                }
            }
        }
    }

    #[test]
    fn ragged_counts_and_the_largest_ones_are_taken_as_they_are() {
        let counts = [vec![u64::MAX, u64::MAX, 3], vec![], vec![1]];
        check::figure(&confusion_matrix(&counts, &[], Lang::En));
    }

    #[test]
    fn accuracy_never_rounds_up_to_perfect() {
        let counts = [vec![99_999, 1], vec![0, 100_000]];
        let svg = confusion_matrix(&counts, &[], Lang::Es).svg();
        assert!(svg.contains("200\u{a0}000 muestras, exactitud 99,99\u{a0}%"), "{svg}");
        assert!(svg.contains("etiqueta verdadera") && svg.contains("proporción de la fila (%)"));
    }
}
