//! One column of the diagram: the input or a layer, what it looks like and the words under it.

use super::{LayerView, weights};
use crate::layout::Layout;
use crate::measure;
use crate::palette::{EDGE, INK, PALE, SOFT, WHITE, signed};
use crate::scene::{Area, Label, Pixels, Raster, Scene, Segment, Shape, Stroke};
use crate::text;
use neurona_core::message::{Lang, Say};

/// The size of the words under a column, except its name.
pub(super) const SMALL: f64 = 11.0;
/// With more units than this, some are left out.
const MOST: usize = 16;
/// How many of them stay before the ellipsis.
const FIRST: usize = 7;
/// The size of a column's name.
pub(super) const NAME: f64 = 12.0;

/// Words under a column are broken or cut past this width.
fn room(layout: Layout) -> f64 {
    layout.pick(150.0, 98.0)
}

/// The role of a layer in its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Between input and output, with weights of its own; its number if there are several.
    Hidden(Option<usize>),
    Output,
    /// Without weights: it only passes values on, or fewer of them.
    Passing,
}

/// Which numbers the units of a column show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    None,
    /// From 0, inside the circle or at the left of the picture.
    Neurons,
    /// From 0, at the right.
    Classes,
}

/// How a column is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Look {
    /// An image of that many rows and columns.
    Picture(usize, usize),
    /// Images of that many rows and columns, one behind the other.
    Stack(usize, usize, usize),
    /// A flat block: values that are only passed on.
    Bar,
    /// Units, one below the other; `None` is the ellipsis. With the size of the image their weights make.
    Units { slots: Vec<Option<usize>>, image: Option<(usize, usize)>, pitch: f64 },
}

/// A column and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    /// The middle.
    pub(super) x: f64,
    /// The middle.
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) look: Look,
    /// How many values it stands for.
    pub(super) units: usize,
    numbers: Numbers,
    /// The words under it, and whether they are its name.
    pub(super) lines: Vec<(String, bool)>,
    /// The width of the widest of them.
    pub(super) words: f64,
}

impl Column {
    pub(super) fn input(
        shape: &[usize],
        passing: &[LayerView],
        first: Option<&LayerView>,
        layout: Layout,
        lang: Lang,
    ) -> Column {
        let units = shape.iter().fold(1_usize, |all, &side| all.saturating_mul(side));
        let image = first.filter(|layer| weights(layer).is_some()).and_then(|layer| layer.image);
        let look = match (shape, image) {
            (&[rows, columns] | &[rows, columns, 1], _) => Look::Picture(rows, columns),
            (&[rows, columns, channels], _) => Look::Stack(rows, columns, channels),
            (_, Some((rows, columns))) if rows * columns == units => Look::Picture(rows, columns),
            _ => units_look(units, None),
        };
        let mut lines = vec![(text::input_layer().get(lang).to_owned(), true)];
        if shape.len() > 1 {
            lines.push((sides(shape), false));
        } else if let Look::Picture(rows, columns) = look {
            lines.push((sides(&[rows, columns]), false));
        }
        let count = if units == 1 { text::one_value() } else { text::values(units) };
        lines.push((count.get(lang).to_owned(), false));
        if !passing.is_empty() {
            let names: Vec<&str> = passing.iter().map(|layer| layer.kind.as_str()).collect();
            let names = text::then(&names.join(", "));
            let names = measure::wrap(names.get(lang), SMALL, room(layout), 2);
            lines.extend(names.into_iter().map(|line| (line, false)));
        }
        Column::new(look, units, Numbers::None, lines)
    }

    pub(super) fn layer(layer: &LayerView, role: Role, layout: Layout, lang: Lang) -> Column {
        let image = layer.image.filter(|&(rows, columns)| {
            weights(layer).is_some_and(|(inputs, _)| Some(inputs) == rows.checked_mul(columns))
        });
        let look = match layer.shape[..] {
            [rows, columns, channels] => Look::Stack(rows, columns, channels),
            [rows, columns] => Look::Picture(rows, columns),
            _ if layer.params == 0 && layer.weights.is_none() => Look::Bar,
            _ => units_look(layer.units, image),
        };
        let room = room(layout);
        let name = measure::fit(&layer.name, SMALL, room);
        let mut lines = match role {
            Role::Hidden(None) => vec![(text::hidden_layer().get(lang).to_owned(), true)],
            Role::Hidden(Some(number)) => {
                vec![(text::hidden_layer_of(number).get(lang).to_owned(), true)]
            }
            Role::Output => vec![(text::output_layer().get(lang).to_owned(), true)],
            Role::Passing => vec![],
        };
        lines.push((name, lines.is_empty()));
        let kind = measure::wrap(&layer.kind, SMALL, room, 2);
        lines.extend(kind.into_iter().map(|line| (line, false)));
        let shape =
            if layer.shape.is_empty() { layer.units.say(lang) } else { sides(&layer.shape) };
        lines.push((text::output_shape(&shape).get(lang).to_owned(), false));
        let count = match layer.params {
            1 => text::one_parameter(),
            count => text::parameters(count),
        };
        lines.push((count.get(lang).to_owned(), false));
        let numbers = match role {
            Role::Hidden(_) => Numbers::Neurons,
            Role::Output if layer.units > 1 => Numbers::Classes,
            Role::Output | Role::Passing => Numbers::None,
        };
        Column::new(look, layer.units, numbers, lines)
    }

