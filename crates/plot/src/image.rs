//! Images as pixels: one with its axes, or many in a grid with their labels.

use crate::axis::{Ticks, ticks};
use crate::curves::heading;
use crate::figure::Figure;
use crate::layout::Layout;
use crate::measure;
use crate::palette::{EDGE, INK, ORANGE, ORANGE_TEXT, SOFT};
use crate::panel::{TICK, WORD};
use crate::scene::{Area, Label, Pixels, Raster, Scene, Shape, Stroke};
use crate::text;
use neurona_core::message::Lang;

/// A grayscale image: bytes row by row, 0 drawn white and 255 black.
///
/// Missing bytes count as 0, and bytes past `width * height` are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gray<'a> {
    /// The bytes, row by row.
    pub pixels: &'a [u8],
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Gray<'_> {
    fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The image with ink where its numbers are high.
    fn raster(self) -> Raster {
        let count = self.width.saturating_mul(self.height);
        let given = self.pixels.iter().map(|value| 255 - value);
        let pixels = given.chain(std::iter::repeat(255)).take(count).collect();
        Raster { width: self.width, height: self.height, pixels: Pixels::Gray(pixels) }
    }
}

/// The longer side of a single image on the page.
const LARGE: f64 = 364.0;

/// An image with the numbers of its rows and columns, as Matplotlib's `imshow` with `cmap="binary"`
/// draws it: the longer side is 364 pixels (254 on a telephone), each pixel a crisp square.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::{Gray, image};
///
/// let cross = [0, 255, 0, 255, 255, 255, 0, 255, 0];
/// let figure = image(Gray { pixels: &cross, width: 3, height: 3 }, Some("a cross"), Lang::En);
/// assert!(figure.svg().contains("data:image/png"));
/// ```
pub fn image(gray: Gray<'_>, title: Option<&str>, lang: Lang) -> Figure {
    let name = title.unwrap_or(text::image_title().get(lang)).to_owned();
    if gray.is_empty() {
        return nothing(name, lang);
    }
    let description = text::image_text(gray.height, gray.width);
    Figure::laid_out(name, description.get(lang), lang, |layout| draw(gray, title, layout, lang))
}

fn draw(gray: Gray<'_>, title: Option<&str>, layout: Layout, lang: Lang) -> Scene {
    let side = layout.pick(LARGE, 254.0) / gray.width.max(gray.height) as f64;
    // A strip of pixels keeps a visible thickness, even if its pixels stop being squares.
    let size = |count: usize| (count as f64 * side).max(18.0);
    let (width, height) = (size(gray.width), size(gray.height));
    let rows = pixel_ticks(gray.height, height, 26.0, lang);
    let columns = pixel_ticks(gray.width, width, 34.0, lang);
    let left = 44.0 + rows.labels.iter().map(|l| measure::width(l, TICK)).fold(0.0, f64::max);
    // A strip must still leave room for the words below it and beside it.
    let top = if title.is_some() { 52.0 } else { 22.0 } + (88.0 - height).max(0.0) / 2.0;
    let page = (left + width + 28.0).max(left + 150.0);
    let mut scene = Scene::new(page, top + height + 60.0);
    let left = left + (page - left - width - 28.0) / 2.0;
    let area = Area::new(left, top, width, height);
    heading(&mut scene, title.unwrap_or(""), area.middle());
    scene.push(Shape::Image { area, raster: gray.raster() });
    scene.rect(area, None, Some(Stroke::new(EDGE, 1.0)));
    let tick = Stroke::new(EDGE, 1.0);
    for (&value, label) in columns.values.iter().zip(&columns.labels) {
        let x = left + (value + 0.5) * width / gray.width as f64;
        scene.line((x, area.bottom()), (x, area.bottom() + 4.0), tick);
        let label = Label::new(x, area.bottom() + 17.0, label);
        scene.text(label.size(TICK).color(SOFT).centred());
    }
    for (&value, label) in rows.values.iter().zip(&rows.labels) {
        let y = top + (value + 0.5) * height / gray.height as f64;
        scene.line((left - 4.0, y), (left, y), tick);
        scene.text(Label::new(left - 8.0, y, label).size(TICK).color(SOFT).ending().level());
    }
    let word = Label::new(area.middle(), area.bottom() + 38.0, text::column_pixel().get(lang));
    scene.text(word.size(WORD).centred());
    let widest = rows.labels.iter().map(|l| measure::width(l, TICK)).fold(0.0, f64::max);
    let middle = top + height / 2.0;
    let word = Label::new(left - widest - 22.0, middle, text::row_pixel().get(lang));
    scene.text(word.size(WORD).centred().level().turn(-90.0));
    scene
}

