//! Steps 1 to 6: the tools, and the data from bytes to what a network takes.

use super::figures::Picture;
use super::story::Story;
use super::texts;
use crate::args::GuideOptions;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::prelude::ndarray::{Array1, Array2, Array3, Axis};
use neurona::{Code, Error, data::to_categorical, datasets};

/// Rows and columns of a digit, and their product.
const SIDE: usize = 28;
pub(super) const PIXELS: usize = SIDE * SIDE;
pub(super) const CLASSES: usize = 10;

/// The digits in the forms that the later steps need.
#[derive(Debug)]
pub(super) struct Digits {
    pub(super) x_train: Array2<f32>,
    pub(super) y_train: Array2<f32>,
    pub(super) x_test: Array2<f32>,
    pub(super) y_test: Array2<f32>,
    pub(super) test_images: Array3<u8>,
    pub(super) test_labels: Array1<u8>,
    /// Training image number 8.
    pub(super) digit_8: Array2<u8>,
}

impl Digits {
    /// The same without what only training needs.
    pub(super) fn without_training(self) -> Digits {
        Digits { x_train: Array2::default((0, 0)), y_train: Array2::default((0, 0)), ..self }
    }
}

/// The title, the settings, and step 1.
pub(super) fn introduce(story: &mut Story, options: &GuideOptions) -> Result<(), Stop> {
    let threads = options.threads.unwrap_or_else(super::figures::all_threads);
    let version = env!("CARGO_PKG_VERSION");
    let settings = texts::settings(version, options.epochs, &options.seed.to_string(), threads);
    story.screen.title(&story.say(&texts::title()), &story.say(&settings))?;
    story.text(&texts::introduction())?;

    story.step(&texts::tools_title())?;
    story.text(&texts::tools())?;
    story.list(&[
        texts::tool_python(),
        texts::tool_tensorflow(),
        texts::tool_keras(),
        texts::tool_numpy(),
        texts::tool_pandas(),
        texts::tool_matplotlib(),
        texts::tool_colab(),
    ])?;
    story.code("tools")
}

/// Steps 2 to 6.
pub(super) fn prepare(story: &mut Story) -> Result<Digits, Stop> {
    story.step(&texts::load_title())?;
    story.text(&texts::load())?;
    story.code("load")?;
    let mnist = datasets::mnist()?;
    let (train, test) = (mnist.train, mnist.test);
    story.output(format!(
        "{:?} {:?}\n{:?} {:?}",
        train.images.shape(),
        train.labels.shape(),
        test.images.shape(),
        test.labels.shape()
    ))?;
    let (images, rows, columns) = train.images.dim();
    story.text(&texts::sizes(images, test.images.dim().0, rows, columns))?;
    story.code("type")?;
    story.output(format!("{:?} {:?}", train.images.iter().min(), train.images.iter().max()))?;
    story.text(&texts::bytes())?;

    story.step(&texts::look_title())?;
    story.text(&texts::look())?;
    story.code("look")?;
    let digit_8 = train.images.index_axis(Axis(0), 8).to_owned();
    story.image(&digit_8.view(), Picture::Digit8)?;
    story.code("label")?;
    story.output(train.labels[8].to_string())?;
    story.text(&texts::label())?;

    story.step(&texts::scale_title())?;
    story.text(&texts::scale())?;
    story.code("scale")?;
    let x_train = scaled(&train.images);
    let x_test = scaled(&test.images);
    // The bytes of the training images are not needed any more.
    drop(train.images);
    let some = digit_8.indexed_iter().filter(|(_, byte)| (32..224).contains(*byte));
    if let Some(((row, column), &byte)) = some.max_by_key(|(at, _)| std::cmp::Reverse(*at)) {
        let pixel = Fixed(x_train[[8, row, column]].into(), 3);
        story.text(&texts::scaled(row, column, byte.into(), pixel))?;
    }

    story.step(&texts::reshape_title())?;
    story.text(&texts::reshape())?;
    story.text(&texts::before())?;
    story.code("before")?;
    story.output(format!("{} {:?} {:?}", x_train.ndim(), x_train.shape(), x_test.shape()))?;
    story.code("reshape")?;
    let (x_train, x_test) = (flat(x_train)?, flat(x_test)?);
    story.output(format!("{} {:?} {:?}", x_train.ndim(), x_train.shape(), x_test.shape()))?;
    story.text(&texts::after())?;

    story.step(&texts::one_hot_title())?;
    story.text(&texts::one_hot())?;
    story.code("labels")?;
    story.output(format!(
        "{} {}\n{:?} {:?}",
        train.labels[0],
        test.labels[0],
        train.labels.shape(),
        test.labels.shape()
    ))?;
    story.code("one-hot")?;
    let y_train = to_categorical(&train.labels, CLASSES)?;
    let y_test = to_categorical(&test.labels, CLASSES)?;
    story.output(format!(
        "{}\n{}\n{:?} {:?}",
        y_train.row(0),
        y_test.row(0),
        y_train.shape(),
        y_test.shape()
    ))?;
    story.text(&texts::one_hot_after())?;

    let (test_images, test_labels) = (test.images, test.labels);
    Ok(Digits { x_train, y_train, x_test, y_test, test_images, test_labels, digit_8 })
}

fn scaled(images: &Array3<u8>) -> Array3<f32> {
    images.mapv(|byte| f32::from(byte) / 255.0)
}

/// Each image as a row, without copying. Errors (E012): images of another size, which the digits have not.
fn flat(images: Array3<f32>) -> Result<Array2<f32>, Error> {
    let rows = images.dim().0;
    images
        .into_shape_with_order((rows, PIXELS))
        .map_err(|why| Error::new(Code::E012, neurona::message::Text::verbatim(why.to_string())))
}

/// Where a pixel of a flat image is: row and column.
pub(super) fn place(pixel: usize) -> (usize, usize) {
    (pixel / SIDE, pixel % SIDE)
}