    fn new(look: Look, units: usize, numbers: Numbers, lines: Vec<(String, bool)>) -> Column {
        let (width, height) = match &look {
            // Their size depends on the other images: see `compare`.
            Look::Picture(..) | Look::Stack(..) => (0.0, 0.0),
            Look::Bar => (26.0, 220.0),
            Look::Units { slots, pitch, .. } => (pitch * 0.84, pitch * slots.len() as f64),
        };
        let words = lines
            .iter()
            .map(|(text, strong)| measure::width(text, if *strong { NAME } else { SMALL }));
        let words = words.fold(0.0, f64::max);
        Column { x: 0.0, y: 0.0, width, height, look, units, numbers, lines, words }
    }

    /// The room for the words at the right of its units.
    pub(super) fn beside(&self) -> f64 {
        let cut = matches!(&self.look, Look::Units { slots, .. } if slots.contains(&None));
        let number = if self.numbers == Numbers::Classes { 26.0 } else { 0.0 };
        if cut { 56.0_f64.max(number) } else { number }
    }

    pub(super) fn area(&self) -> Area {
        let (x, y) = (self.x - self.width / 2.0, self.y - self.height / 2.0);
        Area::new(x, y, self.width, self.height)
    }

    /// The middle of each unit drawn, with its number.
    pub(super) fn places(&self) -> Vec<(usize, f64)> {
        let Look::Units { slots, pitch, .. } = &self.look else { return vec![] };
        let top = self.y - self.height / 2.0;
        let place = |(i, slot): (usize, &Option<usize>)| {
            slot.map(|unit| (unit, top + pitch * (i as f64 + 0.5)))
        };
        slots.iter().enumerate().filter_map(place).collect()
    }

    pub(super) fn draw(&self, scene: &mut Scene, layer: Option<&LayerView>, lang: Lang) {
        let outline = Stroke::new(EDGE, 1.2);
        match &self.look {
            Look::Picture(rows, columns) => pixels(scene, self.area(), *rows, *columns),
            Look::Stack(_, _, channels) => {
                let count = sheets(*channels);
                let depth = STEP * (count - 1) as f64;
                let Area { x, y, width, height } = self.area();
                for i in 0..count {
                    let shift = STEP * (count - 1 - i) as f64;
                    let sheet = Area::new(x + shift, y + shift, width - depth, height - depth);
                    scene.rect(sheet, Some(if i % 2 == 0 { PALE } else { WHITE }), Some(outline));
                }
            }
            Look::Bar => {
                let area = self.area();
                let stroke = Some(outline);
                scene.push(Shape::Rect { area, radius: 6.0, fill: Some(PALE), stroke });
                let count = Label::new(self.x, self.y, self.units.say(lang));
                scene.text(count.size(12.0).color(INK).centred().level().turn(-90.0));
            }
            Look::Units { slots, image, pitch } => {
                self.draw_units(scene, layer, *image, pitch * 0.84);
                if let Some(i) = slots.iter().position(Option::is_none) {
                    self.draw_ellipsis(scene, i as f64, *pitch, slots.len() - 1, lang);
                }
            }
        }
    }

    fn draw_units(
        &self,
        scene: &mut Scene,
        layer: Option<&LayerView>,
        image: Option<(usize, usize)>,
        side: f64,
    ) {
        let outline = Stroke::new(EDGE, 1.2);
        let found = layer.and_then(weights).zip(image);
        let scale = layer.map_or(0.0, full_colour);
        for (unit, y) in self.places() {
            if let Some(((_, weights), (rows, columns))) = found {
                let colors = weights.iter().skip(unit).step_by(self.units);
                let colors = colors.map(|w| signed(w / scale.max(1e-300)));
                let pixels = colors.flat_map(|color| [color.0, color.1, color.2]).collect();
                let raster = Raster { width: columns, height: rows, pixels: Pixels::Rgb(pixels) };
                let area = Area::new(self.x - side / 2.0, y - side / 2.0, side, side);
                scene.push(Shape::Image { area, raster });
                scene.rect(area, None, Some(outline));
            } else {
                scene.circle((self.x, y), side / 2.0, Some(WHITE), Some(outline));
            }
            let (left, right) = (self.x - side / 2.0 - 5.0, self.x + side / 2.0 + 7.0);
            let label = |x: f64, number: usize| Label::new(x, y, number.to_string());
            match self.numbers {
                Numbers::None => {}
                Numbers::Neurons if found.is_some() => {
                    scene.text(label(left, unit).size(SMALL).color(INK).ending().level());
                }
                Numbers::Neurons => {
                    let label = label(self.x, unit);
                    let size = measure::size_for(&label.text, side * 0.8, 5.0, SMALL);
                    scene.text(label.size(size).color(INK).centred().level());
                }
                Numbers::Classes => {
                    scene.text(label(right, unit).size(12.0).color(INK).level());
                }
            }
        }
    }