/// Whole numbers from 0, at least `apart` pixels from each other.
fn pixel_ticks(count: usize, length: f64, apart: f64, lang: Lang) -> Ticks {
    let last = count.saturating_sub(1) as f64;
    if last == 0.0 {
        return Ticks { values: vec![0.0], labels: vec!["0".to_owned()] };
    }
    let found = ticks(0.0, last, (length / apart).clamp(1.0, 7.0) as usize, lang);
    // A few pixels would get ticks at halves.
    let whole = found.values.iter().zip(found.labels).filter(|(value, _)| value.fract() == 0.0);
    let (values, _): (Vec<f64>, Vec<String>) = whole.unzip();
    let labels = values.iter().map(|value| format!("{value:.0}")).collect();
    Ticks { values, labels }
}

/// One image of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridItem<'a> {
    /// The image.
    pub image: Gray<'a>,
    /// The words under it, over two lines at most.
    pub label: String,
    /// Whether to mark it as a mistake: a ✗, an orange label and an orange frame.
    pub wrong: bool,
}

/// The distance from one image of a grid to the next, if there is room.
const PITCH: f64 = 108.0;
/// The blank between two images.
const BLANK: f64 = 22.0;

/// Images in rows of `columns` (at least 1; on a telephone at most 4), each with its label under it. Mistakes are marked.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::{Gray, GridItem, image_grid};
///
/// let image = Gray { pixels: &[0, 255, 255, 0], width: 2, height: 2 };
/// let items = [
///     GridItem { image, label: "7".into(), wrong: false },
///     GridItem { image, label: "predicted 4, true 9".into(), wrong: true },
/// ];
/// let figure = image_grid(&items, 2, Some("Digits"), Lang::En);
/// assert!(figure.svg().contains("✗"));
/// ```
pub fn image_grid(
    items: &[GridItem<'_>],
    columns: usize,
    title: Option<&str>,
    lang: Lang,
) -> Figure {
    let name = title.unwrap_or(text::images_title().get(lang)).to_owned();
    if items.is_empty() {
        return nothing(name, lang);
    }
    let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
    let description = text::images_text(items.len(), &labels.join(", "));
    Figure::laid_out(name, description.get(lang), lang, |layout| {
        let columns = columns.clamp(1, items.len()).min(layout.pick(usize::MAX, 4));
        draw_grid(items, columns, title, layout, lang)
    })
}

fn draw_grid(
    items: &[GridItem<'_>],
    columns: usize,
    title: Option<&str>,
    layout: Layout,
    lang: Lang,
) -> Scene {
    // Down to a size at which digits can still be read, the images of a row share the width of the
    // page.
    let pitch = ((layout.width() - 8.0) / columns as f64).clamp(80.0, PITCH);
    let cell = pitch - BLANK;
    let lines = layout.pick(2, 3);
    let labels: Vec<Vec<String>> =
        items.iter().map(|item| label_lines(item, pitch - 6.0, lines)).collect();
    // A row is as tall as its longest label needs.
    let tallest = |row: &[Vec<String>]| row.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let rows: Vec<f64> =
        labels.chunks(columns).map(|row| cell + 14.0 + 14.0 * tallest(row) + 8.0).collect();
    let top = if title.is_some() { 52.0 } else { 22.0 };
    let any_wrong = items.iter().any(|item| item.wrong);
    let foot = if any_wrong { 26.0 } else { 4.0 };
    let width = (pitch * columns as f64 + 8.0).max(156.0);
    let height = top + rows.iter().sum::<f64>() + foot;
    let mut scene = Scene::new(width, height);
    heading(&mut scene, title.unwrap_or(""), width / 2.0);
    let start = (scene.width - pitch * columns as f64) / 2.0 + BLANK / 2.0;
    for (i, (item, lines)) in items.iter().zip(&labels).enumerate() {
        let x = start + pitch * (i % columns) as f64;
        let y = top + rows[..i / columns].iter().sum::<f64>();
        thumbnail(&mut scene, Area::new(x, y, cell, cell), item);
        for (line, text) in lines.iter().enumerate() {
            let label = Label::new(x + cell / 2.0, y + cell + 17.0 + 14.0 * line as f64, text);
            scene
                .text(label.size(TICK).color(if item.wrong { ORANGE_TEXT } else { INK }).centred());
        }
    }
    if any_wrong {
        let label = Label::new(scene.width - 24.0, height - 14.0, text::mistake().get(lang));
        scene.text(label.size(TICK).color(ORANGE_TEXT).ending());
    }
    scene
}

fn label_lines(item: &GridItem<'_>, room: f64, lines: usize) -> Vec<String> {
    let label = if item.wrong { format!("✗ {}", item.label) } else { item.label.clone() };
    measure::wrap(&label, TICK, room, lines)
}

/// An image as large as fits, in the middle of a square, with a frame.
fn thumbnail(scene: &mut Scene, cell: Area, item: &GridItem<'_>) {
    let gray = item.image;
    let frame = if item.wrong { Stroke::new(ORANGE, 2.0) } else { Stroke::new(EDGE, 0.8) };
    if gray.is_empty() {
        scene.rect(cell, None, Some(frame));
        return;
    }
    let side = cell.width / gray.width.max(gray.height) as f64;
    let size = |count: usize| (count as f64 * side).max(4.0);
    let (width, height) = (size(gray.width), size(gray.height));
    let (x, y) = (cell.x + (cell.width - width) / 2.0, cell.y + (cell.height - height) / 2.0);
    let area = Area::new(x, y, width, height);
    scene.push(Shape::Image { area, raster: gray.raster() });
    scene.rect(area, None, Some(frame));
}

/// A page that says there is nothing to see.
fn nothing(title: String, lang: Lang) -> Figure {
    let mut scene = Scene::new(240.0, 120.0);
    let words = text::no_data();
    let label = Label::new(120.0, 60.0, words.get(lang)).size(13.0).color(SOFT);
    scene.text(label.centred().level());
    Figure::new(scene, title, words.get(lang).to_owned(), lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn images_of_any_size_are_drawn() {
        let bytes: Vec<u8> = (0..=255).cycle().take(40_000).collect();
        for lang in Lang::ALL {
            for (width, height) in
                [(1, 1), (2, 3), (28, 28), (200, 200), (784, 1), (1, 784), (0, 5)]
            {
                let gray = Gray { pixels: &bytes[..width * height], width, height };
                check::figure(&image(gray, None, lang));
                check::figure(&image(gray, Some("<5> & \"más\""), lang));
            }
        }
    }

    #[test]
    fn a_digit_and_the_grid_of_the_guide_are_readable() {
        let bytes = [200; 784];
        let gray = Gray { pixels: &bytes, width: 28, height: 28 };
        let item = |i: usize| GridItem {
            image: gray,
            label: if i < 16 { i.to_string() } else { "predicha 4, verdadera 9".into() },
            wrong: i >= 16,
        };
        let items: Vec<GridItem<'_>> = (0..24).map(item).collect();
        for lang in Lang::ALL {
            check::readable(&image(gray, Some("Imagen 8 de entrenamiento, un 1"), lang));
            let grid = image_grid(&items, 8, Some("Los primeros dígitos"), lang);
            check::readable(&grid);
            assert!(!grid.svg().contains('…') && !grid.narrow().expect("two").svg().contains('…'));
        }
    }

    #[test]
    fn missing_pixels_are_white() {
        let raster = Gray { pixels: &[255, 0], width: 2, height: 2 }.raster();
        assert_eq!(raster.pixels, Pixels::Gray(vec![0, 255, 255, 255]));
    }

    #[cfg(feature = "png")]
    #[test]
    fn pixels_are_crisp() {
        let gray = Gray { pixels: &[255, 0, 0, 255], width: 2, height: 2 };
        let figure = image(gray, None, Lang::En);
        let (width, _, pixels) = check::decode(&figure.png(1.0).expect("drawn"));
        // Just beside the border between black and white there is no gray.
        let Some(Shape::Image { area, .. }) =
            figure.scene().shapes.iter().find(|shape| matches!(shape, Shape::Image { .. }))
        else {
            panic!("no image")
        };
        let row = (area.y + area.height / 4.0) as usize * width as usize;
        let at = |x: f64| pixels[(row + x as usize) * 3];
        assert_eq!((at(area.middle() - 2.0), at(area.middle() + 2.0)), (0, 255));
    }

    #[test]
    fn grids_mark_mistakes_and_cut_long_labels() {
        let image = Gray { pixels: &[0, 255, 255, 0], width: 2, height: 2 };
        let item = |label: &str, wrong| GridItem { image, label: label.into(), wrong };
        let items = [
            item("7", false),
            item("predicha 4, verdadera 9 con mucho más texto del que cabe", true),
            item("Extraordinariamente", false),
            item("", false),
            GridItem {
                image: Gray { pixels: &[], width: 0, height: 0 },
                label: "–".into(),
                wrong: true,
            },
        ];
        for columns in [0, 1, 2, 5, 99] {
            let figure = image_grid(&items, columns, Some("Dígitos"), Lang::Es);
            check::figure(&figure);
            assert!(figure.svg().contains("✗ error"));
        }
        check::figure(&image_grid(&[], 3, None, Lang::En));
        assert!(!image_grid(&items[..1], 3, None, Lang::En).svg().contains('✗'));
    }
}