    fn draw_ellipsis(&self, scene: &mut Scene, slot: f64, pitch: f64, drawn: usize, lang: Lang) {
        let y = self.y - self.height / 2.0 + pitch * (slot + 0.5);
        for step in [-0.26, 0.0, 0.26] {
            scene.circle((self.x, y + pitch * step), 2.4, Some(SOFT), None);
        }
        let label = text::more(self.units - drawn).get(lang).to_owned();
        let size = measure::size_for(&label, 70.0, 8.0, SMALL);
        // On white, because the lines of the next layer pass here.
        let width = measure::width(&label, size) + 6.0;
        let x = self.x + 12.0;
        scene.rect(Area::new(x - 3.0, y - 8.0, width, 16.0), Some(WHITE), None);
        scene.text(Label::new(x, y, label).size(size).color(SOFT).level());
    }
}

/// The weight that gets the full colour: larger than 99% of the layer's, so that one extreme weight
/// does not leave all others pale.
pub(super) fn full_colour(layer: &LayerView) -> f64 {
    let Some((_, weights)) = weights(layer) else { return 0.0 };
    let mut sizes: Vec<f64> = weights.iter().map(|w| w.abs()).collect();
    let at = (sizes.len() - 1) * 99 / 100;
    let (_, size, _) = sizes.select_nth_unstable_by(at, f64::total_cmp);
    *size
}

/// From one sheet of a stack to the next.
const STEP: f64 = 6.0;

fn sheets(channels: usize) -> usize {
    channels.clamp(1, 5)
}

/// Sizes that depend on other columns: images share one scale, so that pooling is seen to shrink
/// them, and a bar is as tall as the units it passes on, so that their lines pass behind it.
pub(super) fn compare(columns: &mut [Column], layout: Layout) {
    let longest = columns.iter().map(|column| match column.look {
        Look::Picture(rows, columns) | Look::Stack(rows, columns, _) => rows.max(columns),
        _ => 0,
    });
    let pixel = layout.pick(150.0, 84.0) / longest.max().unwrap_or(0).max(1) as f64;
    let size = |count: usize| (pixel * count as f64).max(18.0);
    let mut before: Option<(usize, f64)> = None;
    for column in columns {
        match column.look {
            Look::Picture(rows, columns) => {
                (column.width, column.height) = (size(columns), size(rows));
            }
            Look::Stack(rows, columns, channels) => {
                let depth = STEP * (sheets(channels) - 1) as f64;
                (column.width, column.height) = (size(columns) + depth, size(rows) + depth);
            }
            Look::Bar => match before {
                Some((units, height)) if units == column.units => column.height = height,
                _ => continue,
            },
            Look::Units { .. } => {}
        }
        let passes = matches!(column.look, Look::Bar | Look::Units { .. });
        before = passes.then_some((column.units, column.height));
    }
}

/// An image without its values: a grid of pixels, while they are few enough to be seen.
fn pixels(scene: &mut Scene, area: Area, rows: usize, columns: usize) {
    scene.rect(area, Some(PALE), None);
    if rows.max(columns) <= 64 {
        let mut segments = vec![];
        for i in 1..columns {
            let x = area.x + area.width * i as f64 / columns as f64;
            segments.extend([Segment::Move(x, area.y), Segment::Line(x, area.bottom())]);
        }
        for i in 1..rows {
            let y = area.y + area.height * i as f64 / rows as f64;
            segments.extend([Segment::Move(area.x, y), Segment::Line(area.right(), y)]);
        }
        let stroke = Some(Stroke::new(WHITE, 0.8));
        scene.push(Shape::Path { segments, fill: None, stroke });
    }
    scene.rect(area, None, Some(Stroke::new(EDGE, 1.2)));
}

fn units_look(units: usize, image: Option<(usize, usize)>) -> Look {
    let slots: Vec<Option<usize>> = if units <= MOST {
        (0..units).map(Some).collect()
    } else {
        (0..FIRST).map(Some).chain([None, Some(units - 1)]).collect()
    };
    let pitch = (460.0 / slots.len().max(1) as f64).min(if image.is_some() { 52.0 } else { 42.0 });
    Look::Units { slots, image, pitch }
}

/// `28 × 28`.
fn sides(shape: &[usize]) -> String {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    sides.join(" × ")
}
